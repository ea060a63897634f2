/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store of its own for each test, a small layout, and visits made by hand. The store is a file,
 * or a database of the server that with_postgres started.
 */
#ifndef DW_TESTS_STORE_FIXTURE_H
#define DW_TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/wall_time.h"
#include "store/store_read.h"

#define START_US INT64_C(1790000000000000)

struct folder {
    char path[64];
    char store[96]; /* its address */
    bool is_file;
};

static inline int make_database(struct folder *folder, const char *server)
{
    char command[320];
    const char *name = folder->path + strlen("/tmp/dwell-test-");
    snprintf(folder->store, sizeof(folder->store), "postgresql:///%s?%s", name, server);
    snprintf(command, sizeof(command),
             "psql -q -c 'CREATE DATABASE \"%s\"' 'postgresql:///postgres?%s'", name, server);
    return system(command);
}

static inline int folder_setup(void **state)
{
    struct folder *folder = calloc(1, sizeof(*folder));
    snprintf(folder->path, sizeof(folder->path), "/tmp/dwell-test-XXXXXX");
    if (mkdtemp(folder->path) == NULL)
        return -1;
    snprintf(folder->store, sizeof(folder->store), "%s/shop.db", folder->path);
    const char *server = getenv("DWELL_TEST_POSTGRES");
    folder->is_file = server == NULL;
    *state = folder;
    return folder->is_file ? 0 : make_database(folder, server);
}

static inline int folder_teardown(void **state)
{
    struct folder *folder = *state;
    static const char *const endings[] = { "", "-wal", "-shm", "-lock", "-journal" };
    for (size_t i = 0; i < DW_LENGTH(endings); i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s%s", folder->store, endings[i]);
        if (folder->is_file)
            unlink(path);
    }
    int result = rmdir(folder->path);
    free(folder);
    return result;
}

static inline struct dw_zone test_zone(const char *name, double left)
{
    struct dw_zone zone = {
        .corners = { { left, .1 }, { left + .2, .1 }, { left + .2, .9 }, { left, .9 } },
        .corner_count = 4,
        .target_side = 2,
        .rules = { .enter_after_us = 300000,
                   .grace_us = 1000000,
                   .bridge_us = 2000000,
                   .link_us = 8000000,
                   .min_dwell_us = 1000000,
                   .stop_us = 3000000,
                   .engage_us = 10000000,
                   .hysteresis = .03,
                   .anchor = DW_ANCHOR_BOTTOM_CENTER },
    };
    snprintf(zone.name, sizeof(zone.name), "%s", name);
    return zone;
}

static inline struct dw_store_run_conf test_run(const struct dw_layout *layout)
{
    return (struct dw_store_run_conf){ .site = "Shop",
                                       .camera = "door",
                                       .source = "monday.mp4",
                                       .identity = "sha256:1",
                                       .width_px = 1280,
                                       .height_px = 720,
                                       .start_wall_us = START_US,
                                       .layout = layout,
                                       .model = "nanodet",
                                       .settings = "{}" };
}

/* A whole, seen visit of zone 0; `number` makes id and person. */
static inline struct dw_visit test_visit(int number, double enter_s, double exit_s)
{
    int64_t enter_us = dw_time_from_seconds(enter_s), exit_us = dw_time_from_seconds(exit_s);
    struct dw_visit visit = {
        .person = number,
        .enter_us = enter_us,
        .exit_us = exit_us,
        .dwell_us = exit_us - enter_us,
        .observed_us = exit_us - enter_us,
        .end_reason = DW_END_LEFT,
        .enter_side = 1,
        .exit_side = 3,
        .score = .75,
        .facing_us = -1,
        .speed_avg = -1,
        .speed_min = -1,
    };
    memcpy(visit.id, &number, sizeof(number));
    return visit;
}

/* The next visit found, copied to the array behind the cursor. */
struct found_visits {
    struct dw_store_visit items[64];
    size_t count;
};

static inline int keep_visit(void *context, const struct dw_store_visit *visit)
{
    struct found_visits *found = context;
    assert_true(found->count < DW_LENGTH(found->items));
    found->items[found->count++] = *visit;
    return 0;
}

static inline struct found_visits read_visits(struct dw_store *store)
{
    struct found_visits found = { .count = 0 };
    struct dw_err err = { 0 };
    if (dw_store_read_visits(store, &(struct dw_store_filter){ 0 }, keep_visit, &found, &err) != 0)
        fail_msg("%s", err.text);
    return found;
}

#define assert_done(call)                                                                          \
    do {                                                                                           \
        struct dw_err why_ = { 0 }, *why = &why_;                                                  \
        if ((call) != 0)                                                                           \
            fail_msg("%s: %s", #call, why_.text);                                                  \
    } while (0)

#endif
