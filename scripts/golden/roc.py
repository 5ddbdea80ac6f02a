"""Writes test/golden/roc.json: partial areas, precision-recall curves and operating points from scikit-learn.

Run: python3 scripts/golden/roc.py
"""

import json
import pathlib
import platform

import numpy
import sklearn
from sklearn.metrics import auc, average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

RATES = [0.01, 0.05, 0.1, 0.25, 1 / 3, 0.5, 0.9]


def area_up_to(truth, scores, rate):
    """The plain area that roc_auc_score(max_fpr) scales."""
    fpr, tpr, _ = roc_curve(truth, scores, drop_intermediate=False)
    stop = numpy.searchsorted(fpr, rate, "right")
    last = numpy.interp(rate, fpr[stop - 1 : stop + 1], tpr[stop - 1 : stop + 1])
    return auc(numpy.append(fpr[:stop], rate), numpy.append(tpr[:stop], last))


def partial(truth, scores):
    # The area above a true-positive rate of 1 - rate is the one up to a false-positive rate, classes and order swapped.
    swapped = (1 - truth, -scores)
    return [
        {
            "rate": rate,
            "maximumFalsePositiveRate": area_up_to(truth, scores, rate),
            "maxFprStandardised": roc_auc_score(truth, scores, max_fpr=rate),
            "minimumRecall": area_up_to(*swapped, rate),
            "minTprStandardised": roc_auc_score(*swapped, max_fpr=rate),
        }
        for rate in RATES
    ]


def points(truth, scores):
    fpr, tpr, thresholds = roc_curve(truth, scores, drop_intermediate=False)
    at = lambda i: {
        # The first threshold of scikit-learn 1.2 is an arbitrary finite one above all scores; JSON has no Infinity.
        "threshold": None if i == 0 else thresholds[i],
        "recall": tpr[i],
        "falsePositiveRate": fpr[i],
    }
    for_recall = [{"wanted": r, **at(int(numpy.argmax(tpr >= r)))} for r in [0.29, 0.5, 0.7, 0.9, 0.95, 1.0]]
    for_rate = [{"wanted": r, **at(int(numpy.flatnonzero(fpr <= r)[-1]))} for r in [0.0, *RATES]]
    missed = [
        {"rate": r, "falseNegativeRate": 1 - max(tpr[fpr <= r].max(), numpy.interp(r, fpr, tpr))} for r in [0.0, *RATES]
    ]
    by_cost = []
    for miss, alarm in [(1, 1), (5, 1), (1, 7), (20, 3)]:
        costs = miss * (1 - tpr) * truth.sum() + alarm * fpr * (1 - truth).sum()
        costs = costs.round()  # they are whole
        least = int(numpy.flatnonzero(costs == costs.min())[-1])
        while least > 0 and tpr[least] == tpr[least - 1] and costs[least] == costs[least - 1]:
            least -= 1
        row = {"falseNegativeCost": miss, "falsePositiveCost": alarm, **at(least)}
        by_cost.append({**row, "cost": costs[least] / len(truth)})
    return {"forRecall": for_recall, "forFalsePositiveRate": for_rate, "missedAt": missed, "byCost": by_cost}


def case(name, labels, scores, positive):
    scores = scores + 0.0  # no negative zeros
    truth = (labels == positive).astype(int)
    precision, recall, thresholds = precision_recall_curve(truth, scores)
    return {
        "name": name,
        "labels": labels.tolist(),
        "scores": scores.tolist(),
        "positiveClass": positive,
        "partial": partial(truth, scores),
        "averagePrecision": average_precision_score(truth, scores),
        # From nothing predicted positive to everything; the first threshold is left out.
        "curve": {
            "precisions": precision[::-1].tolist(),
            "recalls": recall[::-1].tolist(),
            "thresholds": thresholds[::-1].tolist(),
        },
        **points(truth, scores),
    }


def main():
    random = numpy.random.default_rng(23)
    balanced = random.integers(0, 2, 60)
    rare = (numpy.arange(200) % 20 == 3).astype(int)
    three = random.integers(0, 3, 90)
    ten = numpy.repeat([1, 0], [10, 10])
    large = (random.random(1000) < 0.2).astype(int)
    cases = [
        case("no ties", balanced, (random.normal(size=60) + balanced).round(6), 1),
        case("many ties", balanced, (random.normal(size=60) + balanced).round(0), 1),
        case("all scores equal", balanced, numpy.full(60, 0.25), 1),
        case("rare positives", rare, (random.normal(size=200) + 1.5 * rare).round(2), 1),
        case("class 0 positive", balanced, (random.normal(size=60) - balanced).round(1), 0),
        case("three classes", three, (random.normal(size=90) + (three == 2)).round(1), 2),
        case("wrong way round", balanced, (random.normal(size=60) - 2 * balanced).round(3), 1),
        case("perfect order", ten, numpy.arange(20.0)[::-1], 1),
        case("ten of each", ten, random.permutation(20) + 8.0 * ten, 1),
        case("one of each", numpy.array([1, 0]), numpy.array([-2.5, -3.5]), 1),
        case("one of each, tied", numpy.array([1, 0]), numpy.array([2.0, 2.0]), 1),
        case("a thousand with ties", large, (random.normal(size=1000) + 1.5 * large).round(1), 1),
    ]
    versions = {"python": platform.python_version(), "scikit-learn": sklearn.__version__, "numpy": numpy.__version__}
    header = json.dumps({"madeBy": "scripts/golden/roc.py", "versions": versions})[:-1]
    rows = ",\n".join(json.dumps(entry) for entry in cases)
    path = pathlib.Path(__file__).parents[2] / "test" / "golden" / "roc.json"
    path.write_text(f'{header}, "cases": [\n{rows}\n]}}\n')
    print(f"{len(cases)} cases in {path}")


if __name__ == "__main__":
    main()
