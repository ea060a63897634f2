/* SPDX-License-Identifier: Apache-2.0 */
#include "core/classify.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/macros.h"

#define STEPS_MOST 60
#define HALVINGS_MOST 30

/* That a score of 0 is even odds counts like so many rows: chosen on the pictures of docs/staff.md.
 */
#define EVEN_WORTH 40
#define ENOUGH 1e-7 /* length of the gradient, as a share of that at the start */

/* What a fit works with: vectors of size + 1, but for `curves`, one for each row. */
struct fit {
    const struct dw_classify_set *set;
    double penalty;
    double *curves; /* weight * chance * (1 - chance) */
    double *gradient, *step, *rest, *way, *image, *tried;
    double *block;
};

double dw_classify_score(const double *weights, const float *row, size_t size)
{
    double score = weights[size];
    for (size_t i = 0; i < size; i++)
        score += weights[i] * (double)row[i];
    return score;
}

double dw_classify_chance(double log_odds)
{
    return 1 / (1 + exp(-log_odds));
}

static double dot(const double *a, const double *b, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

static void add_times(double *to, double factor, const double *what, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] += factor * what[i];
}

static void add_row(double *to, double factor, const float *row, size_t size)
{
    for (size_t i = 0; i < size; i++)
        to[i] += factor * (double)row[i];
    to[size] += factor;
}

/* ln(1 + exp(-score)) for a target of 1, ln(1 + exp(score)) for 0, between them in between. */
static double loss_of(double score, double target)
{
    return fmax(score, 0) + log1p(exp(-fabs(score))) - target * score;
}

static double cost_of(const struct fit *fit, const double *weights)
{
    const struct dw_classify_set *set = fit->set;
    double cost = fit->penalty / 2 * dot(weights, weights, set->size);
    for (size_t i = 0; i < set->count; i++)
        cost += set->weights[i] *
                loss_of(dw_classify_score(weights, set->rows + i * set->size, set->size),
                        set->targets[i]);
    return cost;
}

static void differentiate(struct fit *fit, const double *weights)
{
    const struct dw_classify_set *set = fit->set;
    for (size_t i = 0; i < set->size; i++)
        fit->gradient[i] = fit->penalty * weights[i];
    fit->gradient[set->size] = 0;
    for (size_t i = 0; i < set->count; i++) {
        const float *row = set->rows + i * set->size;
        double chance = dw_classify_chance(dw_classify_score(weights, row, set->size));
        fit->curves[i] = set->weights[i] * chance * (1 - chance);
        add_row(fit->gradient, set->weights[i] * (chance - set->targets[i]), row, set->size);
    }
}

/* image = Hessian * way. The weight without a number is not punished: a trace keeps it solvable. */
static void bend(struct fit *fit)
{
    const struct dw_classify_set *set = fit->set;
    for (size_t i = 0; i < set->size; i++)
        fit->image[i] = fit->penalty * fit->way[i];
    fit->image[set->size] = 1e-9 * fit->way[set->size];
    for (size_t i = 0; i < set->count; i++) {
        const float *row = set->rows + i * set->size;
        double along = dw_classify_score(fit->way, row, set->size);
        add_row(fit->image, fit->curves[i] * along, row, set->size);
    }
}

/* step = -(Hessian)^-1 * gradient, nearly: the better, the nearer the end. */
static void find_step(struct fit *fit, double length)
{
    size_t count = fit->set->size + 1;
    double enough = fmin(0.1, sqrt(length)) * length, squares = length * length;
    for (size_t i = 0; i < count; i++) {
        fit->step[i] = 0;
        fit->way[i] = fit->rest[i] = -fit->gradient[i];
    }
    for (size_t round = 0; round < count && sqrt(squares) > enough; round++) {
        bend(fit);
        double curve = dot(fit->way, fit->image, count);
        if (!(curve > 0))
            break;
        double far = squares / curve, before = squares;
        add_times(fit->step, far, fit->way, count);
        add_times(fit->rest, -far, fit->image, count);
        squares = dot(fit->rest, fit->rest, count);
        for (size_t i = 0; i < count; i++)
            fit->way[i] = fit->rest[i] + squares / before * fit->way[i];
    }
}

/* Whether the step, or a half of a half ... of it, made the cost less. */
static bool take_step(struct fit *fit, double *weights, double *cost)
{
    size_t count = fit->set->size + 1;
    double slope = dot(fit->gradient, fit->step, count), far = 1;
    for (int i = 0; i < HALVINGS_MOST; i++) {
        memcpy(fit->tried, weights, count * sizeof(*weights));
        add_times(fit->tried, far, fit->step, count);
        double tried = cost_of(fit, fit->tried);
        if (tried <= *cost + 1e-4 * far * slope) {
            memcpy(weights, fit->tried, count * sizeof(*weights));
            *cost = tried;
            return true;
        }
        far /= 2;
    }
    return false;
}

void dw_classify_fit(const struct dw_classify_set *set, double penalty, double *weights)
{
    size_t count = set->size + 1;
    struct fit fit = { .set = set, .penalty = penalty };
    double **vectors[] = { &fit.gradient, &fit.step, &fit.rest, &fit.way, &fit.image, &fit.tried };
    fit.block = dw_alloc_array0(DW_LENGTH(vectors) * count + set->count, sizeof(*fit.block));
    for (size_t i = 0; i < DW_LENGTH(vectors); i++)
        *vectors[i] = fit.block + i * count;
    fit.curves = fit.block + DW_LENGTH(vectors) * count;

    memset(weights, 0, count * sizeof(*weights));
    double cost = cost_of(&fit, weights), first = 0;
    for (int i = 0; i < STEPS_MOST; i++) {
        differentiate(&fit, weights);
        double length = sqrt(dot(fit.gradient, fit.gradient, count));
        first = i == 0 ? length : first;
        if (length <= ENOUGH * first)
            break;
        find_step(&fit, length);
        if (!take_step(&fit, weights, &cost))
            break;
    }
    free(fit.block);
}

struct dw_platt dw_platt_fit(const double *scores, const double *targets, size_t count)
{
    double of_kind[2] = { 0 }, fitted[2], spread = 0;
    for (size_t i = 0; i < count; i++) {
        of_kind[targets[i] > 0.5]++;
        spread += scores[i] * scores[i] / (double)count;
    }
    double unit = spread > 0 ? sqrt(spread) : 1;
    size_t all = count + 1;
    float *rows = dw_alloc_array0(all, sizeof(*rows));
    double *block = dw_alloc_array0(2 * all, sizeof(*block));
    for (size_t i = 0; i < count; i++) {
        bool kind = targets[i] > 0.5;
        double drawn_in = (of_kind[kind] + 1) / (of_kind[kind] + 2);
        rows[i] = (float)(scores[i] / unit);
        block[i] = kind ? drawn_in : 1 - drawn_in;
        block[all + i] = (double)count / 2 / of_kind[kind];
    }
    block[count] = 0.5;
    block[all + count] = EVEN_WORTH;
    struct dw_classify_set set = { rows, block, block + all, all, 1 };
    dw_classify_fit(&set, 1e-3, fitted);
    free(rows);
    free(block);
    return (struct dw_platt){ fitted[0] / unit, fitted[1] };
}
