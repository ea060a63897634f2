/* SPDX-License-Identifier: Apache-2.0 */
/* Promotions: what is accepted is printed so that it is read as the same; what is refused changes
 * nothing and is said. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "conf/promotion.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dw_promotion first = { .display = 77 }, again = { 0 };
    struct dw_err err = { { 0 } };
    struct dw_buf text = { 0 }, reprinted = { 0 };
    char *copy = dw_alloc0(size + 1);
    memcpy(copy, data, size);
    if (dw_promotion_parse(&first, copy, &err) < 0) {
        assert(first.display == 77 && err.text[0] != '\0');
    } else {
        dw_promotion_print(&first, &text);
        int result = dw_promotion_parse(&again, dw_buf_text(&text), &err);
        assert(result == 0);
        dw_promotion_print(&again, &reprinted);
        assert(strcmp(dw_buf_text(&text), dw_buf_text(&reprinted)) == 0);
    }
    dw_buf_fini(&text);
    dw_buf_fini(&reprinted);
    free(copy);
    return 0;
}
