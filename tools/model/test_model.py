# SPDX-License-Identifier: Apache-2.0
"""Tests of the model import, on a graph small enough to compute by hand; the one test that runs a
model skips where there is no ONNX Runtime: python3 -m unittest discover tools/model"""

import base64
import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx

import nanodet
import tfjs
from convert import Converter
from graph import Graph
from ort import Session
from quantize import quantise, tensors_to_measure

OUTPUT = {"out:0": "answer"}


def attrs(**values):
    """Attributes in the JSON form that TensorFlow.js writes."""
    result = {}
    for key, value in values.items():
        if isinstance(value, str):
            result[key] = {"s": base64.b64encode(value.encode()).decode()}
        elif isinstance(value, bool):
            result[key] = {"b": value}
        elif isinstance(value, list):
            result[key] = {"list": {"i": [str(n) for n in value]}}
        else:
            result[key] = {"f": value}
    return result


class Model:
    """Builds a TensorFlow.js model on disk, one node after the other."""

    def __init__(self, size=64):
        self.size = size
        self.nodes = [{"name": "in", "op": "Placeholder"}]
        self.manifest, self.data = [], b""

    def const(self, name, array, packing=None):
        array = np.asarray(array)
        entry = {"name": name, "shape": list(array.shape), "dtype": str(array.dtype)}
        if packing == "float16":
            entry["quantization"] = {"dtype": "float16"}
            array = array.astype(np.float16)
        self.manifest.append(entry)
        self.data += array.tobytes()
        self.nodes.append({"name": name, "op": "Const"})

    def node(self, name, kind, *inputs, **values):
        self.nodes.append({"name": name, "op": kind, "input": inputs, "attr": attrs(**values)})

    def conv(self, name, image, weights, **values):
        """A convolution as converters from NCHW write it: pad, to NHWC, convolve, add, back."""
        self.const(f"{name}/pads", np.int32([[0, 0], [0, 0], [1, 1], [1, 1]]))
        self.const(f"{name}/to", np.int32([0, 2, 3, 1]))
        self.const(f"{name}/from", np.int32([0, 3, 1, 2]))
        self.const(f"{name}/weights", np.float32(weights), "float16")
        self.const(f"{name}/bias", np.arange(weights.shape[3], dtype=np.float32))
        self.node(f"{name}/pad", "Pad", image, f"{name}/pads")
        self.node(f"{name}/nhwc", "Transpose", f"{name}/pad", f"{name}/to")
        options = {"data_format": "NHWC", "padding": "VALID", "strides": [1, 2, 2, 1], **values}
        self.node(f"{name}/conv", "Conv2D", f"{name}/nhwc", f"{name}/weights", **options)
        self.node(f"{name}/add", "Add", f"{name}/conv", f"{name}/bias")
        self.node(name, "Transpose", f"{name}/add", f"{name}/from")

    def load(self):
        dims = [{"size": str(n)} for n in (1, 3, self.size, self.size)]
        document = {
            "signature": {
                "inputs": {"in:0": {"name": "in:0", "tensorShape": {"dim": dims}}},
                "outputs": {"out:0": {}},
            },
            "modelTopology": {"node": self.nodes},
            "weightsManifest": [{"paths": ["weights.bin"], "weights": self.manifest}],
        }
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.json"
            path.write_text(json.dumps(document))
            path.with_name("weights.bin").write_bytes(self.data)
            return tfjs.load(path)


def weights(inputs=3, outputs=4):
    return (np.arange(9 * inputs * outputs) % 7 - 3.0).reshape(3, 3, inputs, outputs) / 4


def two_convolutions():
    """conv -> leaky -> conv, added to the resized first, transposed for the output."""
    model = Model()
    model.conv("first", "in", weights())
    model.node("leaky", "LeakyRelu", "first", alpha=0.25)
    model.conv("second", "leaky", weights(4, 4))
    model.const("nhwc", np.int32([0, 2, 3, 1]))
    model.const("nchw", np.int32([0, 3, 1, 2]))
    model.const("size", np.int32([16, 16]))
    model.node("t1", "Transpose", "leaky", "nhwc")
    model.node("resized", "ResizeBilinear", "t1", "size", half_pixel_centers=True)
    model.node("t2", "Transpose", "resized", "nchw")
    model.node("sum", "Add", "second", "t2")
    model.node("out", "Transpose", "sum", "nhwc")
    return model


def expected_sum(image):
    """What two_convolutions() should answer, computed plainly on an NCHW image."""

    def conv(x, kernel):
        padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
        rows, columns = x.shape[1] // 2, x.shape[2] // 2
        result = np.zeros((kernel.shape[3], rows, columns), np.float32)
        for row, column in np.ndindex(rows, columns):
            patch = padded[:, 2 * row : 2 * row + 3, 2 * column : 2 * column + 3]
            result[:, row, column] = np.einsum("ihw,hwio->o", patch, kernel)
        return result + np.arange(kernel.shape[3])[:, None, None]

    first = conv(image[0], weights())
    leaky = np.where(first < 0, first * 0.25, first)
    half = leaky.reshape(4, leaky.shape[1] // 2, 2, leaky.shape[2] // 2, 2).mean(axis=(2, 4))
    return (conv(leaky, weights(4, 4)) + half).transpose(1, 2, 0)[None]


def kinds(graph):
    return [node.kind for node in graph.nodes]


class Reading(unittest.TestCase):
    def test_half_precision_weights_become_single_precision(self):
        model = Model()
        model.const("w", np.float32([0.5, -2.0]), "float16")
        loaded = model.load()
        self.assertEqual(loaded.weights["w"].dtype, np.float32)
        np.testing.assert_array_equal(loaded.weights["w"], [0.5, -2.0])

    def test_weights_that_end_too_early_are_named(self):
        model = Model()
        model.const("w", np.float32([1, 2]))
        model.data = model.data[:5]
        with self.assertRaisesRegex(tfjs.ModelError, "weight 'w' ends at byte 8 of 5"):
            model.load()


class Converting(unittest.TestCase):
    def test_only_the_output_is_transposed(self):
        graph = Converter(two_convolutions().load(), 64, 64).convert(OUTPUT)
        expected = ["Conv", "LeakyRelu", "Conv", "Resize", "Add", "Transpose"]
        self.assertEqual(sorted(kinds(graph)), sorted(expected))
        self.assertEqual(graph.nodes[-1].outputs, ["answer"])

    def test_padding_and_bias_move_into_the_convolution(self):
        graph = Converter(two_convolutions().load(), 64, 64).convert(OUTPUT)
        conv = graph.nodes[0]
        self.assertEqual(conv.attrs["pads"], [1, 1, 1, 1])
        np.testing.assert_array_equal(graph.weights[conv.inputs[2]], [0, 1, 2, 3])

    def test_shapes_agree_with_those_that_onnx_infers(self):
        for height, width in ((64, 64), (96, 160)):
            graph = Converter(two_convolutions().load(), height, width).convert(OUTPUT)
            model = onnx.shape_inference.infer_shapes(graph.model({}), strict_mode=True)
            self.assertEqual(graph.outputs["answer"], (1, height // 4, width // 4, 4))
            dims = model.graph.output[0].type.tensor_type.shape.dim
            self.assertEqual(tuple(d.dim_value for d in dims), graph.outputs["answer"])

    def test_padding_that_no_convolution_takes_is_a_node(self):
        model = Model()
        model.const("pads", np.int32([[0, 0], [0, 0], [1, 2], [0, 0]]))
        model.node("pad", "Pad", "in", "pads")
        model.node("out", "Sigmoid", "pad")
        graph = Converter(model.load(), 64, 64).convert(OUTPUT)
        self.assertEqual(kinds(graph), ["Pad", "Sigmoid"])
        self.assertEqual(graph.outputs["answer"], (1, 3, 67, 64))

    def test_a_split_and_a_concatenation_follow_the_axes(self):
        model = Model()
        model.const("nhwc", np.int32([0, 2, 3, 1]))
        model.const("axis", np.int32(3))
        model.const("sizes", np.int32([1, 2]))
        model.node("t", "Transpose", "in", "nhwc")
        model.node("parts", "SplitV", "t", "sizes", "axis")
        model.node("out", "ConcatV2", "parts:1", "parts", "axis")
        graph = Converter(model.load(), 32, 64).convert(OUTPUT)
        self.assertEqual(kinds(graph), ["Split", "Concat", "Transpose"])
        self.assertEqual([node.attrs["axis"] for node in graph.nodes[:2]], [1, 1])
        self.assertEqual(graph.outputs["answer"], (1, 32, 64, 3))

    def test_a_size_that_the_network_cannot_halve_is_refused(self):
        with self.assertRaisesRegex(tfjs.ModelError, "500x384.*multiples of 32"):
            Converter(two_convolutions().load(), 384, 500)

    def test_an_unknown_node_is_named(self):
        model = Model()
        model.node("out", "Erfinv", "in")
        with self.assertRaisesRegex(tfjs.ModelError, "'out' is of kind Erfinv"):
            Converter(model.load(), 64, 64).convert(OUTPUT)

    def test_the_same_model_gives_the_same_bytes(self):
        def run():
            graph = Converter(two_convolutions().load(), 64, 64).convert(OUTPUT)
            return graph.model({"b": 1, "a": 2}).SerializeToString(deterministic=True)

        self.assertEqual(run(), run())


class Running(unittest.TestCase):
    def run_graph(self, graph, image):
        with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
            file.write(graph.model({}).SerializeToString())
            file.flush()
            try:
                session = Session(file.name)
            except OSError as error:
                self.skipTest(f"no ONNX Runtime: {error}")
            return session.run(image)["answer"]

    def test_the_onnx_models_answer_as_the_original_would(self):
        graph = Converter(two_convolutions().load(), 32, 64).convert(OUTPUT)
        image = np.random.default_rng(7).uniform(-1, 2, (1, 3, 32, 64)).astype(np.float32)
        expected = expected_sum(image)
        np.testing.assert_allclose(self.run_graph(graph, image), expected, atol=1e-4)
        ranges = dict.fromkeys(tensors_to_measure(graph), (-20.0, 20.0))
        small = self.run_graph(quantise(graph, ranges), image)
        self.assertLess(np.abs(small - expected).max(), 2.5)
        self.assertLess(np.abs(small - expected).mean(), 0.5)


class Quantising(unittest.TestCase):
    def setUp(self):
        self.graph = Converter(two_convolutions().load(), 64, 64).convert(OUTPUT)
        self.ranges = {name: (-1.0, 2.0) for name in tensors_to_measure(self.graph)}

    def scale_of(self, graph, tensor):
        node = next(n for n in graph.nodes if n.kind == "QuantizeLinear" and n.inputs[0] == tensor)
        return float(graph.weights[node.inputs[1]]), int(graph.weights[node.inputs[2]])

    def test_the_result_is_a_valid_model_with_the_same_answers_to_give(self):
        small = quantise(self.graph, self.ranges)
        onnx.checker.check_model(small.model({}))
        self.assertEqual(small.outputs, self.graph.outputs)

    def test_zero_is_exact_and_the_range_is_covered(self):
        scale, zero = self.scale_of(quantise(self.graph, self.ranges), "input")
        self.assertAlmostEqual(scale, 3.0 / 255)
        self.assertEqual(zero, 85)

    def test_a_resize_keeps_the_scale_of_what_it_resizes(self):
        self.ranges["leakyrelu_1"] = (-4.0, 9.0)
        small = quantise(self.graph, self.ranges)
        self.assertNotIn("resize_1", self.ranges)
        scales = [self.scale_of(small, name) for name in ("leakyrelu_1", "resize_1")]
        self.assertEqual(*scales)

    def test_weights_come_back_within_half_a_step(self):
        for bits in (7, 8):
            small = quantise(self.graph, self.ranges, bits)
            conv = next(node for node in small.nodes if node.kind == "Conv")
            unpack = small.producers()[conv.inputs[1]]
            packed, scales = (small.weights[name] for name in unpack.inputs[:2])
            self.assertLessEqual(np.abs(packed).max(), 2 ** (bits - 1) - 1)
            error = packed * scales[:, None, None, None] - self.graph.weights["weight_1"]
            self.assertTrue((np.abs(error).max(axis=(1, 2, 3)) <= scales * 0.5001).all())

    def test_a_missing_range_is_named(self):
        del self.ranges["conv_2"]
        with self.assertRaisesRegex(KeyError, "conv_2"):
            quantise(self.graph, self.ranges)


class Persons(unittest.TestCase):
    def test_of_the_classes_only_persons_are_left_and_all_sides(self):
        graph, classes, sides = Graph(inputs={"image": (1, 3, 4, 4)}), 5, 8
        weights = np.arange(13 * 3, dtype=np.float32).reshape(13, 3, 1, 1)
        conv = graph.add("Conv", ["image", graph.weight("weight", weights)])
        sizes = graph.weight("split_sizes", np.array([classes, sides], np.int64))
        split = graph.add("Split", [conv.outputs[0], sizes], 2, axis=1)
        scores = graph.add("Sigmoid", [split.outputs[0]])
        shape = graph.weight("shape", np.array([1, classes, 16], np.int64))
        graph.add("Reshape", [scores.outputs[0], shape])
        graph.outputs = {"scores_8": (1, 16, classes), "boxes_8": (1, 16, sides)}
        nanodet.keep_persons(graph)
        kept = graph.weights[conv.inputs[1]]
        self.assertTrue((kept == weights[[nanodet.PERSON, *range(5, 13)]]).all())
        self.assertEqual(list(graph.weights[sizes]), [1, sides])
        self.assertEqual(list(graph.weights[shape]), [1, 1, 16])
        self.assertEqual(graph.outputs, {"scores_8": (1, 16, 1), "boxes_8": (1, 16, sides)})


class Ranges(unittest.TestCase):
    def test_the_shipped_ranges_are_ordered_and_tell_where_they_come_from(self):
        path = Path(__file__).with_name("nanodet-g-ranges.json")
        report = json.loads(path.read_text())
        self.assertTrue(report["note"] and report["clips"])
        self.assertEqual(report["ranges"]["input"], [round(v, 5) for v in nanodet.input_range()])
        for name, (low, high) in report["ranges"].items():
            self.assertLess(low, high, name)


if __name__ == "__main__":
    unittest.main()
