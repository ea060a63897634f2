/* SPDX-License-Identifier: Apache-2.0 */
#include "core/picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/wall_time.h"

#define STEP_US DW_SECOND_US /* looks no more often */

/* Pictures averaged before edges are compared, so that who walks by does not count. */
#define RECENT 10
#define LEARNT_FROM 30

/* Brightness 0..255. */
#define BLACK 12     /* nothing is brighter */
#define DARK 50      /* hardly anything is brighter */
#define EDGE 6       /* between neighbouring cells: less is noise */
#define COVERED 0.03 /* share of cells with an edge */

#define ALIKE 0.5      /* correlation of edges below which it is another view */
#define SHIFT_GAIN 0.2 /* so much better elsewhere: a shift explains it */
#define REACH_X 20     /* cells */
#define REACH_Y 15

#define SOFTER 0.5 /* of the reference's steepness */
#define SOFT 0.1   /* without a reference */

/* A fault is told after so long, and is over after OVER_US without it. */
static const int64_t told_after_us[DW_PICTURE_FAULTS] = {
    [DW_PICTURE_BLACK] = 5 * DW_SECOND_US,    [DW_PICTURE_COVERED] = 10 * DW_SECOND_US,
    [DW_PICTURE_DARK] = 30 * DW_SECOND_US,    [DW_PICTURE_FROZEN] = 60 * DW_SECOND_US,
    [DW_PICTURE_BLURRED] = 30 * DW_SECOND_US, [DW_PICTURE_MOVED] = 20 * DW_SECOND_US,
};
#define OVER_US (3 * DW_SECOND_US)

/* One picture, reduced. */
struct sample {
    uint8_t edges[DW_PICTURE_CELLS];
    double brightest; /* the 98th percentile of cells */
    double edged;     /* share of cells with an edge */
    double steepness;
    uint64_t hash;
};

struct dw_picture_watch {
    struct dw_picture_reference reference;
    bool known; /* the reference is */
    int learnt; /* pictures averaged for it so far */
    float learning[DW_PICTURE_CELLS];
    double learning_steepness;
    struct sample recent[RECENT]; /* a ring */
    int64_t count;                /* pictures since the beginning or the last gap */
    int64_t last_us;
    int64_t same_since_us;                    /* the picture has been the same since then */
    struct dw_picture_state state, suspected; /* suspected: may become the state */
    int64_t faulty_us;                        /* when the state's fault was last seen */
};

const char *dw_picture_fault_name(enum dw_picture_fault fault)
{
    static const char *const names[DW_PICTURE_FAULTS] = {
        [DW_PICTURE_FINE] = "fine",       [DW_PICTURE_BLACK] = "black",
        [DW_PICTURE_COVERED] = "covered", [DW_PICTURE_DARK] = "dark",
        [DW_PICTURE_FROZEN] = "frozen",   [DW_PICTURE_MOVED] = "moved",
        [DW_PICTURE_BLURRED] = "blurred",
    };
    return names[fault];
}

/* --- One picture ----------------------------------------------------------------------------- */

/* Difference to the right and lower neighbours; of strong edges only that they are strong, or a
 * bright window would be all that counts. */
static double find_edges(const uint8_t cells[DW_PICTURE_CELLS], uint8_t edges[DW_PICTURE_CELLS])
{
    int edged = 0;
    for (int row = 0; row < DW_PICTURE_ROWS; row++) {
        for (int column = 0; column < DW_PICTURE_COLUMNS; column++) {
            const uint8_t *at = cells + (ptrdiff_t)row * DW_PICTURE_COLUMNS + column;
            int right = column + 1 < DW_PICTURE_COLUMNS ? abs(at[1] - at[0]) : 0;
            int below = row + 1 < DW_PICTURE_ROWS ? abs(at[DW_PICTURE_COLUMNS] - at[0]) : 0;
            edges[at - cells] = (uint8_t)DW_MIN(255, (right + below) * 4);
            edged += right + below > EDGE;
        }
    }
    return (double)edged / (double)DW_PICTURE_CELLS;
}

static double brightest_of(const uint8_t cells[DW_PICTURE_CELLS])
{
    unsigned counts[256] = { 0 }, above = 0;
    for (size_t i = 0; i < DW_PICTURE_CELLS; i++)
        counts[cells[i]]++;
    int level = 255;
    while (level > 0 && (above += counts[level]) < DW_PICTURE_CELLS / 50)
        level--;
    return level;
}

/*
 * Squared differences of neighbouring pixels against those of neighbouring groups of four: an edge
 * as steep as the pixels allow is as strong in both, one spread over n pixels n times weaker in the
 * first. Does not depend on contrast. Every eighth row.
 */
static double steepness_of(const struct dw_image *image)
{
    double fine = 0, coarse = 0;
    for (int y = 4; y < image->height_px; y += 8) {
        const uint8_t *row = image->y + (ptrdiff_t)y * image->y_stride;
        int before = -1;
        for (int x = 0; x + 4 < image->width_px; x += 4) {
            int group = row[x] + row[x + 1] + row[x + 2] + row[x + 3];
            for (int i = 0; i < 4; i++)
                fine += (row[x + i + 1] - row[x + i]) * (row[x + i + 1] - row[x + i]);
            if (before >= 0)
                coarse += (group - before) * (group - before) / 16.0;
            before = group;
        }
    }
    return coarse > 0 ? fine / coarse : 0;
}

/* FNV-1a. */
static uint64_t hash_of(const struct dw_image *image)
{
    uint64_t hash = 14695981039346656037u;
    for (int y = 0; y < image->height_px; y++)
        for (int x = 0; x < image->width_px; x++)
            hash = (hash ^ image->y[(ptrdiff_t)y * image->y_stride + x]) * 1099511628211u;
    return hash;
}

static void look(struct sample *sample, const struct dw_image *image)
{
    uint8_t cells[DW_PICTURE_CELLS];
    dw_image_shrink(image, DW_PICTURE_COLUMNS, DW_PICTURE_ROWS, cells);
    sample->edged = find_edges(cells, sample->edges);
    sample->brightest = brightest_of(cells);
    sample->steepness = steepness_of(image);
    sample->hash = hash_of(image);
}

/* --- Against the reference -------------------------------------------------------------------- */

/* The middle of the recent pictures, cell by cell: who walked through it is not in it. */
static void middle_of(const struct dw_picture_watch *watch, uint8_t edges[DW_PICTURE_CELLS])
{
    for (size_t i = 0; i < DW_PICTURE_CELLS; i++) {
        uint8_t sorted[RECENT];
        for (int k = 0; k < RECENT; k++) {
            int at = k;
            uint8_t value = watch->recent[k].edges[i];
            for (; at > 0 && sorted[at - 1] > value; at--)
                sorted[at] = sorted[at - 1];
            sorted[at] = value;
        }
        edges[i] = sorted[RECENT / 2];
    }
}

/* Pearson's correlation of the cells that both have when `edges` is moved back by (dx, dy). */
static double correlation(const uint8_t *reference, const uint8_t *edges, int dx, int dy)
{
    double a = 0, b = 0, aa = 0, bb = 0, ab = 0;
    int columns = DW_PICTURE_COLUMNS - abs(dx), rows = DW_PICTURE_ROWS - abs(dy);
    for (int y = DW_MAX(0, -dy); y < DW_PICTURE_ROWS - DW_MAX(0, dy); y++) {
        const uint8_t *left = reference + (ptrdiff_t)y * DW_PICTURE_COLUMNS;
        const uint8_t *right = edges + (ptrdiff_t)(y + dy) * DW_PICTURE_COLUMNS + dx;
        for (int x = DW_MAX(0, -dx); x < DW_PICTURE_COLUMNS - DW_MAX(0, dx); x++) {
            a += left[x];
            b += right[x];
            aa += left[x] * left[x];
            bb += right[x] * right[x];
            ab += left[x] * right[x];
        }
    }
    double n = (double)columns * rows;
    double spread = (aa - a * a / n) * (bb - b * b / n);
    return spread > 0 ? (ab - a * b / n) / sqrt(spread) : 0;
}

static bool has_moved(const struct dw_picture_watch *watch)
{
    uint8_t edges[DW_PICTURE_CELLS];
    middle_of(watch, edges);
    return correlation(watch->reference.edges, edges, 0, 0) < ALIKE;
}

/* By what shift the view became another; looks at all of them. */
static void find_shift(const struct dw_picture_watch *watch, struct dw_picture_state *state)
{
    uint8_t edges[DW_PICTURE_CELLS];
    middle_of(watch, edges);
    double here = correlation(watch->reference.edges, edges, 0, 0), best = here;
    int best_x = 0, best_y = 0;
    for (int dy = -REACH_Y; dy <= REACH_Y; dy++) {
        for (int dx = -REACH_X; dx <= REACH_X; dx++) {
            double there = correlation(watch->reference.edges, edges, dx, dy);
            if (there > best) {
                best = there;
                best_x = dx;
                best_y = dy;
            }
        }
    }
    if (best < ALIKE || best < here + SHIFT_GAIN)
        return;
    state->shift_x = (double)best_x / DW_PICTURE_COLUMNS;
    state->shift_y = (double)best_y / DW_PICTURE_ROWS;
}

static bool is_blurred(const struct dw_picture_watch *watch)
{
    double sum = 0;
    for (int i = 0; i < RECENT; i++)
        sum += watch->recent[i].steepness;
    return sum / RECENT < (watch->known ? SOFTER * watch->reference.steepness : SOFT);
}

static struct dw_picture_state state_of(enum dw_picture_fault fault, int64_t since_us)
{
    return (struct dw_picture_state){ fault, since_us, (double)NAN, (double)NAN };
}

/* What this picture, with those before it, gives cause to suspect. */
static struct dw_picture_state suspect(const struct dw_picture_watch *watch,
                                       const struct sample *sample, int64_t time_us)
{
    struct dw_picture_state state = state_of(DW_PICTURE_FINE, time_us);
    bool enough = watch->count >= RECENT;
    if (sample->brightest <= BLACK)
        state.fault = DW_PICTURE_BLACK;
    else if (sample->edged < COVERED)
        state.fault = DW_PICTURE_COVERED;
    else if (sample->brightest <= DARK)
        state.fault = DW_PICTURE_DARK;
    else if (time_us - watch->same_since_us >= STEP_US)
        state = state_of(DW_PICTURE_FROZEN, watch->same_since_us);
    else if (enough && watch->known && has_moved(watch))
        state.fault = DW_PICTURE_MOVED;
    else if (enough && is_blurred(watch))
        state.fault = DW_PICTURE_BLURRED;
    return state;
}

static void learn(struct dw_picture_watch *watch, const struct sample *sample)
{
    for (size_t i = 0; i < DW_PICTURE_CELLS; i++)
        watch->learning[i] += (float)sample->edges[i];
    watch->learning_steepness += sample->steepness;
    if (++watch->learnt < LEARNT_FROM)
        return;
    for (size_t i = 0; i < DW_PICTURE_CELLS; i++)
        watch->reference.edges[i] = (uint8_t)(watch->learning[i] / LEARNT_FROM);
    watch->reference.steepness = watch->learning_steepness / LEARNT_FROM;
    watch->known = true;
}

/* --- Over time -------------------------------------------------------------------------------- */

/* A fault that lasts is told, and is over when it has not been seen for a moment. */
static bool settle(struct dw_picture_watch *watch, struct dw_picture_state now, int64_t time_us)
{
    if (now.fault != watch->suspected.fault)
        watch->suspected = now;
    if (now.fault == watch->state.fault) {
        watch->faulty_us = time_us;
        return false;
    }
    bool over = now.fault == DW_PICTURE_FINE && time_us - watch->faulty_us >= OVER_US;
    bool begun = now.fault != DW_PICTURE_FINE &&
                 time_us - watch->suspected.since_us >= told_after_us[now.fault];
    if (!over && !begun)
        return false;
    watch->state = watch->suspected;
    watch->faulty_us = time_us;
    if (now.fault == DW_PICTURE_MOVED)
        find_shift(watch, &watch->state);
    return true;
}

struct dw_picture_watch *dw_picture_watch_create(const struct dw_picture_reference *reference)
{
    struct dw_picture_watch *watch = dw_alloc0(sizeof(*watch));
    watch->known = reference != NULL;
    if (watch->known)
        watch->reference = *reference;
    watch->last_us = INT64_MIN;
    watch->state = watch->suspected = state_of(DW_PICTURE_FINE, 0);
    return watch;
}

void dw_picture_watch_destroy(struct dw_picture_watch *watch)
{
    free(watch);
}

bool dw_picture_watch_step(struct dw_picture_watch *watch, int64_t time_us,
                           const struct dw_image *image)
{
    if (watch->last_us != INT64_MIN && time_us - watch->last_us < STEP_US)
        return false;
    watch->last_us = time_us;
    const struct sample *before = &watch->recent[(watch->count + RECENT - 1) % RECENT];
    struct sample *sample = &watch->recent[watch->count % RECENT];
    look(sample, image);
    if (watch->count == 0 || sample->hash != before->hash)
        watch->same_since_us = time_us;
    watch->count++;
    struct dw_picture_state now = suspect(watch, sample, time_us);
    if (!watch->known && now.fault == DW_PICTURE_FINE)
        learn(watch, sample);
    return settle(watch, now, time_us);
}

void dw_picture_watch_gap(struct dw_picture_watch *watch)
{
    watch->count = 0;
    watch->suspected = watch->state;
}

struct dw_picture_state dw_picture_watch_state(const struct dw_picture_watch *watch)
{
    return watch->state;
}

const struct dw_picture_reference *dw_picture_watch_reference(const struct dw_picture_watch *watch)
{
    return watch->known ? &watch->reference : NULL;
}
