/* SPDX-License-Identifier: Apache-2.0 */
/* What all routes work with; private to src/http. Unchanging while requests are answered, but for
 * what says that any thread may use it. */
#ifndef DW_HTTP_APP_H
#define DW_HTTP_APP_H

#include "http/access.h"
#include "http/audit.h"
#include "http/server.h"

struct dw_app {
    struct dw_access *access;
    struct dw_audit *audit;
    struct dw_server *server; /* NULL in tests */
    struct dw_site *site;
    struct dw_events *events;
    struct dw_stores *stores;
    struct dw_store_size_cache *store_size;
    struct dw_promotions *promotions;
    DW_VEC(char *) hosts; /* by which it may be called, beside addresses and localhost */
    char *listen;         /* where it shall listen once it is claimed; NULL: where it does */
    int64_t started_us;
};

#endif
