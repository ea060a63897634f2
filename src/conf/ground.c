/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/ground.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>

#include "base/buf.h"
#include "conf/file.h"

/* Far beyond any camera, and no product of three of these overflows. */
#define CELL_MOST 1e12
#define SIZE_MOST 65536

static int read_matrix(double out[9], const json_t *rows, struct dw_err *err)
{
    for (size_t i = 0; i < 9; i++) {
        const json_t *row = json_array_get(rows, i / 3), *cell = json_array_get(row, i % 3);
        if (json_array_size(rows) != 3 || json_array_size(row) != 3 || !json_is_number(cell))
            return dw_fail(err, -EINVAL, "\"world_to_image\" wants 3 rows of 3 numbers");
        out[i] = json_number_value(cell);
        if (fabs(out[i]) > CELL_MOST)
            return dw_fail(err, -EINVAL, "\"world_to_image\" wants numbers up to %g, got %g",
                           CELL_MOST, out[i]);
    }
    return 0;
}

static int read_model(struct dw_ground *out, const json_t *root, int width_px, int height_px,
                      struct dw_err *err)
{
    double matrix[9] = { 0 };
    int r = read_matrix(matrix, json_object_get(root, "world_to_image"), err);
    if (r < 0)
        return r;
    double w = json_number_value(json_object_get(root, "image_width"));
    double h = json_number_value(json_object_get(root, "image_height"));
    if (!(w >= 1 && w <= SIZE_MOST && h >= 1 && h <= SIZE_MOST))
        return dw_fail(err, -EINVAL, "wants \"image_width\" and \"image_height\" in pixels");
    for (int i = 0; i < 3; i++) {
        matrix[i] *= width_px / w;
        matrix[3 + i] *= height_px / h;
    }
    struct dw_point floor_px = { width_px / 2.0, height_px };
    if (!dw_ground_init(out, matrix, floor_px))
        return dw_fail(err, -EINVAL,
                       "\"world_to_image\" cannot be inverted: it is no ground plane");
    return 0;
}

int dw_ground_parse(struct dw_ground *out, const char *text, size_t length, int width_px,
                    int height_px, struct dw_err *err)
{
    json_error_t problem;
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &problem);
    if (root == NULL)
        return dw_fail(err, -EINVAL, "is no JSON: line %d: %s", problem.line, problem.text);
    int r = read_model(out, root, width_px, height_px, err);
    json_decref(root);
    return r;
}

int dw_ground_load(struct dw_ground *out, const char *path, int width_px, int height_px,
                   struct dw_err *err)
{
    struct dw_buf text = { 0 };
    int r = dw_file_read(&text, path, 1 << 20, err);
    if (r == 0) {
        r = dw_ground_parse(out, dw_buf_text(&text), text.length, width_px, height_px, err);
        if (r < 0)
            dw_fail_within(err, r, "%s", path);
    }
    dw_buf_fini(&text);
    return r;
}
