/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "base/buf.h"
#include "store/store_care.h"
#include "store/store_counts.h"
#include "store_fixture.h"

struct shop {
    struct dw_zone zones[2];
    struct dw_line line;
    struct dw_layout layout;
    struct dw_store_run_conf conf;
    struct dw_store *store;
    int64_t run;
};

static void shop_init(struct shop *shop, const char *url)
{
    *shop = (struct shop){ .zones = { test_zone("shelf", .1), test_zone("till", .6) } };
    shop->line = (struct dw_line){ .name = "door", .start = { .5, 0 }, .end = { .5, 1 } };
    shop->layout = (struct dw_layout){
        .zones = shop->zones, .zone_count = 2, .lines = &shop->line, .line_count = 1
    };
    shop->conf = test_run(&shop->layout);
    assert_done(dw_store_create(&shop->store, url, why));
    assert_done(dw_store_run_begin(shop->store, &shop->conf, &shop->run, why));
}

static void visits_come_back_as_they_were_put(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    struct dw_visit whole = test_visit(7, 10.5, 30.25), plain = test_visit(8, 12, 12.5);
    whole.zone = 1;
    whole.observed_us -= 2000000;
    whole.bridged_us = 2000000;
    whole.links = 1;
    whole.cut_start = true;
    whole.end_reason = DW_END_LOST;
    whole.role = DW_ROLE_STAFF;
    whole.role_p = .9;
    whole.facing_us = 4000000;
    whole.speed_avg = .5;
    whole.speed_min = 0;
    plain.pass = true;
    assert_done(dw_store_put_visit(shop.store, shop.run, &whole, why));
    assert_done(dw_store_put_visit(shop.store, shop.run, &plain, why));
    assert_done(dw_store_put_visit(shop.store, shop.run, &whole, why));
    dw_store_destroy(shop.store);

    DW_AUTO(store) *store = NULL;
    assert_done(dw_store_open(&store, folder->store, why));
    struct found_visits found = read_visits(store);
    assert_int_equal(found.count, 2);
    const struct dw_visit *pass = &found.items[0].visit, *visit = &found.items[1].visit;
    assert_true(pass->pass);
    assert_int_equal(pass->enter_us, START_US + 12000000);
    assert_true(pass->facing_us == -1 && pass->speed_avg < 0 && pass->speed_min < 0);
    assert_false(visit->pass);
    assert_int_equal(found.items[1].revision, 1);
    assert_memory_equal(visit->id, whole.id, 16);
    assert_int_equal(visit->person, 7);
    assert_int_equal(visit->enter_us, START_US + 10500000);
    assert_int_equal(visit->exit_us, START_US + 30250000);
    assert_int_equal(visit->dwell_us, 19750000);
    assert_int_equal(visit->observed_us, 17750000);
    assert_int_equal(visit->bridged_us, 2000000);
    assert_int_equal(visit->links, 1);
    assert_true(visit->cut_start && !visit->cut_end);
    assert_int_equal(visit->end_reason, DW_END_LOST);
    assert_int_equal(visit->enter_side, 1);
    assert_int_equal(visit->exit_side, 3);
    assert_true(visit->score == .75 && visit->role_p == .9);
    assert_int_equal(visit->role, DW_ROLE_STAFF);
    assert_int_equal(visit->facing_us, 4000000);
    assert_true(visit->speed_avg == .5 && visit->speed_min == 0);
}

static int keep_zone(void *context, const struct dw_store_zone *zone)
{
    struct dw_store_zone **next = context;
    *(*next)++ = *zone;
    return 0;
}

static int keep_run(void *context, const struct dw_store_run *run)
{
    struct dw_store_run **next = context;
    assert_string_equal(run->site, "Shop");
    assert_string_equal(run->camera, "door");
    *(*next)++ = *run;
    return 0;
}

static size_t read_zones(struct dw_store *store, struct dw_store_zone *zones)
{
    struct dw_store_zone *next = zones;
    struct dw_store_filter all = { 0 };
    assert_done(dw_store_read_zones(store, &all, keep_zone, &next, why));
    return (size_t)(next - zones);
}

static void zones_come_back_with_shape_and_settings(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    struct dw_store_zone zones[4];
    assert_int_equal(read_zones(shop.store, zones), 2);
    const struct dw_zone *till = &zones[1].zone;
    assert_string_equal(zones[0].zone.name, "shelf");
    assert_string_equal(till->name, "till");
    assert_int_equal(till->corner_count, 4);
    assert_true(till->corners[0].x == .6 && till->corners[2].y == .9);
    assert_int_equal(till->target_side, 2);
    assert_memory_equal(&till->rules, &shop.zones[1].rules, sizeof(till->rules));
    dw_store_destroy(shop.store);
}

static void a_redrawn_zone_is_a_new_revision_and_drawn_back_the_old_one(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    struct dw_store_zone zones[4];
    shop.zones[0].corners[0].x = .05;
    shop.conf.start_wall_us += 3600 * DW_SECOND_US;
    shop.conf.identity = "sha256:2";
    assert_done(dw_store_run_begin(shop.store, &shop.conf, &shop.run, why));
    assert_int_equal(read_zones(shop.store, zones), 2);
    assert_int_equal(zones[0].revision, 2);
    assert_int_equal(zones[0].revisions, 2);
    assert_true(zones[0].zone.corners[0].x == .05);
    assert_int_equal(zones[1].revisions, 1);
    shop.zones[0].corners[0].x = .1;
    shop.conf.start_wall_us += 3600 * DW_SECOND_US;
    shop.conf.identity = "sha256:3";
    assert_done(dw_store_run_begin(shop.store, &shop.conf, &shop.run, why));
    assert_int_equal(read_zones(shop.store, zones), 2);
    assert_int_equal(zones[0].revision, 1);
    assert_int_equal(zones[0].revisions, 2);
    dw_store_destroy(shop.store);
}

static void processing_the_same_source_again_replaces_its_run(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    struct dw_visit visit = test_visit(1, 1, 5), pass = test_visit(2, 2, 2.5);
    struct dw_crossing crossing = { .person = 1, .time_us = 1000000, .to_right = true };
    struct dw_gap gap = { 6000000, 7000000, "frozen" };
    pass.pass = true;
    int64_t first = shop.run;
    assert_done(dw_store_put_visit(shop.store, shop.run, &visit, why));
    assert_done(dw_store_put_visit(shop.store, shop.run, &pass, why));
    assert_done(dw_store_put_crossing(shop.store, shop.run, &crossing, why));
    assert_done(dw_store_put_gap(shop.store, shop.run, &gap, why));
    assert_done(dw_store_put_open(shop.store, shop.run, &visit, 1, why));

    /* Another camera's run of the same file stays. */
    struct dw_store_run_conf other = shop.conf;
    int64_t other_run = 0;
    other.camera = "back";
    assert_done(dw_store_run_begin(shop.store, &other, &other_run, why));
    assert_done(dw_store_put_visit(shop.store, other_run, &visit, why));

    assert_done(dw_store_run_begin(shop.store, &shop.conf, &shop.run, why));
    assert_int_equal(shop.run, first);
    struct found_visits found = read_visits(shop.store);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.items[0].run, other_run);
    assert_done(dw_store_put_visit(shop.store, shop.run, &visit, why));
    assert_int_equal(read_visits(shop.store).count, 2);
    dw_store_destroy(shop.store);
}

static int keep_line(void *context, const struct dw_store_line *line)
{
    *(struct dw_store_line *)context = *line;
    return 0;
}

static int keep_gap(void *context, const struct dw_store_gap *gap)
{
    assert_string_equal(gap->reason, "frozen");
    *(struct dw_store_gap *)context = *gap;
    return 0;
}

static void lines_gaps_and_runs_come_back(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    for (int person = 1; person <= 3; person++) {
        struct dw_crossing crossing = { .person = person,
                                        .time_us = 500000,
                                        .to_right = person < 3 };
        assert_done(dw_store_put_crossing(shop.store, shop.run, &crossing, why));
    }
    struct dw_gap gap = { 2000000, 3000000, "frozen" };
    assert_done(dw_store_put_gap(shop.store, shop.run, &gap, why));
    gap.end_us = 4000000;
    assert_done(dw_store_put_gap(shop.store, shop.run, &gap, why));
    assert_done(dw_store_run_measured(shop.store, shop.run, 60000000, true, why));

    struct dw_store_filter all = { 0 };
    struct dw_store_line line = { 0 };
    struct dw_store_gap found_gap = { 0 };
    struct dw_store_run runs[2], *next = runs;
    assert_done(dw_store_read_lines(shop.store, &all, keep_line, &line, why));
    assert_string_equal(line.line.name, "door");
    assert_true(line.line.end.y == 1);
    assert_int_equal(line.to_right, 2);
    assert_int_equal(line.to_left, 1);
    assert_done(dw_store_read_gaps(shop.store, &all, keep_gap, &found_gap, why));
    assert_int_equal(found_gap.start_us, START_US + 2000000);
    assert_int_equal(found_gap.end_us, START_US + 4000000);
    assert_done(dw_store_read_runs(shop.store, &all, keep_run, &next, why));
    assert_int_equal(next - runs, 1);
    assert_true(runs[0].complete);
    assert_int_equal(runs[0].start_us, START_US);
    assert_int_equal(runs[0].end_us, START_US + 60000000);
    assert_int_equal(runs[0].width_px, 1280);
    dw_store_destroy(shop.store);
}

static void a_filter_takes_what_began_in_its_period_on_its_camera(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    for (int i = 0; i < 10; i++) {
        struct dw_visit visit = test_visit(i + 1, i, i + 5);
        assert_done(dw_store_put_visit(shop.store, shop.run, &visit, why));
    }
    static const struct {
        const char *camera;
        int64_t from_us, to_us;
        size_t wanted;
    } cases[] = {
        { NULL, 0, 0, 10 },
        { "door", 0, 0, 10 },
        { "cellar", 0, 0, 0 },
        { NULL, START_US + 3000000, 0, 7 },
        { NULL, START_US + 3000000, START_US + 5000000, 2 },
        { NULL, 0, START_US + 1, 1 },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        struct dw_store_filter filter = { .camera = cases[i].camera,
                                          .from_us = cases[i].from_us,
                                          .to_us = cases[i].to_us };
        struct found_visits found = { .count = 0 };
        assert_done(dw_store_read_visits(shop.store, &filter, keep_visit, &found, why));
        assert_int_equal(found.count, cases[i].wanted);
    }
    dw_store_destroy(shop.store);
}

static int keep_points(void *context, const struct dw_store_foot_track *track)
{
    size_t *total = context;
    assert_int_equal(track->person, 4);
    assert_int_equal(track->points[0].time_us % DW_SECOND_US, 0);
    *total += track->count;
    return 0;
}

static void foot_tracks_are_kept_at_two_points_a_second(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    struct dw_foot_point points[250];
    for (int i = 0; i < 250; i++)
        points[i] = (struct dw_foot_point){ i * INT64_C(40000), .5f, .5f, .2f, false };
    assert_done(dw_store_put_foot_track(shop.store, shop.run, 4, points, 125, why));
    assert_done(dw_store_put_foot_track(shop.store, shop.run, 4, points + 125, 125, why));
    assert_done(dw_store_put_foot_track(shop.store, shop.run, 4, points, 0, why));
    struct dw_store_filter all = { 0 };
    size_t total = 0;
    assert_done(dw_store_read_foot_tracks(shop.store, &all, keep_points, &total, why));
    assert_int_equal(total, 22);
    dw_store_destroy(shop.store);
}

static void what_is_rolled_back_is_not_there(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    struct dw_visit visit = test_visit(1, 1, 5), other = test_visit(2, 1, 5);
    assert_done(dw_store_begin(shop.store, why));
    assert_done(dw_store_put_visit(shop.store, shop.run, &visit, why));
    assert_done(dw_store_put_open(shop.store, shop.run, &other, 1, why));
    dw_store_rollback(shop.store);
    assert_int_equal(read_visits(shop.store).count, 0);
    assert_done(dw_store_begin(shop.store, why));
    assert_done(dw_store_put_visit(shop.store, shop.run, &other, why));
    assert_done(dw_store_commit(shop.store, why));
    assert_int_equal(read_visits(shop.store).count, 1);
    dw_store_destroy(shop.store);
}

static int count_doubt(void *context, const struct dw_store_doubt *doubt)
{
    int *found = context;
    found[doubt->variant]++;
    assert_int_equal(doubt->enter_us, START_US + 1000000);
    assert_int_equal(doubt->dwell_us, 4000000);
    assert_false(doubt->cut);
    return 0;
}

static void what_other_settings_would_have_found_is_kept_and_replaced_with_its_run(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    struct dw_doubt_visit doubt = { DW_VARIANT_LINK_TWICE, test_visit(1, 1, 5) };
    struct dw_store_filter all = { 0 };
    for (int i = 0; i < 2; i++)
        assert_done(dw_store_put_doubt(shop.store, shop.run, &doubt, why));
    int found[DW_VARIANT_COUNT] = { 0 };
    assert_done(dw_store_read_doubt(shop.store, &all, count_doubt, found, why));
    assert_int_equal(found[DW_VARIANT_LINK_TWICE], 1);
    assert_int_equal(found[DW_VARIANT_LINK_HALF], 0);
    doubt.visit.zone = 99;
    assert_int_equal(dw_store_put_doubt(shop.store, shop.run, &doubt, NULL), -EINVAL);

    struct dw_store_run_conf conf = test_run(&shop.layout);
    assert_done(dw_store_run_begin(shop.store, &conf, &shop.run, why));
    assert_done(dw_store_read_doubt(shop.store, &all, count_doubt, found, why));
    assert_int_equal(found[DW_VARIANT_LINK_TWICE], 1); /* none more */
    dw_store_destroy(shop.store);
}

/* What counts, by each way of reading it. */
struct counting {
    int64_t visits, rolled_up, scheduled_us, run_zones, doubts, runs, problems;
};

static int count_zone(void *context, const struct dw_store_zone_counts *zone)
{
    struct counting *counting = context;
    counting->rolled_up += zone->counts[0].visits;
    counting->scheduled_us += zone->cover[0].scheduled_us;
    return 0;
}

static int count_run_zone(void *context, const struct dw_store_run_zone *run_zone)
{
    (void)run_zone;
    ((struct counting *)context)->run_zones++;
    return 0;
}

static int count_any_doubt(void *context, const struct dw_store_doubt *doubt)
{
    (void)doubt;
    ((struct counting *)context)->doubts++;
    return 0;
}

static int count_run(void *context, const struct dw_store_run *run)
{
    (void)run;
    ((struct counting *)context)->runs++;
    return 0;
}

static int count_problem(void *context, const char *sentence)
{
    print_message("%s\n", sentence);
    ((struct counting *)context)->problems++;
    return 0;
}

static struct counting count_all(struct dw_store *store)
{
    struct counting counting = { .visits = (int64_t)read_visits(store).count };
    struct dw_store_filter all = { 0 };
    struct dw_store_counts_query query = { .dwell = true,
                                           .slots = { dw_quarter_of(START_US), 96, NULL, 1 } };
    assert_done(dw_store_read_zone_counts(store, &query, count_zone, &counting, why));
    assert_done(dw_store_read_run_zones(store, &all, count_run_zone, &counting, why));
    assert_done(dw_store_read_doubt(store, &all, count_any_doubt, &counting, why));
    assert_done(dw_store_read_runs(store, &all, count_run, &counting, why));
    assert_done(dw_store_check(store, count_problem, &counting, why));
    assert_int_equal(counting.visits, counting.rolled_up);
    assert_int_equal(counting.problems, 0);
    return counting;
}

/* Three visits, one of them to the till, of ten seconds. */
static void shop_fill(struct shop *shop)
{
    struct dw_visit visits[] = { test_visit(1, 1, 5), test_visit(2, 2, 6), test_visit(3, 2, 6) };
    struct dw_doubt_visit doubt = { DW_VARIANT_LINK_TWICE, test_visit(1, 1, 5) };
    visits[2].zone = 1;
    for (size_t i = 0; i < DW_LENGTH(visits); i++)
        assert_done(dw_store_put_visit(shop->store, shop->run, &visits[i], why));
    assert_done(dw_store_put_doubt(shop->store, shop->run, &doubt, why));
    assert_done(dw_store_run_measured(shop->store, shop->run, 10000000, true, why));
}

/* Measures the shelf again, as it is drawn now: one visit. */
static void shop_remeasure(struct shop *shop, const char *identity)
{
    struct dw_layout layout = { .zones = shop->zones, .zone_count = 1 };
    struct dw_store_run_conf conf = test_run(&layout);
    struct dw_visit visit = test_visit(10 + identity[0], 1, 3);
    int64_t run = 0;
    conf.identity = identity;
    conf.remeasures = shop->run;
    assert_done(dw_store_begin(shop->store, why));
    assert_done(dw_store_run_begin(shop->store, &conf, &run, why));
    assert_done(dw_store_put_visit(shop->store, run, &visit, why));
    assert_done(dw_store_run_measured(shop->store, run, 10000000, true, why));
    assert_done(dw_store_commit(shop->store, why));
}

static void of_a_zone_measured_again_only_the_new_revision_counts(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    struct dw_store_zone zones[4];
    shop_init(&shop, folder->store);
    shop_fill(&shop);
    struct counting before = count_all(shop.store);
    assert_true(before.visits == 3 && before.run_zones == 2 && before.doubts == 1);
    assert_int_equal(before.scheduled_us, 20000000);
    for (int i = 0; i < 2; i++) {
        shop.zones[0].corners[0].x = .02 * (i + 1);
        shop_remeasure(&shop, i == 0 ? "a" : "b");
        struct counting after = count_all(shop.store);
        assert_true(after.visits == 2 && after.run_zones == 2 && after.doubts == 0);
        assert_int_equal(after.scheduled_us, 20000000); /* not twice */
        assert_int_equal(after.runs, 1);
        assert_int_equal(read_zones(shop.store, zones), 2);
        assert_int_equal(zones[0].revision, 2 + i);
        assert_int_equal(zones[0].revisions, 1);
    }
    dw_store_destroy(shop.store);
}

static void an_earlier_revision_is_recalled_by_its_drawing(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    enum dw_store_recall found = DW_RECALL_NONE;
    shop_init(&shop, folder->store);
    shop_fill(&shop);
    struct dw_zone first = shop.zones[0], other = test_zone("shelf", .3);
    shop.zones[0].corners[0].x = .02;
    shop_remeasure(&shop, "a");
    assert_done(dw_store_recall(shop.store, shop.run, &shop.zones[0], &found, why));
    assert_int_equal(found, DW_RECALL_CURRENT);
    assert_int_equal(count_all(shop.store).visits, 2);
    assert_done(dw_store_recall(shop.store, shop.run, &first, &found, why));
    assert_int_equal(found, DW_RECALL_CHANGED);
    assert_int_equal(count_all(shop.store).visits, 3);
    assert_done(dw_store_recall(shop.store, shop.run, &shop.zones[0], &found, why));
    assert_int_equal(found, DW_RECALL_CHANGED);
    assert_int_equal(count_all(shop.store).visits, 2);
    assert_done(dw_store_recall(shop.store, shop.run, &other, &found, why));
    assert_int_equal(found, DW_RECALL_NONE);
    other = test_zone("window", .3);
    assert_done(dw_store_recall(shop.store, shop.run, &other, &found, why));
    assert_int_equal(found, DW_RECALL_NONE);
    dw_store_destroy(shop.store);
}

static void a_source_processed_again_takes_what_was_measured_again_with_it(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    shop_fill(&shop);
    struct dw_zone first = shop.zones[0];
    shop.zones[0].corners[0].x = .02;
    shop_remeasure(&shop, "a");
    shop_remeasure(&shop, "b");
    shop.zones[0] = first;
    assert_done(dw_store_run_begin(shop.store, &shop.conf, &shop.run, why));
    shop_fill(&shop);
    struct counting after = count_all(shop.store);
    assert_true(after.visits == 3 && after.run_zones == 2 && after.runs == 1);
    dw_store_destroy(shop.store);
}

static void a_reader_sees_what_is_committed_while_a_writer_writes(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    DW_AUTO(store) *reader = NULL;
    assert_done(dw_store_open(&reader, folder->store, why));
    struct dw_visit visit = test_visit(1, 1, 5);
    assert_done(dw_store_begin(shop.store, why));
    assert_done(dw_store_put_visit(shop.store, shop.run, &visit, why));
    assert_int_equal(read_visits(reader).count, 0);
    assert_done(dw_store_commit(shop.store, why));
    assert_int_equal(read_visits(reader).count, 1);
    dw_store_destroy(shop.store);
}

static int stop_at_first(void *context, const struct dw_store_visit *visit)
{
    (void)visit;
    ++*(int *)context;
    return 42;
}

static void a_reading_ends_when_its_function_says_so(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    struct dw_visit first = test_visit(1, 1, 5), second = test_visit(2, 1, 5);
    assert_done(dw_store_put_visit(shop.store, shop.run, &first, why));
    assert_done(dw_store_put_visit(shop.store, shop.run, &second, why));
    int calls = 0;
    struct dw_store_filter all = { 0 };
    assert_int_equal(dw_store_read_visits(shop.store, &all, stop_at_first, &calls, NULL), 42);
    assert_int_equal(calls, 1);
    assert_int_equal(read_visits(shop.store).count, 2);
    dw_store_destroy(shop.store);
}

static int keep_site(void *context, const struct dw_store_run *run)
{
    struct dw_buf *sites = context;
    dw_buf_printf(sites, "%s ", run->site);
    return 0;
}

static void assert_sites(struct dw_store *store, const char *expected)
{
    struct dw_buf sites = { 0 };
    struct dw_store_filter all = { 0 };
    assert_done(dw_store_read_runs(store, &all, keep_site, &sites, why));
    assert_string_equal(dw_buf_text(&sites), expected);
    dw_buf_fini(&sites);
}

static void a_site_renamed_takes_what_was_measured_with_it(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    struct dw_err err = { 0 };
    shop_init(&shop, folder->store);
    assert_done(dw_store_rename_site(shop.store, "Shop", "Corner shop", why));
    assert_sites(shop.store, "Corner shop ");
    shop.conf.site = "Corner shop";
    shop.conf.start_wall_us += 3600 * DW_SECOND_US;
    shop.conf.identity = "sha256:2";
    int64_t former = shop.run;
    assert_done(dw_store_run_begin(shop.store, &shop.conf, &shop.run, why));
    assert_int_not_equal(shop.run, former);
    assert_sites(shop.store, "Corner shop Corner shop ");
    assert_done(dw_store_rename_site(shop.store, "nobody's", "Shop", why));
    shop.conf.site = "Shop";
    shop.conf.start_wall_us += 3600 * DW_SECOND_US;
    assert_done(dw_store_run_begin(shop.store, &shop.conf, &shop.run, why));
    assert_int_equal(dw_store_rename_site(shop.store, "Shop", "Corner shop", &err), -EEXIST);
    assert_non_null(strstr(err.text, "has visits of another site 'Corner shop'"));
    assert_sites(shop.store, "Corner shop Corner shop Shop ");
    dw_store_destroy(shop.store);
}

int main(void)
{
#define store_test(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        store_test(visits_come_back_as_they_were_put),
        store_test(zones_come_back_with_shape_and_settings),
        store_test(a_redrawn_zone_is_a_new_revision_and_drawn_back_the_old_one),
        store_test(processing_the_same_source_again_replaces_its_run),
        store_test(lines_gaps_and_runs_come_back),
        store_test(a_filter_takes_what_began_in_its_period_on_its_camera),
        store_test(foot_tracks_are_kept_at_two_points_a_second),
        store_test(what_is_rolled_back_is_not_there),
        store_test(what_other_settings_would_have_found_is_kept_and_replaced_with_its_run),
        store_test(of_a_zone_measured_again_only_the_new_revision_counts),
        store_test(an_earlier_revision_is_recalled_by_its_drawing),
        store_test(a_source_processed_again_takes_what_was_measured_again_with_it),
        store_test(a_reader_sees_what_is_committed_while_a_writer_writes),
        store_test(a_reading_ends_when_its_function_says_so),
        store_test(a_site_renamed_takes_what_was_measured_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
