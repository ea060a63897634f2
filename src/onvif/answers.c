/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif/answers.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/macros.h"
#include "onvif/xml.h"

/* Where in a document the reader is: enough of the names above to tell two "Name" apart. */
#define PATH_MOST 64

struct answer {
    const char *names[PATH_MOST]; /* of open elements that matter, else "" */
    size_t depth;
    char reason[128]; /* of a fault, in the camera's words */
    bool fault, denied, full;
    void *out;
    void (*begin)(struct answer *answer, const char *name, const char *token);
    void (*end)(struct answer *answer, const char *name, const char *text);
};

/* The names that are asked for with within(). */
static const char *const known_names[] = {
    "EndpointReference", "Fault",       "Media",      "MediaUri",    "Profiles",
    "ProbeMatch",        "RateControl", "Resolution", "UTCDateTime", "VideoEncoderConfiguration",
};

static bool within(const struct answer *answer, const char *name)
{
    for (size_t i = 0; i < DW_MIN(answer->depth, (size_t)PATH_MOST); i++)
        if (strcmp(answer->names[i], name) == 0)
            return true;
    return false;
}

static void on_begin(void *user, const char *name, const char *token)
{
    struct answer *answer = user;
    const char *known = "";
    for (size_t i = 0; i < DW_LENGTH(known_names); i++)
        if (strcmp(known_names[i], name) == 0)
            known = known_names[i];
    if (answer->depth < PATH_MOST)
        answer->names[answer->depth] = known;
    answer->depth++;
    if (answer->begin != NULL)
        answer->begin(answer, name, token);
}

static void keep(char *field, size_t size, const char *text)
{
    snprintf(field, size, "%s", text);
}

static void on_end(void *user, const char *name, const char *text)
{
    struct answer *answer = user;
    answer->depth--;
    if (strcmp(name, "Fault") == 0)
        answer->fault = true;
    if (within(answer, "Fault") && (strcmp(name, "Text") == 0 || strcmp(name, "faultstring") == 0))
        keep(answer->reason, sizeof(answer->reason), text);
    if (within(answer, "Fault") && strcmp(name, "Value") == 0 &&
        (strstr(text, "NotAuthorized") != NULL || strstr(text, "FailedAuthentication") != NULL))
        answer->denied = true;
    answer->end(answer, name, text);
}

/* Control characters of a stranger do not reach a terminal. */
static void make_printable(char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *text = ' ';
}

static int read_answer(struct answer *answer, const char *text, size_t length, struct dw_err *err)
{
    const struct dw_xml_reader reader = { on_begin, on_end, answer };
    int r = dw_xml_read(text, length, &reader, err);
    if (r < 0 || !answer->fault)
        return r;
    make_printable(answer->reason);
    return dw_fail(err, answer->denied ? -EACCES : -EPROTO, "refuses: %s",
                   answer->reason[0] != '\0' ? answer->reason : "no reason given");
}

/* --- ProbeMatches ----------------------------------------------------------------------------- */

static int hex_digit(char digit)
{
    const char *digits = "0123456789abcdef", *at = strchr(digits, tolower((unsigned char)digit));
    return digit != '\0' && at != NULL ? (int)(at - digits) : -1;
}

/* "onvif://www.onvif.org/name/Front%20door" among the scopes. */
static void take_scope(char *field, size_t size, const char *scopes, const char *kind)
{
    const char *at = strstr(scopes, kind);
    if (at == NULL)
        return;
    at += strlen(kind);
    size_t length = 0;
    for (; *at != '\0' && strchr(" \t\r\n", *at) == NULL && length + 1 < size; length++) {
        int high = at[0] == '%' ? hex_digit(at[1]) : -1, low = high >= 0 ? hex_digit(at[2]) : -1;
        bool coded = low >= 0 && high + low > 0;
        unsigned char byte = coded ? (unsigned char)(high * 16 + low) : (unsigned char)*at;
        memcpy(&field[length], &byte, 1);
        at += coded ? 3 : 1;
    }
    field[length] = '\0';
    make_printable(field);
}

static void match_end(struct answer *answer, const char *name, const char *text)
{
    struct dw_onvif_camera *camera = answer->out;
    if (!within(answer, "ProbeMatch"))
        return;
    if (strcmp(name, "Address") == 0 && within(answer, "EndpointReference"))
        keep(camera->id, sizeof(camera->id), text);
    else if (strcmp(name, "XAddrs") == 0)
        keep(camera->addresses, sizeof(camera->addresses), text);
    else if (strcmp(name, "Scopes") == 0) {
        take_scope(camera->name, sizeof(camera->name), text, "onvif.org/name/");
        take_scope(camera->model, sizeof(camera->model), text, "onvif.org/hardware/");
    }
}

int dw_onvif_read_match(struct dw_onvif_camera *camera, const char *text, size_t length,
                        struct dw_err *err)
{
    *camera = (struct dw_onvif_camera){ 0 };
    struct answer answer = { .out = camera, .end = match_end };
    int r = read_answer(&answer, text, length, err);
    if (r == 0 && camera->addresses[0] == '\0')
        return dw_fail(err, -ENOENT, "is no camera");
    make_printable(camera->addresses);
    return r;
}

/* --- Replies of the services ------------------------------------------------------------------ */

struct clock {
    struct tm utc;
    int parts;
};

static void time_end(struct answer *answer, const char *name, const char *text)
{
    struct clock *clock = answer->out;
    const struct {
        const char *name;
        int *part, less, least, most;
    } parts[] = {
        { "Year", &clock->utc.tm_year, 1900, 1970, 9999 },
        { "Month", &clock->utc.tm_mon, 1, 1, 12 },
        { "Day", &clock->utc.tm_mday, 0, 1, 31 },
        { "Hour", &clock->utc.tm_hour, 0, 0, 23 },
        { "Minute", &clock->utc.tm_min, 0, 0, 59 },
        { "Second", &clock->utc.tm_sec, 0, 0, 60 },
    };
    for (size_t i = 0; i < DW_LENGTH(parts) && within(answer, "UTCDateTime"); i++) {
        long value = strtol(text, NULL, 10);
        if (strcmp(parts[i].name, name) != 0 || value < parts[i].least || value > parts[i].most)
            continue;
        *parts[i].part = (int)value - parts[i].less;
        clock->parts |= 1 << i;
    }
}

int dw_onvif_read_time(int64_t *unix_s, const char *text, size_t length, struct dw_err *err)
{
    struct clock clock = { 0 };
    struct answer answer = { .out = &clock, .end = time_end };
    int r = read_answer(&answer, text, length, err);
    if (r == 0 && clock.parts != (1 << 6) - 1)
        r = dw_fail(err, -EPROTO, "does not say what time it is");
    if (r == 0)
        *unix_s = timegm(&clock.utc);
    return r;
}

static void media_end(struct answer *answer, const char *name, const char *text)
{
    if (strcmp(name, "XAddr") == 0 && within(answer, "Media"))
        keep(answer->out, 512, text);
}

int dw_onvif_read_media(char address[512], const char *text, size_t length, struct dw_err *err)
{
    address[0] = '\0';
    struct answer answer = { .out = address, .end = media_end };
    int r = read_answer(&answer, text, length, err);
    if (r == 0 && address[0] == '\0')
        return dw_fail(err, -EPROTO, "has no media service");
    return r;
}

static void profiles_begin(struct answer *answer, const char *name, const char *token)
{
    struct dw_onvif_streams *streams = answer->out;
    if (strcmp(name, "Profiles") != 0 || token == NULL)
        return;
    answer->full = streams->count == DW_ONVIF_STREAMS_MAX;
    if (answer->full)
        return;
    struct dw_onvif_stream *stream = &streams->items[streams->count++];
    *stream = (struct dw_onvif_stream){ 0 };
    keep(stream->token, sizeof(stream->token), token);
}

static int size_of(const char *text)
{
    long value = strtol(text, NULL, 10);
    return value > 0 && value <= 65536 ? (int)value : 0;
}

static void profiles_end(struct answer *answer, const char *name, const char *text)
{
    struct dw_onvif_streams *streams = answer->out;
    if (streams->count == 0 || answer->full || !within(answer, "Profiles"))
        return;
    struct dw_onvif_stream *stream = &streams->items[streams->count - 1];
    bool video = within(answer, "VideoEncoderConfiguration");
    if (strcmp(name, "Name") == 0 && answer->depth > 0 && !video && stream->profile[0] == '\0')
        keep(stream->profile, sizeof(stream->profile), text);
    else if (video && strcmp(name, "Encoding") == 0)
        keep(stream->codec, sizeof(stream->codec), text);
    else if (video && within(answer, "Resolution") && strcmp(name, "Width") == 0)
        stream->width_px = size_of(text);
    else if (video && within(answer, "Resolution") && strcmp(name, "Height") == 0)
        stream->height_px = size_of(text);
    else if (video && within(answer, "RateControl") && strcmp(name, "FrameRateLimit") == 0)
        stream->fps = size_of(text);
    make_printable(stream->profile);
    make_printable(stream->codec);
}

int dw_onvif_read_profiles(struct dw_onvif_streams *streams, const char *text, size_t length,
                           struct dw_err *err)
{
    streams->count = 0;
    struct answer answer = { .out = streams, .begin = profiles_begin, .end = profiles_end };
    int r = read_answer(&answer, text, length, err);
    size_t kept = 0;
    for (size_t i = 0; i < streams->count; i++)
        if (streams->items[i].codec[0] != '\0')
            streams->items[kept++] = streams->items[i];
    streams->count = kept;
    if (r == 0 && kept == 0)
        return dw_fail(err, -EPROTO, "has no video");
    return r;
}

static void uri_end(struct answer *answer, const char *name, const char *text)
{
    if (strcmp(name, "Uri") == 0 && within(answer, "MediaUri"))
        keep(answer->out, 512, text);
}

int dw_onvif_read_uri(char uri[512], const char *text, size_t length, struct dw_err *err)
{
    uri[0] = '\0';
    struct answer answer = { .out = uri, .end = uri_end };
    int r = read_answer(&answer, text, length, err);
    if (r < 0)
        return r;
    make_printable(uri);
    char *host = strstr(uri, "://");
    if (host == NULL || strncmp(uri, "rtsp", 4) != 0)
        return dw_fail(err, -EPROTO, "names no RTSP stream");
    host += 3;
    size_t authority = strcspn(host, "/?#");
    for (size_t i = authority; i > 0; i--) {
        if (host[i - 1] == '@') {
            memmove(host, host + i, strlen(host + i) + 1);
            break;
        }
    }
    return 0;
}
