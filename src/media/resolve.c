/* SPDX-License-Identifier: Apache-2.0 */
#include "media/resolve.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/clock.h"

#define NAP_NS 20000000 /* how long an answer or a stop may go unnoticed */

/* Shared by who asks and the thread that waits for the answer; the last of the two frees it. */
struct question {
    atomic_int users, answer; /* answer 1: none yet */
    char host[];
};

static void leave(struct question *question)
{
    if (atomic_fetch_sub(&question->users, 1) == 1)
        free(question);
}

static int ask(const char *host, int flags)
{
    struct addrinfo hints = { .ai_flags = flags, .ai_socktype = SOCK_STREAM }, *found = NULL;
    if (getaddrinfo(host, NULL, &hints, &found) != 0)
        return -ENOENT;
    freeaddrinfo(found);
    return 0;
}

static void *work(void *argument)
{
    struct question *question = argument;
    atomic_store(&question->answer, ask(question->host, 0));
    leave(question);
    return NULL;
}

static bool start(struct question *question)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, work, question) != 0)
        return false;
    pthread_detach(thread);
    return true;
}

int dw_resolve(const char *host, int64_t timeout_us, bool (*stop)(const void *opaque),
               const void *opaque)
{
    if (ask(host, AI_NUMERICHOST) == 0)
        return 0;
    size_t size = strlen(host) + 1;
    struct question *question = dw_alloc0(sizeof(*question) + size);
    memcpy(question->host, host, size);
    atomic_init(&question->users, 2);
    atomic_init(&question->answer, 1);
    if (!start(question)) {
        free(question);
        return -ETIMEDOUT;
    }
    int64_t end_us = dw_clock_us(CLOCK_MONOTONIC) + timeout_us;
    while (atomic_load(&question->answer) > 0 && !stop(opaque) &&
           dw_clock_us(CLOCK_MONOTONIC) < end_us)
        nanosleep(&(struct timespec){ .tv_nsec = NAP_NS }, NULL);
    int answer = atomic_load(&question->answer);
    leave(question);
    return answer > 0 ? -ETIMEDOUT : answer;
}
