/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/text_output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/vec.h"

/* How often, in media time, what has settled is written. */
#define WRITE_EVERY_US 1000000

struct waiting_line {
    int64_t time_us;
    size_t number; /* of appearance */
    char *text;
};

struct dw_text_output {
    const struct dw_output_context *context;
    FILE *file;
    char *path;
    DW_VEC(struct waiting_line) lines;
    size_t count;
    int64_t written_us; /* when lines were written last */
};

int dw_text_output_open(void **self, const char *path, const struct dw_output_context *context,
                        struct dw_err *err)
{
    FILE *file = strcmp(path, "-") == 0 ? stdout : fopen(path, "wbe");
    if (file == NULL)
        return dw_fail(err, -errno, "cannot write '%s': %s", path, strerror(errno));
    struct dw_text_output *output = dw_alloc0(sizeof(*output));
    output->context = context;
    output->file = file;
    output->path = dw_strdup(path);
    *self = output;
    return 0;
}

const struct dw_output_context *dw_text_output_context(const struct dw_text_output *output)
{
    return output->context;
}

void dw_text_output_add(struct dw_text_output *output, int64_t time_us, struct dw_buf *text)
{
    if (text->length == 0)
        return;
    dw_vec_push(&output->lines, ((struct waiting_line){ time_us, output->count++, text->data }));
    *text = (struct dw_buf){ 0 };
}

static int by_time(const void *a, const void *b)
{
    const struct waiting_line *x = a, *y = b;
    if (x->time_us != y->time_us)
        return x->time_us > y->time_us ? 1 : -1;
    return (x->number > y->number) - (x->number < y->number);
}

static int fail_write(const struct dw_text_output *output, struct dw_err *err)
{
    int code = errno > 0 ? errno : EIO;
    return dw_fail(err, -code, "cannot write '%s': %s", output->path, strerror(code));
}

static int write_until(struct dw_text_output *output, int64_t until_us, struct dw_err *err)
{
    size_t written = 0;
    if (output->lines.count > 0)
        qsort(output->lines.items, output->lines.count, sizeof(struct waiting_line), by_time);
    while (written < output->lines.count && output->lines.items[written].time_us < until_us) {
        struct waiting_line *line = &output->lines.items[written++];
        if (fputs(line->text, output->file) < 0)
            return fail_write(output, err);
        free(line->text);
        line->text = NULL;
    }
    output->lines.count -= written;
    if (written > 0)
        memmove(output->lines.items, output->lines.items + written,
                output->lines.count * sizeof(struct waiting_line));
    return fflush(output->file) != 0 ? fail_write(output, err) : 0;
}

int dw_text_output_settle(struct dw_text_output *output, int64_t now_us, struct dw_err *err)
{
    if (now_us - output->written_us < WRITE_EVERY_US)
        return 0;
    output->written_us = now_us;
    return write_until(output, now_us - output->context->settle_us, err);
}

int dw_text_output_write(struct dw_text_output *output, struct dw_err *err)
{
    return output->lines.count > 0 ? write_until(output, INT64_MAX, err) : 0;
}

int dw_text_output_finish(void *self, int64_t end_us, bool complete, struct dw_err *err)
{
    (void)end_us;
    (void)complete;
    return write_until(self, INT64_MAX, err);
}

void dw_text_output_close(void *self)
{
    struct dw_text_output *output = self;
    if (output == NULL)
        return;
    for (size_t i = 0; i < output->lines.count; i++)
        free(output->lines.items[i].text);
    dw_vec_fini(&output->lines);
    if (output->file != stdout)
        fclose(output->file);
    free(output->path);
    free(output);
}
