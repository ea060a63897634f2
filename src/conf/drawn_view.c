/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/drawn_view.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "base/buf.h"
#include "base/json_writer.h"
#include "conf/file.h"

#define BYTES_MAX 65536
#define SIDE_MOST 65536
#define STEEPNESS_MOST 100

static int digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, c) : NULL;
    return at != NULL ? (int)(at - digits) : -1;
}

static int read_edges(uint8_t edges[DW_PICTURE_CELLS], const json_t *text, struct dw_err *err)
{
    const char *hex = json_string_value(text);
    if (hex == NULL || json_string_length(text) != 2 * DW_PICTURE_CELLS)
        return dw_fail(err, -EINVAL, "\"edges\" wants %zu digits", 2 * DW_PICTURE_CELLS);
    for (size_t i = 0; i < DW_PICTURE_CELLS; i++) {
        int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return dw_fail(err, -EINVAL, "\"edges\" wants digits 0 to 9 and a to f");
        edges[i] = (uint8_t)(high << 4 | low);
    }
    return 0;
}

static int read_view(struct dw_drawn_view *out, const json_t *root, struct dw_err *err)
{
    struct dw_drawn_view view = { 0 };
    json_int_t width = json_integer_value(json_object_get(root, "width"));
    json_int_t height = json_integer_value(json_object_get(root, "height"));
    if (width < 1 || width > SIDE_MOST || height < 1 || height > SIDE_MOST)
        return dw_fail(err, -EINVAL, "wants \"width\" and \"height\" in pixels");
    view.reference.steepness = json_number_value(json_object_get(root, "steepness"));
    if (!(view.reference.steepness >= 0 && view.reference.steepness <= STEEPNESS_MOST))
        return dw_fail(err, -EINVAL, "\"steepness\" wants 0 to %d", STEEPNESS_MOST);
    view.width_px = (int)width;
    view.height_px = (int)height;
    int r = read_edges(view.reference.edges, json_object_get(root, "edges"), err);
    if (r == 0)
        *out = view;
    return r;
}

int dw_drawn_view_parse(struct dw_drawn_view *out, const char *text, size_t length,
                        struct dw_err *err)
{
    json_error_t problem;
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &problem);
    if (root == NULL)
        return dw_fail(err, -EINVAL, "is no JSON: line %d: %s", problem.line, problem.text);
    int r = read_view(out, root, err);
    json_decref(root);
    return r;
}

int dw_drawn_view_load(struct dw_drawn_view *out, const char *path, struct dw_err *err)
{
    struct dw_buf text = { 0 };
    int r = dw_file_read_any(&text, path, BYTES_MAX, err);
    if (r > 0 && dw_drawn_view_parse(out, dw_buf_text(&text), text.length, err) < 0)
        r = dw_fail_within(err, -EINVAL, "%s", path);
    dw_buf_fini(&text);
    return r;
}

int dw_drawn_view_save(const struct dw_drawn_view *view, const char *path, struct dw_err *err)
{
    struct dw_buf text = { 0 }, edges = { 0 };
    struct dw_json_writer json = { .out = &text };
    for (size_t i = 0; i < DW_PICTURE_CELLS; i++)
        dw_buf_printf(&edges, "%02x", (unsigned)view->reference.edges[i]);
    dw_json_object_begin(&json, NULL);
    dw_json_integer(&json, "width", view->width_px);
    dw_json_integer(&json, "height", view->height_px);
    dw_json_real(&json, "steepness", view->reference.steepness, 6);
    dw_json_string(&json, "edges", dw_buf_text(&edges));
    dw_json_object_end(&json);
    dw_buf_puts(&text, "\n");
    int r = dw_file_write_secret(path, dw_buf_text(&text), text.length, err);
    dw_buf_fini(&edges);
    dw_buf_fini(&text);
    return r;
}
