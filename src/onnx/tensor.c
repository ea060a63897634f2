/* SPDX-License-Identifier: Apache-2.0 */
#include "onnx/tensor.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"

static size_t element_size(enum dw_element element)
{
    switch (element) {
    case DW_ELEMENT_UINT8:
        return 1;
    case DW_ELEMENT_FLOAT:
    case DW_ELEMENT_INT32:
        return 4;
    case DW_ELEMENT_INT64:
        return 8;
    case DW_ELEMENT_OTHER:
        break;
    }
    return 0;
}

size_t dw_tensor_size(const struct dw_tensor *tensor)
{
    size_t size = element_size(tensor->element);
    for (size_t i = 0; i < tensor->rank; i++)
        if (tensor->shape[i] < 0 || __builtin_mul_overflow(size, (size_t)tensor->shape[i], &size))
            return 0;
    return size;
}

bool dw_tensor_table(const struct dw_tensor *tensor, struct dw_table *table)
{
    if (tensor->element != DW_ELEMENT_FLOAT || tensor->rank < 1)
        return false;
    bool list = tensor->rank == 1 || (tensor->rank == 2 && tensor->shape[0] == 1);
    if (list) {
        *table = (struct dw_table){ tensor->data, (size_t)tensor->shape[tensor->rank - 1], 1 };
        return true;
    }
    if (tensor->rank > 2 && tensor->shape[0] != 1)
        return false;
    size_t rows = (size_t)tensor->shape[0];
    for (size_t i = 1; i + 1 < tensor->rank; i++) {
        if (rows != 1 && tensor->shape[i] != 1)
            return false; /* a feature map, not a list */
        rows *= (size_t)tensor->shape[i];
    }
    *table = (struct dw_table){ tensor->data, rows, (size_t)tensor->shape[tensor->rank - 1] };
    return true;
}

const char *dw_tensors_describe(char *text, size_t size, struct dw_tensors tensors)
{
    struct dw_buf list = { 0 };
    for (size_t i = 0; i < tensors.count; i++) {
        const struct dw_tensor *tensor = &tensors.items[i];
        dw_buf_printf(&list, "%s%s [", i > 0 ? ", " : "", tensor->name);
        for (size_t j = 0; j < tensor->rank; j++)
            dw_buf_printf(&list, "%s%lld", j > 0 ? "," : "", (long long)tensor->shape[j]);
        dw_buf_puts(&list, "]");
    }
    int length = snprintf(text, size, "%s", dw_buf_text(&list));
    if ((size_t)length >= size && size > 4)
        memcpy(text + size - 4, "...", 4);
    dw_buf_fini(&list);
    return text;
}

int dw_tensors_find(struct dw_tensors tensors, const char *name)
{
    for (size_t i = 0; i < tensors.count; i++)
        if (strcmp(tensors.items[i].name, name) == 0)
            return (int)i;
    return -1;
}
