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
#include "conf/file.h"
#include "dressed.h"
#include "engine/staff_add.h"
#include "unit/onnx/tiny_onnx.h"

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
    const char *reid; /* of the desk */
    int told;         /* by the desk ... */
    char last_told[256];
};

static void hear(void *user, const char *camera, const char *what)
{
    struct shop *shop = user;
    (void)camera;
    shop->told++;
    snprintf(shop->last_told, sizeof(shop->last_told), "%s", what);
}

static void open_desk(struct shop *shop)
{
    struct dw_err err = { 0 };
    if (dw_staff_desk_create(&shop->desk, shop->folder, shop->reid, &err) != 0)
        fail_msg("%s", err.text);
    dw_staff_desk_listen(shop->desk, hear, shop);
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

static struct dw_staff_verdict verdict_of(const struct shop *shop, int64_t person)
{
    return dw_staff_watch_judge(dw_staff_seat_watch(shop->seat), person);
}

static enum dw_role role_of(const struct shop *shop, int64_t person)
{
    return verdict_of(shop, person).role;
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
    assert_int_equal(dw_staff_desk_mark(shop->desk, &id, 1, role, false, NULL), 0);
}

/* Six in red, who are marked as staff, and six in blue. */
static void label(struct shop *shop)
{
    for (int i = 0; i < 2 * OF_A_KIND; i++)
        mark(shop, come(shop, i % 2 == 0, STAY_S), i % 2 == 0 ? DW_ROLE_STAFF : DW_ROLE_SHOPPER);
}

/* A model as it is kept. */
static void load_model(const struct shop *shop, const char *name, struct dw_staff_model *model,
                       struct dw_staff_origin *origin)
{
    char *path = dw_staff_trained_path(shop->folder, name);
    assert_int_equal(dw_staff_model_load(model, origin, path, NULL), 0);
    free(path);
}

/* How sure a role must be is chosen by the labels, of which these are few: anything from even odds
 * to certainty. What it is chosen to be is tested where it is chosen; here all want even odds. */
static void want_even_odds(const struct shop *shop, const char *name)
{
    static struct dw_staff_model model;
    struct dw_staff_origin origin;
    struct dw_buf text = { 0 };
    load_model(shop, name, &model, &origin);
    model.figures.sure = 0.5;
    dw_staff_model_print(&text, &model, &origin);
    char *path = dw_staff_trained_path(shop->folder, name);
    assert_int_equal(dw_file_write(path, dw_buf_text(&text), text.length, NULL), 0);
    free(path);
    dw_buf_fini(&text);
}

/* The model's name. */
static const char *train_in(struct shop *shop, bool lights)
{
    static char name[512];
    assert_int_equal(dw_staff_desk_train(shop->desk, lights, NULL), 0);
    for (int i = 0; i < 3000; i++) {
        struct dw_staff_state state = state_of(shop);
        memcpy(name, state.training_says, sizeof(name));
        if (state.training == DW_STAFF_REFUSED)
            fail_msg("%s", name);
        if (state.training == DW_STAFF_TRAINED) {
            want_even_odds(shop, name);
            return name;
        }
        usleep(10000);
    }
    fail_msg("it is never trained");
    return "";
}

static const char *train(struct shop *shop)
{
    return train_in(shop, false);
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

static void people_are_forgotten_after_an_hour(void **state)
{
    struct shop *shop = *state;
    shop->time_us = -61 * 60 * DW_SECOND_US;
    come(shop, true, STAY_S);
    shop->time_us = -58 * 60 * DW_SECOND_US;
    come(shop, false, STAY_S);
    assert_int_equal(state_of(shop).people, 2);
    dw_staff_desk_tidy(shop->desk);
    assert_int_equal(state_of(shop).people, 1);
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
    assert_int_equal(dw_staff_desk_mark(shop->desk, &nobody, 1, DW_ROLE_STAFF, false, NULL),
                     -ENOENT);
}

static void too_few_marks_are_refused_with_their_number(void **state)
{
    struct shop *shop = *state;
    mark(shop, come(shop, true, STAY_S), DW_ROLE_STAFF);
    assert_int_equal(dw_staff_desk_train(shop->desk, false, NULL), 0);
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
    assert_int_equal(dw_staff_desk_preview(shop->desk, model, NULL, NULL, &preview, NULL), 0);
    assert_int_equal(preview.roles.people[DW_ROLE_UNKNOWN][DW_ROLE_STAFF], OF_A_KIND);
    assert_int_equal(dw_staff_desk_preview(shop->desk, model, model, NULL, &preview, NULL), 0);
    assert_int_equal(preview.roles.people[DW_ROLE_STAFF][DW_ROLE_STAFF], OF_A_KIND);
    assert_int_equal(preview.changed_count, 0);
    assert_int_equal(dw_staff_desk_preview(shop->desk, model, "none", NULL, &preview, NULL),
                     -ENOENT);
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

/* Learning is the same each time, so that only the lights can make a difference. */
static void a_model_may_be_learnt_in_other_lights(void **state)
{
    struct shop *shop = *state;
    static struct dw_staff_model plain, again, lit;
    struct dw_staff_origin origin;
    label(shop);
    load_model(shop, train_in(shop, false), &plain, &origin);
    load_model(shop, train_in(shop, false), &again, &origin);
    assert_memory_equal(plain.weights, again.weights, sizeof(plain.weights));
    const char *name = train_in(shop, true);
    load_model(shop, name, &lit, &origin);
    assert_memory_not_equal(plain.weights, lit.weights, sizeof(plain.weights));
    assert_int_equal(dw_staff_desk_use(shop->desk, "", name, NULL), 0);
    assert_int_equal(role_of(shop, come(shop, true, STAY_S)), DW_ROLE_STAFF);
    assert_int_equal(role_of(shop, come(shop, false, STAY_S)), DW_ROLE_SHOPPER);
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

/* As whom somebody was marked; 0: alone. */
static int64_t same_of(struct shop *shop, int64_t id)
{
    static struct dw_staff_face faces[100];
    const struct dw_staff_asking all = { .limit = 100 };
    int count = dw_staff_desk_people(shop->desk, &all, faces, NULL);
    for (int i = 0; i < count; i++)
        if (faces[i].id == id)
            return faces[i].same;
    return -1;
}

/* Six tracks in red: three are one of staff, two more are one with the third of them. */
static void several_tracks_are_marked_as_one_person(void **state)
{
    struct shop *shop = *state;
    struct dw_staff_model model;
    struct dw_staff_origin origin;
    int64_t ids[OF_A_KIND], until_us = dw_now_us() + 3600 * DW_SECOND_US;
    assert_int_equal(dw_staff_desk_set_begin(shop->desk, "monday", until_us, NULL), 0);
    label(shop);
    come(shop, false, STAY_S); /* so that all of them have gone */
    for (int i = 0; i < OF_A_KIND; i++)
        ids[i] = id_of(shop, 1 + 2 * i);
    assert_int_equal(dw_staff_desk_mark(shop->desk, ids, 3, DW_ROLE_STAFF, true, NULL), 0);
    assert_int_equal(dw_staff_desk_mark(shop->desk, ids + 2, 3, DW_ROLE_STAFF, true, NULL), 0);
    load_model(shop, train(shop), &model, &origin);
    assert_false(model.figures.by_person); /* who the sixth is nobody has said */
    assert_int_equal(dw_staff_desk_mark(shop->desk, ids + 5, 1, DW_ROLE_STAFF, true, NULL), 0);
    load_model(shop, train(shop), &model, &origin);
    assert_true(model.figures.by_person);
    close_desk(shop);
    open_desk(shop);
    for (int i = 1; i < OF_A_KIND; i++)
        assert_true((same_of(shop, ids[i]) == same_of(shop, ids[0])) == (i < 5));
    assert_true(same_of(shop, ids[0]) > 0 && same_of(shop, ids[5]) > 0);
    assert_int_equal(dw_staff_desk_mark(shop->desk, ids, 1, DW_ROLE_UNKNOWN, true, NULL), 0);
    assert_int_equal(same_of(shop, ids[0]), 0);
    assert_true(same_of(shop, ids[1]) > 0);
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

/* Presence alone, on a floor where shoppers are too. */
static void whoever_stays_for_longer_than_shoppers_do_is_staff(void **state)
{
    struct shop *shop = *state;
    shop->zone.staff = true;
    shop->zone.staff_after_us = 60 * DW_SECOND_US;
    assert_int_equal(role_of(shop, come(shop, true, 50)), DW_ROLE_UNKNOWN);
    assert_int_equal(role_of(shop, come(shop, true, 70)), DW_ROLE_STAFF);
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
    assert_true(verdict_of(shop, person).p < 1);
    mark(shop, person, DW_ROLE_SHOPPER);
    shop->next--;
    come(shop, true, 10);
    assert_int_equal(role_of(shop, person), DW_ROLE_SHOPPER);
    assert_true(verdict_of(shop, person).p >= 1);
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

/* --- A classifier of one's own -------------------------------------------------------------- */

/* It says the same of everybody. */
static void write_net(const struct shop *shop, float staff)
{
    const struct tiny_tensor input = { "input", TINY_FLOAT, 4, { 1, 3, 32, 16 }, NULL, false };
    const struct tiny_tensor output = { "staff", TINY_FLOAT, 2, { 1, 1 }, &staff, false };
    char path[96];
    snprintf(path, sizeof(path), "%s/vest.onnx", shop->path);
    tiny_model_write(&(struct tiny_model){ &input, 1, &output, 1, NULL }, path, 0);
}

/* The name under which it is kept. */
static const char *add_net(const struct shop *shop, float staff)
{
    static char names[2][DW_STAFF_NAME_MAX];
    static size_t next;
    char *name = names[next++ % 2], path[96];
    struct dw_err err = { 0 };
    write_net(shop, staff);
    snprintf(path, sizeof(path), "%s/vest.onnx", shop->path);
    if (dw_staff_add(shop->folder, path, name, &err) != 0)
        fail_msg("%s", err.text);
    return name;
}

static void a_classifier_is_used_and_taken_back_as_a_model_is(void **state)
{
    struct shop *shop = *state;
    const char *shoppers = add_net(shop, 0.01F), *staff = add_net(shop, 0.99F);
    struct dw_staff_preview preview;
    assert_string_not_equal(shoppers, staff);
    assert_int_equal(dw_staff_desk_use(shop->desk, "", shoppers, NULL), 0);
    assert_int_equal(role_of(shop, come(shop, true, STAY_S)), DW_ROLE_SHOPPER);
    assert_int_equal(dw_staff_desk_preview(shop->desk, shoppers, NULL, NULL, &preview, NULL), 0);
    assert_int_equal(preview.roles.people[DW_ROLE_SHOPPER][DW_ROLE_SHOPPER], 1);
    assert_int_equal(dw_staff_desk_use(shop->desk, "till", staff, NULL), 0);
    int64_t person = come(shop, true, STAY_S);
    assert_int_equal(role_of(shop, person), DW_ROLE_STAFF);
    mark(shop, person, DW_ROLE_SHOPPER); /* looks are kept for training all the same */
    shop->next--;
    assert_int_equal(role_of(shop, come(shop, true, 1)), DW_ROLE_SHOPPER);
    assert_int_equal(dw_staff_desk_back(shop->desk, "till", NULL), 0);
    assert_int_equal(role_of(shop, come(shop, true, STAY_S)), DW_ROLE_SHOPPER);
    assert_int_equal(dw_staff_desk_back(shop->desk, "", NULL), 0);
    assert_int_equal(role_of(shop, come(shop, true, STAY_S)), DW_ROLE_UNKNOWN);
    assert_int_equal(dw_staff_desk_model_delete(shop->desk, staff, NULL), 0);
    assert_int_equal(dw_staff_desk_use(shop->desk, "", staff, NULL), -ENOENT);
}

/* By their pictures, though it never saw them live; and by marks, how good it is. */
static void a_classifier_is_tried_on_people_of_before(void **state)
{
    struct shop *shop = *state;
    struct dw_staff_preview preview;
    const char *staff = add_net(shop, 0.99F);
    assert_int_equal(dw_staff_desk_preview(shop->desk, staff, NULL, NULL, &preview, NULL), 0);
    assert_int_equal(preview.roles.people[DW_ROLE_UNKNOWN][DW_ROLE_STAFF], 0);
    label(shop);
    come(shop, true, STAY_S);
    assert_int_equal(dw_staff_desk_preview(shop->desk, staff, NULL, NULL, &preview, NULL), 0);
    assert_true(preview.classifier);
    assert_int_equal(preview.roles.people[DW_ROLE_UNKNOWN][DW_ROLE_STAFF], 2 * OF_A_KIND + 1);
    assert_int_equal(preview.changed_count, 2 * OF_A_KIND + 1);
    assert_int_equal(preview.roles.marked[1][DW_ROLE_STAFF][DW_ROLE_STAFF], OF_A_KIND);
    assert_int_equal(preview.roles.marked[1][DW_ROLE_SHOPPER][DW_ROLE_STAFF], OF_A_KIND);
    assert_int_equal(dw_staff_desk_preview(shop->desk, staff, NULL, "door", &preview, NULL), 0);
    assert_int_equal(preview.roles.people[DW_ROLE_UNKNOWN][DW_ROLE_STAFF], 0);
    const char *shoppers = add_net(shop, 0.01F);
    assert_int_equal(dw_staff_desk_preview(shop->desk, staff, shoppers, NULL, &preview, NULL), 0);
    assert_int_equal(preview.roles.people[DW_ROLE_SHOPPER][DW_ROLE_STAFF], 2 * OF_A_KIND + 1);
    const char *model = train(shop);
    assert_int_equal(dw_staff_desk_preview(shop->desk, model, staff, NULL, &preview, NULL), 0);
    assert_false(preview.classifier);
    assert_int_equal(preview.roles.people[DW_ROLE_STAFF][DW_ROLE_STAFF], OF_A_KIND + 1);
    assert_int_equal(preview.roles.people[DW_ROLE_STAFF][DW_ROLE_SHOPPER], OF_A_KIND);
}

static void people_are_trained_from_while_a_classifier_judges(void **state)
{
    struct shop *shop = *state;
    assert_int_equal(dw_staff_desk_use(shop->desk, "", add_net(shop, 0.99F), NULL), 0);
    label(shop);
    const char *model = train(shop);
    assert_int_equal(dw_staff_desk_use(shop->desk, "", model, NULL), 0);
    assert_int_equal(role_of(shop, come(shop, false, STAY_S)), DW_ROLE_SHOPPER);
}

static void a_classifier_that_was_changed_is_not_used(void **state)
{
    struct shop *shop = *state;
    struct dw_err err = { 0 };
    const char *name = add_net(shop, 0.99F);
    char command[256];
    write_net(shop, 0.01F);
    snprintf(command, sizeof(command), "cp %s/vest.onnx %s/models/%s.onnx", shop->path,
             shop->folder, name);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): of this test's own folder */
    assert_int_equal(dw_staff_desk_use(shop->desk, "", name, &err), -EINVAL);
    assert_non_null(strstr(err.text, "is not what was added under this name"));
}

static void what_is_no_staff_model_is_not_added(void **state)
{
    struct shop *shop = *state;
    const struct {
        const char *file, *text, *says;
    } cases[] = {
        { "vest.onnx", "no model at all", "vest.onnx" },
        { "vest.json", "{\"dwell_staff_model\": 99}", "vest.json" },
        { "vest.json", "{", "is no JSON" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dw_err err = { 0 };
        char path[96], name[DW_STAFF_NAME_MAX];
        snprintf(path, sizeof(path), "%s/%s", shop->path, cases[i].file);
        FILE *file = fopen(path, "we");
        assert_non_null(file);
        fputs(cases[i].text, file);
        fclose(file);
        assert_int_equal(dw_staff_add(shop->folder, path, name, &err), -EINVAL);
        assert_non_null(strstr(err.text, cases[i].says));
        unlink(path);
    }
    assert_int_equal(access(shop->folder, F_OK), -1);
}

/* The second number is no probability; measuring goes on. */
static void a_classifier_that_fails_judges_nobody_and_it_is_told(void **state)
{
    struct shop *shop = *state;
    const char *good = add_net(shop, 0.99F), *bad = add_net(shop, 7);
    assert_int_equal(dw_staff_desk_use(shop->desk, "", good, NULL), 0);
    assert_int_equal(dw_staff_desk_use(shop->desk, "", bad, NULL), 0);
    assert_int_equal(role_of(shop, come(shop, true, STAY_S)), DW_ROLE_UNKNOWN);
    assert_int_equal(shop->told, 1);
    assert_non_null(strstr(shop->last_told, "camera 'till' tells no staff: the staff classifier"));
    assert_string_equal(state_of(shop).trouble, shop->last_told);
    assert_int_equal(dw_staff_desk_back(shop->desk, "", NULL), 0);
    assert_string_equal(state_of(shop).trouble, "");
    assert_int_equal(role_of(shop, come(shop, true, STAY_S)), DW_ROLE_STAFF);
}

/* --- A ReID model of one's own -------------------------------------------------------------- */

static void reopen(struct shop *shop, const char *reid)
{
    close_desk(shop);
    shop->reid = reid;
    open_desk(shop);
}

/* Trained beside it, and refused without it. */
static void use_reid(struct shop *shop, const char *path)
{
    struct dw_err err = { 0 };
    reopen(shop, path);
    label(shop);
    const char *model = train(shop);
    assert_int_equal(dw_staff_desk_use(shop->desk, "", model, NULL), 0);
    assert_int_equal(role_of(shop, come(shop, true, STAY_S)), DW_ROLE_STAFF);
    assert_int_equal(role_of(shop, come(shop, false, STAY_S)), DW_ROLE_SHOPPER);
    assert_int_equal(dw_staff_desk_back(shop->desk, "", NULL), 0);
    reopen(shop, NULL);
    assert_int_equal(dw_staff_desk_use(shop->desk, "", model, &err), -EINVAL);
    assert_non_null(strstr(err.text, "was trained on looks by 'colours+"));
}

static void a_reid_model_looks_beside_the_colours(void **state)
{
    struct shop *shop = *state;
    const float vector[] = { 1, 2, 3, 4 };
    const struct tiny_tensor input = { "input", TINY_FLOAT, 4, { 1, 3, 32, 16 }, NULL, false };
    const struct tiny_tensor output = { "vector", TINY_FLOAT, 2, { 1, 4 }, vector, false };
    char path[96];
    snprintf(path, sizeof(path), "%s/reid.onnx", shop->path);
    tiny_model_write(&(struct tiny_model){ &input, 1, &output, 1, NULL }, path, 0);
    use_reid(shop, path);
}

static void a_real_reid_model_looks_beside_the_colours(void **state)
{
    const char *shared = getenv("DWELL_SHARED");
    char path[512];
    snprintf(path, sizeof(path), "%s/models/person-reidentification-retail-0288.onnx",
             shared != NULL ? shared : "../shared");
    if (access(path, F_OK) != 0) {
        print_message("there is no %s\n", path);
        skip();
    }
    use_reid(*state, path);
}

/* --- Whether a model fits ------------------------------------------------------------------- */

/* So many a hundred in red. */
static void a_hundred_come(struct shop *shop, int red)
{
    for (int i = 0; i < 100; i++, shop->time_us += 2 * DW_SECOND_US)
        come(shop, i * red / 100 != (i + 1) * red / 100, STAY_S);
}

static void more_in_uniform_than_in_training_ask_for_new_labels(void **state)
{
    struct shop *shop = *state;
    for (int i = 0; i < 4; i++) /* of few people any difference may be chance */
        label(shop);
    assert_int_equal(dw_staff_desk_use(shop->desk, "", train(shop), NULL), 0);
    a_hundred_come(shop, 50);
    come(shop, true, 1); /* the last one is gone */
    assert_int_equal(shop->told, 0);
    a_hundred_come(shop, 95);
    come(shop, true, 1);
    assert_int_equal(shop->told, 1);
    assert_non_null(strstr(shop->last_told, "has the uniform changed? Mark some anew"));
    assert_string_equal(state_of(shop).drift, shop->last_told);
    a_hundred_come(shop, 50);
    come(shop, true, 1);
    assert_int_equal(shop->told, 2);
    assert_string_equal(state_of(shop).drift, "");
}

static void a_classifier_is_compared_with_its_first_hundred(void **state)
{
    struct shop *shop = *state;
    assert_int_equal(dw_staff_desk_use(shop->desk, "", add_net(shop, 0.99F), NULL), 0);
    a_hundred_come(shop, 50);
    a_hundred_come(shop, 50);
    come(shop, true, 1);
    assert_int_equal(shop->told, 0);
}

#define IN_SHOP(test) cmocka_unit_test_setup_teardown(test, open_shop, close_shop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SHOP(people_are_remembered_in_memory_alone),
        IN_SHOP(people_are_forgotten_after_an_hour),
        IN_SHOP(whoever_is_marked_has_that_role_at_once),
        IN_SHOP(too_few_marks_are_refused_with_their_number),
        IN_SHOP(a_model_is_used_from_the_next_frame_on_and_taken_back),
        IN_SHOP(a_model_may_be_learnt_in_other_lights),
        IN_SHOP(a_wrong_mark_is_told_after_a_training),
        IN_SHOP(a_camera_may_have_a_model_of_its_own),
        IN_SHOP(a_set_lasts_over_a_restart_and_leaves_nothing_when_deleted),
        IN_SHOP(several_tracks_are_marked_as_one_person),
        IN_SHOP(whoever_stays_in_a_staff_zone_is_staff),
        IN_SHOP(whoever_stays_for_longer_than_shoppers_do_is_staff),
        IN_SHOP(a_staff_zone_may_be_one_at_some_hours_only),
        IN_SHOP(a_mark_by_hand_wins_over_a_zone),
        IN_SHOP(whom_a_camera_sees_in_a_staff_minute_is_marked),
        IN_SHOP(a_classifier_is_used_and_taken_back_as_a_model_is),
        IN_SHOP(a_classifier_is_tried_on_people_of_before),
        IN_SHOP(people_are_trained_from_while_a_classifier_judges),
        IN_SHOP(a_classifier_that_was_changed_is_not_used),
        IN_SHOP(what_is_no_staff_model_is_not_added),
        IN_SHOP(a_classifier_that_fails_judges_nobody_and_it_is_told),
        IN_SHOP(a_reid_model_looks_beside_the_colours),
        IN_SHOP(a_real_reid_model_looks_beside_the_colours),
        IN_SHOP(more_in_uniform_than_in_training_ask_for_new_labels),
        IN_SHOP(a_classifier_is_compared_with_its_first_hundred),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
