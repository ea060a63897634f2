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
#include "base/macros.h"
#include "cmd/tune_search.h"
#include "core/random.h"

#define FPS 10.0
#define FRAMES 120

/* Two people walk through the left half of the picture; one detection in seven is missing. */
static struct dw_sequence two_walkers(void)
{
    struct dw_sequence sequence = { .name = { "walkers" }, .frames = FRAMES };
    struct dw_truth *truth = &sequence.truth;
    truth->layout.zones = dw_alloc0(sizeof(struct dw_zone));
    truth->layout.zone_count = 1;
    *truth->layout.zones =
        (struct dw_zone){ .corners = { { 0, 0 }, { 0.5, 0 }, { 0.5, 1 }, { 0, 1 } },
                          .corner_count = 4,
                          .rules = dw_zone_rules_default() };
    truth->fps = FPS;
    truth->length_s = FRAMES / FPS;
    truth->width_px = truth->height_px = 1000;
    truth->feet = dw_alloc_array0((size_t)2 * FRAMES, sizeof(*truth->feet));
    sequence.detections = dw_alloc_array0((size_t)2 * FRAMES, sizeof(*sequence.detections));
    sequence.starts = dw_alloc_array0(FRAMES + 1, sizeof(*sequence.starts));
    size_t count = 0;
    for (int f = 0; f < FRAMES; f++) {
        for (int person = 1; person <= 2; person++) {
            struct dw_box box = { (float)(8 * f), (float)(300 * person), 40, 100 };
            truth->feet[truth->foot_count++] = dw_score_foot_of(person, f, box);
            if ((f + 3 * person) % 7 != 0)
                sequence.detections[count++] = (struct dw_detection){ box, 0.9F };
        }
        sequence.starts[f + 1] = count;
    }
    dw_score_sort_feet(truth->feet, truth->foot_count);
    truth->visits = dw_alloc_array0(2, sizeof(*truth->visits));
    truth->visit_count = 2;
    for (int i = 0; i < 2; i++)
        truth->visits[i] = (struct dw_score_visit){ 0, i + 1, 0, 6 };
    return sequence;
}

static struct dw_tune_search search_of(const struct dw_sequence *sequence, int jobs)
{
    struct dw_tune_search search = { .sequences = sequence,
                                     .sequence_count = 1,
                                     .settings = dw_settings_default(),
                                     .jobs = jobs,
                                     .random = 7 };
    dw_tune_space_init(&search.space, &search.settings);
    return search;
}

static void
the_space_holds_tracking_and_linking_by_place_and_starts_where_the_settings_are(void **state)
{
    (void)state;
    struct dw_tune_space space;
    struct dw_settings settings = dw_settings_default();
    dw_settings_set(&settings, "track.lost=3", NULL);
    dw_tune_space_init(&space, &settings);
    struct dw_tune_point usual = dw_tune_usual(&space);
    bool lost = false;
    for (size_t i = 0; i < space.count; i++) {
        assert_true(strncmp(space.axes[i].name, "track.", 6) == 0 ||
                    strncmp(space.axes[i].name, "link.", 5) == 0);
        assert_null(strstr(space.axes[i].name, "look"));
        assert_true(space.axes[i].least < space.axes[i].most);
        assert_true(space.axes[i].least <= usual.values[i]);
        assert_true(usual.values[i] <= space.axes[i].most);
        if (strcmp(space.axes[i].name, "track.lost") == 0)
            lost = usual.values[i] == 3;
        if (strcmp(space.axes[i].name, "track.high") == 0)
            assert_true(usual.values[i] == dw_track_params_default().high);
    }
    assert_true(lost);
    usual.values[0] = space.axes[0].least;
    struct dw_settings tuned = dw_tune_settings(&space, &settings, &usual);
    assert_int_equal(tuned.track.lost_us, 3000000);
    assert_true(tuned.track.high == dw_track_params_default().high);
}

static void moves_stay_within_the_range_and_whole_numbers_whole(void **state)
{
    (void)state;
    struct dw_tune_space space;
    struct dw_settings settings = dw_settings_default();
    uint64_t random = 3;
    dw_tune_space_init(&space, &settings);
    struct dw_tune_point point = dw_tune_usual(&space);
    for (int i = 0; i < 20000; i++) {
        size_t axis = (size_t)(dw_random_unit(&random) * (double)space.count);
        dw_tune_move(&space, &point, axis, dw_random_normal(&random) / 3);
        double value = point.values[axis];
        assert_true(value >= space.axes[axis].least && value <= space.axes[axis].most);
        if (space.axes[axis].whole)
            assert_true(value == floor(value));
    }
}

static void the_number_of_processes_changes_nothing(void **state)
{
    (void)state;
    struct dw_sequence sequence = two_walkers();
    struct dw_tune_trial trials[2][5];
    for (int i = 0; i < 2; i++) {
        struct dw_tune_search search = search_of(&sequence, i == 0 ? 1 : 3);
        memset(trials[i], 0, sizeof(trials[i]));
        assert_int_equal(dw_tune_scatter(&search, trials[i], 5, NULL), 0);
        assert_int_equal(search.evaluations, 5);
    }
    assert_int_equal(trials[0][0].scores[0].matched, 2);
    for (int i = 0; i < 5; i++) {
        assert_memory_equal(&trials[0][i].point, &trials[1][i].point, sizeof(trials[0][i].point));
        assert_int_equal(trials[0][i].scores[0].matched, trials[1][i].scores[0].matched);
        dw_tune_trial_fini(&trials[0][i]);
        dw_tune_trial_fini(&trials[1][i]);
    }
    dw_sequence_fini(&sequence);
}

static void climbing_never_makes_it_worse(void **state)
{
    (void)state;
    struct dw_sequence sequence = two_walkers();
    struct dw_tune_search search = search_of(&sequence, 1);
    struct dw_tune_trial best = { .point = dw_tune_usual(&search.space) };
    const bool counted[] = { true };
    for (size_t i = 0; i < search.space.count; i++)
        if (strcmp(search.space.axes[i].name, "track.tentative_limit") == 0)
            best.point.values[i] = 0.05; /* hardly anybody is ever confirmed */
    assert_int_equal(dw_tune_measure(&search, &best, 1, NULL), 0);
    double before = dw_tune_judge(&search, &best, counted);
    assert_int_equal(dw_tune_climb(&search, &best, counted, 160, NULL), 0);
    assert_int_equal(search.evaluations, 161);
    assert_true(dw_tune_judge(&search, &best, counted) >= before);
    dw_tune_trial_fini(&best);
    dw_sequence_fini(&sequence);
}

static void the_judge_wants_f1_without_bias(void **state)
{
    (void)state;
    struct dw_score scores[] = {
        { .true_visits = 10,
          .measured_visits = 10,
          .matched = 8,
          .true_people = 5,
          .measured_people = 5,
          .true_dwell_s = 50,
          .measured_dwell_s = 50 },
        { .true_visits = 10,
          .measured_visits = 14,
          .matched = 6,
          .true_people = 5,
          .measured_people = 5,
          .true_dwell_s = 50,
          .measured_dwell_s = 50 },
        { 0 },
    };
    struct dw_tune_search search = { .sequence_count = 3 };
    struct dw_tune_trial trial = { .scores = scores };
    const bool first[] = { true, false, false }, both[] = { true, true, false };
    assert_true(fabs(dw_tune_judge(&search, &trial, first) - 0.8) < 1e-9);
    /* Pooled 28 / 44, mean of 0.8 and 0.5; the count is 20 % too high. */
    double wanted = (28.0 / 44 + 0.65) / 2 - 0.5 * 0.15;
    assert_true(fabs(dw_tune_judge(&search, &trial, both) - wanted) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            the_space_holds_tracking_and_linking_by_place_and_starts_where_the_settings_are),
        cmocka_unit_test(moves_stay_within_the_range_and_whole_numbers_whole),
        cmocka_unit_test(the_number_of_processes_changes_nothing),
        cmocka_unit_test(climbing_never_makes_it_worse),
        cmocka_unit_test(the_judge_wants_f1_without_bias),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
