/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell doctor`: what is there, what is missing and how to get it, how fast it will be. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cache.h"
#include "base/json_writer.h"
#include "base/macros.h"
#include "base/vec.h"
#include "cmd/args.h"
#include "cmd/commands.h"
#include "cmd/findings.h"
#include "cmd/machine.h"
#include "detect/detector.h"
#include "media/sandbox.h"
#include "media/version.h"
#include "onnx/runtime.h"
#include "store/store.h"

enum {
    PATH_SIZE = 4096,
    PICTURE_WIDTH_PX = 1280, /* a common camera */
    PICTURE_HEIGHT_PX = 720,
    PICTURE_COUNT = 20,
    MEMORY_WANTED_BYTES = 300 << 20, /* a run of the default model with some room */
};

static const struct dw_arg rows[] = {
    { "json", NULL, "print as JSON" },
    { "model", "FILE", "person detector to try, ONNX" },
};

enum mark { MARK_OK, MARK_WARN, MARK_MISSING };

static const struct {
    const char *word, *colour;
} marks[] = {
    [MARK_OK] = { "ok", "\033[32m" },
    [MARK_WARN] = { "warn", "\033[33m" },
    [MARK_MISSING] = { "missing", "\033[31m" },
};

/* One thing looked at. */
struct finding {
    const char *name;
    enum mark mark;
    char text[768];
    const char *remedy; /* NULL when nothing is to be done */
};

struct doctor {
    const char *model; /* given by --model, or NULL */
    bool json;
    bool can_measure;
    double load_ms, picture_ms; /* of the model; 0 not known */
    DW_VEC(struct finding) findings;
};

static void note(struct doctor *doctor, const char *name, enum mark mark, const char *remedy,
                 const char *format, ...) DW_PRINTF(5, 6);

static void note(struct doctor *doctor, const char *name, enum mark mark, const char *remedy,
                 const char *format, ...)
{
    struct finding *finding = dw_vec_add(&doctor->findings);
    *finding = (struct finding){ .name = name, .mark = mark, .remedy = remedy };
    va_list args;
    va_start(args, format);
    vsnprintf(finding->text, sizeof(finding->text), format, args);
    va_end(args);
}

static double gib(int64_t bytes)
{
    return (double)bytes / (1 << 30);
}

static void look_at_machine(struct doctor *doctor)
{
    struct dw_machine machine;
    dw_machine_read(&machine);
    note(doctor, "processor", machine.fast_vectors ? MARK_OK : MARK_WARN,
         machine.fast_vectors ? NULL : "without AVX2 or NEON the model runs several times slower",
         "%s, %d core%s%s%s", machine.processor[0] != '\0' ? machine.processor : "unknown",
         machine.cores, machine.cores == 1 ? "" : "s", machine.vectors[0] != '\0' ? ", " : "",
         machine.vectors);
    if (machine.memory_bytes < 0 || machine.available_bytes < 0)
        return;
    bool enough = machine.available_bytes >= MEMORY_WANTED_BYTES;
    note(doctor, "memory", enough ? MARK_OK : MARK_WARN,
         enough ? NULL : "a camera wants about 300 MiB: close other programs",
         "%.1f GiB, %.1f GiB available", gib(machine.memory_bytes), gib(machine.available_bytes));
}

static bool look_at_runtime(struct doctor *doctor)
{
    DW_AUTO(runtime) *runtime = NULL;
    struct dw_err err;
    if (dw_runtime_open(&runtime, NULL, &err) != 0) {
        note(doctor, "ONNX Runtime", MARK_MISSING, NULL, "%s", err.text);
        return false;
    }
    note(doctor, "ONNX Runtime", MARK_OK, NULL, "%s, %s", runtime->version, runtime->path);
    return true;
}

static int compare(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* Median CPU time of one picture; on noise, so that nothing is quick by chance. */
static int time_pictures(const struct dw_detector *detector, double *picture_ms, struct dw_err *err)
{
    size_t size = (size_t)PICTURE_WIDTH_PX * PICTURE_HEIGHT_PX;
    uint8_t *noise = dw_alloc0(size);
    uint32_t seed = 1;
    for (size_t i = 0; i < size; i++) {
        seed = seed * 1664525U + 1013904223U;
        noise[i] = (uint8_t)(64 + (seed >> 25));
    }
    const struct dw_image image = {
        .y = noise,
        .u = noise,
        .v = noise,
        .y_stride = PICTURE_WIDTH_PX,
        .u_stride = PICTURE_WIDTH_PX / 2,
        .v_stride = PICTURE_WIDTH_PX / 2,
        .width_px = PICTURE_WIDTH_PX,
        .height_px = PICTURE_HEIGHT_PX,
    };
    DW_AUTO(detect_workspace) *workspace = dw_detect_workspace_create(detector);
    int64_t times_us[PICTURE_COUNT] = { 0 };
    int status = 0;
    for (size_t i = 0; status == 0 && i < PICTURE_COUNT; i++) {
        struct dw_detect_result result;
        status = dw_detector_run(detector, workspace, &image, &result, err);
        times_us[i] = result.timing.scale_us + result.timing.infer_us + result.timing.decode_us;
    }
    free(noise);
    qsort(times_us, PICTURE_COUNT, sizeof(*times_us), compare);
    int64_t median_us = times_us[PICTURE_COUNT / 2];
    *picture_ms = (double)median_us / 1000;
    return status;
}

static int try_model(struct doctor *doctor, const char *path, struct dw_err *err)
{
    const struct dw_detector_conf conf = { .model_path = path, .score = -1 };
    DW_AUTO(detector) *detector = NULL;
    int status = dw_detector_create(&detector, &conf, err);
    if (status == 0)
        status = time_pictures(detector, &doctor->picture_ms, err);
    if (status != 0)
        return status;
    const struct dw_detector_info *info = dw_detector_info(detector);
    doctor->load_ms = info->load_ms;
    note(doctor, "model", MARK_OK, NULL, "%s for %dx%d, %s", info->layout, info->width_px,
         info->height_px, path);
    note(doctor, "speed", MARK_OK, NULL,
         "%.1f ms a picture: about %.0f pictures a second on each core; the model loads in %.0f ms",
         doctor->picture_ms, 1000 / doctor->picture_ms, info->load_ms);
    return 0;
}

static bool look_at_model(struct doctor *doctor, bool can_try)
{
    char path[PATH_SIZE];
    struct dw_err err;
    int status = 0;
    if (doctor->model != NULL)
        snprintf(path, sizeof(path), "%s", doctor->model);
    else
        status = dw_model_find(path, sizeof(path), NULL, &err);
    if (status == 0 && !can_try) {
        note(doctor, "model", MARK_WARN, NULL, "%s, not tried without ONNX Runtime", path);
        return false;
    }
    if (status == 0)
        status = try_model(doctor, path, &err);
    if (status != 0)
        note(doctor, "model", MARK_MISSING, NULL, "%s", err.text);
    return status == 0;
}

static void look_at_libraries(struct doctor *doctor)
{
    const char *encoder = dw_media_h264_encoder();
    note(doctor, "FFmpeg", encoder != NULL ? MARK_OK : MARK_WARN,
         encoder != NULL ? NULL
                         : "overlay videos will be MPEG-4, which few browsers play: install an "
                           "FFmpeg built with libx264",
         "%s, H.264 by %s", dw_media_version(), encoder != NULL ? encoder : "nobody");

    struct dw_err err;
    bool apart = dw_sandbox_check(&err) == 0;
    note(doctor, "sandbox", apart ? MARK_OK : MARK_WARN,
         apart ? NULL : "cameras' streams cannot be measured, files can", "%s",
         apart ? "decoders can open no socket, file or program" : err.text);

    /* Up to 3.51.2 two writers at once can damage a database in WAL mode. */
    const char *version = dw_store_version();
    bool whole = strverscmp(version, "3.51.3") >= 0;
    note(doctor, "SQLite", MARK_OK, NULL, "%s%s", version,
         whole ? "" : " (before 3.51.3: let Dwell alone write to its stores)");
}

static void look_at_folders(struct doctor *doctor)
{
    char path[PATH_SIZE];
    struct dw_err err;
    if (dw_cache_path(path, sizeof(path), "/media/vtest.avi", &err) == 0 && access(path, R_OK) == 0)
        note(doctor, "sample video", MARK_OK, NULL, "%s", path);
    else
        note(doctor, "sample video", MARK_WARN, "`make run` fetches it", "not there");

    if (dw_cache_path(path, sizeof(path), "", &err) != 0)
        note(doctor, "cache folder", MARK_WARN, NULL, "%s", err.text);
    else if (access(path, R_OK | W_OK | X_OK) == 0)
        note(doctor, "cache folder", MARK_OK, NULL, "%s", path);
    else
        note(doctor, "cache folder", MARK_WARN,
             errno == ENOENT ? "`make run` makes and fills it"
                             : "make it yours, or set DWELL_CACHE",
             "%s: %s", path, strerror(errno));

    if (getcwd(path, sizeof(path)) == NULL)
        snprintf(path, sizeof(path), ".");
    bool writable = access(".", W_OK | X_OK) == 0;
    note(doctor, "this folder", writable ? MARK_OK : MARK_WARN,
         writable ? NULL : "name files for results that you may write", "%s%s", path,
         writable ? ": results can be written" : ": results cannot be written");
}

static void print_text(const struct doctor *doctor)
{
    bool colours = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
    printf("dwell " DWELL_VERSION "\n");
    for (size_t i = 0; i < doctor->findings.count; i++) {
        const struct finding *finding = &doctor->findings.items[i];
        printf("  %s%-7s%s  %-13s %s\n", colours ? marks[finding->mark].colour : "",
               marks[finding->mark].word, colours ? "\033[0m" : "", finding->name, finding->text);
        if (finding->remedy != NULL)
            printf("  %24s%s\n", "", finding->remedy);
    }
    puts(doctor->can_measure ? "This machine can measure."
                             : "Something is missing; until it is there nothing can be measured.");
}

static void put_json(const struct doctor *doctor, struct dw_buf *text)
{
    struct dw_json_writer json = { .out = text };
    dw_json_object_begin(&json, NULL);
    dw_json_string(&json, "version", DWELL_VERSION);
    dw_json_bool(&json, "can_measure", doctor->can_measure);
    if (doctor->can_measure) {
        dw_json_real(&json, "load_ms", doctor->load_ms, 1);
        dw_json_real(&json, "picture_ms", doctor->picture_ms, 2);
    }
    dw_json_array_begin(&json, "checks");
    for (size_t i = 0; i < doctor->findings.count; i++) {
        const struct finding *finding = &doctor->findings.items[i];
        dw_json_object_begin(&json, NULL);
        dw_json_string(&json, "name", finding->name);
        dw_json_string(&json, "status", marks[finding->mark].word);
        dw_json_string(&json, "text", finding->text);
        if (finding->remedy != NULL)
            dw_json_string(&json, "remedy", finding->remedy);
        dw_json_object_end(&json);
    }
    dw_json_array_end(&json);
    dw_json_object_end(&json);
}

static void print_json(const struct doctor *doctor)
{
    struct dw_buf text = { 0 };
    put_json(doctor, &text);
    puts(dw_buf_text(&text));
    dw_buf_fini(&text);
}

static void look(struct doctor *doctor)
{
    look_at_machine(doctor);
    doctor->can_measure = look_at_model(doctor, look_at_runtime(doctor));
    look_at_libraries(doctor);
    look_at_folders(doctor);
}

void dw_doctor_put(struct dw_buf *json)
{
    struct doctor doctor = { 0 };
    look(&doctor);
    put_json(&doctor, json);
    dw_vec_fini(&doctor.findings);
}

static int take_option(void *user, const char *name, const char *value, struct dw_err *err)
{
    (void)err;
    struct doctor *doctor = user;
    if (strcmp(name, "json") == 0)
        doctor->json = true;
    else
        doctor->model = value;
    return 0;
}

static int take_operand(void *user, const char *value, struct dw_err *err)
{
    (void)user;
    return dw_fail(err, -EINVAL, "there is nothing to do with '%s'", value);
}

int dw_cmd_doctor(int argc, char **argv)
{
    struct doctor doctor = { 0 };
    struct dw_args args = {
        .command = "doctor",
        .synopsis = "[--json] [--model FILE]",
        .about = "Says what is installed, what is missing and how to get it, and how fast the\n"
                 "person detector runs here. Exit code 0 when this machine can measure.",
        .rows = rows,
        .row_count = DW_LENGTH(rows),
        .argc = argc,
        .argv = argv,
    };
    const struct dw_args_reader reader = { take_option, take_operand, &doctor };
    int leave = dw_args_read(&args, &reader);
    if (leave >= 0)
        return leave;
    look(&doctor);
    if (doctor.json)
        print_json(&doctor);
    else
        print_text(&doctor);
    dw_vec_fini(&doctor.findings);
    return doctor.can_measure ? 0 : 1;
}
