/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A writer that says after each commit how far it got, killed at random moments. What it said must
 * be there once and whole, roll-ups too; the visits it had open must come back cut. DWELL_KILLS
 * sets how often (20).
 */
#include <signal.h>
#include <sys/wait.h>

#include "store/store_impl.h"
#include "store_fixture.h"

#define LIFE_MAX_US 50000

/* Each step stores one visit and saves one open visit, in one transaction. */
static int write_step(struct dw_store *store, int64_t run, int number)
{
    struct dw_visit done = test_visit(number, number, number + 2);
    struct dw_visit open = test_visit(1000000 + number, number, number + 1.5);
    int result = dw_store_begin(store, NULL);
    if (result == 0)
        result = dw_store_put_visit(store, run, &done, NULL);
    if (result == 0)
        result = dw_store_put_open(store, run, &open, 1, NULL);
    if (result == 0)
        result = dw_store_run_measured(store, run, (number + 1) * DW_SECOND_US, false, NULL);
    return result == 0 ? dw_store_commit(store, NULL) : result;
}

static void write_until_killed(const char *path, int64_t start_wall_us, int said)
{
    struct dw_store *store = NULL;
    struct dw_zone zone = test_zone("shelf", .1);
    struct dw_layout layout = { .zones = &zone, .zone_count = 1 };
    struct dw_store_run_conf conf = test_run(&layout);
    int64_t run = 0;
    char identity[32];
    snprintf(identity, sizeof(identity), "%lld", (long long)start_wall_us);
    conf.start_wall_us = start_wall_us;
    conf.identity = identity;
    if (dw_store_create(&store, path, NULL) != 0 ||
        dw_store_run_begin(store, &conf, &run, NULL) != 0)
        _exit(2);
    for (int number = 1;; number++)
        if (write_step(store, run, number) != 0 ||
            write(said, &number, sizeof(number)) != (ssize_t)sizeof(number))
            _exit(3);
}

/* Kills it some time after it was started, or after its first word. Returns the last number that
 * the writer said it had committed. */
static int kill_writer(const char *path, int64_t start_wall_us, bool at_work, useconds_t after_us)
{
    int ends[2], number = 0, last = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        write_until_killed(path, start_wall_us, ends[1]);
    }
    close(ends[1]);
    if (at_work)
        assert_int_equal(read(ends[0], &last, sizeof(last)), sizeof(last));
    usleep(after_us);
    kill(child, SIGKILL);
    while (read(ends[0], &number, sizeof(number)) == (ssize_t)sizeof(number))
        last = number;
    close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    return last;
}

static int64_t ask(struct dw_store *store, const char *sql, int64_t start_us)
{
    int64_t value = -1;
    assert_done(dw_sql_run(store, sql, DW_VALUES(DW_INTEGER(start_us)), &value, why));
    return value;
}

static void assert_whole(struct dw_store *store, int64_t start_us, int last)
{
    int64_t kept = ask(store,
                       "SELECT count(*) FROM visit JOIN run ON run.id=run_id"
                       " WHERE run.start_us=?1 AND cut_end=0",
                       start_us);
    int64_t cut = ask(store,
                      "SELECT count(*) FROM visit JOIN run ON run.id=run_id"
                      " WHERE run.start_us=?1 AND cut_end=1 AND end_reason='restart'"
                      " AND dwell_us=1500000",
                      start_us);
    /* The kill may fall between a commit and its word: one more is right, one less is a loss. */
    assert_in_range(kept, (uint64_t)last, (uint64_t)last + 1);
    assert_int_equal(cut, kept > 0 ? 1 : 0);
    assert_int_equal(ask(store,
                         "SELECT count(*) FROM run WHERE start_us=?1 AND"
                         " end_us < (SELECT max(exit_us) FROM visit WHERE run_id=run.id"
                         " AND cut_end=1)",
                         start_us),
                     0);
}

static int say_problem(void *context, const char *sentence)
{
    (void)context;
    fail_msg("%s", sentence);
    return -1;
}

static void a_killed_writer_loses_nothing_it_had_committed(void **state)
{
    struct folder *folder = *state;
    const char *wanted = getenv("DWELL_KILLS");
    long kills = wanted != NULL ? strtol(wanted, NULL, 10) : 20;
    unsigned seed = 3;
    int64_t total = 0;
    for (long i = 0; i < kills; i++) {
        int64_t start_us = START_US + i * 86400 * DW_SECOND_US;
        bool at_work = rand_r(&seed) % 5 > 0;
        int last =
            kill_writer(folder->store, start_us, at_work, (useconds_t)rand_r(&seed) % LIFE_MAX_US);
        total += last;
        DW_AUTO(store) *store = NULL;
        assert_done(dw_store_create(&store, folder->store, why));
        if (ask(store, "SELECT count(*) FROM run WHERE start_us=?1", start_us) > 0)
            assert_whole(store, start_us, last);
        else
            assert_int_equal(last, 0);
    }
    printf("# %lld steps in %ld lives\n", (long long)total, kills);
    assert_true(total > 0);
    DW_AUTO(store) *store = NULL;
    assert_done(dw_store_open(&store, folder->store, why));
    assert_done(dw_store_check(store, say_problem, NULL, why)); /* the file, and its roll-ups */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_killed_writer_loses_nothing_it_had_committed,
                                        folder_setup, folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
