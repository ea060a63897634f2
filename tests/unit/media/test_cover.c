/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "media/cover.h"
#include "media/frame_impl.h"

enum { WIDTH = 101, HEIGHT = 51, STRIDE = 128, GREY = 114, SEEN = 200 };

static uint8_t bytes[STRIDE * HEIGHT];

/* A picture that is light all over, with rows longer than it is wide. */
static struct dw_frame *light_frame(void)
{
    struct dw_frame *frame = dw_frame_create(NULL, NULL);
    memset(bytes, SEEN, sizeof(bytes));
    frame->time_us = 7;
    frame->index = 3;
    frame->gap_us = 2;
    frame->wall_us = 5;
    frame->arrived_us = 11;
    frame->has_image = true;
    frame->image =
        (struct dw_image){ bytes, bytes, bytes, STRIDE, STRIDE, STRIDE, WIDTH, HEIGHT, true };
    return frame;
}

static struct dw_zone box_mask(double left, double top, double right, double bottom)
{
    return (struct dw_zone){
        .corners = { { left, top }, { right, top }, { right, bottom }, { left, bottom } },
        .corner_count = 4
    };
}

static int luma(const struct dw_frame *frame, int x, int y)
{
    return frame->image.y[y * frame->image.y_stride + x];
}

static void what_a_mask_touches_is_grey_and_all_else_as_it_was(void **state)
{
    (void)state;
    struct dw_zone mask = box_mask(-0.2, 0.5, 0.5, 1.2);
    const struct dw_layout layout = { .masks = &mask, .mask_count = 1 };
    DW_AUTO(cover) *cover = dw_cover_create();
    DW_AUTO(frame) *frame = light_frame();
    dw_cover_set(cover, &layout);
    assert_int_equal(dw_cover_frame(cover, &frame, NULL), 0);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            bool touched = x < 0.5 * WIDTH && y + 1 > 0.5 * HEIGHT;
            assert_int_equal(luma(frame, x, y), touched ? GREY : SEEN);
        }
    const struct dw_image *image = &frame->image;
    assert_int_equal(image->u[25 * image->u_stride], 128);
    assert_int_equal(image->v[25 * image->v_stride + 25], 128);
    assert_int_equal(image->v[25 * image->v_stride + 26], SEEN);
    assert_int_equal(image->u[0], SEEN);
    assert_true(image->full_range);
    assert_int_equal(frame->time_us, 7);
    assert_int_equal(frame->index, 3);
    assert_int_equal(frame->gap_us, 2);
    assert_int_equal(frame->wall_us, 5);
    assert_int_equal(frame->arrived_us, 11);
}

static void a_slanted_mask_covers_its_corners(void **state)
{
    (void)state;
    struct dw_zone mask = { .corners = { { 0.5, 0 }, { 1, 1 }, { 0, 1 } }, .corner_count = 3 };
    const struct dw_layout layout = { .masks = &mask, .mask_count = 1 };
    DW_AUTO(cover) *cover = dw_cover_create();
    DW_AUTO(frame) *frame = light_frame();
    dw_cover_set(cover, &layout);
    assert_int_equal(dw_cover_frame(cover, &frame, NULL), 0);
    assert_int_equal(luma(frame, 50, 0), GREY);
    assert_int_equal(luma(frame, 0, HEIGHT - 1), GREY);
    assert_int_equal(luma(frame, WIDTH - 1, HEIGHT - 1), GREY);
    assert_int_equal(luma(frame, 0, 0), SEEN);
    assert_int_equal(luma(frame, WIDTH - 1, HEIGHT / 2), SEEN);
}

static void others_who_hold_the_picture_keep_theirs(void **state)
{
    (void)state;
    struct dw_zone mask = box_mask(0, 0, 1, 1);
    const struct dw_layout layout = { .masks = &mask, .mask_count = 1 };
    DW_AUTO(cover) *cover = dw_cover_create();
    DW_AUTO(frame) *bare = light_frame();
    DW_AUTO(frame) *frame = dw_frame_ref(bare);
    dw_cover_set(cover, &layout);
    assert_int_equal(dw_cover_frame(cover, &frame, NULL), 0);
    assert_ptr_not_equal(frame, bare);
    assert_int_equal(luma(bare, 0, 0), SEEN);
    assert_int_equal(luma(frame, 0, 0), GREY);
}

static void a_frame_is_painted_once_and_again_when_masks_change(void **state)
{
    (void)state;
    struct dw_zone left = box_mask(0, 0, 0.3, 1), right = box_mask(0.7, 0, 1, 1);
    struct dw_layout layout = { .masks = &left, .mask_count = 1 };
    DW_AUTO(cover) *cover = dw_cover_create();
    DW_AUTO(frame) *frame = light_frame();
    struct dw_frame *before = frame;
    assert_int_equal(dw_cover_frame(cover, &frame, NULL), 0);
    assert_ptr_equal(frame, before); /* there are no masks yet */
    dw_cover_set(cover, &layout);
    assert_int_equal(dw_cover_frame(cover, &frame, NULL), 0);
    before = frame;
    assert_int_equal(dw_cover_frame(cover, &frame, NULL), 0);
    assert_ptr_equal(frame, before);
    layout.masks = &right;
    dw_cover_set(cover, &layout);
    assert_int_equal(luma(frame, WIDTH - 1, 0), SEEN);
    assert_int_equal(dw_cover_frame(cover, &frame, NULL), 0);
    assert_int_equal(luma(frame, WIDTH - 1, 0), GREY);
    dw_cover_set(cover, NULL);
    before = frame;
    assert_int_equal(dw_cover_frame(cover, &frame, NULL), 0);
    assert_ptr_equal(frame, before);
}

static void a_frame_without_a_picture_is_left_alone(void **state)
{
    (void)state;
    struct dw_zone mask = box_mask(0, 0, 1, 1);
    const struct dw_layout layout = { .masks = &mask, .mask_count = 1 };
    DW_AUTO(cover) *cover = dw_cover_create();
    DW_AUTO(frame) *frame = dw_frame_create(NULL, NULL);
    struct dw_frame *before = frame;
    dw_cover_set(cover, &layout);
    assert_int_equal(dw_cover_frame(cover, &frame, NULL), 0);
    assert_ptr_equal(frame, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_mask_touches_is_grey_and_all_else_as_it_was),
        cmocka_unit_test(a_slanted_mask_covers_its_corners),
        cmocka_unit_test(others_who_hold_the_picture_keep_theirs),
        cmocka_unit_test(a_frame_is_painted_once_and_again_when_masks_change),
        cmocka_unit_test(a_frame_without_a_picture_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
