/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/macros.h"
#include "conf/ground.h"

#define MATRIX "\"world_to_image\":[[200,320,0],[0,100,600],[0,1,0]]"
#define SIZE "\"image_width\":640,\"image_height\":480"

static int parse(struct dw_ground *ground, const char *text, int width_px, int height_px,
                 struct dw_err *err)
{
    return dw_ground_parse(ground, text, strlen(text), width_px, height_px, err);
}

static void a_model_fits_pictures_of_any_size(void **state)
{
    (void)state;
    static const int sizes[][2] = { { 640, 480 }, { 1920, 1080 }, { 320, 240 } };
    for (size_t i = 0; i < DW_LENGTH(sizes); i++) {
        struct dw_ground ground = { 0 };
        struct dw_point metres = { 0 };
        int w = sizes[i][0], h = sizes[i][1];
        assert_int_equal(parse(&ground, "{" MATRIX "," SIZE "}", w, h, NULL), 0);
        struct dw_point pixel = { 420 * w / 640.0, 200 * h / 480.0 };
        assert_true(dw_ground_to_world(&ground, pixel, &metres));
        assert_true(fabs(metres.x - 3) < 1e-9 && fabs(metres.y - 6) < 1e-9);
    }
}

static void the_floor_ends_at_the_horizon(void **state)
{
    (void)state;
    struct dw_ground ground = { 0 };
    double left = 0, right = 0;
    assert_false(dw_ground_horizon(&ground, 0, &left));
    assert_int_equal(parse(&ground, "{" MATRIX "," SIZE "}", 1, 1, NULL), 0);
    assert_true(dw_ground_horizon(&ground, 0, &left) && dw_ground_horizon(&ground, 1, &right));
    assert_true(fabs(left - 100 / 480.0) < 1e-9 && fabs(right - left) < 1e-9);
    struct dw_point metres;
    assert_false(dw_ground_to_world(&ground, (struct dw_point){ .5, left - .01 }, &metres));
    assert_true(dw_ground_to_world(&ground, (struct dw_point){ .5, left + .01 }, &metres));
}

static void each_mistake_gets_a_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *text, *sentence;
    } mistakes[] = {
        { "", "is no JSON" },
        { "[]", "3 rows of 3 numbers" },
        { "{" SIZE "}", "3 rows of 3 numbers" },
        { "{\"world_to_image\":[[1,2,3],[4,5,6]]," SIZE "}", "3 rows of 3 numbers" },
        { "{\"world_to_image\":[[1,2,3],[4,5],[6,7,8]]," SIZE "}", "3 rows of 3 numbers" },
        { "{\"world_to_image\":[[1,2,3],[4,\"5\",6],[6,7,8]]," SIZE "}", "3 rows of 3 numbers" },
        { "{" MATRIX "}", "wants \"image_width\" and \"image_height\"" },
        { "{" MATRIX ",\"image_width\":0,\"image_height\":480}", "wants \"image_width\"" },
        { "{" MATRIX ",\"image_width\":640,\"image_height\":65537}", "wants \"image_width\"" },
        { "{\"world_to_image\":[[1,0,0],[0,1e300,0],[0,0,1]],\"image_width\":640,"
          "\"image_height\":480}",
          "wants numbers up to 1e+12, got 1e+300" },
        { "{\"world_to_image\":[[1,2,3],[2,4,6],[0,0,1]]," SIZE "}", "cannot be inverted" },
    };
    for (size_t i = 0; i < DW_LENGTH(mistakes); i++) {
        struct dw_ground ground = { 0 };
        struct dw_err err = { 0 };
        int r = parse(&ground, mistakes[i].text, 640, 480, &err);
        if (r != -EINVAL || strstr(err.text, mistakes[i].sentence) == NULL)
            fail_msg("%s\n  wanted: %s\n  got:    %d %s", mistakes[i].text, mistakes[i].sentence, r,
                     err.text);
        assert_false(ground.known);
    }
}

static void a_missing_file_is_named(void **state)
{
    (void)state;
    struct dw_ground ground = { 0 };
    struct dw_err err = { 0 };
    assert_int_equal(dw_ground_load(&ground, "/no/such.json", 640, 480, &err), -ENOENT);
    assert_non_null(strstr(err.text, "'/no/such.json'"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_fits_pictures_of_any_size),
        cmocka_unit_test(the_floor_ends_at_the_horizon),
        cmocka_unit_test(each_mistake_gets_a_sentence),
        cmocka_unit_test(a_missing_file_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
