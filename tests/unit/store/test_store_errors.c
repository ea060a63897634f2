/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/store_sqlite.h"
#include "store_fixture.h"

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void assert_refused(int result, int wanted, const struct dw_err *err, const char *said)
{
    assert_int_equal(result, wanted);
    if (strstr(err->text, said) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err->text, said);
}

static void reading_a_missing_store_makes_no_file(void **state)
{
    struct folder *folder = *state;
    struct dw_store *store = NULL;
    struct dw_err err = { 0 };
    assert_refused(dw_store_open(&store, folder->store, &err), -ENOENT, &err, "no such store '");
    assert_non_null(strstr(err.text, "make one with dwell analyze --store"));
    assert_int_not_equal(access(folder->store, F_OK), 0);
}

static void places_where_no_store_can_be_are_named(void **state)
{
    struct folder *folder = *state;
    struct dw_store *store = NULL;
    struct dw_err err = { 0 };
    char below[192];
    snprintf(below, sizeof(below), "%s/nowhere/shop.db", folder->path);
    assert_refused(dw_store_create(&store, below, &err), -ENOENT, &err, "/nowhere'; make it first");
    assert_refused(dw_store_create(&store, folder->path, &err), -EISDIR, &err, "is not a file");
    assert_refused(dw_store_create(&store, "", &err), -EINVAL, &err, "name a file");
    assert_refused(dw_store_create(&store, "redis://here/1", &err), -EINVAL, &err,
                   "no store of that kind");
    assert_refused(dw_store_open(&store, ":memory:", &err), -ENOENT, &err, "nothing to read");
}

static void a_file_that_is_no_database_stays_as_it_is(void **state)
{
    struct folder *folder = *state;
    struct dw_store *store = NULL;
    struct dw_err err = { 0 };
    static const char letter[] = "Dear diary, today I counted no people at all. Nobody came in, "
                                 "so it must have been raining for the whole of the afternoon.";
    write_file(folder->store, letter);
    assert_refused(dw_store_create(&store, folder->store, &err), -EINVAL, &err,
                   "is not a Dwell store");
    assert_refused(dw_store_open(&store, folder->store, &err), -EINVAL, &err,
                   "is not a Dwell store");
    struct stat info;
    assert_int_equal(stat(folder->store, &info), 0);
    assert_int_equal(info.st_size, sizeof(letter) - 1);
}

static void an_empty_file_is_no_store_to_read_but_becomes_one(void **state)
{
    struct folder *folder = *state;
    struct dw_store *store = NULL;
    struct dw_err err = { 0 };
    write_file(folder->store, "");
    assert_refused(dw_store_open(&store, folder->store, &err), -EINVAL, &err, "(it is empty)");
    assert_done(dw_store_create(&store, folder->store, why));
    dw_store_destroy(store);
}

/* As it is left when the power goes before there is a log: pages, and a journal of them. */
static void begin_and_break_off(const char *path)
{
    pid_t child = fork();
    if (child == 0) {
        sqlite3 *db = NULL;
        sqlite3_open(path, &db);
        sqlite3_exec(db,
                     "PRAGMA cache_size=1; BEGIN; CREATE TABLE begun(x);"
                     "INSERT INTO begun VALUES (zeroblob(100000));",
                     NULL, NULL, NULL);
        _exit(0);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void one_that_was_half_made_is_made_by_who_writes_next(void **state)
{
    struct folder *folder = *state;
    struct dw_store *store = NULL;
    struct dw_err err = { 0 };
    begin_and_break_off(folder->store);
    assert_refused(dw_store_open(&store, folder->store, &err), -EBUSY, &err, "half written");
    assert_done(dw_store_create(&store, folder->store, why));
    dw_store_destroy(store);
    assert_done(dw_store_open(&store, folder->store, why));
    dw_store_destroy(store);
}

static void a_damaged_store_is_called_damaged(void **state)
{
    struct folder *folder = *state;
    struct dw_store *store = NULL;
    struct dw_err err = { 0 };
    assert_done(dw_store_create(&store, folder->store, why));
    dw_store_destroy(store);
    struct stat info;
    assert_int_equal(stat(folder->store, &info), 0);
    assert_int_equal(truncate(folder->store, info.st_size / 8), 0);
    assert_refused(dw_store_open(&store, folder->store, &err), -EIO, &err, "is damaged");
    assert_refused(dw_store_create(&store, folder->store, &err), -EIO, &err, "is damaged");
}

static void a_read_only_store_cannot_be_written_but_read(void **state)
{
    struct folder *folder = *state;
    struct dw_store *store = NULL;
    struct dw_err err = { 0 };
    assert_done(dw_store_create(&store, folder->store, why));
    dw_store_destroy(store);
    chmod(folder->store, 0400);
    if (access(folder->store, W_OK) == 0)
        skip(); /* root may write anything */
    assert_refused(dw_store_create(&store, folder->store, &err), -EROFS, &err, "cannot be written");
    assert_done(dw_store_open(&store, folder->store, why));
    dw_store_destroy(store);
    chmod(folder->path, 0500);
    assert_done(dw_store_open(&store, folder->store, why));
    dw_store_destroy(store);
    chmod(folder->path, 0700);
}

static void a_second_writer_is_sent_away_until_the_first_ends(void **state)
{
    struct folder *folder = *state;
    struct dw_store *first = NULL, *second = NULL;
    struct dw_err err = { 0 };
    assert_done(dw_store_create(&first, folder->store, why));
    assert_refused(dw_store_create(&second, folder->store, &err), -EBUSY, &err,
                   "another dwell is writing to store");
    dw_store_destroy(first);
    assert_done(dw_store_create(&second, folder->store, why));
    dw_store_destroy(second);
    char lock[192];
    snprintf(lock, sizeof(lock), "%s-lock", folder->store);
    assert_int_not_equal(access(lock, F_OK), 0);
}

static void a_full_disk_loses_nothing_that_was_committed(void **state)
{
    struct folder *folder = *state;
    struct dw_store *store = NULL;
    assert_done(dw_store_create(&store, folder->store, why));
    struct dw_zone zone = test_zone("shelf", .1);
    struct dw_layout layout = { .zones = &zone, .zone_count = 1 };
    struct dw_store_run_conf conf = test_run(&layout);
    int64_t run = 0;
    assert_done(dw_store_run_begin(store, &conf, &run, why));
    sqlite3 *db = ((struct dw_sqlite *)store)->db;
    assert_int_equal(sqlite3_exec(db, "PRAGMA max_page_count=40", NULL, NULL, NULL), SQLITE_OK);

    struct dw_err err = { 0 };
    int stored = 0, result = 0;
    for (; result == 0 && stored < 100000; stored += result == 0 ? 10 : 0) {
        result = dw_store_begin(store, &err);
        for (int i = 1; i <= 10 && result == 0; i++) {
            struct dw_visit visit = test_visit(stored + i, stored, stored + 5);
            result = dw_store_put_visit(store, run, &visit, &err);
        }
        if (result == 0)
            result = dw_store_commit(store, &err);
    }
    dw_store_rollback(store);
    assert_refused(result, -ENOSPC, &err, "the disk is full; make room and run again");
    assert_true(stored > 0);

    /* Room was made: the same store goes on. */
    assert_int_equal(sqlite3_exec(db, "PRAGMA max_page_count=4000", NULL, NULL, NULL), SQLITE_OK);
    struct dw_visit late = test_visit(stored + 1, stored, stored + 5);
    assert_done(dw_store_put_visit(store, run, &late, why));
    int64_t visits = 0;
    assert_done(dw_sql_run(store, "SELECT count(*) FROM visit", DW_NO_VALUES, &visits, why));
    assert_int_equal(visits, stored + 1);
    dw_store_destroy(store);
}

static void wrong_calls_are_refused_with_a_sentence(void **state)
{
    (void)state;
    DW_AUTO(store) *store = NULL;
    assert_done(dw_store_create(&store, ":memory:", why));
    struct dw_zone zones[] = { test_zone("shelf", .1), test_zone("shelf", .5) };
    struct dw_layout layout = { .zones = zones, .zone_count = 2 };
    struct dw_store_run_conf conf = test_run(&layout);
    int64_t run = 0;
    struct dw_err err = { 0 };
    assert_refused(dw_store_run_begin(store, &conf, &run, &err), -EINVAL, &err,
                   "zone 'shelf' is there twice");
    layout.zone_count = 1;
    assert_done(dw_store_run_begin(store, &conf, &run, why));
    struct dw_visit visit = test_visit(1, 5, 4);
    assert_refused(dw_store_put_visit(store, run, &visit, &err), -EINVAL, &err, "exit_us");
    assert_refused(dw_store_put_visit(store, 99, &visit, &err), -EINVAL, &err, "run 99");
    visit.zone = 3;
    assert_refused(dw_store_put_visit(store, run, &visit, &err), -EINVAL, &err, "zone 3 of 1");
    struct dw_crossing crossing = { 0 };
    assert_refused(dw_store_put_crossing(store, run, &crossing, &err), -EINVAL, &err,
                   "line 0 of 0");
}

int main(void)
{
#define store_test(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        store_test(reading_a_missing_store_makes_no_file),
        store_test(places_where_no_store_can_be_are_named),
        store_test(a_file_that_is_no_database_stays_as_it_is),
        store_test(an_empty_file_is_no_store_to_read_but_becomes_one),
        store_test(one_that_was_half_made_is_made_by_who_writes_next),
        store_test(a_damaged_store_is_called_damaged),
        store_test(a_read_only_store_cannot_be_written_but_read),
        store_test(a_second_writer_is_sent_away_until_the_first_ends),
        store_test(a_full_disk_loses_nothing_that_was_committed),
        store_test(wrong_calls_are_refused_with_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
