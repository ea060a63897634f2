/* SPDX-License-Identifier: Apache-2.0 */
#include "core/truth.h"

#include <math.h>
#include <stdbool.h>

#include "base/vec.h"

#define GAP_S 1.0
#define JOIN_S 1.0
#define LEAST_S 1.0

struct builder {
    const struct dw_truth_picture *picture;
    DW_VEC(struct dw_score_visit) visits;
    struct dw_score_visit going_on; /* exit_s < 0: nothing */
    int zone;
};

static bool is_inside(const struct builder *builder, struct dw_point foot_px)
{
    struct dw_point norm = { foot_px.x / builder->picture->width_px,
                             foot_px.y / builder->picture->height_px };
    return dw_zone_contains(&builder->picture->layout->zones[builder->zone], norm);
}

static void end_stay(struct builder *builder)
{
    const struct dw_score_visit *visit = &builder->going_on;
    if (visit->exit_s >= 0 && visit->exit_s - visit->enter_s >= LEAST_S - 1e-9)
        dw_vec_push(&builder->visits, *visit);
    builder->going_on.exit_s = -1;
}

static void look(struct builder *builder, int64_t person, int frame, struct dw_point foot_px)
{
    double fps = builder->picture->fps, from_s = frame / fps;
    struct dw_score_visit *visit = &builder->going_on;
    if (!is_inside(builder, foot_px))
        return;
    if (visit->exit_s >= 0 && from_s - visit->exit_s > JOIN_S + 1e-9)
        end_stay(builder);
    if (visit->exit_s < 0)
        *visit = (struct dw_score_visit){ builder->zone, person, from_s, 0 };
    visit->exit_s = (frame + 1) / fps;
}

/* The frames between two sightings, filled along a line when they are few. */
static void fill(struct builder *builder, const struct dw_score_foot *a,
                 const struct dw_score_foot *b)
{
    if (b->frame - a->frame - 1 > GAP_S * builder->picture->fps + 1e-9)
        return;
    for (int frame = a->frame + 1; frame < b->frame; frame++) {
        double t = (double)(frame - a->frame) / (b->frame - a->frame);
        struct dw_point foot = { a->foot_px.x + t * (b->foot_px.x - a->foot_px.x),
                                 a->foot_px.y + t * (b->foot_px.y - a->foot_px.y) };
        look(builder, a->person, frame, foot);
    }
}

size_t dw_truth_visits(struct dw_score_visit **visits, const struct dw_score_foot *feet,
                       size_t count, const struct dw_truth_picture *picture)
{
    struct builder builder = { .picture = picture, .going_on = { .exit_s = -1 } };
    for (size_t zone = 0; zone < picture->layout->zone_count; zone++) {
        builder.zone = (int)zone;
        for (size_t i = 0; i < count; i++) {
            bool same = i > 0 && feet[i - 1].person == feet[i].person;
            if (same)
                fill(&builder, &feet[i - 1], &feet[i]);
            else
                end_stay(&builder);
            look(&builder, feet[i].person, feet[i].frame, feet[i].foot_px);
        }
        end_stay(&builder);
    }
    *visits = builder.visits.items;
    return builder.visits.count;
}
