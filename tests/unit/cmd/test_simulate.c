/* SPDX-License-Identifier: Apache-2.0 */
#include "command_fixture.h"
#include "store_fixture.h"

static int simulate(const char *arguments)
{
    return run_command(dw_cmd_simulate, arguments);
}

static void wrong_usage_is_said(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        { "", "wants a store: --store FILE" },
        { "shop.db", "'shop.db' is no option; the store goes behind --store" },
        { "--store x --days 0", "--days wants a number from 1 to 3660, got '0'" },
        { "--store x --displays 0", "--displays wants a number from 1 to 20, got '0'" },
        { "--store x --displays 21", "got '21'" },
        { "--store x --seed many", "--seed wants a number" },
        { "--store x --promotion stopp=2", "did you mean stop" },
        { "--store x --start yesterday", "yesterday" },
    };
    for (size_t i = 0; i < DW_LENGTH(wrong); i++) {
        assert_int_equal(simulate(wrong[i][0]), 2);
        assert_says(wrong[i][1]);
    }
}

static int count_runs(void *context, const struct dw_store_run *run)
{
    int *runs = context;
    assert_memory_equal(run->identity, "simulated:", 10);
    /* The first Monday at nine. */
    if ((*runs)++ == 0)
        assert_int_equal(run->start_us, (INT64_C(1767571200) + 9 * 3600) * DW_SECOND_US);
    return 0;
}

static void it_says_what_it_did_and_that_nothing_was_measured(void **state)
{
    struct folder *folder = *state;
    char arguments[512], first[sizeof(output)];
    snprintf(arguments, sizeof(arguments),
             "--store %s --days 14 --shoppers 50 --promotion display=1,stop=1.5,from=8",
             folder->store);
    assert_int_equal(simulate(arguments), 0);
    assert_says("SIMULATED, nothing of this was measured: 12 open days of 14 from 2026-01-05");
    assert_says("display 4: ");
    assert_says("promotion: display=1,from=8,");
    memcpy(first, output, sizeof(first));
    assert_int_equal(simulate(arguments), 0);
    assert_string_equal(output, first);

    DW_AUTO(store) *store = NULL;
    struct dw_store_filter all = { 0 };
    int runs = 0;
    assert_int_equal(dw_store_open(&store, folder->store, NULL), 0);
    assert_int_equal(dw_store_read_runs(store, &all, count_runs, &runs, NULL), 0);
    assert_int_equal(runs, 12);
}

static void a_store_with_measured_visits_is_left_alone(void **state)
{
    struct folder *folder = *state;
    struct dw_store *store = NULL;
    struct dw_zone zone = test_zone("shelf", .1);
    struct dw_layout layout = { .zones = &zone, .zone_count = 1 };
    struct dw_store_run_conf conf = test_run(&layout);
    char arguments[512];
    int64_t run = 0;
    assert_int_equal(dw_store_create(&store, folder->store, NULL), 0);
    assert_int_equal(dw_store_run_begin(store, &conf, &run, NULL), 0);
    dw_store_destroy(store);
    snprintf(arguments, sizeof(arguments), "--store %s --days 1", folder->store);
    assert_int_equal(simulate(arguments), 1);
    assert_says("really measured; simulate into a store of its own");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_usage_is_said),
        cmocka_unit_test_setup_teardown(it_says_what_it_did_and_that_nothing_was_measured,
                                        folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(a_store_with_measured_visits_is_left_alone, folder_setup,
                                        folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
