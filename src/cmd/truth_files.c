/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/truth_files.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/vec.h"
#include "conf/file.h"
#include "conf/ground.h"
#include "conf/zones.h"
#include "core/truth.h"
#include "media/source.h"

#define FILE_MOST (256u << 20)

void dw_truth_fini(struct dw_truth *truth)
{
    dw_layout_fini(&truth->layout);
    free(truth->visits);
    free(truth->feet);
    free(truth->ignored);
    *truth = (struct dw_truth){ 0 };
}

void dw_truth_forget_ground(struct dw_truth *truth)
{
    truth->ground_path[0] = '\0';
    truth->ground = (struct dw_ground){ 0 };
}

static int load_json(json_t **out, const char *path, struct dw_err *err)
{
    struct dw_buf text = { 0 };
    json_error_t problem;
    int r = dw_file_read(&text, path, FILE_MOST, err);
    if (r == 0) {
        *out = json_loadb(dw_buf_text(&text), text.length, 0, &problem);
        if (*out == NULL)
            r = dw_fail(err, -EINVAL, "%s: is no JSON: line %d: %s", path, problem.line,
                        problem.text);
    }
    dw_buf_fini(&text);
    return r;
}

static double number(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

static int read_sequence(struct dw_truth *truth, const char *path, struct dw_err *err)
{
    json_t *root = NULL;
    int r = load_json(&root, path, err);
    if (r < 0)
        return r;
    truth->fps = number(root, "fps");
    truth->width_px = (int)number(root, "width");
    truth->height_px = (int)number(root, "height");
    double frames = number(root, "frames");
    json_decref(root);
    if (!(truth->fps > 0) || truth->width_px < 1 || truth->height_px < 1 || !(frames > 0))
        return dw_fail(err, -EINVAL, "%s: wants fps, frames, width and height", path);
    truth->length_s = frames / truth->fps;
    return 0;
}

static int zone_index(const struct dw_layout *layout, const char *name)
{
    for (size_t i = 0; i < layout->zone_count; i++)
        if (name != NULL && strcmp(layout->zones[i].name, name) == 0)
            return (int)i;
    return -1;
}

static int read_visits(struct dw_truth *truth, const char *path, struct dw_err *err)
{
    json_t *root = NULL;
    int r = load_json(&root, path, err);
    if (r < 0)
        return r;
    const json_t *list = json_object_get(root, "visits");
    size_t count = json_array_size(list);
    truth->visits = dw_alloc_array0(count, sizeof(*truth->visits));
    for (size_t i = 0; r == 0 && i < count; i++) {
        const json_t *visit = json_array_get(list, i);
        const char *zone = json_string_value(json_object_get(visit, "zone"));
        truth->visits[i] = (struct dw_score_visit){
            .zone = zone_index(&truth->layout, zone),
            .person = (int64_t)number(visit, "person"),
            .enter_s = number(visit, "enter_s"),
            .exit_s = number(visit, "exit_s"),
        };
        if (truth->visits[i].zone < 0)
            r = dw_fail(err, -EINVAL, "%s: visit %zu is in zone '%s', which zones.json lacks", path,
                        i + 1, zone != NULL ? zone : "");
    }
    truth->visit_count = count;
    json_decref(root);
    return r;
}

/* frame,id,x,y,w,h,considered,... with frames from 1. False: no such line. */
static bool read_box(struct dw_score_foot *out, bool *considered, const char *line)
{
    double v[7];
    const char *at = line;
    for (int i = 0; i < 7; i++) {
        char *end = NULL;
        v[i] = strtod(at, &end);
        if (end == at)
            return false;
        at = *end == ',' ? end + 1 : end;
    }
    *out = (struct dw_score_foot){
        .person = (int64_t)v[1],
        .frame = (int)v[0] - 1,
        .foot_px = { v[2] + v[4] / 2, v[3] + v[5] },
        .h_px = v[5],
        .w_px = v[4],
    };
    *considered = v[6] > 0;
    return true;
}

static int read_boxes(struct dw_truth *truth, const char *path, struct dw_err *err)
{
    struct dw_buf text = { 0 };
    int r = dw_file_read(&text, path, FILE_MOST, err);
    if (r < 0)
        return r;
    DW_VEC(struct dw_score_foot) feet = { 0 }, ignored = { 0 };
    const char *at = dw_buf_text(&text);
    while (*at != '\0') {
        struct dw_score_foot foot;
        bool considered = false;
        if (read_box(&foot, &considered, at)) {
            if (considered)
                dw_vec_push(&feet, foot);
            else
                dw_vec_push(&ignored, foot);
        }
        at += strcspn(at, "\n");
        at += *at == '\n';
    }
    dw_buf_fini(&text);
    dw_score_sort_feet(feet.items, feet.count);
    truth->feet = feet.items;
    truth->foot_count = feet.count;
    truth->ignored = ignored.items;
    truth->ignored_count = ignored.count;
    return 0;
}

static int video_facts(struct dw_truth *truth, const char *video, struct dw_err *err)
{
    DW_AUTO(source) *source = NULL;
    int r = dw_source_create(&source, video, NULL, err);
    if (r < 0)
        return r;
    const struct dw_source_info *info = dw_source_info(source);
    if (!(info->fps > 0))
        return dw_fail(err, -EINVAL, "%s: does not say how many frames a second it has", video);
    truth->length_s =
        truth->fps > 0 ? truth->length_s * truth->fps / info->fps : (double)info->duration_us / 1e6;
    truth->fps = info->fps;
    return 0;
}

static int read_ground(struct dw_truth *truth, const char *folder, struct dw_err *err)
{
    char path[sizeof(truth->ground_path)];
    snprintf(path, sizeof(path), "%.4000s/ground.json", folder);
    if (access(path, F_OK) != 0)
        return 0;
    memcpy(truth->ground_path, path, sizeof(path));
    return dw_ground_load(&truth->ground, path, truth->width_px, truth->height_px, err);
}

static int load_folder(struct dw_truth *truth, const char *folder, const char *video,
                       const struct dw_zone_rules *rules, struct dw_err *err)
{
    char path[4096];
    snprintf(truth->detections_path, sizeof(truth->detections_path), "%.4000s/detections.csv",
             folder);
    snprintf(path, sizeof(path), "%.4000s/sequence.json", folder);
    int r = read_sequence(truth, path, err);
    if (r == 0)
        r = read_ground(truth, folder, err);
    snprintf(path, sizeof(path), "%.4000s/zones.json", folder);
    if (r == 0)
        r = dw_zones_load(&truth->layout, path, rules, err);
    snprintf(path, sizeof(path), "%.4000s/tracks_truth.csv", folder);
    if (r == 0)
        r = read_boxes(truth, path, err);
    snprintf(path, sizeof(path), "%.4000s/visits_truth.json", folder);
    if (r < 0 || video == NULL)
        return r == 0 ? read_visits(truth, path, err) : r;

    r = video_facts(truth, video, err);
    struct dw_truth_picture picture = { &truth->layout, truth->fps, truth->width_px,
                                        truth->height_px };
    truth->visit_count = dw_truth_visits(&truth->visits, truth->feet, truth->foot_count, &picture);
    return r;
}

/* {"width", "height", "zone": [[x, y], ...] in pixels, "visits": [{"start_s", "end_s"}, ...]} */
static int read_intervals(struct dw_truth *truth, const json_t *root,
                          const struct dw_zone_rules *rules, struct dw_err *err)
{
    const json_t *corners = json_object_get(root, "zone"), *list = json_object_get(root, "visits");
    size_t corner_count = json_array_size(corners);
    truth->width_px = (int)number(root, "width");
    truth->height_px = (int)number(root, "height");
    if (truth->width_px < 1 || truth->height_px < 1 || corner_count < 3 ||
        corner_count > DW_ZONE_CORNERS_MAX)
        return dw_fail(err, -EINVAL, "wants width, height, a zone in pixels, and visits");
    struct dw_zone *zone = dw_alloc0(sizeof(*zone));
    truth->layout = (struct dw_layout){ .zones = zone, .zone_count = 1 };
    snprintf(zone->name, sizeof(zone->name), "zone");
    zone->rules = *rules;
    zone->corner_count = corner_count;
    for (size_t i = 0; i < corner_count; i++) {
        const json_t *corner = json_array_get(corners, i);
        zone->corners[i] = (struct dw_point){
            json_number_value(json_array_get(corner, 0)) / truth->width_px,
            json_number_value(json_array_get(corner, 1)) / truth->height_px,
        };
    }
    truth->visit_count = json_array_size(list);
    truth->visits = dw_alloc_array0(truth->visit_count, sizeof(*truth->visits));
    for (size_t i = 0; i < truth->visit_count; i++) {
        const json_t *visit = json_array_get(list, i);
        truth->visits[i] = (struct dw_score_visit){ 0, (int64_t)i + 1, number(visit, "start_s"),
                                                    number(visit, "end_s") };
    }
    return 0;
}

static int load_intervals(struct dw_truth *truth, const char *path, const char *video,
                          const struct dw_zone_rules *rules, struct dw_err *err)
{
    if (video == NULL)
        return dw_fail(err, -EINVAL, "'%s' holds intervals only: say --video FILE too", path);
    json_t *root = NULL;
    int r = load_json(&root, path, err);
    if (r < 0)
        return r;
    r = read_intervals(truth, root, rules, err);
    json_decref(root);
    if (r < 0)
        return dw_fail_within(err, r, "%s", path);
    return video_facts(truth, video, err);
}

int dw_truth_load(struct dw_truth *truth, const char *place, const char *video,
                  const struct dw_zone_rules *rules, struct dw_err *err)
{
    struct stat status;
    if (stat(place, &status) < 0)
        return dw_fail(err, -errno, "cannot read '%s': %s", place, strerror(errno));
    return S_ISDIR(status.st_mode) ? load_folder(truth, place, video, rules, err)
                                   : load_intervals(truth, place, video, rules, err);
}
