/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/macros.h"
#include "conf/yaml_edit.h"
#include "conf/yaml_tree.h"

static const char site[] = "# The shop in Hamburg: Übersee\n"
                           "site: Shop   # as on the sign\n"
                           "cameras:\n"
                           "  # by the door\n"
                           "  - name: entrance\n"
                           "    source: a.mp4   # the old one\n"
                           "\n"
                           "  - name: till\n"
                           "    loop: true\n"
                           "    source: b.mp4\n"
                           "# the end\n"
                           "privacy: {pictures: off}\n";

static struct dw_buf text_of(const char *text)
{
    struct dw_buf buf = { 0 };
    dw_buf_puts(&buf, text);
    return buf;
}

/* What `site` becomes when `former` is replaced by `latter`. */
static void assert_replaced(struct dw_buf *text, const char *former, const char *latter)
{
    struct dw_buf wanted = { 0 };
    const char *at = strstr(site, former);
    assert_non_null(at);
    dw_buf_append(&wanted, site, (size_t)(at - site));
    dw_buf_puts(&wanted, latter);
    dw_buf_puts(&wanted, at + strlen(former));
    assert_string_equal(dw_buf_text(text), dw_buf_text(&wanted));
    dw_buf_fini(&wanted);
    dw_buf_fini(text);
}

static void test_a_value_is_changed_where_it_stands(void **state)
{
    (void)state;
    struct dw_buf text = text_of(site);
    struct dw_yaml_pair pair = { "source", "rtsp://h:8554/\"x\"" };
    assert_int_equal(dw_yaml_edit_set(&text, "cameras", 0, pair, NULL), 0);
    assert_replaced(&text, "a.mp4 ", "\"rtsp://h:8554/\\\"x\\\"\" ");
    text = text_of(site);
    pair = (struct dw_yaml_pair){ "site", "Laden" };
    assert_int_equal(dw_yaml_edit_set(&text, NULL, 0, pair, NULL), 0);
    assert_replaced(&text, "Shop ", "Laden ");
}

static void test_a_new_key_stands_behind_the_others(void **state)
{
    (void)state;
    struct dw_buf text = text_of(site);
    struct dw_yaml_pair pair = { "enabled", "false" };
    assert_int_equal(dw_yaml_edit_set(&text, "cameras", 0, pair, NULL), 0);
    assert_replaced(&text, "# the old one\n", "# the old one\n    enabled: false\n");
}

static void test_an_item_is_added_and_taken_out_with_nothing_else_touched(void **state)
{
    (void)state;
    const struct dw_yaml_pair pairs[] = { { "name", "shelf" }, { "source", "c d.mp4" } };
    struct dw_buf text = text_of(site);
    assert_int_equal(dw_yaml_edit_add(&text, "cameras", pairs, 2, NULL), 0);
    assert_int_equal(dw_yaml_edit_remove(&text, "cameras", 2, NULL), 0);
    assert_string_equal(dw_buf_text(&text), site);
    assert_int_equal(dw_yaml_edit_add(&text, "cameras", pairs, 2, NULL), 0);
    assert_replaced(&text, "b.mp4\n", "b.mp4\n  - name: shelf\n    source: \"c d.mp4\"\n");
    text = text_of(site);
    assert_int_equal(dw_yaml_edit_remove(&text, "cameras", 0, NULL), 0);
    assert_replaced(&text, "  - name: entrance\n    source: a.mp4   # the old one\n", "");
}

static void test_a_list_is_made_and_emptied(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "# none yet\n",
        "site: a",
        "site: a\ncameras: [] # none\n",
        "cameras:\n",
        "cameras:\nsite: a\n",
        "cameras: [{name: x, source: y}]\n",
        "cameras:\n- name: x\n",
        "---\nsite: a\n",
    };
    const struct dw_yaml_pair pair = { "name", "n: [w" };
    for (size_t i = 0; i < DW_LENGTH(texts); i++) {
        struct dw_buf text = text_of(texts[i]);
        struct dw_err err = { 0 };
        if (dw_yaml_edit_add(&text, "cameras", &pair, 1, &err) != 0)
            fail_msg("%s: %s", texts[i], err.text);
        DW_AUTO(yaml_node) *root = NULL;
        assert_int_equal(dw_yaml_parse(&root, dw_buf_text(&text), text.length, &err), 0);
        const struct dw_yaml_node *list = dw_yaml_get(root, "cameras");
        const struct dw_yaml_node *last = list->children.items[list->children.count - 1];
        assert_string_equal(dw_yaml_get(last, "name")->text, "n: [w");
        for (size_t left = list->children.count; left > 0; left--)
            if (dw_yaml_edit_remove(&text, "cameras", 0, &err) != 0)
                fail_msg("%s: %s", dw_buf_text(&text), err.text);
        dw_buf_fini(&text);
    }
}

static void test_what_cannot_be_changed_alone_stays_as_it_is(void **state)
{
    (void)state;
    struct dw_buf text = text_of(site);
    struct dw_err err = { 0 };
    struct dw_yaml_pair pair = { "source", "x" };
    assert_int_equal(dw_yaml_edit_set(&text, "cameras", 2, pair, &err), -ENOENT);
    pair.key = "privacy";
    assert_int_equal(dw_yaml_edit_set(&text, NULL, 0, pair, &err), -EINVAL);
    assert_non_null(strstr(err.text, "line 12: 'privacy' is no single value"));
    assert_string_equal(dw_buf_text(&text), site);
    dw_buf_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_value_is_changed_where_it_stands),
        cmocka_unit_test(test_a_new_key_stands_behind_the_others),
        cmocka_unit_test(test_an_item_is_added_and_taken_out_with_nothing_else_touched),
        cmocka_unit_test(test_a_list_is_made_and_emptied),
        cmocka_unit_test(test_what_cannot_be_changed_alone_stays_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
