/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/wall_time.h"
#include "conf/file.h"
#include "http/camera_json.h"

#define LINES_MAX 200

void dw_status_say(struct dw_status *status, const char *format, ...)
{
    char text[1024], time[DW_ISO8601_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    puts(text);
    fflush(stdout);
    if (status->lines.count == LINES_MAX) {
        free(status->lines.items[0]);
        dw_vec_remove(&status->lines, 0);
    }
    char *line = dw_strdup_printf("%s %s", dw_time_iso8601(time, dw_now_us()), text);
    dw_vec_push(&status->lines, line);
}

void dw_status_write(struct dw_status *status, struct dw_site *site)
{
    struct dw_buf text = { 0 };
    struct dw_json_writer json = { .out = &text };
    struct dw_err err = { 0 };
    char time[DW_ISO8601_SIZE];
    int64_t now_us = dw_now_us();
    dw_json_object_begin(&json, NULL);
    dw_json_string(&json, "version", DWELL_VERSION);
    dw_json_string(&json, "time", dw_time_iso8601(time, now_us));
    dw_json_integer(&json, "uptime_s", (now_us - status->started_us) / DW_SECOND_US);
    dw_camera_json_list(&json, site);
    dw_json_array_begin(&json, "log");
    for (size_t i = 0; i < status->lines.count; i++)
        dw_json_string(&json, NULL, status->lines.items[i]);
    dw_json_array_end(&json);
    dw_json_object_end(&json);
    dw_buf_puts(&text, "\n");
    char *path = dw_strdup_printf("%s/" DW_STATUS_FILE, status->folder);
    if (dw_file_write_secret(path, dw_buf_text(&text), text.length, &err) < 0)
        fprintf(stderr, "dwell serve: %s\n", err.text);
    status->written_us = now_us;
    free(path);
    dw_buf_fini(&text);
}

void dw_status_fini(struct dw_status *status)
{
    for (size_t i = 0; i < status->lines.count; i++)
        free(status->lines.items[i]);
    dw_vec_fini(&status->lines);
}
