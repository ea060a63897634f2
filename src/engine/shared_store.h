/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One store for all cameras of a site: each takes it for a transaction and gives it back. Any
 * thread may call anything.
 */
#ifndef DW_ENGINE_SHARED_STORE_H
#define DW_ENGINE_SHARED_STORE_H

#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"

struct dw_store;
struct dw_shared_store;

/* As dw_store_create(). */
int dw_shared_store_create(struct dw_shared_store **out, const char *url, struct dw_err *err);

/* Closes the store; nobody has it. NULL is fine. */
void dw_shared_store_destroy(struct dw_shared_store *shared);
DW_DEFINE_AUTO(shared_store)

/* Waits at most so long (negative: for ever); NULL when somebody else had it all the time. */
struct dw_store *dw_shared_store_take(struct dw_shared_store *shared, int64_t wait_us);
void dw_shared_store_give(struct dw_shared_store *shared);

#endif
