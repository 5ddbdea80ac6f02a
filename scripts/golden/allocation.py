"""Writes test/golden/allocation.json: counts per layer by ERK and LAMP.

Written another way than the library does it: the factor epsilon of ERK by bisection in exact fractions, LAMP scores by a
loop over pairs of elements. Run: python3 scripts/golden/allocation.py
"""

import json
import math
import pathlib
import platform
from fractions import Fraction

import numpy


def budget(sizes, bounds, density):
    wanted = math.floor(Fraction(sum(sizes)) * Fraction(density) + Fraction(1, 2))
    return min(max(wanted, sum(low for low, _ in bounds)), sum(high for _, high in bounds))


def erk(shapes, density, bounds):
    sizes = [math.prod(shape) for shape in shapes]
    total = budget(sizes, bounds, density)
    factors = [Fraction(sum(shape), size) for shape, size in zip(shapes, sizes)]
    parts = lambda epsilon: [
        min(max(epsilon * f * n, low), high) for f, n, (low, high) in zip(factors, sizes, bounds)
    ]
    low, high = Fraction(0), Fraction(max(sizes))
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(parts(middle)) < total else (low, middle)
    # Far more digits than float64 has, and whole numbers and halves become such again.
    exact = [Fraction(round(part * 10**30), 10**30) for part in parts(high)]
    counts = [math.floor(part) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (counts[i] - exact[i], i))
    for i in by_remainder[: total - sum(counts)]:
        counts[i] += 1
    return counts


def lamp(layers, density, bounds):
    total = budget([len(layer) for layer in layers], bounds, density)
    scored = []
    for index, layer in enumerate(layers):
        own = []
        for u in range(len(layer)):
            above = [layer[v] ** 2 for v in range(len(layer)) if layer[v] >= layer[u]]
            own.append(layer[u] ** 2 / math.fsum(above))
        own.sort(reverse=True)
        low, high = bounds[index]
        scored += [(math.inf if place < low else score, index) for place, score in enumerate(own) if place < high]
    scored.sort(key=lambda entry: -entry[0])
    return [sum(index == layer for _, index in scored[:total]) for layer in range(len(layers))]


SHAPES = {
    "lenet300": [[784, 300], [300, 100], [100, 10]],
    "lenet5": [[5, 5, 1, 6], [5, 5, 6, 16], [400, 120], [120, 84], [84, 10]],
    "biases": [[3, 3, 3, 16], [16], [3, 3, 16, 32], [32], [128, 10], [10]],
    "depthwise": [[3, 3, 1, 8], [3, 3, 8, 2], [1, 1, 16, 24], [24, 3]],
    "text": [[1000, 16], [16, 128], [32, 128], [7, 32, 5], [3, 3, 3, 4, 8]],
    "paper": [[11, 11, 3, 64], [5, 5, 64, 192], [3, 3, 192, 384], [3, 3, 384, 256], [3, 3, 256, 256], [256, 8], [8, 8], [8, 2]],
}


def erk_cases():
    for name, shapes in SHAPES.items():
        sizes = [math.prod(shape) for shape in shapes]
        free = [[1, size] for size in sizes]
        tight = [[max(1, size // 10), max(1, size // 2 if i % 2 else size)] for i, size in enumerate(sizes)]
        for density in [1, 0.5, 0.25, 0.1, 0.0312, 0.0157, 0.001]:
            for bounds in (free, tight):
                counts = erk(shapes, density, bounds)
                yield {"name": name, "shapes": shapes, "bounds": bounds, "density": density, "counts": counts}


def lamp_cases():
    random = numpy.random.default_rng(47)
    for sizes, scales in [([120, 40, 16], [1, 1, 1]), ([120, 40, 16], [0.01, 1, 50]), ([60, 90, 30, 8], [3, 1, 0.2, 1])]:
        draws = [random.normal(0, scale, size) for size, scale in zip(sizes, scales)]
        draws[1] = draws[1] ** 3  # heavy tails
        layers = [[float(f"{value:.6g}") for value in numpy.abs(draw)] for draw in draws]
        layers = [[float(numpy.float32(value)) for value in layer] for layer in layers]
        free = [[1, size] for size in sizes]
        tight = [[max(1, size // 8), max(1, size * 3 // 4)] for size in sizes]
        cases = [
            {"bounds": bounds, "density": density, "counts": lamp(layers, density, bounds)}
            for density in [1, 0.5, 0.25, 0.125, 0.0625, 0.0312, 0.001]
            for bounds in (free, tight)
        ]
        yield {"layers": [[float(f"{value:.9g}") for value in layer] for layer in layers], "cases": cases}


def main():
    versions = {"python": platform.python_version(), "numpy": numpy.__version__}
    path = pathlib.Path(__file__).parents[2] / "test" / "golden" / "allocation.json"
    header = json.dumps({"madeBy": "scripts/golden/allocation.py", "versions": versions})[:-1]
    rows = lambda entries: "[\n" + ",\n".join(json.dumps(entry) for entry in entries) + "\n]"
    path.write_text(f'{header}, "erk": {rows(erk_cases())}, "lamp": {rows(lamp_cases())}}}\n')
    print(f"written: {path}")


if __name__ == "__main__":
    main()
