# SPDX-License-Identifier: Apache-2.0
"""Reads a TensorFlow.js graph model: model.json beside its weight files."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np


class ModelError(Exception):
    """The model is damaged, or uses something that this reader does not know."""


@dataclass
class TfNode:
    name: str
    kind: str
    inputs: list
    attrs: dict


@dataclass
class TfGraph:
    nodes: dict  # name -> TfNode
    weights: dict  # constant's name -> array
    input_name: str
    input_shape: tuple
    output_names: list


def tensor(name):
    """Tensor names are 'node:output'; ':0' may be left out."""
    return name if ":" in name else name + ":0"


def _attr(value):
    """One attribute of the JSON form of a protobuf AttrValue as a plain Python value."""
    kind, content = next(iter(value.items()))
    if kind == "s":
        return base64.b64decode(content).decode()
    if kind == "i":
        return int(content)
    if kind == "list":
        return [int(x) for x in content.get("i", [])]
    return content


def _node(raw):
    inputs = [tensor(name) for name in raw.get("input", []) if not name.startswith("^")]
    attrs = {key: _attr(value) for key, value in raw.get("attr", {}).items() if value}
    return TfNode(raw["name"], raw["op"], inputs, attrs)


def _weight(entry, data, offset):
    """One array of a weight file, and the offset just behind it."""
    count = int(np.prod(entry["shape"], dtype=np.int64))
    wanted = np.dtype(entry["dtype"])
    packing = entry.get("quantization", {})
    stored = np.dtype(packing.get("dtype", wanted))
    end = offset + count * stored.itemsize
    if end > len(data):
        raise ModelError(f"weight '{entry['name']}' ends at byte {end} of {len(data)}")
    array = np.frombuffer(data, stored, count, offset)
    if "scale" in packing:
        array = array.astype(np.float32) * packing["scale"] + packing["min"]
    return array.astype(wanted).reshape(entry["shape"]), end


def _weights(manifest, folder):
    weights = {}
    for group in manifest:
        data = b"".join((folder / path).read_bytes() for path in group["paths"])
        offset = 0
        for entry in group["weights"]:
            weights[entry["name"]], offset = _weight(entry, data, offset)
    return weights


def load(path):
    """The graph model whose model.json is at path."""
    path = Path(path)
    document = json.loads(path.read_text())
    nodes = {raw["name"]: _node(raw) for raw in document["modelTopology"]["node"]}
    inputs = document["signature"]["inputs"]
    if len(inputs) != 1:
        raise ModelError(f"the model has {len(inputs)} inputs; only models with one are imported")
    name, declared = next(iter(inputs.items()))
    shape = tuple(int(dim["size"]) for dim in declared["tensorShape"]["dim"])
    return TfGraph(
        nodes,
        _weights(document["weightsManifest"], path.parent),
        tensor(name),
        shape,
        sorted(tensor(output) for output in document["signature"]["outputs"]),
    )
