"""Writes test/golden/obs.json: the layer-wise optimal brain surgeon, from NumPy in float64.

Inputs are quarters and their number a power of 2, so that mean(x x^T) is exact in float32.

- inverse: numpy.linalg.inv;
- scores: half of the least mean square by which an output changes without the weight, the others free: one least-squares
  problem over the samples for each weight; the damping is rows of its own below them;
- exact: the least-squares problem of each output over the samples with the kept weights alone;
- sequential: the update of the paper, one weight after the other, the lowest score first.
Run: python3 scripts/golden/obs.py
"""

import json
import pathlib
import platform

import numpy

tidy = lambda numbers: [float(f"{number:.9g}") for number in numpy.asarray(numbers).reshape(-1)]


def rows_of(x, damping):
    """Rows whose squares sum to the mean square over the samples and the damping."""
    size = x.shape[1]
    shift = damping * (x**2).mean()
    return numpy.vstack([x / len(x) ** 0.5, shift**0.5 * numpy.eye(size)])


def fitted(rows, weights, stay):
    """Weights at the indices `stay` alone that do as all weights do."""
    after = numpy.zeros_like(weights)
    after[stay] = numpy.linalg.lstsq(rows[:, stay], rows @ weights, rcond=None)[0]
    return after


def scores_of(rows, weights):
    scores = numpy.zeros_like(weights)
    for q in range(len(weights)):
        without = fitted(rows, weights, [i for i in range(len(weights)) if i != q])
        scores[q] = ((rows @ (without - weights)) ** 2).sum() / 2
    return scores


def in_turn(inverse, weights, stay):
    after = weights.copy()
    order = numpy.argsort(weights**2 / numpy.diag(inverse), kind="stable")
    gone = numpy.zeros(len(weights), bool)
    for q in order:
        if q in stay:
            continue
        after = after - after[q] / inverse[q, q] * inverse[:, q]
        gone[q] = True
        after[gone] = 0
    return after


def case(random, shape, damping, density, samples):
    size, units = int(numpy.prod(shape[:-1])), shape[-1]
    shared = random.integers(-6, 7, (samples, 1))
    x = (random.integers(-8, 9, (samples, size)) + shared) / 4
    weights = random.normal(0, 1, (size, units)).round(3)
    kept = random.random((size, units)) < density
    kept[0] = True
    rows = rows_of(x, damping)
    inverse = numpy.linalg.inv(rows.T @ rows)
    by_unit = lambda work: numpy.stack([work(weights[:, j], numpy.flatnonzero(kept[:, j])) for j in range(units)], 1)
    return {
        "shape": shape,
        "damping": damping,
        "products": tidy(x.T @ x / samples),
        "weights": tidy(weights),
        "kept": kept.astype(int).reshape(-1).tolist(),
        "inverse": tidy(inverse),
        "scores": tidy(by_unit(lambda w, _: scores_of(rows, w))),
        "exact": tidy(by_unit(lambda w, stay: fitted(rows, w, stay))),
        "sequential": tidy(by_unit(lambda w, stay: in_turn(inverse, w, stay))),
    }


def main():
    random = numpy.random.default_rng(11)
    cases = [
        case(random, [6, 4], 0.01, 0.5, 64),
        case(random, [2, 3, 2, 3], 0, 0.3, 128),
        case(random, [17, 5], 0.5, 0.8, 64),
        # Fewer samples than inputs: the damping alone makes it invertible.
        case(random, [3, 3, 3, 2], 0.01, 0.25, 16),
        case(random, [1, 3], 0.01, 0.5, 16),
    ]
    versions = {"python": platform.python_version(), "numpy": numpy.__version__}
    path = pathlib.Path(__file__).parents[2] / "test" / "golden" / "obs.json"
    rows = ",\n".join(json.dumps(entry) for entry in cases)
    header = json.dumps({"madeBy": "scripts/golden/obs.py", "versions": versions})[:-1]
    path.write_text(f'{header}, "cases": [\n{rows}\n]}}\n')
    print(f"{len(cases)} cases in {path}")


if __name__ == "__main__":
    main()
