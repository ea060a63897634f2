#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A film of a shop whose staff wear red, and a detector that finds everybody in it.

    tests/e2e/staff_film.py FOLDER

Writes film.y4m, person.onnx and person.json: two rows of eight people who come, stay, and go; in
the first row and the second, every other one is staff. The detector calls bright what stands in
one of the sixteen places a person, so that who is found depends on nothing that was trained. Beside
them vest.onnx, which calls staff whoever has much more red than green and blue before the chest, and
looks.onnx, which answers the mean colours of shirt and trousers, as a ReID model would.
"""

import json
import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

WIDTH, HEIGHT, FPS, SECONDS = 320, 240, 10, 7
COME, GO = 0.3, 5.5  # when people come and go, seconds
ROWS, PLACES, PITCH = (8, 128), 8, WIDTH // 8
WIDE, HIGH = 28, 100
INPUT, SCALE = 64, 5
CANDIDATES = 84  # of YOLOX at 64 x 64: 8 x 8, 4 x 4 and 2 x 2
BRIGHT, SURE = 20, 0.9  # of 255

RED = (200, 30, 35)
SHIRTS = ((40, 160, 70), (50, 80, 190), (220, 220, 215), (210, 190, 60), (120, 120, 125), (90, 60, 40))
TROUSERS = ((40, 45, 80), (60, 60, 60), (110, 90, 60), (70, 90, 120), (90, 95, 90))

PLAIN = {"mean": [0, 0, 0], "std": [1, 1, 1]}


def people():
    """(left, top, shirt, trousers) of everybody."""
    for row, top in enumerate(ROWS):
        for place in range(PLACES):
            number = row * PLACES + place
            shirt = RED if number % 2 == 0 else SHIRTS[number // 2 % len(SHIRTS)]
            yield place * PITCH + (PITCH - WIDE) // 2, top, shirt, TROUSERS[number % len(TROUSERS)]


def picture(second, grain):
    """RGB; everybody sways a little."""
    rgb = np.zeros((HEIGHT, WIDTH, 3))
    if COME <= second < GO:
        for number, (left, top, shirt, trousers) in enumerate(people()):
            x = left + round(np.sin(2 * second + number))
            for part, first, end in ((shirt, 0.18, 0.55), (trousers, 0.55, 1)):
                rgb[top + int(HIGH * first) : top + int(HIGH * end), x : x + WIDE] = part
            rgb[top : top + int(HIGH * 0.18), x + 8 : x + 20] = (200, 160, 130)
    return np.clip(rgb + grain.normal(0, 6, rgb.shape), 0, 255)


def planes(rgb):
    red, green, blue = np.moveaxis(rgb, 2, 0)
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    yield 16 + luma * 219 / 255
    for chroma in ((blue - luma) / 1.772, (red - luma) / 1.402):
        yield 128 + chroma.reshape(HEIGHT // 2, 2, WIDTH // 2, 2).mean((1, 3)) * 224 / 255


def write_film(path):
    grain = np.random.default_rng(1)
    with open(path, "wb") as file:
        file.write(b"YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420jpeg\n" % (WIDTH, HEIGHT, FPS))
        for frame in range(FPS * SECONDS):
            file.write(b"FRAME\n")
            for plane in planes(picture(frame / FPS, grain)):
                file.write(plane.round().astype(np.uint8).tobytes())


def write_model(path):
    """The mean over each place's shirt, from 0 at BRIGHT on, is how sure its box is."""
    boxes = np.zeros((1, CANDIDATES, 6), np.float32)
    boxes[..., 5] = 1
    for number, (left, top, _, _) in enumerate(people()):
        boxes[0, number, :4] = (left + WIDE / 2, top + HIGH / 2, WIDE, HIGH)
        boxes[0, number, :4] /= SCALE
    constants = {
        "boxes": boxes,
        "score": np.array([0, 0, 0, 0, 1, 0], np.float32),
        "threshold": np.float32(BRIGHT),
        "least": np.float32(0),
        "sure": np.float32(SURE),
        "split": np.array([1, PLACES, INPUT // PLACES], np.int64),
        "column": np.array([1, CANDIDATES, 1], np.int64),
        "rest": np.array([0, 0, 0, CANDIDATES - 2 * PLACES], np.int64),
    }
    nodes, rows = [], []
    for row, top in enumerate(ROWS):
        first, end = (int((top + HIGH * share) / SCALE) for share in (0.25, 0.5))
        for name, number in (("first", first), ("end", end), ("axis", 2)):
            constants[f"{name}{row}"] = np.array([number], np.int64)
        ends = [f"first{row}", f"end{row}", f"axis{row}"]
        nodes += [
            helper.make_node("Slice", ["picture", *ends], [f"cut{row}"]),
            helper.make_node("ReduceMean", [f"cut{row}"], [f"line{row}"], axes=[1, 2], keepdims=0),
            helper.make_node("Reshape", [f"line{row}", "split"], [f"places{row}"]),
            helper.make_node("ReduceMean", [f"places{row}"], [f"row{row}"], axes=[2], keepdims=0),
        ]
        rows.append(f"row{row}")
    nodes += [
        helper.make_node("Concat", rows, ["light"], axis=1),
        helper.make_node("Sub", ["light", "threshold"], ["over"]),
        helper.make_node("Clip", ["over", "least", "sure"], ["certain"]),
        helper.make_node("Pad", ["certain", "rest"], ["padded"]),
        helper.make_node("Reshape", ["padded", "column"], ["scores"]),
        helper.make_node("Mul", ["scores", "score"], ["scored"]),
        helper.make_node("Add", ["boxes", "scored"], ["found"]),
    ]
    graph = helper.make_graph(
        nodes,
        "person",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, INPUT, INPUT])],
        [helper.make_tensor_value_info("found", TensorProto.FLOAT, [1, CANDIDATES, 6])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
    sidecar = {"layout": "yolox", "boxes": "cxcywh", "activation": "none"}
    path.with_suffix(".json").write_text(json.dumps(sidecar))


def write_looker(path, parts, end, constants, sidecar):
    """A net that looks at mean colours of parts of one person's picture, (first, end) rows of 32."""
    nodes = []
    constants = {**constants, "axis": np.array([2], np.int64)}
    for number, (first, last) in enumerate(parts):
        constants[f"first{number}"] = np.array([first], np.int64)
        constants[f"end{number}"] = np.array([last], np.int64)
        ends = [f"first{number}", f"end{number}", "axis"]
        nodes += [
            helper.make_node("Slice", ["picture", *ends], [f"cut{number}"]),
            helper.make_node("ReduceMean", [f"cut{number}"], [f"mean{number}"], axes=[2, 3], keepdims=0),
        ]
    means = [f"mean{number}" for number in range(len(parts))]
    nodes += [helper.make_node("Concat", means, ["means"], axis=1), *end]
    width = 1 if "weights" in constants else 3 * len(parts)
    graph = helper.make_graph(
        nodes,
        path.stem,
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, 32, 16])],
        [helper.make_tensor_value_info("answer", TensorProto.FLOAT, [1, width])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
    path.with_suffix(".json").write_text(json.dumps({"channels": "rgb", **PLAIN, **sidecar}))


def write_classifier(path):
    constants = {
        "weights": np.array([[0.1], [-0.05], [-0.05]], np.float32),
        "middle": np.float32(12),
    }
    end = [
        helper.make_node("MatMul", ["means", "weights"], ["redness"]),
        helper.make_node("Sub", ["redness", "middle"], ["answer"]),
    ]
    write_looker(path, [(8, 15)], end, constants, {"activation": "sigmoid"})


def write_reid(path):
    end = [helper.make_node("Sub", ["means", "grey"], ["answer"])]
    write_looker(path, [(8, 15), (20, 30)], end, {"grey": np.float32(100)}, {})


if __name__ == "__main__":
    write_film(Path(sys.argv[1]) / "film.y4m")
    write_model(Path(sys.argv[1]) / "person.onnx")
    write_classifier(Path(sys.argv[1]) / "vest.onnx")
    write_reid(Path(sys.argv[1]) / "looks.onnx")
