/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A short day of a shop on a disk that fails (fault_vfs.h): the power goes at any write, or the
 * n-th write is refused, for every n. What the store said was stored must be there, once and whole,
 * and nothing else. DWELL_CRASHES sets how many power cuts there are (200); with DWELL_FAULTS=all
 * every write is refused in every way, else each in one of them.
 */
#include <errno.h>

#include "fault_vfs.h"
#include "store/store_care.h"
#include "store/store_impl.h"
#include "store_fixture.h"

enum { STEPS = 12 };

/* What the writer was told, and what it was doing last. */
struct told {
    int stored;  /* steps that were acknowledged, from 1 */
    bool opened; /* the store, and the run begun */
};

/* One second: a visit, those going on, a foot track and a crossing, in one transaction. */
static int write_step(struct dw_store *store, int64_t run, int number, struct dw_err *err)
{
    struct dw_visit done = test_visit(number, number, number + 2);
    struct dw_visit open = test_visit(1000 + number, number, number + 1.5);
    struct dw_crossing crossing = { .person = number, .time_us = number * DW_SECOND_US };
    struct dw_foot_point feet[8];
    for (int i = 0; i < 8; i++)
        feet[i] = (struct dw_foot_point){ .time_us = (number * 2 + i) * DW_SECOND_US / 2,
                                          .x_norm = 0.1F * (float)i,
                                          .y_norm = 0.5F,
                                          .h_norm = 0.3F };
    int r = dw_store_begin(store, err);
    if (r < 0)
        return r;
    r = dw_store_put_visit(store, run, &done, err);
    if (r == 0)
        r = dw_store_put_crossing(store, run, &crossing, err);
    if (r == 0)
        r = dw_store_put_foot_track(store, run, number, feet, 8, err);
    if (r == 0)
        r = dw_store_put_open(store, run, &open, 1, err);
    if (r == 0)
        r = dw_store_run_measured(store, run, (number + 1) * DW_SECOND_US, false, err);
    if (r == 0)
        r = dw_store_commit(store, err);
    if (r < 0)
        dw_store_rollback(store);
    return r;
}

/* Checkpoints come often, so that the database itself is written, too. */
static int open_day(struct dw_store **store, const char *path, int64_t *run, struct dw_err *err)
{
    struct dw_zone zone = test_zone("shelf", .1);
    struct dw_line line = { .name = "door", .end = { 1, 1 } };
    struct dw_layout layout = { .zones = &zone, .zone_count = 1, .lines = &line, .line_count = 1 };
    struct dw_store_run_conf conf = test_run(&layout);
    int r = dw_store_create(store, path, err);
    if (r == 0)
        r = (*store)->impl->exec(*store, "PRAGMA wal_autocheckpoint=10", err);
    return r == 0 ? dw_store_run_begin(*store, &conf, run, err) : r;
}

static struct told live_through(const char *path)
{
    struct told told = { 0 };
    struct dw_err err = { 0 };
    DW_AUTO(store) *store = NULL;
    int64_t run = 0;
    told.opened = open_day(&store, path, &run, &err) == 0;
    for (int number = 1; told.opened && number <= STEPS; number++) {
        if (write_step(store, run, number, &err) < 0)
            break;
        told.stored = number;
    }
    return told;
}

static int say_problem(void *context, const char *sentence)
{
    (void)context;
    fail_msg("%s", sentence);
    return -1;
}

static int64_t ask(struct dw_store *store, const char *sql)
{
    int64_t value = -1;
    assert_done(dw_sql_run(store, sql, DW_VALUES(DW_INTEGER(0)), &value, why));
    return value;
}

/* Visits 1 to `steps` and nothing else but the one that was going on, cut. */
static void assert_exactly(struct dw_store *store, int steps)
{
    struct found_visits found = read_visits(store);
    int whole = 0;
    for (size_t i = 0; i < found.count; i++) {
        const struct dw_visit *visit = &found.items[i].visit;
        whole += !visit->cut_end;
        assert_in_range(visit->person % 1000, 1, steps);
        assert_int_equal(visit->dwell_us, visit->cut_end ? 1500000 : 2000000);
    }
    assert_int_equal(whole, steps);
    assert_int_equal((int)found.count - whole, steps > 0 ? 1 : 0);
    assert_int_equal(ask(store, "SELECT count(*) FROM crossing WHERE ?1=0"), steps);
    assert_done(dw_store_check(store, say_problem, NULL, why));
}

static void remove_files(const struct folder *folder)
{
    static const char *const endings[] = { "", "-wal", "-shm", "-lock", "-journal" };
    for (size_t i = 0; i < DW_LENGTH(endings); i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s%s", folder->store, endings[i]);
        unlink(path);
    }
}

static void cut_power(const struct folder *folder, int64_t nth, uint64_t seed)
{
    fault_vfs_install();
    fault_vfs_arm(FAULT_CUT, nth, true);
    struct told told = live_through(folder->store);
    remove_files(folder);
    fault_vfs_power_cut(seed);
    fault_vfs_install();
    DW_AUTO(store) *store = NULL;
    struct dw_err err = { 0 };
    if (dw_store_create(&store, folder->store, &err) != 0)
        fail_msg("power cut at write %lld, seed %llu: %s", (long long)nth, (unsigned long long)seed,
                 err.text);
    int64_t kept = ask(store, "SELECT count(*) FROM visit WHERE cut_end=0 AND ?1=0");
    if (kept != told.stored && kept != told.stored + 1)
        fail_msg("power cut at write %lld, seed %llu: %d were stored, %lld are there",
                 (long long)nth, (unsigned long long)seed, told.stored, (long long)kept);
    assert_exactly(store, (int)kept);
    dw_store_destroy(DW_TAKE(store));
    remove_files(folder);
}

static int64_t writes_of_a_day(const struct folder *folder)
{
    fault_vfs_install();
    struct told told = live_through(folder->store);
    int64_t count = fault_vfs_count();
    assert_int_equal(told.stored, STEPS);
    remove_files(folder);
    return count;
}

static void a_power_cut_leaves_exactly_what_was_acknowledged(void **state)
{
    const struct folder *folder = *state;
    const char *wanted = getenv("DWELL_CRASHES");
    long crashes = wanted != NULL ? strtol(wanted, NULL, 10) : 200;
    int64_t writes = writes_of_a_day(folder);
    for (long i = 0; i < crashes; i++)
        cut_power(folder, 1 + i % writes, 17 + (uint64_t)i);
    printf("# %ld power cuts over %lld writes\n", crashes, (long long)writes);
}

/* --- A disk that refuses -------------------------------------------------------------------- */

/* What was stored is read by a connection of its own, as the page does. */
static void assert_readable(const char *path, int stored)
{
    struct dw_err err = { 0 };
    DW_AUTO(store) *store = NULL;
    if (dw_store_open(&store, path, &err) != 0)
        fail_msg("after %d steps: %s", stored, err.text);
    assert_int_equal(read_visits(store).count, stored);
}

/* One day with one fault; the writer does again what was refused, as the program does. */
static void refuse(const struct folder *folder, enum fault fault, int64_t nth, bool lasting)
{
    fault_vfs_install();
    struct dw_err err = { 0 };
    DW_AUTO(store) *store = NULL;
    int64_t run = 0;
    if (open_day(&store, folder->store, &run, &err) < 0)
        fail_msg("%s", err.text);
    fault_vfs_arm(fault, nth, lasting);
    for (int number = 1; number <= STEPS; number++) {
        err.text[0] = '\0';
        int r = write_step(store, run, number, &err);
        if (r == 0)
            continue;
        assert_true(fault_vfs_struck());
        assert_true(r == -ENOSPC || (fault == FAULT_SYNC && r == -EIO) ||
                    (fault == FAULT_WRITE && r == -EIO));
        assert_non_null(strstr(err.text, folder->store));
        assert_readable(folder->store, number - 1);
        if (lasting)
            assert_int_not_equal(write_step(store, run, number, &err), 0);
        fault_vfs_arm(FAULT_NONE, 0, false); /* room was made */
        if (write_step(store, run, number, &err) != 0)
            fail_msg("write %lld refused, then not any more: %s", (long long)nth, err.text);
    }
    dw_store_destroy(DW_TAKE(store));
    fault_vfs_arm(FAULT_NONE, 0, false); /* it may have kept a checkpoint from being made */
    assert_done(dw_store_create(&store, folder->store, why));
    assert_exactly(store, STEPS);
    dw_store_destroy(DW_TAKE(store));
    remove_files(folder);
}

static void a_disk_that_refuses_any_write_loses_nothing_and_all_goes_on_after(void **state)
{
    static const enum fault faults[] = { FAULT_FULL, FAULT_WRITE, FAULT_SYNC };
    const struct folder *folder = *state;
    bool all = getenv("DWELL_FAULTS") != NULL;
    int64_t writes = writes_of_a_day(folder);
    long days = 0;
    for (int64_t nth = 1; nth <= writes; nth++)
        for (int64_t way = 0; way < 6; way++) {
            if (!all && nth % 6 != way)
                continue;
            refuse(folder, faults[way / 2], nth, way % 2 > 0);
            days++;
        }
    printf("# %lld writes, refused in %ld days\n", (long long)writes, days);
}

static void a_store_that_cannot_be_made_says_so_and_can_be_made_later(void **state)
{
    static const enum fault faults[] = { FAULT_FULL, FAULT_WRITE, FAULT_SYNC };
    const struct folder *folder = *state;
    int refused = 0;
    for (size_t i = 0; i < 150; i++) {
        fault_vfs_install();
        fault_vfs_arm(faults[i % 3], 1 + (int64_t)i / 3, true);
        struct told told = live_through(folder->store);
        refused += !told.opened;
        fault_vfs_arm(FAULT_NONE, 0, false);
        DW_AUTO(store) *store = NULL;
        assert_done(dw_store_create(&store, folder->store, why));
        assert_exactly(store,
                       (int)ask(store, "SELECT count(*) FROM visit WHERE cut_end=0 AND ?1=0"));
        dw_store_destroy(DW_TAKE(store));
        remove_files(folder);
    }
    assert_true(refused > 10);
}

static int teardown(void **state)
{
    fault_vfs_remove();
    return folder_teardown(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_power_cut_leaves_exactly_what_was_acknowledged,
                                        folder_setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_disk_that_refuses_any_write_loses_nothing_and_all_goes_on_after, folder_setup,
            teardown),
        cmocka_unit_test_setup_teardown(a_store_that_cannot_be_made_says_so_and_can_be_made_later,
                                        folder_setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
