/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell calibrate`: learns the ground model of a camera from people walking in its picture. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json_writer.h"
#include "base/macros.h"
#include "base/vec.h"
#include "base/wall_time.h"
#include "cmd/args.h"
#include "cmd/commands.h"
#include "cmd/numbers.h"
#include "conf/ground.h"
#include "core/calibrate.h"
#include "engine/analysis.h"
#include "media/overlay.h"
#include "media/source.h"

/* Of sightings kept; when there are more, every other frame is let go. */
#define SIGHTINGS_MOST (1u << 20)

static const struct dw_arg rows[] = {
    { "output", "FILE", "where the ground model goes, JSON (ground.json)" },
    { "body-height", "M", "mean height of the people, metres (1.70)" },
    { "check", "GROUND", "compare distances with those of this ground model" },
    { "still", "FILE", "write a picture of the video with a grid of metres on its floor, PNG" },
    { "json", NULL, "print JSON instead of sentences" },
    { "set", "KEY=VALUE", "a setting, e.g. track.lost=2 (may be repeated)" },
    { "model", "FILE", "person detector, ONNX (else the one that set-up imported)" },
    { "fps", "F", "frames a second of a detections file" },
    { "size", "WxH", "picture size of a detections file, pixels" },
    { "workers", "N", "detecting threads (one a processor)" },
};

static atomic_bool stop;

static void on_signal(int number)
{
    (void)number;
    atomic_store(&stop, true);
}

struct job {
    struct dw_analysis_conf conf;
    struct dw_calibrate_conf calibrate;
    const char *output_path, *check_path, *still_path;
    bool json;
    DW_VEC(struct dw_sighting) sightings;
    int64_t stride; /* frames: one in so many is kept */
    bool pictures;  /* the source has some */

    struct dw_calibration result;
    struct dw_ground ground;
    struct dw_calibrate_match match;
};

static int take_option(void *user, const char *name, const char *value, struct dw_err *err)
{
    struct job *job = user;
    struct dw_analysis_conf *conf = &job->conf;
    const struct {
        const char *name, **field;
    } texts[] = {
        { "output", &job->output_path },
        { "check", &job->check_path },
        { "still", &job->still_path },
        { "model", &conf->model_path },
    };
    for (size_t i = 0; i < DW_LENGTH(texts); i++)
        if (strcmp(texts[i].name, name) == 0) {
            *texts[i].field = value;
            return 0;
        }
    if (strcmp(name, "set") == 0)
        return dw_settings_set(&conf->settings, value, err);
    if (strcmp(name, "fps") == 0)
        return dw_number_parse(&conf->source.fps, "--fps", value, 0.01, 1000, err);
    if (strcmp(name, "body-height") == 0)
        return dw_number_parse(&job->calibrate.body_m, "--body-height", value, 0.5, 2.5, err);
    if (strcmp(name, "size") == 0)
        return dw_size_parse(&conf->source.width_px, &conf->source.height_px, "--size", value, err);
    double workers = 0;
    if (strcmp(name, "json") == 0)
        job->json = true;
    else if (dw_number_parse(&workers, "--workers", value, 1, 64, err) < 0)
        return -EINVAL;
    else
        conf->workers = (int)workers;
    return 0;
}

static int take_operand(void *user, const char *value, struct dw_err *err)
{
    struct job *job = user;
    return dw_args_take_one(&job->conf.url, "source", value, err);
}

static void thin(struct job *job)
{
    size_t kept = 0;
    job->stride *= 2;
    for (size_t i = 0; i < job->sightings.count; i++)
        if (job->sightings.items[i].frame % job->stride == 0)
            job->sightings.items[kept++] = job->sightings.items[i];
    job->sightings.count = kept;
}

static void observe(void *user, const struct dw_output_moment *moment)
{
    struct job *job = user;
    if (moment->frame != NULL && moment->frame->has_image) {
        job->pictures = true;
        job->calibrate.width_px = moment->frame->image.width_px;
        job->calibrate.height_px = moment->frame->image.height_px;
    }
    for (size_t i = 0; i < moment->lane.sighting_count; i++)
        if (moment->lane.sightings[i].frame % job->stride == 0)
            dw_vec_push(&job->sightings, moment->lane.sightings[i]);
    if (job->sightings.count > SIGHTINGS_MOST)
        thin(job);
}

static void show_progress(void *user, const struct dw_progress *progress)
{
    const struct job *job = user;
    fprintf(stderr, "\r\033[K%.0f s watched, %.0f frames/s, %zu boxes",
            dw_time_to_seconds(progress->time_us), (double)progress->frames / progress->seconds,
            job->sightings.count);
    if (progress->total_us > 0)
        fprintf(stderr, " (%.0f %%)", 100 * (double)progress->time_us / (double)progress->total_us);
    fflush(stderr);
}

static int watch(struct job *job, struct dw_err *err)
{
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND };
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    const struct dw_layout nothing = { 0 };
    job->conf.layout = &nothing;
    job->conf.source.stop = &stop;
    job->conf.observe = observe;
    job->conf.user = job;
    job->calibrate.width_px = job->conf.source.width_px;
    job->calibrate.height_px = job->conf.source.height_px;
    bool terminal = isatty(STDERR_FILENO) == 1;
    if (terminal)
        job->conf.progress = show_progress;
    struct dw_analysis_result result = { 0 };
    int r = dw_analysis_run(&job->conf, &result, err);
    if (terminal)
        fputs("\r\033[K", stderr);
    if (result.warning[0] != '\0')
        fprintf(stderr, "dwell calibrate: note: %s\n", result.warning);
    if (r == 0 && job->still_path != NULL && !job->pictures)
        return dw_fail(err, -EINVAL, "'%s' holds no pictures: leave --still out", job->conf.url);
    return r;
}

static int compare(struct job *job, struct dw_err *err)
{
    struct dw_ground known = { 0 };
    int r = dw_ground_load(&known, job->check_path, job->calibrate.width_px,
                           job->calibrate.height_px, err);
    if (r < 0)
        return r;
    DW_VEC(struct dw_point) feet = { 0 };
    for (size_t i = 0; i < job->sightings.count; i++)
        if (job->sightings.items[i].score > 0)
            dw_vec_push(&feet, dw_box_anchor(job->sightings.items[i].box, DW_ANCHOR_BOTTOM_CENTER));
    job->match = dw_calibrate_compare(&job->ground, &known, feet.items, feet.count);
    dw_vec_fini(&feet);
    return 0;
}

/* The source is opened anew: the camera is known only at its end. */
static int write_still(const struct job *job, struct dw_err *err)
{
    DW_AUTO(source) *source = NULL;
    DW_AUTO(frame) *frame = NULL;
    int r = dw_source_create(&source, job->conf.url, NULL, err);
    if (r == 0)
        r = dw_source_read(source, &frame, err);
    if (r < 0)
        return r;
    if (frame == NULL || !frame->has_image)
        return dw_fail(err, -ENODATA, "there is no picture in '%s' any more", job->conf.url);
    struct dw_overlay_scene scene = { .time_us = -1, .floor = &job->result.camera };
    return dw_still_write(job->still_path, &frame->image, &scene, err);
}

static void put_range(struct dw_json_writer *json, const char *name,
                      struct dw_calibrate_range range)
{
    char interval[64];
    snprintf(interval, sizeof(interval), "%s_95", name);
    dw_json_real(json, name, range.value, 3);
    dw_json_array_begin(json, interval);
    dw_json_real(json, NULL, range.low, 3);
    dw_json_real(json, NULL, range.high, 3);
    dw_json_array_end(json);
}

static void put_result(struct dw_json_writer *json, const struct job *job)
{
    const struct dw_calibration *result = &job->result;
    dw_json_array_begin(json, "world_to_image");
    for (int row = 0; row < 3; row++) {
        dw_json_array_begin(json, NULL);
        for (int i = 0; i < 3; i++)
            dw_json_real(json, NULL, job->ground.to_image[3 * row + i], 9);
        dw_json_array_end(json);
    }
    dw_json_array_end(json);
    dw_json_string(json, "world_units", "metres");
    dw_json_integer(json, "image_width", job->calibrate.width_px);
    dw_json_integer(json, "image_height", job->calibrate.height_px);
    put_range(json, "camera_height_m", result->height_m);
    put_range(json, "tilt_deg", result->tilt_deg);
    put_range(json, "roll_deg", result->roll_deg);
    put_range(json, "focal_px", result->focal_px);
    dw_json_real(json, "body_height_m", job->calibrate.body_m, 3);
    dw_json_integer(json, "people", result->people);
    dw_json_integer(json, "observations", (int64_t)result->observations);
    dw_json_real(json, "height_error", result->height_error, 4);
    dw_json_real(json, "distance_error", result->distance_error, 4);
}

static void write_json(struct dw_buf *text, const struct job *job, bool with_match)
{
    struct dw_json_writer json = { .out = text };
    dw_json_object_begin(&json, NULL);
    put_result(&json, job);
    if (with_match) {
        dw_json_object_begin(&json, "check");
        dw_json_real(&json, "scale", job->match.scale, 4);
        dw_json_real(&json, "error", job->match.error, 4);
        dw_json_real(&json, "error_p90", job->match.error_p90, 4);
        dw_json_integer(&json, "pairs", (int64_t)job->match.pairs);
        dw_json_object_end(&json);
    }
    dw_json_object_end(&json);
    dw_buf_puts(text, "\n");
}

static int save(const struct job *job, struct dw_err *err)
{
    struct dw_buf text = { 0 };
    write_json(&text, job, false);
    FILE *file = fopen(job->output_path, "we");
    bool written = file != NULL && fwrite(text.data, 1, text.length, file) == text.length;
    /* The disk may turn out to be full only when the last bytes go out. */
    int code = written ? 0 : -errno;
    if (file != NULL && fclose(file) != 0 && code == 0)
        code = -errno;
    dw_buf_fini(&text);
    if (code != 0)
        return dw_fail(err, code, "cannot write '%s': %s", job->output_path, strerror(-code));
    return 0;
}

static void print_range(const char *name, struct dw_calibrate_range range, int decimals,
                        const char *unit)
{
    printf("%-16s %.*f %s   (95 %%: %.*f to %.*f)\n", name, decimals, range.value, unit, decimals,
           range.low, decimals, range.high);
}

static void print_result(const struct job *job)
{
    const struct dw_calibration *result = &job->result;
    printf("learned from     %d people, %zu boxes (left out: %zu hidden by others, %zu cut by the "
           "picture)\n",
           result->people, result->observations, result->hidden, result->cut);
    print_range("camera height", result->height_m, 2, "m");
    print_range("tilt", result->tilt_deg, 1, "degrees down");
    print_range("roll", result->roll_deg, 1, "degrees");
    print_range("focal length", result->focal_px, 0, "px");
    printf(
        "people's heights fit to %.1f %%, distances on the floor to about %.0f %%, when the mean "
        "person is %.2f m tall\n",
        100 * result->height_error, 100 * result->distance_error, job->calibrate.body_m);
    if (result->focal_doubt > 0.6)
        puts("the focal length was mostly assumed: people who walk across the picture as well as "
             "towards the camera would show it");
    if (job->check_path != NULL)
        printf("check            median distance error %.1f %%, p90 %.1f %%, scale %.3f (%zu "
               "pairs)\n",
               100 * job->match.error, 100 * job->match.error_p90, job->match.scale,
               job->match.pairs);
    if (job->still_path != NULL)
        printf("floor drawn to %s: does a grid of metres lie on it?\n", job->still_path);
    printf("written to %s: use it with dwell analyze --ground %s\n", job->output_path,
           job->output_path);
}

static int run(struct job *job, struct dw_err *err)
{
    double matrix[9];
    int r = watch(job, err);
    if (r == 0)
        r = dw_calibrate(&job->result, job->sightings.items, job->sightings.count, &job->calibrate,
                         err);
    if (r < 0)
        return r;
    dw_camera_matrix(&job->result.camera, matrix);
    struct dw_point floor_px = { job->calibrate.width_px / 2.0, job->calibrate.height_px };
    if (!dw_ground_init(&job->ground, matrix, floor_px))
        return dw_fail(err, -ENODATA, "the lower edge of the picture shows no floor");
    if (job->check_path != NULL)
        r = compare(job, err);
    if (r == 0)
        r = save(job, err);
    return r == 0 && job->still_path != NULL ? write_still(job, err) : r;
}

static void print_json(const struct job *job)
{
    struct dw_buf text = { 0 };
    write_json(&text, job, job->check_path != NULL);
    fputs(dw_buf_text(&text), stdout);
    dw_buf_fini(&text);
}

int dw_cmd_calibrate(int argc, char **argv)
{
    struct dw_args args = {
        .command = "calibrate",
        .synopsis = "SOURCE [--output FILE] [--body-height M] [options]",
        .about =
            "Learns how the camera hangs (height, tilt, focal length) from people walking in its\n"
            "picture, and writes the ground model for 'dwell analyze --ground'. It says how sure\n"
            "it is, and refuses when there is too little to learn from. SOURCE is a video, a\n"
            "stream (Ctrl-C ends watching), or a detections file.",
        .rows = rows,
        .row_count = DW_LENGTH(rows),
        .argc = argc,
        .argv = argv,
    };
    struct job job = {
        .conf = { .settings = dw_settings_default(),
                  .start_wall_us = 0,
                  .site = "calibrate",
                  .camera = "calibrate" },
        .calibrate = { .body_m = 1.7 },
        .output_path = "ground.json",
        .stride = 1,
    };
    const struct dw_args_reader reader = { take_option, take_operand, &job };
    int leave = dw_args_read(&args, &reader);
    if (leave >= 0)
        return leave;
    if (job.conf.url == NULL)
        return dw_args_wrong(&args, "wants a video, a stream or a detections file");
    struct dw_err err = { 0 };
    int r = run(&job, &err);
    if (r == 0 && job.json)
        print_json(&job);
    else if (r == 0)
        print_result(&job);
    dw_vec_fini(&job.sightings);
    return r < 0 ? dw_args_failed(&args, &err) : 0;
}
