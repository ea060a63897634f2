/* SPDX-License-Identifier: Apache-2.0 */
#include "core/oracle.h"

#include <math.h>

#include "base/vec.h"
#include "core/match.h"
#include "core/replay.h"

struct builder {
    const struct dw_oracle_conf *conf;
    DW_VEC(struct dw_score_visit) visits;
    DW_VEC(struct dw_score_foot) feet;
    DW_VEC(struct dw_replay_point) path; /* of the person going on */
    int64_t person;
    int zone;
};

static int64_t time_of(const struct builder *builder, int frame)
{
    return (int64_t)floor(frame / builder->conf->fps * 1e6 + 0.5);
}

static void add_point(struct builder *builder, int frame, struct dw_box box, int64_t gap_us)
{
    dw_vec_push(&builder->path, ((struct dw_replay_point){ .time_us = time_of(builder, frame),
                                                           .gap_us = gap_us,
                                                           .box = box,
                                                           .score = gap_us > 0 ? 0.0 : 1.0 }));
    dw_vec_push(&builder->feet, dw_score_foot_of(builder->person, frame, box));
}

static void fill(struct builder *builder, const struct dw_score_foot *a,
                 const struct dw_score_foot *b)
{
    int64_t gap_us = time_of(builder, b->frame) - time_of(builder, a->frame);
    if (gap_us > builder->conf->gap_us)
        return;
    for (int frame = a->frame + 1; frame < b->frame; frame++) {
        double t = (double)(frame - a->frame) / (b->frame - a->frame);
        add_point(builder, frame, dw_box_mix(dw_score_box(a), dw_score_box(b), t), gap_us);
    }
}

static void tell(void *user, const struct dw_visit *visit)
{
    struct builder *builder = user;
    if (!visit->pass)
        dw_vec_push(&builder->visits, ((struct dw_score_visit){ builder->zone, builder->person,
                                                                (double)visit->enter_us / 1e6,
                                                                (double)visit->exit_us / 1e6 }));
}

static void end_path(struct builder *builder)
{
    const struct dw_oracle_conf *conf = builder->conf;
    for (size_t i = 0; builder->path.count > 0 && i < conf->layout->zone_count; i++) {
        struct dw_zone_rules rules = conf->layout->zones[i].rules;
        rules.bridge_us = conf->gap_us;
        struct dw_replay replay = {
            .zone = &conf->layout->zones[i],
            .rules = &rules,
            .width_px = conf->width_px,
            .height_px = conf->height_px,
            .interval_us = time_of(builder, 1),
            .from_us = INT64_MIN,
            .end_us = (int64_t)(conf->length_s * 1e6),
            .reason = DW_END_STOPPED,
            .tell = tell,
            .user = builder,
        };
        builder->zone = (int)i;
        dw_replay_path(&replay, builder->path.items, builder->path.count);
    }
    dw_vec_clear(&builder->path);
}

void dw_oracle_init(struct dw_oracle *out, const struct dw_oracle_conf *conf,
                    const struct dw_score_side *truth, const struct dw_score_side *detections)
{
    struct builder builder = { .conf = conf };
    int *shown_by = dw_alloc_array0(truth->foot_count, sizeof(int));
    dw_match_sides(truth, detections, (int)ceil(conf->length_s * conf->fps), DW_ORACLE_IOU,
                   shown_by);
    const struct dw_score_foot *last = NULL; /* of the same person */
    for (size_t i = 0; i < truth->foot_count; i++) {
        const struct dw_score_foot *foot = &truth->feet[i];
        if (i == 0 || foot->person != builder.person) {
            end_path(&builder);
            last = NULL;
            builder.person = foot->person;
        }
        if (shown_by[i] < 0)
            continue;
        const struct dw_score_foot *seen = &detections->feet[shown_by[i]];
        if (last != NULL)
            fill(&builder, last, seen);
        add_point(&builder, seen->frame, dw_score_box(seen), 0);
        last = seen;
    }
    end_path(&builder);
    free(shown_by);
    dw_vec_fini(&builder.path);
    *out = (struct dw_oracle){ builder.visits.items, builder.visits.count, builder.feet.items,
                               builder.feet.count };
}

void dw_oracle_fini(struct dw_oracle *oracle)
{
    free(oracle->visits);
    free(oracle->feet);
    *oracle = (struct dw_oracle){ 0 };
}
