/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell report`: what a store says about its zones, as a table, a page, JSON or CSV. */
#include <assert.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/macros.h"
#include "base/suggest.h"
#include "base/wall_time.h"
#include "cmd/args.h"
#include "cmd/commands.h"
#include "cmd/known_names.h"
#include "cmd/numbers.h"
#include "insight/local_day.h"
#include "insight/report.h"
#include "insight/report_kind.h"

/* When nothing says how wide the terminal is. */
#define WIDTH_COLUMNS 100

#define ROWS_MAX 40 /* options of the most versatile kind */
#define DAYS_DEFAULT 28

/* The page without a kind takes these; the kinds those of the second row too. */
static const struct dw_arg page_rows[] = {
    { "store", "FILE", "what dwell analyze --store wrote, or postgresql://..." },
    { "html", "FILE", "write one page with plots instead of the table" },
    { "json", NULL, "print one JSON object instead of the table" },
    { "camera", "NAME", "this camera only" },
    { "from", "TIME", "what began at this time or later: 2026-11-22T09:15:00Z, or a day" },
    { "to", "TIME", "what began before this time" },
    { "days", "N", "so many days: behind --from, before --to, or the last ones measured" },
    { "tz", "NAME", "time zone of the shop for days: Europe/Berlin (UTC)" },
    { "include-staff", NULL, "count staff among the visitors" },
};

static const struct dw_arg kind_rows[] = {
    { "csv", NULL, "print CSV instead of the table" },
    { "zone", "NAME", "this zone only" },
};

struct job {
    const struct dw_report_kind *kind; /* NULL: the page of what was measured, visit by visit */
    const char *store_path, *html_path, *time_zone, *from, *to;
    bool json, csv;
    double days;
    struct dw_report_conf conf;
    const char *zone;
    struct dw_arg rows[ROWS_MAX];
    size_t row_count;
    const char *values[ROWS_MAX]; /* of the kind's options */
    struct dw_report_request request;
};

static int take_kind_option(struct job *job, const char *name, const char *value)
{
    for (size_t i = 0; job->kind != NULL && i < job->kind->option_count; i++)
        if (strcmp(job->kind->options[i].name, name) == 0)
            job->values[i] = value != NULL ? value : "";
    return 0;
}

static int take_option(void *user, const char *name, const char *value, struct dw_err *err)
{
    struct job *job = user;
    const struct {
        const char *name;
        const char **text;
        bool *flag;
    } simple[] = {
        { "store", &job->store_path, NULL },
        { "html", &job->html_path, NULL },
        { "camera", &job->conf.camera, NULL },
        { "from", &job->from, NULL },
        { "to", &job->to, NULL },
        { "tz", &job->time_zone, NULL },
        { "zone", &job->zone, NULL },
        { "json", NULL, &job->json },
        { "csv", NULL, &job->csv },
        { "include-staff", NULL, &job->conf.include_staff },
    };
    if (strcmp(name, "days") == 0)
        return dw_number_parse(&job->days, "--days", value, 1, 36600, err);
    for (size_t i = 0; i < DW_LENGTH(simple); i++) {
        if (strcmp(simple[i].name, name) != 0)
            continue;
        if (simple[i].text != NULL)
            *simple[i].text = value;
        if (simple[i].flag != NULL)
            *simple[i].flag = true;
        return 0;
    }
    return take_kind_option(job, name, value);
}

static int take_operand(void *user, const char *value, struct dw_err *err)
{
    const struct job *job = user;
    if (job->kind == NULL && dw_report_kind_find(value) != NULL)
        return dw_fail(err, -EINVAL, "'%s' goes first: dwell report %s --store FILE", value, value);
    return dw_fail(err, -EINVAL, "'%s' is no option; the store goes behind --store", value);
}

static struct dw_report_style find_style(void)
{
    struct winsize size = { 0 };
    bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    setlocale(LC_CTYPE, "");
    return (struct dw_report_style){
        .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
        .width_columns = known ? size.ws_col : WIDTH_COLUMNS,
    };
}

/* Beside the old page first: a page half written is worse than none. */
static int write_page(const char *path, const struct dw_buf *page, struct dw_err *err)
{
    struct dw_buf part = { 0 };
    int result = 0;
    dw_buf_printf(&part, "%s.part", path);
    FILE *file = fopen(part.data, "w");
    bool written = file != NULL && fwrite(page->data, 1, page->length, file) == page->length;
    int code = errno;
    if (file != NULL && fclose(file) != 0 && written) {
        written = false;
        code = errno;
    }
    if (written && rename(part.data, path) != 0) {
        written = false;
        code = errno;
    }
    if (!written) {
        result = dw_fail(err, -code, "page '%s' cannot be written: %s", path, strerror(code));
        if (file != NULL)
            unlink(part.data);
    }
    dw_buf_fini(&part);
    return result;
}

/* Where nothing else is said: all that is printed goes here. */
static int put_out(const struct job *job, const struct dw_buf *page, const struct dw_buf *text,
                   struct dw_err *err)
{
    int result = job->html_path != NULL ? write_page(job->html_path, page, err) : 0;
    if (result == 0 && text->length > 0)
        fwrite(text->data, 1, text->length, stdout); /* whether it got there is seen at the end */
    return result;
}

static int write_visits(struct job *job, struct dw_store *store, struct dw_err *err)
{
    DW_AUTO(report) *report = NULL;
    struct dw_buf page = { 0 }, text = { 0 };
    struct dw_report_style style = find_style();
    job->conf.name = dw_store_name(store);
    int result = dw_report_create(&report, store, &job->conf, err);
    if (result < 0)
        return result;
    if (job->html_path != NULL)
        dw_report_html(report, &page);
    if (job->json)
        dw_report_json(report, &text);
    else if (job->html_path == NULL)
        dw_report_text(report, &style, &text);
    result = put_out(job, &page, &text, err);
    dw_buf_fini(&page);
    dw_buf_fini(&text);
    return result;
}

static int write_kind(struct job *job, struct dw_store *store, struct dw_err *err)
{
    struct dw_sheet sheet = { 0 };
    struct dw_buf page = { 0 }, text = { 0 };
    struct dw_report_style style = find_style();
    job->request.camera = job->conf.camera;
    job->request.zone = job->zone;
    job->request.include_staff = job->conf.include_staff;
    job->request.values = job->values;
    int result = dw_report_kind_fill(job->kind, &sheet, store, &job->request, err);
    if (result == 0) {
        if (job->html_path != NULL)
            dw_sheet_write_html(&sheet, &page);
        if (job->json)
            dw_sheet_write_json(&sheet, &text);
        else if (job->csv)
            dw_sheet_write_csv(&sheet, &text);
        else if (job->html_path == NULL)
            dw_sheet_write_text(&sheet, &style, &text);
        result = put_out(job, &page, &text, err);
    }
    dw_sheet_fini(&sheet);
    dw_buf_fini(&page);
    dw_buf_fini(&text);
    return result;
}

/* Whole local days for a kind: those asked for, else the last ones measured. */
static int find_days(struct job *job, struct dw_store *store, struct dw_err *err)
{
    const struct dw_report_conf *conf = &job->conf;
    struct dw_report_request *request = &job->request;
    int64_t first = 0, end = 0, days = (int64_t)job->days;
    int result = dw_report_days_measured(store, conf->camera, &first, &end, err);
    if (result < 0)
        return result;
    if (job->from != NULL)
        first = dw_local_day(conf->from_us);
    if (job->to != NULL)
        end = dw_local_day(conf->to_us - 1) + 1;
    if (job->from != NULL && days > 0)
        end = first + days;
    else if (job->from == NULL)
        first = end - (days > 0 ? days : DAYS_DEFAULT);
    request->from_day = first;
    request->to_day = DW_MAX(end, first + 1); /* perhaps nothing was measured after --from */
    return 0;
}

/* A plain date is the beginning of a local day; kinds take nothing else. */
static int parse_time(const struct job *job, int64_t *wall_us, const char *text, struct dw_err *err)
{
    int64_t day = 0;
    struct dw_err why = { { 0 } };
    int result = dw_local_date_parse(&day, text, &why);
    if (result < 0 && job->kind == NULL)
        return dw_time_parse(wall_us, text, err);
    if (result == 0)
        *wall_us = dw_local_day_start(day);
    return result < 0 ? dw_fail(err, result, "%s", why.text) : 0;
}

static int read_period(struct job *job, struct dw_err *err)
{
    struct dw_report_conf *conf = &job->conf;
    int result = dw_local_zone_set(job->time_zone, err);
    if (result < 0)
        return dw_fail_within(err, result, "--tz");
    if (job->from != NULL && (result = parse_time(job, &conf->from_us, job->from, err)) < 0)
        return dw_fail_within(err, result, "--from");
    if (job->to != NULL && (result = parse_time(job, &conf->to_us, job->to, err)) < 0)
        return dw_fail_within(err, result, "--to");
    if (job->to != NULL && conf->to_us <= conf->from_us)
        return dw_fail(err, -EINVAL, "--to must be later than --from");
    if (job->from != NULL && job->to != NULL && job->days > 0)
        return dw_fail(err, -EINVAL, "--days with both --from and --to: leave one of them out");
    return 0;
}

static int write_report(struct job *job, struct dw_err *err)
{
    DW_AUTO(store) *store = NULL;
    int result = dw_store_open(&store, job->store_path, err);
    if (result == 0)
        result = dw_known_names_check(store, job->conf.camera, job->zone, err);
    if (result == 0 && (job->kind != NULL || job->days > 0))
        result = find_days(job, store, err);
    if (result < 0)
        return result;
    if (job->kind != NULL)
        return write_kind(job, store, err);
    if (job->days > 0) {
        job->conf.from_us = dw_local_day_start(job->request.from_day);
        job->conf.to_us = dw_local_day_start(job->request.to_day);
    }
    return write_visits(job, store, err);
}

static void add_rows(struct job *job, const struct dw_arg *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        job->rows[job->row_count++] = rows[i];
}

/* Common options first, then the kind's own. */
static void find_rows(struct job *job)
{
    add_rows(job, page_rows, DW_LENGTH(page_rows));
    if (job->kind == NULL)
        return;
    add_rows(job, kind_rows, DW_LENGTH(kind_rows));
    assert(job->row_count + job->kind->option_count <= ROWS_MAX);
    for (size_t i = 0; i < job->kind->option_count; i++) {
        const struct dw_report_option *option = &job->kind->options[i];
        job->rows[job->row_count++] = (struct dw_arg){ option->name, option->value, option->help };
    }
}

/* "compare, displays ... or summary". */
static void list_kinds(struct dw_buf *out)
{
    for (size_t i = 0; dw_report_kind_at(i) != NULL; i++)
        dw_buf_printf(out, "%s%s%s", i == 0 ? "" : ", ",
                      dw_report_kind_at(i + 1) == NULL ? "or " : "", dw_report_kind_at(i)->name);
}

static int fail_kind(const char *word, struct dw_err *err)
{
    const char *names[ROWS_MAX];
    size_t count = 0;
    struct dw_buf list = { 0 };
    for (; dw_report_kind_at(count) != NULL && count < ROWS_MAX; count++)
        names[count] = dw_report_kind_at(count)->name;
    const char *near = dw_suggest(word, names, count);
    list_kinds(&list);
    if (near != NULL)
        dw_fail(err, -EINVAL, "there is no report '%s'; did you mean '%s'?", word, near);
    else
        dw_fail(err, -EINVAL, "there is no report '%s', but %s; the store goes behind --store",
                word, dw_buf_text(&list));
    dw_buf_fini(&list);
    return -EINVAL;
}

/* The word behind `report`, before all options. */
static int take_kind(struct job *job, const char *word, struct dw_err *err)
{
    job->kind = dw_report_kind_find(word);
    return job->kind != NULL ? 0 : fail_kind(word, err);
}

/* Leaves with the exit code. */
static int run(struct job *job, struct dw_args *args)
{
    struct dw_err err = { 0 };
    if (args->argc > 1 && args->argv[1][0] != '-') {
        if (take_kind(job, args->argv[1], &err) < 0)
            return dw_args_wrong(args, "%s", err.text);
        args->at = 1;
    }
    if (job->kind != NULL)
        args->about = job->kind->about;
    find_rows(job);
    args->row_count = job->row_count;
    const struct dw_args_reader reader = { take_option, take_operand, job };
    int leave = dw_args_read(args, &reader);
    if (leave >= 0)
        return leave;
    if (job->store_path == NULL)
        return dw_args_wrong(args, "wants a store: --store FILE");
    if (read_period(job, &err) < 0)
        return dw_args_wrong(args, "%s", err.text);
    int result = write_report(job, &err);
    if (result == -EINVAL && job->kind != NULL)
        return dw_args_wrong(args, "%s", err.text);
    return result < 0 ? dw_args_failed(args, &err) : 0;
}

int dw_cmd_report(int argc, char **argv)
{
    struct job job = { 0 };
    struct dw_buf about = { 0 };
    dw_buf_puts(&about,
                "Says for each zone how many people came, how long they stayed and how sure "
                "that\nis. KIND is ");
    list_kinds(&about);
    dw_buf_puts(&about,
                ";\neach has its own --help. Without one: all that was measured, visit by visit.\n"
                "docs/figures.md explains each figure.");
    struct dw_args args = {
        .command = "report",
        .synopsis =
            "[KIND] --store FILE [--html FILE] [--json] [--from TIME] [--to TIME] [options]",
        .about = dw_buf_text(&about),
        .rows = job.rows,
        .argc = argc,
        .argv = argv,
    };
    int leave = run(&job, &args);
    dw_buf_fini(&about);
    return leave;
}
