/* SPDX-License-Identifier: Apache-2.0 */
#include "core/track.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/vec.h"
#include "core/assign.h"

#define FRAMES_KEPT 1024

/* Hits wanted before somebody counts are never more than frames in this time bring, nor under 2. */
#define HITS_S 0.4

/* Frames farther apart than this are rare: newcomers get all the time they need, and are expected
 * as others are, for few would be seen where they were. */
#define RARE_S 0.3

/* Only people seen this shortly ago cover others. */
#define COVERS_US 500000

/* Only people seen this shortly ago are found again by their last box. */
#define RECOVER_US 500000

/* Covered this much, somebody unseen is not missed. */
#define HIDDEN 0.5

/* Costs are moved up by this, since the assignment wants them below a common limit. */
#define LIMIT 100

struct moment {
    int64_t time_us, frame;
};

/* One frame in the life of a track. */
struct step {
    struct moment at;
    bool observed;
    double score;
    struct dw_box seen;
    struct dw_body_step how;      /* from the step before ... */
    struct dw_body before, after; /* ... as predicted, and with what was seen */
};

/* Where and when somebody was. */
struct spot {
    struct moment at;
    struct dw_box box;
};

/* Somebody no longer looked for by overlap, but who may still be joined to a new track. */
struct departed {
    int64_t person;
    struct spot last;
    struct dw_track_end end;
    struct dw_appearance look;
};

struct track {
    int64_t person;           /* 0 until confirmed */
    struct dw_body body;      /* at the frame now */
    struct dw_body_gate gate; /* ready to be compared with its boxes */
    struct dw_body last_body;
    struct dw_box last_seen; /* as detected */
    struct moment first, last;
    int hits;
    double missed_s;    /* unseen for that long though in view */
    double covered;     /* share of the expected box that others hide, this frame */
    bool matched;       /* on this frame */
    bool gone;          /* to be taken off the list */
    bool joined;        /* goes on from `before`, which is still to be bridged */
    struct spot before; /* the last moment told, or of the track it goes on from */
    struct dw_appearance look;
    DW_VEC(struct step) steps; /* not told yet; the last may be unobserved */
};

/* A detection of the frame, ready to be compared. */
struct candidate {
    struct dw_body_seen seen;
    double weight; /* -INFINITY: of no use */
    bool certain;
};

/* Where to find the candidates from left to right. */
struct across {
    double x_px;
    size_t candidate;
};

struct dw_tracker {
    struct dw_track_params params;
    struct dw_view view;
    DW_VEC(struct track) tracks;
    DW_VEC(struct departed) departed;
    DW_VEC(struct dw_sighting) sightings;
    DW_VEC(struct dw_sighting) live;
    struct moment frames[FRAMES_KEPT]; /* ring of the frames of late, for bridging */
    size_t frame_count;
    int64_t persons;
    int64_t now_us;
    double dt;         /* since the frame before */
    double interval_s; /* running mean of it */

    struct dw_assign assign;
    DW_VEC(struct dw_link_offer) offers;
    DW_VEC(int) pairs;
    DW_VEC(int) rows;            /* tracks ... */
    DW_VEC(int) columns;         /* ... and detections that were left over */
    DW_VEC(struct dw_box) boxes; /* where tracks are expected */
    DW_VEC(struct candidate) candidates;
    DW_VEC(struct across) across; /* ... and in this order */
    DW_VEC(bool) taken;           /* detections already matched */
};

/* Found by `make tune`; what each is worth is told in docs/tracking.md. */
struct dw_track_params dw_track_params_default(void)
{
    return (struct dw_track_params){
        .high = 0.6,
        .low = 0.1,
        .birth = 0.75,
        .weight = 1.84,
        .weight_low = 0.4,
        .recover_iou = 0.5,
        .birth_iou = 0.4,
        .confirm_hits = 4,
        .confirm_us = 1000000,
        .seen = 0.87,
        .covered = 0.8,
        .tentative = 0.5,
        .missed_s = 2,
        .unseen_s = 7,
        .lost_us = 1000000,
        .hidden_us = 6000000,
        .lag_us = 500000,
        .decide_us = 200000,
        .body = {
            .noise = 0.05,
            .noise_edge = 0.06,
            .outlier = 0.14,
            .speed_birth = 1.8,
            .q_position = 0.006,
            .q_velocity = 0.05,
            .q_height = 0.005,
            .damping_s = 1.2,
            .depth = 0.35,
        },
        .link = dw_link_params_default(),
    };
}

int64_t dw_track_latest_us(const struct dw_track_params *params)
{
    return params->lag_us + params->lag_us / 2;
}

struct dw_tracker *dw_tracker_create(const struct dw_track_params *params,
                                     const struct dw_view *view)
{
    struct dw_tracker *tracker = dw_alloc0(sizeof(*tracker));
    tracker->params = *params;
    tracker->view = *view;
    return tracker;
}

void dw_tracker_destroy(struct dw_tracker *tracker)
{
    if (tracker == NULL)
        return;
    dw_tracker_reset(tracker);
    dw_assign_fini(&tracker->assign);
    dw_vec_fini(&tracker->tracks);
    dw_vec_fini(&tracker->departed);
    dw_vec_fini(&tracker->sightings);
    dw_vec_fini(&tracker->live);
    dw_vec_fini(&tracker->offers);
    dw_vec_fini(&tracker->pairs);
    dw_vec_fini(&tracker->rows);
    dw_vec_fini(&tracker->columns);
    dw_vec_fini(&tracker->boxes);
    dw_vec_fini(&tracker->candidates);
    dw_vec_fini(&tracker->across);
    dw_vec_fini(&tracker->taken);
    free(tracker);
}

void dw_tracker_reset(struct dw_tracker *tracker)
{
    for (size_t i = 0; i < tracker->tracks.count; i++)
        dw_vec_fini(&tracker->tracks.items[i].steps);
    dw_vec_clear(&tracker->tracks);
    dw_vec_clear(&tracker->departed);
    tracker->frame_count = 0;
}

bool dw_tracker_follows(const struct dw_tracker *tracker, int64_t person)
{
    for (size_t i = 0; i < tracker->tracks.count; i++)
        if (tracker->tracks.items[i].person == person)
            return true;
    for (size_t i = 0; i < tracker->departed.count; i++)
        if (tracker->departed.items[i].person == person)
            return true;
    return false;
}

int64_t dw_tracker_settled_us(const struct dw_tracker *tracker)
{
    const struct dw_track_params *params = &tracker->params;
    return tracker->now_us - dw_track_latest_us(params) - params->confirm_us - params->decide_us;
}

static int hits_needed(const struct dw_tracker *tracker)
{
    double frames = tracker->interval_s > 0 ? 1 + round(HITS_S / tracker->interval_s) : 2;
    return (int)fmax(2, fmin(frames, tracker->params.confirm_hits));
}

/* Seen often enough to count, even if it is not decided yet as whom. */
static bool is_established(const struct dw_tracker *tracker, const struct track *track)
{
    return track->person > 0 || track->hits >= hits_needed(tracker);
}

/* The frames between two spots, filled in along a straight line. */
static void bridge(struct dw_tracker *tracker, int64_t person, struct spot from, struct spot to)
{
    size_t kept = DW_MIN(tracker->frame_count, (size_t)FRAMES_KEPT);
    int64_t gap_us = to.at.time_us - from.at.time_us;
    for (size_t back = kept; back > 0; back--) {
        struct moment frame = tracker->frames[(tracker->frame_count - back) % FRAMES_KEPT];
        if (frame.frame <= from.at.frame || frame.frame >= to.at.frame)
            continue;
        double t = (double)(frame.time_us - from.at.time_us) / (double)gap_us;
        dw_vec_push(&tracker->sightings, ((struct dw_sighting){
                                             .person = person,
                                             .time_us = frame.time_us,
                                             .frame = frame.frame,
                                             .box = dw_box_mix(from.box, to.box, t),
                                             .gap_us = gap_us,
                                             .linked = true,
                                         }));
    }
}

static struct dw_sighting sighting_of(const struct track *track, const struct step *step)
{
    return (struct dw_sighting){
        .person = track->person,
        .time_us = step->at.time_us,
        .frame = step->at.frame,
        .box = dw_body_box(&step->after),
        .seen = step->seen,
        .score = step->score,
    };
}

/* How many steps there are up to the last one on which the person was seen. */
static size_t seen_steps(const struct track *track)
{
    size_t count = track->steps.count;
    while (count > 0 && !track->steps.items[count - 1].observed)
        count--;
    return count;
}

/* Marks the sightings between those that were observed with the length of their gap. */
static void mark_gaps(const struct dw_tracker *tracker, struct track *track,
                      struct dw_sighting *sightings, size_t count)
{
    const struct step *steps = track->steps.items;
    int64_t seen_us = track->before.at.time_us;
    for (size_t i = 0; i < count; i++) {
        if (steps[i].observed) {
            seen_us = steps[i].at.time_us;
            continue;
        }
        size_t next = i + 1;
        while (!steps[next].observed)
            next++;
        sightings[i].gap_us = steps[next].at.time_us - seen_us;
        sightings[i].linked = sightings[i].gap_us > tracker->params.lost_us;
    }
    track->before.at.time_us = seen_us;
}

/* What a step looks like from `next`, the smoothed body at the step that follows it in memory. */
static struct dw_body smoothed(const struct step *step, const struct dw_body *next)
{
    struct dw_body body = step->after;
    dw_body_smooth(&body, &step[1].before, &step[1].how, next);
    return body;
}

/*
 * What the first `due` of `count` steps look like from the last of them: `after` becomes the
 * smoothed body. The later ones stay as they are, since more will be known of them.
 */
static void smooth(struct step *steps, size_t count, size_t due)
{
    struct dw_body next = steps[count - 1].after;
    for (size_t i = count - 1; i-- > 0;) {
        next = smoothed(&steps[i], &next);
        if (i < due)
            steps[i].after = next;
    }
}

/*
 * Tells where somebody was up to `until_us`, as it looks from the last time they were seen: the
 * filter's steps are smoothed backwards.
 */
static void tell(struct dw_tracker *tracker, struct track *track, int64_t until_us)
{
    struct step *steps = track->steps.items;
    size_t seen = seen_steps(track), due = 0;
    while (due < seen && steps[due].at.time_us <= until_us)
        due++;
    if (due == 0)
        return;
    smooth(steps, seen, due);
    if (track->joined) {
        struct spot first = { steps[0].at, dw_body_box(&steps[0].after) };
        bridge(tracker, track->person, track->before, first);
    }
    size_t told = tracker->sightings.count;
    for (size_t i = 0; i < due; i++)
        dw_vec_push(&tracker->sightings, sighting_of(track, &steps[i]));
    tracker->sightings.items[told].linked = track->joined;
    track->joined = false;
    mark_gaps(tracker, track, tracker->sightings.items + told, due);
    track->steps.count -= due;
    memmove(steps, steps + due, track->steps.count * sizeof(*steps));
}

/* Everybody who has waited for long enough; in blocks, as looking back costs the whole lag. */
static void tell_due(struct dw_tracker *tracker)
{
    int64_t until_us = tracker->now_us - tracker->params.lag_us;
    int64_t overdue_us = tracker->now_us - dw_track_latest_us(&tracker->params);
    for (size_t i = 0; i < tracker->tracks.count; i++) {
        struct track *track = &tracker->tracks.items[i];
        if (track->person > 0 && track->steps.count > 0 &&
            track->steps.items[0].at.time_us <= overdue_us)
            tell(tracker, track, until_us);
    }
}

static struct dw_track_end end_of(const struct dw_body *body, struct moment at, int64_t lasted_us)
{
    return (struct dw_track_end){
        .time_us = at.time_us,
        .foot_px = { body->x.position, body->upright.mean[DW_UPRIGHT_FEET] },
        .velocity = { body->x.velocity, body->upright.mean[DW_UPRIGHT_SPEED] },
        .h_px = (double)dw_body_box(body).h,
        .lasted_us = lasted_us,
    };
}

/* How a track ended, as far as it was seen. */
static struct dw_track_end last_end(const struct track *track)
{
    return end_of(&track->last_body, track->last, track->last.time_us - track->first.time_us);
}

/* How a track that is not confirmed yet began, as it looks from now. */
static struct dw_track_end first_end(const struct track *track)
{
    const struct step *steps = track->steps.items;
    struct dw_body body = steps[track->steps.count - 1].after;
    for (size_t i = track->steps.count - 1; i-- > 0;)
        body = smoothed(&steps[i], &body);
    return end_of(&body, track->first, track->last.time_us - track->first.time_us);
}

/* Takes the track off the list of those looked for by overlap; it may still be linked. */
static void depart(struct dw_tracker *tracker, struct track *track)
{
    tell(tracker, track, INT64_MAX);
    track->gone = true;
    dw_vec_push(&tracker->departed,
                ((struct departed){ track->person,
                                    { track->last, dw_body_box(&track->last_body) },
                                    last_end(track),
                                    track->look }));
}

static struct dw_link_offer offer_from(const struct dw_tracker *tracker, struct dw_track_end end,
                                       const struct dw_appearance *look,
                                       const struct dw_track_end *start)
{
    end.look = look;
    return (struct dw_link_offer){ dw_link_cost(&tracker->params.link, &end, start),
                                   dw_appearance_distance(look, start->look) };
}

/* What speaks for the track going on from candidate `index`: first come the departed, then the
 * tracks, of whom those that are lost may be meant. */
static struct dw_link_offer offer_of(const struct dw_tracker *tracker,
                                     const struct dw_track_end *start, size_t index)
{
    if (index < tracker->departed.count) {
        const struct departed *departed = &tracker->departed.items[index];
        return offer_from(tracker, departed->end, &departed->look, start);
    }
    const struct track *track = &tracker->tracks.items[index - tracker->departed.count];
    bool lost = track->person > 0 && !track->matched && !track->gone;
    if (!lost || track->last.time_us >= start->time_us)
        return (struct dw_link_offer){ .cost = (double)INFINITY };
    return offer_from(tracker, last_end(track), &track->look, start);
}

/* From which candidate the track goes on, or -1; `near`: whether there was one worth waiting for.
 */
static int find_link(struct dw_tracker *tracker, const struct track *track, bool *near)
{
    struct dw_track_end start = first_end(track);
    start.look = &track->look;
    dw_vec_clear(&tracker->offers);
    *near = false;
    for (size_t i = 0; i < tracker->departed.count + tracker->tracks.count; i++) {
        dw_vec_push(&tracker->offers, offer_of(tracker, &start, i));
        *near = *near || isfinite(tracker->offers.items[i].cost);
    }
    return dw_link_choose(&tracker->params.link, tracker->offers.items, tracker->offers.count);
}

/* Makes the track the person it goes on from. */
static void join(struct dw_tracker *tracker, struct track *track, size_t candidate)
{
    size_t index = candidate;
    if (candidate >= tracker->departed.count) {
        struct track *lost = &tracker->tracks.items[candidate - tracker->departed.count];
        index = tracker->departed.count;
        depart(tracker, lost);
    }
    const struct departed *from = &tracker->departed.items[index];
    track->person = from->person;
    track->before = from->last;
    track->joined = true;
    dw_appearance_join(&track->look, &from->look);
    dw_vec_remove(&tracker->departed, index);
}

/* Those seen often enough count from now on. Near somebody lost they wait a little, until it shows
 * whether they are the same. */
static void confirm_ready(struct dw_tracker *tracker, bool may_wait)
{
    for (size_t i = 0; i < tracker->tracks.count; i++) {
        struct track *track = &tracker->tracks.items[i];
        if (track->person > 0 || track->gone || !is_established(tracker, track))
            continue;
        bool near = false;
        int link = find_link(tracker, track, &near);
        if (near && may_wait && tracker->now_us - track->first.time_us < tracker->params.decide_us)
            continue;
        if (link >= 0)
            join(tracker, track, (size_t)link);
        else
            track->person = ++tracker->persons;
    }
}

static void look_at(struct track *track, const struct dw_track_input *input, size_t detection)
{
    if (input->looks != NULL)
        dw_appearance_add(&track->look, &input->looks[detection]);
}

/* Box `index` of this frame is this person's. */
static void match(struct dw_tracker *tracker, struct track *track,
                  const struct dw_track_input *input, size_t index)
{
    const struct dw_detection *detection = &input->detections[index];
    struct step *step = &track->steps.items[track->steps.count - 1];
    tracker->taken.items[index] = true;
    look_at(track, input, index);
    dw_body_update(&track->body, &tracker->params.body, &track->gate,
                   &tracker->candidates.items[index].seen);
    step->observed = true;
    step->score = (double)detection->score;
    step->seen = detection->box;
    step->after = track->body;
    track->hits++;
    track->matched = true;
    track->missed_s = 0;
    track->last = step->at;
    track->last_body = track->body;
    track->last_seen = detection->box;
}

static void give_birth(struct dw_tracker *tracker, struct moment now,
                       const struct dw_detection *detection)
{
    struct track *track = dw_vec_add(&tracker->tracks);
    track->body = dw_body_start(&tracker->params.body, &tracker->view, detection->box);
    track->last_body = track->body;
    track->last_seen = detection->box;
    track->first = track->last = now;
    track->hits = 1;
    track->matched = true;
    dw_vec_push(&track->steps, ((struct step){
                                   .at = now,
                                   .observed = true,
                                   .score = (double)detection->score,
                                   .seen = detection->box,
                                   .before = track->body,
                                   .after = track->body,
                               }));
}

/* Of two people whose boxes share a column of the picture the one nearer to the camera may hide
 * the other. */
static void cover(struct dw_tracker *tracker, size_t one, size_t other)
{
    struct track *tracks = tracker->tracks.items;
    bool nearer = tracks[one].gate.foot > tracks[other].gate.foot;
    size_t near = nearer ? one : other, far = nearer ? other : one;
    const struct track *front = &tracks[near];
    struct track *back = &tracks[far];
    if (front->gate.foot > back->gate.foot && is_established(tracker, front) &&
        tracker->now_us - front->last.time_us <= COVERS_US)
        back->covered = fmax(back->covered,
                             dw_box_covered(tracker->boxes.items[far], tracker->boxes.items[near]));
}

/* The share of where people are expected that others hide. */
static void cover_all(struct dw_tracker *tracker)
{
    const struct dw_box *boxes = tracker->boxes.items;
    for (size_t i = 0; i < tracker->boxes.count; i++) {
        float left = boxes[i].x, right = left + boxes[i].w;
        tracker->tracks.items[i].covered = 0;
        for (size_t j = 0; j < i; j++)
            if (boxes[j].x < right && boxes[j].x + boxes[j].w > left)
                cover(tracker, i, j);
    }
}

/* The ln of the odds that somebody is detected on this frame. */
static double odds_of_seeing(const struct dw_tracker *tracker, const struct track *track)
{
    const struct dw_track_params *params = &tracker->params;
    double unseen_s = (double)(tracker->now_us - track->last.time_us) / 1e6 - tracker->interval_s;
    double seen = params->seen * (1 - params->covered * track->covered);
    if (unseen_s > 0)
        seen *= exp(-track->missed_s / params->missed_s - unseen_s / params->unseen_s);
    if (!is_established(tracker, track) && tracker->interval_s <= RARE_S)
        seen *= params->tentative;
    return log(seen / (1 - seen));
}

/* How many candidates have their middle left of `x_px`. */
static size_t count_left_of(const struct dw_tracker *tracker, double x_px)
{
    size_t least = 0, most = tracker->across.count;
    while (least < most) {
        size_t middle = (least + most) / 2;
        if (tracker->across.items[middle].x_px < x_px)
            least = middle + 1;
        else
            most = middle;
    }
    return least;
}

/* One row of the assignment: what it costs that each detection is this track's, rather than that
 * the track is not seen and the detection nobody known. */
static void offer_detections(struct dw_tracker *tracker, const struct track *track)
{
    dw_assign_row(&tracker->assign);
    double odds = odds_of_seeing(tracker, track);
    bool established = is_established(tracker, track);
    double first_px = track->gate.x - track->gate.reach_px;
    double last_px = track->gate.x + track->gate.reach_px;
    for (size_t i = count_left_of(tracker, first_px); i < tracker->across.count; i++) {
        size_t index = tracker->across.items[i].candidate;
        const struct candidate *candidate = &tracker->candidates.items[index];
        if (candidate->seen.x > last_px)
            break;
        if (!candidate->certain && !established)
            continue;
        double cost = dw_body_misfit(&track->gate, &candidate->seen) - odds - candidate->weight;
        if (cost < 0)
            dw_assign_offer(&tracker->assign, index, LIMIT + cost);
    }
}

static void associate(struct dw_tracker *tracker, const struct dw_track_input *input)
{
    size_t rows = tracker->tracks.count;
    dw_vec_clear(&tracker->pairs);
    dw_assign_begin(&tracker->assign, input->count, LIMIT);
    cover_all(tracker);
    for (size_t i = 0; i < rows; i++) {
        offer_detections(tracker, &tracker->tracks.items[i]);
        dw_vec_push(&tracker->pairs, -1);
    }
    dw_assign_solve(&tracker->assign, tracker->pairs.items);
    for (size_t i = 0; i < rows; i++) {
        int column = tracker->pairs.items[i];
        struct track *track = &tracker->tracks.items[i];
        if (column >= 0)
            match(tracker, track, input, (size_t)column);
        else if (track->covered < HIDDEN)
            track->missed_s += tracker->dt;
    }
}

/* Who was left over though seen shortly ago, and the certain boxes left over. */
static void choose_left(struct dw_tracker *tracker)
{
    dw_vec_clear(&tracker->rows);
    dw_vec_clear(&tracker->columns);
    for (size_t i = 0; i < tracker->tracks.count; i++) {
        const struct track *track = &tracker->tracks.items[i];
        if (!track->matched && is_established(tracker, track) &&
            tracker->now_us - track->last.time_us <= RECOVER_US)
            dw_vec_push(&tracker->rows, (int)i);
    }
    for (size_t i = 0; i < tracker->candidates.count; i++)
        if (!tracker->taken.items[i] && tracker->candidates.items[i].certain)
            dw_vec_push(&tracker->columns, (int)i);
}

/*
 * Certain boxes left over, and people left over whose last box they overlap: somebody moved as
 * nobody expected. As in OC-SORT (Cao et al. 2023).
 */
static void recover(struct dw_tracker *tracker, const struct dw_track_input *input)
{
    choose_left(tracker);
    size_t rows = tracker->rows.count, columns = tracker->columns.count;
    dw_assign_begin(&tracker->assign, columns, 1 - tracker->params.recover_iou);
    for (size_t i = 0; i < rows; i++) {
        const struct track *track = &tracker->tracks.items[tracker->rows.items[i]];
        dw_assign_row(&tracker->assign);
        for (size_t j = 0; j < columns; j++) {
            struct dw_box box = input->detections[tracker->columns.items[j]].box;
            dw_assign_offer(&tracker->assign, j, 1 - dw_box_iou(track->last_seen, box));
        }
    }
    dw_assign_solve(&tracker->assign, tracker->pairs.items);
    for (size_t i = 0; i < rows; i++) {
        if (tracker->pairs.items[i] < 0)
            continue;
        int column = tracker->columns.items[tracker->pairs.items[i]];
        struct track *track = &tracker->tracks.items[tracker->rows.items[i]];
        dw_body_doubt(&track->body, input->detections[column].box);
        track->steps.items[track->steps.count - 1].before = track->body;
        track->gate = dw_body_gate_of(&track->body, &tracker->params.body);
        match(tracker, track, input, (size_t)column);
    }
}

static bool crowded(const struct dw_tracker *tracker, struct dw_box box)
{
    for (size_t i = 0; i < tracker->tracks.count; i++) {
        const struct track *track = &tracker->tracks.items[i];
        if (track->matched && dw_box_iou(track->last_seen, box) > tracker->params.birth_iou)
            return true;
    }
    return false;
}

static void bear_new(struct dw_tracker *tracker, const struct dw_track_input *input)
{
    struct moment now = { input->time_us, input->frame };
    for (size_t i = 0; i < input->count; i++) {
        const struct dw_detection *detection = &input->detections[i];
        if (!tracker->taken.items[i] && (double)detection->score >= tracker->params.birth &&
            !crowded(tracker, detection->box)) {
            give_birth(tracker, now, detection);
            look_at(&tracker->tracks.items[tracker->tracks.count - 1], input, i);
        }
    }
}

/* Not seen for so long that nobody expects them any more. */
static bool is_lost(const struct dw_tracker *tracker, const struct track *track)
{
    return track->missed_s > (double)tracker->params.lost_us / 1e6 ||
           tracker->now_us - track->last.time_us > tracker->params.hidden_us;
}

static void forget_lost(struct dw_tracker *tracker)
{
    const struct dw_track_params *params = &tracker->params;
    for (size_t i = tracker->tracks.count; i-- > 0;) {
        struct track *track = &tracker->tracks.items[i];
        bool lost = is_lost(tracker, track);
        bool never = track->person == 0 && tracker->interval_s <= RARE_S &&
                     tracker->now_us - track->first.time_us > params->confirm_us;
        if (lost && track->person > 0 && !track->gone)
            depart(tracker, track);
        if (lost || never || track->gone) {
            dw_vec_fini(&track->steps);
            dw_vec_remove(&tracker->tracks, i);
        }
    }
    int64_t longest_us = dw_link_longest_us(&params->link) + params->decide_us;
    for (size_t i = tracker->departed.count; i-- > 0;)
        if (tracker->now_us - tracker->departed.items[i].last.at.time_us > longest_us)
            dw_vec_remove(&tracker->departed, i);
}

static void predict_everybody(struct dw_tracker *tracker, struct moment now, int64_t before_us)
{
    dw_vec_clear(&tracker->boxes);
    for (size_t i = 0; i < tracker->tracks.count; i++) {
        struct track *track = &tracker->tracks.items[i];
        bool seen = track->last.time_us >= before_us;
        struct step *step = dw_vec_add(&track->steps);
        step->at = now;
        step->how =
            dw_body_predict(&track->body, &tracker->params.body, &tracker->view, tracker->dt, seen);
        step->before = step->after = track->body;
        dw_vec_push(&tracker->boxes, dw_body_box(&track->body));
        track->gate = dw_body_gate_of(&track->body, &tracker->params.body);
        track->matched = false;
    }
}

/* Puts a candidate between those left and right of it; they are too few for a better sort. */
static void place(struct dw_tracker *tracker, double x_px, size_t candidate)
{
    size_t at = tracker->across.count;
    dw_vec_push(&tracker->across, ((struct across){ x_px, candidate }));
    struct across *across = tracker->across.items;
    for (; at > 0 && across[at - 1].x_px > x_px; at--)
        across[at] = across[at - 1];
    across[at] = (struct across){ x_px, candidate };
}

static void look_at_detections(struct dw_tracker *tracker, const struct dw_track_input *input)
{
    const struct dw_track_params *params = &tracker->params;
    dw_vec_clear(&tracker->candidates);
    dw_vec_clear(&tracker->across);
    dw_vec_clear(&tracker->taken);
    for (size_t i = 0; i < input->count; i++) {
        double score = (double)input->detections[i].score;
        bool certain = score >= params->high;
        double doubtful = score >= params->low ? params->weight_low : -(double)INFINITY;
        dw_vec_push(&tracker->candidates,
                    ((struct candidate){
                        .seen = dw_body_seen_of(&tracker->view, input->detections[i].box),
                        .weight = certain ? params->weight : doubtful,
                        .certain = certain,
                    }));
        place(tracker, tracker->candidates.items[i].seen.x, i);
        dw_vec_push(&tracker->taken, false);
    }
}

static void begin_frame(struct dw_tracker *tracker, const struct dw_track_input *input)
{
    bool first = tracker->frame_count == 0;
    int64_t before_us = tracker->now_us;
    tracker->dt = first ? 0 : (double)(input->time_us - before_us) / 1e6;
    if (tracker->dt > 0)
        tracker->interval_s +=
            (tracker->dt - tracker->interval_s) * (tracker->interval_s > 0 ? 0.1 : 1);
    tracker->now_us = input->time_us;
    struct moment now = { input->time_us, input->frame };
    tracker->frames[tracker->frame_count++ % FRAMES_KEPT] = now;
    dw_vec_clear(&tracker->sightings);
    predict_everybody(tracker, now, before_us);
    look_at_detections(tracker, input);
}

static void show_live(struct dw_tracker *tracker)
{
    dw_vec_clear(&tracker->live);
    for (size_t i = 0; i < tracker->tracks.count; i++) {
        const struct track *track = &tracker->tracks.items[i];
        if (track->person > 0 && track->matched)
            dw_vec_push(&tracker->live,
                        ((struct dw_sighting){
                            .person = track->person,
                            .time_us = track->last.time_us,
                            .frame = track->last.frame,
                            .box = dw_body_box(&track->body),
                            .seen = track->last_seen,
                            .score = track->steps.items[track->steps.count - 1].score,
                        }));
    }
}

static struct dw_track_output output_of(const struct dw_tracker *tracker)
{
    return (struct dw_track_output){ tracker->sightings.items, tracker->sightings.count,
                                     tracker->live.items, tracker->live.count };
}

struct dw_track_output dw_tracker_step(struct dw_tracker *tracker,
                                       const struct dw_track_input *input)
{
    begin_frame(tracker, input);
    associate(tracker, input);
    recover(tracker, input);
    bear_new(tracker, input);
    confirm_ready(tracker, true);
    show_live(tracker);
    tell_due(tracker);
    forget_lost(tracker);
    return output_of(tracker);
}

struct dw_track_output dw_tracker_finish(struct dw_tracker *tracker)
{
    dw_vec_clear(&tracker->sightings);
    dw_vec_clear(&tracker->live);
    confirm_ready(tracker, false);
    for (size_t i = 0; i < tracker->tracks.count; i++)
        if (tracker->tracks.items[i].person > 0 && !tracker->tracks.items[i].gone)
            tell(tracker, &tracker->tracks.items[i], INT64_MAX);
    return output_of(tracker);
}
