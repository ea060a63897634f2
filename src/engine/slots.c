/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/slots.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"

#define BELLS 64 /* as many as cameras at most: each call wakes nobody but who has the number */

/* As at a counter: everybody draws a number; those below `called` have their turn. */
struct dw_slots {
    pthread_mutex_t lock;
    pthread_cond_t bells[BELLS]; /* number n waits for n % BELLS */
    uint64_t drawn, called;
};

struct dw_slots *dw_slots_create(int count)
{
    struct dw_slots *slots = dw_alloc0(sizeof(*slots));
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    slots->called = (uint64_t)(count > 0 ? count : DW_MAX(processors, 1));
    pthread_mutex_init(&slots->lock, NULL);
    for (size_t i = 0; i < BELLS; i++)
        pthread_cond_init(&slots->bells[i], NULL);
    return slots;
}

void dw_slots_destroy(struct dw_slots *slots)
{
    if (slots == NULL)
        return;
    for (size_t i = 0; i < BELLS; i++)
        pthread_cond_destroy(&slots->bells[i]);
    pthread_mutex_destroy(&slots->lock);
    free(slots);
}

void dw_slots_take(struct dw_slots *slots)
{
    pthread_mutex_lock(&slots->lock);
    uint64_t number = slots->drawn++;
    while (number >= slots->called)
        pthread_cond_wait(&slots->bells[number % BELLS], &slots->lock);
    pthread_mutex_unlock(&slots->lock);
}

void dw_slots_give(struct dw_slots *slots)
{
    if (slots == NULL)
        return;
    pthread_mutex_lock(&slots->lock);
    pthread_cond_broadcast(&slots->bells[slots->called++ % BELLS]);
    pthread_mutex_unlock(&slots->lock);
}
