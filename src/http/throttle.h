/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes guessing slow. Every try counts against its address and its name until it succeeds; after
 * a few free ones the next is let in only after 15 s, then 30 s, and so on up to a quarter of an
 * hour; an hour without a try forgets all. Bounded memory: when more names are tried than there
 * is room for, the oldest are forgotten. Any thread. Times are wall time in microseconds.
 */
#ifndef DW_HTTP_THROTTLE_H
#define DW_HTTP_THROTTLE_H

#include <stdint.h>

#define DW_THROTTLE_FREE_NAME 5     /* tries of one name, */
#define DW_THROTTLE_FREE_ADDRESS 20 /* from one address */

struct dw_throttle;

struct dw_throttle *dw_throttle_create(void);
void dw_throttle_destroy(struct dw_throttle *throttle);

/* Counts a try; 0: go on, else seconds to wait, and the try was not counted. */
int dw_throttle_try(struct dw_throttle *throttle, const char *key, int free_tries, int64_t now_us);

/* It was the right one. */
void dw_throttle_clear(struct dw_throttle *throttle, const char *key);

#endif
