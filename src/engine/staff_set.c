/* SPDX-License-Identifier: Apache-2.0 */
/* The labelling set on disk: DATA/staff/sets/NAME, one at a time. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "conf/file.h"
#include "engine/staff_desk_impl.h"
#include "engine/staff_tile.h"

#define KEPT_MAX 2000 /* people in a set: enough for any model, and they are in memory too */

static char *set_path(const struct dw_staff_desk *desk, const char *file)
{
    return dw_strdup_printf("%s/sets/%s%s%s", desk->folder, desk->set, file[0] != '\0' ? "/" : "",
                            file);
}

/* --- Writing -------------------------------------------------------------------------------- */

static int append(const struct dw_staff_desk *desk, const struct dw_buf *line, struct dw_err *err)
{
    char *path = set_path(desk, DW_STAFF_SET_FILE);
    int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    ssize_t written = file >= 0 ? write(file, line->data, line->length) : -1;
    int r = 0;
    if (written != (ssize_t)line->length)
        r = dw_fail(err, -EIO, "cannot write '%s': %s", path,
                    written < 0 ? strerror(errno) : "the disk is full");
    if (file >= 0)
        close(file);
    free(path);
    return r;
}

static int write_tile(const struct dw_staff_desk *desk, const struct dw_staff_known *known,
                      struct dw_err *err)
{
    char *folder = set_path(desk, ""), *path = dw_staff_tile_path(folder, known->face.id);
    int r = dw_file_write_secret(path, known->tile.data, known->tile.length, err);
    free(path);
    free(folder);
    return r;
}

static int write_track(const struct dw_staff_desk *desk, const struct dw_staff_known *known,
                       struct dw_err *err)
{
    struct dw_staff_set_track track = { .number = known->face.id };
    struct dw_buf line = { 0 };
    snprintf(track.camera, sizeof(track.camera), "%s", known->face.camera);
    track.track.views = known->views;
    track.track.start_us = known->face.first_us;
    dw_staff_track_print(&line, &track);
    int r = append(desk, &line, err);
    dw_buf_fini(&line);
    return r;
}

void dw_staff_desk_keep(struct dw_staff_desk *desk, struct dw_staff_known *known)
{
    struct dw_err err = { 0 };
    size_t kept = 0;
    if (desk->set[0] == '\0' || known->face.kept || !known->gone || known->tile.length == 0)
        return;
    for (size_t i = 0; i < desk->people.count; i++)
        kept += desk->people.items[i]->face.kept;
    if (kept >= KEPT_MAX)
        return;
    int r = write_tile(desk, known, &err);
    if (r == 0)
        r = write_track(desk, known, &err);
    known->face.kept = r == 0;
    if (r == 0 && known->face.label != DW_ROLE_UNKNOWN)
        r = dw_staff_desk_save_labels(desk, &err);
    if (r < 0)
        fprintf(stderr, "dwell serve: somebody is missing in set '%s': %s\n", desk->set, err.text);
}

int dw_staff_desk_save_labels(struct dw_staff_desk *desk, struct dw_err *err)
{
    struct dw_buf text = { 0 };
    if (desk->set[0] == '\0')
        return 0;
    dw_buf_puts(&text, "track,role,person\n");
    for (size_t i = 0; i < desk->people.count; i++) {
        const struct dw_staff_face *face = &desk->people.items[i]->face;
        if (face->kept && face->label != DW_ROLE_UNKNOWN)
            dw_buf_printf(&text, "%lld,%s,%lld\n", (long long)face->id, dw_role_name(face->label),
                          (long long)face->same);
    }
    char *path = set_path(desk, DW_STAFF_LABELS_FILE);
    int r = dw_file_write_secret(path, text.data, text.length, err);
    free(path);
    dw_buf_fini(&text);
    return r;
}

static int write_head(const struct dw_staff_desk *desk, struct dw_err *err)
{
    struct dw_staff_set set = { .camera = "site", .until_us = desk->set_until_us };
    struct dw_buf line = { 0 };
    memcpy(set.looks, desk->looks, sizeof(set.looks));
    dw_staff_set_print(&line, &set);
    char *path = set_path(desk, "");
    int r = dw_folder_make(path, err);
    free(path);
    if (r == 0)
        r = append(desk, &line, err);
    dw_buf_fini(&line);
    return r;
}

int dw_staff_desk_set_begin(struct dw_staff_desk *desk, const char *name, int64_t until_us,
                            struct dw_err *err)
{
    if (!dw_staff_name_is_good(name))
        return dw_fail(err, -EINVAL, "name '%.60s': wants letters, digits, - and _, at most %d",
                       name, DW_STAFF_NAME_MAX - 1);
    if (until_us <= dw_now_us())
        return dw_fail(err, -EINVAL, "the set would end before it begins");
    pthread_mutex_lock(&desk->lock);
    int r = 0;
    if (!desk->pictures)
        r = dw_fail(err, -EACCES, "pictures are off for privacy: nobody can be kept");
    else if (desk->set[0] != '\0')
        r = dw_fail(err, -EEXIST, "there is the set '%s' already: delete it first", desk->set);
    if (r == 0) {
        snprintf(desk->set, sizeof(desk->set), "%s", name);
        desk->set_until_us = until_us;
        r = write_head(desk, err);
        if (r < 0)
            desk->set[0] = '\0';
        for (size_t i = 0; r == 0 && i < desk->people.count; i++)
            if (desk->people.items[i]->face.label != DW_ROLE_UNKNOWN)
                dw_staff_desk_keep(desk, desk->people.items[i]);
    }
    pthread_mutex_unlock(&desk->lock);
    return r;
}

/* --- Deleting ------------------------------------------------------------------------------- */

int dw_staff_desk_end_set(struct dw_staff_desk *desk, struct dw_err *err)
{
    char *path = set_path(desk, "");
    int r = dw_staff_set_delete(path, err);
    free(path);
    if (r < 0)
        return r;
    desk->set[0] = '\0';
    for (size_t i = desk->people.count; i-- > 0;)
        if (desk->people.items[i]->face.kept)
            dw_staff_desk_drop(desk, i);
    return 0;
}

int dw_staff_desk_set_delete(struct dw_staff_desk *desk, struct dw_err *err)
{
    pthread_mutex_lock(&desk->lock);
    int r = desk->set[0] != '\0' ? dw_staff_desk_end_set(desk, err)
                                 : dw_fail(err, -ENOENT, "there is no labelling set");
    pthread_mutex_unlock(&desk->lock);
    return r;
}

/* --- Reading, when the program starts ------------------------------------------------------- */

static void load_track(struct dw_staff_desk *desk, const char *folder,
                       const struct dw_staff_set_track *track)
{
    struct dw_staff_known *known = dw_alloc0(sizeof(*known));
    known->face = (struct dw_staff_face){
        .id = track->number,
        .first_us = track->track.start_us,
        .last_us = track->track.start_us,
        .label = track->track.label,
        .same = track->track.person,
        .judged_p = -1,
        .kept = true,
    };
    snprintf(known->face.camera, sizeof(known->face.camera), "%s", track->camera);
    known->views = track->track.views;
    known->gone = true;
    dw_staff_tile_read(&known->tile, folder, track->number);
    desk->next_id = DW_MAX(desk->next_id, DW_MAX(track->number, track->track.person) + 1);
    dw_vec_push(&desk->people, known); /* NOLINT(bugprone-sizeof-expression): of pointers */
}

static int load_set(struct dw_staff_desk *desk, struct dw_err *err)
{
    struct dw_staff_set set = { 0 };
    char *path = set_path(desk, ""), *labels = set_path(desk, DW_STAFF_LABELS_FILE);
    int r = dw_staff_set_load(&set, path, err);
    if (r == 0 && access(labels, F_OK) == 0)
        r = dw_staff_labels_load(&set, labels, err);
    free(labels);
    if (r == 0 && strcmp(set.looks, desk->looks) != 0)
        r = dw_fail(err, -EINVAL, "set '%s' is of looks by '%s', these are by '%s'", desk->set,
                    set.looks, desk->looks);
    desk->set_until_us = set.until_us;
    for (size_t i = 0; r == 0 && i < set.tracks.count; i++)
        load_track(desk, path, &set.tracks.items[i]);
    free(path);
    dw_staff_set_fini(&set);
    return r;
}

/* A damaged set is left where it is, to be deleted by the page; nobody of it is shown. */
void dw_staff_desk_open_sets(struct dw_staff_desk *desk)
{
    char *path = dw_strdup_printf("%s/sets", desk->folder);
    DIR *folder = opendir(path);
    free(path);
    if (folder == NULL)
        return;
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        struct dw_err why = { 0 };
        if (!dw_staff_name_is_good(entry->d_name) || desk->set[0] != '\0')
            continue;
        snprintf(desk->set, sizeof(desk->set), "%.*s", DW_STAFF_NAME_MAX - 1, entry->d_name);
        if (load_set(desk, &why) < 0) {
            desk->set_until_us = INT64_MAX;
            fprintf(stderr, "dwell serve: nobody of a labelling set is shown: %s\n", why.text);
        }
    }
    closedir(folder);
}
