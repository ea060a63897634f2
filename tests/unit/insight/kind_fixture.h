/* SPDX-License-Identifier: Apache-2.0 */
/* A report of one kind over a store made by hand, and how its cells are found again. */
#ifndef DW_TESTS_KIND_FIXTURE_H
#define DW_TESTS_KIND_FIXTURE_H

#include "insight/local_day.h"
#include "insight/report_kind.h"
#include "report_fixture.h"

#define KIND_OPTIONS_MAX 8

struct asked {
    const char *kind, *zone, *camera;
    bool include_staff;
    int64_t from_day, to_day; /* 0: all measured */
    const char *values[KIND_OPTIONS_MAX];
};

static inline int kind_fill(struct dw_sheet *sheet, struct dw_store *store,
                            const struct asked *asked, struct dw_err *err)
{
    struct dw_report_request request = { .camera = asked->camera,
                                         .zone = asked->zone,
                                         .from_day = asked->from_day,
                                         .to_day = asked->to_day,
                                         .include_staff = asked->include_staff,
                                         .values = asked->values };
    if (asked->to_day == 0) {
        assert_done(dw_report_days_measured(store, NULL, &request.from_day, &request.to_day, why));
        request.to_day = DW_MAX(request.to_day, request.from_day + 1);
    }
    *sheet = (struct dw_sheet){ 0 };
    return dw_report_kind_fill(dw_report_kind_find(asked->kind), sheet, store, &request, err);
}

static inline const struct dw_sheet_table *sheet_table(const struct dw_sheet *sheet,
                                                       const char *key)
{
    for (size_t i = 0; i < sheet->tables.count; i++)
        if (strcmp(sheet->tables.items[i].key, key) == 0)
            return &sheet->tables.items[i];
    return NULL;
}

static inline size_t sheet_rows(const struct dw_sheet *sheet, const char *key)
{
    const struct dw_sheet_table *table = sheet_table(sheet, key);
    return table != NULL ? table->cells.count / table->column_count : 0;
}

static inline const struct dw_sheet_cell *sheet_cell(const struct dw_sheet *sheet, const char *key,
                                                     size_t row, const char *column)
{
    const struct dw_sheet_table *table = sheet_table(sheet, key);
    assert_non_null(table);
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].key, column) == 0) {
            assert_true(row * table->column_count + i < table->cells.count);
            return &table->cells.items[row * table->column_count + i];
        }
    fail_msg("table %s has no column %s", key, column);
    return NULL;
}

static inline double sheet_number(const struct dw_sheet *sheet, const char *key, size_t row,
                                  const char *column)
{
    return sheet_cell(sheet, key, row, column)->number.value;
}

static inline const char *sheet_text(const struct dw_sheet *sheet, const char *key, size_t row,
                                     const char *column)
{
    return sheet_cell(sheet, key, row, column)->text;
}

#endif
