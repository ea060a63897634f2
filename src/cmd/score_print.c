/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/score_print.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/json_writer.h"

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

void dw_score_print_heading(void)
{
    printf("%-22s %5s %5s %5s %5s %6s %5s %5s %7s %6s %7s %7s %7s %9s %7s\n", "sequence", "true",
           "meas.", "P", "R", "F1", "F1t", "MAE", "rel.err", "bias", "count", "people", "end2end",
           "10s found", "occup.");
}

void dw_score_print_row(const char *name, const struct dw_score *score)
{
    printf("%-22.22s %5d %5d %5.3f %5.3f %6.3f %5.3f %5.2f %7.3f %+6.3f %+7.3f %+7.3f %7.3f "
           "%5d/%-3d %7.2f\n",
           name, score->true_visits, score->measured_visits, dw_score_precision(score),
           dw_score_recall(score), dw_score_f1(score), dw_score_f1_in_time(score),
           share(score->dwell_error_s, score->matched),
           share(score->relative_error, score->matched), dw_score_bias(score),
           dw_score_count_error(score), dw_score_people_error(score),
           share(score->missed_dwell_s, score->true_dwell_s), score->long_found, score->long_true,
           share(score->occupancy_error, score->occupancy_samples));
}

void dw_score_print_tracks_heading(void)
{
    printf("\n%-22s %6s %6s %6s %6s %7s %8s\n", "sequence", "HOTA", "DetA", "AssA", "IDF1", "MOTA",
           "switches");
}

void dw_score_print_tracks_row(const char *name, const struct dw_mot *mot)
{
    printf("%-22.22s %6.3f %6.3f %6.3f %6.3f %+7.3f %8lld\n", name, dw_mot_hota(mot),
           dw_mot_detection_accuracy(mot), dw_mot_association_accuracy(mot), dw_mot_idf1(mot),
           dw_mot_mota(mot), (long long)mot->switches);
}

static void print_tracks_json(struct dw_json_writer *json, const struct dw_mot *mot)
{
    dw_json_real(json, "hota", dw_mot_hota(mot), 4);
    dw_json_real(json, "det_a", dw_mot_detection_accuracy(mot), 4);
    dw_json_real(json, "ass_a", dw_mot_association_accuracy(mot), 4);
    dw_json_real(json, "idf1", dw_mot_idf1(mot), 4);
    dw_json_real(json, "mota", dw_mot_mota(mot), 4);
    dw_json_integer(json, "id_switches", mot->switches);
}

void dw_score_print_json(const char *name, const struct dw_score *score, const struct dw_mot *mot,
                         bool oracle)
{
    struct dw_buf text = { 0 };
    struct dw_json_writer json = { .out = &text };
    dw_json_object_begin(&json, NULL);
    dw_json_string(&json, "sequence", name);
    if (oracle)
        dw_json_bool(&json, "oracle", true);
    dw_json_integer(&json, "true_visits", score->true_visits);
    dw_json_integer(&json, "measured_visits", score->measured_visits);
    dw_json_integer(&json, "matched", score->matched);
    dw_json_real(&json, "precision", dw_score_precision(score), 4);
    dw_json_real(&json, "recall", dw_score_recall(score), 4);
    dw_json_real(&json, "f1", dw_score_f1(score), 4);
    dw_json_real(&json, "f1_in_time", dw_score_f1_in_time(score), 4);
    dw_json_real(&json, "dwell_mae_s", share(score->dwell_error_s, score->matched), 4);
    dw_json_real(&json, "dwell_relative_error", share(score->relative_error, score->matched), 4);
    dw_json_real(&json, "dwell_bias", dw_score_bias(score), 4);
    dw_json_real(&json, "count_error", dw_score_count_error(score), 4);
    dw_json_real(&json, "zone_count_error", share(score->zone_count_error, score->zones), 4);
    dw_json_real(&json, "people_error", dw_score_people_error(score), 4);
    dw_json_real(&json, "end_to_end_error", share(score->missed_dwell_s, score->true_dwell_s), 4);
    dw_json_integer(&json, "long_true", score->long_true);
    dw_json_integer(&json, "long_found", score->long_found);
    dw_json_real(&json, "long_relative_error", share(score->long_relative_error, score->long_found),
                 4);
    dw_json_real(&json, "occupancy_error", share(score->occupancy_error, score->occupancy_samples),
                 4);
    if (mot != NULL)
        print_tracks_json(&json, mot);
    dw_json_object_end(&json);
    puts(dw_buf_text(&text));
    dw_buf_fini(&text);
}
