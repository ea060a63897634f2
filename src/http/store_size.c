/* SPDX-License-Identifier: Apache-2.0 */
#include "http/store_size.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/wall_time.h"
#include "http/stores.h"
#include "store/store_care.h"

#define FRESH_US (600 * DW_SECOND_US)
#define DAY_US (86400 * DW_SECOND_US)
#define YEAR_DAYS 365

struct dw_store_size_cache {
    pthread_mutex_t lock;
    struct dw_store_bytes size;
    int64_t asked_us;
};

struct span {
    int64_t bytes, first_us, last_us;
};

struct dw_store_size_cache *dw_store_size_create(void)
{
    struct dw_store_size_cache *cache = dw_alloc0(sizeof(*cache));
    pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

void dw_store_size_destroy(struct dw_store_size_cache *cache)
{
    if (cache == NULL)
        return;
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

static int add(void *context, const struct dw_store_size *size)
{
    struct span *span = context;
    span->bytes += size->bytes;
    if (size->first_us != 0 && (span->first_us == 0 || size->first_us < span->first_us))
        span->first_us = size->first_us;
    span->last_us = DW_MAX(span->last_us, size->last_us);
    return 0;
}

static int ask(struct dw_store_size_cache *cache, struct dw_stores *stores, struct dw_err *err)
{
    struct dw_store *store = NULL;
    struct span span = { 0 };
    int result = dw_stores_take(stores, &store, err);
    if (result < 0)
        return result;
    result = dw_store_read_sizes(store, add, &span, err);
    dw_stores_give(stores, store, result < 0);
    if (result < 0)
        return result;
    int64_t days = (span.last_us - span.first_us) / DAY_US;
    cache->size.bytes = span.bytes;
    cache->size.bytes_year = days > 0 ? span.bytes / days * YEAR_DAYS : 0;
    cache->asked_us = dw_now_us();
    return 0;
}

int dw_store_size_now(struct dw_store_size_cache *cache, struct dw_stores *stores,
                      struct dw_store_bytes *out, struct dw_err *err)
{
    int result = 0;
    pthread_mutex_lock(&cache->lock);
    int64_t age_us = dw_now_us() - cache->asked_us;
    if (age_us < 0 || age_us > FRESH_US)
        result = ask(cache, stores, err);
    *out = cache->size;
    pthread_mutex_unlock(&cache->lock);
    return result;
}
