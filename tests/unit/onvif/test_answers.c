/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/macros.h"
#include "onvif/answers.h"

static int read_match(struct dw_onvif_camera *camera, const char *text, struct dw_err *err)
{
    return dw_onvif_read_match(camera, text, strlen(text), err);
}

static void a_match_gives_name_model_and_addresses(void **state)
{
    (void)state;
    struct dw_onvif_camera camera;
    assert_int_equal(
        read_match(&camera,
                   "<e:Envelope xmlns:e='x'><e:Body><ProbeMatches><ProbeMatch>"
                   "<EndpointReference><Address>urn:uuid:7</Address></EndpointReference>"
                   "<Scopes>onvif://www.onvif.org/type/video\n onvif://www.onvif.org/name/Till%202"
                   "  onvif://www.onvif.org/hardware/X%zz%1b</Scopes>"
                   "<XAddrs> http://192.168.1.20/a http://10.0.0.1/a </XAddrs>"
                   "</ProbeMatch></ProbeMatches></e:Body></e:Envelope>",
                   NULL),
        0);
    assert_string_equal(camera.id, "urn:uuid:7");
    assert_string_equal(camera.name, "Till 2");
    assert_string_equal(camera.model, "X%zz ");
    assert_string_equal(camera.addresses, "http://192.168.1.20/a http://10.0.0.1/a");
}

static void what_is_no_match_is_refused_in_a_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int code;
        const char *says;
    } cases[] = {
        { "", -EINVAL, "is no XML" },
        { "<a><b></a>", -EINVAL, "line 1" },
        { "<a/>", -ENOENT, "is no camera" },
        { "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", -EINVAL, "as no camera writes it" },
        { "<Fault><Reason><Text>too\nbusy</Text></Reason></Fault>", -EPROTO, "refuses: too busy" },
        { "<Fault><Code><Subcode><Value>ter:NotAuthorized</Value></Subcode></Code></Fault>",
          -EACCES, "no reason given" },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        struct dw_onvif_camera camera;
        struct dw_err err = { 0 };
        assert_int_equal(read_match(&camera, cases[i].text, &err), cases[i].code);
        assert_non_null(strstr(err.text, cases[i].says));
    }
}

static void what_nests_too_deep_is_refused(void **state)
{
    (void)state;
    char text[1024] = "";
    for (int i = 0; i < 100; i++)
        strcat(text, "<a>");
    struct dw_onvif_camera camera;
    struct dw_err err = { 0 };
    assert_int_equal(read_match(&camera, text, &err), -EINVAL);
    assert_non_null(strstr(err.text, "as no camera writes it"));
}

static void a_time_is_seconds_since_1970(void **state)
{
    (void)state;
    const char *text = "<r><UTCDateTime><Time><Hour>9</Hour><Minute>15</Minute><Second>7</Second>"
                       "</Time><Date><Year>2026</Year><Month>11</Month><Day>22</Day></Date>"
                       "</UTCDateTime><LocalDateTime><Hour>10</Hour></LocalDateTime></r>";
    int64_t unix_s = 0;
    assert_int_equal(dw_onvif_read_time(&unix_s, text, strlen(text), NULL), 0);
    assert_int_equal(unix_s, 1795338907);
    const char *part = "<r><UTCDateTime><Hour>25</Hour></UTCDateTime></r>";
    assert_int_equal(dw_onvif_read_time(&unix_s, part, strlen(part), NULL), -EPROTO);
}

static void profiles_without_video_are_left_out_and_too_many_are_cut(void **state)
{
    (void)state;
    char text[8192] = "<r>";
    size_t length = strlen(text);
    for (int i = 0; i < 40; i++)
        length += (size_t)snprintf(
            text + length, sizeof(text) - length,
            "<Profiles token='t%d'><Name>p%d</Name>%s</Profiles>", i, i,
            i % 2 == 0 ? "<VideoEncoderConfiguration><Name>e</Name><Encoding>H264</Encoding>"
                         "<Resolution><Width>640</Width><Height>99999999</Height></Resolution>"
                         "</VideoEncoderConfiguration>"
                       : "");
    length += (size_t)snprintf(text + length, sizeof(text) - length, "</r>");
    struct dw_onvif_streams streams;
    assert_int_equal(dw_onvif_read_profiles(&streams, text, length, NULL), 0);
    assert_int_equal(streams.count, DW_ONVIF_STREAMS_MAX / 2);
    assert_string_equal(streams.items[1].token, "t2");
    assert_string_equal(streams.items[1].profile, "p2");
    assert_int_equal(streams.items[1].width_px, 640);
    assert_int_equal(streams.items[1].height_px, 0);
    assert_int_equal(dw_onvif_read_profiles(&streams, "<r/>", 4, NULL), -EPROTO);
}

static void an_address_comes_without_user_and_only_as_rtsp(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "rtsp://a:b@c@10.0.0.2:554/x@y?z", "rtsp://10.0.0.2:554/x@y?z" },
        { "rtsps://10.0.0.2/x", "rtsps://10.0.0.2/x" },
        { "http://10.0.0.2/x", NULL },
        { "", NULL },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        char text[256], uri[512];
        snprintf(text, sizeof(text), "<MediaUri><Uri> %s </Uri></MediaUri>", cases[i][0]);
        int r = dw_onvif_read_uri(uri, text, strlen(text), NULL);
        assert_int_equal(r, cases[i][1] != NULL ? 0 : -EPROTO);
        if (r == 0)
            assert_string_equal(uri, cases[i][1]);
    }
}

static void the_media_service_is_the_one_within_media(void **state)
{
    (void)state;
    const char *text = "<r><Events><XAddr>http://x/events</XAddr></Events>"
                       "<Media><XAddr>http://x/media</XAddr></Media></r>";
    char address[512];
    assert_int_equal(dw_onvif_read_media(address, text, strlen(text), NULL), 0);
    assert_string_equal(address, "http://x/media");
    assert_int_equal(dw_onvif_read_media(address, "<r/>", 4, NULL), -EPROTO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_match_gives_name_model_and_addresses),
        cmocka_unit_test(what_is_no_match_is_refused_in_a_sentence),
        cmocka_unit_test(what_nests_too_deep_is_refused),
        cmocka_unit_test(a_time_is_seconds_since_1970),
        cmocka_unit_test(profiles_without_video_are_left_out_and_too_many_are_cut),
        cmocka_unit_test(an_address_comes_without_user_and_only_as_rtsp),
        cmocka_unit_test(the_media_service_is_the_one_within_media),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
