/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/sheet_write.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

static const struct dw_report_style plain = { .utf8 = false, .width_columns = 80 };

static const struct dw_sheet_column columns[] = {
    { .key = "zone", .heading = "zone" },
    { .key = "visits", .heading = "visits", .unit = DW_SHEET_COUNT },
    { .key = "rate", .heading = "rate", .unit = DW_SHEET_SHARE, .interval = true },
    { .key = "median_s", .heading = "median", .unit = DW_SHEET_SECONDS, .interval = true },
};

static void fill(struct dw_sheet *sheet, const char *name)
{
    *sheet = (struct dw_sheet){ .simulated = true };
    sheet->kind = dw_strdup("test");
    sheet->title = dw_strdup("A test");
    sheet->period = dw_strdup("2026-11-02 to 2026-11-08");
    struct dw_sheet_table *table =
        dw_sheet_add_table(sheet, "zones", "Zones", columns, DW_LENGTH(columns));
    dw_sheet_text(table, name);
    dw_sheet_number(table, 1200);
    dw_sheet_estimate(table, (struct dw_estimate){ .25, .2, .31 });
    dw_sheet_estimate(table, (struct dw_estimate){ 4.25, 3, (double)INFINITY });
    dw_sheet_text(table, "none");
    dw_sheet_number(table, 0);
    dw_sheet_estimate(table, (struct dw_estimate){ (double)NAN, (double)NAN, (double)NAN });
    dw_sheet_estimate(table, (struct dw_estimate){ (double)INFINITY, 3, (double)INFINITY });
    dw_sheet_plot(sheet, "<svg></svg>", "A <plot>");
    dw_sheet_note(sheet, "%d things to doubt", 3);
    dw_sheet_formula(sheet, "rate = a / b");
}

static void assert_has(const struct dw_buf *text, const char *part)
{
    if (strstr(dw_buf_text(text), part) == NULL)
        fail_msg("'%s' is not in:\n%s", part, dw_buf_text(text));
}

static void a_terminal_gets_figures_intervals_and_the_mark(void **state)
{
    (void)state;
    struct dw_sheet sheet;
    struct dw_buf out = { 0 };
    fill(&sheet, "shelf\x1b[2J");
    dw_sheet_write_text(&sheet, &plain, &out);
    assert_ptr_equal(strstr(out.data, "SIMULATED"), out.data);
    assert_has(&out, "shelf?[2J    1200  25 %  20-31 %        4.2 s  3.0 s or more\n");
    assert_has(&out, "none            0     -  -        not reached  3.0 s or more\n");
    assert_has(&out, "  * 3 things to doubt\n");
    assert_has(&out, "  * rate = a / b\n");
    assert_null(strchr(out.data, '\x1b'));
    dw_buf_fini(&out);
    dw_sheet_fini(&sheet);
}

static void an_interval_stays_beside_its_figure_where_the_width_ends(void **state)
{
    (void)state;
    const struct dw_report_style narrow = { .utf8 = false, .width_columns = 50 };
    struct dw_sheet sheet;
    struct dw_buf out = { 0 };
    fill(&sheet, "shelf");
    dw_sheet_write_text(&sheet, &narrow, &out);
    assert_has(&out, "\nzone   visits  rate  95 %\n");
    assert_has(&out, "\nzone        median  95 %\n");
    dw_buf_fini(&out);
    dw_sheet_fini(&sheet);
}

static void a_change_has_a_sign_and_none_has_not(void **state)
{
    (void)state;
    static const struct {
        enum dw_sheet_unit unit;
        double value;
        const char *said;
    } changes[] = {
        { DW_SHEET_CHANGE, .04, "+4 %" },         { DW_SHEET_CHANGE, -.1, "-10 %" },
        { DW_SHEET_CHANGE, -.004, "0 %" },        { DW_SHEET_POINTS, -.0004, "0.0 points" },
        { DW_SHEET_POINTS, .0004, "0.0 points" }, { DW_SHEET_POINTS, -.0006, "-0.1 points" },
    };
    for (size_t i = 0; i < DW_LENGTH(changes); i++) {
        char said[DW_FORMAT_SIZE];
        dw_sheet_print_value(said, changes[i].unit, changes[i].value);
        assert_string_equal(said, changes[i].said);
    }
}

static void json_is_numbers_and_null_for_what_is_not_known(void **state)
{
    (void)state;
    struct dw_sheet sheet;
    struct dw_buf out = { 0 };
    fill(&sheet, "a \"shelf\"");
    dw_sheet_write_json(&sheet, &out);
    json_t *root = json_loads(out.data, 0, NULL);
    const char *kind = NULL, *zone = NULL;
    int simulated = 0;
    double visits = 0, rate = 0, low = 0, high = 0, seconds = 0;
    assert_int_equal(json_unpack(root,
                                 "{s:s, s:b, s:[{s:s, s:F, s:{s:F, s:F, s:F}, s:{s:F, s:n}}]}",
                                 "kind", &kind, "simulated", &simulated, "zones", "zone", &zone,
                                 "visits", &visits, "rate", "value", &rate, "low", &low, "high",
                                 &high, "median_s", "value", &seconds, "high"),
                     0);
    assert_string_equal(kind, "test");
    assert_string_equal(zone, "a \"shelf\"");
    assert_true(simulated);
    assert_true(visits == 1200 && rate == .25 && low == .2 && high == .31 && seconds == 4.25);
    json_t *row = json_array_get(json_object_get(root, "zones"), 1);
    assert_true(json_is_null(json_object_get(json_object_get(row, "rate"), "value")));
    assert_true(json_is_null(json_object_get(json_object_get(row, "median_s"), "value")));
    json_decref(root);
    dw_buf_fini(&out);
    dw_sheet_fini(&sheet);
}

static void csv_quotes_texts_and_gives_no_spreadsheet_a_formula(void **state)
{
    (void)state;
    struct dw_sheet sheet;
    struct dw_buf out = { 0 };
    fill(&sheet, "=HYPERLINK(\"x\")");
    dw_sheet_add_table(&sheet, "more", "More", columns, 1);
    dw_sheet_write_csv(&sheet, &out);
    assert_string_equal(
        out.data, "zone,visits,rate,rate_low,rate_high,median_s,median_s_low,median_s_high,"
                  "simulated\r\n"
                  "\"'=HYPERLINK(\"\"x\"\")\",1200,0.250000,0.200000,0.310000,4.250,3.000,,1\r\n"
                  "\"none\",0,,,,,3.000,,1\r\n"
                  "\r\n"
                  "zone,simulated\r\n");
    dw_buf_fini(&out);
    dw_sheet_fini(&sheet);
}

static void a_page_shows_names_and_wants_nothing_from_outside(void **state)
{
    (void)state;
    struct dw_sheet sheet;
    struct dw_buf out = { 0 };
    fill(&sheet, "<script>alert(1)</script>");
    dw_sheet_write_html(&sheet, &out);
    assert_has(&out, "<h1>SIMULATED: A test</h1>");
    assert_has(&out, "&lt;script&gt;alert(1)");
    assert_has(&out, "<td>25 %<small>20-31 %</small></td>");
    assert_has(&out, "<svg></svg>");
    assert_has(&out, "A &lt;plot&gt;");
    assert_has(&out, "</html>\n");
    assert_null(strstr(out.data, "<script"));
    assert_null(strstr(out.data, "://"));
    dw_buf_fini(&out);
    dw_sheet_fini(&sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_terminal_gets_figures_intervals_and_the_mark),
        cmocka_unit_test(an_interval_stays_beside_its_figure_where_the_width_ends),
        cmocka_unit_test(a_change_has_a_sign_and_none_has_not),
        cmocka_unit_test(json_is_numbers_and_null_for_what_is_not_known),
        cmocka_unit_test(csv_quotes_texts_and_gives_no_spreadsheet_a_formula),
        cmocka_unit_test(a_page_shows_names_and_wants_nothing_from_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
