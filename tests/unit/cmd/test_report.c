/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/stat.h>

#include "command_fixture.h"
#include "store_fixture.h"

static int run_report(const char *arguments)
{
    return run_command(dw_cmd_report, arguments);
}

static void fill(const char *path)
{
    struct dw_store *store = NULL;
    struct dw_zone zone = test_zone("shelf", .1);
    struct dw_layout layout = { .zones = &zone, .zone_count = 1 };
    struct dw_store_run_conf conf = test_run(&layout);
    int64_t run = 0;
    assert_done(dw_store_create(&store, path, why));
    assert_done(dw_store_run_begin(store, &conf, &run, why));
    for (int i = 1; i <= 5; i++) {
        struct dw_visit visit = test_visit(i, i, 3 * i);
        assert_done(dw_store_put_visit(store, run, &visit, why));
    }
    assert_done(dw_store_run_measured(store, run, 60 * DW_SECOND_US, true, why));
    dw_store_destroy(store);
}

static void wrong_usage_is_said_with_the_nearest_word(void **state)
{
    (void)state;
    static const struct {
        const char *arguments, *said;
    } cases[] = {
        { "", "wants a store: --store FILE" },
        { "--stroe x", "did you mean '--store'?" },
        { "--store", "wants a value" },
        { "shop.db", "the store goes behind --store" },
        { "--store x --from yesterday", "--from: 'yesterday' is no time" },
        { "--store x --from 2026-02-02 --to 2026-02-01", "--to must be later than --from" },
        { "--store x --tz Mars/Olympus", "--tz: time zone 'Mars/Olympus' is not known here" },
        { "--store x --days 0", "--days" },
        { "--store x --from 2026-02-01 --to 2026-02-02 --days 3", "leave one of them out" },
        { "--store x --csv", "there is no option '--csv'" },
        { "--store x --rank dwell", "there is no option '--rank'" },
        { "funel --store x", "there is no report 'funel'; did you mean 'funnel'?" },
        { "beauty --store x", "there is no report 'beauty', but compare, displays, " },
        { "funnel", "wants a store: --store FILE" },
        { "funnel --store x --rank dwell", "there is no option '--rank'" },
        { "funnel --store x --from 2026-02-02T09:00Z", "--from: '2026-02-02T09:00Z' is no date" },
        { "funnel displays --store x", "'displays' is no option" },
        { "--store x funnel", "'funnel' goes first: dwell report funnel --store FILE" },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        assert_int_equal(run_report(cases[i].arguments), 2);
        assert_says("dwell report: ");
        assert_says(cases[i].said);
    }
}

static void a_store_that_is_not_there_is_named(void **state)
{
    const struct folder *folder = *state;
    char arguments[160];
    snprintf(arguments, sizeof(arguments), "--store %s", folder->store);
    assert_int_equal(run_report(arguments), 1);
    assert_says("dwell report: no such store '/tmp/");
    assert_says("make one with dwell analyze --store");
}

static void a_store_is_shown_as_table_and_json(void **state)
{
    const struct folder *folder = *state;
    char arguments[160];
    fill(folder->store);
    snprintf(arguments, sizeof(arguments), "--store %s", folder->store);
    assert_int_equal(run_report(arguments), 0);
    assert_says("Shop, camera door");
    assert_says("2026-09-21 14:13:20 to 14:14:20 UTC");
    assert_says("shelf");
    snprintf(arguments, sizeof(arguments), "--store %s --json --from 2026-09-21T14:13:23Z",
             folder->store);
    assert_int_equal(run_report(arguments), 0);
    assert_says("\"visits\":3");
}

static void a_name_that_the_store_does_not_know_is_refused(void **state)
{
    const struct folder *folder = *state;
    static const struct {
        const char *options, *said;
        int leaves;
    } cases[] = {
        { "--camera door", "Shop, camera door", 0 },
        { "--camera dor", "the store has no camera 'dor'; did you mean 'door'?", 1 },
        { "--camera cellar", "the store has no camera 'cellar', but 'door'", 1 },
    };
    char arguments[160];
    fill(folder->store);
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        snprintf(arguments, sizeof(arguments), "--store %s %s", folder->store, cases[i].options);
        assert_int_equal(run_report(arguments), cases[i].leaves);
        assert_says(cases[i].said);
    }
    snprintf(arguments, sizeof(arguments), "funnel --store %s --zone till", folder->store);
    assert_int_equal(run_report(arguments), 1);
    assert_says("the store has no zone 'till', but 'shelf'");
}

static void a_kind_is_shown_in_each_form(void **state)
{
    const struct folder *folder = *state;
    char arguments[320];
    fill(folder->store);
    snprintf(arguments, sizeof(arguments), "funnel --store %s", folder->store);
    assert_int_equal(run_report(arguments), 0);
    assert_says("From pass to stop to engage, 2026-08-25 to 2026-09-21");
    assert_says("shelf      5       0       5      4        1");
    snprintf(arguments, sizeof(arguments), "funnel --store %s --csv --days 1 --tz Asia/Tokyo",
             folder->store);
    assert_int_equal(run_report(arguments), 0);
    assert_says("\r\n\"shelf\",5,0,5,4,1,");
    snprintf(arguments, sizeof(arguments), "displays --store %s --json --rank stop", folder->store);
    assert_int_equal(run_report(arguments), 0);
    assert_says("\"kind\":\"displays\"");
    snprintf(arguments, sizeof(arguments), "summary --store %s --days 2", folder->store);
    assert_int_equal(run_report(arguments), 0);
    assert_says("Summary, 2026-09-20 to 2026-09-21");
    snprintf(arguments, sizeof(arguments), "funnel --store %s --from 2026-09-23", folder->store);
    assert_int_equal(run_report(arguments), 0);
    assert_says("Nothing was measured in these days");
    snprintf(arguments, sizeof(arguments), "displays --store %s --rank beauty", folder->store);
    assert_int_equal(run_report(arguments), 2);
    assert_says("--rank wants visits, stop, engage, dwell or people");
    assert_int_equal(run_report("compare --help"), 0);
    assert_says("--alternate-days");
}

static void a_page_is_written_whole_or_not_at_all(void **state)
{
    const struct folder *folder = *state;
    char arguments[320], page[160];
    struct stat info;
    fill(folder->store);
    snprintf(page, sizeof(page), "%s/report.html", folder->path);
    snprintf(arguments, sizeof(arguments), "--store %s --html %s", folder->store, page);
    assert_int_equal(run_report(arguments), 0);
    assert_string_equal(output, "");
    assert_int_equal(stat(page, &info), 0);
    assert_true(info.st_size > 5000);
    assert_int_equal(unlink(page), 0);
    snprintf(arguments, sizeof(arguments), "--store %s --html %s/none/report.html", folder->store,
             folder->path);
    assert_int_equal(run_report(arguments), 1);
    assert_says("cannot be written: No such file or directory");
}

int main(void)
{
#define store_test(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_usage_is_said_with_the_nearest_word),
        store_test(a_store_that_is_not_there_is_named),
        store_test(a_store_is_shown_as_table_and_json),
        store_test(a_name_that_the_store_does_not_know_is_refused),
        store_test(a_kind_is_shown_in_each_form),
        store_test(a_page_is_written_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
