/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/nms.h"

#include <stdlib.h>
#include <string.h>

#include "base/macros.h"

/* Equal scores are ordered by place, so that the result does not hang on the sort. */
static int better_first(const void *left, const void *right)
{
    const struct dw_detection *a = left, *b = right;
    const float keys[][2] = {
        { b->score, a->score }, { a->box.x, b->box.x }, { a->box.y, b->box.y },
        { a->box.w, b->box.w }, { a->box.h, b->box.h },
    };
    for (size_t i = 0; i < DW_LENGTH(keys); i++)
        if (keys[i][0] < keys[i][1] || keys[i][0] > keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    return 0;
}

size_t dw_nms(struct dw_detection *items, size_t count, double overlap)
{
    if (count > 1)
        qsort(items, count, sizeof(*items), better_first);
    size_t kept = 0;
    for (size_t i = 0; i < count && i < DW_NMS_CANDIDATES_MAX; i++) {
        size_t rival = 0;
        while (rival < kept && dw_box_iou(items[rival].box, items[i].box) <= overlap)
            rival++;
        if (rival == kept)
            items[kept++] = items[i];
    }
    return kept;
}
