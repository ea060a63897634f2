/* SPDX-License-Identifier: Apache-2.0 */
#include "core/mot.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "base/vec.h"
#include "core/assign.h"
#include "core/match.h"

#define OVERLAP_LEAST 0.5

/* Whoever kept the number keeps it, whatever the overlaps: worth more than any sum of them. */
#define SAME_NUMBER 1000.0

/* People are numbered 0, 1, ... in the order of their feet. */
struct people {
    const struct dw_score_side *side;
    struct dw_match_frames frames;
    int *rank_of; /* of each foot */
    int count;
    int64_t *boxes; /* of each person, on the frames that count */
};

/* A pair of boxes of the matching for HOTA. */
struct pair {
    int row, column; /* ranks */
    double iou;
};

struct comparison {
    const struct dw_mot_input *input;
    struct people truth, measured;
    bool *ignored;       /* measured feet that follow somebody uncounted */
    double *alignment;   /* true x measured people: shared frames, weighed by how exclusive */
    double *shared;      /* true x measured people: frames with an overlap of 0.5 or more */
    int *kept, *last_of; /* number of each true person: on the frame before, and when last known */
    DW_VEC(struct pair) pairs;
    struct dw_assign assign;
    DW_VEC(double) iou, score; /* of the frame going on: its rows x columns */
    DW_VEC(int) rows, columns; /* feet on it: true, measured */
    DW_VEC(int) partner_of;    /* of each row, -1 none */
    struct dw_mot *mot;
};

static void people_init(struct people *people, const struct dw_score_side *side, int frames)
{
    people->side = side;
    people->rank_of = dw_alloc_array0(side->foot_count, sizeof(int));
    for (size_t i = 0; i < side->foot_count; i++) {
        people->count += i == 0 || side->feet[i].person != side->feet[i - 1].person;
        people->rank_of[i] = people->count - 1;
    }
    people->boxes = dw_alloc_array0((size_t)people->count, sizeof(int64_t));
    dw_match_frames_init(&people->frames, side, frames);
}

static void people_fini(struct people *people)
{
    free(people->rank_of);
    free(people->boxes);
    dw_match_frames_fini(&people->frames);
}

/* One to one such that the sum of scores is largest; a score of 0 makes no pair. */
static void pair_up(struct comparison *c, const double *score, size_t rows, size_t columns)
{
    double most = 0;
    dw_vec_clear(&c->partner_of);
    for (size_t i = 0; i < rows * columns; i++)
        most = fmax(most, score[i]);
    dw_assign_begin(&c->assign, columns, most);
    for (size_t i = 0; i < rows; i++) {
        dw_assign_row(&c->assign);
        dw_vec_push(&c->partner_of, -1);
        for (size_t j = 0; j < columns; j++)
            if (score[i * columns + j] > 0)
                dw_assign_offer(&c->assign, j, most - score[i * columns + j]);
    }
    dw_assign_solve(&c->assign, c->partner_of.items);
}

static void measure_overlaps(struct comparison *c, const struct dw_score_side *rows)
{
    dw_vec_clear(&c->iou);
    for (size_t i = 0; i < c->rows.count; i++) {
        struct dw_box box = dw_score_box(&rows->feet[c->rows.items[i]]);
        for (size_t j = 0; j < c->columns.count; j++) {
            const struct dw_score_foot *foot = &c->measured.side->feet[c->columns.items[j]];
            dw_vec_push(&c->iou, dw_box_iou(box, dw_score_box(foot)));
        }
    }
}

static void choose_rows(struct comparison *c, const struct dw_match_frames *frames, int frame)
{
    dw_vec_clear(&c->rows);
    for (int i = frames->starts[frame]; i < frames->starts[frame + 1]; i++)
        dw_vec_push(&c->rows, frames->order[i]);
}

static void choose_columns(struct comparison *c, int frame)
{
    const struct dw_match_frames *frames = &c->measured.frames;
    dw_vec_clear(&c->columns);
    for (int i = frames->starts[frame]; i < frames->starts[frame + 1]; i++)
        if (!c->ignored[frames->order[i]])
            dw_vec_push(&c->columns, frames->order[i]);
}

/* Overlaps of 0.5 or more count; smaller ones are worth nothing. */
static void score_overlaps(struct comparison *c)
{
    dw_vec_clear(&c->score);
    for (size_t i = 0; i < c->iou.count; i++)
        dw_vec_push(&c->score,
                    c->iou.items[i] >= OVERLAP_LEAST - DBL_EPSILON ? c->iou.items[i] : 0);
}

/* Takes out the measured boxes whose partner, among all true boxes, does not count. */
static void ignore_uncounted(struct comparison *c)
{
    const struct dw_mot_input *input = c->input;
    size_t counted = input->truth->foot_count, all = counted + input->uncounted->foot_count;
    struct dw_score_foot *feet = dw_alloc_array0(all, sizeof(*feet));
    for (size_t i = 0; i < all; i++)
        feet[i] = i < counted ? input->truth->feet[i] : input->uncounted->feet[i - counted];
    struct dw_score_side both = { .feet = feet, .foot_count = all };
    struct dw_match_frames frames;
    dw_match_frames_init(&frames, &both, input->frames);
    for (int f = 0; f < input->frames; f++) {
        choose_rows(c, &frames, f);
        choose_columns(c, f);
        measure_overlaps(c, &both);
        score_overlaps(c);
        pair_up(c, c->score.items, c->rows.count, c->columns.count);
        for (size_t i = 0; i < c->rows.count; i++)
            if (c->partner_of.items[i] >= 0 && (size_t)c->rows.items[i] >= counted)
                c->ignored[c->columns.items[c->partner_of.items[i]]] = true;
    }
    dw_match_frames_fini(&frames);
    free(feet);
}

static int true_rank(const struct comparison *c, size_t row)
{
    return c->truth.rank_of[c->rows.items[row]];
}

static int measured_rank(const struct comparison *c, size_t column)
{
    return c->measured.rank_of[c->columns.items[column]];
}

static size_t cell(const struct comparison *c, int row, int column)
{
    return (size_t)row * (size_t)c->measured.count + (size_t)column;
}

static void count_boxes(struct comparison *c)
{
    for (size_t i = 0; i < c->rows.count; i++)
        c->truth.boxes[true_rank(c, i)]++;
    for (size_t j = 0; j < c->columns.count; j++)
        c->measured.boxes[measured_rank(c, j)]++;
    c->mot->true_boxes += (int64_t)c->rows.count;
    c->mot->measured_boxes += (int64_t)c->columns.count;
}

/* How much each pair of people is together: an overlap counts less when either box overlaps others
 * too, and frames are counted on which it is 0.5 or more. */
static void align(struct comparison *c)
{
    size_t columns = c->columns.count;
    const double *iou = c->iou.items;
    for (size_t i = 0; i < c->rows.count; i++)
        for (size_t j = 0; j < columns; j++) {
            double own = iou[i * columns + j], all = -own;
            if (!(own > 0))
                continue;
            for (size_t k = 0; k < columns; k++)
                all += iou[i * columns + k];
            for (size_t k = 0; k < c->rows.count; k++)
                all += iou[k * columns + j];
            size_t at = cell(c, true_rank(c, i), measured_rank(c, j));
            c->alignment[at] += own / all;
            c->shared[at] += own >= OVERLAP_LEAST;
        }
}

/* CLEAR MOT: pairs of the frame before go on while they may; then the sum of overlaps decides. */
static void match_clear(struct comparison *c)
{
    size_t rows = c->rows.count, columns = c->columns.count;
    if (rows == 0 || columns == 0)
        return;
    score_overlaps(c);
    for (size_t i = 0; i < rows * columns; i++)
        if (c->score.items[i] > 0 &&
            c->kept[true_rank(c, i / columns)] == measured_rank(c, i % columns))
            c->score.items[i] += SAME_NUMBER;
    pair_up(c, c->score.items, rows, columns);
    for (int i = 0; i < c->truth.count; i++)
        c->kept[i] = -1;
    for (size_t i = 0; i < rows; i++) {
        if (c->partner_of.items[i] < 0)
            continue;
        int person = true_rank(c, i), number = measured_rank(c, (size_t)c->partner_of.items[i]);
        c->mot->clear_pairs++;
        c->mot->switches += c->last_of[person] >= 0 && c->last_of[person] != number;
        c->kept[person] = c->last_of[person] = number;
    }
}

/* The frame's matching for HOTA: overlap, weighed by how much the two people are together in all.
 */
static void match_aligned(struct comparison *c)
{
    size_t columns = c->columns.count;
    dw_vec_clear(&c->score);
    for (size_t i = 0; i < c->iou.count; i++) {
        int row = true_rank(c, i / columns), column = measured_rank(c, i % columns);
        double together = c->alignment[cell(c, row, column)];
        double either = (double)(c->truth.boxes[row] + c->measured.boxes[column]) - together;
        dw_vec_push(&c->score, c->iou.items[i] * together / either);
    }
    pair_up(c, c->score.items, c->rows.count, columns);
    for (size_t i = 0; i < c->rows.count; i++) {
        if (c->partner_of.items[i] < 0)
            continue;
        size_t j = (size_t)c->partner_of.items[i];
        dw_vec_push(&c->pairs, ((struct pair){ true_rank(c, i), measured_rank(c, j),
                                               c->iou.items[i * columns + j] }));
    }
}

static void each_frame(struct comparison *c, void (*look)(struct comparison *c))
{
    for (int f = 0; f < c->input->frames; f++) {
        if (c->input->skipped != NULL && c->input->skipped[f])
            continue;
        choose_rows(c, &c->truth.frames, f);
        choose_columns(c, f);
        measure_overlaps(c, c->truth.side);
        look(c);
    }
}

static void look_first(struct comparison *c)
{
    count_boxes(c);
    align(c);
    match_clear(c);
}

static int by_people(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    return x->row != y->row ? x->row - y->row : x->column - y->column;
}

/* `pairs` are all of two people: adds what each overlap makes of them. */
static void associate(struct comparison *c, const struct pair *pairs, size_t count)
{
    int64_t either = c->truth.boxes[pairs->row] + c->measured.boxes[pairs->column];
    for (int a = 0; a < DW_MOT_OVERLAPS; a++) {
        double least = 0.05 * (a + 1) - DBL_EPSILON;
        int64_t both = 0;
        for (size_t i = 0; i < count; i++)
            both += pairs[i].iou >= least;
        c->mot->pairs[a] += both;
        c->mot->association[a] += (double)(both * both) / (double)DW_MAX(either - both, 1);
    }
}

static void associate_all(struct comparison *c)
{
    const struct pair *pairs = c->pairs.items;
    size_t start = 0;
    if (c->pairs.count > 0)
        qsort(c->pairs.items, c->pairs.count, sizeof(*pairs), by_people);
    for (size_t i = 1; i <= c->pairs.count; i++)
        if (i == c->pairs.count || by_people(&pairs[start], &pairs[i]) != 0) {
            associate(c, &pairs[start], i - start);
            start = i;
        }
}

/* IDF1: numbers and people paired one to one for the most frames in common. */
static void pair_identities(struct comparison *c)
{
    pair_up(c, c->shared, (size_t)c->truth.count, (size_t)c->measured.count);
    for (int i = 0; i < c->truth.count; i++)
        if (c->partner_of.items[i] >= 0)
            c->mot->identity_pairs += (int64_t)c->shared[cell(c, i, c->partner_of.items[i])];
}

static void comparison_fini(struct comparison *c)
{
    people_fini(&c->truth);
    people_fini(&c->measured);
    free(c->ignored);
    free(c->alignment);
    free(c->shared);
    free(c->kept);
    free(c->last_of);
    dw_vec_fini(&c->pairs);
    dw_assign_fini(&c->assign);
    dw_vec_fini(&c->iou);
    dw_vec_fini(&c->score);
    dw_vec_fini(&c->rows);
    dw_vec_fini(&c->columns);
    dw_vec_fini(&c->partner_of);
}

struct dw_mot dw_mot_compare(const struct dw_mot_input *input)
{
    struct dw_mot mot = { 0 };
    struct comparison c = { .input = input, .mot = &mot };
    people_init(&c.truth, input->truth, input->frames);
    people_init(&c.measured, input->measured, input->frames);
    size_t people = (size_t)c.truth.count, numbers = (size_t)c.measured.count;
    c.ignored = dw_alloc_array0(input->measured->foot_count, sizeof(bool));
    c.alignment = dw_alloc_array0(people * numbers, sizeof(double));
    c.shared = dw_alloc_array0(people * numbers, sizeof(double));
    c.kept = dw_alloc_array0(people, sizeof(int));
    c.last_of = dw_alloc_array0(people, sizeof(int));
    for (size_t i = 0; i < people; i++)
        c.kept[i] = c.last_of[i] = -1;
    if (input->uncounted->foot_count > 0)
        ignore_uncounted(&c);
    each_frame(&c, look_first);
    each_frame(&c, match_aligned);
    associate_all(&c);
    pair_identities(&c);
    comparison_fini(&c);
    return mot;
}

void dw_mot_add(struct dw_mot *sum, const struct dw_mot *more)
{
    sum->true_boxes += more->true_boxes;
    sum->measured_boxes += more->measured_boxes;
    sum->clear_pairs += more->clear_pairs;
    sum->switches += more->switches;
    sum->identity_pairs += more->identity_pairs;
    for (int a = 0; a < DW_MOT_OVERLAPS; a++) {
        sum->pairs[a] += more->pairs[a];
        sum->association[a] += more->association[a];
    }
}

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

static double detection_at(const struct dw_mot *mot, int a)
{
    return ratio((double)mot->pairs[a],
                 (double)(mot->true_boxes + mot->measured_boxes - mot->pairs[a]));
}

static double association_at(const struct dw_mot *mot, int a)
{
    return ratio(mot->association[a], (double)mot->pairs[a]);
}

static double hota_at(const struct dw_mot *mot, int a)
{
    return sqrt(detection_at(mot, a) * association_at(mot, a));
}

static double mean(const struct dw_mot *mot, double (*at)(const struct dw_mot *mot, int a))
{
    double sum = 0;
    for (int a = 0; a < DW_MOT_OVERLAPS; a++)
        sum += at(mot, a);
    return sum / DW_MOT_OVERLAPS;
}

double dw_mot_hota(const struct dw_mot *mot)
{
    return mean(mot, hota_at);
}

double dw_mot_detection_accuracy(const struct dw_mot *mot)
{
    return mean(mot, detection_at);
}

double dw_mot_association_accuracy(const struct dw_mot *mot)
{
    return mean(mot, association_at);
}

double dw_mot_idf1(const struct dw_mot *mot)
{
    return ratio(2 * (double)mot->identity_pairs, (double)(mot->true_boxes + mot->measured_boxes));
}

double dw_mot_mota(const struct dw_mot *mot)
{
    int64_t wrong = mot->measured_boxes - mot->clear_pairs + mot->switches;
    return ratio((double)(mot->clear_pairs - wrong), (double)mot->true_boxes);
}
