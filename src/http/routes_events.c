/* SPDX-License-Identifier: Apache-2.0 */
/* Live events, as server-sent events (WHATWG HTML, 9.2), and figures for Prometheus. */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/wall_time.h"
#include "engine/site.h"
#include "http/answer.h"
#include "http/app.h"
#include "http/events.h"
#include "http/occupancy.h"
#include "http/routes.h"
#include "http/store_size.h"

/* --- Events --------------------------------------------------------------------------------- */

/* By what the viewer came in. */
struct pass {
    struct dw_access *access;
    char *session, *token; /* one of them */
};

static bool is_allowed(void *user)
{
    const struct pass *pass = user;
    struct dw_principal who = { 0 };
    return pass->token != NULL ? dw_access_by_token(pass->access, pass->token, &who)
                               : dw_access_by_session(pass->access, pass->session, &who);
}

static void close_pass(void *user)
{
    struct pass *pass = user;
    free(pass->session);
    free(pass->token);
    free(pass);
}

static struct pass *make_pass(const struct dw_call *call)
{
    const char *header = dw_request_header(call->request, "Authorization");
    struct pass *pass = dw_alloc0(sizeof(*pass));
    pass->access = call->app->access;
    if (header != NULL)
        pass->token = dw_strdup(header + strlen(DW_BEARER));
    else
        pass->session = dw_strdup(call->session);
    return pass;
}

/* The header is what a browser sends when it comes again; it is newer than the query. */
static bool find_after(struct dw_call *call, struct dw_stream_conf *conf)
{
    const char *text = dw_request_header(call->request, "Last-Event-ID");
    if (text == NULL)
        text = dw_query_find(&call->query, "after");
    if (text == NULL)
        return true;
    char *end = NULL;
    errno = 0;
    conf->after = strtoull(text, &end, 10);
    conf->resume = errno == 0 && end != text && *end == '\0';
    if (!conf->resume)
        dw_problem(call->response, 400, "'%.40s' is not the number of an event", text);
    return conf->resume;
}

void dw_route_events_get(struct dw_call *call)
{
    struct dw_stream_conf conf = {
        .camera = dw_query_find(&call->query, "camera"),
        .allowed = is_allowed,
        .close = close_pass,
    };
    struct dw_err err = { { 0 } };
    size_t index = 0;
    int result = 0;
    if (!find_after(call, &conf))
        return;
    if (conf.camera != NULL)
        result = dw_site_camera_find(call->app->site, conf.camera, &index, &err);
    conf.user = make_pass(call);
    if (result == 0)
        result = dw_events_stream(call->app->events, &conf, call->response, &err);
    if (result == 0) {
        dw_response_ok(call->response, 200, "text/event-stream");
        dw_response_header(call->response, "X-Accel-Buffering", "no"); /* proxies: at once */
    } else {
        close_pass(conf.user);
        dw_problem_of(call->response, result, &err);
    }
}

/* --- Figures -------------------------------------------------------------------------------- */

/* "\"" and "\\" and line feeds, as the text format has them. */
static void put_label(struct dw_buf *out, const char *name, const char *value)
{
    dw_buf_printf(out, "%s=\"", name);
    for (; *value != '\0'; value++) {
        if (*value == '\n')
            dw_buf_puts(out, "\\n");
        else
            dw_buf_printf(out, *value == '"' || *value == '\\' ? "\\%c" : "%c", *value);
    }
    dw_buf_puts(out, "\"");
}

static void put_head(struct dw_buf *out, const char *name, const char *type, const char *help)
{
    dw_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_single(struct dw_buf *out, const char *name, const char *help, double value)
{
    put_head(out, name, "gauge", help);
    dw_buf_printf(out, "%s %.17g\n", name, value);
}

enum camera_figure {
    UP,
    FPS_IN,
    FPS_ANALYSED,
    INFER,
    AGE,
    FRAMES,
    DROPPED,
    RECONNECTS,
    DECODER_RESTARTS,
    GAPS
};

static const struct {
    const char *name, *type, *help;
} camera_figures[] = {
    [UP] = { "dwell_camera_up", "gauge", "1 while the camera is measured" },
    [FPS_IN] = { "dwell_camera_input_frames_per_second", "gauge", "frames that arrive" },
    [FPS_ANALYSED] = { "dwell_camera_analysed_frames_per_second", "gauge", "frames measured" },
    [INFER] = { "dwell_camera_inference_seconds", "gauge", "time of the detector for a frame" },
    [AGE] = { "dwell_camera_last_frame_age_seconds", "gauge", "since the last frame" },
    [FRAMES] = { "dwell_camera_frames_total", "counter", "frames measured" },
    [DROPPED] = { "dwell_camera_dropped_frames_total", "counter", "frames left out for time" },
    [RECONNECTS] = { "dwell_camera_reconnects_total", "counter", "times it was opened again" },
    [DECODER_RESTARTS] = { "dwell_camera_decoder_restarts_total", "counter",
                           "times its decoder broke off and was replaced" },
    [GAPS] = { "dwell_camera_gaps_total", "counter", "spans without usable frames" },
};

static double camera_figure(const struct dw_camera_status *status, enum camera_figure figure)
{
    switch (figure) {
    case UP:
        return status->state == DW_CAMERA_RUNNING;
    case FPS_IN:
        return status->fps_in;
    case FPS_ANALYSED:
        return status->fps_analysed;
    case INFER:
        return status->infer_ms / 1000;
    case AGE:
        return status->last_frame_age_s;
    case FRAMES:
        return (double)status->frames;
    case DROPPED:
        return (double)status->dropped;
    case RECONNECTS:
        return (double)status->reconnects;
    case DECODER_RESTARTS:
        return (double)status->decoder_restarts;
    case GAPS:
        return (double)status->gaps;
    }
    return 0;
}

static void put_cameras(struct dw_buf *out, struct dw_site *site)
{
    struct dw_camera_status status;
    for (size_t i = 0; i < DW_LENGTH(camera_figures); i++) {
        put_head(out, camera_figures[i].name, camera_figures[i].type, camera_figures[i].help);
        for (size_t k = 0; dw_site_camera_status(site, k, &status) == 0; k++) {
            if (i == AGE && status.last_frame_age_s < 0)
                continue;
            dw_buf_printf(out, "%s{", camera_figures[i].name);
            put_label(out, "camera", status.name);
            dw_buf_printf(out, "} %.9g\n", camera_figure(&status, (enum camera_figure)i));
        }
    }
}

#define OCCUPANCY "dwell_zone_occupancy"

static void put_occupancy(void *user, const char *camera, const char *zone, int64_t people)
{
    struct dw_buf *out = user;
    dw_buf_puts(out, OCCUPANCY "{");
    put_label(out, "camera", camera);
    dw_buf_puts(out, ",");
    put_label(out, "zone", zone);
    dw_buf_printf(out, "} %lld\n", (long long)people);
}

static void put_zone_line(struct dw_buf *out, const char *name, const struct dw_tally_zone *zone,
                          const char *bound, double value)
{
    dw_buf_printf(out, "%s{", name);
    put_label(out, "camera", zone->camera);
    dw_buf_puts(out, ",");
    put_label(out, "zone", zone->zone);
    if (bound != NULL)
        dw_buf_printf(out, ",le=\"%s\"", bound);
    dw_buf_printf(out, "} %.15g\n", value);
}

static void put_histogram(struct dw_buf *out, const struct dw_tally_zone *zone)
{
    char bound[32];
    for (size_t i = 0; i < DW_TALLY_BUCKETS; i++) {
        snprintf(bound, sizeof(bound), "%g", dw_tally_bounds_s[i]);
        put_zone_line(out, "dwell_zone_dwell_seconds_bucket", zone, bound, (double)zone->dwell[i]);
    }
    put_zone_line(out, "dwell_zone_dwell_seconds_bucket", zone, "+Inf", (double)zone->visits);
    put_zone_line(out, "dwell_zone_dwell_seconds_sum", zone, NULL, zone->dwell_s);
    put_zone_line(out, "dwell_zone_dwell_seconds_count", zone, NULL, (double)zone->visits);
}

static void put_tally(void *context, const struct dw_tally *tally)
{
    struct dw_buf *out = context;
    put_head(out, "dwell_zone_visits_total", "counter", "visits that ended, without staff");
    for (size_t i = 0; i < tally->zones.count; i++)
        put_zone_line(out, "dwell_zone_visits_total", &tally->zones.items[i], NULL,
                      (double)tally->zones.items[i].visits);
    put_head(out, "dwell_zone_passes_total", "counter", "passes, without staff");
    for (size_t i = 0; i < tally->zones.count; i++)
        put_zone_line(out, "dwell_zone_passes_total", &tally->zones.items[i], NULL,
                      (double)tally->zones.items[i].passes);
    put_head(out, "dwell_zone_alerts_total", "counter", "alerts raised or cleared");
    for (size_t i = 0; i < tally->zones.count; i++)
        put_zone_line(out, "dwell_zone_alerts_total", &tally->zones.items[i], NULL,
                      (double)tally->zones.items[i].alerts);
    put_head(out, "dwell_zone_dwell_seconds", "histogram", "how long visits lasted");
    for (size_t i = 0; i < tally->zones.count; i++)
        put_histogram(out, &tally->zones.items[i]);
}

void dw_route_metrics_get(struct dw_call *call)
{
    struct dw_app *app = call->app;
    struct dw_buf *out = &call->response->body;
    struct dw_store_bytes size = { 0 };
    dw_response_ok(call->response, 200, "text/plain; version=0.0.4; charset=utf-8");
    put_head(out, "dwell_build_info", "gauge", "which Dwell this is");
    dw_buf_puts(out, "dwell_build_info{version=\"" DWELL_VERSION "\"} 1\n");
    put_single(out, "process_start_time_seconds", "when it was started",
               floor(dw_time_to_seconds(app->started_us)));
    put_cameras(out, app->site);
    put_head(out, OCCUPANCY, "gauge", "people in the zone now");
    dw_occupancy_each(app->site, put_occupancy, out);
    dw_events_tally(app->events, put_tally, out);
    if (dw_store_size_now(app->store_size, app->stores, &size, NULL) == 0)
        put_single(out, "dwell_store_size_bytes", "what the store takes", (double)size.bytes);
    put_single(out, "dwell_http_viewers", "pages that follow what happens",
               dw_events_viewers(app->events));
    put_single(out, "dwell_http_connections", "connections of clients",
               app->server != NULL ? dw_server_connections(app->server) : 0);
}
