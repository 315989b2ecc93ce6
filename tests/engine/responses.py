"""Reference responses in float64, of the cookbook's formulae, and curves of dynamics; nothing here is the engine's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine.rates import rate

Complexes = NDArray[np.complex128]
Reals = NDArray[np.float64]


def section(kind: str, hz: float, gain: float, q: float, at: Reals) -> Complexes:
    """Return the response of a section by Bristow-Johnson's cookbook at frequencies in Hz; `first` has one pole.

    So has `first highcut`; a `band` lets its middle pass as it is.
    """
    w, a = 2 * np.pi * hz / rate(), 10 ** (gain / 40)
    c, alpha, root = np.cos(w), np.sin(w) / (2 * q), 2 * np.sqrt(a)
    more, less = a + 1, a - 1
    k = np.tan(w / 2)
    b0, b1, b2, a0, a1, a2 = {
        "lowcut": ((1 + c) / 2, -1 - c, (1 + c) / 2, 1 + alpha, -2 * c, 1 - alpha),
        "highcut": ((1 - c) / 2, 1 - c, (1 - c) / 2, 1 + alpha, -2 * c, 1 - alpha),
        "bell": (1 + alpha * a, -2 * c, 1 - alpha * a, 1 + alpha / a, -2 * c, 1 - alpha / a),
        "lowshelf": (
            a * (more - less * c + root * alpha), 2 * a * (less - more * c), a * (more - less * c - root * alpha),
            more + less * c + root * alpha, -2 * (less + more * c), more + less * c - root * alpha,
        ),
        "highshelf": (
            a * (more + less * c + root * alpha), -2 * a * (less + more * c), a * (more + less * c - root * alpha),
            more - less * c + root * alpha, 2 * (less - more * c), more - less * c - root * alpha,
        ),
        "first": (1, -1, 0, 1 + k, k - 1, 0),
        "first highcut": (k, k, 0, 1 + k, k - 1, 0),
        "band": (alpha, 0, -alpha, 1 + alpha, -2 * c, 1 - alpha),
    }[kind]  # fmt: skip
    z = np.exp(-2j * np.pi * at / rate())
    response: Complexes = (b0 + b1 * z + b2 * z * z) / (a0 + a1 * z + a2 * z * z)
    return response


def low_cut(hz: float, slope: str, at: Reals) -> Complexes:
    """Return the response of a Butterworth low cut of 12, 18 or 24 dB an octave."""
    sections = {
        "12": (("lowcut", np.sqrt(0.5)),),
        "18": (("lowcut", 1.0), ("first", 1.0)),
        "24": (("lowcut", 0.5411961), ("lowcut", 1.3065630)),
    }[slope]
    product = np.ones(len(at), np.complex128)
    for kind, q in sections:
        product *= section(kind, hz, 0, q, at)
    return product


def compressed(level: float, threshold: float, ratio: float, knee: float) -> float:
    """Return the reduction (≥ 0 dB) of a level in dB by a quadratic knee so many dB wide."""
    over = level - threshold
    bent = 0.0 if 2 * over <= -knee else over if 2 * over >= knee else (over + knee / 2) ** 2 / (2 * knee)
    return bent * (1 - 1 / ratio)
