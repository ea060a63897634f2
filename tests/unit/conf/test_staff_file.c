/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/staff_file.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/macros.h"

#define HEAD                                                                                       \
    "{\"dwell_staff_set\":1,\"looks\":\"histogram\",\"camera\":\"a\",\"until\":\"2026-12-01\"}\n"
#define TRACK(number, views, sums)                                                                 \
    "{\"track\":" number ",\"start\":\"2026-11-01T10:00:00Z\",\"views\":" views ",\"sums\":" sums  \
    "}\n"
#define TWO HEAD TRACK("3", "[2,1]", "[[1,0.5],[0.5,0]]") TRACK("4", "[1,0]", "[[1,2],[0,0]]")

static void assert_refused(int r, const struct dw_err *err, const char *words)
{
    assert_int_equal(r, -EINVAL);
    if (strstr(err->text, words) == NULL)
        fail_msg("'%s' does not say '%s'", err->text, words);
}

static void a_set_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct dw_staff_set set = { 0 }, again = { 0 };
    struct dw_buf text = { 0 };
    struct dw_err err = { 0 };
    assert_int_equal(dw_staff_set_parse(&set, TWO, strlen(TWO), &err), 0);
    assert_int_equal(set.tracks.count, 2);
    assert_string_equal(set.camera, "a");
    dw_staff_set_print(&text, &set);
    for (size_t i = 0; i < set.tracks.count; i++)
        dw_staff_track_print(&text, &set.tracks.items[i]);
    assert_int_equal(dw_staff_set_parse(&again, text.data, text.length, &err), 0);
    assert_int_equal(again.until_us, set.until_us);
    assert_memory_equal(again.tracks.items, set.tracks.items, 2 * sizeof(*set.tracks.items));
    assert_int_equal(again.tracks.items[0].track.views.count[0], 2);
    dw_staff_set_fini(&set);
    dw_staff_set_fini(&again);
    dw_buf_fini(&text);
}

static void damaged_sets_are_refused_with_line_and_reason(void **state)
{
    (void)state;
    const struct {
        const char *text, *words;
    } cases[] = {
        { "", "line 1: is no JSON" },
        { "{}", "line 1: has no \"dwell_staff_set\"" },
        { "{\"dwell_staff_set\":2}", "2 is not known" },
        { HEAD "{", "line 2: is no JSON" },
        { HEAD TRACK("-1", "[1,0]", "[[1],[1]]"), "\"track\" wants" },
        { HEAD TRACK("1", "[0,0]", "[[1],[1]]"), "\"views\" wants halves" },
        { HEAD TRACK("1", "[1,2]", "[[1],[1]]"), "\"views\" wants halves" },
        { HEAD TRACK("1", "[1,1]", "[[1,2],[1]]"), "\"sums\" wants 2 numbers, got 1" },
        { HEAD TRACK("1", "[1,1]", "[[1e99],[1]]"), "at most" },
        { HEAD TRACK("1", "[1,1]", "[[],[]]"), "1 to 824 numbers" },
        { HEAD TRACK("1", "[1,1]", "[[1],[1]]") TRACK("2", "[1,1]", "[[1,2],[1,2]]"),
          "line 3: its looks have 2 numbers, those before 1" },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        struct dw_staff_set set = { 0 };
        struct dw_err err = { 0 };
        int r = dw_staff_set_parse(&set, cases[i].text, strlen(cases[i].text), &err);
        dw_staff_set_fini(&set);
        assert_refused(r, &err, cases[i].words);
    }
}

static void labels_name_tracks_roles_and_persons(void **state)
{
    (void)state;
    struct dw_staff_set set = { 0 };
    struct dw_err err = { 0 };
    assert_int_equal(dw_staff_set_parse(&set, TWO, strlen(TWO), &err), 0);
    assert_int_equal(
        dw_staff_labels_parse(&set, "track,role,person\n3,staff,7\r\n4,shopper\n\n", &err), 0);
    assert_int_equal(set.tracks.items[0].track.label, DW_ROLE_STAFF);
    assert_int_equal(set.tracks.items[0].track.person, 7);
    assert_int_equal(set.tracks.items[1].track.label, DW_ROLE_SHOPPER);
    assert_int_equal(set.tracks.items[1].track.person, 0);
    const struct {
        const char *text, *words;
    } cases[] = {
        { "3,staff\n", "wants the heading" },
        { "track,role\n3,boss\n", "line 2: '3,boss': wants" },
        { "track,role\n3,unknown\n", "role being staff or shopper" },
        { "track,role\n3\n", "line 2: '3'" },
        { "track,role\nx,staff\n", "line 2" },
        { "track,role,person\n3,staff,x\n", "line 2" },
        { "track,role\n\n5,staff", "line 3: the set has no track 5" },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++)
        assert_refused(dw_staff_labels_parse(&set, cases[i].text, &err), &err, cases[i].words);
    dw_staff_set_fini(&set);
}

static struct dw_staff_model small_model(void)
{
    return (struct dw_staff_model){
        .looks = "histogram",
        .size = 2,
        .usual = { .tracks = 9, .mean = { 0.25, 0.5 } },
        .weights = { 1.5, -2, 0.125 },
        .alike = 0.5,
        .platt = { 2, -0.5 },
        .figures = { .staff = 10,
                     .shoppers = 20,
                     .shopper_people = 4,
                     .staff_right = 9,
                     .auc = 0.99,
                     .curve = { 0.75 },
                     .by_person = true,
                     .sure = 0.9 },
    };
}

static void a_model_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct dw_staff_model model = small_model(), again;
    struct dw_staff_origin origin = { 1000000, "door", "monday" }, origin_again;
    struct dw_buf text = { 0 };
    struct dw_err err = { 0 };
    dw_staff_model_print(&text, &model, &origin);
    int r = dw_staff_model_parse(&again, &origin_again, text.data, text.length, &err);
    assert_int_equal(r, 0);
    assert_string_equal(origin_again.camera, "door");
    assert_int_equal(origin_again.trained_us, 1000000);
    assert_string_equal(origin_again.set, "monday");
    assert_string_equal(origin_again.set, "monday");
    assert_int_equal(again.size, 2);
    assert_memory_equal(again.weights, model.weights, sizeof(model.weights));
    assert_memory_equal(again.usual.mean, model.usual.mean, sizeof(model.usual.mean));
    assert_true(again.alike == model.alike && again.platt.offset == model.platt.offset);
    assert_int_equal(again.figures.staff_right, 9);
    assert_int_equal(again.figures.shopper_people, 4);
    assert_true(again.figures.by_person);
    char *people = strstr(dw_buf_text(&text), "\"shopper_people\"");
    assert_non_null(people);
    people[1] = 'S'; /* as a program wrote it that did not count them */
    r = dw_staff_model_parse(&again, &origin_again, text.data, text.length, &err);
    assert_int_equal(r, 0);
    assert_int_equal(again.figures.shopper_people, 20);
    dw_buf_fini(&text);
}

/* Each piece of a model that is taken away, or spoilt, is missed. */
static void damaged_models_are_refused(void **state)
{
    (void)state;
    const char *const changes[][2] = {
        { "\"dwell_staff_model\":1", "\"dwell_staff_model\":7" },
        { "\"dwell_staff_model\":1", "\"dwell_staff_set\":1" },
        { "\"looks\":\"histogram\"", "\"looks\":\"\"" },
        { "\"staff\":10", "\"staff\":-1" },
        { "\"auc\":0.99", "\"auc\":7" },
        { "\"alike\":0.5", "\"alike\":-0.5" },
        { "\"weights\":[", "\"weights\":[0," },
        { "\"mean\":[", "\"mean\":[0," },
        { "\"slope\":2", "\"slope\":\"2\"" },
        { "\"trained\":\"", "\"trained\":\"x" },
    };
    struct dw_staff_model model = small_model(), again;
    struct dw_staff_origin origin = { 1000000, "door", "monday" };
    for (size_t i = 0; i < DW_LENGTH(changes); i++) {
        struct dw_buf text = { 0 }, spoilt = { 0 };
        struct dw_err err = { 0 };
        dw_staff_model_print(&text, &model, &origin);
        const char *at = strstr(text.data, changes[i][0]);
        assert_non_null(at);
        dw_buf_append(&spoilt, text.data, (size_t)(at - text.data));
        dw_buf_puts(&spoilt, changes[i][1]);
        dw_buf_puts(&spoilt, at + strlen(changes[i][0]));
        int r = dw_staff_model_parse(&again, &origin, spoilt.data, spoilt.length, &err);
        dw_buf_fini(&text);
        dw_buf_fini(&spoilt);
        if (r != -EINVAL || err.text[0] == '\0')
            fail_msg("'%s' was taken", changes[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_is_read_as_it_was_written),
        cmocka_unit_test(damaged_sets_are_refused_with_line_and_reason),
        cmocka_unit_test(labels_name_tracks_roles_and_persons),
        cmocka_unit_test(a_model_is_read_as_it_was_written),
        cmocka_unit_test(damaged_models_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
