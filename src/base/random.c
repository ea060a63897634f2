/* SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"

static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

double dw_random(uint64_t *state)
{
    return (double)(next(state) >> 11) / 9007199254740992.0;
}

/* The sum of twelve evenly spread numbers is bell-shaped enough. */
double dw_random_bell(uint64_t *state)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += dw_random(state);
    return sum;
}
