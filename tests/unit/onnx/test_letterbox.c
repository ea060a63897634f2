/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "lib/prop.h"
#include "onnx/letterbox.h"

static const struct dw_model_options plain = {
    .channels = DW_CHANNELS_RGB,
    .fit = DW_FIT_CENTER,
    .std = { 1, 1, 1 },
    .pad = 114,
};

/* An image of its own, planes one after the other. */
static struct dw_image image_make(int width, int height)
{
    int half_width = (width + 1) / 2, half_height = (height + 1) / 2;
    size_t luma = (size_t)width * (size_t)height;
    size_t chroma = (size_t)half_width * (size_t)half_height;
    uint8_t *data = dw_alloc0(luma + 2 * chroma);
    return (struct dw_image){
        .y = data,
        .u = data + luma,
        .v = data + luma + chroma,
        .y_stride = width,
        .u_stride = half_width,
        .v_stride = half_width,
        .width_px = width,
        .height_px = height,
        .full_range = true,
    };
}

static uint8_t *writable(const uint8_t *plane)
{
    return (uint8_t *)(uintptr_t)plane;
}

static void image_free(struct dw_image *image)
{
    free(writable(image->y));
}

static void fill(const uint8_t *plane, int stride, int height, uint8_t value)
{
    for (int i = 0; i < stride * height; i++)
        writable(plane)[i] = value;
}

static void make_grey(struct dw_image *image)
{
    fill(image->u, image->u_stride, (image->height_px + 1) / 2, 128);
    fill(image->v, image->v_stride, (image->height_px + 1) / 2, 128);
}

static const float *draw(struct dw_letterbox *letterbox, const struct dw_image *image)
{
    struct dw_err err;
    assert_int_equal(dw_letterbox_draw(letterbox, image, &err), 0);
    return dw_letterbox_pixels(letterbox);
}

static void grey_goes_through_the_table_exactly(void **state)
{
    (void)state;
    const struct dw_canvas canvas = { .width_px = 16, .height_px = 16 };
    struct dw_model_options options = plain;
    for (int i = 0; i < 3; i++) {
        options.mean[i] = 100.5F + (float)i;
        options.std[i] = 57.25F - (float)i;
    }
    struct dw_image image = image_make(16, 16);
    make_grey(&image);
    for (int i = 0; i < 256; i++)
        writable(image.y)[i] = (uint8_t)i;
    DW_AUTO(letterbox) *letterbox = dw_letterbox_create(&canvas, &options);
    const float *pixels = draw(letterbox, &image);
    for (int i = 0; i < 256; i++)
        for (int channel = 0; channel < 3; channel++) {
            double wanted = (i - (double)options.mean[channel]) / (double)options.std[channel];
            assert_true(fabs((double)pixels[channel * 256 + i] - wanted) < 1e-6);
        }
    image_free(&image);
}

/* Luma only. */
static void fill_noise(struct dw_image *image)
{
    uint32_t seed = 3;
    for (int i = 0; i < image->width_px * image->height_px; i++) {
        seed = seed * 1664525U + 1013904223U;
        writable(image->y)[i] = (uint8_t)(seed >> 24);
    }
}

/* ITU-R BT.601 with luma 16..235 or 0..255. */
static void reference_rgb(const uint8_t yuv[3], bool full_range, double rgb[3])
{
    double scale = full_range ? 1 : 255.0 / 219, chroma = full_range ? 1 : 255.0 / 224;
    double y = (yuv[0] - (full_range ? 0 : 16)) * scale;
    double u = (yuv[1] - 128) * chroma, v = (yuv[2] - 128) * chroma;
    rgb[0] = fmin(fmax(y + 1.402 * v, 0), 255);
    rgb[1] = fmin(fmax(y - 0.344136 * u - 0.714136 * v, 0), 255);
    rgb[2] = fmin(fmax(y + 1.772 * u, 0), 255);
}

static void assert_colour(const uint8_t yuv[3], bool full_range, enum dw_channels channels)
{
    const struct dw_canvas canvas = { .width_px = 8, .height_px = 8 };
    struct dw_model_options options = plain;
    options.channels = channels;
    struct dw_image image = image_make(8, 8);
    image.full_range = full_range;
    fill(image.y, 8, 8, yuv[0]);
    fill(image.u, 4, 4, yuv[1]);
    fill(image.v, 4, 4, yuv[2]);
    DW_AUTO(letterbox) *letterbox = dw_letterbox_create(&canvas, &options);
    const float *pixels = draw(letterbox, &image);
    double rgb[3];
    reference_rgb(yuv, full_range, rgb);
    for (int channel = 0; channel < 3; channel++) {
        double wanted = rgb[channels == DW_CHANNELS_BGR ? 2 - channel : channel];
        double got = (double)pixels[channel * 64 + 27];
        if (fabs(got - wanted) > 2.5)
            fail_msg("yuv %d %d %d channel %d: %g, not %g", yuv[0], yuv[1], yuv[2], channel, got,
                     wanted);
    }
    image_free(&image);
}

static void colours_are_bt601_in_either_range_and_order(void **state)
{
    (void)state;
    PROP(prop, 500)
    {
        const uint8_t yuv[3] = {
            (uint8_t)prop_int(&prop, 16, 235),
            (uint8_t)prop_int(&prop, 16, 240),
            (uint8_t)prop_int(&prop, 16, 240),
        };
        assert_colour(yuv, prop_chance(&prop, 0.5),
                      prop_chance(&prop, 0.5) ? DW_CHANNELS_BGR : DW_CHANNELS_RGB);
    }
}

static void halving_averages_four_pixels(void **state)
{
    (void)state;
    const struct dw_canvas canvas = { .width_px = 32, .height_px = 24 };
    struct dw_image image = image_make(64, 48);
    make_grey(&image);
    fill_noise(&image);
    DW_AUTO(letterbox) *letterbox = dw_letterbox_create(&canvas, &plain);
    const float *pixels = draw(letterbox, &image);
    for (int y = 0; y < 24; y++)
        for (int x = 0; x < 32; x++) {
            const uint8_t *corner = image.y + y * 2 * 64 + x * 2;
            double wanted = (corner[0] + corner[1] + corner[64] + corner[65]) / 4.0;
            assert_true(fabs((double)pixels[y * 32 + x] - wanted) <= 1);
        }
    image_free(&image);
}

/* On a ramp every pixel says where it came from. */
static void assert_ramp(const struct dw_canvas *canvas, enum dw_fit fit, int width, int height)
{
    struct dw_model_options options = plain;
    options.fit = fit;
    struct dw_image image = image_make(width, height);
    make_grey(&image);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            writable(image.y)[y * width + x] = (uint8_t)((2 * x + 1) * 255 / (2 * width));
    DW_AUTO(letterbox) *letterbox = dw_letterbox_create(canvas, &options);
    const float *pixels = draw(letterbox, &image);
    const struct dw_placement *place = dw_letterbox_placement(letterbox);
    double slope = 255.0 / place->width_px, step = 255.0 / width;
    for (int y = 0; y < canvas->height_px; y++)
        for (int x = 0; x < canvas->width_px; x++) {
            bool inside = x >= place->x_px && x < place->x_px + place->width_px &&
                          y >= place->y_px && y < place->y_px + place->height_px;
            double wanted = inside ? (x - place->x_px + 0.5) * slope : 114;
            double got = (double)pixels[y * canvas->width_px + x];
            if (fabs(got - wanted) > (inside ? 2.5 + slope + step / 2 : 0))
                fail_msg("%dx%d on %dx%d at %d,%d: %g, not %g", width, height, canvas->width_px,
                         canvas->height_px, x, y, got, wanted);
        }
    image_free(&image);
}

static void every_pixel_comes_from_where_the_placement_says(void **state)
{
    (void)state;
    PROP(prop, 200)
    {
        const struct dw_canvas canvas = { .width_px = (int)prop_int(&prop, 16, 200),
                                          .height_px = (int)prop_int(&prop, 16, 200) };
        enum dw_fit fit = (enum dw_fit)prop_int(&prop, DW_FIT_CENTER, DW_FIT_STRETCH);
        assert_ramp(&canvas, fit, (int)prop_int(&prop, 17, 400), (int)prop_int(&prop, 17, 400));
    }
}

static void boxes_come_back_to_where_they_were(void **state)
{
    (void)state;
    PROP(prop, 1000)
    {
        const struct dw_canvas canvas = { .width_px = (int)prop_int(&prop, 32, 1280),
                                          .height_px = (int)prop_int(&prop, 32, 1280) };
        int width = (int)prop_int(&prop, 16, 4096), height = (int)prop_int(&prop, 16, 4096);
        enum dw_fit fit = (enum dw_fit)prop_int(&prop, DW_FIT_CENTER, DW_FIT_STRETCH);
        struct dw_placement place = dw_placement_make(&canvas, width, height, fit);
        double x = prop_real(&prop, 0, width - 2), w = prop_real(&prop, 1, width - x);
        double y = prop_real(&prop, 0, height - 2), h = prop_real(&prop, 1, height - y);
        double x_scale = (double)place.width_px / width, y_scale = (double)place.height_px / height;
        struct dw_box back = dw_placement_unmap(&place, (struct dw_box){
                                                            (float)(x * x_scale + place.x_px),
                                                            (float)(y * y_scale + place.y_px),
                                                            (float)(w * x_scale),
                                                            (float)(h * y_scale),
                                                        });
        double tolerance = 1e-3 * (1 + 1 / fmin(x_scale, y_scale));
        prop_assert(&prop, fabs((double)back.x - x) < tolerance);
        prop_assert(&prop, fabs((double)back.y - y) < tolerance);
        prop_assert(&prop, fabs((double)back.w - w) < tolerance);
        prop_assert(&prop, fabs((double)back.h - h) < tolerance);
    }
}

static void the_shape_is_kept_unless_asked_to_stretch(void **state)
{
    (void)state;
    const struct dw_canvas canvas = { .width_px = 416, .height_px = 416 };
    struct dw_placement center = dw_placement_make(&canvas, 768, 576, DW_FIT_CENTER);
    assert_int_equal(center.width_px, 416);
    assert_int_equal(center.height_px, 312);
    assert_int_equal(center.y_px, 52);
    struct dw_placement corner = dw_placement_make(&canvas, 768, 576, DW_FIT_CORNER);
    assert_int_equal(corner.y_px, 0);
    struct dw_placement stretched = dw_placement_make(&canvas, 768, 576, DW_FIT_STRETCH);
    assert_int_equal(stretched.height_px, 416);
    struct dw_placement sliver = dw_placement_make(&canvas, 4096, 1, DW_FIT_CENTER);
    assert_int_equal(sliver.height_px, 1);
}

static void what_lies_on_the_border_is_clipped_to_the_picture(void **state)
{
    (void)state;
    const struct dw_canvas canvas = { .width_px = 416, .height_px = 416 };
    struct dw_placement place = dw_placement_make(&canvas, 768, 576, DW_FIT_CENTER);
    struct dw_box box = dw_placement_unmap(&place, (struct dw_box){ -10, 40, 60, 500 });
    assert_true(box.x >= 0 && box.y >= 0);
    assert_true(fabs((double)box.h - 576) < 1e-3);
    box = dw_placement_unmap(&place, (struct dw_box){ 10, 5, 60, 40 });
    assert_true(box.h <= 0);
}

static void bytes_and_interleaved_pixels_say_the_same(void **state)
{
    (void)state;
    struct dw_image image = image_make(50, 31);
    fill_noise(&image);
    struct dw_canvas canvas = { .width_px = 40, .height_px = 40 };
    DW_AUTO(letterbox) *planar = dw_letterbox_create(&canvas, &plain);
    canvas.interleaved = true;
    DW_AUTO(letterbox) *interleaved = dw_letterbox_create(&canvas, &plain);
    canvas.bytes = true;
    DW_AUTO(letterbox) *bytes = dw_letterbox_create(&canvas, &plain);
    const float *floats = draw(planar, &image), *mixed = draw(interleaved, &image);
    draw(bytes, &image);
    const uint8_t *small = dw_letterbox_pixels(bytes);
    for (int i = 0; i < 1600; i++)
        for (int channel = 0; channel < 3; channel++) {
            assert_int_equal((int)floats[channel * 1600 + i], small[i * 3 + channel]);
            assert_int_equal((int)mixed[i * 3 + channel], small[i * 3 + channel]);
        }
    image_free(&image);
}

static void a_picture_of_another_size_gets_fresh_borders(void **state)
{
    (void)state;
    const struct dw_canvas canvas = { .width_px = 32, .height_px = 32 };
    struct dw_image wide = image_make(64, 32), tall = image_make(32, 64);
    make_grey(&wide);
    make_grey(&tall);
    DW_AUTO(letterbox) *letterbox = dw_letterbox_create(&canvas, &plain);
    assert_int_equal((int)draw(letterbox, &wide)[0], 114);
    const float *pixels = draw(letterbox, &tall);
    assert_int_equal((int)pixels[0], 114);
    assert_int_equal((int)pixels[16], 0);
    image_free(&wide);
    image_free(&tall);
}

static void a_picture_without_pixels_is_refused(void **state)
{
    (void)state;
    const struct dw_canvas canvas = { .width_px = 32, .height_px = 32 };
    DW_AUTO(letterbox) *letterbox = dw_letterbox_create(&canvas, &plain);
    const struct dw_image none = { .width_px = 0, .height_px = 5 };
    struct dw_err err;
    assert_int_equal(dw_letterbox_draw(letterbox, &none, &err), -EINVAL);
    assert_string_equal(err.text, "picture of 0x5: has no pixels to look at");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grey_goes_through_the_table_exactly),
        cmocka_unit_test(colours_are_bt601_in_either_range_and_order),
        cmocka_unit_test(halving_averages_four_pixels),
        cmocka_unit_test(every_pixel_comes_from_where_the_placement_says),
        cmocka_unit_test(boxes_come_back_to_where_they_were),
        cmocka_unit_test(the_shape_is_kept_unless_asked_to_stretch),
        cmocka_unit_test(what_lies_on_the_border_is_clipped_to_the_picture),
        cmocka_unit_test(bytes_and_interleaved_pixels_say_the_same),
        cmocka_unit_test(a_picture_of_another_size_gets_fresh_borders),
        cmocka_unit_test(a_picture_without_pixels_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
