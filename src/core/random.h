/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random numbers that are the same again for the same seed: for resampling and for simulated
 * visits. (From machine to machine, the last digits of logarithm and cosine may differ.) Not for
 * secrets. The state is one number that the caller keeps, at first the seed; one thread at a time
 * per state.
 */
#ifndef DW_CORE_RANDOM_H
#define DW_CORE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* splitmix64 (Steele, Lea and Flood 2014). */
uint64_t dw_random_bits(uint64_t *state);

/* Evenly spread over 0..1, both ends left out. */
double dw_random_unit(uint64_t *state);

/* 0 <= result < count; count > 0. */
size_t dw_random_below(uint64_t *state, size_t count);

/* Mean 0, standard deviation 1 (Box and Muller 1958). */
double dw_random_normal(uint64_t *state);

/* Mean 1: the wait for the next of events that know nothing of each other. */
double dw_random_exponential(uint64_t *state);

/* Log-normal with mean 1; `spread` is the standard deviation of its logarithm. */
double dw_random_factor(uint64_t *state, double spread);

#endif
