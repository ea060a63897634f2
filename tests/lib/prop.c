/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/prop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* SplitMix64 (Steele, Lea and Flood 2014). */
static uint64_t mixed(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t prop_bits(struct prop *prop)
{
    prop->state += UINT64_C(0x9e3779b97f4a7c15);
    return mixed(prop->state);
}

struct prop prop_begin(int count)
{
    return (struct prop){ .count = getenv("DW_SEED") != NULL ? 1 : count };
}

bool prop_next_case(struct prop *prop)
{
    if (prop->at == prop->count)
        return false;
    const char *given = getenv("DW_SEED");
    prop->seed = given != NULL ? strtoull(given, NULL, 0) : mixed((uint64_t)prop->at + 1);
    prop->state = prop->seed;
    prop->at++;
    return true;
}

void prop_check(const struct prop *prop, bool truth, const char *text, const char *file, int line)
{
    if (truth)
        return;
    print_error("%s\nfails in case %d of %d; again: DW_SEED=%llu\n", text, prop->at, prop->count,
                (unsigned long long)prop->seed);
    _fail(file, line);
}

int64_t prop_int(struct prop *prop, int64_t least, int64_t most)
{
    return least + (int64_t)(prop_bits(prop) % ((uint64_t)(most - least) + 1));
}

double prop_real(struct prop *prop, double least, double most)
{
    return least + (most - least) * ((double)(prop_bits(prop) >> 11) / 9007199254740992.0);
}

bool prop_chance(struct prop *prop, double share)
{
    return prop_real(prop, 0, 1) < share;
}
