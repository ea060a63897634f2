/* SPDX-License-Identifier: Apache-2.0 */
#include "media/decoder_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <libavutil/frame.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>

#include "base/alloc.h"

#define RESERVED 2 /* slots left free: one to decode into, one for a surprise */
#define DESCRIPTOR_MIN 10

struct slot {
    struct dw_decoder_memory *memory;
    atomic_bool taken;
};

struct dw_decoder_memory {
    atomic_int references; /* the decoder's, and one for each slot taken */
    int descriptor;
    uint8_t *bytes;
    struct slot slots[DW_WIRE_SLOTS];
};

int dw_decoder_memory_create(struct dw_decoder_memory **out, struct dw_err *err)
{
    int made = memfd_create("dwell-pictures", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    int descriptor = made >= 0 ? fcntl(made, F_DUPFD_CLOEXEC, DESCRIPTOR_MIN) : -1;
    if (made >= 0)
        close(made);
    void *bytes = MAP_FAILED;
    /* Sealed, because reading memory that was cut away would end the program. */
    if (descriptor >= 0 && ftruncate(descriptor, DW_WIRE_BYTES) == 0 &&
        fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
        bytes =
            mmap(NULL, (size_t)DW_WIRE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (bytes == MAP_FAILED) {
        int code = -errno;
        if (descriptor >= 0)
            close(descriptor);
        return dw_fail(err, code, "no memory to share with a decoder: %s", strerror(-code));
    }
    struct dw_decoder_memory *memory = dw_alloc0(sizeof(*memory));
    atomic_init(&memory->references, 1);
    memory->descriptor = descriptor;
    memory->bytes = bytes;
    for (size_t i = 0; i < DW_WIRE_SLOTS; i++)
        memory->slots[i].memory = memory;
    *out = memory;
    return 0;
}

void dw_decoder_memory_unref(struct dw_decoder_memory *memory)
{
    if (memory == NULL || atomic_fetch_sub(&memory->references, 1) > 1)
        return;
    munmap(memory->bytes, (size_t)DW_WIRE_BYTES);
    close(memory->descriptor);
    free(memory);
}

int dw_decoder_memory_descriptor(const struct dw_decoder_memory *memory)
{
    return memory->descriptor;
}

uint8_t *dw_decoder_memory_packet(struct dw_decoder_memory *memory)
{
    return memory->bytes;
}

int dw_decoder_memory_slot(const struct dw_decoder_memory *memory)
{
    int slot = 0;
    while (slot < DW_WIRE_SLOTS - 1 && atomic_load(&memory->slots[slot].taken))
        slot++;
    return slot;
}

static int count_free(const struct dw_decoder_memory *memory)
{
    int count = 0;
    for (size_t i = 0; i < DW_WIRE_SLOTS; i++)
        count += !atomic_load(&memory->slots[i].taken);
    return count;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): FFmpeg says what it is called with */
static void give_back(void *opaque, uint8_t *data)
{
    (void)data;
    struct slot *slot = opaque;
    struct dw_decoder_memory *memory = slot->memory;
    atomic_store(&slot->taken, false);
    dw_decoder_memory_unref(memory);
}

/* The bytes of a picture as told, or negative when no decoder of ours makes such ones. */
static int64_t check(const struct dw_wire_reply *reply)
{
    const AVPixFmtDescriptor *about = av_pix_fmt_desc_get(reply->format);
    if (about == NULL || (about->flags & (AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_PAL)) != 0)
        return -EBADMSG;
    bool sized = reply->width_px > 0 && reply->height_px > 0 &&
                 (int64_t)reply->width_px * reply->height_px <= DW_WIRE_PIXELS_MAX;
    int bytes = sized ? av_image_get_buffer_size(reply->format, reply->width_px, reply->height_px,
                                                 DW_WIRE_ALIGN)
                      : -1;
    return bytes > 0 && bytes <= DW_WIRE_SLOT_BYTES ? bytes : -EBADMSG;
}

static int copy_out(AVFrame *picture)
{
    AVFrame *own = av_frame_alloc();
    if (own == NULL)
        return -ENOMEM;
    own->format = picture->format;
    own->width = picture->width;
    own->height = picture->height;
    int code = av_frame_get_buffer(own, 0);
    if (code == 0)
        code = av_frame_copy(own, picture);
    if (code >= 0)
        code = av_frame_copy_props(own, picture);
    av_frame_unref(picture);
    if (code >= 0)
        av_frame_move_ref(picture, own);
    av_frame_free(&own);
    return code < 0 ? -ENOMEM : 0;
}

int dw_decoder_memory_take(struct dw_decoder_memory *memory, int slot,
                           const struct dw_wire_reply *reply, AVFrame *picture)
{
    int64_t bytes = check(reply);
    if (bytes < 0)
        return (int)bytes;
    uint8_t *at = memory->bytes + DW_WIRE_PACKET_MAX + (size_t)slot * DW_WIRE_SLOT_BYTES;
    picture->buf[0] = av_buffer_create(at, (size_t)bytes, give_back, &memory->slots[slot],
                                       AV_BUFFER_FLAG_READONLY);
    if (picture->buf[0] == NULL)
        return -ENOMEM;
    atomic_fetch_add(&memory->references, 1);
    atomic_store(&memory->slots[slot].taken, true);
    picture->format = reply->format;
    picture->width = reply->width_px;
    picture->height = reply->height_px;
    picture->color_range = reply->range == AVCOL_RANGE_JPEG ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    picture->best_effort_timestamp = picture->pts = reply->stamp_us;
    av_image_fill_arrays(picture->data, picture->linesize, at, reply->format, reply->width_px,
                         reply->height_px, DW_WIRE_ALIGN);
    return count_free(memory) < RESERVED ? copy_out(picture) : 0;
}
