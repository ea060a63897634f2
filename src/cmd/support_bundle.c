/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `dwell support-bundle`: what somebody who helps wants to know, in one file. Of the configuration
 * it has what is understood of it, never its text: in comments may stand anything.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/wall_time.h"
#include "cmd/args.h"
#include "cmd/commands.h"
#include "cmd/demo.h"
#include "cmd/findings.h"
#include "cmd/status.h"
#include "cmd/tar.h"
#include "conf/file.h"
#include "media/url.h"
#include "store/store_care.h"
#include "store/store_read.h"

#define STATUS_BYTES_MAX (4 << 20)

static const struct dw_arg rows[] = {
    { "config", "FILE", "of the site, as dwell serve takes it" },
    { "data", "DIR", "without --config: the folder of dwell serve (~/.local/share/dwell)" },
    { "output", "FILE", "the archive to write (dwell-support-TIME.tar)" },
};

struct job {
    const char *config_path, *data, *output;
    int64_t now_us;
    struct dw_buf tar;
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
        job->output = value;
    return 0;
}

static int take_operand(void *user, const char *value, struct dw_err *err)
{
    (void)user;
    return dw_fail(err, -EINVAL, "'%s' is no option", value);
}

/* Moves the text into the archive. */
static void add(struct job *job, const char *name, struct dw_buf *text)
{
    char path[DW_TAR_NAME_MAX + 1];
    snprintf(path, sizeof(path), "dwell-support/%s", name);
    dw_tar_add(&job->tar, path, dw_buf_text(text), text->length, job->now_us);
    dw_buf_fini(text);
}

static void add_version(struct job *job)
{
    struct dw_buf text = { 0 };
    struct utsname system;
    char time[DW_ISO8601_SIZE];
    dw_buf_printf(&text, "dwell " DWELL_VERSION "\nwritten %s\n",
                  dw_time_iso8601(time, job->now_us));
    if (uname(&system) == 0)
        dw_buf_printf(&text, "%s %s %s\n", system.sysname, system.release, system.machine);
    add(job, "version.txt", &text);
}

static void add_doctor(struct job *job)
{
    struct dw_buf text = { 0 };
    dw_doctor_put(&text);
    add(job, "doctor.json", &text);
}

/* --- Configuration -------------------------------------------------------------------------- */

static void put_address(struct dw_json_writer *json, const char *key, const char *address)
{
    char *shown = dw_url_redact(address);
    dw_json_string(json, key, shown);
    free(shown);
}

static void put_camera(struct dw_json_writer *json, const struct dw_camera_conf *camera)
{
    struct dw_buf settings = { 0 };
    dw_settings_print(&camera->settings, &settings);
    dw_json_object_begin(json, NULL);
    dw_json_string(json, "name", camera->name);
    put_address(json, "source", camera->source_text);
    dw_json_bool(json, "enabled", camera->enabled);
    dw_json_bool(json, "loop", camera->loop);
    dw_json_bool(json, "ground", camera->ground_path != NULL);
    dw_json_string(json, "settings", dw_buf_text(&settings));
    dw_json_object_end(json);
    dw_buf_fini(&settings);
}

static void put_site(struct dw_json_writer *json, const struct dw_site_conf *conf)
{
    dw_json_string(json, "time_zone", conf->time_zone != NULL ? conf->time_zone : "UTC");
    dw_json_string(json, "data", conf->data);
    put_address(json, "store", conf->store_text != NULL ? conf->store_text : conf->store);
    dw_json_string(json, "listen", conf->listen);
    dw_json_integer(json, "hosts", (int64_t)conf->hosts.count);
    dw_json_bool(json, "tls", conf->certificate != NULL);
    dw_json_string(json, "pictures", dw_privacy_name(conf->privacy));
    dw_json_object_begin(json, "retention_days");
    for (int kind = 0; kind < DW_RETENTION_COUNT; kind++)
        dw_json_integer(json, dw_store_kind_name((enum dw_store_kind)kind),
                        conf->retention_days[kind]);
    dw_json_object_end(json);
    dw_json_array_begin(json, "cameras");
    for (size_t i = 0; i < conf->cameras.count; i++)
        put_camera(json, &conf->cameras.items[i]);
    dw_json_array_end(json);
}

static void add_configuration(struct job *job, const struct dw_site_conf *conf, const char *wrong)
{
    struct dw_buf text = { 0 };
    struct dw_json_writer json = { .out = &text };
    dw_json_object_begin(&json, NULL);
    if (wrong != NULL)
        dw_json_string(&json, "error", wrong);
    else
        put_site(&json, conf);
    dw_json_object_end(&json);
    add(job, "configuration.json", &text);
}

/* --- What it measured ----------------------------------------------------------------------- */

static void add_store(struct job *job, const struct dw_site_conf *conf)
{
    struct dw_buf text = { 0 };
    struct dw_err err = { 0 };
    DW_AUTO(store) *store = NULL;
    int r = dw_store_open(&store, conf->store, &err);
    if (r == 0)
        r = dw_store_put_info(store, &text, &err);
    if (r < 0) {
        dw_buf_clear(&text);
        dw_buf_printf(&text, "%s\n", err.text);
    }
    add(job, r < 0 ? "store.txt" : "store.json", &text);
}

static void add_status(struct job *job, const struct dw_site_conf *conf)
{
    struct dw_buf text = { 0 };
    struct dw_err err = { 0 };
    char *path = dw_strdup_printf("%s/" DW_STATUS_FILE, conf->data);
    int r = dw_file_read_any(&text, path, STATUS_BYTES_MAX, &err);
    if (r <= 0)
        dw_buf_printf(&text, "%s\n", r < 0 ? err.text : "dwell serve has not run here");
    add(job, r > 0 ? DW_STATUS_FILE : "status.txt", &text);
    free(path);
}

static void add_site(struct job *job)
{
    struct dw_site_conf conf = { 0 };
    struct dw_err err = { 0 };
    char *folder = dw_demo_folder(job->data);
    char *path = job->config_path != NULL ? dw_strdup(job->config_path)
                                          : dw_strdup_printf("%s/site.yaml", folder);
    int r = dw_site_conf_load(&conf, path, &err);
    add_configuration(job, &conf, r < 0 ? err.text : NULL);
    if (r == 0) {
        add_store(job, &conf);
        add_status(job, &conf);
    }
    dw_site_conf_fini(&conf);
    free(path);
    free(folder);
}

static int write_bundle(struct job *job, struct dw_err *err)
{
    char time[DW_ISO8601_SIZE];
    dw_time_iso8601(time, job->now_us);
    char *path = job->output != NULL ? dw_strdup(job->output)
                                     : dw_strdup_printf("dwell-support-%.10s.tar", time);
    int r = dw_file_write_secret(path, dw_buf_text(&job->tar), job->tar.length, err);
    if (r == 0)
        printf("%s: look through it before you send it; there are no pictures and no passwords in "
               "it\n",
               path);
    free(path);
    return r;
}

int dw_cmd_support_bundle(int argc, char **argv)
{
    struct dw_args args = {
        .command = "support-bundle",
        .synopsis = "[--config FILE] [--output FILE]",
        .about =
            "Writes what somebody who helps wants to know into one tar archive: version, what\n"
            "dwell doctor says, the configuration without secrets, sizes of the store, how the\n"
            "cameras were and what was said last. No pictures, no visits, no passwords.",
        .rows = rows,
        .row_count = DW_LENGTH(rows),
        .argc = argc,
        .argv = argv,
    };
    struct job job = { .now_us = dw_now_us() };
    const struct dw_args_reader reader = { take_option, take_operand, &job };
    int leave = dw_args_read(&args, &reader);
    if (leave >= 0)
        return leave;
    struct dw_err err = { 0 };
    add_version(&job);
    add_doctor(&job);
    add_site(&job);
    dw_tar_end(&job.tar);
    int r = write_bundle(&job, &err);
    dw_buf_fini(&job.tar);
    return r < 0 ? dw_args_failed(&args, &err) : 0;
}
