/* SPDX-License-Identifier: Apache-2.0 */
/* What answers each route; private to src/http. The table is in routes.c, and says who may. */
#ifndef DW_HTTP_ROUTES_H
#define DW_HTTP_ROUTES_H

#include "http/router.h"

void dw_route_alerts_get(struct dw_call *call);
void dw_route_audit_get(struct dw_call *call);
void dw_route_camera_delete(struct dw_call *call);
void dw_route_camera_patch(struct dw_call *call);
void dw_route_cameras_get(struct dw_call *call);
void dw_route_cameras_post(struct dw_call *call);
void dw_route_claim_post(struct dw_call *call);
void dw_route_config_get(struct dw_call *call);
void dw_route_config_put(struct dw_call *call);
void dw_route_discovery_post(struct dw_call *call);
void dw_route_discovery_still_post(struct dw_call *call);
void dw_route_discovery_streams_post(struct dw_call *call);
void dw_route_events_get(struct dw_call *call);
void dw_route_health_get(struct dw_call *call);
void dw_route_healthz_get(struct dw_call *call);
void dw_route_layout_get(struct dw_call *call);
void dw_route_layout_preview(struct dw_call *call);
void dw_route_layout_put(struct dw_call *call);
void dw_route_live_get(struct dw_call *call);
void dw_route_metrics_get(struct dw_call *call);
void dw_route_openapi_get(struct dw_call *call);
void dw_route_places_get(struct dw_call *call);
void dw_route_privacy_get(struct dw_call *call);
void dw_route_promotion_delete(struct dw_call *call);
void dw_route_promotion_put(struct dw_call *call);
void dw_route_promotions_get(struct dw_call *call);
void dw_route_promotions_post(struct dw_call *call);
void dw_route_report_get(struct dw_call *call);
void dw_route_reports_get(struct dw_call *call);
void dw_route_session_delete(struct dw_call *call);
void dw_route_session_get(struct dw_call *call);
void dw_route_session_post(struct dw_call *call);
void dw_route_site_get(struct dw_call *call);
void dw_route_snapshot_get(struct dw_call *call);
void dw_route_staff_back_post(struct dw_call *call);
void dw_route_staff_get(struct dw_call *call);
void dw_route_staff_marks_post(struct dw_call *call);
void dw_route_staff_minute_post(struct dw_call *call);
void dw_route_staff_model_delete(struct dw_call *call);
void dw_route_staff_people_get(struct dw_call *call);
void dw_route_staff_preview_get(struct dw_call *call);
void dw_route_staff_set_delete(struct dw_call *call);
void dw_route_staff_set_put(struct dw_call *call);
void dw_route_staff_tile_get(struct dw_call *call);
void dw_route_staff_train_post(struct dw_call *call);
void dw_route_staff_use_put(struct dw_call *call);
void dw_route_today_get(struct dw_call *call);
void dw_route_token_delete(struct dw_call *call);
void dw_route_tokens_get(struct dw_call *call);
void dw_route_tokens_post(struct dw_call *call);
void dw_route_user_delete(struct dw_call *call);
void dw_route_user_patch(struct dw_call *call);
void dw_route_users_get(struct dw_call *call);
void dw_route_users_post(struct dw_call *call);
void dw_route_visit_role_post(struct dw_call *call);
void dw_route_visits_csv(struct dw_call *call);
void dw_route_visits_get(struct dw_call *call);

#endif
