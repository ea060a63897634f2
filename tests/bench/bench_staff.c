/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How well staff are told from shoppers, on a video whose people are known:
 *
 *     build/tests/bench/bench-staff VIDEO TRACKS.csv FPS PEOPLE.csv [NETWORK.onnx [REID.onnx]]
 *
 * TRACKS has lines frame,track,x,y,w,h,...; frame 1 is the video's first. PEOPLE has lines
 * track,from,to,person (track 0: any) and then, for each split named in its heading, staff, shopper
 * or nothing. Each person's time is cut into tracks of PIECE_S with a view a second. By time: those
 * of the first half of each person's time are learnt from, and those of the second half are judged.
 * By person: one person of each kind is judged, the others are learnt from. Labels are drawn
 * REPEATS times; what is judged is spoilt in several ways, and what is usual on the camera then is
 * known from all of its tracks, labelled or not. With LIGHTS in the environment other lights are
 * learnt. All of it by each kind of look; then garments are put on every other person, who is
 * judged as somebody never seen, by colours without and with the network.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appear/appear.h"
#include "base/alloc.h"
#include "base/vec.h"
#include "core/random.h"
#include "core/staff.h"
#include "media/source.h"
#include "staff_picture.h"
#include "true_boxes.h"

#define PIECE_S 3.0
#define SPLITS_MOST 8
#define PERSONS_MOST 64
#define REPEATS 24
#define VISIBLE_LEAST 0.8
#define WIDTH_LEAST_PX 8

#define AS_FILMED .gamma = 1, .gains = { 1, 1, 1 }
static const struct spoiling spoilings[] = {
    { .name = "as filmed", AS_FILMED },
    { .name = "gamma 0.6", .gamma = 0.6F, .gains = { 1, 1, 1 } },
    { .name = "gamma 1.6", .gamma = 1.6F, .gains = { 1, 1, 1 } },
    { .name = "warm light", .gamma = 1, .gains = { 1.2F, 1, 0.8F } },
    { .name = "cold light", .gamma = 1, .gains = { 0.8F, 1, 1.2F } },
    { .name = "legs hidden", AS_FILMED, .hidden = 0.5F },
    { .name = "32 px high", AS_FILMED, .rows_most = 32 },
};
#define CONDITIONS DW_LENGTH(spoilings)

/* Put on those of `persons` odd in number, for the table of uniforms. */
static const char *const garment_names[GARMENTS] = { "none", "vest", "apron", "cap" };
static const struct {
    const char *name;
    float colour[3];
} colours[] = {
    { "red", { 0.8F, 0.1F, 0.1F } },   { "green", { 0.1F, 0.6F, 0.2F } },
    { "blue", { 0.1F, 0.2F, 0.7F } },  { "yellow", { 0.9F, 0.9F, 0.1F } },
    { "white", { 0.9F, 0.9F, 0.9F } }, { "black", { 0.05F, 0.05F, 0.05F } },
};

struct row {
    int track, from, to, person;
    enum dw_role roles[SPLITS_MOST]; /* unknown: left out */
};

struct view {
    int row, frame;
    struct picture picture;
};

struct piece {
    int row, first, last;
    size_t from, count; /* views */
    struct dw_staff_views seen[CONDITIONS];
};

/* What looks are made of. */
struct kind {
    const char *name, *model;
    bool clothes;
};

struct bench {
    double fps;
    struct dw_staff_how how;
    int split_count;
    char splits[SPLITS_MOST][32];
    struct true_boxes truths;
    DW_VEC(struct row) rows;
    DW_VEC(struct view) views;
    DW_VEC(struct piece) pieces;
    struct dw_appear *appear;
    struct dw_appear_workspace *workspace;
    struct dw_staff_usual usual[CONDITIONS];
};

/* What came of the tracks that were judged. */
struct tally {
    double draws, refused, right, area; /* shares, each kind the same; sums over draws */
    double sure, named, wrong, lost,
        missed;    /* ... at what each model wants; shoppers called staff, staff not */
    double least;  /* right, of the worst draw */
    double tracks; /* different ones that were judged */
};

/* Who is named at which least probability, and how many of them wrongly; sums over draws. */
static const double surenesses[] = { 0.5, 0.7, 0.8, 0.9, 0.95, 0.98 };
struct risk {
    double draws, named[DW_LENGTH(surenesses)], wrong[DW_LENGTH(surenesses)];
};

static int by_row(const void *a, const void *b)
{
    const struct view *x = a, *y = b;
    return x->row != y->row ? (x->row > y->row) - (x->row < y->row)
                            : (x->frame > y->frame) - (x->frame < y->frame);
}

static void read_person(struct bench *bench, char *line)
{
    struct row row = { 0 };
    char *cell = NULL;
    bool heading = line[0] == 't';
    line[strcspn(line, "\r\n")] = '\0';
    for (int i = 0; (cell = strsep(&line, ",")) != NULL && i < 4 + SPLITS_MOST; i++) {
        int *const numbers[] = { &row.track, &row.from, &row.to, &row.person };
        if (i < 4)
            *numbers[i] = (int)strtol(cell, NULL, 10);
        else if (heading)
            snprintf(bench->splits[bench->split_count++], 32, "%s", cell);
        else
            row.roles[i - 4] = (enum dw_role)DW_MAX(dw_role_parse(cell), 0);
    }
    if (!heading)
        dw_vec_push(&bench->rows, row);
}

static bool read_people(struct bench *bench, const char *path)
{
    FILE *file = fopen(path, "re");
    char line[512];
    if (file == NULL)
        return false;
    while (fgets(line, sizeof(line), file) != NULL)
        read_person(bench, line);
    fclose(file);
    return bench->rows.count > 0;
}

static int row_of(const struct bench *bench, const struct true_box *truth)
{
    for (size_t i = 0; i < bench->rows.count; i++) {
        const struct row *row = &bench->rows.items[i];
        if ((row->track == 0 || row->track == truth->track) && truth->frame >= row->from &&
            truth->frame <= row->to)
            return (int)i;
    }
    return -1;
}

static bool is_due(const struct bench *bench, int row, int frame)
{
    for (size_t i = bench->views.count; i-- > 0;)
        if (bench->views.items[i].row == row)
            return frame - bench->views.items[i].frame >= bench->fps * 0.99;
    return true;
}

/* Good views, at most one a second of each person. */
static void take_frame(struct bench *bench, const struct dw_image *image, int frame, size_t *from)
{
    struct dw_detection people[64];
    size_t count = 0, first = *from;
    for (; *from < bench->truths.count && bench->truths.items[*from].frame == frame; (*from)++)
        if (count < DW_LENGTH(people))
            people[count++] = (struct dw_detection){ bench->truths.items[*from].box, 1 };
    for (size_t i = 0; i < count; i++) {
        struct dw_box box = people[i].box;
        int row = row_of(bench, &bench->truths.items[first + i]);
        if (row < 0 || !is_due(bench, row, frame) || box.x < 0 || box.w < WIDTH_LEAST_PX ||
            box.x + box.w > (float)image->width_px ||
            dw_look_visible(people, count, i) < VISIBLE_LEAST)
            continue;
        struct view view = { row, frame, picture_cut(image, box) };
        dw_vec_push(&bench->views, view);
    }
}

static int read_video(struct bench *bench, const char *path, struct dw_err *err)
{
    DW_AUTO(source) *source = NULL;
    int r = dw_source_create(&source, path, NULL, err);
    size_t from = 0;
    for (int number = 1; r >= 0; number++) {
        DW_AUTO(frame) *frame = NULL;
        r = dw_source_read(source, &frame, err);
        if (r <= 0)
            break;
        take_frame(bench, &frame->image, number, &from);
    }
    return r;
}

static int look_at(const struct bench *bench, const struct view *view,
                   const struct spoiling *spoiling, struct dw_staff_views *seen, struct dw_err *err)
{
    struct picture spoilt = picture_spoil(&view->picture.image, spoiling);
    struct dw_box all = { 0, 0, (float)spoilt.image.width_px, (float)spoilt.image.height_px };
    struct dw_look look;
    int r = dw_appear_one(bench->workspace, &spoilt.image, all, 1, &look, err);
    if (r == 0)
        dw_staff_views_add(seen, &look);
    picture_fini(&spoilt);
    return r;
}

static struct piece *piece_of(struct bench *bench, size_t at)
{
    const struct view *view = &bench->views.items[at];
    struct piece *piece =
        bench->pieces.count > 0 ? &bench->pieces.items[bench->pieces.count - 1] : NULL;
    if (piece == NULL || piece->row != view->row ||
        view->frame - piece->first >= PIECE_S * bench->fps) {
        piece = dw_vec_add(&bench->pieces);
        piece->row = view->row;
        piece->first = view->frame;
        piece->from = at;
    }
    piece->last = view->frame;
    piece->count++;
    return piece;
}

static int make_pieces(struct bench *bench, struct dw_err *err)
{
    int r = 0;
    if (bench->views.count > 0)
        qsort(bench->views.items, bench->views.count, sizeof(struct view), by_row);
    for (size_t i = 0; r == 0 && i < bench->views.count; i++) {
        struct piece *piece = piece_of(bench, i);
        for (size_t c = 0; r == 0 && c < CONDITIONS; c++)
            r = look_at(bench, &bench->views.items[i], &spoilings[c], &piece->seen[c], err);
    }
    for (size_t i = 0; i < bench->pieces.count; i++)
        for (size_t c = 0; c < CONDITIONS; c++)
            dw_staff_usual_add(&bench->usual[c], &bench->pieces.items[i].seen[c]);
    return r;
}

/* The persons of a kind, each once; returns how many. */
static size_t persons_of(const struct bench *bench, int split, enum dw_role role, int *persons)
{
    size_t count = 0;
    for (size_t i = 0; i < bench->rows.count; i++) {
        const struct row *row = &bench->rows.items[i];
        bool known = row->roles[split] != role;
        for (size_t k = 0; k < count; k++)
            known |= persons[k] == row->person;
        if (!known && count < PERSONS_MOST)
            persons[count++] = row->person;
    }
    return count;
}

/* The middle of the time in which a person was seen. */
static double middle_of(const struct bench *bench, int person)
{
    int first = INT32_MAX, last = 0;
    for (size_t i = 0; i < bench->pieces.count; i++) {
        const struct piece *piece = &bench->pieces.items[i];
        if (bench->rows.items[piece->row].person != person)
            continue;
        first = DW_MIN(first, piece->first);
        last = DW_MAX(last, piece->last);
    }
    return (first + last) / 2.0;
}

/* A judged track. */
struct judged {
    double staff; /* how probably */
    bool is_staff;
};

struct trial {
    int split, held[DW_ROLE_COUNT]; /* the persons to judge; 0: the second halves */
    size_t labels;                  /* of each kind */
    size_t *order;                  /* of the pieces, at random */
    bool *judged;                   /* of the pieces */
    struct dw_staff_track *tracks;
    size_t track_count;
    struct judged *out;
};

/* 1: to be judged, -1: to learn from, 0: neither. */
static int side_of(const struct bench *bench, const struct trial *trial, const struct piece *piece)
{
    const struct row *row = &bench->rows.items[piece->row];
    enum dw_role role = row->roles[trial->split];
    if (role == DW_ROLE_UNKNOWN)
        return 0;
    if (trial->held[role] != 0)
        return row->person == trial->held[role] ? 1 : -1;
    double middle = middle_of(bench, row->person);
    return piece->first > middle + bench->fps ? 1 : piece->last < middle - bench->fps ? -1 : 0;
}

static void draw(const struct bench *bench, struct trial *trial, uint64_t *random)
{
    size_t count = bench->pieces.count, of_kind[DW_ROLE_COUNT] = { 0 };
    for (size_t i = 0; i < count; i++) {
        size_t other = dw_random_below(random, i + 1);
        trial->order[i] = trial->order[other];
        trial->order[other] = i;
    }
    trial->track_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct piece *piece = &bench->pieces.items[trial->order[i]];
        const struct row *row = &bench->rows.items[piece->row];
        enum dw_role role = row->roles[trial->split];
        int side = side_of(bench, trial, piece);
        trial->judged[trial->order[i]] = side > 0;
        if (side >= 0 || of_kind[role]++ >= trial->labels)
            continue;
        trial->tracks[trial->track_count++] =
            (struct dw_staff_track){ piece->seen[0], piece->first, row->person, 0, role };
    }
}

static double area_under(const struct judged *judged, size_t count)
{
    double wins = 0, pairs = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++)
            if (judged[i].is_staff && !judged[k].is_staff) {
                wins += (judged[i].staff > judged[k].staff) +
                        (judged[i].staff == judged[k].staff) / 2.0;
                pairs++;
            }
    return pairs > 0 ? wins / pairs : 0;
}

static void tally(const struct bench *bench, const struct trial *trial,
                  const struct dw_staff_model *model, size_t condition, struct tally *tally,
                  struct risk *risk)
{
    size_t count = 0, of_kind[2] = { 0 };
    double right = 0;
    for (size_t i = 0; i < bench->pieces.count; i++) {
        const struct piece *piece = &bench->pieces.items[i];
        if (!trial->judged[i])
            continue;
        bool staff = bench->rows.items[piece->row].roles[trial->split] == DW_ROLE_STAFF;
        of_kind[staff]++;
        trial->out[count++] = (struct judged){
            dw_staff_chance(model, &bench->usual[condition], &piece->seen[condition]), staff
        };
    }
    if (of_kind[0] == 0 || of_kind[1] == 0)
        return;
    for (size_t i = 0; i < count; i++) {
        const struct judged *one = &trial->out[i];
        double share = 0.5 / (double)of_kind[one->is_staff];
        double sure = fmax(one->staff, 1 - one->staff), wants = model->figures.sure;
        bool wrong = (one->staff > 0.5) != one->is_staff;
        right += share * !wrong;
        tally->named += share * (sure >= wants);
        tally->wrong += share * (sure >= wants && wrong);
        tally->lost += 2 * share * (!one->is_staff && one->staff >= wants);
        tally->missed += 2 * share * (one->is_staff && !(one->staff >= wants));
        for (size_t k = 0; k < DW_LENGTH(surenesses); k++) {
            risk->named[k] += share * (sure >= surenesses[k]);
            risk->wrong[k] += share * (sure >= surenesses[k] && wrong);
        }
    }
    tally->least = tally->draws == 0 ? right : fmin(tally->least, right);
    tally->area += area_under(trial->out, count);
    tally->draws++;
    tally->sure += model->figures.sure;
    risk->draws++;
    tally->right += right;
}

/* Marks who is judged, and returns how many are so for the first time. */
static double remember(const struct bench *bench, const struct trial *trial, bool *before)
{
    double fresh = 0;
    for (size_t i = 0; i < bench->pieces.count; i++) {
        fresh += trial->judged[i] && !before[i];
        before[i] |= trial->judged[i];
    }
    return fresh;
}

/* `risks`: of what is judged as filmed, and spoilt; a refused training names nobody. */
static void repeat(const struct bench *bench, struct trial *trial, bool by_person,
                   struct tally tallies[CONDITIONS], struct risk risks[2])
{
    int persons[2][PERSONS_MOST];
    size_t counts[2] = { persons_of(bench, trial->split, DW_ROLE_SHOPPER, persons[0]),
                         persons_of(bench, trial->split, DW_ROLE_STAFF, persons[1]) };
    uint64_t random = 1 + (uint64_t)trial->split;
    struct dw_staff_model *model = dw_alloc0(sizeof(*model));
    bool *before = dw_alloc_array0(bench->pieces.count, sizeof(*before));
    if (by_person && (counts[0] < 3 || counts[1] < 3))
        counts[0] = counts[1] = 0;
    for (size_t i = 0; i < REPEATS && counts[0] > 0 && counts[1] > 0; i++) {
        trial->held[DW_ROLE_SHOPPER] = by_person ? persons[0][i % counts[0]] : 0;
        trial->held[DW_ROLE_STAFF] = by_person ? persons[1][i / counts[0] % counts[1]] : 0;
        draw(bench, trial, &random);
        if (dw_staff_train(model, trial->tracks, trial->track_count, &bench->how, NULL, NULL) < 0) {
            tallies[0].refused++;
            risks[0].draws++;
            risks[1].draws += CONDITIONS - 1;
            continue;
        }
        tallies[0].tracks += remember(bench, trial, before);
        for (size_t c = 0; c < CONDITIONS; c++)
            tally(bench, trial, model, c, &tallies[c], &risks[c > 0]);
    }
    free(before);
    free(model);
}

static void join(struct tally *to, const struct tally *from)
{
    if (from->draws > 0)
        to->least = to->draws == 0 ? from->least : fmin(to->least, from->least);
    to->draws += from->draws;
    to->refused += from->refused;
    to->right += from->right;
    to->named += from->named;
    to->wrong += from->wrong;
    to->area += from->area;
    to->sure += from->sure;
    to->lost += from->lost;
    to->missed += from->missed;
    to->tracks += from->tracks;
}

/* Wilson's interval of 95 % for a share of `count`. */
static void interval(double share, double count, double ends[2])
{
    double z = 1.96, middle = (share + z * z / (2 * count)) / (1 + z * z / count);
    double half =
        z / (1 + z * z / count) * sqrt(share * (1 - share) / count + z * z / (4 * count * count));
    ends[0] = middle - half;
    ends[1] = middle + half;
}

static void print_head(const char *what)
{
    printf("%-24s %5s %-13s %5s %5s %5s %5s %5s %5s %5s %7s\n", what, "right", " (95 %)", "AUC",
           "worst", "sure", "named", "wrong", "lost", "miss", "refused");
}

static void print_tally(const char *name, const struct tally *tally)
{
    double ends[2];
    printf("%-24s", name);
    if (tally->draws == 0) {
        printf(" %62s %3.0f/%-3.0f\n", "", tally->refused, tally->refused);
        return;
    }
    interval(tally->right / tally->draws, DW_MAX(tally->tracks, 1), ends);
    printf(" %5.3f (%5.3f-%5.3f) %5.3f %5.3f", tally->right / tally->draws, ends[0], ends[1],
           tally->area / tally->draws, tally->least);
    const double means[] = { tally->sure, tally->named, tally->wrong, tally->lost, tally->missed };
    for (size_t i = 0; i < DW_LENGTH(means); i++)
        printf(" %5.3f", means[i] / tally->draws);
    printf(" %3.0f/%-3.0f\n", tally->refused, tally->refused + tally->draws);
}

static void report(const struct bench *bench, struct trial *trial, const char *kind, bool by_person)
{
    static const size_t labels[] = { 3, 10, 30 };
    char name[64];
    for (size_t k = 0; k < DW_LENGTH(labels); k++) {
        struct tally all[CONDITIONS] = { { 0 } };
        struct risk risks[2] = { { 0 } };
        trial->labels = labels[k];
        snprintf(name, sizeof(name), "%s, %zu", kind, labels[k]);
        puts("");
        print_head(name);
        for (trial->split = 0; trial->split < bench->split_count; trial->split++) {
            struct tally one[CONDITIONS] = { { 0 } };
            repeat(bench, trial, by_person, one, risks);
            if (one[0].draws + one[0].refused > 0)
                print_tally(bench->splits[trial->split], &one[0]);
            for (size_t c = 0; c < CONDITIONS; c++) {
                one[c].tracks = one[0].tracks;
                one[c].refused = one[0].refused;
                join(&all[c], &one[c]);
            }
        }
        for (size_t c = 0; c < CONDITIONS; c++) {
            snprintf(name, sizeof(name), "all, %s", spoilings[c].name);
            print_tally(name, &all[c]);
        }
    }
}

/* Every second person wears it, the others are as filmed. */
static int dress(struct bench *bench, enum garment garment, const float colour[3],
                 struct dw_err *err)
{
    int r = 0;
    memset(bench->usual, 0, sizeof(bench->usual));
    for (size_t i = 0; r == 0 && i < bench->pieces.count; i++) {
        struct piece *piece = &bench->pieces.items[i];
        memset(piece->seen, 0, sizeof(piece->seen));
        for (size_t c = 0; r == 0 && c < CONDITIONS; c++) {
            struct spoiling spoiling = spoilings[c];
            bool staff = bench->rows.items[piece->row].roles[0] == DW_ROLE_STAFF;
            spoiling.garment = staff ? garment : GARMENT_NONE;
            memcpy(spoiling.colour, colour, sizeof(spoiling.colour));
            for (size_t k = 0; r == 0 && k < piece->count; k++)
                r = look_at(bench, &bench->views.items[piece->from + k], &spoiling, &piece->seen[c],
                            err);
            dw_staff_usual_add(&bench->usual[c], &piece->seen[c]);
        }
    }
    return r;
}

static void print_risk(const struct risk risks[2])
{
    puts("\nwho is named when a role wants so much, and how many of those wrongly\n"
         "sure   as filmed: named wrong   spoilt: named wrong");
    for (size_t k = 0; k < DW_LENGTH(surenesses); k++) {
        printf("%4.2f ", surenesses[k]);
        for (int spoilt = 0; spoilt < 2; spoilt++)
            printf("%17.3f %5.3f", risks[spoilt].named[k] / risks[spoilt].draws,
                   risks[spoilt].wrong[k] / fmax(risks[spoilt].named[k], 1e-9));
        puts("");
    }
}

/* By person, so that nobody's own looks help. */
static int try_garments(struct bench *bench, struct trial *trial, const char *kind,
                        struct dw_err *err)
{
    struct risk risks[2] = { { 0 } };
    int r = 0;
    char name[64];
    trial->split = 0;
    trial->labels = 10;
    for (size_t i = 0; i < bench->rows.count; i++)
        bench->rows.items[i].roles[0] =
            bench->rows.items[i].person % 2 != 0 ? DW_ROLE_STAFF : DW_ROLE_SHOPPER;
    for (int garment = GARMENT_NONE + 1; garment < GARMENTS; garment++)
        for (size_t v = 0; r == 0 && v < DW_LENGTH(colours); v++) {
            struct tally tallies[CONDITIONS] = { { 0 } };
            r = dress(bench, (enum garment)garment, colours[v].colour, err);
            if (r == 0)
                repeat(bench, trial, true, tallies, risks);
            snprintf(name, sizeof(name), "%s %s, %s", colours[v].name, garment_names[garment],
                     kind);
            puts("");
            print_head(name);
            for (size_t c = 0; r == 0 && c < CONDITIONS; c++) {
                tallies[c].tracks = tallies[0].tracks;
                tallies[c].refused = tallies[0].refused;
                print_tally(spoilings[c].name, &tallies[c]);
            }
        }
    printf("\nall garments, looks by %s", kind);
    if (r == 0)
        print_risk(risks);
    return r;
}

/* Looks at everybody anew. */
static int look(struct bench *bench, const struct kind *kind, struct dw_err *err)
{
    struct dw_appear_conf conf = { .model_path = kind->model, .clothes = kind->clothes };
    dw_appear_workspace_destroy(bench->workspace);
    dw_appear_destroy(bench->appear);
    bench->workspace = NULL;
    bench->appear = NULL;
    dw_vec_clear(&bench->pieces);
    memset(bench->usual, 0, sizeof(bench->usual));
    int r = dw_appear_create(&bench->appear, &conf, err);
    if (r < 0)
        return r;
    bench->workspace = dw_appear_workspace_create(bench->appear);
    return make_pieces(bench, err);
}

static int compare(struct bench *bench, const struct kind *kinds, size_t count, struct dw_err *err)
{
    struct trial trial = { 0 };
    int r = 0;
    for (size_t k = 0; r == 0 && k < count; k++) {
        r = look(bench, &kinds[k], err);
        if (r == 0 && trial.order == NULL) {
            size_t room = DW_MAX(bench->pieces.count, (size_t)1);
            trial.order = dw_alloc_array0(room, sizeof(*trial.order));
            trial.judged = dw_alloc_array0(room, sizeof(*trial.judged));
            trial.tracks = dw_alloc_array0(room, sizeof(*trial.tracks));
            trial.out = dw_alloc_array0(room, sizeof(*trial.out));
            printf("%zu views, %zu tracks\n", bench->views.count, bench->pieces.count);
        }
        for (int by_person = 0; r == 0 && by_person < 2; by_person++) {
            printf("\nlooks by %s, held out by %s, labels of each kind\n", kinds[k].name,
                   by_person ? "person" : "time");
            report(bench, &trial, kinds[k].name, by_person);
        }
    }
    for (size_t k = 1; r == 0 && k < DW_MIN(count, (size_t)4); k += 2) { /* colours, both */
        r = look(bench, &kinds[k], err);
        if (r == 0)
            r = try_garments(bench, &trial, kinds[k].name, err);
    }
    free(trial.order);
    free(trial.judged);
    free(trial.tracks);
    free(trial.out);
    return r;
}

int main(int argc, char **argv)
{
    struct bench bench = { .fps = argc >= 5 ? strtod(argv[3], NULL) : 0,
                           .how = { .sure = -1, .lights = getenv("LIGHTS") != NULL } };
    const char *network = argc >= 6 ? argv[5] : NULL, *reid = argc >= 7 ? argv[6] : NULL;
    const struct kind kinds[] = {
        { "stripes", NULL, false },    { "colours", NULL, true },
        { "network", network, false }, { "both", network, true },
        { "ReID model", reid, false }, { "ReID and colours", reid, true },
    };
    struct dw_err err = { 0 };
    if (!(bench.fps > 0) || !true_boxes_read(&bench.truths, argv[2]) ||
        !read_people(&bench, argv[4])) {
        fprintf(stderr, "usage: bench-staff VIDEO TRACKS.csv FPS PEOPLE.csv [NETWORK.onnx "
                        "[REID.onnx]]\n");
        return 2;
    }
    int r = read_video(&bench, argv[1], &err);
    if (r == 0)
        r = compare(&bench, kinds, reid != NULL ? 6 : network != NULL ? 4 : 2, &err);
    for (size_t i = 0; i < bench.views.count; i++)
        picture_fini(&bench.views.items[i].picture);
    dw_vec_fini(&bench.views);
    dw_vec_fini(&bench.truths);
    dw_vec_fini(&bench.rows);
    dw_vec_fini(&bench.pieces);
    dw_appear_workspace_destroy(bench.workspace);
    dw_appear_destroy(bench.appear);
    if (r < 0)
        fprintf(stderr, "bench-staff: %s\n", err.text);
    return r < 0;
}
