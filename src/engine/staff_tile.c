/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/staff_tile.h"

#include <stddef.h>
#include <stdlib.h>

#include "appear/appear.h"
#include "appear/uniform.h"
#include "base/alloc.h"
#include "base/macros.h"
#include "conf/file.h"
#include "media/jpeg.h"

#define HIGH_PX 192 /* it is no higher than twice that */
#define GROWTH 1.2F
#define BYTES_MAX (1U << 20)

/* One plane of the box, every step-th dot. */
static void copy_plane(uint8_t *to, const struct dw_image *tile, const uint8_t *from, int stride,
                       int step)
{
    for (int y = 0; y < tile->height_px; y++)
        for (int x = 0; x < tile->width_px; x++)
            *to++ = from[(ptrdiff_t)y * step * stride + (ptrdiff_t)x * step];
}

bool dw_staff_tile_is_better(struct dw_box box, float kept_h_px)
{
    return box.h >= kept_h_px * GROWTH;
}

int dw_staff_tile_make(const struct dw_image *image, struct dw_box box, struct dw_buf *jpeg,
                       struct dw_err *err)
{
    struct dw_image cut = dw_appear_cut(image, box), tile = cut, half = { 0 };
    int step = DW_MAX(1, cut.height_px / HIGH_PX);
    tile.width_px = DW_MAX(cut.width_px / step & ~1, 2);
    tile.height_px = DW_MAX(cut.height_px / step & ~1, 2);
    half.width_px = tile.width_px / 2;
    half.height_px = tile.height_px / 2;
    size_t dots = (size_t)tile.width_px * (size_t)tile.height_px;
    uint8_t *planes = dw_alloc0(dots * 3 / 2);
    copy_plane(planes, &tile, cut.y, cut.y_stride, step);
    copy_plane(planes + dots, &half, cut.u, cut.u_stride, step);
    copy_plane(planes + dots * 5 / 4, &half, cut.v, cut.v_stride, step);
    tile.y = planes;
    tile.u = planes + dots;
    tile.v = planes + dots * 5 / 4;
    tile.y_stride = tile.width_px;
    tile.u_stride = tile.v_stride = half.width_px;
    int r = dw_jpeg_encode(&tile, false, jpeg, err);
    free(planes);
    return r;
}

char *dw_staff_tile_path(const char *folder, int64_t number)
{
    return dw_strdup_printf("%s/%lld.jpg", folder, (long long)number);
}

void dw_staff_tile_read(struct dw_buf *jpeg, const char *folder, int64_t number)
{
    char *path = dw_staff_tile_path(folder, number);
    (void)dw_file_read(jpeg, path, BYTES_MAX, NULL);
    free(path);
}

int dw_staff_tile_judge(struct dw_uniform_workspace *workspace, const struct dw_buf *jpeg,
                        struct dw_staff_odds *odds, struct dw_err *err)
{
    DW_AUTO(frame) *picture = NULL;
    double log_odds = 0;
    if (dw_jpeg_decode(&picture, jpeg) < 0)
        return 0;
    int r = dw_uniform_run(workspace, &picture->image, &log_odds, err);
    if (r == 0) {
        odds->views++;
        odds->sum += log_odds;
    }
    return r;
}
