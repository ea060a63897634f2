/* SPDX-License-Identifier: Apache-2.0 */
#include "http/data_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "conf/file.h"

static int write_all(int file, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t written = write(file, text, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return -errno;
        text += written;
        length -= (size_t)written;
    }
    return fsync(file) == 0 ? 0 : -errno;
}

/* So that the new name survives a loss of power too. */
static void sync_folder(const char *path)
{
    char *copy = dw_strdup(path);
    int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        fsync(folder);
        close(folder);
    }
    free(copy);
}

int dw_data_file_write(const char *path, const char *text, size_t length, struct dw_err *err)
{
    char *part = dw_strdup_printf("%s.XXXXXX", path);
    int file = mkostemp(part, O_CLOEXEC); /* 0600 */
    int result = file >= 0 ? write_all(file, text, length) : -errno;
    if (file >= 0)
        close(file);
    if (result == 0 && rename(part, path) != 0)
        result = -errno;
    if (result == 0)
        sync_folder(path);
    else if (file >= 0)
        unlink(part);
    free(part);
    return result < 0 ? dw_fail(err, result, "'%s' cannot be written: %s", path, strerror(-result))
                      : 0;
}

int dw_data_file_read(const char *path, size_t limit, struct dw_buf *out, struct dw_err *err)
{
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return 0;
    return dw_file_read(out, path, limit, err);
}
