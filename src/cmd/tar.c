/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/tar.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/wall_time.h"

#define BLOCK 512

/* The header of ustar, from its first byte: numbers are octal texts. */
struct header {
    char name[100], mode[8], owner[8], group[8], size[12], time[12], sum[8], kind[1], link[100];
    char magic[6], version[2], owner_name[32], group_name[32], device[16], prefix[155], rest[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "a block without gaps");

static const char empty[2 * BLOCK];

void dw_tar_add(struct dw_buf *tar, const char *name, const char *bytes, size_t length,
                int64_t wall_us)
{
    struct header header = { .kind = { '0' }, .magic = "ustar", .version = { '0', '0' } };
    assert(strlen(name) <= DW_TAR_NAME_MAX);
    memcpy(header.name, name, strlen(name));
    snprintf(header.mode, sizeof(header.mode), "%07o", 0600u);
    snprintf(header.owner, sizeof(header.owner), "%07o", 0u);
    snprintf(header.group, sizeof(header.group), "%07o", 0u);
    snprintf(header.size, sizeof(header.size), "%011zo", length);
    snprintf(header.time, sizeof(header.time), "%011llo",
             (unsigned long long)(wall_us / DW_SECOND_US));
    memset(header.sum, ' ', sizeof(header.sum)); /* as it counts in the sum */
    unsigned sum = 0;
    for (size_t i = 0; i < BLOCK; i++)
        sum += ((const unsigned char *)&header)[i];
    snprintf(header.sum, sizeof(header.sum), "%06o", sum);
    dw_buf_append(tar, &header, BLOCK);
    dw_buf_append(tar, bytes, length);
    dw_buf_append(tar, empty, (BLOCK - length % BLOCK) % BLOCK);
}

void dw_tar_end(struct dw_buf *tar)
{
    dw_buf_append(tar, empty, sizeof(empty));
}
