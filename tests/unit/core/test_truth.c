/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/macros.h"
#include "core/truth.h"

#define FRAMES_MAX 200

static struct dw_zone zones[] = {
    { .name = "left",
      .corners = { { 0, 0 }, { 0.5, 0 }, { 0.5, 1 }, { 0, 1 } },
      .corner_count = 4 },
    { .name = "right",
      .corners = { { 0.5, 0 }, { 1, 0 }, { 1, 1 }, { 0.5, 1 } },
      .corner_count = 4 },
};
static const struct dw_layout layout = { .zones = zones, .zone_count = 2 };

/* One character a frame at 10 frames/s: 'l' left, 'r' right, 'o' outside of both, '?' no box. */
static size_t feet_of(struct dw_score_foot *feet, int64_t person, const char *frames)
{
    size_t count = 0;
    for (int i = 0; frames[i] != '\0'; i++) {
        if (frames[i] == '?')
            continue;
        double x = frames[i] == 'l' ? 25 : frames[i] == 'r' ? 75 : -50;
        feet[count++] = (struct dw_score_foot){ person, i, { x, 50 }, 40, 0 };
    }
    return count;
}

static void tell(struct dw_buf *out, const struct dw_score_foot *feet, size_t count)
{
    const struct dw_truth_picture picture = { &layout, 10, 100, 100 };
    struct dw_score_visit *visits = NULL;
    size_t visit_count = dw_truth_visits(&visits, feet, count, &picture);
    for (size_t i = 0; i < visit_count; i++)
        dw_buf_printf(out, "%s%s %d %.1f-%.1f", i > 0 ? ", " : "", zones[visits[i].zone].name,
                      (int)visits[i].person, visits[i].enter_s, visits[i].exit_s);
    free(visits);
}

static void true_visits_follow_the_rule_of_the_benchmark(void **state)
{
    (void)state;
    static const struct {
        const char *name, *frames, *wanted;
    } cases[] = {
        { "a second inside", "oollllllllllooo", "left 1 0.2-1.2" },
        { "0.9 s are too short", "oolllllllllooo", "" },
        { "joined over exactly 1 s", "lllllloooooooooolllll", "left 1 0.0-2.1" },
        { "not joined over 1.1 s", "llllllllllooooooooooollllllllll",
          "left 1 0.0-1.0, left 1 2.1-3.1" },
        { "ten unseen frames are filled", "lllll??????????lllll", "left 1 0.0-2.0" },
        { "eleven are not, but joined by time they would be longer than a second",
          "llllllllll???????????llllllllll", "left 1 0.0-1.0, left 1 2.1-3.1" },
        { "the filling follows a straight line over the edge", "llllllllll????????rrrrrrrrrr",
          "left 1 0.0-1.4, right 1 1.4-2.8" },
        { "the last frame counts whole", "llllllllll", "left 1 0.0-1.0" },
        { "from zone to zone", "llllllllllrrrrrrrrrr", "left 1 0.0-1.0, right 1 1.0-2.0" },
        { "nobody", "oooooooooo", "" },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        struct dw_score_foot feet[FRAMES_MAX];
        struct dw_buf told = { 0 };
        tell(&told, feet, feet_of(feet, 1, cases[i].frames));
        if (strcmp(dw_buf_text(&told), cases[i].wanted) != 0)
            fail_msg("%s\n  wanted: %s\n  got:    %s", cases[i].name, cases[i].wanted,
                     dw_buf_text(&told));
        dw_buf_fini(&told);
    }
}

static void people_are_not_mixed_up(void **state)
{
    (void)state;
    struct dw_score_foot feet[FRAMES_MAX];
    struct dw_buf told = { 0 };
    size_t count = feet_of(feet, 1, "llllllllll");
    count += feet_of(feet + count, 2, "?????lllllllllll");
    tell(&told, feet, count);
    assert_string_equal(dw_buf_text(&told), "left 1 0.0-1.0, left 2 0.5-1.6");
    dw_buf_fini(&told);
}

static void without_feet_there_are_no_visits(void **state)
{
    (void)state;
    struct dw_buf told = { 0 };
    tell(&told, NULL, 0);
    assert_string_equal(dw_buf_text(&told), "");
    dw_buf_fini(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(true_visits_follow_the_rule_of_the_benchmark),
        cmocka_unit_test(people_are_not_mixed_up),
        cmocka_unit_test(without_feet_there_are_no_visits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
