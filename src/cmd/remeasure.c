/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell remeasure`: visits for redrawn zones and changed settings, without video. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/wall_time.h"
#include "cmd/args.h"
#include "cmd/commands.h"
#include "conf/option.h"
#include "conf/zones.h"
#include "insight/remeasure.h"

static const struct dw_arg rows[] = {
    { "store", "FILE", "what dwell analyze --store wrote, or postgresql://... (required)" },
    { "zones", "FILE", "zones as they shall be, JSON (required)" },
    { "camera", "NAME", "whose zones these are, when there are several" },
    { "from", "TIME", "runs that ended later: 2026-11-22T09:15:00Z (UTC)" },
    { "to", "TIME", "runs that began before this time" },
    { "set", "KEY=VALUE", "a setting for all zones, e.g. zone.grace=1 (may be repeated)" },
    { "config", "FILE", "settings from a YAML file" },
    { "dry-run", NULL, "say what would change, and change nothing" },
};

struct job {
    const char *store_path, *zones_path;
    struct dw_settings settings;
    struct dw_layout layout;
    struct dw_remeasure_conf conf;
};

static int take_option(void *user, const char *name, const char *value, struct dw_err *err)
{
    struct job *job = user;
    bool from = strcmp(name, "from") == 0;
    if (from || strcmp(name, "to") == 0) {
        int r = dw_time_parse(from ? &job->conf.from_us : &job->conf.to_us, value, err);
        return r < 0 ? dw_fail_within(err, r, "--%s", name) : 0;
    }
    if (strcmp(name, "set") == 0)
        return dw_settings_set(&job->settings, value, err);
    if (strcmp(name, "config") == 0)
        return dw_settings_load(&job->settings, value, err);
    if (strcmp(name, "store") == 0)
        job->store_path = value;
    else if (strcmp(name, "zones") == 0)
        job->zones_path = value;
    else if (strcmp(name, "camera") == 0)
        job->conf.camera = value;
    else
        job->conf.dry_run = true;
    return 0;
}

static int take_operand(void *user, const char *value, struct dw_err *err)
{
    (void)user;
    return dw_fail(err, -EINVAL, "'%s' is no option; the store goes behind --store", value);
}

static void print_median(const struct dw_remeasure_figures *figures)
{
    if (figures->visits == 0 || !isfinite(figures->median_s))
        printf("  %8s", "-");
    else
        printf("  %6.1f s", figures->median_s);
}

static void print(const struct job *job, const struct dw_remeasure_zone *zones)
{
    printf("%-24s %17s %17s %19s  %s\n", "zone", "visits", "passes", "median", "runs");
    for (size_t i = 0; i < job->layout.zone_count; i++) {
        const struct dw_remeasure_zone *zone = &zones[i];
        printf("%-24s %7zu > %7zu %7zu > %7zu", zone->name, zone->before.visits, zone->after.visits,
               zone->before.passes, zone->after.passes);
        print_median(&zone->before);
        printf(" >");
        print_median(&zone->after);
        printf("  %zu anew, %zu recalled, %zu as they are\n", zone->measured, zone->recalled,
               zone->kept);
    }
    if (job->conf.dry_run)
        puts("\nNothing was changed (--dry-run).");
}

static int run(struct job *job, struct dw_err *err)
{
    DW_AUTO(store) *store = NULL;
    int result = dw_zones_load(&job->layout, job->zones_path, &job->settings.zone, err);
    if (result == 0)
        result = dw_store_open(&store, job->store_path, err); /* it must be there */
    dw_store_destroy(DW_TAKE(store));
    if (result == 0)
        result = dw_store_create(&store, job->store_path, err);
    if (result < 0)
        return result;
    struct dw_remeasure_zone *zones = dw_alloc_array0(job->layout.zone_count, sizeof(*zones));
    job->conf.layout = &job->layout;
    result = dw_remeasure(store, &job->conf, zones, err);
    if (result == 0)
        print(job, zones);
    free(zones);
    return result;
}

int dw_cmd_remeasure(int argc, char **argv)
{
    struct dw_args args = {
        .command = "remeasure",
        .synopsis = "--store FILE --zones FILE [--from TIME] [--to TIME] [--dry-run]",
        .about =
            "Finds visits anew in stored foot tracks, for zones that are new, were moved or have\n"
            "other settings. What was measured before stays in the store and no longer counts;\n"
            "zones drawn back count as they were. docs/remeasure.md says how exact that is.",
        .rows = rows,
        .row_count = DW_LENGTH(rows),
        .argc = argc,
        .argv = argv,
    };
    struct job job = { .settings = dw_settings_default() };
    const struct dw_args_reader reader = { take_option, take_operand, &job };
    int leave = dw_args_read(&args, &reader);
    if (leave >= 0)
        return leave;
    if (job.store_path == NULL)
        return dw_args_wrong(&args, "wants a store: --store FILE");
    if (job.zones_path == NULL)
        return dw_args_wrong(&args, "wants the zones as they shall be: --zones FILE");
    if (job.conf.to_us != 0 && job.conf.to_us <= job.conf.from_us)
        return dw_args_wrong(&args, "--to must be later than --from");
    struct dw_err err = { 0 };
    int result = run(&job, &err);
    dw_layout_fini(&job.layout);
    return result < 0 ? dw_args_failed(&args, &err) : 0;
}
