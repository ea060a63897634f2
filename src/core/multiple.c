/* SPDX-License-Identifier: Apache-2.0 */
#include "core/multiple.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

struct ranked {
    double p;
    size_t index;
};

static int compare(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->p != b->p)
        return a->p < b->p ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

void dw_holm(double *adjusted, const double *p, size_t count)
{
    struct ranked *ranked = dw_alloc_array0(count + 1, sizeof(*ranked));
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        adjusted[i] = p[i];
        if (!isnan(p[i]))
            ranked[known++] = (struct ranked){ p[i], i };
    }
    if (known > 1)
        qsort(ranked, known, sizeof(*ranked), compare);
    double most = 0;
    for (size_t i = 0; i < known; i++) {
        most = fmax(most, fmin(1, (double)(known - i) * ranked[i].p));
        adjusted[ranked[i].index] = most;
    }
    free(ranked);
}
