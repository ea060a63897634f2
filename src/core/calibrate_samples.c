/* SPDX-License-Identifier: Apache-2.0 */
/* From sightings to what the fit wants: few, clean, and from everywhere alike. */
#include <math.h>
#include <stdlib.h>

#include "core/calibrate_impl.h"

#define BORDER 0.01        /* share of the picture: nearer to its border a box is cut */
#define COVERED_MOST 0.1   /* of a box by a nearer one */
#define HEADLESS_MOST 0.15 /* of the boxes of a band of the picture */
#define PERSON_LEAST 5     /* clean boxes */
#define ROAM_LEAST 0.5     /* body heights: who moved less may be a mannequin */
#define CELLS_X 12
#define CELLS_Y 16
#define CELL_FULL 10.0  /* samples: more of them in a cell hardly count more */
#define PERSON_FULL 4.0 /* samples: nobody counts more than this */
#define STRIDE_S 1.5
#define STRIDE_LEAST 6   /* boxes */
#define WHOLE_MOST 0.12  /* |ln| of a height over the expected one */
#define FOOT_NOISE 0.025 /* body heights */

struct seen {
    struct dw_sighting sighting;
    bool clean;
    bool headless; /* the box reaches the picture's upper border */
};

static int by_frame(const void *a, const void *b)
{
    const struct dw_sighting *x = &((const struct seen *)a)->sighting,
                             *y = &((const struct seen *)b)->sighting;
    if (x->frame != y->frame)
        return x->frame < y->frame ? -1 : 1;
    return (x->person > y->person) - (x->person < y->person);
}

static int by_person(const void *a, const void *b)
{
    const struct dw_sighting *x = &((const struct seen *)a)->sighting,
                             *y = &((const struct seen *)b)->sighting;
    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    return (x->time_us > y->time_us) - (x->time_us < y->time_us);
}

static int by_height(const void *a, const void *b)
{
    float x = ((const struct seen *)a)->sighting.seen.h,
          y = ((const struct seen *)b)->sighting.seen.h;
    return (x > y) - (x < y);
}

static struct dw_point foot_of(const struct seen *seen)
{
    return dw_box_anchor(seen->sighting.seen, DW_ANCHOR_BOTTOM_CENTER);
}

/* From the top, 0 to CELLS_Y: a foot may be below the picture. */
static int band_of(const struct seen *seen, const struct dw_calibrate_conf *conf)
{
    double share = foot_of(seen).y / conf->height_px;
    return (int)(fmin(fmax(share, 0), 1) * CELLS_Y);
}

/* Of boxes within the picture. */
static int cell_of(const struct seen *seen, const struct dw_calibrate_conf *conf)
{
    return band_of(seen, conf) * CELLS_X + (int)(foot_of(seen).x / conf->width_px * CELLS_X);
}

static bool at_border(struct dw_box box, const struct dw_calibrate_conf *conf)
{
    double x = (double)box.x, y = (double)box.y;
    double margin_x = BORDER * conf->width_px, margin_y = BORDER * conf->height_px;
    return x < margin_x || y < margin_y || x + (double)box.w > conf->width_px - margin_x ||
           y + (double)box.h > conf->height_px - margin_y;
}

/* Whoever stands lower in the picture is nearer and may hide others. */
static bool is_hidden(const struct seen *one, const struct seen *frame, size_t count)
{
    struct dw_box box = one->sighting.seen;
    for (size_t i = 0; i < count; i++) {
        struct dw_box other = frame[i].sighting.seen;
        if (other.y + other.h > box.y + box.h && dw_box_covered(box, other) > COVERED_MOST)
            return true;
    }
    return false;
}

/* Sorts by frame, and marks what shows a whole person. */
static void mark_clean(struct seen *seen, size_t count, const struct dw_calibrate_conf *conf,
                       struct dw_fit_samples *samples)
{
    qsort(seen, count, sizeof(*seen), by_frame);
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start; end < count && seen[end].sighting.frame == seen[start].sighting.frame;)
            end++;
        for (size_t i = start; i < end; i++) {
            bool bridged = seen[i].sighting.score <= 0 || !(seen[i].sighting.seen.h > 1);
            bool cut = at_border(seen[i].sighting.seen, conf);
            bool hidden = is_hidden(&seen[i], &seen[start], end - start);
            seen[i].clean = !bridged && !cut && !hidden;
            seen[i].headless =
                !bridged && (double)seen[i].sighting.seen.y < BORDER * conf->height_px;
            samples->cut += !bridged && cut;
            samples->hidden += !bridged && !cut && hidden;
        }
    }
}

/* Where many a head is out of the picture, whoever's is not is bent, a child, or half hidden. */
static void leave_headless(struct seen *seen, size_t count, const struct dw_calibrate_conf *conf)
{
    double clean[CELLS_Y + 1] = { 0 }, headless[CELLS_Y + 1] = { 0 };
    for (size_t i = 0; i < count; i++) {
        clean[band_of(&seen[i], conf)] += seen[i].clean;
        headless[band_of(&seen[i], conf)] += seen[i].headless;
    }
    for (size_t i = 0; i < count; i++) {
        int band = band_of(&seen[i], conf);
        if (headless[band] > HEADLESS_MOST * (clean[band] + headless[band]))
            seen[i].clean = false;
    }
}

static size_t keep_clean(struct seen *seen, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (seen[i].clean)
            seen[kept++] = seen[i];
    return kept;
}

/* Steps towards the camera show less than half as well as those across. */
static bool roams(const struct seen *walk, size_t count)
{
    struct dw_point low = foot_of(walk), high = low;
    double height = 0;
    for (size_t i = 0; i < count; i++) {
        struct dw_point foot = foot_of(&walk[i]);
        low = (struct dw_point){ fmin(low.x, foot.x), fmin(low.y, foot.y) };
        high = (struct dw_point){ fmax(high.x, foot.x), fmax(high.y, foot.y) };
        height += (double)walk[i].sighting.seen.h / (double)count;
    }
    return high.x - low.x + 2 * (high.y - low.y) > ROAM_LEAST * height;
}

static void add_boxes(struct dw_fit_samples *samples, const struct seen *walk, size_t count)
{
    for (size_t i = 0; i < count; i++)
        dw_vec_push(
            &samples->boxes,
            ((struct dw_fit_box){ samples->people, (double)walk[i].sighting.time_us / 1e6,
                                  foot_of(&walk[i]), log((double)walk[i].sighting.seen.h) }));
}

/* One sample for each stay in a cell: the box of median height. */
static void add_bodies(struct dw_fit_samples *samples, struct seen *walk, size_t count,
                       const struct dw_calibrate_conf *conf)
{
    for (size_t start = 0, end; start < count; start = end) {
        int cell = cell_of(&walk[start], conf);
        for (end = start; end < count && cell_of(&walk[end], conf) == cell;)
            end++;
        qsort(walk + start, end - start, sizeof(*walk), by_height);
        const struct seen *middle = &walk[start + (end - start) / 2];
        struct dw_fit_body *body = dw_vec_add(&samples->bodies);
        body->person = samples->people;
        body->foot = foot_of(middle);
        body->log_px = log((double)middle->sighting.seen.h);
        body->cell = cell;
    }
}

static void weigh_bodies(struct dw_fit_samples *samples)
{
    double in_cell[CELLS_X * CELLS_Y] = { 0 };
    double *of_person = dw_alloc_array0((size_t)samples->people + 1, sizeof(*of_person));
    for (size_t i = 0; i < samples->bodies.count; i++)
        in_cell[samples->bodies.items[i].cell]++;
    for (size_t i = 0; i < samples->bodies.count; i++) {
        struct dw_fit_body *body = &samples->bodies.items[i];
        body->weight = 1 / (1 + in_cell[body->cell] / CELL_FULL);
        of_person[body->person] += 1;
    }
    for (size_t i = 0; i < samples->bodies.count; i++) {
        struct dw_fit_body *body = &samples->bodies.items[i];
        body->weight *= fmin(1, PERSON_FULL / of_person[body->person]);
    }
    free(of_person);
}

void dw_fit_samples_take(struct dw_fit_samples *samples, const struct dw_sighting *sightings,
                         size_t count, const struct dw_calibrate_conf *conf)
{
    struct seen *seen = dw_alloc_array0(count + 1, sizeof(*seen));
    for (size_t i = 0; i < count; i++)
        seen[i].sighting = sightings[i];
    mark_clean(seen, count, conf, samples);
    leave_headless(seen, count, conf);
    count = keep_clean(seen, count);
    qsort(seen, count, sizeof(*seen), by_person);
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start; end < count && seen[end].sighting.person == seen[start].sighting.person;)
            end++;
        if (end - start < PERSON_LEAST || !roams(&seen[start], end - start))
            continue;
        add_boxes(samples, &seen[start], end - start);
        add_bodies(samples, &seen[start], end - start, conf);
        samples->people++;
    }
    free(seen);
    weigh_bodies(samples);
}

/* The mean of some boxes. */
static struct dw_fit_box mean_of(const struct dw_fit_box *boxes, size_t count)
{
    struct dw_fit_box mean = { .person = boxes->person };
    for (size_t i = 0; i < count; i++) {
        mean.foot.x += boxes[i].foot.x / (double)count;
        mean.foot.y += boxes[i].foot.y / (double)count;
        mean.time_s += boxes[i].time_s / (double)count;
        mean.log_px += boxes[i].log_px / (double)count;
    }
    return mean;
}

/* The first third of a piece of walk against the last, to be rid of the noise of single boxes. */
static void add_stride(struct dw_fit_samples *samples, const struct dw_fit_box *walk, size_t count)
{
    size_t third = count / 3;
    struct dw_fit_box from = mean_of(walk, third), to = mean_of(walk + count - third, third);
    /* Neighbouring boxes err alike: few of them are as good as many. */
    double noise_px = FOOT_NOISE * exp(from.log_px) / sqrt(fmin((double)third, 4));
    dw_vec_push(&samples->strides,
                ((struct dw_fit_stride){ from.person, from.foot, to.foot, to.time_s - from.time_s,
                                         noise_px, 0 }));
}

/* `walk`: of one person. */
static void add_strides(struct dw_fit_samples *samples, const struct dw_fit_box *walk, size_t count)
{
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start; end < count && walk[end].time_s < walk[start].time_s + STRIDE_S;)
            end++;
        double lasted_s = walk[end - 1].time_s - walk[start].time_s;
        if (end - start >= STRIDE_LEAST && lasted_s > STRIDE_S * 2 / 3)
            add_stride(samples, walk + start, end - start);
    }
}

void dw_fit_strides_take(struct dw_fit_samples *samples, const struct dw_camera *camera)
{
    const struct dw_fit_box *boxes = samples->boxes.items;
    size_t count = samples->boxes.count;
    struct dw_fit_box *whole = dw_alloc_array0(count + 1, sizeof(*whole));
    dw_vec_clear(&samples->strides);
    for (size_t start = 0, end = 0; start < count; start = end) {
        size_t kept = 0;
        for (; end < count && boxes[end].person == boxes[start].person; end++) {
            double px = dw_camera_body_px(camera, boxes[end].foot, 1);
            if (px > 0 && fabs(boxes[end].log_px - log(px)) < WHOLE_MOST)
                whole[kept++] = boxes[end];
        }
        add_strides(samples, whole, kept);
    }
    free(whole);
}

void dw_fit_samples_fini(struct dw_fit_samples *samples)
{
    dw_vec_fini(&samples->boxes);
    dw_vec_fini(&samples->bodies);
    dw_vec_fini(&samples->strides);
}
