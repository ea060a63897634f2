/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "cmd/sequence.h"

/* People stand side by side; each is detected on every frame, and each frame has a false box. */
#define PEOPLE 20
#define EACH (PEOPLE + 1)
#define X_PX 100

static struct dw_box box_at(int place)
{
    return (struct dw_box){ (float)(X_PX * place), 0, 40, 100 };
}

/* The last `undetected` frames have true boxes only. */
static struct dw_sequence crowd(double fps, int frames, int undetected)
{
    size_t count = (size_t)frames * PEOPLE;
    struct dw_sequence sequence = {
        .truth = { .fps = fps, .length_s = (frames + undetected) / fps, .foot_count = count },
        .frames = frames,
    };
    sequence.truth.feet = dw_alloc_array0(count, sizeof(struct dw_score_foot));
    sequence.detections = dw_alloc_array0((size_t)frames * EACH, sizeof(struct dw_detection));
    sequence.starts = dw_alloc_array0((size_t)frames + 1, sizeof(size_t));
    for (int f = 0; f < frames; f++) {
        sequence.starts[f + 1] = (size_t)(f + 1) * EACH;
        for (int i = 0; i < EACH; i++)
            sequence.detections[f * EACH + i] =
                (struct dw_detection){ box_at(i == PEOPLE ? 50 : i), 0.9f };
        for (int i = 0; i < PEOPLE; i++)
            sequence.truth.feet[i * frames + f] = dw_score_foot_of(i + 1, f, box_at(i));
    }
    return sequence;
}

static bool is_detected(const struct dw_sequence *sequence, int frame, int place)
{
    for (size_t i = sequence->starts[frame]; i < sequence->starts[frame + 1]; i++)
        if (sequence->detections[i].box.x == box_at(place).x)
            return true;
    return false;
}

/* Of all frames, and of those after a miss: how often the people are missed. */
static void count_misses(const struct dw_sequence *sequence, double *share, double *again)
{
    int misses = 0, pairs = 0, both = 0;
    for (int place = 0; place < PEOPLE; place++)
        for (int f = 0; f < sequence->frames; f++) {
            bool missed = !is_detected(sequence, f, place);
            bool before = f > 0 && !is_detected(sequence, f - 1, place);
            misses += missed;
            pairs += before;
            both += before && missed;
        }
    *share = (double)misses / (PEOPLE * sequence->frames);
    *again = (double)both / pairs;
}

static void assert_about(double actual, double wanted, double tolerance)
{
    if (!(fabs(actual - wanted) < tolerance))
        fail_msg("%g is not about %g", actual, wanted);
}

static void people_are_missed_in_runs_as_observed_at_30_frames_a_second(void **state)
{
    (void)state;
    double share = 0, again = 0;
    struct dw_sequence sequence = crowd(30, 3000, 0);
    struct dw_damage damage = { .drop = 0.3, .seed = 1 };
    dw_sequence_damage(&sequence, &damage);
    count_misses(&sequence, &share, &again);
    assert_about(share, 0.3, 0.02);
    assert_about(again, 0.785, 0.01);
    dw_sequence_fini(&sequence);
}

/* Three steps of that chain: 0.3 + 0.7 * ((0.785 - 0.3) / 0.7)^3. */
static void the_runs_last_as_long_at_10_frames_a_second(void **state)
{
    (void)state;
    double share = 0, again = 0;
    struct dw_sequence sequence = crowd(10, 3000, 0);
    struct dw_damage damage = { .drop = 0.3, .seed = 1 };
    dw_sequence_damage(&sequence, &damage);
    count_misses(&sequence, &share, &again);
    assert_about(share, 0.3, 0.02);
    assert_about(again, 0.5328, 0.015);
    dw_sequence_fini(&sequence);
}

static void what_shows_nobody_is_dropped_one_by_one(void **state)
{
    (void)state;
    int left = 0, again = 0, before = 0;
    struct dw_sequence sequence = crowd(30, 3000, 0);
    struct dw_damage damage = { .drop = 0.5, .seed = 1 };
    dw_sequence_damage(&sequence, &damage);
    for (int f = 1; f < sequence.frames; f++) {
        bool missed = !is_detected(&sequence, f - 1, 50);
        left += is_detected(&sequence, f, 50);
        before += missed;
        again += missed && !is_detected(&sequence, f, 50);
    }
    assert_about((double)left / sequence.frames, 0.5, 0.03);
    assert_about((double)again / before, 0.5, 0.04);
    dw_sequence_fini(&sequence);
}

static void two_boxes_of_one_person_go_together(void **state)
{
    (void)state;
    struct dw_sequence sequence = crowd(30, 300, 0);
    for (int f = 0; f < sequence.frames; f++) /* the false box becomes a second one of the first */
        sequence.detections[f * EACH + PEOPLE].box = (struct dw_box){ 5, 0, 40, 100 };
    struct dw_damage damage = { .drop = 0.5, .seed = 1 };
    dw_sequence_damage(&sequence, &damage);
    for (int f = 0; f < sequence.frames; f++) {
        int seen = 0;
        for (size_t i = sequence.starts[f]; i < sequence.starts[f + 1]; i++)
            seen += sequence.detections[i].box.x < X_PX;
        assert_true(seen == 0 || seen == 2);
    }
    dw_sequence_fini(&sequence);
}

static void the_seed_decides(void **state)
{
    (void)state;
    struct dw_sequence sequences[3];
    for (int i = 0; i < 3; i++) {
        struct dw_damage damage = { .drop = 0.3, .seed = i < 2 ? 7 : 8 };
        sequences[i] = crowd(30, 200, 0);
        dw_sequence_damage(&sequences[i], &damage);
    }
    size_t size = 201 * sizeof(size_t);
    assert_memory_equal(sequences[0].starts, sequences[1].starts, size);
    assert_memory_not_equal(sequences[0].starts, sequences[2].starts, size);
    for (int i = 0; i < 3; i++)
        dw_sequence_fini(&sequences[i]);
}

static void frames_are_left_out_evenly_and_never_the_first(void **state)
{
    (void)state;
    static const struct {
        double fps, wanted;
        int kept_of_30; /* frames, the last six without detections */
    } cases[] = { { 30, 15, 15 }, { 30, 10, 10 }, { 30, 7, 7 }, { 30, 60, 30 }, { 7, 5, 21 } };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dw_sequence sequence = crowd(cases[i].fps, 24, 6);
        struct dw_damage damage = { .fps = cases[i].wanted };
        int kept = 0;
        dw_sequence_damage(&sequence, &damage);
        for (int f = 0; f < 30; f++) {
            kept += !sequence.skipped[f];
            if (f < 24)
                assert_true(is_detected(&sequence, f, 0) == !sequence.skipped[f]);
        }
        assert_false(sequence.skipped[0]);
        assert_int_equal(kept, cases[i].kept_of_30);
        dw_sequence_fini(&sequence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_are_missed_in_runs_as_observed_at_30_frames_a_second),
        cmocka_unit_test(the_runs_last_as_long_at_10_frames_a_second),
        cmocka_unit_test(what_shows_nobody_is_dropped_one_by_one),
        cmocka_unit_test(two_boxes_of_one_person_go_together),
        cmocka_unit_test(the_seed_decides),
        cmocka_unit_test(frames_are_left_out_evenly_and_never_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
