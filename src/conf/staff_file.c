/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/staff_file.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json_writer.h"
#include "base/macros.h"
#include "base/wall_time.h"
#include "conf/file.h"

#define VERSION 1
#define TRACKS_MAX 20000
#define SET_BYTES_MAX (512U << 20)
#define MODEL_BYTES_MAX (1U << 20)
#define VIEWS_MAX 1000000
#define NUMBER_MOST 1e6 /* in models: anything larger is damage */

void dw_staff_set_fini(struct dw_staff_set *set)
{
    dw_vec_fini(&set->tracks);
}

static void put_time(struct dw_json_writer *json, const char *key, int64_t wall_us)
{
    char text[DW_ISO8601_SIZE];
    dw_json_string(json, key, dw_time_iso8601(text, wall_us));
}

void dw_staff_set_print(struct dw_buf *out, const struct dw_staff_set *set)
{
    struct dw_json_writer json = { .out = out };
    dw_json_object_begin(&json, NULL);
    dw_json_integer(&json, "dwell_staff_set", VERSION);
    dw_json_string(&json, "looks", set->looks);
    dw_json_string(&json, "camera", set->camera);
    put_time(&json, "until", set->until_us);
    dw_json_object_end(&json);
    dw_buf_puts(out, "\n");
}

void dw_staff_track_print(struct dw_buf *out, const struct dw_staff_set_track *track)
{
    const struct dw_staff_views *views = &track->track.views;
    struct dw_json_writer json = { .out = out };
    dw_json_object_begin(&json, NULL);
    dw_json_integer(&json, "track", track->number);
    if (track->camera[0] != '\0')
        dw_json_string(&json, "camera", track->camera);
    put_time(&json, "start", track->track.start_us);
    dw_json_array_begin(&json, "views");
    dw_json_integer(&json, NULL, views->count[0]);
    dw_json_integer(&json, NULL, views->count[1]);
    dw_json_array_end(&json);
    dw_json_array_begin(&json, "sums");
    for (int half = 0; half < 2; half++) {
        dw_json_array_begin(&json, NULL);
        for (size_t i = 0; i < views->size; i++)
            dw_json_real(&json, NULL, (double)views->sum[half][i], 4);
        dw_json_array_end(&json);
    }
    dw_json_array_end(&json);
    dw_json_object_end(&json);
    dw_buf_puts(out, "\n");
}

static int read_real(double *out, const json_t *value, const char *name, double most,
                     struct dw_err *err)
{
    double number = json_number_value(value);
    if (!json_is_number(value) || !(fabs(number) <= most))
        return dw_fail(err, -EINVAL, "\"%s\" wants a number of at most %g", name, most);
    *out = number;
    return 0;
}

static int read_reals(double *out, size_t size, const json_t *array, const char *name,
                      struct dw_err *err)
{
    if (json_array_size(array) != size)
        return dw_fail(err, -EINVAL, "\"%s\" wants %zu numbers, got %zu", name, size,
                       json_array_size(array));
    int r = 0;
    for (size_t i = 0; r == 0 && i < size; i++)
        r = read_real(&out[i], json_array_get(array, i), name, NUMBER_MOST, err);
    return r;
}

static int read_count(size_t *out, const json_t *value, const char *name, struct dw_err *err)
{
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < 0 || number > VIEWS_MAX)
        return dw_fail(err, -EINVAL, "\"%s\" wants a whole number of 0 to %d", name, VIEWS_MAX);
    *out = (size_t)number;
    return 0;
}

static int read_time(int64_t *out, const json_t *value, const char *name, struct dw_err *err)
{
    if (!json_is_string(value))
        return dw_fail(err, -EINVAL, "\"%s\" wants a time, e.g. 2026-11-22T09:00:00Z", name);
    int r = dw_time_parse(out, json_string_value(value), err);
    return r < 0 ? dw_fail_within(err, r, "\"%s\"", name) : 0;
}

static int read_text(char *out, size_t room, const json_t *value, const char *name,
                     struct dw_err *err)
{
    const char *text = json_string_value(value);
    if (text == NULL || text[0] == '\0' || strlen(text) >= room)
        return dw_fail(err, -EINVAL, "\"%s\" wants a text of 1 to %zu bytes", name, room - 1);
    memcpy(out, text, strlen(text) + 1);
    return 0;
}

/* Whether it is what its first field says, in a version this program knows. */
static int check_kind(const json_t *root, const char *kind, struct dw_err *err)
{
    const json_t *version = json_object_get(root, kind);
    if (!json_is_integer(version))
        return dw_fail(err, -EINVAL, "has no \"%s\": it is something else", kind);
    if (json_integer_value(version) != VERSION)
        return dw_fail(err, -EINVAL, "\"%s\" %lld is not known to this program, which knows %d",
                       kind, (long long)json_integer_value(version), VERSION);
    return 0;
}

static int read_head(struct dw_staff_set *set, const json_t *root, struct dw_err *err)
{
    int r = check_kind(root, "dwell_staff_set", err);
    if (r == 0)
        r = read_text(set->looks, sizeof(set->looks), json_object_get(root, "looks"), "looks", err);
    if (r == 0)
        r = read_text(set->camera, sizeof(set->camera), json_object_get(root, "camera"), "camera",
                      err);
    return r == 0 ? read_time(&set->until_us, json_object_get(root, "until"), "until", err) : r;
}

static int read_views(struct dw_staff_views *views, const json_t *root, struct dw_err *err)
{
    const json_t *counts = json_object_get(root, "views"), *sums = json_object_get(root, "sums");
    size_t size = json_array_size(json_array_get(sums, 0)), count[2];
    double numbers[DW_LOOK_MAX];
    if (json_array_size(counts) != 2 || json_array_size(sums) != 2 || size == 0 ||
        size > DW_LOOK_MAX)
        return dw_fail(err, -EINVAL, "wants \"views\" and \"sums\" of two halves, 1 to %d numbers",
                       DW_LOOK_MAX);
    int r = 0;
    for (size_t half = 0; r == 0 && half < 2; half++) {
        r = read_count(&count[half], json_array_get(counts, half), "views", err);
        if (r == 0)
            r = read_reals(numbers, size, json_array_get(sums, half), "sums", err);
        for (size_t i = 0; r == 0 && i < size; i++)
            views->sum[half][i] = (float)numbers[i];
    }
    if (r == 0 && (count[0] == 0 || count[1] > count[0] || count[0] - count[1] > 1))
        return dw_fail(err, -EINVAL, "\"views\" wants halves, the first not the smaller");
    for (size_t half = 0; r == 0 && half < 2; half++)
        views->count[half] = (uint32_t)count[half];
    views->size = (uint16_t)size;
    return r;
}

/* The number of its camera: that of a track before it, or one more than all of them. */
static size_t camera_of(const struct dw_staff_set *set, const struct dw_staff_set_track *track)
{
    size_t next = 0;
    for (size_t i = 0; i + 1 < set->tracks.count; i++) {
        if (strcmp(set->tracks.items[i].camera, track->camera) == 0)
            return set->tracks.items[i].track.camera;
        next = DW_MAX(next, set->tracks.items[i].track.camera + 1);
    }
    return next;
}

static int read_track(struct dw_staff_set *set, const json_t *root, struct dw_err *err)
{
    struct dw_staff_set_track *track = dw_vec_add(&set->tracks);
    size_t number = 0;
    const json_t *camera = json_object_get(root, "camera");
    int r = read_count(&number, json_object_get(root, "track"), "track", err);
    if (r == 0 && camera != NULL)
        r = read_text(track->camera, sizeof(track->camera), camera, "camera", err);
    track->track.camera = camera_of(set, track);
    if (r == 0)
        r = read_time(&track->track.start_us, json_object_get(root, "start"), "start", err);
    if (r == 0)
        r = read_views(&track->track.views, root, err);
    if (r == 0 && track->track.views.size != set->tracks.items[0].track.views.size)
        return dw_fail(err, -EINVAL, "its looks have %d numbers, those before %d",
                       track->track.views.size, set->tracks.items[0].track.views.size);
    track->number = (int64_t)number;
    return r;
}

static int read_line(struct dw_staff_set *set, const char *line, size_t length, bool head,
                     struct dw_err *err)
{
    json_error_t problem;
    json_t *root = json_loadb(line, length, JSON_REJECT_DUPLICATES, &problem);
    if (root == NULL)
        return dw_fail(err, -EINVAL, "is no JSON: %s", problem.text);
    int r = head ? read_head(set, root, err) : read_track(set, root, err);
    json_decref(root);
    return r;
}

int dw_staff_set_parse(struct dw_staff_set *set, const char *text, size_t length,
                       struct dw_err *err)
{
    size_t number = 1;
    for (size_t at = 0; at < length || number == 1; number++) {
        const char *end = at < length ? memchr(text + at, '\n', length - at) : NULL;
        size_t size = (end != NULL ? (size_t)(end - text) : length) - at;
        if (number > TRACKS_MAX + 1)
            return dw_fail(err, -EFBIG, "holds more than %d tracks", TRACKS_MAX);
        int r = read_line(set, text + at, size, number == 1, err);
        if (r < 0)
            return dw_fail_within(err, r, "line %zu", number);
        at += size + 1;
    }
    return 0;
}

int dw_staff_set_load(struct dw_staff_set *set, const char *folder, struct dw_err *err)
{
    struct dw_buf path = { 0 }, text = { 0 };
    dw_buf_printf(&path, "%s/%s", folder, DW_STAFF_SET_FILE);
    int r = dw_file_read(&text, dw_buf_text(&path), SET_BYTES_MAX, err);
    if (r == 0) {
        r = dw_staff_set_parse(set, dw_buf_text(&text), text.length, err);
        if (r < 0)
            dw_fail_within(err, r, "%s", dw_buf_text(&path));
    }
    dw_buf_fini(&path);
    dw_buf_fini(&text);
    return r;
}

/* Whether it is a file of a set: its list, its labels, or NUMBER.png or .jpg; or what is left of
 * one when the program was killed while it wrote it. */
static bool is_of_set(const char *file)
{
    char name[NAME_MAX + 1];
    snprintf(name, sizeof(name), "%.*s", (int)dw_file_whole(file), file);
    const char *end = name + strspn(name, "0123456789");
    return strcmp(name, DW_STAFF_SET_FILE) == 0 || strcmp(name, DW_STAFF_LABELS_FILE) == 0 ||
           (end > name && (strcmp(end, ".png") == 0 || strcmp(end, ".jpg") == 0));
}

static int remove_files(DIR *folder, const char *path, struct dw_err *err)
{
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
        if (is_of_set(entry->d_name) && unlinkat(dirfd(folder), entry->d_name, 0) != 0)
            return dw_fail(err, -errno, "cannot delete '%s/%s': %s", path, entry->d_name,
                           strerror(errno));
    return 0;
}

int dw_staff_set_delete(const char *folder, struct dw_err *err)
{
    struct dw_buf list = { 0 };
    dw_buf_printf(&list, "%s/%s", folder, DW_STAFF_SET_FILE);
    int r = access(dw_buf_text(&list), F_OK) == 0 ? 0 : -errno;
    dw_buf_fini(&list);
    DIR *files = r == 0 ? opendir(folder) : NULL;
    if (files == NULL)
        return dw_fail(err, r < 0 ? r : -errno, "'%s' holds no labelling set", folder);
    r = remove_files(files, folder, err);
    closedir(files);
    if (r == 0 && rmdir(folder) != 0)
        r = dw_fail(err, -errno, "the set is deleted, its folder '%s' is not: %s", folder,
                    strerror(errno));
    return r;
}

/* A whole number that ends at one of `ends`; -1: it is none. */
static long long read_whole(const char **at, const char *ends)
{
    char *end = NULL;
    errno = 0;
    long long number = strtoll(*at, &end, 10);
    if (end == *at || errno != 0 || number < 0 || (*end != '\0' && strchr(ends, *end) == NULL))
        return -1;
    *at = end;
    return number;
}

static int read_label(struct dw_staff_set *set, const char *line, struct dw_err *err)
{
    const char *at = line;
    char word[16] = "";
    long long number = read_whole(&at, ","), person = 0;
    size_t length = *at == ',' ? strcspn(at + 1, ",\r\n") : 0;
    if (number >= 0 && length > 0 && length < sizeof(word))
        memcpy(word, at + 1, length);
    int role = dw_role_parse(word);
    at += 1 + length;
    if (role == DW_ROLE_STAFF || role == DW_ROLE_SHOPPER) {
        if (*at == ',' && at[1] != '\r' && at[1] != '\n' && at[1] != '\0') {
            at++;
            person = read_whole(&at, "\r\n");
        }
    }
    if (role <= DW_ROLE_UNKNOWN || person < 0)
        return dw_fail(err, -EINVAL,
                       "'%.*s': wants track,role or track,role,person, role being "
                       "staff or shopper",
                       (int)DW_MIN(strcspn(line, "\r\n"), (size_t)60), line);
    for (size_t i = 0; i < set->tracks.count; i++)
        if (set->tracks.items[i].number == number) {
            set->tracks.items[i].track.label = (enum dw_role)role;
            set->tracks.items[i].track.person = person;
            return 0;
        }
    return dw_fail(err, -EINVAL, "the set has no track %lld", number);
}

int dw_staff_labels_parse(struct dw_staff_set *set, const char *text, struct dw_err *err)
{
    if (strncmp(text, "track,role", strlen("track,role")) != 0)
        return dw_fail(err, -EINVAL, "wants the heading track,role or track,role,person");
    size_t number = 1;
    for (const char *line = strchr(text, '\n'); line != NULL; line = strchr(line, '\n')) {
        line++;
        number++;
        int r = line[0] != '\0' && line[0] != '\n' ? read_label(set, line, err) : 0;
        if (r < 0)
            return dw_fail_within(err, r, "line %zu", number);
    }
    return 0;
}

int dw_staff_labels_load(struct dw_staff_set *set, const char *path, struct dw_err *err)
{
    struct dw_buf text = { 0 };
    int r = dw_file_read(&text, path, MODEL_BYTES_MAX, err);
    if (r == 0) {
        r = dw_staff_labels_parse(set, dw_buf_text(&text), err);
        if (r < 0)
            dw_fail_within(err, r, "%s", path);
    }
    dw_buf_fini(&text);
    return r;
}

/* A figure by its name in the file. */
struct count_row {
    const char *name;
    size_t offset;
};

#define COUNT(field)                                                                               \
    {                                                                                              \
#field, offsetof(struct dw_staff_figures, field)                                           \
    }
static const struct count_row count_rows[] = {
    COUNT(staff),       COUNT(shoppers),      COUNT(staff_right),
    COUNT(staff_wrong), COUNT(shopper_right), COUNT(shopper_wrong),
};

static void put_figures(struct dw_json_writer *json, const struct dw_staff_figures *figures)
{
    dw_json_object_begin(json, "figures");
    for (size_t i = 0; i < DW_LENGTH(count_rows); i++) {
        size_t count = 0;
        memcpy(&count, (const char *)figures + count_rows[i].offset, sizeof(count));
        dw_json_integer(json, count_rows[i].name, (int64_t)count);
    }
    dw_json_integer(json, "shopper_people", (int64_t)figures->shopper_people);
    dw_json_bool(json, "by_person", figures->by_person);
    dw_json_real(json, "auc", figures->auc, 4);
    dw_json_real(json, "auc_error", figures->auc_error, 4);
    dw_json_real(json, "sure", figures->sure, 4);
    dw_json_array_begin(json, "curve");
    for (size_t i = 0; i < DW_STAFF_CURVE; i++)
        dw_json_real(json, NULL, figures->curve[i], 4);
    dw_json_array_end(json);
    dw_json_object_end(json);
}

void dw_staff_model_print(struct dw_buf *out, const struct dw_staff_model *model,
                          const struct dw_staff_origin *origin)
{
    struct dw_json_writer json = { .out = out };
    dw_json_object_begin(&json, NULL);
    dw_json_integer(&json, "dwell_staff_model", VERSION);
    dw_json_string(&json, "looks", model->looks);
    dw_json_string(&json, "camera", origin->camera);
    put_time(&json, "trained", origin->trained_us);
    if (origin->set[0] != '\0')
        dw_json_string(&json, "set", origin->set);
    put_figures(&json, &model->figures);
    dw_json_real(&json, "alike", model->alike, 6);
    dw_json_real(&json, "slope", model->platt.slope, 6);
    dw_json_real(&json, "offset", model->platt.offset, 6);
    dw_json_real(&json, "tracks", model->usual.tracks, 0);
    dw_json_array_begin(&json, "spread");
    for (size_t i = 0; i < DW_STAFF_BINS; i++)
        dw_json_integer(&json, NULL, model->spread.people[i]);
    dw_json_array_end(&json);
    dw_json_array_begin(&json, "mean");
    for (size_t i = 0; i < model->size; i++)
        dw_json_real(&json, NULL, model->usual.mean[i], 6);
    dw_json_array_end(&json);
    dw_json_array_begin(&json, "weights");
    for (size_t i = 0; i <= model->size; i++)
        dw_json_real(&json, NULL, model->weights[i], 6);
    dw_json_array_end(&json);
    dw_json_object_end(&json);
    dw_buf_puts(out, "\n");
}

static int read_figures(struct dw_staff_figures *figures, const json_t *root, struct dw_err *err)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < DW_LENGTH(count_rows); i++) {
        const char *name = count_rows[i].name;
        size_t count = 0;
        r = read_count(&count, json_object_get(root, name), name, err);
        memcpy((char *)figures + count_rows[i].offset, &count, sizeof(count));
    }
    const json_t *people = json_object_get(root, "shopper_people");
    figures->shopper_people = figures->shoppers; /* of a model that does not say */
    if (r == 0 && people != NULL)
        r = read_count(&figures->shopper_people, people, "shopper_people", err);
    figures->by_person = json_is_true(json_object_get(root, "by_person"));
    const struct {
        const char *name;
        double *to;
    } reals[] = { { "auc", &figures->auc },
                  { "auc_error", &figures->auc_error },
                  { "sure", &figures->sure } };
    for (size_t i = 0; r == 0 && i < DW_LENGTH(reals); i++)
        r = read_real(reals[i].to, json_object_get(root, reals[i].name), reals[i].name, 1, err);
    if (r == 0)
        r = read_reals(figures->curve, DW_STAFF_CURVE, json_object_get(root, "curve"), "curve",
                       err);
    return r;
}

/* Files of former versions have none, and drift cannot be told by them. */
static int read_spread(struct dw_staff_spread *spread, const json_t *array, struct dw_err *err)
{
    int r = 0;
    if (array != NULL && json_array_size(array) != DW_STAFF_BINS)
        return dw_fail(err, -EINVAL, "\"spread\" wants %d numbers, got %zu", DW_STAFF_BINS,
                       json_array_size(array));
    for (size_t i = 0; r == 0 && i < json_array_size(array); i++) {
        size_t people = 0;
        r = read_count(&people, json_array_get(array, i), "spread", err);
        spread->people[i] = (uint32_t)people;
    }
    return r;
}

static int read_numbers(struct dw_staff_model *model, const json_t *root, struct dw_err *err)
{
    const json_t *mean = json_object_get(root, "mean");
    const struct {
        const char *name;
        double *to;
    } reals[] = {
        { "alike", &model->alike },
        { "slope", &model->platt.slope },
        { "offset", &model->platt.offset },
        { "tracks", &model->usual.tracks },
    };
    if (json_array_size(mean) == 0 || json_array_size(mean) > DW_LOOK_MAX)
        return dw_fail(err, -EINVAL, "\"mean\" wants 1 to %d numbers, got %zu", DW_LOOK_MAX,
                       json_array_size(mean));
    model->size = (uint16_t)json_array_size(mean);
    int r = 0;
    for (size_t i = 0; r == 0 && i < DW_LENGTH(reals); i++)
        r = read_real(reals[i].to, json_object_get(root, reals[i].name), reals[i].name, NUMBER_MOST,
                      err);
    if (r == 0 && (model->alike < 0 || model->alike > 1))
        return dw_fail(err, -EINVAL, "\"alike\" wants 0 to 1, got %g", model->alike);
    if (r == 0)
        r = read_reals(model->usual.mean, model->size, mean, "mean", err);
    return r == 0 ? read_reals(model->weights, model->size + 1U, json_object_get(root, "weights"),
                               "weights", err)
                  : r;
}

/* What older files do not have. */
static int read_origin_more(struct dw_staff_origin *origin, const json_t *root, struct dw_err *err)
{
    const json_t *set = json_object_get(root, "set");
    return set != NULL ? read_text(origin->set, sizeof(origin->set), set, "set", err) : 0;
}

static int read_model(struct dw_staff_model *model, struct dw_staff_origin *origin,
                      const json_t *root, struct dw_err *err)
{
    int r = check_kind(root, "dwell_staff_model", err);
    if (r == 0)
        r = read_text(model->looks, sizeof(model->looks), json_object_get(root, "looks"), "looks",
                      err);
    if (r == 0)
        r = read_text(origin->camera, sizeof(origin->camera), json_object_get(root, "camera"),
                      "camera", err);
    if (r == 0)
        r = read_time(&origin->trained_us, json_object_get(root, "trained"), "trained", err);
    if (r == 0)
        r = read_origin_more(origin, root, err);
    if (r == 0)
        r = read_figures(&model->figures, json_object_get(root, "figures"), err);
    if (r == 0)
        r = read_spread(&model->spread, json_object_get(root, "spread"), err);
    return r == 0 ? read_numbers(model, root, err) : r;
}

int dw_staff_model_parse(struct dw_staff_model *model, struct dw_staff_origin *origin,
                         const char *text, size_t length, struct dw_err *err)
{
    json_error_t problem;
    *model = (struct dw_staff_model){ 0 };
    *origin = (struct dw_staff_origin){ 0 };
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &problem);
    if (root == NULL)
        return dw_fail(err, -EINVAL, "is no JSON: line %d: %s", problem.line, problem.text);
    int r = read_model(model, origin, root, err);
    json_decref(root);
    return r;
}

int dw_staff_model_load(struct dw_staff_model *model, struct dw_staff_origin *origin,
                        const char *path, struct dw_err *err)
{
    struct dw_buf text = { 0 };
    int r = dw_file_read(&text, path, MODEL_BYTES_MAX, err);
    if (r == 0) {
        r = dw_staff_model_parse(model, origin, dw_buf_text(&text), text.length, err);
        if (r < 0)
            dw_fail_within(err, r, "staff model '%s'", path);
    }
    dw_buf_fini(&text);
    return r;
}
