/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/text_table.h"

#include <assert.h>
#include <string.h>
#include <wchar.h>

#include "base/utf8.h"

#define GAP 2

void dw_text_table_add(struct dw_text_table *table, const char *text)
{
    dw_vec_push(&table->cells, dw_strdup(text));
}

void dw_text_table_fini(struct dw_text_table *table)
{
    for (size_t i = 0; i < table->cells.count; i++)
        free(table->cells.items[i]);
    dw_vec_fini(&table->cells);
}

static wchar_t decode(const char *text, size_t length)
{
    static const unsigned char masks[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
    unsigned code = (unsigned char)text[0] & masks[length];
    for (size_t i = 1; i < length; i++)
        code = code << 6 | ((unsigned char)text[i] & 0x3f);
    return (wchar_t)code;
}

size_t dw_text_width(const char *text)
{
    size_t width = 0;
    while (*text != '\0') {
        size_t length = DW_MAX(dw_utf8_length(text), (size_t)1);
        int columns = length == 1 ? 1 : wcwidth(decode(text, length));
        width += columns >= 0 ? (size_t)columns : 1;
        text += length;
    }
    return width;
}

void dw_text_tame(struct dw_buf *out, const char *text, const struct dw_report_style *style)
{
    while (*text != '\0') {
        size_t length = dw_utf8_length(text);
        unsigned char first = (unsigned char)*text;
        bool control = first < 0x20 || first == 0x7f ||
                       (first == 0xc2 && length == 2 && (unsigned char)text[1] < 0xa0);
        if (length == 0 || control || (length > 1 && !style->utf8))
            dw_buf_puts(out, "?");
        else
            dw_buf_append(out, text, length);
        text += DW_MAX(length, (size_t)1);
    }
}

static void put_times(struct dw_buf *out, const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        dw_buf_puts(out, text);
}

static void put_cell(struct dw_buf *out, const char *text, size_t width, bool left)
{
    size_t space = width - dw_text_width(text);
    put_times(out, " ", left ? 0 : space);
    dw_buf_puts(out, text);
    put_times(out, " ", left ? space : 0);
}

static void trim_line(struct dw_buf *out)
{
    while (out->length > 0 && out->data[out->length - 1] == ' ')
        out->data[--out->length] = '\0';
    dw_buf_puts(out, "\n");
}

struct block {
    const struct dw_text_table *table;
    const size_t *widths;
    size_t first, end; /* columns, beside column 0 */
};

static void put_row(struct dw_buf *out, const struct block *block, char *const *cells)
{
    const struct dw_text_column *columns = block->table->columns;
    for (size_t i = 0; i < block->end; i = i == 0 ? block->first : i + 1) {
        put_times(out, " ", i == 0 ? 0 : GAP);
        put_cell(out, cells != NULL ? cells[i] : columns[i].heading, block->widths[i],
                 columns[i].left);
    }
    trim_line(out);
}

static void put_block(struct dw_buf *out, const struct block *block, bool utf8)
{
    const struct dw_text_table *table = block->table;
    size_t total = block->widths[0];
    for (size_t i = block->first; i < block->end; i++)
        total += GAP + block->widths[i];
    put_row(out, block, NULL);
    put_times(out, utf8 ? "\u2500" : "-", total);
    dw_buf_puts(out, "\n");
    for (size_t at = 0; at < table->cells.count; at += table->column_count)
        put_row(out, block, &table->cells.items[at]);
}

/* The column after the last that still fits; at a wanted break if the rest does not fit either. */
static size_t find_end(const struct dw_text_table *table, const size_t *widths, size_t first,
                       size_t available)
{
    size_t total = widths[0], end = first;
    while (end < table->column_count && (end == first || total + GAP + widths[end] <= available))
        total += GAP + widths[end++];
    if (end == table->column_count)
        return end;
    for (size_t i = end; i > first; i--)
        if (table->columns[i].breaks)
            return i;
    while (end > first + 1 && table->columns[end].belongs)
        end--;
    return end;
}

void dw_text_table_write(const struct dw_text_table *table, const struct dw_report_style *style,
                         struct dw_buf *out)
{
    assert(table->column_count > 0);
    size_t *widths = dw_alloc_array0(table->column_count, sizeof(*widths));
    for (size_t i = 0; i < table->column_count; i++)
        widths[i] = dw_text_width(table->columns[i].heading);
    for (size_t i = 0; i < table->cells.count; i++)
        widths[i % table->column_count] =
            DW_MAX(widths[i % table->column_count], dw_text_width(table->cells.items[i]));
    for (size_t first = 1, end = 0; first < table->column_count; first = end) {
        end = find_end(table, widths, first, (size_t)DW_MAX(style->width_columns, 1));
        if (first > 1)
            dw_buf_puts(out, "\n");
        put_block(out, &(struct block){ table, widths, first, end }, style->utf8);
    }
    free(widths);
}

void dw_text_note(struct dw_buf *out, const char *note, const struct dw_report_style *style)
{
    struct dw_buf tamed = { 0 };
    size_t column = 0, width = (size_t)DW_MAX(style->width_columns, 40);
    dw_text_tame(&tamed, note, style);
    for (const char *word = dw_buf_text(&tamed); *word != '\0';) {
        size_t length = strcspn(word, " "), columns = 0;
        struct dw_buf text = { 0 };
        dw_buf_append(&text, word, length);
        columns = dw_text_width(dw_buf_text(&text));
        if (column == 0 || column + 1 + columns > width) {
            dw_buf_puts(out, column > 0 ? "\n    " : style->utf8 ? "  \u2022 " : "  * ");
            column = 4;
        } else {
            dw_buf_puts(out, " ");
            column++;
        }
        dw_buf_append(out, word, length);
        column += columns;
        dw_buf_fini(&text);
        word += length;
        word += strspn(word, " ");
    }
    dw_buf_puts(out, "\n");
    dw_buf_fini(&tamed);
}
