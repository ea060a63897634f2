/* SPDX-License-Identifier: Apache-2.0 */
/* --tracks: frame,person,x,y,w,h,score,-1,-1,-1 in pixels, frames from 1, ordered by frame; bridged
 * frames included with score 0. */
#include "engine/text_output.h"

static int take(void *self, const struct dw_output_moment *moment, struct dw_err *err)
{
    struct dw_text_output *output = self;
    for (size_t i = 0; i < moment->lane.sighting_count; i++) {
        const struct dw_sighting *s = &moment->lane.sightings[i];
        struct dw_buf text = { 0 };
        dw_buf_printf(&text, "%lld,%lld,%.2f,%.2f,%.2f,%.2f,%.4f,-1,-1,-1\n",
                      (long long)s->frame + 1, (long long)s->person, (double)s->box.x,
                      (double)s->box.y, (double)s->box.w, (double)s->box.h, s->score);
        dw_text_output_add(output, s->time_us, &text);
    }
    return dw_text_output_settle(output, moment->time_us, err);
}

const struct dw_output_impl dw_output_tracks = {
    .name = "tracks",
    .open = dw_text_output_open,
    .take = take,
    .finish = dw_text_output_finish,
    .close = dw_text_output_close,
};
