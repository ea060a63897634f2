/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether more people came: the ratio of two rates of counts, from days that differ more from each
 * other than chance arrivals would (weather, holidays). A day is the unit: people of one day share
 * its weather, so an hour more of the same day is no new witness. Pure; the caller brings arrays.
 */
#ifndef DW_CORE_RATE_H
#define DW_CORE_RATE_H

#include "core/contrast.h"

/*
 * `exposure`: how long was measured, or better how many people would have been expected in what was
 * measured (dw_rate_standardise()); any unit, the same for all days. 0: not measured.
 */
struct dw_rate_day {
    int side, stratum;
    double count, exposure;
};

enum dw_rate_model {
    DW_RATE_QUASI_POISSON,     /* variance = dispersion * mean */
    DW_RATE_NEGATIVE_BINOMIAL, /* variance = mean + dispersion * mean^2 */
};

/*
 * log mean = level(stratum) + effect * side + log exposure, by iteratively reweighted least squares
 * (McCullagh and Nelder 1989, 2.5). The dispersion is the one for which Pearson's statistic sum
 * (count - mean)^2 / variance equals df = days - strata - 1 (Wedderburn 1974 for quasi-Poisson;
 * Breslow 1984 for the negative binomial variance). Where days are more alike than that, the
 * negative binomial's is 0 and both variances shrink with Pearson / df (dw_dispersion_least()). The
 * effect is the LOG of the ratio; t with df gives interval and p.
 */
struct dw_effect dw_rate_log_ratio(const struct dw_rate_day *days, size_t count,
                                   enum dw_rate_model model);

/* Counted in one hour (or any slot) of one day. */
struct dw_rate_cell {
    size_t day; /* index */
    int slot;   /* hour of the week or of the day, 0 .. DW_STRATA_MAX - 1 */
    double count, exposure;
};

/*
 * Takes the effect of unequal coverage out. A day on which the camera missed a quiet hour lost less
 * than one on which it missed the busiest. Writes to each day the sum of its counts, and as
 * exposure how many would have been expected in the measured part of it: sum over cells of
 * profile(slot) * exposure, where the profile is that of both sides together, allowing for their
 * ratio (Poisson maximum likelihood, profile(slot) = counts / sum of exposure * exp(effect *
 * side), effect from the conditional likelihood). Exposures are in people, up to a factor common
 * to all days. A slot measured on one side only is left out: what would be expected there could be
 * learned from that side alone. `days` brings the sides and strata.
 */
void dw_rate_standardise(struct dw_rate_day *days, size_t day_count,
                         const struct dw_rate_cell *cells, size_t cell_count);

#endif
