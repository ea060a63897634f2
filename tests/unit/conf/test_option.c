/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/macros.h"
#include "conf/option.h"
#include "lib/prop.h"

static bool same(const struct dw_settings *a, const struct dw_settings *b)
{
    struct dw_buf a_text = { 0 }, b_text = { 0 };
    dw_settings_print(a, &a_text);
    dw_settings_print(b, &b_text);
    bool equal = strcmp(a_text.data, b_text.data) == 0;
    dw_buf_fini(&a_text);
    dw_buf_fini(&b_text);
    return equal;
}

static void the_table_is_sorted_and_its_defaults_lie_within_their_ranges(void **state)
{
    (void)state;
    size_t count = 0;
    const struct dw_option *options = dw_options(&count);
    struct dw_settings settings = dw_settings_default(), again = settings;
    for (size_t i = 0; i < count; i++) {
        struct dw_buf value = { 0 };
        struct dw_err err = { 0 };
        if (i > 0)
            assert_true(strcmp(options[i - 1].name, options[i].name) < 0);
        dw_option_print(&options[i], &settings, &value);
        if (dw_settings_set_value(&again, options[i].name, dw_buf_text(&value), &err) != 0)
            fail_msg("%s", err.text);
        dw_buf_fini(&value);
    }
    assert_true(same(&again, &settings));
}

static void a_setting_is_changed_and_no_other(void **state)
{
    (void)state;
    struct dw_settings settings = dw_settings_default(), wanted = settings;
    wanted.zone.grace_us = 2500000;
    wanted.zone.anchor = DW_ANCHOR_CENTER;
    wanted.track.confirm_hits = 2;
    wanted.detect_score = 0.4;
    assert_int_equal(dw_settings_set(&settings, "zone.grace=2.5", NULL), 0);
    assert_int_equal(dw_settings_set(&settings, "zone.anchor=center", NULL), 0);
    assert_int_equal(dw_settings_set(&settings, "track.confirm_hits=2", NULL), 0);
    assert_int_equal(dw_settings_set(&settings, "detect.score=0.4", NULL), 0);
    assert_true(same(&settings, &wanted));
}

static void each_mistake_gets_a_sentence_and_changes_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *assignment, *sentence;
    } mistakes[] = {
        { "", "'' is no setting: write it like zone.grace=1" },
        { "zone.grace", "'zone.grace' is no setting" },
        { "zone.grase=1", "there is no setting 'zone.grase'; did you mean 'zone.grace'?" },
        { "grace=1", "there is no setting 'grace'" },
        { "temperature=1", "there is no setting 'temperature'" },
        { "=1", "there is no setting ''" },
        { "zone.grace=", "setting 'zone.grace' wants a number, got ''" },
        { "zone.grace=soon", "setting 'zone.grace' wants a number, got 'soon'" },
        { "zone.grace=1s", "wants a number, got '1s'" },
        { "zone.grace=nan", "wants a number, got 'nan'" },
        { "zone.grace=inf", "wants a number, got 'inf'" },
        { "zone.grace=-1", "setting 'zone.grace' wants 0 to 3600, got -1" },
        { "zone.grace=1e9", "wants 0 to 3600, got 1e9" },
        { "track.confirm_hits=2.5", "wants a whole number, got 2.5" },
        { "zone.anchor=hat", "'hat' is none of footprint, bottom_center, center" },
    };
    for (size_t i = 0; i < DW_LENGTH(mistakes); i++) {
        struct dw_settings settings = dw_settings_default(), before = settings;
        struct dw_err err = { 0 };
        int r = dw_settings_set(&settings, mistakes[i].assignment, &err);
        if (r != -EINVAL || strstr(err.text, mistakes[i].sentence) == NULL)
            fail_msg("%s\n  wanted: %s\n  got:    %d %s", mistakes[i].assignment,
                     mistakes[i].sentence, r, err.text);
        assert_true(same(&settings, &before));
    }
}

static void yaml_is_read_as_groups_or_as_full_names(void **state)
{
    (void)state;
    static const char *const same[] = {
        "zone: {grace: 2, bridge: 3}\n",
        "zone:\n  grace: 2\n  bridge: 3\n",
        "zone.grace: 2\nzone.bridge: 3\n",
        "# a comment\nzone:\n  grace: \"2\"\n  bridge: 3.0\n",
        "---\nzone.bridge: 3\nzone: {grace: 2}\n...\n",
    };
    for (size_t i = 0; i < DW_LENGTH(same); i++) {
        struct dw_settings settings = dw_settings_default();
        struct dw_err err = { 0 };
        if (dw_settings_parse(&settings, same[i], strlen(same[i]), &err) != 0)
            fail_msg("%s: %s", same[i], err.text);
        assert_int_equal(settings.zone.grace_us, 2000000);
        assert_int_equal(settings.zone.bridge_us, 3000000);
    }
}

static void an_empty_file_changes_nothing(void **state)
{
    (void)state;
    static const char *const nothing[] = { "", "\n", "# only a comment\n", "---\n", "{}" };
    for (size_t i = 0; i < DW_LENGTH(nothing); i++) {
        struct dw_settings settings = dw_settings_default(), before = settings;
        assert_int_equal(dw_settings_parse(&settings, nothing[i], strlen(nothing[i]), NULL), 0);
        assert_true(same(&settings, &before));
    }
}

static void yaml_mistakes_name_the_line_and_nothing_of_the_file_is_taken(void **state)
{
    (void)state;
    static const struct {
        const char *text, *sentence;
    } mistakes[] = {
        { "zone:\n  grace: 2\n  grase: 1\n", "line 3: there is no setting 'zone.grase'" },
        { "zone:\n  grace: 2\n  bridge: soon\n", "line 3: setting 'zone.bridge' wants a number" },
        { "zone.grace: 2\nzone.bridge: [1]\n", "line 2: 'zone.bridge' wants a single value" },
        { "zone.grace: 2\nzone: {bridge: {a: 1}}\n", "line 2: 'zone.bridge' wants a single value" },
        { "zone.grace: 2\n? [a]\n: 1\n", "line 2: wants the name of a setting" },
        { "zone.grace: 2\n\tzone.bridge: 1\n", "line 2" },
        { "just words", "line 1: wants settings like" },
        { "- zone.grace\n", "line 1: wants settings like" },
        { "zone: {grace: 2", "line 2" },
        { "zone.grace: 2\nzone.bridge: *unknown\n", "line 2" },
    };
    for (size_t i = 0; i < DW_LENGTH(mistakes); i++) {
        struct dw_settings settings = dw_settings_default(), before = settings;
        struct dw_err err = { 0 };
        int r = dw_settings_parse(&settings, mistakes[i].text, strlen(mistakes[i].text), &err);
        if (r != -EINVAL || strstr(err.text, mistakes[i].sentence) == NULL)
            fail_msg("%s\n  wanted: %s\n  got:    %d %s", mistakes[i].text, mistakes[i].sentence, r,
                     err.text);
        assert_true(same(&settings, &before));
    }
}

static void a_missing_file_is_named(void **state)
{
    (void)state;
    struct dw_settings settings = dw_settings_default();
    struct dw_err err = { 0 };
    assert_int_equal(dw_settings_load(&settings, "/no/such.yaml", &err), -ENOENT);
    assert_non_null(strstr(err.text, "'/no/such.yaml'"));
}

static struct dw_settings any_settings(struct prop *prop)
{
    size_t count = 0;
    const struct dw_option *options = dw_options(&count);
    struct dw_settings settings = dw_settings_default();
    for (size_t i = 0; i < count; i++) {
        static const char *const anchors[] = { "footprint", "bottom_center", "center" };
        char value[64];
        double real = prop_real(prop, options[i].least, options[i].most);
        if (options[i].kind == DW_OPTION_ANCHOR)
            snprintf(value, sizeof(value), "%s", anchors[prop_int(prop, 0, 2)]);
        else if (options[i].kind == DW_OPTION_INTEGER)
            snprintf(value, sizeof(value), "%d", (int)real);
        else
            snprintf(value, sizeof(value), "%.17g", real);
        prop_assert(prop, dw_settings_set_value(&settings, options[i].name, value, NULL) == 0);
    }
    return settings;
}

static void what_is_printed_is_read_again_as_the_same(void **state)
{
    (void)state;
    PROP(prop, 300)
    {
        struct dw_settings settings = any_settings(&prop), again = dw_settings_default();
        struct dw_buf text = { 0 };
        dw_settings_print(&settings, &text);
        for (char *rest = text.data, *word = NULL; (word = strsep(&rest, " ")) != NULL;)
            prop_assert(&prop, dw_settings_set(&again, word, NULL) == 0);
        prop_assert(&prop, same(&again, &settings));
        dw_buf_fini(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_sorted_and_its_defaults_lie_within_their_ranges),
        cmocka_unit_test(a_setting_is_changed_and_no_other),
        cmocka_unit_test(each_mistake_gets_a_sentence_and_changes_nothing),
        cmocka_unit_test(yaml_is_read_as_groups_or_as_full_names),
        cmocka_unit_test(an_empty_file_changes_nothing),
        cmocka_unit_test(yaml_mistakes_name_the_line_and_nothing_of_the_file_is_taken),
        cmocka_unit_test(a_missing_file_is_named),
        cmocka_unit_test(what_is_printed_is_read_again_as_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
