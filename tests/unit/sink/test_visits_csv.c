/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sink/visits_csv.h"

struct reading {
    FILE *file;
    struct dw_visits_csv csv;
    struct dw_err err;
    int result;
};

static void reading_init(struct reading *reading, const char *text)
{
    *reading = (struct reading){ .file = fmemopen((void *)(uintptr_t)text, strlen(text), "r") };
    reading->result = dw_visits_csv_init(&reading->csv, reading->file, &reading->err);
}

static void reading_fini(struct reading *reading)
{
    dw_visits_csv_fini(&reading->csv);
    fclose(reading->file);
}

static struct dw_visit_row some_row(void)
{
    return (struct dw_visit_row){ .site = "=Shop",
                                  .camera = "door",
                                  .zone = "the \"big\" shelf, left",
                                  .run = "12",
                                  .simulated = true,
                                  .visit = { .id = { 1, 2, 255 },
                                             .person = 7,
                                             .enter_us = 1790000000123456,
                                             .exit_us = 1790000009999999,
                                             .dwell_us = 9000001,
                                             .observed_us = 8000001,
                                             .bridged_us = 1000000,
                                             .links = 2,
                                             .cut_end = true,
                                             .end_reason = DW_END_GAP,
                                             .enter_side = 4,
                                             .score = .75,
                                             .role = DW_ROLE_STAFF,
                                             .role_p = .5,
                                             .facing_us = -1,
                                             .speed_avg = -1,
                                             .speed_min = 0 } };
}

static void a_row_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct dw_buf text = { 0 };
    struct dw_visit_row row = some_row(), found;
    struct reading reading;
    dw_visits_csv_names(&text);
    dw_visits_csv_write(&text, &row);
    reading_init(&reading, dw_buf_text(&text));
    assert_int_equal(reading.result, 0);
    assert_int_equal(dw_visits_csv_read(&reading.csv, &found, &reading.err), 1);
    assert_non_null(strstr(dw_buf_text(&text), ",\"'=Shop\","));
    assert_string_equal(found.site, row.site);
    assert_string_equal(found.zone, row.zone);
    assert_string_equal(found.run, "12");
    assert_true(found.simulated);
    assert_memory_equal(found.visit.id, row.visit.id, 16);
    assert_int_equal(found.visit.enter_us, row.visit.enter_us);
    assert_int_equal(found.visit.exit_us, row.visit.exit_us);
    assert_int_equal(found.visit.dwell_us, 9000001);
    assert_int_equal(found.visit.bridged_us, 1000000);
    assert_true(found.visit.cut_end && !found.visit.cut_start && !found.visit.pass);
    assert_int_equal(found.visit.end_reason, DW_END_GAP);
    assert_int_equal(found.visit.role, DW_ROLE_STAFF);
    assert_true(found.visit.score == .75 && found.visit.role_p == .5);
    assert_true(found.visit.facing_us == -1 && found.visit.speed_avg < 0);
    assert_true(found.visit.speed_min == 0);
    assert_int_equal(dw_visits_csv_read(&reading.csv, &found, &reading.err), 0);
    reading_fini(&reading);
    dw_buf_fini(&text);
}

static void what_is_not_said_follows_from_the_rest(void **state)
{
    (void)state;
    struct dw_visit_row found;
    struct reading reading;
    reading_init(&reading, "\xef\xbb\xbf"
                           "dwell_s,shoe,zone,enter,bridged_s\r\n\r\n"
                           "7.5,41,shelf,1970-01-01T00:00:10Z,2\r\n");
    assert_int_equal(reading.result, 0);
    assert_string_equal(dw_buf_text(&reading.csv.unknown), "'shoe'");
    assert_int_equal(dw_visits_csv_read(&reading.csv, &found, &reading.err), 1);
    assert_int_equal(reading.csv.line, 3);
    assert_int_equal(found.visit.exit_us, 17500000);
    assert_int_equal(found.visit.observed_us, 5500000);
    assert_string_equal(found.camera, "");
    reading_fini(&reading);
}

static void a_bad_row_is_named_and_the_next_is_read(void **state)
{
    (void)state;
    struct dw_visit_row found;
    struct reading reading;
    reading_init(&reading, "zone,enter,exit,score\n"
                           "shelf,1970-01-01,1970-01-02,1.5\n"
                           "shelf,1970-01-01,1970-01-02,nan\n"
                           "shelf,1970-01-01,1970-01-02,1\n");
    assert_int_equal(dw_visits_csv_read(&reading.csv, &found, &reading.err), -EINVAL);
    assert_string_equal(reading.err.text,
                        "line 2, score: '1.5' is wrong, wants a number from 0 to 1");
    assert_int_equal(dw_visits_csv_read(&reading.csv, &found, &reading.err), -EINVAL);
    assert_int_equal(dw_visits_csv_read(&reading.csv, &found, &reading.err), 1);
    assert_int_equal(dw_visits_csv_read(&reading.csv, &found, &reading.err), 0);
    reading_fini(&reading);
}

static void a_quote_that_never_closes_ends_the_reading(void **state)
{
    (void)state;
    struct dw_visit_row found;
    struct reading reading;
    struct dw_buf text = { 0 };
    dw_buf_puts(&text, "zone,enter,exit\n\"");
    for (int i = 0; i < 70000; i++)
        dw_buf_puts(&text, "x");
    reading_init(&reading, dw_buf_text(&text));
    assert_int_equal(reading.result, 0);
    assert_true(dw_visits_csv_read(&reading.csv, &found, &reading.err) < 0);
    reading_fini(&reading);
    dw_buf_fini(&text);
    reading_init(&reading, "zone,zone,enter,exit\n");
    assert_int_equal(reading.result, -EINVAL);
    assert_string_equal(reading.err.text, "line 1: column 'zone' is there twice");
    reading_fini(&reading);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_read_as_it_was_written),
        cmocka_unit_test(what_is_not_said_follows_from_the_rest),
        cmocka_unit_test(a_bad_row_is_named_and_the_next_is_read),
        cmocka_unit_test(a_quote_that_never_closes_ends_the_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
