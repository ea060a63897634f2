/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/onnx/tiny_onnx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"

/* Field numbers of onnx.proto3. */
enum { MODEL_IR_VERSION = 1, MODEL_GRAPH = 7, MODEL_OPSETS = 8, MODEL_METADATA = 14 };
enum { OPSET_VERSION = 2 };
enum { ENTRY_KEY = 1, ENTRY_VALUE = 2 };
enum {
    GRAPH_NODES = 1,
    GRAPH_NAME = 2,
    GRAPH_CONSTANTS = 5,
    GRAPH_INPUTS = 11,
    GRAPH_OUTPUTS = 12
};
enum { NODE_INPUT = 1, NODE_OUTPUT = 2, NODE_OPERATOR = 4 };
enum { TENSOR_SHAPE = 1, TENSOR_ELEMENT = 2, TENSOR_NAME = 8, TENSOR_BYTES = 9 };
enum { VALUE_NAME = 1, VALUE_TYPE = 2 };

static void add_varint(struct dw_buf *out, uint64_t value)
{
    while (value >= 0x80) {
        uint8_t byte = (uint8_t)(value | 0x80);
        dw_buf_append(out, &byte, 1);
        value >>= 7;
    }
    uint8_t byte = (uint8_t)value;
    dw_buf_append(out, &byte, 1);
}

static void add_number(struct dw_buf *out, int field, int64_t value)
{
    add_varint(out, (uint64_t)field << 3);
    add_varint(out, (uint64_t)value);
}

static void add_bytes(struct dw_buf *out, int field, const void *bytes, size_t length)
{
    add_varint(out, (uint64_t)field << 3 | 2);
    add_varint(out, length);
    dw_buf_append(out, bytes, length);
}

static void add_text(struct dw_buf *out, int field, const char *text)
{
    add_bytes(out, field, text, strlen(text));
}

/* Puts `part` into `out` and empties it. */
static void add_part(struct dw_buf *out, int field, struct dw_buf *part)
{
    add_bytes(out, field, dw_buf_text(part), part->length);
    dw_buf_fini(part);
}

static void add_value(struct dw_buf *graph, int field, const struct tiny_tensor *tensor)
{
    struct dw_buf shape = { 0 }, type = { 0 }, kind = { 0 }, value = { 0 };
    for (size_t i = 0; i < tensor->rank; i++) {
        struct dw_buf side = { 0 };
        if (tensor->open || tensor->shape[i] < 0)
            add_bytes(&side, 2, &"NABCD"[i], 1); /* any name will do */
        else
            add_number(&side, 1, tensor->shape[i]);
        add_part(&shape, 1, &side);
    }
    add_number(&type, 1, tensor->element);
    add_part(&type, 2, &shape);
    add_part(&kind, 1, &type);
    add_text(&value, VALUE_NAME, tensor->name);
    add_part(&value, VALUE_TYPE, &kind);
    add_part(graph, field, &value);
}

static size_t size_of(const struct tiny_tensor *tensor)
{
    size_t size = tensor->element == TINY_INT64     ? 8
                  : tensor->element == TINY_FLOAT   ? 4
                  : tensor->element == TINY_FLOAT16 ? 2
                                                    : 1;
    for (size_t i = 0; i < tensor->rank; i++)
        size *= (size_t)tensor->shape[i];
    return size;
}

static void add_constant(struct dw_buf *graph, const struct tiny_tensor *tensor, const char *name)
{
    struct dw_buf constant = { 0 };
    size_t size = size_of(tensor);
    void *zeros = dw_alloc0(size);
    for (size_t i = 0; i < tensor->rank; i++)
        add_number(&constant, TENSOR_SHAPE, tensor->shape[i]);
    add_number(&constant, TENSOR_ELEMENT, tensor->element);
    add_text(&constant, TENSOR_NAME, name);
    add_bytes(&constant, TENSOR_BYTES, tensor->data != NULL ? tensor->data : zeros, size);
    add_part(graph, GRAPH_CONSTANTS, &constant);
    free(zeros);
}

static void add_output(struct dw_buf *graph, const struct tiny_tensor *tensor)
{
    struct dw_buf node = { 0 };
    char constant[80];
    snprintf(constant, sizeof(constant), "%s_constant", tensor->name);
    add_text(&node, NODE_INPUT, constant);
    add_text(&node, NODE_OUTPUT, tensor->name);
    add_text(&node, NODE_OPERATOR, "Identity");
    add_part(graph, GRAPH_NODES, &node);
    add_constant(graph, tensor, constant);
    add_value(graph, GRAPH_OUTPUTS, tensor);
}

void tiny_model_write(const struct tiny_model *model, const char *path, size_t cut)
{
    struct dw_buf graph = { 0 }, opset = { 0 }, file = { 0 };
    for (size_t i = 0; i < model->output_count; i++)
        add_output(&graph, &model->outputs[i]);
    add_text(&graph, GRAPH_NAME, "tiny");
    for (size_t i = 0; i < model->input_count; i++)
        add_value(&graph, GRAPH_INPUTS, &model->inputs[i]);
    add_number(&opset, OPSET_VERSION, 13);
    add_number(&file, MODEL_IR_VERSION, 8);
    add_part(&file, MODEL_GRAPH, &graph);
    add_part(&file, MODEL_OPSETS, &opset);
    if (model->layout != NULL) {
        struct dw_buf entry = { 0 };
        add_text(&entry, ENTRY_KEY, "dwell.layout");
        add_text(&entry, ENTRY_VALUE, model->layout);
        add_part(&file, MODEL_METADATA, &entry);
    }
    FILE *out = fopen(path, "wbe");
    if (out == NULL || fwrite(file.data, 1, file.length - cut, out) != file.length - cut)
        abort();
    fclose(out);
    dw_buf_fini(&file);
}
