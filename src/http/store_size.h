/* SPDX-License-Identifier: Apache-2.0 */
/* How big the store is, asked at most every ten minutes: on a big one it takes a while. */
#ifndef DW_HTTP_STORE_SIZE_H
#define DW_HTTP_STORE_SIZE_H

#include <stdint.h>

#include "base/err.h"

struct dw_stores;

struct dw_store_bytes {
    int64_t bytes;
    int64_t bytes_year; /* what a year of as much adds; 0: less than a day is there to tell from */
};

struct dw_store_size_cache;

struct dw_store_size_cache *dw_store_size_create(void);
void dw_store_size_destroy(struct dw_store_size_cache *cache);

int dw_store_size_now(struct dw_store_size_cache *cache, struct dw_stores *stores,
                      struct dw_store_bytes *out, struct dw_err *err);

#endif
