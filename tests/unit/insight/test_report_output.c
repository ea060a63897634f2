/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <jansson.h>

#include "report_fixture.h"

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

/* No figure may come out as a machine's "not a number". */
static void assert_no_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = strcasestr(text, word); at != NULL; at = strcasestr(at + 1, word)) {
        bool starts = at == text || !isalpha((unsigned char)at[-1]);
        if (starts && !isalpha((unsigned char)at[length]))
            fail_msg("\"%s\" in: %.80s", word, at > text + 40 ? at - 40 : text);
    }
}

static void assert_figures_are_numbers(const char *text)
{
    assert_no_word(text, "nan");
    assert_no_word(text, "inf");
    assert_no_word(text, "infinity");
}

static const struct dw_report_style plain = { .utf8 = false, .width_columns = 80 };

static void every_output_of_every_store_is_made_of_numbers(void **state)
{
    (void)state;
    /* How many visits, how many of them cut, and how long was measured. */
    static const struct {
        int visits, cut;
        double length_s;
    } cases[] = { { 0, 0, 0 },  { 0, 0, 60 }, { 1, 0, 60 },  { 1, 1, 60 },  { 2, 2, 60 },
                  { 9, 4, 60 }, { 9, 9, 0 },  { 40, 3, 60 }, { 40, 40, 60 } };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        struct shop shop;
        shop_open(&shop, "shelf", cases[i].length_s);
        for (int k = 0; k < cases[i].visits; k++)
            shop_visit(&shop, k, k + 1 + k % 7, k < cases[i].cut);
        DW_AUTO(report) *report = shop_report(&shop, (struct dw_report_conf){ 0 });
        struct dw_buf text = { 0 }, html = { 0 }, json = { 0 };
        dw_report_text(report, &plain, &text);
        dw_report_html(report, &html);
        dw_report_json(report, &json);
        assert_figures_are_numbers(text.data);
        assert_figures_are_numbers(html.data);
        assert_figures_are_numbers(json.data);
        json_error_t problem;
        json_t *root = json_loads(json.data, JSON_REJECT_DUPLICATES, &problem);
        if (root == NULL)
            fail_msg("%s", problem.text);
        json_decref(root);
        dw_buf_fini(&text);
        dw_buf_fini(&html);
        dw_buf_fini(&json);
        dw_store_destroy(shop.store);
    }
}

static void names_in_html_are_shown_and_never_obeyed(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, "<script>alert('x')</script> & \"y\"\xff\x01", 60);
    shop.conf.site = "<b>Shop</b>";
    shop.conf.start_wall_us += 1;
    assert_done(dw_store_run_begin(shop.store, &shop.conf, &shop.run, why));
    shop_visit(&shop, 0, 5, true);
    DW_AUTO(report) *report = shop_report(&shop, (struct dw_report_conf){ 0 });
    struct dw_buf html = { 0 };
    dw_report_html(report, &html);
    assert_null(strstr(html.data, "<script"));
    assert_null(strstr(html.data, "<b>Shop"));
    assert_null(strchr(html.data, '\x01'));
    assert_has(html.data, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;y&quot;");
    assert_has(html.data, "\xef\xbf\xbd\xef\xbf\xbd");
    dw_buf_fini(&html);
    dw_store_destroy(shop.store);
}

static void the_page_wants_nothing_from_outside(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, "shelf", 60);
    shop_visit(&shop, 0, 5, false);
    DW_AUTO(report) *report = shop_report(&shop, (struct dw_report_conf){ 0 });
    struct dw_buf html = { 0 };
    dw_report_html(report, &html);
    static const char *const outside[] = { "http:", "https:", "src=", "href=", "@import", "<link" };
    for (size_t i = 0; i < DW_LENGTH(outside); i++)
        assert_null(strstr(html.data, outside[i]));
    assert_has(html.data, "prefers-color-scheme: dark");
    assert_has(html.data, "<th scope=\"col\">");
    assert_has(html.data, "<desc id=");
    dw_buf_fini(&html);
    dw_store_destroy(shop.store);
}

static void a_terminal_gets_no_control_characters_and_ascii_if_it_wants(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, "K\xc3\xa4se\x1b[2J\xc2\x9b!", 60);
    shop_visit(&shop, 0, 5, true);
    DW_AUTO(report) *report = shop_report(&shop, (struct dw_report_conf){ 0 });
    struct dw_buf text = { 0 }, wide = { 0 };
    dw_report_text(report, &plain, &text);
    for (size_t i = 0; i < text.length; i++)
        assert_true(text.data[i] == '\n' || (text.data[i] >= ' ' && text.data[i] < 0x7f));
    assert_has(text.data, "K?se?[2J?!");
    dw_report_text(report, &(struct dw_report_style){ true, 80 }, &wide);
    assert_has(wide.data, "K\xc3\xa4se?[2J?!");
    assert_has(wide.data, "\u2500\u2500");
    dw_buf_fini(&text);
    dw_buf_fini(&wide);
    dw_store_destroy(shop.store);
}

static void tables_keep_within_the_width(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, "shelf", 60);
    for (int i = 0; i < 40; i++)
        shop_visit(&shop, i, i + 3, i == 39);
    DW_AUTO(report) *report = shop_report(&shop, (struct dw_report_conf){ 0 });
    for (int width = 72; width < 200; width += 9) {
        struct dw_buf text = { 0 };
        dw_report_text(report, &(struct dw_report_style){ false, width }, &text);
        for (const char *line = text.data; *line != '\0';) {
            size_t length = strcspn(line, "\n");
            bool legend = strstr(line, "  visits    stays") == line;
            if (legend)
                break;
            assert_in_range(length, 0, (uint64_t)width);
            line += length + 1;
        }
        dw_buf_fini(&text);
    }
    dw_store_destroy(shop.store);
}

static void a_page_stays_small_however_many_visits_there_are(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, "shelf", 10000);
    assert_done(dw_store_begin(shop.store, why));
    for (int i = 0; i < 20000; i++)
        shop_visit(&shop, i / 2.0, i / 2.0 + 1 + i % 997 / 7.0, false);
    assert_done(dw_store_commit(shop.store, why));
    DW_AUTO(report) *report = shop_report(&shop, (struct dw_report_conf){ 0 });
    struct dw_buf html = { 0 };
    dw_report_html(report, &html);
    assert_in_range(html.length, 10000, 100000);
    dw_buf_fini(&html);
    dw_store_destroy(shop.store);
}

static void an_empty_store_is_kindly_said_to_be_empty(void **state)
{
    (void)state;
    DW_AUTO(store) *store = NULL;
    assert_done(dw_store_create(&store, ":memory:", why));
    struct dw_report *report = NULL;
    assert_done(dw_report_create(&report, store, &(struct dw_report_conf){ 0 }, why));
    struct dw_buf text = { 0 }, html = { 0 }, json = { 0 };
    dw_report_text(report, &plain, &text);
    assert_has(text.data, "Nothing has been measured into this store yet");
    dw_report_html(report, &html);
    assert_has(html.data, "Nothing was measured in this period");
    dw_report_json(report, &json);
    assert_has(json.data, "\"cameras\":[]");
    dw_report_destroy(report);
    dw_buf_clear(&text);
    assert_done(dw_report_create(&report, store, &(struct dw_report_conf){ .camera = "x" }, why));
    dw_report_text(report, &plain, &text);
    assert_has(text.data, "Nothing was measured by that camera");
    dw_report_destroy(report);
    dw_buf_fini(&text);
    dw_buf_fini(&html);
    dw_buf_fini(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_output_of_every_store_is_made_of_numbers),
        cmocka_unit_test(names_in_html_are_shown_and_never_obeyed),
        cmocka_unit_test(the_page_wants_nothing_from_outside),
        cmocka_unit_test(a_terminal_gets_no_control_characters_and_ascii_if_it_wants),
        cmocka_unit_test(tables_keep_within_the_width),
        cmocka_unit_test(a_page_stays_small_however_many_visits_there_are),
        cmocka_unit_test(an_empty_store_is_kindly_said_to_be_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
