/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/import.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "core/simulate.h"
#include "insight/made_id.h"
#include "sink/visits_csv.h"
#include "store/store_read.h"

struct id {
    uint8_t bytes[16];
    int64_t line; /* 0: of the store */
};

/* Rows that become one run. */
struct group {
    char site[128], camera[128], run[64];
    bool simulated;
    int64_t start_us, end_us, stored_run;
    DW_VEC(struct dw_zone) zones;
};

struct importing {
    const struct dw_import_conf *conf;
    struct dw_store *store;
    struct dw_import_result *result;
    DW_VEC(struct id) known; /* sorted */
    DW_VEC(struct id) ids;   /* of the file */
    DW_VEC(struct group) groups;
    uint8_t identity[16]; /* of the new rows together */
    size_t bad;
};

static int compare_ids(const void *a, const void *b)
{
    const struct id *one = a, *other = b;
    int order = memcmp(one->bytes, other->bytes, sizeof(one->bytes));
    return order != 0 ? order : (one->line > other->line) - (one->line < other->line);
}

static void sort_ids(struct id *ids, size_t count)
{
    if (count > 0)
        qsort(ids, count, sizeof(*ids), compare_ids);
}

static int take_known(void *context, const struct dw_store_visit *found)
{
    struct importing *importing = context;
    struct id *id = dw_vec_add(&importing->known);
    memcpy(id->bytes, found->visit.id, sizeof(id->bytes));
    return 0;
}

static bool is_known(const struct importing *importing, const struct dw_visit *visit)
{
    struct id key = { .line = 0 };
    memcpy(key.bytes, visit->id, sizeof(key.bytes));
    return importing->known.count > 0 &&
           bsearch(&key, importing->known.items, importing->known.count, sizeof(key),
                   compare_ids) != NULL;
}

static struct group *find_group(struct importing *importing, const struct dw_visit_row *row)
{
    for (size_t i = importing->groups.count; i-- > 0;) {
        struct group *group = &importing->groups.items[i];
        if (strcmp(group->run, row->run) == 0 && strcmp(group->camera, row->camera) == 0 &&
            strcmp(group->site, row->site) == 0)
            return group;
    }
    struct group *group = dw_vec_add(&importing->groups);
    memcpy(group->site, row->site, sizeof(group->site));
    memcpy(group->camera, row->camera, sizeof(group->camera));
    memcpy(group->run, row->run, sizeof(group->run));
    group->start_us = row->visit.enter_us;
    group->end_us = row->visit.exit_us;
    return group;
}

static struct dw_zone make_zone(const struct importing *importing, const char *name)
{
    const struct dw_layout *layout = importing->conf->layout;
    struct dw_zone zone = { .corners = { { 0, 0 }, { 1, 0 }, { 1, 1 }, { 0, 1 } },
                            .corner_count = 4,
                            .rules = dw_zone_rules_default() };
    for (size_t i = 0; i < layout->zone_count; i++)
        if (strcmp(layout->zones[i].name, name) == 0)
            return layout->zones[i];
    snprintf(zone.name, sizeof(zone.name), "%s", name);
    return zone;
}

static int find_zone(const struct importing *importing, struct group *group, const char *name)
{
    for (size_t i = 0; i < group->zones.count; i++)
        if (strcmp(group->zones.items[i].name, name) == 0)
            return (int)i;
    dw_vec_push(&group->zones, make_zone(importing, name));
    return (int)group->zones.count - 1;
}

/* What a row does not say. */
static void fill_in(const struct importing *importing, struct dw_visit_row *row, int64_t line)
{
    static const uint8_t none[16] = { 0 };
    struct dw_visit *visit = &row->visit;
    if (row->site[0] == '\0')
        snprintf(row->site, sizeof(row->site), "%s", importing->conf->site);
    if (row->camera[0] == '\0')
        snprintf(row->camera, sizeof(row->camera), "%s", importing->conf->camera);
    if (visit->person == 0)
        visit->person = line;
    if (memcmp(visit->id, none, sizeof(none)) == 0) {
        const char *texts[] = { row->site, row->camera, row->zone, row->run, NULL };
        dw_made_id(visit->id, texts, visit->person, visit->enter_us);
    }
}

static void complain(struct importing *importing, const char *sentence)
{
    importing->bad++;
    importing->conf->problem(importing->conf->user, sentence);
}

typedef int (*row_fn)(struct importing *importing, struct dw_visit_row *row, int64_t line,
                      struct dw_err *err);

/* Reads the file from its start and calls fn with each good row; the others are told of once. */
static int each_row(struct importing *importing, FILE *file, row_fn fn, bool tell,
                    struct dw_err *err)
{
    struct dw_visits_csv csv;
    struct dw_visit_row row;
    rewind(file);
    int result = dw_visits_csv_init(&csv, file, err);
    snprintf(importing->result->unknown, sizeof(importing->result->unknown), "%s",
             dw_buf_text(&csv.unknown));
    while (result == 0) {
        struct dw_err wrong = { { 0 } };
        int got = dw_visits_csv_read(&csv, &row, &wrong);
        if (got == 0)
            break;
        if (got == -EINVAL && tell)
            complain(importing, wrong.text);
        else if (got < 0)
            result = dw_fail(err, got, "%s", wrong.text);
        else {
            fill_in(importing, &row, csv.line);
            result = fn(importing, &row, csv.line, err);
        }
    }
    dw_visits_csv_fini(&csv);
    return result;
}

static int note_row(struct importing *importing, struct dw_visit_row *row, int64_t line,
                    struct dw_err *err)
{
    struct dw_visit *visit = &row->visit;
    struct id *id = dw_vec_add(&importing->ids);
    memcpy(id->bytes, visit->id, sizeof(id->bytes));
    id->line = line;
    if (is_known(importing, visit))
        return 0;
    for (size_t i = 0; i < sizeof(importing->identity); i++)
        importing->identity[i] ^= visit->id[i];
    struct group *group = find_group(importing, row);
    group->simulated |= row->simulated;
    group->start_us = DW_MIN(group->start_us, visit->enter_us);
    group->end_us = DW_MAX(group->end_us, visit->exit_us);
    (void)find_zone(importing, group, row->zone);
    return group->zones.count <= DW_ZONES_MAX
               ? 0
               : dw_fail(err, -EINVAL, "line %lld, zone: camera '%s' has more than %d zones",
                         (long long)line, row->camera, DW_ZONES_MAX);
}

static void find_doubles(struct importing *importing)
{
    struct id *ids = importing->ids.items;
    sort_ids(ids, importing->ids.count);
    for (size_t i = 1; i < importing->ids.count; i++) {
        struct dw_err err;
        if (memcmp(ids[i].bytes, ids[i - 1].bytes, sizeof(ids[i].bytes)) != 0)
            continue;
        (void)dw_fail(&err, -EINVAL,
                      "line %lld, id: the visit is on line %lld already; each wants an id of its "
                      "own",
                      (long long)ids[i].line, (long long)ids[i - 1].line);
        complain(importing, err.text);
    }
}

static int begin_group(struct importing *importing, struct group *group, struct dw_err *err)
{
    char identity[128];
    struct dw_buf hex = { 0 };
    struct dw_layout layout = { .zones = group->zones.items, .zone_count = group->zones.count };
    for (size_t i = 0; i < sizeof(importing->identity); i++)
        dw_buf_printf(&hex, "%02x", importing->identity[i]);
    snprintf(identity, sizeof(identity), "%simported:%s/%s",
             group->simulated ? DW_SIMULATED_MARK : "", dw_buf_text(&hex), group->run);
    dw_buf_fini(&hex);
    struct dw_store_run_conf conf = {
        .site = group->site,
        .camera = group->camera,
        .source = importing->conf->source,
        .identity = identity,
        .width_px = 1000,
        .height_px = 1000,
        .start_wall_us = group->start_us,
        .layout = &layout,
        .model = "imported",
        .settings = "",
    };
    int result = dw_store_run_begin(importing->store, &conf, &group->stored_run, err);
    if (result == 0)
        result = dw_store_run_measured(importing->store, group->stored_run,
                                       group->end_us - group->start_us, true, err);
    importing->result->runs++;
    return result;
}

static int put_row(struct importing *importing, struct dw_visit_row *row, int64_t line,
                   struct dw_err *err)
{
    struct dw_visit *visit = &row->visit;
    (void)line;
    if (is_known(importing, visit)) {
        importing->result->known++;
        return 0;
    }
    struct group *group = find_group(importing, row);
    visit->zone = find_zone(importing, group, row->zone);
    visit->pass |= visit->dwell_us < group->zones.items[visit->zone].rules.min_dwell_us;
    visit->enter_us -= group->start_us;
    visit->exit_us -= group->start_us;
    *(visit->pass ? &importing->result->passes : &importing->result->visits) += 1;
    return dw_store_put_visit(importing->store, group->stored_run, visit, err);
}

static int import_all(struct importing *importing, FILE *file, struct dw_err *err)
{
    struct dw_store_filter all = { 0 };
    int result = dw_store_read_visits(importing->store, &all, take_known, importing, err);
    sort_ids(importing->known.items, importing->known.count);
    if (result == 0)
        result = each_row(importing, file, note_row, true, err);
    if (result < 0)
        return result;
    find_doubles(importing);
    if (importing->bad > 0)
        return dw_fail(err, -EINVAL, "'%s' has %zu bad rows; nothing was imported: mend them",
                       importing->conf->source, importing->bad);
    for (size_t i = 0; i < importing->groups.count && result == 0; i++)
        result = begin_group(importing, &importing->groups.items[i], err);
    return result == 0 ? each_row(importing, file, put_row, false, err) : result;
}

int dw_import(struct dw_store *store, FILE *file, const struct dw_import_conf *conf,
              struct dw_import_result *result, struct dw_err *err)
{
    struct importing importing = { .conf = conf, .store = store, .result = result };
    *result = (struct dw_import_result){ 0 };
    int code = dw_store_begin(store, err);
    if (code < 0)
        return code;
    code = import_all(&importing, file, err);
    if (code == 0)
        code = dw_store_commit(store, err);
    if (code < 0)
        dw_store_rollback(store);
    for (size_t i = 0; i < importing.groups.count; i++)
        dw_vec_fini(&importing.groups.items[i].zones);
    dw_vec_fini(&importing.groups);
    dw_vec_fini(&importing.known);
    dw_vec_fini(&importing.ids);
    return code;
}
