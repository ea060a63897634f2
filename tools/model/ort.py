# SPDX-License-Identifier: Apache-2.0
"""Runs ONNX models through ONNX Runtime's C library, without its Python package.

The C API is a table of functions to which entries are only ever added, so the positions below
hold for all releases that know API_VERSION.
"""

import ctypes as c
import os
from pathlib import Path

import numpy as np

API_VERSION = 14
ERROR_MESSAGE, CREATE_ENV, CREATE_SESSION, RUN, CREATE_OPTIONS = 2, 3, 7, 9, 10
SET_INTRA_THREADS, INPUT_COUNT, OUTPUT_COUNT, INPUT_NAME, OUTPUT_NAME = 24, 30, 31, 36, 37
CREATE_TENSOR, TENSOR_DATA = 49, 51
DIMENSION_COUNT, DIMENSIONS, TENSOR_SHAPE, CPU_MEMORY, ALLOCATOR = 61, 62, 65, 69, 78
RELEASE_VALUE, RELEASE_SHAPE = 96, 99
WARNING_AND_UP, DEVICE_ALLOCATOR, DEFAULT_MEMORY, FLOAT = 3, 0, 0, 1


class _Base(c.Structure):
    _fields_ = [("get_api", c.CFUNCTYPE(c.c_void_p, c.c_uint32)), ("version", c.c_void_p)]


def cache_folder():
    """Where set-up keeps the library, the models and the sample video."""
    default = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dwell"
    return Path(os.environ.get("DWELL_CACHE") or default)


def _library():
    cached = cache_folder() / "lib" / "libonnxruntime.so.1"
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # else it reports to its makers
    return c.CDLL(str(cached) if cached.exists() else "libonnxruntime.so.1")


class Session:
    """One loaded model on one thread. run() takes and gives float32 arrays."""

    def __init__(self, model):
        library = _library()
        library.OrtGetApiBase.restype = c.POINTER(_Base)
        table = library.OrtGetApiBase().contents.get_api(API_VERSION)
        if not table:
            raise RuntimeError(f"ONNX Runtime does not offer API version {API_VERSION}")
        self._table = c.cast(table, c.POINTER(c.c_void_p))
        env, options = c.c_void_p(), c.c_void_p()
        self._session, self._memory, self._allocator = c.c_void_p(), c.c_void_p(), c.c_void_p()
        self._call(CREATE_ENV, c.c_int(WARNING_AND_UP), b"dwell", c.byref(env))
        self._call(CREATE_OPTIONS, c.byref(options))
        self._call(SET_INTRA_THREADS, options, c.c_int(1))
        path = os.fsencode(model)
        self._call(CREATE_SESSION, env, path, options, c.byref(self._session))
        self._call(
            CPU_MEMORY, c.c_int(DEVICE_ALLOCATOR), c.c_int(DEFAULT_MEMORY), c.byref(self._memory)
        )
        self._call(ALLOCATOR, c.byref(self._allocator))
        self.inputs = self._names(INPUT_COUNT, INPUT_NAME)
        self.outputs = self._names(OUTPUT_COUNT, OUTPUT_NAME)

    def _function(self, position, result):
        return c.CFUNCTYPE(result)(self._table[position])

    def _call(self, position, *arguments):
        status = self._function(position, c.c_void_p)(*arguments)
        if status:
            message = self._function(ERROR_MESSAGE, c.c_char_p)(c.c_void_p(status))
            raise RuntimeError(message.decode(errors="replace"))

    def _names(self, count_position, name_position):
        count = c.c_size_t()
        self._call(count_position, self._session, c.byref(count))
        names = []
        for index in range(count.value):
            name = c.c_char_p()
            self._call(
                name_position, self._session, c.c_size_t(index), self._allocator, c.byref(name)
            )
            names.append(name.value.decode())
        return names

    def run(self, array):
        """The model's outputs by name, for its one input."""
        array = np.ascontiguousarray(array, np.float32)
        shape = (c.c_int64 * array.ndim)(*array.shape)
        value = c.c_void_p()
        self._call(
            CREATE_TENSOR, self._memory, c.c_void_p(array.ctypes.data), c.c_size_t(array.nbytes),
            shape, c.c_size_t(array.ndim), c.c_int(FLOAT), c.byref(value),
        )  # fmt: skip
        count = len(self.outputs)
        names = (c.c_char_p * count)(*[name.encode() for name in self.outputs])
        results = (c.c_void_p * count)()
        self._call(
            RUN, self._session, None, (c.c_char_p * 1)(self.inputs[0].encode()),
            (c.c_void_p * 1)(value), c.c_size_t(1), names, c.c_size_t(count), results,
        )  # fmt: skip
        arrays = {name: self._array(result) for name, result in zip(self.outputs, results)}
        for pointer in [value.value, *results]:
            self._function(RELEASE_VALUE, None)(c.c_void_p(pointer))
        return arrays

    def _array(self, value):
        info, rank, data = c.c_void_p(), c.c_size_t(), c.c_void_p()
        self._call(TENSOR_SHAPE, c.c_void_p(value), c.byref(info))
        self._call(DIMENSION_COUNT, info, c.byref(rank))
        shape = (c.c_int64 * rank.value)()
        self._call(DIMENSIONS, info, shape, rank)
        self._function(RELEASE_SHAPE, None)(info)
        self._call(TENSOR_DATA, c.c_void_p(value), c.byref(data))
        floats = c.cast(data, c.POINTER(c.c_float))
        return np.ctypeslib.as_array(floats, tuple(shape)).copy()
