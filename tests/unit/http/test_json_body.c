/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "http/json_body.h"

static struct dw_response response; /* to the last body */

static bool take(const char *text, const struct dw_field *fields, size_t count)
{
    struct dw_request request = { .method = DW_POST };
    struct dw_json_body body = { 0 };
    dw_response_fini(&response);
    dw_buf_puts(&request.body, text);
    bool good = dw_json_body_read(&body, &request, fields, count, &response);
    dw_json_body_fini(&body);
    dw_request_fini(&request);
    return good;
}

static void fields_are_taken_by_kind(void **state)
{
    (void)state;
    bool flag = false;
    int64_t integer = 0;
    double real = 0;
    char *object = NULL;
    const struct dw_field fields[] = {
        { "flag", DW_FIELD_BOOL, true, &flag },
        { "integer", DW_FIELD_INTEGER, true, &integer },
        { "real", DW_FIELD_REAL, false, &real },
        { "object", DW_FIELD_OBJECT, false, &object },
    };
    assert_true(take("{\"flag\":true,\"integer\":4,\"real\":2,\"object\":{\"a\": 1}}", fields, 4));
    assert_true(flag);
    assert_int_equal(integer, 4);
    assert_true(real > 1.9 && real < 2.1);
    assert_string_equal(object, "{\"a\":1}");
    free(object);
    assert_true(take("{\"flag\":false,\"integer\":5,\"real\":null}", fields, 4));
    assert_false(flag);
}

static void what_is_wrong_is_pointed_at(void **state)
{
    (void)state;
    const char *text = NULL;
    struct dw_json_texts texts = { .count = 0 };
    const struct dw_field fields[] = {
        { "name", DW_FIELD_TEXT, true, &text },
        { "days", DW_FIELD_TEXTS, false, &texts },
    };
    static const struct {
        const char *body, *said;
        int status;
    } cases[] = {
        { "", "no JSON", 400 },
        { "{\"name\":\"a\",\"name\":\"b\"}", "no JSON", 400 },
        { "[]", "wants an object", 422 },
        { "{}", "\"pointer\":\"/name\",\"detail\":\"is missing\"", 422 },
        { "{\"name\":null}", "is missing", 422 },
        { "{\"name\":1}", "\"pointer\":\"/name\",\"detail\":\"wants a text\"", 422 },
        { "{\"name\":\"a\",\"days\":[1]}", "\"pointer\":\"/days\"", 422 },
        { "{\"name\":\"a\",\"dys\":[]}", "did you mean 'days'?", 422 },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        assert_false(take(cases[i].body, fields, 2));
        assert_int_equal(response.status, cases[i].status);
        assert_non_null(strstr(dw_buf_text(&response.body), cases[i].said));
        assert_string_equal(response.content_type, "application/problem+json");
    }
    dw_response_fini(&response);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_taken_by_kind),
        cmocka_unit_test(what_is_wrong_is_pointed_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
