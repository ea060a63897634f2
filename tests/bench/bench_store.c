/* SPDX-License-Identifier: Apache-2.0 */
/*
 *     bench_store STORE [VISITS [questions|reports|rates]]
 *
 * How fast a store answers and takes, with visits of two years in 20 zones of four cameras, made up
 * from a fixed seed. Fills an empty STORE first (10 million visits), else uses what is there.
 * Prints medians of questions to the roll-ups beside the same asked of the visits in plain SQL, of
 * whole reports as `dwell report` makes them, and of insertion, each commit on the disk, beside
 * what the disk can do. A store's first question pays for reading; what is printed is warm.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/wall_time.h"
#include "insight/dwell_curve.h"
#include "insight/local_day.h"
#include "insight/report.h"
#include "insight/report_kind.h"
#include "store/store_impl.h"
#include "store/store_peak.h"

enum { CAMERAS = 4, ZONES_EACH = 5, ZONES = CAMERAS * ZONES_EACH, DAYS = 730, BATCH = 1000 };
enum { REPEATS = 9, DAY_QUARTERS = 96, OPEN_HOUR = 9, OPEN_HOURS = 11 };

#define DAY_US (86400 * DW_SECOND_US)
#define HOUR_US (3600 * DW_SECOND_US)
#define OFFSET_US HOUR_US                  /* local time is UTC + 1 */
#define START_US INT64_C(1704067200000000) /* 2024-01-01 */

static uint64_t seed = 42;

static double random_share(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (double)(seed >> 11) / (double)(UINT64_C(1) << 53);
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int64_t server; /* the process that answers, or 0 */

static double server_cpu_s(void)
{
    char path[64], text[64] = "";
    snprintf(path, sizeof(path), "/proc/%" PRId64 "/schedstat", server);
    FILE *file = server != 0 ? fopen(path, "re") : NULL;
    if (file == NULL)
        return 0;
    bool read = fgets(text, sizeof(text), file) != NULL;
    fclose(file);
    return read ? strtod(text, NULL) / 1e9 : 0;
}

/* Of this program, and of a server on the same machine: what others who use it change little. */
static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9 + server_cpu_s();
}

static void must(int result, const struct dw_err *err)
{
    if (result == 0)
        return;
    fprintf(stderr, "bench_store: %s\n", err->text);
    exit(1);
}

#define DO(call)                                                                                   \
    do {                                                                                           \
        struct dw_err why_ = { 0 }, *why = &why_;                                                  \
        must((call), why);                                                                         \
    } while (0)

static int compare_doubles(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;
    return (one > other) - (one < other);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), compare_doubles);
    return values[count / 2];
}

/* --- Filling -------------------------------------------------------------------------------- */

static int64_t runs[CAMERAS];

static void begin_runs(struct dw_store *store, const char *identity, int64_t start_us)
{
    for (int camera = 0; camera < CAMERAS; camera++) {
        struct dw_zone zones[ZONES_EACH];
        struct dw_layout layout = { .zones = zones, .zone_count = ZONES_EACH };
        char name[16];
        memset(zones, 0, sizeof(zones));
        for (int i = 0; i < ZONES_EACH; i++) {
            snprintf(zones[i].name, sizeof(zones[i].name), "display %d", i + 1);
            zones[i].corner_count = 3;
            zones[i].corners[1].x = zones[i].corners[2].y = .5;
            zones[i].rules.stop_us = 3 * DW_SECOND_US;
            zones[i].rules.engage_us = 10 * DW_SECOND_US;
        }
        snprintf(name, sizeof(name), "camera %d", camera + 1);
        struct dw_store_run_conf conf = { .site = "Bench",
                                          .camera = name,
                                          .identity = identity,
                                          .start_wall_us = start_us,
                                          .utc_offset_us = OFFSET_US,
                                          .layout = &layout };
        DO(dw_store_run_begin(store, &conf, &runs[camera], why));
    }
}

/* Visit number n, `enter_us` after the start of its run. Log-normal dwell, median 12 s. */
static void put_visit(struct dw_store *store, int64_t number, int64_t enter_us)
{
    int zone = (int)(random_share() * ZONES);
    double normal = sqrt(-2 * log(1 - random_share())) * cos(2 * M_PI * random_share());
    int64_t dwell_us = DW_SECOND_US + (int64_t)(11e6 * exp(normal));
    struct dw_visit visit = {
        .zone = zone % ZONES_EACH,
        .person = 1 + number / 2,
        .enter_us = enter_us,
        .exit_us = enter_us + dwell_us,
        .dwell_us = dwell_us,
        .observed_us = dwell_us,
        .cut_end = random_share() < .02,
        .end_reason = DW_END_LEFT,
        .enter_side = 1 + (int)(random_share() * 3),
        .score = .8,
        .role = random_share() < .06 ? DW_ROLE_STAFF : DW_ROLE_UNKNOWN,
        .role_p = .9,
        .facing_us = -1,
        .speed_avg = -1,
        .speed_min = -1,
    };
    memcpy(visit.id, &number, sizeof(number));
    DO(dw_store_put_visit(store, runs[zone / ZONES_EACH], &visit, why));
}

static void fill(struct dw_store *store, int64_t visits)
{
    begin_runs(store, "two years", START_US);
    double started_s = now_s(), cpu_started_s = cpu_s();
    int64_t number = 0;
    DO(dw_store_begin(store, why));
    for (int day = 0; day < DAYS; day++) {
        int64_t open_us = day * DAY_US + OPEN_HOUR * HOUR_US - OFFSET_US;
        int64_t last = visits * (day + 1) / DAYS, first = number;
        for (; number < last; number++) {
            put_visit(store, number,
                      open_us + (number - first) * OPEN_HOURS * HOUR_US / (last - first + 1));
            if (number % BATCH == 0) {
                DO(dw_store_commit(store, why));
                DO(dw_store_begin(store, why));
            }
        }
        struct dw_gap gap = { open_us, open_us + HOUR_US / 3, "frozen" };
        for (int camera = 0; camera < CAMERAS; camera++) {
            if (day % 10 == camera)
                DO(dw_store_put_gap(store, runs[camera], &gap, why));
            DO(dw_store_run_measured(store, runs[camera], (day + 1) * DAY_US, false, why));
        }
    }
    DO(dw_store_commit(store, why));
    double took_s = now_s() - started_s, cpu_took_s = cpu_s() - cpu_started_s;
    DO(dw_store_settle(store, INT64_MIN, why));
    if (store->impl != &dw_store_sqlite) /* what its autovacuum does within a minute or two */
        DO(store->impl->exec(store, "VACUUM ANALYZE", why));
    printf("filled with %" PRId64 " visits in %.0f s: %.0f visits/s, %.1f us of CPU each\n", visits,
           took_s, (double)visits / took_s, cpu_took_s * 1e6 / (double)visits);
}

/* --- Questions ------------------------------------------------------------------------------ */

static int slots[DAYS * DAY_QUARTERS];

struct question {
    const char *name;
    double goal_ms;
    int first_day, days;
    int (*slot)(int quarter); /* of the question's span; NULL: one slot */
    size_t slot_count;
    bool dwell;
    const char *sql; /* the same of the visits: ?1 <= enter_us < ?2 */
};

static int half_of_56(int quarter)
{
    return quarter / (28 * DAY_QUARTERS);
}

static int day_of(int quarter)
{
    return quarter / DAY_QUARTERS;
}

static int hour_of_week(int quarter)
{
    return (quarter + 4) / 4 % 168; /* UTC + 1; 2024 began on a Monday */
}

#define PERCENTILES(slot)                                                                          \
    "WITH ranked AS (SELECT zone_id, " slot " AS slot, dwell_us, bridged_us, person, cut_end,"     \
    " row_number() OVER (PARTITION BY zone_id, " slot " ORDER BY dwell_us) AS turn,"               \
    " count(*) OVER (PARTITION BY zone_id, " slot ") AS visits FROM visit"                         \
    " WHERE enter_us >= ?1 AND enter_us < ?2 AND zone_id IN (SELECT id FROM zone)"                 \
    " AND role<>'staff')"                                                                          \
    " SELECT zone_id, slot, count(*), count(DISTINCT person), sum(dwell_us), sum(bridged_us),"     \
    " sum(cut_end), min(CASE WHEN turn >= .5 * visits THEN dwell_us END),"                         \
    " min(CASE WHEN turn >= .75 * visits THEN dwell_us END),"                                      \
    " min(CASE WHEN turn >= .9 * visits THEN dwell_us END) FROM ranked GROUP BY zone_id, slot"
#define COUNTS(slot)                                                                               \
    "SELECT zone_id, " slot " AS slot, count(*), sum(dwell_us), sum(bridged_us), sum(cut_end)"     \
    " FROM visit WHERE enter_us >= ?1 AND enter_us < ?2 AND zone_id IN (SELECT id FROM zone)"      \
    " AND role<>'staff' GROUP BY zone_id, slot"
#define HALF "CASE WHEN enter_us < (?1 + ?2) / 2 THEN 0 ELSE 1 END"

static const struct question questions[] = {
    { "summary of 28 days", 60, 702, 28, NULL, 1, true, PERCENTILES("0") },
    { "displays, and the 28 days before", 100, 674, 56, half_of_56, 2, true, PERCENTILES(HALF) },
    { "hour of week over two years", 100, 0, DAYS, hour_of_week, 168, false,
      COUNTS("(enter_us + 3600000000) / 3600000000 % 168") },
    { "compare 28 with 28 days: dwell", 80, 674, 56, half_of_56, 2, true, PERCENTILES(HALF) },
    { "compare 28 with 28 days: each day", 80, 674, 56, day_of, 56, false,
      COUNTS("enter_us / 86400000000") },
    { "percentiles over two years", 500, 0, DAYS, NULL, 1, true, PERCENTILES("0") },
};

struct answer {
    int64_t visits;
    double check; /* keeps the quantiles from being optimised away */
};

static double percentiles(const struct dw_dwell_hist *hist)
{
    static const double shares[] = { .5, .75, .9 };
    struct dw_dwell_curve curve;
    double sum = 0;
    dw_dwell_curve_init(&curve, hist);
    for (size_t i = 0; i < DW_LENGTH(shares); i++)
        sum += dw_dwell_curve_quantile(&curve, shares[i]).value;
    dw_dwell_curve_fini(&curve);
    return sum;
}

static int take_answer(void *context, const struct dw_store_zone_counts *zone)
{
    struct answer *answer = context;
    for (size_t slot = 0; slot < zone->slot_count; slot++) {
        answer->visits += zone->counts[slot].visits;
        if (zone->dwell != NULL)
            answer->check += percentiles(&zone->dwell[slot]);
    }
    return 0;
}

static double ask_ms(struct dw_store *store, const struct question *question, int64_t *visits)
{
    int count = question->days * DAY_QUARTERS;
    struct answer answer = { 0 };
    double started_s = now_s();
    for (int i = 0; i < count; i++)
        slots[i] = question->slot != NULL ? question->slot(i) : 0;
    struct dw_store_counts_query query = {
        .roles = DW_ROLE_BIT(DW_ROLE_UNKNOWN) | DW_ROLE_BIT(DW_ROLE_SHOPPER),
        .dwell = question->dwell,
        .slots = { dw_quarter_of(START_US - OFFSET_US + question->first_day * DAY_US),
                   (size_t)count, slots, question->slot_count },
    };
    DO(dw_store_read_zone_counts(store, &query, take_answer, &answer, why));
    *visits = answer.visits;
    return (now_s() - started_s) * 1e3;
}

static double ask_rows_ms(struct dw_store *store, const struct question *question)
{
    int64_t from_us = START_US - OFFSET_US + question->first_day * DAY_US;
    double started_s = now_s();
    DO(dw_sql_query(store, question->sql,
                    DW_VALUES(DW_INTEGER(from_us), DW_INTEGER(from_us + question->days * DAY_US)),
                    NULL, NULL, why));
    return (now_s() - started_s) * 1e3;
}

static void ask_all(struct dw_store *store)
{
    printf("%-36s %10s %8s %8s %8s %12s %8s\n", "question, all zones, warm", "visits", "ms",
           "goal ms", "CPU ms", "SQL on rows", "ratio");
    for (size_t i = 0; i < DW_LENGTH(questions); i++) {
        const struct question *question = &questions[i];
        double ms[REPEATS], rows_ms[3];
        int64_t visits = 0;
        (void)ask_ms(store, question, &visits);
        double cpu_started_s = cpu_s();
        for (int r = 0; r < REPEATS; r++)
            ms[r] = ask_ms(store, question, &visits);
        double cpu_ms = (cpu_s() - cpu_started_s) * 1e3 / REPEATS;
        size_t repeats = question->days < DAYS ? DW_LENGTH(rows_ms) : 1;
        for (size_t r = 0; r < repeats; r++)
            rows_ms[r] = ask_rows_ms(store, question);
        double middle = median(ms, REPEATS), plain = median(rows_ms, repeats);
        printf("%-36s %10" PRId64 " %8.1f %8.0f %8.1f %9.0f ms %7.0fx\n", question->name, visits,
               middle, question->goal_ms, cpu_ms, plain, plain / middle);
    }
}

/* --- Reports -------------------------------------------------------------------------------- */

#define OPTIONS_MAX 8

struct report {
    const char *kind; /* NULL: the report without a kind, of the visits one by one */
    double goal_ms;
    int first_day, days;
    const char *values[OPTIONS_MAX];
};

static const struct report reports[] = {
    { "summary", 60, 702, 28, { NULL } },
    { "displays", 100, 702, 28, { NULL } },
    { "funnel", 100, 702, 28, { NULL } },
    { "compare", 80, 674, 56, { "2025-11-05..2025-12-02", "2025-12-03..2025-12-30" } },
    { "staffing", 100, 0, DAYS, { NULL } },
    { "summary", 500, 0, DAYS, { NULL } },
    { "displays", 500, 0, DAYS, { NULL } },
    { "funnel", 500, 0, DAYS, { NULL } },
    { NULL, (double)INFINITY, 702, 28, { NULL } },
};

static void make_summary(struct dw_store *store, const struct report *asked, int64_t first_day)
{
    DW_AUTO(report) *report = NULL;
    struct dw_report_conf conf = { .from_us = dw_local_day_start(first_day),
                                   .to_us = dw_local_day_start(first_day + asked->days) };
    struct dw_buf text = { 0 };
    DO(dw_report_create(&report, store, &conf, why));
    dw_report_json(report, &text);
    dw_buf_fini(&text);
}

static double report_ms(struct dw_store *store, const struct report *asked)
{
    int64_t first_day = START_US / DAY_US + asked->first_day;
    double started_s = now_s();
    if (asked->kind == NULL) {
        make_summary(store, asked, first_day);
    } else {
        struct dw_sheet sheet = { 0 };
        struct dw_buf text = { 0 };
        struct dw_report_request request = { .from_day = first_day,
                                             .to_day = first_day + asked->days,
                                             .values = asked->values };
        DO(dw_report_kind_fill(dw_report_kind_find(asked->kind), &sheet, store, &request, why));
        dw_sheet_write_json(&sheet, &text);
        dw_buf_fini(&text);
        dw_sheet_fini(&sheet);
    }
    return (now_s() - started_s) * 1e3;
}

static void report_all(struct dw_store *store)
{
    printf("%-36s %10s %8s %8s %8s\n", "report as JSON, all zones, warm", "days", "ms", "goal ms",
           "CPU ms");
    for (size_t i = 0; i < DW_LENGTH(reports); i++) {
        const struct report *asked = &reports[i];
        double ms[REPEATS];
        (void)report_ms(store, asked);
        double cpu_started_s = cpu_s();
        for (int r = 0; r < REPEATS; r++)
            ms[r] = report_ms(store, asked);
        double cpu_ms = (cpu_s() - cpu_started_s) * 1e3 / REPEATS;
        printf("%-36s %10d %8.1f %8.0f %8.1f\n",
               asked->kind != NULL ? asked->kind : "(visit by visit)", asked->days,
               median(ms, REPEATS), asked->goal_ms, cpu_ms);
    }
}

/* --- Taking --------------------------------------------------------------------------------- */

/* How often in a second a disk takes so many pages, that lie there already, for good: a log's. */
static double measure_syncs(const char *folder, size_t pages)
{
    char path[512], page[4096] = { 0 };
    double took_s[200];
    snprintf(path, sizeof(path), "%s/bench-sync", folder);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return 0;
    bool well = true;
    for (size_t turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < DW_LENGTH(took_s) && well; i++) {
            double started_s = now_s();
            for (size_t p = i * pages; p < (i + 1) * pages && well; p++)
                well = pwrite(fd, page, sizeof(page), (off_t)(p * sizeof(page))) >= 0;
            well = well && fdatasync(fd) == 0;
            took_s[i] = now_s() - started_s;
        }
    close(fd);
    unlink(path);
    return well ? 1 / median(took_s, DW_LENGTH(took_s)) : 0;
}

/* Commits of so many visits each, by medians: others use the disk too. */
static void measure_rate(struct dw_store *store, int64_t *number, int batch, double goal)
{
    enum { COMMITS_MAX = 2000 };
    static double took_s[COMMITS_MAX];
    size_t commits = 0;
    double started_s = now_s(), cpu_started_s = cpu_s();
    for (; commits < COMMITS_MAX && now_s() - started_s < 5; commits++) {
        double begun_s = now_s();
        DO(dw_store_begin(store, why));
        for (int i = 0; i < batch; i++, ++*number)
            put_visit(store, *number, (*number % 100000000) * 100000);
        DO(dw_store_commit(store, why));
        took_s[commits] = now_s() - begun_s;
    }
    double all = (double)commits * batch / (now_s() - started_s);
    double cpu_us = (cpu_s() - cpu_started_s) * 1e6 / (double)commits / batch;
    printf("%-36s %10.0f visits/s (median commit), %.0f in all, %.1f us of CPU each; goal %.0f\n",
           batch == 1 ? "one visit a commit" : "1,000 visits a commit",
           batch / median(took_s, commits), all, cpu_us, goal);
}

static void take_all(struct dw_store *store)
{
    const char *folder = getenv("DWELL_TEST_POSTGRES_FOLDER");
    if (folder == NULL)
        folder = ".";
    printf("%-36s %10.0f /s\n", "writes of 4 KiB the disk syncs", measure_syncs(folder, 1));
    printf("%-36s %10.0f /s\n", "of 3 pages, the least for one visit", measure_syncs(folder, 3));
    DO(store->impl->exec(store,
                         "INSERT INTO sender(name, seq) VALUES('bench', 0)"
                         " ON CONFLICT(name) DO NOTHING",
                         why));
    int64_t number = (int64_t)time(NULL) * 1000000; /* ids that are not there */
    char identity[32];
    snprintf(identity, sizeof(identity), "rates %" PRId64, number);
    begin_runs(store, identity, START_US + DAYS * DAY_US);
    measure_rate(store, &number, BATCH, 80000);
    measure_rate(store, &number, 1, 3000); /* the log has its full length by now, as a daemon's */
}

/* Of one kind or the other: those who read have a large cache. */
static struct dw_store *connect_to(const char *url, bool writing)
{
    struct dw_store *store = NULL;
    DO((writing ? dw_store_create : dw_store_open)(&store, url, why));
    if (store->impl != &dw_store_sqlite)
        DO(dw_sql_run(store, "SELECT pg_backend_pid()", DW_NO_VALUES, &server, why));
    return store;
}

int main(int argc, char **argv)
{
    static const struct part {
        const char *name;
        void (*measure)(struct dw_store *store);
        bool writing;
    } parts[] = { { "questions", ask_all, false },
                  { "reports", report_all, false },
                  { "rates", take_all, true } };
    int64_t visits = argc > 2 ? strtoll(argv[2], NULL, 10) : 10000000, there = 0;
    if (argc < 2 || visits < 1) {
        fputs("usage: bench_store STORE [VISITS [questions|reports|rates]]\n", stderr);
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    DO(dw_local_zone_set("Europe/Berlin", why));
    struct dw_store *store = connect_to(argv[1], true);
    DO(dw_sql_run(store, "SELECT count(*) FROM run WHERE identity='two years'", DW_NO_VALUES,
                  &there, why));
    if (there == 0)
        fill(store, visits);
    dw_store_destroy(store);
    for (size_t i = 0; i < DW_LENGTH(parts); i++) {
        if (argc == 4 && strcmp(argv[3], parts[i].name) != 0)
            continue;
        store = connect_to(argv[1], parts[i].writing);
        parts[i].measure(store);
        dw_store_destroy(store);
    }
    return 0;
}
