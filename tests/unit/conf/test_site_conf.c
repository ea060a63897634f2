/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/macros.h"
#include "base/wall_time.h"
#include "conf/site_conf.h"

static int parse(struct dw_site_conf *out, const char *text, struct dw_err *err)
{
    return dw_site_conf_parse(out, text, strlen(text), "/etc/shop/site.yaml", err);
}

static struct dw_site_conf parsed(const char *text)
{
    struct dw_site_conf conf = { 0 };
    struct dw_err err = { 0 };
    if (parse(&conf, text, &err) != 0)
        fail_msg("%s: %s", text, err.text);
    return conf;
}

static void test_every_key_is_read_and_paths_begin_beside_the_file(void **state)
{
    (void)state;
    struct dw_site_conf conf = parsed(
        "site: Shop # with a comment\n"
        "time_zone: Europe/Berlin\n"
        "data: kept\n"
        "store: postgresql://dwell@db/dwell\n"
        "listen: 0.0.0.0:443\n"
        "hosts: [dwell.shop.lan, shop.example]\n"
        "tls: {certificate: tls.pem, key: /etc/tls.key}\n"
        "privacy: {pictures: blurred}\n"
        "retention: {visits: 730d, feet: 30d}\n"
        "staff_reid: reid.onnx\n"
        "settings: {zone.grace: 1}\n"
        "cameras:\n"
        "  - name: entrance\n"
        "    source: rtsp://10.0.0.5/stream\n"
        "    transport: udp\n"
        "    zones: entrance.json\n"
        "    ground: floor.json\n"
        "    settings:\n"
        "      track: {lag: 0.25}\n"
        "  - {name: film, source: a.csv, loop: true, enabled: no, fps: 12.5, size: 640x480}\n");
    assert_string_equal(conf.name, "Shop");
    assert_string_equal(conf.time_zone, "Europe/Berlin");
    assert_string_equal(conf.data, "/etc/shop/kept");
    assert_string_equal(conf.store, "postgresql://dwell@db/dwell");
    assert_string_equal(conf.listen, "0.0.0.0:443");
    assert_string_equal(conf.staff_reid, "/etc/shop/reid.onnx");
    assert_int_equal(conf.hosts.count, 2);
    assert_string_equal(conf.hosts.items[1], "shop.example");
    assert_string_equal(conf.certificate, "/etc/shop/tls.pem");
    assert_string_equal(conf.key, "/etc/tls.key");
    assert_int_equal(conf.privacy, DW_PRIVACY_BLURRED);
    assert_int_equal(conf.retention_days[0], 730);
    assert_int_equal(conf.retention_days[1], -1);
    assert_int_equal(conf.retention_days[3], 30);
    assert_int_equal(conf.cameras.count, 2);
    const struct dw_camera_conf *camera = &conf.cameras.items[0];
    assert_string_equal(camera->source, "rtsp://10.0.0.5/stream");
    assert_string_equal(camera->zones_path, "/etc/shop/entrance.json");
    assert_string_equal(camera->ground_path, "/etc/shop/floor.json");
    assert_true(camera->enabled);
    assert_true(camera->udp);
    assert_int_equal(camera->settings.zone.grace_us, DW_SECOND_US);
    assert_int_equal(camera->settings.track.lag_us, DW_SECOND_US / 4);
    camera = &conf.cameras.items[1];
    assert_string_equal(camera->source, "/etc/shop/a.csv");
    assert_string_equal(camera->zones_path, "/etc/shop/kept/zones/film.json");
    assert_true(camera->loop);
    assert_false(camera->udp);
    assert_false(camera->enabled);
    assert_int_equal(camera->width_px, 640);
    assert_int_equal(camera->settings.track.lag_us, dw_settings_default().track.lag_us);
    dw_site_conf_fini(&conf);
}

static void test_nothing_is_a_site_without_cameras_on_this_machine_only(void **state)
{
    (void)state;
    const char *const texts[] = { "", "# nothing yet\n", "cameras:\n", "cameras: []\n" };
    for (size_t i = 0; i < DW_LENGTH(texts); i++) {
        struct dw_site_conf conf = parsed(texts[i]);
        assert_int_equal(conf.cameras.count, 0);
        assert_string_equal(conf.listen, "127.0.0.1:8080");
        assert_string_equal(conf.data, "/etc/shop/dwell-data");
        assert_string_equal(conf.store, "/etc/shop/dwell-data/dwell.db");
        assert_int_equal(conf.privacy, DW_PRIVACY_ON);
        dw_site_conf_fini(&conf);
    }
}

static void test_a_secret_comes_from_the_environment_and_what_was_written_is_kept(void **state)
{
    (void)state;
    setenv("TEST_PASSWORD", "p&ss", 1);
    struct dw_site_conf conf =
        parsed("cameras: [{name: a, source: \"rtsp://u:${TEST_PASSWORD}@h/${TEST_PASSWORD}\"}]");
    assert_string_equal(conf.cameras.items[0].source, "rtsp://u:p&ss@h/p&ss");
    assert_string_equal(conf.cameras.items[0].source_text,
                        "rtsp://u:${TEST_PASSWORD}@h/${TEST_PASSWORD}");
    assert_null(strstr(conf.text, "p&ss"));
    dw_site_conf_fini(&conf);
}

static void test_each_mistake_is_told_with_its_line_and_changes_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        { "site: a\ncamera: []", "line 2: unknown key 'camera'; did you mean 'cameras'?" },
        { "xyzzy: 1", "line 1: unknown key 'xyzzy'; there are cameras, data, " },
        { "cameras:\n- name: a\n  sorce: b",
          "line 3: unknown key 'sorce'; did you mean 'source'?" },
        { "cameras:\n- name: a", "line 2: camera 'a' wants a 'source'" },
        { "cameras:\n- source: a", "line 2: a camera wants a 'name'" },
        { "cameras:\n- {name: a, source: b}\n- {name: a, source: c}", "line 3: two cameras" },
        { "cameras:\n- {name: a/b, source: c}", "line 2: 'name' wants up to 63 letters" },
        { "cameras:\n- {name: .., source: c}", "line 2: 'name' wants up to 63 letters" },
        { "cameras:\n- {name: a, source: 'rtsp://h', loop: true}", "only a file can be played" },
        { "cameras:\n- {name: a, source: b, transport: sctp}", "tcp or udp, got 'sctp'" },
        { "cameras:\n- {name: a, source: '${NOT_SET_HERE}'}",
          "wants ${NOT_SET_HERE}, which is not" },
        { "cameras:\n- {name: a, source: '${x'}", "wants a name of the environment in ${...}" },
        { "cameras:\n- {name: a, source: b, size: 640}", "like 1920x1080, got '640'" },
        { "cameras:\n- {name: a, source: b, size: 640x-1}", "like 1920x1080" },
        { "cameras:\n- {name: a, source: b, fps: 0}", "frames a second" },
        { "cameras:\n- {name: a, source: b, fps: nan}", "frames a second" },
        { "cameras:\n- {name: a, source: b, enabled: maybe}", "'enabled' wants true or false" },
        { "cameras: 5", "line 1: 'cameras' wants a list" },
        { "cameras: [a]", "wants names with values" },
        { "- a", "the file" },
        { "time_zone: Mars/Base", "'time_zone' wants a time zone like Europe/Berlin" },
        { "time_zone: ../../../etc/passwd", "'time_zone' wants a time zone" },
        { "retention: {visits: 12}", "'visits' wants a number of days, like 730d, got '12'" },
        { "retention: {visits: -1d}", "'visits' wants a number of days" },
        { "retention: {visits: 99999999999999999999d}", "'visits' wants a number of days" },
        { "privacy: {pictures: maybe}", "'pictures' wants on, blurred or off, got 'maybe'" },
        { "tls: {certificate: a}", "'tls' wants both" },
        { "settings: {zone.grce: 1}", "line 1: there is no setting 'zone.grce'" },
        { "settings:\n  zone:\n    grace: -1", "line 3: setting 'zone.grace' wants 0 to" },
        { "site:", "'site' wants a text" },
        { "site: a\nsite: b", "line 2: 'site' stands in line 1 already" },
        { "site: &x a", "anchors (&) and tags (!)" },
        { "site: *x", "aliases (*)" },
        { "site: !!str a", "anchors (&) and tags (!)" },
        { "a: [", "line 2: did not find" },
        { "site: a\n---\nsite: b", "holds a second document" },
        { "hosts: a", "'hosts' wants a list" },
        { "[[[[[[[[[[a]]]]]]]]]]", "is nested too deep" },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        struct dw_site_conf conf = { .privacy = DW_PRIVACY_OFF };
        struct dw_err err = { 0 };
        int r = parse(&conf, cases[i].text, &err);
        if (r != -EINVAL || strstr(err.text, cases[i].wanted) == NULL)
            fail_msg("%s\n  wanted: %s\n  got:    %d %s", cases[i].text, cases[i].wanted, r,
                     err.text);
        assert_null(conf.text);
        assert_int_equal(conf.privacy, DW_PRIVACY_OFF);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_key_is_read_and_paths_begin_beside_the_file),
        cmocka_unit_test(test_nothing_is_a_site_without_cameras_on_this_machine_only),
        cmocka_unit_test(test_a_secret_comes_from_the_environment_and_what_was_written_is_kept),
        cmocka_unit_test(test_each_mistake_is_told_with_its_line_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
