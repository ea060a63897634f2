/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "insight/html.h"
#include "insight/sheet_write.h"

static void write_headings(const struct dw_sheet_table *table, struct dw_buf *out)
{
    dw_buf_puts(out, "<thead><tr>");
    for (size_t i = 0; i < table->column_count; i++) {
        dw_buf_printf(out, "<th scope=\"col\"%s>",
                      table->columns[i].unit == DW_SHEET_TEXT ? " class=\"text\"" : "");
        dw_html_text(out, table->columns[i].heading);
        dw_buf_puts(out, "</th>");
    }
    dw_buf_puts(out, "</tr></thead><tbody>\n");
}

static void write_cell(const struct dw_sheet_column *column, const struct dw_sheet_cell *cell,
                       struct dw_buf *out)
{
    char text[DW_FORMAT_SIZE];
    dw_buf_puts(out, column->unit == DW_SHEET_TEXT ? "<td class=\"text\">" : "<td>");
    dw_sheet_print_value(text, column->unit, cell->number.value);
    dw_html_text(out, cell->text != NULL ? cell->text : text);
    dw_sheet_print_interval(text, column->unit, &cell->number);
    if (column->interval && strcmp(text, "-") != 0)
        dw_html_element(out, "small", text);
    dw_buf_puts(out, "</td>");
}

static void write_table(const struct dw_sheet_table *table, struct dw_buf *out)
{
    dw_buf_puts(out, "<div class=\"scroll\"><table>");
    dw_html_element(out, "caption", table->title);
    write_headings(table, out);
    for (size_t i = 0; i < table->cells.count; i++) {
        size_t at = i % table->column_count;
        dw_buf_puts(out, at == 0 ? "<tr>" : "");
        write_cell(&table->columns[at], &table->cells.items[i], out);
        dw_buf_puts(out, at + 1 == table->column_count ? "</tr>\n" : "");
    }
    dw_buf_puts(out, "</tbody></table></div>\n");
}

static void write_sentences(const char *heading, char *const *texts, size_t count,
                            struct dw_buf *out)
{
    if (count == 0)
        return;
    dw_buf_puts(out, "<section>\n");
    dw_html_element(out, "h2", heading);
    dw_buf_puts(out, "<ul>\n");
    for (size_t i = 0; i < count; i++) {
        dw_html_element(out, "li", texts[i]);
        dw_buf_puts(out, "\n");
    }
    dw_buf_puts(out, "</ul>\n</section>\n");
}

void dw_sheet_write_html(const struct dw_sheet *sheet, struct dw_buf *out)
{
    struct dw_buf title = { 0 };
    dw_buf_printf(&title, "%s%s", sheet->simulated ? "SIMULATED: " : "", sheet->title);
    dw_html_page_begin(out, dw_buf_text(&title));
    dw_buf_puts(out, "<header>\n<p class=\"kicker\">Dwell report</p>\n");
    dw_html_element(out, "h1", dw_buf_text(&title));
    dw_buf_puts(out, "\n<p class=\"lede\">");
    dw_html_text(out, sheet->period);
    dw_html_text(out, sheet->place != NULL ? sheet->place : "");
    dw_buf_puts(out, "</p>\n</header>\n<section>\n");
    for (size_t i = 0; i < sheet->plots.count; i++) {
        dw_buf_printf(out, "<figure>\n<div class=\"scroll\">%s</div>\n", sheet->plots.items[i].svg);
        dw_html_element(out, "figcaption", sheet->plots.items[i].caption);
        dw_buf_puts(out, "\n</figure>\n");
    }
    for (size_t i = 0; i < sheet->tables.count; i++)
        if (!sheet->tables.items[i].data)
            write_table(&sheet->tables.items[i], out);
    dw_buf_puts(out, "</section>\n");
    write_sentences("What to keep in mind", sheet->notes.items, sheet->notes.count, out);
    write_sentences("How the figures are made", sheet->formulas.items, sheet->formulas.count, out);
    dw_buf_puts(out, "<footer>Made by dwell " DWELL_VERSION ". No pictures and no identities are "
                     "stored.</footer>\n</main>\n</body>\n</html>\n");
    dw_buf_fini(&title);
}
