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

#include "http/page.h"

static struct dw_response ask(enum dw_method method, const char *target, const char *name,
                              const char *value)
{
    struct dw_request request = { .method = method, .target = target };
    struct dw_response response = { 0 };
    if (name != NULL)
        dw_vec_push(&request.headers, ((struct dw_header){ name, value }));
    dw_page_answer(&request, &response);
    dw_request_fini(&request);
    return response;
}

static void views_get_the_page_and_files_that_are_not_there_do_not(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        int status;
    } cases[] = { { "/", 200 },        { "/claim", 200 },    { "/a/b?c=.js", 200 },
                  { "/none.js", 404 }, { "/a.b/none", 200 }, { "/../etc/x.conf", 404 } };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        struct dw_response response = ask(DW_GET, cases[i].target, NULL, NULL);
        assert_int_equal(response.status, cases[i].status);
        dw_response_fini(&response);
    }
}

static void what_is_known_is_not_sent_again(void **state)
{
    (void)state;
    struct dw_response response = ask(DW_GET, "/", NULL, NULL);
    char *etag = strdup(dw_response_find(&response, "etag"));
    dw_response_fini(&response);
    response = ask(DW_GET, "/", "If-None-Match", etag);
    assert_int_equal(response.status, 304);
    assert_null(response.bytes);
    dw_response_fini(&response);
    response = ask(DW_POST, "/", NULL, NULL);
    assert_int_equal(response.status, 405);
    dw_response_fini(&response);
    free(etag);
}

static void what_the_script_asks_first_is_named_to_those_who_have_a_session(void **state)
{
    (void)state;
    struct dw_response response = ask(DW_GET, "/", NULL, NULL);
    assert_null(dw_response_find(&response, "Link"));
    dw_response_fini(&response);
    response = ask(DW_GET, "/insight", "Cookie", "dwell_session=abc");
    assert_non_null(strstr(dw_response_find(&response, "Link"), "</api/v1/cameras>; rel=preload"));
    dw_response_fini(&response);
}

static void headers_cannot_be_broken_out_of(void **state)
{
    (void)state;
    struct dw_response response = { 0 };
    dw_response_header(&response, "Dwell-Note", "%s", "a\r\nSet-Cookie: b");
    assert_string_equal(dw_response_find(&response, "Dwell-Note"), "a  Set-Cookie: b");
    dw_response_fini(&response);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_get_the_page_and_files_that_are_not_there_do_not),
        cmocka_unit_test(what_is_known_is_not_sent_again),
        cmocka_unit_test(what_the_script_asks_first_is_named_to_those_who_have_a_session),
        cmocka_unit_test(headers_cannot_be_broken_out_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
