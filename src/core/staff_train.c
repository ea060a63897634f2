/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "core/distribution.h"
#include "core/staff.h"
#include "core/staff_light.h"

#define FOLDS 5

/* Of the weights, for looks whose mean square is 1: chosen on the pictures of docs/staff.md. */
#define PENALTY 0.3

/* Of a view as filmed against one in another light: all of those together weigh as much. */
#define FILMED_WORTH DW_STAFF_LIGHTS

/* Of what a model says against the colours before it, by the same pictures. */
#define MODEL_WORTH 0.7

/* Two kinds are told apart when the area under the curve is surely above this. */
#define AREA_LEAST 0.6

/* What is expected of a model that chooses itself how sure a role must be: shares of people. */
#define SHOPPERS_LOST_MOST 0.02
#define STAFF_MISSED_MOST 0.05
#define SURE_LEAST 0.5
#define SURE_MOST 0.99

/* A labelled track. */
struct sample {
    const struct dw_staff_track *track;
    int fold;
    size_t rank;     /* in time among its kind */
    double half[2];  /* cross-validated scores of the two halves of its views */
    double evidence; /* ... of all */
};

struct training {
    struct dw_staff_model *model;
    const struct dw_staff_track *tracks; /* all */
    size_t track_count, cameras;
    double *chances;        /* of all, or NULL */
    struct sample *samples; /* in order of time */
    size_t count, size;
    float *rows;   /* of the samples: mean view less the camera's mean, scaled; then the same ... */
    size_t lights; /* ... in so many lights, the first as filmed */
    struct dw_staff_usual *usuals; /* of each camera */
    double scales[2];              /* of colours, and of what a model says behind them */
    /* Of one fit. */
    float *chosen;
    double *targets, *weights;
};

static double scale_of(const struct training *training, size_t number)
{
    return training->scales[number >= DW_LOOK_COLOURS];
}

static float *row_of(const struct training *training, size_t light, size_t sample)
{
    return training->rows + (light * training->count + sample) * training->size;
}

static bool is_staff(const struct sample *sample)
{
    return sample->track->label == DW_ROLE_STAFF;
}

static int by_start(const void *a, const void *b)
{
    const struct dw_staff_track *x = ((const struct sample *)a)->track;
    const struct dw_staff_track *y = ((const struct sample *)b)->track;
    if (x->start_us != y->start_us)
        return x->start_us < y->start_us ? -1 : 1;
    return (x > y) - (x < y);
}

static int fold_of_person(const struct training *training, size_t at)
{
    const struct sample *samples = training->samples;
    for (size_t i = 0; i < at && samples[at].track->person > 0; i++)
        if (samples[i].track->person == samples[at].track->person)
            return samples[i].fold;
    return samples[at].fold;
}

/* Whether both kinds are left to learn from, whichever fold is judged. */
static bool folds_work(const struct training *training)
{
    bool used[2][FOLDS] = { { false } };
    int folds[2] = { 0 };
    for (size_t i = 0; i < training->count; i++)
        used[is_staff(&training->samples[i])][training->samples[i].fold] = true;
    for (int fold = 0; fold < FOLDS; fold++)
        for (int kind = 0; kind < 2; kind++)
            folds[kind] += used[kind][fold];
    return folds[0] >= 2 && folds[1] >= 2;
}

static void fold_by_time(struct training *training)
{
    const struct dw_staff_figures *figures = &training->model->figures;
    for (size_t i = 0; i < training->count; i++) {
        struct sample *sample = &training->samples[i];
        size_t of_kind = is_staff(sample) ? figures->staff : figures->shoppers;
        sample->fold = (int)(sample->rank * FOLDS / of_kind);
    }
}

/* Staff come again and again; whoever is no staff is somebody else each time, unless named. */
static bool staff_are_named(const struct training *training)
{
    for (size_t i = 0; i < training->count; i++)
        if (is_staff(&training->samples[i]) && training->samples[i].track->person <= 0)
            return false;
    return true;
}

static void fold(struct training *training)
{
    fold_by_time(training);
    for (size_t i = 0; i < training->count; i++)
        training->samples[i].fold = fold_of_person(training, i);
    bool works = folds_work(training);
    if (!works)
        fold_by_time(training);
    training->model->figures.by_person = works && staff_are_named(training);
}

/* Learns from all samples but those of `but`, every `step`-th of each kind. */
static void learn(struct training *training, int but, size_t step, double *weights)
{
    size_t count = 0, size = training->size;
    double of_kind[2] = { 0 };
    for (size_t i = 0; i < training->count; i++) {
        const struct sample *sample = &training->samples[i];
        if (sample->fold == but || sample->rank % step != 0)
            continue;
        for (size_t light = 0; light < training->lights; light++) {
            memcpy(training->chosen + count * size, row_of(training, light, i),
                   size * sizeof(*training->rows));
            training->weights[count] = light == 0 ? FILMED_WORTH : 1;
            of_kind[is_staff(sample)] += training->weights[count];
            training->targets[count++] = is_staff(sample);
        }
    }
    for (size_t i = 0; i < count; i++)
        training->weights[i] *= 0.5 / of_kind[training->targets[i] > 0.5];
    struct dw_classify_set set = { training->chosen, training->targets, training->weights, count,
                                   size };
    dw_classify_fit(&set, PENALTY, weights);
}

static double score_half(const struct training *training, const struct sample *sample, int half,
                         const double *weights)
{
    const struct dw_staff_views *views = &sample->track->views;
    const struct dw_staff_usual *usual = &training->usuals[sample->track->camera];
    double score = weights[training->size];
    for (size_t i = 0; i < training->size && views->count[half] > 0; i++) {
        double mean = (double)views->sum[half][i] / views->count[half];
        score += weights[i] * (mean - usual->mean[i]) * scale_of(training, i);
    }
    return score;
}

static double views_of(const struct sample *sample)
{
    return (double)sample->track->views.count[0] + sample->track->views.count[1];
}

/* Score of all views. */
static double whole(const struct sample *sample)
{
    const uint32_t *count = sample->track->views.count;
    return (sample->half[0] * count[0] + sample->half[1] * count[1]) / views_of(sample);
}

/* The share of samples that are on the right side, each kind counting the same. */
static double cross_validate(struct training *training, size_t step)
{
    double weights[DW_LOOK_MAX + 1];
    for (int but = 0; but < FOLDS; but++) {
        learn(training, but, step, weights);
        for (size_t i = 0; i < training->count; i++) {
            struct sample *sample = &training->samples[i];
            for (int half = 0; half < 2 && sample->fold == but; half++)
                sample->half[half] = score_half(training, sample, half, weights);
        }
    }
    double right = 0;
    for (size_t i = 0; i < training->count; i++) {
        const struct sample *sample = &training->samples[i];
        double of_kind = (double)(is_staff(sample) ? training->model->figures.staff
                                                   : training->model->figures.shoppers);
        right += ((whole(sample) > 0) == is_staff(sample)) / of_kind / 2;
    }
    return right;
}

/*
 * How much of what separates two views' scores is the person: the variance between persons over
 * that of single views, within kinds; by differences of halves, whose variance is that of a view
 * times 1/n + 1/m.
 */
static double likeness(const struct training *training)
{
    double within = 0, pairs = 0, mean[2] = { 0 }, of_kind[2] = { 0 }, between = 0, shrunk = 0;
    for (size_t i = 0; i < training->count; i++) {
        const struct sample *sample = &training->samples[i];
        const uint32_t *count = sample->track->views.count;
        mean[is_staff(sample)] += whole(sample);
        of_kind[is_staff(sample)]++;
        shrunk += 1 / views_of(sample);
        if (count[1] == 0)
            continue;
        within += pow(sample->half[0] - sample->half[1], 2) / (1.0 / count[0] + 1.0 / count[1]);
        pairs++;
    }
    for (size_t i = 0; i < training->count; i++) {
        bool kind = is_staff(&training->samples[i]);
        between += pow(whole(&training->samples[i]) - mean[kind] / of_kind[kind], 2);
    }
    if (pairs == 0)
        return 1;
    within /= pairs;
    between = fmax(between - within * shrunk, 0) / (double)training->count;
    return between > 0 ? between / (between + within) : 0;
}

/* Persons of a kind: several tracks of one say no more about others than one does. */
static double persons_of(const struct training *training, bool staff)
{
    double persons = 0;
    for (size_t i = 0; i < training->count; i++) {
        const struct sample *sample = &training->samples[i];
        bool known = false;
        for (size_t j = 0; j < i && sample->track->person > 0; j++)
            known |= is_staff(&training->samples[j]) == staff &&
                     training->samples[j].track->person == sample->track->person;
        persons += is_staff(sample) == staff && !known;
    }
    return persons;
}

static double wins_of(const struct training *training, const struct sample *staff)
{
    double wins = 0;
    for (size_t i = 0; i < training->count; i++) {
        const struct sample *other = &training->samples[i];
        if (!is_staff(other))
            wins +=
                (staff->evidence > other->evidence) + (staff->evidence == other->evidence) / 2.0;
    }
    return wins;
}

/* Area under the curve by counting pairs; its error by Hanley and McNeil (1982), for persons. */
static void measure_area(const struct training *training)
{
    struct dw_staff_figures *figures = &training->model->figures;
    double wins = 0;
    for (size_t i = 0; i < training->count; i++)
        if (is_staff(&training->samples[i]))
            wins += wins_of(training, &training->samples[i]);
    double area = wins / ((double)figures->staff * (double)figures->shoppers);
    double staff = persons_of(training, true), shoppers = persons_of(training, false);
    double q1 = area / (2 - area), q2 = 2 * area * area / (1 + area);
    double variance =
        area * (1 - area) + (staff - 1) * (q1 - area * area) + (shoppers - 1) * (q2 - area * area);
    figures->shopper_people = (size_t)shoppers;
    figures->auc = area;
    figures->auc_error = sqrt(fmax(variance, 0) / (staff * shoppers));
}

static void calibrate(struct training *training)
{
    for (size_t i = 0; i < training->count; i++) {
        training->targets[i] = is_staff(&training->samples[i]);
        training->weights[i] = training->samples[i].evidence;
    }
    training->model->platt = dw_platt_fit(training->weights, training->targets, training->count);
}

static double mean_of(const struct training *training, bool staff)
{
    const struct dw_staff_figures *figures = &training->model->figures;
    double mean = 0;
    for (size_t i = 0; i < training->count; i++)
        if (is_staff(&training->samples[i]) == staff)
            mean += training->samples[i].evidence;
    return mean / (double)(staff ? figures->staff : figures->shoppers);
}

/*
 * How far the evidence of somebody else of this kind goes towards the other kind, but for a share
 * of `tail`: Student's prediction limit, for as many persons as were labelled, with the variance
 * within both kinds, since of one kind there are often too few persons to know it.
 */
static double reach_of(const struct training *training, bool staff, double tail)
{
    const double means[2] = { mean_of(training, false), mean_of(training, true) };
    const double persons[2] = { persons_of(training, false), persons_of(training, true) };
    double square = 0, freedom = fmax(persons[0] + persons[1] - 2, 1);
    for (size_t i = 0; i < training->count; i++) {
        const struct sample *sample = &training->samples[i];
        square += pow(sample->evidence - means[is_staff(sample)], 2);
    }
    square /= (double)training->count - 2;
    double reach = dw_student_quantile(tail, freedom) * sqrt(square * (1 + 1 / persons[staff]));
    return staff ? means[1] - reach : means[0] + reach;
}

/* What staff mostly reach, as far from shoppers who were not labelled as it can be; or, where that
 * is not enough, what shoppers hardly reach. */
static double choose_sure(const struct training *training)
{
    const struct dw_platt *platt = &training->model->platt;
    double staff = reach_of(training, true, STAFF_MISSED_MOST);
    double shoppers = reach_of(training, false, SHOPPERS_LOST_MOST);
    double enough = fmax(staff, shoppers);
    double sure = dw_classify_chance(platt->slope * enough + platt->offset);
    return fmin(fmax(sure, SURE_LEAST), SURE_MOST);
}

static void count_verdicts(const struct training *training)
{
    struct dw_staff_figures *figures = &training->model->figures;
    const struct dw_platt *platt = &training->model->platt;
    for (size_t i = 0; i < training->count; i++) {
        const struct sample *sample = &training->samples[i];
        double staff = dw_classify_chance(platt->slope * sample->evidence + platt->offset);
        dw_staff_spread_add(&training->model->spread, staff);
        if (training->chances != NULL)
            training->chances[sample->track - training->tracks] = staff;
        bool named = fmax(staff, 1 - staff) >= figures->sure;
        if (!named)
            continue;
        if (is_staff(sample))
            *(staff > 0.5 ? &figures->staff_right : &figures->staff_wrong) += 1;
        else
            *(staff > 0.5 ? &figures->shopper_wrong : &figures->shopper_right) += 1;
    }
}

static void judge(struct training *training)
{
    struct dw_staff_model *model = training->model;
    for (size_t i = 0; i < DW_STAFF_CURVE; i++)
        model->figures.curve[i] = cross_validate(training, (size_t)1 << (DW_STAFF_CURVE - 1 - i));
    model->alike = likeness(training);
    for (size_t i = 0; i < training->count; i++) {
        struct sample *sample = &training->samples[i];
        double count = views_of(sample);
        sample->evidence = whole(sample) * count / (1 + (count - 1) * model->alike);
    }
    measure_area(training);
    calibrate(training);
    if (model->figures.sure < 0)
        model->figures.sure = choose_sure(training);
    count_verdicts(training);
}

/* Rows of the samples, so that their mean square is 1, and that of a model's numbers in it is
 * MODEL_WORTH^2 of that of colours, however much one of the two varies. */
static void scale_rows(struct training *training)
{
    double squares[2] = { 0 }, all = 0;
    for (size_t i = 0; i < training->count; i++) {
        const struct dw_staff_track *track = training->samples[i].track;
        float *row = row_of(training, 0, i);
        dw_staff_views_mean(&track->views, row);
        for (size_t k = 0; k < training->size; k++) {
            row[k] -= (float)training->usuals[track->camera].mean[k];
            squares[k >= DW_LOOK_COLOURS] +=
                (double)row[k] * (double)row[k] / (double)training->count;
        }
    }
    const double worth[2] = { 1, MODEL_WORTH };
    for (int part = 0; part < 2; part++)
        all += squares[part] > 0 ? worth[part] * worth[part] : 0;
    for (int part = 0; part < 2; part++)
        training->scales[part] = squares[part] > 0 ? worth[part] / sqrt(squares[part] * all) : 1;
    for (size_t i = 0; i < training->count * training->size; i++)
        training->rows[i] *= (float)scale_of(training, i % training->size);
}

/* The mean view in a light. False: there is none. */
static bool see_in(const struct dw_staff_light *light, const struct training *training,
                   const struct dw_staff_track *track, float *row)
{
    if (track->views.size != training->size || !dw_staff_views_mean(&track->views, row))
        return false;
    dw_staff_light_shine(light, row);
    return true;
}

/* Rows of the samples in one more light, less what is usual on the cameras then. */
static void shine(const struct training *training, size_t number)
{
    struct dw_staff_usual *usuals = dw_alloc_array0(training->cameras, sizeof(*usuals));
    struct dw_staff_light light;
    float row[DW_LOOK_MAX];
    dw_staff_light_init(&light, number - 1);
    for (size_t i = 0; i < training->track_count; i++) {
        const struct dw_staff_track *track = &training->tracks[i];
        struct dw_staff_views lit = { 0 };
        if (!see_in(&light, training, track, row))
            continue;
        dw_staff_views_put(&lit, row, training->size);
        dw_staff_usual_add(&usuals[track->camera], &lit);
    }
    for (size_t i = 0; i < training->count; i++) {
        const struct dw_staff_track *track = training->samples[i].track;
        float *lit = row_of(training, number, i);
        see_in(&light, training, track, lit);
        for (size_t k = 0; k < training->size; k++)
            lit[k] =
                (float)(((double)lit[k] - usuals[track->camera].mean[k]) * scale_of(training, k));
    }
    free(usuals);
}

/* Takes the labelled tracks that were seen, in order of time, and the means of their cameras. */
static void gather(struct training *training)
{
    struct dw_staff_figures *figures = &training->model->figures;
    for (size_t i = 0; i < training->track_count; i++) {
        const struct dw_staff_track *track = &training->tracks[i];
        if (track->views.size != training->size)
            continue;
        dw_staff_usual_add(&training->usuals[track->camera], &track->views);
        dw_staff_usual_add(&training->model->usual, &track->views);
        if (track->label != DW_ROLE_UNKNOWN)
            training->samples[training->count++].track = track;
    }
    if (training->count > 1)
        qsort(training->samples, training->count, sizeof(*training->samples), by_start);
    for (size_t i = 0; i < training->count; i++) {
        struct sample *sample = &training->samples[i];
        sample->rank = is_staff(sample) ? figures->staff++ : figures->shoppers++;
    }
}

static int train(struct training *training, struct dw_err *err)
{
    struct dw_staff_model *model = training->model;
    struct dw_staff_figures *figures = &model->figures;
    if (figures->staff < DW_STAFF_LEAST || figures->shoppers < DW_STAFF_LEAST)
        return dw_fail(err, -EINVAL,
                       "too few labels: wants %d tracks or more of staff and of shoppers that were "
                       "seen well, got %zu and %zu",
                       DW_STAFF_LEAST, figures->staff, figures->shoppers);
    fold(training);
    scale_rows(training);
    for (size_t i = 1; i < training->lights; i++)
        shine(training, i);
    judge(training);
    if (figures->auc - 2 * figures->auc_error <= AREA_LEAST)
        return dw_fail(err, -EINVAL,
                       "these staff and shoppers cannot be told apart by their looks: area under "
                       "the curve %.2f +- %.2f; check the labels, or label more tracks",
                       figures->auc, 2 * figures->auc_error);
    learn(training, -1, 1, model->weights);
    for (size_t i = 0; i < training->size; i++)
        model->weights[i] *= scale_of(training, i);
    return 0;
}

int dw_staff_train(struct dw_staff_model *model, const struct dw_staff_track *tracks, size_t count,
                   const struct dw_staff_how *how, double *chances, struct dw_err *err)
{
    size_t cameras = 1;
    for (size_t i = 0; i < count; i++)
        cameras = DW_MAX(cameras, tracks[i].camera + 1);
    *model = (struct dw_staff_model){ .figures = { .sure = how->sure } };
    for (size_t i = 0; i < count && model->size == 0; i++)
        model->size = tracks[i].views.size;
    struct training training = {
        .model = model,
        .tracks = tracks,
        .track_count = count,
        .chances = chances,
        .size = model->size,
        .lights = how->lights && model->size >= DW_LOOK_COLOURS ? 1 + DW_STAFF_LIGHTS : 1,
        .cameras = cameras,
        .samples = dw_alloc_array0(DW_MAX(count, (size_t)1), sizeof(*training.samples)),
        .usuals = dw_alloc_array0(cameras, sizeof(*training.usuals)),
    };
    for (size_t i = 0; chances != NULL && i < count; i++)
        chances[i] = (double)NAN;
    gather(&training);
    size_t room = DW_MAX(training.count, (size_t)1) * training.lights;
    training.rows = dw_alloc_array0(room * DW_MAX(training.size, 1U), sizeof(*training.rows));
    training.chosen = dw_alloc_array0(room * DW_MAX(training.size, 1U), sizeof(*training.chosen));
    training.targets = dw_alloc_array0(room, sizeof(*training.targets));
    training.weights = dw_alloc_array0(room, sizeof(*training.weights));
    int r = train(&training, err);
    for (size_t i = 0; r == 0 && i < count; i++)
        if (tracks[i].label == DW_ROLE_UNKNOWN)
            dw_staff_spread_add(
                &model->spread,
                dw_staff_chance(model, &training.usuals[tracks[i].camera], &tracks[i].views));
    free(training.samples);
    free(training.usuals);
    free(training.rows);
    free(training.chosen);
    free(training.targets);
    free(training.weights);
    return r;
}
