/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/score_robustness.h"

#include <stdio.h>

#include "base/macros.h"
#include "cmd/sequence.h"

struct column {
    const char *title;
    double fps, drop;
};

static const struct column columns[] = {
    { "full", 0, 0 },    { "15 fps", 15, 0 }, { "10 fps", 10, 0 }, { "5 fps", 5, 0 },
    { "-10 %", 0, 0.1 }, { "-30 %", 0, 0.3 }, { "-50 %", 0, 0.5 },
};

static int measure(struct dw_score *score, const struct dw_settings *settings, const char *folder,
                   const struct dw_damage *damage, struct dw_err *err)
{
    struct dw_sequence sequence = { 0 };
    struct dw_measured measured = { 0 };
    int r = dw_sequence_load(&sequence, folder, &settings->zone, err);
    if (r < 0)
        return r;
    dw_sequence_damage(&sequence, damage);
    dw_sequence_measure(&sequence, settings, &measured);
    struct dw_score_side truth = dw_truth_side(&sequence.truth);
    struct dw_score_side side = dw_measured_side(&measured);
    struct dw_score_extent extent = dw_truth_extent(&sequence.truth);
    *score = dw_score_pair(&truth, &side, &extent, NULL);
    dw_measured_fini(&measured);
    dw_sequence_fini(&sequence);
    return 0;
}

int dw_score_robustness(const struct dw_settings *settings, const char *const *folders,
                        size_t count, uint64_t seed, struct dw_err *err)
{
    struct dw_score pooled[DW_LENGTH(columns)] = { 0 };
    printf("%-22s", "F1");
    for (size_t c = 0; c < DW_LENGTH(columns); c++)
        printf(" %7s", columns[c].title);
    for (size_t i = 0; i < count; i++) {
        printf("\n%-22.22s", dw_sequence_name(folders[i]).text);
        for (size_t c = 0; c < DW_LENGTH(columns); c++) {
            struct dw_score score = { 0 };
            struct dw_damage damage = { columns[c].fps, columns[c].drop, seed };
            int r = measure(&score, settings, folders[i], &damage, err);
            if (r < 0)
                return r;
            printf(" %7.3f", dw_score_f1(&score));
            fflush(stdout);
            dw_score_add(&pooled[c], &score);
        }
    }
    printf("\n%-22s", "pooled");
    for (size_t c = 0; c < DW_LENGTH(columns); c++)
        printf(" %7.3f", dw_score_f1(&pooled[c]));
    puts("");
    return 0;
}
