/* SPDX-License-Identifier: Apache-2.0 */
/*
 * On every frame true boxes are paired with measured ones, with detections and with people who do
 * not count. A visit's frames then say who was who, and the first reason that fits is told.
 */
#include "core/explain.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "base/vec.h"
#include "core/match.h"

/* Bridged boxes lie beside the person: who it is wants less overlap than how well it is seen. */
#define SAME_IOU 0.3
#define SEEN_IOU 0.5

#define MOSTLY 0.5        /* of a visit's frames */
#define NOTABLE 0.15      /* share of a visit's frames from which a second number matters */
#define AT_EDGE 0.25      /* body heights */
#define HIDDEN 0.5        /* share of a box that another covers */
#define SHORT_OF_S 0.5    /* a pass that lacks no more than this of a visit was nearly one */
#define OVERLAP_LEAST 0.5 /* as in score.c */

static const char *const names[] = {
    [DW_EXPLAIN_UNDETECTED] = "undetected", [DW_EXPLAIN_UNFOLLOWED] = "unfollowed",
    [DW_EXPLAIN_UNCOUNTED] = "uncounted",   [DW_EXPLAIN_DUPLICATE] = "duplicate",
    [DW_EXPLAIN_NOBODY] = "nobody",         [DW_EXPLAIN_SPLIT] = "split",
    [DW_EXPLAIN_MERGED] = "merged",         [DW_EXPLAIN_BOUNDARY] = "boundary",
    [DW_EXPLAIN_TOO_SHORT] = "too short",   [DW_EXPLAIN_TOO_LONG] = "too long",
    [DW_EXPLAIN_APART] = "apart",           [DW_EXPLAIN_THRESHOLD] = "threshold",
};

const char *dw_explain_reason_name(enum dw_explain_reason reason)
{
    return names[reason];
}

/* One side with, per foot, the index of its partner on the others; -1 none, NULL not known. */
struct view {
    const struct dw_score_side *side, *other;
    int *partner;
    int *detected, *uncounted; /* truth: by a detection; measured: shows somebody not counted */
    int *visit_partner;        /* per visit: the visit of the other side it is paired with */
};

struct explainer {
    const struct dw_explain_input *input;
    struct view truth, measured;
    struct dw_match_frames true_frames;
    DW_VEC(struct dw_explanation) found;
};

/* A number of the other side on frames of a visit. */
struct part {
    int64_t person;
    int frames, first, last;
};

#define PARTS_MAX 16

/* What the frames of a visit showed. */
struct story {
    int present, detected, followed, uncounted, duplicated;
    struct part parts[PARTS_MAX]; /* by first appearance */
    int part_count;
    int64_t duplicate_of;
    double depth; /* mean distance inside the zone's edge, heights; negative outside */
    int inside;   /* frames */
};

static int first_frame(const struct explainer *e, const struct dw_score_visit *visit)
{
    return (int)floor(visit->enter_s * e->input->extent.fps + 0.5);
}

static int end_frame(const struct explainer *e, const struct dw_score_visit *visit)
{
    return (int)floor(visit->exit_s * e->input->extent.fps + 0.5);
}

static double seconds(const struct explainer *e, int frames)
{
    return frames / e->input->extent.fps;
}

static double depth_in_heights(const struct explainer *e, int zone,
                               const struct dw_score_foot *foot)
{
    const struct dw_explain_input *in = e->input;
    struct dw_point norm = { foot->foot_px.x / in->width_px, foot->foot_px.y / in->height_px };
    return dw_zone_depth(&in->layout->zones[zone], norm, in->width_px, in->height_px) /
           fmax(foot->h_px, 1);
}

static void add_part(struct story *story, int64_t person, int frame)
{
    for (int i = 0; i < story->part_count; i++)
        if (story->parts[i].person == person) {
            story->parts[i].frames++;
            story->parts[i].last = frame;
            return;
        }
    if (story->part_count < PARTS_MAX)
        story->parts[story->part_count++] = (struct part){ person, 1, frame, frame };
}

/* The true person whom this measured box shows although their box is paired with another; 0. */
static int64_t duplicated_person(const struct explainer *e, const struct dw_score_foot *foot)
{
    const struct dw_match_frames *frames = &e->true_frames;
    int64_t person = 0;
    double best = SAME_IOU;
    if (foot->frame < 0 || foot->frame >= frames->count)
        return 0;
    for (int i = frames->starts[foot->frame]; i < frames->starts[foot->frame + 1]; i++) {
        int at = frames->order[i];
        const struct dw_score_foot *true_foot = &e->truth.side->feet[at];
        double iou = dw_box_iou(dw_score_box(true_foot), dw_score_box(foot));
        if (iou >= best && e->truth.partner[at] >= 0) {
            best = iou;
            person = true_foot->person;
        }
    }
    return person;
}

static void take_frame(const struct explainer *e, const struct view *view, size_t at, int zone,
                       struct story *story)
{
    const struct dw_score_foot *foot = &view->side->feet[at];
    double depth = depth_in_heights(e, zone, foot);
    story->present++;
    story->depth += depth;
    story->inside += depth > 0;
    story->detected += view->detected == NULL || view->detected[at] >= 0;
    if (view->partner[at] >= 0) {
        story->followed++;
        add_part(story, view->other->feet[view->partner[at]].person, foot->frame);
        return;
    }
    if (view != &e->measured)
        return;
    story->uncounted += view->uncounted != NULL && view->uncounted[at] >= 0;
    int64_t person = duplicated_person(e, foot);
    if (person > 0) {
        story->duplicated++;
        story->duplicate_of = person;
    }
}

/* What became of `person` on the frames of `visit`. */
static struct story tell(const struct explainer *e, const struct view *view, int64_t person,
                         const struct dw_score_visit *visit)
{
    struct story story = { 0 };
    const struct dw_score_side *side = view->side;
    const struct dw_score_foot *foot = dw_score_find_foot(side, person, first_frame(e, visit));
    int end = end_frame(e, visit);
    for (; foot != NULL && foot < side->feet + side->foot_count; foot++) {
        if (foot->person != person || foot->frame >= end)
            break;
        take_frame(e, view, (size_t)(foot - side->feet), visit->zone, &story);
    }
    story.depth /= DW_MAX(story.present, 1);
    return story;
}

static const struct part *main_part(const struct story *story)
{
    const struct part *best = NULL;
    for (int i = 0; i < story->part_count; i++)
        if (best == NULL || story->parts[i].frames > best->frames)
            best = &story->parts[i];
    return best;
}

/* The second most frequent number when it matters, else NULL. */
static const struct part *second_part(const struct story *story)
{
    const struct part *first = main_part(story), *best = NULL;
    for (int i = 0; i < story->part_count; i++) {
        const struct part *part = &story->parts[i];
        bool matters = part->frames >= 2 && part->frames >= NOTABLE * story->present;
        if (part != first && matters && (best == NULL || part->frames > best->frames))
            best = part;
    }
    return best;
}

/* Who stands before a true person on a frame (lower on the picture and over their box); 0 nobody.
 */
static int64_t hider(const struct explainer *e, int64_t person, int frame)
{
    const struct dw_match_frames *frames = &e->true_frames;
    const struct dw_score_foot *foot = dw_score_find_foot(e->truth.side, person, frame);
    if (foot == NULL || foot->frame >= frames->count)
        return 0;
    for (int i = frames->starts[foot->frame]; i < frames->starts[foot->frame + 1]; i++) {
        const struct dw_score_foot *near = &e->truth.side->feet[frames->order[i]];
        if (near->person != person && near->foot_px.y > foot->foot_px.y &&
            dw_box_covered(dw_score_box(foot), dw_score_box(near)) >= HIDDEN)
            return near->person;
    }
    return 0;
}

/* The visit of `person` in the zone that overlaps most; NULL when none does. */
static const struct dw_score_visit *best_visit(const struct dw_score_side *side, int64_t person,
                                               const struct dw_score_visit *like)
{
    const struct dw_score_visit *best = NULL;
    double most = 0;
    for (size_t i = 0; i < side->visit_count; i++) {
        const struct dw_score_visit *visit = &side->visits[i];
        double overlap =
            dw_score_overlap(like->enter_s, like->exit_s, visit->enter_s, visit->exit_s);
        if (visit->person == person && visit->zone == like->zone && overlap > most) {
            best = visit;
            most = overlap;
        }
    }
    return best;
}

/* The person had one number and then another. */
static void explain_split(const struct explainer *e, struct dw_explanation *x, int64_t true_person,
                          const struct part *a, const struct part *b)
{
    const struct part *before = a->first <= b->first ? a : b, *after = before == a ? b : a;
    int lost = DW_MIN(before->last, after->first) + 1;
    x->reason = DW_EXPLAIN_SPLIT;
    x->person = true_person;
    x->number = before->person;
    x->other = after->person;
    x->at_s = seconds(e, lost);
    x->for_s = seconds(e, DW_MAX(after->first - lost, 0));
    x->hidden_by = hider(e, true_person, lost);
}

static void explain_merged(const struct explainer *e, struct dw_explanation *x,
                           const struct part *a, const struct part *b)
{
    const struct part *before = a->first <= b->first ? a : b, *after = before == a ? b : a;
    x->reason = DW_EXPLAIN_MERGED;
    x->person = before->person;
    x->other = after->person;
    x->at_s = seconds(e, after->first);
}

static void set(struct dw_explanation *x, enum dw_explain_reason reason, double value)
{
    x->reason = reason;
    x->value = value;
}

/*
 * Both sides know the visit, or one of them thinks it too short to be one: the same person, other
 * seconds. `counterpart` may be NULL.
 */
static void explain_length(struct dw_explanation *x, const struct story *story,
                           const struct dw_score_visit *counterpart, double inside_s)
{
    double own = x->visit.exit_s - x->visit.enter_s;
    double other = counterpart != NULL ? counterpart->exit_s - counterpart->enter_s : inside_s;
    double overlap = counterpart != NULL
                         ? dw_score_overlap(x->visit.enter_s, x->visit.exit_s, counterpart->enter_s,
                                            counterpart->exit_s)
                         : 0;
    double measured = x->missed ? other : own, truly = x->missed ? own : other;
    x->whole_s = truly;
    if (overlap >= OVERLAP_LEAST)
        set(x, DW_EXPLAIN_APART, overlap);
    else if (counterpart == NULL && inside_s > 0 && fabs(own - inside_s) <= SHORT_OF_S)
        set(x, DW_EXPLAIN_THRESHOLD, measured);
    else if (fabs(story->depth) < AT_EDGE)
        set(x, DW_EXPLAIN_BOUNDARY, story->depth);
    else
        set(x, measured < truly ? DW_EXPLAIN_TOO_SHORT : DW_EXPLAIN_TOO_LONG, measured);
}

static void explain_missed(const struct explainer *e, struct dw_explanation *x)
{
    struct story story = tell(e, &e->truth, x->visit.person, &x->visit);
    int present = DW_MAX(story.present, 1);
    if (e->truth.detected != NULL && story.detected < MOSTLY * present) {
        set(x, DW_EXPLAIN_UNDETECTED, (double)story.detected / present);
        return;
    }
    const struct part *first = main_part(&story), *second = second_part(&story);
    if (second != NULL) {
        explain_split(e, x, x->visit.person, first, second);
        return;
    }
    if (first == NULL || story.followed < MOSTLY * present) {
        set(x, DW_EXPLAIN_UNFOLLOWED, (double)story.followed / present);
        return;
    }
    x->number = first->person;
    const struct dw_score_visit *visit = best_visit(e->measured.side, first->person, &x->visit);
    struct story theirs = tell(e, &e->measured, first->person, visit != NULL ? visit : &x->visit);
    const struct part *other = second_part(&theirs);
    if (visit != NULL && other != NULL)
        explain_merged(e, x, main_part(&theirs), other);
    else
        explain_length(x, &story, visit, seconds(e, theirs.inside));
}

/* A false visit that shows a true person all along. */
static void explain_piece(const struct explainer *e, struct dw_explanation *x,
                          const struct story *story, const struct part *first)
{
    x->person = first->person;
    const struct dw_score_visit *visit = best_visit(e->truth.side, first->person, &x->visit);
    struct story theirs = tell(e, &e->truth, first->person, visit != NULL ? visit : &x->visit);
    const struct part *own = NULL;
    for (int i = 0; i < theirs.part_count; i++)
        if (theirs.parts[i].person == x->visit.person)
            own = &theirs.parts[i];
    const struct part *longest = main_part(&theirs);
    const struct part *rest = longest == own ? second_part(&theirs) : longest;
    if (visit != NULL && own != NULL && rest != NULL) {
        explain_split(e, x, first->person, own, rest);
        return;
    }
    explain_length(x, story, visit, seconds(e, theirs.inside));
}

static void explain_false(const struct explainer *e, struct dw_explanation *x)
{
    struct story story = tell(e, &e->measured, x->visit.person, &x->visit);
    int present = DW_MAX(story.present, 1);
    const struct part *first = main_part(&story), *second = second_part(&story);
    if (story.uncounted >= MOSTLY * present) {
        set(x, DW_EXPLAIN_UNCOUNTED, (double)story.uncounted / present);
    } else if (story.duplicated >= MOSTLY * present) {
        set(x, DW_EXPLAIN_DUPLICATE, (double)story.duplicated / present);
        x->person = story.duplicate_of;
    } else if (second != NULL) {
        explain_merged(e, x, first, second);
    } else if (first == NULL || story.followed < MOSTLY * present) {
        set(x, DW_EXPLAIN_NOBODY, (double)story.followed / present);
    } else {
        explain_piece(e, x, &story, first);
    }
}

static void explain_side(struct explainer *e, const struct view *view)
{
    for (size_t i = 0; i < view->side->visit_count; i++) {
        if (view->visit_partner[i] >= 0)
            continue;
        struct dw_explanation *x = dw_vec_add(&e->found);
        x->visit = view->side->visits[i];
        x->missed = view == &e->truth;
        *(x->missed ? &x->person : &x->number) = x->visit.person;
        x->at_s = (x->visit.enter_s + x->visit.exit_s) / 2;
        if (x->missed)
            explain_missed(e, x);
        else
            explain_false(e, x);
    }
}

static int *match_to(const struct dw_score_side *side, const struct dw_score_side *other,
                     const struct explainer *e, double iou_least)
{
    if (other == NULL)
        return NULL;
    int *partner = dw_alloc_array0(side->foot_count, sizeof(int));
    dw_match_sides(side, other, e->true_frames.count, iou_least, partner);
    return partner;
}

static int *turned_round(const int *partner, size_t count, size_t other_count)
{
    int *turned = dw_alloc_array0(other_count, sizeof(int));
    for (size_t i = 0; i < other_count; i++)
        turned[i] = -1;
    for (size_t i = 0; i < count; i++)
        if (partner[i] >= 0)
            turned[partner[i]] = (int)i;
    return turned;
}

static void view_init(struct explainer *e)
{
    const struct dw_explain_input *in = e->input;
    const struct dw_score_side *truth = in->truth, *measured = in->measured;
    dw_match_frames_init(&e->true_frames, truth, (int)ceil(in->extent.length_s * in->extent.fps));
    e->truth = (struct view){ .side = truth, .other = measured };
    e->measured = (struct view){ .side = measured, .other = truth };
    e->truth.partner = match_to(truth, measured, e, SAME_IOU);
    e->measured.partner = turned_round(e->truth.partner, truth->foot_count, measured->foot_count);
    e->truth.detected = match_to(truth, in->detections, e, SEEN_IOU);
    e->measured.uncounted = match_to(measured, in->uncounted, e, SAME_IOU);
    e->truth.visit_partner = dw_alloc_array0(truth->visit_count, sizeof(int));
    dw_score_pair(truth, measured, &in->extent, e->truth.visit_partner);
    e->measured.visit_partner =
        turned_round(e->truth.visit_partner, truth->visit_count, measured->visit_count);
}

static void view_fini(struct view *view)
{
    free(view->partner);
    free(view->detected);
    free(view->uncounted);
    free(view->visit_partner);
}

static int by_time(const void *a, const void *b)
{
    const struct dw_explanation *x = a, *y = b;
    if (x->visit.enter_s != y->visit.enter_s)
        return x->visit.enter_s > y->visit.enter_s ? 1 : -1;
    return (y->missed > x->missed) - (y->missed < x->missed);
}

size_t dw_explain(const struct dw_explain_input *input, struct dw_explanation **out)
{
    struct explainer e = { .input = input };
    view_init(&e);
    explain_side(&e, &e.truth);
    explain_side(&e, &e.measured);
    if (e.found.count > 0)
        qsort(e.found.items, e.found.count, sizeof(*e.found.items), by_time);
    view_fini(&e.truth);
    view_fini(&e.measured);
    dw_match_frames_fini(&e.true_frames);
    *out = e.found.items;
    return e.found.count;
}

static void print_split(const struct dw_explanation *x, struct dw_buf *out)
{
    dw_buf_printf(out, "person %lld lost at %.1f s for %.1f s", (long long)x->person, x->at_s,
                  x->for_s);
    if (x->hidden_by > 0)
        dw_buf_printf(out, " (hidden behind person %lld)", (long long)x->hidden_by);
    dw_buf_printf(out, ", number %lld became %lld", (long long)x->number, (long long)x->other);
}

void dw_explanation_print(const struct dw_explanation *explanation, struct dw_buf *out)
{
    const struct dw_explanation *x = explanation;
    dw_buf_printf(out, "%s: ", names[x->reason]);
    switch (x->reason) {
    case DW_EXPLAIN_UNDETECTED:
        dw_buf_printf(out, "detections on %.0f %% of frames", 100 * x->value);
        break;
    case DW_EXPLAIN_UNFOLLOWED:
        dw_buf_printf(out, "followed on %.0f %% of frames", 100 * x->value);
        break;
    case DW_EXPLAIN_UNCOUNTED:
        dw_buf_puts(out, "somebody whom the truth does not count");
        break;
    case DW_EXPLAIN_DUPLICATE:
        dw_buf_printf(out, "second number for person %lld", (long long)x->person);
        break;
    case DW_EXPLAIN_NOBODY:
        dw_buf_printf(out, "a person on %.0f %% of frames", 100 * x->value);
        break;
    case DW_EXPLAIN_SPLIT:
        print_split(x, out);
        break;
    case DW_EXPLAIN_MERGED:
        dw_buf_printf(out, "number moved from person %lld to person %lld at %.1f s",
                      (long long)x->person, (long long)x->other, x->at_s);
        break;
    case DW_EXPLAIN_BOUNDARY:
        dw_buf_printf(out, "stood %.2f heights %s the edge", fabs(x->value),
                      x->value < 0 ? "outside" : "inside");
        break;
    case DW_EXPLAIN_THRESHOLD:
    case DW_EXPLAIN_TOO_SHORT:
    case DW_EXPLAIN_TOO_LONG:
        dw_buf_printf(out, "%.1f s measured of %.1f s", x->value, x->whole_s);
        break;
    case DW_EXPLAIN_APART:
        dw_buf_printf(out, "the right time, overlap %.2f, at another place", x->value);
        break;
    case DW_EXPLAIN_REASON_COUNT:
        break;
    }
}
