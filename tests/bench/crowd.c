/* SPDX-License-Identifier: Apache-2.0 */
#include "crowd.h"

#include <math.h>

#include "base/macros.h"
#include "core/random.h"

#define FLOOR_TOP_PX 350.0
#define FLOOR_BOTTOM_PX 1060.0
#define HEIGHT_SHARE 0.22 /* of the distance of the feet from the picture's upper edge */
#define WIDTH_SHARE 0.4   /* of the height */
#define PACE 0.8          /* heights a second */
#define PAUSE_MOST_S 12.0
#define STAYS 0.85       /* at a goal; others leave */
#define MISS_MEMORY 0.46 /* of 0.785 - 0.03 a frame at 30 frames/s, after a tenth of a second */
#define FALSE_BOXES 0.42 /* a frame */

static double between(uint64_t *random, double least, double most)
{
    return least + (most - least) * dw_random_unit(random);
}

static struct dw_point somewhere(uint64_t *random)
{
    double x = between(random, 0, CROWD_WIDTH_PX);
    return (struct dw_point){ x, between(random, FLOOR_TOP_PX, FLOOR_BOTTOM_PX) };
}

static double height_px(const struct walker *walker)
{
    return HEIGHT_SHARE * walker->foot_px.y;
}

static struct dw_box box_of(const struct walker *walker)
{
    double h = height_px(walker), w = WIDTH_SHARE * h;
    return (struct dw_box){ (float)(walker->foot_px.x - w / 2), (float)(walker->foot_px.y - h),
                            (float)w, (float)h };
}

void crowd_init(struct crowd *crowd, int people)
{
    *crowd = (struct crowd){ .random = 1, .people = DW_MIN(people, CROWD_PEOPLE_MAX) };
    for (int i = 0; i < crowd->people; i++) {
        crowd->walkers[i].foot_px = somewhere(&crowd->random);
        crowd->walkers[i].goal_px = somewhere(&crowd->random);
    }
}

/* Somebody arrived: stands there a while, or has left and somebody else comes in from the side. */
static void choose_goal(struct crowd *crowd, struct walker *walker)
{
    if (dw_random_unit(&crowd->random) < STAYS) {
        walker->pause_s = between(&crowd->random, 0, PAUSE_MOST_S);
    } else {
        walker->foot_px = somewhere(&crowd->random);
        walker->foot_px.x = dw_random_unit(&crowd->random) < 0.5 ? 0 : CROWD_WIDTH_PX;
    }
    walker->goal_px = somewhere(&crowd->random);
}

static void walk(struct crowd *crowd, struct walker *walker)
{
    double dx = walker->goal_px.x - walker->foot_px.x, dy = walker->goal_px.y - walker->foot_px.y;
    double left_px = hypot(dx, dy), step_px = PACE * height_px(walker) / CROWD_FPS;
    if (walker->pause_s > 0) {
        walker->pause_s -= 1 / CROWD_FPS;
    } else if (left_px <= step_px) {
        choose_goal(crowd, walker);
    } else {
        walker->foot_px.x += dx / left_px * step_px;
        walker->foot_px.y += dy / left_px * step_px;
    }
}

/* Share of somebody that the one who hides most of them leaves visible. */
static double visible_share(const struct crowd *crowd, const struct walker *walker)
{
    double covered = 0;
    for (int i = 0; i < crowd->people; i++) {
        const struct walker *other = &crowd->walkers[i];
        if (other != walker && other->foot_px.y > walker->foot_px.y)
            covered = fmax(covered, dw_box_covered(box_of(walker), box_of(other)));
    }
    return 1 - covered;
}

static double miss_rate(double visible)
{
    static const double by_tenth[] = { 0.422, 0.157, 0.130, 0.067, 0.055,
                                       0.049, 0.050, 0.024, 0.016, 0.023 };
    return by_tenth[DW_MIN((int)(visible * 10), 9)];
}

static void add_box(struct crowd *crowd, struct dw_box box, double score)
{
    crowd->detections[crowd->count++] =
        (struct dw_detection){ box, (float)fmin(fmax(score, 0.1), 0.99) };
}

static void detect(struct crowd *crowd, struct walker *walker)
{
    uint64_t *random = &crowd->random;
    double visible = visible_share(crowd, walker), rate = miss_rate(visible);
    walker->missed =
        dw_random_unit(random) < rate + ((walker->missed ? 1 : 0) - rate) * MISS_MEMORY;
    if (walker->missed)
        return;
    struct walker seen = *walker;
    double noise_px = (visible > 0.7 ? 0.018 : 0.033) * height_px(walker);
    seen.foot_px.x += noise_px * dw_random_normal(random);
    seen.foot_px.y += noise_px * dw_random_normal(random);
    struct dw_box box = box_of(&seen);
    float stretch = (float)exp(0.035 * dw_random_normal(random));
    box.y += box.h * (1 - stretch);
    box.h *= stretch;
    add_box(crowd, box, 0.4 + 0.5 * visible + 0.06 * dw_random_normal(random));
}

void crowd_step(struct crowd *crowd)
{
    crowd->count = 0;
    for (int i = 0; i < crowd->people; i++)
        walk(crowd, &crowd->walkers[i]);
    for (int i = 0; i < crowd->people; i++)
        detect(crowd, &crowd->walkers[i]);
    if (dw_random_unit(&crowd->random) < FALSE_BOXES) {
        struct walker nobody = { .foot_px = somewhere(&crowd->random) };
        add_box(crowd, box_of(&nobody), between(&crowd->random, 0.3, 0.8));
    }
}
