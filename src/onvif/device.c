/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif/device.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "onvif/soap.h"

#define DEVICE "http://www.onvif.org/ver10/device/wsdl"
#define MEDIA "http://www.onvif.org/ver10/media/wsdl"
#define SCHEMA "http://www.onvif.org/ver10/schema"
#define ROWS_ENOUGH 360
#define LONGEST_US 15000000 /* for all addresses; each question has 5 s of its own */

/* What the media service says of its own address is its path; the host is the one that was asked,
 * or a camera behind a router could not be reached and any other host could be made our target. */
static void place(char *out, size_t size, const char *device, const char *media)
{
    const char *host = strstr(device, "://"), *path = strstr(media, "://");
    host = host != NULL ? host + 3 : device;
    path = path != NULL ? path + 3 : media;
    path += strcspn(path, "/");
    snprintf(out, size, "%.*s%.*s%s", (int)(host - device), device, (int)strcspn(host, "/"), host,
             path[0] != '\0' ? path : "/");
}

/* Digests carry a time, and cameras refuse those of another day; many have a wrong clock. Those who
 * do not say what time they have get ours. */
static int64_t clock_of(const char *address)
{
    struct dw_buf reply = { 0 };
    struct dw_soap_caller nobody = { 0 };
    int64_t unix_s = 0, ahead_s = 0;
    if (dw_soap_call(address, &nobody, "<GetSystemDateAndTime xmlns=\"" DEVICE "\"/>", &reply,
                     NULL) == 0 &&
        dw_onvif_read_time(&unix_s, dw_buf_text(&reply), reply.length, NULL) == 0)
        ahead_s = unix_s - time(NULL);
    dw_buf_fini(&reply);
    return ahead_s;
}

static int find_media(char media[512], const char *address, const struct dw_soap_caller *caller,
                      struct dw_buf *reply, struct dw_err *err)
{
    char said[512];
    int r = dw_soap_call(address, caller,
                         "<GetCapabilities xmlns=\"" DEVICE
                         "\"><Category>Media</Category></GetCapabilities>",
                         reply, err);
    if (r == 0)
        r = dw_onvif_read_media(said, dw_buf_text(reply), reply->length, err);
    if (r == 0)
        place(media, 512, address, said);
    return r;
}

/* The token came from the camera; what cannot stand in XML as it is does not go back. */
static bool is_plain(const char *token)
{
    return strpbrk(token, "<>&\"'") == NULL;
}

static int find_uris(struct dw_onvif_streams *streams, const char *media,
                     const struct dw_soap_caller *caller, struct dw_buf *reply, struct dw_err *err)
{
    int64_t until_us = dw_clock_us(CLOCK_MONOTONIC) + LONGEST_US;
    size_t kept = 0;
    int r = 0;
    for (size_t i = 0; i < streams->count && dw_clock_us(CLOCK_MONOTONIC) < until_us; i++) {
        struct dw_onvif_stream *stream = &streams->items[i];
        char body[512];
        snprintf(body, sizeof(body),
                 "<GetStreamUri xmlns=\"" MEDIA "\"><StreamSetup>"
                 "<Stream xmlns=\"" SCHEMA "\">RTP-Unicast</Stream>"
                 "<Transport xmlns=\"" SCHEMA "\"><Protocol>RTSP</Protocol></Transport>"
                 "</StreamSetup><ProfileToken>%s</ProfileToken></GetStreamUri>",
                 stream->token);
        r = is_plain(stream->token) ? dw_soap_call(media, caller, body, reply, err)
                                    : dw_fail(err, -EPROTO, "names a profile that is no name");
        if (r == 0)
            r = dw_onvif_read_uri(stream->uri, dw_buf_text(reply), reply->length, err);
        if (r == 0)
            streams->items[kept++] = *stream;
    }
    streams->count = kept;
    return kept > 0 ? 0 : r;
}

int dw_onvif_streams(struct dw_onvif_streams *streams, const char *address, const char *user,
                     const char *password, struct dw_err *err)
{
    streams->count = 0;
    struct dw_soap_caller caller = { user, password, user != NULL ? clock_of(address) : 0 };
    struct dw_buf reply = { 0 };
    char media[512];
    int r = find_media(media, address, &caller, &reply, err);
    if (r == 0)
        r = dw_soap_call(media, &caller, "<GetProfiles xmlns=\"" MEDIA "\"/>", &reply, err);
    if (r == 0)
        r = dw_onvif_read_profiles(streams, dw_buf_text(&reply), reply.length, err);
    if (r == 0)
        r = find_uris(streams, media, &caller, &reply, err);
    dw_buf_fini(&reply);
    return r < 0 ? dw_fail_within(err, r, "%s", address) : 0;
}

static bool is_better(const struct dw_onvif_stream *a, const struct dw_onvif_stream *b)
{
    bool enough_a = a->height_px >= ROWS_ENOUGH, enough_b = b->height_px >= ROWS_ENOUGH;
    if (enough_a != enough_b)
        return enough_a;
    if (a->height_px != b->height_px)
        return enough_a == (a->height_px < b->height_px);
    return strcmp(a->codec, "H264") == 0 && strcmp(b->codec, "H264") != 0;
}

const struct dw_onvif_stream *dw_onvif_best(const struct dw_onvif_streams *streams)
{
    const struct dw_onvif_stream *best = NULL;
    for (size_t i = 0; i < streams->count; i++)
        if (best == NULL || is_better(&streams->items[i], best))
            best = &streams->items[i];
    return best;
}
