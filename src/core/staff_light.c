/* SPDX-License-Identifier: Apache-2.0 */
#include "core/staff_light.h"

#include <math.h>

#include "base/macros.h"

#define PLACES 256 /* in a bin */

/* Within what docs/staff.md judges by, which is further away. */
static const struct {
    double gamma, red, blue;
} lights[DW_STAFF_LIGHTS] = {
    { 0.75, 1, 1 },
    { 1.33, 1, 1 },
    { 1, 1.1, 0.9 },
    { 1, 0.9, 1.1 },
};

static double clip(double value)
{
    return fmin(fmax(value, 0), 1);
}

/* A colour in the other light: brightness 0..1 and the differences to blue and red, by BT.601. */
static void shine(size_t number, double colour[3])
{
    double luma = colour[0], gamma = lights[number].gamma;
    double red = luma + 1.402 * colour[2], blue = luma + 1.772 * colour[1];
    double green = luma - 0.714 * colour[2] - 0.344 * colour[1];
    red = pow(clip(red * lights[number].red), gamma);
    green = pow(clip(green), gamma);
    blue = pow(clip(blue * lights[number].blue), gamma);
    colour[0] = 0.299 * red + 0.587 * green + 0.114 * blue;
    colour[1] = (blue - colour[0]) / 1.772;
    colour[2] = (red - colour[0]) / 1.402;
}

static uint16_t place_of(double share, int bins)
{
    return (uint16_t)lrint(clip(share) * (bins - 1) * PLACES);
}

static double tint_of(size_t bin)
{
    return DW_LOOK_REACH * (2.0 * (double)bin / (DW_LOOK_TINTS - 1) - 1);
}

static uint16_t tint_place(double tint)
{
    return place_of((tint / DW_LOOK_REACH + 1) / 2, DW_LOOK_TINTS);
}

void dw_staff_light_init(struct dw_staff_light *light, size_t number)
{
    for (size_t shade = 0; shade < DW_LOOK_SHADES; shade++) {
        double luma = (double)shade / (DW_LOOK_SHADES - 1), grey[3] = { luma, 0, 0 };
        shine(number, grey);
        light->shades[shade] = place_of(grey[0], DW_LOOK_SHADES);
        for (size_t i = 0; i < DW_LENGTH(light->tints); i++) {
            double colour[3] = { luma, tint_of(i / DW_LOOK_TINTS), tint_of(i % DW_LOOK_TINTS) };
            shine(number, colour);
            for (int axis = 0; axis < 2; axis++)
                light->tints[i][shade][axis] = tint_place(colour[1 + axis]);
        }
    }
}

/* What lies between two bins is shared by both. */
static void put(float *bins, uint16_t place, float amount)
{
    float share = (float)(place % PLACES) / PLACES;
    bins[place / PLACES] += amount * (1 - share);
    if (share > 0)
        bins[place / PLACES + 1] += amount * share;
}

static void put_tint(float *bins, const uint16_t place[2], float amount)
{
    float share = (float)(place[0] % PLACES) / PLACES;
    float *line = bins + (ptrdiff_t)(place[0] / PLACES) * DW_LOOK_TINTS;
    put(line, place[1], amount * (1 - share));
    if (share > 0)
        put(line + DW_LOOK_TINTS, place[1], amount * share);
}

/* Whoever is as bright as what is behind them has no brightness of their own: a middle one then. */
static void shine_stripe(const struct dw_staff_light *light, const float *from, float *to)
{
    enum { TINTS = DW_LOOK_TINTS * DW_LOOK_TINTS };
    const float *shades = from + TINTS;
    float all = 0;
    for (size_t i = 0; i < DW_LOOK_SHADES; i++) {
        all += shades[i];
        put(to + TINTS, light->shades[i], shades[i]);
    }
    for (size_t i = 0; i < TINTS; i++) {
        if (!(all > 0))
            put_tint(to, light->tints[i][DW_LOOK_SHADES / 2], from[i]);
        for (size_t shade = 0; shade < DW_LOOK_SHADES && from[i] > 0; shade++)
            if (shades[shade] > 0)
                put_tint(to, light->tints[i][shade], from[i] * shades[shade] / all);
    }
}

void dw_staff_light_shine(const struct dw_staff_light *light, float *row)
{
    float shares[DW_LOOK_COLOURS], lit[DW_LOOK_COLOURS] = { 0 };
    for (size_t i = 0; i < DW_LOOK_COLOURS; i++)
        shares[i] = row[i] * row[i];
    for (size_t i = 0; i < DW_LOOK_STRIPES; i++)
        shine_stripe(light, shares + i * DW_LOOK_STRIPE, lit + i * DW_LOOK_STRIPE);
    for (size_t i = 0; i < DW_LOOK_COLOURS; i++)
        row[i] = sqrtf(lit[i]);
}
