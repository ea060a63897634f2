/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/known_names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/suggest.h"
#include "base/vec.h"

#define LISTED_MAX 12

struct names {
    DW_VEC(char *) list;
};

static bool has(const struct names *names, const char *name)
{
    for (size_t i = names->list.count; i-- > 0;)
        if (strcmp(names->list.items[i], name) == 0)
            return true;
    return false;
}

static void add(struct names *names, const char *name)
{
    if (!has(names, name))
        dw_vec_push(&names->list, dw_strdup(name));
}

static int take_run(void *context, const struct dw_store_run *run)
{
    add(context, run->camera);
    return 0;
}

static int take_zone(void *context, const struct dw_store_zone *zone)
{
    add(context, zone->zone.name);
    return 0;
}

static int fail_unknown(const struct names *names, const char *what, const char *name,
                        struct dw_err *err)
{
    const char *const *known = (const char *const *)names->list.items;
    const char *near = dw_suggest(name, known, names->list.count);
    struct dw_buf there = { 0 };
    for (size_t i = 0; i < names->list.count && i < LISTED_MAX; i++)
        dw_buf_printf(&there, "%s'%s'", i > 0 ? ", " : "", known[i]);
    dw_buf_puts(&there, names->list.count > LISTED_MAX ? ", ..." : "");
    if (near != NULL)
        dw_fail(err, -ENOENT, "the store has no %s '%s'; did you mean '%s'?", what, name, near);
    else
        dw_fail(err, -ENOENT, "the store has no %s '%s', but %s", what, name,
                there.length > 0 ? there.data : "none at all: nothing was measured yet");
    dw_buf_fini(&there);
    return -ENOENT;
}

static void names_fini(struct names *names)
{
    for (size_t i = 0; i < names->list.count; i++)
        free(names->list.items[i]);
    dw_vec_fini(&names->list);
}

int dw_known_names_check(struct dw_store *store, const char *camera, const char *zone,
                         struct dw_err *err)
{
    struct names cameras = { 0 }, zones = { 0 };
    struct dw_store_filter all = { 0 }, its = { .camera = camera };
    int result = 0;
    if (camera != NULL)
        result = dw_store_read_runs(store, &all, take_run, &cameras, err);
    if (camera != NULL && result == 0 && !has(&cameras, camera))
        result = fail_unknown(&cameras, "camera", camera, err);
    if (zone != NULL && result == 0)
        result = dw_store_read_zones(store, &its, take_zone, &zones, err);
    if (zone != NULL && result == 0 && !has(&zones, zone))
        result = fail_unknown(&zones, "zone", zone, err);
    names_fini(&cameras);
    names_fini(&zones);
    return result;
}
