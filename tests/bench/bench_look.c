/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How well looks tell people apart, on a video whose people are known, and what one costs:
 *
 *     build/tests/bench/bench_look VIDEO TRACKS_TRUTH.csv FPS [REID_MODEL.onnx]
 *
 * The file of truth has lines frame,person,x,y,w,h,...; frame 1 is the video's first. Two
 * questions. Views: one picture against another, of the same person VIEW_GAP_S or more apart, or of
 * two people at any time. Tracks: what a link has to decide, the sum of looks over PIECE_S against
 * another piece that begins LINK_LEAST_S to LINK_MOST_S after its end.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "appear/appear.h"
#include "base/alloc.h"
#include "base/vec.h"
#include "media/source.h"
#include "true_boxes.h"

#define VIEW_EVERY_S 1.0
#define VIEW_GAP_S 5.0
#define PIECE_S 2.0
#define LINK_LEAST_S 0.4
#define LINK_MOST_S 8.0
#define TIMED_RUNS 2000

struct view {
    int frame, person;
    struct dw_appearance look;
};

struct piece {
    int first, last, person;
    struct dw_appearance look;
};

struct pair {
    double distance;
    bool same;
};

typedef DW_VEC(struct pair) pairs;

struct bench {
    double fps;
    struct dw_appear *appear;
    struct dw_appear_workspace *workspace;
    struct true_boxes truths;
    DW_VEC(struct view) views;
    DW_VEC(struct piece) pieces;
    DW_VEC(struct dw_detection) people; /* of the frame going on */
    DW_VEC(struct dw_look) looks;
    double spent_s;
    size_t looked;
};

static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct piece *piece_of(struct bench *bench, int person, int frame)
{
    for (size_t i = bench->pieces.count; i-- > 0;) {
        struct piece *piece = &bench->pieces.items[i];
        if (piece->person != person)
            continue;
        if (frame - piece->first < PIECE_S * bench->fps)
            return piece;
        break;
    }
    struct piece *piece = dw_vec_add(&bench->pieces);
    *piece = (struct piece){ .first = frame, .person = person };
    return piece;
}

static void take(struct bench *bench, const struct true_box *truth, const struct dw_look *look)
{
    struct piece *piece = piece_of(bench, truth->track, truth->frame);
    piece->last = truth->frame;
    dw_appearance_add(&piece->look, look);
    if (look->weight < 0.8f || truth->frame % (int)lround(VIEW_EVERY_S * bench->fps) != 0)
        return;
    struct view *view = dw_vec_add(&bench->views);
    *view = (struct view){ .frame = truth->frame, .person = truth->track };
    struct dw_look whole = *look;
    whole.weight = 1;
    dw_appearance_add(&view->look, &whole);
}

/* Looks at the people of one frame; `from`: the first truth not used yet. */
static int take_frame(struct bench *bench, const struct dw_image *image, int frame, size_t *from,
                      struct dw_err *err)
{
    const struct true_box *truths = bench->truths.items + *from;
    size_t count = 0;
    dw_vec_clear(&bench->people);
    dw_vec_clear(&bench->looks);
    for (; *from < bench->truths.count && bench->truths.items[*from].frame == frame; (*from)++) {
        dw_vec_push(&bench->people, ((struct dw_detection){ truths[count++].box, 1 }));
        (void)dw_vec_add(&bench->looks);
    }
    double before_s = cpu_s();
    int r =
        dw_appear_run(bench->workspace, image, bench->people.items, count, bench->looks.items, err);
    bench->spent_s += cpu_s() - before_s;
    for (size_t i = 0; r == 0 && i < count; i++) {
        bench->looked += bench->looks.items[i].weight > 0;
        take(bench, &truths[i], &bench->looks.items[i]);
    }
    return r;
}

/* A person of a usual size, again and again. */
static void time_one(struct bench *bench, const struct dw_image *image)
{
    struct dw_detection person = { { 50, 50, 100, 250 }, 1 };
    struct dw_look look;
    double before_s = cpu_s();
    int runs = 0;
    for (; runs < TIMED_RUNS && (runs == 0 || cpu_s() - before_s < 2); runs++)
        if (dw_appear_run(bench->workspace, image, &person, 1, &look, NULL) < 0)
            return;
    printf("one person of 100 x 250 px: %.4f ms\n", (cpu_s() - before_s) * 1e3 / runs);
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
        if (number == 1)
            time_one(bench, &frame->image);
        r = take_frame(bench, &frame->image, number, &from, err);
    }
    return r;
}

static int by_distance(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    return (x->distance > y->distance) - (x->distance < y->distance);
}

static void add_pair(pairs *all, const struct dw_appearance *a, const struct dw_appearance *b,
                     bool same)
{
    struct pair pair = { dw_appearance_distance(a, b), same };
    if (!isnan(pair.distance))
        dw_vec_push(all, pair);
}

/* Sorts the pairs and prints the area under the curve: how often the same person is more alike. */
static void print_area(const char *what, pairs *all)
{
    double ranks = 0, same = 0;
    if (all->count == 0)
        return;
    qsort(all->items, all->count, sizeof(struct pair), by_distance);
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].same) {
            ranks += (double)i + 1;
            same++;
        }
    double different = (double)all->count - same;
    printf("%s: %.0f pairs of one person, %.0f of two: AUC %.3f\n", what, same, different,
           1 - (ranks - same * (same + 1) / 2) / (same * different));
}

static void print_veto(const pairs *all)
{
    puts("veto above   one person refused   two people refused");
    for (double veto = 0.1; veto < 0.85; veto += 0.05) {
        double refused[2] = { 0 }, count[2] = { 0 };
        for (size_t i = 0; i < all->count; i++) {
            const struct pair *pair = &all->items[i];
            count[pair->same]++;
            refused[pair->same] += pair->distance > veto;
        }
        printf("      %.2f              %5.1f %%              %5.1f %%\n", veto,
               100 * refused[1] / count[1], 100 * refused[0] / count[0]);
    }
}

static void report(const struct bench *bench)
{
    pairs all = { 0 };
    for (size_t i = 0; i < bench->views.count; i++)
        for (size_t j = 0; j < i; j++) {
            const struct view *a = &bench->views.items[j], *b = &bench->views.items[i];
            bool same = a->person == b->person;
            if (!same || b->frame - a->frame >= VIEW_GAP_S * bench->fps)
                add_pair(&all, &a->look, &b->look, same);
        }
    print_area("views", &all);
    dw_vec_clear(&all);
    for (size_t i = 0; i < bench->pieces.count; i++)
        for (size_t j = 0; j < bench->pieces.count; j++) {
            const struct piece *a = &bench->pieces.items[i], *b = &bench->pieces.items[j];
            double gap_s = (b->first - a->last) / bench->fps;
            if (gap_s >= LINK_LEAST_S && gap_s <= LINK_MOST_S)
                add_pair(&all, &a->look, &b->look, a->person == b->person);
        }
    print_area("tracks", &all);
    print_veto(&all);
    dw_vec_fini(&all);
}

int main(int argc, char **argv)
{
    struct bench bench = { .fps = argc >= 4 ? strtod(argv[3], NULL) : 0 };
    struct dw_appear_conf conf = { .model_path = argc >= 5 ? argv[4] : NULL };
    struct dw_err err = { 0 };
    if (!(bench.fps > 0) || !true_boxes_read(&bench.truths, argv[2])) {
        fprintf(stderr, "usage: bench_look VIDEO TRACKS_TRUTH.csv FPS [REID_MODEL.onnx]\n");
        return 2;
    }
    int r = dw_appear_create(&bench.appear, &conf, &err);
    if (r == 0) {
        bench.workspace = dw_appear_workspace_create(bench.appear);
        r = read_video(&bench, argv[1], &err);
    }
    if (r == 0) {
        printf("people in sight: %zu of %zu, %.4f ms each\n", bench.looked, bench.truths.count,
               bench.spent_s * 1e3 / (double)DW_MAX(bench.looked, 1));
        report(&bench);
    }
    dw_appear_workspace_destroy(bench.workspace);
    dw_appear_destroy(bench.appear);
    dw_vec_fini(&bench.truths);
    dw_vec_fini(&bench.views);
    dw_vec_fini(&bench.pieces);
    dw_vec_fini(&bench.people);
    dw_vec_fini(&bench.looks);
    if (r < 0)
        fprintf(stderr, "bench_look: %s\n", err.text);
    return r < 0;
}
