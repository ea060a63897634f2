/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The numbers that go into a model and come out of it: a name, a shape, the values row by row.
 * Plain values; name and data belong to whoever made them.
 */
#ifndef DW_ONNX_TENSOR_H
#define DW_ONNX_TENSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DW_TENSOR_RANK_MAX 6

enum dw_element {
    DW_ELEMENT_OTHER, /* nothing we can read */
    DW_ELEMENT_FLOAT,
    DW_ELEMENT_UINT8,
    DW_ELEMENT_INT32,
    DW_ELEMENT_INT64,
};

struct dw_tensor {
    const char *name;
    enum dw_element element;
    size_t rank;
    int64_t shape[DW_TENSOR_RANK_MAX]; /* -1: the model leaves it open */
    void *data;                        /* NULL in a mere description */
};

struct dw_tensors {
    const struct dw_tensor *items;
    size_t count;
};

/* A tensor of floats seen as rows (anchors, cells, candidates) of `width` numbers. */
struct dw_table {
    const float *values;
    size_t rows, width;
};

/*
 * [1,N,W], [1,N,1,W] and [N,W] are N rows of W, [1,N] and [N] are N rows of one. False when the
 * tensor is anything else or not of floats.
 */
bool dw_tensor_table(const struct dw_tensor *tensor, struct dw_table *table);

/* Bytes of the values; 0 when a dimension is open or the product overflows. */
size_t dw_tensor_size(const struct dw_tensor *tensor);

/* "name [1,3549,85], ...", cut to fit. Returns `text`. */
const char *dw_tensors_describe(char *text, size_t size, struct dw_tensors tensors);

/* The first tensor called `name`, or -1. */
int dw_tensors_find(struct dw_tensors tensors, const char *name);

#endif
