#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Imports the person detector: TensorFlow.js NanoDet in, ONNX files with sidecars out.

    import.py --source nanodet.json --version 3.0.4 --output FOLDER [--size 512x384]...
"""

import argparse
import hashlib
import json
import os
import sys
import time
from pathlib import Path

import nanodet
import tfjs
from quantize import quantise

RANGES = Path(__file__).with_name("nanodet-g-ranges.json")


def _size(text):
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise argparse.ArgumentTypeError(f"size '{text}': wants WIDTHxHEIGHT, such as 512x384")
    return int(width), int(height)


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, required=True, help="the model's .json file")
    parser.add_argument("--version", required=True, help=f"version of {nanodet.PACKAGE}")
    parser.add_argument("--output", type=Path, required=True, help="folder for the models")
    parser.add_argument("--size", type=_size, action="append", help="input size; may be repeated")
    parser.add_argument("--weight-bits", type=int, choices=(7, 8), default=8)
    return parser.parse_args()


def _write(path, data):
    """Whole or not at all: a model that exists is complete."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    os.replace(part, path)


def _save(graph, folder, stem, sidecar, metadata):
    data = graph.model(metadata).SerializeToString(deterministic=True)
    _write(folder / f"{stem}.json", (json.dumps(sidecar, indent=2) + "\n").encode())
    _write(folder / f"{stem}.onnx", data)
    print(f"  {stem}.onnx  {len(data) / 1e6:.1f} MB", flush=True)


def main():
    arguments = _arguments()
    started = time.monotonic()
    source = tfjs.load(arguments.source)
    ranges = json.loads(RANGES.read_text())["ranges"]
    bits = arguments.weight_bits
    metadata = {
        "dwell.source": nanodet.PACKAGE,
        "dwell.source_version": arguments.version,
        "dwell.source_sha256": hashlib.sha256(arguments.source.read_bytes()).hexdigest(),
    }
    arguments.output.mkdir(parents=True, exist_ok=True)
    for width, height in arguments.size or nanodet.SIZES:
        graph = nanodet.build(source, width, height)
        small = quantise(graph, ranges, bits)
        for precision, made in (("fp32", graph), ("int8", small)):
            stem = nanodet.file_stem(width, height, precision)
            named = {"dwell.layout": nanodet.SIDECAR["layout"], "dwell.precision": precision}
            _save(made, arguments.output, stem, nanodet.SIDECAR, {**metadata, **named})
    looks = nanodet.build_looks(source)
    _save(looks, arguments.output, nanodet.LOOKS_STEM, nanodet.LOOKS_SIDECAR, metadata)
    print(f"  imported in {time.monotonic() - started:.1f} s")


if __name__ == "__main__":
    try:
        main()
    except (OSError, KeyError, ValueError, tfjs.ModelError) as error:
        sys.exit(f"model import: {error}")
