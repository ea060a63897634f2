/* SPDX-License-Identifier: Apache-2.0 */
#include "true_boxes.h"

#include <stdio.h>
#include <stdlib.h>

static int by_frame(const void *a, const void *b)
{
    const struct true_box *x = a, *y = b;
    return x->frame != y->frame ? (x->frame > y->frame) - (x->frame < y->frame)
                                : (x->track > y->track) - (x->track < y->track);
}

bool true_boxes_read(struct true_boxes *boxes, const char *path)
{
    FILE *file = fopen(path, "re");
    char line[512];
    if (file == NULL)
        return false;
    while (fgets(line, sizeof(line), file) != NULL) {
        struct true_box truth;
        if (sscanf(line, "%d,%d,%f,%f,%f,%f", &truth.frame, &truth.track, &truth.box.x,
                   &truth.box.y, &truth.box.w, &truth.box.h) == 6)
            dw_vec_push(boxes, truth);
    }
    fclose(file);
    if (boxes->count > 0)
        qsort(boxes->items, boxes->count, sizeof(struct true_box), by_frame);
    return boxes->count > 0;
}
