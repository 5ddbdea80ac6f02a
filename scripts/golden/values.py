"""Writes test/golden/values.json: float16 by NumPy, least squared errors of k centres by an exact dynamic programme.

The values of all 65,536 half-precision codes are given as the SHA-256 of their float32 bits, little-endian, NaN as
0x7fc00000; the codes of float32 values around every boundary as bits. Nothing here is in common with the library's
code.
Run from the repository root: /usr/bin/python3 scripts/golden/values.py
"""

import hashlib
import json
import pathlib
import platform

import numpy
import sklearn
from sklearn.cluster import KMeans


def decoded_digest():
    codes = numpy.arange(65536, dtype=numpy.uint16)
    values = codes.view(numpy.float16).astype(numpy.float32)
    bits = values.view(numpy.uint32).copy()
    bits[numpy.isnan(values)] = 0x7FC00000
    return hashlib.sha256(bits.astype("<u4").tobytes()).hexdigest()


def float16_cases():
    """float32 values at, just below and just above each half-precision number and each middle between two, for some of
    the codes of every exponent; then the limits and draws of all sizes."""
    codes = [e << 10 | m for e in range(31) for m in [*range(0, 1024, 35), *range(3), *range(1021, 1024), 511, 512]]
    numbers = numpy.array(sorted({c for c in codes if c < 0x7BFF}), dtype=numpy.uint16)
    below = numbers.view(numpy.float16).astype(numpy.float32)
    above = (numbers + 1).astype(numpy.uint16).view(numpy.float16).astype(numpy.float32)
    middles = ((below.astype(numpy.float64) + above) / 2).astype(numpy.float32)
    exact = numpy.concatenate([below, middles])
    up = numpy.nextafter(exact, numpy.float32(numpy.inf))
    down = numpy.nextafter(exact, numpy.float32(-numpy.inf))
    limits = numpy.array([65503.996, 65504, 65504.004, 65519.996, 2**-24, 2**-25, 1e-30, 1e-45, 0], dtype=numpy.float32)
    draw = numpy.random.default_rng(1)
    drawn = (10 ** draw.uniform(-9, 4.8, size=300)).astype(numpy.float32)
    values = numpy.unique(numpy.abs(numpy.concatenate([exact, up, down, limits, drawn])))
    signs = numpy.where(numpy.arange(len(values)) % 3 == 1, -1, 1).astype(numpy.float32)
    values = values * signs
    encoded = values.astype(numpy.float16).view(numpy.uint16)
    return {"bits": values.view(numpy.uint32).tolist(), "codes": encoded.tolist()}


def least_error(values, centres):
    """Least sum of squared distances to `centres` points of the line: dynamic programme over all ends of clusters."""
    x = numpy.sort(values.astype(numpy.float64))
    n = len(x)
    first = numpy.concatenate([[0], numpy.cumsum(x)])
    second = numpy.concatenate([[0], numpy.cumsum(x * x)])
    best = numpy.full(n + 1, numpy.inf)
    best[0] = 0
    for _ in range(centres):
        following = numpy.full(n + 1, numpy.inf)
        following[0] = 0
        for end in range(1, n + 1):
            starts = numpy.arange(end)
            sums = first[end] - first[:end]
            cost = second[end] - second[:end] - sums * sums / (end - starts)
            following[end] = min(best[end], numpy.min(best[:end] + numpy.maximum(cost, 0)))
        best = following
    return float(best[n])


def k_means_error(values, centres):
    fitted = KMeans(n_clusters=centres, n_init=10, random_state=0, max_iter=1000, tol=0).fit(
        values.astype(numpy.float64).reshape(-1, 1)
    )
    return float(fitted.inertia_)


def codebook_cases():
    draw = numpy.random.default_rng(2)
    normal = draw.normal(size=600) / 10
    survivors = draw.normal(size=6000)
    shapes = {
        "normal": normal,
        "survivors of magnitude pruning": survivors[numpy.abs(survivors) > 1.64][:600] / 10,
        "uniform": draw.uniform(-1, 1, size=600),
        "heavy tails": draw.standard_t(2, size=600),
        "one outlier": numpy.concatenate([draw.normal(size=599) / 100, [50]]),
        "two far groups": numpy.concatenate([draw.normal(size=300) / 10 - 8, draw.normal(size=300) / 1000 + 8]),
        "positive": draw.exponential(size=600),
    }
    rows = []
    for name, values in shapes.items():
        values = values.astype(numpy.float32)
        for bits in [4, 5, 6, 8]:
            rows.append(
                {
                    "name": name,
                    "bits": bits,
                    "leastError": least_error(values, 2**bits),
                    "kMeansError": k_means_error(values, 2**bits),
                }
            )
    listed = {name: [float(v) for v in values.astype(numpy.float32)] for name, values in shapes.items()}
    return {"values": listed, "rows": rows}


golden = {
    "header": {
        "script": "scripts/golden/values.py",
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "scikit-learn": sklearn.__version__,
    },
    "float16": {"decodedSha256": decoded_digest(), **float16_cases()},
    "codebook": codebook_cases(),
}
path = pathlib.Path("test/golden/values.json")
path.write_text(json.dumps(golden) + "\n")
print(path, path.stat().st_size, "bytes")
