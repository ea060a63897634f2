/* SPDX-License-Identifier: Apache-2.0 */
#include "media/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "media/source_impl.h"
#include "media/url.h"

/* The first kind that accepts an address gets it; the last takes all that is left. */
static const struct dw_source_impl *const kinds[] = {
    &dw_source_detections,
    &dw_source_lavf,
};

int dw_source_check_file(const char *path, struct dw_err *err)
{
    struct stat stat_of;
    if (stat(path, &stat_of) != 0 && (errno == ENOENT || errno == ENOTDIR))
        return dw_fail(err, -ENOENT, "'%s' does not exist: check the path", path);
    if (access(path, R_OK) != 0)
        return dw_fail(err, -errno, "'%s' cannot be read: %s", path, strerror(errno));
    if (S_ISDIR(stat_of.st_mode))
        return dw_fail(err, -EISDIR, "'%s' is a folder: name a video file in it", path);
    if (S_ISCHR(stat_of.st_mode))
        return dw_fail(err, -EINVAL, "'%s' is a device: of a webcam, write v4l2://%s", path, path);
    if (!S_ISREG(stat_of.st_mode))
        return dw_fail(err, -EINVAL, "'%s' is not a regular file: name a file or a URL", path);
    if (stat_of.st_size == 0)
        return dw_fail(err, -EINVAL, "'%s' is empty (0 bytes): was it copied completely?", path);
    return 0;
}

int dw_source_create(struct dw_source **out, const char *url, const struct dw_source_conf *conf,
                     struct dw_err *err)
{
    static const struct dw_source_conf defaults = { 0 };
    DW_AUTO(source) *source = dw_alloc0(sizeof(*source));
    source->name = dw_url_redact(url);
    size_t kind = 0;
    while (kind + 1 < DW_LENGTH(kinds) && !kinds[kind]->accepts(url))
        kind++;
    conf = conf != NULL ? conf : &defaults;
    source->impl = conf->loop ? &dw_source_loop : kinds[kind];
    int code = source->impl->open(source, url, conf, err);
    *out = code == 0 ? DW_TAKE(source) : NULL;
    return code;
}

void dw_source_destroy(struct dw_source *source)
{
    if (source == NULL)
        return;
    source->impl->close(source);
    free(source->name);
    free(source);
}

int dw_source_read(struct dw_source *source, struct dw_frame **out, struct dw_err *err)
{
    *out = NULL;
    return source->impl->read(source, out, err);
}

const struct dw_source_info *dw_source_info(const struct dw_source *source)
{
    return &source->info;
}

const char *dw_source_warning(const struct dw_source *source)
{
    return source->warning[0] != '\0' ? source->warning : NULL;
}
