/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/hosts.h"

static void cameras_of_one_machine_are_asked_one_after_the_other(void **state)
{
    (void)state;
    DW_AUTO(hosts) *hosts = dw_hosts_create();
    int64_t first = dw_hosts_turn(hosts, "rtsp://nvr:554/1", 1000);
    int64_t second = dw_hosts_turn(hosts, "rtsp://u:p@NVR/2", 1000);
    int64_t third = dw_hosts_turn(hosts, "rtsps://nvr/3", 1000);
    assert_int_equal(first, 1000);
    assert_in_range(second - first, 50000, 250000);
    assert_int_equal(third - second, second - first);
    assert_int_equal(dw_hosts_turn(hosts, "rtsp://nvr/1", 9000000), 9000000);
}

static void others_and_files_do_not_wait_for_them(void **state)
{
    (void)state;
    DW_AUTO(hosts) *hosts = dw_hosts_create();
    (void)dw_hosts_turn(hosts, "rtsp://nvr/1", 1000);
    assert_int_equal(dw_hosts_turn(hosts, "rtsp://door/1", 1000), 1000);
    for (int i = 0; i < 3; i++)
        assert_int_equal(dw_hosts_turn(hosts, "film.mp4", 1000), 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cameras_of_one_machine_are_asked_one_after_the_other),
        cmocka_unit_test(others_and_files_do_not_wait_for_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
