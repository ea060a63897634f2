/* SPDX-License-Identifier: Apache-2.0 */
/* The wall clock, in microseconds since 1970. */
#ifndef DW_HTTP_CLOCK_H
#define DW_HTTP_CLOCK_H

#include <stdint.h>

int64_t dw_now_us(void);

#endif
