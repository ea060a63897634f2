/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/simulated_walk.h"

#include <math.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "base/vec.h"
#include "base/wall_time.h"
#include "core/random.h"

#define COLUMNS 5
#define ROWS 4  /* of DW_SIMULATED_DISPLAYS_MAX */
#define TOP 0.1 /* above the first row */
#define CELL_W (1. / COLUMNS)
#define CELL_H ((1 - TOP) / ROWS)
#define EDGE 0.005 /* of the picture, along which nobody walks */
#define MARGIN 0.1 /* of a cell, on each side of the zone */
#define DOOR_Y 0.02
#define LINE_Y 0.05 /* of the entrance */
#define STEP_US (DW_SECOND_US / 2)
/* Whoever takes longer from zone to zone is out of the picture meanwhile. */
#define UNSEEN_US (60 * DW_SECOND_US)
#define AWAY_US (4 * DW_SECOND_US)
#define PIECE_POINTS 600

static const int enter_sides[] = { 3, 2, 4, 3, 3 };
static const int exit_sides[] = { 3, 4, 2, 2 };

struct waypoint {
    int64_t time_us;
    struct dw_point at;
    bool begins; /* not walked to from the one before */
};

struct walk {
    struct dw_store *store;
    int64_t run;
    const struct dw_simulated_day *day;
    uint64_t random;
    DW_VEC(struct waypoint) way;
    DW_VEC(struct dw_foot_point) points;
};

struct dw_zone dw_simulated_zone(int display)
{
    int row = display / COLUMNS, column = display % COLUMNS;
    double x = column * CELL_W, y = TOP + row * CELL_H;
    double left = x + MARGIN * CELL_W, right = x + (1 - MARGIN) * CELL_W;
    double top = y + MARGIN * CELL_H, bottom = y + (1 - MARGIN) * CELL_H;
    struct dw_zone zone = {
        .corners = { { left, top }, { right, top }, { right, bottom }, { left, bottom } },
        .corner_count = 4,
        .target_side = 1,
        .rules = dw_zone_rules_default(),
    };
    snprintf(zone.name, sizeof(zone.name), "display %d", display + 1);
    return zone;
}

int dw_simulated_enter_side(int64_t person)
{
    return enter_sides[person % (int64_t)DW_LENGTH(enter_sides)];
}

int dw_simulated_exit_side(int64_t person)
{
    return exit_sides[person % (int64_t)DW_LENGTH(exit_sides)];
}

/* A way through an edge: on the aisle below the zone, beside the edge, on it. */
struct door {
    struct dw_point aisle, beside, edge;
};

static struct door door_of(struct walk *walk, int display, int side)
{
    struct dw_zone zone = dw_simulated_zone(display);
    double left = zone.corners[0].x, top = zone.corners[0].y;
    double w = zone.corners[2].x - left, h = zone.corners[2].y - top;
    double along = .1 + .8 * dw_random_unit(&walk->random),
           aisle = fmin(top + h + MARGIN * CELL_H, 1 - EDGE);
    struct dw_point edge = { left + along * w, top + h }, beside = { edge.x, aisle };
    if (side != 3) {
        edge = (struct dw_point){ side == 2 ? left + w : left, top + along * h };
        beside.x = side == 2 ? edge.x + MARGIN * CELL_W : edge.x - MARGIN * CELL_W;
        beside.x = fmin(fmax(beside.x, EDGE), 1 - EDGE);
        beside.y = edge.y;
    }
    return (struct door){ { beside.x, aisle }, beside, edge };
}

/* From aisle to aisle: along the row, between two columns, along the other row. */
static size_t route(struct dw_point *out, struct dw_point from, struct dw_point to)
{
    double column = fmin(fmax(round(from.x / CELL_W) * CELL_W, EDGE), 1 - EDGE);
    size_t count = 0;
    out[count++] = from;
    if (fabs(from.y - to.y) > MARGIN * CELL_H) {
        out[count++] = (struct dw_point){ column, from.y };
        out[count++] = (struct dw_point){ column, to.y };
    }
    out[count++] = to;
    return count;
}

static void go(struct walk *walk, int64_t time_us, struct dw_point at, bool begins)
{
    dw_vec_push(&walk->way, ((struct waypoint){ time_us, at, begins }));
}

/* Evenly paced from where the way ends to the last of the points. */
static void go_along(struct walk *walk, const struct dw_point *points, size_t count, int64_t end_us)
{
    struct waypoint last = walk->way.items[walk->way.count - 1];
    double length = 0, walked = 0;
    struct dw_point before = last.at;
    for (size_t i = 0; i < count; before = points[i++])
        length += hypot(points[i].x - before.x, points[i].y - before.y);
    before = last.at;
    for (size_t i = 0; i < count; before = points[i++]) {
        walked += hypot(points[i].x - before.x, points[i].y - before.y);
        double part = length > 0 ? walked / length : 1;
        go(walk, last.time_us + (int64_t)(part * (double)(end_us - last.time_us)), points[i],
           false);
    }
}

/* To the door of the next zone, or to the entrance; who takes long is not seen in between. */
static void go_to(struct walk *walk, const struct door *door, const struct door *from,
                  int64_t at_us)
{
    struct dw_point points[8] = { { 0 } };
    size_t count = 0;
    if (walk->way.count == 0 || at_us - walk->way.items[walk->way.count - 1].time_us > UNSEEN_US) {
        if (walk->way.count > 0)
            go_along(walk, &from->aisle, 1, walk->way.items[walk->way.count - 1].time_us + AWAY_US);
        go(walk, at_us - AWAY_US, door->aisle, true);
    } else {
        points[count++] = from->beside;
        count += route(&points[count], from->aisle, door->aisle);
    }
    points[count++] = door->beside;
    points[count++] = door->edge;
    go_along(walk, points, count, at_us);
}

/* In over the edge, to a place to stand, a little to and fro there, out again. */
static void stand(struct walk *walk, const struct dw_simulated_stay *stay, const struct door *out)
{
    struct dw_zone zone = dw_simulated_zone(stay->display);
    int64_t length_us = stay->exit_us - stay->enter_us;
    int64_t step_us = DW_MIN(length_us / 3, 2 * DW_SECOND_US);
    double w = zone.corners[2].x - zone.corners[0].x, h = zone.corners[2].y - zone.corners[0].y;
    struct dw_point place = {
        zone.corners[0].x + w * (.2 + .6 * dw_random_unit(&walk->random)),
        zone.corners[0].y +
            h * (.1 + .4 * dw_random_unit(&walk->random) * dw_random_unit(&walk->random)),
    };
    if (stay->cut_start)
        go(walk, stay->enter_us, place, true);
    for (int64_t at_us = stay->enter_us + step_us; at_us <= stay->exit_us - step_us;
         at_us += 4 * DW_SECOND_US) {
        struct dw_point near = { place.x + .05 * w * (dw_random_unit(&walk->random) - .5),
                                 place.y + .05 * h * (dw_random_unit(&walk->random) - .5) };
        go(walk, at_us, near, false);
    }
    go(walk, stay->exit_us, stay->cut_end ? place : out->edge, false);
}

static bool in_gap(const struct dw_simulated_day *day, int64_t time_us)
{
    for (size_t i = 0; i < day->gaps.count; i++)
        if (time_us >= day->gaps.items[i].start_us && time_us < day->gaps.items[i].end_us)
            return true;
    return time_us < day->open_us || time_us >= day->close_us;
}

static int put_piece(struct walk *walk, int64_t person, struct dw_err *err)
{
    int result = walk->points.count == 0
                     ? 0
                     : dw_store_put_foot_track(walk->store, walk->run, person, walk->points.items,
                                               walk->points.count, err);
    dw_vec_clear(&walk->points);
    return result;
}

/* Points twice a second on the way from one waypoint to the next. */
static int put_leg(struct walk *walk, int64_t person, const struct waypoint leg[2],
                   struct dw_err *err)
{
    double length_us = (double)(leg[1].time_us - leg[0].time_us);
    int64_t first_us = (leg[0].time_us + STEP_US - 1) / STEP_US * STEP_US;
    for (int64_t at_us = first_us; at_us < leg[1].time_us; at_us += STEP_US) {
        double part = (double)(at_us - leg[0].time_us) / length_us;
        double x = leg[0].at.x + part * (leg[1].at.x - leg[0].at.x);
        double y = leg[0].at.y + part * (leg[1].at.y - leg[0].at.y);
        if (in_gap(walk->day, at_us) || walk->points.count >= PIECE_POINTS) {
            int result = put_piece(walk, person, err);
            if (result < 0)
                return result;
        }
        if (!in_gap(walk->day, at_us))
            dw_vec_push(&walk->points,
                        ((struct dw_foot_point){ .time_us = at_us - walk->day->open_us,
                                                 .x_norm = (float)x,
                                                 .y_norm = (float)y,
                                                 .h_norm = (float)(.15 + .2 * y) }));
    }
    return 0;
}

static int put_way(struct walk *walk, int64_t person, struct dw_err *err)
{
    int result = 0;
    for (size_t i = 1; result == 0 && i < walk->way.count; i++) {
        const struct waypoint *leg = &walk->way.items[i - 1];
        result = leg[1].begins ? put_piece(walk, person, err) : put_leg(walk, person, leg, err);
    }
    return result == 0 ? put_piece(walk, person, err) : result;
}

/* -1 when that crossing was not seen. */
static int64_t crossing_us(const struct dw_simulated_day *day, int64_t person, bool inward)
{
    for (size_t i = 0; i < day->crossings.count; i++)
        if (day->crossings.items[i].person == person && day->crossings.items[i].inward == inward)
            return day->crossings.items[i].time_us;
    return -1;
}

static struct door entrance(struct walk *walk)
{
    double x = .2 + .6 * dw_random_unit(&walk->random);
    return (struct door){ { x, TOP }, { x, LINE_Y }, { x, DOOR_Y } };
}

/* `stays`: of one person, by time. */
static int walk_person(struct walk *walk, const struct dw_simulated_stay *stays, size_t count,
                       struct dw_err *err)
{
    int64_t person = stays[0].person;
    int64_t in_us = crossing_us(walk->day, person, true);
    int64_t out_us = crossing_us(walk->day, person, false);
    struct door from = entrance(walk), way_out = entrance(walk);
    walk->random ^= (uint64_t)person * UINT64_C(0x9e3779b97f4a7c15);
    dw_vec_clear(&walk->way);
    if (in_us >= 0) {
        go(walk, in_us - DW_SECOND_US, from.edge, true);
        go(walk, in_us, from.beside, false);
    }
    for (size_t i = 0; i < count; i++) {
        struct door in = door_of(walk, stays[i].display, dw_simulated_enter_side(person));
        struct door out = door_of(walk, stays[i].display, dw_simulated_exit_side(person));
        if (!stays[i].cut_start)
            go_to(walk, &in, &from, stays[i].enter_us);
        stand(walk, &stays[i], &out);
        from = out;
    }
    if (out_us >= 0)
        go_to(walk, &way_out, &from, out_us);
    return put_way(walk, person, err);
}

int dw_simulated_walks_put(struct dw_store *store, int64_t run, const struct dw_simulated_day *day,
                           struct dw_err *err)
{
    struct walk walk = { .store = store, .run = run, .day = day, .random = (uint64_t)day->people };
    const struct dw_simulated_stay *stays = day->stays.items;
    int result = 0;
    for (size_t i = 0; result == 0 && i < day->stays.count;) {
        size_t first = i;
        while (i < day->stays.count && stays[i].person == stays[first].person)
            i++;
        result = walk_person(&walk, &stays[first], i - first, err);
    }
    dw_vec_fini(&walk.way);
    dw_vec_fini(&walk.points);
    return result;
}
