/* SPDX-License-Identifier: Apache-2.0 */
#include "onnx/runtime.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cache.h"
#include "onnx/ort_abi.h"

/* Distributions that have the library give it one of these names; our own package (tools/deb)
 * brings one along. */
static const char *const system_names[] = {
    "libonnxruntime.so.1",
    "libonnxruntime.so",
    "libonnxruntime.so.1.21",
    "/usr/lib/dwell/libonnxruntime.so.1",
};

/*
 * From 1.29 on Microsoft's builds for Linux report to Microsoft what is run, and keep an identifier
 * of the machine in its user's cache, unless this variable forbids it before they start. Nothing
 * about a shop leaves the shop. Before main(), as there are no other threads yet that read the
 * environment.
 */
__attribute__((constructor)) static void forbid_reports(void)
{
    setenv("ORT_DISABLE_TELEMETRY", "1", 1);
}

/*
 * Once loaded the library stays: it keeps state of every thread that ran it, which dlclose() would
 * pull from under their feet.
 */
static void *open_library(const char *path)
{
    return dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
}

static char *opened_path(void *library, const char *asked)
{
    const struct link_map *map = NULL;
    if (dlinfo(library, RTLD_DI_LINKMAP, &map) == 0 && map != NULL && map->l_name[0] != '\0')
        return dw_strdup(map->l_name);
    return dw_strdup(asked);
}

int dw_runtime_find(char *path, size_t size, struct dw_err *err)
{
    const char *asked = getenv("DWELL_ONNXRUNTIME");
    if (asked != NULL && asked[0] != '\0') {
        if (access(asked, R_OK) != 0)
            return dw_fail(err, -ENOENT, "DWELL_ONNXRUNTIME: cannot read '%s': %s", asked,
                           strerror(errno));
        snprintf(path, size, "%s", asked);
        return 0;
    }
    if (dw_cache_path(path, size, "/lib/libonnxruntime.so.1", NULL) == 0 && access(path, R_OK) == 0)
        return 0;
    for (size_t i = 0; i < DW_LENGTH(system_names); i++) {
        void *library = open_library(system_names[i]);
        if (library == NULL)
            continue;
        char *found = opened_path(library, system_names[i]);
        snprintf(path, size, "%s", found);
        free(found);
        dlclose(library);
        return 0;
    }
    return dw_fail(err, -ENOENT,
                   "ONNX Runtime is not installed: `make run` fetches it; or let the variable "
                   "DWELL_ONNXRUNTIME name a libonnxruntime.so of version 1.17 or later");
}

/* POSIX promises that a function's address survives the way through dlsym()'s pointer to data. */
static const struct ort_api_base *api_base(void *library)
{
    const struct ort_api_base *(*get_base)(void) = NULL;
    void *symbol = dlsym(library, "OrtGetApiBase");
    memcpy(&get_base, &symbol, sizeof(get_base));
    return get_base != NULL ? get_base() : NULL;
}

int dw_runtime_open(struct dw_runtime **out, const char *path, struct dw_err *err)
{
    char found[PATH_MAX];
    if (path == NULL) {
        int status = dw_runtime_find(found, sizeof(found), err);
        if (status != 0)
            return status;
        path = found;
    }
    DW_AUTO(runtime) *runtime = dw_alloc0(sizeof(*runtime));
    runtime->library = open_library(path);
    if (runtime->library == NULL)
        return dw_fail(err, -ENOENT, "ONNX Runtime '%s' cannot be opened: %s", path, dlerror());
    runtime->path = opened_path(runtime->library, path);

    const struct ort_api_base *base = api_base(runtime->library);
    if (base == NULL)
        return dw_fail(err, -EINVAL,
                       "'%s' is not ONNX Runtime: it has no OrtGetApiBase; let DWELL_ONNXRUNTIME "
                       "name a libonnxruntime.so",
                       path);
    snprintf(runtime->version, sizeof(runtime->version), "%s", base->get_version());
    runtime->api = base->get_api(ORT_API_VERSION);
    if (runtime->api == NULL)
        return dw_fail(err, -EINVAL,
                       "ONNX Runtime '%s' is version %s, too old: 1.%d or later is needed; "
                       "`make run` fetches one",
                       path, runtime->version, ORT_API_VERSION);
    *out = DW_TAKE(runtime);
    return 0;
}

void dw_runtime_destroy(struct dw_runtime *runtime)
{
    if (runtime == NULL)
        return;
    if (runtime->library != NULL)
        dlclose(runtime->library);
    free(runtime->path);
    free(runtime);
}
