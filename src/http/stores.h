/* SPDX-License-Identifier: Apache-2.0 */
/* A few connections to read the store by; each request has one to itself. Any thread. */
#ifndef DW_HTTP_STORES_H
#define DW_HTTP_STORES_H

#include "store/store_read.h"

struct dw_stores;

/* Nothing is opened before it is asked for. */
struct dw_stores *dw_stores_create(const char *url);
void dw_stores_destroy(struct dw_stores *stores);

int dw_stores_take(struct dw_stores *stores, struct dw_store **out, struct dw_err *err);

/* Back for the next. NULL is fine. `spoilt`: something went wrong with it, it is closed. */
void dw_stores_give(struct dw_stores *stores, struct dw_store *store, bool spoilt);

#endif
