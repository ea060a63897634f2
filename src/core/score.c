/* SPDX-License-Identifier: Apache-2.0 */
#include "core/score.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "core/assign.h"

#define OVERLAP_LEAST 0.5
#define DISTANCE_MOST 0.35 /* body heights */
#define LONG_S 10.0

struct comparison {
    const struct dw_score_side *truth, *measured;
    double fps;
    struct dw_assign assign;
    double *distances;          /* scratch */
    int *true_at, *measured_at; /* visits of the current zone */
    int *pair_of;
    int *partner_of; /* of each true visit, or NULL */
    bool *used;      /* measured visits in a strict pair */
    struct dw_score *score;
};

double dw_score_overlap(double a_start, double a_end, double b_start, double b_end)
{
    double shared = fmin(a_end, b_end) - fmax(a_start, b_start);
    double whole = fmax(a_end, b_end) - fmin(a_start, b_start);
    return shared > 0 && whole > 0 ? shared / whole : 0;
}

static double dwell(const struct dw_score_visit *visit)
{
    return visit->exit_s - visit->enter_s;
}

const struct dw_score_foot *dw_score_find_foot(const struct dw_score_side *side, int64_t person,
                                               int frame)
{
    size_t low = 0, high = side->foot_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct dw_score_foot *foot = &side->feet[middle];
        if (foot->person < person || (foot->person == person && foot->frame < frame))
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < side->foot_count && side->feet[low].person == person;
    return found ? &side->feet[low] : NULL;
}

static int by_person_and_frame(const void *a, const void *b)
{
    const struct dw_score_foot *x = a, *y = b;
    if (x->person != y->person)
        return x->person > y->person ? 1 : -1;
    return (x->frame > y->frame) - (x->frame < y->frame);
}

void dw_score_sort_feet(struct dw_score_foot *feet, size_t count)
{
    if (count > 0)
        qsort(feet, count, sizeof(*feet), by_person_and_frame);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median distance of the feet over the frames both have during the common time, in body heights;
 * infinite when there is no such frame. */
static double median_distance(struct comparison *c, const struct dw_score_visit *a,
                              const struct dw_score_visit *b)
{
    if (c->truth->foot_count == 0)
        return 0;
    int from = (int)floor(fmax(a->enter_s, b->enter_s) * c->fps + 0.5);
    int to = (int)floor(fmin(a->exit_s, b->exit_s) * c->fps + 0.5);
    size_t count = 0;
    for (int frame = from; frame < to; frame++) {
        const struct dw_score_foot *p = dw_score_find_foot(c->truth, a->person, frame);
        const struct dw_score_foot *q = dw_score_find_foot(c->measured, b->person, frame);
        if (p == NULL || q == NULL || p->frame != frame || q->frame != frame)
            continue;
        double distance = hypot(p->foot_px.x - q->foot_px.x, p->foot_px.y - q->foot_px.y);
        c->distances[count++] = distance / fmax(p->h_px, 1);
    }
    if (count == 0)
        return (double)INFINITY;
    qsort(c->distances, count, sizeof(double), by_value);
    return count % 2 == 1 ? c->distances[count / 2]
                          : (c->distances[count / 2 - 1] + c->distances[count / 2]) / 2;
}

static void count_pair(struct comparison *c, const struct dw_score_visit *a,
                       const struct dw_score_visit *b)
{
    struct dw_score *score = c->score;
    double error = fabs(dwell(b) - dwell(a));
    score->matched++;
    score->dwell_error_s += error;
    score->missed_dwell_s += error;
    score->relative_error += error / fmax(dwell(a), 1e-9);
    if (dwell(a) >= LONG_S) {
        score->long_found++;
        score->long_relative_error += error / dwell(a);
    }
}

/* Pairs the visits of one zone; `strict` leaves out pairs whose feet were apart. */
static int pair_zone(struct comparison *c, int rows, int columns, bool strict)
{
    dw_assign_begin(&c->assign, (size_t)columns, 4);
    for (int i = 0; i < rows; i++) {
        dw_assign_row(&c->assign);
        for (int j = 0; j < columns; j++) {
            const struct dw_score_visit *a = &c->truth->visits[c->true_at[i]];
            const struct dw_score_visit *b = &c->measured->visits[c->measured_at[j]];
            double overlap = dw_score_overlap(a->enter_s, a->exit_s, b->enter_s, b->exit_s);
            if (overlap >= OVERLAP_LEAST && (!strict || median_distance(c, a, b) < DISTANCE_MOST))
                dw_assign_offer(&c->assign, (size_t)j, 1 - overlap);
        }
    }
    dw_assign_solve(&c->assign, c->pair_of);
    int pairs = 0;
    for (int i = 0; i < rows; i++)
        pairs += c->pair_of[i] >= 0;
    return pairs;
}

static int visits_of_zone(const struct dw_score_side *side, int zone, int *at)
{
    int count = 0;
    for (size_t i = 0; i < side->visit_count; i++)
        if (side->visits[i].zone == zone)
            at[count++] = (int)i;
    return count;
}

static void compare_zone(struct comparison *c, int zone)
{
    int rows = visits_of_zone(c->truth, zone, c->true_at);
    int columns = visits_of_zone(c->measured, zone, c->measured_at);
    c->score->zone_count_error += fabs((double)(columns - rows)) / DW_MAX(1, rows);
    c->score->zones++;
    c->score->matched_in_time += pair_zone(c, rows, columns, false);
    pair_zone(c, rows, columns, true);
    for (int i = 0; i < rows; i++) {
        const struct dw_score_visit *a = &c->truth->visits[c->true_at[i]];
        if (c->pair_of[i] < 0) {
            c->score->missed_dwell_s += dwell(a);
            continue;
        }
        int at = c->measured_at[c->pair_of[i]];
        c->used[at] = true;
        if (c->partner_of != NULL)
            c->partner_of[c->true_at[i]] = at;
        count_pair(c, a, &c->measured->visits[at]);
    }
    for (int j = 0; j < columns; j++)
        if (!c->used[c->measured_at[j]])
            c->score->missed_dwell_s += dwell(&c->measured->visits[c->measured_at[j]]);
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int count_people(const struct dw_score_side *side)
{
    int64_t *numbers = dw_alloc_array0(side->visit_count, sizeof(*numbers));
    for (size_t i = 0; i < side->visit_count; i++)
        numbers[i] = side->visits[i].person;
    qsort(numbers, side->visit_count, sizeof(*numbers), by_number);
    int people = 0;
    for (size_t i = 0; i < side->visit_count; i++)
        people += i == 0 || numbers[i] != numbers[i - 1];
    free(numbers);
    return people;
}

static int occupancy(const struct dw_score_side *side, int zone, double at_s)
{
    int people = 0;
    for (size_t i = 0; i < side->visit_count; i++) {
        const struct dw_score_visit *visit = &side->visits[i];
        people += visit->zone == zone && visit->enter_s <= at_s && at_s < visit->exit_s;
    }
    return people;
}

static void sum_up(struct comparison *c, int zones, double length_s)
{
    struct dw_score *score = c->score;
    for (size_t i = 0; i < c->truth->visit_count; i++) {
        score->true_dwell_s += dwell(&c->truth->visits[i]);
        score->long_true += dwell(&c->truth->visits[i]) >= LONG_S;
    }
    for (size_t i = 0; i < c->measured->visit_count; i++)
        score->measured_dwell_s += dwell(&c->measured->visits[i]);
    for (int zone = 0; zone < zones; zone++)
        for (int second = 0; second < (int)length_s; second++) {
            score->occupancy_error +=
                abs(occupancy(c->truth, zone, second) - occupancy(c->measured, zone, second));
            score->occupancy_samples++;
        }
}

struct dw_score dw_score_pair(const struct dw_score_side *truth,
                              const struct dw_score_side *measured,
                              const struct dw_score_extent *extent, int *partner_of)
{
    struct dw_score score = {
        .true_visits = (int)truth->visit_count,
        .measured_visits = (int)measured->visit_count,
        .true_people = count_people(truth),
        .measured_people = count_people(measured),
    };
    struct comparison c = { .truth = truth,
                            .measured = measured,
                            .fps = extent->fps,
                            .partner_of = partner_of,
                            .score = &score };
    size_t rows = truth->visit_count, columns = measured->visit_count;
    c.distances = dw_alloc_array0((size_t)(extent->length_s * extent->fps) + 2, sizeof(double));
    c.true_at = dw_alloc_array0(rows, sizeof(int));
    c.measured_at = dw_alloc_array0(columns, sizeof(int));
    c.pair_of = dw_alloc_array0(rows, sizeof(int));
    c.used = dw_alloc_array0(columns, sizeof(bool));
    for (size_t i = 0; partner_of != NULL && i < rows; i++)
        partner_of[i] = -1;
    for (int zone = 0; zone < extent->zones; zone++)
        compare_zone(&c, zone);
    sum_up(&c, extent->zones, extent->length_s);
    dw_assign_fini(&c.assign);
    free(c.distances);
    free(c.true_at);
    free(c.measured_at);
    free(c.pair_of);
    free(c.used);
    return score;
}

struct dw_score dw_score_compare(const struct dw_score_side *truth,
                                 const struct dw_score_side *measured, int zones, double fps,
                                 double length_s)
{
    struct dw_score_extent extent = { zones, fps, length_s };
    return dw_score_pair(truth, measured, &extent, NULL);
}

struct dw_box dw_score_box(const struct dw_score_foot *foot)
{
    return (struct dw_box){ (float)(foot->foot_px.x - foot->w_px / 2),
                            (float)(foot->foot_px.y - foot->h_px), (float)foot->w_px,
                            (float)foot->h_px };
}

struct dw_score_foot dw_score_foot_of(int64_t person, int frame, struct dw_box box)
{
    return (struct dw_score_foot){ person, frame, dw_box_anchor(box, DW_ANCHOR_BOTTOM_CENTER),
                                   (double)box.h, (double)box.w };
}

void dw_score_add(struct dw_score *sum, const struct dw_score *more)
{
    sum->true_visits += more->true_visits;
    sum->measured_visits += more->measured_visits;
    sum->matched += more->matched;
    sum->matched_in_time += more->matched_in_time;
    sum->dwell_error_s += more->dwell_error_s;
    sum->relative_error += more->relative_error;
    sum->true_dwell_s += more->true_dwell_s;
    sum->measured_dwell_s += more->measured_dwell_s;
    sum->missed_dwell_s += more->missed_dwell_s;
    sum->true_people += more->true_people;
    sum->measured_people += more->measured_people;
    sum->long_true += more->long_true;
    sum->long_found += more->long_found;
    sum->long_relative_error += more->long_relative_error;
    sum->occupancy_error += more->occupancy_error;
    sum->occupancy_samples += more->occupancy_samples;
    sum->zone_count_error += more->zone_count_error;
    sum->zones += more->zones;
}

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

double dw_score_precision(const struct dw_score *score)
{
    return ratio(score->matched, score->measured_visits);
}

double dw_score_recall(const struct dw_score *score)
{
    return ratio(score->matched, score->true_visits);
}

double dw_score_f1(const struct dw_score *score)
{
    return ratio(2.0 * score->matched, score->true_visits + score->measured_visits);
}

double dw_score_f1_in_time(const struct dw_score *score)
{
    return ratio(2.0 * score->matched_in_time, score->true_visits + score->measured_visits);
}

double dw_score_bias(const struct dw_score *score)
{
    return ratio(score->measured_dwell_s - score->true_dwell_s, score->true_dwell_s);
}

double dw_score_count_error(const struct dw_score *score)
{
    return ratio(score->measured_visits - score->true_visits, score->true_visits);
}

double dw_score_people_error(const struct dw_score *score)
{
    return ratio(score->measured_people - score->true_people, score->true_people);
}
