/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Property tests: a property is tried on many random cases, each made from a seed of its own.
 *
 *     PROP(prop, 1000) {
 *         double x = prop_real(&prop, 0, 1);
 *         prop_assert(&prop, sqrt(x) >= x);
 *     }
 *
 * A failure prints the seed of its case; DW_SEED=<that> then runs this one case alone.
 */
#ifndef TESTS_LIB_PROP_H
#define TESTS_LIB_PROP_H

#include <stdbool.h>
#include <stdint.h>

struct prop {
    uint64_t state, seed; /* seed: of the case going on */
    int at, count;
};

#define PROP(prop, cases) for (struct prop prop = prop_begin(cases); prop_next_case(&prop);)

#define prop_assert(prop, truth) prop_check((prop), (truth), #truth, __FILE__, __LINE__)

struct prop prop_begin(int count);
bool prop_next_case(struct prop *prop);
void prop_check(const struct prop *prop, bool truth, const char *text, const char *file, int line);

uint64_t prop_bits(struct prop *prop);
int64_t prop_int(struct prop *prop, int64_t least, int64_t most); /* both included */
double prop_real(struct prop *prop, double least, double most);
bool prop_chance(struct prop *prop, double share);

#endif
