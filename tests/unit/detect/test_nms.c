/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/macros.h"
#include "detect/nms.h"
#include "lib/prop.h"

static size_t random_detections(struct prop *prop, struct dw_detection *items, int64_t most)
{
    size_t count = (size_t)prop_int(prop, 0, most);
    for (size_t i = 0; i < count; i++)
        items[i] = (struct dw_detection){
            { (float)prop_real(prop, 0, 60), (float)prop_real(prop, 0, 60),
              (float)prop_real(prop, 5, 40), (float)prop_real(prop, 5, 40) },
            (float)prop_real(prop, 0, 1),
        };
    return count;
}

/* Says it as the textbook does: take the best of the rest, strike out what it covers, again. */
static size_t reference(struct dw_detection *items, size_t count, double overlap)
{
    struct dw_detection kept[64];
    size_t kept_count = 0;
    while (count > 0) {
        size_t best = 0, left = 0;
        for (size_t i = 1; i < count; i++)
            if (items[i].score > items[best].score ||
                (items[i].score >= items[best].score && items[i].box.x < items[best].box.x))
                best = i;
        struct dw_detection winner = items[best];
        kept[kept_count++] = winner;
        for (size_t i = 0; i < count; i++)
            if (i != best && dw_box_iou(items[i].box, winner.box) <= overlap)
                items[left++] = items[i];
        count = left;
    }
    memcpy(items, kept, kept_count * sizeof(*kept));
    return kept_count;
}

static void keeps_the_same_boxes_as_the_textbook(void **state)
{
    (void)state;
    PROP(prop, 2000)
    {
        struct dw_detection ours[64] = { 0 }, theirs[64];
        size_t count = random_detections(&prop, ours, DW_LENGTH(ours));
        memcpy(theirs, ours, sizeof(ours));
        double overlap = prop_real(&prop, 0.1, 0.9);
        size_t kept = dw_nms(ours, count, overlap);
        prop_assert(&prop, kept == reference(theirs, count, overlap));
        prop_assert(&prop, memcmp(ours, theirs, kept * sizeof(*ours)) == 0);
    }
}

static void nothing_stays_nothing(void **state)
{
    (void)state;
    assert_int_equal(dw_nms(NULL, 0, 0.5), 0);
}

static void an_overlap_of_one_keeps_twins(void **state)
{
    (void)state;
    struct dw_detection items[] = { { { 1, 2, 3, 4 }, 0.5F }, { { 1, 2, 3, 4 }, 0.6F } };
    assert_int_equal(dw_nms(items, 2, 1), 2);
    assert_true(items[0].score > items[1].score);
}

static void looks_at_the_best_three_hundred_only(void **state)
{
    (void)state;
    static struct dw_detection items[1000];
    for (size_t i = 0; i < DW_LENGTH(items); i++)
        items[i] = (struct dw_detection){ { (float)(i * 10), 0, 5, 5 }, (float)i / 1000 };
    assert_int_equal(dw_nms(items, DW_LENGTH(items), 0.5), DW_NMS_CANDIDATES_MAX);
    assert_true(items[0].score >= 0.999F);
    assert_true(items[DW_NMS_CANDIDATES_MAX - 1].score >= 0.7F);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_same_boxes_as_the_textbook),
        cmocka_unit_test(nothing_stays_nothing),
        cmocka_unit_test(an_overlap_of_one_keeps_twins),
        cmocka_unit_test(looks_at_the_best_three_hundred_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
