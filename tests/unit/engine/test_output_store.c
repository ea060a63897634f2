/* SPDX-License-Identifier: Apache-2.0 */
/* A store that cannot be written for a while: a file that may not grow, a server that is down; and
 * roles that are found after visits ended. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "engine/analysis.h"
#include "engine/output.h"
#include "engine/roles.h"
#include "store/store_care.h"
#include "unit/engine/dressed.h"
#include "unit/engine/film_file.h"
#include "unit/onnx/tiny_onnx.h"
#include "unit/store/store_fixture.h"

#define FRAMES 400 /* at 10 a second */

struct shop {
    struct folder *folder;
    char film[FILM_PATH_SIZE];
    struct dw_zone zone;
    struct dw_layout layout;
    struct dw_analysis_conf conf;
    int moments, breaks_at, mends_at; /* frames */
};

static void limit_files(const char *path, bool limited)
{
    struct rlimit limit;
    struct stat log = { .st_size = 0 };
    char name[128];
    snprintf(name, sizeof(name), "%s-wal", path);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_true(stat(name, &log) == 0 || !limited);
    limit.rlim_cur = limited ? (rlim_t)log.st_size : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void run_server(const char *what)
{
    char command[128];
    snprintf(command, sizeof(command), "%s/server %s", getenv("DWELL_TEST_POSTGRES_FOLDER"), what);
    assert_int_equal(system(command), 0);
}

static int take_run(void *context, const struct dw_store_run *run)
{
    *(int64_t *)context = run->end_us - run->start_us;
    return 0;
}

/* How much of the run is stored. */
static int64_t measured_us(const char *url)
{
    int64_t length_us = -1;
    DW_AUTO(store) *reader = NULL;
    assert_done(dw_store_open(&reader, url, why));
    assert_done(
        dw_store_read_runs(reader, &(struct dw_store_filter){ 0 }, take_run, &length_us, why));
    return length_us;
}

static void observe(void *user, const struct dw_output_moment *moment)
{
    struct shop *shop = user;
    const char *url = shop->folder->store;
    (void)moment;
    shop->moments++;
    if (shop->moments == shop->breaks_at && shop->folder->is_file)
        limit_files(url, true);
    else if (shop->moments == shop->breaks_at)
        run_server("stop");
    else if (shop->moments == shop->mends_at && shop->folder->is_file) {
        /* Reading went on, of what was stored before. */
        assert_in_range(measured_us(url), DW_SECOND_US, shop->breaks_at * DW_SECOND_US / 10);
        limit_files(url, false);
    } else if (shop->moments == shop->mends_at)
        run_server("start");
}

static void open_shop(struct shop *shop, struct folder *folder)
{
    *shop = (struct shop){ .folder = folder,
                           .zone = { .name = "picture",
                                     .corners = { { 0, 0 }, { 1, 0 }, { 1, 1 }, { 0, 1 } },
                                     .corner_count = 4,
                                     .rules = dw_zone_rules_default() } };
    film_file_write(shop->film, FRAMES);
    shop->layout = (struct dw_layout){ .zones = &shop->zone, .zone_count = 1 };
    shop->conf = (struct dw_analysis_conf){
        .url = shop->film,
        .source = { .fps = 10, .width_px = 640, .height_px = 480 },
        .layout = &shop->layout,
        .site = "shop",
        .camera = "front",
        .start_wall_us = START_US,
        .settings = dw_settings_default(),
        .observe = observe,
        .user = shop,
        .outputs = { { "store", folder->store } },
        .output_count = 1,
    };
    signal(SIGXFSZ, SIG_IGN);
}

static int say_problem(void *context, const char *sentence)
{
    (void)context;
    fail_msg("%s", sentence);
    return -1;
}

static void what_was_measured_while_nothing_could_be_written_is_stored_afterwards(void **state)
{
    struct shop shop;
    struct dw_analysis_result result;
    open_shop(&shop, *state);
    shop.breaks_at = FRAMES / 4;
    shop.mends_at = FRAMES * 3 / 4;
    assert_done(dw_analysis_run(&shop.conf, &result, why));
    assert_string_equal(result.warning, "the store could not be written for a while");
    assert_int_equal(measured_us(shop.folder->store), FRAMES * DW_SECOND_US / 10);
    DW_AUTO(store) *store = NULL;
    assert_done(dw_store_open(&store, shop.folder->store, why));
    struct found_visits visits = read_visits(store);
    assert_int_equal(visits.count, 1);
    assert_int_equal(visits.items[0].visit.dwell_us, FRAMES * DW_SECOND_US / 10);
    assert_done(dw_store_check(store, say_problem, NULL, why));
    unlink(shop.film);
}

static void a_store_that_cannot_be_written_at_the_end_fails_the_analysis(void **state)
{
    struct shop shop;
    struct dw_analysis_result result;
    struct dw_err err = { 0 };
    open_shop(&shop, *state);
    shop.breaks_at = FRAMES / 4;
    assert_true(dw_analysis_run(&shop.conf, &result, &err) < 0);
    if (shop.folder->is_file)
        limit_files(shop.folder->store, false);
    else
        run_server("start");
    assert_non_null(strstr(err.text, shop.folder->is_file ? "the disk refuses"
                                                          : "cannot be reached: see whether"));
    assert_in_range(measured_us(shop.folder->store), DW_SECOND_US, FRAMES * DW_SECOND_US / 40);
    unlink(shop.film);
}

/* One camera's output, and who is followed there. */
struct watched {
    struct shop shop;
    struct dressed picture;
    struct dw_output_context context;
    struct dw_lane *lane;
    struct dw_staff_watch *watch;
    struct dw_roles roles;
    void *output, *lines;
    char lines_path[96];
    int told;
    struct dw_role_change last_told;
};

static struct dw_visit stored_visit(const struct watched *watched)
{
    DW_AUTO(store) *reader = NULL;
    assert_done(dw_store_open(&reader, watched->shop.folder->store, why));
    struct found_visits visits = read_visits(reader);
    assert_int_equal(visits.count, 1);
    return visits.items[0].visit;
}

/* Lines of --alerts so far, which nothing else is told in; the last one. */
static int count_lines(const struct watched *watched, char line[512])
{
    int count = 0;
    FILE *file = fopen(watched->lines_path, "re");
    assert_non_null(file);
    while (fgets(line, 512, file) != NULL)
        count++;
    fclose(file);
    return count;
}

static void hear(void *user, const struct dw_record_context *record,
                 const struct dw_role_change *change)
{
    struct watched *watched = user;
    assert_ptr_equal(record, &watched->context.record);
    assert_int_equal(stored_visit(watched).role, change->visit.role);
    watched->told++;
    watched->last_told = *change;
}

static void open_watched(struct watched *watched, struct folder *folder)
{
    struct dw_staff_conf conf = { .forget_us = DW_SECOND_US, .sure = -1 };
    *watched = (struct watched){ .told = 0 };
    open_shop(&watched->shop, folder);
    assert_done(dw_staff_watch_create(&watched->watch, &conf, why));
    struct dw_lane_conf lane = { .layout = &watched->shop.layout,
                                 .width_px = WIDTH,
                                 .height_px = HEIGHT,
                                 .interval_us = DW_SECOND_US,
                                 .track = watched->shop.conf.settings.track };
    watched->lane = dw_lane_create(&lane);
    watched->context = (struct dw_output_context){
        .record = { .site = "shop",
                    .camera = "front",
                    .width_px = WIDTH,
                    .height_px = HEIGHT,
                    .start_wall_us = START_US,
                    .layout = &watched->shop.layout },
        .source = "",
        .identity = "roles",
        .model = "",
        .settings = "",
        .staff = watched->watch,
        .lane = watched->lane,
        .settle_us = DW_SECOND_US,
        .role_stored = hear,
        .user = watched,
    };
    assert_done(
        dw_output_find("store")->open(&watched->output, folder->store, &watched->context, why));
    snprintf(watched->lines_path, sizeof(watched->lines_path), "%s/lines", folder->path);
    assert_done(dw_output_find("alerts")->open(&watched->lines, watched->lines_path,
                                               &watched->context, why));
}

static void close_watched(struct watched *watched)
{
    dw_output_find("store")->close(watched->output);
    dw_output_find("alerts")->close(watched->lines);
    unlink(watched->lines_path);
    dw_lane_destroy(watched->lane);
    dw_roles_fini(&watched->roles);
    dw_staff_watch_destroy(watched->watch);
    unlink(watched->shop.film);
}

/* A second on; `seen`: person 1 is; `ended`: a visit of theirs does. */
static void go_on(struct watched *watched, int second, bool seen, bool ended)
{
    struct dw_image image = dressed_image(&watched->picture);
    struct dw_frame frame = { .image = image };
    const struct dw_box box = { 90, 20, 60, 120 };
    const struct dw_sighting live = { .person = 1, .box = box, .seen = box, .score = 0.9 };
    struct dw_lane_event event = { .kind = DW_LANE_FINISHED };
    struct dw_output_moment moment = { .frame = &frame, .time_us = second * DW_SECOND_US };
    assert_done(dw_staff_watch_step(watched->watch, &image, moment.time_us, &live, seen, why));
    event.visit = (struct dw_visit){ .person = 1,
                                     .exit_us = 2 * DW_SECOND_US,
                                     .dwell_us = 2 * DW_SECOND_US,
                                     .observed_us = 2 * DW_SECOND_US,
                                     .facing_us = -1 };
    dw_output_identify(&watched->context, &event.visit);
    moment.lane.events = &event;
    moment.lane.event_count = ended;
    dw_roles_step(&watched->roles, &watched->context, &moment);
    assert_done(dw_output_find("store")->take(watched->output, &moment, why));
    assert_done(dw_output_find("alerts")->take(watched->lines, &moment, why));
}

static void a_visit_has_the_role_that_its_person_is_found_to_have_later(void **state)
{
    static struct watched watched;
    open_watched(&watched, *state);
    go_on(&watched, 1, true, false);
    go_on(&watched, 2, true, true);
    assert_int_equal(stored_visit(&watched).role, DW_ROLE_UNKNOWN);
    dw_staff_watch_tell(watched.watch, 1, DW_ROLE_STAFF);
    assert_int_equal(watched.told, 0);
    go_on(&watched, 3, true, false);
    assert_int_equal(watched.told, 1);
    assert_int_equal(watched.last_told.before, DW_ROLE_UNKNOWN);
    assert_int_equal(watched.last_told.visit.role, DW_ROLE_STAFF);
    assert_int_equal(watched.last_told.time_us, 3 * DW_SECOND_US);
    assert_string_equal(watched.last_told.zone, "picture");
    assert_string_equal(watched.last_told.why, "hand");
    char line[512];
    assert_int_equal(count_lines(&watched, line), 1);
    assert_non_null(strstr(line, "{\"kind\":\"role\","));
    go_on(&watched, 9, false, false); /* gone: what is known of nobody changes nothing */
    assert_done(dw_output_find("store")->finish(watched.output, 9 * DW_SECOND_US, true, why));
    assert_int_equal(stored_visit(&watched).role, DW_ROLE_STAFF);
    assert_int_equal(watched.told, 1);
    close_watched(&watched);
}

/* With a classifier that says 0.93 of each view. */
static void open_classified(struct watched *watched, struct folder *folder)
{
    const float staff = 0.93F;
    const struct tiny_tensor input = { "input", TINY_FLOAT, 4, { 1, 3, 32, 16 }, NULL, false };
    const struct tiny_tensor output = { "staff", TINY_FLOAT, 2, { 1, 1 }, &staff, false };
    char path[96];
    snprintf(path, sizeof(path), "%s/vest.onnx", folder->path);
    tiny_model_write(&(struct tiny_model){ &input, 1, &output, 1, NULL }, path, 0);
    open_watched(watched, folder);
    assert_done(dw_staff_watch_classify(watched->watch, path, why));
    unlink(path);
}

static void a_role_that_stays_becomes_as_probable_as_what_is_seen_later_makes_it(void **state)
{
    static struct watched watched;
    open_classified(&watched, *state);
    go_on(&watched, 1, true, true);
    assert_float_equal(stored_visit(&watched).role_p, 0.93, 0.001);
    for (int second = 2; second < 6; second++)
        go_on(&watched, second, true, false);
    assert_float_equal(stored_visit(&watched).role_p, dw_staff_watch_judge(watched.watch, 1).p,
                       0.01);
    assert_true(stored_visit(&watched).role_p > 0.97);
    char line[512];
    assert_int_equal(watched.told, 0);
    assert_int_equal(count_lines(&watched, line), 0);
    dw_staff_watch_tell(watched.watch, 1, DW_ROLE_STAFF);
    go_on(&watched, 6, true, false);
    assert_true(stored_visit(&watched).role_p >= 1);
    close_watched(&watched);
}

static void a_role_that_a_hand_takes_back_is_again_what_was_found(void **state)
{
    static struct watched watched;
    open_classified(&watched, *state);
    go_on(&watched, 1, true, true);
    dw_staff_watch_tell(watched.watch, 1, DW_ROLE_SHOPPER);
    go_on(&watched, 2, true, false);
    assert_int_equal(stored_visit(&watched).role, DW_ROLE_SHOPPER);
    dw_staff_watch_tell(watched.watch, 1, DW_ROLE_UNKNOWN);
    go_on(&watched, 3, true, false);
    assert_int_equal(stored_visit(&watched).role, DW_ROLE_STAFF);
    assert_float_equal(stored_visit(&watched).role_p, dw_staff_watch_judge(watched.watch, 1).p,
                       0.001);
    assert_int_equal(watched.told, 2);
    assert_int_equal(watched.last_told.before, DW_ROLE_SHOPPER);
    assert_string_equal(watched.last_told.why, "looks");
    close_watched(&watched);
}

int main(void)
{
#define store_test(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        store_test(a_visit_has_the_role_that_its_person_is_found_to_have_later),
        store_test(a_role_that_stays_becomes_as_probable_as_what_is_seen_later_makes_it),
        store_test(a_role_that_a_hand_takes_back_is_again_what_was_found),
        store_test(what_was_measured_while_nothing_could_be_written_is_stored_afterwards),
        store_test(a_store_that_cannot_be_written_at_the_end_fails_the_analysis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
