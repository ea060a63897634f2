/* SPDX-License-Identifier: Apache-2.0 */
#include "core/track.h"

#include <assert.h>
#include <math.h>

#include "base/alloc.h"
#include "base/vec.h"
#include "core/assign.h"
#include "core/kalman.h"

#define PENDING_MAX 40
#define HISTORY_MAX 24
#define FRAMES_KEPT 1024

/* Ends of tracks are fitted over this time. */
#define END_US 700000

struct moment {
    int64_t time_us, frame;
};

/* Somebody no longer looked for by overlap, but who may still be joined to a new track. */
struct departed {
    int64_t person;
    struct moment last;
    struct dw_box last_box;
    struct dw_track_end end;
    struct dw_appearance look;
};

struct track {
    int64_t person; /* 0 until confirmed */
    struct dw_kalman cx, cy, w, h;
    struct dw_box last_box;
    struct moment first, last;
    int hits;
    bool matched;                            /* on this frame */
    bool gone;                               /* to be taken off the list */
    struct dw_sighting pending[PENDING_MAX]; /* of the unconfirmed, reported on confirmation */
    int pending_count;
    struct dw_track_point history[HISTORY_MAX]; /* ring of the last moments, thinned */
    int history_count;
    struct dw_appearance look;
};

struct dw_tracker {
    struct dw_track_params params;
    DW_VEC(struct track) tracks;
    DW_VEC(struct departed) departed;
    DW_VEC(struct dw_sighting) sightings;
    struct moment frames[FRAMES_KEPT]; /* ring of the frames of late, for bridging */
    size_t frame_count;
    int64_t persons;
    int64_t now_us;
    double interval_s; /* running mean time between frames */

    struct dw_assign assign;
    DW_VEC(double) cost;
    DW_VEC(struct dw_link_offer) offers;
    DW_VEC(int) pairs;
    DW_VEC(int) rows;    /* indices of tracks in the current stage */
    DW_VEC(int) columns; /* indices of detections in the current stage */
    DW_VEC(bool) taken;  /* detections already matched */
};

struct dw_track_params dw_track_params_default(void)
{
    return (struct dw_track_params){
        .high = 0.6,
        .low = 0.1,
        .birth = 0.75,
        .confirm_hits = 3,
        .confirm_us = 1000000,
        .lost_us = 1000000,
        .match_limit = 0.75,
        .low_iou = 0.3,
        .low_us = 1000000,
        .tentative_limit = 0.6,
        .recover_iou = 0.3,
        .birth_iou = 0.7,
        .reach = 0.1,
        .noise = 0.13,
        .noise_birth = 1,
        .q_position = 0.075,
        .q_velocity = 0.2,
        .damping_s = 0.8,
        .decide_us = 200000,
        .link = dw_link_params_default(),
    };
}

struct dw_tracker *dw_tracker_create(const struct dw_track_params *params)
{
    struct dw_tracker *tracker = dw_alloc0(sizeof(*tracker));
    tracker->params = *params;
    return tracker;
}

void dw_tracker_destroy(struct dw_tracker *tracker)
{
    if (tracker == NULL)
        return;
    dw_assign_fini(&tracker->assign);
    dw_vec_fini(&tracker->tracks);
    dw_vec_fini(&tracker->departed);
    dw_vec_fini(&tracker->sightings);
    dw_vec_fini(&tracker->cost);
    dw_vec_fini(&tracker->offers);
    dw_vec_fini(&tracker->pairs);
    dw_vec_fini(&tracker->rows);
    dw_vec_fini(&tracker->columns);
    dw_vec_fini(&tracker->taken);
    free(tracker);
}

void dw_tracker_reset(struct dw_tracker *tracker)
{
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

/* Fewer hits will do when frames are rare, or nobody would ever count. */
static int hits_needed(const struct dw_tracker *tracker)
{
    return tracker->interval_s > 0.3 ? 2 : tracker->params.confirm_hits;
}

/* Seen often enough to count, even if it is not decided yet as whom. */
static bool is_established(const struct dw_tracker *tracker, const struct track *track)
{
    return track->person > 0 || track->hits >= hits_needed(tracker);
}

static struct dw_box predicted_box(const struct track *track)
{
    double w = fmax(track->w.position, 1), h = fmax(track->h.position, 1);
    return (struct dw_box){ (float)(track->cx.position - w / 2),
                            (float)(track->cy.position - h / 2), (float)w, (float)h };
}

static void predict(const struct dw_track_params *params, struct track *track, double dt,
                    bool unseen)
{
    double h = fmax(track->h.position, 1), unit = h * h;
    double damping = unseen ? params->damping_s : 0;
    double q_position = params->q_position * unit, q_velocity = params->q_velocity * unit;
    if (unseen)
        track->w.velocity = track->h.velocity = 0;
    dw_kalman_predict(&track->cx, dt, q_position, q_velocity, damping);
    dw_kalman_predict(&track->cy, dt, q_position, q_velocity, damping);
    dw_kalman_predict(&track->w, dt, q_position / 4, q_velocity / 4, damping);
    dw_kalman_predict(&track->h, dt, q_position, q_velocity / 4, damping);
}

static void start_filter(const struct dw_track_params *params, struct track *track,
                         struct dw_box box)
{
    double h = (double)box.h, r = pow(params->noise * h, 2), v = pow(params->noise_birth * h, 2);
    track->cx = dw_kalman_start((double)box.x + (double)box.w / 2, r, v);
    track->cy = dw_kalman_start((double)box.y + h / 2, r, v);
    track->w = dw_kalman_start((double)box.w, r, v / 16);
    track->h = dw_kalman_start(h, r, v / 16);
}

static void update_filter(const struct dw_track_params *params, struct track *track,
                          const struct dw_detection *detection)
{
    struct dw_box box = detection->box;
    double h = fmax(track->h.position, 1), r = pow(params->noise * h, 2);
    dw_kalman_update(&track->cx, (double)box.x + (double)box.w / 2, r);
    dw_kalman_update(&track->cy, (double)box.y + (double)box.h / 2, r);
    dw_kalman_update(&track->w, (double)box.w, r);
    dw_kalman_update(&track->h, (double)box.h, r);
}

/* A moment and place where somebody was seen. */
struct spot {
    struct moment at;
    struct dw_box box;
};

/* The frames between two sightings, filled in along a straight line. */
static void bridge(struct dw_tracker *tracker, int64_t person, struct spot from, struct spot to,
                   bool linked)
{
    size_t kept = DW_MIN(tracker->frame_count, (size_t)FRAMES_KEPT);
    int64_t gap_us = to.at.time_us - from.at.time_us;
    if (to.at.frame == from.at.frame + 1)
        return;
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
                                             .linked = linked,
                                         }));
    }
}

/* Where the filter has the person after this detection: boxes jitter by several percent of their
 * height, and at a zone's edge that would be visits. */
static struct dw_sighting sighting_of(const struct track *track, struct moment now,
                                      const struct dw_detection *detection)
{
    return (struct dw_sighting){
        .person = track->person,
        .time_us = now.time_us,
        .frame = now.frame,
        .box = predicted_box(track),
        .score = (double)detection->score,
    };
}

static struct spot spot_of(const struct dw_sighting *sighting)
{
    return (struct spot){ { sighting->time_us, sighting->frame }, sighting->box };
}

/* Tells about somebody from the beginning; `before`: where they were last seen, or NULL. */
static void tell_from_start(struct dw_tracker *tracker, struct track *track,
                            const struct spot *before)
{
    for (int i = 0; i < track->pending_count; i++) {
        struct spot here = spot_of(&track->pending[i]);
        if (i > 0 || before != NULL)
            bridge(tracker, track->person, i > 0 ? spot_of(&track->pending[i - 1]) : *before, here,
                   i == 0);
        dw_vec_push(&tracker->sightings, track->pending[i]);
        tracker->sightings.items[tracker->sightings.count - 1].person = track->person;
    }
    track->pending_count = 0;
}

static struct dw_track_point point_of(const struct dw_sighting *sighting)
{
    return (struct dw_track_point){ sighting->time_us,
                                    dw_box_anchor(sighting->box, DW_ANCHOR_FOOTPRINT),
                                    (double)sighting->box.h };
}

static void remember(struct track *track, const struct dw_sighting *sighting)
{
    struct dw_track_point *last =
        &track->history[(track->history_count + HISTORY_MAX - 1) % HISTORY_MAX];
    if (track->history_count > 0 && sighting->time_us - last->time_us < END_US / HISTORY_MAX)
        return;
    track->history[track->history_count++ % HISTORY_MAX] = point_of(sighting);
}

/* How a track ended. */
static struct dw_track_end end_of(const struct track *track)
{
    struct dw_track_point points[HISTORY_MAX];
    size_t count = 0;
    int kept = DW_MIN(track->history_count, HISTORY_MAX);
    for (int i = 0; i < kept; i++) {
        const struct dw_track_point *point = &track->history[i];
        if (track->last.time_us - point->time_us <= END_US)
            points[count++] = *point;
    }
    struct dw_track_end end = dw_track_end_fit(points, count, track->last.time_us);
    end.lasted_us = track->last.time_us - track->first.time_us;
    return end;
}

/* How a track that is not confirmed yet began. */
static struct dw_track_end start_of(const struct track *track)
{
    struct dw_track_point points[PENDING_MAX];
    for (int i = 0; i < track->pending_count; i++)
        points[i] = point_of(&track->pending[i]);
    struct dw_track_end end =
        dw_track_end_fit(points, (size_t)track->pending_count, track->first.time_us);
    end.lasted_us = track->pending[track->pending_count - 1].time_us - track->first.time_us;
    return end;
}

/* Takes the track off the list of those looked for by overlap; it may still be linked. */
static void depart(struct dw_tracker *tracker, struct track *track)
{
    track->gone = true;
    dw_vec_push(&tracker->departed, ((struct departed){ track->person, track->last, track->last_box,
                                                        end_of(track), track->look }));
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
    return offer_from(tracker, end_of(track), &track->look, start);
}

/* From which candidate the track goes on, or -1; `near`: whether there was one worth waiting for.
 */
static int find_link(struct dw_tracker *tracker, const struct track *track, bool *near)
{
    struct dw_track_end start = start_of(track);
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
    struct spot before = { from->last, from->last_box };
    track->person = from->person;
    dw_appearance_join(&track->look, &from->look);
    dw_vec_remove(&tracker->departed, index);
    tell_from_start(tracker, track, &before);
}

/* Those seen often enough count from now on. Near somebody lost they wait a little, until it shows
 * whether they are the same. */
static void confirm_ready(struct dw_tracker *tracker)
{
    for (size_t i = 0; i < tracker->tracks.count; i++) {
        struct track *track = &tracker->tracks.items[i];
        bool ready = track->person == 0 && track->matched && is_established(tracker, track);
        bool near = false;
        int link = ready ? find_link(tracker, track, &near) : -1;
        bool may_wait = tracker->now_us - track->first.time_us < tracker->params.decide_us &&
                        track->pending_count < PENDING_MAX;
        if (!ready || (near && may_wait))
            continue;
        if (link >= 0) {
            join(tracker, track, (size_t)link);
        } else {
            track->person = ++tracker->persons;
            tell_from_start(tracker, track, NULL);
        }
    }
}

static void report(struct dw_tracker *tracker, struct track *track, struct moment now,
                   const struct dw_detection *detection)
{
    struct dw_sighting sighting = sighting_of(track, now, detection);
    remember(track, &sighting);
    if (track->person > 0) {
        bridge(tracker, track->person, (struct spot){ track->last, track->last_box },
               spot_of(&sighting), false);
        dw_vec_push(&tracker->sightings, sighting);
    } else if (track->pending_count < PENDING_MAX) {
        track->pending[track->pending_count++] = sighting;
    }
}

static void match(struct dw_tracker *tracker, struct track *track, struct moment now,
                  const struct dw_detection *detection)
{
    update_filter(&tracker->params, track, detection);
    track->hits++;
    track->matched = true;
    report(tracker, track, now, detection);
    track->last = now;
    track->last_box = detection->box;
}

static void look_at(struct track *track, const struct dw_track_input *input, size_t detection)
{
    if (input->looks != NULL)
        dw_appearance_add(&track->look, &input->looks[detection]);
}

static void give_birth(struct dw_tracker *tracker, struct moment now,
                       const struct dw_detection *detection)
{
    struct track *track = dw_vec_add(&tracker->tracks);
    start_filter(&tracker->params, track, detection->box);
    track->first = track->last = now;
    track->last_box = detection->box;
    track->hits = 1;
    track->matched = true;
    report(tracker, track, now, detection);
}

typedef double (*pair_cost)(const struct dw_tracker *tracker, const struct track *track,
                            const struct dw_detection *detection);

/* A box widened on each side by a share of its size (buffered IoU, C-BIoU, Yang et al. 2023). */
static struct dw_box widened(struct dw_box box, double share)
{
    float dx = (float)(share * (double)box.w), dy = (float)(share * (double)box.h);
    return (struct dw_box){ box.x - dx, box.y - dy, box.w + 2 * dx, box.h + 2 * dy };
}

static double cost_certain(const struct dw_tracker *tracker, const struct track *track,
                           const struct dw_detection *detection)
{
    double unseen_s = (double)(tracker->now_us - track->last.time_us) / 1e6;
    double share = fmin(tracker->params.reach * unseen_s, 0.5);
    double iou = dw_box_iou(widened(predicted_box(track), share), widened(detection->box, share));
    return 1 - iou * (double)detection->score;
}

static double cost_overlap(const struct dw_tracker *tracker, const struct track *track,
                           const struct dw_detection *detection)
{
    (void)tracker;
    return 1 - dw_box_iou(predicted_box(track), detection->box);
}

static double cost_last_seen(const struct dw_tracker *tracker, const struct track *track,
                             const struct dw_detection *detection)
{
    (void)tracker;
    return 1 - dw_box_iou(track->last_box, detection->box);
}

/* Pairs the tracks of `rows` with the detections of `columns` and takes both out of the game. */
static void associate(struct dw_tracker *tracker, const struct dw_track_input *input,
                      pair_cost cost, double limit)
{
    size_t rows = tracker->rows.count, columns = tracker->columns.count;
    dw_vec_clear(&tracker->cost);
    dw_vec_clear(&tracker->pairs);
    for (size_t i = 0; i < rows; i++) {
        const struct track *track = &tracker->tracks.items[tracker->rows.items[i]];
        dw_vec_push(&tracker->pairs, -1);
        for (size_t j = 0; j < columns; j++)
            dw_vec_push(&tracker->cost,
                        cost(tracker, track, &input->detections[tracker->columns.items[j]]));
    }
    dw_assign_solve(&tracker->assign, tracker->cost.items, rows, columns, limit,
                    tracker->pairs.items);
    struct moment now = { input->time_us, input->frame };
    for (size_t i = 0; i < rows; i++) {
        if (tracker->pairs.items[i] < 0)
            continue;
        int column = tracker->columns.items[tracker->pairs.items[i]];
        tracker->taken.items[column] = true;
        struct track *track = &tracker->tracks.items[tracker->rows.items[i]];
        match(tracker, track, now, &input->detections[column]);
        look_at(track, input, (size_t)column);
    }
}

/* The tracks not matched yet that are (not) established and were seen within `within_us`. */
static void choose_tracks(struct dw_tracker *tracker, bool established, int64_t within_us)
{
    dw_vec_clear(&tracker->rows);
    for (size_t i = 0; i < tracker->tracks.count; i++) {
        const struct track *track = &tracker->tracks.items[i];
        bool recent = tracker->now_us - track->last.time_us <= within_us;
        if (!track->matched && is_established(tracker, track) == established && recent)
            dw_vec_push(&tracker->rows, (int)i);
    }
}

static void choose_detections(struct dw_tracker *tracker, const struct dw_track_input *input,
                              double from, double below)
{
    dw_vec_clear(&tracker->columns);
    for (size_t i = 0; i < input->count; i++) {
        double score = (double)input->detections[i].score;
        if (!tracker->taken.items[i] && score >= from && score < below)
            dw_vec_push(&tracker->columns, (int)i);
    }
}

static bool crowded(const struct dw_tracker *tracker, struct dw_box box)
{
    for (size_t i = 0; i < tracker->tracks.count; i++) {
        const struct track *track = &tracker->tracks.items[i];
        if (track->matched && dw_box_iou(track->last_box, box) > tracker->params.birth_iou)
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

static void forget_lost(struct dw_tracker *tracker)
{
    const struct dw_track_params *params = &tracker->params;
    for (size_t i = tracker->tracks.count; i-- > 0;) {
        struct track *track = &tracker->tracks.items[i];
        int64_t unseen_us = tracker->now_us - track->last.time_us;
        int64_t age_us = tracker->now_us - track->first.time_us;
        bool lost = unseen_us > params->lost_us;
        bool never =
            track->person == 0 && age_us > params->confirm_us && tracker->interval_s <= 0.3;
        if (lost && track->person > 0 && !track->gone)
            depart(tracker, track);
        if (lost || never || track->gone)
            dw_vec_remove(&tracker->tracks, i);
    }
    int64_t longest_us = dw_link_longest_us(&params->link) + params->decide_us;
    for (size_t i = tracker->departed.count; i-- > 0;)
        if (tracker->now_us - tracker->departed.items[i].last.time_us > longest_us)
            dw_vec_remove(&tracker->departed, i);
}

static void begin_frame(struct dw_tracker *tracker, const struct dw_track_input *input)
{
    double dt = tracker->frame_count > 0 ? (double)(input->time_us - tracker->now_us) / 1e6 : 0;
    int64_t before_us = tracker->now_us;
    if (dt > 0)
        tracker->interval_s += (dt - tracker->interval_s) * (tracker->interval_s > 0 ? 0.1 : 1);
    for (size_t i = 0; i < tracker->tracks.count; i++) {
        struct track *track = &tracker->tracks.items[i];
        predict(&tracker->params, track, dt, track->last.time_us < before_us);
        track->matched = false;
    }
    tracker->now_us = input->time_us;
    tracker->frames[tracker->frame_count++ % FRAMES_KEPT] =
        (struct moment){ input->time_us, input->frame };
    dw_vec_clear(&tracker->sightings);
    dw_vec_clear(&tracker->taken);
    for (size_t i = 0; i < input->count; i++)
        dw_vec_push(&tracker->taken, false);
}

size_t dw_tracker_step(struct dw_tracker *tracker, const struct dw_track_input *input,
                       const struct dw_sighting **sightings)
{
    const struct dw_track_params *params = &tracker->params;
    begin_frame(tracker, input);

    choose_tracks(tracker, true, params->lost_us);
    choose_detections(tracker, input, params->high, (double)INFINITY);
    associate(tracker, input, cost_certain, params->match_limit);

    choose_tracks(tracker, true, params->low_us);
    choose_detections(tracker, input, params->low, params->high);
    associate(tracker, input, cost_overlap, 1 - params->low_iou);

    choose_tracks(tracker, true, params->lost_us);
    choose_detections(tracker, input, params->high, (double)INFINITY);
    associate(tracker, input, cost_last_seen, 1 - params->recover_iou);

    choose_tracks(tracker, false, params->confirm_us);
    choose_detections(tracker, input, params->high, (double)INFINITY);
    associate(tracker, input, cost_certain, params->tentative_limit);

    bear_new(tracker, input);
    confirm_ready(tracker);
    forget_lost(tracker);
    *sightings = tracker->sightings.items;
    return tracker->sightings.count;
}
