/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/report_kind.h"

#include <math.h>
#include <string.h>

#include "insight/kinds.h"
#include "insight/local_day.h"
#include "insight/simulated_store.h"

/* Sorted by name. */
static const struct dw_report_kind *const kinds[] = {
    &dw_report_compare,  &dw_report_displays, &dw_report_flow,     &dw_report_funnel,
    &dw_report_heat_map, &dw_report_staff,    &dw_report_staffing, &dw_report_summary,
};

const struct dw_report_kind *dw_report_kind_at(size_t number)
{
    return number < DW_LENGTH(kinds) ? kinds[number] : NULL;
}

const struct dw_report_kind *dw_report_kind_find(const char *name)
{
    for (size_t i = 0; i < DW_LENGTH(kinds); i++)
        if (strcmp(kinds[i]->name, name) == 0)
            return kinds[i];
    return NULL;
}

static char *place_of(const struct dw_report_request *request)
{
    const char *camera = request->camera, *zone = request->zone;
    return dw_strdup_printf("%s%s%s%s", camera != NULL ? ", camera " : "",
                            camera != NULL ? camera : "", zone != NULL ? ", zone " : "",
                            zone != NULL ? zone : "");
}

int dw_report_kind_fill(const struct dw_report_kind *kind, struct dw_sheet *sheet,
                        struct dw_store *store, const struct dw_report_request *request,
                        struct dw_err *err)
{
    char first[DW_DATE_SIZE], last[DW_DATE_SIZE];
    sheet->kind = dw_strdup(kind->name);
    sheet->period = dw_strdup_printf("%s to %s", dw_local_date(first, request->from_day),
                                     dw_local_date(last, request->to_day - 1));
    sheet->place = place_of(request);
    int result = dw_store_begin(store, err);
    if (result < 0)
        return result;
    result = kind->fill(sheet, store, request, err);
    dw_store_rollback(store);
    size_t cells = 0;
    for (size_t i = 0; i < sheet->tables.count; i++)
        cells += sheet->tables.items[i].cells.count;
    if (result == 0 && cells == 0)
        dw_sheet_note(sheet, "Nothing was measured in these days");
    return result;
}

struct dw_store_slots dw_report_slots(const struct dw_report_request *request)
{
    int64_t first = dw_quarter_of(dw_local_day_start(request->from_day));
    int64_t end = dw_quarter_of(dw_local_day_start(request->to_day));
    return (struct dw_store_slots){ .first_quarter = first,
                                    .quarter_count = (size_t)(end - first),
                                    .slot_count = 1 };
}

struct dw_store_filter dw_report_filter(const struct dw_report_request *request)
{
    return (struct dw_store_filter){ .camera = request->camera,
                                     .from_us = dw_local_day_start(request->from_day),
                                     .to_us = dw_local_day_start(request->to_day) };
}

unsigned dw_report_roles(const struct dw_report_request *request)
{
    return request->include_staff ? 0 : DW_ROLE_BIT(DW_ROLE_UNKNOWN) | DW_ROLE_BIT(DW_ROLE_SHOPPER);
}

/* The cameras of the period. */
struct finding {
    struct dw_report_places *places;
    const char *zone;
    DW_VEC(int64_t) ids;
    DW_VEC(char *) sites;
    DW_VEC(char *) names;
};

static int find_run(void *context, const struct dw_store_run *run)
{
    struct finding *finding = context;
    finding->places->simulated |= dw_simulated_run(run);
    for (size_t i = 0; i < finding->ids.count; i++)
        if (finding->ids.items[i] == run->camera_id)
            return 0;
    dw_vec_push(&finding->ids, run->camera_id);
    dw_vec_push(&finding->sites, dw_strdup(run->site));
    dw_vec_push(&finding->names, dw_strdup(run->camera));
    return 0;
}

static int find_zone(void *context, const struct dw_store_zone *zone)
{
    struct finding *finding = context;
    if (finding->zone != NULL && strcmp(finding->zone, zone->zone.name) != 0)
        return 0;
    struct dw_report_place *place = dw_vec_add(&finding->places->list);
    place->zone_id = zone->id;
    place->camera_id = zone->camera_id;
    place->zone = zone->zone;
    place->revisions = zone->revisions;
    for (size_t i = 0; i < finding->ids.count; i++) {
        if (finding->ids.items[i] != zone->camera_id)
            continue;
        place->site = dw_strdup(finding->sites.items[i]);
        place->camera = dw_strdup(finding->names.items[i]);
        place->label = finding->ids.count == 1
                           ? dw_strdup(zone->zone.name)
                           : dw_strdup_printf("%s, %s", zone->zone.name, place->camera);
    }
    return 0;
}

int dw_report_places_read(struct dw_report_places *places, struct dw_store *store,
                          const struct dw_report_request *request, struct dw_err *err)
{
    struct finding finding = { .places = places, .zone = request->zone };
    struct dw_store_filter filter = dw_report_filter(request);
    int result = dw_store_read_runs(store, &filter, find_run, &finding, err);
    if (result == 0)
        result = dw_store_read_zones(store, &filter, find_zone, &finding, err);
    for (size_t i = 0; i < finding.ids.count; i++) {
        free(finding.sites.items[i]);
        free(finding.names.items[i]);
    }
    dw_vec_fini(&finding.ids);
    dw_vec_fini(&finding.sites);
    dw_vec_fini(&finding.names);
    return result;
}

void dw_report_places_fini(struct dw_report_places *places)
{
    for (size_t i = 0; i < places->list.count; i++) {
        free(places->list.items[i].site);
        free(places->list.items[i].camera);
        free(places->list.items[i].label);
    }
    dw_vec_fini(&places->list);
}

const struct dw_report_place *dw_report_place_of(const struct dw_report_places *places,
                                                 int64_t zone_id)
{
    for (size_t i = 0; i < places->list.count; i++)
        if (places->list.items[i].zone_id == zone_id)
            return &places->list.items[i];
    return NULL;
}

double dw_report_coverage(const struct dw_store_cover *cover)
{
    return cover->scheduled_us > 0 ? (double)cover->measured_us / (double)cover->scheduled_us
                                   : (double)NAN;
}

void dw_report_note_approximate(struct dw_sheet *sheet, int64_t visits)
{
    if (visits > 0)
        dw_sheet_note(sheet,
                      "The dwell of %lld visits that were pruned is known only by the store's "
                      "own days and may stand in the neighbouring local day",
                      (long long)visits);
}

static int widen(void *context, const struct dw_store_run *run)
{
    struct dw_span *span = context;
    bool first = span->start_us == span->end_us;
    span->start_us = first ? run->start_us : DW_MIN(span->start_us, run->start_us);
    span->end_us = first ? run->end_us : DW_MAX(span->end_us, run->end_us);
    return 0;
}

int dw_report_days_measured(struct dw_store *store, const char *camera, int64_t *from_day,
                            int64_t *to_day, struct dw_err *err)
{
    struct dw_store_filter filter = { .camera = camera };
    struct dw_span span = { 0 };
    int result = dw_store_read_runs(store, &filter, widen, &span, err);
    if (result < 0)
        return result;
    *from_day = dw_local_day(span.start_us);
    *to_day = span.start_us < span.end_us ? dw_local_day(span.end_us - 1) + 1 : *from_day;
    return 0;
}
