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
    { DW_GET, QUICK, API "/alerts", READ, "limit before", dw_route_alerts_get },
    { DW_GET, QUICK, API "/audit", ADMIN, "limit before", dw_route_audit_get },
    { DW_GET, QUICK, API "/cameras", READ, "", dw_route_cameras_get },
    { DW_POST, SLOW, API "/cameras", ADMIN, "", dw_route_cameras_post },
    { DW_PATCH, SLOW, API "/cameras/{}", ADMIN, "", dw_route_camera_patch },
    { DW_DELETE, SLOW, API "/cameras/{}", ADMIN, "", dw_route_camera_delete },
    { DW_GET, QUICK, API "/cameras/{}/layout", READ, "", dw_route_layout_get },
    { DW_PUT, SLOW, API "/cameras/{}/layout", WRITE, "", dw_route_layout_put },
    { DW_POST, SLOW, API "/cameras/{}/layout/preview", WRITE, "", dw_route_layout_preview },
    { DW_GET, QUICK, API "/cameras/{}/live", READ, "", dw_route_live_get },
    { DW_GET, SLOW, API "/cameras/{}/snapshot", READ, "t", dw_route_snapshot_get },
    { DW_POST, SLOW, API "/claim", ANYBODY, "", dw_route_claim_post },
    { DW_GET, QUICK, API "/config", ADMIN, "", dw_route_config_get },
    { DW_PUT, SLOW, API "/config", ADMIN, "", dw_route_config_put },
    { DW_POST, SLOW, API "/discovery", ADMIN, "", dw_route_discovery_post },
    { DW_POST, SLOW, API "/discovery/still", ADMIN, "", dw_route_discovery_still_post },
    { DW_POST, SLOW, API "/discovery/streams", ADMIN, "", dw_route_discovery_streams_post },
    { DW_GET, QUICK, API "/events", READ, "camera after", dw_route_events_get },
    { DW_GET, SLOW, API "/health", READ, "", dw_route_health_get },
    { DW_GET, QUICK, API "/openapi.yaml", ANYBODY, "", dw_route_openapi_get },
    { DW_GET, SLOW, API "/places", READ, "from to", dw_route_places_get },
    { DW_GET, SLOW, API "/privacy", READ, "", dw_route_privacy_get },
    { DW_GET, QUICK, API "/promotions", READ, "", dw_route_promotions_get },
    { DW_POST, QUICK, API "/promotions", WRITE, "", dw_route_promotions_post },
    { DW_PUT, QUICK, API "/promotions/{}", WRITE, "", dw_route_promotion_put },
    { DW_DELETE, QUICK, API "/promotions/{}", WRITE, "", dw_route_promotion_delete },
    { DW_GET, QUICK, API "/reports", READ, "", dw_route_reports_get },
    { DW_GET, SLOW, API "/reports/{}", READ, NULL, dw_route_report_get },
    { DW_GET, QUICK, API "/session", ANYBODY, "", dw_route_session_get },
    { DW_POST, SLOW, API "/session", ANYBODY, "", dw_route_session_post },
    { DW_DELETE, QUICK, API "/session", SIGNED_IN, "", dw_route_session_delete },
    { DW_GET, QUICK, API "/site", READ, "", dw_route_site_get },
    { DW_GET, QUICK, API "/staff", READ, "", dw_route_staff_get },
    { DW_POST, QUICK, API "/staff/back", WRITE, "", dw_route_staff_back_post },
    { DW_POST, QUICK, API "/staff/marks", WRITE, "", dw_route_staff_marks_post },
    { DW_POST, QUICK, API "/staff/minute", WRITE, "", dw_route_staff_minute_post },
    { DW_DELETE, QUICK, API "/staff/models/{}", WRITE, "", dw_route_staff_model_delete },
    { DW_GET, SLOW, API "/staff/models/{}/preview", READ, "against camera",
      dw_route_staff_preview_get },
    { DW_GET, SLOW, API "/staff/people", WRITE, "camera doubtful like limit",
      dw_route_staff_people_get },
    { DW_GET, QUICK, API "/staff/people/{}/tile", WRITE, "", dw_route_staff_tile_get },
    { DW_PUT, QUICK, API "/staff/set", WRITE, "", dw_route_staff_set_put },
    { DW_DELETE, SLOW, API "/staff/set", WRITE, "", dw_route_staff_set_delete },
    { DW_POST, QUICK, API "/staff/train", WRITE, "lights", dw_route_staff_train_post },
    { DW_PUT, QUICK, API "/staff/use", WRITE, "", dw_route_staff_use_put },
    { DW_GET, SLOW, API "/today", READ, "camera format", dw_route_today_get },
    { DW_GET, QUICK, API "/tokens", ADMIN, "", dw_route_tokens_get },
    { DW_POST, QUICK, API "/tokens", ADMIN, "", dw_route_tokens_post },
    { DW_DELETE, QUICK, API "/tokens/{}", ADMIN, "", dw_route_token_delete },
    { DW_GET, QUICK, API "/users", ADMIN, "", dw_route_users_get },
    { DW_POST, SLOW, API "/users", ADMIN, "", dw_route_users_post },
    { DW_PATCH, SLOW, API "/users/{}", ADMIN, "", dw_route_user_patch },
    { DW_DELETE, QUICK, API "/users/{}", ADMIN, "", dw_route_user_delete },
    { DW_GET, SLOW, API "/visits", READ, VISITS " cursor limit", dw_route_visits_get },
    { DW_GET, SLOW, API "/visits.csv", READ, VISITS, dw_route_visits_csv },
    { DW_POST, SLOW, API "/visits/{}/role", WRITE, "", dw_route_visit_role_post },
    { DW_GET, QUICK, "/healthz", ANYBODY, "", dw_route_healthz_get },
    { DW_GET, SLOW, "/metrics", METRICS, "", dw_route_metrics_get },
};

const struct dw_route *dw_routes(size_t *count)
{
    *count = DW_LENGTH(routes);
    return routes;
}
