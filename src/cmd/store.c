/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell store`: looking after a store. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json_writer.h"
#include "base/macros.h"
#include "base/wall_time.h"
#include "cmd/args.h"
#include "cmd/commands.h"
#include "cmd/findings.h"
#include "store/store_care.h"
#include "store/store_read.h"

#define DAY_US (86400 * DW_SECOND_US)
#define DAYS_MAX 100000

static const struct dw_arg rows[] = {
    { "store", "FILE", "what dwell analyze --store wrote, or postgresql://..." },
    { "visits", "DAYS", "prune: keep visits and passes for so many days: 730d" },
    { "doubt", "DAYS", "prune: keep visits as other settings would have found them" },
    { "crossings", "DAYS", "prune: keep crossings of lines" },
    { "feet", "DAYS", "prune: keep foot tracks" },
    { "rollups", "DAYS", "prune: keep counts and sums" },
    { "json", NULL, "info: print one JSON object instead of the table" },
};

struct job {
    const char *action, *store_path, *copy_path;
    bool json, any_kept;
    int64_t keep_days[DW_KIND_COUNT]; /* -1: for ever */
};

static int parse_days(int64_t *days, const char *text, struct dw_err *err)
{
    char *end = NULL;
    errno = 0;
    long long found = strtoll(text, &end, 10);
    if (end == text || strcmp(end, "d") != 0 || errno != 0 || found < 0 || found > DAYS_MAX)
        return dw_fail(err, -EINVAL, "wants a number of days up to %d, as 730d, got '%s'", DAYS_MAX,
                       text);
    *days = found;
    return 0;
}

static int take_option(void *user, const char *name, const char *value, struct dw_err *err)
{
    struct job *job = user;
    int kind = dw_store_kind_parse(name);
    if (kind >= 0) {
        job->any_kept = true;
        int result = parse_days(&job->keep_days[kind], value, err);
        return result < 0 ? dw_fail_within(err, result, "--%s", name) : 0;
    }
    if (strcmp(name, "store") == 0)
        job->store_path = value;
    else
        job->json = true;
    return 0;
}

static int take_operand(void *user, const char *value, struct dw_err *err)
{
    struct job *job = user;
    if (job->action == NULL)
        return dw_args_take_one(&job->action, "action", value, err);
    if (strcmp(job->action, "backup") != 0)
        return dw_fail(err, -EINVAL, "'%s' is one word too many after '%s'", value, job->action);
    return dw_args_take_one(&job->copy_path, "copy", value, err);
}

/* --- info ----------------------------------------------------------------------------------- */

struct sizes {
    struct dw_store_size items[DW_KIND_COUNT + 1];
    size_t count;
};

static int keep_size(void *context, const struct dw_store_size *size)
{
    struct sizes *sizes = context;
    sizes->items[sizes->count++] = *size;
    return 0;
}

/* What a day adds, by the days there are; less than one counts as one. */
static double bytes_a_day(const struct dw_store_size *size)
{
    double days = (double)(size->last_us - size->first_us) / (double)DAY_US;
    return size->rows == 0 ? 0 : (double)size->bytes / DW_MAX(days, 1);
}

static const char *day_text(char text[DW_ISO8601_SIZE], int64_t wall_us)
{
    if (wall_us == 0)
        return "-";
    dw_time_iso8601(text, wall_us);
    text[10] = '\0'; /* the day alone */
    return text;
}

static void print_sizes(const struct sizes *sizes)
{
    double total = 0, daily = 0;
    printf("%-10s %12s %10s  %-10s  %-10s %10s\n", "kind", "rows", "MB", "from", "to", "MB a day");
    for (size_t i = 0; i < sizes->count; i++) {
        const struct dw_store_size *size = &sizes->items[i];
        char first[DW_ISO8601_SIZE], last[DW_ISO8601_SIZE];
        printf("%-10s %12" PRId64 " %10.1f  %-10s  %-10s %10.2f\n", size->name, size->rows,
               (double)size->bytes / 1e6, day_text(first, size->first_us),
               day_text(last, size->last_us), bytes_a_day(size) / 1e6);
        total += (double)size->bytes / 1e6;
        daily += bytes_a_day(size) / 1e6;
    }
    printf("%-10s %12s %10.1f  %-10s  %-10s %10.2f\n", "all", "", total, "", "", daily);
    printf("\nIf it goes on like this and nothing is pruned: %.0f MB more in a year\n",
           daily * 365);
}

static void put_sizes(const struct sizes *sizes, struct dw_buf *text)
{
    struct dw_json_writer json = { .out = text };
    dw_json_object_begin(&json, NULL);
    dw_json_array_begin(&json, "kinds");
    for (size_t i = 0; i < sizes->count; i++) {
        const struct dw_store_size *size = &sizes->items[i];
        char time[DW_ISO8601_SIZE];
        dw_json_object_begin(&json, NULL);
        dw_json_string(&json, "kind", size->name);
        dw_json_integer(&json, "rows", size->rows);
        dw_json_integer(&json, "bytes", size->bytes);
        if (size->first_us != 0) {
            dw_json_string(&json, "from", dw_time_iso8601(time, size->first_us));
            dw_json_string(&json, "to", dw_time_iso8601(time, size->last_us));
        }
        dw_json_real(&json, "bytes_a_day", bytes_a_day(size), 1);
        dw_json_object_end(&json);
    }
    dw_json_array_end(&json);
    dw_json_object_end(&json);
}

int dw_store_put_info(struct dw_store *store, struct dw_buf *json, struct dw_err *err)
{
    struct sizes sizes = { .count = 0 };
    int result = dw_store_read_sizes(store, keep_size, &sizes, err);
    if (result == 0)
        put_sizes(&sizes, json);
    return result;
}

static void print_sizes_json(const struct sizes *sizes)
{
    struct dw_buf text = { 0 };
    put_sizes(sizes, &text);
    puts(dw_buf_text(&text));
    dw_buf_fini(&text);
}

static int info(struct dw_store *store, const struct job *job, struct dw_err *err)
{
    struct sizes sizes = { .count = 0 };
    int result = dw_store_read_sizes(store, keep_size, &sizes, err);
    if (result == 0)
        (job->json ? print_sizes_json : print_sizes)(&sizes);
    return result;
}

/* --- The other actions ---------------------------------------------------------------------- */

static int say_problem(void *context, const char *sentence)
{
    ++*(size_t *)context;
    puts(sentence);
    return 0;
}

static int check(struct dw_store *store, const struct job *job, struct dw_err *err)
{
    (void)job;
    size_t problems = 0;
    int result = dw_store_check(store, say_problem, &problems, err);
    if (result == 0 && problems > 0)
        return dw_fail(err, -EIO,
                       "store '%s' has %zu faults: wrong roll-ups are made again by dwell store "
                       "rebuild, for anything else bring back a copy",
                       dw_store_name(store), problems);
    if (result == 0)
        puts("whole; every roll-up is the sum of its rows");
    return result;
}

static int rebuild(struct dw_store *store, const struct job *job, struct dw_err *err)
{
    (void)job;
    return dw_store_rebuild(store, err);
}

static int backup(struct dw_store *store, const struct job *job, struct dw_err *err)
{
    return dw_store_backup(store, job->copy_path, err);
}

static int prune(struct dw_store *store, const struct job *job, struct dw_err *err)
{
    int64_t now_us = (int64_t)time(NULL) * DW_SECOND_US;
    for (int kind = 0; kind < DW_KIND_COUNT; kind++) {
        int64_t deleted = 0;
        if (job->keep_days[kind] < 0)
            continue;
        int result = dw_store_prune(store, (enum dw_store_kind)kind,
                                    now_us - job->keep_days[kind] * DAY_US, &deleted, err);
        if (result < 0)
            return result;
        printf("%s: %" PRId64 " rows deleted\n", dw_store_kind_name((enum dw_store_kind)kind),
               deleted);
    }
    return dw_store_shrink(store, err);
}

static const struct action {
    const char *name;
    bool writes;
    int (*run)(struct dw_store *store, const struct job *job, struct dw_err *err);
} actions[] = {
    { "info", false, info },      { "check", false, check }, { "backup", false, backup },
    { "rebuild", true, rebuild }, { "prune", true, prune },
};

static const struct action *find_action(const char *name)
{
    for (size_t i = 0; i < DW_LENGTH(actions) && name != NULL; i++)
        if (strcmp(actions[i].name, name) == 0)
            return &actions[i];
    return NULL;
}

static int run(const struct action *action, const struct job *job, struct dw_err *err)
{
    DW_AUTO(store) *store = NULL;
    /* Only dw_store_create() makes stores; here a missing one is a wrong name. */
    int result = dw_store_open(&store, job->store_path, err);
    if (result == 0 && action->writes) {
        dw_store_destroy(DW_TAKE(store));
        result = dw_store_create(&store, job->store_path, err);
    }
    return result == 0 ? action->run(store, job, err) : result;
}

int dw_cmd_store(int argc, char **argv)
{
    struct dw_args args = {
        .command = "store",
        .synopsis = "info|check|rebuild|prune|backup COPY --store FILE [--visits DAYS] ...",
        .about = "Looks after a store. info says how big it is and will be; check whether it is\n"
                 "whole; rebuild makes counts and sums again from the visits; prune deletes what\n"
                 "is older than so many days; backup writes a copy, also while it is written to.",
        .rows = rows,
        .row_count = DW_LENGTH(rows),
        .argc = argc,
        .argv = argv,
    };
    struct job job = { 0 };
    for (int kind = 0; kind < DW_KIND_COUNT; kind++)
        job.keep_days[kind] = -1;
    const struct dw_args_reader reader = { take_option, take_operand, &job };
    int leave = dw_args_read(&args, &reader);
    if (leave >= 0)
        return leave;
    const struct action *action = find_action(job.action);
    if (action == NULL)
        return dw_args_wrong(&args, "wants info, check, rebuild, prune or backup, got '%s'",
                             job.action != NULL ? job.action : "");
    if (job.store_path == NULL)
        return dw_args_wrong(&args, "wants a store: --store FILE");
    if (action->run == backup && job.copy_path == NULL)
        return dw_args_wrong(&args, "backup wants the name of the copy: dwell store backup COPY");
    if ((action->run == prune) != job.any_kept)
        return dw_args_wrong(&args, "prune, and nothing else, wants to know how long to keep what: "
                                    "--visits 730d, --feet 30d, ...");
    struct dw_err err = { 0 };
    return run(action, &job, &err) < 0 ? dw_args_failed(&args, &err) : 0;
}
