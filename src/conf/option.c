/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/option.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "base/suggest.h"
#include "base/wall_time.h"

#define AT(field) offsetof(struct dw_settings, field)

/* Keep sorted. Seconds unless the help says otherwise; the evidence for track.* is in
 * docs/tracking.md. */
static const struct dw_option options[] = {
    { "detect.again", DW_OPTION_SECONDS, AT(detect_again_us), 0, 10,
      "a picture on which nothing moves is looked at again after this time (0: each is)" },
    { "detect.score", DW_OPTION_REAL, AT(detect_score), -1, 1,
      "keep detections from this score on (-1: as the model says)" },
    { "link.accept", DW_OPTION_REAL, AT(track.link.accept), 0, 10, "dearest link of two tracks" },
    { "link.damping", DW_OPTION_REAL, AT(track.link.damping_s), 0.01, 60,
      "the unseen slow down with this time constant" },
    { "link.decide", DW_OPTION_SECONDS, AT(track.decide_us), 0, 5,
      "somebody new near a lost person waits this long for a link" },
    { "link.height", DW_OPTION_REAL, AT(track.link.height), 0, 2,
      "allowed |ln of the ratio of heights|" },
    { "link.look_tie", DW_OPTION_REAL, AT(track.link.look_tie), 0, 2,
      "a rival who looks more unlike by this does not count" },
    { "link.look_trust", DW_OPTION_REAL, AT(track.link.look_trust), 0, 10,
      "who looks alike may be so many times as far away (0: looks are not asked)" },
    { "link.look_veto", DW_OPTION_REAL, AT(track.link.look_veto), 0, 2,
      "two who look more unlike than this are never linked" },
    { "link.move", DW_OPTION_SECONDS, AT(track.link.move_us), 0, 60,
      "somebody moving is linked over this time" },
    { "link.move_growth", DW_OPTION_REAL, AT(track.link.move_growth), 0, 10,
      "moving: allowed distance per second, body heights" },
    { "link.near", DW_OPTION_REAL, AT(track.link.near), 0, 10,
      "allowed distance of a link, body heights" },
    { "link.rival", DW_OPTION_REAL, AT(track.link.rival), 0, 1,
      "refused when a rival costs less than cost / rival" },
    { "link.stand", DW_OPTION_SECONDS, AT(track.link.stand_us), 0, 60,
      "somebody standing is linked over this time" },
    { "link.stand_growth", DW_OPTION_REAL, AT(track.link.stand_growth), 0, 10,
      "standing: allowed distance per second, body heights" },
    { "link.stand_speed", DW_OPTION_REAL, AT(track.link.stand_speed), 0, 10,
      "slower is standing, body heights a second" },
    { "link.sure", DW_OPTION_REAL, AT(track.link.sure), 0, 10,
      "a link this cheap needs not fear rivals" },
    { "track.birth", DW_OPTION_REAL, AT(track.birth), -1, 1,
      "score that makes somebody new (-1: as the model says)" },
    { "track.birth_iou", DW_OPTION_REAL, AT(track.birth_iou), 0, 1,
      "nobody is born overlapping somebody more than this" },
    { "track.confirm", DW_OPTION_SECONDS, AT(track.confirm_us), 0, 60,
      "time in which somebody new must be seen often enough" },
    { "track.confirm_hits", DW_OPTION_INTEGER, AT(track.confirm_hits), 1, 10,
      "sightings before somebody counts" },
    { "track.covered", DW_OPTION_REAL, AT(track.covered), 0, 1,
      "share of the chance to be seen that the covered lose" },
    { "track.damping", DW_OPTION_REAL, AT(track.body.damping_s), 0, 60,
      "the unseen slow down with this time constant" },
    { "track.depth", DW_OPTION_REAL, AT(track.body.depth), 0.01, 1,
      "length of a step into depth, without a ground model" },
    { "track.hidden", DW_OPTION_SECONDS, AT(track.hidden_us), 0, 60,
      "how long somebody hidden is looked for" },
    { "track.high", DW_OPTION_REAL, AT(track.high), -1, 1,
      "score of a certain detection (-1: as the model says)" },
    { "track.lag", DW_OPTION_SECONDS, AT(track.lag_us), 0, 5,
      "people's places are smoothed over this time, and told so late" },
    { "track.lost", DW_OPTION_SECONDS, AT(track.lost_us), 0, 60,
      "how long somebody missed in view is looked for" },
    { "track.low", DW_OPTION_REAL, AT(track.low), 0, 1, "score of a doubtful detection" },
    { "track.missed", DW_OPTION_REAL, AT(track.missed_s), 0.01, 60,
      "the chance to be seen fades with this time missed in view" },
    { "track.noise", DW_OPTION_REAL, AT(track.body.noise), 0.001, 1,
      "standard error of a box across the picture, body heights" },
    { "track.noise_edge", DW_OPTION_REAL, AT(track.body.noise_edge), 0.001, 1,
      "standard error of its upper and lower edge, body heights" },
    { "track.outlier", DW_OPTION_REAL, AT(track.body.outlier), 0.001, 0.9,
      "share of edges that are not the person's" },
    { "track.q_height", DW_OPTION_REAL, AT(track.body.q_height), 0, 1,
      "drift of the logarithm of the height, 1/s" },
    { "track.q_position", DW_OPTION_REAL, AT(track.body.q_position), 0, 10,
      "process noise of positions, heights^2/s" },
    { "track.q_velocity", DW_OPTION_REAL, AT(track.body.q_velocity), 0.0001, 100,
      "process noise of velocities, heights^2/s^3" },
    { "track.recover_iou", DW_OPTION_REAL, AT(track.recover_iou), 0, 1,
      "least overlap with the last box of who moved as nobody expected" },
    { "track.seen", DW_OPTION_REAL, AT(track.seen), 0.01, 0.999,
      "chance that somebody in view is detected" },
    { "track.speed_birth", DW_OPTION_REAL, AT(track.body.speed_birth), 0.01, 10,
      "unknown speed at first sight, body heights a second" },
    { "track.tentative", DW_OPTION_REAL, AT(track.tentative), 0, 1,
      "share of that chance for those who do not count yet" },
    { "track.unseen", DW_OPTION_REAL, AT(track.unseen_s), 0.01, 600,
      "the chance to be seen fades with this time unseen" },
    { "track.weight", DW_OPTION_REAL, AT(track.weight), -20, 20,
      "ln of how rare boxes of nobody known are: certain ones" },
    { "track.weight_low", DW_OPTION_REAL, AT(track.weight_low), -20, 20, "... doubtful ones" },
    { "zone.anchor", DW_OPTION_ANCHOR, AT(zone.anchor), 0, 2,
      "point that must be inside: footprint, bottom_center or center" },
    { "zone.bridge", DW_OPTION_SECONDS, AT(zone.bridge_us), 0, 60,
      "somebody unseen up to this long inside stays present" },
    { "zone.engage", DW_OPTION_SECONDS, AT(zone.engage_us), 0, 86400,
      "a visit this long is an engagement" },
    { "zone.enter_after", DW_OPTION_SECONDS, AT(zone.enter_after_us), 0, 3600,
      "presence must last this long before a visit opens" },
    { "zone.grace", DW_OPTION_SECONDS, AT(zone.grace_us), 0, 3600,
      "an excursion outside up to this long does not end the visit" },
    { "zone.hysteresis", DW_OPTION_REAL, AT(zone.hysteresis), 0, 1,
      "how far over the edge counts as in or out, body heights" },
    { "zone.link", DW_OPTION_SECONDS, AT(zone.link_us), 0, 600,
      "somebody lost inside may be joined to a new track within this time" },
    { "zone.min_dwell", DW_OPTION_SECONDS, AT(zone.min_dwell_us), 0, 86400,
      "shorter stays are passes" },
    { "zone.reentry", DW_OPTION_SECONDS, AT(zone.reentry_us), 0, 86400,
      "whoever comes back within this time continues the visit" },
    { "zone.stop", DW_OPTION_SECONDS, AT(zone.stop_us), 0, 86400, "a visit this long is a stop" },
};

static const char *const anchors[] = {
    [DW_ANCHOR_FOOTPRINT] = "footprint",
    [DW_ANCHOR_BOTTOM_CENTER] = "bottom_center",
    [DW_ANCHOR_CENTER] = "center",
};

const struct dw_option *dw_options(size_t *count)
{
    *count = DW_LENGTH(options);
    return options;
}

struct dw_settings dw_settings_default(void)
{
    struct dw_settings settings = {
        .zone = dw_zone_rules_default(),
        .track = dw_track_params_default(),
        .detect_again_us = 400000,
        .detect_score = -1,
    };
    settings.track.high = settings.track.birth = -1;
    return settings;
}

static const struct dw_option *find(const char *name)
{
    for (size_t i = 0; i < DW_LENGTH(options); i++)
        if (strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}

static int fail_unknown(const char *name, struct dw_err *err)
{
    const char *names[DW_LENGTH(options)];
    for (size_t i = 0; i < DW_LENGTH(options); i++)
        names[i] = options[i].name;
    const char *near = dw_suggest(name, names, DW_LENGTH(names));
    if (near != NULL)
        return dw_fail(err, -EINVAL, "there is no setting '%s'; did you mean '%s'?", name, near);
    return dw_fail(err, -EINVAL, "there is no setting '%s'; 'dwell analyze --help' lists them",
                   name);
}

static int set_anchor(struct dw_settings *settings, const struct dw_option *option,
                      const char *value, struct dw_err *err)
{
    for (size_t i = 0; i < DW_LENGTH(anchors); i++)
        if (strcmp(anchors[i], value) == 0) {
            *(enum dw_anchor *)((char *)settings + option->offset) = (enum dw_anchor)i;
            return 0;
        }
    return dw_fail(err, -EINVAL, "setting '%s': '%s' is none of footprint, bottom_center, center",
                   option->name, value);
}

static int set_number(struct dw_settings *settings, const struct dw_option *option,
                      const char *value, struct dw_err *err)
{
    char *end = NULL;
    double number = strtod(value, &end);
    if (end == value || *end != '\0' || !isfinite(number))
        return dw_fail(err, -EINVAL, "setting '%s' wants a number, got '%s'", option->name, value);
    if (number < option->least || number > option->most)
        return dw_fail(err, -EINVAL, "setting '%s' wants %g to %g, got %s", option->name,
                       option->least, option->most, value);
    void *field = (char *)settings + option->offset;
    if (option->kind == DW_OPTION_SECONDS)
        *(int64_t *)field = dw_time_from_seconds(number);
    else if (option->kind == DW_OPTION_REAL)
        *(double *)field = number;
    else if (number == floor(number))
        *(int *)field = (int)number;
    else
        return dw_fail(err, -EINVAL, "setting '%s' wants a whole number, got %s", option->name,
                       value);
    return 0;
}

int dw_settings_set_value(struct dw_settings *settings, const char *name, const char *value,
                          struct dw_err *err)
{
    const struct dw_option *option = find(name);
    if (option == NULL)
        return fail_unknown(name, err);
    return option->kind == DW_OPTION_ANCHOR ? set_anchor(settings, option, value, err)
                                            : set_number(settings, option, value, err);
}

int dw_settings_set(struct dw_settings *settings, const char *assignment, struct dw_err *err)
{
    const char *equals = strchr(assignment, '=');
    char name[64];
    if (equals == NULL || (size_t)(equals - assignment) >= sizeof(name))
        return dw_fail(err, -EINVAL, "'%.80s' is no setting: write it like zone.grace=1",
                       assignment);
    size_t length = (size_t)(equals - assignment);
    memcpy(name, assignment, length);
    name[length] = '\0';
    return dw_settings_set_value(settings, name, equals + 1, err);
}

void dw_option_print(const struct dw_option *option, const struct dw_settings *settings,
                     struct dw_buf *out)
{
    const void *field = (const char *)settings + option->offset;
    switch (option->kind) {
    case DW_OPTION_SECONDS:
        dw_buf_put_real(out, dw_time_to_seconds(*(const int64_t *)field));
        break;
    case DW_OPTION_REAL:
        dw_buf_put_real(out, *(const double *)field);
        break;
    case DW_OPTION_INTEGER:
        dw_buf_printf(out, "%d", *(const int *)field);
        break;
    case DW_OPTION_ANCHOR:
        dw_buf_puts(out, anchors[*(const enum dw_anchor *)field]);
        break;
    }
}

void dw_settings_print(const struct dw_settings *settings, struct dw_buf *out)
{
    for (size_t i = 0; i < DW_LENGTH(options); i++) {
        dw_buf_printf(out, "%s%s=", i > 0 ? " " : "", options[i].name);
        dw_option_print(&options[i], settings, out);
    }
}
