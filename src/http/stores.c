/* SPDX-License-Identifier: Apache-2.0 */
#include "http/stores.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/alloc.h"

#define KEPT 4

struct dw_stores {
    pthread_mutex_t lock;
    char *url;
    struct dw_store *idle[KEPT];
    size_t count;
};

struct dw_stores *dw_stores_create(const char *url)
{
    struct dw_stores *stores = dw_alloc0(sizeof(*stores));
    pthread_mutex_init(&stores->lock, NULL);
    stores->url = dw_strdup(url);
    return stores;
}

void dw_stores_destroy(struct dw_stores *stores)
{
    if (stores == NULL)
        return;
    for (size_t i = 0; i < stores->count; i++)
        dw_store_destroy(stores->idle[i]);
    pthread_mutex_destroy(&stores->lock);
    free(stores->url);
    free(stores);
}

int dw_stores_take(struct dw_stores *stores, struct dw_store **out, struct dw_err *err)
{
    pthread_mutex_lock(&stores->lock);
    *out = stores->count > 0 ? stores->idle[--stores->count] : NULL;
    pthread_mutex_unlock(&stores->lock);
    return *out != NULL ? 0 : dw_store_open(out, stores->url, err);
}

void dw_stores_give(struct dw_stores *stores, struct dw_store *store, bool spoilt)
{
    pthread_mutex_lock(&stores->lock);
    if (!spoilt && store != NULL && stores->count < KEPT) {
        stores->idle[stores->count++] = store;
        store = NULL;
    }
    pthread_mutex_unlock(&stores->lock);
    dw_store_destroy(store);
}
