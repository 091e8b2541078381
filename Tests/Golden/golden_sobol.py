"""Points of SciPy's Sobol sequence, not scrambled: `python golden_sobol.py` writes sobol.json.

Needs scipy and numpy. A point is written as its coordinates times 2^30, whole numbers, because
SciPy computes with 30 bits.
"""

import json
import pathlib

import numpy
import scipy
from scipy.stats import qmc

DIMENSIONS = 21
COUNT = 64
# Further points far into the sequence, where every bit of the direction numbers has its say.
FAR = [1000, 65535, 65536, 1234567]


def whole(points: numpy.ndarray) -> list[list[int]]:
    return [[int(value * 2**30) for value in point] for point in points]


def point(index: int) -> numpy.ndarray:
    sequence = qmc.Sobol(DIMENSIONS, scramble=False)
    if index > 0:
        sequence.fast_forward(index)
    return sequence.random(1)


def main() -> None:
    values = {
        "scipy": scipy.__version__,
        "first": whole(qmc.Sobol(DIMENSIONS, scramble=False).random(COUNT)),
        "far": [{"index": index, "point": whole(point(index))[0]} for index in FAR],
    }
    text = json.dumps(values, separators=(",", ":"))
    pathlib.Path(__file__).with_name("sobol.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
