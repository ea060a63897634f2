/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --staff-set: who walked by, for labelling: what each looked like, as numbers, and one tile. In a
 * folder that only its owner can read, with a day from which it must not be used.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/alloc.h"
#include "base/wall_time.h"
#include "conf/file.h"
#include "conf/staff_file.h"
#include "engine/output.h"
#include "engine/staff.h"
#include "engine/staff_tile.h"

#define KEPT_DAYS 30

struct staff_output {
    const struct dw_output_context *context;
    char *folder;
    FILE *file;
    struct dw_staff_watch *watch;
};

static void close_set(void *self)
{
    struct staff_output *output = self;
    if (output == NULL)
        return;
    dw_staff_watch_destroy(output->watch);
    if (output->file != NULL)
        fclose(output->file);
    free(output->folder);
    free(output);
}

static int keep_tile(void *user, struct dw_staff_person *person, const struct dw_image *image,
                     struct dw_box box, struct dw_err *err)
{
    const struct staff_output *output = user;
    if (!dw_staff_tile_is_better(box, person->tile_h_px))
        return 0;
    person->tile_h_px = box.h;
    struct dw_buf jpeg = { 0 };
    char *path = dw_staff_tile_path(output->folder, person->number);
    int r = dw_staff_tile_make(image, box, &jpeg, err);
    if (r == 0)
        r = dw_file_write_secret(path, jpeg.data, jpeg.length, err);
    free(path);
    dw_buf_fini(&jpeg);
    return r;
}

static void put(const struct staff_output *output, struct dw_buf *line)
{
    fputs(dw_buf_text(line), output->file);
    dw_buf_fini(line);
}

static void keep_track(void *user, const struct dw_staff_person *person)
{
    const struct staff_output *output = user;
    struct dw_staff_set_track track = { .number = person->number };
    struct dw_buf line = { 0 };
    track.track.views = person->views;
    track.track.start_us = output->context->record.start_wall_us + person->first_us;
    dw_staff_track_print(&line, &track);
    put(output, &line);
}

static int open_file(struct staff_output *output, struct dw_err *err)
{
    if (mkdir(output->folder, 0700) != 0)
        return dw_fail(err, -errno, "cannot make the folder '%s' for a labelling set: %s",
                       output->folder, strerror(errno));
    char *path = dw_strdup_printf("%s/" DW_STAFF_SET_FILE, output->folder);
    output->file = fopen(path, "wxe");
    int r = output->file != NULL && chmod(path, 0600) == 0 ? 0 : -errno;
    if (r < 0)
        dw_fail(err, r, "cannot write '%s': %s", path, strerror(-r));
    free(path);
    return r;
}

static int open_set(void **self, const char *path, const struct dw_output_context *context,
                    struct dw_err *err)
{
    struct staff_output *output = dw_alloc0(sizeof(*output));
    output->context = context;
    output->folder = dw_strdup(path);
    struct dw_staff_conf conf = {
        .reid_path = context->reid,
        .forget_us = context->settle_us,
        .viewed = keep_tile,
        .gone = keep_track,
        .user = output,
    };
    int r = dw_staff_watch_create(&output->watch, &conf, err);
    if (r == 0)
        r = open_file(output, err);
    if (r < 0) {
        close_set(output);
        return r;
    }
    struct dw_staff_set set = { .until_us = ((int64_t)time(NULL) + KEPT_DAYS * INT64_C(86400)) *
                                            DW_SECOND_US };
    struct dw_buf line = { 0 };
    snprintf(set.looks, sizeof(set.looks), "%s", dw_staff_watch_looks(output->watch));
    snprintf(set.camera, sizeof(set.camera), "%s", context->record.camera);
    dw_staff_set_print(&line, &set);
    put(output, &line);
    *self = output;
    return 0;
}

static int take_moment(void *self, const struct dw_output_moment *moment, struct dw_err *err)
{
    struct staff_output *output = self;
    return moment->frame != NULL
               ? dw_staff_watch_step(output->watch, &moment->frame->image, moment->time_us,
                                     moment->lane.live, moment->lane.live_count, err)
               : 0;
}

static int finish_set(void *self, int64_t end_us, bool complete, struct dw_err *err)
{
    struct staff_output *output = self;
    (void)end_us;
    (void)complete;
    dw_staff_watch_finish(output->watch);
    bool failed = ferror(output->file) != 0 || fflush(output->file) != 0;
    return failed ? dw_fail(err, -EIO, "cannot write the labelling set '%s': is the disk full?",
                            output->folder)
                  : 0;
}

extern const struct dw_output_impl dw_output_staff;
const struct dw_output_impl dw_output_staff = {
    .name = "staff-set",
    .open = open_set,
    .take = take_moment,
    .finish = finish_set,
    .close = close_set,
};
