/* SPDX-License-Identifier: Apache-2.0 */
/* The files of telling staff from shoppers: whatever is taken can be used. */
#include <assert.h>
#include <math.h>
#include <stdint.h>

#include "conf/staff_file.h"
#include "conf/staff_switch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_set(const char *text, size_t size)
{
    struct dw_staff_set set = { 0 };
    struct dw_err err = { { 0 } };
    float mean[DW_LOOK_MAX];
    int r = dw_staff_set_parse(&set, text, size, &err);
    assert((r == 0) == (err.text[0] == '\0'));
    for (size_t i = 0; r == 0 && i < set.tracks.count; i++)
        assert(dw_staff_views_mean(&set.tracks.items[i].track.views, mean));
    dw_staff_set_fini(&set);
}

static void read_model(const char *text, size_t size)
{
    static struct dw_staff_model model;
    struct dw_staff_origin origin;
    struct dw_err err = { { 0 } };
    struct dw_staff_views views = { .count = { 1, 0 } };
    int r = dw_staff_model_parse(&model, &origin, text, size, &err);
    assert((r == 0) == (err.text[0] == '\0'));
    views.size = model.size;
    if (r == 0) {
        struct dw_staff_verdict verdict = dw_staff_judge(&model, &model.usual, &views, 0.9);
        assert(verdict.p >= 0 && verdict.p <= 1);
    }
}

static void read_labels(const uint8_t *data, size_t size)
{
    struct dw_staff_set set = { 0 };
    struct dw_err err = { { 0 } };
    struct dw_buf text = { 0 };
    dw_buf_append(&text, data, size);
    dw_vec_add(&set.tracks)->number = 3;
    int r = dw_staff_labels_parse(&set, dw_buf_text(&text), &err);
    assert((r == 0) == (err.text[0] == '\0'));
    dw_staff_set_fini(&set);
    dw_buf_fini(&text);
}

static void read_switches(const uint8_t *data, size_t size)
{
    struct dw_staff_switches switches = { 0 };
    struct dw_err err = { { 0 } };
    struct dw_buf text = { 0 };
    dw_buf_append(&text, data, size);
    int r = dw_staff_switches_parse(&switches, dw_buf_text(&text), &err);
    assert((r == 0) == (err.text[0] == '\0'));
    for (size_t i = 0; r == 0 && i < switches.count; i++)
        assert(switches.items[i].model[0] == '\0' ||
               dw_staff_name_is_good(switches.items[i].model));
    dw_vec_fini(&switches);
    dw_buf_fini(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_set((const char *)data, size);
    read_model((const char *)data, size);
    read_labels(data, size);
    read_switches(data, size);
    return 0;
}
