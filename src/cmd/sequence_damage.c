/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "cmd/sequence.h"
#include "core/match.h"
#include "core/random.h"

/* A detection shows the person whose true box it overlaps most, from this overlap on. */
#define SHOWN_IOU 0.5

/* A detector that missed a person on a frame misses them on the next with this probability, as
 * observed of YOLOX-X on the half of MOT17 it was not trained on, which has about 30 frames/s. */
#define MISSED_AGAIN 0.785
#define OBSERVED_FPS 30.0

static void keep(struct dw_sequence *sequence, const bool *kept)
{
    size_t count = 0, start = 0;
    for (int f = 0; f < sequence->frames; f++) {
        size_t end = sequence->starts[f + 1];
        for (size_t i = start; i < end; i++)
            if (kept[i])
                sequence->detections[count++] = sequence->detections[i];
        start = end;
        sequence->starts[f + 1] = count;
    }
}

/* The truth may go on after the last detection. */
static size_t start_of(const struct dw_sequence *sequence, int frame)
{
    return sequence->starts[DW_MIN(frame, sequence->frames)];
}

/* Leaves about `fps` frames a second, evenly spread. */
static void thin(struct dw_sequence *sequence, double fps)
{
    double share = fmin(fps / sequence->truth.fps, 1);
    int frames = DW_MAX(sequence->frames, dw_truth_frames(&sequence->truth));
    bool *kept = dw_alloc_array0(sequence->starts[sequence->frames], sizeof(bool));
    sequence->skipped = dw_alloc_array0((size_t)frames, sizeof(bool));
    for (int f = 0; f < frames; f++) {
        sequence->skipped[f] = floor(f * share + 1e-9) == floor((f - 1) * share + 1e-9);
        for (size_t i = start_of(sequence, f); i < start_of(sequence, f + 1); i++)
            kept[i] = !sequence->skipped[f];
    }
    keep(sequence, kept);
    free(kept);
}

/* All true people, also those who do not count: a detector misses them alike. */
static size_t everybody(const struct dw_truth *truth, struct dw_score_foot **feet)
{
    size_t counted = truth->foot_count, count = counted + truth->ignored_count;
    *feet = dw_alloc_array0(count, sizeof(**feet));
    for (size_t i = 0; i < count; i++)
        (*feet)[i] = i < counted ? truth->feet[i] : truth->ignored[i - counted];
    dw_score_sort_feet(*feet, count);
    return count;
}

/*
 * Which true boxes the detector misses. A chain of two states whose share of misses is `share` and
 * that repeats a miss with MISSED_AGAIN has the memory `fading` a frame (its second eigenvalue),
 * and fading^k after k frames: that is what makes it the same at any frame rate.
 */
static bool *miss_in_runs(const struct dw_score_side *people, double fps, double share,
                          uint64_t *random)
{
    double fading = fmax((MISSED_AGAIN - share) / (1 - share), 0);
    bool *missed = dw_alloc_array0(people->foot_count, sizeof(bool));
    for (size_t i = 0; i < people->foot_count; i++) {
        const struct dw_score_foot *foot = &people->feet[i];
        double likely = share;
        if (i > 0 && foot[-1].person == foot->person) {
            double passed_s = (foot->frame - foot[-1].frame) / fps;
            double before = missed[i - 1] ? 1 : 0;
            likely += (before - share) * pow(fading, passed_s * OBSERVED_FPS);
        }
        missed[i] = dw_random_unit(random) < likely;
    }
    return missed;
}

/* The true box on the frame that the detection overlaps most; -1: none shows it. */
static int shown_by(const struct dw_score_side *people, const struct dw_match_frames *frames,
                    int frame, struct dw_box box)
{
    int best = -1;
    double most = SHOWN_IOU;
    for (int i = frames->starts[frame]; i < frames->starts[frame + 1]; i++) {
        double iou = dw_box_iou(box, dw_score_box(&people->feet[frames->order[i]]));
        if (iou >= most) {
            most = iou;
            best = frames->order[i];
        }
    }
    return best;
}

static void drop(struct dw_sequence *sequence, double share, uint64_t seed)
{
    struct dw_score_foot *feet = NULL;
    struct dw_score_side people = { .foot_count = everybody(&sequence->truth, &feet) };
    people.feet = feet;
    struct dw_match_frames frames;
    bool *missed = miss_in_runs(&people, sequence->truth.fps, share, &seed);
    bool *kept = dw_alloc_array0(sequence->starts[sequence->frames], sizeof(bool));
    dw_match_frames_init(&frames, &people, sequence->frames);
    for (int f = 0; f < sequence->frames; f++)
        for (size_t i = sequence->starts[f]; i < sequence->starts[f + 1]; i++) {
            int person = shown_by(&people, &frames, f, sequence->detections[i].box);
            kept[i] = person >= 0 ? !missed[person] : dw_random_unit(&seed) >= share;
        }
    keep(sequence, kept);
    dw_match_frames_fini(&frames);
    free(kept);
    free(missed);
    free(feet);
}

void dw_sequence_damage(struct dw_sequence *sequence, const struct dw_damage *damage)
{
    if (damage->drop > 0)
        drop(sequence, damage->drop, damage->seed);
    if (damage->fps > 0)
        thin(sequence, damage->fps);
}
