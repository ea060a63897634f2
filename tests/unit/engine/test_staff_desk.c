/* SPDX-License-Identifier: Apache-2.0 */
/* The staff desk and its seats, with a camera that sees made-up people one after the other. */
#include "engine/staff_desk.h"

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

#include "base/clock.h"
#include "base/wall_time.h"
#include "dressed.h"

enum { FPS = 4, STAY_S = 4, OF_A_KIND = 6 };

#define MORNING 480 /* minute of the week: Monday, 08:00 */
#define NOON 720

struct shop {
    struct dressed picture;
    struct dw_image image;
    char path[64], folder[80];
    struct dw_zone zone;
    struct dw_layout layout;
    struct dw_output_context context;
    struct dw_occupancy *occupancy;
    struct dw_staff_desk *desk;
    struct dw_staff_seat *seat;
    int64_t time_us, next;
    int week_minute;
};

static void open_desk(struct shop *shop)
{
    struct dw_err err = { 0 };
    if (dw_staff_desk_create(&shop->desk, shop->folder, &err) != 0)
        fail_msg("%s", err.text);
    dw_staff_desk_pictures(shop->desk, true);
    if (dw_staff_seat_create(&shop->seat, shop->desk, &shop->context, &err) != 0)
        fail_msg("%s", err.text);
}

static void close_desk(struct shop *shop)
{
    dw_staff_seat_destroy(shop->seat);
    dw_staff_desk_destroy(shop->desk);
}

static int open_shop(void **state)
{
    struct shop *shop = calloc(1, sizeof(*shop));
    if (shop == NULL)
        return -1;
    *state = shop;
    shop->image = dressed_image(&shop->picture);
    snprintf(shop->path, sizeof(shop->path), "/tmp/dwell-test-XXXXXX");
    if (mkdtemp(shop->path) == NULL)
        return -1;
    snprintf(shop->folder, sizeof(shop->folder), "%s/staff", shop->path);
    shop->zone = (struct dw_zone){ .name = "shop",
                                   .corners = { { 0, 0 }, { 1, 0 }, { 1, 1 }, { 0, 1 } },
                                   .corner_count = 4,
                                   .rules = dw_zone_rules_default() };
    shop->layout = (struct dw_layout){ .zones = &shop->zone, .zone_count = 1 };
    struct dw_occupancy_conf conf = { &shop->layout, WIDTH, HEIGHT, 0 };
    shop->occupancy = dw_occupancy_create(&conf);
    shop->context = (struct dw_output_context){
        .record = { .camera = "till", .layout = &shop->layout, .start_wall_us = dw_now_us() },
        .occupancy = shop->occupancy,
        .settle_us = DW_SECOND_US
    };
    shop->next = 1;
    open_desk(shop);
    return 0;
}

static int close_shop(void **state)
{
    struct shop *shop = *state;
    char command[128];
    close_desk(shop);
    dw_occupancy_destroy(shop->occupancy);
    snprintf(command, sizeof(command), "rm -r '%s'", shop->path);
    int r = system(command); /* NOLINT(cert-env33-c): of this test's own folder */
    free(shop);
    return r;
}

/* Somebody new, for so long; gives their number. */
static int64_t come(struct shop *shop, bool red, int seconds)
{
    struct dw_err err = { 0 };
    int64_t person = shop->next++;
    const struct dw_box box = { 90, 20, 60, 120 };
    struct dw_sighting live = { .person = person, .box = box, .seen = box, .score = 0.9 };
    dressed_paint(&shop->picture, red, (int)(person * 7 % 11));
    for (int i = 0; i < seconds * FPS; i++, shop->time_us += DW_SECOND_US / FPS) {
        live.time_us = shop->time_us;
        struct dw_output_moment moment = { .time_us = shop->time_us,
                                           .week_minute = shop->week_minute,
                                           .lane = { .live = &live, .live_count = 1 } };
        struct dw_occupancy_input seen = { shop->time_us, DW_SECOND_US / FPS, &live, 1 };
        dw_occupancy_step(shop->occupancy, &seen);
        if (dw_staff_seat_step(shop->seat, &shop->image, &moment, &err) != 0)
            fail_msg("%s", err.text);
    }
    return person;
}

static enum dw_role role_of(const struct shop *shop, int64_t person)
{
    return dw_staff_watch_judge(dw_staff_seat_watch(shop->seat), person).role;
}

static struct dw_staff_state state_of(struct shop *shop)
{
    struct dw_staff_state state;
    dw_staff_desk_state(shop->desk, &state);
    dw_staff_state_fini(&state); /* its lists stay counted */
    return state;
}

/* The number at the desk of a person of the camera. */
static int64_t id_of(struct shop *shop, int64_t person)
{
    static struct dw_staff_face faces[100];
    const struct dw_staff_asking all = { .limit = 100 };
    int count = dw_staff_desk_people(shop->desk, &all, faces, NULL);
    for (int i = 0; i < count; i++)
        if (faces[i].person == person)
            return faces[i].id;
    return 0;
}

static void mark(struct shop *shop, int64_t person, enum dw_role role)
{
    const int64_t id = id_of(shop, person);
    assert_int_equal(dw_staff_desk_mark(shop->desk, &id, 1, role, NULL), 0);
}

/* Six in red, who are marked as staff, and six in blue. */
static void label(struct shop *shop)
{
    for (int i = 0; i < 2 * OF_A_KIND; i++)
        mark(shop, come(shop, i % 2 == 0, STAY_S), i % 2 == 0 ? DW_ROLE_STAFF : DW_ROLE_SHOPPER);
}

/* The model's name. */
static const char *train(struct shop *shop)
{
    static char name[512];
    assert_int_equal(dw_staff_desk_train(shop->desk, NULL), 0);
    for (int i = 0; i < 3000; i++) {
        struct dw_staff_state state = state_of(shop);
        memcpy(name, state.training_says, sizeof(name));
        if (state.training == DW_STAFF_REFUSED)
            fail_msg("%s", name);
        if (state.training == DW_STAFF_TRAINED)
            return name;
        usleep(10000);
    }
    fail_msg("it is never trained");
    return "";
}

/* --- The desk ------------------------------------------------------------------------------- */

static void people_are_remembered_in_memory_alone(void **state)
{
    struct shop *shop = *state;
    come(shop, true, STAY_S);
    come(shop, false, STAY_S);
    assert_int_equal(state_of(shop).people, 2);
    assert_int_equal(access(shop->folder, F_OK), -1);
    struct dw_buf jpeg = { 0 };
    assert_int_equal(dw_staff_desk_tile(shop->desk, id_of(shop, 1), &jpeg, NULL), 0);
    assert_true(jpeg.length > 100);
    dw_buf_fini(&jpeg);
    dw_staff_desk_pictures(shop->desk, false);
    come(shop, true, STAY_S);
    assert_int_equal(state_of(shop).people, 0);
}

static void whoever_is_marked_has_that_role_at_once(void **state)
{
    struct shop *shop = *state;
    int64_t person = come(shop, true, 1);
    assert_int_equal(role_of(shop, person), DW_ROLE_UNKNOWN);
    mark(shop, person, DW_ROLE_STAFF);
    shop->next--;
    come(shop, true, 1);
    assert_int_equal(role_of(shop, person), DW_ROLE_STAFF);
    const int64_t nobody = 99;
    assert_int_equal(dw_staff_desk_mark(shop->desk, &nobody, 1, DW_ROLE_STAFF, NULL), -ENOENT);
}

static void too_few_marks_are_refused_with_their_number(void **state)
{
    struct shop *shop = *state;
    mark(shop, come(shop, true, STAY_S), DW_ROLE_STAFF);
    assert_int_equal(dw_staff_desk_train(shop->desk, NULL), 0);
    struct dw_staff_state said = state_of(shop);
    for (int i = 0; i < 3000 && said.training == DW_STAFF_TRAINING; i++) {
        usleep(10000);
        said = state_of(shop);
    }
    assert_int_equal(said.training, DW_STAFF_REFUSED);
    assert_non_null(strstr(said.training_says, "got 1 and 0"));
}

static void a_model_is_used_from_the_next_frame_on_and_taken_back(void **state)
{
    struct shop *shop = *state;
    struct dw_staff_preview preview;
    label(shop);
    const char *model = train(shop);
    assert_int_equal(dw_staff_desk_preview(shop->desk, model, &preview, NULL), 0);
    assert_int_equal(preview.people[DW_ROLE_UNKNOWN][DW_ROLE_STAFF], OF_A_KIND);
    assert_int_equal(role_of(shop, come(shop, true, STAY_S)), DW_ROLE_UNKNOWN);
    assert_int_equal(dw_staff_desk_use(shop->desk, "", model, NULL), 0);
    assert_int_equal(role_of(shop, come(shop, true, STAY_S)), DW_ROLE_STAFF);
    assert_int_equal(role_of(shop, come(shop, false, STAY_S)), DW_ROLE_SHOPPER);
    assert_int_equal(dw_staff_desk_model_delete(shop->desk, model, NULL), -EBUSY);
    assert_int_equal(dw_staff_desk_back(shop->desk, "", NULL), 0);
    assert_int_equal(role_of(shop, come(shop, true, STAY_S)), DW_ROLE_UNKNOWN);
    assert_int_equal(dw_staff_desk_back(shop->desk, "", NULL), -ENOENT);
    assert_int_equal(dw_staff_desk_model_delete(shop->desk, model, NULL), 0);
    assert_int_equal(dw_staff_desk_use(shop->desk, "", model, NULL), -ENOENT);
}

static void a_wrong_mark_is_told_after_a_training(void **state)
{
    struct shop *shop = *state;
    static struct dw_staff_face faces[100];
    const struct dw_staff_asking all = { .limit = 100 };
    label(shop);
    int64_t wrong = come(shop, true, STAY_S);
    mark(shop, wrong, DW_ROLE_SHOPPER);
    come(shop, true, STAY_S);
    train(shop);
    int count = dw_staff_desk_people(shop->desk, &all, faces, NULL);
    assert_int_equal(count, 2 * OF_A_KIND + 2);
    for (int i = 0; i < count; i++) {
        bool staff = faces[i].label == DW_ROLE_STAFF || faces[i].person == wrong;
        if (faces[i].label == DW_ROLE_UNKNOWN)
            assert_true(faces[i].judged_p < 0);
        else
            assert_int_equal(faces[i].judged_p > 0.5, staff);
    }
}

static void a_camera_may_have_a_model_of_its_own(void **state)
{
    struct shop *shop = *state;
    label(shop);
    const char *model = train(shop);
    assert_int_equal(dw_staff_desk_use(shop->desk, "door", model, NULL), 0);
    assert_int_equal(role_of(shop, come(shop, true, STAY_S)), DW_ROLE_UNKNOWN);
    assert_int_equal(dw_staff_desk_use(shop->desk, "till", model, NULL), 0);
    assert_int_equal(role_of(shop, come(shop, true, STAY_S)), DW_ROLE_STAFF);
    assert_int_equal(dw_staff_desk_use(shop->desk, "till", "", NULL), 0);
    assert_int_equal(role_of(shop, come(shop, true, STAY_S)), DW_ROLE_UNKNOWN);
}

static void a_set_lasts_over_a_restart_and_leaves_nothing_when_deleted(void **state)
{
    struct shop *shop = *state;
    char path[128];
    int64_t until_us = dw_now_us() + 3600 * DW_SECOND_US;
    assert_int_equal(dw_staff_desk_set_begin(shop->desk, "monday", until_us, NULL), 0);
    assert_int_equal(dw_staff_desk_set_begin(shop->desk, "other", until_us, NULL), -EEXIST);
    label(shop);
    come(shop, true, STAY_S);
    close_desk(shop);
    open_desk(shop);
    struct dw_staff_state said = state_of(shop);
    assert_int_equal(said.kept, 2 * OF_A_KIND + 1);
    assert_int_equal(said.staff, OF_A_KIND);
    assert_int_equal(said.shoppers, OF_A_KIND);
    train(shop);
    snprintf(path, sizeof(path), "%s/sets/monday", shop->folder);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(dw_staff_desk_set_delete(shop->desk, NULL), 0);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(state_of(shop).people, 0);
    assert_int_equal(dw_staff_desk_set_delete(shop->desk, NULL), -ENOENT);
}

/* --- A seat --------------------------------------------------------------------------------- */

static void whoever_stays_in_a_staff_zone_is_staff(void **state)
{
    struct shop *shop = *state;
    assert_int_equal(role_of(shop, come(shop, true, 40)), DW_ROLE_UNKNOWN);
    shop->zone.staff = true;
    assert_int_equal(role_of(shop, come(shop, true, 10)), DW_ROLE_UNKNOWN);
    assert_int_equal(role_of(shop, come(shop, true, 40)), DW_ROLE_STAFF);
}

static void a_staff_zone_may_be_one_at_some_hours_only(void **state)
{
    struct shop *shop = *state;
    shop->zone.staff = true;
    shop->zone.staff_hours = (struct dw_hours){ .spans = { { 1, MORNING - 60, 120 } }, .count = 1 };
    shop->week_minute = NOON;
    assert_int_equal(role_of(shop, come(shop, true, 40)), DW_ROLE_UNKNOWN);
    shop->week_minute = MORNING;
    assert_int_equal(role_of(shop, come(shop, true, 40)), DW_ROLE_STAFF);
}

static void a_mark_by_hand_wins_over_a_zone(void **state)
{
    struct shop *shop = *state;
    shop->zone.staff = true;
    int64_t person = come(shop, true, 40);
    mark(shop, person, DW_ROLE_SHOPPER);
    shop->next--;
    come(shop, true, 10);
    assert_int_equal(role_of(shop, person), DW_ROLE_SHOPPER);
}

static void whom_a_camera_sees_in_a_staff_minute_is_marked(void **state)
{
    struct shop *shop = *state;
    assert_int_equal(dw_staff_desk_minute(shop->desk, "door", NULL), 0);
    come(shop, true, STAY_S);
    assert_int_equal(state_of(shop).staff, 0);
    assert_int_equal(dw_staff_desk_minute(shop->desk, "till", NULL), 0);
    assert_int_equal(role_of(shop, come(shop, true, STAY_S)), DW_ROLE_STAFF);
    assert_int_equal(state_of(shop).staff, 1);
}

#define IN_SHOP(test) cmocka_unit_test_setup_teardown(test, open_shop, close_shop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SHOP(people_are_remembered_in_memory_alone),
        IN_SHOP(whoever_is_marked_has_that_role_at_once),
        IN_SHOP(too_few_marks_are_refused_with_their_number),
        IN_SHOP(a_model_is_used_from_the_next_frame_on_and_taken_back),
        IN_SHOP(a_wrong_mark_is_told_after_a_training),
        IN_SHOP(a_camera_may_have_a_model_of_its_own),
        IN_SHOP(a_set_lasts_over_a_restart_and_leaves_nothing_when_deleted),
        IN_SHOP(whoever_stays_in_a_staff_zone_is_staff),
        IN_SHOP(a_staff_zone_may_be_one_at_some_hours_only),
        IN_SHOP(a_mark_by_hand_wins_over_a_zone),
        IN_SHOP(whom_a_camera_sees_in_a_staff_minute_is_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
