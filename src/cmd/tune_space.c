/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/tune_space.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/macros.h"

/* Ranges that make sense; a setting without a row is searched from a third to three times its
 * value. */
static const struct {
    const char *name;
    double least, most;
    bool logarithmic;
} ranges[] = {
    { "link.accept", 0.6, 2, false },        { "link.damping", 0.2, 3, true },
    { "link.decide", 0, 0.6, false },        { "link.height", 0.1, 0.5, false },
    { "link.move", 0.5, 8, true },           { "link.move_growth", 0.1, 1, false },
    { "link.near", 0.2, 0.9, false },        { "link.rival", 0.3, 1, false },
    { "link.stand", 2, 16, false },          { "link.stand_growth", 0, 0.1, false },
    { "link.stand_speed", 0.1, 0.6, false }, { "link.sure", 0, 0.9, false },
    { "track.birth", 0.5, 0.95, false },     { "track.birth_iou", 0.2, 0.95, false },
    { "track.confirm", 0.3, 2, true },       { "track.confirm_hits", 2, 6, false },
    { "track.covered", 0.3, 1, false },      { "track.depth", 0.15, 1, true },
    { "track.hidden", 1, 12, true },         { "track.high", 0.35, 0.8, false },
    { "track.lag", 0.1, 1, true },           { "track.low", 0.05, 0.4, false },
    { "track.outlier", 0.02, 0.4, true },    { "track.seen", 0.6, 0.99, false },
    { "track.tentative", 0.1, 1, false },    { "track.weight", 0, 4, false },
    { "track.weight_low", -2, 3, false },
};

static double value_of(const struct dw_option *option, const struct dw_settings *settings)
{
    struct dw_buf text = { 0 };
    dw_option_print(option, settings, &text);
    double value = strtod(dw_buf_text(&text), NULL);
    dw_buf_fini(&text);
    return value;
}

/* Sequences come without pictures: how links use looks cannot be told from them. */
static bool can_be_searched(const char *name)
{
    bool links = strncmp(name, "link.", 5) == 0 && strncmp(name, "link.look_", 10) != 0;
    return links || strncmp(name, "track.", 6) == 0;
}

static void add_axis(struct dw_tune_space *space, const struct dw_option *option,
                     const struct dw_settings *settings)
{
    struct dw_tune_axis axis = { .name = option->name,
                                 .usual = value_of(option, settings),
                                 .whole = option->kind == DW_OPTION_INTEGER };
    axis.least = fmax(option->least, axis.usual / 3);
    axis.most = fmin(option->most, axis.usual * 3);
    axis.logarithmic = axis.usual > 0;
    for (size_t i = 0; i < DW_LENGTH(ranges); i++)
        if (strcmp(ranges[i].name, axis.name) == 0) {
            axis.least = ranges[i].least;
            axis.most = ranges[i].most;
            axis.logarithmic = ranges[i].logarithmic;
        }
    if (axis.least < axis.most && space->count < DW_TUNE_AXES_MAX)
        space->axes[space->count++] = axis;
}

void dw_tune_space_init(struct dw_tune_space *space, const struct dw_settings *settings)
{
    struct dw_settings known = *settings;
    struct dw_track_params usual = dw_track_params_default();
    known.track.high = known.track.high >= 0 ? known.track.high : usual.high;
    known.track.birth = known.track.birth >= 0 ? known.track.birth : usual.birth;
    size_t count = 0;
    const struct dw_option *options = dw_options(&count);
    space->count = 0;
    for (size_t i = 0; i < count; i++)
        if (can_be_searched(options[i].name))
            add_axis(space, &options[i], &known);
}

struct dw_tune_point dw_tune_usual(const struct dw_tune_space *space)
{
    struct dw_tune_point point = { { 0 } };
    for (size_t i = 0; i < space->count; i++)
        point.values[i] = space->axes[i].usual;
    return point;
}

struct dw_settings dw_tune_settings(const struct dw_tune_space *space,
                                    const struct dw_settings *settings,
                                    const struct dw_tune_point *point)
{
    struct dw_settings tuned = *settings;
    for (size_t i = 0; i < space->count; i++) {
        char text[32];
        snprintf(text, sizeof(text), "%.17g", point->values[i]);
        dw_settings_set_value(&tuned, space->axes[i].name, text, NULL);
    }
    return tuned;
}

void dw_tune_move(const struct dw_tune_space *space, struct dw_tune_point *point, size_t axis,
                  double share)
{
    const struct dw_tune_axis *a = &space->axes[axis];
    double value = point->values[axis];
    if (a->logarithmic)
        value = fmax(value, a->least) * pow(a->most / a->least, share);
    else
        value += share * (a->most - a->least);
    if (a->whole)
        value = round(value) != point->values[axis] ? round(value)
                                                    : point->values[axis] + (share > 0 ? 1 : -1);
    char text[32];
    snprintf(text, sizeof(text), "%.3g", value);
    point->values[axis] = fmin(fmax(strtod(text, NULL), a->least), a->most);
}
