/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/slots.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define WAITERS 4
#define ROUNDS 500

struct counter {
    struct dw_slots *slots;
    atomic_int inside, most, done;
    int order[WAITERS];
};

struct waiter {
    struct counter *counter;
    int number;
};

/* Long enough for a thread that may go on to have done so. */
static void wait_a_little(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = 50000000 }, NULL);
}

static void *take_once(void *argument)
{
    struct waiter *waiter = argument;
    struct counter *counter = waiter->counter;
    dw_slots_take(counter->slots);
    counter->order[atomic_fetch_add(&counter->done, 1)] = waiter->number;
    dw_slots_give(counter->slots);
    return NULL;
}

static void whoever_waited_longest_is_next(void **state)
{
    (void)state;
    struct counter counter = { .slots = dw_slots_create(1) };
    struct waiter waiters[WAITERS];
    pthread_t threads[WAITERS];
    dw_slots_take(counter.slots);
    for (int i = 0; i < WAITERS; i++) {
        waiters[i] = (struct waiter){ &counter, i };
        pthread_create(&threads[i], NULL, take_once, &waiters[i]);
        wait_a_little();
    }
    assert_int_equal(atomic_load(&counter.done), 0);
    dw_slots_give(counter.slots);
    for (int i = 0; i < WAITERS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < WAITERS; i++)
        assert_int_equal(counter.order[i], i);
    dw_slots_destroy(counter.slots);
}

static void *take_often(void *argument)
{
    struct counter *counter = argument;
    for (int i = 0; i < ROUNDS; i++) {
        dw_slots_take(counter->slots);
        int inside = atomic_fetch_add(&counter->inside, 1) + 1;
        int most = atomic_load(&counter->most);
        while (inside > most && !atomic_compare_exchange_weak(&counter->most, &most, inside))
            ;
        sched_yield();
        atomic_fetch_sub(&counter->inside, 1);
        dw_slots_give(counter->slots);
    }
    return NULL;
}

static void no_more_have_a_turn_at_once_than_there_are(void **state)
{
    (void)state;
    struct counter counter = { .slots = dw_slots_create(2) };
    pthread_t threads[WAITERS];
    for (int i = 0; i < WAITERS; i++)
        pthread_create(&threads[i], NULL, take_often, &counter);
    for (int i = 0; i < WAITERS; i++)
        pthread_join(threads[i], NULL);
    assert_in_range(atomic_load(&counter.most), 1, 2);
    assert_int_equal(atomic_load(&counter.inside), 0);
    dw_slots_destroy(counter.slots);
}

static void there_is_one_for_each_processor_unless_it_is_said(void **state)
{
    (void)state;
    struct counter counter = { .slots = dw_slots_create(0) };
    struct waiter waiter = { &counter, 0 };
    pthread_t thread;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    for (long i = 0; i < processors; i++)
        dw_slots_take(counter.slots);
    pthread_create(&thread, NULL, take_once, &waiter);
    wait_a_little();
    assert_int_equal(atomic_load(&counter.done), 0);
    dw_slots_give(counter.slots);
    pthread_join(thread, NULL);
    assert_int_equal(atomic_load(&counter.done), 1);
    dw_slots_destroy(counter.slots);
    dw_slots_give(NULL);
    dw_slots_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_waited_longest_is_next),
        cmocka_unit_test(no_more_have_a_turn_at_once_than_there_are),
        cmocka_unit_test(there_is_one_for_each_processor_unless_it_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
