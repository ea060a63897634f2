/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sqlite3.h>

#include "store/store_sqlite.h"
#include "store_fixture.h"

/* Takes the last steps back. */
#define BEFORE_8                                                                                   \
    "PRAGMA writable_schema=ON;"                                                                   \
    "UPDATE sqlite_schema SET sql=replace(replace(sql,"                                            \
    " 'zone_id INTEGER NOT NULL', 'zone_id INTEGER NOT NULL REFERENCES zone(id)'),"                \
    " 'run_id INTEGER NOT NULL', 'run_id INTEGER NOT NULL REFERENCES run(id)')"                    \
    " WHERE name IN ('visit', 'pass', 'open_visit');"                                              \
    "PRAGMA writable_schema=RESET;"                                                                \
    "DROP TABLE outbox;"                                                                           \
    "CREATE TABLE outbox(seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL,"               \
    " zone_id INTEGER NOT NULL, enter_us INTEGER NOT NULL, uid BLOB NOT NULL) STRICT;"             \
    "ALTER TABLE visit ADD COLUMN quality REAL GENERATED ALWAYS AS (score / 2) VIRTUAL;"           \
    "ALTER TABLE pass ADD COLUMN quality REAL GENERATED ALWAYS AS (score / 2) VIRTUAL;"
#define BEFORE_5                                                                                   \
    BEFORE_8                                                                                       \
    "DROP TABLE peak; DROP TABLE alert; DROP INDEX run_zone_superseded;"                           \
    "ALTER TABLE run_zone DROP COLUMN superseded;"                                                 \
    "ALTER TABLE run DROP COLUMN remeasures;"

static void change(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s", message);
    sqlite3_close(db);
}

static int64_t ask(struct dw_store *store, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(((struct dw_sqlite *)store)->db, sql, -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

/* Of a source that is always the same, with one zone. */
static int64_t begin_run(struct dw_store *store)
{
    struct dw_zone zone = test_zone("shelf", .1);
    struct dw_layout layout = { .zones = &zone, .zone_count = 1 };
    struct dw_store_run_conf conf = test_run(&layout);
    int64_t run = 0;
    assert_done(dw_store_run_begin(store, &conf, &run, why));
    return run;
}

static void a_new_store_is_durable_and_marked_as_ours(void **state)
{
    struct folder *folder = *state;
    DW_AUTO(store) *store = NULL;
    assert_done(dw_store_create(&store, folder->store, why));
    assert_int_equal(ask(store, "PRAGMA synchronous"), 2);
    assert_int_equal(ask(store, "SELECT journal_mode='wal' FROM pragma_journal_mode"), 1);
    assert_int_equal(ask(store, "PRAGMA foreign_keys"), 1);
    assert_int_equal(ask(store, "PRAGMA application_id"), 0x4457454c);
    assert_int_equal(ask(store, "SELECT count(*) FROM pragma_integrity_check"
                                " WHERE integrity_check<>'ok'"),
                     0);
}

static void an_older_schema_is_migrated_step_by_step(void **state)
{
    struct folder *folder = *state;
    static const char *const steps[] = {
        "CREATE TABLE a(x INTEGER) STRICT; INSERT INTO a VALUES(1)",
        "ALTER TABLE a ADD COLUMN y INTEGER NOT NULL DEFAULT 5",
        "UPDATE a SET y=y+x",
    };
    DW_AUTO(store) *store = NULL;
    assert_done(dw_store_create(&store, ":memory:", why));
    (void)folder;
    assert_done(store->impl->exec(store, "PRAGMA user_version=0", why));
    assert_done(dw_sqlite_migrate(store, steps, 1, why));
    assert_int_equal(ask(store, "PRAGMA user_version"), 1);
    assert_done(dw_sqlite_migrate(store, steps, 3, why));
    assert_int_equal(ask(store, "PRAGMA user_version"), 3);
    assert_int_equal(ask(store, "SELECT y FROM a"), 6);
    assert_done(dw_sqlite_migrate(store, steps, 3, why));
    assert_int_equal(ask(store, "SELECT y FROM a"), 6);
}

static void a_failed_migration_leaves_the_older_schema(void **state)
{
    (void)state;
    static const char *const steps[] = {
        "CREATE TABLE a(x INTEGER); INSERT INTO nowhere VALUES(1)"
    };
    DW_AUTO(store) *store = NULL;
    assert_done(dw_store_create(&store, ":memory:", why));
    assert_done(store->impl->exec(store, "PRAGMA user_version=0", why));
    assert_int_equal(dw_sqlite_migrate(store, steps, 1, NULL), -EIO);
    assert_int_equal(ask(store, "PRAGMA user_version"), 0);
    assert_int_equal(ask(store, "SELECT count(*) FROM sqlite_schema WHERE name='a'"), 0);
}

static void a_store_whose_making_was_interrupted_is_finished(void **state)
{
    struct folder *folder = *state;
    struct dw_store *store = NULL;
    assert_done(dw_store_create(&store, folder->store, why));
    dw_store_destroy(store);
    /* As if the program had been killed between the two steps. */
    change(folder->store,
           BEFORE_5 "DROP TABLE visit; DROP TABLE pass; DROP TABLE open_visit;"
                    "DROP TABLE crossing; DROP TABLE foot_track; DROP TABLE sender;"
                    "DROP TABLE outbox; DROP TABLE doubt; DROP TABLE rollup; DROP TABLE pruned; "
                    "ALTER TABLE run DROP COLUMN utc_offset_us; PRAGMA user_version=1");
    struct dw_err err = { 0 };
    assert_int_equal(dw_store_open(&store, folder->store, &err), -ENOTSUP);
    assert_non_null(strstr(err.text, "older dwell (format 1, this one reads 9)"));
    assert_done(dw_store_create(&store, folder->store, why));
    assert_int_equal(ask(store, "SELECT count(*) FROM visit"), 0);
    dw_store_destroy(store);
}

static void a_store_from_before_remeasuring_counts_all_it_has(void **state)
{
    struct folder *folder = *state;
    struct dw_store *store = NULL;
    struct dw_visit visit = test_visit(1, 1, 5);
    assert_done(dw_store_create(&store, folder->store, why));
    int64_t run = begin_run(store);
    assert_done(dw_store_put_visit(store, run, &visit, why));
    dw_store_destroy(store);
    change(folder->store, BEFORE_5 "PRAGMA user_version=4");
    assert_done(dw_store_create(&store, folder->store, why));
    assert_int_equal(read_visits(store).count, 1);
    assert_int_equal(ask(store, "SELECT count(*) FROM run WHERE remeasures IS NULL"), 1);
    dw_store_destroy(store);
}

static int say_problem(void *context, const char *sentence)
{
    (void)context;
    fail_msg("%s", sentence);
    return -1;
}

static int add_people(void *context, const struct dw_store_zone_counts *zone)
{
    *(int64_t *)context += zone->counts[0].people * 100 + zone->counts[0].visits;
    return 0;
}

static void a_store_without_rollups_gets_those_of_its_visits(void **state)
{
    struct folder *folder = *state;
    struct dw_store *store = NULL;
    int64_t found = 0;
    assert_done(dw_store_create(&store, folder->store, why));
    int64_t run = begin_run(store);
    for (int i = 0; i < 5; i++) {
        struct dw_visit visit = test_visit(i, i * 40000, i * 40000 + 9);
        visit.person = i / 2;
        assert_done(dw_store_put_visit(store, run, &visit, why));
    }
    assert_done(dw_store_run_measured(store, run, 200000 * DW_SECOND_US, true, why));
    dw_store_destroy(store);
    change(folder->store,
           BEFORE_5 "DROP TABLE rollup; DROP TABLE pruned;"
                    "ALTER TABLE run DROP COLUMN utc_offset_us;"
                    "ALTER TABLE visit DROP COLUMN first; ALTER TABLE pass DROP COLUMN first;"
                    "ALTER TABLE open_visit DROP COLUMN first; PRAGMA user_version=3");
    assert_done(dw_store_create(&store, folder->store, why));
    assert_done(dw_store_check(store, say_problem, NULL, why));
    struct dw_store_counts_query all = { .slots = { dw_quarter_of(START_US), 960, NULL, 1 } };
    assert_done(dw_store_read_zone_counts(store, &all, add_people, &found, why));
    assert_int_equal(found, 305); /* three people, five visits */
    dw_store_destroy(store);
}

static void a_newer_schema_is_refused_and_left_alone(void **state)
{
    struct folder *folder = *state;
    struct dw_store *store = NULL;
    assert_done(dw_store_create(&store, folder->store, why));
    dw_store_destroy(store);
    change(folder->store, "PRAGMA user_version=99");
    for (int writing = 0; writing < 2; writing++) {
        struct dw_err err = { 0 };
        int result = writing ? dw_store_create(&store, folder->store, &err)
                             : dw_store_open(&store, folder->store, &err);
        assert_int_equal(result, -ENOTSUP);
        assert_non_null(strstr(err.text, "newer dwell (format 99"));
        assert_non_null(strstr(err.text, "update dwell"));
    }
}

static void another_programs_database_is_refused_and_left_alone(void **state)
{
    struct folder *folder = *state;
    change(folder->store, "CREATE TABLE songs(title TEXT)");
    struct dw_store *store = NULL;
    struct dw_err err = { 0 };
    assert_int_equal(dw_store_create(&store, folder->store, &err), -EINVAL);
    assert_non_null(strstr(err.text, "another program's database"));
    change(folder->store, "INSERT INTO songs VALUES('still there')");
    assert_int_not_equal(access(folder->store, F_OK), -1);
}

static void visits_queue_up_for_senders_only(void **state)
{
    (void)state;
    DW_AUTO(store) *store = NULL;
    assert_done(dw_store_create(&store, ":memory:", why));
    struct dw_visit first = test_visit(1, 0, 5), second = test_visit(2, 1, 6);
    int64_t run = begin_run(store);
    assert_done(dw_store_put_visit(store, run, &first, why));
    assert_int_equal(ask(store, "SELECT count(*) FROM outbox"), 0);
    assert_done(store->impl->exec(store, "INSERT INTO sender VALUES('mqtt', 0)", why));
    assert_done(dw_store_put_visit(store, run, &second, why));
    assert_done(dw_store_put_visit(store, run, &second, why));
    assert_int_equal(ask(store, "SELECT count(*) FROM outbox JOIN visit USING(zone_id, enter_us,"
                                " uid) WHERE person=2"),
                     1);
    assert_int_equal(ask(store, "SELECT count(*) FROM outbox"), 1);
}

static void many_visits_of_one_transaction_queue_up_once_each(void **state)
{
    (void)state;
    DW_AUTO(store) *store = NULL;
    assert_done(dw_store_create(&store, ":memory:", why));
    int64_t run = begin_run(store);
    assert_done(store->impl->exec(store, "INSERT INTO sender VALUES('mqtt', 0)", why));
    for (int kept = 0; kept < 2; kept++) {
        assert_done(dw_store_begin(store, why));
        for (int i = 0; i < 41; i++) {
            struct dw_visit visit = test_visit(1 + i, i, i + 5);
            assert_done(dw_store_put_visit(store, run, &visit, why));
        }
        if (kept)
            assert_done(dw_store_commit(store, why));
        else
            dw_store_rollback(store);
        assert_int_equal(ask(store, "SELECT count(*) FROM outbox"), kept ? 41 : 0);
    }
    assert_int_equal(ask(store, "SELECT count(DISTINCT person) FROM outbox"
                                " JOIN visit USING(zone_id, enter_us, uid)"),
                     41);
}

static void numbers_of_the_outbox_go_on_after_pruning(void **state)
{
    (void)state;
    DW_AUTO(store) *store = NULL;
    assert_done(dw_store_create(&store, ":memory:", why));
    int64_t run = begin_run(store);
    assert_done(store->impl->exec(store, "INSERT INTO sender VALUES('mqtt', 0)", why));
    for (int i = 0; i < 4; i++) {
        struct dw_visit visit = test_visit(1 + i, i, i + 5);
        if (i == 3)
            assert_done(dw_store_prune(store, DW_KIND_VISITS, INT64_MAX, NULL, why));
        assert_done(dw_store_put_visit(store, run, &visit, why));
    }
    assert_int_equal(ask(store, "SELECT max(seq) FROM outbox"), 4);
}

static void a_store_whose_visits_named_zones_and_runs_keeps_them(void **state)
{
    struct folder *folder = *state;
    struct dw_store *store = NULL;
    struct dw_visit first = test_visit(1, 1, 5), second = test_visit(2, 2, 5);
    assert_done(dw_store_create(&store, folder->store, why));
    int64_t run = begin_run(store);
    assert_done(dw_store_put_visit(store, run, &first, why));
    dw_store_destroy(store);
    /* Two were sent, of which one is still there. */
    change(folder->store,
           BEFORE_8 "INSERT INTO sender VALUES('mqtt', 2);"
                    "INSERT INTO outbox SELECT 1, 'visit', zone_id, enter_us, uid FROM visit;"
                    "PRAGMA user_version=7");
    assert_done(dw_store_create(&store, folder->store, why));
    assert_int_equal(ask(store, "SELECT count(*) FROM pragma_foreign_key_list('visit')"), 0);
    assert_int_equal(ask(store, "SELECT count(*) FROM pragma_foreign_key_list('run_zone')"), 3);
    run = begin_run(store);
    assert_done(dw_store_put_visit(store, run, &second, why));
    assert_int_equal(ask(store, "SELECT count(*) FROM outbox JOIN sender"
                                " ON outbox.seq > sender.seq JOIN visit USING(zone_id, enter_us,"
                                " uid) WHERE person=2"),
                     1);
    assert_int_equal(ask(store, "SELECT count(*) FROM pragma_integrity_check"
                                " WHERE integrity_check<>'ok'"),
                     0);
    dw_store_destroy(store);
}

static void visits_closed_after_a_crash_queue_up_too(void **state)
{
    (void)state;
    DW_AUTO(store) *store = NULL;
    assert_done(dw_store_create(&store, ":memory:", why));
    struct dw_visit left_open[] = { test_visit(1, 0, 5), test_visit(2, 1, 6) };
    int64_t run = begin_run(store);
    assert_done(store->impl->exec(store, "INSERT INTO sender VALUES('mqtt', 0)", why));
    assert_done(dw_store_put_visit(store, run, &left_open[0], why));
    assert_done(dw_store_put_open(store, run, left_open, 2, why));
    assert_done(dw_store_recover(store, why));
    assert_int_equal(ask(store, "SELECT count(*) FROM visit"), 2);
    assert_int_equal(ask(store, "SELECT count(*) FROM outbox WHERE enter_us ="
                                " (SELECT max(enter_us) FROM visit)"),
                     1);
    assert_int_equal(ask(store, "SELECT count(*) FROM outbox"), 2);
}

int main(void)
{
#define store_test(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        store_test(a_new_store_is_durable_and_marked_as_ours),
        store_test(an_older_schema_is_migrated_step_by_step),
        store_test(a_failed_migration_leaves_the_older_schema),
        store_test(a_store_whose_making_was_interrupted_is_finished),
        store_test(a_store_from_before_remeasuring_counts_all_it_has),
        store_test(a_store_without_rollups_gets_those_of_its_visits),
        store_test(a_newer_schema_is_refused_and_left_alone),
        store_test(another_programs_database_is_refused_and_left_alone),
        store_test(visits_queue_up_for_senders_only),
        store_test(many_visits_of_one_transaction_queue_up_once_each),
        store_test(numbers_of_the_outbox_go_on_after_pruning),
        store_test(a_store_whose_visits_named_zones_and_runs_keeps_them),
        store_test(visits_closed_after_a_crash_queue_up_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
