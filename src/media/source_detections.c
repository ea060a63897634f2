/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole file is read once before the first frame, so that a mistake on its last line is told
 * before anything is measured, and progress knows the end.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/vec.h"
#include "base/wall_time.h"
#include "media/detections_csv.h"
#include "media/frame_impl.h"
#include "media/identity.h"
#include "media/source_impl.h"
#include "media/url.h"

#define FPS_MAX 1000
#define SIZE_MAX_PX 65536
#define SILENCE_S 3600 /* a longer hole between frames is taken for a wrong number */

struct reader {
    FILE *file;
    struct dw_detections_csv csv;
    struct dw_detections_row row; /* read ahead; of a frame not delivered yet */
    bool has_row;
    int64_t index; /* of the next frame */
};

static bool accepts(const char *url)
{
    size_t length = strlen(url);
    return dw_url_is_file(url) && length >= 4 && strcasecmp(url + length - 4, ".csv") == 0;
}

static int check_conf(const struct dw_source_conf *conf, struct dw_err *err)
{
    if (!(conf->fps > 0 && conf->fps <= FPS_MAX))
        return dw_fail(
            err, -EINVAL,
            "a detections file has no times of its own: give its frames a second, over 0 "
            "and up to %d, with --fps",
            FPS_MAX);
    if (conf->width_px < 1 || conf->width_px > SIZE_MAX_PX || conf->height_px < 1 ||
        conf->height_px > SIZE_MAX_PX)
        return dw_fail(err, -EINVAL,
                       "a detections file has no picture size of its own: give it in pixels, up to "
                       "%d, with --size WxH",
                       SIZE_MAX_PX);
    return 0;
}

/* Goes over the whole file; leaves the number of its last frame. */
static int check_rows(struct dw_source *source, double fps, struct dw_err *err)
{
    struct reader *reader = source->state;
    struct dw_detections_row row = { 0 };
    int64_t last = 0;
    int code = 0;
    while ((code = dw_detections_csv_read(&reader->csv, &row, err)) > 0) {
        if ((double)(row.frame - last) > SILENCE_S * fps)
            return dw_fail(err, -EINVAL,
                           "line %lld: frame %lld comes more than %d s after the one before it: "
                           "check frame numbers and --fps",
                           (long long)reader->csv.line, (long long)row.frame, SILENCE_S);
        last = row.frame;
    }
    if (code == 0 && last == 0)
        return dw_fail(err, -EINVAL, "it holds no detections");
    source->info.frame_count = last;
    return code;
}

/* Reads one row ahead. */
static int advance(struct reader *reader, struct dw_err *err)
{
    int code = dw_detections_csv_read(&reader->csv, &reader->row, err);
    reader->has_row = code > 0;
    return DW_MIN(code, 0);
}

static int open_rows(struct dw_source *source, double fps, struct dw_err *err)
{
    struct reader *reader = source->state;
    dw_detections_csv_init(&reader->csv, reader->file);
    int code = check_rows(source, fps, err);
    if (code != 0)
        return code;
    rewind(reader->file);
    dw_detections_csv_init(&reader->csv, reader->file);
    return advance(reader, err);
}

static int64_t frame_time_us(const struct dw_source *source, int64_t index)
{
    return dw_time_from_seconds((double)index / source->info.fps);
}

static int detections_open(struct dw_source *source, const char *url,
                           const struct dw_source_conf *conf, struct dw_err *err)
{
    const char *path = dw_url_path(url);
    struct dw_source_info *info = &source->info;
    int code = dw_source_check_file(path, err);
    if (code == 0)
        code = check_conf(conf, err);
    if (code == 0)
        code = dw_identity_of_file(info->identity, path, err);
    if (code != 0)
        return code;

    struct reader *reader = source->state = dw_alloc0(sizeof(*reader));
    reader->file = fopen(path, "rbe");
    if (reader->file == NULL)
        return dw_fail(err, -errno, "'%s' cannot be read: %s", path, strerror(errno));
    code = open_rows(source, conf->fps, err);
    if (code != 0)
        return dw_fail_within(err, code, "detections file '%s'", path);

    info->kind = "detections";
    info->width_px = conf->width_px;
    info->height_px = conf->height_px;
    info->fps = conf->fps;
    info->duration_us = frame_time_us(source, info->frame_count);
    snprintf(info->codec, sizeof(info->codec), "csv");
    return 0;
}

/* Frames without a row between others are delivered empty: time goes on when nobody is there. */
static int detections_read(struct dw_source *source, struct dw_frame **out, struct dw_err *err)
{
    struct reader *reader = source->state;
    if (!reader->has_row)
        return 0;
    DW_VEC(struct dw_detection) found = { 0 };
    while (reader->has_row && reader->row.frame == reader->index + 1) {
        dw_vec_push(&found, reader->row.detection);
        int code = advance(reader, err);
        if (code != 0) {
            dw_vec_fini(&found);
            return dw_fail_within(err, code, "detections file '%s'", source->name);
        }
    }
    struct dw_frame *frame = dw_frame_create(NULL, NULL);
    frame->index = reader->index;
    frame->time_us = frame_time_us(source, reader->index++);
    frame->detections = found.items;
    frame->detection_count = found.count;
    *out = frame;
    return 1;
}

static void detections_close(struct dw_source *source)
{
    struct reader *reader = source->state;
    if (reader == NULL)
        return;
    if (reader->file != NULL)
        fclose(reader->file);
    free(reader);
}

const struct dw_source_impl dw_source_detections = {
    .accepts = accepts,
    .open = detections_open,
    .read = detections_read,
    .close = detections_close,
};
