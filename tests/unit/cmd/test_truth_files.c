/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Truth as files, and the rule that makes visits of boxes against visits made by others: the
 * sequences in $DWELL_SHARED/bench, or in ../shared/bench beside the project.
 */
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cmd/truth_files.h"
#include "core/truth.h"

static const char *bench_folder(void)
{
    static char path[4096];
    const char *shared = getenv("DWELL_SHARED");
    if (shared != NULL && *shared != '\0')
        snprintf(path, sizeof(path), "%s/bench", shared);
    else
        snprintf(path, sizeof(path), "%s/../shared/bench", PROJECT_ROOT);
    return path;
}

static int by_zone_and_person_and_time(const void *a, const void *b)
{
    const struct dw_score_visit *x = a, *y = b;
    if (x->zone != y->zone)
        return x->zone - y->zone;
    if (x->person != y->person)
        return x->person > y->person ? 1 : -1;
    return (x->enter_s > y->enter_s) - (x->enter_s < y->enter_s);
}

static void sort(struct dw_score_visit *visits, size_t count)
{
    if (count > 0)
        qsort(visits, count, sizeof(*visits), by_zone_and_person_and_time);
}

/* The files round corners that were drawn on half pixels; feet stand exactly on such edges. */
static double unrounded(double norm, double size_px)
{
    double half = round(norm * size_px * 2) / 2;
    return fabs(half - norm * size_px) < 0.001 ? half / size_px : norm;
}

static void unround_corners(struct dw_truth *truth)
{
    for (size_t i = 0; i < truth->layout.zone_count; i++) {
        struct dw_zone *zone = &truth->layout.zones[i];
        for (size_t c = 0; c < zone->corner_count; c++) {
            zone->corners[c].x = unrounded(zone->corners[c].x, truth->width_px);
            zone->corners[c].y = unrounded(zone->corners[c].y, truth->height_px);
        }
    }
}

static void check_pair(const char *folder, const struct dw_score_visit *made,
                       const struct dw_score_visit *wanted)
{
    if (made->zone != wanted->zone || made->person != wanted->person ||
        fabs(made->enter_s - wanted->enter_s) > 0.0011 ||
        fabs(made->exit_s - wanted->exit_s) > 0.0011)
        fail_msg("%s: person %d in zone %d: %.3f to %.3f where person %d in zone %d, "
                 "%.3f to %.3f, is true",
                 folder, (int)made->person, made->zone, made->enter_s, made->exit_s,
                 (int)wanted->person, wanted->zone, wanted->enter_s, wanted->exit_s);
}

static void compare_sequence(const char *folder)
{
    struct dw_truth truth = { 0 };
    struct dw_zone_rules rules = dw_zone_rules_default();
    struct dw_err err = { 0 };
    if (dw_truth_load(&truth, folder, NULL, &rules, &err) != 0)
        fail_msg("%s", err.text);
    unround_corners(&truth);
    struct dw_truth_picture picture = { &truth.layout, truth.fps, truth.width_px, truth.height_px };
    struct dw_score_visit *made = NULL;
    size_t count = dw_truth_visits(&made, truth.feet, truth.foot_count, &picture);
    assert_true(count > 0);
    assert_int_equal(count, truth.visit_count);
    sort(made, count);
    sort(truth.visits, count);
    for (size_t i = 0; i < count; i++)
        check_pair(folder, &made[i], &truth.visits[i]);
    free(made);
    dw_truth_fini(&truth);
}

static void visits_made_of_true_boxes_are_the_true_visits_of_the_benchmark(void **state)
{
    (void)state;
    DIR *bench = opendir(bench_folder());
    assert_non_null(bench);
    int count = 0;
    for (const struct dirent *entry = readdir(bench); entry != NULL; entry = readdir(bench)) {
        char folder[4096], file[4200];
        snprintf(folder, sizeof(folder), "%.3000s/%.255s", bench_folder(), entry->d_name);
        snprintf(file, sizeof(file), "%s/sequence.json", folder);
        if (access(file, R_OK) != 0)
            continue;
        compare_sequence(folder);
        count++;
    }
    closedir(bench);
    assert_true(count > 0);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct dw_truth truth = { 0 };
    struct dw_zone_rules rules = dw_zone_rules_default();
    struct dw_err err = { 0 };
    assert_int_equal(dw_truth_load(&truth, "/no/such/sequence", NULL, &rules, &err), -ENOENT);
    assert_non_null(strstr(err.text, "'/no/such/sequence'"));
    dw_truth_fini(&truth);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(visits_made_of_true_boxes_are_the_true_visits_of_the_benchmark),
        cmocka_unit_test(a_folder_that_is_not_there_is_named),
    };
    if (access(bench_folder(), R_OK) != 0)
        cmocka_set_skip_filter("*_of_the_benchmark");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
