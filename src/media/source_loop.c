/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that begins anew whenever it ends, as a live camera that never does. Media time goes on
 * rising over the seam. What lies between the last frame and the first is told as a gap: whoever
 * stood there at the end did not jump to where somebody stands at the beginning.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/wall_time.h"
#include "media/source_impl.h"
#include "media/url.h"

struct loop {
    struct dw_source_conf conf; /* of the file itself */
    char *url;
    struct dw_source *file; /* NULL: could not be opened again */
    int64_t base_us, base_index;
    int64_t last_us, last_index, interval_us;
    bool any_frame; /* of this round */
};

static int loop_open(struct dw_source *source, const char *url, const struct dw_source_conf *conf,
                     struct dw_err *err)
{
    if (!dw_url_is_file(url))
        return dw_fail(err, -EINVAL, "'%s' is no file: only files are played in a loop",
                       source->name);
    struct loop *loop = source->state = dw_alloc0(sizeof(*loop));
    loop->conf = *conf;
    loop->conf.loop = false;
    loop->url = dw_strdup(url);
    int r = dw_source_create(&loop->file, url, &loop->conf, err);
    if (r < 0)
        return r;
    source->info = *dw_source_info(loop->file);
    source->info.live = true;
    source->info.duration_us = source->info.frame_count = source->info.start_wall_us = 0;
    loop->interval_us = source->info.fps > 0 ? dw_time_from_seconds(1 / source->info.fps) : 100000;
    return 0;
}

static int begin_again(struct dw_source *source, struct dw_err *err)
{
    struct loop *loop = source->state;
    if (!loop->any_frame)
        return dw_fail(err, -EINVAL, "'%s' has no pictures: check the file", source->name);
    dw_source_destroy(DW_TAKE(loop->file));
    int r = dw_source_create(&loop->file, loop->url, &loop->conf, err);
    if (r < 0)
        return r;
    const struct dw_source_info *info = dw_source_info(loop->file);
    if (info->width_px != source->info.width_px || info->height_px != source->info.height_px)
        return dw_fail(err, -EIO, "'%s' was replaced by a file of another size", source->name);
    loop->base_us = loop->last_us + 2 * loop->interval_us;
    loop->base_index = loop->last_index + 1;
    loop->any_frame = false;
    return 0;
}

static int loop_read(struct dw_source *source, struct dw_frame **out, struct dw_err *err)
{
    struct loop *loop = source->state;
    int r = loop->file != NULL ? dw_source_read(loop->file, out, err) : -EIO;
    if (r == 0) {
        r = begin_again(source, err);
        if (r == 0)
            r = dw_source_read(loop->file, out, err);
    }
    if (r <= 0)
        return r;
    struct dw_frame *frame = *out;
    frame->time_us += loop->base_us;
    frame->index += loop->base_index;
    if (!loop->any_frame && loop->base_us > 0)
        dw_frame_set_gap(frame, frame->time_us - loop->last_us, "the film begins anew");
    if (loop->any_frame && frame->gap_us == 0)
        loop->interval_us = DW_MAX(frame->time_us - loop->last_us, INT64_C(1));
    loop->any_frame = true;
    loop->last_us = frame->time_us;
    loop->last_index = frame->index;
    return 1;
}

static void loop_close(struct dw_source *source)
{
    struct loop *loop = source->state;
    if (loop == NULL)
        return;
    dw_source_destroy(loop->file);
    free(loop->url);
    free(loop);
}

const struct dw_source_impl dw_source_loop = {
    .open = loop_open,
    .read = loop_read,
    .close = loop_close,
};
