/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell import`: visits from a CSV file. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/args.h"
#include "cmd/commands.h"
#include "conf/option.h"
#include "conf/zones.h"
#include "insight/import.h"

#define PROBLEMS_SHOWN 50

static const struct dw_arg rows[] = {
    { "store", "FILE", "where to: a store, made when missing, or postgresql://... (required)" },
    { "site", "NAME", "of rows that name none (site)" },
    { "camera", "NAME", "of rows that name none (imported)" },
    { "zones", "FILE", "drawings and settings of the zones, JSON" },
    { "set", "KEY=VALUE", "a setting for all zones of that file (may be repeated)" },
};

struct job {
    const char *store_path, *zones_path;
    size_t problems;
    struct dw_settings settings;
    struct dw_layout layout;
    struct dw_import_conf conf;
};

static int take_option(void *user, const char *name, const char *value, struct dw_err *err)
{
    struct job *job = user;
    if (strcmp(name, "set") == 0)
        return dw_settings_set(&job->settings, value, err);
    if (strcmp(name, "store") == 0)
        job->store_path = value;
    else if (strcmp(name, "site") == 0)
        job->conf.site = value;
    else if (strcmp(name, "camera") == 0)
        job->conf.camera = value;
    else
        job->zones_path = value;
    return 0;
}

static int take_operand(void *user, const char *value, struct dw_err *err)
{
    struct job *job = user;
    return dw_args_take_one(&job->conf.source, "file", value, err);
}

static void say_problem(void *user, const char *sentence)
{
    struct job *job = user;
    if (++job->problems <= PROBLEMS_SHOWN)
        fprintf(stderr, "%s: %s\n", job->conf.source, sentence);
    else if (job->problems == PROBLEMS_SHOWN + 1)
        fputs("...\n", stderr);
}

static int import_file(struct job *job, FILE *file, struct dw_err *err)
{
    DW_AUTO(store) *store = NULL;
    struct dw_import_result result = { 0 };
    int code = dw_store_create(&store, job->store_path, err);
    job->conf.layout = &job->layout;
    job->conf.problem = say_problem;
    job->conf.user = job;
    if (code == 0)
        code = dw_import(store, file, &job->conf, &result, err);
    if (result.unknown[0] != '\0')
        fprintf(stderr, "dwell import: note: columns that are not known were left out: %s\n",
                result.unknown);
    if (code == 0)
        printf("%zu visits and %zu passes in %zu runs; %zu were in the store already\n",
               result.visits, result.passes, result.runs, result.known);
    return code;
}

static int run(struct job *job, struct dw_err *err)
{
    int code = 0;
    if (job->zones_path != NULL)
        code = dw_zones_load(&job->layout, job->zones_path, &job->settings.zone, err);
    if (code < 0)
        return code;
    FILE *file = fopen(job->conf.source, "r");
    if (file == NULL || fseek(file, 0, SEEK_SET) != 0)
        code = dw_fail(err, -errno, "file '%s' cannot be read (a pipe cannot): %s",
                       job->conf.source, strerror(errno));
    else
        code = import_file(job, file, err);
    if (file != NULL)
        fclose(file);
    return code;
}

int dw_cmd_import(int argc, char **argv)
{
    struct dw_args args = {
        .command = "import",
        .synopsis = "FILE.csv --store FILE [--site NAME] [--camera NAME] [--zones FILE]",
        .about =
            "Puts visits of another store or system into a store: all of them, or none when a\n"
            "row is bad. docs/export.md lists the columns.",
        .rows = rows,
        .row_count = DW_LENGTH(rows),
        .argc = argc,
        .argv = argv,
    };
    struct job job = { .settings = dw_settings_default(),
                       .conf = { .site = "site", .camera = "imported" } };
    const struct dw_args_reader reader = { take_option, take_operand, &job };
    int leave = dw_args_read(&args, &reader);
    if (leave >= 0)
        return leave;
    if (job.conf.source == NULL || job.store_path == NULL)
        return dw_args_wrong(&args, "wants a file and a store: dwell import FILE.csv --store FILE");
    struct dw_err err = { 0 };
    int code = run(&job, &err);
    dw_layout_fini(&job.layout);
    return code < 0 ? dw_args_failed(&args, &err) : 0;
}
