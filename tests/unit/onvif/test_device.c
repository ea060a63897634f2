/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "onvif/device.h"

static void the_best_stream_is_the_smallest_on_which_people_can_be_measured(void **state)
{
    (void)state;
    struct dw_onvif_streams streams = {
        .items = { { .height_px = 1080, .codec = "H264" },
                   { .height_px = 180, .codec = "H264" },
                   { .height_px = 480, .codec = "JPEG" },
                   { .height_px = 480, .codec = "H264" } },
        .count = 4,
    };
    assert_ptr_equal(dw_onvif_best(&streams), &streams.items[3]);
    streams.count = 2;
    assert_ptr_equal(dw_onvif_best(&streams), &streams.items[0]);
    streams.items[0].height_px = 240;
    assert_ptr_equal(dw_onvif_best(&streams), &streams.items[0]);
    streams.count = 0;
    assert_null(dw_onvif_best(&streams));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_stream_is_the_smallest_on_which_people_can_be_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
