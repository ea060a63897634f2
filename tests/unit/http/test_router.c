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

#include "http_app.h"

static struct dw_response ask(struct test_app *test, enum dw_method method, const char *target)
{
    struct dw_request request = { .method = method, .target = target, .client = "192.0.2.7" };
    struct dw_response response = { 0 };
    dw_vec_push(&request.headers, ((struct dw_header){ "Host", "localhost" }));
    dw_vec_push(&request.headers, ((struct dw_header){ "Authorization", test->bearer }));
    dw_router_handle(&test->app, &request, &response);
    dw_request_fini(&request);
    return response;
}

static void the_table_is_sorted_and_each_route_is_there_once(void **state)
{
    (void)state;
    size_t count = 0;
    const struct dw_route *routes = dw_routes(&count);
    for (size_t i = 1; i < count; i++) {
        int order = strcmp(routes[i - 1].pattern, routes[i].pattern);
        assert_true(order < 0 || (order == 0 && routes[i - 1].method < routes[i].method));
    }
}

static void only_known_methods_and_paths_are_answered(void **state)
{
    static const struct {
        enum dw_method method;
        const char *target;
        int status;
    } cases[] = {
        { DW_GET, "/api/v1/site", 200 },
        { DW_HEAD, "/api/v1/site", 200 },
        { DW_POST, "/api/v1/site", 405 },
        { DW_GET, "/api/v1/site?x=1", 400 },
        { DW_GET, "/api/v1/none", 404 },
        { DW_GET, "/api/v2/site", 404 },
        { DW_DELETE, "/api/v1/users/x", 404 },
        { DW_GET, "/api/v1/cameras/till/snapshot", 200 },
        { DW_GET, "/", 200 },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        struct dw_response response = ask(*state, cases[i].method, cases[i].target);
        assert_int_equal(response.status, cases[i].status);
        dw_response_fini(&response);
    }
}

static void pictures_are_kept_back_when_privacy_wants_it(void **state)
{
    struct test_app *test = *state;
    fake_site_privacy(test->app.site, DW_PRIVACY_OFF);
    struct dw_response response = ask(test, DW_GET, "/api/v1/cameras/till/snapshot");
    assert_int_equal(response.status, 403);
    dw_response_fini(&response);
}

static void events_are_a_stream_but_not_for_head(void **state)
{
    struct dw_response response = ask(*state, DW_GET, "/api/v1/events");
    assert_int_equal(response.status, 200);
    assert_non_null(response.stream.read);
    char text[64];
    assert_true(response.stream.read(response.stream.user, text, sizeof(text)) > 0);
    assert_int_equal(response.stream.read(response.stream.user, text, sizeof(text)), 0);
    dw_response_fini(&response);
    response = ask(*state, DW_HEAD, "/api/v1/events");
    assert_null(response.stream.read);
    dw_response_fini(&response);
    response = ask(*state, DW_GET, "/api/v1/events?after=x");
    assert_int_equal(response.status, 400);
    dw_response_fini(&response);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_sorted_and_each_route_is_there_once),
        cmocka_unit_test_setup_teardown(only_known_methods_and_paths_are_answered, test_app_setup,
                                        test_app_teardown),
        cmocka_unit_test_setup_teardown(pictures_are_kept_back_when_privacy_wants_it,
                                        test_app_setup, test_app_teardown),
        cmocka_unit_test_setup_teardown(events_are_a_stream_but_not_for_head, test_app_setup,
                                        test_app_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
