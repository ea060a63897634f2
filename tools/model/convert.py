# SPDX-License-Identifier: Apache-2.0
"""Turns a TensorFlow.js graph into ONNX, for one fixed input size.

TensorFlow computes convolutions on NHWC tensors, ONNX on NCHW, and a model that was born in NCHW
comes with a transposition around each convolution. Two things are therefore put off until a node
really needs them: the order of axes (a transposition only rewrites a Value's axis list) and
padding (which convolutions and pools take as an attribute). What is left in the result are the
transpositions that the model's outputs ask for.

To support one more kind of TensorFlow node: write a function with @handles("Kind") for values
that depend on the input, and a line in FOLDS if it also occurs among constants.
"""

from dataclasses import dataclass, replace

import numpy as np

from graph import Graph, Node
from tfjs import ModelError, tensor

NHWC_FROM_NCHW = (0, 2, 3, 1)
NCHW_FROM_NHWC = (0, 3, 1, 2)


@dataclass(frozen=True)
class Value:
    """A tensor of the ONNX graph seen through TensorFlow's eyes.

    dims are the shape in the ONNX graph; TensorFlow's axis i is ONNX's axis `axes[i]`.
    pads, if set, is padding that is still owed: (before, after) for each ONNX axis.
    bias_owner is the convolution node that could still take up an added constant.
    """

    name: str
    dims: tuple
    axes: tuple
    pads: tuple = None
    pad_value: float = 0.0
    bias_owner: Node = None

    @property
    def order(self):
        """TensorFlow's axis at each ONNX axis: the inverse of axes."""
        return tuple(int(i) for i in np.argsort(self.axes))


def _sparse_to_dense(indices, shape, values, default):
    dense = np.full(shape, default, np.asarray(values).dtype)
    for index, value in zip(np.atleast_1d(indices), np.atleast_1d(values)):
        dense[tuple(np.atleast_1d(index))] = value
    return dense


FOLDS = {
    "Add": np.add,
    "AddV2": np.add,
    "Identity": lambda x: x,
    "Mul": np.multiply,
    "SparseToDense": _sparse_to_dense,
    "Sub": np.subtract,
}
HANDLERS = {}


def handles(*kinds):
    def register(function):
        HANDLERS.update(dict.fromkeys(kinds, function))
        return function

    return register


class Converter:
    def __init__(self, source, height, width):
        if height % 32 or width % 32 or min(height, width) < 32:
            raise ModelError(f"input size {width}x{height}: width and height must be multiples of 32")
        self.source = source
        self.graph = Graph()
        batch, channels, declared_height, declared_width = source.input_shape
        self.growth = (height / declared_height, width / declared_width)
        dims = (batch, channels, height, width)
        self.graph.inputs["input"] = dims
        self.values = {source.input_name: Value("input", dims, (0, 1, 2, 3))}
        self.uses = {}
        for node in source.nodes.values():
            for name in node.inputs:
                self.uses[name] = self.uses.get(name, 0) + 1

    def convert(self, output_names):
        """output_names: TensorFlow's output tensor -> its name in the ONNX model."""
        for node in self._sorted(output_names):
            self._node(node)
        for old, new in output_names.items():
            value = self.values[tensor(old)]
            name = self.bring(value, range(len(value.dims)))
            self.graph.rename(name, new)
            self.graph.outputs[new] = tuple(value.dims[axis] for axis in value.axes)
        return self.graph

    def _sorted(self, outputs):
        """The nodes that the outputs need, each after the ones it reads; a loop, as graphs are deep."""
        done, order = set(), []
        stack = [(tensor(name), False) for name in reversed(list(outputs))]
        while stack:
            name, inputs_done = stack.pop()
            node = self.source.nodes.get(name.rsplit(":", 1)[0])
            if node is None:
                raise ModelError(f"the model reads tensor '{name}', which no node makes")
            if inputs_done:
                order.append(node)
            elif name not in self.values and node.name not in done:
                done.add(node.name)
                stack.append((name, True))
                stack.extend((inner, False) for inner in reversed(node.inputs))
        return order

    def _node(self, node):
        if node.kind == "Const":
            results = [self.source.weights[node.name]]
        else:
            inputs = [self.values[name] for name in node.inputs]
            if all(isinstance(value, np.ndarray) for value in inputs):
                results = [self._table(FOLDS, node)(*inputs)]
            else:
                results = self._table(HANDLERS, node)(self, node, *inputs)
                results = results if isinstance(results, list) else [results]
        for index, result in enumerate(results):
            self.values[f"{node.name}:{index}"] = result

    @staticmethod
    def _table(table, node):
        if node.kind not in table:
            raise ModelError(f"node '{node.name}' is of kind {node.kind}, which is not supported")
        return table[node.kind]

    def bring(self, value, order):
        """The name of a tensor with TensorFlow's axes in the given order; padding is settled."""
        value = self.settle(value)
        permutation = [value.axes[axis] for axis in order]
        if permutation == sorted(permutation):
            return value.name
        return self.graph.add("Transpose", [value.name], perm=permutation).outputs[0]

    def settle(self, value):
        """Adds a Pad node for padding that the next node cannot take as an attribute."""
        if value.pads is None:
            return value
        amounts = np.array(value.pads, np.int64).T.reshape(-1)
        inputs = [value.name, self.graph.weight("pads", amounts)]
        inputs.append(self.graph.weight("pad_value", np.float32(value.pad_value)))
        name = self.graph.add("Pad", inputs, mode="constant").outputs[0]
        dims = tuple(d + sum(p) for d, p in zip(value.dims, value.pads))
        return Value(name, dims, value.axes)

    def window(self, value, padding, kernel, strides, pad_value):
        """What a convolution or pool over an image shares: (input tensor, output size, attributes)."""
        spatial = [value.axes[1], value.axes[2]]
        owed = value.pads and value.pad_value == pad_value
        rest = value.pads and any(p != (0, 0) for i, p in enumerate(value.pads) if i not in spatial)
        if not owed or rest:
            value = self.settle(value)
        plain = replace(value, pads=None)
        pads = [value.pads[axis] if value.pads else (0, 0) for axis in spatial]
        size = [value.dims[axis] + sum(pad) for axis, pad in zip(spatial, pads)]
        if padding == "SAME":
            pads = [_same(*both, p) for *both, p in zip(size, kernel, strides, pads)]
            size = [value.dims[axis] + sum(pad) for axis, pad in zip(spatial, pads)]
        elif padding != "VALID":
            raise ModelError(f"padding '{padding}' is not supported")
        attrs = {
            "kernel_shape": list(kernel),
            "strides": list(strides),
            "pads": [pads[0][0], pads[1][0], pads[0][1], pads[1][1]],
        }
        result = [(s - k) // stride + 1 for s, k, stride in zip(size, kernel, strides)]
        return self.bring(plain, NCHW_FROM_NHWC), result, attrs


def _same(size, kernel, stride, pads):
    """TensorFlow's SAME padding of one axis, on top of what is owed already."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return pads[0] + total // 2, pads[1] + total - total // 2


def _image(name, channels, size):
    return Value(name, (1, channels, *size), NHWC_FROM_NCHW)


@handles("Conv2D")
def _conv(to, node, value, kernel):
    attrs = node.attrs
    if attrs.get("data_format", "NHWC") != "NHWC" or set(attrs.get("dilations", [1])) != {1}:
        raise ModelError(f"convolution '{node.name}': only undilated NHWC is supported")
    if not isinstance(kernel, np.ndarray):
        raise ModelError(f"convolution '{node.name}': its weights are not constant")
    tensor_name, size, onnx = to.window(
        value, attrs["padding"], kernel.shape[:2], attrs["strides"][1:3], 0.0
    )
    weights = to.graph.weight("weight", kernel.transpose(3, 2, 0, 1).astype(np.float32))
    made = to.graph.add("Conv", [tensor_name, weights], **onnx)
    alone = to.uses[f"{node.name}:0"] == 1
    return replace(
        _image(made.outputs[0], kernel.shape[3], size), bias_owner=made if alone else None
    )


@handles("MaxPool")
def _max_pool(to, node, value):
    attrs = node.attrs
    lowest = value.pad_value if value.pads and value.pad_value <= np.finfo(np.float32).min else None
    tensor_name, size, onnx = to.window(
        value, attrs["padding"], attrs["ksize"][1:3], attrs["strides"][1:3], lowest
    )
    made = to.graph.add("MaxPool", [tensor_name], **onnx)
    return _image(made.outputs[0], value.dims[value.axes[3]], size)


@handles("ResizeBilinear")
def _resize(to, node, value, size):
    """The target size in the model is for its declared input; it grows with ours."""
    if not node.attrs.get("half_pixel_centers") or node.attrs.get("align_corners"):
        raise ModelError(f"resize '{node.name}': only half-pixel centres are supported")
    target = [int(round(float(s) * growth)) for s, growth in zip(size, to.growth)]
    name = to.bring(value, NCHW_FROM_NHWC)
    channels = value.dims[value.axes[3]]
    sizes = to.graph.weight("sizes", np.array([1, channels, *target], np.int64))
    made = to.graph.add(
        "Resize", [name, "", "", sizes], mode="linear", coordinate_transformation_mode="half_pixel"
    )
    return _image(made.outputs[0], channels, target)


@handles("Pad", "PadV2")
def _pad(to, node, value, amounts, fill=np.float32(0)):
    value = to.settle(value)
    pads = tuple(tuple(int(n) for n in amounts[axis]) for axis in value.order)
    if not any(map(any, pads)):
        return value
    return replace(value, pads=pads, pad_value=float(fill), bias_owner=None)


@handles("Transpose")
def _transpose(to, node, value, permutation):
    axes = tuple(value.axes[int(axis)] for axis in permutation)
    return replace(value, axes=axes, bias_owner=None)


@handles("Identity")
def _identity(to, node, value):
    return value


@handles("Add", "AddV2")
def _add(to, node, left, right):
    if isinstance(left, np.ndarray):
        left, right = right, left
    if isinstance(right, np.ndarray):
        return _add_constant(to, left, right)
    left = to.settle(left)
    other = to.bring(right, left.order)
    if sorted(left.dims) != sorted(right.dims):
        raise ModelError(f"sum '{node.name}': its two sides differ in shape")
    return Value(to.graph.add("Add", [left.name, other]).outputs[0], left.dims, left.axes)


def _add_constant(to, value, constant):
    value = to.settle(value)
    rank = len(value.dims)
    shaped = constant.reshape((1,) * (rank - constant.ndim) + constant.shape)
    shaped = shaped.transpose(value.order).astype(np.float32)
    if value.bias_owner is not None and shaped.size == shaped.shape[1] == value.dims[1]:
        value.bias_owner.inputs.append(to.graph.weight("bias", shaped.reshape(-1)))
        return replace(value, bias_owner=None)
    made = to.graph.add("Add", [value.name, to.graph.weight("addend", shaped)])
    return Value(made.outputs[0], value.dims, value.axes)


def _unary(kind, **fixed):
    def handler(to, node, value):
        value = to.settle(value)
        attrs = {key: node.attrs.get(key, default) for key, default in fixed.items()}
        made = to.graph.add(kind, [value.name], **attrs)
        return Value(made.outputs[0], value.dims, value.axes)

    return handler


HANDLERS["LeakyRelu"] = _unary("LeakyRelu", alpha=0.2)
HANDLERS["Relu"] = _unary("Relu")
HANDLERS["Sigmoid"] = _unary("Sigmoid")


@handles("ConcatV2")
def _concat(to, node, first, *others):
    *others, axis = others
    first = to.settle(first)
    onnx_axis = first.axes[int(axis)]
    names = [first.name] + [to.bring(other, first.order) for other in others]
    dims = list(first.dims)
    dims[onnx_axis] += sum(other.dims[other.axes[int(axis)]] for other in others)
    made = to.graph.add("Concat", names, axis=onnx_axis)
    return Value(made.outputs[0], tuple(dims), first.axes)


@handles("SplitV")
def _split(to, node, value, sizes, axis):
    value = to.settle(value)
    onnx_axis = value.axes[int(axis)]
    weight = to.graph.weight("split_sizes", sizes.astype(np.int64))
    made = to.graph.add("Split", [value.name, weight], len(sizes), axis=onnx_axis)
    parts = []
    for name, size in zip(made.outputs, sizes):
        dims = value.dims[:onnx_axis] + (int(size),) + value.dims[onnx_axis + 1 :]
        parts.append(Value(name, dims, value.axes))
    return parts


@handles("Reshape")
def _reshape(to, node, value, shape):
    name = to.bring(value, range(len(value.dims)))
    shape = [int(n) for n in shape]
    if -1 in shape:
        known = -int(np.prod(shape))
        shape[shape.index(-1)] = int(np.prod(value.dims)) // known
    if np.prod(shape) != np.prod(value.dims):
        raise ModelError(f"reshape '{node.name}': {value.dims} does not fit into {shape}")
    made = to.graph.add("Reshape", [name, to.graph.weight("shape", np.array(shape, np.int64))])
    return Value(made.outputs[0], tuple(shape), tuple(range(len(shape))))
