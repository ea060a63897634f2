/* SPDX-License-Identifier: Apache-2.0 */
#include "media/canvas.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <libyuv.h>

#include "base/alloc.h"
#include "media/draw.h"

struct dw_canvas {
    cairo_surface_t *surface; /* 32 bits a pixel: what libyuv calls ARGB */
    cairo_t *cairo;
    int width_px, height_px;
};

/*
 * Cairo and fontconfig keep fonts in caches of the process, which leak checkers take for leaks, as
 * pointers in them are packed. The last canvas gives them back.
 */
static struct {
    pthread_mutex_t lock;
    int count;
} canvases = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void count_canvas(int change)
{
    pthread_mutex_lock(&canvases.lock);
    canvases.count += change;
    if (canvases.count == 0) {
        cairo_debug_reset_static_data();
        FcFini();
    }
    pthread_mutex_unlock(&canvases.lock);
}

struct dw_canvas *dw_canvas_create(int width_px, int height_px)
{
    struct dw_canvas *canvas = dw_alloc0(sizeof(*canvas));
    count_canvas(1);
    canvas->width_px = width_px;
    canvas->height_px = height_px;
    canvas->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width_px, height_px);
    canvas->cairo = cairo_create(canvas->surface);
    if (cairo_status(canvas->cairo) != CAIRO_STATUS_SUCCESS) {
        dw_canvas_destroy(canvas);
        return NULL;
    }
    return canvas;
}

void dw_canvas_destroy(struct dw_canvas *canvas)
{
    if (canvas == NULL)
        return;
    cairo_destroy(canvas->cairo);
    cairo_surface_destroy(canvas->surface);
    free(canvas);
    count_canvas(-1);
}

static void copy_in(struct dw_canvas *canvas, const struct dw_image *image)
{
    cairo_surface_flush(canvas->surface);
    I420ToARGBMatrix(image->y, image->y_stride, image->u, image->u_stride, image->v,
                     image->v_stride, cairo_image_surface_get_data(canvas->surface),
                     cairo_image_surface_get_stride(canvas->surface),
                     image->full_range ? &kYuvJPEGConstants : &kYuvI601Constants, canvas->width_px,
                     canvas->height_px);
    cairo_surface_mark_dirty(canvas->surface);
}

int dw_canvas_draw(struct dw_canvas *canvas, const struct dw_image *image,
                   const struct dw_overlay_scene *scene, struct dw_err *err)
{
    if (image->width_px < canvas->width_px || image->height_px < canvas->height_px)
        return dw_fail(err, -EINVAL, "a picture of %d x %d does not fill a video of %d x %d",
                       image->width_px, image->height_px, canvas->width_px, canvas->height_px);
    copy_in(canvas, image);
    dw_draw_scene(canvas->cairo, image->width_px, image->height_px, scene);
    cairo_status_t status = cairo_status(canvas->cairo);
    return status == CAIRO_STATUS_SUCCESS
               ? 0
               : dw_fail(err, -EIO, "drawing failed: %s", cairo_status_to_string(status));
}

void dw_canvas_copy(const struct dw_canvas *canvas, uint8_t *const planes[], const int strides[])
{
    cairo_surface_flush(canvas->surface);
    ARGBToI420(cairo_image_surface_get_data(canvas->surface),
               cairo_image_surface_get_stride(canvas->surface), planes[0], strides[0], planes[1],
               strides[1], planes[2], strides[2], canvas->width_px, canvas->height_px);
}

struct png_target {
    bool (*write)(void *to, const void *bytes, size_t length);
    void *to;
};

static cairo_status_t write_piece(void *closure, const unsigned char *bytes, unsigned length)
{
    const struct png_target *target = closure;
    return target->write(target->to, bytes, length) ? CAIRO_STATUS_SUCCESS
                                                    : CAIRO_STATUS_WRITE_ERROR;
}

int dw_canvas_png(const struct dw_canvas *canvas, bool (*write)(void *to, const void *, size_t),
                  void *to)
{
    struct png_target target = { write, to };
    return cairo_surface_write_to_png_stream(canvas->surface, write_piece, &target) ==
                   CAIRO_STATUS_SUCCESS
               ? 0
               : -EIO;
}
