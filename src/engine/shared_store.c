/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/shared_store.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/alloc.h"
#include "base/wall_time.h"
#include "store/store.h"

struct dw_shared_store {
    pthread_mutex_t lock;
    struct dw_store *store; /* whoever holds the lock has it */
};

int dw_shared_store_create(struct dw_shared_store **out, const char *url, struct dw_err *err)
{
    struct dw_store *store = NULL;
    int r = dw_store_create(&store, url, err);
    if (r < 0)
        return r;
    struct dw_shared_store *shared = dw_alloc0(sizeof(*shared));
    shared->store = store;
    pthread_mutex_init(&shared->lock, NULL);
    *out = shared;
    return 0;
}

void dw_shared_store_destroy(struct dw_shared_store *shared)
{
    if (shared == NULL)
        return;
    dw_store_destroy(shared->store);
    pthread_mutex_destroy(&shared->lock);
    free(shared);
}

struct dw_store *dw_shared_store_take(struct dw_shared_store *shared, int64_t wait_us)
{
    if (wait_us < 0)
        return pthread_mutex_lock(&shared->lock) == 0 ? shared->store : NULL;
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    int64_t end_ns = end.tv_nsec + wait_us % DW_SECOND_US * 1000;
    end.tv_sec += (time_t)(wait_us / DW_SECOND_US + end_ns / 1000000000);
    end.tv_nsec = end_ns % 1000000000;
    return pthread_mutex_timedlock(&shared->lock, &end) == 0 ? shared->store : NULL;
}

void dw_shared_store_give(struct dw_shared_store *shared)
{
    pthread_mutex_unlock(&shared->lock);
}
