/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long a training takes:
 *
 *     build/tests/bench/bench-staff-train [TRACKS]
 *
 * TRACKS labelled tracks (2,000) of made-up looks, of colours alone, and with a model's 192 numbers
 * and 512 numbers behind them. A quarter are staff, whose looks lie a little to one side; everybody
 * comes about ten times.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/macros.h"
#include "base/wall_time.h"
#include "core/random.h"
#include "core/staff.h"
#include "core/staff_ask.h"

#define VIEWS 10
#define UNIFORM 0.01F /* how much more of the first numbers staff have */

static void see(struct dw_staff_track *track, size_t size, uint64_t *random)
{
    float row[DW_LOOK_MAX], own[DW_LOOK_MAX];
    for (size_t i = 0; i < size; i++)
        own[i] = (float)dw_random_unit(random);
    for (int view = 0; view < VIEWS; view++) {
        for (size_t i = 0; i < size; i++) {
            bool worn = track->label == DW_ROLE_STAFF && i < size / 8;
            row[i] = (own[i] + (float)dw_random_unit(random)) / 20 + (worn ? UNIFORM : 0);
        }
        dw_staff_views_put(&track->views, row, size);
    }
}

static void time_training(size_t count, size_t size)
{
    struct dw_staff_track *tracks = dw_alloc_array0(count, sizeof(*tracks));
    struct dw_staff_model *model = dw_alloc0(sizeof(*model));
    struct dw_staff_near near[20];
    struct dw_err err = { 0 };
    uint64_t random = 1;
    for (size_t i = 0; i < count; i++) {
        tracks[i].label = i % 4 == 0 ? DW_ROLE_STAFF : DW_ROLE_SHOPPER;
        tracks[i].person = 1 + (int64_t)(i % (count / 10 + 1)) * 4 + (int64_t)(i % 4 == 0);
        tracks[i].start_us = (int64_t)i * DW_SECOND_US;
        see(&tracks[i], size, &random);
    }
    int64_t before_us = dw_clock_us(CLOCK_THREAD_CPUTIME_ID);
    int r = dw_staff_train(model, tracks, count, &(struct dw_staff_how){ .sure = 0.9 }, NULL, &err);
    int64_t trained_us = dw_clock_us(CLOCK_THREAD_CPUTIME_ID);
    (void)dw_staff_nearest(tracks, count, 0, near, DW_LENGTH(near));
    int64_t near_us = dw_clock_us(CLOCK_THREAD_CPUTIME_ID);
    printf("%6zu %8zu %10.2f %10.1f  %s\n", count, size, (double)(trained_us - before_us) / 1e6,
           (double)(near_us - trained_us) / 1e3, r < 0 ? err.text : "");
    if (r == 0)
        printf("       area under the curve %.3f\n", model->figures.auc);
    free(tracks);
    free(model);
}

int main(int argc, char **argv)
{
    static const size_t sizes[] = { DW_LOOK_COLOURS, DW_LOOK_COLOURS + 192, DW_LOOK_MAX };
    long count = argc > 1 ? strtol(argv[1], NULL, 10) : 2000;
    if (count < 20 || count > 20000) {
        fprintf(stderr, "usage: bench-staff-train [TRACKS], 20 to 20000\n");
        return 2;
    }
    puts("CPU time\ntracks  numbers  train, s  alike, ms");
    for (size_t i = 0; i < DW_LENGTH(sizes); i++)
        time_training((size_t)count, sizes[i]);
    return 0;
}
