/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a model wants its picture and how its outputs are to be read. Each value can be unset (all
 * zero, but for the numbers initialised by dw_model_options_init()); what the sidecar file leaves
 * unset is filled from the layout's defaults. Plain values.
 */
#ifndef DW_ONNX_OPTIONS_H
#define DW_ONNX_OPTIONS_H

#include <stddef.h>

/* Order of the colours in the model's input. */
enum dw_channels { DW_CHANNELS_UNSET, DW_CHANNELS_BGR, DW_CHANNELS_RGB };

/* How a picture of another shape is put on the model's input. */
enum dw_fit {
    DW_FIT_UNSET,
    DW_FIT_CENTER,  /* shape kept, borders on both sides */
    DW_FIT_CORNER,  /* shape kept, picture at the top left */
    DW_FIT_STRETCH, /* shape not kept, no borders */
};

/* What the four numbers of a box are. */
enum dw_box_form {
    DW_BOX_FORM_UNSET,
    DW_BOX_FORM_GRID,     /* offsets from a cell of the grid (YOLOX before its last step) */
    DW_BOX_FORM_X1Y1X2Y2, /* left, top, right, bottom */
    DW_BOX_FORM_Y1X1Y2X2, /* top, left, bottom, right */
    DW_BOX_FORM_CXCYWH,   /* centre and size */
};

enum dw_units {
    DW_UNITS_UNSET,
    DW_UNITS_NORMALIZED, /* 0..1 of the input */
    DW_UNITS_PIXELS,     /* of the input */
};

/* What is still to be done to a score to make it 0..1. */
enum dw_activation {
    DW_ACTIVATION_UNSET,
    DW_ACTIVATION_NONE,
    DW_ACTIVATION_SIGMOID,
    DW_ACTIVATION_SOFTMAX,
};

/* Outputs a sidecar may name; a number is the stride of the grid in pixels. */
enum dw_output_role {
    DW_OUTPUT_SCORES,
    DW_OUTPUT_BOXES,
    DW_OUTPUT_LABELS,
    DW_OUTPUT_SCORES_8,
    DW_OUTPUT_SCORES_16,
    DW_OUTPUT_SCORES_32,
    DW_OUTPUT_SCORES_64,
    DW_OUTPUT_BOXES_8,
    DW_OUTPUT_BOXES_16,
    DW_OUTPUT_BOXES_32,
    DW_OUTPUT_BOXES_64,
    DW_OUTPUT_ROLE_COUNT
};

#define DW_OUTPUT_NAME_SIZE 128

struct dw_model_options {
    char layout[16]; /* "": not said */
    enum dw_channels channels;
    enum dw_fit fit;
    enum dw_box_form boxes;
    enum dw_units units;
    enum dw_activation activation;
    float mean[3], std[3]; /* (value - mean) / std, value 0..255, in the order of channels; std 0
                              unset */
    int pad;               /* brightness of the borders, 0..255; -1 unset */
    int person_class;      /* column of persons among the classes; -1 unset */
    int staff_class;       /* of a staff classifier: column of staff among its classes; -1 unset */
    int width_px, height_px; /* of the input, where the model leaves it open; 0 unset */
    int bins;                /* NanoDet: numbers per side of a box; 0 unset */
    double score, nms;       /* thresholds; negative unset; nms 1: boxes may overlap at will */
    double certain, birth; /* scores that the tracker trusts, and that make somebody new; 0 unset */
    char outputs[DW_OUTPUT_ROLE_COUNT][DW_OUTPUT_NAME_SIZE];
};

/* All unset. */
void dw_model_options_init(struct dw_model_options *options);

/* Sets what is unset in `options` to the value in `defaults`. */
void dw_model_options_fill(struct dw_model_options *options,
                           const struct dw_model_options *defaults);

#endif
