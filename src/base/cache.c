/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cache.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

int dw_cache_path(char *path, size_t size, const char *below, struct dw_err *err)
{
    const char *own = variable("DWELL_CACHE"), *xdg = variable("XDG_CACHE_HOME");
    const char *base = own != NULL ? own : xdg != NULL ? xdg : variable("HOME");
    if (base == NULL)
        return dw_fail(err, -ENOENT,
                       "no cache folder: neither DWELL_CACHE, XDG_CACHE_HOME nor HOME is set");
    const char *folder = own != NULL ? "" : xdg != NULL ? "/dwell" : "/.cache/dwell";
    int length = snprintf(path, size, "%s%s%s", base, folder, below);
    if (length < 0 || (size_t)length >= size)
        return dw_fail(err, -ENAMETOOLONG, "cache folder: '%s' is too long a path", base);
    return 0;
}
