/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random numbers that are the same everywhere for a seed: SplitMix64 (Steele, Lea and Flood 2014).
 * The state is the seed to begin with. Not for secrets.
 */
#ifndef DW_BASE_RANDOM_H
#define DW_BASE_RANDOM_H

#include <stdint.h>

double dw_random(uint64_t *state);      /* 0 <= x < 1 */
double dw_random_bell(uint64_t *state); /* mean 0, standard deviation 1 */

#endif
