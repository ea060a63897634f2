/* SPDX-License-Identifier: Apache-2.0 */
#include "media/identity.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libavutil/mem.h>
#include <libavutil/sha.h>

#include "base/alloc.h"

#define PIECE_BYTES (INT64_C(1) << 20)

static struct AVSHA *begin(void)
{
    struct AVSHA *sha = av_sha_alloc();
    if (sha == NULL)
        dw_out_of_memory();
    av_sha_init(sha, 256);
    return sha;
}

static void finish(struct AVSHA *sha, char out[DW_IDENTITY_SIZE])
{
    uint8_t digest[32];
    av_sha_final(sha, digest);
    av_free(sha);
    for (size_t i = 0; i < sizeof(digest); i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

/* Hashes up to PIECE_BYTES from where the file stands; false when it cannot be read. */
static bool add_piece(struct AVSHA *sha, FILE *file)
{
    uint8_t *piece = dw_alloc0(PIECE_BYTES);
    size_t length = fread(piece, 1, PIECE_BYTES, file);
    av_sha_update(sha, piece, length);
    free(piece);
    return ferror(file) == 0;
}

static bool add_file(struct AVSHA *sha, FILE *file)
{
    if (fseeko(file, 0, SEEK_END) != 0)
        return false;
    int64_t size = ftello(file);
    char text[24];
    int length = snprintf(text, sizeof(text), "%lld\n", (long long)size);
    av_sha_update(sha, (const uint8_t *)text, (size_t)length);

    rewind(file);
    if (!add_piece(sha, file))
        return false;
    if (size <= PIECE_BYTES)
        return true;
    int64_t last = size - PIECE_BYTES > PIECE_BYTES ? size - PIECE_BYTES : PIECE_BYTES;
    return fseeko(file, last, SEEK_SET) == 0 && add_piece(sha, file);
}

int dw_identity_of_file(char out[DW_IDENTITY_SIZE], const char *path, struct dw_err *err)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return dw_fail(err, -errno, "cannot read '%s': %s", path, strerror(errno));
    struct AVSHA *sha = begin();
    bool good = add_file(sha, file);
    int code = good ? 0 : -errno;
    finish(sha, out);
    fclose(file);
    return good ? 0 : dw_fail(err, code, "cannot read '%s': %s", path, strerror(-code));
}

void dw_identity_of_text(char out[DW_IDENTITY_SIZE], const char *text)
{
    struct AVSHA *sha = begin();
    av_sha_update(sha, (const uint8_t *)text, strlen(text));
    finish(sha, out);
}
