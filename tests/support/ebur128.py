"""libebur128 of Debian, a witness of loudness: another hand's reading of BS.1770-4 and EBU R 128."""

from __future__ import annotations

import ctypes
import ctypes.util

import numpy as np
from numpy.typing import NDArray

from tests.support.complete import need

MODES = 0b11_1111  # momentary, short-term, integrated, range, sample peak, true peak


def loudness(sound: NDArray[np.float32], rate: int) -> dict[str, float]:
    """Return momentary, short_term, integrated, range and true_peak of (frames, columns); skip without the library."""
    name = ctypes.util.find_library("ebur128")
    need(name is not None, "libebur128 is not installed (libebur128-1)")
    library = ctypes.CDLL(name)
    library.ebur128_init.restype = ctypes.c_void_p
    state = ctypes.c_void_p(library.ebur128_init(sound.shape[1], ctypes.c_ulong(rate), MODES))
    whole = np.ascontiguousarray(sound, np.float32)
    assert not library.ebur128_add_frames_float(
        state, whole.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(len(sound))
    )
    result = ctypes.c_double()

    def ask(function: str, *before: int) -> float:
        assert not getattr(library, function)(state, *before, ctypes.byref(result))
        return result.value

    peaks = [ask("ebur128_true_peak", column) for column in range(sound.shape[1])]
    readings = {
        "momentary": ask("ebur128_loudness_momentary"),
        "short_term": ask("ebur128_loudness_shortterm"),
        "integrated": ask("ebur128_loudness_global"),
        "range": ask("ebur128_loudness_range"),
        "true_peak": float(20 * np.log10(max(peaks))),
    }
    library.ebur128_destroy(ctypes.byref(state))
    return readings
