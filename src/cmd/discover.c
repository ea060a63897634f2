/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell discover`: the cameras of this network and the addresses of their streams. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/json_writer.h"
#include "base/macros.h"
#include "cmd/args.h"
#include "cmd/commands.h"
#include "cmd/numbers.h"
#include "onvif/device.h"
#include "onvif/probe.h"

#define PASSWORD "DWELL_CAMERA_PASSWORD" /* in the environment */
#define PASSWORD_SIZE 128

static const struct dw_arg rows[] = {
    { "user", "NAME", "user of the cameras; the password is asked for, or in " PASSWORD },
    { "host", "ADDRESS", "ask this device alone: 192.168.1.20, or http://... of its service" },
    { "wait", "SECONDS", "how long to listen (3)" },
    { "json", NULL, "for other programs" },
};

struct job {
    const char *user, *host;
    char password[PASSWORD_SIZE];
    double wait_s;
    bool as_json;
    struct dw_onvif_cameras cameras;
};

static int take_option(void *user, const char *name, const char *value, struct dw_err *err)
{
    struct job *job = user;
    if (strcmp(name, "wait") == 0)
        return dw_number_parse(&job->wait_s, "--wait", value, 0.1, 60, err);
    if (strcmp(name, "user") == 0)
        job->user = value;
    else if (strcmp(name, "host") == 0)
        job->host = value;
    else
        job->as_json = true;
    return 0;
}

static int take_operand(void *user, const char *value, struct dw_err *err)
{
    (void)user;
    return dw_fail(err, -EINVAL, "'%s' is no option; an address goes behind --host", value);
}

/* From the environment, or typed without being shown; never from the command line, which everybody
 * on the machine can read. */
static int get_password(struct job *job, struct dw_err *err)
{
    const char *given = getenv(PASSWORD);
    if (given != NULL) {
        snprintf(job->password, sizeof(job->password), "%s", given);
        return 0;
    }
    struct termios shown, hidden;
    if (tcgetattr(STDIN_FILENO, &shown) < 0)
        return dw_fail(err, -EINVAL,
                       "--user wants a password: set " PASSWORD ", or run it on a terminal");
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    fprintf(stderr, "password of %s: ", job->user);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    bool read = fgets(job->password, sizeof(job->password), stdin) != NULL;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    fputc('\n', stderr);
    job->password[strcspn(job->password, "\n")] = '\0';
    return read ? 0 : dw_fail(err, -EINVAL, "no password was typed");
}

static int find(struct job *job, struct dw_err *err)
{
    if (job->host == NULL || strncmp(job->host, "http", 4) != 0)
        return dw_onvif_probe(&job->cameras, job->host, (int)(job->wait_s * 1000), err);
    struct dw_onvif_found *found = dw_vec_add(&job->cameras.list);
    snprintf(found->address, sizeof(found->address), "%s", job->host);
    const char *host = strstr(job->host, "://");
    host = host != NULL ? host + 3 : job->host;
    snprintf(found->host, sizeof(found->host), "%.*s", (int)strcspn(host, ":/"), host);
    return 0;
}

static void print_stream(const struct dw_onvif_stream *stream, bool best)
{
    printf("  %s %-16s %5dx%-5d", best ? "*" : " ", stream->profile, stream->width_px,
           stream->height_px);
    if (stream->fps > 0)
        printf(" up to %2.0f fps", stream->fps);
    printf("  %s\n      %s\n", stream->codec, stream->uri);
}

static void print_camera(const struct dw_onvif_found *found, const struct dw_onvif_streams *streams,
                         const struct dw_err *why)
{
    const struct dw_onvif_camera *camera = &found->camera;
    printf("%s  %s %s\n", found->host, camera->name, camera->model);
    const struct dw_onvif_stream *best = dw_onvif_best(streams);
    for (size_t i = 0; i < streams->count; i++)
        print_stream(&streams->items[i], &streams->items[i] == best);
    if (why->text[0] != '\0')
        printf("    %s\n", why->text);
    putchar('\n');
}

static void put_camera(struct dw_json_writer *json, const struct dw_onvif_found *found,
                       const struct dw_onvif_streams *streams, const struct dw_err *why)
{
    dw_json_object_begin(json, NULL);
    dw_json_string(json, "host", found->host);
    dw_json_string(json, "name", found->camera.name);
    dw_json_string(json, "model", found->camera.model);
    dw_json_string(json, "service", found->address);
    if (why->text[0] != '\0')
        dw_json_string(json, "problem", why->text);
    const struct dw_onvif_stream *best = dw_onvif_best(streams);
    dw_json_array_begin(json, "streams");
    for (size_t i = 0; i < streams->count; i++) {
        const struct dw_onvif_stream *stream = &streams->items[i];
        dw_json_object_begin(json, NULL);
        dw_json_string(json, "profile", stream->profile);
        dw_json_string(json, "uri", stream->uri);
        dw_json_string(json, "codec", stream->codec);
        dw_json_integer(json, "width_px", stream->width_px);
        dw_json_integer(json, "height_px", stream->height_px);
        dw_json_real(json, "fps", stream->fps, 0);
        dw_json_bool(json, "best", stream == best);
        dw_json_object_end(json);
    }
    dw_json_array_end(json);
    dw_json_object_end(json);
}

/* Asks each camera for its streams; one that does not tell is shown with the reason. */
static void show(struct job *job)
{
    struct dw_buf text = { 0 };
    struct dw_json_writer json = { &text, false };
    struct dw_onvif_streams streams;
    dw_json_array_begin(&json, NULL);
    for (size_t i = 0; i < job->cameras.list.count; i++) {
        const struct dw_onvif_found *found = &job->cameras.list.items[i];
        struct dw_err why = { 0 };
        dw_onvif_streams(&streams, found->address, job->user, job->password, &why);
        if (job->as_json)
            put_camera(&json, found, &streams, &why);
        else
            print_camera(found, &streams, &why);
    }
    dw_json_array_end(&json);
    if (job->as_json)
        puts(dw_buf_text(&text));
    dw_buf_fini(&text);
}

static void advise(const struct job *job)
{
    size_t count = job->cameras.list.count;
    if (job->as_json)
        return;
    if (count == 0)
        puts("No camera answered. Is ONVIF switched on in the camera (often under network or\n"
             "integration), and is it on the same network? One behind a router: --host ADDRESS.");
    else
        puts(
            "*: the stream to measure on. Put the user into its address: rtsp://USER:PASSWORD@...");
    if (job->cameras.strange > 0)
        printf("%zu answers were no camera's and were left out.\n", job->cameras.strange);
}

int dw_cmd_discover(int argc, char **argv)
{
    struct dw_args args = {
        .command = "discover",
        .synopsis = "[--user NAME] [--host ADDRESS]",
        .about = "Finds the cameras of this network (ONVIF) and the addresses of their streams.",
        .rows = rows,
        .row_count = DW_LENGTH(rows),
        .argc = argc,
        .argv = argv,
    };
    struct job job = { .wait_s = 3 };
    const struct dw_args_reader reader = { take_option, take_operand, &job };
    int leave = dw_args_read(&args, &reader);
    if (leave >= 0)
        return leave;
    struct dw_err err = { 0 };
    int r = job.user != NULL ? get_password(&job, &err) : 0;
    if (r == 0)
        r = find(&job, &err);
    if (r == 0) {
        show(&job);
        advise(&job);
    }
    dw_onvif_cameras_fini(&job.cameras);
    return r == -EINVAL ? dw_args_wrong(&args, "%s", err.text)
           : r < 0      ? dw_args_failed(&args, &err)
                        : 0;
}
