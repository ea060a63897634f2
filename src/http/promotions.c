/* SPDX-License-Identifier: Apache-2.0 */
#include "http/promotions.h"

#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "conf/file.h"

#define FILE_MAX ((size_t)4 * 1024 * 1024)
#define COUNT_MAX 1000
#define WEEK 7

struct dw_promotions {
    pthread_mutex_t lock;
    char *path;
    DW_VEC(struct dw_promotion_record) list;
};

static const char *const weekdays[] = { "monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday" };

int dw_weekday_parse(const char *word)
{
    for (int i = 0; i < WEEK; i++)
        if (strcmp(weekdays[i], word) == 0)
            return i;
    return -1;
}

static void put_text(struct dw_json_writer *json, const char *key, const char *text)
{
    dw_json_string(json, key, *text != '\0' ? text : NULL);
}

void dw_promotion_put(struct dw_json_writer *json, const struct dw_promotion_record *record)
{
    dw_json_object_begin(json, NULL);
    dw_json_string(json, "id", record->id);
    dw_json_string(json, "name", record->name);
    put_text(json, "camera", record->camera);
    put_text(json, "zone", record->zone);
    dw_json_string(json, "from", record->from);
    dw_json_string(json, "to", record->to);
    if (record->weekdays != 0) {
        dw_json_array_begin(json, "days");
        for (unsigned i = 0; i < WEEK; i++)
            if ((record->weekdays & 1U << i) != 0)
                dw_json_string(json, NULL, weekdays[i]);
        dw_json_array_end(json);
    } else {
        dw_json_null(json, "days");
    }
    put_text(json, "compare_with", record->compare_with);
    dw_json_object_end(json);
}

/* --- The file ------------------------------------------------------------------------------- */

static void take_text(const json_t *object, const char *key, char *out, size_t size)
{
    const char *text = json_string_value(json_object_get(object, key));
    snprintf(out, size, "%s", text != NULL ? text : "");
}

static void take(struct dw_promotions *promotions, const json_t *object)
{
    struct dw_promotion_record *record = dw_vec_add(&promotions->list);
    const json_t *days = json_object_get(object, "days");
    take_text(object, "id", record->id, sizeof(record->id));
    take_text(object, "name", record->name, sizeof(record->name));
    take_text(object, "camera", record->camera, sizeof(record->camera));
    take_text(object, "zone", record->zone, sizeof(record->zone));
    take_text(object, "from", record->from, sizeof(record->from));
    take_text(object, "to", record->to, sizeof(record->to));
    take_text(object, "compare_with", record->compare_with, sizeof(record->compare_with));
    for (size_t i = 0; i < json_array_size(days); i++) {
        const char *word = json_string_value(json_array_get(days, i));
        int day = word != NULL ? dw_weekday_parse(word) : -1;
        record->weekdays |= day >= 0 ? 1U << day : 0;
    }
}

static int parse(struct dw_promotions *promotions, const struct dw_buf *text, struct dw_err *err)
{
    json_error_t where;
    json_t *root = json_loadb(text->data, text->length, JSON_REJECT_DUPLICATES, &where);
    const json_t *list = json_object_get(root, "promotions");
    int result = 0;
    if (root == NULL)
        result =
            dw_fail(err, -EBADMSG, "'%s': line %d: %s", promotions->path, where.line, where.text);
    for (size_t i = 0; i < json_array_size(list) && i < COUNT_MAX; i++)
        take(promotions, json_array_get(list, i));
    json_decref(root);
    return result;
}

int dw_promotions_create(struct dw_promotions **out, const char *folder, struct dw_err *err)
{
    struct dw_promotions *promotions = dw_alloc0(sizeof(*promotions));
    struct dw_buf text = { 0 };
    pthread_mutex_init(&promotions->lock, NULL);
    promotions->path = dw_strdup_printf("%s/promotions.json", folder);
    int result = dw_file_read_any(&text, promotions->path, FILE_MAX, err);
    if (result > 0 && text.length > 0)
        result = parse(promotions, &text, err);
    dw_buf_fini(&text);
    if (result < 0)
        dw_promotions_destroy(promotions);
    else
        *out = promotions;
    return DW_MIN(result, 0);
}

void dw_promotions_destroy(struct dw_promotions *promotions)
{
    if (promotions == NULL)
        return;
    pthread_mutex_destroy(&promotions->lock);
    dw_vec_fini(&promotions->list);
    free(promotions->path);
    free(promotions);
}

/* --- With the lock held --------------------------------------------------------------------- */

static void put_list(const struct dw_promotions *promotions, struct dw_json_writer *json)
{
    for (size_t i = 0; i < promotions->list.count; i++)
        dw_promotion_put(json, &promotions->list.items[i]);
}

static int save(const struct dw_promotions *promotions, struct dw_err *err)
{
    struct dw_buf text = { 0 };
    struct dw_json_writer json = { .out = &text };
    dw_json_object_begin(&json, NULL);
    dw_json_array_begin(&json, "promotions");
    put_list(promotions, &json);
    dw_json_array_end(&json);
    dw_json_object_end(&json);
    dw_buf_puts(&text, "\n");
    int result = dw_file_write_secret(promotions->path, text.data, text.length, err);
    dw_buf_fini(&text);
    return result;
}

static struct dw_promotion_record *find(const struct dw_promotions *promotions, const char *id)
{
    for (size_t i = 0; i < promotions->list.count; i++)
        if (strcmp(promotions->list.items[i].id, id) == 0)
            return &promotions->list.items[i];
    return NULL;
}

static int add(struct dw_promotions *promotions, struct dw_promotion_record *record,
               struct dw_err *err)
{
    if (promotions->list.count >= COUNT_MAX)
        return dw_fail(err, -EPERM, "there are %d promotions, and may be no more", COUNT_MAX);
    dw_secret_id(record->id);
    dw_vec_push(&promotions->list, *record);
    int result = save(promotions, err);
    if (result < 0)
        promotions->list.count--;
    return result;
}

static int replace(struct dw_promotions *promotions, const struct dw_promotion_record *record,
                   struct dw_err *err)
{
    struct dw_promotion_record *known = find(promotions, record->id);
    if (known == NULL)
        return dw_fail(err, -ENOENT, "there is no promotion '%s'", record->id);
    struct dw_promotion_record before = *known;
    *known = *record;
    int result = save(promotions, err);
    if (result < 0)
        *known = before;
    return result;
}

static int take_away(struct dw_promotions *promotions, const char *id, struct dw_err *err)
{
    const struct dw_promotion_record *known = find(promotions, id);
    if (known == NULL)
        return dw_fail(err, -ENOENT, "there is no promotion '%s'", id);
    struct dw_promotion_record before = *known;
    dw_vec_remove(&promotions->list, (size_t)(known - promotions->list.items));
    int result = save(promotions, err);
    if (result < 0)
        dw_vec_push(&promotions->list, before);
    return result;
}

/* --- From outside --------------------------------------------------------------------------- */

void dw_promotions_list(struct dw_promotions *promotions, struct dw_json_writer *json)
{
    pthread_mutex_lock(&promotions->lock);
    put_list(promotions, json);
    pthread_mutex_unlock(&promotions->lock);
}

int dw_promotions_set(struct dw_promotions *promotions, struct dw_promotion_record *record,
                      struct dw_err *err)
{
    pthread_mutex_lock(&promotions->lock);
    int result =
        record->id[0] == '\0' ? add(promotions, record, err) : replace(promotions, record, err);
    pthread_mutex_unlock(&promotions->lock);
    return result;
}

int dw_promotions_remove(struct dw_promotions *promotions, const char *id, struct dw_err *err)
{
    pthread_mutex_lock(&promotions->lock);
    int result = take_away(promotions, id, err);
    pthread_mutex_unlock(&promotions->lock);
    return result;
}
