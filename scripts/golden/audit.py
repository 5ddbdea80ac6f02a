"""Writes test/golden/audit.json: Student's t, rank correlations, and audits of two populations.

Tests, quantiles and correlations come from SciPy, modes from scipy.stats.mode, slopes from NumPy's least squares;
Holm's correction is the textbook loop, the calibration error a loop over numpy.array_split.

Run: python3 scripts/golden/audit.py
"""

import json
import pathlib
import platform

import numpy
import scipy
from scipy import stats

CONFIDENCE = 0.95
BINS = 5


def student(t, df):
    return {"t": t, "df": df, "pValue": 2 * stats.t.sf(abs(t), df)}


def quantile(confidence, df):
    return {"confidence": confidence, "df": df, "t": stats.t.ppf((1 + confidence) / 2, df)}


def holm(values):
    adjusted = numpy.empty(len(values))
    worst = 0.0
    for place, i in enumerate(numpy.argsort(values)):
        worst = max(worst, min(1.0, (len(values) - place) * values[i]))
        adjusted[i] = worst
    return adjusted


def student_of(values):
    values = numpy.asarray(values)
    low, high = stats.t.interval(CONFIDENCE, len(values) - 1, values.mean(), stats.sem(values))
    return {"mean": values.mean(), "lower": low, "upper": high}


def calibration(labels, probabilities, one):
    order = numpy.argsort(probabilities, kind="stable")
    error = 0.0
    cuts = [round(b * len(order) / BINS) for b in range(1, BINS)]
    for part in numpy.split(order, cuts):
        error += abs((labels[part] == one).mean() - probabilities[part].mean()) * len(part) / len(order)
    return error


def softmax(logits):
    return scipy.special.softmax(logits, axis=-1)


def population(seed, counts, pairs):
    """Dense and pruned logits, and all that the audit tells of them."""
    random = numpy.random.default_rng(seed)
    classes = len(counts)
    labels = random.permutation(numpy.repeat(numpy.arange(classes), counts))
    ease = 2.2 * random.random(len(labels)) * numpy.eye(classes)[labels].T
    dense = numpy.stack([ease.T + random.normal(0, 0.5, (len(labels), classes)) for _ in range(pairs)]).round(3)
    harm = numpy.zeros(classes)
    harm[-1] = -0.9
    pruned = (dense + random.normal(0, 0.5, dense.shape) + harm).round(3)
    recalls, accuracies = [], []
    for side in (dense, pruned):
        right = side.argmax(-1) == labels
        recalls.append(numpy.stack([right[:, labels == c].mean(1) for c in range(classes)]))
        accuracies.append(right.mean(1))
    by_class, raw = [], []
    for c in range(classes):
        before, after = recalls[0][c], recalls[1][c]
        test = stats.ttest_ind(after - accuracies[1], before - accuracies[0], equal_var=False)
        raw.append(test.pvalue)
        by_class.append(
            {
                "dense": student_of(before),
                "pruned": student_of(after),
                "difference": student_of(after - before),
                "pValue": stats.ttest_rel(after, before).pvalue,
                "statistic": test.statistic,
                "degreesOfFreedom": test.df,
                "impactPValue": test.pvalue,
                "calibration": [
                    float(numpy.mean([calibration(labels, p[:, c], c) for p in softmax(side)]))
                    for side in (dense, pruned)
                ],
                "distance": [
                    float(numpy.median(numpy.diff(numpy.sort(side[:, labels == c], -1)[..., -2:], axis=-1)))
                    for side in (dense, pruned)
                ],
            }
        )
    for entry, adjusted in zip(by_class, holm(raw)):
        entry["adjustedPValue"] = adjusted
    slopes = []
    for i in range(pairs):
        before, after = [(recalls[s][:, i] - accuracies[s][i]) / accuracies[s][i] for s in (0, 1)]
        slopes.append(numpy.linalg.lstsq(before[:, None], after, rcond=None)[0][0])
    modes = [stats.mode(side.argmax(-1), axis=0).mode for side in (dense, pruned)]
    means = [softmax(side).mean(0) for side in (dense, pruned)]
    correlations = [stats.spearmanr(a, b).statistic for a, b in zip(*means)] if classes > 2 else None
    return {
        "labels": labels.tolist(),
        "dense": dense.tolist(),
        "pruned": pruned.tolist(),
        "byClass": by_class,
        "intensification": student_of(slopes),
        "exemplars": numpy.flatnonzero(modes[0] != modes[1]).tolist(),
        "correlations": correlations,
    }


def main():
    random = numpy.random.default_rng(7)
    tails = [student(t, df) for t in (0.0, 1e-6, 0.3, 1.0, 2.5, -8.0, 40.0) for df in (1, 1.7, 4.25, 9, 30.5, 1000, 1e4)]
    quantiles = [quantile(c, df) for c in (0.5, 0.9, 0.95, 0.999) for df in (1, 2, 4.5, 9, 29, 500)]
    lists = [random.integers(0, 6, (2, n)) for n in (3, 4, 5, 9, 14)] + [random.random((2, 8))]
    correlations = [
        {"first": a.tolist(), "second": b.tolist(), "correlation": stats.spearmanr(a, b).statistic}
        for a, b in lists
        if len(set(a)) > 1 and len(set(b)) > 1
    ]
    golden = {
        "madeBy": "scripts/golden/audit.py",
        "versions": {
            "python": platform.python_version(),
            "scipy": scipy.__version__,
            "numpy": numpy.__version__,
        },
        "bins": BINS,
        "tails": tails,
        "quantiles": quantiles,
        "correlations": correlations,
        "populations": [population(1, (40, 14, 8), 5), population(2, (30, 12), 3), population(5, (24, 12, 15, 9), 4)],
    }
    path = pathlib.Path(__file__).parents[2] / "test" / "golden" / "audit.json"
    path.write_text(json.dumps(golden, default=float, allow_nan=False) + "\n")
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
