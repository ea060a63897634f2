/* SPDX-License-Identifier: Apache-2.0 */
/* Names come from files people wrote: what is not UTF-8 must not reach JSON or a drawing. */
#ifndef DW_BASE_UTF8_H
#define DW_BASE_UTF8_H

#include <stddef.h>

/*
 * Length in bytes of the well-formed sequence at `text` (NUL-terminated, not empty), or 0 (RFC
 * 3629: no surrogates, no overlongs).
 */
size_t dw_utf8_length(const char *text);

#endif
