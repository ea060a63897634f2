/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever is taken for opening hours opens and closes within the week. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "conf/alerts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dw_hours hours = { 0 };
    struct dw_err err = { { 0 } };
    char *text = calloc(1, size + 1);
    assert(text != NULL);
    memcpy(text, data, size);
    int code = dw_hours_parse(&hours, text, &err);
    assert((code == 0) == (err.text[0] == '\0'));
    assert((code == 0) == (hours.count > 0));
    for (size_t i = 0; i < hours.count; i++) {
        const struct dw_hours_span *span = &hours.spans[i];
        assert(span->days > 0 && span->days < 1U << 7);
        assert(span->from_min >= 0 && span->from_min < 1440);
        assert(span->minutes > 0 && span->minutes <= 1440);
        int open = 0;
        for (int minute = 0; minute < 7 * 1440; minute++)
            open += dw_hours_open(&hours, minute);
        assert(open >= span->minutes);
    }
    free(text);
    return 0;
}
