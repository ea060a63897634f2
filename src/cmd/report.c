/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell report`: what a store says about its zones, as a table, a page or JSON. */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/macros.h"
#include "base/wall_time.h"
#include "cmd/args.h"
#include "cmd/commands.h"
#include "insight/report.h"

/* When nothing says how wide the terminal is. */
#define WIDTH_COLUMNS 100

static const struct dw_arg rows[] = {
    { "store", "FILE", "what dwell analyze --store wrote, or postgresql://..." },
    { "html", "FILE", "write one page with plots instead of the table" },
    { "json", NULL, "print one JSON object instead of the table" },
    { "camera", "NAME", "this camera only" },
    { "from", "TIME", "what began at this time or later: 2026-11-22T09:15:00Z (UTC)" },
    { "to", "TIME", "what began before this time" },
    { "include-staff", NULL, "count staff among the visitors" },
};

struct job {
    const char *store_path, *html_path;
    bool json;
    struct dw_report_conf conf;
};

static int take_option(void *user, const char *name, const char *value, struct dw_err *err)
{
    struct job *job = user;
    bool from = strcmp(name, "from") == 0, to = strcmp(name, "to") == 0;
    if (from || to) {
        int r = dw_time_parse(from ? &job->conf.from_us : &job->conf.to_us, value, err);
        return r < 0 ? dw_fail_within(err, r, "--%s", name) : 0;
    }
    if (strcmp(name, "store") == 0)
        job->store_path = value;
    else if (strcmp(name, "html") == 0)
        job->html_path = value;
    else if (strcmp(name, "camera") == 0)
        job->conf.camera = value;
    else if (strcmp(name, "json") == 0)
        job->json = true;
    else
        job->conf.include_staff = true;
    return 0;
}

static int take_operand(void *user, const char *value, struct dw_err *err)
{
    (void)user;
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

static int print(const struct dw_buf *text, struct dw_err *err)
{
    fwrite(text->data, 1, text->length, stdout);
    if (fflush(stdout) != 0 || ferror(stdout))
        return dw_fail(err, -errno, "standard output cannot be written: %s", strerror(errno));
    return 0;
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

static int write_report(struct job *job, struct dw_err *err)
{
    DW_AUTO(store) *store = NULL;
    DW_AUTO(report) *report = NULL;
    int result = dw_store_open(&store, job->store_path, err);
    if (result < 0)
        return result;
    job->conf.name = dw_store_name(store);
    result = dw_report_create(&report, store, &job->conf, err);
    if (result < 0)
        return result;
    struct dw_buf text = { 0 };
    if (job->html_path != NULL) {
        dw_report_html(report, &text);
        result = write_page(job->html_path, &text, err);
    }
    dw_buf_clear(&text);
    if (job->json) {
        dw_report_json(report, &text);
    } else if (job->html_path == NULL) {
        struct dw_report_style style = find_style();
        dw_report_text(report, &style, &text);
    }
    if (result == 0 && text.length > 0)
        result = print(&text, err);
    dw_buf_fini(&text);
    return result;
}

int dw_cmd_report(int argc, char **argv)
{
    struct dw_args args = {
        .command = "report",
        .synopsis = "--store FILE [--html FILE] [--json] [--camera NAME] [--from TIME] [--to TIME]",
        .about = "Says for each zone how many people came, how long they stayed and how sure that\n"
                 "is. docs/figures.md explains each figure.",
        .rows = rows,
        .row_count = DW_LENGTH(rows),
        .argc = argc,
        .argv = argv,
    };
    struct job job = { 0 };
    const struct dw_args_reader reader = { take_option, take_operand, &job };
    int leave = dw_args_read(&args, &reader);
    if (leave >= 0)
        return leave;
    if (job.store_path == NULL)
        return dw_args_wrong(&args, "wants a store: --store FILE");
    if (job.conf.to_us != 0 && job.conf.to_us <= job.conf.from_us)
        return dw_args_wrong(&args, "--to must be later than --from");
    struct dw_err err = { 0 };
    return write_report(&job, &err) < 0 ? dw_args_failed(&args, &err) : 0;
}
