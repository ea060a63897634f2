/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Roll-ups against the rows they are made from: by dw_store_check(), and counted here once more in
 * the plainest way.
 */
#include <errno.h>

#include "lib/prop.h"
#include "store/store_impl.h"
#include "store/store_peak.h"
#include "store_fixture.h"

#define ZONES 2
#define SPAN_QUARTERS 400
#define FIRST_US (START_US - START_US % DW_QUARTER_US)

struct shop {
    struct dw_store *store;
    struct dw_zone zones[ZONES];
    struct dw_line line;
    struct dw_layout layout;
    int64_t runs[3];
    int lives; /* runs of an earlier life of the program are other runs */
};

static void shop_init(struct shop *shop, const char *url)
{
    *shop = (struct shop){
        .zones = { test_zone("shelf", .1), test_zone("table", .5) },
        .line = { .name = "door", .end = { 0, 1 } },
    };
    shop->layout = (struct dw_layout){
        .zones = shop->zones, .zone_count = ZONES, .lines = &shop->line, .line_count = 1
    };
    assert_done(dw_store_create(&shop->store, url, why));
}

static int64_t start_of(int i)
{
    return FIRST_US + i * 86400 * DW_SECOND_US + i * 7 * DW_SECOND_US;
}

/* Run i of three that follow each other by a day; the second is in India. */
static void begin_run(struct shop *shop, int i)
{
    char identity[32];
    static const int64_t offsets_min[] = { 0, 330, -300 };
    struct dw_store_run_conf conf = test_run(&shop->layout);
    snprintf(identity, sizeof(identity), "%d of life %d", i, shop->lives);
    conf.identity = identity;
    conf.start_wall_us = start_of(i);
    conf.utc_offset_us = offsets_min[i] * 60 * DW_SECOND_US;
    assert_done(dw_store_run_begin(shop->store, &conf, &shop->runs[i], why));
}

static int count_problem(void *context, const char *sentence)
{
    ++*(int *)context;
    if (getenv("DWELL_SAY") != NULL)
        printf("# %s\n", sentence);
    return 0;
}

static int problems(struct dw_store *store)
{
    int count = 0;
    assert_done(dw_store_check(store, count_problem, &count, why));
    return count;
}

static int64_t ask(struct dw_store *store, const char *sql)
{
    int64_t value = -1;
    assert_done(dw_sql_run(store, sql, DW_NO_VALUES, &value, why));
    return value;
}

/* What read_zone_counts says, for one slot. */
struct found_counts {
    struct dw_store_counts counts[ZONES];
    struct dw_store_cover cover[ZONES];
    struct dw_dwell_hist dwell[ZONES];
    int64_t sides[ZONES][DW_ROLLUP_SIDES];
    int64_t approximate;
};

static int keep_counts(void *context, const struct dw_store_zone_counts *zone)
{
    struct found_counts *found = context;
    assert_in_range(zone->zone_id, 1, ZONES);
    size_t i = (size_t)zone->zone_id - 1;
    found->counts[i] = zone->counts[0];
    found->cover[i] = zone->cover[0];
    if (zone->dwell != NULL) {
        found->dwell[i] = zone->dwell[0];
        memcpy(found->sides[i], zone->entries_by_side, sizeof(found->sides[i]));
    }
    found->approximate += zone->approximate;
    return 0;
}

/* The same from the visits themselves. */
struct counting {
    struct found_counts *found;
    const struct dw_store_slots *slots;
};

static bool is_wanted(const struct dw_store_slots *slots, int64_t time_us)
{
    int64_t at = dw_quarter_of(time_us) - slots->first_quarter;
    return at >= 0 && at < (int64_t)slots->quarter_count && slots->slot[at] == 0;
}

static int count_visit(void *context, const struct dw_store_visit *visit)
{
    const struct counting *counting = context;
    const struct dw_visit *stay = &visit->visit;
    size_t zone = (size_t)visit->zone_id - 1;
    struct dw_store_counts *counts = &counting->found->counts[zone];
    for (int64_t t = stay->enter_us; t < stay->enter_us + stay->dwell_us; t += 500000)
        if (is_wanted(counting->slots, t)) /* all times of the test are whole half seconds */
            counts->occupancy_us += 500000;
    if (!is_wanted(counting->slots, stay->enter_us))
        return 0;
    if (!stay->cut_start)
        counting->found->sides[zone][stay->enter_side]++;
    counts->entries += !stay->cut_start;
    if (stay->pass) {
        counts->passes++;
        return 0;
    }
    bool cut = stay->cut_start || stay->cut_end;
    counts->visits++;
    counts->stops += stay->dwell_us >= 3000000;
    counts->engages += stay->dwell_us >= 10000000;
    counts->cut += cut;
    counts->dwell_us += stay->dwell_us;
    counts->bridged_us += stay->bridged_us;
    struct dw_dwell_hist *dwell = &counting->found->dwell[zone];
    (cut ? dwell->cut : dwell->ended)[dw_dwell_bucket(stay->dwell_us)]++;
    return 0;
}

static void assert_counts_right(struct dw_store *store, const struct dw_store_slots *slots)
{
    struct found_counts *kept = calloc(1, sizeof(*kept)), *counted = calloc(1, sizeof(*counted));
    struct dw_store_counts_query query = { .dwell = true, .slots = *slots };
    assert_done(dw_store_read_zone_counts(store, &query, keep_counts, kept, why));
    assert_done(dw_store_read_visits(store, &(struct dw_store_filter){ 0 }, count_visit,
                                     &(struct counting){ counted, slots }, why));
    for (int i = 0; i < ZONES; i++) {
        kept->counts[i].people = 0; /* counted elsewhere */
        assert_memory_equal(&kept->counts[i], &counted->counts[i], sizeof(counted->counts[i]));
        assert_memory_equal(&kept->dwell[i], &counted->dwell[i], sizeof(counted->dwell[i]));
        assert_memory_equal(kept->sides[i], counted->sides[i], sizeof(counted->sides[i]));
    }
    assert_int_equal(kept->approximate, 0);
    free(kept);
    free(counted);
}

struct peaks {
    const struct dw_store_peak_query *query;
    DW_VEC(struct dw_store_visit) stays;
    int64_t zone_ids[ZONES], people[ZONES];
    size_t count;
};

static int keep_peak(void *context, const struct dw_store_peak *peak)
{
    struct peaks *peaks = context;
    assert_true(peaks->count < ZONES && peak->known);
    peaks->zone_ids[peaks->count] = peak->zone_id;
    peaks->people[peaks->count++] = peak->people;
    return 0;
}

static int keep_stay(void *context, const struct dw_store_visit *stay)
{
    struct peaks *peaks = context;
    if (peaks->query->include_staff || stay->visit.role != DW_ROLE_STAFF)
        dw_vec_push(&peaks->stays, *stay);
    return 0;
}

/* There is a moment with most people at which one of them just came, or at which the span begins.
 */
static int64_t count_peak(const struct peaks *peaks, int64_t zone_id)
{
    int64_t most = 0;
    for (size_t i = 0; i < peaks->stays.count; i++) {
        int64_t at_us = DW_MAX(peaks->stays.items[i].visit.enter_us, peaks->query->from_us),
                people = 0;
        for (size_t k = 0; k < peaks->stays.count && at_us < peaks->query->to_us; k++) {
            const struct dw_store_visit *other = &peaks->stays.items[k];
            people += other->zone_id == zone_id && other->visit.enter_us <= at_us &&
                      other->visit.exit_us > at_us;
        }
        most = DW_MAX(most, people);
    }
    return most;
}

static void assert_peaks_right(struct prop *prop, struct dw_store *store)
{
    int64_t from = dw_quarter_of(FIRST_US) + prop_int(prop, -50, 200);
    struct dw_store_peak_query query = { .include_staff = prop_chance(prop, .5),
                                         .from_us = from * DW_QUARTER_US };
    query.to_us = query.from_us + prop_int(prop, 1, 400) * DW_QUARTER_US;
    struct peaks peaks = { .query = &query };
    assert_done(
        dw_store_read_visits(store, &(struct dw_store_filter){ 0 }, keep_stay, &peaks, why));
    assert_done(dw_store_read_peaks(store, &query, keep_peak, &peaks, why));
    for (size_t i = 0; i < peaks.count; i++)
        prop_assert(prop, peaks.people[i] == count_peak(&peaks, peaks.zone_ids[i]));
    dw_vec_fini(&peaks.stays);
}

static struct dw_visit random_visit(struct prop *prop, int number)
{
    double enter_s = (double)prop_int(prop, 0, 3 * 86400 * 2) / 2;
    int64_t halves = prop_chance(prop, .02) ? prop_int(prop, 1, 4000) : prop_int(prop, 0, 60);
    struct dw_visit visit = test_visit(number, enter_s, enter_s + (double)halves / 2);
    visit.person = prop_int(prop, 1, 30);
    visit.zone = (int)prop_int(prop, 0, ZONES - 1);
    visit.pass = halves < 2;
    visit.cut_start = prop_chance(prop, .1);
    visit.cut_end = prop_chance(prop, .1);
    visit.enter_side = (int)prop_int(prop, 0, 4);
    visit.bridged_us = visit.dwell_us / 4;
    visit.observed_us = visit.dwell_us - visit.bridged_us;
    visit.exit_us += prop_chance(prop, .1) ? 20 * DW_SECOND_US : 0; /* gone between, and forgiven */
    visit.role = (enum dw_role)prop_int(prop, 0, DW_ROLE_COUNT - 1);
    return visit;
}

/* As somebody does who knows better, twice. */
static void decide_role(struct prop *prop, struct shop *shop, int64_t run, struct dw_visit visit)
{
    for (int i = 0; i < 3; i++)
        if (shop->runs[i] == run)
            visit.enter_us += start_of(i);
    struct dw_role_change change = { .visit = visit };
    change.visit.role = (enum dw_role)prop_int(prop, 0, DW_ROLE_COUNT - 1);
    change.visit.role_p = 0.7;
    assert_done(dw_store_find_role(shop->store, &change, why));
    for (int i = 0; i < 2; i++) {
        change.visit.role = (enum dw_role)prop_int(prop, 0, DW_ROLE_COUNT - 1);
        assert_done(dw_store_set_role(shop->store, NULL, &change, why));
    }
}

static void put_something(struct prop *prop, struct shop *shop, int64_t run, int number)
{
    struct dw_visit visit = random_visit(prop, number);
    int64_t at_us = visit.enter_us, length_us = prop_int(prop, 0, 7200) * DW_SECOND_US;
    struct dw_crossing crossing = { .person = number,
                                    .time_us = at_us,
                                    .to_right = prop_chance(prop, .5) };
    struct dw_gap gap = { at_us, at_us + length_us, "frozen" };
    int choice = (int)prop_int(prop, 0, 20);
    if (choice == 0) {
        assert_done(dw_store_put_gap(shop->store, run, &gap, why));
        gap.end_us += length_us;
        assert_done(dw_store_put_gap(shop->store, run, &gap, why));
    } else if (choice == 1) {
        assert_done(dw_store_put_crossing(shop->store, run, &crossing, why));
        assert_done(dw_store_put_crossing(shop->store, run, &crossing, why)); /* the same again */
    } else if (choice == 2) {
        assert_done(dw_store_run_measured(shop->store, run, at_us, false, why));
    } else if (choice == 3) {
        assert_done(dw_store_put_open(shop->store, run, &visit, 1, why));
    } else {
        assert_done(dw_store_put_visit(shop->store, run, &visit, why));
        if (choice == 4)
            assert_done(dw_store_put_visit(shop->store, run, &visit, why));
        if (choice > 16 && !visit.pass)
            decide_role(prop, shop, run, visit);
    }
}

static void change_something(struct prop *prop, struct shop *shop, int *number)
{
    int run = (int)prop_int(prop, 0, 2), count = (int)prop_int(prop, 1, 40);
    bool together = prop_chance(prop, .8), kept = prop_chance(prop, .8);
    if (together)
        assert_done(dw_store_begin(shop->store, why));
    if (prop_chance(prop, .1))
        begin_run(shop, run); /* the same source again */
    for (int i = 0; i < count; i++)
        put_something(prop, shop, shop->runs[run], ++*number);
    if (together && kept)
        assert_done(dw_store_commit(shop->store, why));
    else if (together)
        dw_store_rollback(shop->store);
    if (together && !kept)
        begin_run(shop, run); /* it may have been begun anew in what was forgotten */
}

/* As a killed program does: without a commit, open visits left behind. */
static void crash(struct prop *prop, struct shop *shop, const char *url, int *number)
{
    assert_done(dw_store_begin(shop->store, why));
    for (int i = 0; i < 10; i++)
        put_something(prop, shop, shop->runs[0], ++*number);
    dw_store_destroy(shop->store);
    assert_done(dw_store_create(&shop->store, url, why));
    assert_int_equal(problems(shop->store), 0);
    shop->lives++;
    for (int i = 0; i < 3; i++)
        begin_run(shop, i);
}

static void random_slots(struct prop *prop, struct dw_store_slots *slots, int *slot)
{
    for (int i = 0; i < SPAN_QUARTERS; i++)
        slot[i] = 0;
    if (prop_chance(prop, .7))
        for (int i = (int)prop_int(prop, 0, SPAN_QUARTERS - 1); i < SPAN_QUARTERS; i++)
            slot[i] = prop_chance(prop, .3) ? -1 : 0;
    *slots = (struct dw_store_slots){ dw_quarter_of(FIRST_US) + prop_int(prop, -50, 50),
                                      SPAN_QUARTERS, slot, 1 };
}

static void rollups_are_the_sum_of_their_rows_whatever_happens(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    for (int i = 0; i < 3; i++)
        begin_run(&shop, i);
    int number = 0, slot[SPAN_QUARTERS];
    PROP(prop, 60)
    {
        struct dw_store_slots slots;
        change_something(&prop, &shop, &number);
        if (prop_chance(&prop, .15))
            crash(&prop, &shop, folder->store, &number);
        prop_assert(&prop, problems(shop.store) == 0);
        random_slots(&prop, &slots, slot);
        assert_counts_right(shop.store, &slots);
        assert_peaks_right(&prop, shop.store);
        if (prop_chance(&prop, .5))
            assert_done(dw_store_settle(shop.store, INT64_MIN, why));
        prop_assert(&prop, ask(shop.store, "SELECT count(*) FROM (SELECT 1 FROM visit WHERE first=1"
                                           " GROUP BY run_id, zone_id, person"
                                           " HAVING count(*) > 1) AS twice") == 0);
    }
    assert_true(ask(shop.store, "SELECT count(*) FROM visit") > 100);
    assert_done(dw_store_settle(shop.store, INT64_MIN, why));
    assert_true(ask(shop.store, "SELECT count(*) FROM peak WHERE people > 0") > 0);
    assert_done(dw_store_rebuild(shop.store, why));
    assert_int_equal(problems(shop.store), 0);
    dw_store_destroy(shop.store);
}

static void what_the_rollups_hold_survives_the_pruning_of_rows(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    for (int i = 0; i < 3; i++)
        begin_run(&shop, i);
    int number = 0;
    struct prop prop = prop_begin(1);
    while (prop_next_case(&prop))
        for (int i = 0; i < 400; i++)
            put_something(&prop, &shop, shop.runs[0], ++number);
    struct found_counts *before = calloc(1, sizeof(*before)), *after = calloc(1, sizeof(*after));
    struct dw_store_counts_query all = {
        .dwell = true, .slots = { dw_quarter_of(FIRST_US) - 96, 96 * 8, NULL, 1 }
    };
    assert_done(
        dw_store_run_measured(shop.store, shop.runs[0], 5 * 86400 * DW_SECOND_US, false, why));
    assert_done(dw_store_read_zone_counts(shop.store, &all, keep_counts, before, why));
    struct dw_store_peak_query span = { .from_us = FIRST_US,
                                        .to_us = FIRST_US + 86400 * DW_SECOND_US };
    struct peaks peaks_before = { .query = &span }, peaks_after = { .query = &span };
    assert_done(dw_store_read_peaks(shop.store, &span, keep_peak, &peaks_before, why));
    assert_true(peaks_before.count == ZONES && peaks_before.people[0] > 0);
    int64_t kept = ask(shop.store, "SELECT count(*) FROM visit"), deleted = 0;
    int64_t horizon_us = FIRST_US + 2 * 86400 * DW_SECOND_US;
    assert_done(dw_store_prune(shop.store, DW_KIND_VISITS, horizon_us, &deleted, why));
    assert_true(deleted > 50);
    assert_true(ask(shop.store, "SELECT count(*) FROM visit") < kept);
    assert_done(dw_store_read_zone_counts(shop.store, &all, keep_counts, after, why));
    assert_memory_equal(before, after, sizeof(*before));
    assert_done(dw_store_read_peaks(shop.store, &span, keep_peak, &peaks_after, why));
    assert_memory_equal(peaks_before.people, peaks_after.people, sizeof(peaks_after.people));
    assert_int_equal(problems(shop.store), 0);

    /* Later visits still add up, and a run analysed again takes what was pruned with it. */
    for (int i = 0; i < 50; i++)
        put_something(&prop, &shop, shop.runs[0], ++number);
    assert_int_equal(problems(shop.store), 0);
    struct dw_err err = { 0 };
    assert_int_equal(dw_store_rebuild(shop.store, &err), -EINVAL);
    assert_non_null(strstr(err.text, "were pruned"));
    begin_run(&shop, 0);
    memset(after, 0, sizeof(*after));
    assert_done(dw_store_read_zone_counts(shop.store, &all, keep_counts, after, why));
    assert_int_equal(after->counts[0].visits + after->counts[1].visits, 0);

    assert_done(dw_store_prune(shop.store, DW_KIND_ROLLUPS, INT64_MAX / 2, NULL, why));
    assert_int_equal(ask(shop.store, "SELECT count(*) FROM rollup"), 0);
    free(before);
    free(after);
    dw_store_destroy(shop.store);
}

static void a_day_split_by_slots_whose_visits_are_gone_is_said_to_be_approximate(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    begin_run(&shop, 0);
    for (int i = 0; i < 5; i++) {
        struct dw_visit visit = test_visit(i + 1, i < 3 ? 10 : 1000, i < 3 ? 15 : 1005);
        assert_done(dw_store_put_visit(shop.store, shop.runs[0], &visit, why));
    }
    struct dw_store_counts_query first = { .dwell = true,
                                           .slots = { dw_quarter_of(FIRST_US), 1, NULL, 1 } };
    struct found_counts *found = calloc(1, sizeof(*found));
    assert_done(dw_store_read_zone_counts(shop.store, &first, keep_counts, found, why));
    assert_int_equal(found->counts[0].visits, 3);
    assert_int_equal(dw_dwell_hist_count(&found->dwell[0]), 3);
    assert_int_equal(found->approximate, 0);
    assert_done(dw_store_prune(shop.store, DW_KIND_VISITS, FIRST_US * 2, NULL, why));
    assert_done(dw_store_read_zone_counts(shop.store, &first, keep_counts, found, why));
    assert_int_equal(found->counts[0].visits, 3);
    assert_int_equal(dw_dwell_hist_count(&found->dwell[0]), 5);
    assert_int_equal(found->approximate, 5);
    free(found);
    dw_store_destroy(shop.store);
}

static void coverage_is_scheduled_time_less_gaps_for_each_zone_of_the_run(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    begin_run(&shop, 0);
    struct dw_gap gap = { 800 * DW_SECOND_US, 850 * DW_SECOND_US, "frozen" };
    assert_done(dw_store_run_measured(shop.store, shop.runs[0], 1000 * DW_SECOND_US, false, why));
    assert_done(dw_store_put_gap(shop.store, shop.runs[0], &gap, why));
    gap.end_us = 950 * DW_SECOND_US;
    assert_done(dw_store_put_gap(shop.store, shop.runs[0], &gap, why));
    struct dw_store_counts_query query = { .slots = { dw_quarter_of(FIRST_US), 1, NULL, 1 } };
    struct found_counts *found = calloc(1, sizeof(*found));
    for (int quarters = 1; quarters <= 2; quarters++) {
        query.slots.quarter_count = (size_t)quarters;
        assert_done(dw_store_read_zone_counts(shop.store, &query, keep_counts, found, why));
        for (int zone = 0; zone < ZONES; zone++) {
            assert_int_equal(found->cover[zone].scheduled_us / DW_SECOND_US,
                             quarters == 1 ? 900 : 1000);
            assert_int_equal(found->cover[zone].measured_us / DW_SECOND_US,
                             quarters == 1 ? 800 : 850);
        }
    }
    query.camera = "cellar";
    memset(found, 0, sizeof(*found));
    assert_done(dw_store_read_zone_counts(shop.store, &query, keep_counts, found, why));
    assert_int_equal(found->cover[0].scheduled_us, 0);
    free(found);
    dw_store_destroy(shop.store);
}

static void people_are_counted_once_and_staff_only_when_asked_for(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    begin_run(&shop, 0);
    for (int i = 0; i < 6; i++) { /* three persons, twice each; the last is staff */
        struct dw_visit visit = test_visit(i + 1, i * 600, i * 600 + 5);
        visit.person = i / 2 + 1;
        visit.role = visit.person == 3 ? DW_ROLE_STAFF : DW_ROLE_UNKNOWN;
        assert_done(dw_store_put_visit(shop.store, shop.runs[0], &visit, why));
    }
    struct dw_store_counts_query query = { .slots = { dw_quarter_of(FIRST_US), 96, NULL, 1 } };
    struct found_counts *found = calloc(1, sizeof(*found));
    assert_done(dw_store_read_zone_counts(shop.store, &query, keep_counts, found, why));
    assert_int_equal(found->counts[0].visits, 6);
    assert_int_equal(found->counts[0].people, 3);
    query.roles = DW_ROLE_BIT(DW_ROLE_UNKNOWN) | DW_ROLE_BIT(DW_ROLE_SHOPPER);
    assert_done(dw_store_read_zone_counts(shop.store, &query, keep_counts, found, why));
    assert_int_equal(found->counts[0].visits, 4);
    assert_int_equal(found->counts[0].people, 2);
    struct dw_role_change decided = { .visit = test_visit(1, 0, 5) };
    decided.visit.enter_us += start_of(0);
    decided.visit.role = DW_ROLE_STAFF;
    decided.visit.role_p = 0.9; /* as found, later */
    assert_done(dw_store_find_role(shop.store, &decided, why));
    assert_int_equal(decided.before, DW_ROLE_UNKNOWN);
    assert_done(dw_store_read_zone_counts(shop.store, &query, keep_counts, found, why));
    assert_int_equal(found->counts[0].visits, 3);
    decided.visit.role = DW_ROLE_SHOPPER;
    assert_int_equal(dw_store_set_role(shop.store, "cellar", &decided, NULL), -ENOENT);
    assert_done(dw_store_set_role(shop.store, "door", &decided, why));
    assert_int_equal(decided.before, DW_ROLE_STAFF);
    assert_int_equal(decided.visit.person, 1);
    assert_string_equal(decided.zone, shop.zones[0].name);
    decided.visit.role = DW_ROLE_STAFF;
    decided.visit.role_p = 0.9; /* what was decided by hand stays */
    assert_done(dw_store_find_role(shop.store, &decided, why));
    assert_done(dw_store_read_zone_counts(shop.store, &query, keep_counts, found, why));
    assert_int_equal(found->counts[0].visits, 4);
    assert_int_equal(decided.before, DW_ROLE_STAFF); /* nothing changed */
    decided.visit.role_p = 1;                        /* the person was, by hand, too, and later */
    assert_done(dw_store_find_role(shop.store, &decided, why));
    assert_int_equal(decided.before, DW_ROLE_SHOPPER);
    assert_done(dw_store_set_role(shop.store, "door", &decided, why));
    assert_done(dw_store_read_zone_counts(shop.store, &query, keep_counts, found, why));
    assert_int_equal(found->counts[0].visits, 3);
    decided.visit.role = DW_ROLE_UNKNOWN;
    decided.visit.role_p = 0;
    decided.taken_back = true;
    assert_done(dw_store_find_role(shop.store, &decided, why));
    assert_done(dw_store_read_zone_counts(shop.store, &query, keep_counts, found, why));
    assert_int_equal(found->counts[0].visits, 4);
    decided.visit.id[3] ^= 1;
    assert_done(dw_store_find_role(shop.store, &decided, why));
    assert_int_equal(dw_store_set_role(shop.store, NULL, &decided, NULL), -ENOENT);
    free(found);
    dw_store_destroy(shop.store);
}

static void who_was_in_visits_that_were_rolled_back_comes_for_the_first_time(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    begin_run(&shop, 0);
    struct dw_visit visit = test_visit(1, 1, 5);
    assert_done(dw_store_begin(shop.store, why));
    assert_done(dw_store_put_visit(shop.store, shop.runs[0], &visit, why));
    begin_run(&shop, 0); /* forgets it; then all is forgotten */
    assert_done(dw_store_put_visit(shop.store, shop.runs[0], &visit, why));
    dw_store_rollback(shop.store);
    assert_done(dw_store_put_visit(shop.store, shop.runs[0], &visit, why));
    assert_int_equal(ask(shop.store, "SELECT count(*) FROM visit WHERE first=1"), 1);
    assert_int_equal(problems(shop.store), 0);
    dw_store_destroy(shop.store);
}

static int keep_line(void *context, const struct dw_store_line_counts *line)
{
    struct dw_store_line_slot *found = context;
    found[0] = line->counts[0];
    found[1] = line->counts[1];
    return 0;
}

static void crossings_are_counted_each_way_by_slot(void **state)
{
    struct folder *folder = *state;
    struct shop shop;
    shop_init(&shop, folder->store);
    begin_run(&shop, 0);
    for (int i = 0; i < 10; i++) {
        struct dw_crossing crossing = { .person = i + 1,
                                        .time_us = i * 200 * DW_SECOND_US,
                                        .to_right = i % 2 == 0 };
        assert_done(dw_store_put_crossing(shop.store, shop.runs[0], &crossing, why));
    }
    static const int slot[] = { 0, 1, -1 };
    struct dw_store_counts_query query = { .slots = { dw_quarter_of(FIRST_US), 3, slot, 2 } };
    struct dw_store_line_slot found[2] = { 0 };
    assert_done(dw_store_read_line_counts(shop.store, &query, keep_line, found, why));
    assert_int_equal(found[0].to_right, 3); /* 0, 400, 800 s */
    assert_int_equal(found[0].to_left, 2);
    assert_int_equal(found[1].to_right, 2); /* 1200, 1600 s */
    assert_int_equal(found[1].to_left, 2);  /* 1000, 1400 s */
    dw_store_destroy(shop.store);
}

static void a_wrong_rollup_is_found_and_mended(void **state)
{
    struct folder *folder = *state;
    static const char *const harm[] = {
        "DELETE FROM rollup WHERE kind=0",
        "DELETE FROM visit WHERE person=1",
        "UPDATE visit SET dwell_us=dwell_us - 1",
        "DELETE FROM gap",
        "DELETE FROM crossing",
        "UPDATE rollup SET data=(SELECT data FROM rollup WHERE kind=1) WHERE kind=0",
    };
    struct shop shop;
    shop_init(&shop, folder->store);
    for (size_t i = 0; i < DW_LENGTH(harm); i++) {
        begin_run(&shop, 0);
        struct dw_visit visit = test_visit(1, 1, 5);
        struct dw_gap gap = { 6000000, 7000000, "frozen" };
        struct dw_crossing crossing = { .person = 1, .time_us = 1000000 };
        assert_done(dw_store_put_visit(shop.store, shop.runs[0], &visit, why));
        assert_done(dw_store_put_gap(shop.store, shop.runs[0], &gap, why));
        assert_done(dw_store_put_crossing(shop.store, shop.runs[0], &crossing, why));
        assert_int_equal(problems(shop.store), 0);
        assert_done(shop.store->impl->exec(shop.store, harm[i], why));
        assert_int_equal(problems(shop.store), 1);
        assert_done(dw_store_rebuild(shop.store, why));
        assert_int_equal(problems(shop.store), 0);
    }
    dw_store_destroy(shop.store);
}

int main(void)
{
#define store_test(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        store_test(rollups_are_the_sum_of_their_rows_whatever_happens),
        store_test(what_the_rollups_hold_survives_the_pruning_of_rows),
        store_test(a_day_split_by_slots_whose_visits_are_gone_is_said_to_be_approximate),
        store_test(coverage_is_scheduled_time_less_gaps_for_each_zone_of_the_run),
        store_test(people_are_counted_once_and_staff_only_when_asked_for),
        store_test(who_was_in_visits_that_were_rolled_back_comes_for_the_first_time),
        store_test(crossings_are_counted_each_way_by_slot),
        store_test(a_wrong_rollup_is_found_and_mended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
