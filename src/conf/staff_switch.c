/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/staff_switch.h"

#include <errno.h>
#include <string.h>

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

bool dw_staff_name_is_good(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && length < sizeof(((struct dw_staff_switch *)0)->model) && name[0] != '-' &&
           strspn(name, NAME_CHARS) == length;
}

static int read_line(struct dw_staff_switches *out, const char *line, size_t length,
                     struct dw_err *err)
{
    struct dw_staff_switch *made = dw_vec_add(out);
    const char *space = memchr(line, ' ', length);
    size_t model = space != NULL ? (size_t)(space - line) : length;
    size_t camera = space != NULL ? length - model - 1 : 0;
    if (out->count > DW_STAFF_SWITCHES_MAX)
        return dw_fail(err, -EFBIG, "holds more than %d lines", DW_STAFF_SWITCHES_MAX);
    if (model >= sizeof(made->model) || camera >= sizeof(made->camera) ||
        memchr(line, '\0', length) != NULL)
        return dw_fail(err, -EINVAL, "'%.*s': wants MODEL, or MODEL CAMERA",
                       (int)(length < 60 ? length : 60), line);
    memcpy(made->model, line, model);
    memcpy(made->camera, line + length - camera, camera);
    if (strcmp(made->model, "-") == 0)
        made->model[0] = '\0';
    else if (!dw_staff_name_is_good(made->model))
        return dw_fail(err, -EINVAL, "'%.60s' is no name of a model", made->model);
    return 0;
}

int dw_staff_switches_parse(struct dw_staff_switches *out, const char *text, struct dw_err *err)
{
    for (size_t number = 1; *text != '\0'; number++) {
        size_t length = strcspn(text, "\n");
        int r = read_line(out, text, length, err);
        if (r < 0)
            return dw_fail_within(err, r, "line %zu", number);
        text += length + (text[length] == '\n' ? 1 : 0);
    }
    return 0;
}

void dw_staff_switches_print(struct dw_buf *out, const struct dw_staff_switches *switches)
{
    for (size_t i = 0; i < switches->count; i++) {
        const struct dw_staff_switch *item = &switches->items[i];
        dw_buf_printf(out, "%s%s%s\n", item->model[0] != '\0' ? item->model : "-",
                      item->camera[0] != '\0' ? " " : "", item->camera);
    }
}
