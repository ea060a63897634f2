/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/score_explain.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/json_writer.h"
#include "base/vec.h"
#include "media/overlay.h"
#include "media/source.h"

static void print_line(const struct dw_truth *truth, const struct dw_explanation *x,
                       const char *text)
{
    printf("  %-6s %-20.20s %7.1f .. %6.1f s  %s %-4lld %s\n", x->missed ? "missed" : "false",
           truth->layout.zones[x->visit.zone].name, x->visit.enter_s, x->visit.exit_s,
           x->missed ? "person" : "number", (long long)x->visit.person, text);
}

static void print_json(const struct dw_sequence *sequence, const struct dw_explanation *x,
                       const char *text)
{
    struct dw_buf out = { 0 };
    struct dw_json_writer json = { .out = &out };
    dw_json_object_begin(&json, NULL);
    dw_json_string(&json, "sequence", sequence->name.text);
    dw_json_string(&json, "error", x->missed ? "missed" : "false");
    dw_json_string(&json, "reason", dw_explain_reason_name(x->reason));
    dw_json_string(&json, "zone", sequence->truth.layout.zones[x->visit.zone].name);
    dw_json_real(&json, "enter_s", x->visit.enter_s, 3);
    dw_json_real(&json, "exit_s", x->visit.exit_s, 3);
    dw_json_real(&json, "at_s", x->at_s, 3);
    dw_json_integer(&json, "person", x->person);
    dw_json_integer(&json, "number", x->number);
    dw_json_integer(&json, "other", x->other);
    dw_json_string(&json, "text", text);
    dw_json_object_end(&json);
    puts(dw_buf_text(&out));
    dw_buf_fini(&out);
}

/* A picture to write, of the frame on which it went wrong. */
struct shot {
    int frame;
    size_t index; /* of the explanation */
};

struct album {
    const struct dw_sequence *sequence;
    const struct dw_measured *measured;
    const struct dw_explain_pictures *pictures;
    const struct dw_explanation *found;
    DW_VEC(struct dw_overlay_person) people;
};

static void add_person(struct album *album, const struct dw_score_foot *foot, bool dashed, int zone)
{
    dw_vec_push(&album->people, ((struct dw_overlay_person){ .person = foot->person,
                                                             .box = dw_score_box(foot),
                                                             .anchor = foot->foot_px,
                                                             .bridged = dashed,
                                                             .zone = zone }));
}

/* Everybody measured on the frame, and with dashes the true people whom the error is about. */
static void choose_people(struct album *album, const struct dw_explanation *x, int frame)
{
    const struct dw_measured *measured = album->measured;
    dw_vec_clear(&album->people);
    for (size_t i = 0; i < measured->feet.count; i++) {
        const struct dw_score_foot *foot = &measured->feet.items[i];
        if (foot->frame == frame)
            add_person(album, foot, false, foot->person == x->number ? x->visit.zone : -1);
    }
    struct dw_score_side truth = dw_truth_side(&album->sequence->truth);
    const int64_t people[] = { x->person, x->hidden_by,
                               x->reason == DW_EXPLAIN_MERGED ? x->other : 0 };
    for (size_t i = 0; i < DW_LENGTH(people); i++) {
        const struct dw_score_foot *foot =
            people[i] > 0 ? dw_score_find_foot(&truth, people[i], frame) : NULL;
        if (foot != NULL && foot->frame == frame)
            add_person(album, foot, true, x->visit.zone);
    }
}

static int write_shot(struct album *album, const struct shot *shot, const struct dw_frame *frame,
                      struct dw_err *err)
{
    const struct dw_explanation *x = &album->found[shot->index];
    struct dw_buf caption = { 0 }, path = { 0 };
    dw_buf_printf(&caption, "%s in '%s', ", x->missed ? "missed" : "false",
                  album->sequence->truth.layout.zones[x->visit.zone].name);
    dw_explanation_print(x, &caption);
    dw_buf_printf(&path, "%s/%s-%04zu-%s.png", album->pictures->folder, album->sequence->name.text,
                  shot->index + 1, x->missed ? "missed" : "false");
    choose_people(album, x, shot->frame);
    struct dw_overlay_scene scene = {
        .layout = &album->sequence->truth.layout,
        .persons = album->people.items,
        .person_count = album->people.count,
        .time_us = frame->time_us,
        .caption = dw_buf_text(&caption),
    };
    int r = dw_still_write(dw_buf_text(&path), &frame->image, &scene, err);
    dw_buf_fini(&caption);
    dw_buf_fini(&path);
    return r;
}

static int by_frame(const void *a, const void *b)
{
    const struct shot *x = a, *y = b;
    return x->frame != y->frame ? (x->frame > y->frame) - (x->frame < y->frame)
                                : (x->index > y->index) - (x->index < y->index);
}

/* Goes through the video once. */
static int write_shots(struct album *album, const struct shot *shots, size_t count,
                       struct dw_err *err)
{
    if (mkdir(album->pictures->folder, 0777) < 0 && errno != EEXIST)
        return dw_fail(err, -errno, "cannot make the folder '%s': %s", album->pictures->folder,
                       strerror(errno));
    DW_AUTO(source) *source = NULL;
    int r = dw_source_create(&source, album->pictures->video, NULL, err);
    size_t next = 0;
    while (r >= 0 && next < count) {
        DW_AUTO(frame) *frame = NULL;
        r = dw_source_read(source, &frame, err);
        if (r <= 0)
            break;
        for (; r >= 0 && next < count && shots[next].frame <= frame->index; next++)
            r = write_shot(album, &shots[next], frame, err);
    }
    return DW_MIN(r, 0);
}

static int take_pictures(struct album *album, size_t count, struct dw_err *err)
{
    DW_VEC(struct shot) shots = { 0 };
    size_t most = (size_t)album->pictures->most;
    for (size_t i = 0; i < count && i < most; i++)
        dw_vec_push(
            &shots,
            ((struct shot){ (int)floor(album->found[i].at_s * album->sequence->truth.fps), i }));
    if (shots.count > 0)
        qsort(shots.items, shots.count, sizeof(*shots.items), by_frame);
    int r = write_shots(album, shots.items, shots.count, err);
    dw_vec_fini(&shots);
    dw_vec_fini(&album->people);
    return r;
}

static size_t explain(const struct dw_sequence *sequence, const struct dw_measured *measured,
                      struct dw_explanation **found)
{
    const struct dw_truth *truth = &sequence->truth;
    struct dw_score_side true_side = dw_truth_side(truth);
    struct dw_score_side measured_side = dw_measured_side(measured);
    struct dw_score_side uncounted = { .feet = truth->ignored, .foot_count = truth->ignored_count };
    struct dw_score_foot *feet = NULL;
    struct dw_score_side detections = { 0 };
    if (sequence->starts != NULL) {
        detections.foot_count = dw_sequence_feet(sequence, &feet);
        detections.feet = feet;
    }
    struct dw_explain_input input = {
        .truth = &true_side,
        .measured = &measured_side,
        .detections = feet != NULL ? &detections : NULL,
        .uncounted = &uncounted,
        .layout = &truth->layout,
        .width_px = truth->width_px,
        .height_px = truth->height_px,
        .extent = dw_truth_extent(truth),
    };
    size_t count = dw_explain(&input, found);
    free(feet);
    return count;
}

int dw_score_explain(const struct dw_sequence *sequence, const struct dw_measured *measured,
                     const struct dw_explain_pictures *pictures, bool json,
                     struct dw_explain_counts *counts, struct dw_err *err)
{
    if (sequence->truth.foot_count == 0)
        return dw_fail(err, -EINVAL, "'%s' holds no true boxes, and --explain lives on them",
                       sequence->name.text);
    struct dw_explanation *found = NULL;
    size_t count = explain(sequence, measured, &found);
    struct dw_buf text = { 0 };
    snprintf(counts->name, sizeof(counts->name), "%s", sequence->name.text);
    for (size_t i = 0; i < count; i++) {
        dw_buf_clear(&text);
        dw_explanation_print(&found[i], &text);
        (found[i].missed ? counts->missed : counts->false_ones)[found[i].reason]++;
        if (json)
            print_json(sequence, &found[i], dw_buf_text(&text));
        else
            print_line(&sequence->truth, &found[i], dw_buf_text(&text));
    }
    dw_buf_fini(&text);
    int r = 0;
    if (pictures->folder != NULL) {
        struct album album = { sequence, measured, pictures, found, { 0 } };
        r = take_pictures(&album, count, err);
    }
    free(found);
    return r;
}

void dw_score_explain_table(const struct dw_explain_counts *counts, size_t count)
{
    printf("\nmissed + false %27s", "all");
    for (size_t i = 0; i < count; i++)
        printf(" %9.9s", counts[i].name);
    puts("");
    for (int reason = 0; reason < DW_EXPLAIN_REASON_COUNT; reason++) {
        int missed = 0, false_ones = 0;
        for (size_t i = 0; i < count; i++) {
            missed += counts[i].missed[reason];
            false_ones += counts[i].false_ones[reason];
        }
        printf("%-30s %4d + %-4d", dw_explain_reason_name((enum dw_explain_reason)reason), missed,
               false_ones);
        for (size_t i = 0; i < count; i++)
            printf(" %4d+%-4d", counts[i].missed[reason], counts[i].false_ones[reason]);
        puts("");
    }
}
