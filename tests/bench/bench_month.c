/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does a site grow that runs for months? Cameras' detections of so many days through tracker,
 * zones, doubt, store and roll-ups as fast as they go: a run a day, and each night what is old is
 * deleted, as `dwell serve` does it. A picture a second; somebody comes every minute from eight to
 * eight and stays for forty seconds.
 *
 *     bench-month FOLDER [DAYS] [CAMERAS]
 *
 * Prints each day's memory, open files, threads, store and write-ahead log, and the slope of the
 * memory with its 95 % interval, without the first fifth. Exit code 1 when the interval lies above
 * 0 and a year would add 50 MB, when files or threads became more, or when the log grew over 64 MB.
 */
#include <dirent.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "base/wall_time.h"
#include "conf/zones.h"
#include "core/distribution.h"
#include "engine/analysis.h"
#include "store/store.h"
#include "store/store_care.h"
#include "store/store_peak.h"

#define DAYS_MAX 3660
#define CAMERAS_MAX 16
#define DAY_S 86400
#define DAY_US (DAY_S * DW_SECOND_US)
#define START_US (INT64_C(1793491200) * DW_SECOND_US) /* 2026-11-01 */
#define KEPT_DAYS 3
#define WAL_MAX (64 << 20)
#define YEAR_MB 50

static const char zones[] =
    "{\"zones\":[{\"name\":\"left\",\"polygon\":[[0,0],[0.5,0],[0.5,1],[0,1],[0,0]]},"
    "{\"name\":\"right\",\"polygon\":[[0.5,0],[1,0],[1,1],[0.5,1],[0.5,0]]}]}";

struct day {
    double rss_mb;
    int files, threads;
    int64_t store_bytes, wal_bytes;
};

struct month {
    const char *folder;
    int days, cameras;
    struct dw_shared_store *store;
    struct dw_layout layout;
    struct day seen[DAYS_MAX];
    int count;
};

struct camera {
    struct month *month;
    char name[16];
    bool first;
    int64_t day;
    pthread_t thread;
};

static char *path_in(const struct month *month, const char *name)
{
    return dw_strdup_printf("%s/%s", month->folder, name);
}

static int64_t size_of(const struct month *month, const char *name)
{
    struct stat about;
    char *path = path_in(month, name);
    int64_t size = stat(path, &about) == 0 ? about.st_size : 0;
    free(path);
    return size;
}

static int entries_of(const char *path)
{
    DIR *folder = opendir(path);
    int count = -2; /* itself and its parent */
    while (folder != NULL && readdir(folder) != NULL)
        count++;
    if (folder != NULL)
        closedir(folder);
    return count;
}

static double rss_mb(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    if (file != NULL)
        fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

static void write_film(const struct month *month, const char *path)
{
    FILE *film = fopen(path, "w");
    if (film == NULL)
        exit(2);
    for (int64_t s = 0; s < (int64_t)month->days * DAY_S; s++) {
        int64_t hour = s % DAY_S / 3600;
        bool open = hour >= 8 && hour < 20;
        if (open && s % 60 < 40)
            fprintf(film, "%lld,-1,%lld,100,50,120,0.9\n", (long long)s + 1,
                    (long long)(100 + s / 60 * 37 % 400 + s % 60));
        else if (s % 60 == 59) /* time goes on when nobody is there */
            fprintf(film, "%lld,-1,0,0,1,1,0.01\n", (long long)s + 1);
    }
    fclose(film);
}

/* What `dwell serve` does at night. */
static void prune(struct month *month, int64_t now_us)
{
    struct dw_store *store = dw_shared_store_take(month->store, -1);
    int r = dw_store_settle(store, INT64_MIN, NULL);
    for (int kind = 0; r >= 0 && kind < DW_KIND_ROLLUPS; kind++)
        r = dw_store_prune(store, (enum dw_store_kind)kind, now_us - KEPT_DAYS * DAY_US, NULL,
                           NULL);
    if (r >= 0)
        r = dw_store_shrink(store, NULL);
    dw_shared_store_give(month->store);
    if (r < 0)
        fprintf(stderr, "bench-month: old things are still there: %s\n", strerror(-r));
}

static void note_day(struct month *month)
{
    if (month->count >= DAYS_MAX)
        return;
    struct day *day = &month->seen[month->count++];
    day->wal_bytes = size_of(month, "month.db-wal");
    day->store_bytes = size_of(month, "month.db");
    day->rss_mb = rss_mb();
    day->files = entries_of("/proc/self/fd");
    day->threads = entries_of("/proc/self/task");
    printf("day %3d: %6.1f MB, %d files, %d threads, store %.1f MB, log %.1f MB\n", month->count,
           day->rss_mb, day->files, day->threads, (double)day->store_bytes / 1e6,
           (double)day->wal_bytes / 1e6);
    fflush(stdout);
}

static bool renew(void *user, const struct dw_analysis_now *now, const struct dw_layout **layout)
{
    (void)layout;
    struct camera *camera = user;
    int64_t day = now->wall_us / DAY_US;
    if (day == camera->day || !now->quiet)
        return false;
    bool begun = camera->day != 0;
    camera->day = day;
    if (begun && camera->first) {
        note_day(camera->month); /* before: the log is what the day made of it */
        prune(camera->month, now->wall_us);
    }
    return begun;
}

static void *measure(void *user)
{
    struct camera *camera = user;
    char *film = path_in(camera->month, "month.csv");
    struct dw_analysis_conf conf = {
        .url = film,
        .source = { .fps = 1, .width_px = 640, .height_px = 480 },
        .layout = &camera->month->layout,
        .site = "month",
        .camera = camera->name,
        .start_wall_us = START_US,
        .settings = dw_settings_default(),
        .store = camera->month->store,
        .outputs = { { "store", NULL } },
        .output_count = 1,
        .renew = renew,
        .user = camera,
    };
    struct dw_analysis_result result;
    struct dw_err err = { 0 };
    if (dw_analysis_run(&conf, &result, &err) < 0) {
        fprintf(stderr, "bench-month: %s\n", err.text);
        exit(2);
    }
    free(film);
    return NULL;
}

/* Slope a day of the memory, and half its 95 % interval by Student's t. */
static double slope(const struct month *month, int from, double *half)
{
    int count = month->count - from;
    double middle = (count - 1) / 2.0, level = 0, spread = 0, rise = 0, rest = 0;
    for (int i = 0; i < count; i++)
        level += month->seen[from + i].rss_mb / count;
    for (int i = 0; i < count; i++) {
        spread += (i - middle) * (i - middle);
        rise += (i - middle) * (month->seen[from + i].rss_mb - level);
    }
    rise /= spread;
    for (int i = 0; i < count; i++)
        rest += pow(month->seen[from + i].rss_mb - level - rise * (i - middle), 2);
    *half = dw_student_quantile(.025, count - 2) * sqrt(rest / (count - 2) / spread);
    return rise;
}

static int judge(const struct month *month)
{
    int from = month->count / 5;
    if (month->count - from < 4)
        return 0;
    double half = 0, rise = slope(month, from, &half);
    const struct day *first = &month->seen[from], *last = &month->seen[month->count - 1];
    int64_t log = 0;
    for (int i = 0; i < month->count; i++)
        log = DW_MAX(log, month->seen[i].wal_bytes);
    printf("memory %+.3f MB a day (%+.3f .. %+.3f); files %+d, threads %+d; log at most %.1f MB\n",
           rise, rise - half, rise + half, last->files - first->files,
           last->threads - first->threads, (double)log / 1e6);
    bool grows = rise - half > 0 && rise * 365 > YEAR_MB;
    return grows || last->files > first->files || last->threads > first->threads || log > WAL_MAX;
}

int main(int argc, char **argv)
{
    static struct month month;
    static struct camera cameras[CAMERAS_MAX];
    struct dw_err err = { 0 };
    const struct dw_zone_rules rules = dw_zone_rules_default();
    month.folder = argc > 1 ? argv[1] : ".";
    month.days = argc > 2 ? DW_MIN(atoi(argv[2]), DAYS_MAX) : 30;
    month.cameras = argc > 3 ? DW_MIN(atoi(argv[3]), CAMERAS_MAX) : 2;
    char *film = path_in(&month, "month.csv"), *store = path_in(&month, "month.db");
    write_film(&month, film);
    if (dw_zones_parse(&month.layout, zones, sizeof(zones) - 1, &rules, &err) < 0 ||
        dw_shared_store_create(&month.store, store, &err) < 0) {
        fprintf(stderr, "bench-month: %s\n", err.text);
        return 2;
    }
    for (int i = 0; i < month.cameras; i++) {
        cameras[i] = (struct camera){ .month = &month, .first = i == 0 };
        snprintf(cameras[i].name, sizeof(cameras[i].name), "c%d", i + 1);
        if (pthread_create(&cameras[i].thread, NULL, measure, &cameras[i]) != 0)
            return 2;
    }
    for (int i = 0; i < month.cameras; i++)
        pthread_join(cameras[i].thread, NULL);
    int code = judge(&month);
    dw_shared_store_destroy(month.store);
    dw_layout_fini(&month.layout);
    unlink(film);
    free(film);
    free(store);
    return code;
}
