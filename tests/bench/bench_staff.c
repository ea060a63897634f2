/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How well staff are told from shoppers, on a video whose people are known:
 *
 *     build/tests/bench/bench-staff VIDEO TRACKS.csv FPS PEOPLE.csv [REID_MODEL.onnx]
 *
 * TRACKS has lines frame,track,x,y,w,h,...; frame 1 is the video's first. PEOPLE has lines
 * track,from,to,person and then, for each split named in its heading, staff, shopper or nothing.
 * Each person's time is cut into tracks of PIECE_S with a view a second. By time: those of the
 * first half of each person's time are learnt from, and those of the second half are judged. By
 * person: one person of each kind is judged, the others are learnt from. Labels are drawn REPEATS
 * times; what is judged is spoilt in several ways, and what is usual on the camera then is known
 * from all of its tracks, labelled or not.
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
#define SURE 0.9
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

/* Vests put on those of `persons` odd in number, for the table of uniforms. */
static const struct {
    const char *name;
    float colour[3];
} vests[] = {
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

struct bench {
    double fps;
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
    double draws, refused, right, named, wrong; /* shares, each kind counting the same; sums */
    double least;                               /* right, of the worst draw */
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
        if (row->track == truth->track && truth->frame >= row->from && truth->frame <= row->to)
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

struct trial {
    int split, held[DW_ROLE_COUNT]; /* the persons to judge; 0: the second halves */
    size_t labels;                  /* of each kind */
    size_t *order;                  /* of the pieces, at random */
    bool *judged;                   /* of the pieces */
    struct dw_staff_track *tracks;
    size_t track_count;
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

static void tally(const struct bench *bench, const struct trial *trial,
                  const struct dw_staff_model *model, size_t condition, struct tally *tally)
{
    double count[DW_ROLE_COUNT] = { 0 }, right = 0, named = 0, wrong = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < bench->pieces.count; i++) {
            const struct piece *piece = &bench->pieces.items[i];
            enum dw_role role = bench->rows.items[piece->row].roles[trial->split];
            if (!trial->judged[i] || pass == 0) {
                count[role] += trial->judged[i];
                continue;
            }
            const struct dw_staff_views *seen = &piece->seen[condition];
            const struct dw_staff_usual *usual = &bench->usual[condition];
            double share = 0.5 / count[role];
            enum dw_role sure = dw_staff_judge(model, usual, seen, SURE).role;
            right += share * (dw_staff_judge(model, usual, seen, 0.5).role == role);
            named += share * (sure != DW_ROLE_UNKNOWN);
            wrong += share * (sure != DW_ROLE_UNKNOWN && sure != role);
        }
    if (count[DW_ROLE_STAFF] == 0 || count[DW_ROLE_SHOPPER] == 0)
        return;
    tally->least = tally->draws == 0 ? right : fmin(tally->least, right);
    tally->draws++;
    tally->right += right;
    tally->named += named;
    tally->wrong += wrong;
}

static void repeat(const struct bench *bench, struct trial *trial, bool by_person,
                   struct tally tallies[CONDITIONS])
{
    int persons[2][PERSONS_MOST];
    size_t counts[2] = { persons_of(bench, trial->split, DW_ROLE_SHOPPER, persons[0]),
                         persons_of(bench, trial->split, DW_ROLE_STAFF, persons[1]) };
    uint64_t random = 1 + (uint64_t)trial->split;
    struct dw_staff_model *model = dw_alloc0(sizeof(*model));
    if (by_person && (counts[0] < 3 || counts[1] < 3))
        counts[0] = counts[1] = 0;
    for (size_t i = 0; i < REPEATS && counts[0] > 0 && counts[1] > 0; i++) {
        trial->held[DW_ROLE_SHOPPER] = by_person ? persons[0][i % counts[0]] : 0;
        trial->held[DW_ROLE_STAFF] = by_person ? persons[1][i / counts[0] % counts[1]] : 0;
        draw(bench, trial, &random);
        if (dw_staff_train(model, trial->tracks, trial->track_count, SURE, NULL) < 0) {
            tallies[0].refused++;
            continue;
        }
        for (size_t c = 0; c < CONDITIONS; c++)
            tally(bench, trial, model, c, &tallies[c]);
    }
    free(model);
}

static void print_tally(const char *name, const struct tally *tally)
{
    printf("%-12s", name);
    if (tally->draws == 0)
        puts("      -");
    else
        printf("  %5.3f  %5.3f  %5.3f  %5.3f\n", tally->right / tally->draws, tally->least,
               tally->named / tally->draws, tally->wrong / tally->draws);
}

static void report(const struct bench *bench, struct trial *trial, bool by_person)
{
    static const size_t labels[] = { 5, 10, 30 };
    for (size_t k = 0; k < DW_LENGTH(labels); k++) {
        struct tally all[CONDITIONS] = { { 0 } };
        trial->labels = labels[k];
        printf("\nheld out by %s, %zu labelled tracks of each kind\n%-12s  right  worst  named  "
               "wrong\n",
               by_person ? "person" : "time", labels[k], "");
        for (trial->split = 0; trial->split < bench->split_count; trial->split++) {
            struct tally one[CONDITIONS] = { { 0 } };
            repeat(bench, trial, by_person, one);
            print_tally(bench->splits[trial->split], &one[0]);
            for (size_t c = 0; c < CONDITIONS; c++) {
                if (one[c].draws > 0)
                    all[c].least =
                        all[c].draws == 0 ? one[c].least : fmin(all[c].least, one[c].least);
                all[c].draws += one[c].draws;
                all[c].refused += one[c].refused;
                all[c].right += one[c].right;
                all[c].named += one[c].named;
                all[c].wrong += one[c].wrong;
            }
        }
        for (size_t c = 0; c < CONDITIONS; c++)
            print_tally(spoilings[c].name, &all[c]);
        printf("training refused: %.0f of %.0f\n", all[0].refused, all[0].refused + all[0].draws);
    }
}

/* Vests on every second person, the others as filmed; by person, so that nobody's own looks help.
 */
static int try_vests(struct bench *bench, struct trial *trial, struct dw_err *err)
{
    int r = 0;
    trial->split = 0;
    trial->labels = 10;
    printf("\nvests, held out by person, 10 labelled tracks of each kind\n");
    for (size_t v = 0; r == 0 && v < DW_LENGTH(vests); v++) {
        struct tally tallies[CONDITIONS] = { { 0 } };
        for (size_t i = 0; i < bench->rows.count; i++)
            bench->rows.items[i].roles[0] =
                bench->rows.items[i].person % 2 != 0 ? DW_ROLE_STAFF : DW_ROLE_SHOPPER;
        memset(bench->usual, 0, sizeof(bench->usual));
        for (size_t i = 0; r == 0 && i < bench->pieces.count; i++) {
            struct piece *piece = &bench->pieces.items[i];
            memset(piece->seen, 0, sizeof(piece->seen));
            for (size_t c = 0; r == 0 && c < CONDITIONS; c++) {
                struct spoiling spoiling = spoilings[c];
                spoiling.dressed = bench->rows.items[piece->row].roles[0] == DW_ROLE_STAFF;
                memcpy(spoiling.vest, vests[v].colour, sizeof(spoiling.vest));
                for (size_t k = 0; r == 0 && k < piece->count; k++)
                    r = look_at(bench, &bench->views.items[piece->from + k], &spoiling,
                                &piece->seen[c], err);
                dw_staff_usual_add(&bench->usual[c], &piece->seen[c]);
            }
        }
        repeat(bench, trial, true, tallies);
        printf("%s vest     right  worst  named  wrong   (refused %.0f of %d)\n", vests[v].name,
               tallies[0].refused, REPEATS);
        for (size_t c = 0; c < CONDITIONS; c++)
            print_tally(spoilings[c].name, &tallies[c]);
    }
    return r;
}

int main(int argc, char **argv)
{
    struct bench bench = { .fps = argc >= 5 ? strtod(argv[3], NULL) : 0 };
    struct dw_appear_conf conf = { .model_path = argc >= 6 && argv[5][0]!='-' ? argv[5] : NULL, .clothes= argc>=7 };
    struct dw_err err = { 0 };
    if (!(bench.fps > 0) || !true_boxes_read(&bench.truths, argv[2]) ||
        !read_people(&bench, argv[4])) {
        fprintf(stderr, "usage: bench-staff VIDEO TRACKS.csv FPS PEOPLE.csv [REID_MODEL.onnx]\n");
        return 2;
    }
    int r = dw_appear_create(&bench.appear, &conf, &err);
    if (r == 0) {
        bench.workspace = dw_appear_workspace_create(bench.appear);
        r = read_video(&bench, argv[1], &err);
    }
    if (r == 0)
        r = make_pieces(&bench, &err);
    if (r == 0) {
        size_t count = DW_MAX(bench.pieces.count, (size_t)1);
        struct trial trial = { .order = dw_alloc_array0(count, sizeof(size_t)),
                               .judged = dw_alloc_array0(count, sizeof(bool)),
                               .tracks = dw_alloc_array0(count, sizeof(struct dw_staff_track)) };
        printf("%zu views, %zu tracks\n", bench.views.count, bench.pieces.count);
        report(&bench, &trial, false);
        report(&bench, &trial, true);
        r = try_vests(&bench, &trial, &err);
        free(trial.order);
        free(trial.judged);
        free(trial.tracks);
    }
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
