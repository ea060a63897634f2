/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell serve`: cameras, store and page, for as long as it runs. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/vec.h"
#include "base/wall_time.h"
#include "cmd/args.h"
#include "cmd/commands.h"
#include "cmd/demo.h"
#include "cmd/notify.h"
#include "cmd/status.h"
#include "conf/file.h"
#include "conf/yaml_tree.h"
#include "engine/site.h"
#include "http/http.h"
#include "insight/local_day.h"
#include "media/url.h"

/* A stream that says it runs and brought no picture for so long is stuck in a way that none of the
 * deadlines of its own saw: only a new start helps. */
#define STUCK_S 60.0
#define STATUS_EVERY_US (600 * DW_SECOND_US)

static const struct dw_arg rows[] = {
    { "config", "FILE", "what is measured, YAML (docs/configuration.md)" },
    { "data", "DIR", "without --config: where everything is kept (~/.local/share/dwell)" },
    { "listen", "ADDRESS", "where the page is, in place of the configured (127.0.0.1:8080)" },
};

struct job {
    const char *config_path, *data, *listen;
    struct dw_site_conf conf;
    bool demo; /* the configuration was made now */
};

/* What was told of a camera last. */
struct told {
    char name[DW_CAMERA_NAME_MAX];
    enum dw_camera_state state;
};

struct serving {
    struct dw_site *site;
    struct dw_http *http;
    struct dw_status status;
    DW_VEC(struct told) told;
    int64_t alive_us; /* when the service manager was told last that it works */
};

static int take_option(void *user, const char *name, const char *value, struct dw_err *err)
{
    (void)err;
    struct job *job = user;
    if (strcmp(name, "config") == 0)
        job->config_path = value;
    else if (strcmp(name, "data") == 0)
        job->data = value;
    else
        job->listen = value;
    return 0;
}

static int take_operand(void *user, const char *value, struct dw_err *err)
{
    (void)user;
    return dw_fail(err, -EINVAL, "'%s' is no option; cameras stand in the file of --config", value);
}

/* --- Before the start ----------------------------------------------------------------------- */

/* Without a configuration: the one in the data folder, which is made with the sample video. */
static int load_default(struct job *job, struct dw_err *err)
{
    char *folder = dw_demo_folder(job->data);
    char *path = dw_strdup_printf("%s/site.yaml", folder);
    int r = 0;
    if (access(path, F_OK) != 0) {
        job->demo = true;
        r = dw_demo_write(folder, path, err);
    }
    if (r == 0)
        r = dw_site_conf_load(&job->conf, path, err);
    free(path);
    free(folder);
    return r;
}

static int load(struct job *job, struct dw_err *err)
{
    int r = job->config_path != NULL ? dw_site_conf_load(&job->conf, job->config_path, err)
                                     : load_default(job, err);
    if (r == 0)
        r = dw_local_zone_set(job->conf.time_zone, err);
    if (r == 0)
        r = dw_folder_make(job->conf.data, err);
    return r;
}

/* --- While it runs -------------------------------------------------------------------------- */

static struct told *find_told(struct serving *serving, const char *name)
{
    for (size_t i = 0; i < serving->told.count; i++)
        if (strcmp(serving->told.items[i].name, name) == 0)
            return &serving->told.items[i];
    struct told *told = dw_vec_add(&serving->told);
    snprintf(told->name, sizeof(told->name), "%s", name);
    told->state = DW_CAMERA_STARTING;
    return told;
}

static void tell_cameras(struct serving *serving)
{
    struct dw_camera_status status;
    bool changed = false;
    for (size_t i = 0; dw_site_camera_status(serving->site, i, &status) == 0; i++) {
        struct told *told = find_told(serving, status.name);
        if (status.state == told->state || status.state == DW_CAMERA_STARTING)
            continue;
        told->state = status.state;
        changed = true;
        dw_status_say(&serving->status, "camera '%s': %s%s%s", status.name,
                      dw_camera_state_name(status.state), status.reason[0] != '\0' ? ": " : "",
                      status.reason);
    }
    if (changed || dw_now_us() - serving->status.written_us >= STATUS_EVERY_US)
        dw_status_write(&serving->status, serving->site);
}

static bool is_stuck(const struct dw_camera_status *status)
{
    return status->state == DW_CAMERA_RUNNING && !dw_url_is_file(status->source) &&
           status->last_frame_age_s > STUCK_S;
}

/* Asks every camera, so that it hangs where they do; then says how many run, and that all is alive
 * only when none is stuck. */
static void tell_manager(struct serving *serving)
{
    struct dw_camera_status status;
    size_t count = 0, running = 0, stuck = 0;
    for (; dw_site_camera_status(serving->site, count, &status) == 0; count++) {
        running += status.state == DW_CAMERA_RUNNING;
        stuck += is_stuck(&status);
    }
    int64_t period_us = dw_notify_watchdog_us(), now_us = dw_clock_us(CLOCK_MONOTONIC);
    if (!dw_notify_wanted() || now_us - serving->alive_us < DW_MAX(period_us / 2, DW_SECOND_US))
        return;
    serving->alive_us = now_us;
    dw_notify("%sSTATUS=%zu of %zu cameras run%s",
              period_us > 0 && stuck == 0 ? "WATCHDOG=1\n" : "", running, count,
              stuck > 0 ? "; stuck, to be started anew" : "");
}

/* Reads the configuration again, as if it had been changed on the page. */
static void reload(struct serving *serving, const char *path)
{
    struct dw_buf text = { 0 }, note = { 0 };
    struct dw_err err = { 0 };
    dw_notify("RELOADING=1\nMONOTONIC_USEC=%lld", (long long)dw_clock_us(CLOCK_MONOTONIC));
    int r = dw_file_read(&text, path, DW_YAML_BYTES_MAX, &err);
    if (r == 0)
        r = dw_site_config_set(serving->site, dw_buf_text(&text), NULL, &note, &err);
    dw_status_say(&serving->status, "configuration read again%s%s",
                  r < 0 || note.length > 0 ? ": " : "", r < 0 ? err.text : dw_buf_text(&note));
    dw_notify("READY=1");
    dw_buf_fini(&note);
    dw_buf_fini(&text);
}

static void greet(const struct serving *serving, const struct job *job, const char *data)
{
    struct dw_buf link = { 0 }, claim = { 0 };
    dw_http_link(serving->http, &link);
    if (job->demo)
        printf("There is no configuration yet: the sample video plays as camera 'sample', and six\n"
               "simulated weeks, marked as such, stand for history. Change it on the page.\n");
    printf("page:    %s\n", dw_buf_text(&link));
    if (dw_http_claim_link(serving->http, &claim))
        printf("claim:   %s   (once, to become its administrator; until then it is open to this "
               "machine only)\n",
               dw_buf_text(&claim));
    printf("data:    %s\n", data);
    printf("Ctrl-C ends it.\n");
    fflush(stdout);
    dw_buf_fini(&claim);
    dw_buf_fini(&link);
}

static void say_ending(void)
{
    dw_notify("STOPPING=1\nSTATUS=writing what was measured");
    puts("ending: what was measured is being written");
    fflush(stdout);
    signal(SIGINT, SIG_DFL); /* who presses again does not want to wait */
    sigset_t again;
    sigemptyset(&again);
    sigaddset(&again, SIGINT);
    pthread_sigmask(SIG_UNBLOCK, &again, NULL);
}

static void wait_for_end(struct serving *serving, const sigset_t *signals, const char *path)
{
    const struct timespec second = { .tv_sec = 1 };
    int got = 0;
    do {
        got = sigtimedwait(signals, NULL, &second);
        if (got == SIGHUP)
            reload(serving, path);
        tell_cameras(serving);
        tell_manager(serving);
    } while (got < 0 || got == SIGHUP);
    say_ending();
}

static int open_http(struct serving *serving, const struct dw_site_conf *conf, const char *listen,
                     struct dw_err *err)
{
    struct dw_http_conf http = {
        .site = serving->site,
        .listen = listen != NULL ? listen : conf->listen,
        .data = conf->data,
        .store = conf->store,
        .hosts = (const char *const *)conf->hosts.items,
        .host_count = conf->hosts.count,
        .certificate = conf->certificate,
        .key = conf->key,
    };
    return dw_http_create(&serving->http, &http, err);
}

static int serve(struct job *job, const sigset_t *signals, struct dw_err *err)
{
    const struct dw_site_clock clock = { dw_local_offset, dw_local_standard_offset };
    struct serving serving = { .status.started_us = dw_now_us() };
    struct dw_site_conf conf = { 0 };
    bool history = job->demo && access(job->conf.store, F_OK) != 0;
    int r = history ? dw_demo_history(&job->conf, err) : 0;
    if (r == 0)
        r = dw_site_create(&serving.site, &job->conf, clock, err);
    if (r < 0)
        return r;
    dw_site_conf_copy(serving.site, &conf);
    serving.status.folder = conf.data;
    r = open_http(&serving, &conf, job->listen, err);
    if (r == 0) {
        greet(&serving, job, conf.data);
        dw_notify("READY=1");
        wait_for_end(&serving, signals, conf.path);
        dw_status_write(&serving.status, serving.site);
    }
    dw_hub_stop(dw_site_hub(serving.site));
    dw_http_destroy(serving.http);
    dw_site_destroy(serving.site);
    dw_site_conf_fini(&conf);
    dw_status_fini(&serving.status);
    dw_vec_fini(&serving.told);
    return r;
}

int dw_cmd_serve(int argc, char **argv)
{
    struct dw_args args = {
        .command = "serve",
        .synopsis = "[--config FILE] [--listen ADDRESS]",
        .about =
            "Measures all cameras of a site for as long as it runs, and shows what is measured\n"
            "in the browser. Without --config it plays the sample video as a camera.",
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
    if (job.config_path != NULL && job.data != NULL)
        return dw_args_wrong(&args,
                             "--data goes with no --config: write 'data: DIR' into the file");
    /* Before there is any thread: they all inherit it, and the first one waits for them. */
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    if (dw_notify_wanted()) /* in a terminal it says that the terminal is gone */
        sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    struct dw_err err = { 0 };
    int r = load(&job, &err);
    if (r == 0)
        r = serve(&job, &signals, &err);
    dw_site_conf_fini(&job.conf);
    return r < 0 ? dw_args_failed(&args, &err) : 0;
}
