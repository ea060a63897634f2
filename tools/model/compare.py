#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares two imported models on a video: how far their answers differ, and how fast each is.

    compare.py REFERENCE.onnx OTHER.onnx VIDEO [--size 512x384] [--frames 20]

Outputs are compared by position. Times are CPU milliseconds a frame on one thread.
"""

import argparse
import time

import numpy as np

import frames
from nanodet import SIDECAR
from ort import Session


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs=2, metavar="MODEL")
    parser.add_argument("video")
    parser.add_argument("--size", default="512x384")
    parser.add_argument("--frames", type=int, default=20)
    return parser.parse_args()


def _run(model, inputs):
    """All outputs by position, stacked over frames, and the median CPU time."""
    session, answers, times = Session(model), [], []
    session.run(inputs[0])
    for array in inputs:
        started = time.process_time()
        answers.append(session.run(array))
        times.append(time.process_time() - started)
    stacked = [np.concatenate([a[name] for a in answers]) for name in session.outputs]
    return session.outputs, stacked, 1e3 * float(np.median(times))


def main():
    arguments = _arguments()
    width, height = map(int, arguments.size.split("x"))
    images = frames.sample(arguments.video, width, height, arguments.frames)
    inputs = [frames.normalise(image) for image in images]
    names, first, first_ms = _run(arguments.models[0], inputs)
    _, second, second_ms = _run(arguments.models[1], inputs)
    print(f"{'output':10} {'largest':>9} {'mean':>9}  (absolute difference)")
    for name, a, b in zip(names, first, second):
        gap = np.abs(a - b)
        print(f"{name:10} {gap.max():9.2g} {gap.mean():9.2g}")
    person, threshold = SIDECAR["person_class"], SIDECAR["score"]
    cells = [[a[..., person] >= threshold for a in side[:3]] for side in (first, second)]
    both = sum(int((a & b).sum()) for a, b in zip(*cells))
    either = sum(int((a | b).sum()) for a, b in zip(*cells))
    print(f"cells with a person at score {threshold}: {both} in both of {either} in either")
    print(f"time: {first_ms:.1f} ms, {second_ms:.1f} ms; {len(inputs)} frames")


if __name__ == "__main__":
    main()
