/* SPDX-License-Identifier: Apache-2.0 */
#include "core/match.h"

#include "base/alloc.h"
#include "base/vec.h"
#include "core/assign.h"

/* Dearer than any two pairs: two pairs are always better than one. */
#define LIMIT 2.0

static bool within(const struct dw_score_foot *foot, int count)
{
    return foot->frame >= 0 && foot->frame < count;
}

/* A counting sort. */
void dw_match_frames_init(struct dw_match_frames *frames, const struct dw_score_side *side,
                          int count)
{
    frames->count = count;
    frames->order = dw_alloc_array0(side->foot_count, sizeof(int));
    frames->starts = dw_alloc_array0((size_t)count + 2, sizeof(int));
    int *ends = frames->starts + 1;
    for (size_t i = 0; i < side->foot_count; i++)
        if (within(&side->feet[i], count))
            ends[side->feet[i].frame + 1]++;
    for (int f = 0; f < count; f++)
        ends[f + 1] += ends[f];
    for (size_t i = 0; i < side->foot_count; i++)
        if (within(&side->feet[i], count))
            frames->order[ends[side->feet[i].frame]++] = (int)i;
}

void dw_match_frames_fini(struct dw_match_frames *frames)
{
    free(frames->order);
    free(frames->starts);
    *frames = (struct dw_match_frames){ 0 };
}

struct matching {
    const struct dw_score_side *side, *other;
    struct dw_match_frames rows, columns;
    struct dw_assign assign;
    DW_VEC(int) pairs;
};

static void match_frame(struct matching *m, int frame, double iou_least, int *partner_of)
{
    const int *rows = m->rows.order + m->rows.starts[frame];
    const int *columns = m->columns.order + m->columns.starts[frame];
    int row_count = m->rows.starts[frame + 1] - m->rows.starts[frame];
    int column_count = m->columns.starts[frame + 1] - m->columns.starts[frame];
    dw_vec_clear(&m->pairs);
    dw_assign_begin(&m->assign, (size_t)column_count, LIMIT);
    for (int i = 0; i < row_count; i++) {
        struct dw_box box = dw_score_box(&m->side->feet[rows[i]]);
        dw_vec_push(&m->pairs, -1);
        dw_assign_row(&m->assign);
        for (int j = 0; j < column_count; j++) {
            double iou = dw_box_iou(box, dw_score_box(&m->other->feet[columns[j]]));
            if (iou >= iou_least)
                dw_assign_offer(&m->assign, (size_t)j, 1 - iou);
        }
    }
    dw_assign_solve(&m->assign, m->pairs.items);
    for (int i = 0; i < row_count; i++)
        if (m->pairs.items[i] >= 0)
            partner_of[rows[i]] = columns[m->pairs.items[i]];
}

void dw_match_sides(const struct dw_score_side *side, const struct dw_score_side *other, int frames,
                    double iou_least, int *partner_of)
{
    struct matching m = { .side = side, .other = other };
    dw_match_frames_init(&m.rows, side, frames);
    dw_match_frames_init(&m.columns, other, frames);
    for (size_t i = 0; i < side->foot_count; i++)
        partner_of[i] = -1;
    for (int f = 0; f < frames; f++)
        match_frame(&m, f, iou_least, partner_of);
    dw_match_frames_fini(&m.rows);
    dw_match_frames_fini(&m.columns);
    dw_assign_fini(&m.assign);
    dw_vec_fini(&m.pairs);
}
