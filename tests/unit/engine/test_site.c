/* SPDX-License-Identifier: Apache-2.0 */
/* Several cameras at once, each a detections file in a loop. */
#include <errno.h>
#include <time.h>

#include "conf/file.h"
#include "engine/site.h"
#include "unit/engine/film_file.h"
#include "unit/store/store_fixture.h"

#define PATIENCE_US (20 * DW_SECOND_US)
#define BOX "\"polygon\":[[0,0],[1,0],[1,1],[0,1],[0,0]]"
#define CAMERA "fps: 100, size: 640x480, loop: true}\n"

struct shop {
    char path[64], film[FILM_PATH_SIZE];
    struct dw_site *site;
    struct dw_hub_cursor cursor;
};

static int64_t no_offset(int64_t wall_us)
{
    (void)wall_us;
    return 0;
}

/* A film of two seconds, one person standing. */
static int shop_setup(void **state)
{
    struct shop *shop = calloc(1, sizeof(*shop));
    snprintf(shop->path, sizeof(shop->path), "/tmp/dwell-site-XXXXXX");
    film_file_write(shop->film, 200);
    *state = shop;
    return mkdtemp(shop->path) != NULL ? 0 : -1;
}

static int shop_teardown(void **state)
{
    struct shop *shop = *state;
    char command[128];
    dw_site_destroy(shop->site);
    snprintf(command, sizeof(command), "rm -rf '%s' '%s'", shop->path, shop->film);
    free(shop);
    return system(command);
}

/* The text's "FILM" become the film; zones are written for the cameras named. */
static void open_shop(struct shop *shop, const char *text, const char *zones_of)
{
    struct dw_buf whole = { 0 };
    struct dw_site_conf conf = { 0 };
    struct dw_err err = { 0 };
    char path[128];
    for (const char *film = NULL; (film = strstr(text, "FILM")) != NULL; text = film + 4) {
        dw_buf_append(&whole, text, (size_t)(film - text));
        dw_buf_puts(&whole, shop->film);
    }
    dw_buf_puts(&whole, text);
    snprintf(path, sizeof(path), "%s/dwell-data/zones", shop->path);
    assert_int_equal(dw_folder_make(path, &err), 0);
    for (; *zones_of != '\0'; zones_of++) {
        static const char zones[] = "{\"zones\":[{\"name\":\"all\"," BOX "}]}";
        snprintf(path, sizeof(path), "%s/dwell-data/zones/%c.json", shop->path, *zones_of);
        assert_int_equal(dw_file_write(path, zones, strlen(zones), &err), 0);
    }
    snprintf(path, sizeof(path), "%s/site.yaml", shop->path);
    assert_int_equal(dw_file_write(path, dw_buf_text(&whole), whole.length, &err), 0);
    dw_buf_fini(&whole);
    const struct dw_site_clock clock = { no_offset, no_offset };
    if (dw_site_conf_load(&conf, path, &err) < 0 ||
        dw_site_create(&shop->site, &conf, clock, &err) < 0)
        fail_msg("%s", err.text);
    shop->cursor = dw_hub_now(dw_site_hub(shop->site));
}

/* Until an event of this kind, of this camera, holds this text; false: it took too long. */
static bool hear(struct shop *shop, const char *kind, const char *camera, const char *words)
{
    struct dw_hub *hub = dw_site_hub(shop->site);
    int64_t waited_us = 0;
    bool heard = false;
    for (; !heard && waited_us < PATIENCE_US; waited_us += 100000) {
        struct dw_hub_record *record = NULL;
        bool lost = false;
        (void)dw_hub_wait(hub, &shop->cursor, 100000);
        while (!heard && dw_hub_read(hub, &shop->cursor, camera, &record, 1, &lost) > 0) {
            heard = strcmp(record->kind, kind) == 0 && strstr(record->json, words) != NULL;
            dw_hub_record_unref(record);
        }
    }
    return heard;
}

static struct dw_camera_status status_of(struct shop *shop, const char *name)
{
    struct dw_camera_status status = { 0 };
    size_t index = 0;
    assert_int_equal(dw_site_camera_find(shop->site, name, &index, NULL), 0);
    assert_int_equal(dw_site_camera_status(shop->site, index, &status), 0);
    return status;
}

static bool reaches(struct shop *shop, const char *name, enum dw_camera_state state)
{
    for (int64_t waited_us = 0; waited_us < PATIENCE_US; waited_us += 20000) {
        if (status_of(shop, name).state == state)
            return true;
        nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
    }
    return false;
}

struct found {
    size_t count, edited;
};

static int take_visit(void *context, const struct dw_store_visit *visit)
{
    struct found *found = context;
    found->count++;
    found->edited += visit->visit.end_reason == DW_END_EDITED;
    return 0;
}

/* What is stored of a camera, by a reader of its own, as the page has. */
static struct found stored(struct shop *shop, const char *camera)
{
    char path[128];
    struct found found = { 0 };
    DW_AUTO(store) *store = NULL;
    snprintf(path, sizeof(path), "%s/dwell-data/dwell.db", shop->path);
    assert_int_equal(dw_store_open(&store, path, NULL), 0);
    struct dw_store_filter filter = { .camera = camera };
    assert_int_equal(dw_store_read_visits(store, &filter, take_visit, &found, NULL), 0);
    return found;
}

static void test_each_camera_tells_its_visits_after_they_are_stored(void **state)
{
    struct shop *shop = *state;
    open_shop(shop,
              "cameras:\n- {name: a, source: FILM, " CAMERA "- {name: b, source: FILM, " CAMERA,
              "ab");
    assert_int_equal(dw_site_camera_count(shop->site), 2);
    assert_true(hear(shop, "visit", "a", "\"zone\":\"all\""));
    assert_true(stored(shop, "a").count >= 1);
    assert_true(hear(shop, "visit", "b", "\"camera\":\"b\""));
    assert_true(stored(shop, "b").count >= 1);
    assert_true(hear(shop, "moment", "a", "\"people\":[{\"person\":"));
    assert_true(hear(shop, "gap", "a", "the film begins anew"));
    struct dw_camera_status status = status_of(shop, "a");
    assert_int_equal(status.state, DW_CAMERA_RUNNING);
    assert_int_equal(status.width_px, 640);
    assert_true(status.gaps >= 1);
    assert_true(status.last_frame_age_s >= 0 && status.last_frame_age_s < 5);
}

static void test_a_role_that_is_decided_by_hand_is_told(void **state)
{
    struct shop *shop = *state;
    char path[128];
    open_shop(shop, "cameras:\n- {name: a, source: FILM, " CAMERA, "a");
    assert_true(hear(shop, "visit", "a", "\"role\":\"unknown\""));
    DW_AUTO(store) *store = NULL;
    snprintf(path, sizeof(path), "%s/dwell-data/dwell.db", shop->path);
    assert_int_equal(dw_store_open(&store, path, NULL), 0);
    struct dw_visit visit = read_visits(store).items[0].visit;
    visit.role = DW_ROLE_STAFF;
    assert_int_equal(dw_site_visit_role(shop->site, "a", &visit, NULL), 0);
    assert_true(hear(shop, "role", "a", "\"before\":\"unknown\",\"role\":\"staff\",\"role_p\":1"));
    visit.role = DW_ROLE_SHOPPER;
    assert_int_equal(dw_site_visit_role(shop->site, "a", &visit, NULL), 0);
    assert_true(hear(shop, "role", "a", "\"zone\":\"all\""));
}

static void test_new_zones_are_measured_at_once_and_open_visits_end_as_edited(void **state)
{
    struct shop *shop = *state;
    open_shop(shop, "cameras:\n- {name: a, source: FILM, " CAMERA, "a");
    struct dw_buf json = { 0 };
    struct dw_err err = { 0 };
    char former[DW_REVISION_SIZE], latter[DW_REVISION_SIZE];
    assert_int_equal(dw_site_layout(shop->site, "a", &json, former, &err), 0);
    assert_non_null(strstr(dw_buf_text(&json), "\"all\""));
    assert_true(hear(shop, "entered", "a", "\"all\""));
    static const char redrawn[] = "{\"zones\":[{\"name\":\"shelf\"," BOX "}]}";
    assert_int_equal(dw_site_layout_set(shop->site, "a", redrawn, former, latter, &err), 0);
    assert_true(hear(shop, "visit", "a", "\"end_reason\":\"edited\""));
    assert_int_equal(stored(shop, "a").edited, 1);
    assert_true(hear(shop, "visit", "a", "\"shelf\""));
    assert_int_equal(dw_site_layout_set(shop->site, "a", "{}", former, NULL, &err), -ESTALE);
    assert_int_equal(dw_site_layout_set(shop->site, "a", "{}", latter, NULL, &err), -EINVAL);
    assert_int_equal(dw_site_layout_set(shop->site, "x", redrawn, NULL, NULL, &err), -ENOENT);
    dw_buf_clear(&json);
    assert_int_equal(dw_site_layout(shop->site, "a", &json, former, &err), 0);
    assert_string_equal(dw_buf_text(&json), redrawn);
    assert_string_equal(former, latter);
    dw_buf_fini(&json);
}

static void test_a_camera_without_zones_runs_and_gets_its_first(void **state)
{
    struct shop *shop = *state;
    open_shop(shop, "cameras:\n- {name: a, source: FILM, " CAMERA, "");
    struct dw_buf json = { 0 };
    char revision[DW_REVISION_SIZE];
    assert_true(reaches(shop, "a", DW_CAMERA_RUNNING));
    assert_int_equal(dw_site_layout(shop->site, "a", &json, revision, NULL), 0);
    assert_string_equal(dw_buf_text(&json), "{\"zones\":[],\"lines\":[]}");
    static const char drawn[] = "{\"zones\":[{\"name\":\"first\"," BOX "}]}";
    assert_int_equal(dw_site_layout_set(shop->site, "a", drawn, revision, NULL, NULL), 0);
    assert_true(hear(shop, "visit", "a", "\"first\""));
    dw_buf_fini(&json);
}

static void test_cameras_come_and_go_while_comments_stay(void **state)
{
    struct shop *shop = *state;
    open_shop(shop, "# my shop\ncameras:\n- {name: a, source: FILM, " CAMERA "# the end\n", "ab");
    struct dw_err err = { 0 };
    struct dw_buf text = { 0 };
    char revision[DW_REVISION_SIZE];
    const char *path = NULL;
    struct dw_camera_change change = { "b", "missing.mp4", -1, -1 };
    assert_int_equal(dw_site_camera_add(shop->site, &change, &err), 0);
    assert_int_equal(dw_site_camera_count(shop->site), 2);
    assert_true(reaches(shop, "b", DW_CAMERA_FAILED));
    assert_non_null(strstr(status_of(shop, "b").reason, "does not exist"));
    assert_int_equal(dw_site_camera_add(shop->site, &change, &err), -EINVAL);
    assert_non_null(strstr(err.text, "two cameras are called 'b'"));
    change = (struct dw_camera_change){ NULL, NULL, -1, 0 };
    assert_int_equal(dw_site_camera_change(shop->site, "b", &change, &err), 0);
    assert_int_equal(status_of(shop, "b").state, DW_CAMERA_OFF);
    assert_true(reaches(shop, "a", DW_CAMERA_RUNNING));
    assert_int_equal(status_of(shop, "a").reconnects, 0);
    assert_int_equal(dw_site_camera_remove(shop->site, "b", &err), 0);
    assert_int_equal(dw_site_camera_remove(shop->site, "b", &err), -ENOENT);
    dw_site_config(shop->site, &text, revision, &path);
    assert_int_equal(strncmp(dw_buf_text(&text), "# my shop\ncameras:\n- {name: a,", 30), 0);
    assert_non_null(strstr(dw_buf_text(&text), "loop: true}\n# the end\n"));
    struct dw_buf file = { 0 };
    assert_int_equal(dw_file_read(&file, path, 1 << 20, &err), 0);
    assert_string_equal(dw_buf_text(&file), dw_buf_text(&text));
    dw_buf_fini(&file);
    dw_buf_fini(&text);
}

static void test_a_password_is_never_shown_and_survives_an_edit_of_the_text(void **state)
{
    struct shop *shop = *state;
    setenv("TEST_PASSWORD", "from-outside", 1);
    open_shop(shop,
              "cameras:\n"
              "- {name: a, source: 'rtsp://me:geheim@h/x', enabled: false}\n"
              "- {name: b, source: 'rtsp://me:${TEST_PASSWORD}@h/x', enabled: false}\n",
              "");
    struct dw_buf text = { 0 };
    struct dw_err err = { 0 };
    char revision[DW_REVISION_SIZE];
    const char *path = NULL;
    dw_site_config(shop->site, &text, revision, &path);
    assert_null(strstr(dw_buf_text(&text), "geheim"));
    assert_null(strstr(status_of(shop, "a").source, "geheim"));
    assert_null(strstr(status_of(shop, "b").source, "from-outside"));
    assert_non_null(strstr(dw_buf_text(&text), "me:${TEST_PASSWORD}@h"));
    dw_buf_puts(&text, "site: Neu\n");
    struct dw_buf note = { 0 };
    assert_int_equal(dw_site_config_set(shop->site, dw_buf_text(&text), "other", &note, &err),
                     -ESTALE);
    assert_int_equal(dw_site_config_set(shop->site, dw_buf_text(&text), revision, &note, &err), 0);
    assert_int_equal(note.length, 0);
    struct dw_site_conf conf;
    dw_site_conf_copy(shop->site, &conf);
    assert_string_equal(conf.name, "Neu");
    assert_string_equal(conf.cameras.items[0].source, "rtsp://me:geheim@h/x");
    assert_string_equal(conf.cameras.items[1].source_text, "rtsp://me:${TEST_PASSWORD}@h/x");
    dw_site_conf_fini(&conf);
    assert_int_equal(dw_site_config_set(shop->site, "sites: x\n", NULL, NULL, &err), -EINVAL);
    assert_non_null(strstr(err.text, "line 1: unknown key 'sites'; did you mean 'site'?"));
    assert_int_equal(dw_site_config_set(shop->site, "listen: 1.2.3.4:1\n", NULL, &note, &err), 0);
    assert_string_equal(dw_buf_text(&note),
                        "listen: takes effect when the program is started again");
    dw_buf_fini(&note);
    dw_buf_fini(&text);
}

static int keep_site(void *context, const struct dw_store_run *run)
{
    struct dw_buf *sites = context;
    if (strstr(dw_buf_text(sites), run->site) == NULL)
        dw_buf_printf(sites, "%s,", run->site);
    return 0;
}

/* Each site of which something was measured, once. */
static void assert_sites(struct shop *shop, const char *expected)
{
    char path[128];
    struct dw_buf sites = { 0 };
    struct dw_store_filter all = { 0 };
    DW_AUTO(store) *store = NULL;
    snprintf(path, sizeof(path), "%s/dwell-data/dwell.db", shop->path);
    assert_int_equal(dw_store_open(&store, path, NULL), 0);
    assert_int_equal(dw_store_read_runs(store, &all, keep_site, &sites, NULL), 0);
    assert_string_equal(dw_buf_text(&sites), expected);
    dw_buf_fini(&sites);
}

#define CAMERAS "cameras:\n- {name: a, source: FILM, " CAMERA

static void test_a_site_takes_its_history_along_when_it_is_renamed(void **state)
{
    struct shop *shop = *state;
    struct dw_buf text = { 0 };
    struct dw_err err = { 0 };
    char revision[DW_REVISION_SIZE];
    const char *path = NULL;
    open_shop(shop, "site: First\n" CAMERAS, "a");
    assert_true(hear(shop, "visit", "a", "\"all\""));
    dw_site_config(shop->site, &text, revision, &path);
    char *renamed = dw_strdup_printf("site: Second%s", strchr(dw_buf_text(&text), '\n'));
    assert_int_equal(dw_site_config_set(shop->site, renamed, NULL, NULL, &err), 0);
    assert_sites(shop, "Second,");
    assert_true(hear(shop, "visit", "a", "\"all\""));
    assert_sites(shop, "Second,");
    dw_site_destroy(DW_TAKE(shop->site));
    open_shop(shop, "site: Third\n" CAMERAS, "a"); /* by hand, while it did not run */
    assert_true(hear(shop, "visit", "a", "\"all\""));
    assert_sites(shop, "Third,");
    free(renamed);
    dw_buf_fini(&text);
}

static void test_a_site_does_not_take_the_name_of_another_one(void **state)
{
    struct shop *shop = *state;
    struct dw_err err = { 0 };
    struct dw_buf file = { 0 };
    char path[128];
    open_shop(shop, "site: Other\n" CAMERAS, "a");
    assert_true(hear(shop, "visit", "a", "\"all\""));
    dw_site_destroy(DW_TAKE(shop->site));
    snprintf(path, sizeof(path), "%s/dwell-data/site.name", shop->path);
    assert_int_equal(remove(path), 0); /* as if another data folder had written to the store */
    open_shop(shop, "site: Mine\n" CAMERAS, "a");
    assert_true(hear(shop, "visit", "a", "\"all\""));
    assert_int_equal(dw_site_config_set(shop->site, "site: Other\n", NULL, NULL, &err), -EEXIST);
    assert_sites(shop, "Mine,Other,");
    snprintf(path, sizeof(path), "%s/site.yaml", shop->path);
    assert_int_equal(dw_file_read(&file, path, 1 << 20, &err), 0);
    assert_non_null(strstr(dw_buf_text(&file), "site: Mine\n"));
    dw_buf_fini(&file);
    dw_site_destroy(DW_TAKE(shop->site));
    open_shop(shop, "site: Other\n" CAMERAS, "a"); /* measured all the same */
    assert_true(hear(shop, "visit", "a", "\"all\""));
    assert_sites(shop, "Mine,Other,");
}

static void test_a_picture_is_refused_for_privacy_and_for_want_of_one(void **state)
{
    struct shop *shop = *state;
    open_shop(shop, "cameras:\n- {name: a, source: FILM, " CAMERA, "");
    struct dw_buf jpeg = { 0 };
    assert_int_equal(dw_site_snapshot(shop->site, "x", &jpeg, NULL), -ENOENT);
    assert_int_equal(dw_site_snapshot(shop->site, "a", &jpeg, NULL), -ENODATA);
    assert_int_equal(dw_site_config_set(shop->site, "privacy: {pictures: off}\n", NULL, NULL, NULL),
                     0);
    struct dw_camera_change change = { "a", "b.mp4", -1, 0 };
    assert_int_equal(dw_site_camera_add(shop->site, &change, NULL), 0);
    assert_int_equal(dw_site_snapshot(shop->site, "a", &jpeg, NULL), -EACCES);
    assert_int_equal(jpeg.length, 0);
    dw_buf_fini(&jpeg);
}

static void test_a_site_ends_within_two_seconds_and_what_went_on_is_stored(void **state)
{
    struct shop *shop = *state;
    open_shop(shop, "cameras:\n- {name: a, source: FILM, " CAMERA "- {name: b, source: no.mp4}\n",
              "a");
    assert_true(hear(shop, "entered", "a", "\"all\""));
    struct timespec began, ended;
    clock_gettime(CLOCK_MONOTONIC, &began);
    size_t before = stored(shop, "a").count;
    dw_site_destroy(DW_TAKE(shop->site));
    clock_gettime(CLOCK_MONOTONIC, &ended);
    assert_true(ended.tv_sec - began.tv_sec < 3);
    assert_true(stored(shop, "a").count > before);
}

#define WITH_SHOP(test) cmocka_unit_test_setup_teardown(test, shop_setup, shop_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SHOP(test_each_camera_tells_its_visits_after_they_are_stored),
        WITH_SHOP(test_a_role_that_is_decided_by_hand_is_told),
        WITH_SHOP(test_new_zones_are_measured_at_once_and_open_visits_end_as_edited),
        WITH_SHOP(test_a_camera_without_zones_runs_and_gets_its_first),
        WITH_SHOP(test_cameras_come_and_go_while_comments_stay),
        WITH_SHOP(test_a_password_is_never_shown_and_survives_an_edit_of_the_text),
        WITH_SHOP(test_a_site_takes_its_history_along_when_it_is_renamed),
        WITH_SHOP(test_a_site_does_not_take_the_name_of_another_one),
        WITH_SHOP(test_a_picture_is_refused_for_privacy_and_for_want_of_one),
        WITH_SHOP(test_a_site_ends_within_two_seconds_and_what_went_on_is_stored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
