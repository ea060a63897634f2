# SPDX-License-Identifier: Apache-2.0
"""Turns a float graph into an 8-bit one: quantise/dequantise pairs which the runtime fuses.

Activations become unsigned 8-bit with a zero point, one scale a tensor, from measured ranges.
Weights become signed 8-bit, symmetric, one scale an output channel; biases 32-bit. The last
convolutions, whose outputs are the model's answers, stay in float: they cost little and their
precision is the precision of the boxes.
"""

import numpy as np

from graph import Graph, Node

KINDS = {"Add", "Concat", "Conv", "LeakyRelu", "MaxPool", "Resize"}
SAME_SCALE = {"MaxPool", "Resize"}  # the runtime computes these on the 8-bit values as they are


def _quantised(graph):
    """The nodes to compute in 8 bits: all of KINDS but the convolutions that make the answers."""
    split = {node.inputs[0] for node in graph.nodes if node.kind == "Split"}
    ends = split | set(graph.outputs)
    return [n for n in graph.nodes if n.kind in KINDS and not ends & set(n.outputs)]


def tensors_to_measure(graph):
    """Names of the tensors whose ranges quantise() wants."""
    nodes = _quantised(graph)
    outputs = [node.outputs[0] for node in nodes if node.kind not in SAME_SCALE]
    return [name for name in graph.inputs] + outputs


def _activation_scale(low, high):
    low, high = min(low, 0.0), max(high, 0.0)
    scale = np.float32(max((high - low) / 255.0, 1e-8))
    return scale, np.uint8(np.clip(round(-low / float(scale)), 0, 255))


class _Quantiser:
    def __init__(self, source, ranges, weight_bits):
        self.source = source
        self.ranges = ranges
        self.weight_limit = 2 ** (weight_bits - 1) - 1
        self.graph = Graph(dict(source.inputs), dict(source.outputs), [], dict(source.weights))
        self.producers = source.producers()
        self.nodes = {id(node) for node in _quantised(source)}
        self.exact = {}  # tensor -> what stands for it after its trip through 8 bits
        self.scales = {}

    def run(self):
        for name in self.source.inputs:
            self._round_trip(name)
        for node in self.source.nodes:
            inputs = [self.exact.get(name, name) for name in node.inputs]
            chosen = id(node) in self.nodes
            if chosen and node.kind == "Conv":
                inputs[1:] = self._conv_weights(node)
            self.graph.nodes.append(Node(node.kind, inputs, node.outputs, node.attrs))
            if chosen:
                self._round_trip(node.outputs[0])
        return self.graph

    def _scale(self, name):
        node = self.producers.get(name)
        if node is not None and node.kind in SAME_SCALE and id(node) in self.nodes:
            return self.scales[node.inputs[0]]
        if name not in self.ranges:
            raise KeyError(f"no measured range for tensor '{name}'; run calibrate.py again")
        scale, zero = _activation_scale(*self.ranges[name])
        graph = self.graph
        return scale, [graph.weight("scale", scale), graph.weight("zero", zero)]

    def _round_trip(self, name):
        self.scales[name] = self._scale(name)
        _, parameters = self.scales[name]
        made = self.graph.add("QuantizeLinear", [name, *parameters])
        back = self.graph.add("DequantizeLinear", [made.outputs[0], *parameters])
        self.exact[name] = back.outputs[0]

    def _conv_weights(self, node):
        weights = self.source.weights[node.inputs[1]]
        peaks = np.abs(weights).reshape(len(weights), -1).max(axis=1)
        scales = np.maximum(peaks / self.weight_limit, 1e-10).astype(np.float32)
        packed = np.rint(weights / scales[:, None, None, None])
        packed = np.clip(packed, -self.weight_limit, self.weight_limit).astype(np.int8)
        result = [self._constant("weight_q", packed, scales)]
        if len(node.inputs) > 2:
            bias_scales = scales * self.scales[node.inputs[0]][0]
            bias = np.rint(self.source.weights[node.inputs[2]].astype(np.float64) / bias_scales)
            limit = 2**31 - 1
            bias = np.clip(bias, -limit, limit).astype(np.int32)
            result.append(self._constant("bias_q", bias, bias_scales))
        return result

    def _constant(self, stem, packed, scales):
        graph = self.graph
        inputs = [graph.weight(stem, packed), graph.weight("scales", scales)]
        inputs.append(graph.weight("zeros", np.zeros(len(scales), packed.dtype)))
        return graph.add("DequantizeLinear", inputs, axis=0).outputs[0]


def quantise(graph, ranges, weight_bits=8):
    """A new graph. ranges: tensor -> (low, high). Use 7 weight bits for CPUs whose 8-bit
    multiply-add saturates (x86 without VNNI)."""
    return _Quantiser(graph, ranges, weight_bits).run()
