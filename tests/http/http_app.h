/* SPDX-License-Identifier: Apache-2.0 */
/* All that requests need but a server, over a site that is made up; with a token that may all. */
#ifndef DW_TESTS_HTTP_APP_H
#define DW_TESTS_HTTP_APP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fake_site.h"
#include "http/app.h"
#include "http/events.h"
#include "http/promotions.h"
#include "http/router.h"
#include "http/store_size.h"
#include "http/stores.h"

struct test_app {
    char folder[64];
    struct dw_app app;
    char bearer[DW_TOKEN_SIZE + 8];
};

static inline int test_app_setup(void **state)
{
    struct test_app *test = calloc(1, sizeof(*test));
    struct dw_app *app = &test->app;
    struct dw_access_token made = { .name = "all", .scopes = 15 };
    char token[DW_TOKEN_SIZE], store[96];
    snprintf(test->folder, sizeof(test->folder), "/tmp/dwell-test-XXXXXX");
    if (mkdtemp(test->folder) == NULL)
        return -1;
    snprintf(store, sizeof(store), "%s/none.db", test->folder);
    app->site = fake_site_create();
    app->stores = dw_stores_create(store);
    app->store_size = dw_store_size_create();
    if (dw_access_create(&app->access, test->folder, NULL) != 0 ||
        dw_audit_create(&app->audit, test->folder, NULL) != 0 ||
        dw_promotions_create(&app->promotions, test->folder, NULL) != 0 ||
        dw_events_create(&app->events, app, NULL) != 0 ||
        dw_access_token_add(app->access, &made, token, NULL) != 0)
        return -1;
    snprintf(test->bearer, sizeof(test->bearer), "Bearer %s", token);
    *state = test;
    return 0;
}

static inline int test_app_teardown(void **state)
{
    static const char *const files[] = { "access.json", "audit.jsonl", "promotions.json" };
    struct test_app *test = *state;
    char path[128];
    dw_hub_stop(dw_site_hub(test->app.site)); /* so that nobody waits for it any more */
    dw_events_stop(test->app.events);
    dw_events_destroy(test->app.events);
    dw_promotions_destroy(test->app.promotions);
    dw_audit_destroy(test->app.audit);
    dw_access_destroy(test->app.access);
    dw_store_size_destroy(test->app.store_size);
    dw_stores_destroy(test->app.stores);
    dw_site_destroy(test->app.site);
    for (size_t i = 0; i < DW_LENGTH(files); i++) {
        snprintf(path, sizeof(path), "%s/%s", test->folder, files[i]);
        unlink(path);
    }
    int result = rmdir(test->folder);
    free(test);
    return result;
}

#endif
