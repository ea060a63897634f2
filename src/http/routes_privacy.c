/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of what the cameras see, for those who must tell it to the people seen. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "conf/option.h"
#include "conf/zones.h"
#include "engine/site.h"
#include "http/answer.h"
#include "http/app.h"
#include "http/routes.h"
#include "store/store_care.h"

/* Entries of a folder below the site's; none when it is not there. */
static int64_t count_entries(const char *data, const char *below)
{
    char *path = dw_strdup_printf("%s/%s", data != NULL ? data : "", below);
    DIR *folder = data != NULL ? opendir(path) : NULL;
    int64_t count = 0;
    for (const struct dirent *entry = NULL; folder != NULL && (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    if (folder != NULL)
        closedir(folder);
    free(path);
    return count;
}

static void put_masks(struct dw_json_writer *json, struct dw_site *site, const char *camera)
{
    struct dw_buf text = { 0 };
    struct dw_layout layout = { .zones = NULL };
    char revision[DW_REVISION_SIZE];
    struct dw_zone_rules rules = dw_zone_rules_default();
    dw_json_array_begin(json, "masks");
    if (dw_site_layout(site, camera, &text, revision, NULL) == 0 &&
        dw_zones_parse(&layout, dw_buf_text(&text), text.length, &rules, NULL) == 0)
        for (size_t i = 0; i < layout.mask_count; i++)
            dw_json_string(json, NULL, layout.masks[i].name);
    dw_json_array_end(json);
    dw_layout_fini(&layout);
    dw_buf_fini(&text);
}

static void put_cameras(struct dw_json_writer *json, struct dw_site *site)
{
    struct dw_camera_status status;
    dw_json_array_begin(json, "cameras");
    for (size_t i = 0; dw_site_camera_status(site, i, &status) == 0; i++) {
        dw_json_object_begin(json, NULL);
        dw_json_string(json, "name", status.name);
        dw_json_bool(json, "enabled", status.enabled);
        put_masks(json, site, status.name);
        dw_json_object_end(json);
    }
    dw_json_array_end(json);
}

/* For how many days each kind is kept; null: for ever. */
static void put_kept(struct dw_json_writer *json, const struct dw_site_conf *conf)
{
    dw_json_array_begin(json, "kept");
    for (int kind = 0; kind < DW_RETENTION_COUNT; kind++) {
        dw_json_object_begin(json, NULL);
        dw_json_string(json, "kind", dw_store_kind_name((enum dw_store_kind)kind));
        if (conf->retention_days[kind] < 0)
            dw_json_null(json, "days");
        else
            dw_json_integer(json, "days", conf->retention_days[kind]);
        dw_json_object_end(json);
    }
    dw_json_array_end(json);
}

void dw_route_privacy_get(struct dw_call *call)
{
    struct dw_site_conf conf = { 0 };
    dw_site_conf_copy(call->app->site, &conf);
    /* Sets for labelling hold a picture and the look of each person (docs/staff.md). */
    int64_t sets = count_entries(conf.data, "staff/sets");
    struct dw_json_writer json = dw_answer_json(call, 200);
    dw_json_string(&json, "site", conf.name);
    dw_json_object_begin(&json, "pictures");
    dw_json_string(&json, "shown", dw_privacy_name(conf.privacy));
    dw_json_bool(&json, "stored", sets > 0);
    dw_json_object_end(&json);
    dw_json_object_begin(&json, "looks"); /* what people wear, as numbers */
    dw_json_bool(&json, "stored", sets > 0);
    dw_json_object_end(&json);
    dw_json_object_begin(&json, "staff");
    dw_json_integer(&json, "sets", sets);
    dw_json_integer(&json, "models", count_entries(conf.data, "staff/models"));
    dw_json_object_end(&json);
    dw_json_bool(&json, "faces", false);
    dw_json_array_begin(&json, "sent_to"); /* nobody */
    dw_json_array_end(&json);
    put_cameras(&json, call->app->site);
    put_kept(&json, &conf);
    dw_json_object_end(&json);
    dw_site_conf_fini(&conf);
}
