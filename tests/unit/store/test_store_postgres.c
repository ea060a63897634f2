/* SPDX-License-Identifier: Apache-2.0 */
/* What can go wrong with a server, and what only PostgreSQL does. */
#include <errno.h>

#include "store/store_impl.h"
#include "store_fixture.h"

static void assert_refused(int result, int wanted, const struct dw_err *err, const char *said)
{
    assert_int_equal(result, wanted);
    if (strstr(err->text, said) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err->text, said);
}

static int64_t ask(struct dw_store *store, const char *sql)
{
    int64_t value = -1;
    assert_done(dw_sql_run(store, sql, DW_NO_VALUES, &value, why));
    return value;
}

static void run_server(const char *what)
{
    char command[128];
    snprintf(command, sizeof(command), "%s/server %s", getenv("DWELL_TEST_POSTGRES_FOLDER"), what);
    assert_int_equal(system(command), 0);
}

static struct dw_zone zone;
static struct dw_layout layout = { .zones = &zone, .zone_count = 1 };

static int64_t begin_run(struct dw_store *store)
{
    int64_t run = 0;
    zone = test_zone("shelf", .1);
    struct dw_store_run_conf conf = test_run(&layout);
    assert_done(dw_store_run_begin(store, &conf, &run, why));
    return run;
}

static void a_server_that_is_not_there_is_said_to_be_so_without_the_password(void **state)
{
    (void)state;
    struct dw_store *store = NULL;
    struct dw_err err = { 0 };
    for (int writing = 0; writing < 2; writing++) {
        const char *url = "postgresql://shop:secret@127.0.0.1:1/visits";
        int result =
            writing ? dw_store_create(&store, url, &err) : dw_store_open(&store, url, &err);
        assert_refused(result, -ENOTCONN, &err,
                       "store 'postgresql://127.0.0.1/visits' cannot be reached: see whether the "
                       "server runs");
        assert_null(strstr(err.text, "secret"));
    }
}

static void reading_a_database_without_a_store_makes_none(void **state)
{
    struct folder *folder = *state;
    struct dw_store *store = NULL;
    struct dw_err err = { 0 };
    assert_refused(dw_store_open(&store, folder->store, &err), -ENOENT, &err,
                   "make one with dwell analyze --store");
    assert_done(dw_store_create(&store, folder->store, why));
    dw_store_destroy(store);
    assert_done(dw_store_open(&store, folder->store, why));
    assert_refused(store->impl->exec(store, "BEGIN READ ONLY; DELETE FROM visit", &err), -EROFS,
                   &err, "is read-only");
    dw_store_destroy(store);
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
}

static void a_newer_store_is_refused(void **state)
{
    struct folder *folder = *state;
    struct dw_store *store = NULL;
    struct dw_err err = { 0 };
    assert_done(dw_store_create(&store, folder->store, why));
    assert_done(store->impl->exec(store, "UPDATE meta SET value='99' WHERE key='format'", why));
    dw_store_destroy(store);
    assert_refused(dw_store_create(&store, folder->store, &err), -ENOTSUP, &err,
                   "newer dwell (format 99");
}

static void an_older_store_is_brought_along(void **state)
{
    struct folder *folder = *state;
    DW_AUTO(store) *store = NULL;
    assert_done(dw_store_create(&store, folder->store, why));
    (void)begin_run(store);
    /* As a version wrote it whose tables were those of format 6. */
    assert_done(store->impl->exec(store,
                                  "DROP TABLE peak;"
                                  "UPDATE meta SET value='4' WHERE key='format'",
                                  why));
    dw_store_destroy(store);
    assert_done(dw_store_create(&store, folder->store, why));
    assert_int_equal(ask(store, "SELECT count(*) FROM peak"), 0);
    assert_int_equal(ask(store, "SELECT value::int FROM meta WHERE key='format'"), 7);
}

static void visits_are_kept_by_months_which_go_as_a_whole(void **state)
{
    struct folder *folder = *state;
    DW_AUTO(store) *store = NULL;
    assert_done(dw_store_create(&store, folder->store, why));
    int64_t run = begin_run(store);
    assert_done(dw_store_begin(store, why));
    for (int i = 0; i < 30; i++) { /* ten days apart: ten months, some by COPY */
        struct dw_visit visit = test_visit(i, i * 864000.0, i * 864000.0 + 5);
        assert_done(dw_store_put_visit(store, run, &visit, why));
    }
    assert_done(dw_store_commit(store, why));
    static const char months[] =
        "SELECT count(*) FROM pg_inherits WHERE inhparent=CAST('visit' AS regclass)";
    int64_t before = ask(store, months);
    assert_in_range(before, 10, 11);
    assert_int_equal(ask(store, "SELECT count(*) FROM visit"), 30);
    assert_done(
        dw_store_prune(store, DW_KIND_VISITS, START_US + 100 * 86400 * DW_SECOND_US, NULL, why));
    assert_done(dw_store_shrink(store, why));
    assert_int_equal(ask(store, months), before - 3);
    assert_int_equal(ask(store, "SELECT count(*) FROM visit"), 20);
}

static int say_problem(void *context, const char *sentence)
{
    (void)context;
    fail_msg("%s", sentence);
    return 0;
}

/* Visits of days enough that the roll-ups go in several trips. */
static void put_days(struct dw_store *store, int64_t run, int first, int end)
{
    assert_done(dw_store_begin(store, why));
    for (int i = first; i < end; i++) {
        struct dw_visit visit = test_visit(i, i * 86400.0, i * 86400.0 + 5);
        visit.pass = i % 7 == 0;
        visit.speed_min = i % 3 == 0 ? .25 : -1;
        assert_done(dw_store_put_visit(store, run, &visit, why));
        if (i % 10 == 0)
            assert_done(dw_store_put_visit(store, run, &visit, why));
    }
    assert_done(dw_store_commit(store, why));
}

static void a_bulk_of_old_and_new_visits_is_counted_once(void **state)
{
    struct folder *folder = *state;
    DW_AUTO(store) *store = NULL;
    assert_done(dw_store_create(&store, folder->store, why));
    int64_t run = begin_run(store);
    put_days(store, run, 0, 5);    /* one by one */
    put_days(store, run, 11, 19);  /* straight */
    put_days(store, run, 0, 150);  /* around what is there, and there twice */
    put_days(store, run, 30, 100); /* all there */
    assert_int_equal(ask(store, "SELECT count(*) FROM visit"), 128);
    assert_int_equal(ask(store, "SELECT count(*) FROM pass"), 22);
    assert_int_equal(ask(store, "SELECT count(*) FROM visit WHERE speed_min=0.25"), 42);
    assert_int_equal(ask(store, "SELECT count(*) FROM visit WHERE enter_side=1 AND exit_side=3"
                                " AND score=0.75 AND first=1 AND end_reason='left'"),
                     128);
    assert_int_equal(ask(store, "SELECT count(*) FROM rollup WHERE kind=0"), 150);
    assert_done(dw_store_check(store, say_problem, NULL, why));
}

/* Whatever of a transaction fails, also among what was sent without waiting, nothing is kept. */
static void what_fails_behind_its_back_is_not_committed(void **state)
{
    struct folder *folder = *state;
    DW_AUTO(store) *store = NULL;
    struct dw_err err = { 0 };
    assert_done(dw_store_create(&store, folder->store, why));
    int64_t run = begin_run(store);
    put_days(store, run, 0, 1);
    assert_done(
        store->impl->exec(store, "ALTER TABLE rollup ADD CHECK(first_quarter < 2000000)", why));
    struct dw_visit far = test_visit(1, 1000 * 86400.0, 1000 * 86400.0 + 5);
    assert_done(dw_store_begin(store, why));
    assert_done(dw_store_put_visit(store, run, &far, why));
    assert_refused(dw_store_commit(store, &err), -EINVAL, &err, "rollup");
    dw_store_rollback(store);
    put_days(store, run, 1, 2);
    assert_int_equal(ask(store, "SELECT count(*) FROM visit"), 1);
    assert_done(dw_store_check(store, say_problem, NULL, why));
}

static void a_server_that_comes_back_is_used_again(void **state)
{
    struct folder *folder = *state;
    DW_AUTO(store) *store = NULL;
    struct dw_err err = { 0 };
    assert_done(dw_store_create(&store, folder->store, why));
    int64_t run = begin_run(store);
    struct dw_visit first = test_visit(1, 1, 5), second = test_visit(2, 2, 6);
    assert_done(dw_store_put_visit(store, run, &first, why));
    assert_done(dw_store_begin(store, why));
    assert_done(dw_store_put_visit(store, run, &second, why));
    run_server("stop");
    assert_refused(dw_store_commit(store, &err), -ENOTCONN, &err, "has lost its server");
    dw_store_rollback(store);
    assert_refused(dw_store_put_visit(store, run, &second, &err), -ENOTCONN, &err,
                   "cannot be reached");
    run_server("start");
    assert_done(dw_store_put_visit(store, run, &second, why));
    assert_done(dw_store_put_visit(store, run, &second, why));
    assert_int_equal(ask(store, "SELECT count(*) FROM visit"), 2);
    assert_int_equal(ask(store, "SELECT count(*) FROM visit WHERE first=1"), 2);
}

static void senders_get_each_visit_once(void **state)
{
    struct folder *folder = *state;
    DW_AUTO(store) *store = NULL;
    assert_done(dw_store_create(&store, folder->store, why));
    int64_t run = begin_run(store);
    for (int batch = 0; batch < 2; batch++) {
        assert_done(dw_store_begin(store, why));
        for (int i = 0; i < 20; i++) {
            struct dw_visit visit = test_visit(i, i, i + 5);
            assert_done(dw_store_put_visit(store, run, &visit, why));
        }
        assert_done(dw_store_commit(store, why));
        assert_int_equal(ask(store, "SELECT count(*) FROM outbox"), 0);
        assert_done(store->impl->exec(store,
                                      "INSERT INTO sender(name, seq) VALUES('mqtt', 0)"
                                      " ON CONFLICT(name) DO NOTHING",
                                      why));
    }
    struct dw_visit visit = test_visit(99, 1, 5);
    assert_done(dw_store_put_visit(store, run, &visit, why));
    assert_int_equal(ask(store, "SELECT count(*) FROM outbox JOIN visit USING(zone_id, enter_us,"
                                " uid) WHERE person=99"),
                     1);
    assert_int_equal(ask(store, "SELECT count(*) FROM outbox"), 1);
}

int main(void)
{
#define store_test(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_that_is_not_there_is_said_to_be_so_without_the_password),
        store_test(reading_a_database_without_a_store_makes_none),
        store_test(a_second_writer_is_sent_away_until_the_first_ends),
        store_test(a_newer_store_is_refused),
        store_test(an_older_store_is_brought_along),
        store_test(visits_are_kept_by_months_which_go_as_a_whole),
        store_test(a_bulk_of_old_and_new_visits_is_counted_once),
        store_test(what_fails_behind_its_back_is_not_committed),
        store_test(a_server_that_comes_back_is_used_again),
        store_test(senders_get_each_visit_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
