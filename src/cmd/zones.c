/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell zones`: a still picture of a video with the zones drawn, for placing zones by hand. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "base/wall_time.h"
#include "cmd/args.h"
#include "cmd/commands.h"
#include "cmd/numbers.h"
#include "conf/option.h"
#include "conf/zones.h"
#include "media/cover.h"
#include "media/overlay.h"
#include "media/source.h"

static const struct dw_arg rows[] = {
    { "zones", "FILE", "zones and lines to draw, JSON; without it a grid of coordinates" },
    { "output", "FILE", "the picture, PNG (zones.png)" },
    { "at", "SECONDS", "which moment of the video (0)" },
};

struct job {
    const char *video, *zones_path, *output_path;
    double at_s;
    struct dw_layout layout;
};

static int take_option(void *user, const char *name, const char *value, struct dw_err *err)
{
    struct job *job = user;
    if (strcmp(name, "at") == 0)
        return dw_number_parse(&job->at_s, "--at", value, 0, 1e6, err);
    if (strcmp(name, "zones") == 0)
        job->zones_path = value;
    else
        job->output_path = value;
    return 0;
}

static int take_operand(void *user, const char *value, struct dw_err *err)
{
    struct job *job = user;
    return dw_args_take_one(&job->video, "video", value, err);
}

/* The first frame at or after the moment; the last one when the video is shorter. */
static int find_frame(struct dw_frame **out, struct dw_source *source, double at_s,
                      struct dw_err *err)
{
    DW_AUTO(frame) *last = NULL;
    for (;;) {
        struct dw_frame *frame = NULL;
        int r = dw_source_read(source, &frame, err);
        if (r < 0)
            return r;
        if (r == 0)
            break;
        dw_frame_unref(last);
        last = frame;
        if (frame->time_us >= dw_time_from_seconds(at_s))
            break;
    }
    if (last == NULL)
        return dw_fail(err, -ENODATA, "there is no picture in it");
    *out = DW_TAKE(last);
    return 0;
}

static int draw(struct job *job, struct dw_err *err)
{
    struct dw_zone_rules rules = dw_zone_rules_default();
    DW_AUTO(cover) *cover = dw_cover_create();
    DW_AUTO(source) *source = NULL;
    DW_AUTO(frame) *frame = NULL;
    int r = 0;
    if (job->zones_path != NULL)
        r = dw_zones_load(&job->layout, job->zones_path, &rules, err);
    if (r == 0)
        r = dw_source_create(&source, job->video, NULL, err);
    if (r == 0)
        r = find_frame(&frame, source, job->at_s, err);
    dw_cover_set(cover, &job->layout);
    if (r == 0)
        r = dw_cover_frame(cover, &frame, err);
    if (r < 0)
        return r;
    assert(frame != NULL);
    if (!frame->has_image)
        return dw_fail(err, -EINVAL, "'%s' holds detections and no pictures", job->video);
    struct dw_overlay_scene scene = {
        .layout = &job->layout,
        .time_us = frame->time_us,
        .grid = job->zones_path == NULL,
    };
    r = dw_still_write(job->output_path, &frame->image, &scene, err);
    if (r == 0)
        printf("%s: %d x %d, at %.1f s, %zu zones and %zu lines\n", job->output_path,
               frame->image.width_px, frame->image.height_px, dw_time_to_seconds(frame->time_us),
               job->layout.zone_count, job->layout.line_count);
    return r;
}

int dw_cmd_zones(int argc, char **argv)
{
    struct dw_args args = {
        .command = "zones",
        .synopsis = "VIDEO [--zones FILE] [--output FILE] [--at SECONDS]",
        .about =
            "Writes a still picture of a video with the zones and lines drawn over it. Without\n"
            "--zones it draws a grid of coordinates (0 to 1), from which to write a zones file.",
        .rows = rows,
        .row_count = DW_LENGTH(rows),
        .argc = argc,
        .argv = argv,
    };
    struct job job = { .output_path = "zones.png" };
    const struct dw_args_reader reader = { take_option, take_operand, &job };
    int leave = dw_args_read(&args, &reader);
    if (leave >= 0)
        return leave;
    if (job.video == NULL)
        return dw_args_wrong(&args, "wants a video or a stream");
    struct dw_err err = { 0 };
    int r = draw(&job, &err);
    dw_layout_fini(&job.layout);
    return r < 0 ? dw_args_failed(&args, &err) : 0;
}
