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

#define VISITS "camera zone from to min_dwell_s role pass"

#define QUICK false
#define SLOW true

static const struct dw_route routes[] = {
    { DW_GET, API "/alerts", READ, "limit before", QUICK, dw_route_alerts_get },
    { DW_GET, API "/audit", ADMIN, "limit before", QUICK, dw_route_audit_get },
    { DW_GET, API "/cameras", READ, "", QUICK, dw_route_cameras_get },
    { DW_POST, API "/cameras", ADMIN, "", SLOW, dw_route_cameras_post },
    { DW_PATCH, API "/cameras/{}", ADMIN, "", SLOW, dw_route_camera_patch },
    { DW_DELETE, API "/cameras/{}", ADMIN, "", SLOW, dw_route_camera_delete },
    { DW_GET, API "/cameras/{}/layout", READ, "", QUICK, dw_route_layout_get },
    { DW_PUT, API "/cameras/{}/layout", WRITE, "", SLOW, dw_route_layout_put },
    { DW_POST, API "/cameras/{}/layout/preview", WRITE, "", SLOW, dw_route_layout_preview },
    { DW_GET, API "/cameras/{}/live", READ, "", QUICK, dw_route_live_get },
    { DW_GET, API "/cameras/{}/snapshot", READ, "t", SLOW, dw_route_snapshot_get },
    { DW_POST, API "/claim", ANYBODY, "", SLOW, dw_route_claim_post },
    { DW_GET, API "/config", ADMIN, "", QUICK, dw_route_config_get },
    { DW_PUT, API "/config", ADMIN, "", SLOW, dw_route_config_put },
    { DW_GET, API "/events", READ, "camera after", QUICK, dw_route_events_get },
    { DW_GET, API "/health", READ, "", SLOW, dw_route_health_get },
    { DW_GET, API "/openapi.yaml", ANYBODY, "", QUICK, dw_route_openapi_get },
    { DW_GET, API "/promotions", READ, "", QUICK, dw_route_promotions_get },
    { DW_POST, API "/promotions", WRITE, "", QUICK, dw_route_promotions_post },
    { DW_PUT, API "/promotions/{}", WRITE, "", QUICK, dw_route_promotion_put },
    { DW_DELETE, API "/promotions/{}", WRITE, "", QUICK, dw_route_promotion_delete },
    { DW_GET, API "/reports", READ, "", QUICK, dw_route_reports_get },
    { DW_GET, API "/reports/{}", READ, NULL, SLOW, dw_route_report_get },
    { DW_GET, API "/session", ANYBODY, "", QUICK, dw_route_session_get },
    { DW_POST, API "/session", ANYBODY, "", SLOW, dw_route_session_post },
    { DW_DELETE, API "/session", SIGNED_IN, "", QUICK, dw_route_session_delete },
    { DW_GET, API "/site", READ, "", QUICK, dw_route_site_get },
    { DW_GET, API "/today", READ, "", SLOW, dw_route_today_get },
    { DW_GET, API "/tokens", ADMIN, "", QUICK, dw_route_tokens_get },
    { DW_POST, API "/tokens", ADMIN, "", QUICK, dw_route_tokens_post },
    { DW_DELETE, API "/tokens/{}", ADMIN, "", QUICK, dw_route_token_delete },
    { DW_GET, API "/users", ADMIN, "", QUICK, dw_route_users_get },
    { DW_POST, API "/users", ADMIN, "", SLOW, dw_route_users_post },
    { DW_PATCH, API "/users/{}", ADMIN, "", SLOW, dw_route_user_patch },
    { DW_DELETE, API "/users/{}", ADMIN, "", QUICK, dw_route_user_delete },
    { DW_GET, API "/visits", READ, VISITS " cursor limit", SLOW, dw_route_visits_get },
    { DW_GET, API "/visits.csv", READ, VISITS, SLOW, dw_route_visits_csv },
    { DW_GET, "/healthz", ANYBODY, "", QUICK, dw_route_healthz_get },
    { DW_GET, "/metrics", METRICS, "", SLOW, dw_route_metrics_get },
};

const struct dw_route *dw_routes(size_t *count)
{
    *count = DW_LENGTH(routes);
    return routes;
}
