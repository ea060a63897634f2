/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/pipeline.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/vec.h"
#include "core/stillness.h"

#define WORKERS_MAX 64
#define NAP_US 200000 /* how long a stop may go unnoticed */

enum job_state { JOB_WAITING, JOB_RUNNING, JOB_DONE };

struct job {
    enum job_state state;
    bool still; /* done without looking: what was found on the frame before holds */
    struct dw_frame *frame;
    DW_VEC(struct dw_detection) found;
    DW_VEC(struct dw_look) looks; /* one for each of the found, or empty */
    int result;                   /* of detecting */
    struct dw_err err;
};

struct worker {
    struct dw_pipeline *pipeline;
    struct dw_detect_workspace *workspace;
    struct dw_appear_workspace *looking; /* NULL: nobody wants looks */
    pthread_t thread;
};

/* A ring of jobs in order of time: read at `tail`, received from `head`. The lock guards all below
 * it; a job's frame and findings belong to whoever its state says. */
struct dw_pipeline {
    struct dw_pipeline_conf conf;
    bool live;
    struct worker workers[WORKERS_MAX];
    int worker_count;
    pthread_t reader;
    bool reader_started;
    struct dw_stillness *stillness; /* the reader's; NULL: each frame is looked at */
    bool unseen;    /* a frame that was to be looked at gave way to one `stillness` was not shown */
    int64_t gap_us; /* of frames that gave way to one that has not come yet */
    const char *gap_reason;
    struct job *jobs;
    size_t room;
    DW_VEC(struct dw_detection) handed;
    DW_VEC(struct dw_look) handed_looks;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t head, tail; /* count up; job = index % room */
    bool ended, stopping;
    int read_result;
    struct dw_err read_err;
    struct dw_pipeline_figures figures;
};

static bool asked_to_stop(const struct dw_pipeline *pipeline)
{
    return pipeline->stopping || (pipeline->conf.stop != NULL && atomic_load(pipeline->conf.stop));
}

static struct job *job_at(struct dw_pipeline *pipeline, size_t index)
{
    return &pipeline->jobs[index % pipeline->room];
}

/* Lock held. Whether the frame need not be looked at. */
static bool is_still(struct dw_pipeline *pipeline, const struct dw_frame *frame)
{
    bool still = pipeline->stillness != NULL &&
                 dw_stillness_step(pipeline->stillness, &frame->image, frame->time_us) &&
                 frame->gap_us == 0 && !pipeline->unseen;
    pipeline->unseen = false;
    return still;
}

/* Lock held. The job owns the frame. */
static void set_job(struct dw_pipeline *pipeline, struct job *job, struct dw_frame *frame,
                    bool still)
{
    job->frame = frame;
    job->still = still;
    job->state = pipeline->conf.detector != NULL && !still ? JOB_WAITING : JOB_DONE;
    job->result = 0;
    pipeline->figures.still += still;
    pthread_cond_broadcast(&pipeline->changed);
}

/* Lock held. Puts the frame at the tail. */
static void append(struct dw_pipeline *pipeline, struct dw_frame *frame)
{
    pipeline->figures.frames++;
    bool still = is_still(pipeline, frame);
    set_job(pipeline, job_at(pipeline, pipeline->tail++), frame, still);
}

/* Lock held. A live stream has no time to wait: the newest frame wins. What moved on the one that
 * loses is looked at on the one that wins, whatever is to be seen there: it is not compared, which
 * a machine that drops frames has no time for either. */
static void append_or_drop(struct dw_pipeline *pipeline, struct dw_frame *frame)
{
    dw_frame_set_gap(frame, pipeline->gap_us, pipeline->gap_reason);
    pipeline->gap_us = 0;
    if (pipeline->tail - pipeline->head < pipeline->room) {
        append(pipeline, frame);
        return;
    }
    struct job *last = job_at(pipeline, pipeline->tail - 1);
    pipeline->figures.dropped++;
    if (last->state != JOB_WAITING && !last->still) {
        pipeline->gap_us = frame->gap_us;
        pipeline->gap_reason = frame->gap_reason;
        dw_frame_unref(frame);
        return;
    }
    dw_frame_set_gap(frame, last->frame->gap_us, last->frame->gap_reason);
    pipeline->unseen = !last->still;
    bool still = last->still && is_still(pipeline, frame);
    pipeline->figures.still -= last->still;
    dw_frame_unref(last->frame);
    set_job(pipeline, last, frame, still);
}

static void deliver(struct dw_pipeline *pipeline, struct dw_frame *frame)
{
    pthread_mutex_lock(&pipeline->lock);
    while (!pipeline->live && pipeline->tail - pipeline->head >= pipeline->room &&
           !pipeline->stopping)
        pthread_cond_wait(&pipeline->changed, &pipeline->lock);
    if (pipeline->stopping)
        dw_frame_unref(frame);
    else if (pipeline->live)
        append_or_drop(pipeline, frame);
    else
        append(pipeline, frame);
    pthread_mutex_unlock(&pipeline->lock);
}

static bool must_stop(struct dw_pipeline *pipeline)
{
    pthread_mutex_lock(&pipeline->lock);
    bool stop = asked_to_stop(pipeline);
    pthread_mutex_unlock(&pipeline->lock);
    return stop;
}

/* Waits until the frame's time has come, counted from the first one, or all is over. */
static void keep_pace(struct dw_pipeline *pipeline, int64_t start_us, int64_t time_us)
{
    for (;;) {
        int64_t left_us = start_us + time_us - dw_clock_us(CLOCK_MONOTONIC);
        if (left_us <= 0 || must_stop(pipeline))
            return;
        int64_t nap_us = DW_MIN(left_us, (int64_t)NAP_US);
        nanosleep(&(struct timespec){ .tv_nsec = nap_us * 1000 }, NULL);
    }
}

static void *read_all(void *argument)
{
    struct dw_pipeline *pipeline = argument;
    int64_t start_us = dw_clock_us(CLOCK_MONOTONIC);
    struct dw_err err = { 0 };
    int r = 0;
    while (!must_stop(pipeline)) {
        struct dw_frame *frame = NULL;
        int64_t before_us = dw_clock_us(CLOCK_THREAD_CPUTIME_ID);
        r = dw_source_read(pipeline->conf.source, &frame, &err);
        if (r > 0 && pipeline->conf.cover != NULL &&
            dw_cover_frame(pipeline->conf.cover, &frame, &err) < 0)
            r = -ENOMEM;
        int64_t spent_us = dw_clock_us(CLOCK_THREAD_CPUTIME_ID) - before_us;
        pthread_mutex_lock(&pipeline->lock);
        pipeline->figures.read_us += spent_us;
        pthread_mutex_unlock(&pipeline->lock);
        if (r <= 0)
            break;
        frame->arrived_us = dw_clock_us(CLOCK_BOOTTIME);
        if (pipeline->conf.paced)
            keep_pace(pipeline, start_us, frame->time_us);
        deliver(pipeline, frame);
    }
    pthread_mutex_lock(&pipeline->lock);
    pipeline->ended = true;
    pipeline->read_result = r == -EINTR ? 0 : DW_MIN(r, 0);
    pipeline->read_err = err;
    pthread_cond_broadcast(&pipeline->changed);
    pthread_mutex_unlock(&pipeline->lock);
    return NULL;
}

/* Lock held. The oldest job nobody has begun, or NULL. */
static struct job *find_work(struct dw_pipeline *pipeline)
{
    for (size_t i = pipeline->head; i < pipeline->tail; i++)
        if (job_at(pipeline, i)->state == JOB_WAITING)
            return job_at(pipeline, i);
    return NULL;
}

static struct dw_detect_timing detect(const struct worker *worker, struct job *job)
{
    struct dw_detect_result result = { 0 };
    job->result = dw_detector_run(worker->pipeline->conf.detector, worker->workspace,
                                  &job->frame->image, &result, &job->err);
    dw_vec_clear(&job->found);
    for (size_t i = 0; i < result.count; i++)
        dw_vec_push(&job->found, result.found[i]);
    return result.timing;
}

/* What those who were found look like; returns the time it took. */
static int64_t look(const struct worker *worker, struct job *job)
{
    dw_vec_clear(&job->looks);
    if (worker->looking == NULL || job->result < 0)
        return 0;
    int64_t before_us = dw_clock_us(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; i < job->found.count; i++)
        (void)dw_vec_add(&job->looks);
    job->result = dw_appear_run(worker->looking, &job->frame->image, job->found.items,
                                job->found.count, job->looks.items, &job->err);
    return dw_clock_us(CLOCK_THREAD_CPUTIME_ID) - before_us;
}

/* Lock held, but not while it waits for its turn: then the frame may be a newer one, or taken. */
static bool take_slot(struct dw_pipeline *pipeline, struct job **job)
{
    if (pipeline->conf.slots == NULL)
        return true;
    pthread_mutex_unlock(&pipeline->lock);
    dw_slots_take(pipeline->conf.slots);
    pthread_mutex_lock(&pipeline->lock);
    *job = pipeline->stopping ? NULL : find_work(pipeline);
    if (*job == NULL)
        dw_slots_give(pipeline->conf.slots);
    return *job != NULL;
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct dw_pipeline *pipeline = worker->pipeline;
    pthread_mutex_lock(&pipeline->lock);
    while (!pipeline->stopping) {
        struct job *job = find_work(pipeline);
        if (job == NULL) {
            pthread_cond_wait(&pipeline->changed, &pipeline->lock);
            continue;
        }
        if (!take_slot(pipeline, &job))
            continue;
        job->state = JOB_RUNNING;
        pthread_mutex_unlock(&pipeline->lock);
        struct dw_detect_timing timing = detect(worker, job);
        int64_t look_us = look(worker, job);
        dw_slots_give(pipeline->conf.slots);
        pthread_mutex_lock(&pipeline->lock);
        job->state = JOB_DONE;
        pipeline->figures.scale_us += timing.scale_us;
        pipeline->figures.infer_us += timing.infer_us;
        pipeline->figures.decode_us += timing.decode_us;
        pipeline->figures.look_us += look_us;
        pthread_cond_broadcast(&pipeline->changed);
    }
    pthread_mutex_unlock(&pipeline->lock);
    return NULL;
}

static int choose_worker_count(const struct dw_pipeline_conf *conf)
{
    if (conf->detector == NULL)
        return 0;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    long wanted = conf->workers > 0 ? conf->workers : DW_MAX(processors, 1);
    return (int)DW_MIN(wanted, (long)WORKERS_MAX);
}

static void free_workspaces(struct worker *worker)
{
    dw_detect_workspace_destroy(worker->workspace);
    dw_appear_workspace_destroy(worker->looking);
}

static int start_threads(struct dw_pipeline *pipeline, struct dw_err *err)
{
    int wanted = choose_worker_count(&pipeline->conf);
    for (int i = 0; i < wanted; i++) {
        struct worker *worker = &pipeline->workers[i];
        worker->pipeline = pipeline;
        worker->workspace = dw_detect_workspace_create(pipeline->conf.detector);
        if (pipeline->conf.appear != NULL)
            worker->looking = dw_appear_workspace_create(pipeline->conf.appear);
        pipeline->worker_count = i + 1;
        int r = pthread_create(&worker->thread, NULL, work, worker);
        if (r != 0) {
            free_workspaces(worker);
            pipeline->worker_count = i;
            return dw_fail(err, -r, "cannot start thread %d for detecting", i + 1);
        }
    }
    int r = pthread_create(&pipeline->reader, NULL, read_all, pipeline);
    if (r != 0)
        return dw_fail(err, -r, "cannot start the thread that reads the source");
    pipeline->reader_started = true;
    return 0;
}

int dw_pipeline_create(struct dw_pipeline **out, const struct dw_pipeline_conf *conf,
                       struct dw_err *err)
{
    DW_AUTO(pipeline) *pipeline = dw_alloc0(sizeof(*pipeline));
    pipeline->conf = *conf;
    pipeline->live = dw_source_info(conf->source)->live;
    /* Live: what runs, and one that waits. Files: enough that no worker ever waits. */
    size_t workers = (size_t)choose_worker_count(conf);
    pipeline->room = pipeline->live ? workers + 1 : 2 * workers + 2;
    pipeline->jobs = dw_alloc_array0(pipeline->room, sizeof(*pipeline->jobs));
    if (conf->detector != NULL && conf->again_us > 0)
        pipeline->stillness = dw_stillness_create(conf->again_us);
    pthread_mutex_init(&pipeline->lock, NULL);
    pthread_cond_init(&pipeline->changed, NULL);
    int r = start_threads(pipeline, err);
    if (r < 0)
        return r;
    *out = DW_TAKE(pipeline);
    return 0;
}

void dw_pipeline_destroy(struct dw_pipeline *pipeline)
{
    if (pipeline == NULL)
        return;
    pthread_mutex_lock(&pipeline->lock);
    pipeline->stopping = true;
    pthread_cond_broadcast(&pipeline->changed);
    pthread_mutex_unlock(&pipeline->lock);
    if (pipeline->reader_started)
        pthread_join(pipeline->reader, NULL);
    for (int i = 0; i < pipeline->worker_count; i++) {
        pthread_join(pipeline->workers[i].thread, NULL);
        free_workspaces(&pipeline->workers[i]);
    }
    for (size_t i = 0; i < pipeline->room; i++) {
        dw_frame_unref(pipeline->jobs[i].frame);
        dw_vec_fini(&pipeline->jobs[i].found);
        dw_vec_fini(&pipeline->jobs[i].looks);
    }
    dw_vec_fini(&pipeline->handed);
    dw_vec_fini(&pipeline->handed_looks);
    dw_stillness_destroy(pipeline->stillness);
    pthread_cond_destroy(&pipeline->changed);
    pthread_mutex_destroy(&pipeline->lock);
    free(pipeline->jobs);
    free(pipeline);
}

/* What was found on the frame becomes what is handed out, until something else is found. */
static void take_found(struct dw_pipeline *pipeline, const struct job *job,
                       const struct dw_frame *frame)
{
    dw_vec_clear(&pipeline->handed);
    bool from_frame = pipeline->conf.detector == NULL;
    const struct dw_detection *found = from_frame ? frame->detections : job->found.items;
    size_t count = from_frame ? frame->detection_count : job->found.count;
    for (size_t i = 0; i < count; i++)
        dw_vec_push(&pipeline->handed, found[i]);
    dw_vec_clear(&pipeline->handed_looks);
    for (size_t i = 0; i < job->looks.count; i++)
        dw_vec_push(&pipeline->handed_looks, job->looks.items[i]);
}

/* Lock held; the oldest job is done. Its findings move to `handed`, its frame to the receiver. */
static int hand_out(struct dw_pipeline *pipeline, struct dw_pipeline_item *item, struct dw_err *err)
{
    struct job *job = job_at(pipeline, pipeline->head++);
    DW_AUTO(frame) *frame = DW_TAKE(job->frame);
    pthread_cond_broadcast(&pipeline->changed);
    if (job->result < 0) {
        if (err != NULL)
            *err = job->err;
        return job->result;
    }
    item->frame = DW_TAKE(frame);
    if (!job->still)
        take_found(pipeline, job, item->frame);
    item->detections = pipeline->handed.items;
    item->count = pipeline->handed.count;
    item->looks = pipeline->handed_looks.count > 0 ? pipeline->handed_looks.items : NULL;
    return 1;
}
int dw_pipeline_next(struct dw_pipeline *pipeline, struct dw_pipeline_item *item,
                     struct dw_err *err)
{
    pthread_mutex_lock(&pipeline->lock);
    bool empty = pipeline->head == pipeline->tail;
    while (empty ? !pipeline->ended : job_at(pipeline, pipeline->head)->state != JOB_DONE) {
        pthread_cond_wait(&pipeline->changed, &pipeline->lock);
        empty = pipeline->head == pipeline->tail;
    }
    int r = 0;
    if (!empty) {
        r = hand_out(pipeline, item, err);
    } else if (pipeline->read_result < 0) {
        r = pipeline->read_result;
        if (err != NULL)
            *err = pipeline->read_err;
    }
    pthread_mutex_unlock(&pipeline->lock);
    return r;
}

struct dw_pipeline_figures dw_pipeline_figures(struct dw_pipeline *pipeline)
{
    pthread_mutex_lock(&pipeline->lock);
    struct dw_pipeline_figures figures = pipeline->figures;
    pthread_mutex_unlock(&pipeline->lock);
    return figures;
}
