/* SPDX-License-Identifier: Apache-2.0 */
/* A kind of source; private to media/. To add one: a file with its table, and a line in source.c.
 */
#ifndef DW_MEDIA_SOURCE_IMPL_H
#define DW_MEDIA_SOURCE_IMPL_H

#include "media/source.h"

struct dw_source {
    const struct dw_source_impl *impl;
    struct dw_source_info info; /* filled in by open() */
    char *name;                 /* path or URL without secrets, for messages */
    char warning[256];          /* empty: all is well */
    void *state;                /* the kind's own; made by open(), freed by close() */
};

struct dw_source_impl {
    bool (*accepts)(const char *url); /* not asked of the last kind */
    int (*open)(struct dw_source *source, const char *url, const struct dw_source_conf *conf,
                struct dw_err *err);
    int (*read)(struct dw_source *source, struct dw_frame **out, struct dw_err *err);
    void (*close)(struct dw_source *source); /* also after open() failed; state may be NULL */
};

extern const struct dw_source_impl dw_source_detections, dw_source_lavf, dw_source_loop;

/* Says what keeps a path from being read as a file, before any library gets to word it. */
int dw_source_check_file(const char *path, struct dw_err *err);

#endif
