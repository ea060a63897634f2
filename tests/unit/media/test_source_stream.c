/* SPDX-License-Identifier: Apache-2.0 */
/* Cameras that misbehave, played by a thread on a port of this machine. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/macros.h"
#include "base/wall_time.h"
#include "media/source.h"
#include "sample.h"

struct camera {
    int listener;
    char url[64];
    const char *greeting; /* sent first, or NULL */
    uint8_t *bytes;       /* sent next, if any */
    size_t length;
    bool hangs; /* then says no more, but keeps the line */
    atomic_bool over;
    pthread_t thread;
};

static void nap(int64_t us)
{
    const struct timespec time = { us / DW_SECOND_US, us % DW_SECOND_US * 1000 };
    nanosleep(&time, NULL);
}

static int64_t now_us(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * DW_SECOND_US + time.tv_nsec / 1000;
}

static void send_all(int line, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t sent = send(line, at, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        at += sent;
        length -= (size_t)sent;
    }
}

static void *serve(void *opaque)
{
    struct camera *camera = opaque;
    int line = accept(camera->listener, NULL, NULL);
    if (line < 0)
        return NULL;
    if (camera->greeting != NULL)
        send_all(line, camera->greeting, strlen(camera->greeting));
    send_all(line, camera->bytes, camera->length);
    while (camera->hangs && !atomic_load(&camera->over))
        nap(5000);
    shutdown(line, SHUT_WR);
    /* Data not yet read would turn the goodbye into a reset. */
    char rest[256];
    while (camera->length > 0 && !camera->hangs && recv(line, rest, sizeof(rest), 0) > 0)
        continue;
    close(line);
    return NULL;
}

static void camera_start(struct camera *camera, const char *scheme)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof(address);
    camera->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(camera->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(camera->listener, 1), 0);
    assert_int_equal(getsockname(camera->listener, (struct sockaddr *)&address, &size), 0);
    snprintf(camera->url, sizeof(camera->url), "%s://u:secret@127.0.0.1:%d/s", scheme,
             ntohs(address.sin_port));
    assert_int_equal(pthread_create(&camera->thread, NULL, serve, camera), 0);
}

static void camera_stop(struct camera *camera)
{
    atomic_store(&camera->over, true);
    shutdown(camera->listener, SHUT_RDWR);
    pthread_join(camera->thread, NULL);
    close(camera->listener);
    free(camera->bytes);
}

static const struct dw_source_conf impatient = { .timeout_us = 300000 };

static void load_video(struct camera *camera)
{
    sample_video(&(struct sample_video){ "live.ts", "mpeg2video", NULL, 64, 48, 30, NULL });
    camera->bytes = sample_read("live.ts", &camera->length);
}

static void no_password_is_in(const struct dw_err *err)
{
    assert_non_null(strstr(err->text, "u:***@127.0.0.1"));
    assert_null(strstr(err->text, "secret"));
}

static void a_silent_camera_is_given_up_in_time(void **state)
{
    (void)state;
    static const char *const schemes[] = { "tcp", "http", "rtsp" };
    for (size_t i = 0; i < 3; i++) {
        struct camera camera = { .hangs = true };
        struct dw_err err = { { 0 } };
        struct dw_source *source = NULL;
        camera_start(&camera, schemes[i]);
        int64_t start_us = now_us();
        assert_int_equal(dw_source_create(&source, camera.url, &impatient, &err), -ETIMEDOUT);
        assert_in_range(now_us() - start_us, 250000, 3 * DW_SECOND_US);
        assert_non_null(strstr(err.text, "sent no picture for 0.3 s"));
        no_password_is_in(&err);
        camera_stop(&camera);
    }
}

static void a_camera_that_falls_silent_is_given_up_in_time(void **state)
{
    (void)state;
    struct camera camera = { .hangs = true };
    struct dw_err err = { { 0 } };
    DW_AUTO(source) *source = NULL;
    const struct dw_source_conf conf = { .timeout_us = DW_SECOND_US };
    load_video(&camera);
    camera_start(&camera, "tcp");
    /* Looking for the stream's parameters wants more than 3 s of video: it comes from what is sent.
     */
    int code = dw_source_create(&source, camera.url, &conf, &err), frames = 0;
    struct dw_frame *frame = NULL;
    for (; code >= 0 && (code = dw_source_read(source, &frame, &err)) > 0; frames++)
        dw_frame_unref(frame);
    assert_int_equal(code, -ETIMEDOUT);
    no_password_is_in(&err);
    camera_stop(&camera);
}

static void a_stream_that_ends_is_read_to_its_end(void **state)
{
    (void)state;
    struct camera camera = { 0 };
    struct dw_err err = { { 0 } };
    load_video(&camera);
    camera_start(&camera, "tcp");
    struct dw_source *source = NULL;
    if (dw_source_create(&source, camera.url, NULL, &err) != 0)
        fail_msg("%s", err.text);
    assert_true(dw_source_info(source)->live);
    struct dw_frame *frame = NULL;
    int frames = 0;
    for (; dw_source_read(source, &frame, &err) > 0; frames++) {
        assert_int_equal(frame->time_us, frames * 100000);
        dw_frame_unref(frame);
    }
    assert_in_range(frames, 29, 30);
    dw_source_destroy(source);
    camera_stop(&camera);
}

static void what_a_server_refuses_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *greeting, *words;
    } cases[] = {
        { "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", "wants a user name and a password" },
        { "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", "refuses access" },
        { "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "is not known to the server" },
        { "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", "has an error on its own side" },
        { "HTTP/1.1 302 No\r\nLocation: file:///etc/passwd\r\n\r\n", "" },
        { "HTTP/1.1 302 No\r\nLocation: http://127.0.0.1:1/s\r\n\r\n",
          "sends on to another address" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\n<html>hello there</html>", "" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct camera camera = { .greeting = cases[i].greeting };
        struct dw_err err = { { 0 } };
        struct dw_source *source = NULL;
        camera_start(&camera, "http");
        assert_true(dw_source_create(&source, camera.url, &impatient, &err) < 0);
        if (strstr(err.text, cases[i].words) == NULL)
            fail_msg("case %zu: '%s'", i, err.text);
        no_password_is_in(&err);
        camera_stop(&camera);
    }
}

static void nobody_is_led_to_another_address(void **state)
{
    (void)state;
    struct camera camera = {
        .greeting = "RTSP/1.0 302 Moved\r\nCSeq: 1\r\nLocation: rtsp://127.0.0.1:1/s\r\n\r\n",
        .hangs = true,
    };
    struct dw_err err = { { 0 } };
    struct dw_source *source = NULL;
    camera_start(&camera, "rtsp");
    assert_int_equal(dw_source_create(&source, camera.url, NULL, &err), -EACCES);
    assert_non_null(strstr(err.text, "sends on to another address, which is not followed"));
    no_password_is_in(&err);
    camera_stop(&camera);
}

/* A playlist that names a part which could be played well. */
static int open_playlist(const char *part)
{
    char text[512];
    snprintf(text, sizeof(text),
             "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.apple.mpegurl\r\n\r\n"
             "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n%s\n#EXT-X-ENDLIST\n",
             part);
    struct camera camera = { .greeting = text };
    struct dw_err err = { { 0 } };
    DW_AUTO(source) *source = NULL;
    camera_start(&camera, "http");
    int code = dw_source_create(&source, camera.url, NULL, &err);
    camera_stop(&camera);
    return code;
}

/* Plays the part on a machine of that name. */
static int open_part_at(const char *host)
{
    char part[128];
    struct camera camera = { .greeting = "HTTP/1.1 200 OK\r\n\r\n" };
    load_video(&camera);
    camera_start(&camera, "http");
    snprintf(part, sizeof(part), "http://%s:%s.ts", host, strrchr(camera.url, ':') + 1);
    int code = open_playlist(part);
    camera_stop(&camera);
    return code;
}

static void a_playlist_opens_no_file_and_no_other_machine(void **state)
{
    (void)state;
    assert_int_equal(open_part_at("127.0.0.1"), 0);
    assert_true(open_part_at("localhost") < 0);
    char path[SAMPLE_PATH_SIZE], part[SAMPLE_PATH_SIZE + 8];
    snprintf(part, sizeof(part), "file://%s", sample_path(path, "live.ts"));
    assert_true(open_playlist(part) < 0);
    assert_true(open_playlist(path) < 0);
}

static void nobody_there_is_told(void **state)
{
    (void)state;
    struct dw_err err = { { 0 } };
    struct dw_source *source = NULL;
    assert_int_equal(dw_source_create(&source, "rtsp://u:secret@127.0.0.1:1/s", NULL, &err),
                     -ECONNREFUSED);
    assert_non_null(strstr(err.text, "refuses the connection"));
    no_password_is_in(&err);
}

static void an_unknown_protocol_is_told(void **state)
{
    (void)state;
    static const char *const urls[] = { "gopher://cam/s", "concat://a|b", "subfile://x", "://" };
    for (size_t i = 0; i < 4; i++) {
        struct dw_err err = { { 0 } };
        struct dw_source *source = NULL;
        assert_int_equal(dw_source_create(&source, urls[i], NULL, &err), -ENOTSUP);
        assert_non_null(strstr(err.text, "starts with no known protocol: use"));
    }
}

static void *raise_after_a_moment(void *opaque)
{
    nap(200000);
    atomic_store((atomic_bool *)opaque, true);
    return NULL;
}

static void waiting_can_be_stopped(void **state)
{
    (void)state;
    struct camera camera = { .hangs = true };
    atomic_bool stop = false;
    const struct dw_source_conf conf = { .stop = &stop };
    struct dw_err err = { { 0 } };
    struct dw_source *source = NULL;
    pthread_t thread;
    camera_start(&camera, "rtsp");
    assert_int_equal(pthread_create(&thread, NULL, raise_after_a_moment, &stop), 0);
    int64_t start_us = now_us();
    assert_int_equal(dw_source_create(&source, camera.url, &conf, &err), -EINTR);
    assert_in_range(now_us() - start_us, 150000, 2 * DW_SECOND_US);
    pthread_join(thread, NULL);
    camera_stop(&camera);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_silent_camera_is_given_up_in_time),
        cmocka_unit_test(a_camera_that_falls_silent_is_given_up_in_time),
        cmocka_unit_test(a_stream_that_ends_is_read_to_its_end),
        cmocka_unit_test(what_a_server_refuses_is_told),
        cmocka_unit_test(nobody_is_led_to_another_address),
        cmocka_unit_test(a_playlist_opens_no_file_and_no_other_machine),
        cmocka_unit_test(nobody_there_is_told),
        cmocka_unit_test(an_unknown_protocol_is_told),
        cmocka_unit_test(waiting_can_be_stopped),
    };
    return cmocka_run_group_tests(tests, sample_setup, sample_teardown);
}
