/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/sequence.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/vec.h"
#include "base/wall_time.h"
#include "media/source.h"

struct dw_sequence_name dw_sequence_name(const char *path)
{
    struct dw_sequence_name name;
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t start = end;
    while (start > 0 && path[start - 1] != '/')
        start--;
    snprintf(name.text, sizeof(name.text), "%.*s", (int)(end - start), path + start);
    return name;
}

void dw_sequence_fini(struct dw_sequence *sequence)
{
    dw_truth_fini(&sequence->truth);
    free(sequence->detections);
    free(sequence->starts);
    free(sequence->skipped);
    *sequence = (struct dw_sequence){ 0 };
}

static int read_detections(struct dw_sequence *sequence, struct dw_err *err)
{
    const struct dw_truth *truth = &sequence->truth;
    struct dw_source_conf conf = { .fps = truth->fps,
                                   .width_px = truth->width_px,
                                   .height_px = truth->height_px };
    DW_AUTO(source) *source = NULL;
    int r = dw_source_create(&source, truth->detections_path, &conf, err);
    if (r < 0)
        return r;
    DW_VEC(struct dw_detection) all = { 0 };
    DW_VEC(size_t) starts = { 0 };
    dw_vec_push(&starts, 0);
    for (;;) {
        DW_AUTO(frame) *frame = NULL;
        r = dw_source_read(source, &frame, err);
        if (r <= 0)
            break;
        for (size_t i = 0; i < frame->detection_count; i++)
            dw_vec_push(&all, frame->detections[i]);
        dw_vec_push(&starts, all.count);
    }
    sequence->detections = all.items;
    sequence->starts = starts.items;
    sequence->frames = (int)starts.count - 1;
    return r;
}

int dw_sequence_load(struct dw_sequence *sequence, const char *folder,
                     const struct dw_zone_rules *rules, struct dw_err *err)
{
    sequence->name = dw_sequence_name(folder);
    int r = dw_truth_load(&sequence->truth, folder, NULL, rules, err);
    if (r == 0)
        r = read_detections(sequence, err);
    if (r < 0)
        dw_sequence_fini(sequence);
    return r;
}

size_t dw_sequence_feet(const struct dw_sequence *sequence, struct dw_score_foot **feet)
{
    size_t count = sequence->starts[sequence->frames];
    *feet = dw_alloc_array0(count, sizeof(**feet));
    for (int f = 0; f < sequence->frames; f++)
        for (size_t i = sequence->starts[f]; i < sequence->starts[f + 1]; i++)
            (*feet)[i] = dw_score_foot_of(0, f, sequence->detections[i].box);
    return count;
}

void dw_measured_clear(struct dw_measured *measured)
{
    dw_vec_clear(&measured->visits);
    dw_vec_clear(&measured->feet);
}

void dw_measured_fini(struct dw_measured *measured)
{
    dw_vec_fini(&measured->visits);
    dw_vec_fini(&measured->feet);
}

void dw_measured_take(struct dw_measured *measured, const struct dw_lane_output *output)
{
    for (size_t i = 0; i < output->event_count; i++) {
        const struct dw_lane_event *event = &output->events[i];
        if (event->kind == DW_LANE_FINISHED && !event->visit.pass)
            dw_vec_push(&measured->visits,
                        ((struct dw_score_visit){ event->visit.zone, event->visit.person,
                                                  dw_time_to_seconds(event->visit.enter_us),
                                                  dw_time_to_seconds(event->visit.exit_us) }));
    }
    for (size_t i = 0; i < output->sighting_count; i++) {
        const struct dw_sighting *s = &output->sightings[i];
        dw_vec_push(&measured->feet, dw_score_foot_of(s->person, (int)s->frame, s->box));
    }
}

/* Detections files do not say what their scores mean: the tracker's own thresholds hold. */
static struct dw_lane_conf lane_conf(const struct dw_sequence *sequence,
                                     const struct dw_settings *settings)
{
    const struct dw_track_params usual = dw_track_params_default();
    struct dw_lane_conf conf = {
        .layout = &sequence->truth.layout,
        .width_px = sequence->truth.width_px,
        .height_px = sequence->truth.height_px,
        .interval_us = dw_time_from_seconds(1 / sequence->truth.fps),
        .track = settings->track,
        .ground = sequence->truth.ground,
    };
    conf.track.high = conf.track.high >= 0 ? conf.track.high : usual.high;
    conf.track.birth = conf.track.birth >= 0 ? conf.track.birth : usual.birth;
    return conf;
}

void dw_sequence_measure(const struct dw_sequence *sequence, const struct dw_settings *settings,
                         struct dw_measured *measured)
{
    struct dw_lane_conf conf = lane_conf(sequence, settings);
    DW_AUTO(lane) *lane = dw_lane_create(&conf);
    struct dw_lane_output output;
    dw_measured_clear(measured);
    for (int f = 0; f < sequence->frames; f++) {
        if (sequence->skipped != NULL && sequence->skipped[f])
            continue;
        struct dw_track_input input = { dw_time_from_seconds(f / sequence->truth.fps), f,
                                        sequence->detections + sequence->starts[f],
                                        sequence->starts[f + 1] - sequence->starts[f], NULL };
        output = dw_lane_step(lane, &input);
        dw_measured_take(measured, &output);
    }
    int64_t end_us = dw_time_from_seconds((sequence->frames - 1) / sequence->truth.fps) +
                     dw_lane_interval_us(lane);
    output = dw_lane_finish(lane, end_us, DW_END_STOPPED);
    dw_measured_take(measured, &output);
    dw_score_sort_feet(measured->feet.items, measured->feet.count);
}

struct dw_score_side dw_measured_side(const struct dw_measured *measured)
{
    return (struct dw_score_side){ measured->visits.items, measured->visits.count,
                                   measured->feet.items, measured->feet.count };
}

struct dw_score_side dw_truth_side(const struct dw_truth *truth)
{
    return (struct dw_score_side){ truth->visits, truth->visit_count, truth->feet,
                                   truth->foot_count };
}

struct dw_score_extent dw_truth_extent(const struct dw_truth *truth)
{
    return (struct dw_score_extent){ (int)truth->layout.zone_count, truth->fps, truth->length_s };
}

int dw_truth_frames(const struct dw_truth *truth)
{
    return (int)floor(truth->length_s * truth->fps + 0.5);
}

struct dw_mot dw_sequence_compare_tracks(const struct dw_sequence *sequence,
                                         const struct dw_score_side *measured)
{
    const struct dw_truth *truth = &sequence->truth;
    struct dw_score_side true_side = dw_truth_side(truth);
    struct dw_score_side uncounted = { .feet = truth->ignored, .foot_count = truth->ignored_count };
    struct dw_mot_input input = { &true_side, measured, &uncounted, dw_truth_frames(truth),
                                  sequence->skipped };
    return dw_mot_compare(&input);
}
