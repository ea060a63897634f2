/* SPDX-License-Identifier: Apache-2.0 */
#include "core/random.h"

#include <math.h>

uint64_t dw_random_bits(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

double dw_random_unit(uint64_t *state)
{
    return ((double)(dw_random_bits(state) >> 11) + 0.5) * 0x1p-53;
}

size_t dw_random_below(uint64_t *state, size_t count)
{
    return (size_t)(dw_random_unit(state) * (double)count);
}

double dw_random_normal(uint64_t *state)
{
    double radius = sqrt(-2 * log(dw_random_unit(state)));
    return radius * cos(2 * M_PI * dw_random_unit(state));
}

double dw_random_exponential(uint64_t *state)
{
    return -log(dw_random_unit(state));
}

double dw_random_factor(uint64_t *state, double spread)
{
    return exp(spread * dw_random_normal(state) - spread * spread / 2);
}
