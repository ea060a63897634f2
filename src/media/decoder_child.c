/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lives with three things: its memory, a socket to the program, and the memory it shares with it.
 * It trusts the program and is trusted by nobody.
 */
#include "media/decoder_child.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <libavcodec/avcodec.h>
#include <libavutil/cpu.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>

#include "media/decoder.h"
#include "media/decoder_wire.h"
#include "media/sandbox.h"

#define MEMORY_BYTES (INT64_C(1) << 30) /* 16 reference pictures of the largest size, and more */

struct child {
    uint8_t *memory;
    struct dw_decoder *decoder;
    AVFrame *picture; /* the next to be given, when `holds` */
    bool holds, over;
    AVPacket *packet;
};

static bool open_codec(struct child *child, const struct dw_wire_request *request)
{
    AVCodecParameters *parameters = avcodec_parameters_alloc();
    if (parameters == NULL)
        return false;
    parameters->codec_type = AVMEDIA_TYPE_VIDEO;
    parameters->codec_id = (enum AVCodecID)request->codec.id;
    parameters->codec_tag = request->codec.tag;
    parameters->width = request->codec.width_px;
    parameters->height = request->codec.height_px;
    if (request->size > 0) {
        parameters->extradata = av_mallocz(request->size + AV_INPUT_BUFFER_PADDING_SIZE);
        if (parameters->extradata == NULL)
            return false;
        memcpy(parameters->extradata, child->memory, request->size);
        parameters->extradata_size = (int)request->size;
    }
    const struct dw_decoder_conf conf = { .pixels_max = DW_WIRE_PIXELS_MAX };
    int code = dw_decoder_create(&child->decoder, &conf, NULL);
    if (code == 0)
        code = dw_decoder_open(child->decoder, parameters, 0, NULL);
    avcodec_parameters_free(&parameters);
    return code == 0;
}

static void take_packet(struct child *child, const struct dw_wire_request *request)
{
    if (av_new_packet(child->packet, (int)request->size) != 0)
        _exit(1); /* no memory: a decoder anew is the remedy */
    memcpy(child->packet->data, child->memory, request->size);
    child->packet->pts = request->pts_us;
    child->packet->dts = request->dts_us;
    child->packet->flags = request->flags;
    dw_decoder_send(child->decoder, child->packet);
    av_packet_unref(child->packet);
}

/* Decodes up to the next picture, so that the reply before it can say that there is one. */
static void look_ahead(struct child *child)
{
    int code = dw_decoder_receive(child->decoder, child->picture, NULL);
    child->holds = code > 0;
    child->over = code == 0;
}

static void give_picture(struct child *child, int slot, struct dw_wire_reply *reply)
{
    AVFrame *picture = child->picture;
    uint8_t *data[4];
    int strides[4];
    int bytes =
        av_image_get_buffer_size(picture->format, picture->width, picture->height, DW_WIRE_ALIGN);
    if (bytes <= 0 || bytes > DW_WIRE_SLOT_BYTES)
        _exit(1); /* no picture of a camera is so large */
    uint8_t *at = child->memory + DW_WIRE_PACKET_MAX + (size_t)slot * DW_WIRE_SLOT_BYTES;
    av_image_fill_arrays(data, strides, at, picture->format, picture->width, picture->height,
                         DW_WIRE_ALIGN);
    const uint8_t *from[4] = { picture->data[0], picture->data[1], picture->data[2],
                               picture->data[3] };
    av_image_copy(data, strides, from, picture->linesize, picture->format, picture->width,
                  picture->height);
    *reply = (struct dw_wire_reply){
        .answer = DW_WIRE_PICTURE,
        .width_px = picture->width,
        .height_px = picture->height,
        .format = picture->format,
        .range = picture->color_range,
        .stamp_us = picture->best_effort_timestamp,
    };
    av_frame_unref(picture);
}

static struct dw_wire_reply answer(struct child *child, const struct dw_wire_request *request)
{
    struct dw_wire_reply reply = { .answer = DW_WIRE_AGAIN };
    if (request->ask == DW_WIRE_HELLO || request->ask == DW_WIRE_OPEN) {
        bool fine = request->ask == DW_WIRE_HELLO || open_codec(child, request);
        reply.answer = fine ? DW_WIRE_READY : DW_WIRE_FAILED;
        return reply;
    }
    if (request->ask == DW_WIRE_PACKET)
        take_packet(child, request);
    else if (request->ask == DW_WIRE_END && !child->over)
        dw_decoder_send(child->decoder, NULL);
    if (!child->holds)
        look_ahead(child);
    if (child->holds) {
        give_picture(child, request->slot, &reply);
        look_ahead(child);
    } else if (child->over) {
        reply.answer = DW_WIRE_OVER;
    }
    reply.more = child->holds;
    reply.damaged = dw_decoder_damaged(child->decoder);
    return reply;
}

static bool prepare(struct child *child)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)signal(SIGINT, SIG_IGN); /* the program says when it is over: it closes the socket */
    (void)signal(SIGTERM, SIG_IGN);
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
#ifndef DW_SANITIZED
    close(STDERR_FILENO);
#endif
    av_log_set_level(AV_LOG_QUIET);
    (void)av_get_cpu_flags();
    child->memory =
        mmap(NULL, (size_t)DW_WIRE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, DW_WIRE_MEMORY, 0);
    if (child->memory == MAP_FAILED)
        return false;
    close(DW_WIRE_MEMORY);
    child->packet = av_packet_alloc();
    child->picture = av_frame_alloc();
    return child->packet != NULL && child->picture != NULL &&
           dw_sandbox_enter(DW_WIRE_SOCKET, MEMORY_BYTES, NULL) == 0;
}

int dw_decoder_child(void)
{
    struct child child = { 0 };
    if (!prepare(&child))
        return 1;
    struct dw_wire_request request;
    while (read(DW_WIRE_SOCKET, &request, sizeof(request)) == (ssize_t)sizeof(request)) {
        struct dw_wire_reply reply = answer(&child, &request);
        if (write(DW_WIRE_SOCKET, &reply, sizeof(reply)) != (ssize_t)sizeof(reply))
            break;
    }
    _exit(0); /* nothing is left to be tidied, and tidying would ask the system for more */
}
