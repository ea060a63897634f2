/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alert.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/vec.h"

/* Whoever has not counted for this long has ended their stay, whatever the settings. */
#define FORGET_US INT64_C(86400000000)

static const char *const kind_names[DW_ALERT_KIND_COUNT] = {
    [DW_ALERT_DWELL] = "dwell",
    [DW_ALERT_EMPTY] = "empty",
    [DW_ALERT_OCCUPANCY] = "occupancy",
    [DW_ALERT_QUEUE] = "queue",
};

static const char *const end_names[DW_ALERT_END_COUNT] = {
    [DW_ALERT_OVER] = "over",       [DW_ALERT_CLOSED] = "closed",   [DW_ALERT_GAP] = "gap",
    [DW_ALERT_RESTART] = "restart", [DW_ALERT_STOPPED] = "stopped",
};

static int find_name(const char *const *names, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

const char *dw_alert_kind_name(enum dw_alert_kind kind)
{
    return kind_names[kind];
}

int dw_alert_kind_parse(const char *name)
{
    return find_name(kind_names, DW_ALERT_KIND_COUNT, name);
}

const char *dw_alert_end_name(enum dw_alert_end end)
{
    return end_names[end];
}

int dw_alert_end_parse(const char *name)
{
    return find_name(end_names, DW_ALERT_END_COUNT, name);
}

/* How long something has been so. */
struct timer {
    bool runs;
    int64_t since_us;
};

static bool has_lasted(struct timer *timer, bool so, int64_t now_us, int64_t for_us)
{
    if (so && !timer->runs)
        timer->since_us = now_us;
    timer->runs = so;
    return so && now_us - timer->since_us >= for_us;
}

/* One that was raised, and perhaps cleared; of a person it is remembered while they may be back. */
struct raised {
    bool lasts;
    int64_t told_us;
    int64_t counted_us; /* when its person counted last */
    struct dw_alert alert;
};

struct rule {
    const struct dw_alert_rule *conf;
    struct timer met, over;
    bool any;                     /* one was raised before ... */
    int64_t raised_us;            /* ... the last one then */
    DW_VEC(struct raised) raised; /* of a dwell rule one for each stay, else one at the most */
};

struct dw_alerts {
    struct rule *rules;
    size_t count;
    DW_VEC(struct dw_alert_event) events;
};

struct dw_alerts *dw_alerts_create(const struct dw_layout *layout)
{
    struct dw_alerts *alerts = dw_alloc0(sizeof(*alerts));
    alerts->count = layout->alert_count;
    alerts->rules = dw_alloc_array0(alerts->count, sizeof(*alerts->rules));
    for (size_t i = 0; i < alerts->count; i++)
        alerts->rules[i].conf = &layout->alerts[i];
    return alerts;
}

void dw_alerts_destroy(struct dw_alerts *alerts)
{
    if (alerts == NULL)
        return;
    for (size_t i = 0; i < alerts->count; i++)
        dw_vec_fini(&alerts->rules[i].raised);
    dw_vec_fini(&alerts->events);
    free(alerts->rules);
    free(alerts);
}

static void tell(struct dw_alerts *alerts, struct raised *raised, int64_t now_us)
{
    raised->told_us = now_us;
    raised->alert.told++;
    dw_vec_push(&alerts->events, ((struct dw_alert_event){ false, now_us, raised->alert }));
}

static void clear(struct dw_alerts *alerts, struct raised *raised, int64_t now_us,
                  enum dw_alert_end end)
{
    raised->lasts = false;
    raised->alert.cleared_us = now_us;
    raised->alert.end = end;
    dw_vec_push(&alerts->events, ((struct dw_alert_event){ true, now_us, raised->alert }));
}

static void clear_all(struct dw_alerts *alerts, struct rule *rule, int64_t now_us,
                      enum dw_alert_end end)
{
    for (size_t i = 0; i < rule->raised.count; i++)
        if (rule->raised.items[i].lasts)
            clear(alerts, &rule->raised.items[i], now_us, end);
}

static void raise_alert(struct dw_alerts *alerts, struct rule *rule, struct dw_alert alert)
{
    bool cold = rule->any && alert.raised_us - rule->raised_us < rule->conf->cooldown_us;
    if (cold)
        return;
    alert.rule = (int)(rule - alerts->rules);
    rule->any = true;
    rule->raised_us = alert.raised_us;
    dw_vec_push(&rule->raised, ((struct raised){ true, 0, alert.raised_us, alert }));
    tell(alerts, &rule->raised.items[rule->raised.count - 1], alert.raised_us);
}

/* --- Rules about how many ------------------------------------------------------------------- */

static int count_people(const struct dw_alert_rule *rule, const struct dw_alert_moment *moment)
{
    int64_t least_us = rule->kind == DW_ALERT_QUEUE ? rule->wait_us : 0;
    int people = 0;
    for (size_t i = 0; i < moment->present_count; i++) {
        const struct dw_present *present = &moment->present[i];
        people += present->zone == rule->zone && present->dwell_us >= least_us;
    }
    return people;
}

static void repeat(struct dw_alerts *alerts, const struct rule *rule, struct raised *raised,
                   int64_t now_us, int people)
{
    raised->alert.people = people;
    if (rule->conf->repeat_us > 0 && now_us - raised->told_us >= rule->conf->repeat_us)
        tell(alerts, raised, now_us);
}

static void watch_level(struct dw_alerts *alerts, struct rule *rule,
                        const struct dw_alert_moment *moment, int people)
{
    const struct dw_alert_rule *conf = rule->conf;
    bool nobody = conf->kind == DW_ALERT_EMPTY;
    bool met = nobody ? people == 0 : people >= conf->people;
    bool over = nobody ? people > 0 : people < conf->clear_below;
    bool raise = has_lasted(&rule->met, met, moment->time_us, conf->for_us);
    bool ended = has_lasted(&rule->over, over, moment->time_us, conf->clear_us);
    if (rule->raised.count == 0) {
        if (raise)
            raise_alert(alerts, rule,
                        (struct dw_alert){ .people = people,
                                           .since_us = rule->met.since_us,
                                           .raised_us = moment->time_us });
        return;
    }
    struct raised *raised = &rule->raised.items[0];
    if (ended) {
        raised->alert.people = people;
        clear(alerts, raised, moment->time_us, DW_ALERT_OVER);
        dw_vec_clear(&rule->raised);
    } else {
        repeat(alerts, rule, raised, moment->time_us, people);
    }
}

/* --- Rules about one person ----------------------------------------------------------------- */

static struct raised *find_stay(struct rule *rule, const struct dw_present *present)
{
    for (size_t i = 0; i < rule->raised.count; i++) {
        struct raised *raised = &rule->raised.items[i];
        if (raised->alert.person == present->person && raised->alert.since_us == present->enter_us)
            return raised;
    }
    return NULL;
}

static void watch_person(struct dw_alerts *alerts, struct rule *rule,
                         const struct dw_present *present, int64_t now_us, int people)
{
    struct raised *raised = find_stay(rule, present);
    if (raised != NULL) {
        raised->counted_us = now_us;
        if (raised->lasts)
            repeat(alerts, rule, raised, now_us, people);
    } else if (present->dwell_us >= rule->conf->for_us) {
        raise_alert(alerts, rule,
                    (struct dw_alert){ .person = present->person,
                                       .people = people,
                                       .since_us = present->enter_us,
                                       .raised_us = now_us });
    }
}

static void watch_people(struct dw_alerts *alerts, struct rule *rule,
                         const struct dw_alert_moment *moment, int people)
{
    for (size_t i = 0; i < moment->present_count; i++)
        if (moment->present[i].zone == rule->conf->zone)
            watch_person(alerts, rule, &moment->present[i], moment->time_us, people);
    for (size_t i = 0; i < rule->raised.count;) {
        struct raised *raised = &rule->raised.items[i];
        if (raised->lasts && raised->counted_us < moment->time_us) {
            raised->alert.people = people;
            clear(alerts, raised, moment->time_us, DW_ALERT_OVER);
        }
        if (moment->time_us - raised->counted_us > FORGET_US)
            dw_vec_remove(&rule->raised, i);
        else
            i++;
    }
}

/* --- All ------------------------------------------------------------------------------------ */

static void begin_anew(struct dw_alerts *alerts, struct rule *rule, int64_t now_us,
                       enum dw_alert_end end)
{
    clear_all(alerts, rule, now_us, end);
    rule->met.runs = rule->over.runs = false;
    if (rule->conf->kind != DW_ALERT_DWELL)
        dw_vec_clear(&rule->raised);
}

struct dw_alert_output dw_alerts_step(struct dw_alerts *alerts,
                                      const struct dw_alert_moment *moment)
{
    dw_vec_clear(&alerts->events);
    for (size_t i = 0; i < alerts->count; i++) {
        struct rule *rule = &alerts->rules[i];
        int people = count_people(rule->conf, moment);
        if (!dw_hours_open(&rule->conf->hours, moment->week_minute))
            begin_anew(alerts, rule, moment->time_us, DW_ALERT_CLOSED);
        else if (rule->conf->kind == DW_ALERT_DWELL)
            watch_people(alerts, rule, moment, people);
        else
            watch_level(alerts, rule, moment, people);
    }
    return (struct dw_alert_output){ alerts->events.items, alerts->events.count };
}

struct dw_alert_output dw_alerts_stop(struct dw_alerts *alerts, int64_t end_us,
                                      enum dw_alert_end end)
{
    dw_vec_clear(&alerts->events);
    for (size_t i = 0; i < alerts->count; i++)
        begin_anew(alerts, &alerts->rules[i], end_us, end);
    return (struct dw_alert_output){ alerts->events.items, alerts->events.count };
}
