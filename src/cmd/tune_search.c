/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/tune_search.h"

#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "core/random.h"

#define BATCH 8
#define OFF_ALLOWED 0.05
#define OFF_PRICE 0.5
#define FIRST_STEP 0.25 /* of an axis */
#define LAST_STEP 0.02
#define SCATTER_SHARE 0.25 /* of the axes are moved in a random point ... */
#define SCATTER_STEP 0.2   /* ... by about this share of them */

void dw_tune_trial_fini(struct dw_tune_trial *trial)
{
    free(trial->scores);
    trial->scores = NULL;
}

struct dw_tune_trial dw_tune_trial_copy(const struct dw_tune_search *search,
                                        const struct dw_tune_trial *trial)
{
    struct dw_tune_trial copy = { .point = trial->point };
    copy.scores = dw_alloc_array0(search->sequence_count, sizeof(*copy.scores));
    memcpy(copy.scores, trial->scores, search->sequence_count * sizeof(*copy.scores));
    return copy;
}

/* What the processes share: the next piece of work (a point on a sequence) and all results. */
struct board {
    atomic_size_t next;
    struct dw_score scores[];
};

static void work(const struct dw_tune_search *search, const struct dw_tune_trial *trials,
                 size_t count, struct board *board)
{
    struct dw_measured measured = { 0 };
    for (;;) {
        size_t item = atomic_fetch_add(&board->next, 1);
        if (item >= count * search->sequence_count)
            break;
        const struct dw_tune_trial *trial = &trials[item / search->sequence_count];
        const struct dw_sequence *sequence = &search->sequences[item % search->sequence_count];
        struct dw_settings settings =
            dw_tune_settings(&search->space, &search->settings, &trial->point);
        dw_sequence_measure(sequence, &settings, &measured);
        struct dw_score_side truth = dw_truth_side(&sequence->truth);
        struct dw_score_side side = dw_measured_side(&measured);
        struct dw_score_extent extent = dw_truth_extent(&sequence->truth);
        board->scores[item] = dw_score_pair(&truth, &side, &extent, NULL);
    }
    dw_measured_fini(&measured);
}

/* One process a job: they have the sequences in memory already. */
static int work_in_processes(const struct dw_tune_search *search,
                             const struct dw_tune_trial *trials, size_t count, struct board *board,
                             struct dw_err *err)
{
    int started = 0, r = 0;
    fflush(stdout);
    for (int i = 0; i < search->jobs; i++) {
        pid_t child = fork();
        if (child == 0) {
            work(search, trials, count, board);
            _exit(0);
        }
        if (child < 0)
            r = dw_fail(err, -errno, "cannot start a process: %s", strerror(errno));
        started += child > 0;
    }
    for (int i = 0; i < started; i++) {
        int status = 0;
        wait(&status);
        if (status != 0 && r == 0)
            r = dw_fail(err, -EIO, "a measuring process ended early (status %d)", status);
    }
    return r;
}

int dw_tune_measure(struct dw_tune_search *search, struct dw_tune_trial *trials, size_t count,
                    struct dw_err *err)
{
    size_t per_trial = search->sequence_count * sizeof(struct dw_score);
    size_t size = sizeof(struct board) + count * per_trial;
    struct board *board =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (board == MAP_FAILED)
        return dw_fail(err, -errno, "no shared memory: %s", strerror(errno));
    int r = work_in_processes(search, trials, count, board, err);
    for (size_t i = 0; r == 0 && i < count; i++) {
        trials[i].scores = dw_alloc_array0(search->sequence_count, sizeof(struct dw_score));
        memcpy(trials[i].scores, board->scores + i * search->sequence_count, per_trial);
    }
    munmap(board, size);
    search->evaluations += (long)count;
    if (search->talkative)
        fprintf(stderr, "\r%ld of %ld points measured ", search->evaluations, search->planned);
    return r;
}

static double excess(double off)
{
    return OFF_PRICE * fmax(fabs(off) - OFF_ALLOWED, 0);
}

double dw_tune_judge(const struct dw_tune_search *search, const struct dw_tune_trial *trial,
                     const bool *counted)
{
    struct dw_score pooled = { 0 };
    double sum = 0;
    int count = 0;
    for (size_t i = 0; i < search->sequence_count; i++) {
        if (!counted[i])
            continue;
        dw_score_add(&pooled, &trial->scores[i]);
        sum += dw_score_f1(&trial->scores[i]);
        count++;
    }
    double f1 = (dw_score_f1(&pooled) + (count > 0 ? sum / count : 0)) / 2;
    return f1 - excess(dw_score_count_error(&pooled)) - excess(dw_score_people_error(&pooled)) -
           excess(dw_score_bias(&pooled));
}

int dw_tune_scatter(struct dw_tune_search *search, struct dw_tune_trial *trials, size_t count,
                    struct dw_err *err)
{
    for (size_t i = 0; i < count; i++) {
        trials[i].point = dw_tune_usual(&search->space);
        for (size_t axis = 0; i > 0 && axis < search->space.count; axis++)
            if (dw_random_unit(&search->random) < SCATTER_SHARE)
                dw_tune_move(&search->space, &trials[i].point, axis,
                             SCATTER_STEP * dw_random_normal(&search->random));
    }
    int r = 0;
    for (size_t i = 0; r == 0 && i < count; i += BATCH)
        r = dw_tune_measure(search, trials + i, count - i < BATCH ? count - i : BATCH, err);
    return r;
}

/* Measures a batch of neighbours of `best` and takes the best of them. 1: something was better. */
static int climb_once(struct dw_tune_search *search, struct dw_tune_trial *best,
                      const bool *counted, double step, struct dw_err *err)
{
    struct dw_tune_trial batch[BATCH];
    for (size_t i = 0; i < BATCH; i++) {
        size_t axis = (size_t)(dw_random_unit(&search->random) * (double)search->space.count);
        batch[i] = (struct dw_tune_trial){ .point = best->point };
        dw_tune_move(&search->space, &batch[i].point, axis,
                     step * dw_random_normal(&search->random));
    }
    int r = dw_tune_measure(search, batch, BATCH, err);
    double reached = dw_tune_judge(search, best, counted);
    for (size_t i = 0; r >= 0 && i < BATCH; i++) {
        double value = dw_tune_judge(search, &batch[i], counted);
        if (value > reached) {
            struct dw_tune_trial worse = *best;
            reached = value;
            *best = batch[i];
            batch[i] = worse;
            r = 1;
        }
    }
    for (size_t i = 0; i < BATCH; i++)
        dw_tune_trial_fini(&batch[i]);
    return r;
}

int dw_tune_climb(struct dw_tune_search *search, struct dw_tune_trial *best, const bool *counted,
                  long evaluations, struct dw_err *err)
{
    long rounds = evaluations / BATCH;
    for (long i = 0; i < rounds; i++) {
        double step = FIRST_STEP * pow(LAST_STEP / FIRST_STEP, (double)i / (double)rounds);
        int r = climb_once(search, best, counted, step, err);
        if (r < 0)
            return r;
    }
    return 0;
}
