/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a program and its decoder process say to each other: one request, one reply, of fixed size,
 * over a socket that keeps their borders. Packets and pictures lie in memory both can see: first
 * the packet, then slots for pictures. The program says which slot is free, and works out itself
 * how a picture of a size and format lies in it: no number of the decoder is an address or a length
 * to it. Private to decoder_sandboxed.c and decoder_child.c, which are one program.
 */
#ifndef DW_MEDIA_DECODER_WIRE_H
#define DW_MEDIA_DECODER_WIRE_H

#include <stdint.h>

enum {
    DW_WIRE_SOCKET = 3, /* descriptors of the decoder process */
    DW_WIRE_MEMORY = 4,
    DW_WIRE_SLOTS = 12,
    DW_WIRE_ALIGN = 64,           /* of rows */
    DW_WIRE_PACKET_MAX = 8 << 20, /* bytes */
    DW_WIRE_PIXELS_MAX = 4096 * 4096,
    DW_WIRE_SLOT_BYTES = 64 << 20, /* the largest picture at 3 bytes a pixel, and room for rows */
};
/* Memory nobody writes to costs nothing. */
#define DW_WIRE_BYTES (DW_WIRE_PACKET_MAX + (int64_t)DW_WIRE_SLOTS * DW_WIRE_SLOT_BYTES)

enum dw_wire_ask {
    DW_WIRE_HELLO,  /* are you there? */
    DW_WIRE_OPEN,   /* begin; the extra data of the codec lies where packets do */
    DW_WIRE_PACKET, /* take one, and give the first picture of it */
    DW_WIRE_NEXT,   /* give one more */
    DW_WIRE_END,    /* there are no more packets; give one more */
};

struct dw_wire_request {
    enum dw_wire_ask ask;
    uint32_t size; /* bytes of the packet, or extra data */
    int32_t slot;  /* for the picture */
    int32_t flags; /* of the packet */
    int64_t pts_us, dts_us;
    struct {
        int32_t id, width_px, height_px;
        uint32_t tag;
    } codec; /* for OPEN */
};

enum dw_wire_answer {
    DW_WIRE_READY,   /* to HELLO and OPEN */
    DW_WIRE_FAILED,  /* to OPEN: the codec cannot be opened */
    DW_WIRE_PICTURE, /* it lies in the slot */
    DW_WIRE_AGAIN,   /* none without another packet */
    DW_WIRE_OVER,    /* none any more */
};

struct dw_wire_reply {
    enum dw_wire_answer answer;
    int32_t more; /* whether there is another picture already */
    int32_t width_px, height_px, format, range;
    int64_t stamp_us;
    int64_t damaged; /* pictures left out so far */
};

#endif
