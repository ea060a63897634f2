/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

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
