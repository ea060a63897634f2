/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell staff`: from a labelled set to a model that tells staff from shoppers. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "base/wall_time.h"
#include "cmd/args.h"
#include "cmd/commands.h"
#include "cmd/demo.h"
#include "cmd/numbers.h"
#include "cmd/staff_compare.h"
#include "conf/staff_file.h"
#include "engine/staff_add.h"

static const struct dw_arg rows[] = {
    { "data", "DIR", "add: the folder of dwell serve (~/.local/share/dwell)" },
    { "labels", "FILE", "train, compare: CSV of track,role[,person]; role: staff or shopper" },
    { "lights", NULL, "train: learn the clothes in other lights, too: where daylight comes in" },
    { "out", "FILE", "train: the model to write (required)" },
    { "set", "FOLDER", "compare: whom both judge, a set of analyze --staff-set (required)" },
    { "sure", "P", "train: least probability of a role, else unknown (by the labels)" },
    { "with", "MODEL", "compare: the other model (required)" },
};

struct job {
    const char *task, *path, *labels, *out, *data, *set, *with;
    struct dw_staff_how how;
};

static int take_option(void *user, const char *name, const char *value, struct dw_err *err)
{
    struct job *job = user;
    if (strcmp(name, "labels") == 0)
        job->labels = value;
    else if (strcmp(name, "out") == 0)
        job->out = value;
    else if (strcmp(name, "data") == 0)
        job->data = value;
    else if (strcmp(name, "set") == 0)
        job->set = value;
    else if (strcmp(name, "with") == 0)
        job->with = value;
    else if (strcmp(name, "lights") == 0)
        job->how.lights = true;
    else
        return dw_number_parse(&job->how.sure, "--sure", value, 0.5, 0.9999, err);
    return 0;
}

static int take_operand(void *user, const char *value, struct dw_err *err)
{
    struct job *job = user;
    if (job->task == NULL) {
        job->task = value;
        return 0;
    }
    return dw_args_take_one(&job->path, "folder or model", value, err);
}

static void print_share(const char *what, size_t part, size_t whole)
{
    printf("%-34s %4zu of %4zu", what, part, whole);
    if (whole > 0)
        printf("  %5.1f %%", 100 * (double)part / (double)whole);
    puts("");
}

static void print_model(const struct dw_staff_model *model, const struct dw_staff_origin *origin)
{
    const struct dw_staff_figures *figures = &model->figures;
    char when[DW_ISO8601_SIZE];
    printf("trained %s on camera '%s', looks by '%s'\n", dw_time_iso8601(when, origin->trained_us),
           origin->camera, model->looks);
    printf("\nLabelled tracks, judged by what the others say (%s),\nwhere a role wants %.2f:\n",
           figures->by_person ? "no person or fifth of the time on both sides"
                              : "no fifth of the time on both sides; the same persons may be",
           figures->sure);
    print_share("staff called staff (recall)", figures->staff_right, figures->staff);
    print_share("staff called shopper", figures->staff_wrong, figures->staff);
    print_share("shoppers called staff (visits lost)", figures->shopper_wrong, figures->shoppers);
    print_share("shoppers called shopper", figures->shopper_right, figures->shoppers);
    print_share("called staff and staff (precision)", figures->staff_right,
                figures->staff_right + figures->shopper_wrong);
    printf("area under the ROC curve            %.3f +- %.3f\n", figures->auc,
           1.96 * figures->auc_error);
    printf("on the right side with a quarter, half, all of the labels: %.0f, %.0f, %.0f %%\n",
           100 * figures->curve[0], 100 * figures->curve[1], 100 * figures->curve[2]);
    puts(figures->curve[2] - figures->curve[1] > 0.01
             ? "More labels would help."
             : "More labels of the same kind would hardly help.");
    printf("Of other shoppers one in %zu may look like none of these %zu: label whoever wears the\n"
           "colours of staff.\n",
           figures->shopper_people + 1, figures->shopper_people);
}

static int write_model(const char *path, const struct dw_buf *text, struct dw_err *err)
{
    FILE *file = fopen(path, "we");
    if (file == NULL)
        return dw_fail(err, -errno, "cannot write '%s': %s", path, strerror(errno));
    bool failed = fwrite(text->data, 1, text->length, file) != text->length;
    failed = fclose(file) != 0 || failed;
    return failed ? dw_fail(err, -EIO, "cannot write '%s': is the disk full?", path) : 0;
}

static int learn(const struct job *job, const struct dw_staff_set *set, struct dw_err *err)
{
    struct dw_staff_origin origin = { .trained_us = (int64_t)time(NULL) * DW_SECOND_US };
    struct dw_staff_model *model = dw_alloc0(sizeof(*model));
    struct dw_staff_track *tracks = dw_alloc_array0(set->tracks.count, sizeof(*tracks));
    struct dw_buf text = { 0 };
    for (size_t i = 0; i < set->tracks.count; i++)
        tracks[i] = set->tracks.items[i].track;
    memcpy(origin.camera, set->camera, sizeof(origin.camera));
    int r = dw_staff_train(model, tracks, set->tracks.count, &job->how, NULL, err);
    if (r == 0) {
        memcpy(model->looks, set->looks, sizeof(model->looks));
        dw_staff_model_print(&text, model, &origin);
        r = write_model(job->out, &text, err);
    }
    if (r == 0)
        print_model(model, &origin);
    dw_buf_fini(&text);
    free(tracks);
    free(model);
    return r;
}

static int train(const struct job *job, struct dw_err *err)
{
    struct dw_staff_set set = { 0 };
    int r = dw_staff_set_load(&set, job->path, err);
    if (r == 0 && set.until_us < (int64_t)time(NULL) * DW_SECOND_US)
        r = dw_fail(err, -EPERM, "the time of set '%s' is over: 'dwell staff forget %s' deletes it",
                    job->path, job->path);
    if (r == 0)
        r = dw_staff_labels_load(&set, job->labels, err);
    if (r == 0)
        r = learn(job, &set, err);
    dw_staff_set_fini(&set);
    return r;
}

static int show(const struct job *job, struct dw_err *err)
{
    struct dw_staff_model *model = dw_alloc0(sizeof(*model));
    struct dw_staff_origin origin;
    int r = dw_staff_model_load(model, &origin, job->path, err);
    if (r == 0)
        print_model(model, &origin);
    free(model);
    return r;
}

static int forget(const struct job *job, struct dw_err *err)
{
    return dw_staff_set_delete(job->path, err);
}

static int add(const struct job *job, struct dw_err *err)
{
    char name[DW_STAFF_NAME_MAX];
    char *data = dw_demo_folder(job->data);
    char *folder = dw_strdup_printf("%s/staff", data);
    int r = access(data, F_OK) == 0
                ? dw_staff_add(folder, job->path, name, err)
                : dw_fail(err, -ENOENT,
                          "there is no folder '%s': name that of dwell serve with --data", data);
    if (r == 0)
        printf("added as '%s': choose it on the page, under Staff\n", name);
    free(folder);
    free(data);
    return r;
}

static int compare(const struct job *job, struct dw_err *err)
{
    const char *const models[] = { job->path, job->with };
    return dw_staff_compare(models, job->set, job->labels, err);
}

static const struct task {
    const char *name;
    int (*run)(const struct job *job, struct dw_err *err);
} tasks[] = {
    { "train", train }, { "show", show },     { "compare", compare },
    { "add", add },     { "forget", forget },
};

/* What the task cannot do without, or NULL. */
static const char *missing(const struct job *job)
{
    if (strcmp(job->task, "train") == 0 && (job->labels == NULL || job->out == NULL))
        return "train wants --labels FILE and --out MODEL";
    if (strcmp(job->task, "compare") == 0 && (job->set == NULL || job->with == NULL))
        return "compare wants --set FOLDER and --with MODEL";
    return NULL;
}

int dw_cmd_staff(int argc, char **argv)
{
    struct dw_args args = {
        .command = "staff",
        .synopsis = "train FOLDER --labels FILE --out MODEL | show MODEL |\n"
                    "                   compare MODEL --with MODEL --set FOLDER [--labels FILE] |\n"
                    "                   add MODEL [--data DIR] | forget FOLDER",
        .about = "train: learns to tell staff from shoppers by a set that 'dwell analyze\n"
                 "--staff-set FOLDER' kept; says how well, or why it cannot.\n"
                 "show: where a model comes from, and how good it was.\n"
                 "compare: whom of a set, kept from any video, each of two models calls staff,\n"
                 "who changes, and which is better by labels; an ONNX classifier looks at the\n"
                 "set's tiles.\n"
                 "add: a model of 'train', or an ONNX classifier of your own with its sidecar,\n"
                 "is checked and copied to those that 'dwell serve' may use.\n"
                 "forget: deletes a set, tiles and all.",
        .rows = rows,
        .row_count = DW_LENGTH(rows),
        .argc = argc,
        .argv = argv,
    };
    struct job job = { .how = { .sure = -1 } };
    const struct dw_args_reader reader = { take_option, take_operand, &job };
    int leave = dw_args_read(&args, &reader);
    if (leave >= 0)
        return leave;
    if (job.task == NULL || job.path == NULL)
        return dw_args_wrong(&args,
                             "wants train, show, compare, add or forget, and a folder or model");
    if (missing(&job) != NULL)
        return dw_args_wrong(&args, "%s", missing(&job));
    struct dw_err err = { 0 };
    for (size_t i = 0; i < DW_LENGTH(tasks); i++)
        if (strcmp(tasks[i].name, job.task) == 0)
            return tasks[i].run(&job, &err) < 0 ? dw_args_failed(&args, &err) : 0;
    return dw_args_wrong(
        &args, "there is no task '%s'; there are train, show, compare, add and forget", job.task);
}
