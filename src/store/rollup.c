/* SPDX-License-Identifier: Apache-2.0 */
#include "store/rollup.h"

#include <errno.h>
#include <stdlib.h>

#define FORMAT 1

static const size_t cell_counts[DW_ROLLUP_KIND_COUNT] = {
    [DW_ROLLUP_ZONE] = DW_COUNT_KINDS,
    [DW_ROLLUP_LINE] = DW_LINE_CELLS,
    [DW_ROLLUP_COVER] = DW_COVER_CELLS,
};

void dw_rollups_clear(struct dw_rollups *rollups)
{
    for (size_t i = 0; i < rollups->count; i++)
        free(rollups->items[i]);
    dw_vec_clear(rollups);
}

void dw_rollups_fini(struct dw_rollups *rollups)
{
    dw_rollups_clear(rollups);
    dw_vec_fini(rollups);
}

struct dw_rollup *dw_rollups_find(const struct dw_rollups *rollups, const struct dw_rollup_key *key)
{
    for (size_t i = rollups->count; i-- > 0;) {
        const struct dw_rollup_key *item = &rollups->items[i]->key;
        if (item->subject == key->subject && item->first_quarter == key->first_quarter &&
            item->role == key->role && item->run == key->run && item->kind == key->kind)
            return rollups->items[i];
    }
    return NULL;
}

struct dw_rollup *dw_rollups_add(struct dw_rollups *rollups, const struct dw_rollup_key *key)
{
    struct dw_rollup *fresh = dw_alloc0(sizeof(*fresh));
    fresh->key = *key;
    dw_vec_push(rollups, fresh); /* NOLINT(bugprone-sizeof-expression): of pointers */
    return fresh;
}

void dw_rollups_drop_run(struct dw_rollups *rollups, int64_t run)
{
    size_t kept = 0;
    for (size_t i = 0; i < rollups->count; i++)
        if (rollups->items[i]->key.run != run)
            rollups->items[kept++] = rollups->items[i];
        else
            free(rollups->items[i]);
    rollups->count = kept;
}

void dw_rollups_keep_day(struct dw_rollups *rollups, int64_t first_quarter)
{
    size_t kept = 0;
    for (size_t i = 0; i < rollups->count; i++)
        if (rollups->items[i]->key.first_quarter == first_quarter)
            rollups->items[kept++] = rollups->items[i];
        else
            free(rollups->items[i]);
    rollups->count = kept;
}

int64_t dw_quarter_of(int64_t wall_us)
{
    return wall_us / DW_QUARTER_US - (wall_us % DW_QUARTER_US < 0 ? 1 : 0);
}

int64_t dw_rollup_day(int64_t quarter, int64_t utc_offset_us)
{
    int64_t within = (quarter + utc_offset_us / DW_QUARTER_US) % DW_ROLLUP_QUARTERS;
    return quarter - within - (within < 0 ? DW_ROLLUP_QUARTERS : 0);
}

static void encode_sparse(const int64_t *values, size_t count, struct dw_buf *out)
{
    size_t filled = 0, next = 0;
    for (size_t i = 0; i < count; i++)
        filled += values[i] != 0;
    dw_varint_put(out, filled);
    for (size_t i = 0; i < count; i++) {
        if (values[i] == 0)
            continue;
        dw_varint_put(out, i - next);
        dw_varint_put_signed(out, values[i]);
        next = i + 1;
    }
}

static bool is_empty(const int64_t *cell, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (cell[i] != 0)
            return false;
    return true;
}

void dw_rollup_encode(const struct dw_rollup *rollup, struct dw_buf *out)
{
    size_t count = cell_counts[rollup->key.kind], filled = 0, next = 0;
    dw_varint_put(out, FORMAT);
    for (size_t q = 0; q < DW_ROLLUP_QUARTERS; q++)
        filled += !is_empty(rollup->cells[q], count);
    dw_varint_put(out, filled);
    for (size_t q = 0; q < DW_ROLLUP_QUARTERS; q++) {
        if (is_empty(rollup->cells[q], count))
            continue;
        dw_varint_put(out, q - next);
        for (size_t i = 0; i < count; i++)
            dw_varint_put_signed(out, rollup->cells[q][i]);
        next = q + 1;
    }
    if (rollup->key.kind != DW_ROLLUP_ZONE)
        return;
    encode_sparse(rollup->dwell.ended, DW_DWELL_BUCKETS, out);
    encode_sparse(rollup->dwell.cut, DW_DWELL_BUCKETS, out);
    encode_sparse(rollup->sides, DW_ROLLUP_SIDES, out);
}

/* The place of the next of `count`, or count when there is none. */
static size_t take_place(struct dw_varint_reader *reader, size_t next, size_t count)
{
    uint64_t step = dw_varint_take(reader);
    if (step >= count - next)
        reader->damaged = true;
    return reader->damaged ? count : next + (size_t)step;
}

static void decode_sparse(struct dw_varint_reader *reader, int64_t *values, size_t count)
{
    uint64_t filled = dw_varint_take(reader);
    for (size_t next = 0; filled > 0 && !reader->damaged; filled--) {
        size_t at = take_place(reader, next, count);
        if (at == count)
            return;
        values[at] += dw_varint_take_signed(reader);
        next = at + 1;
    }
}

void dw_rollup_read_begin(struct dw_rollup_reader *reader, enum dw_rollup_kind kind,
                          const void *bytes, size_t size)
{
    *reader = (struct dw_rollup_reader){
        .bytes = { bytes, (const unsigned char *)bytes + size, false },
        .kind = kind,
    };
    if (dw_varint_take(&reader->bytes) != FORMAT)
        reader->bytes.damaged = true;
    reader->left = dw_varint_take(&reader->bytes);
}

bool dw_rollup_read_cell(struct dw_rollup_reader *reader, size_t *quarter,
                         int64_t cell[DW_COUNT_KINDS])
{
    if (reader->left == 0 || reader->bytes.damaged)
        return false;
    *quarter = take_place(&reader->bytes, reader->next, DW_ROLLUP_QUARTERS);
    for (size_t i = 0; i < cell_counts[reader->kind]; i++)
        cell[i] = dw_varint_take_signed(&reader->bytes);
    reader->next = *quarter + 1;
    reader->left--;
    return !reader->bytes.damaged;
}

void dw_rollup_read_rest(struct dw_rollup_reader *reader, struct dw_dwell_hist *dwell,
                         int64_t *sides)
{
    if (reader->bytes.damaged)
        return;
    decode_sparse(&reader->bytes, dwell->ended, DW_DWELL_BUCKETS);
    decode_sparse(&reader->bytes, dwell->cut, DW_DWELL_BUCKETS);
    decode_sparse(&reader->bytes, sides, DW_ROLLUP_SIDES);
    if (reader->bytes.at != reader->bytes.end)
        reader->bytes.damaged = true;
}

int dw_rollup_decode(struct dw_rollup *rollup, const void *bytes, size_t size)
{
    struct dw_rollup_reader reader;
    int64_t cell[DW_COUNT_KINDS] = { 0 };
    size_t quarter = 0;
    dw_rollup_read_begin(&reader, rollup->key.kind, bytes, size);
    while (dw_rollup_read_cell(&reader, &quarter, cell))
        for (size_t i = 0; i < cell_counts[rollup->key.kind]; i++)
            rollup->cells[quarter][i] += cell[i];
    if (rollup->key.kind == DW_ROLLUP_ZONE)
        dw_rollup_read_rest(&reader, &rollup->dwell, rollup->sides);
    else if (reader.bytes.at != reader.bytes.end)
        reader.bytes.damaged = true;
    return reader.bytes.damaged ? -EBADMSG : 0;
}
