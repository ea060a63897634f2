/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of a visit, as scenes. A scene is a string, one character a frame of 100 ms:
 *   #  seen inside            .  seen outside          ?  not seen at all
 *   ~  bridged, inside        -  bridged, outside      {n}  the character before, n times in all
 *   =  bridged, inside, between two joined tracks     +  seen inside, the first of a joined one
 *   i  no frame, but on the way to the next: inside   o  outside
 *   ^  the next frame is the first of a measurement    1..9  edge stepped over on the next frame
 *   |  the stream stops       /  a gap begins
 * Bridged frames become known, as a tracker does it, with the next frame on which the person is
 * seen. What comes of it is told as "enter-exit reason", seconds, and what else is remarkable.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/macros.h"
#include "core/stay.h"
#include "lib/prop.h"

#define FRAME_US 100000

struct stage {
    struct dw_stay stay;
    struct dw_zone_rules rules;
    struct dw_buf told;
    int frame;
    int opened, opened_frame;
    bool cut_start; /* for the next frame */
    int side;       /* for the next frame */
    int64_t gap_us; /* of the run of bridged frames going on */
};

static void tell(struct stage *stage, const struct dw_visit *visit)
{
    struct dw_buf *told = &stage->told;
    if (told->length > 0)
        dw_buf_puts(told, ", ");
    dw_buf_printf(told, "%.1f-%.1f %s", (double)visit->enter_us / 1e6, (double)visit->exit_us / 1e6,
                  dw_end_reason_name(visit->end_reason));
    if (visit->dwell_us != visit->exit_us - visit->enter_us)
        dw_buf_printf(told, " dwell %.1f", (double)visit->dwell_us / 1e6);
    if (visit->bridged_us != 0)
        dw_buf_printf(told, " bridged %.1f", (double)visit->bridged_us / 1e6);
    if (visit->pass)
        dw_buf_puts(told, " pass");
    if (visit->cut_start)
        dw_buf_puts(told, " cut_start");
    if (visit->cut_end)
        dw_buf_puts(told, " cut_end");
    if (visit->enter_side != 0 || visit->exit_side != 0)
        dw_buf_printf(told, " sides %d>%d", visit->enter_side, visit->exit_side);
    if (visit->links != 0)
        dw_buf_printf(told, " links %d", visit->links);
    assert_int_equal(visit->observed_us + visit->bridged_us, visit->dwell_us);
}

static bool is_bridged(char kind)
{
    return kind == '~' || kind == '-' || kind == '=';
}

static void step(struct stage *stage, char kind)
{
    bool bridged = is_bridged(kind);
    struct dw_presence presence = {
        .time_us = (int64_t)stage->frame * FRAME_US,
        .frame = stage->frame,
        .interval_us = FRAME_US,
        .gap_us = bridged ? stage->gap_us : 0,
        .linked = kind == '=' || kind == '+',
        .between = kind == 'i' || kind == 'o',
        .inside = strchr("#~=+i", kind) != NULL,
        .cut_start = stage->cut_start,
        .side = stage->side,
        .score = 0.9,
        .speed = -1,
    };
    struct dw_visit closed;
    int changes = dw_stay_step(&stage->stay, &stage->rules, &presence, &closed);
    if ((changes & DW_STAY_CLOSED) != 0)
        tell(stage, &closed);
    if ((changes & DW_STAY_OPENED) != 0) {
        stage->opened++;
        stage->opened_frame = stage->frame;
    }
    stage->cut_start = false;
    stage->side = 0;
}

static void time_goes_on(struct stage *stage, int64_t now_us)
{
    struct dw_visit closed;
    if (dw_stay_advance(&stage->stay, &stage->rules, now_us, &closed))
        tell(stage, &closed);
}

static void end(struct stage *stage, enum dw_end_reason reason)
{
    struct dw_visit closed;
    int64_t now_us = (int64_t)stage->frame * FRAME_US;
    if (dw_stay_finish(&stage->stay, &stage->rules, now_us, reason, &closed))
        tell(stage, &closed);
}

/* Bridged frames from `at` on, unless they were measured when their run began. */
static int64_t gap_of(const char *frames, size_t at)
{
    size_t first = at, last = at;
    while (first > 0 && is_bridged(frames[first - 1]))
        first--;
    while (is_bridged(frames[last]))
        last++;
    return (int64_t)(last - first + 1) * FRAME_US;
}

static void play_frames(struct stage *stage, const char *frames)
{
    for (size_t i = 0; frames[i] != '\0'; i++) {
        if (strchr("#.~-?=+io", frames[i]) == NULL) {
            stage->cut_start = stage->cut_start || frames[i] == '^';
            if (frames[i] >= '0' && frames[i] <= '9')
                stage->side = frames[i] - '0';
            else if (frames[i] == '|' || frames[i] == '/')
                end(stage, frames[i] == '|' ? DW_END_STOPPED : DW_END_GAP);
            continue;
        }
        stage->gap_us = gap_of(frames, i);
        if (frames[i] != '?')
            step(stage, frames[i]);
        stage->frame++;
        if (!is_bridged(frames[i]))
            time_goes_on(stage, (int64_t)(stage->frame - 1) * FRAME_US);
    }
}

static void expand(struct dw_buf *out, const char *scene)
{
    for (const char *at = scene; *at != '\0'; at++) {
        long count = 1;
        if (at[1] == '{') {
            char *close = NULL;
            count = strtol(at + 2, &close, 10);
            assert_int_equal(*close, '}');
            for (long i = 0; i < count; i++)
                dw_buf_append(out, at, 1);
            at = close;
        } else {
            dw_buf_append(out, at, 1);
        }
    }
}

static void play(struct stage *stage, const char *scene)
{
    struct dw_buf frames = { 0 };
    expand(&frames, scene);
    play_frames(stage, dw_buf_text(&frames));
    time_goes_on(stage, INT64_C(1000000000000));
    dw_buf_fini(&frames);
}

struct scene {
    const char *name, *frames, *wanted;
};

static void assert_scenes(const struct scene *scenes, size_t count,
                          const struct dw_zone_rules *rules)
{
    for (size_t i = 0; i < count; i++) {
        struct stage stage = { .rules = *rules };
        play(&stage, scenes[i].frames);
        const char *told = dw_buf_text(&stage.told);
        if (strcmp(told, scenes[i].wanted) != 0)
            fail_msg("%s: \"%s\"\n  wanted: %s\n  got:    %s", scenes[i].name, scenes[i].frames,
                     scenes[i].wanted, told);
        dw_buf_fini(&stage.told);
    }
}

#define ASSERT_SCENES(scenes, rules) assert_scenes((scenes), DW_LENGTH(scenes), (rules))

static void a_visit_opens_after_enter_after_and_begins_at_the_first_presence(void **state)
{
    (void)state;
    static const struct scene scenes[] = {
        { "0.2 s inside is nothing", "..##.....", "" },
        { "0.3 s inside is a pass", "..###.....", "0.2-0.5 left pass" },
        { "two seconds inside begin with the first of them", "..#{20}.{20}", "0.2-2.2 left" },
        { "a miss on the way does not start it again", "..##??#{16}.{20}", "0.2-2.2 left" },
        { "never inside", ".{50}", "" },
        { "never seen", "?{50}", "" },
    };
    struct dw_zone_rules rules = dw_zone_rules_default();
    ASSERT_SCENES(scenes, &rules);

    struct stage stage = { .rules = rules };
    play_frames(&stage, "..##");
    assert_int_equal(stage.opened, 0);
    play_frames(&stage, "#####");
    assert_int_equal(stage.opened, 1);
    assert_int_equal(stage.opened_frame, 4);
    assert_int_equal(dw_stay_so_far(&stage.stay, &rules).enter_us, 200000);
    dw_buf_fini(&stage.told);

    static const struct scene slow[] = {
        { "1.9 s are not enough for 2 s", "#{19}.{20}", "" },
        { "2 s are", "#{20}.{20}", "0.0-2.0 left" },
    };
    rules.enter_after_us = 2000000;
    ASSERT_SCENES(slow, &rules);

    static const struct scene at_once[] = {
        { "without enter_after one frame is a pass", ".#....", "0.1-0.2 left pass" },
    };
    rules.enter_after_us = 0;
    ASSERT_SCENES(at_once, &rules);
}

static void an_excursion_up_to_grace_does_not_end_a_visit(void **state)
{
    (void)state;
    static const struct scene scenes[] = {
        { "0.5 s outside", "#{20}.{5}#{20}.{20}", "0.0-4.5 left" },
        { "exactly 1 s outside", "#{20}.{10}#{20}.{20}", "0.0-5.0 left" },
        { "1.1 s outside is another visit", "#{20}.{11}#{20}.{20}", "0.0-2.0 left, 3.1-5.1 left" },
        { "many short excursions", "#{10}..#{10}..#{10}..#{10}.{20}", "0.0-4.6 left" },
        { "it ends at the last presence, not when we became sure", "#{30}.{9}", "0.0-3.0 left" },
    };
    struct dw_zone_rules rules = dw_zone_rules_default();
    ASSERT_SCENES(scenes, &rules);

    static const struct scene none[] = {
        { "without grace one frame outside ends it", "#{20}.#{20}.", "0.0-2.0 left, 2.1-4.1 left" },
    };
    rules.grace_us = 0;
    rules.bridge_us = 0;
    ASSERT_SCENES(none, &rules);
}

static void unseen_up_to_bridge_stays_present_as_bridged_time(void **state)
{
    (void)state;
    static const struct scene scenes[] = {
        { "a pillar for 0.5 s", "#{20}~{5}#{20}.{20}", "0.0-4.5 left bridged 0.5" },
        { "unseen for 1.9 s", "#{20}~{18}#{20}.{20}", "0.0-5.8 left bridged 1.8" },
        { "unseen for exactly 2 s", "#{20}~{19}#{20}.{20}", "0.0-5.9 left bridged 1.9" },
        { "unseen for 2.1 s is too long", "#{20}~{20}#{20}.{20}", "0.0-2.0 lost, 4.0-6.0 left" },
        { "bridged way out of the zone", "#{20}~{5}-{5}.{20}", "0.0-2.5 left bridged 0.5" },
        { "bridged way into the zone", ".{20}-{5}~{5}#{20}.{20}", "2.5-5.0 left bridged 0.5" },
        { "bridged back into the zone: only since last seen", "#{20}.{5}~~~#{20}.{20}",
          "0.0-4.8 left bridged 0.3" },
        { "bridged twice", "#{10}~~#{10}~~~#{10}.{20}", "0.0-3.5 left bridged 0.5" },
    };
    struct dw_zone_rules rules = dw_zone_rules_default();
    ASSERT_SCENES(scenes, &rules);
}

static void tracks_joined_during_the_visit_are_counted_once_each(void **state)
{
    (void)state;
    static const struct scene scenes[] = {
        { "joined over a gap", "#{20}={30}+#{19}.{20}", "0.0-7.0 left bridged 3.0 links 1" },
        { "as long a gap of one track", "#{20}={30}#{20}.{20}",
          "0.0-7.0 left bridged 3.0 links 1" },
        { "joined with no frame between", "#{20}+#{19}.{20}", "0.0-4.0 left links 1" },
        { "joined after one frame", "#+#{18}.{20}", "0.0-2.0 left links 1" },
        { "two in turn", "#{20}+#+#{18}.{20}", "0.0-4.1 left links 2" },
        { "joined before the visit begins", ".{20}+#{19}.{20}", "2.0-4.0 left" },
        { "bridged way into the zone", ".{20}-{5}={5}+#{20}.{20}",
          "2.5-5.1 left bridged 0.5 links 1" },
        { "a gap of one track is no link", "#{20}~{5}#{20}.{20}", "0.0-4.5 left bridged 0.5" },
    };
    struct dw_zone_rules rules = dw_zone_rules_default();
    ASSERT_SCENES(scenes, &rules);
}

static void who_comes_back_within_reentry_continues_the_visit(void **state)
{
    (void)state;
    static const struct scene scenes[] = {
        { "away for 3 s: one visit, the absence does not count", "#{20}.{30}#{20}.{99}",
          "0.0-7.0 left dwell 4.0" },
        { "away twice", "#{20}.{30}#{20}.{20}#{20}.{99}", "0.0-11.0 left dwell 6.0" },
        { "away for exactly 5 s", "#{20}.{50}#{20}.{99}", "0.0-9.0 left dwell 4.0" },
        { "away for 5.1 s is another visit", "#{20}.{51}#{20}.{99}", "0.0-2.0 left, 7.1-9.1 left" },
        { "within grace the absence counts", "#{20}.{10}#{20}.{99}", "0.0-5.0 left" },
        { "unseen too long to bridge, back in time", "#{20}~{30}#{20}.{99}",
          "0.0-7.0 left dwell 4.0" },
    };
    struct dw_zone_rules rules = dw_zone_rules_default();
    rules.reentry_us = 5000000;
    ASSERT_SCENES(scenes, &rules);
}

static void shorter_than_min_dwell_is_a_pass(void **state)
{
    (void)state;
    static const struct scene scenes[] = {
        { "0.9 s", "#{9}.{20}", "0.0-0.9 left pass" },
        { "1 s", "#{10}.{20}", "0.0-1.0 left" },
    };
    struct dw_zone_rules rules = dw_zone_rules_default();
    ASSERT_SCENES(scenes, &rules);

    static const struct scene longer[] = {
        { "2.9 s where 3 s are wanted", "#{29}.{20}", "0.0-2.9 left pass" },
        { "3 s", "#{30}.{20}", "0.0-3.0 left" },
    };
    rules.min_dwell_us = 3000000;
    ASSERT_SCENES(longer, &rules);
}

static void a_visit_whose_beginning_or_end_was_not_measured_is_cut(void **state)
{
    (void)state;
    static const struct scene scenes[] = {
        { "there when measuring began", "^#{20}.{20}", "0.0-2.0 left cut_start" },
        { "only that visit, not the next", "^#{20}.{20}#{20}.{20}",
          "0.0-2.0 left cut_start, 4.0-6.0 left" },
        { "outside when measuring began", "^.#{20}.{20}", "0.1-2.1 left" },
        { "still there when the stream stops", ".#{20}|", "0.1-2.1 stopped cut_end" },
        { "gone for longer than grace when it stops", "#{20}.{15}|", "0.0-2.0 left" },
        { "just stepped out when it stops", "#{20}.{5}|", "0.0-2.0 left" },
        { "unseen within bridge when it stops", "#{20}?{15}|", "0.0-2.0 stopped cut_end" },
        { "unseen for exactly bridge when it stops", "#{20}?{20}|", "0.0-2.0 stopped cut_end" },
        { "unseen for longer than bridge when it stops", "#{20}?{25}|", "0.0-2.0 lost" },
        { "there all the time", "^#{20}|", "0.0-2.0 stopped cut_start cut_end" },
        { "too short to be opened when it stops", "..##|", "" },
        { "there when a gap begins and after it", "#{20}/?{50}^#{20}.{20}",
          "0.0-2.0 gap cut_end, 7.0-9.0 left cut_start" },
        { "a short stay at the end is a pass that was cut", "..#####|",
          "0.2-0.7 stopped pass cut_end" },
    };
    struct dw_zone_rules rules = dw_zone_rules_default();
    ASSERT_SCENES(scenes, &rules);
}

static void who_is_not_seen_again_is_lost_and_the_visit_ends_at_the_last_presence(void **state)
{
    (void)state;
    static const struct scene scenes[] = {
        { "vanished inside", "#{20}?{150}", "0.0-2.0 lost" },
        { "vanished after stepping out", "#{20}..?{150}", "0.0-2.0 left" },
        { "seen outside after a long absence", "#{20}?{40}.{20}", "0.0-2.0 lost" },
        { "seen inside after a long absence", "#{20}?{40}#{20}.{20}",
          "0.0-2.0 lost, 6.0-8.0 left" },
    };
    struct dw_zone_rules rules = dw_zone_rules_default();
    ASSERT_SCENES(scenes, &rules);

    /* Nothing is said before the visit can no longer change. */
    struct stage stage = { .rules = rules };
    play_frames(&stage, "#{20}");
    dw_buf_clear(&stage.told);
    for (int i = 0; i < 20; i++)
        play_frames(&stage, "#");
    time_goes_on(&stage, stage.stay.last_us + dw_zone_rules_final_us(&rules));
    assert_string_equal(dw_buf_text(&stage.told), "");
    time_goes_on(&stage, stage.stay.last_us + dw_zone_rules_final_us(&rules) + 1);
    assert_true(stage.told.length > 0);
    dw_buf_fini(&stage.told);
}

static void sides_are_those_stepped_over(void **state)
{
    (void)state;
    static const struct scene scenes[] = {
        { "in over 1, out over 3", "..1#{20}3.{20}", "0.2-2.2 left sides 1>3" },
        { "appeared inside, out over 2", "#{20}2.{20}", "0.0-2.0 left sides 0>2" },
        { "in over 4, vanished", "..4#{20}?{150}", "0.2-2.2 lost sides 4>0" },
        { "the last way out counts", "..1#{20}2.{5}3#{20}4.{20}", "0.2-4.7 left sides 1>4" },
        { "out, back in, then vanished", "..1#{20}2.{5}3#{20}?{150}", "0.2-4.7 lost sides 1>0" },
        { "the stream stops inside", "..1#{20}2.{5}3#{20}|", "0.2-4.7 stopped cut_end sides 1>0" },
    };
    struct dw_zone_rules rules = dw_zone_rules_default();
    ASSERT_SCENES(scenes, &rules);
}

static void score_and_speed_are_those_of_the_frames_inside(void **state)
{
    (void)state;
    struct dw_stay stay = { 0 };
    struct dw_zone_rules rules = dw_zone_rules_default();
    struct dw_visit closed;
    static const struct {
        double score, speed;
        int64_t gap_us;
    } frames[] = { { 0.8, -1, 0 }, { 0.6, 1.5, 0 }, { 0, 0.5, 200000 }, { 1.0, 1.0, 0 } };
    for (size_t i = 0; i < DW_LENGTH(frames); i++) {
        struct dw_presence presence = { .time_us = (int64_t)i * FRAME_US,
                                        .frame = (int64_t)i,
                                        .interval_us = FRAME_US,
                                        .inside = true,
                                        .gap_us = frames[i].gap_us,
                                        .score = frames[i].score,
                                        .speed = frames[i].speed };
        dw_stay_step(&stay, &rules, &presence, &closed);
    }
    assert_true(dw_stay_finish(&stay, &rules, 400000, DW_END_STOPPED, &closed));
    assert_true(closed.score > 0.799 && closed.score < 0.801);
    assert_true(closed.speed_avg > 0.999 && closed.speed_avg < 1.001);
    assert_true(closed.speed_min > 0.499 && closed.speed_min < 0.501);
    assert_int_equal(closed.frames, 4);
    assert_int_equal(closed.enter_frame, 0);
    assert_int_equal(closed.exit_frame, 3);
}

/* One frame inside at 0 s, seen with this score or bridged, and the visit it makes. */
static struct dw_visit visit_of_one_frame(double score, double speed, int64_t gap_us)
{
    struct dw_stay stay = { 0 };
    struct dw_zone_rules rules = dw_zone_rules_default();
    rules.enter_after_us = 0;
    struct dw_presence presence = {
        .interval_us = FRAME_US, .inside = true, .gap_us = gap_us, .score = score, .speed = speed
    };
    struct dw_visit closed;
    assert_int_equal(dw_stay_step(&stay, &rules, &presence, &closed), DW_STAY_OPENED);
    assert_true(dw_stay_finish(&stay, &rules, FRAME_US, DW_END_STOPPED, &closed));
    return closed;
}

static void a_single_frame_gives_its_score_and_speed_and_a_bridged_one_no_score(void **state)
{
    (void)state;
    struct dw_visit seen = visit_of_one_frame(0.7, 0.4, 0);
    assert_true(seen.score == 0.7 && seen.speed_avg == 0.4 && seen.speed_min == 0.4);
    struct dw_visit standing = visit_of_one_frame(0.7, 0, 0);
    assert_true(standing.speed_avg == 0 && standing.speed_min == 0);
    struct dw_visit bridged = visit_of_one_frame(0.7, -1, 1);
    assert_true(bridged.score == 0 && bridged.speed_avg < 0 && bridged.speed_min < 0);
    assert_int_equal(bridged.bridged_us, FRAME_US);
    assert_int_equal(bridged.facing_us, -1);
}

/* Two frames and no more until 10 s. */
static struct dw_visit visit_of_two_frames(struct dw_presence first, struct dw_presence second)
{
    struct dw_stay stay = { 0 };
    struct dw_zone_rules rules = dw_zone_rules_default();
    rules.enter_after_us = 0;
    first.interval_us = second.interval_us = FRAME_US;
    struct dw_visit closed;
    dw_stay_step(&stay, &rules, &first, &closed);
    dw_stay_step(&stay, &rules, &second, &closed);
    assert_true(dw_stay_finish(&stay, &rules, 10000000, DW_END_STOPPED, &closed));
    return closed;
}

static void the_least_speed_and_the_last_box_are_those_inside(void **state)
{
    (void)state;
    struct dw_presence here = { .inside = true, .speed = 0.5, .box = { 1, 2, 3, 4 } };
    struct dw_presence there = {
        .time_us = FRAME_US, .inside = true, .speed = 1, .box = { 5, 6, 7, 8 }
    };
    struct dw_visit visit = visit_of_two_frames(here, there);
    assert_true(visit.speed_min == 0.5 && visit.speed_avg == 0.75);
    assert_true(visit.last_box.x == 5 && visit.last_box.h == 8);
    there.inside = false;
    visit = visit_of_two_frames(here, there);
    assert_true(visit.speed_min == 0.5 && visit.speed_avg == 0.5);
    assert_true(visit.last_box.x == 1 && visit.last_box.h == 4);
    assert_int_equal(visit.frames, 1);
}

static void the_way_between_two_frames_counts_for_times_alone(void **state)
{
    (void)state;
    static const struct scene scenes[] = {
        { "in and out between frames", ".oii#iii#iioo.{20}", "0.2-1.1 left pass" },
        { "an edge in between", ".oo3ii#{10}ii4oo.{20}", "0.3-1.7 left sides 3>4" },
        { "a corner that no frame shows", ".oiiii{10}oo.{20}", "" },
    };
    struct dw_zone_rules rules = dw_zone_rules_default();
    ASSERT_SCENES(scenes, &rules);
    struct stage stage = { .rules = rules };
    play_frames(&stage, ".iii#ii#ii");
    assert_int_equal(stage.stay.visit.frames, 2);
    assert_int_equal(stage.stay.visit.enter_us, 100000);
    assert_int_equal(stage.stay.visit.enter_frame, 4);
    assert_int_equal(stage.stay.visit.exit_frame, 7);
    assert_true(stage.stay.score_count == 2);
}

static void presence_never_reaches_into_a_frame_that_shows_absence(void **state)
{
    (void)state;
    struct dw_presence here = { .time_us = 5000000, .inside = true };
    struct dw_presence gone = { .time_us = 5040000 };
    assert_int_equal(visit_of_two_frames(here, gone).exit_us, 5040000);
    gone.time_us = 5300000;
    assert_int_equal(visit_of_two_frames(here, gone).exit_us, 5100000);
}

static void a_visit_never_reaches_beyond_the_end_of_measuring_nor_before_its_start(void **state)
{
    (void)state;
    static const int64_t ends_us[][2] = {
        { 5200000, 5100000 }, { 5100000, 5100000 }, { 5050000, 5050000 }, { 4000000, 5000000 }
    };
    struct dw_zone_rules rules = dw_zone_rules_default();
    rules.enter_after_us = 0;
    for (size_t i = 0; i < DW_LENGTH(ends_us); i++) {
        struct dw_stay stay = { 0 };
        struct dw_presence here = { .time_us = 5000000, .interval_us = FRAME_US, .inside = true };
        struct dw_visit closed;
        dw_stay_step(&stay, &rules, &here, &closed);
        assert_true(dw_stay_finish(&stay, &rules, ends_us[i][0], DW_END_STOPPED, &closed));
        assert_int_equal(closed.exit_us, ends_us[i][1]);
        assert_int_equal(closed.dwell_us, ends_us[i][1] - 5000000);
        assert_false(dw_stay_finish(&stay, &rules, ends_us[i][0], DW_END_STOPPED, &closed));
    }
}

static void one_sighting_may_end_a_visit_and_open_the_next(void **state)
{
    (void)state;
    struct stage stage = { .rules = dw_zone_rules_default() };
    stage.rules.enter_after_us = 0;
    play_frames(&stage, "#");
    stage.frame = 200; /* much later, and nobody asked in between */
    play_frames(&stage, "#");
    assert_string_equal(dw_buf_text(&stage.told), "0.0-0.1 lost pass");
    assert_int_equal(stage.opened, 2);
    dw_buf_fini(&stage.told);
}

/* Random sightings at random times; each visit keeps the laws, and together they fit into time. */
static void check_visit(struct prop *prop, const struct dw_visit *visit, int64_t *last_exit_us)
{
    prop_assert(prop, visit->dwell_us >= 0);
    prop_assert(prop, visit->dwell_us <= visit->exit_us - visit->enter_us);
    prop_assert(prop, visit->observed_us >= 0 && visit->bridged_us >= 0);
    prop_assert(prop, visit->observed_us + visit->bridged_us == visit->dwell_us);
    prop_assert(prop, visit->enter_us >= *last_exit_us);
    prop_assert(prop, visit->enter_frame <= visit->exit_frame);
    prop_assert(prop, visit->frames >= 1);
    *last_exit_us = visit->exit_us;
}

static struct dw_zone_rules any_rules(struct prop *prop)
{
    struct dw_zone_rules rules = dw_zone_rules_default();
    rules.enter_after_us = prop_int(prop, 0, 1000000);
    rules.grace_us = prop_int(prop, 0, 2000000);
    rules.bridge_us = prop_int(prop, 0, 3000000);
    rules.link_us = prop_int(prop, 0, 3000000);
    rules.reentry_us = prop_chance(prop, 0.5) ? 0 : prop_int(prop, 0, 5000000);
    return rules;
}

static void dwells_are_never_longer_than_the_time_they_took_and_visits_never_overlap(void **state)
{
    (void)state;
    PROP(prop, 2000)
    {
        struct dw_stay stay = { 0 };
        struct dw_zone_rules rules = any_rules(&prop);
        struct dw_visit closed;
        int64_t now_us = 0, last_exit_us = 0, sum_us = 0, interval_us = prop_int(&prop, 1, 500000);
        for (int i = 0; i < 200; i++) {
            now_us += prop_int(&prop, 1, 2 * interval_us);
            if (prop_chance(&prop, 0.05))
                now_us += prop_int(&prop, 0, 6000000);
            struct dw_presence presence = {
                .time_us = now_us,
                .frame = i,
                .interval_us = interval_us,
                .inside = prop_chance(&prop, 0.6),
                .gap_us = prop_chance(&prop, 0.8) ? 0 : prop_int(&prop, 1, 3000000),
                .speed = -1,
            };
            bool over = (dw_stay_step(&stay, &rules, &presence, &closed) & DW_STAY_CLOSED) != 0 ||
                        dw_stay_advance(&stay, &rules, now_us, &closed);
            if (over) {
                check_visit(&prop, &closed, &last_exit_us);
                sum_us += closed.dwell_us;
            }
        }
        if (dw_stay_finish(&stay, &rules, now_us + interval_us, DW_END_STOPPED, &closed)) {
            check_visit(&prop, &closed, &last_exit_us);
            sum_us += closed.dwell_us;
        }
        prop_assert(&prop, sum_us <= now_us + interval_us);
        prop_assert(&prop, last_exit_us <= now_us + interval_us);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_visit_opens_after_enter_after_and_begins_at_the_first_presence),
        cmocka_unit_test(an_excursion_up_to_grace_does_not_end_a_visit),
        cmocka_unit_test(unseen_up_to_bridge_stays_present_as_bridged_time),
        cmocka_unit_test(tracks_joined_during_the_visit_are_counted_once_each),
        cmocka_unit_test(who_comes_back_within_reentry_continues_the_visit),
        cmocka_unit_test(shorter_than_min_dwell_is_a_pass),
        cmocka_unit_test(a_visit_whose_beginning_or_end_was_not_measured_is_cut),
        cmocka_unit_test(who_is_not_seen_again_is_lost_and_the_visit_ends_at_the_last_presence),
        cmocka_unit_test(sides_are_those_stepped_over),
        cmocka_unit_test(score_and_speed_are_those_of_the_frames_inside),
        cmocka_unit_test(a_single_frame_gives_its_score_and_speed_and_a_bridged_one_no_score),
        cmocka_unit_test(the_least_speed_and_the_last_box_are_those_inside),
        cmocka_unit_test(the_way_between_two_frames_counts_for_times_alone),
        cmocka_unit_test(presence_never_reaches_into_a_frame_that_shows_absence),
        cmocka_unit_test(a_visit_never_reaches_beyond_the_end_of_measuring_nor_before_its_start),
        cmocka_unit_test(one_sighting_may_end_a_visit_and_open_the_next),
        cmocka_unit_test(dwells_are_never_longer_than_the_time_they_took_and_visits_never_overlap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
