#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a text file as a C array, NUL-terminated: embed.py INPUT OUTPUT NAME."""
import sys


def main():
    source, target, name = sys.argv[1:]
    with open(source, "rb") as file:
        data = file.read() + b"\0"
    rows = [", ".join(str(byte) for byte in data[at:at + 20]) for at in range(0, len(data), 20)]
    with open(target, "w", encoding="ascii") as file:
        file.write(f"const char {name}[] = {{\n    " + ",\n    ".join(rows) + ",\n};\n")


main()
