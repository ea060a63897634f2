/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/staff.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/wall_time.h"
#include "conf/staff_file.h"
#include "dressed.h"
#include "unit/onnx/tiny_onnx.h"

enum { STEP_US = 100000, LABELS = 20 };

/* People of both kinds: staff in red, shoppers in blue, each a little in their own. */
struct shop {
    struct dressed picture;
    struct dw_image image;
    int viewed, gone; /* told by the watch */
    struct dw_staff_track tracks[2 * LABELS];
    char path[64], model[96], net[96];
};

static int count_view(void *user, struct dw_staff_person *who, const struct dw_image *image,
                      struct dw_box box, struct dw_err *err)
{
    (void)who;
    (void)image;
    (void)box;
    (void)err;
    ((struct shop *)user)->viewed++;
    return 0;
}

/* Their numbers say what they are: odd ones are staff. */
static void keep(void *user, const struct dw_staff_person *who)
{
    struct shop *shop = user;
    if (shop->gone < 2 * LABELS)
        shop->tracks[shop->gone] = (struct dw_staff_track){
            .views = who->views,
            .start_us = who->first_us,
            .label = who->number % 2 == 1 ? DW_ROLE_STAFF : DW_ROLE_SHOPPER,
        };
    shop->gone++;
}

static int open_shop(void **state)
{
    struct shop *shop = calloc(1, sizeof(*shop));
    if (shop == NULL)
        return -1;
    shop->image = dressed_image(&shop->picture);
    snprintf(shop->path, sizeof(shop->path), "/tmp/dwell-test-XXXXXX");
    *state = shop;
    if (mkdtemp(shop->path) == NULL)
        return -1;
    snprintf(shop->model, sizeof(shop->model), "%s/staff.json", shop->path);
    snprintf(shop->net, sizeof(shop->net), "%s/staff.onnx", shop->path);
    dressed_paint(&shop->picture, true, 0);
    return 0;
}

static int close_shop(void **state)
{
    struct shop *shop = *state;
    unlink(shop->model);
    unlink(shop->net);
    rmdir(shop->path);
    free(shop);
    return 0;
}

static struct dw_sighting at(int64_t person, struct dw_box box)
{
    return (struct dw_sighting){ .person = person, .box = box, .seen = box, .score = 0.9 };
}

static const struct dw_box well = { 90, 20, 60, 120 };

static struct dw_staff_watch *watch(struct shop *shop, const char *model)
{
    struct dw_staff_watch *created = NULL;
    struct dw_err err = { 0 };
    struct dw_staff_conf conf = {
        .model_path = model,
        .forget_us = 2 * DW_SECOND_US,
        .sure = -1,
        .viewed = count_view,
        .gone = keep,
        .user = shop,
    };
    if (dw_staff_watch_create(&created, &conf, &err) != 0)
        fail_msg("%s", err.text);
    return created;
}

static void show(struct dw_staff_watch *watching, const struct shop *shop, int64_t time_us,
                 const struct dw_sighting *seen, size_t count)
{
    struct dw_err err = { 0 };
    if (dw_staff_watch_step(watching, &shop->image, time_us, seen, count, &err) != 0)
        fail_msg("%s", err.text);
}

static void everybody_is_looked_at_once_a_second(void **state)
{
    struct shop *shop = *state;
    DW_AUTO(staff_watch) *watching = watch(shop, NULL);
    const struct dw_sighting one = at(1, well);
    for (int frame = 0; frame < 45; frame++)
        show(watching, shop, (int64_t)frame * STEP_US, &one, 1);
    assert_int_equal(shop->viewed, 5);
    assert_int_equal(shop->gone, 0);
    dw_staff_watch_finish(watching);
    assert_int_equal(shop->gone, 1);
    assert_int_equal(shop->tracks[0].views.count[0] + shop->tracks[0].views.count[1], 5);
}

static void only_good_views_count(void **state)
{
    struct shop *shop = *state;
    const struct dw_box bad[] = {
        { 90, 20, 20, 39 },   /* too small */
        { 90, 20, 6, 60 },    /* too narrow */
        { -1, 20, 60, 120 },  /* over the left edge */
        { 90, -2, 60, 120 },  /* ... the upper */
        { 270, 20, 60, 120 }, /* ... the right */
        { 90, 130, 60, 120 }, /* ... the lower */
    };
    DW_AUTO(staff_watch) *watching = watch(shop, NULL);
    for (int i = 0; i < (int)(sizeof(bad) / sizeof(bad[0])); i++) {
        const struct dw_sighting one = at(1 + i, bad[i]);
        show(watching, shop, i * DW_SECOND_US, &one, 1);
    }
    const struct dw_sighting two[] = { at(20, well), at(21, (struct dw_box){ 100, 30, 60, 120 }) };
    show(watching, shop, 10 * DW_SECOND_US, two, 2);
    assert_int_equal(shop->viewed, 1); /* the one in front */
    dw_staff_watch_finish(watching);
    assert_int_equal(shop->gone, 1);
}

/* Until a good view comes it is waited for, and not for another second. */
static void a_bad_view_is_made_up_for_at_once(void **state)
{
    struct shop *shop = *state;
    DW_AUTO(staff_watch) *watching = watch(shop, NULL);
    const struct dw_sighting far = at(1, (struct dw_box){ 90, 20, 20, 39 }), near = at(1, well);
    show(watching, shop, 0, &far, 1);
    show(watching, shop, STEP_US, &near, 1);
    assert_int_equal(shop->viewed, 1);
}

static void who_is_gone_is_told_once_and_forgotten(void **state)
{
    struct shop *shop = *state;
    DW_AUTO(staff_watch) *watching = watch(shop, NULL);
    const struct dw_sighting first = at(1, well), second = at(2, well);
    show(watching, shop, 0, &first, 1);
    show(watching, shop, 2 * DW_SECOND_US, &second, 1);
    assert_int_equal(shop->gone, 0);
    show(watching, shop, 2 * DW_SECOND_US + 1, &second, 1);
    assert_int_equal(shop->gone, 1);
    dw_staff_watch_finish(watching);
    dw_staff_watch_finish(watching);
    assert_int_equal(shop->gone, 2);
}

/* One after the other, each for three seconds in a shade of their own. */
static void collect(struct shop *shop)
{
    DW_AUTO(staff_watch) *watching = watch(shop, NULL);
    for (int i = 0; i < 2 * LABELS; i++)
        for (int second = 0; second < 3; second++) {
            const struct dw_sighting one = at(1 + i, well);
            dressed_paint(&shop->picture, i % 2 == 0, i / 2 * 5);
            show(watching, shop, (INT64_C(10) * i + second) * DW_SECOND_US, &one, 1);
        }
    dw_staff_watch_finish(watching);
}

static void train(struct shop *shop, const char *looks)
{
    struct dw_staff_model model;
    struct dw_staff_origin origin = { .trained_us = DW_SECOND_US, .camera = "door" };
    struct dw_err err = { 0 };
    struct dw_buf text = { 0 };
    collect(shop);
    assert_int_equal(shop->gone, 2 * LABELS);
    if (dw_staff_train(&model, shop->tracks, LABELS, &(struct dw_staff_how){ .sure = 0.9 }, NULL,
                       &err) != 0)
        fail_msg("%s", err.text);
    snprintf(model.looks, sizeof(model.looks), "%s", looks);
    dw_staff_model_print(&text, &model, &origin);
    FILE *file = fopen(shop->model, "we");
    assert_non_null(file);
    fputs(dw_buf_text(&text), file);
    fclose(file);
    dw_buf_fini(&text);
}

static void a_trained_model_names_those_who_come(void **state)
{
    struct shop *shop = *state;
    train(shop, "colours");
    DW_AUTO(staff_watch) *watching = watch(shop, shop->model);
    assert_string_equal(dw_staff_watch_looks(watching), "colours");
    for (int i = 0; i < 6; i++) {
        const struct dw_sighting one = at(100 + i, well);
        dressed_paint(&shop->picture, i % 2 == 0, 3 + i);
        assert_int_equal(dw_staff_watch_judge(watching, 100 + i).role, DW_ROLE_UNKNOWN);
        for (int second = 0; second < 4; second++)
            show(watching, shop, (INT64_C(4) * i + second) * DW_SECOND_US, &one, 1);
        struct dw_staff_verdict verdict = dw_staff_watch_judge(watching, 100 + i);
        assert_int_equal(verdict.role, i % 2 == 0 ? DW_ROLE_STAFF : DW_ROLE_SHOPPER);
        assert_true(verdict.p >= 0.9 && verdict.p <= 1);
    }
}

static void a_model_of_other_looks_is_refused(void **state)
{
    struct shop *shop = *state;
    struct dw_staff_watch *none = NULL;
    struct dw_staff_conf conf = { .model_path = shop->model, .sure = -1 };
    struct dw_err err = { 0 };
    train(shop, "colours+other.onnx");
    assert_int_equal(dw_staff_watch_create(&none, &conf, &err), -EINVAL);
    assert_non_null(strstr(err.text, "was trained on looks by 'colours+other.onnx'"));
    assert_null(none);
    unlink(shop->model);
    assert_int_equal(dw_staff_watch_create(&none, &conf, &err), -ENOENT);
}

static void write_net(const struct shop *shop, float staff)
{
    const struct tiny_tensor input = { "input", TINY_FLOAT, 4, { 1, 3, 32, 16 }, NULL, false };
    const struct tiny_tensor output = { "staff", TINY_FLOAT, 2, { 1, 1 }, &staff, false };
    tiny_model_write(&(struct tiny_model){ &input, 1, &output, 1, NULL }, shop->net, 0);
}

/* 0.8 a view: one is not enough for 0.9, several that repeat each other are. */
static void a_classifier_of_ones_own_is_heard_out(void **state)
{
    struct shop *shop = *state;
    const struct dw_sighting one = at(1, well);
    write_net(shop, 0.8F);
    DW_AUTO(staff_watch) *watching = watch(shop, shop->net);
    show(watching, shop, 0, &one, 1);
    assert_int_equal(dw_staff_watch_judge(watching, 1).role, DW_ROLE_UNKNOWN);
    for (int second = 1; second < 10; second++)
        show(watching, shop, second * DW_SECOND_US, &one, 1);
    struct dw_staff_verdict verdict = dw_staff_watch_judge(watching, 1);
    assert_int_equal(verdict.role, DW_ROLE_STAFF);
    assert_true(verdict.p > 0.9 && verdict.p < 16.0 / 17);
}

static void a_classifier_that_finds_shoppers_says_so(void **state)
{
    struct shop *shop = *state;
    const struct dw_sighting one = at(1, well);
    write_net(shop, 0.02F);
    DW_AUTO(staff_watch) *watching = watch(shop, shop->net);
    show(watching, shop, 0, &one, 1);
    assert_int_equal(dw_staff_watch_judge(watching, 1).role, DW_ROLE_SHOPPER);
}

static void a_classifier_that_answers_nonsense_stops_the_run_and_says_why(void **state)
{
    struct shop *shop = *state;
    struct dw_err err = { 0 };
    const struct dw_sighting one = at(1, well);
    write_net(shop, 7);
    DW_AUTO(staff_watch) *watching = watch(shop, shop->net);
    assert_int_equal(dw_staff_watch_step(watching, &shop->image, 0, &one, 1, &err), -EINVAL);
    assert_non_null(strstr(err.text, "the staff classifier says 7"));
}

#define IN_SHOP(test) cmocka_unit_test_setup_teardown(test, open_shop, close_shop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SHOP(everybody_is_looked_at_once_a_second),
        IN_SHOP(only_good_views_count),
        IN_SHOP(a_bad_view_is_made_up_for_at_once),
        IN_SHOP(who_is_gone_is_told_once_and_forgotten),
        IN_SHOP(a_trained_model_names_those_who_come),
        IN_SHOP(a_model_of_other_looks_is_refused),
        IN_SHOP(a_classifier_of_ones_own_is_heard_out),
        IN_SHOP(a_classifier_that_finds_shoppers_says_so),
        IN_SHOP(a_classifier_that_answers_nonsense_stops_the_run_and_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
