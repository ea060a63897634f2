/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/json_writer.h"
#include "base/macros.h"
#include "lib/prop.h"

static void each_kind_of_value_is_written_as_json(void **state)
{
    (void)state;
    struct dw_buf text = { 0 };
    struct dw_json_writer json = { .out = &text };
    dw_json_object_begin(&json, NULL);
    dw_json_string(&json, "text", "a \"quoted\" \\ word");
    dw_json_integer(&json, "low", INT64_MIN);
    dw_json_bool(&json, "yes", true);
    dw_json_null(&json, "none");
    dw_json_real(&json, "real", -1.25, 3);
    dw_json_array_begin(&json, "list");
    dw_json_integer(&json, NULL, 1);
    dw_json_array_begin(&json, NULL);
    dw_json_array_end(&json);
    dw_json_object_begin(&json, NULL);
    dw_json_object_end(&json);
    dw_json_array_end(&json);
    dw_json_object_end(&json);
    assert_string_equal(dw_buf_text(&text),
                        "{\"text\":\"a \\\"quoted\\\" \\\\ word\",\"low\":-9223372036854775808,"
                        "\"yes\":true,\"none\":null,\"real\":-1.250,\"list\":[1,[],{}]}");
    dw_buf_fini(&text);
}

static void what_json_cannot_say_is_replaced(void **state)
{
    (void)state;
    struct dw_buf text = { 0 };
    struct dw_json_writer json = { .out = &text };
    dw_json_array_begin(&json, NULL);
    dw_json_real(&json, NULL, (double)NAN, 2);
    dw_json_real(&json, NULL, -(double)INFINITY, 2);
    dw_json_string(&json, NULL, NULL);
    dw_json_string(&json, NULL, "bad \xff\xc3 bytes");
    dw_json_string(&json, NULL, "\n\t\x01");
    dw_json_array_end(&json);
    assert_string_equal(dw_buf_text(&text),
                        "[null,null,null,\"bad \xef\xbf\xbd\xef\xbf\xbd bytes\","
                        "\"\\n\\t\\u0001\"]");
    dw_buf_fini(&text);
}

/* Well-formed UTF-8 of all lengths, controls included. */
static void any_text(struct prop *prop, char out[64])
{
    size_t length = 0;
    for (int64_t left = prop_int(prop, 0, 12); left > 0; left--) {
        static const uint32_t most[] = { 0x7f, 0x7ff, 0xffff, 0x10ffff };
        uint32_t point = (uint32_t)prop_int(prop, 1, most[prop_int(prop, 0, 3)]);
        if (point >= 0xd800 && point < 0xe000)
            point = 'x';
        if (point < 0x80) {
            out[length++] = (char)point;
        } else if (point < 0x800) {
            out[length++] = (char)(0xc0 | point >> 6);
            out[length++] = (char)(0x80 | (point & 0x3f));
        } else {
            if (point >= 0x10000)
                out[length++] = (char)(0xf0 | point >> 18);
            out[length++] =
                (char)(point >= 0x10000 ? 0x80 | (point >> 12 & 0x3f) : 0xe0 | point >> 12);
            out[length++] = (char)(0x80 | (point >> 6 & 0x3f));
            out[length++] = (char)(0x80 | (point & 0x3f));
        }
    }
    out[length] = '\0';
}

/* Writes a random value and keeps what jansson should read. */
static json_t *any_value(struct prop *prop, struct dw_json_writer *json, const char *key, int depth)
{
    char text[64];
    int64_t kind = prop_int(prop, 0, depth > 0 ? 6 : 4);
    int64_t integer = (int64_t)prop_bits(prop);
    bool truth = prop_chance(prop, 0.5);
    any_text(prop, text);
    switch (kind) {
    case 0:
        dw_json_string(json, key, text);
        return json_string(text);
    case 1:
        dw_json_integer(json, key, integer);
        return json_integer(integer);
    case 2:
        dw_json_bool(json, key, truth);
        return json_boolean(truth);
    case 3:
        dw_json_null(json, key);
        return json_null();
    case 4: {
        double real = (double)prop_int(prop, -1000000, 1000000) / 64; /* exact in 6 decimals */
        dw_json_real(json, key, real, 6);
        return json_real(real);
    }
    default:
        break;
    }
    json_t *nest = kind == 5 ? json_array() : json_object();
    (kind == 5 ? dw_json_array_begin : dw_json_object_begin)(json, key);
    for (int64_t i = prop_int(prop, 0, 4); i > 0; i--) {
        if (kind == 5) {
            json_array_append_new(nest, any_value(prop, json, NULL, depth - 1));
        } else {
            char name[80];
            any_text(prop, text);
            snprintf(name, sizeof(name), "%d%s", (int)i, text);
            json_object_set_new(nest, name, any_value(prop, json, name, depth - 1));
        }
    }
    (kind == 5 ? dw_json_array_end : dw_json_object_end)(json);
    return nest;
}

static void what_is_written_is_read_as_the_same(void **state)
{
    (void)state;
    PROP(prop, 3000)
    {
        struct dw_buf text = { 0 };
        struct dw_json_writer json = { .out = &text };
        json_t *wanted = any_value(&prop, &json, NULL, 4);
        json_t *read = json_loadb(dw_buf_text(&text), text.length,
                                  JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
        prop_assert(&prop, read != NULL);
        prop_assert(&prop, json_equal(read, wanted));
        json_decref(read);
        json_decref(wanted);
        dw_buf_fini(&text);
    }
}

static void whatever_bytes_a_text_has_the_json_is_valid(void **state)
{
    (void)state;
    PROP(prop, 3000)
    {
        char bytes[33];
        int64_t length = prop_int(&prop, 0, 32);
        for (int64_t i = 0; i < length; i++)
            bytes[i] = (char)prop_int(&prop, 1, 255);
        bytes[length] = '\0';
        struct dw_buf text = { 0 };
        struct dw_json_writer json = { .out = &text };
        dw_json_string(&json, NULL, bytes);
        json_t *read = json_loadb(dw_buf_text(&text), text.length, JSON_DECODE_ANY, NULL);
        prop_assert(&prop, json_is_string(read));
        json_decref(read);
        dw_buf_fini(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_value_is_written_as_json),
        cmocka_unit_test(what_json_cannot_say_is_replaced),
        cmocka_unit_test(what_is_written_is_read_as_the_same),
        cmocka_unit_test(whatever_bytes_a_text_has_the_json_is_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
