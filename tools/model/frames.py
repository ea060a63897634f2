# SPDX-License-Identifier: Apache-2.0
"""Frames of a video as the detector wants them, through the ffmpeg program."""

import subprocess

import numpy as np

import nanodet


def sample(video, width, height, count):
    """Up to count frames spread evenly over the video: uint8 arrays [height, width, 3], BGR,
    fitted into the upper left corner."""
    fit = f"scale={width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2"
    command = ["ffmpeg", "-v", "error", "-i", str(video), "-an", "-vsync", "0"]
    command += ["-vf", f"{fit},pad={width}:{height}:0:0:black", "-pix_fmt", "bgr24"]
    command += ["-f", "rawvideo", "-"]
    raw = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    images = np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3)
    chosen = np.linspace(0, len(images) - 1, min(count, len(images))).round().astype(int)
    return images[chosen]


def normalise(image):
    """An image as the model's input [1, 3, height, width]."""
    mean = np.array(nanodet.SIDECAR["mean"], np.float32)
    std = np.array(nanodet.SIDECAR["std"], np.float32)
    return ((image.astype(np.float32) - mean) / std).transpose(2, 0, 1)[None]
