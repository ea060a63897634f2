/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "media/canvas.h"
#include "media/output.h"

static bool write_to_file(void *to, const void *bytes, size_t length)
{
    return fwrite(bytes, 1, length, to) == length;
}

int dw_still_write(const char *path, const struct dw_image *image,
                   const struct dw_overlay_scene *scene, struct dw_err *err)
{
    DW_AUTO(canvas) *canvas = dw_canvas_create(image->width_px, image->height_px);
    if (canvas == NULL)
        return dw_fail(err, -ENOMEM, "no memory for a picture of %d x %d", image->width_px,
                       image->height_px);
    int code = dw_canvas_draw(canvas, image, scene, err);
    if (code != 0)
        return code;
    FILE *file = fopen(path, "wbe");
    if (file == NULL)
        return dw_output_fail(err, -errno, path);
    errno = 0;
    code = dw_canvas_png(canvas, write_to_file, file);
    /* The disk may turn out to be full only when the last bytes go out. */
    if (fclose(file) == 0 && code == 0)
        return 0;
    code = errno != 0 ? -errno : -EIO;
    dw_output_remove(path);
    return dw_output_fail(err, code, path);
}
