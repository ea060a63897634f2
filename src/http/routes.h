/* SPDX-License-Identifier: Apache-2.0 */
/* What answers each route; private to src/http. The table is in routes.c, and says who may. */
#ifndef DW_HTTP_ROUTES_H
#define DW_HTTP_ROUTES_H

#include "http/router.h"

void dw_route_session_get(struct dw_call *call);
void dw_route_session_post(struct dw_call *call);
void dw_route_session_delete(struct dw_call *call);
void dw_route_claim_post(struct dw_call *call);

void dw_route_users_get(struct dw_call *call);
void dw_route_users_post(struct dw_call *call);
void dw_route_user_patch(struct dw_call *call);
void dw_route_user_delete(struct dw_call *call);
void dw_route_tokens_get(struct dw_call *call);
void dw_route_tokens_post(struct dw_call *call);
void dw_route_token_delete(struct dw_call *call);
void dw_route_audit_get(struct dw_call *call);

#endif
