/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/demo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cache.h"
#include "base/wall_time.h"
#include "conf/file.h"
#include "conf/yaml_edit.h"
#include "insight/local_day.h"
#include "insight/simulated_store.h"

#define HISTORY_DAYS 42
#define WALK_DAYS 7 /* the last of them with foot tracks, for heat maps */

/* Those of share/sample/zones.json; a test compares them. */
static const char zones[] =
    "{\n"
    "  \"zones\": [\n"
    "    {\n"
    "      \"name\": \"barrier walk\",\n"
    "      \"polygon\": [[0.026, 0.299], [0.391, 0.316], [0.449, 0.34], [0.449, 0.455], "
    "[0.234, 0.42], [0.026, 0.385], [0.026, 0.299]]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"sign post\",\n"
    "      \"polygon\": [[0.458, 0.356], [0.729, 0.34], [0.762, 0.573], [0.586, 0.599], "
    "[0.458, 0.503], [0.458, 0.356]]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"car park road\",\n"
    "      \"polygon\": [[0.749, 0.26], [0.911, 0.222], [0.957, 0.373], [0.898, 0.503], "
    "[0.781, 0.455], [0.749, 0.26]]\n"
    "    }\n"
    "  ],\n"
    "  \"lines\": [\n"
    "    {\n"
    "      \"name\": \"to the junction\",\n"
    "      \"line\": {\"start\": {\"x\": 0.453, \"y\": 0.538}, \"end\": {\"x\": 0.453, \"y\": "
    "0.295}}\n"
    "    }\n"
    "  ]\n"
    "}\n";

static const char head[] =
    "# Dwell: what is measured here. docs/configuration.md tells every key. The page changes this\n"
    "# file, too, and leaves comments as they are.\n"
    "site: Demonstration\n"
    "data: .\n"
    "privacy: {pictures: on}\n"
    "retention: {feet: 30d}\n"
    "cameras: []\n";

static int write_configuration(const char *path, const char *video, struct dw_err *err)
{
    const struct dw_yaml_pair sample[] = {
        { "name", "sample" },
        { "source", video },
        { "loop", "true" },
    };
    struct dw_buf text = { 0 };
    dw_buf_puts(&text, head);
    int r = dw_yaml_edit_add(&text, "cameras", sample, DW_LENGTH(sample), err);
    if (r == 0)
        r = dw_file_write(path, dw_buf_text(&text), text.length, err);
    dw_buf_fini(&text);
    return r;
}

int dw_demo_write(const char *folder, const char *path, struct dw_err *err)
{
    char video[4096];
    int r = dw_cache_path(video, sizeof(video), "/media/vtest.avi", err);
    if (r < 0)
        return r;
    if (access(video, R_OK) != 0)
        return dw_fail(err, -ENOENT,
                       "there is no configuration, and no sample video at '%s' to show instead: "
                       "give --config FILE, or fetch it with tools/setup run",
                       video);
    char *layout = dw_strdup_printf("%s/zones/sample.json", folder);
    char *layouts = dw_strdup_printf("%s/zones", folder);
    r = dw_folder_make(layouts, err);
    if (r == 0)
        r = dw_file_write(layout, zones, strlen(zones), err);
    if (r == 0)
        r = write_configuration(path, video, err);
    free(layouts);
    free(layout);
    return r;
}

int dw_demo_history(const struct dw_site_conf *conf, struct dw_err *err)
{
    DW_AUTO(store) *store = NULL;
    int64_t today = dw_local_day((int64_t)time(NULL) * DW_SECOND_US);
    struct dw_simulated_store_conf shop = {
        .shop = dw_simulate_default(),
        .site = conf->name,
        .camera = "simulated",
        .first_day = today - HISTORY_DAYS,
        .walks_from = HISTORY_DAYS - WALK_DAYS,
    };
    struct dw_simulated_tally tally = { 0 };
    dw_simulated_calendar(&shop);
    int r = dw_store_create(&store, conf->store, err);
    for (int day = 0; r == 0 && day < HISTORY_DAYS; day++)
        r = dw_simulated_store_day(store, &shop, day, &tally, err);
    return r;
}

char *dw_demo_folder(const char *said)
{
    if (said != NULL)
        return dw_strdup(said);
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (data != NULL && *data == '/')
        return dw_strdup_printf("%s/dwell", data);
    return dw_strdup_printf("%s/.local/share/dwell", home != NULL ? home : "");
}
