/* SPDX-License-Identifier: Apache-2.0 */
#include "core/look.h"

#include <assert.h>
#include <math.h>

#include "base/macros.h"

#define VALUE_MOST 127

/* Looks worth this much together are known. */
#define KNOWN_WEIGHT 1.0f

void dw_look_set(struct dw_look *look, const float *vector, size_t size, double weight)
{
    assert(size <= DW_LOOK_MAX);
    float most = 0, squares = 0;
    for (size_t i = 0; i < size; i++) {
        most = fmaxf(most, fabsf(vector[i]));
        squares += vector[i] * vector[i];
    }
    *look = (struct dw_look){ .size = (uint16_t)size };
    if (!(squares > 0) || !isfinite(squares))
        return;
    for (size_t i = 0; i < size; i++)
        look->values[i] = (int8_t)lrintf(vector[i] / most * VALUE_MOST);
    look->step = most / VALUE_MOST / sqrtf(squares);
    look->weight = (float)weight;
}

double dw_look_visible(const struct dw_detection *detections, size_t count, size_t index)
{
    struct dw_box box = detections[index].box;
    double visible = 1;
    for (size_t i = 0; i < count; i++) {
        struct dw_box other = detections[i].box;
        if (i != index && other.y + other.h > box.y + box.h)
            visible -= dw_box_covered(box, other);
    }
    return DW_MAX(visible, 0);
}

void dw_appearance_add(struct dw_appearance *appearance, const struct dw_look *look)
{
    if (!(look->weight > 0))
        return;
    float factor = look->weight * look->step;
    for (size_t i = 0; i < look->size; i++)
        appearance->sum[i] += factor * (float)look->values[i];
    appearance->weight += look->weight;
    appearance->size = look->size;
}

void dw_appearance_join(struct dw_appearance *appearance, const struct dw_appearance *other)
{
    for (size_t i = 0; i < other->size; i++)
        appearance->sum[i] += other->sum[i];
    appearance->weight += other->weight;
    appearance->size = DW_MAX(appearance->size, other->size);
}

double dw_appearance_distance(const struct dw_appearance *a, const struct dw_appearance *b)
{
    if (a == NULL || b == NULL || a->weight < KNOWN_WEIGHT || b->weight < KNOWN_WEIGHT)
        return (double)NAN;
    float ab = 0, aa = 0, bb = 0;
    for (size_t i = 0; i < a->size; i++) {
        ab += a->sum[i] * b->sum[i];
        aa += a->sum[i] * a->sum[i];
        bb += b->sum[i] * b->sum[i];
    }
    return 1 - (double)ab / sqrt((double)aa * (double)bb);
}
