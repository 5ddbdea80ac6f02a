"""Writes test/golden/repair.json: one-shot repair of a network of two dense layers, from NumPy in float64.

- least squares: numpy.linalg.lstsq over the samples with the kept weights alone, rows for the damping below them, to
  the outputs of the dense network; on its inputs, and on those of the network with the mask, whose first layer is
  repaired before the second is fitted;
- variance: the kernel of each unit times the ratio of the standard deviations, the bias by the means, layer by layer.
Run: python3 scripts/golden/repair.py
"""

import json
import pathlib
import platform

import numpy

tidy = lambda numbers: [float(f"{number:.9g}") for number in numpy.asarray(numbers).reshape(-1)]
relu = lambda z: numpy.maximum(z, 0)


def fitted(x, wanted, dense, kept, damping):
    """Kept weights whose outputs on the inputs x are nearest to the wanted ones, held near the dense weights."""
    shift = damping * (x**2).mean()
    rows = numpy.vstack([x / len(x) ** 0.5, shift**0.5 * numpy.eye(x.shape[1])])
    targets = numpy.vstack([wanted / len(x) ** 0.5, shift**0.5 * dense])
    after = numpy.zeros_like(dense)
    for unit in range(dense.shape[1]):
        stay = numpy.flatnonzero(kept[:, unit])
        # A pruned weight asks for its dense value from nobody.
        asked = [*range(len(x)), *(len(x) + stay)]
        after[stay, unit] = numpy.linalg.lstsq(rows[asked][:, stay], targets[asked, unit], rcond=None)[0]
    return after


def lost(x, after, wanted):
    return (((x @ after) - wanted) ** 2).sum() / (wanted**2).sum()


def rescaled(before, x, kernel, bias):
    """Kernel and bias whose outputs on x have the mean and the deviation of `before`, which has no bias."""
    after = x @ kernel
    factor = before.std(0) / after.std(0)
    return kernel * factor, bias + before.mean(0) - factor * after.mean(0)


def case(random, damping, density, samples):
    x = random.integers(-8, 9, (samples, 6)) / 4 + random.integers(-4, 5, (samples, 1)) / 4
    dense = [random.normal(0, 1, (6, 5)).round(3), random.normal(0, 1, (5, 3)).round(3)]
    biases = [random.normal(0, 1, 5).round(3), random.normal(0, 1, 3).round(3)]
    kept = [random.random(kernel.shape) < density for kernel in dense]
    for mask in kept:
        mask[0] = True
    hidden = relu(x @ dense[0] + biases[0])
    wanted = [x @ dense[0], hidden @ dense[1]]
    first = fitted(x, wanted[0], dense[0], kept[0], damping)
    seen = relu(x @ first + biases[0])
    onRepaired = [first, fitted(seen, wanted[1], dense[1], kept[1], damping)]
    onDense = [first, fitted(hidden, wanted[1], dense[1], kept[1], damping)]
    masked = [kernel * mask for kernel, mask in zip(dense, kept)]
    kernel1, bias1 = rescaled(x @ dense[0], x, masked[0], biases[0])
    kernel2, bias2 = rescaled(hidden @ dense[1], relu(x @ kernel1 + bias1), masked[1], biases[1])
    return {
        "damping": damping,
        "samples": tidy(x),
        "dense": [tidy(kernel) for kernel in dense],
        "biases": [tidy(bias) for bias in biases],
        "kept": [mask.astype(int).reshape(-1).tolist() for mask in kept],
        "onRepaired": [tidy(kernel) for kernel in onRepaired],
        "onDense": [tidy(kernel) for kernel in onDense],
        "lostBefore": [lost(x, masked[0], wanted[0]), lost(seen, masked[1], wanted[1])],
        "lostAfter": [lost(x, first, wanted[0]), lost(seen, onRepaired[1], wanted[1])],
        "rescaled": [tidy(values) for values in (kernel1, bias1, kernel2, bias2)],
        "deviationLeft": [
            float(((x @ masked[0]).std(0) / (x @ dense[0]).std(0)).mean()),
            float(((relu(x @ kernel1 + bias1) @ masked[1]).std(0) / (hidden @ dense[1]).std(0)).mean()),
        ],
    }


def main():
    random = numpy.random.default_rng(7)
    cases = [case(random, 0.01, 0.5, 64), case(random, 0, 0.3, 128), case(random, 0.5, 0.8, 32), case(random, 0.01, 0.4, 4)]
    versions = {"python": platform.python_version(), "numpy": numpy.__version__}
    path = pathlib.Path(__file__).parents[2] / "test" / "golden" / "repair.json"
    rows = ",\n".join(json.dumps(entry) for entry in cases)
    header = json.dumps({"madeBy": "scripts/golden/repair.py", "versions": versions})[:-1]
    path.write_text(f'{header}, "cases": [\n{rows}\n]}}\n')
    print(f"{len(cases)} cases in {path}")


if __name__ == "__main__":
    main()
