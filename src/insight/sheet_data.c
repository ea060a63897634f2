/* SPDX-License-Identifier: Apache-2.0 */
/* A sheet for other programs. */
#include <math.h>

#include "base/csv.h"
#include "base/json_writer.h"
#include "insight/sheet.h"

/* Written as whole numbers where they are. */
static int decimals_of(enum dw_sheet_unit unit)
{
    return unit == DW_SHEET_COUNT ? 0 : unit == DW_SHEET_SECONDS ? 3 : 6;
}

static double finite_or_nan(double value)
{
    return isfinite(value) ? value : (double)NAN;
}

static void write_cell(struct dw_json_writer *json, const struct dw_sheet_column *column,
                       const struct dw_sheet_cell *cell)
{
    int decimals = decimals_of(column->unit);
    if (column->unit == DW_SHEET_TEXT) {
        dw_json_string(json, column->key, cell->text);
        return;
    }
    if (!column->interval) {
        dw_json_real(json, column->key, finite_or_nan(cell->number.value), decimals);
        return;
    }
    dw_json_object_begin(json, column->key);
    dw_json_real(json, "value", finite_or_nan(cell->number.value), decimals);
    dw_json_real(json, "low", finite_or_nan(cell->number.low), decimals);
    dw_json_real(json, "high", finite_or_nan(cell->number.high), decimals);
    dw_json_object_end(json);
}

static void write_table(struct dw_json_writer *json, const struct dw_sheet_table *table)
{
    dw_json_array_begin(json, table->key);
    for (size_t at = 0; at < table->cells.count; at += table->column_count) {
        dw_json_object_begin(json, NULL);
        for (size_t i = 0; i < table->column_count; i++)
            write_cell(json, &table->columns[i], &table->cells.items[at + i]);
        dw_json_object_end(json);
    }
    dw_json_array_end(json);
}

/* So that a reader can show a table without knowing its kind. */
static void describe_table(struct dw_json_writer *json, const struct dw_sheet_table *table)
{
    static const char *const units[] = {
        [DW_SHEET_TEXT] = "text",       [DW_SHEET_COUNT] = "count",   [DW_SHEET_NUMBER] = "number",
        [DW_SHEET_SHARE] = "share",     [DW_SHEET_CHANGE] = "change", [DW_SHEET_POINTS] = "points",
        [DW_SHEET_SECONDS] = "seconds", [DW_SHEET_P] = "p",
    };
    dw_json_object_begin(json, NULL);
    dw_json_string(json, "key", table->key);
    dw_json_string(json, "title", table->title);
    dw_json_bool(json, "data", table->data);
    dw_json_array_begin(json, "columns");
    for (size_t i = 0; i < table->column_count; i++) {
        dw_json_object_begin(json, NULL);
        dw_json_string(json, "key", table->columns[i].key);
        dw_json_string(json, "heading", table->columns[i].heading);
        dw_json_string(json, "unit", units[table->columns[i].unit]);
        dw_json_bool(json, "interval", table->columns[i].interval);
        dw_json_object_end(json);
    }
    dw_json_array_end(json);
    dw_json_object_end(json);
}

static void write_sentences(struct dw_json_writer *json, const char *key, char *const *texts,
                            size_t count)
{
    dw_json_array_begin(json, key);
    for (size_t i = 0; i < count; i++)
        dw_json_string(json, NULL, texts[i]);
    dw_json_array_end(json);
}

void dw_sheet_write_json(const struct dw_sheet *sheet, struct dw_buf *out)
{
    struct dw_json_writer json = { .out = out };
    dw_json_object_begin(&json, NULL);
    dw_json_string(&json, "report", "dwell " DWELL_VERSION);
    dw_json_string(&json, "kind", sheet->kind);
    dw_json_string(&json, "title", sheet->title);
    dw_json_string(&json, "period", sheet->period);
    dw_json_bool(&json, "simulated", sheet->simulated);
    dw_json_array_begin(&json, "tables");
    for (size_t i = 0; i < sheet->tables.count; i++)
        describe_table(&json, &sheet->tables.items[i]);
    dw_json_array_end(&json);
    for (size_t i = 0; i < sheet->tables.count; i++)
        write_table(&json, &sheet->tables.items[i]);
    write_sentences(&json, "notes", sheet->notes.items, sheet->notes.count);
    write_sentences(&json, "formulas", sheet->formulas.items, sheet->formulas.count);
    dw_json_object_end(&json);
    dw_buf_puts(out, "\n");
}

static void put_number(struct dw_buf *out, enum dw_sheet_unit unit, double value)
{
    if (isfinite(value))
        dw_buf_printf(out, "%.*f", decimals_of(unit), value);
}

static void put_headings(struct dw_buf *out, const struct dw_sheet_table *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const char *key = table->columns[i].key;
        dw_buf_printf(out, "%s%s", i > 0 ? "," : "", key);
        if (table->columns[i].interval)
            dw_buf_printf(out, ",%s_low,%s_high", key, key);
    }
    dw_buf_puts(out, ",simulated\r\n");
}

static void put_cell(struct dw_buf *out, const struct dw_sheet_column *column,
                     const struct dw_sheet_cell *cell)
{
    if (column->unit == DW_SHEET_TEXT)
        dw_csv_put_text(out, cell->text);
    else
        put_number(out, column->unit, cell->number.value);
    if (!column->interval)
        return;
    dw_buf_puts(out, ",");
    put_number(out, column->unit, cell->number.low);
    dw_buf_puts(out, ",");
    put_number(out, column->unit, cell->number.high);
}

void dw_sheet_write_csv(const struct dw_sheet *sheet, struct dw_buf *out)
{
    for (size_t k = 0; k < sheet->tables.count; k++) {
        const struct dw_sheet_table *table = &sheet->tables.items[k];
        dw_buf_puts(out, k > 0 ? "\r\n" : "");
        put_headings(out, table);
        for (size_t i = 0; i < table->cells.count; i++) {
            size_t at = i % table->column_count;
            dw_buf_puts(out, at > 0 ? "," : "");
            put_cell(out, &table->columns[at], &table->cells.items[i]);
            if (at + 1 == table->column_count)
                dw_buf_printf(out, ",%d\r\n", sheet->simulated);
        }
    }
}
