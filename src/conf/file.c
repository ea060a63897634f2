/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"

int dw_file_read(struct dw_buf *out, const char *path, size_t limit, struct dw_err *err)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return dw_fail(err, -errno, "cannot read '%s': %s", path, strerror(errno));
    char chunk[16384];
    size_t length = 0, total = 0;
    while ((length = fread(chunk, 1, sizeof(chunk), file)) > 0 && total <= limit) {
        dw_buf_append(out, chunk, length);
        total += length;
    }
    int r = ferror(file) ? -errno : 0;
    fclose(file);
    if (r < 0)
        return dw_fail(err, r, "cannot read '%s': %s", path, strerror(-r));
    if (total > limit)
        return dw_fail(err, -EFBIG, "'%s' is larger than %zu kB: is this the right file?", path,
                       limit / 1024);
    return 0;
}

int dw_file_read_any(struct dw_buf *out, const char *path, size_t limit, struct dw_err *err)
{
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return 0;
    int r = dw_file_read(out, path, limit, err);
    return r < 0 ? r : 1;
}

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

/* So that the new name survives a loss of power, too. */
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

#define PART ".XXXXXX" /* until it is whole; of other letters */

size_t dw_file_whole(const char *name)
{
    const char *dot = strrchr(name, '.');
    return strlen(name) - (dot != NULL && strlen(dot) == strlen(PART) ? strlen(PART) : 0);
}

static int replace(const char *path, const char *text, size_t length, bool secret,
                   struct dw_err *err)
{
    char *part = dw_strdup_printf("%s" PART, path);
    int file = mkostemp(part, O_CLOEXEC); /* for its owner alone */
    struct stat former;
    if (file >= 0 && !secret && stat(path, &former) == 0)
        fchmod(file, former.st_mode & 0777);
    int r = file >= 0 ? write_all(file, text, length) : -errno;
    if (file >= 0)
        close(file);
    if (r == 0 && rename(part, path) != 0)
        r = -errno;
    if (r == 0)
        sync_folder(path);
    else if (file >= 0)
        unlink(part);
    free(part);
    return r < 0 ? dw_fail(err, r, "cannot write '%s': %s", path, strerror(-r)) : 0;
}

int dw_file_write(const char *path, const char *text, size_t length, struct dw_err *err)
{
    return replace(path, text, length, false, err);
}

int dw_file_write_secret(const char *path, const char *text, size_t length, struct dw_err *err)
{
    return replace(path, text, length, true, err);
}

int dw_folder_make(const char *path, struct dw_err *err)
{
    char *copy = dw_strdup(path);
    int r = 0;
    for (char *at = copy; r == 0 && *at != '\0'; at++) {
        bool end = at[1] == '\0';
        if (!end && (*at != '/' || at == copy))
            continue;
        if (!end)
            *at = '\0';
        if (mkdir(copy, 0700) != 0 && errno != EEXIST)
            r = -errno;
        if (!end)
            *at = '/';
    }
    free(copy);
    return r < 0 ? dw_fail(err, r, "cannot make the folder '%s': %s", path, strerror(-r)) : 0;
}
