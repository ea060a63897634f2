/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_stats [STORES [FIRST [DESIGN [rivals]]]]: how often the intervals of comparisons hold the
 * truth over simulated shops, number FIRST and on; of those designs whose name holds DESIGN. Exit
 * code 1 when coverage leaves 93-97 % or false positives leave 4-6 % by more than the chance of so
 * many shops allows (two standard errors). A fourth argument, "rivals", tries tests of dwell that
 * the product does not use on the same shops.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/prove.h"

static const struct prove_design designs[] = {
    { "alternating, 28 days", 28, true, false, 600, .15, .3, 1 },
    { "alternating, 14 days", 14, true, false, 600, .15, .3, 1 },
    { "14 against 14 days", 28, false, false, 600, .15, .3, 1 },
    { "28 against 28 days", 56, false, false, 600, .15, .3, 1 },
    { "small shop, 28 days", 28, true, false, 80, .15, .3, 1 },
    { "restless, 56 days", 56, true, false, 600, .3, 1, 1 },
    { "calm, 28 days", 28, true, false, 600, 0, .3, 1 },
    { "mornings only, 28 days", 28, true, false, 600, .15, .3, 1.4 },
};

static const char *const names[PROVE_FIGURES] = { "footfall ratio", "stop-rate difference",
                                                  "median dwell", "dwell, ranks of days" };

static double error_of(double share, double count)
{
    return count > 0 ? sqrt(share * (1 - share) / count) : 0;
}

/* Outside, beyond what chance explains. */
static bool outside(double share, double low, double high, double expected, long count)
{
    double slack = 2 * error_of(expected, (double)count);
    return share < low - slack || share > high + slack;
}

static bool show(const char *design, const char *figure, const struct prove_tally *none,
                 const struct prove_tally *some)
{
    double known = (double)none->known, of = (double)some->known;
    double alarms = (double)none->found / known, held = (double)some->held / of;
    bool ranks = some->held == 0; /* no interval; few days can be ranked in few ways: too careful */
    bool bad = outside(alarms, ranks ? 0 : .04, .06, .05, none->known);
    printf("%-22s %-21s ", design, figure);
    if (!ranks) {
        bad |= outside(held, .93, .97, .95, some->known);
        printf("%6.1f +-%.1f", 100 * held, 100 * error_of(held, of));
    } else {
        printf("%12s", "");
    }
    printf("  %6.1f +-%.1f  %6.1f   %6.1f%s\n", 100 * alarms, 100 * error_of(alarms, known),
           100 * (double)some->right / of, 100 * of / (double)some->stores, bad ? "   MISSED" : "");
    fflush(stdout);
    return !bad;
}

/* Tests that take every visit for a witness, or know nothing of weekdays, beside the product's. */
static void show_rivals(const struct prove_design *design, long first, long stores)
{
    static const char *const rivals[PROVE_RIVALS] = { "log-rank, visits", "ranks, visits",
                                                      "bootstrap, days" };
    struct prove_tally none[PROVE_RIVALS] = { 0 }, some[PROVE_RIVALS] = { 0 };
    prove_rivals(design, false, first, stores, none);
    prove_rivals(design, true, first + stores, stores, some);
    for (size_t i = 0; i < PROVE_RIVALS; i++) {
        double alarms = (double)none[i].found / (double)none[i].known;
        printf("%-22s %-21s %12s  %6.1f +-%.1f  %6.1f\n", design->name, rivals[i], "", 100 * alarms,
               100 * error_of(alarms, (double)none[i].known),
               100 * (double)some[i].found / (double)some[i].known);
    }
    fflush(stdout);
}

int main(int argc, char **argv)
{
    long stores = argc > 1 ? strtol(argv[1], NULL, 10) : 1000;
    long first = argc > 2 ? strtol(argv[2], NULL, 10) : 1;
    bool good = stores > 0;
    printf("%ld simulated shops a row; effect %.2f times; +- is the standard error of the "
           "simulation\n\n%-22s %-21s %12s  %12s  %6s   %6s\n",
           stores, PROVE_EFFECT, "design", "figure", "coverage %", "false pos. %", "power",
           "known");
    for (size_t i = 0; i < DW_LENGTH(designs); i++) {
        if (argc > 3 && strstr(designs[i].name, argv[3]) == NULL)
            continue;
        struct prove_tally none[PROVE_FIGURES] = { 0 }, some[PROVE_FIGURES] = { 0 };
        prove(&designs[i], false, first, stores, none);
        prove(&designs[i], true, first + stores, stores, some);
        for (size_t k = 0; k < PROVE_FIGURES; k++)
            good &= show(designs[i].name, names[k], &none[k], &some[k]);
        if (argc > 4)
            show_rivals(&designs[i], first, stores);
    }
    puts("\nwanted: coverage 93-97, false positives 4-6");
    return good ? 0 : 1;
}
