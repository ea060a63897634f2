/* SPDX-License-Identifier: Apache-2.0 */
#include "core/staff.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "uniforms.h"

static void a_uniform_is_learnt_and_found_on_others(void **state)
{
    (void)state;
    struct uniforms set;
    struct dw_staff_model model = uniforms_trained(&set);
    int right = 0, wrong = 0;
    for (int i = 0; i < 100; i++) {
        struct dw_staff_views views = { 0 };
        uniforms_see(&set, &views, i % 2 == 0, 2, 4);
        enum dw_role role = dw_staff_judge(&model, &model.usual, &views, 0.9).role;
        right += role == (i % 2 == 0 ? DW_ROLE_STAFF : DW_ROLE_SHOPPER);
        wrong += role == (i % 2 == 0 ? DW_ROLE_SHOPPER : DW_ROLE_STAFF);
    }
    if (right < 80)
        fail_msg("%d right, %d wrong", right, wrong);
    assert_true(wrong <= 3);
}

static void the_figures_are_those_of_tracks_that_were_not_learnt_from(void **state)
{
    (void)state;
    struct uniforms set;
    struct dw_staff_model model = uniforms_trained(&set);
    const struct dw_staff_figures *figures = &model.figures;
    assert_int_equal(figures->staff, 20);
    assert_int_equal(figures->shoppers, 40);
    assert_int_equal(figures->shopper_people, 40);
    assert_true(figures->by_person);
    assert_true(figures->auc > 0.97 && figures->auc <= 1);
    assert_true(figures->staff_right + figures->staff_wrong <= 20);
    assert_true(figures->staff_right >= 17 && figures->shopper_wrong <= 2);
    assert_true(figures->curve[2] >= 0.9);
    assert_true(model.alike > 0.05 && model.alike < 0.95);
}

/* Of people nobody has seen: how many of 500 shoppers are called staff, and of 500 of staff are
 * not.
 */
static void try_on_others(struct uniforms *set, const struct dw_staff_model *model, int *lost,
                          int *missed)
{
    *lost = *missed = 0;
    for (int i = 0; i < 1000; i++) {
        struct dw_staff_views views = { 0 };
        uniforms_see(set, &views, i % 2 == 0, 2, 4);
        enum dw_role role = dw_staff_judge(model, &model->usual, &views, model->figures.sure).role;
        *lost += i % 2 != 0 && role == DW_ROLE_STAFF;
        *missed += i % 2 == 0 && role != DW_ROLE_STAFF;
    }
}

static void how_sure_a_role_must_be_is_chosen_by_the_labels(void **state)
{
    (void)state;
    struct uniforms set;
    struct dw_staff_model model;
    struct dw_err err = { 0 };
    int lost = 0, missed = 0;
    static const size_t labels[] = { 18, UNIFORMS_TRACKS };
    for (size_t i = 0; i < 2; i++) {
        uniforms_fill(&set, 2);
        assert_int_equal(dw_staff_train(&model, set.tracks, labels[i],
                                        &(struct dw_staff_how){ .sure = -1 }, NULL, &err),
                         0);
        assert_true(model.figures.sure >= 0.5 && model.figures.sure <= 0.99);
        try_on_others(&set, &model, &lost, &missed);
        if (lost > 10 || missed > 75)
            fail_msg("%zu labels, sure %.2f: %d lost, %d missed", labels[i], model.figures.sure,
                     lost, missed);
    }
}

static void clothes_without_a_difference_are_refused(void **state)
{
    (void)state;
    struct uniforms set;
    struct dw_staff_model model;
    struct dw_err err = { 0 };
    uniforms_fill(&set, 0);
    assert_int_equal(dw_staff_train(&model, set.tracks, UNIFORMS_TRACKS,
                                    &(struct dw_staff_how){ .sure = 0.9 }, NULL, &err),
                     -EINVAL);
    assert_non_null(strstr(err.text, "cannot be told apart"));
}

static void too_few_labels_are_refused_with_their_number(void **state)
{
    (void)state;
    struct uniforms set;
    struct dw_staff_model model;
    struct dw_err err = { 0 };
    uniforms_fill(&set, 2);
    assert_int_equal(
        dw_staff_train(&model, set.tracks, 6, &(struct dw_staff_how){ .sure = 0.9 }, NULL, &err),
        -EINVAL);
    assert_non_null(strstr(err.text, "too few labels"));
    assert_non_null(strstr(err.text, "got 2 and 4"));
    assert_int_equal(
        dw_staff_train(&model, set.tracks, 0, &(struct dw_staff_how){ .sure = 0.9 }, NULL, &err),
        -EINVAL);
}

/* If it were asked about persons it has learnt from, noise that is a person's own would be staff.
 */
static void one_person_is_never_on_both_sides(void **state)
{
    (void)state;
    struct uniforms set;
    struct dw_staff_model model;
    struct dw_err err = { 0 };
    uniforms_fill(&set, 0);
    for (int i = 0; i < UNIFORMS_TRACKS; i++) {
        set.tracks[i].person = 1 + i % 12;
        if (i >= 12)
            set.tracks[i].views = set.tracks[i % 12].views;
    }
    (void)dw_staff_train(&model, set.tracks, UNIFORMS_TRACKS, &(struct dw_staff_how){ .sure = 0.9 },
                         NULL, &err);
    assert_int_equal(model.figures.shopper_people, 8);
    double by_person = model.figures.auc, error = model.figures.auc_error;
    for (int i = 0; i < UNIFORMS_TRACKS; i++)
        set.tracks[i].person = 0;
    assert_int_equal(dw_staff_train(&model, set.tracks, UNIFORMS_TRACKS,
                                    &(struct dw_staff_how){ .sure = 0.9 }, NULL, &err),
                     0);
    if (!(by_person <= model.figures.auc && error > 1.3 * model.figures.auc_error))
        fail_msg("%f +- %f, %f +- %f", by_person, error, model.figures.auc,
                 model.figures.auc_error);
}

static void a_single_member_of_staff_is_judged_by_time_and_it_says_so(void **state)
{
    (void)state;
    struct uniforms set;
    struct dw_staff_model model;
    struct dw_err err = { 0 };
    uniforms_fill(&set, 2);
    for (int i = 0; i < UNIFORMS_TRACKS; i += 3)
        set.tracks[i].person = 99;
    assert_int_equal(dw_staff_train(&model, set.tracks, UNIFORMS_TRACKS,
                                    &(struct dw_staff_how){ .sure = 0.9 }, NULL, &err),
                     0);
    assert_false(model.figures.by_person);
}

static void staff_whom_nobody_names_may_be_on_both_sides_and_it_says_so(void **state)
{
    (void)state;
    struct uniforms set;
    struct dw_staff_model model;
    struct dw_err err = { 0 };
    uniforms_fill(&set, 2);
    for (int i = 0; i < UNIFORMS_TRACKS; i++) {
        bool shopper = set.tracks[i].label == DW_ROLE_SHOPPER;
        set.tracks[i].person = shopper ? 0 : set.tracks[i].person;
    }
    const struct dw_staff_how how = { .sure = 0.9 };
    assert_int_equal(dw_staff_train(&model, set.tracks, UNIFORMS_TRACKS, &how, NULL, &err), 0);
    assert_true(model.figures.by_person); /* shoppers come once */
    set.tracks[0].person = 0;
    assert_int_equal(dw_staff_train(&model, set.tracks, UNIFORMS_TRACKS, &how, NULL, &err), 0);
    assert_false(model.figures.by_person);
}

static void more_views_make_it_surer_but_not_without_end(void **state)
{
    (void)state;
    struct uniforms set;
    struct dw_staff_model model = uniforms_trained(&set);
    struct dw_staff_views views = { 0 };
    uniforms_see(&set, &views, true, 1.2, 1);
    double before = dw_staff_judge(&model, &model.usual, &views, 0).p;
    for (int half = 0; half < 2; half++) {
        views.count[half] = 500;
        for (size_t i = 0; i < UNIFORMS_SIZE; i++)
            views.sum[half][i] = 500 * views.sum[0][i] / (half == 0 ? 1 : 500);
    }
    double after = dw_staff_judge(&model, &model.usual, &views, 0).p;
    assert_true(fabs(after - 0.5) >= fabs(before - 0.5));
    assert_true(after < 1 - 1e-9);
}

static void who_was_never_seen_well_is_unknown(void **state)
{
    (void)state;
    struct uniforms set;
    struct dw_staff_model model = uniforms_trained(&set);
    struct dw_staff_views views = { 0 };
    struct dw_look hidden = { .size = UNIFORMS_SIZE },
                   other = { .size = UNIFORMS_SIZE + 1, .weight = 1 };
    dw_staff_views_add(&views, &hidden);
    assert_int_equal(dw_staff_judge(&model, &model.usual, &views, 0).role, DW_ROLE_UNKNOWN);
    dw_staff_views_add(&views, &other);
    assert_int_equal(dw_staff_judge(&model, &model.usual, &views, 0).role, DW_ROLE_UNKNOWN);
}

static void what_is_found_is_never_as_certain_as_what_is_decided(void **state)
{
    (void)state;
    assert_true(dw_staff_verdict(1, 0.5).p < 1);
    assert_true(dw_staff_verdict(0, 0.5).p < 1);
    assert_int_equal(dw_staff_verdict(0, 0.5).role, DW_ROLE_SHOPPER);
}

static void another_light_is_taken_off_with_what_is_usual(void **state)
{
    (void)state;
    struct uniforms set;
    struct dw_staff_model model = uniforms_trained(&set);
    struct dw_staff_usual usual = { 0 };
    struct dw_staff_views views = { 0 };
    uniforms_see(&set, &views, true, 2, 4);
    double here = dw_staff_judge(&model, &model.usual, &views, 0).p;
    for (size_t i = 0; i < UNIFORMS_SIZE; i++) {
        usual.mean[i] = model.usual.mean[i] + 0.1 * (double)(i % 4);
        for (int half = 0; half < 2; half++)
            views.sum[half][i] += 0.1F * (float)(i % 4) * (float)views.count[half];
    }
    assert_true(fabs(dw_staff_judge(&model, &usual, &views, 0).p - here) < 1e-4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_uniform_is_learnt_and_found_on_others),
        cmocka_unit_test(the_figures_are_those_of_tracks_that_were_not_learnt_from),
        cmocka_unit_test(how_sure_a_role_must_be_is_chosen_by_the_labels),
        cmocka_unit_test(clothes_without_a_difference_are_refused),
        cmocka_unit_test(too_few_labels_are_refused_with_their_number),
        cmocka_unit_test(one_person_is_never_on_both_sides),
        cmocka_unit_test(a_single_member_of_staff_is_judged_by_time_and_it_says_so),
        cmocka_unit_test(staff_whom_nobody_names_may_be_on_both_sides_and_it_says_so),
        cmocka_unit_test(more_views_make_it_surer_but_not_without_end),
        cmocka_unit_test(who_was_never_seen_well_is_unknown),
        cmocka_unit_test(what_is_found_is_never_as_certain_as_what_is_decided),
        cmocka_unit_test(another_light_is_taken_off_with_what_is_usual),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
