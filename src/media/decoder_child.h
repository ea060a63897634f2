/* SPDX-License-Identifier: Apache-2.0 */
/* The decoder process itself. A program whose sources are sandboxed starts itself anew as one: its
 * main() calls dw_decoder_child() first of all when its only argument is DW_DECODER_ARGUMENT. */
#ifndef DW_MEDIA_DECODER_CHILD_H
#define DW_MEDIA_DECODER_CHILD_H

#define DW_DECODER_ARGUMENT "decoder"

/* Decodes what it is asked to until the socket closes; returns the exit code. */
int dw_decoder_child(void);

#endif
