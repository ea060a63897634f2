/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory a program shares with its decoder process (decoder_wire.h). Slots are given back when
 * the last reference to their picture goes, on whichever thread that happens; the memory lives
 * until then. Private to decoder_sandboxed.c.
 */
#ifndef DW_MEDIA_DECODER_MEMORY_H
#define DW_MEDIA_DECODER_MEMORY_H

#include <stdint.h>

#include "base/err.h"
#include "media/decoder_wire.h"

struct AVFrame;

struct dw_decoder_memory;

int dw_decoder_memory_create(struct dw_decoder_memory **out, struct dw_err *err);

/* Pictures in it stay valid. NULL is fine. */
void dw_decoder_memory_unref(struct dw_decoder_memory *memory);

/* To be handed to the decoder process. */
int dw_decoder_memory_descriptor(const struct dw_decoder_memory *memory);

/* Where the packet goes: DW_WIRE_PACKET_MAX bytes. */
uint8_t *dw_decoder_memory_packet(struct dw_decoder_memory *memory);

/* A slot nobody reads; the same one until it is taken. There always is one. */
int dw_decoder_memory_slot(const struct dw_decoder_memory *memory);

/*
 * Makes `picture`, which is empty, the one in this slot, as the reply says it is. The slot is
 * taken; when the last but one would be, the picture is copied out instead. -EBADMSG when the reply
 * is none a sound decoder gives; -ENOMEM.
 */
int dw_decoder_memory_take(struct dw_decoder_memory *memory, int slot,
                           const struct dw_wire_reply *reply, struct AVFrame *picture);

#endif
