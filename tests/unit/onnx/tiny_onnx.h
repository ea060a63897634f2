/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes the smallest ONNX models that can stand for a detector: they ignore their inputs and
 * answer the same numbers every time. The file format is Protocol Buffers, a page of code.
 */
#ifndef DW_TESTS_TINY_ONNX_H
#define DW_TESTS_TINY_ONNX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TINY_FLOAT = 1, TINY_UINT8 = 2, TINY_INT64 = 7, TINY_FLOAT16 = 10 };

struct tiny_tensor {
    const char *name;
    int element;
    size_t rank;
    int64_t shape[5];
    const void *data; /* of an output; NULL: zeros */
    bool open;        /* the model does not say how long its sides are */
};

struct tiny_model {
    const struct tiny_tensor *inputs;
    size_t input_count;
    const struct tiny_tensor *outputs;
    size_t output_count;
    const char *layout; /* metadata dwell.layout, or NULL */
};

/* Writes all but the last `cut` bytes. */
void tiny_model_write(const struct tiny_model *model, const char *path, size_t cut);

#endif
