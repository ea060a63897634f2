/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/alerts.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "base/suggest.h"
#include "base/wall_time.h"

#define KIND(kind) (1U << DW_ALERT_##kind)
#define PEOPLE_MAX 10000
#define DAY_S 86400.0

/* A number of a rule, and the kinds of rule that have it. */
struct number {
    const char *key;
    unsigned kinds, required;
    double least, most;
    size_t offset;
    bool people; /* an int, whole; else int64_t microseconds, written in seconds */
};

#define SECONDS(key, field, kinds, required, most)                                                 \
    {                                                                                              \
        key, kinds, required, 0, most, offsetof(struct dw_alert_rule, field), false                \
    }
#define PEOPLE(key, field, kinds, required)                                                        \
    {                                                                                              \
        key, kinds, required, 1, PEOPLE_MAX, offsetof(struct dw_alert_rule, field), true           \
    }

#define LEVEL (KIND(OCCUPANCY) | KIND(QUEUE))
#define EVERY (LEVEL | KIND(DWELL) | KIND(EMPTY))

static const struct number numbers[] = {
    SECONDS("clear_after", clear_us, EVERY & ~KIND(DWELL), 0, DAY_S),
    PEOPLE("clear_below", clear_below, LEVEL, 0),
    SECONDS("cooldown", cooldown_us, EVERY, 0, 7 * DAY_S),
    SECONDS("for", for_us, EVERY, KIND(DWELL) | KIND(EMPTY), DAY_S),
    PEOPLE("people", people, LEVEL, LEVEL),
    SECONDS("repeat", repeat_us, EVERY, 0, DAY_S),
    SECONDS("wait", wait_us, KIND(QUEUE), KIND(QUEUE), DAY_S),
};

static const char *const texts[] = { "hours", "kind", "name" };

static int read_kind(struct dw_alert_rule *rule, const json_t *object, struct dw_err *err)
{
    static const char wanted[] = "dwell, empty, occupancy or queue";
    const char *text = json_string_value(json_object_get(object, "kind"));
    if (text == NULL)
        return dw_fail(err, -EINVAL, "wants a \"kind\": %s", wanted);
    int kind = dw_alert_kind_parse(text);
    if (kind < 0)
        return dw_fail(err, -EINVAL, "kind '%.40s' is none of %s", text, wanted);
    rule->kind = (enum dw_alert_kind)kind;
    return 0;
}

static int read_name(struct dw_alert_rule *rule, const json_t *object, struct dw_err *err)
{
    const json_t *name = json_object_get(object, "name");
    const char *text = name != NULL ? json_string_value(name) : dw_alert_kind_name(rule->kind);
    if (text == NULL || *text == '\0' || strlen(text) >= sizeof(rule->name))
        return dw_fail(err, -EINVAL, "\"name\" wants a text of 1 to %zu bytes",
                       sizeof(rule->name) - 1);
    memcpy(rule->name, text, strlen(text) + 1);
    return 0;
}

static int read_number(struct dw_alert_rule *rule, const struct number *number, const json_t *value,
                       struct dw_err *err)
{
    const char *kind = dw_alert_kind_name(rule->kind);
    if (value == NULL)
        return (number->required & 1U << rule->kind) == 0
                   ? 0
                   : dw_fail(err, -EINVAL, "an alert of kind %s wants \"%s\"", kind, number->key);
    if ((number->kinds & 1U << rule->kind) == 0)
        return dw_fail(err, -EINVAL, "an alert of kind %s has no \"%s\"; remove it", kind,
                       number->key);
    double found = json_number_value(value);
    bool fine = json_is_number(value) && found >= number->least && found <= number->most &&
                (!number->people || json_is_integer(value));
    if (!fine)
        return dw_fail(err, -EINVAL, "\"%s\" wants %s from %g to %g", number->key,
                       number->people ? "a whole number" : "seconds", number->least, number->most);
    char *field = (char *)rule + number->offset;
    if (number->people)
        *(int *)(void *)field = (int)found;
    else
        *(int64_t *)(void *)field = dw_time_from_seconds(found);
    return 0;
}

static int check_key(const char *key, struct dw_err *err)
{
    const char *known[DW_LENGTH(numbers) + DW_LENGTH(texts)];
    size_t count = 0;
    for (size_t i = 0; i < DW_LENGTH(numbers); i++)
        known[count++] = numbers[i].key;
    for (size_t i = 0; i < DW_LENGTH(texts); i++)
        known[count++] = texts[i];
    for (size_t i = 0; i < count; i++)
        if (strcmp(key, known[i]) == 0)
            return 0;
    const char *near = dw_suggest(key, known, count);
    return dw_fail(err, -EINVAL,
                   near != NULL ? "unknown key '%.80s'; did you mean '%s'?" : "unknown key '%.80s'",
                   key, near);
}

static int check_keys(const json_t *object, struct dw_err *err)
{
    const char *key = NULL;
    json_t *value = NULL;
    if (!json_is_object(object))
        return dw_fail(err, -EINVAL, "wants an object like {\"kind\": \"dwell\", \"for\": 600}");
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        int r = check_key(key, err);
        if (r < 0)
            return r;
    }
    return 0;
}

static int read_hours(struct dw_alert_rule *rule, const json_t *hours, struct dw_err *err)
{
    if (hours == NULL)
        return 0;
    const char *text = json_string_value(hours);
    return dw_hours_parse(&rule->hours, text != NULL ? text : "", err);
}

/* What the rule does not say. An alert of a level ends as it began: when it has been over for as
 * long. */
static int fill_in(struct dw_alert_rule *rule, const json_t *object, struct dw_err *err)
{
    bool level = (LEVEL & 1U << rule->kind) != 0;
    if (level && json_object_get(object, "clear_after") == NULL)
        rule->clear_us = rule->for_us;
    if (level && rule->clear_below == 0)
        rule->clear_below = rule->people;
    if (rule->clear_below > rule->people)
        return dw_fail(err, -EINVAL,
                       "\"clear_below\" is %d; it wants a number up to \"people\", which is %d",
                       rule->clear_below, rule->people);
    return 0;
}

int dw_alert_rule_read(struct dw_alert_rule *out, const json_t *object, struct dw_err *err)
{
    struct dw_alert_rule rule = { 0 };
    int r = check_keys(object, err);
    if (r == 0)
        r = read_kind(&rule, object, err);
    if (r == 0)
        r = read_name(&rule, object, err);
    for (size_t i = 0; i < DW_LENGTH(numbers) && r == 0; i++)
        r = read_number(&rule, &numbers[i], json_object_get(object, numbers[i].key), err);
    if (r == 0)
        r = read_hours(&rule, json_object_get(object, "hours"), err);
    if (r == 0)
        r = fill_in(&rule, object, err);
    if (r == 0)
        *out = rule;
    return r;
}
