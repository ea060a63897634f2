/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/body.h"
#include "core/track.h"
#include "lib/prop.h"

static const struct dw_view no_view = { 0 };

static struct dw_body_params usual(void)
{
    return dw_track_params_default().body;
}

/* A box 100 px high and 40 px wide on feet at (x, foot). */
static struct dw_box box_at(double x, double foot)
{
    return (struct dw_box){ (float)(x - 20), (float)(foot - 100), 40, 100 };
}

static double speed_variance(const struct dw_body *body)
{
    return body->upright.covariance[DW_UPRIGHT_SPEED][DW_UPRIGHT_SPEED];
}

static void take(struct dw_body *body, const struct dw_body_params *params,
                 const struct dw_view *view, struct dw_box box)
{
    struct dw_body_gate gate = dw_body_gate_of(body, params);
    struct dw_body_seen seen = dw_body_seen_of(view, box);
    dw_body_update(body, params, &gate, &seen);
}

/* Somebody who has been seen at one place for a while. */
static struct dw_body standing(double x, double foot)
{
    struct dw_body_params params = usual();
    struct dw_body body = dw_body_start(&params, &no_view, box_at(x, foot));
    for (int i = 0; i < 30; i++) {
        dw_body_predict(&body, &params, &no_view, 0.1, true);
        take(&body, &params, &no_view, box_at(x, foot));
    }
    return body;
}

static double misfit(const struct dw_body *body, const struct dw_view *view, struct dw_box box)
{
    struct dw_body_params params = usual();
    struct dw_body_gate gate = dw_body_gate_of(body, &params);
    struct dw_body_seen seen = dw_body_seen_of(view, box);
    return dw_body_misfit(&gate, &seen);
}

static void the_farther_off_a_box_is_the_worse_it_fits(void **state)
{
    (void)state;
    struct dw_body body = standing(300, 400);
    double before = misfit(&body, &no_view, box_at(300, 400));
    for (int off = 1; off <= 20; off++) {
        double across = misfit(&body, &no_view, box_at(300 + off, 400));
        assert_true(across > before);
        before = across;
    }
    assert_true(isinf(misfit(&body, &no_view, box_at(400, 400))));
    assert_true(misfit(&body, &no_view, box_at(300, 406)) <
                misfit(&body, &no_view, box_at(300, 412)));
}

static void a_fit_is_worth_its_density(void **state)
{
    (void)state;
    struct dw_body_params params = usual();
    struct dw_body body = standing(300, 400);
    struct dw_body_gate gate = dw_body_gate_of(&body, &params);
    double edge = (1 - params.outlier) / sqrt(2 * acos(-1) * gate.foot_var) + params.outlier;
    double top = (1 - params.outlier) / sqrt(2 * acos(-1) * gate.top_var) + params.outlier;
    double across = 1 / sqrt(2 * acos(-1) * gate.x_var);
    double expected = -log(edge) - log(top) - log(across);
    assert_true(fabs(misfit(&body, &no_view, box_at(300, 400)) - expected) < 0.05);
}

static void whose_legs_are_hidden_stands_where_the_head_says(void **state)
{
    (void)state;
    struct dw_body_params params = usual();
    struct dw_body body = standing(300, 400);
    for (int i = 0; i < 10; i++) {
        struct dw_box half = { 280, 300, 40, 50 };
        dw_body_predict(&body, &params, &no_view, 0.1, true);
        take(&body, &params, &no_view, half);
    }
    struct dw_box box = dw_body_box(&body);
    assert_true(fabs((double)(box.y + box.h) - 400) < 5);
    assert_true((double)box.h > 95);
}

static void an_edge_on_the_border_of_the_picture_is_not_the_persons(void **state)
{
    (void)state;
    struct dw_body_params params = usual();
    const struct dw_view view = { .width_px = 640, .height_px = 400 };
    struct dw_body body = standing(540, 315);
    /* Walks out at the lower right corner: what is left of the box shrinks, the person does not. */
    for (int i = 1; i <= 30; i++) {
        struct dw_box whole = box_at(540 + 3 * i, 315 + 4 * i), cut = whole;
        cut.w = fminf(whole.w, 640 - whole.x);
        cut.h = fminf(whole.h, 400 - whole.y);
        dw_body_predict(&body, &params, &view, 0.1, true);
        take(&body, &params, &view, cut);
    }
    struct dw_box box = dw_body_box(&body);
    assert_true(fabs((double)(box.x + box.w / 2) - 630) < 6);
    if (fabs((double)(box.y + box.h) - 435) > 12)
        fail_msg("feet at %g", (double)(box.y + box.h));
    struct dw_body_seen seen = dw_body_seen_of(&view, (struct dw_box){ 0, 300, 40, 100 });
    assert_true(seen.cut_left && seen.cut_foot && !seen.cut_right);
    seen = dw_body_seen_of(&no_view, (struct dw_box){ 0, 300, 40, 100 });
    assert_false(seen.cut_left || seen.cut_foot || seen.cut_right);
}

static void where_the_floor_is_known_steps_look_as_it_says(void **state)
{
    (void)state;
    /* Looking straight down, 50 pixels a metre: steps look alike in all directions. */
    const double down[9] = { 50, 0, 0, 0, 50, 0, 0, 0, 1 };
    struct dw_view view = { .width_px = 1000, .height_px = 1000 };
    assert_true(dw_ground_init(&view.ground, down, (struct dw_point){ 500, 999 }));
    struct dw_body_params params = usual();
    struct dw_body body = dw_body_start(&params, &view, box_at(300, 400));
    double at_once = body.x.p11;
    assert_true(fabs(at_once - speed_variance(&body)) < 1e-9);
    assert_true(fabs(at_once - pow(params.speed_birth * 1.7 * 50, 2)) < 1e-6);
    body = dw_body_start(&params, &no_view, box_at(300, 400));
    assert_true(fabs(speed_variance(&body) / body.x.p11 - params.depth * params.depth) < 1e-9);
}

static void the_unseen_slow_down(void **state)
{
    (void)state;
    struct dw_body_params params = usual();
    params.damping_s = 1;
    struct dw_body body = standing(300, 400);
    body.x.velocity = 50;
    struct dw_body damped = body;
    dw_body_predict(&body, &params, &no_view, 2, true);
    dw_body_predict(&damped, &params, &no_view, 2, false);
    assert_true(fabs(body.x.position - 400) < 1e-3);
    assert_true(fabs(damped.x.position - (300 + 50 * (1 - exp(-2)))) < 1e-3);
    assert_true(fabs(damped.x.velocity - 50 * exp(-2)) < 1e-3);
}

static void who_steps_into_the_picture_had_feet_below_it(void **state)
{
    (void)state;
    struct dw_body_params params = usual();
    const struct dw_view view = { .width_px = 640, .height_px = 400 };
    /* 200 px tall, first seen down to the knees, comes up by 10 px a frame: feet at 480 - 10 i. */
    enum { FRAMES = 20 };
    struct dw_body before[FRAMES], after[FRAMES], body;
    struct dw_body_step how[FRAMES];
    for (int i = 0; i < FRAMES; i++) {
        double foot = 480 - 10 * i;
        struct dw_box box = { 280, (float)(foot - 200), 80, (float)(fmin(foot, 400) - foot + 200) };
        if (i == 0) {
            after[0] = dw_body_start(&params, &view, box);
            continue;
        }
        before[i] = after[i - 1];
        how[i] = dw_body_predict(&before[i], &params, &view, 0.1, true);
        after[i] = before[i];
        take(&after[i], &params, &view, box);
    }
    body = after[FRAMES - 1];
    for (int i = FRAMES - 2; i >= 0; i--) {
        struct dw_body next = body;
        body = after[i];
        dw_body_smooth(&body, &before[i + 1], &how[i + 1], &next);
        struct dw_box box = dw_body_box(&body);
        if (fabs((double)(box.y + box.h) - (480 - 10 * i)) > 20)
            fail_msg("frame %d: feet at %g", i, (double)(box.y + box.h));
    }
}

enum { STEPS = 12 };

/* Filters a walk that is seen (or not) at irregular times; then looks back from its end. */
static void smooth_walk(struct prop *prop, struct dw_body smoothed[STEPS], double times[STEPS],
                        double measured[STEPS], bool seen[STEPS])
{
    struct dw_body_params params = usual();
    struct dw_body before[STEPS], after[STEPS];
    struct dw_body_step how[STEPS];
    double x = prop_real(prop, 200, 400), speed = prop_real(prop, -40, 40);
    for (int i = 0; i < STEPS; i++) {
        double dt = prop_real(prop, 0.03, 0.4);
        times[i] = i == 0 ? 0 : times[i - 1] + dt;
        measured[i] = x + speed * times[i] + prop_real(prop, -4, 4);
        seen[i] = i == 0 || i == STEPS - 1 || prop_chance(prop, 0.7);
        struct dw_box box = box_at(measured[i], 400);
        if (i == 0) {
            before[0] = after[0] = dw_body_start(&params, &no_view, box);
            continue;
        }
        before[i] = after[i - 1];
        how[i] = dw_body_predict(&before[i], &params, &no_view, dt, prop_chance(prop, 0.5));
        after[i] = before[i];
        if (seen[i])
            take(&after[i], &params, &no_view, box);
    }
    smoothed[STEPS - 1] = after[STEPS - 1];
    for (int i = STEPS - 2; i >= 0; i--) {
        smoothed[i] = after[i];
        dw_body_smooth(&smoothed[i], &before[i + 1], &how[i + 1], &smoothed[i + 1]);
    }
}

/*
 * The smoother's outcome is the least squares solution: the mean of a Gaussian chain. Its gradient
 * there is zero, whatever the times and misses; here for the widths, whose chain is the simplest.
 */
static void looking_back_is_the_best_guess_of_a_drifting_width(void **state)
{
    (void)state;
    struct dw_body_params params = usual();
    PROP(prop, 200)
    {
        struct dw_body before[STEPS], after[STEPS], best[STEPS];
        struct dw_body_step how[STEPS];
        double measured[STEPS], drift[STEPS], first = prop_real(&prop, 35, 45);
        for (int i = 0; i < STEPS; i++) {
            double dt = prop_real(&prop, 0.03, 0.4);
            measured[i] = i == 0 ? first : prop_real(&prop, 30, 50);
            struct dw_box box = { 280, 300, (float)measured[i], 100 };
            if (i == 0) {
                before[0] = after[0] = dw_body_start(&params, &no_view, box);
                continue;
            }
            before[i] = after[i - 1];
            how[i] = dw_body_predict(&before[i], &params, &no_view, dt, true);
            drift[i] = before[i].width.variance - after[i - 1].width.variance;
            after[i] = before[i];
            dw_level_update(&after[i].width, measured[i], 100);
        }
        best[STEPS - 1] = after[STEPS - 1];
        for (int i = STEPS - 2; i >= 0; i--) {
            best[i] = after[i];
            dw_body_smooth(&best[i], &before[i + 1], &how[i + 1], &best[i + 1]);
        }
        for (int i = 1; i < STEPS - 1; i++) {
            double slope = (best[i].width.value - measured[i]) / 100 +
                           (best[i].width.value - best[i - 1].width.value) / drift[i] -
                           (best[i + 1].width.value - best[i].width.value) / drift[i + 1];
            prop_assert(&prop, fabs(slope) < 1e-6);
        }
    }
}

static void looking_back_is_nearer_to_the_walk_than_looking_ahead(void **state)
{
    (void)state;
    double worse = 0, better = 0;
    PROP(prop, 200)
    {
        struct dw_body smoothed[STEPS];
        double times[STEPS], measured[STEPS];
        bool seen[STEPS];
        smooth_walk(&prop, smoothed, times, measured, seen);
        /* On a straight walk what was smoothed lies between its neighbours. */
        for (int i = 1; i < STEPS - 1; i++) {
            double t = (times[i] - times[i - 1]) / (times[i + 1] - times[i - 1]);
            double straight = smoothed[i - 1].x.position +
                              t * (smoothed[i + 1].x.position - smoothed[i - 1].x.position);
            double raw = measured[i - 1] + t * (measured[i + 1] - measured[i - 1]);
            better += fabs(smoothed[i].x.position - straight);
            worse += fabs(measured[i] - raw);
            prop_assert(&prop, isfinite(smoothed[i].x.position));
        }
    }
    assert_true(better < worse / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_farther_off_a_box_is_the_worse_it_fits),
        cmocka_unit_test(a_fit_is_worth_its_density),
        cmocka_unit_test(whose_legs_are_hidden_stands_where_the_head_says),
        cmocka_unit_test(an_edge_on_the_border_of_the_picture_is_not_the_persons),
        cmocka_unit_test(where_the_floor_is_known_steps_look_as_it_says),
        cmocka_unit_test(the_unseen_slow_down),
        cmocka_unit_test(who_steps_into_the_picture_had_feet_below_it),
        cmocka_unit_test(looking_back_is_the_best_guess_of_a_drifting_width),
        cmocka_unit_test(looking_back_is_nearer_to_the_walk_than_looking_ahead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
