/* SPDX-License-Identifier: Apache-2.0 */
#include "core/occupancy.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/vec.h"
#include "core/inside.h"
#include "core/stay.h"

#define QUARTER_US INT64_C(900000000)

/* Whoever has been unseen for this long, in no zone, comes back as somebody without history. */
#define FORGET_US 10000000

struct in_zone {
    struct dw_stay stay;
    struct dw_inside place;
};

struct walker {
    int64_t person, seen_us;
    struct dw_box box; /* when seen last */
    struct in_zone *zones;
};

struct zone {
    struct dw_zone_view view;
    int people;                          /* DW_PEOPLE_UNKNOWN: not measured */
    struct dw_occupancy_quarter quarter; /* going on */
};

struct dw_occupancy {
    struct dw_occupancy_conf conf;
    struct zone *zones;
    int64_t now_us; /* up to which time has been counted */
    DW_VEC(struct walker) walkers;
    DW_VEC(struct dw_present) present;
    DW_VEC(struct dw_occupancy_change) changes;
    DW_VEC(struct dw_occupancy_quarter) quarters;
};

struct dw_occupancy *dw_occupancy_create(const struct dw_occupancy_conf *conf)
{
    struct dw_occupancy *occupancy = dw_alloc0(sizeof(*occupancy));
    occupancy->conf = *conf;
    occupancy->zones = dw_alloc_array0(conf->layout->zone_count, sizeof(*occupancy->zones));
    for (size_t i = 0; i < conf->layout->zone_count; i++) {
        struct zone *zone = &occupancy->zones[i];
        zone->view = dw_zone_view(&conf->layout->zones[i], conf->width_px, conf->height_px);
        zone->people = DW_PEOPLE_UNKNOWN;
        zone->quarter.zone = (int)i;
    }
    return occupancy;
}

static void forget_walker(struct dw_occupancy *occupancy, size_t at)
{
    free(occupancy->walkers.items[at].zones);
    dw_vec_remove(&occupancy->walkers, at);
}

static void forget_everybody(struct dw_occupancy *occupancy)
{
    while (occupancy->walkers.count > 0)
        forget_walker(occupancy, occupancy->walkers.count - 1);
    dw_vec_clear(&occupancy->present);
}

void dw_occupancy_destroy(struct dw_occupancy *occupancy)
{
    if (occupancy == NULL)
        return;
    forget_everybody(occupancy);
    dw_vec_fini(&occupancy->walkers);
    dw_vec_fini(&occupancy->present);
    dw_vec_fini(&occupancy->changes);
    dw_vec_fini(&occupancy->quarters);
    free(occupancy->zones);
    free(occupancy);
}

const struct dw_present *dw_occupancy_present(const struct dw_occupancy *occupancy, size_t *count)
{
    *count = occupancy->present.count;
    return occupancy->present.items;
}

int dw_occupancy_people(const struct dw_occupancy *occupancy, int zone)
{
    return occupancy->zones[zone].people;
}

/* --- Who ------------------------------------------------------------------------------------ */

static struct walker *find_walker(struct dw_occupancy *occupancy,
                                  const struct dw_sighting *sighting)
{
    for (size_t i = 0; i < occupancy->walkers.count; i++)
        if (occupancy->walkers.items[i].person == sighting->person)
            return &occupancy->walkers.items[i];
    struct walker *walker = dw_vec_add(&occupancy->walkers);
    walker->person = sighting->person;
    walker->seen_us = sighting->time_us;
    walker->box = sighting->box;
    walker->zones = dw_alloc_array0(occupancy->conf.layout->zone_count, sizeof(*walker->zones));
    return walker;
}

/* Part of the way from one box to another. */
static struct dw_box between(struct dw_box a, struct dw_box b, float share)
{
    return (struct dw_box){ a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share,
                            a.w + (b.w - a.w) * share, a.h + (b.h - a.h) * share };
}

/* Where the person is, or was while unseen. */
static void be_at(struct in_zone *at, const struct zone *zone, struct dw_presence presence)
{
    struct dw_visit closed;
    const struct dw_zone_rules *rules = &zone->view.zone->rules;
    struct dw_point anchor_px = dw_box_anchor(presence.box, zone->view.zone->rules.anchor);
    presence.side = dw_inside_judge(&at->place, &zone->view, anchor_px, (double)presence.box.h);
    presence.inside = at->place.inside;
    presence.linked = presence.gap_us > rules->bridge_us;
    if (at->stay.held || presence.inside)
        (void)dw_stay_step(&at->stay, rules, &presence, &closed);
}

static void take_sighting(struct dw_occupancy *occupancy, const struct dw_sighting *sighting,
                          int64_t interval_us)
{
    struct walker *walker = find_walker(occupancy, sighting);
    int64_t unseen_us = sighting->time_us - walker->seen_us;
    struct dw_presence now = { .time_us = sighting->time_us,
                               .interval_us = interval_us,
                               .score = sighting->score,
                               .speed = -1,
                               .box = sighting->box };
    for (size_t i = 0; i < occupancy->conf.layout->zone_count; i++) {
        struct in_zone *at = &walker->zones[i];
        struct dw_presence then = now;
        then.gap_us = unseen_us;
        then.time_us = walker->seen_us + interval_us;
        /* Somebody seen again was meanwhile on the way here. */
        for (; at->stay.held && then.time_us <= now.time_us - interval_us;
             then.time_us += interval_us) {
            float share = (float)(then.time_us - walker->seen_us) / (float)unseen_us;
            then.box = between(walker->box, now.box, share);
            be_at(at, &occupancy->zones[i], then);
        }
        be_at(at, &occupancy->zones[i], now);
    }
    walker->seen_us = sighting->time_us;
    walker->box = sighting->box;
}

static bool counts(const struct dw_stay *stay, const struct dw_zone_rules *rules, int64_t now_us)
{
    return stay->open &&
           now_us - stay->last_us <= (stay->left ? rules->grace_us : rules->bridge_us);
}

/* Lists those of the walker's zones in which they count; whether they may still come back. */
static bool list_walker(struct dw_occupancy *occupancy, struct walker *walker, int64_t now_us)
{
    bool held = now_us - walker->seen_us < FORGET_US;
    struct dw_visit closed;
    for (size_t i = 0; i < occupancy->conf.layout->zone_count; i++) {
        struct dw_stay *stay = &walker->zones[i].stay;
        const struct dw_zone_rules *rules = &occupancy->zones[i].view.zone->rules;
        (void)dw_stay_advance(stay, rules, now_us, &closed);
        held = held || stay->held;
        if (!counts(stay, rules, now_us))
            continue;
        int64_t until_us = DW_MIN(stay->last_us, now_us);
        dw_vec_push(&occupancy->present,
                    ((struct dw_present){ (int)i, walker->person, stay->visit.enter_us,
                                          until_us - stay->visit.enter_us - stay->away_us }));
    }
    return held;
}

/* --- How many ------------------------------------------------------------------------------- */

static int64_t quarter_start(const struct dw_occupancy *occupancy, int64_t time_us)
{
    int64_t past_us = (time_us + occupancy->conf.start_wall_us) % QUARTER_US;
    return time_us - past_us - (past_us < 0 ? QUARTER_US : 0);
}

static void end_quarter(struct dw_occupancy *occupancy, struct zone *zone, int64_t next_us)
{
    if (zone->quarter.measured_us > 0)
        dw_vec_push(&occupancy->quarters, zone->quarter);
    zone->quarter = (struct dw_occupancy_quarter){ .zone = zone->quarter.zone,
                                                   .start_us = next_us,
                                                   .peak = DW_MAX(zone->people, 0) };
}

/* As many as there were go on being there up to `until_us`. */
static void let_time_pass(struct dw_occupancy *occupancy, struct zone *zone, int64_t until_us)
{
    int64_t at_us = occupancy->now_us;
    while (zone->people != DW_PEOPLE_UNKNOWN && at_us < until_us) {
        int64_t next_us = zone->quarter.start_us + QUARTER_US;
        int64_t step_us = DW_MIN(until_us, next_us) - at_us;
        zone->quarter.measured_us += step_us;
        zone->quarter.person_us += zone->people * step_us;
        at_us += step_us;
        if (at_us == next_us)
            end_quarter(occupancy, zone, next_us);
    }
}

static void change(struct dw_occupancy *occupancy, struct zone *zone, int people, int64_t time_us)
{
    if (people == zone->people)
        return;
    int64_t start_us = quarter_start(occupancy, time_us);
    if (zone->people == DW_PEOPLE_UNKNOWN && start_us != zone->quarter.start_us)
        end_quarter(occupancy, zone, start_us);
    zone->people = people;
    zone->quarter.peak = DW_MAX(zone->quarter.peak, people);
    dw_vec_push(&occupancy->changes,
                ((struct dw_occupancy_change){ zone->quarter.zone, time_us, people }));
}

static int people_in(const struct dw_occupancy *occupancy, int zone)
{
    int people = 0;
    for (size_t i = 0; i < occupancy->present.count; i++)
        people += occupancy->present.items[i].zone == zone;
    return people;
}

static void begin(struct dw_occupancy *occupancy, int64_t time_us)
{
    dw_vec_clear(&occupancy->changes);
    dw_vec_clear(&occupancy->quarters);
    for (size_t i = 0; i < occupancy->conf.layout->zone_count; i++)
        let_time_pass(occupancy, &occupancy->zones[i], time_us);
    occupancy->now_us = time_us;
}

static struct dw_occupancy_output output_of(const struct dw_occupancy *occupancy)
{
    return (struct dw_occupancy_output){ occupancy->changes.items, occupancy->changes.count,
                                         occupancy->quarters.items, occupancy->quarters.count };
}

struct dw_occupancy_output dw_occupancy_step(struct dw_occupancy *occupancy,
                                             const struct dw_occupancy_input *input)
{
    begin(occupancy, input->time_us);
    for (size_t i = 0; i < input->count; i++)
        take_sighting(occupancy, &input->live[i], DW_MAX(input->interval_us, 1000));
    dw_vec_clear(&occupancy->present);
    for (size_t i = occupancy->walkers.count; i-- > 0;)
        if (!list_walker(occupancy, &occupancy->walkers.items[i], input->time_us))
            forget_walker(occupancy, i);
    for (size_t i = 0; i < occupancy->conf.layout->zone_count; i++)
        change(occupancy, &occupancy->zones[i], people_in(occupancy, (int)i), input->time_us);
    return output_of(occupancy);
}

struct dw_occupancy_output dw_occupancy_stop(struct dw_occupancy *occupancy, int64_t end_us)
{
    begin(occupancy, end_us);
    forget_everybody(occupancy);
    for (size_t i = 0; i < occupancy->conf.layout->zone_count; i++)
        change(occupancy, &occupancy->zones[i], DW_PEOPLE_UNKNOWN, end_us);
    return output_of(occupancy);
}

struct dw_occupancy_output dw_occupancy_finish(struct dw_occupancy *occupancy, int64_t end_us)
{
    (void)dw_occupancy_stop(occupancy, end_us);
    for (size_t i = 0; i < occupancy->conf.layout->zone_count; i++)
        end_quarter(occupancy, &occupancy->zones[i], end_us);
    return output_of(occupancy);
}
