/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "sink/visits_csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read and written again reads as the same. */
static void check_row(const struct dw_visit_row *row)
{
    const struct dw_visit *visit = &row->visit;
    assert(visit->exit_us >= visit->enter_us && visit->dwell_us >= 0);
    assert(visit->dwell_us == visit->observed_us + visit->bridged_us);
    assert(visit->score >= 0 && visit->score <= 1);
    struct dw_buf text = { 0 };
    struct dw_visits_csv csv;
    struct dw_visit_row again;
    dw_visits_csv_names(&text);
    dw_visits_csv_write(&text, row);
    FILE *file = fmemopen(text.data, text.length, "r");
    assert(file != NULL && dw_visits_csv_init(&csv, file, NULL) == 0);
    assert(dw_visits_csv_read(&csv, &again, NULL) == 1);
    assert(strcmp(again.zone, row->zone) == 0 && strcmp(again.site, row->site) == 0);
    assert(again.visit.enter_us == visit->enter_us && again.visit.dwell_us == visit->dwell_us);
    assert(memcmp(again.visit.id, visit->id, sizeof(visit->id)) == 0);
    dw_visits_csv_fini(&csv);
    fclose(file);
    dw_buf_fini(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FILE *file = size > 0 ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
    if (file == NULL)
        return 0;
    struct dw_visits_csv csv;
    struct dw_visit_row row;
    struct dw_err err = { { 0 } };
    int code = dw_visits_csv_init(&csv, file, &err);
    assert((code == 0) == (err.text[0] == '\0'));
    while (code == 0) {
        int got = dw_visits_csv_read(&csv, &row, &err);
        if (got == 0 || (got < 0 && got != -EINVAL))
            break;
        if (got == 1)
            check_row(&row);
        else
            assert(err.text[0] != '\0');
    }
    dw_visits_csv_fini(&csv);
    fclose(file);
    return 0;
}
