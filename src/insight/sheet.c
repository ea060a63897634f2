/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/sheet.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

void dw_sheet_fini(struct dw_sheet *sheet)
{
    for (size_t i = 0; i < sheet->tables.count; i++) {
        struct dw_sheet_table *table = &sheet->tables.items[i];
        for (size_t k = 0; k < table->cells.count; k++)
            free(table->cells.items[k].text);
        dw_vec_fini(&table->cells);
        free(table->key);
        free(table->title);
    }
    for (size_t i = 0; i < sheet->plots.count; i++) {
        free(sheet->plots.items[i].svg);
        free(sheet->plots.items[i].caption);
    }
    for (size_t i = 0; i < sheet->notes.count; i++)
        free(sheet->notes.items[i]);
    for (size_t i = 0; i < sheet->formulas.count; i++)
        free(sheet->formulas.items[i]);
    dw_vec_fini(&sheet->tables);
    dw_vec_fini(&sheet->plots);
    dw_vec_fini(&sheet->notes);
    dw_vec_fini(&sheet->formulas);
    free(sheet->kind);
    free(sheet->title);
    free(sheet->period);
    free(sheet->place);
    *sheet = (struct dw_sheet){ 0 };
}

struct dw_sheet_table *dw_sheet_add_table(struct dw_sheet *sheet, const char *key,
                                          const char *title, const struct dw_sheet_column *columns,
                                          size_t column_count)
{
    struct dw_sheet_table *table = dw_vec_add(&sheet->tables);
    table->key = dw_strdup(key);
    table->title = dw_strdup(title);
    table->columns = columns;
    table->column_count = column_count;
    return table;
}

void dw_sheet_text(struct dw_sheet_table *table, const char *text)
{
    dw_vec_push(&table->cells, ((struct dw_sheet_cell){ .text = dw_strdup(text) }));
}

void dw_sheet_number(struct dw_sheet_table *table, double value)
{
    dw_sheet_estimate(table, (struct dw_estimate){ value, (double)NAN, (double)NAN });
}

void dw_sheet_estimate(struct dw_sheet_table *table, struct dw_estimate estimate)
{
    dw_vec_push(&table->cells, ((struct dw_sheet_cell){ .number = estimate }));
}

void dw_sheet_plot(struct dw_sheet *sheet, const char *svg, const char *caption)
{
    dw_vec_push(&sheet->plots, ((struct dw_sheet_plot){ dw_strdup(svg), dw_strdup(caption) }));
}

DW_PRINTF(1, 0) static char *print_sentence(const char *format, va_list list)
{
    char text[1024];
    vsnprintf(text, sizeof(text), format, list);
    return dw_strdup(text);
}

void dw_sheet_note(struct dw_sheet *sheet, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    dw_vec_push(&sheet->notes, print_sentence(format, list));
    va_end(list);
}

void dw_sheet_formula(struct dw_sheet *sheet, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    dw_vec_push(&sheet->formulas, print_sentence(format, list));
    va_end(list);
}
