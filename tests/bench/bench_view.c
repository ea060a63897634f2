/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What core/view.h notices on real pictures: each video as it is (nothing may be told), then with
 * each kind of damage from the second minute on (how soon is it told, and as what).
 *
 *     bench-view VIDEO...
 */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "base/wall_time.h"
#include "core/view.h"
#include "media/source.h"

#define PICTURES 60
#define CLEAN_S 60
#define DAMAGED_S 120

struct film {
    uint8_t *pictures[PICTURES]; /* luma, one a second */
    int count, width_px, height_px;
    bool full_range;
};

struct damage {
    const char *name;
    enum dw_view_fault wanted;
    double gain, offset; /* of brightness */
    int blur_px;         /* reach of a box filter */
    double shift_x, shift_y, zoom;
    bool still; /* the same picture again */
};

static const struct damage damages[] = {
    { "none", DW_VIEW_FINE, 1, 0, 0, 0, 0, 1, false },
    { "brighter by a fifth", DW_VIEW_FINE, 1.2, 10, 0, 0, 0, 1, false },
    { "half as bright", DW_VIEW_FINE, .5, 8, 0, 0, 0, 1, false },
    { "trembling by 1 %", DW_VIEW_FINE, 1, 0, 0, .01, 0, 1, false },
    { "black", DW_VIEW_BLACK, 0, 16, 0, 0, 0, 1, false },
    { "dark", DW_VIEW_DARK, .12, 14, 0, 0, 0, 1, false },
    { "hand over the lens", DW_VIEW_COVERED, .05, 100, 40, 0, 0, 1, false },
    { "frozen", DW_VIEW_FROZEN, 1, 0, 0, 0, 0, 1, true },
    { "turned by 10 %", DW_VIEW_MOVED, 1, 0, 0, .1, 0, 1, false },
    { "turned by 25 %, tilted", DW_VIEW_MOVED, 1, 0, 0, .25, .1, 1, false },
    { "zoomed to 1.5", DW_VIEW_MOVED, 1, 0, 0, 0, 0, 1.5, false },
    { "out of focus by 2", DW_VIEW_BLURRED, 1, 0, 2, 0, 0, 1, false },
    { "out of focus by 5", DW_VIEW_BLURRED, 1, 0, 5, 0, 0, 1, false },
};

static int load(struct film *film, const char *path)
{
    DW_AUTO(source) *source = NULL;
    struct dw_err err = { { 0 } };
    if (dw_source_create(&source, path, NULL, &err) < 0) {
        fprintf(stderr, "bench-view: %s\n", err.text);
        return -1;
    }
    int64_t next_us = 0;
    struct dw_frame *frame = NULL;
    while (film->count < PICTURES && dw_source_read(source, &frame, &err) == 1) {
        if (frame->has_image && frame->time_us >= next_us) {
            const struct dw_image *image = &frame->image;
            film->width_px = image->width_px;
            film->height_px = image->height_px;
            film->full_range = image->full_range;
            size_t width = (size_t)image->width_px;
            uint8_t *copy = dw_alloc_array0((size_t)image->height_px, width);
            for (size_t y = 0; y < (size_t)image->height_px; y++)
                memcpy(copy + y * width, image->y + (ptrdiff_t)y * image->y_stride, width);
            film->pictures[film->count++] = copy;
            next_us += DW_SECOND_US;
        }
        dw_frame_unref(frame);
    }
    return 0;
}

/* A box filter along one axis, in place. */
static void blur_line(uint8_t *at, int count, ptrdiff_t stride, int reach)
{
    uint8_t line[8192];
    for (int i = 0; i < count; i++)
        line[i] = at[i * stride];
    for (int i = 0; i < count; i++) {
        int sum = 0;
        for (int k = -reach; k <= reach; k++)
            sum += line[DW_MAX(0, DW_MIN(i + k, count - 1))];
        at[i * stride] = (uint8_t)(sum / (2 * reach + 1));
    }
}

static void blur(uint8_t *picture, const struct film *film, int reach)
{
    for (int pass = 0; pass < 2; pass++) {
        for (int y = 0; y < film->height_px; y++)
            blur_line(picture + (ptrdiff_t)y * film->width_px, film->width_px, 1, reach);
        for (int x = 0; x < film->width_px; x++)
            blur_line(picture + x, film->height_px, film->width_px, reach);
    }
}

/* What the damaged camera shows at a second; the edge of the picture goes on outside it. */
static void spoil(uint8_t *out, const struct film *film, const struct damage *damage, int second)
{
    const uint8_t *in = film->pictures[damage->still ? 0 : second % film->count];
    int w = film->width_px, h = film->height_px;
    bool trembles = damage->wanted == DW_VIEW_FINE;
    double shift_x = damage->shift_x * w * (trembles ? second % 3 - 1 : 1);
    for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
            int from_x = (int)((x - w / 2.0) / damage->zoom + w / 2.0 + shift_x);
            int from_y = (int)((y - h / 2.0) / damage->zoom + h / 2.0 + damage->shift_y * h);
            from_x = DW_MAX(0, DW_MIN(from_x, w - 1));
            from_y = DW_MAX(0, DW_MIN(from_y, h - 1));
            double value = in[(ptrdiff_t)from_y * w + from_x] * damage->gain + damage->offset;
            out[(ptrdiff_t)y * w + x] = (uint8_t)DW_MAX(0.0, DW_MIN(value, 255.0));
        }
    }
    if (damage->blur_px > 0)
        blur(out, film, damage->blur_px);
}

static void try(const struct film *film, const struct damage *damage)
{
    DW_AUTO(view) *view = dw_view_create(NULL);
    uint8_t *picture = dw_alloc_array0((size_t)film->width_px, (size_t)film->height_px);
    struct dw_image image = {
        .y_stride = film->width_px,
        .width_px = film->width_px,
        .height_px = film->height_px,
        .full_range = film->full_range,
    };
    int told = -1;
    struct dw_view_state state = { 0 };
    for (int second = 0; second < CLEAN_S + DAMAGED_S && told < 0; second++) {
        image.y = film->pictures[second % film->count];
        if (second >= CLEAN_S) {
            spoil(picture, film, damage, second);
            image.y = picture;
        }
        if (dw_view_step(view, second * DW_SECOND_US, &image))
            told = second - CLEAN_S;
    }
    state = dw_view_state(view);
    free(picture);
    printf("  %-24s %-8s", damage->name, dw_view_fault_name(state.fault));
    if (told != -1)
        printf(" after %3d s", told);
    if (state.fault == DW_VIEW_MOVED)
        printf(", by %+.2f %+.2f", state.shift_x, state.shift_y);
    printf("%s\n", state.fault == damage->wanted ? "" : "   NOT AS WANTED");
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct film film = { 0 };
        if (load(&film, argv[i]) < 0)
            return 1;
        const char *slash = strrchr(argv[i], '/');
        printf("%s: %d pictures of %dx%d\n", slash != NULL ? slash + 1 : argv[i], film.count,
               film.width_px, film.height_px);
        for (size_t k = 0; k < DW_LENGTH(damages) && film.count > 0; k++)
            try(&film, &damages[k]);
        for (int k = 0; k < film.count; k++)
            free(film.pictures[k]);
    }
    return 0;
}
