/* SPDX-License-Identifier: Apache-2.0 */
/* A stand-in for an ONNX Runtime too old for us: it offers no table of our version. */
#include <stddef.h>
#include <stdint.h>

struct base {
    const void *(*get_api)(uint32_t version);
    const char *(*get_version)(void);
};

const struct base *OrtGetApiBase(void);

static const void *get_api(uint32_t version)
{
    (void)version;
    return NULL;
}

static const char *get_version(void)
{
    return "1.12.0";
}

const struct base *OrtGetApiBase(void)
{
    static const struct base base = { get_api, get_version };
    return &base;
}
