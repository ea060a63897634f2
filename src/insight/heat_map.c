/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/heat_map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "base/wall_time.h"

/* Pieces of a line in each cell it goes through, or so. */
#define PIECES_PER_CELL 4

/* A Gaussian is cut off where nothing is left of it. */
#define SIGMAS 3

void dw_heat_map_init(struct dw_heat_map *map, int columns, int rows)
{
    *map = (struct dw_heat_map){ .columns = columns, .rows = rows };
    map->seconds = dw_alloc_array0((size_t)columns * (size_t)rows, sizeof(*map->seconds));
}

void dw_heat_map_fini(struct dw_heat_map *map)
{
    free(map->seconds);
    *map = (struct dw_heat_map){ 0 };
}

static void add_at(struct dw_heat_map *map, double x, double y, double seconds)
{
    if (!(x >= 0 && x < 1 && y >= 0 && y < 1)) {
        map->outside_s += seconds;
        return;
    }
    int column = (int)(x * map->columns), row = (int)(y * map->rows);
    map->seconds[row * map->columns + column] += seconds;
    map->inside_s += seconds;
}

static void add_line(struct dw_heat_map *map, const struct dw_foot_point *from,
                     const struct dw_foot_point *to)
{
    double dx = (double)to->x_norm - (double)from->x_norm;
    double dy = (double)to->y_norm - (double)from->y_norm;
    double cells = fmin(fabs(dx) * map->columns + fabs(dy) * map->rows, map->columns + map->rows);
    int pieces = 1 + (int)(cells * PIECES_PER_CELL);
    double seconds = dw_time_to_seconds(to->time_us - from->time_us) / pieces;
    for (int i = 0; i < pieces; i++) {
        double part = (i + .5) / pieces;
        add_at(map, (double)from->x_norm + part * dx, (double)from->y_norm + part * dy, seconds);
    }
}

void dw_heat_map_add(struct dw_heat_map *map, const struct dw_foot_point *points, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        int64_t gap_us = points[i].time_us - points[i - 1].time_us;
        if (gap_us > 0 && gap_us <= DW_HEAT_GAP_US)
            add_line(map, &points[i - 1], &points[i]);
    }
}

/* Mirrored at both edges, as often as it takes. */
static int mirror(int at, int count)
{
    int period = 2 * count;
    at = (at % period + period) % period;
    return at < count ? at : period - 1 - at;
}

/* One row or column, `step` apart; each cell gives to those around it. */
static void smooth_line(double *cells, int count, ptrdiff_t step, double sigma, double *line)
{
    int reach = (int)ceil(SIGMAS * sigma);
    double sum = 0;
    for (int i = -reach; i <= reach; i++)
        sum += exp(-i * i / (2 * sigma * sigma));
    for (int at = 0; at < count; at++) {
        line[at] = cells[at * step];
        cells[at * step] = 0;
    }
    for (int at = 0; at < count; at++)
        for (int i = -reach; i <= reach; i++)
            cells[mirror(at + i, count) * step] +=
                line[at] * exp(-i * i / (2 * sigma * sigma)) / sum;
}

void dw_heat_map_smooth(struct dw_heat_map *map, double sigma_cells)
{
    if (sigma_cells <= 0)
        return;
    double *line = dw_alloc_array0((size_t)DW_MAX(map->columns, map->rows), sizeof(*line));
    for (int row = 0; row < map->rows; row++)
        smooth_line(map->seconds + (ptrdiff_t)row * map->columns, map->columns, 1, sigma_cells,
                    line);
    for (int column = 0; column < map->columns; column++)
        smooth_line(map->seconds + column, map->rows, map->columns, sigma_cells, line);
    free(line);
}

double dw_heat_map_most(const struct dw_heat_map *map)
{
    double most = 0;
    for (int i = 0; i < map->columns * map->rows; i++)
        most = fmax(most, map->seconds[i]);
    return most;
}
