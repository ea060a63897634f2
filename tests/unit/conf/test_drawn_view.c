/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "conf/drawn_view.h"

static struct dw_drawn_view some_view(void)
{
    struct dw_drawn_view view = { .width_px = 640, .height_px = 360, .reference.steepness = 0.375 };
    for (size_t i = 0; i < DW_PICTURE_CELLS; i++)
        view.reference.edges[i] = (uint8_t)(i * 7);
    return view;
}

static void what_was_kept_comes_back_and_is_for_its_owner_alone(void **state)
{
    (void)state;
    char folder[] = "/tmp/dwell-view-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/entrance.json", folder);
    struct dw_drawn_view kept = some_view(), back = { 0 };
    struct stat status;
    assert_int_equal(dw_drawn_view_load(&back, path, NULL), 0);
    assert_int_equal(dw_drawn_view_save(&kept, path, NULL), 0);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(dw_drawn_view_load(&back, path, NULL), 1);
    assert_int_equal(back.width_px, 640);
    assert_int_equal(back.height_px, 360);
    assert_true(back.reference.steepness == 0.375);
    assert_memory_equal(back.reference.edges, kept.reference.edges, DW_PICTURE_CELLS);
    unlink(path);
    rmdir(folder);
}

static void a_damaged_view_is_refused_with_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        { "", "is no JSON" },
        { "{}", "wants \"width\" and \"height\"" },
        { "{\"width\":1,\"height\":70000}", "wants \"width\" and \"height\"" },
        { "{\"width\":1,\"height\":1,\"steepness\":-1}", "\"steepness\" wants 0 to 100" },
        { "{\"width\":1,\"height\":1,\"edges\":\"00\"}", "\"edges\" wants 6144 digits" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dw_drawn_view view = { 0 };
        struct dw_err err = { 0 };
        assert_true(dw_drawn_view_parse(&view, cases[i].text, strlen(cases[i].text), &err) < 0);
        assert_non_null(strstr(err.text, cases[i].says));
        assert_int_equal(view.width_px, 0);
    }
}

static void digits_that_are_none_are_refused(void **state)
{
    (void)state;
    static char text[2 * DW_PICTURE_CELLS + 64];
    int at = snprintf(text, sizeof(text), "{\"width\":1,\"height\":1,\"edges\":\"");
    memset(text + at, '0', 2 * DW_PICTURE_CELLS);
    memcpy(text + at + 2 * DW_PICTURE_CELLS, "\"}", 3);
    struct dw_drawn_view view = { 0 };
    assert_int_equal(dw_drawn_view_parse(&view, text, strlen(text), NULL), 0);
    text[at + 100] = 'g';
    struct dw_err err = { 0 };
    assert_true(dw_drawn_view_parse(&view, text, strlen(text), &err) < 0);
    assert_non_null(strstr(err.text, "wants digits 0 to 9 and a to f"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_kept_comes_back_and_is_for_its_owner_alone),
        cmocka_unit_test(a_damaged_view_is_refused_with_what_is_wrong),
        cmocka_unit_test(digits_that_are_none_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
