#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the activation ranges that 8-bit models are made with, on any videos.

    calibrate.py --source nanodet.json --output nanodet-g-ranges.json VIDEO...

The result is part of the project, so an installation needs no videos. The extremes count: leaving
out even the outermost 0.02 % of values costs more than a finer scale wins, as the rare strong
values are just those that say "here is a person".
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np

import frames
import nanodet
import tfjs
from ort import Session
from quantize import tensors_to_measure

WIDTH, HEIGHT = nanodet.SIZES[0]


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, required=True, help="the model's .json file")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--frames", type=int, default=24, help="frames taken of each video")
    parser.add_argument("--note", default="", help="where the videos come from, and their licence")
    parser.add_argument("videos", nargs="+", type=Path)
    return parser.parse_args()


def _measuring_session(graph, names):
    """The float model with each measured tensor as a further output."""
    for name in names:
        if name not in graph.inputs:
            graph.outputs[name] = (None, None, None, None)
    with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
        file.write(graph.model({}).SerializeToString())
        file.flush()
        return Session(file.name)


def main():
    arguments = _arguments()
    graph = nanodet.build(tfjs.load(arguments.source), WIDTH, HEIGHT)
    names = tensors_to_measure(graph)
    session = _measuring_session(graph, names)
    measured = [name for name in names if name not in graph.inputs]
    ranges = {name: (np.inf, -np.inf) for name in measured}
    count = 0
    for video in arguments.videos:
        for image in frames.sample(video, WIDTH, HEIGHT, arguments.frames):
            values = session.run(frames.normalise(image))
            for name in measured:
                low, high = ranges[name]
                ranges[name] = (min(low, values[name].min()), max(high, values[name].max()))
            count += 1
        print(f"{video.name}: {count} frames so far", flush=True)
    ranges |= {name: nanodet.input_range() for name in graph.inputs}
    report = {
        "note": arguments.note,
        "clips": sorted(video.name for video in arguments.videos),
        "frames": count,
        "size": f"{WIDTH}x{HEIGHT}",
        "ranges": {name: [round(float(v), 5) for v in ranges[name]] for name in names},
    }
    arguments.output.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
