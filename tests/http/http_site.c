/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTTP interface over a site that is made up, for tests/integration/test_http.py and
 * bench_http.py:
 *
 *     http-site DATA STORE LISTEN [MOMENTS_PER_SECOND]   serves until its input ends, after
 * printing its link; lines "KIND CAMERA JSON" are events http-site --routes prints the table of
 * routes, a JSON object a line
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json_writer.h"
#include "fake_site.h"
#include "http/http.h"
#include "http/router.h"

static int print_routes(void)
{
    size_t count = 0;
    const struct dw_route *routes = dw_routes(&count);
    for (size_t i = 0; i < count; i++) {
        struct dw_buf text = { 0 };
        struct dw_json_writer json = { .out = &text };
        dw_json_object_begin(&json, NULL);
        dw_json_string(&json, "method", dw_method_name(routes[i].method));
        dw_json_string(&json, "pattern", routes[i].pattern);
        dw_json_string(&json, "role", dw_access_level_name(routes[i].level));
        dw_json_string(&json, "scope",
                       routes[i].scope != 0 ? dw_scope_name((enum dw_scope)routes[i].scope) : "");
        if (routes[i].query != NULL)
            dw_json_string(&json, "query", routes[i].query);
        else
            dw_json_null(&json, "query");
        dw_json_object_end(&json);
        puts(dw_buf_text(&text));
        dw_buf_fini(&text);
    }
    return 0;
}

struct ticking {
    struct dw_site *site;
    int rate;
    atomic_bool ending;
};

/* Twenty people on one camera, as a busy shop has them. */
static void write_moment(struct dw_buf *out, int number)
{
    dw_buf_puts(out, "{\"camera\":\"entrance\",\"time\":\"2026-11-22T09:15:00.250Z\",\"people\":[");
    for (int i = 0; i < 20; i++)
        dw_buf_printf(out,
                      "%s{\"person\":%d,\"box\":[0.%03d,0.25,0.05,0.2],\"anchor\":[0.31,0.45],"
                      "\"role\":\"shopper\",\"zones\":[{\"zone\":\"shelf\",\"seconds\":%d.25}]}",
                      i > 0 ? "," : "", i + 1, (number + 31 * i) % 1000, number);
    dw_buf_puts(out, "],\"occupancy\":[{\"zone\":\"shelf\",\"count\":20}]}");
}

static void *tick(void *user)
{
    struct ticking *ticking = user;
    struct dw_buf text = { 0 };
    for (int number = 0; !atomic_load(&ticking->ending); number++) {
        dw_buf_clear(&text);
        write_moment(&text, number);
        dw_hub_publish_moment(dw_site_hub(ticking->site), "entrance", dw_buf_text(&text));
        nanosleep(&(struct timespec){ .tv_nsec = 1000000000L / ticking->rate - 1 }, NULL);
    }
    dw_buf_fini(&text);
    return NULL;
}

static void take_lines(struct dw_site *site)
{
    char line[8192];
    while (fgets(line, sizeof(line), stdin) != NULL) {
        char *json = line, *kind = strsep(&json, " "), *camera = strsep(&json, " ");
        if (json == NULL)
            continue;
        json[strcspn(json, "\n")] = '\0';
        if (strcmp(kind, "moment") == 0)
            dw_hub_publish_moment(dw_site_hub(site), camera, json);
        else
            dw_hub_publish_event(dw_site_hub(site), kind, camera, json);
    }
}

static int serve(const struct dw_http_conf *conf, int rate)
{
    struct dw_http *http = NULL;
    struct dw_err err = { { 0 } };
    struct dw_buf link = { 0 };
    struct ticking ticking = { .site = conf->site, .rate = rate };
    pthread_t ticker;
    if (dw_http_create(&http, conf, &err) < 0) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    if (!dw_http_claim_link(http, &link))
        dw_http_link(http, &link);
    puts(dw_buf_text(&link));
    fflush(stdout);
    bool ticks = rate > 0 && pthread_create(&ticker, NULL, tick, &ticking) == 0;
    take_lines(conf->site);
    atomic_store(&ticking.ending, true);
    if (ticks)
        pthread_join(ticker, NULL);
    dw_http_destroy(http);
    dw_buf_fini(&link);
    return 0;
}

int main(int argc, char **argv)
{
    static const char *const hosts[] = { "dwell.test" };
    if (argc == 2 && strcmp(argv[1], "--routes") == 0)
        return print_routes();
    if (argc < 4)
        return 2;
    setenv("TZ", "UTC0", 1);
    struct dw_http_conf conf = {
        .site = fake_site_create(),
        .data = argv[1],
        .store = argv[2],
        .listen = argv[3],
        .hosts = hosts,
        .host_count = 1,
        .certificate = getenv("DWELL_TEST_CERTIFICATE"),
        .key = getenv("DWELL_TEST_KEY"),
    };
    fake_site_data(conf.site, conf.data);
    int leave = serve(&conf, argc > 4 ? (int)strtol(argv[4], NULL, 10) : 0);
    dw_site_destroy(conf.site);
    return leave;
}
