/* SPDX-License-Identifier: Apache-2.0 */
#include "core/staff.h"

#include <math.h>
#include <stdlib.h>

#include "base/macros.h"

#define ODDS_ALIKE 0.5 /* correlation of what a classifier says of views of one person */

void dw_staff_views_put(struct dw_staff_views *views, const float *row, size_t size)
{
    if (views->size != 0 && views->size != size)
        return;
    int half = views->count[0] > views->count[1];
    views->size = (uint16_t)size;
    views->count[half]++;
    for (size_t i = 0; i < size; i++)
        views->sum[half][i] += row[i];
}

void dw_staff_views_add(struct dw_staff_views *views, const struct dw_look *look)
{
    float roots[DW_LOOK_MAX];
    double total = 0;
    if (!(look->weight > 0))
        return;
    for (size_t i = 0; i < look->size; i++)
        total += abs(look->values[i]);
    for (size_t i = 0; i < look->size; i++) {
        double root = sqrt(abs(look->values[i]) / fmax(total, 1));
        roots[i] = (float)(look->values[i] < 0 ? -root : root);
    }
    dw_staff_views_put(views, roots, look->size);
}

bool dw_staff_views_mean(const struct dw_staff_views *views, float *mean)
{
    float count = (float)views->count[0] + (float)views->count[1];
    for (size_t i = 0; i < views->size; i++)
        mean[i] = (views->sum[0][i] + views->sum[1][i]) / count;
    return count > 0;
}

void dw_staff_usual_add(struct dw_staff_usual *usual, const struct dw_staff_views *views)
{
    float mean[DW_LOOK_MAX];
    if (!dw_staff_views_mean(views, mean))
        return;
    usual->tracks++;
    for (size_t i = 0; i < views->size; i++)
        usual->mean[i] += ((double)mean[i] - usual->mean[i]) / usual->tracks;
}

/* What n views are worth that repeat each other with this correlation. */
static double worth_of(double count, double alike)
{
    return count / (1 + (count - 1) * alike);
}

double dw_staff_odds_chance(const struct dw_staff_odds *odds)
{
    if (odds->views == 0)
        return (double)NAN;
    return dw_classify_chance(odds->sum / odds->views * worth_of(odds->views, ODDS_ALIKE));
}

void dw_staff_spread_add(struct dw_staff_spread *spread, double chance)
{
    if (!isnan(chance))
        spread->people[DW_MIN((int)(chance * DW_STAFF_BINS), DW_STAFF_BINS - 1)]++;
}

double dw_staff_chance(const struct dw_staff_model *model, const struct dw_staff_usual *usual,
                       const struct dw_staff_views *views)
{
    float mean[DW_LOOK_MAX];
    if (views->size != model->size || !dw_staff_views_mean(views, mean))
        return (double)NAN;
    for (size_t i = 0; i < model->size; i++)
        mean[i] -= (float)usual->mean[i];
    double count = (double)views->count[0] + views->count[1];
    double evidence =
        worth_of(count, model->alike) * dw_classify_score(model->weights, mean, model->size);
    return dw_classify_chance(model->platt.slope * evidence + model->platt.offset);
}

struct dw_staff_verdict dw_staff_verdict(double staff, double sure)
{
    if (staff >= sure)
        return (struct dw_staff_verdict){ DW_ROLE_STAFF, fmin(staff, DW_STAFF_P_FOUND_MOST) };
    if (1 - staff >= sure)
        return (struct dw_staff_verdict){ DW_ROLE_SHOPPER, fmin(1 - staff, DW_STAFF_P_FOUND_MOST) };
    return (struct dw_staff_verdict){ DW_ROLE_UNKNOWN, 0 };
}

struct dw_staff_verdict dw_staff_judge(const struct dw_staff_model *model,
                                       const struct dw_staff_usual *usual,
                                       const struct dw_staff_views *views, double sure)
{
    return dw_staff_verdict(dw_staff_chance(model, usual, views), sure);
}
