/* SPDX-License-Identifier: Apache-2.0 */
#include "media/lavf_text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <libavutil/error.h>

#include "base/utf8.h"

const char *dw_lavf_words(char out[DW_LAVF_WORDS_SIZE], int av_code)
{
    (void)av_strerror(av_code, out, DW_LAVF_WORDS_SIZE);
    return out;
}

static bool is_text(const char *bytes, size_t length)
{
    if (strlen(bytes) < length)
        return false;
    for (const char *at = bytes; *at != '\0';) {
        size_t step = dw_utf8_length(at);
        bool cut = step == 0 && bytes + length - at < 4; /* the last letter, half read */
        bool control = (unsigned char)*at < 0x20 && strchr("\t\r\n\f\x1b", *at) == NULL;
        if ((step == 0 && !cut) || control)
            return false;
        at += step > 0 ? step : 1;
    }
    return true;
}

#define HEAD_SIZE 1025

/* Reads the beginning of a file, NUL-terminated; returns its length. */
static size_t read_head(const char *path, char head[HEAD_SIZE])
{
    FILE *file = fopen(path, "rbe");
    size_t length = file != NULL ? fread(head, 1, HEAD_SIZE - 1, file) : 0;
    if (file != NULL)
        fclose(file);
    head[length] = '\0';
    return length;
}

int dw_lavf_check_file(const char *path, struct dw_err *err)
{
    char head[HEAD_SIZE];
    size_t length = read_head(path, head);
    return length > 0 && is_text(head, length)
               ? dw_fail(err, -EINVAL, "'%s' is a text file, not a video: name a video file", path)
               : 0;
}

int dw_lavf_fail_file(struct dw_err *err, int av_code, const char *path)
{
    char head[HEAD_SIZE];
    if (read_head(path, head) > 8 && memcmp(head + 4, "ftyp", 4) == 0)
        return dw_fail(err, -EINVAL,
                       "'%s' is an MP4 file without its index (moov): the recording was cut off "
                       "before its end was written; copy it again or repair it first",
                       path);
    if (av_code == AVERROR_INVALIDDATA)
        return dw_fail(err, -EINVAL,
                       "'%s' is not a video file FFmpeg can read, or its beginning is damaged: try "
                       "to play it, or copy it again",
                       path);
    char words[DW_LAVF_WORDS_SIZE];
    return dw_fail(err, -EINVAL, "'%s' cannot be opened as a video: %s", path,
                   dw_lavf_words(words, av_code));
}

static const struct {
    int av_code, code;
    const char *text; /* goes on after the stream's name */
} stream_texts[] = {
    { AVERROR_HTTP_UNAUTHORIZED, -EACCES,
      "wants a user name and a password, or others than these: write them into the address as "
      "user:password@host" },
    { AVERROR_HTTP_FORBIDDEN, -EACCES, "refuses access: check user name, password and rights" },
    { AVERROR_HTTP_NOT_FOUND, -ENOENT, "is not known to the server: check the path" },
    { AVERROR_HTTP_BAD_REQUEST, -EIO, "refuses the request: check the address" },
    { AVERROR_HTTP_OTHER_4XX, -EIO, "refuses the request: check address and password" },
    { AVERROR_HTTP_SERVER_ERROR, -EIO,
      "has an error on its own side: look at the camera or server" },
    { AVERROR(ECONNREFUSED), -ECONNREFUSED,
      "refuses the connection: check address and port, and that the camera is on" },
    { AVERROR(EHOSTUNREACH), -EHOSTUNREACH, "cannot be reached: check address and network" },
    { AVERROR(ENETUNREACH), -ENETUNREACH, "cannot be reached: check address and network" },
    { AVERROR(ECONNRESET), -ECONNRESET, "cut the connection" },
    { AVERROR(EPIPE), -EPIPE, "cut the connection" },
    { AVERROR(ENODEV), -ENODEV, "was unplugged" },
    { AVERROR_EOF, -EIO, "cut the connection before sending a picture" },
    { AVERROR(EIO), -EIO,
      "cannot be reached, or sends on to another address, which is not followed: check address and "
      "network" },
    { AVERROR_INVALIDDATA, -EINVAL, "answers, but not with a video: check the path of the stream" },
    { AVERROR_PROTOCOL_NOT_FOUND, -ENOTSUP, "uses a protocol this FFmpeg was built without" },
};

int dw_lavf_fail_stream(struct dw_err *err, int av_code, const char *name)
{
    for (size_t i = 0; i < sizeof(stream_texts) / sizeof(stream_texts[0]); i++)
        if (stream_texts[i].av_code == av_code)
            return dw_fail(err, stream_texts[i].code, "'%s' %s", name, stream_texts[i].text);
    char words[DW_LAVF_WORDS_SIZE];
    return dw_fail(err, -EIO, "'%s' cannot be read: %s", name, dw_lavf_words(words, av_code));
}
