/* SPDX-License-Identifier: Apache-2.0 */
/* The table of all routes, by path and method; docs/openapi.yaml says the same to others, and a
 * test that both agree. */
#include "http/routes.h"

#define API "/api/v1"

#define ANYBODY DW_LEVEL_NONE, 0
#define SIGNED_IN DW_LEVEL_VIEWER, 0
#define READ DW_LEVEL_VIEWER, DW_SCOPE_READ
#define WRITE DW_LEVEL_EDITOR, DW_SCOPE_WRITE
#define ADMIN DW_LEVEL_ADMIN, DW_SCOPE_ADMIN
#define METRICS DW_LEVEL_VIEWER, DW_SCOPE_METRICS

#define QUICK false
#define SLOW true

static const struct dw_route routes[] = {
    { DW_GET, API "/audit", ADMIN, "limit before", QUICK, dw_route_audit_get },
    { DW_POST, API "/claim", ANYBODY, "", SLOW, dw_route_claim_post },
    { DW_GET, API "/session", ANYBODY, "", QUICK, dw_route_session_get },
    { DW_POST, API "/session", ANYBODY, "", SLOW, dw_route_session_post },
    { DW_DELETE, API "/session", SIGNED_IN, "", QUICK, dw_route_session_delete },
    { DW_GET, API "/tokens", ADMIN, "", QUICK, dw_route_tokens_get },
    { DW_POST, API "/tokens", ADMIN, "", QUICK, dw_route_tokens_post },
    { DW_DELETE, API "/tokens/{}", ADMIN, "", QUICK, dw_route_token_delete },
    { DW_GET, API "/users", ADMIN, "", QUICK, dw_route_users_get },
    { DW_POST, API "/users", ADMIN, "", SLOW, dw_route_users_post },
    { DW_PATCH, API "/users/{}", ADMIN, "", SLOW, dw_route_user_patch },
    { DW_DELETE, API "/users/{}", ADMIN, "", QUICK, dw_route_user_delete },
};

const struct dw_route *dw_routes(size_t *count)
{
    *count = DW_LENGTH(routes);
    return routes;
}
