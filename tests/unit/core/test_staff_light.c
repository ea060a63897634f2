/* SPDX-License-Identifier: Apache-2.0 */
#include "core/staff_light.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/staff.h"

enum { DARKER = 1, WARMER = 2, GREY = DW_LOOK_TINTS / 2, TINTS = DW_LOOK_TINTS * DW_LOOK_TINTS };

/* Everything of a stripe in one tint and one brightness. */
static void put(float *row, int stripe, int u, int v, int shade)
{
    row[stripe * DW_LOOK_STRIPE + u * DW_LOOK_TINTS + v] = sqrtf(0.1F);
    row[stripe * DW_LOOK_STRIPE + TINTS + shade] = sqrtf(0.05F);
}

static void shine(float *row, size_t number)
{
    struct dw_staff_light light;
    dw_staff_light_init(&light, number);
    dw_staff_light_shine(&light, row);
}

/* The mean bin of a stripe's U (0), V (1) or brightness (2), and all that is in it. */
static double middle(const float *row, int stripe, int channel, double *all)
{
    const float *bins = row + (ptrdiff_t)stripe * DW_LOOK_STRIPE;
    double sum = 0;
    *all = 0;
    for (int i = channel == 2 ? TINTS : 0; i < (channel == 2 ? DW_LOOK_STRIPE : TINTS); i++) {
        double share = (double)bins[i] * (double)bins[i];
        const int at[] = { i / DW_LOOK_TINTS, i % DW_LOOK_TINTS, i - TINTS };
        sum += share * at[channel];
        *all += share;
    }
    return sum / *all;
}

static void less_light_is_darker_and_nothing_of_it_is_lost(void **state)
{
    (void)state;
    float row[DW_LOOK_COLOURS] = { 0 };
    double all = 0;
    put(row, 2, GREY, GREY, 8);
    shine(row, DARKER);
    assert_true(middle(row, 2, 2, &all) < 7.5);
    assert_true(fabs(all - 0.05) < 1e-6);
    (void)middle(row, 2, 0, &all);
    assert_true(fabs(all - 0.1) < 1e-6);
}

static void a_warm_lamp_takes_blue_away_and_adds_red(void **state)
{
    (void)state;
    float cold[DW_LOOK_COLOURS] = { 0 }, warm[DW_LOOK_COLOURS] = { 0 };
    double all = 0;
    put(cold, 0, GREY, GREY, 10);
    put(warm, 0, GREY, GREY, 10);
    shine(cold, WARMER + 1);
    shine(warm, WARMER);
    assert_true(middle(warm, 0, 0, &all) < GREY - 0.3 && middle(warm, 0, 1, &all) > GREY + 0.3);
    assert_true(middle(cold, 0, 0, &all) > GREY + 0.3 && middle(cold, 0, 1, &all) < GREY - 0.3);
}

static void black_has_no_colour_that_a_lamp_could_change(void **state)
{
    (void)state;
    float row[DW_LOOK_COLOURS] = { 0 };
    double all = 0;
    put(row, 5, GREY, GREY, 0);
    shine(row, WARMER);
    assert_true(middle(row, 5, 2, &all) < 0.1);
}

static void stripes_stay_apart_and_what_a_model_says_stays(void **state)
{
    (void)state;
    float row[DW_LOOK_COLOURS + 2] = { 0 };
    put(row, 3, 1, 4, 12);
    row[DW_LOOK_COLOURS] = -0.5F;
    row[DW_LOOK_COLOURS + 1] = 0.25F;
    shine(row, DARKER);
    for (int i = 0; i < DW_LOOK_COLOURS; i++)
        assert_true(i / DW_LOOK_STRIPE == 3 || row[i] == 0);
    assert_true(row[DW_LOOK_COLOURS] == -0.5F && row[DW_LOOK_COLOURS + 1] == 0.25F);
}

enum { TRACKS = 24 };

/* Every other one in blue, the others in one of three colours; trousers of all kinds. */
static void dress(float row[DW_LOOK_COLOURS], int number)
{
    static const int others[][2] = { { 2, 4 }, { 1, 2 }, { 3, 3 } };
    const int *tint = others[number / 2 % 3], blue[] = { 4, 2 };
    memset(row, 0, DW_LOOK_COLOURS * sizeof(*row));
    put(row, 1, number % 2 == 0 ? blue[0] : tint[0], number % 2 == 0 ? blue[1] : tint[1], 7);
    put(row, 4, GREY, number % 3 + 1, 3 + number % 4);
}

/* How probably somebody in blue is staff in less light, where the camera knows what is usual. */
static double chance_in_less_light(bool lights)
{
    static struct dw_staff_track tracks[TRACKS];
    static struct dw_staff_model model;
    struct dw_staff_usual usual = { 0 };
    struct dw_staff_views blue = { 0 };
    float row[DW_LOOK_COLOURS];
    memset(tracks, 0, sizeof(tracks));
    for (int i = 0; i < TRACKS; i++) {
        struct dw_staff_views dark = { 0 };
        dress(row, i);
        tracks[i].start_us = i;
        tracks[i].label = i % 2 == 0 ? DW_ROLE_STAFF : DW_ROLE_SHOPPER;
        dw_staff_views_put(&tracks[i].views, row, DW_LOOK_COLOURS);
        shine(row, DARKER);
        shine(row, DARKER);
        dw_staff_views_put(&dark, row, DW_LOOK_COLOURS);
        dw_staff_usual_add(&usual, &dark);
        if (i == 0)
            blue = dark;
    }
    const struct dw_staff_how how = { .sure = 0.9, .lights = lights };
    assert_int_equal(dw_staff_train(&model, tracks, TRACKS, &how, NULL, NULL), 0);
    return dw_staff_chance(&model, &usual, &blue);
}

static void what_was_learnt_in_other_lights_holds_in_less_of_it(void **state)
{
    (void)state;
    double without = chance_in_less_light(false), with = chance_in_less_light(true);
    if (!(with > without + 0.01))
        fail_msg("%f with other lights, %f without", with, without);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(less_light_is_darker_and_nothing_of_it_is_lost),
        cmocka_unit_test(a_warm_lamp_takes_blue_away_and_adds_red),
        cmocka_unit_test(black_has_no_colour_that_a_lamp_could_change),
        cmocka_unit_test(what_was_learnt_in_other_lights_holds_in_less_of_it),
        cmocka_unit_test(stripes_stay_apart_and_what_a_model_says_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
