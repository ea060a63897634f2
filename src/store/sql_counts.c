/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the roll-ups by slots of quarter hours. */
#include <errno.h>
#include <stdlib.h>

#include "store/store_impl.h"

#define ALL_ROLES (DW_ROLE_BIT(DW_ROLE_COUNT) - 1)
#define CAMERA_WANTED " (camera.name=?1 OR ?1 IS NULL)"
/* ?4 and ?5: the same as wall time; ?6: bits of roles. */
#define RUN_OVERLAPS " run.start_us < ?5 AND (run.end_us > ?4 OR run.start_us >= ?4)"

/* What is summed for one zone or line. */
struct sum {
    int64_t id;
    struct dw_store_counts *counts; /* of a zone, by slot; as the next */
    struct dw_store_line_slot *crossed;
    struct dw_store_cover *cover;
    struct dw_dwell_hist *dwell; /* NULL unless asked for */
    int64_t sides[DW_ROLLUP_SIDES];
    int64_t approximate;
};

struct member {
    int64_t run, subject;
};

/* A roll-up whose visits are of several slots, to be counted from them. */
struct mixed {
    int64_t zone_id, first_quarter, run;
    int role;
};

struct reading {
    const struct dw_store_counts_query *query;
    enum dw_rollup_kind kind;
    int64_t pruned_us; /* visits before it are gone */
    DW_VEC(struct sum) sums;
    DW_VEC(struct member) members;
    DW_VEC(struct mixed) mixed;
    struct sum *sum; /* that raw rows are added to */
};

static struct sum *find_sum(struct reading *reading, int64_t id)
{
    size_t slots = reading->query->slots.slot_count;
    for (size_t i = reading->sums.count; i-- > 0;)
        if (reading->sums.items[i].id == id)
            return &reading->sums.items[i];
    struct sum *sum = dw_vec_add(&reading->sums);
    *sum = (struct sum){ .id = id, .cover = dw_alloc_array0(slots, sizeof(*sum->cover)) };
    if (reading->kind == DW_ROLLUP_LINE)
        sum->crossed = dw_alloc_array0(slots, sizeof(*sum->crossed));
    else
        sum->counts = dw_alloc_array0(slots, sizeof(*sum->counts));
    if (reading->query->dwell && reading->kind == DW_ROLLUP_ZONE)
        sum->dwell = dw_alloc_array0(
            reading->query->dwell_slot != NULL ? reading->query->dwell_slot_count : slots,
            sizeof(*sum->dwell));
    return sum;
}

static int slot_of(const struct dw_store_slots *slots, int64_t quarter)
{
    uint64_t at = (uint64_t)quarter - (uint64_t)slots->first_quarter;
    if (at >= slots->quarter_count)
        return -1;
    return slots->slot != NULL ? slots->slot[at] : 0;
}

/* The histogram of a slot, or -1. */
static int histogram_of(const struct dw_store_counts_query *query, int slot)
{
    return slot >= 0 && query->dwell_slot != NULL ? query->dwell_slot[slot] : slot;
}

static int fail_damaged(const struct dw_store *store, struct dw_err *err)
{
    return dw_fail(err, -EBADMSG,
                   "store '%s': a roll-up is damaged: mend it with dwell store rebuild",
                   store->name);
}

/* The histograms of the visits of a roll-up: one, several, and the one that has most. */
struct spread {
    bool any, several;
    int first, most;
    int64_t most_visits, visits;
};

static void note_slot(struct spread *spread, int slot, const int64_t *cell)
{
    struct dw_store_counts counts;
    for (int i = 0; i < DW_COUNT_KINDS; i++)
        counts.all[i] = cell[i];
    if (counts.visits == 0 && counts.entries == 0)
        return;
    if (!spread->any)
        spread->first = slot;
    spread->several = spread->several || (spread->any && slot != spread->first);
    spread->any = true;
    spread->visits += counts.visits;
    if (counts.visits >= spread->most_visits && slot >= 0) {
        spread->most_visits = counts.visits;
        spread->most = slot;
    }
}

/* Dwell and sides of a roll-up whose cells have been read. */
static void add_rest(struct reading *reading, const struct mixed *key, const struct spread *spread,
                     struct sum *sum, struct dw_rollup_reader *reader)
{
    bool gone = key->first_quarter * DW_QUARTER_US < reading->pruned_us;
    if (spread->several && !gone) {
        dw_vec_push(&reading->mixed, *key);
        return;
    }
    int slot = spread->several ? spread->most : spread->first;
    if (!spread->any || slot < 0)
        return;
    dw_rollup_read_rest(reader, &sum->dwell[slot], sum->sides);
    if (spread->several)
        sum->approximate += spread->visits;
}

static int zone_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                    struct dw_err *err)
{
    struct reading *reading = context;
    const struct dw_store_slots *slots = &reading->query->slots;
    struct mixed key = { dw_row_integer(row, 0), dw_row_integer(row, 1), dw_row_integer(row, 2),
                         (int)dw_row_integer(row, 3) };
    struct sum *sum = find_sum(reading, key.zone_id);
    struct dw_rollup_reader reader;
    struct spread spread = { .most = -1 };
    int64_t cell[DW_COUNT_KINDS];
    size_t size = 0, at = 0;
    const void *bytes = dw_row_blob(row, 4, &size);
    dw_rollup_read_begin(&reader, DW_ROLLUP_ZONE, bytes, size);
    while (dw_rollup_read_cell(&reader, &at, cell)) {
        int slot = slot_of(slots, key.first_quarter + (int64_t)at);
        if (slot >= 0)
            for (int i = 0; i < DW_COUNT_KINDS; i++)
                sum->counts[slot].all[i] += cell[i];
        if (sum->dwell != NULL)
            note_slot(&spread, histogram_of(reading->query, slot), cell);
    }
    if (sum->dwell != NULL)
        add_rest(reading, &key, &spread, sum, &reader);
    return reader.bytes.damaged ? fail_damaged(store, err) : 0;
}

static int line_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                    struct dw_err *err)
{
    struct reading *reading = context;
    struct sum *sum = find_sum(reading, dw_row_integer(row, 0));
    struct dw_rollup_reader reader;
    int64_t cell[DW_COUNT_KINDS], first_quarter = dw_row_integer(row, 1);
    size_t size = 0, at = 0;
    const void *bytes = dw_row_blob(row, 4, &size);
    dw_rollup_read_begin(&reader, DW_ROLLUP_LINE, bytes, size);
    while (dw_rollup_read_cell(&reader, &at, cell)) {
        int slot = slot_of(&reading->query->slots, first_quarter + (int64_t)at);
        if (slot < 0)
            continue;
        sum->crossed[slot].to_right += cell[DW_LINE_TO_RIGHT];
        sum->crossed[slot].to_left += cell[DW_LINE_TO_LEFT];
    }
    return reader.bytes.damaged ? fail_damaged(store, err) : 0;
}

static int member_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                      struct dw_err *err)
{
    (void)store, (void)err;
    struct reading *reading = context;
    struct member member = { dw_row_integer(row, 0), dw_row_integer(row, 1) };
    dw_vec_push(&reading->members, member);
    (void)find_sum(reading, member.subject);
    return 0;
}

/* The quarters of a roll-up that are asked for, and how long each was measured. */
struct covered {
    size_t count;
    int slots[DW_ROLLUP_QUARTERS];
    struct dw_store_cover cover[DW_ROLLUP_QUARTERS];
};

static bool read_cover(struct covered *out, const struct dw_store_slots *slots,
                       const struct dw_sql_row *row)
{
    struct dw_rollup_reader reader;
    int64_t cell[DW_COUNT_KINDS], first_quarter = dw_row_integer(row, 1);
    size_t size = 0, at = 0;
    const void *bytes = dw_row_blob(row, 4, &size);
    out->count = 0;
    dw_rollup_read_begin(&reader, DW_ROLLUP_COVER, bytes, size);
    while (dw_rollup_read_cell(&reader, &at, cell)) {
        int slot = slot_of(slots, first_quarter + (int64_t)at);
        if (slot < 0)
            continue;
        int64_t scheduled = cell[DW_COVER_SCHEDULED];
        out->slots[out->count] = slot;
        out->cover[out->count++] =
            (struct dw_store_cover){ scheduled, DW_MAX(scheduled - cell[DW_COVER_GAP], 0) };
    }
    return !reader.bytes.damaged;
}

/* Cover is kept by run: each zone or line of the run was measured so long. */
static int cover_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                     struct dw_err *err)
{
    struct reading *reading = context;
    int64_t run = dw_row_integer(row, 0);
    struct covered covered;
    if (!read_cover(&covered, &reading->query->slots, row))
        return fail_damaged(store, err);
    for (size_t i = 0; i < reading->members.count; i++) {
        if (reading->members.items[i].run != run)
            continue;
        struct dw_store_cover *cover = find_sum(reading, reading->members.items[i].subject)->cover;
        for (size_t c = 0; c < covered.count; c++) {
            cover[covered.slots[c]].scheduled_us += covered.cover[c].scheduled_us;
            cover[covered.slots[c]].measured_us += covered.cover[c].measured_us;
        }
    }
    return 0;
}

static int raw_row(struct reading *reading, const struct dw_sql_row *row, bool pass)
{
    const struct dw_store_counts_query *query = reading->query;
    int64_t quarter = dw_quarter_of(dw_row_integer(row, 0));
    int slot = histogram_of(query, slot_of(&query->slots, quarter));
    if (slot < 0)
        return 0;
    bool cut_start = dw_row_integer(row, 2) != 0, cut_end = dw_row_integer(row, 3) != 0;
    int side = (int)dw_row_integer(row, 4);
    if (!cut_start)
        reading->sum->sides[DW_MIN(DW_MAX(side, 0), DW_ROLLUP_SIDES - 1)]++;
    if (pass)
        return 0;
    struct dw_dwell_hist *dwell = &reading->sum->dwell[slot];
    int bucket = dw_dwell_bucket(dw_row_integer(row, 1));
    (cut_start || cut_end ? dwell->cut : dwell->ended)[bucket]++;
    return 0;
}

static int raw_visit_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                         struct dw_err *err)
{
    (void)store, (void)err;
    return raw_row(context, row, false);
}

static int raw_pass_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                        struct dw_err *err)
{
    (void)store, (void)err;
    return raw_row(context, row, true);
}

#define RAW(table)                                                                                 \
    "SELECT enter_us, dwell_us, cut_start, cut_end, enter_side FROM " table                        \
    " WHERE zone_id=?1 AND enter_us >= ?2 AND enter_us < ?3 AND run_id=?4 AND role=?5"

static int read_mixed(struct dw_store *store, struct reading *reading, struct dw_err *err)
{
    int result = 0;
    for (size_t i = 0; i < reading->mixed.count && result == 0; i++) {
        const struct mixed *mixed = &reading->mixed.items[i];
        struct dw_sql_values values =
            DW_VALUES(DW_INTEGER(mixed->zone_id), DW_INTEGER(mixed->first_quarter * DW_QUARTER_US),
                      DW_INTEGER((mixed->first_quarter + DW_ROLLUP_QUARTERS) * DW_QUARTER_US),
                      DW_INTEGER(mixed->run), DW_TEXT(dw_role_name((enum dw_role)mixed->role)));
        reading->sum = find_sum(reading, mixed->zone_id);
        result = dw_sql_query(store, RAW("visit"), values, raw_visit_row, reading, err);
        if (result == 0)
            result = dw_sql_query(store, RAW("pass"), values, raw_pass_row, reading, err);
    }
    return result;
}

static int compare_sums(const void *a, const void *b)
{
    const struct sum *one = a, *other = b;
    return (one->id > other->id) - (one->id < other->id);
}

/* The statements for zones and for lines. */
struct statements {
    const char *members, *rollups;
    dw_sql_row_fn rollup_row;
};

#define MEMBERS(table, run, column, counting)                                                      \
    "SELECT " run ", " column " FROM " table " JOIN run ON run.id=run_id"                          \
    " JOIN camera ON camera.id=run.camera_id WHERE" counting CAMERA_WANTED " AND" RUN_OVERLAPS     \
    " AND ?2 <= ?3 ORDER BY 1, 2"
#define ROLLUPS(kind, owner, counting, roles)                                                      \
    "SELECT subject, first_quarter, run_id, role, data FROM rollup WHERE kind=" kind               \
    " AND" DW_ROLLUP_OF_CAMERA(owner) " AND" DW_ROLLUP_TOUCHES " AND ?4 <= ?5" counting            \
                                      " AND (" roles " >> role) & 1 = 1"

static const struct statements zone_statements = {
    MEMBERS("run_zone", "coalesce(remeasures, run_id)", "zone_id", " superseded=0 AND"),
    ROLLUPS("0", "zone", " AND" DW_COUNTS("subject"), "?6"), zone_row
};
static const struct statements line_statements = { MEMBERS("run_line", "run_id", "line_id", ""),
                                                   ROLLUPS("1", "line", "", "(?6 | 1)"), line_row };

static int read_all(struct dw_store *store, struct reading *reading,
                    const struct statements *statements, struct dw_err *err)
{
    const struct dw_store_slots *slots = &reading->query->slots;
    const char *camera = reading->query->camera;
    int64_t from = slots->first_quarter, to = from + (int64_t)slots->quarter_count;
    struct dw_sql_values values =
        DW_VALUES(camera != NULL ? DW_TEXT(camera) : DW_NULL, DW_INTEGER(from), DW_INTEGER(to),
                  DW_INTEGER(from * DW_QUARTER_US), DW_INTEGER(to * DW_QUARTER_US),
                  DW_INTEGER(reading->query->roles != 0 ? reading->query->roles : ALL_ROLES));
    struct dw_sql_values without_roles = { values.items, values.count - 1 };
    int result = dw_rollup_flush(store, err); /* what a writer added and did not commit yet */
    if (result == 0)
        result = dw_store_pruned_before(store, DW_KIND_VISITS, &reading->pruned_us, err);
    if (result == 0)
        result = dw_sql_query(store, statements->members, without_roles, member_row, reading, err);
    if (result == 0)
        result = dw_sql_query_whole(store, statements->rollups, values, statements->rollup_row,
                                    reading, err);
    if (result == 0)
        result = dw_sql_query_whole(
            store,
            "SELECT subject, first_quarter, run_id, role, data FROM rollup"
            " WHERE kind=2 AND" DW_ROLLUP_OF_CAMERA("run") " AND" DW_ROLLUP_TOUCHES,
            (struct dw_sql_values){ values.items, 3 }, cover_row, reading, err);
    if (result == 0)
        result = read_mixed(store, reading, err);
    if (reading->sums.count > 0)
        qsort(reading->sums.items, reading->sums.count, sizeof(*reading->sums.items), compare_sums);
    return result;
}

/* Told, it makes room for what is made of it. */
static void sum_fini(struct sum *sum)
{
    free(sum->counts);
    free(sum->crossed);
    free(sum->cover);
    free(sum->dwell);
    *sum = (struct sum){ 0 };
}

static void reading_fini(struct reading *reading)
{
    for (size_t i = 0; i < reading->sums.count; i++)
        sum_fini(&reading->sums.items[i]);
    dw_vec_fini(&reading->sums);
    dw_vec_fini(&reading->members);
    dw_vec_fini(&reading->mixed);
}

int dw_store_read_zone_counts(struct dw_store *store, const struct dw_store_counts_query *query,
                              dw_store_zone_counts_fn fn, void *context, struct dw_err *err)
{
    struct reading reading = { .query = query, .kind = DW_ROLLUP_ZONE };
    int result = read_all(store, &reading, &zone_statements, err);
    for (size_t i = 0; i < reading.sums.count && result == 0; i++) {
        struct sum *sum = &reading.sums.items[i];
        bool sides = sum->dwell != NULL;
        result = fn(context, &(struct dw_store_zone_counts){
                                 .zone_id = sum->id,
                                 .slot_count = query->slots.slot_count,
                                 .counts = sum->counts,
                                 .cover = sum->cover,
                                 .dwell = sum->dwell,
                                 .entries_by_side = sides ? sum->sides : NULL,
                                 .side_count = sides ? DW_ROLLUP_SIDES : 0,
                                 .approximate = sum->approximate,
                             });
        sum_fini(sum);
    }
    reading_fini(&reading);
    return result;
}

int dw_store_read_line_counts(struct dw_store *store, const struct dw_store_counts_query *query,
                              dw_store_line_counts_fn fn, void *context, struct dw_err *err)
{
    struct reading reading = { .query = query, .kind = DW_ROLLUP_LINE };
    int result = read_all(store, &reading, &line_statements, err);
    for (size_t i = 0; i < reading.sums.count && result == 0; i++) {
        const struct sum *sum = &reading.sums.items[i];
        result = fn(context, &(struct dw_store_line_counts){ sum->id, query->slots.slot_count,
                                                             sum->crossed, sum->cover });
    }
    reading_fini(&reading);
    return result;
}
