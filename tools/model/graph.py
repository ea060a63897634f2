# SPDX-License-Identifier: Apache-2.0
"""A small ONNX graph under construction: plain records that turn into a model file at the end.

Nodes are kept in an order in which each one's inputs come before it. Weights are numpy arrays by
name. The same graph and the same metadata always give the same bytes.
"""

from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 13
IR_VERSION = 8


@dataclass
class Node:
    kind: str
    inputs: list
    outputs: list
    attrs: dict = field(default_factory=dict)


@dataclass
class Graph:
    """inputs and outputs map a tensor's name to its shape; both are float32."""

    inputs: dict = field(default_factory=dict)
    outputs: dict = field(default_factory=dict)
    nodes: list = field(default_factory=list)
    weights: dict = field(default_factory=dict)
    counts: dict = field(default_factory=dict)

    def name(self, stem):
        """A fresh name, numbered in the order of construction: conv_1, conv_2, ..."""
        self.counts[stem] = self.counts.get(stem, 0) + 1
        return f"{stem}_{self.counts[stem]}"

    def weight(self, stem, array):
        name = self.name(stem)
        self.weights[name] = np.array(array, order="C")
        return name

    def add(self, kind, inputs, outputs=1, **attrs):
        """Appends a node and returns it; its outputs are named after its kind."""
        stem = kind.lower()
        node = Node(kind, list(inputs), [self.name(stem) for _ in range(outputs)], attrs)
        self.nodes.append(node)
        return node

    def rename(self, old, new):
        for node in self.nodes:
            node.inputs = [new if name == old else name for name in node.inputs]
            node.outputs = [new if name == old else name for name in node.outputs]

    def producers(self):
        return {name: node for node in self.nodes for name in node.outputs}

    def model(self, metadata):
        """The finished, checked onnx.ModelProto."""
        used = {name for node in self.nodes for name in node.inputs}
        proto = helper.make_graph(
            [helper.make_node(n.kind, n.inputs, n.outputs, **n.attrs) for n in self.nodes],
            "dwell",
            [_tensor_info(name, shape) for name, shape in self.inputs.items()],
            [_tensor_info(name, shape) for name, shape in self.outputs.items()],
            [numpy_helper.from_array(a, name) for name, a in self.weights.items() if name in used],
        )
        model = helper.make_model(proto, opset_imports=[helper.make_opsetid("", OPSET)])
        model.ir_version = IR_VERSION
        model.producer_name = "dwell"
        for key in sorted(metadata):
            model.metadata_props.add(key=key, value=str(metadata[key]))
        onnx.checker.check_model(model)
        return model


def _tensor_info(name, shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))
