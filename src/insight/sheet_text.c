/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "insight/sheet_write.h"
#include "insight/text_table.h"

/* What rounds to 0 has no sign. */
static void print_signed(char out[DW_FORMAT_SIZE], double value, int decimals, const char *unit)
{
    char number[DW_FORMAT_SIZE];
    snprintf(number, sizeof(number), "%+.*f", decimals, value);
    bool zero = strspn(number + 1, "0.") == strlen(number + 1);
    snprintf(out, DW_FORMAT_SIZE, "%.40s %s", number + zero, unit);
}

void dw_sheet_print_value(char out[DW_FORMAT_SIZE], enum dw_sheet_unit unit, double value)
{
    char text[DW_FORMAT_SIZE];
    if (isnan(value))
        snprintf(out, DW_FORMAT_SIZE, "-");
    else if (isinf(value))
        snprintf(out, DW_FORMAT_SIZE, value > 0 ? "not reached" : "no bound");
    else if (unit == DW_SHEET_SHARE)
        dw_format_percent(out, value);
    else if (unit == DW_SHEET_CHANGE)
        print_signed(out, 100 * value, 0, "%");
    else if (unit == DW_SHEET_POINTS)
        print_signed(out, 100 * value, 1, "points");
    else if (unit == DW_SHEET_SECONDS)
        snprintf(out, DW_FORMAT_SIZE, "%s%.40s", value <= -.05 ? "-" : "",
                 dw_format_seconds(text, fabs(value)));
    else if (unit == DW_SHEET_P)
        snprintf(out, DW_FORMAT_SIZE, value < .001 ? "<0.001" : "%.3f", value);
    else
        snprintf(out, DW_FORMAT_SIZE, unit == DW_SHEET_COUNT ? "%.0f" : "%.2f", value);
}

void dw_sheet_print_interval(char out[DW_FORMAT_SIZE], enum dw_sheet_unit unit,
                             const struct dw_estimate *estimate)
{
    char low[DW_FORMAT_SIZE], high[DW_FORMAT_SIZE];
    dw_sheet_print_value(low, unit, estimate->low);
    dw_sheet_print_value(high, unit, estimate->high);
    bool known = !isnan(estimate->low) && !isnan(estimate->high);
    bool upper = isfinite(estimate->high), lower = isfinite(estimate->low);
    if (!known || (!upper && !lower))
        snprintf(out, DW_FORMAT_SIZE, "-");
    else if (!upper)
        snprintf(out, DW_FORMAT_SIZE, "%.30s or more", low);
    else if (!lower)
        snprintf(out, DW_FORMAT_SIZE, "%.30s or less", high);
    else if (unit == DW_SHEET_SHARE)
        snprintf(out, DW_FORMAT_SIZE, "%.0f-%.0f %%", 100 * estimate->low, 100 * estimate->high);
    else
        snprintf(out, DW_FORMAT_SIZE, "%.20s to %.20s", low, high);
}

/* A sheet's table as one of plain text: an interval is a column of its own. */
static void write_table(const struct dw_sheet_table *sheet, const struct dw_report_style *style,
                        struct dw_buf *out)
{
    DW_VEC(struct dw_text_column) columns = { 0 };
    for (size_t i = 0; i < sheet->column_count; i++) {
        const struct dw_sheet_column *column = &sheet->columns[i];
        dw_vec_push(&columns, ((struct dw_text_column){ .heading = column->heading,
                                                        .left = column->unit == DW_SHEET_TEXT,
                                                        .breaks = column->breaks }));
        if (column->interval)
            dw_vec_push(&columns, ((struct dw_text_column){
                                      .heading = "95 %", .left = true, .belongs = true }));
    }
    assert(sheet->column_count > 0);
    struct dw_text_table table = { columns.items, columns.count, { 0 } };
    for (size_t i = 0; i < sheet->cells.count; i++) {
        const struct dw_sheet_column *column = &sheet->columns[i % sheet->column_count];
        const struct dw_sheet_cell *cell = &sheet->cells.items[i];
        struct dw_buf tamed = { 0 };
        char text[DW_FORMAT_SIZE];
        dw_sheet_print_value(text, column->unit, cell->number.value);
        dw_text_tame(&tamed, cell->text != NULL ? cell->text : text, style);
        dw_text_table_add(&table, dw_buf_text(&tamed));
        dw_buf_fini(&tamed);
        dw_sheet_print_interval(text, column->unit, &cell->number);
        if (column->interval)
            dw_text_table_add(&table, text);
    }
    dw_text_table_write(&table, style, out);
    dw_text_table_fini(&table);
    dw_vec_fini(&columns);
}

void dw_sheet_write_text(const struct dw_sheet *sheet, const struct dw_report_style *style,
                         struct dw_buf *out)
{
    if (sheet->simulated)
        dw_buf_puts(out, DW_SHEET_MARK "\n");
    dw_buf_printf(out, "%s, %s", sheet->title, sheet->period);
    dw_text_tame(out, sheet->place != NULL ? sheet->place : "", style);
    dw_buf_puts(out, "\n");
    for (size_t i = 0; i < sheet->tables.count; i++) {
        const struct dw_sheet_table *table = &sheet->tables.items[i];
        if (table->cells.count == 0 || table->data)
            continue;
        dw_buf_printf(out, "\n");
        if (sheet->tables.count > 1) {
            dw_text_tame(out, table->title, style);
            dw_buf_puts(out, "\n");
        }
        write_table(table, style, out);
    }
    if (sheet->notes.count > 0)
        dw_buf_puts(out, "\n");
    for (size_t i = 0; i < sheet->notes.count; i++)
        dw_text_note(out, sheet->notes.items[i], style);
    if (sheet->formulas.count > 0)
        dw_buf_puts(out, "\n");
    for (size_t i = 0; i < sheet->formulas.count; i++)
        dw_text_note(out, sheet->formulas.items[i], style);
}
