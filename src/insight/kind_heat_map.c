/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell report heat-map`: where before each camera people spend their time, from foot tracks. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "conf/ground.h"
#include "insight/heat_floor.h"
#include "insight/heat_map.h"
#include "insight/kind_number.h"
#include "insight/kind_plot.h"
#include "insight/kinds.h"
#include "media/overlay.h"
#include "media/source.h"

#define SPOTS_MAX 10
#define PICTURE_WIDTH_PX 1280 /* where the camera's own is not known */
#define TALLEST 4             /* times as high as wide a floor is drawn */

enum option { GRID, SMOOTH, PNG, STILL, GROUND, FLOOR };

static const struct dw_report_option options[] = {
    { "grid", "N", "cells across the picture (48)" },
    { "smooth", "CELLS", "standard deviation of the smoothing (1)" },
    { "png", "FILE", "write a picture too; of one camera" },
    { "still", "FILE", "what the map is laid over in that picture: a still or a video" },
    { "ground", "FILE",
      "the camera's ground model (docs/zones.md): the floor from above, in metres" },
    { "floor", "X0,Y0,X1,Y1",
      "with --ground: what of the floor is shown, so that --still may be its plan" },
};

static const struct dw_sheet_column spot_columns[] = {
    { .key = "camera", .heading = "camera" },
    { .key = "x", .heading = "x", .unit = DW_SHEET_NUMBER },
    { .key = "y", .heading = "y", .unit = DW_SHEET_NUMBER },
    { .key = "seconds", .heading = "person-time", .unit = DW_SHEET_SECONDS },
    { .key = "share", .heading = "of all", .unit = DW_SHEET_SHARE },
    { .key = "zone", .heading = "zone" },
};

static const struct dw_sheet_column camera_columns[] = {
    { .key = "camera", .heading = "camera" },
    { .key = "pieces", .heading = "pieces of tracks", .unit = DW_SHEET_COUNT },
    { .key = "inside_s", .heading = "person-time", .unit = DW_SHEET_SECONDS },
    { .key = "outside_s", .heading = "beyond the picture", .unit = DW_SHEET_SECONDS },
};

static const struct dw_sheet_column cell_columns[] = {
    { .key = "camera", .heading = "camera" },
    { .key = "column", .heading = "column", .unit = DW_SHEET_COUNT },
    { .key = "row", .heading = "row", .unit = DW_SHEET_COUNT },
    { .key = "x", .heading = "x", .unit = DW_SHEET_NUMBER },
    { .key = "y", .heading = "y", .unit = DW_SHEET_NUMBER },
    { .key = "seconds", .heading = "person-time", .unit = DW_SHEET_SECONDS },
    { .key = "smoothed_s", .heading = "smoothed", .unit = DW_SHEET_SECONDS },
};

struct camera {
    int64_t id;
    char *name;
    int width_px, height_px;
    struct dw_heat_map raw, smooth;
    int64_t pieces; /* of foot tracks */
};

struct run {
    int64_t id;
    size_t camera;
};

struct person {
    int64_t run, person;
};

struct filling {
    struct dw_sheet *sheet;
    struct dw_report_places places;
    double numbers[2];          /* GRID, SMOOTH */
    struct dw_heat_floor floor; /* known: the maps are of it */
    DW_VEC(struct camera) cameras;
    DW_VEC(struct run) runs;
    DW_VEC(struct person) staff; /* sorted once all are found */
};

static int take_run(void *context, const struct dw_store_run *run)
{
    struct filling *filling = context;
    size_t at = 0;
    while (at < filling->cameras.count && filling->cameras.items[at].id != run->camera_id)
        at++;
    if (at == filling->cameras.count) {
        struct camera *camera = dw_vec_add(&filling->cameras);
        camera->id = run->camera_id;
        camera->name = dw_strdup(run->camera);
    }
    filling->cameras.items[at].width_px = run->width_px;
    filling->cameras.items[at].height_px = run->height_px;
    dw_vec_push(&filling->runs, ((struct run){ run->id, at }));
    return 0;
}

static int by_person(const void *left, const void *right)
{
    const struct person *a = left, *b = right;
    int result = (a->run > b->run) - (a->run < b->run);
    return result != 0 ? result : (a->person > b->person) - (a->person < b->person);
}

static int take_staff(void *context, const struct dw_store_visit *visit)
{
    struct filling *filling = context;
    dw_vec_push(&filling->staff, ((struct person){ visit->run, visit->visit.person }));
    return 0;
}

static struct dw_point place_of(const struct dw_foot_point *point)
{
    return (struct dw_point){ (double)point->x_norm, (double)point->y_norm };
}

/* Those of the points that are on the floor, as it is seen from above. */
static void add_from_above(struct dw_heat_map *map, const struct dw_heat_floor *floor,
                           const struct dw_store_foot_track *track)
{
    struct dw_foot_point *points = dw_alloc_array0(track->count + 1, sizeof(*points));
    size_t count = 0;
    for (size_t i = 0; i < track->count; i++) {
        struct dw_point place = place_of(&track->points[i]);
        if (!dw_heat_floor_place(floor, place, &place))
            continue; /* the gap in time says so */
        points[count] = track->points[i];
        points[count].x_norm = (float)place.x;
        points[count++].y_norm = (float)place.y;
    }
    dw_heat_map_add(map, points, count);
    free(points);
}

static int take_track(void *context, const struct dw_store_foot_track *track)
{
    struct filling *filling = context;
    const struct person key = { track->run, track->person };
    if (filling->staff.count > 0 &&
        bsearch(&key, filling->staff.items, filling->staff.count, sizeof(key), by_person) != NULL)
        return 0;
    for (size_t i = 0; i < filling->runs.count; i++) {
        if (filling->runs.items[i].id != track->run)
            continue;
        struct camera *camera = &filling->cameras.items[filling->runs.items[i].camera];
        if (dw_heat_floor_known(&filling->floor))
            add_from_above(&camera->raw, &filling->floor, track);
        else
            dw_heat_map_add(&camera->raw, track->points, track->count);
        camera->pieces++;
        return 0;
    }
    return 0;
}

/* Where there are no foot tracks nobody knows, and there is no map. */
static bool has_map(const struct camera *camera)
{
    return camera->pieces > 0;
}

static void set_sizes(struct filling *filling)
{
    for (size_t i = 0; i < filling->cameras.count; i++) {
        struct camera *camera = &filling->cameras.items[i];
        if (camera->width_px >= 1 && camera->height_px >= 1)
            continue;
        camera->width_px = PICTURE_WIDTH_PX;
        camera->height_px = PICTURE_WIDTH_PX * 9 / 16;
    }
}

static int widen_floor(void *context, const struct dw_store_foot_track *track)
{
    struct filling *filling = context;
    for (size_t i = 0; i < track->count; i++)
        dw_heat_floor_widen(&filling->floor, place_of(&track->points[i]));
    return 0;
}

/* A zone that reaches above the horizon is no area of the floor, and then nowhere. */
static void move_zone(const struct dw_heat_floor *floor, struct dw_zone *zone)
{
    bool on_floor = true;
    for (size_t k = 0; k < zone->corner_count && on_floor; k++)
        on_floor = dw_heat_floor_place(floor, zone->corners[k], &zone->corners[k]);
    for (size_t k = 0; k < zone->corner_count && !on_floor; k++)
        zone->corners[k] = (struct dw_point){ -1, -1 };
}

/* Makes the floor what the maps are of. */
static int lay_floor(struct filling *filling, struct dw_store *store,
                     const struct dw_store_filter *filter, const char *const *values,
                     struct dw_err *err)
{
    if (values[GROUND] == NULL || filling->cameras.count == 0)
        return 0;
    if (filling->cameras.count != 1)
        return dw_fail(err, -EINVAL,
                       "--ground is of one camera and there are %zu: choose with --camera",
                       filling->cameras.count);
    struct camera *camera = &filling->cameras.items[0];
    struct dw_heat_floor *floor = &filling->floor;
    floor->width_px = camera->width_px;
    floor->height_px = camera->height_px;
    int result =
        dw_ground_load(&floor->ground, values[GROUND], camera->width_px, camera->height_px, err);
    if (result < 0)
        return dw_fail_within(err, result, "--ground");
    if (values[FLOOR] != NULL)
        result = dw_heat_floor_parse(floor, values[FLOOR], err);
    else
        result = dw_store_read_foot_tracks(store, filter, widen_floor, filling, err);
    if (result != 0 || !dw_heat_floor_known(floor))
        return result;
    for (size_t i = 0; i < filling->places.list.count; i++)
        move_zone(floor, &filling->places.list.items[i].zone);
    double ratio = (floor->top - floor->bottom) / (floor->right - floor->left);
    camera->width_px = PICTURE_WIDTH_PX;
    camera->height_px = DW_MAX((int)lrint(PICTURE_WIDTH_PX * fmin(ratio, TALLEST)) & ~1, 2);
    return 0;
}

/* Cells as square as the picture allows. */
static void make_maps(struct filling *filling)
{
    int columns = (int)filling->numbers[GRID];
    for (size_t i = 0; i < filling->cameras.count; i++) {
        struct camera *camera = &filling->cameras.items[i];
        double rows = (double)columns * camera->height_px / camera->width_px;
        dw_heat_map_init(&camera->raw, columns, DW_MAX((int)lrint(rows), 1));
    }
}

static void smooth_maps(struct filling *filling)
{
    for (size_t i = 0; i < filling->cameras.count; i++) {
        struct camera *camera = &filling->cameras.items[i];
        const struct dw_heat_map *raw = &camera->raw;
        dw_heat_map_init(&camera->smooth, raw->columns, raw->rows);
        memcpy(camera->smooth.seconds, raw->seconds,
               (size_t)raw->columns * (size_t)raw->rows * sizeof(*raw->seconds));
        camera->smooth.inside_s = raw->inside_s;
        dw_heat_map_smooth(&camera->smooth, filling->numbers[SMOOTH]);
    }
}

static struct dw_point middle_of(const struct dw_heat_map *map, int cell)
{
    int column = cell % map->columns, row = cell / map->columns;
    return (struct dw_point){ (column + .5) / map->columns, (row + .5) / map->rows };
}

/* As the tables have it: metres where the map is of the floor. */
static void add_coordinates(struct dw_sheet_table *table, const struct filling *filling,
                            struct dw_point place)
{
    if (dw_heat_floor_known(&filling->floor))
        place = dw_heat_floor_metres(&filling->floor, place);
    dw_sheet_number(table, place.x);
    dw_sheet_number(table, place.y);
}

/* Warmer than the cells around it; of equals the first. */
static bool is_peak(const struct dw_heat_map *map, int cell)
{
    int column = cell % map->columns, row = cell / map->columns;
    for (int y = DW_MAX(row - 1, 0); y <= DW_MIN(row + 1, map->rows - 1); y++) {
        for (int x = DW_MAX(column - 1, 0); x <= DW_MIN(column + 1, map->columns - 1); x++) {
            int other = y * map->columns + x;
            double more = map->seconds[other] - map->seconds[cell];
            if (more > 0 || (other < cell && more == 0))
                return false;
        }
    }
    return map->seconds[cell] > 0;
}

/* Warmer ones first, of equals the first of the grid; `last` -1: before all. */
static bool comes_after(const struct dw_heat_map *map, int cell, int last)
{
    if (last < 0)
        return true;
    double less = map->seconds[last] - map->seconds[cell];
    return less > 0 || (less == 0 && cell > last);
}

/* The warmest peak after `last` (-1: of all); -1: there is none. */
static int next_peak(const struct dw_heat_map *map, int last)
{
    int best = -1;
    for (int cell = 0; cell < map->columns * map->rows; cell++) {
        bool warmer = best < 0 || map->seconds[cell] > map->seconds[best];
        if (warmer && comes_after(map, cell, last) && is_peak(map, cell))
            best = cell;
    }
    return best;
}

static const char *zone_at(const struct filling *filling, int64_t camera, struct dw_point point)
{
    for (size_t i = 0; i < filling->places.list.count; i++) {
        const struct dw_report_place *place = &filling->places.list.items[i];
        if (place->camera_id == camera && dw_zone_contains(&place->zone, point))
            return place->zone.name;
    }
    return "-";
}

static void add_cameras(struct filling *filling)
{
    struct dw_sheet_table *table = dw_sheet_add_table(filling->sheet, "cameras", "Cameras",
                                                      camera_columns, DW_LENGTH(camera_columns));
    for (size_t i = 0; i < filling->cameras.count; i++) {
        const struct camera *camera = &filling->cameras.items[i];
        dw_sheet_text(table, camera->name);
        dw_sheet_number(table, (double)camera->pieces);
        dw_sheet_number(table, camera->raw.inside_s);
        dw_sheet_number(table, camera->raw.outside_s);
        if (!has_map(camera))
            dw_sheet_note(filling->sheet,
                          "No foot tracks of camera %s are stored for these days: they were not "
                          "recorded, or have been pruned",
                          camera->name);
    }
}

static void add_spots(struct filling *filling)
{
    struct dw_sheet_table *table =
        dw_sheet_add_table(filling->sheet, "spots", "Where people spend most time", spot_columns,
                           DW_LENGTH(spot_columns));
    for (size_t i = 0; i < filling->cameras.count; i++) {
        const struct camera *camera = &filling->cameras.items[i];
        const struct dw_heat_map *map = &camera->smooth;
        int cell = next_peak(map, -1);
        for (int n = 0; n < SPOTS_MAX && cell >= 0; n++, cell = next_peak(map, cell)) {
            struct dw_point middle = middle_of(map, cell);
            dw_sheet_text(table, camera->name);
            add_coordinates(table, filling, middle);
            dw_sheet_number(table, map->seconds[cell]);
            dw_sheet_number(table, map->seconds[cell] / map->inside_s);
            dw_sheet_text(table, zone_at(filling, camera->id, middle));
        }
    }
}

static void add_cells(struct filling *filling)
{
    struct dw_sheet_table *table = dw_sheet_add_table(filling->sheet, "cells", "The whole grid",
                                                      cell_columns, DW_LENGTH(cell_columns));
    table->data = true;
    for (size_t i = 0; i < filling->cameras.count; i++) {
        const struct camera *camera = &filling->cameras.items[i];
        const struct dw_heat_map *map = &camera->raw;
        for (int cell = 0; has_map(camera) && cell < map->columns * map->rows; cell++) {
            struct dw_point middle = middle_of(map, cell);
            int column = cell % map->columns, row = cell / map->columns;
            dw_sheet_text(table, camera->name);
            dw_sheet_number(table, column);
            dw_sheet_number(table, row);
            add_coordinates(table, filling, middle);
            dw_sheet_number(table, map->seconds[cell]);
            dw_sheet_number(table, camera->smooth.seconds[cell]);
        }
    }
}

static void outline_zones(const struct filling *filling, int64_t camera, double height,
                          struct dw_buf *svg)
{
    for (size_t i = 0; i < filling->places.list.count; i++) {
        const struct dw_report_place *place = &filling->places.list.items[i];
        if (place->camera_id != camera)
            continue;
        dw_buf_puts(svg, "<path class=\"line\" d=\"");
        for (size_t k = 0; k < place->zone.corner_count; k++)
            dw_buf_printf(svg, "%s%.1f %.1f", k == 0 ? "M" : "L",
                          place->zone.corners[k].x * DW_PLOT_GRID_WIDTH,
                          place->zone.corners[k].y * height);
        dw_buf_puts(svg, "z\"/>");
    }
}

static void add_plot(struct filling *filling, size_t number)
{
    const struct camera *camera = &filling->cameras.items[number];
    const struct dw_heat_map *map = &camera->smooth;
    double height = DW_PLOT_GRID_WIDTH * camera->height_px / camera->width_px;
    struct dw_buf over = { 0 }, svg = { 0 };
    char *id = dw_strdup_printf("heat-%zu", number);
    char *title = dw_strdup_printf("Where people spend their time, camera %s", camera->name);
    outline_zones(filling, camera->id, height, &over);
    dw_plot_grid(&(struct dw_plot_grid){ .id = id,
                                         .title = title,
                                         .columns = (size_t)map->columns,
                                         .rows = (size_t)map->rows,
                                         .values = map->seconds,
                                         .cell_height = height / map->rows,
                                         .over = dw_buf_text(&over) },
                 &svg);
    dw_sheet_plot(filling->sheet, dw_buf_text(&svg), title);
    dw_buf_fini(&over);
    dw_buf_fini(&svg);
    free(id);
    free(title);
}

/* A still or the first picture of a video. */
static int open_still(struct dw_frame **out, const char *path, struct dw_err *err)
{
    DW_AUTO(source) *source = NULL;
    int result = dw_source_create(&source, path, NULL, err);
    if (result == 0)
        result = dw_source_read(source, out, err);
    if (result < 0)
        return dw_fail_within(err, result, "--still");
    if (result == 0 || !(*out)->has_image)
        return dw_fail(err, -EINVAL, "--still '%s' holds no picture", path);
    return 0;
}

static int write_picture(const struct filling *filling, const char *const *values,
                         struct dw_err *err)
{
    DW_AUTO(frame) *frame = NULL;
    struct dw_heat_picture picture = { 0 };
    DW_VEC(struct dw_zone) zones = { 0 };
    if (filling->cameras.count != 1)
        return dw_fail(err, -EINVAL,
                       "--png shows one camera and there are %zu: choose with "
                       "--camera",
                       filling->cameras.count);
    const struct camera *camera = &filling->cameras.items[0];
    if (!has_map(camera))
        return dw_fail(err, -ENODATA, "there are no foot tracks of these days to make '%s' of",
                       values[PNG]);
    int result = values[STILL] != NULL ? open_still(&frame, values[STILL], err) : 0;
    if (result < 0)
        return result;
    dw_heat_picture_make(&picture, &camera->smooth, frame != NULL ? &frame->image : NULL,
                         camera->width_px, camera->height_px);
    for (size_t i = 0; i < filling->places.list.count; i++)
        dw_vec_push(&zones, filling->places.list.items[i].zone);
    struct dw_layout layout = { .zones = zones.items, .zone_count = zones.count };
    struct dw_overlay_scene scene = { .layout = &layout,
                                      .time_us = -1,
                                      .caption = filling->places.simulated ? "SIMULATED" : NULL };
    result = dw_still_write(values[PNG], &picture.image, &scene, err);
    dw_vec_fini(&zones);
    dw_heat_picture_fini(&picture);
    return result;
}

static void explain(struct filling *filling)
{
    struct dw_sheet *sheet = filling->sheet;
    dw_sheet_formula(sheet, "person-time of a cell = time between points of foot tracks up to 2 s "
                            "apart, spread along the line between them");
    dw_sheet_formula(sheet,
                     "smoothed = Gaussian of %g cells, mirrored at the edges: its sum is the "
                     "same",
                     filling->numbers[SMOOTH]);
    if (dw_heat_floor_known(&filling->floor))
        dw_sheet_formula(sheet, "x, y = middle of the cell in metres of the ground model, y up; a "
                                "spot is a cell warmer than those around it");
    else
        dw_sheet_formula(sheet,
                         "x, y = middle of the cell, 0 to 1 from the top left of the picture; a "
                         "spot is a cell warmer than those around it");
}

static int read_store(struct filling *filling, struct dw_store *store,
                      const struct dw_report_request *request, struct dw_err *err)
{
    struct dw_store_filter filter = dw_report_filter(request);
    struct dw_store_filter staff = filter;
    staff.staff_only = true;
    int result = dw_report_places_read(&filling->places, store, request, err);
    filling->sheet->simulated = filling->places.simulated;
    if (result == 0)
        result = dw_store_read_runs(store, &filter, take_run, filling, err);
    set_sizes(filling);
    if (result == 0)
        result = lay_floor(filling, store, &filter, request->values, err);
    make_maps(filling);
    if (result == 0 && !request->include_staff)
        result = dw_store_read_visits(store, &staff, take_staff, filling, err);
    if (filling->staff.count > 0)
        qsort(filling->staff.items, filling->staff.count, sizeof(*filling->staff.items), by_person);
    if (result == 0)
        result = dw_store_read_foot_tracks(store, &filter, take_track, filling, err);
    smooth_maps(filling);
    return result;
}

static void filling_fini(struct filling *filling)
{
    for (size_t i = 0; i < filling->cameras.count; i++) {
        free(filling->cameras.items[i].name);
        dw_heat_map_fini(&filling->cameras.items[i].raw);
        dw_heat_map_fini(&filling->cameras.items[i].smooth);
    }
    dw_vec_fini(&filling->cameras);
    dw_vec_fini(&filling->runs);
    dw_vec_fini(&filling->staff);
    dw_report_places_fini(&filling->places);
}

static int check_options(const char *const *values, struct dw_err *err)
{
    if (values[STILL] != NULL && values[PNG] == NULL)
        return dw_fail(err, -EINVAL, "--still is laid under a picture: add --png FILE");
    if (values[FLOOR] != NULL && values[GROUND] == NULL)
        return dw_fail(err, -EINVAL, "--floor is in metres: add --ground FILE");
    if (values[STILL] != NULL && values[GROUND] != NULL && values[FLOOR] == NULL)
        return dw_fail(err, -EINVAL,
                       "--still is a plan with --ground: say with --floor what it shows");
    return 0;
}

static int fill_heat_map(struct dw_sheet *sheet, struct dw_store *store,
                         const struct dw_report_request *request, struct dw_err *err)
{
    static const struct dw_kind_number numbers[] = { { "--grid", 4, 200 }, { "--smooth", 0, 20 } };
    struct filling filling = { .sheet = sheet, .numbers = { 48, 1 } };
    sheet->title = dw_strdup("Where people spend their time");
    int result = check_options(request->values, err);
    for (size_t i = 0; result == 0 && i < DW_LENGTH(numbers); i++)
        result = dw_kind_number(&filling.numbers[i], &numbers[i], request->values[i], err);
    if (result == 0)
        result = read_store(&filling, store, request, err);
    if (result == 0 && filling.cameras.count > 0) {
        for (size_t i = 0; i < filling.cameras.count; i++)
            if (has_map(&filling.cameras.items[i]))
                add_plot(&filling, i);
        add_cameras(&filling);
        add_spots(&filling);
        add_cells(&filling);
        explain(&filling);
    }
    if (result == 0 && request->values[PNG] != NULL)
        result = write_picture(&filling, request->values, err);
    filling_fini(&filling);
    return result;
}

const struct dw_report_kind dw_report_heat_map = {
    .name = "heat-map",
    .about = "Where before each camera people spend their time, from the stored foot tracks: the\n"
             "warmest spots, the whole grid in --json and --csv, a picture with --png.",
    .options = options,
    .option_count = DW_LENGTH(options),
    .local_count = DW_LENGTH(options) - PNG,
    .fill = fill_heat_map,
};
