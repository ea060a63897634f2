/* SPDX-License-Identifier: Apache-2.0 */
/* A few threads that do what is handed to them, oldest first. Slow work never takes the last half
 * of them, so quick work does not wait behind it. Any thread may add. */
#ifndef DW_HTTP_WORKERS_H
#define DW_HTTP_WORKERS_H

#include <stdbool.h>

#include "base/err.h"

/* Part of what is to be done; the adder keeps it until `run` has been called. */
struct dw_work {
    void (*run)(struct dw_work *work);
    bool slow;
    struct dw_work *next; /* of the workers */
};

struct dw_workers;

int dw_workers_create(struct dw_workers **out, int count, struct dw_err *err);

/* Does what is waiting still, then ends. NULL is fine. */
void dw_workers_destroy(struct dw_workers *workers);

/* Whether it was taken: no when `most` are waiting. */
bool dw_workers_add(struct dw_workers *workers, struct dw_work *work, int most);

#endif
