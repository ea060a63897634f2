/* SPDX-License-Identifier: Apache-2.0 */
#include "core/stay.h"

#include "base/macros.h"

struct dw_visit dw_stay_so_far(const struct dw_stay *stay, const struct dw_zone_rules *rules)
{
    struct dw_visit visit = stay->visit;
    visit.exit_us = stay->last_us;
    visit.dwell_us = stay->last_us - visit.enter_us - stay->away_us;
    visit.bridged_us = DW_MIN(visit.bridged_us, visit.dwell_us);
    visit.observed_us = visit.dwell_us - visit.bridged_us;
    visit.pass = visit.dwell_us < rules->min_dwell_us;
    visit.score = stay->score_count > 0 ? stay->score_sum / (double)stay->score_count : 0;
    if (stay->speed_count > 0)
        visit.speed_avg = stay->speed_sum / (double)stay->speed_count;
    return visit;
}

/* Ends the stay at its last presence; true when it had become a visit or pass. */
static bool close_stay(struct dw_stay *stay, const struct dw_zone_rules *rules,
                       enum dw_end_reason reason, struct dw_visit *closed)
{
    bool was_open = stay->open;
    if (was_open) {
        *closed = dw_stay_so_far(stay, rules);
        closed->end_reason = reason;
        closed->cut_end = reason != DW_END_LEFT && reason != DW_END_LOST;
        if (reason != DW_END_LEFT)
            closed->exit_side = 0;
    }
    stay->held = stay->open = false;
    return was_open;
}

static enum dw_end_reason how_it_ended(const struct dw_stay *stay)
{
    return stay->left ? DW_END_LEFT : DW_END_LOST;
}

static void begin(struct dw_stay *stay, const struct dw_presence *presence)
{
    *stay = (struct dw_stay){
        .held = true,
        .last_us = presence->time_us,
        .sampled_us = presence->time_us - presence->interval_us,
        .visit = {
            .enter_us = presence->time_us,
            .cut_start = presence->cut_start,
            .enter_side = presence->side,
            .facing_us = -1,
            .speed_avg = -1,
            .speed_min = -1,
        },
    };
}

static void be_present(struct dw_stay *stay, const struct dw_zone_rules *rules,
                       const struct dw_presence *presence)
{
    int64_t absent_us = presence->time_us - stay->last_us;
    if (absent_us > rules->grace_us)
        stay->away_us += absent_us;
    stay->left = false;
    stay->last_us = DW_MAX(stay->last_us, presence->time_us + presence->interval_us);
    if (presence->between)
        return;
    if (stay->visit.frames == 0)
        stay->visit.enter_frame = presence->frame;
    bool goes_on = presence->linked && stay->visit.frames > 0;
    if (presence->gap_us == 0 && (stay->linking || goes_on))
        stay->visit.links++;
    stay->linking = presence->linked && presence->gap_us != 0;
    if (presence->gap_us > 0) {
        stay->visit.bridged_us += presence->time_us - stay->sampled_us;
    } else {
        stay->score_sum += presence->score;
        stay->score_count++;
    }
    if (presence->speed >= 0) {
        double least = stay->visit.speed_min;
        stay->visit.speed_min =
            stay->speed_count > 0 ? DW_MIN(least, presence->speed) : presence->speed;
        stay->speed_sum += presence->speed;
        stay->speed_count++;
    }
    stay->visit.last_box = presence->box;
    stay->visit.frames++;
    stay->visit.exit_frame = presence->frame;
}

static void be_absent(struct dw_stay *stay, const struct dw_presence *presence)
{
    if (!stay->left)
        stay->visit.exit_side = presence->side;
    stay->left = true;
    /* Frame times jitter: presence never reaches into a frame that showed its absence. */
    stay->last_us = DW_MIN(stay->last_us, presence->time_us);
}

int dw_stay_step(struct dw_stay *stay, const struct dw_zone_rules *rules,
                 const struct dw_presence *presence, struct dw_visit *closed)
{
    /* Unseen for longer than may be bridged: as if the person had not been seen at all. */
    if (presence->gap_us > (presence->linked ? rules->link_us : rules->bridge_us))
        return DW_STAY_SAME;

    int changes = DW_STAY_SAME;
    int64_t forgiven_us = DW_MAX(rules->grace_us, rules->reentry_us);
    if (stay->held && presence->time_us - stay->last_us > forgiven_us)
        if (close_stay(stay, rules, how_it_ended(stay), closed))
            changes |= DW_STAY_CLOSED;

    if (!presence->inside) {
        be_absent(stay, presence);
        stay->sampled_us = presence->time_us;
        return changes;
    }
    if (!stay->held)
        begin(stay, presence);
    be_present(stay, rules, presence);
    stay->sampled_us = presence->time_us;
    if (!stay->open && stay->visit.frames > 0 &&
        stay->last_us - stay->visit.enter_us >= rules->enter_after_us) {
        stay->open = true;
        changes |= DW_STAY_OPENED;
    }
    return changes;
}

bool dw_stay_advance(struct dw_stay *stay, const struct dw_zone_rules *rules, int64_t now_us,
                     struct dw_visit *closed)
{
    if (!stay->held || now_us - stay->last_us <= dw_zone_rules_final_us(rules))
        return false;
    return close_stay(stay, rules, how_it_ended(stay), closed);
}

bool dw_stay_finish(struct dw_stay *stay, const struct dw_zone_rules *rules, int64_t now_us,
                    enum dw_end_reason reason, struct dw_visit *closed)
{
    stay->last_us = DW_MAX(DW_MIN(stay->last_us, now_us), stay->visit.enter_us);
    bool still_there =
        !stay->left && now_us - stay->last_us <= DW_MAX(rules->grace_us, rules->bridge_us);
    return close_stay(stay, rules, still_there ? reason : how_it_ended(stay), closed);
}
