/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/macros.h"
#include "core/explain.h"

#define FPS 10.0
#define PEOPLE_MAX 4
#define FEET_MAX 1000

/* Somebody 100 px tall who stands at x, y from frame to frame (the last one included). */
struct standing {
    int64_t person;
    int from, to;
    double x, y;
};

/* The zone is the left half of a picture of 1000 x 1000. */
struct scene {
    const char *name;
    struct standing truth[PEOPLE_MAX], measured[PEOPLE_MAX], detected[PEOPLE_MAX];
    struct standing uncounted[PEOPLE_MAX];
    struct dw_score_visit true_visits[PEOPLE_MAX], measured_visits[PEOPLE_MAX];
    const char *wanted; /* "missed 12 split: ..." a line each */
};

static struct dw_score_side stand(const struct standing *people, struct dw_score_foot *feet)
{
    struct dw_score_side side = { .feet = feet };
    for (int i = 0; i < PEOPLE_MAX && people[i].person != 0; i++)
        for (int frame = people[i].from; frame <= people[i].to; frame++)
            feet[side.foot_count++] = (struct dw_score_foot){
                people[i].person, frame, { people[i].x, people[i].y }, 100, 40
            };
    dw_score_sort_feet(feet, side.foot_count);
    return side;
}

static void visit(struct dw_score_side *side, const struct dw_score_visit *visits)
{
    side->visits = visits;
    while (side->visit_count < PEOPLE_MAX && visits[side->visit_count].person != 0)
        side->visit_count++;
}

static void tell(const struct scene *scene, struct dw_buf *out)
{
    static struct dw_score_foot feet[4][FEET_MAX];
    struct dw_score_side truth = stand(scene->truth, feet[0]);
    struct dw_score_side measured = stand(scene->measured, feet[1]);
    struct dw_score_side detections = stand(scene->detected, feet[2]);
    struct dw_score_side uncounted = stand(scene->uncounted, feet[3]);
    visit(&truth, scene->true_visits);
    visit(&measured, scene->measured_visits);
    struct dw_zone zone = { .corners = { { 0, 0 }, { 0.5, 0 }, { 0.5, 1 }, { 0, 1 } },
                            .corner_count = 4 };
    struct dw_layout layout = { .zones = &zone, .zone_count = 1 };
    struct dw_explain_input input = {
        .truth = &truth,
        .measured = &measured,
        .detections = detections.foot_count > 0 ? &detections : NULL,
        .uncounted = &uncounted,
        .layout = &layout,
        .width_px = 1000,
        .height_px = 1000,
        .extent = { 1, FPS, 10 },
    };
    struct dw_explanation *found = NULL;
    size_t count = dw_explain(&input, &found);
    for (size_t i = 0; i < count; i++) {
        dw_buf_printf(out, "%s %lld ", found[i].missed ? "missed" : "false",
                      (long long)found[i].visit.person);
        dw_explanation_print(&found[i], out);
        dw_buf_puts(out, "\n");
    }
    free(found);
}

static const struct scene scenes[] = {
    {
        "all is well",
        .truth = { { 1, 0, 60, 200, 500 } },
        .measured = { { 7, 0, 60, 202, 500 } },
        .true_visits = { { 0, 1, 0, 6 } },
        .measured_visits = { { 0, 7, 0, 6 } },
        .wanted = "",
    },
    {
        "a number lost behind somebody is a split, told of both sides",
        .truth = { { 12, 0, 60, 200, 500 }, { 5, 18, 38, 205, 520 } },
        .measured = { { 1, 0, 20, 200, 500 }, { 2, 36, 60, 200, 500 }, { 9, 18, 38, 205, 520 } },
        .true_visits = { { 0, 12, 0, 6.1 }, { 0, 5, 1.8, 3.9 } },
        .measured_visits = { { 0, 1, 0, 2.1 }, { 0, 2, 3.6, 6.1 }, { 0, 9, 1.8, 3.9 } },
        .wanted = "missed 12 split: person 12 lost at 2.1 s for 1.5 s (hidden behind person 5), "
                  "number 1 became 2\n"
                  "false 1 split: person 12 lost at 2.1 s for 1.5 s (hidden behind person 5), "
                  "number 1 became 2\n"
                  "false 2 split: person 12 lost at 2.1 s for 1.5 s (hidden behind person 5), "
                  "number 1 became 2\n",
    },
    {
        "whom the detector hardly sees is not the tracker's fault",
        .truth = { { 3, 0, 19, 200, 500 } },
        .detected = { { 1, 0, 4, 200, 500 } },
        .true_visits = { { 0, 3, 0, 2 } },
        .wanted = "missed 3 undetected: detections on 25 % of frames\n",
    },
    {
        "whom it sees but nobody follows is",
        .truth = { { 3, 0, 19, 200, 500 } },
        .detected = { { 1, 0, 19, 200, 500 } },
        .measured = { { 4, 0, 3, 200, 500 } },
        .true_visits = { { 0, 3, 0, 2 } },
        .wanted = "missed 3 unfollowed: followed on 20 % of frames\n",
    },
    {
        "somebody who does not count",
        .measured = { { 4, 0, 19, 200, 500 } },
        .uncounted = { { 1, 0, 19, 202, 502 } },
        .measured_visits = { { 0, 4, 0, 2 } },
        .wanted = "false 4 uncounted: somebody whom the truth does not count\n",
    },
    {
        "a second number for the same person",
        .truth = { { 3, 0, 19, 200, 500 } },
        .measured = { { 4, 0, 19, 200, 500 }, { 8, 0, 19, 206, 505 } },
        .true_visits = { { 0, 3, 0, 2 } },
        .measured_visits = { { 0, 4, 0, 2 }, { 0, 8, 0, 2 } },
        .wanted = "false 8 duplicate: second number for person 3\n",
    },
    {
        "a ghost",
        .truth = { { 3, 0, 19, 200, 500 } },
        .measured = { { 8, 0, 19, 400, 700 } },
        .measured_visits = { { 0, 8, 0, 2 } },
        .wanted = "false 8 nobody: a person on 0 % of frames\n",
    },
    {
        "one number for three people",
        .truth = { { 1, 0, 20, 200, 500 }, { 2, 21, 41, 210, 500 }, { 3, 42, 62, 220, 500 } },
        .measured = { { 7, 0, 20, 200, 500 }, { 7, 21, 41, 210, 500 }, { 7, 42, 62, 220, 500 } },
        .true_visits = { { 0, 1, 0, 2.1 }, { 0, 2, 2.1, 4.2 }, { 0, 3, 4.2, 6.3 } },
        .measured_visits = { { 0, 7, 0, 6.3 } },
        .wanted = "missed 1 merged: number moved from person 1 to person 2 at 2.1 s\n"
                  "false 7 merged: number moved from person 1 to person 2 at 2.1 s\n"
                  "missed 2 merged: number moved from person 1 to person 2 at 2.1 s\n"
                  "missed 3 merged: number moved from person 1 to person 2 at 2.1 s\n",
    },
    {
        "at the edge",
        .truth = { { 1, 0, 30, 495, 500 } },
        .measured = { { 7, 0, 30, 505, 500 } },
        .true_visits = { { 0, 1, 0, 3 } },
        .wanted = "missed 1 boundary: stood 0.05 heights inside the edge\n",
    },
    {
        "the same on the other side",
        .truth = { { 1, 0, 30, 503, 500 } },
        .measured = { { 7, 0, 30, 497, 500 } },
        .measured_visits = { { 0, 7, 0, 3 } },
        .wanted = "false 7 boundary: stood 0.03 heights inside the edge\n",
    },
    {
        "nearly long enough to count",
        .truth = { { 1, 0, 11, 200, 500 } },
        .measured = { { 7, 3, 11, 200, 500 } },
        .true_visits = { { 0, 1, 0, 1.2 } },
        .wanted = "missed 1 threshold: 0.9 s measured of 1.2 s\n",
    },
    {
        "too short",
        .truth = { { 1, 0, 59, 200, 500 } },
        .measured = { { 7, 0, 59, 200, 500 } },
        .true_visits = { { 0, 1, 0, 6 } },
        .measured_visits = { { 0, 7, 0, 2 } },
        .wanted = "missed 1 too short: 2.0 s measured of 6.0 s\n"
                  "false 7 too short: 2.0 s measured of 6.0 s\n",
    },
    {
        "too long",
        .truth = { { 1, 0, 59, 200, 500 } },
        .measured = { { 7, 0, 59, 200, 500 } },
        .true_visits = { { 0, 1, 0, 2 } },
        .measured_visits = { { 0, 7, 0, 6 } },
        .wanted = "missed 1 too long: 6.0 s measured of 2.0 s\n"
                  "false 7 too long: 6.0 s measured of 2.0 s\n",
    },
    {
        "the right time at the wrong place",
        .truth = { { 1, 0, 29, 200, 500 } },
        .measured = { { 7, 0, 29, 200, 540 } },
        .true_visits = { { 0, 1, 0, 3 } },
        .measured_visits = { { 0, 7, 0, 3 } },
        .wanted = "missed 1 apart: the right time, overlap 1.00, at another place\n"
                  "false 7 apart: the right time, overlap 1.00, at another place\n",
    },
};

static void each_wrong_visit_has_its_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < DW_LENGTH(scenes); i++) {
        struct dw_buf told = { 0 };
        tell(&scenes[i], &told);
        if (strcmp(dw_buf_text(&told), scenes[i].wanted) != 0)
            fail_msg("%s: told\n%s", scenes[i].name, dw_buf_text(&told));
        dw_buf_fini(&told);
    }
}

static void every_reason_has_a_name(void **state)
{
    (void)state;
    for (int i = 0; i < DW_EXPLAIN_REASON_COUNT; i++)
        assert_non_null(dw_explain_reason_name((enum dw_explain_reason)i));
    assert_string_equal(dw_explain_reason_name(DW_EXPLAIN_TOO_LONG), "too long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_wrong_visit_has_its_reason),
        cmocka_unit_test(every_reason_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
