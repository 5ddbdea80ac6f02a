"""Writes test/golden/repair-to-loss.json: one-shot repair to the loss of a network of two dense layers, from NumPy in
float64. Gradients of the softmax cross-entropy are worked out by hand, sample by sample, and summed over batches; the
kept weights come from numpy.linalg.lstsq over all of them, rows for the damping below the batches: another way than
that of the library, which solves in the space of the batches.

Run: python3 scripts/golden/repair-to-loss.py [folder of github.com/mazumder-lab/CHITA]
With the folder, which needs numba and scikit-learn, each case is compared with its function compute_inverse too.
"""

import json
import pathlib
import platform
import sys

import numpy

tidy = lambda numbers: [float(f"{number:.9g}") for number in numpy.asarray(numbers).reshape(-1)]


def gradient(x, label, kernels, biases):
    """Of the cross-entropy of one sample, by the two kernels, as one row."""
    hidden = numpy.maximum(x @ kernels[0] + biases[0], 0)
    logits = hidden @ kernels[1] + biases[1]
    odds = numpy.exp(logits - logits.max())
    error = odds / odds.sum() - (numpy.arange(len(logits)) == label)
    back = (kernels[1] @ error) * (hidden > 0)
    return numpy.concatenate([numpy.outer(x, back).reshape(-1), numpy.outer(hidden, error).reshape(-1)])


def chita(folder, g, dense, stay, shift):
    """The same by the public code: X are the rows, y their products with the dense weights."""
    sys.path.insert(0, folder)
    from CHITA_opt.L0_card_const import compute_inverse

    zero = numpy.zeros(len(stay))
    return compute_inverse(g @ dense, numpy.ascontiguousarray(g[:, stay]), zero, shift / 2, dense[stay])


def case(random, damping, density, samples, batch, folder):
    x = random.integers(-8, 9, (samples, 6)) / 4
    kernels = [random.normal(0, 1, (6, 5)).round(3), random.normal(0, 1, (5, 3)).round(3)]
    biases = [random.normal(0, 1, 5).round(3), random.normal(0, 1, 3).round(3)]
    rows = [gradient(x[i], i % 3, kernels, biases) for i in range(samples)]
    g = numpy.array([sum(rows[i : i + batch]) for i in range(0, samples, batch)]) / samples**0.5
    dense = numpy.concatenate([kernel.reshape(-1) for kernel in kernels])
    kept = random.random(len(dense)) < density
    kept[[0, 30]] = True
    stay, go = numpy.flatnonzero(kept), numpy.flatnonzero(~kept)
    mask = -g[:, go] @ dense[go]
    shift = damping * (g[:, stay] ** 2).sum() / len(g)
    system = numpy.vstack([g[:, stay], shift**0.5 * numpy.eye(len(stay))])
    change = numpy.linalg.lstsq(system, numpy.concatenate([-mask, 0 * stay]), rcond=None)[0]
    after = numpy.zeros_like(dense)
    after[stay] = dense[stay] + change
    if folder:
        theirs = chita(folder, g, dense, stay, shift)
        print("largest difference from compute_inverse:", abs(theirs - after[stay]).max())
    return {
        "damping": damping,
        "batchSize": batch,
        "samples": tidy(x),
        "dense": [tidy(kernel) for kernel in kernels],
        "biases": [tidy(bias) for bias in biases],
        "kept": [part.astype(int).tolist() for part in (kept[:30], kept[30:])],
        "after": [tidy(after[:30]), tidy(after[30:])],
        "riseBefore": float((mask**2).sum() / 2),
        "riseAfter": float(((mask + g[:, stay] @ change) ** 2).sum() / 2),
    }


def main(folder=None):
    random = numpy.random.default_rng(11)
    settings = [(0.1, 0.5, 24, 1), (1, 0.3, 30, 4), (0.01, 0.8, 64, 1), (0.5, 0.6, 5, 1)]
    cases = [case(random, *setting, folder) for setting in settings]
    versions = {"python": platform.python_version(), "numpy": numpy.__version__}
    path = pathlib.Path(__file__).parents[2] / "test" / "golden" / "repair-to-loss.json"
    rows = ",\n".join(json.dumps(entry) for entry in cases)
    header = json.dumps({"madeBy": "scripts/golden/repair-to-loss.py", "versions": versions})[:-1]
    path.write_text(f'{header}, "cases": [\n{rows}\n]}}\n')
    print(f"{len(cases)} cases in {path}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
