/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "media/detections_csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_row(const struct dw_detections_row *row, int64_t last)
{
    const struct dw_detection *found = &row->detection;
    assert(row->frame >= 1 && row->frame >= last);
    assert(isfinite(found->box.x) && isfinite(found->box.y));
    assert(found->box.w >= 0 && found->box.h >= 0);
    assert(found->score >= 0 && found->score <= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FILE *file = size > 0 ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
    if (file == NULL)
        return 0;
    struct dw_detections_csv csv;
    struct dw_detections_row row = { 0 };
    struct dw_err err = { { 0 } };
    dw_detections_csv_init(&csv, file);
    int code = 0;
    for (int64_t last = 0; (code = dw_detections_csv_read(&csv, &row, &err)) > 0; last = row.frame)
        check_row(&row, last);
    assert((code == 0) == (err.text[0] == '\0'));
    fclose(file);
    return 0;
}
