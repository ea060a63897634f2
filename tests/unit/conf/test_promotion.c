/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "conf/promotion.h"
#include "lib/near.h"

static void what_is_left_out_is_without_effect(void **state)
{
    (void)state;
    struct dw_promotion found = { 0 };
    assert_int_equal(dw_promotion_parse(&found, "stop=1.3", NULL), 0);
    assert_int_equal(found.display, -1);
    assert_int_equal(found.first_day, 0);
    assert_true(found.last_day > 30000);
    assert_int_equal(found.every, 1);
    assert_near(found.footfall, 1, 0);
    assert_near(found.stop, 1.3, 0);
}

static void displays_and_days_are_counted_from_one(void **state)
{
    (void)state;
    struct dw_promotion found = { 0 };
    struct dw_buf text = { 0 };
    const char *given = "display=2,from=15,to=28,every=2,footfall=1.25,stop=1.5,dwell=1.1";
    assert_int_equal(dw_promotion_parse(&found, given, NULL), 0);
    assert_int_equal(found.display, 1);
    assert_int_equal(found.first_day, 14);
    assert_int_equal(found.last_day, 27);
    dw_promotion_print(&found, &text);
    assert_string_equal(dw_buf_text(&text), given);
    dw_buf_fini(&text);
}

static void what_is_wrong_is_said(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        { "", "wants the form key=value" },
        { "stopp=1", "did you mean stop" },
        { "stop=x", "stop wants a number from 0.1 to 10, got 'x'" },
        { "from=1.5", "from wants a whole number" },
        { "from=9,to=3", "ends on day 3, before day 9" },
        { "display=21", "from 1 to 20" },
        { "every=0", "every wants" },
        { "dwell=nan", "got 'nan'" },
    };
    for (size_t i = 0; i < DW_LENGTH(wrong); i++) {
        struct dw_promotion found = { .display = 5 };
        struct dw_err err = { { 0 } };
        assert_true(dw_promotion_parse(&found, wrong[i][0], &err) < 0);
        if (strstr(err.text, wrong[i][1]) == NULL)
            fail_msg("'%s' does not say '%s'", err.text, wrong[i][1]);
        assert_int_equal(found.display, 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_out_is_without_effect),
        cmocka_unit_test(displays_and_days_are_counted_from_one),
        cmocka_unit_test(what_is_wrong_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
