/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/shifts.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/macros.h"

#define NODES (DW_SHIFT_HOURS + 1) /* the moments between hours, and both ends of the day */

/* One hour costs more than any number of shifts could. */
#define HOUR_COST 100000
#define SHIFT_COST 1

/* Nobody is far from enough for a node to be unreachable. */
#define UNREACHED (INT_MAX / 2)

struct network {
    int first, last; /* shifts lie between these moments */
    int min_hours, max_hours;
    int shifts[NODES][NODES]; /* people from one moment to another */
    int surplus[NODES];       /* more than needed in the hour that ends at this moment */
    int supply[NODES];        /* change of need at this moment, less what flows already */
};

/* A step of a path: over a new shift, over surplus, or undoing either. */
enum step { NO_STEP, ADD_SHIFT, CUT_SHIFT, ADD_SURPLUS, CUT_SURPLUS };

struct path {
    int cost[NODES], from[NODES];
    enum step step[NODES];
};

static bool allowed(const struct network *net, int from, int to)
{
    return from >= net->first && to <= net->last && to - from >= net->min_hours &&
           to - from <= net->max_hours;
}

static bool relax(struct path *path, int from, int to, enum step step, int cost)
{
    if (path->cost[from] == UNREACHED || path->cost[from] + cost >= path->cost[to])
        return false;
    path->cost[to] = path->cost[from] + cost;
    path->from[to] = from;
    path->step[to] = step;
    return true;
}

static bool relax_pair(const struct network *net, struct path *path, int early, int late)
{
    int cost = (late - early) * HOUR_COST + SHIFT_COST;
    bool better = false;
    if (allowed(net, early, late))
        better |= relax(path, early, late, ADD_SHIFT, cost);
    if (net->shifts[early][late] > 0)
        better |= relax(path, late, early, CUT_SHIFT, -cost);
    if (late == early + 1) {
        better |= relax(path, late, early, ADD_SURPLUS, 0);
        if (net->surplus[late] > 0)
            better |= relax(path, early, late, CUT_SURPLUS, 0);
    }
    return better;
}

/* Bellman and Ford: the cheapest way from every node that has people left over. */
static void find_paths(const struct network *net, struct path *path)
{
    bool better = true;
    for (int node = 0; node < NODES; node++) {
        path->cost[node] = net->supply[node] > 0 ? 0 : UNREACHED;
        path->step[node] = NO_STEP;
    }
    while (better) {
        better = false;
        for (int early = net->first; early < net->last; early++)
            for (int late = early + 1; late <= net->last; late++)
                better |= relax_pair(net, path, early, late);
    }
}

/* One more person along the path that ends here. */
static void send_along(struct network *net, const struct path *path, int node)
{
    net->supply[node]++;
    for (; path->step[node] != NO_STEP; node = path->from[node]) {
        int from = path->from[node];
        enum step step = path->step[node];
        net->shifts[from][node] += step == ADD_SHIFT;
        net->shifts[node][from] -= step == CUT_SHIFT;
        net->surplus[from] += step == ADD_SURPLUS;
        net->surplus[node] -= step == CUT_SURPLUS;
    }
    net->supply[node]--;
}

static void solve(struct network *net)
{
    for (;;) {
        struct path path = { 0 };
        int end = -1;
        find_paths(net, &path);
        for (int node = net->first; node <= net->last; node++)
            if (net->supply[node] < 0 && (end < 0 || path.cost[node] < path.cost[end]))
                end = node;
        if (end < 0)
            return;
        send_along(net, &path, end);
    }
}

size_t dw_shifts_cover(struct dw_shift *out, const int need[DW_SHIFT_HOURS], int min_hours,
                       int max_hours)
{
    struct network net = { .first = 0, .last = DW_SHIFT_HOURS };
    size_t count = 0;
    while (net.first < net.last && need[net.first] == 0)
        net.first++;
    while (net.last > net.first && need[net.last - 1] == 0)
        net.last--;
    net.min_hours = DW_MIN(min_hours, net.last - net.first);
    net.max_hours = max_hours;
    for (int node = net.first; node < net.last; node++) {
        net.supply[node] += need[node];
        net.supply[node + 1] -= need[node];
    }
    solve(&net);
    for (int from = net.first; from < net.last; from++)
        for (int to = from + 1; to <= net.last; to++)
            if (net.shifts[from][to] > 0)
                out[count++] = (struct dw_shift){ from, to, net.shifts[from][to] };
    return count;
}
