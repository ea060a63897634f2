/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `dwell tune`: searches the settings of tracking and linking on sequences with truth. Each group
 * of sequences is left out once, so that what is reached on sequences nobody tuned for is known.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "base/vec.h"
#include "cmd/args.h"
#include "cmd/commands.h"
#include "cmd/numbers.h"
#include "cmd/score_print.h"
#include "cmd/tune_search.h"

#define SCATTERED 0.25 /* share of the evaluations */
#define EVALUATIONS_LEAST 64

static const struct dw_arg rows[] = {
    { "evaluations", "N", "points to measure on all sequences (400)" },
    { "seed", "N", "of the random numbers (1)" },
    { "jobs", "N", "processes at once; one a processor unless said" },
    { "set", "KEY=VALUE", "a setting to start from (may be repeated)" },
};

/* Sequences of one kind are left out together, or the others would tell too much about them. */
static const char *const groups[] = { "mot17", "adl", "pets", "zara", "students" };

struct fold {
    const char *name;
    bool *counted; /* per sequence: to tune on */
    struct dw_tune_trial best;
};

struct job {
    struct dw_settings settings;
    double evaluations, seed, jobs;
    DW_VEC(const char *) places;
    DW_VEC(struct dw_sequence) sequences;
    struct dw_tune_search search;
    DW_VEC(struct fold) folds; /* the last counts every sequence */
    struct dw_tune_trial usual;
};

static const char *group_of(const char *name)
{
    for (size_t i = 0; i < DW_LENGTH(groups); i++)
        if (strstr(name, groups[i]) != NULL)
            return groups[i];
    return name;
}

static void add_fold(struct job *job, const char *left_out)
{
    for (size_t i = 0; i < job->folds.count; i++)
        if (strcmp(job->folds.items[i].name, left_out) == 0)
            return;
    struct fold *fold = dw_vec_add(&job->folds);
    fold->name = left_out;
    fold->counted = dw_alloc_array0(job->sequences.count, sizeof(bool));
    for (size_t i = 0; i < job->sequences.count; i++)
        fold->counted[i] = strcmp(group_of(job->sequences.items[i].name.text), left_out) != 0;
}

static int load(struct job *job, struct dw_err *err)
{
    for (size_t i = 0; i < job->places.count; i++) {
        int r = dw_sequence_load(dw_vec_add(&job->sequences), job->places.items[i],
                                 &job->settings.zone, err);
        if (r < 0)
            return r;
    }
    for (size_t i = 0; i < job->sequences.count; i++)
        add_fold(job, group_of(job->sequences.items[i].name.text));
    if (job->folds.count == 1) { /* one kind only: nothing to leave out */
        free(job->folds.items[0].counted);
        dw_vec_clear(&job->folds);
    }
    add_fold(job, "");
    return 0;
}

static int search_all(struct job *job, struct dw_err *err)
{
    struct dw_tune_search *search = &job->search;
    size_t scattered = (size_t)(SCATTERED * job->evaluations);
    long each = (search->planned - (long)scattered) / (long)job->folds.count;
    struct dw_tune_trial *trials = dw_alloc_array0(scattered, sizeof(*trials));
    int r = dw_tune_scatter(search, trials, scattered, err);
    if (r == 0)
        job->usual = dw_tune_trial_copy(search, &trials[0]);
    for (size_t f = 0; r == 0 && f < job->folds.count; f++) {
        struct fold *fold = &job->folds.items[f];
        size_t best = 0;
        for (size_t i = 1; i < scattered; i++)
            if (dw_tune_judge(search, &trials[i], fold->counted) >
                dw_tune_judge(search, &trials[best], fold->counted))
                best = i;
        fold->best = dw_tune_trial_copy(search, &trials[best]);
        r = dw_tune_climb(search, &fold->best, fold->counted, each, err);
    }
    for (size_t i = 0; i < scattered; i++)
        dw_tune_trial_fini(&trials[i]);
    free(trials);
    if (search->talkative)
        fputs("\n", stderr);
    return r;
}

static void print_settings(const struct job *job)
{
    const struct dw_tune_space *space = &job->search.space;
    size_t last = job->folds.count - 1;
    printf("%-24s %8s %8s   %-19s", "setting", "usual", "chosen", "spread over folds");
    for (size_t f = 0; f < last; f++)
        printf(" -%-8.8s", job->folds.items[f].name);
    puts("");
    for (size_t i = 0; i < space->count; i++) {
        double chosen = job->folds.items[last].best.point.values[i], least = chosen, most = chosen;
        for (size_t f = 0; f < last; f++) {
            least = DW_MIN(least, job->folds.items[f].best.point.values[i]);
            most = DW_MAX(most, job->folds.items[f].best.point.values[i]);
        }
        printf("%-24s %8.4g %8.4g   %8.4g ..%8.4g", space->axes[i].name, space->axes[i].usual,
               chosen, least, most);
        for (size_t f = 0; f < last; f++)
            printf(" %-9.4g", job->folds.items[f].best.point.values[i]);
        puts("");
    }
}

static struct dw_score pool(const struct job *job, const struct dw_tune_trial *trial,
                            const char *group)
{
    struct dw_score pooled = { 0 };
    for (size_t i = 0; i < job->sequences.count; i++)
        if (group == NULL || strcmp(group_of(job->sequences.items[i].name.text), group) == 0)
            dw_score_add(&pooled, &trial->scores[i]);
    return pooled;
}

static void print_pooled(const struct job *job, const struct dw_tune_trial *trial,
                         const char *group, const char *which)
{
    char name[64];
    struct dw_score score = pool(job, trial, group);
    snprintf(name, sizeof(name), "%.12s, %s", group != NULL ? group : "pooled", which);
    dw_score_print_row(name, &score);
}

/* What was reached on the sequences left out: the figures to believe. */
static void print_folds(const struct job *job)
{
    struct dw_tune_trial left_out = dw_tune_trial_copy(&job->search, &job->usual);
    const bool *all = job->folds.items[job->folds.count - 1].counted;
    puts("\nsequences left out, with the usual settings and with those tuned on the others:");
    dw_score_print_heading();
    for (size_t f = 0; f + 1 < job->folds.count; f++) {
        const struct fold *fold = &job->folds.items[f];
        for (size_t i = 0; i < job->sequences.count; i++)
            if (!fold->counted[i])
                left_out.scores[i] = fold->best.scores[i];
        print_pooled(job, &job->usual, fold->name, "usual");
        print_pooled(job, &fold->best, fold->name, "tuned");
    }
    print_pooled(job, &job->usual, NULL, "usual");
    print_pooled(job, &left_out, NULL, "tuned");
    double usual = dw_tune_judge(&job->search, &job->usual, all);
    double tuned = dw_tune_judge(&job->search, &left_out, all);
    printf("judged %.4f (usual %.4f)%s\n", tuned, usual,
           tuned > usual ? "" : ": tuning did not help here, keep the usual settings");
    dw_tune_trial_fini(&left_out);
}

static void print_chosen(const struct job *job)
{
    const struct fold *fold = &job->folds.items[job->folds.count - 1];
    puts("\ntuned on all of them, and so too good to believe:");
    dw_score_print_heading();
    for (size_t i = 0; i < job->sequences.count; i++)
        dw_score_print_row(job->sequences.items[i].name.text, &fold->best.scores[i]);
    print_pooled(job, &fold->best, NULL, "tuned");
    printf("judged %.4f (usual %.4f)\n\n", dw_tune_judge(&job->search, &fold->best, fold->counted),
           dw_tune_judge(&job->search, &job->usual, fold->counted));
    for (size_t i = 0; i < job->search.space.count; i++)
        if (fold->best.point.values[i] != job->search.space.axes[i].usual)
            printf("--set %s=%g ", job->search.space.axes[i].name, fold->best.point.values[i]);
    puts("");
}

static int run(struct job *job, struct dw_err *err)
{
    int r = load(job, err);
    if (r < 0)
        return r;
    job->search = (struct dw_tune_search){ .sequences = job->sequences.items,
                                           .sequence_count = job->sequences.count,
                                           .settings = job->settings,
                                           .jobs = (int)job->jobs,
                                           .random = (uint64_t)job->seed,
                                           .planned = (long)job->evaluations,
                                           .talkative = isatty(STDERR_FILENO) == 1 };
    dw_tune_space_init(&job->search.space, &job->settings);
    r = search_all(job, err);
    if (r < 0)
        return r;
    print_settings(job);
    if (job->folds.count > 1)
        print_folds(job);
    print_chosen(job);
    return 0;
}

static void job_fini(struct job *job)
{
    for (size_t i = 0; i < job->folds.count; i++) {
        free(job->folds.items[i].counted);
        dw_tune_trial_fini(&job->folds.items[i].best);
    }
    for (size_t i = 0; i < job->sequences.count; i++)
        dw_sequence_fini(&job->sequences.items[i]);
    dw_tune_trial_fini(&job->usual);
    dw_vec_fini(&job->folds);
    dw_vec_fini(&job->sequences);
    dw_vec_fini(&job->places);
}

static int take_option(void *user, const char *name, const char *value, struct dw_err *err)
{
    struct job *job = user;
    if (strcmp(name, "evaluations") == 0)
        return dw_number_parse(&job->evaluations, "--evaluations", value, EVALUATIONS_LEAST, 1e6,
                               err);
    if (strcmp(name, "seed") == 0)
        return dw_number_parse(&job->seed, "--seed", value, 0, 1e9, err);
    if (strcmp(name, "jobs") == 0)
        return dw_number_parse(&job->jobs, "--jobs", value, 1, 256, err);
    return dw_settings_set(&job->settings, value, err);
}

static int take_operand(void *user, const char *value, struct dw_err *err)
{
    (void)err;
    struct job *job = user;
    dw_vec_push(&job->places, value);
    return 0;
}

int dw_cmd_tune(int argc, char **argv)
{
    struct dw_args args = {
        .command = "tune",
        .synopsis = "FOLDER... [--evaluations N] [--seed N] [--set KEY=VALUE ...]",
        .about =
            "Searches the settings of tracking and linking that measure these sequences best.\n"
            "Each kind of sequence is left out once; what is reached on those left out is\n"
            "what to expect elsewhere. FOLDERs are as for 'dwell score'. Settings start from\n"
            "bridge 1, grace 1, min_dwell 1.",
        .rows = rows,
        .row_count = DW_LENGTH(rows),
        .argc = argc,
        .argv = argv,
    };
    struct job job = { .settings = dw_settings_default(),
                       .evaluations = 400,
                       .seed = 1,
                       .jobs = (double)sysconf(_SC_NPROCESSORS_ONLN) };
    job.settings.zone.bridge_us = 1000000;
    const struct dw_args_reader reader = { take_option, take_operand, &job };
    int code = dw_args_read(&args, &reader);
    struct dw_err err = { 0 };
    if (code < 0 && job.places.count == 0)
        code = dw_args_wrong(&args, "wants folders with true sequences");
    else if (code < 0)
        code = run(&job, &err) < 0 ? dw_args_failed(&args, &err) : 0;
    job_fini(&job);
    return code;
}
