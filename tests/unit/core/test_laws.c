/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What holds for any scene, by docs/visit-model.md. Random scenes are measured by a lane; each law
 * is looked at on all of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/core/scene.h"

#define SCENES 100

/* A random scene and one take of it. */
struct rehearsal {
    struct scene scene;
    struct shot shot;
};

static void rehearse(struct rehearsal *on, struct prop *prop)
{
    scene_make(&on->scene, prop);
    shot_take(&on->shot, &on->scene, (struct take){ 0 });
}

static void leave(struct rehearsal *on)
{
    shot_fini(&on->shot);
    scene_fini(&on->scene);
}

static const struct dw_visit *finished(const struct shot *shot, size_t at)
{
    const struct dw_lane_event *event = &shot->events.items[at].event;
    return event->kind == DW_LANE_FINISHED ? &event->visit : NULL;
}

static int64_t end_of(const struct shot *shot)
{
    const struct scene *scene = shot->scene;
    return scene->frames.items[scene->frames.count - 1].time_us + dw_lane_interval_us(shot->lane);
}

static void nobody_is_at_two_places_at_one_moment_and_no_number_is_used_again(void **state)
{
    (void)state;
    PROP(prop, SCENES)
    {
        struct rehearsal on;
        rehearse(&on, &prop);
        DW_VEC(int64_t) seen_us = { 0 }; /* by person: last sighting */
        for (size_t i = 0; i < on.shot.sightings.count; i++) {
            const struct dw_sighting *s = &on.shot.sightings.items[i];
            prop_assert(&prop, s->person >= 1);
            while ((int64_t)seen_us.count < s->person)
                dw_vec_push(&seen_us, -1);
            int64_t *last_us = &seen_us.items[s->person - 1];
            prop_assert(&prop, s->time_us > *last_us);
            *last_us = s->time_us;
        }
        dw_vec_fini(&seen_us);
        leave(&on);
    }
}

/* A gap lies between: whoever was there before is somebody new afterwards. */
static void nobody_is_known_again_after_a_gap(void **state)
{
    (void)state;
    PROP(prop, SCENES)
    {
        struct rehearsal on;
        rehearse(&on, &prop);
        int64_t before = 0, most = 0;
        size_t at = 0;
        for (size_t f = 0; f < on.scene.frames.count; f++) {
            const struct scene_frame *frame = &on.scene.frames.items[f];
            before = frame->after_gap ? most : before;
            for (; at < on.shot.sightings.count; at++) {
                const struct dw_sighting *s = &on.shot.sightings.items[at];
                if (s->frame > (int64_t)f)
                    break;
                most = DW_MAX(most, s->person);
                prop_assert(&prop,
                            !frame->after_gap || s->frame < (int64_t)f || s->person > before);
            }
        }
        leave(&on);
    }
}

static void visits_of_one_person_in_one_zone_do_not_overlap(void **state)
{
    (void)state;
    PROP(prop, SCENES)
    {
        struct rehearsal on;
        rehearse(&on, &prop);
        for (size_t i = 0; i < on.shot.events.count; i++) {
            const struct dw_visit *a = finished(&on.shot, i);
            for (size_t j = 0; j < i && a != NULL; j++) {
                const struct dw_visit *b = finished(&on.shot, j);
                if (b != NULL && a->zone == b->zone && a->person == b->person)
                    prop_assert(&prop, b->exit_us <= a->enter_us);
            }
        }
        leave(&on);
    }
}

/* The time at which measuring was resumed last before, or at, `at_us`. */
static int64_t measured_from(const struct scene *scene, int64_t at_us)
{
    int64_t from_us = 0;
    for (size_t f = 0; f < scene->frames.count; f++) {
        const struct scene_frame *frame = &scene->frames.items[f];
        if (frame->after_gap && frame->time_us <= at_us)
            from_us = frame->time_us;
    }
    return from_us;
}

static void check_times(struct prop *prop, const struct shot *shot, const struct dw_visit *visit)
{
    int64_t span_us = visit->exit_us - visit->enter_us;
    prop_assert(prop, visit->enter_us >= 0 && visit->exit_us <= end_of(shot));
    prop_assert(prop, span_us >= 0);
    prop_assert(prop, visit->dwell_us >= 0 && visit->dwell_us <= span_us);
    prop_assert(prop, visit->observed_us >= 0 && visit->bridged_us >= 0);
    prop_assert(prop, visit->observed_us + visit->bridged_us == visit->dwell_us);
    const struct dw_zone_rules *rules = &shot->scene->zones[visit->zone].rules;
    if (rules->reentry_us <= rules->grace_us)
        prop_assert(prop, visit->dwell_us == span_us);
    prop_assert(prop, visit->pass == (visit->dwell_us < rules->min_dwell_us));
}

static void check_end(struct prop *prop, const struct shot *shot, const struct dw_visit *visit)
{
    bool walked_off = visit->end_reason == DW_END_LEFT, lost = visit->end_reason == DW_END_LOST;
    bool gap = visit->end_reason == DW_END_GAP, stopped = visit->end_reason == DW_END_STOPPED;
    int corners = (int)shot->scene->zones[visit->zone].corner_count;
    prop_assert(prop, walked_off || lost || gap || stopped);
    prop_assert(prop, visit->cut_end == (gap || stopped));
    prop_assert(prop, visit->enter_side >= 0 && visit->enter_side <= corners);
    prop_assert(prop, visit->exit_side >= 0 && visit->exit_side <= corners);
    prop_assert(prop, visit->exit_side == 0 || walked_off);
    int64_t from_us = measured_from(shot->scene, visit->enter_us);
    prop_assert(prop, !visit->cut_start || visit->enter_us - from_us <= 500000);
    prop_assert(prop, !visit->cut_start || visit->enter_side == 0);
    prop_assert(prop, measured_from(shot->scene, visit->exit_us - 1) == from_us);
}

/* The visit is made of sightings of its person: the first and last, and no more than there are. */
static void check_sightings(struct prop *prop, const struct shot *shot,
                            const struct dw_visit *visit)
{
    int64_t count = 0, before_us = INT64_MIN;
    int links = 0;
    bool linking = false;
    for (size_t i = 0; i < shot->sightings.count; i++) {
        const struct dw_sighting *s = &shot->sightings.items[i];
        bool during = s->frame >= visit->enter_frame && s->frame <= visit->exit_frame;
        if (s->person != visit->person)
            continue;
        int64_t last_us = before_us;
        before_us = s->time_us;
        if (!during)
            continue;
        count++;
        links += s->gap_us == 0 && (linking || s->linked);
        linking = s->linked && s->gap_us > 0;
        /* Between frames that are far apart they may have come in before the first one inside. */
        bool in_time = s->time_us == visit->enter_us ||
                       (s->time_us > visit->enter_us && last_us < visit->enter_us &&
                        s->time_us - last_us > 150000);
        prop_assert(prop, s->frame != visit->enter_frame || in_time);
        prop_assert(prop, s->frame != visit->exit_frame || s->time_us <= visit->exit_us);
    }
    prop_assert(prop, visit->frames >= 1 && visit->frames <= count);
    prop_assert(prop, visit->links >= 0 && visit->links <= links);
    prop_assert(prop, visit->score >= 0 && visit->score <= 1);
    prop_assert(prop, visit->role == DW_ROLE_UNKNOWN && visit->facing_us == -1);
}

static void every_record_of_a_visit_agrees_with_itself_and_with_the_sightings(void **state)
{
    (void)state;
    PROP(prop, SCENES)
    {
        struct rehearsal on;
        rehearse(&on, &prop);
        for (size_t i = 0; i < on.shot.events.count; i++) {
            const struct dw_visit *visit = finished(&on.shot, i);
            if (visit == NULL)
                continue;
            check_times(&prop, &on.shot, visit);
            check_end(&prop, &on.shot, visit);
            check_sightings(&prop, &on.shot, visit);
        }
        leave(&on);
    }
}

/* Where the visit that opened with event `at` was finished; the count of events: nowhere. */
static size_t where_finished(const struct shot *shot, size_t at)
{
    const struct dw_visit *a = &shot->events.items[at].event.visit;
    for (size_t i = at + 1; i < shot->events.count; i++) {
        const struct dw_visit *b = finished(shot, i);
        if (b != NULL && a->person == b->person && a->zone == b->zone &&
            a->enter_us == b->enter_us && a->enter_side == b->enter_side)
            return i;
    }
    return shot->events.count;
}

static void every_visit_is_opened_once_and_finished_once(void **state)
{
    (void)state;
    PROP(prop, SCENES)
    {
        struct rehearsal on;
        rehearse(&on, &prop);
        size_t entered = 0, left = 0;
        for (size_t i = 0; i < on.shot.events.count; i++) {
            left += finished(&on.shot, i) != NULL;
            if (on.shot.events.items[i].event.kind != DW_LANE_ENTERED)
                continue;
            entered++;
            prop_assert(&prop, where_finished(&on.shot, i) < on.shot.events.count);
        }
        prop_assert(&prop, entered == left);
        leave(&on);
    }
}

static void the_dwell_in_a_zone_fits_into_the_time_of_its_people(void **state)
{
    (void)state;
    PROP(prop, SCENES)
    {
        struct rehearsal on;
        rehearse(&on, &prop);
        int64_t sum_us[SCENE_ZONES_MAX] = { 0 }, people = 0;
        for (size_t i = 0; i < on.shot.events.count; i++) {
            const struct dw_visit *visit = finished(&on.shot, i);
            if (visit != NULL)
                sum_us[visit->zone] += visit->dwell_us;
        }
        for (size_t i = 0; i < on.shot.sightings.count; i++)
            people = DW_MAX(people, on.shot.sightings.items[i].person);
        for (size_t i = 0; i < on.scene.zone_count; i++)
            prop_assert(&prop, sum_us[i] <= people * end_of(&on.shot));
        leave(&on);
    }
}

/* Two takes are told alike. Otherwise the first line that differs is shown. */
static void assert_alike(const struct prop *prop, const struct shot *a, const struct shot *b)
{
    struct dw_buf one = { 0 }, other = { 0 };
    shot_tell(a, &one);
    shot_tell(b, &other);
    const char *x = dw_buf_text(&one), *y = dw_buf_text(&other);
    bool alike = strcmp(x, y) == 0;
    size_t same = 0, line = 0;
    for (; !alike && x[same] == y[same]; same++)
        line = x[same] == '\n' ? same + 1 : line;
    if (!alike)
        print_error("  %.*s\n  %.*s\n", (int)strcspn(x + line, "\n"), x + line,
                    (int)strcspn(y + line, "\n"), y + line);
    dw_buf_fini(&one);
    dw_buf_fini(&other);
    prop_assert(prop, alike);
}

static void assert_unmoved_by(struct prop *prop, struct take take)
{
    struct rehearsal on;
    struct shot again;
    rehearse(&on, prop);
    shot_take(&again, &on.scene, take);
    assert_alike(prop, &on.shot, &again);
    shot_fini(&again);
    leave(&on);
}

static void the_order_of_the_boxes_of_a_frame_does_not_matter(void **state)
{
    (void)state;
    PROP(prop, SCENES)
    assert_unmoved_by(&prop, (struct take){ .shuffled = prop_bits(&prop) | 1 });
}

static void the_order_of_zones_and_lines_does_not_matter(void **state)
{
    (void)state;
    PROP(prop, SCENES)
    assert_unmoved_by(&prop, (struct take){ .zones_backwards = true });
}

static void when_it_happens_does_not_matter(void **state)
{
    (void)state;
    PROP(prop, SCENES)
    assert_unmoved_by(&prop, (struct take){ .later_us = prop_int(&prop, 1, INT64_C(1) << 50) });
}

static void a_picture_of_twice_the_resolution_gives_the_same(void **state)
{
    (void)state;
    PROP(prop, SCENES)
    assert_unmoved_by(&prop, (struct take){ .larger = 2 });
}

static void cameras_do_not_know_each_other(void **state)
{
    (void)state;
    PROP(prop, SCENES)
    {
        struct rehearsal one, other;
        struct shot shots[2];
        bool goes_on[2] = { true, true };
        rehearse(&one, &prop);
        rehearse(&other, &prop);
        shot_begin(&shots[0], &one.scene, (struct take){ 0 });
        shot_begin(&shots[1], &other.scene, (struct take){ 0 });
        while (goes_on[0] || goes_on[1]) {
            size_t which = prop_chance(&prop, 0.5);
            goes_on[which] = goes_on[which] && shot_step(&shots[which]);
        }
        assert_alike(&prop, &one.shot, &shots[0]);
        assert_alike(&prop, &other.shot, &shots[1]);
        shot_fini(&shots[0]);
        shot_fini(&shots[1]);
        leave(&one);
        leave(&other);
    }
}

/* The laws say something only about scenes in which something happens. */
static void the_scenes_have_all_that_makes_measuring_hard(void **state)
{
    (void)state;
    int visits = 0, passes = 0, cut = 0, bridged = 0, linked = 0, reentered = 0, crossings = 0;
    PROP(prop, SCENES)
    {
        struct rehearsal on;
        rehearse(&on, &prop);
        for (size_t i = 0; i < on.shot.events.count; i++) {
            const struct dw_visit *visit = finished(&on.shot, i);
            crossings += on.shot.events.items[i].event.kind == DW_LANE_CROSSED;
            if (visit == NULL)
                continue;
            visits += !visit->pass;
            passes += visit->pass;
            cut += visit->cut_start + visit->cut_end;
            bridged += visit->bridged_us > 0;
            linked += visit->links > 0;
            reentered += visit->dwell_us < visit->exit_us - visit->enter_us;
        }
        leave(&on);
        if (prop.at < prop.count || prop.count == 1)
            continue;
        print_message("# %d visits, %d passes, %d cut, %d bridged, %d linked, %d re-entered, "
                      "%d crossings\n",
                      visits, passes, cut, bridged, linked, reentered, crossings);
        prop_assert(&prop, visits > SCENES && passes > 0 && cut > 0 && crossings > 0);
        prop_assert(&prop, bridged > 0 && linked > 0 && reentered > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_scenes_have_all_that_makes_measuring_hard),
        cmocka_unit_test(nobody_is_at_two_places_at_one_moment_and_no_number_is_used_again),
        cmocka_unit_test(nobody_is_known_again_after_a_gap),
        cmocka_unit_test(visits_of_one_person_in_one_zone_do_not_overlap),
        cmocka_unit_test(every_record_of_a_visit_agrees_with_itself_and_with_the_sightings),
        cmocka_unit_test(every_visit_is_opened_once_and_finished_once),
        cmocka_unit_test(the_dwell_in_a_zone_fits_into_the_time_of_its_people),
        cmocka_unit_test(the_order_of_the_boxes_of_a_frame_does_not_matter),
        cmocka_unit_test(the_order_of_zones_and_lines_does_not_matter),
        cmocka_unit_test(when_it_happens_does_not_matter),
        cmocka_unit_test(a_picture_of_twice_the_resolution_gives_the_same),
        cmocka_unit_test(cameras_do_not_know_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
