/* SPDX-License-Identifier: Apache-2.0 */
/* Which staff models were put to use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "conf/staff_switch.h"

static void what_is_printed_is_read_again(void **state)
{
    (void)state;
    static const char text[] = "20261126-1\n- till 2\n20261126-2 till 2\n-\n";
    struct dw_staff_switches switches = { 0 };
    struct dw_err err = { { 0 } };
    struct dw_buf again = { 0 };
    assert_int_equal(dw_staff_switches_parse(&switches, text, &err), 0);
    assert_int_equal(switches.count, 4);
    assert_string_equal(switches.items[1].model, "");
    assert_string_equal(switches.items[2].camera, "till 2");
    dw_staff_switches_print(&again, &switches);
    assert_string_equal(dw_buf_text(&again), text);
    dw_vec_fini(&switches);
    dw_buf_fini(&again);
}

static void a_name_that_leads_elsewhere_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = { "", "../x", "a/b", "a.b", "-x", "a b", "\xc3\xa4" };
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        assert_false(dw_staff_name_is_good(bad[i]));
    assert_true(dw_staff_name_is_good("20261126-093000-001"));
    struct dw_staff_switches switches = { 0 };
    struct dw_err err = { { 0 } };
    assert_true(dw_staff_switches_parse(&switches, "good\n../etc/passwd till\n", &err) < 0);
    assert_non_null(strstr(err.text, "line 2"));
    dw_vec_fini(&switches);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_printed_is_read_again),
        cmocka_unit_test(a_name_that_leads_elsewhere_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
