/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/macros.h"
#include "media/url.h"

static void hides_every_password(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "rtsp://cam.shop:554/stream@1", "rtsp://cam.shop:554/stream@1" },
        { "rtsp://user@cam/s", "rtsp://user@cam/s" },
        { "rtsp://user:pass@cam:554/s", "rtsp://user:***@cam:554/s" },
        { "rtsp://user:p@ss@cam/s", "rtsp://user:***@cam/s" },
        { "rtsp://user:p/ss@cam/s", "rtsp://user:***@cam/s" },
        { "rtsp://user:p?ss@cam/s", "rtsp://user:***@cam/s" },
        { "rtsp://:pass@cam/s", "rtsp://:***@cam/s" },
        { "rtsp://[fe80::1]:554/s", "rtsp://[fe80::1]:554/s" },
        { "http://cam/v.cgi?user=a&pwd=secret&x=1", "http://cam/v.cgi?user=a&pwd=***&x=1" },
        { "http://cam/v?AccessToken=secret", "http://cam/v?AccessToken=***" },
        { "http://cam/v?channel=2", "http://cam/v?channel=2" },
        { "http://cam/v?", "http://cam/v?" },
        { "cam:1.avi", "cam:1.avi" },
        { "file:///a:b@c/d", "/a:b@c/d" },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        char *redacted = dw_url_redact(cases[i][0]);
        assert_string_equal(redacted, cases[i][1]);
        free(redacted);
    }
}

static void puts_a_user_where_it_belongs(void **state)
{
    (void)state;
    static const struct {
        const char *url, *user, *password, *wanted;
    } cases[] = {
        { "rtsp://cam:554/s@1?a=1", "shop", "p", "rtsp://shop:p@cam:554/s@1?a=1" },
        { "rtsp://cam/s", "a@b", ":/?#${X}%", "rtsp://a%40b:%3A%2F%3F%23%24%7BX%7D%25@cam/s" },
        { "rtsp://cam/s", "shop", NULL, "rtsp://shop@cam/s" },
        { "rtsp://own:user@cam/s", "shop", "p", "rtsp://own:user@cam/s" },
        { "rtsp://cam/s", NULL, NULL, "rtsp://cam/s" },
        { "rtsp://cam/s", "", "p", "rtsp://cam/s" },
        { "/videos/x.avi", "shop", "p", "/videos/x.avi" },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        char *url = dw_url_with_user(cases[i].url, cases[i].user, cases[i].password);
        assert_string_equal(url, cases[i].wanted);
        free(url);
    }
}

static void finds_the_host(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "rtsp://Cam.shop:554/stream@1", "cam.shop" }, { "rtsp://user:p@ss@cam/s", "cam" },
        { "rtsp://user:p/ss@cam:554", "cam" },          { "rtsp://[FE80::1]:554/s", "fe80::1" },
        { "http://10.0.0.1?channel=2", "10.0.0.1" },
    };
    char host[DW_HOST_SIZE];
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        assert_true(dw_url_host(cases[i][0], host));
        assert_string_equal(host, cases[i][1]);
    }
    assert_false(dw_url_host("cam:1.avi", host));
    assert_false(dw_url_host("rtsp:///s", host));
}

static void tells_files_from_streams(void **state)
{
    (void)state;
    assert_true(dw_url_is_file("cam:1.avi"));
    assert_true(dw_url_is_file("File:///x.avi"));
    assert_string_equal(dw_url_path("File:///x.avi"), "/x.avi");
    assert_string_equal(dw_url_path("x.avi"), "x.avi");
    assert_false(dw_url_is_file("rtsp://cam/s"));
    assert_false(dw_url_is_file("v4l2:///dev/video0"));
    assert_string_equal(dw_url_webcam("V4L2:///dev/video0"), "/dev/video0");
    assert_null(dw_url_webcam("rtsp://cam/dev/video0"));
    assert_null(dw_url_webcam("/dev/video0"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hides_every_password),
        cmocka_unit_test(puts_a_user_where_it_belongs),
        cmocka_unit_test(finds_the_host),
        cmocka_unit_test(tells_files_from_streams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
