/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell export`: a store for other programs. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/wall_time.h"
#include "cmd/args.h"
#include "cmd/commands.h"
#include "cmd/numbers.h"
#include "insight/export.h"

static const struct dw_arg rows[] = {
    { "store", "FILE", "what dwell analyze --store wrote, or postgresql://... (required)" },
    { "what", "KIND", "visits, passes, crossings, or hours: counts by zone and hour (required)" },
    { "format", "FORMAT", "csv (the default) or jsonl" },
    { "camera", "NAME", "this camera only" },
    { "from", "TIME", "what began at this time or later: 2026-11-22T09:15:00Z (UTC)" },
    { "to", "TIME", "what began before this time" },
    { "k", "N", "hours: suppress what fewer people than this were in (5)" },
};

struct job {
    const char *store_path;
    bool any;
    struct dw_export_conf conf;
};

static int take_time(struct dw_store_filter *filter, const char *name, const char *value,
                     struct dw_err *err)
{
    bool from = strcmp(name, "from") == 0;
    int r = dw_time_parse(from ? &filter->from_us : &filter->to_us, value, err);
    return r < 0 ? dw_fail_within(err, r, "--%s", name) : 0;
}

static int take_kind(struct job *job, const char *value, struct dw_err *err)
{
    int what = dw_export_parse(value);
    if (what < 0)
        return dw_fail(err, -EINVAL, "--what wants visits, passes, crossings or hours, got '%s'",
                       value);
    job->conf.what = (enum dw_export_what)what;
    job->any = true;
    return 0;
}

static int take_option(void *user, const char *name, const char *value, struct dw_err *err)
{
    struct job *job = user;
    double k = 0;
    if (strcmp(name, "store") == 0) {
        job->store_path = value;
    } else if (strcmp(name, "camera") == 0) {
        job->conf.filter.camera = value;
    } else if (strcmp(name, "what") == 0) {
        return take_kind(job, value, err);
    } else if (strcmp(name, "format") == 0) {
        job->conf.json = strcmp(value, "jsonl") == 0;
        if (!job->conf.json && strcmp(value, "csv") != 0)
            return dw_fail(err, -EINVAL, "--format wants csv or jsonl, got '%s'", value);
    } else if (strcmp(name, "k") == 0) {
        int r = dw_number_parse(&k, "--k", value, 1, 1000, err);
        job->conf.k = (int)k;
        return r;
    } else {
        return take_time(&job->conf.filter, name, value, err);
    }
    return 0;
}

static int take_operand(void *user, const char *value, struct dw_err *err)
{
    (void)user;
    return dw_fail(err, -EINVAL, "'%s' is no option; the store goes behind --store", value);
}

int dw_cmd_export(int argc, char **argv)
{
    struct dw_args args = {
        .command = "export",
        .synopsis = "--store FILE --what visits|passes|crossings|hours [--format csv|jsonl]",
        .about = "Writes what a store holds to standard output, for other programs.\n"
                 "docs/export.md lists the columns.",
        .rows = rows,
        .row_count = DW_LENGTH(rows),
        .argc = argc,
        .argv = argv,
    };
    struct job job = { .conf.k = 5 };
    const struct dw_args_reader reader = { take_option, take_operand, &job };
    int leave = dw_args_read(&args, &reader);
    if (leave >= 0)
        return leave;
    if (job.store_path == NULL || !job.any)
        return dw_args_wrong(&args, "wants a store and what of it: --store FILE --what visits");
    DW_AUTO(store) *store = NULL;
    struct dw_err err = { 0 };
    int result = dw_store_open(&store, job.store_path, &err);
    if (result == 0)
        result = dw_export(store, &job.conf, stdout, &err);
    return result < 0 ? dw_args_failed(&args, &err) : 0;
}
