/* SPDX-License-Identifier: Apache-2.0 */
#include "media/output.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *remedy(int code)
{
    switch (-code) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return ": make room or write elsewhere";
    case ENOENT:
    case ENOTDIR:
        return ": create its folder first";
    case EACCES:
    case EPERM:
    case EROFS:
        return ": choose a folder you may write to";
    case EISDIR:
        return ": name a file in it";
    default:
        return "";
    }
}

int dw_output_fail(struct dw_err *err, int code, const char *path)
{
    return dw_fail(err, code, "cannot write '%s': %s%s", path, strerror(-code), remedy(code));
}

void dw_output_remove(const char *path)
{
    struct stat stat_of;
    if (lstat(path, &stat_of) == 0 && S_ISREG(stat_of.st_mode))
        unlink(path);
}
