/* SPDX-License-Identifier: Apache-2.0 */
#include "http/throttle.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/wall_time.h"
#include "http/secret.h"

#define ENTRIES 4096
#define PLACES 8 /* where an entry may be */
#define FIRST_WAIT_US (15 * DW_SECOND_US)
#define LONGEST_WAIT_US (900 * DW_SECOND_US)
#define DOUBLINGS 6 /* 15 s to 15 min */
#define FORGET_US (3600 * DW_SECOND_US)

struct entry {
    uint64_t key; /* 0: free */
    int tries;
    int64_t last_us;
};

struct dw_throttle {
    pthread_mutex_t lock;
    unsigned char secret[16];
    struct entry entries[ENTRIES];
};

struct dw_throttle *dw_throttle_create(void)
{
    struct dw_throttle *throttle = dw_alloc0(sizeof(*throttle));
    pthread_mutex_init(&throttle->lock, NULL);
    dw_secret_random(throttle->secret, sizeof(throttle->secret));
    return throttle;
}

void dw_throttle_destroy(struct dw_throttle *throttle)
{
    if (throttle == NULL)
        return;
    pthread_mutex_destroy(&throttle->lock);
    free(throttle);
}

/* That of the key, else the one that was used longest ago of those it might be. */
static struct entry *find(struct dw_throttle *throttle, uint64_t key)
{
    struct entry *oldest = NULL;
    for (uint64_t i = 0; i < PLACES; i++) {
        struct entry *entry = &throttle->entries[(key + i) % ENTRIES];
        if (entry->key == key)
            return entry;
        if (oldest == NULL || entry->last_us < oldest->last_us)
            oldest = entry;
    }
    *oldest = (struct entry){ .key = key };
    return oldest;
}

static int64_t wait_us(const struct entry *entry, int free_tries)
{
    int beyond = entry->tries - free_tries;
    if (beyond < 0)
        return 0;
    return DW_MIN(FIRST_WAIT_US << DW_MIN(beyond, DOUBLINGS), LONGEST_WAIT_US);
}

int dw_throttle_try(struct dw_throttle *throttle, const char *key, int free_tries, int64_t now_us)
{
    pthread_mutex_lock(&throttle->lock);
    struct entry *entry = find(throttle, dw_secret_bucket(key, throttle->secret) | 1);
    if (now_us - entry->last_us > FORGET_US)
        entry->tries = 0;
    int64_t left_us = entry->last_us + wait_us(entry, free_tries) - now_us;
    if (left_us <= 0) {
        entry->tries++;
        entry->last_us = now_us;
    }
    pthread_mutex_unlock(&throttle->lock);
    return left_us <= 0 ? 0 : (int)((left_us + DW_SECOND_US - 1) / DW_SECOND_US);
}

void dw_throttle_clear(struct dw_throttle *throttle, const char *key)
{
    pthread_mutex_lock(&throttle->lock);
    find(throttle, dw_secret_bucket(key, throttle->secret) | 1)->tries = 0;
    pthread_mutex_unlock(&throttle->lock);
}
