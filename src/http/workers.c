/* SPDX-License-Identifier: Apache-2.0 */
#include "http/workers.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

struct queue {
    struct dw_work *first, **end;
};

struct dw_workers {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t *threads;
    int count; /* of threads that run */
    struct queue quick, slow;
    int waiting; /* in both */
    int slow_at_work;
    bool ending;
};

static void put(struct queue *queue, struct dw_work *work)
{
    work->next = NULL;
    *queue->end = work;
    queue->end = &work->next;
}

static struct dw_work *take(struct queue *queue)
{
    struct dw_work *work = queue->first;
    if (work == NULL)
        return NULL;
    queue->first = work->next;
    if (queue->first == NULL)
        queue->end = &queue->first;
    return work;
}

static struct dw_work *take_next(struct dw_workers *workers)
{
    struct dw_work *work = take(&workers->quick);
    if (work == NULL && workers->slow_at_work < DW_MAX(workers->count / 2, 1))
        work = take(&workers->slow);
    return work;
}

static void *work_on(void *context)
{
    struct dw_workers *workers = context;
    pthread_mutex_lock(&workers->lock);
    while (!workers->ending || workers->waiting > 0) {
        struct dw_work *work = take_next(workers);
        if (work == NULL) {
            pthread_cond_wait(&workers->changed, &workers->lock);
            continue;
        }
        bool slow = work->slow; /* its owner may be gone afterwards */
        workers->waiting--;
        workers->slow_at_work += slow;
        pthread_mutex_unlock(&workers->lock);
        work->run(work);
        pthread_mutex_lock(&workers->lock);
        workers->slow_at_work -= slow;
        if (slow || workers->ending)
            pthread_cond_broadcast(&workers->changed);
    }
    pthread_mutex_unlock(&workers->lock);
    return NULL;
}

int dw_workers_create(struct dw_workers **out, int count, struct dw_err *err)
{
    struct dw_workers *workers = dw_alloc0(sizeof(*workers));
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->changed, NULL);
    workers->quick.end = &workers->quick.first;
    workers->slow.end = &workers->slow.first;
    workers->threads = dw_alloc_array0((size_t)count, sizeof(*workers->threads));
    int code = 0;
    pthread_mutex_lock(&workers->lock);
    while (workers->count < count && code == 0) {
        code = pthread_create(&workers->threads[workers->count], NULL, work_on, workers);
        workers->count += code == 0;
    }
    pthread_mutex_unlock(&workers->lock);
    if (code != 0) {
        dw_workers_destroy(workers);
        return dw_fail(err, -code, "cannot start a thread: %s", strerror(code));
    }
    *out = workers;
    return 0;
}

void dw_workers_destroy(struct dw_workers *workers)
{
    if (workers == NULL)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->ending = true;
    pthread_cond_broadcast(&workers->changed);
    pthread_mutex_unlock(&workers->lock);
    for (int i = 0; i < workers->count; i++)
        pthread_join(workers->threads[i], NULL);
    pthread_cond_destroy(&workers->changed);
    pthread_mutex_destroy(&workers->lock);
    free(workers->threads);
    free(workers);
}

bool dw_workers_add(struct dw_workers *workers, struct dw_work *work, int most)
{
    pthread_mutex_lock(&workers->lock);
    bool taken = workers->waiting < most;
    if (taken) {
        put(work->slow ? &workers->slow : &workers->quick, work);
        workers->waiting++;
        pthread_cond_broadcast(&workers->changed);
    }
    pthread_mutex_unlock(&workers->lock);
    return taken;
}
