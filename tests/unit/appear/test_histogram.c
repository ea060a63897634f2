/* SPDX-License-Identifier: Apache-2.0 */
#include "appear/histogram.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/look.h"
#include "core/staff_light.h"
#include "lib/prop.h"

enum { WIDTH = 60, HEIGHT = 120, BINS = DW_HISTOGRAM_BINS, STRIPE = 3 * DW_HISTOGRAM_BINS };

/* A picture of one person, to be painted by the tests. */
struct person {
    uint8_t y[HEIGHT][WIDTH], u[HEIGHT / 2][WIDTH / 2], v[HEIGHT / 2][WIDTH / 2];
    struct dw_image image;
};

static struct person *grey_person(void)
{
    static struct person person;
    memset(person.y, 126, sizeof(person.y));
    memset(person.u, 128, sizeof(person.u));
    memset(person.v, 128, sizeof(person.v));
    person.image = (struct dw_image){ .y = &person.y[0][0],
                                      .u = &person.u[0][0],
                                      .v = &person.v[0][0],
                                      .y_stride = WIDTH,
                                      .u_stride = WIDTH / 2,
                                      .v_stride = WIDTH / 2,
                                      .width_px = WIDTH,
                                      .height_px = HEIGHT };
    return &person;
}

/* What a stripe holds around the bin for `value` of `channel`, as a share of the channel. */
static double share(const float *vector, int stripe, int channel, double place)
{
    const float *bins = vector + (ptrdiff_t)stripe * STRIPE + (ptrdiff_t)channel * BINS;
    double all = 0, near = 0;
    for (int bin = 0; bin < BINS; bin++) {
        all += (double)bins[bin];
        near += fabs(bin - place) < 1 ? (double)bins[bin] : 0;
    }
    return near / all;
}

static double unlike(const struct dw_image *a, const struct dw_image *b)
{
    const struct dw_image *images[] = { a, b };
    struct dw_appearance appearances[2] = { { 0 } };
    for (int i = 0; i < 2; i++) {
        float vector[DW_HISTOGRAM_SIZE];
        struct dw_look look;
        dw_histogram_count(images[i], vector);
        dw_look_set(&look, vector, DW_HISTOGRAM_SIZE, 1);
        dw_appearance_add(&appearances[i], &look);
    }
    return dw_appearance_distance(&appearances[0], &appearances[1]);
}

static void one_colour_fills_the_bins_around_it_in_every_stripe(void **state)
{
    (void)state;
    float vector[DW_HISTOGRAM_SIZE];
    dw_histogram_count(&grey_person()->image, vector);
    for (int stripe = 0; stripe < DW_HISTOGRAM_STRIPES; stripe++) {
        assert_true(share(vector, stripe, 0, 7.5) > 0.999);
        assert_true(share(vector, stripe, 1, 7.5) > 0.999);
        assert_true(share(vector, stripe, 2, 7.5) > 0.999);
    }
}

static void colours_out_of_reach_go_into_the_last_bins(void **state)
{
    (void)state;
    struct person *person = grey_person();
    float vector[DW_HISTOGRAM_SIZE];
    memset(person->y, 255, sizeof(person->y));
    memset(person->u, 0, sizeof(person->u));
    memset(person->v, 255, sizeof(person->v));
    dw_histogram_count(&person->image, vector);
    assert_true(share(vector, 3, 0, BINS - 1) > 0.999);
    assert_true(share(vector, 3, 1, 0) > 0.999);
    assert_true(share(vector, 3, 2, BINS - 1) > 0.999);
}

static void a_jacket_and_trousers_are_in_their_own_stripes(void **state)
{
    (void)state;
    struct person *person = grey_person();
    float vector[DW_HISTOGRAM_SIZE];
    memset(person->y[HEIGHT / 2], 16, sizeof(person->y) / 2);
    dw_histogram_count(&person->image, vector);
    assert_true(share(vector, 1, 0, 7.5) > 0.999);
    assert_true(share(vector, 4, 0, 0) > 0.999);
}

static void the_middle_counts_more_than_what_is_beside_the_person(void **state)
{
    (void)state;
    struct person *person = grey_person();
    float vector[DW_HISTOGRAM_SIZE];
    for (int row = 0; row < HEIGHT; row++) { /* a quarter on each side is background */
        memset(person->y[row], 235, WIDTH / 4);
        memset(person->y[row] + WIDTH * 3 / 4, 235, WIDTH / 4);
    }
    dw_histogram_count(&person->image, vector);
    assert_true(share(vector, 2, 0, 7.5) > 0.8);
}

static void a_little_noise_changes_little_and_other_clothes_much(void **state)
{
    (void)state;
    PROP(prop, 50)
    {
        struct person plain = *grey_person(), noisy = plain, other = plain;
        plain.image.y = &plain.y[0][0];
        noisy.image.y = &noisy.y[0][0];
        other.image.u = &other.u[0][0];
        for (int row = 0; row < HEIGHT; row++)
            for (int column = 0; column < WIDTH; column++)
                noisy.y[row][column] = (uint8_t)prop_int(&prop, 116, 136);
        memset(other.u[HEIGHT / 4], (int)prop_int(&prop, 140, 200), sizeof(other.u) / 2);
        prop_assert(&prop, unlike(&plain.image, &noisy.image) < 0.05);
        prop_assert(&prop, unlike(&plain.image, &other.image) > 0.1);
    }
}

static void both_ranges_of_brightness_mean_the_same(void **state)
{
    (void)state;
    struct person narrow = *grey_person(), full = narrow;
    narrow.image.y = &narrow.y[0][0];
    full.image.y = &full.y[0][0];
    memset(narrow.y, 16 + 219 / 4, sizeof(narrow.y));
    memset(full.y, 255 / 4, sizeof(full.y));
    full.image.full_range = true;
    assert_true(unlike(&narrow.image, &full.image) < 0.01);
}

static void the_smallest_picture_of_a_person_is_one_pixel(void **state)
{
    (void)state;
    struct person *person = grey_person();
    float vector[DW_HISTOGRAM_SIZE];
    person->image.width_px = person->image.height_px = 1;
    dw_histogram_count(&person->image, vector);
    assert_true(share(vector, 0, 0, 7.5) > 0.999);
}

/* A person of another colour, before what was painted so far, over the middle half of the box. */
static void dress(struct person *person, uint8_t u, uint8_t v)
{
    for (int row = 0; row < HEIGHT / 2; row++) {
        memset(person->u[row] + WIDTH / 8, u, WIDTH / 4);
        memset(person->v[row] + WIDTH / 8, v, WIDTH / 4);
    }
}

static void what_is_behind_somebody_is_no_colour_of_theirs(void **state)
{
    (void)state;
    float on_grey[DW_CLOTHES_SIZE], on_green[DW_CLOTHES_SIZE];
    struct person *person = grey_person();
    dress(person, 100, 150);
    dw_histogram_clothes(&person->image, on_grey);
    memset(person->u, 110, sizeof(person->u));
    memset(person->v, 110, sizeof(person->v));
    dress(person, 100, 150);
    dw_histogram_clothes(&person->image, on_green);
    double differs = 0, all = 0;
    for (size_t i = 0; i < DW_CLOTHES_SIZE; i++) {
        assert_true(on_grey[i] >= 0);
        differs += fabs((double)(on_grey[i] - on_green[i]));
        all += (double)(on_grey[i] + on_green[i]);
    }
    if (differs > 0.15 * all)
        fail_msg("%f of %f", differs, all);
}

/* By U alone and V alone both would be half red and half green, and so the same. */
static void a_colour_is_a_pair(void **state)
{
    (void)state;
    float one[DW_CLOTHES_SIZE], other[DW_CLOTHES_SIZE];
    struct person *person = grey_person();
    for (int turn = 0; turn < 2; turn++) {
        for (int row = 0; row < HEIGHT / 2; row++)
            for (int x = WIDTH / 8; x < WIDTH * 3 / 8; x++) {
                bool left = x < WIDTH / 4;
                person->u[row][x] = left ? 110 : 146;
                person->v[row][x] = left == (turn == 0) ? 110 : 146;
            }
        dw_histogram_clothes(&person->image, turn == 0 ? one : other);
    }
    double both = 0, ones = 0, others = 0;
    for (size_t i = 0; i < DW_CLOTHES_SIZE; i++)
        if (i % (DW_CLOTHES_SIZE / DW_HISTOGRAM_STRIPES) < DW_LOOK_TINTS * DW_LOOK_TINTS) {
            both += (double)one[i] * (double)other[i];
            ones += pow((double)one[i], 2);
            others += pow((double)other[i], 2);
        }
    assert_true(both < 0.2 * sqrt(ones * others));
}

static void brightness_counts_beside_the_colours(void **state)
{
    (void)state;
    float dark[DW_CLOTHES_SIZE], light[DW_CLOTHES_SIZE];
    struct person *person = grey_person();
    for (int row = 0; row < HEIGHT; row++)
        memset(person->y[row] + WIDTH / 4, 40, WIDTH / 2);
    dw_histogram_clothes(&person->image, dark);
    for (int row = 0; row < HEIGHT; row++)
        memset(person->y[row] + WIDTH / 4, 200, WIDTH / 2);
    dw_histogram_clothes(&person->image, light);
    double differs = 0, all = 0;
    for (size_t i = 0; i < DW_CLOTHES_SIZE; i++) {
        differs += fabs((double)(dark[i] - light[i]));
        all += (double)(dark[i] + light[i]);
    }
    assert_true(differs > 0.3 * all);
}

/* Roots of shares, as a training has them. */
static void roots_of(const struct person *person, float row[DW_CLOTHES_SIZE])
{
    float all = 0;
    dw_histogram_clothes(&person->image, row);
    for (size_t i = 0; i < DW_CLOTHES_SIZE; i++)
        all += row[i];
    for (size_t i = 0; i < DW_CLOTHES_SIZE; i++)
        row[i] = sqrtf(row[i] / all);
}

static double squares(const float *one, const float *other)
{
    double sum = 0;
    for (size_t i = 0; i < DW_CLOTHES_SIZE; i++)
        sum += pow((double)(one[i] - other[i]), 2);
    return sum;
}

/* The colours of a picture of gamma 1.33 are reckoned for Y 126 with U 145 and V 115 by BT.601. */
static void a_look_in_another_light_is_that_of_the_picture_there(void **state)
{
    (void)state;
    float filmed[DW_CLOTHES_SIZE], darker[DW_CLOTHES_SIZE];
    struct dw_staff_light light;
    struct person *person = grey_person();
    dress(person, 145, 115);
    roots_of(person, filmed);
    memset(person->y, 104, sizeof(person->y));
    dress(person, 147, 114);
    roots_of(person, darker);
    double before = squares(filmed, darker);
    dw_staff_light_init(&light, 1);
    dw_staff_light_shine(&light, filmed);
    double after = squares(filmed, darker);
    if (!(after < before * 2 / 3))
        fail_msg("%f from it before, %f after", before, after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_colour_fills_the_bins_around_it_in_every_stripe),
        cmocka_unit_test(colours_out_of_reach_go_into_the_last_bins),
        cmocka_unit_test(a_jacket_and_trousers_are_in_their_own_stripes),
        cmocka_unit_test(the_middle_counts_more_than_what_is_beside_the_person),
        cmocka_unit_test(a_little_noise_changes_little_and_other_clothes_much),
        cmocka_unit_test(both_ranges_of_brightness_mean_the_same),
        cmocka_unit_test(the_smallest_picture_of_a_person_is_one_pixel),
        cmocka_unit_test(what_is_behind_somebody_is_no_colour_of_theirs),
        cmocka_unit_test(a_colour_is_a_pair),
        cmocka_unit_test(a_look_in_another_light_is_that_of_the_picture_there),
        cmocka_unit_test(brightness_counts_beside_the_colours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
