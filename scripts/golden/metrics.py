"""Writes test/golden/metrics.json: AUC, ROC curves and confusion counts from scikit-learn.

Run: python3 scripts/golden/metrics.py
"""

import json
import pathlib
import platform

import numpy
import sklearn
from sklearn.metrics import accuracy_score, confusion_matrix, precision_score, recall_score, roc_auc_score, roc_curve


def case(name, labels, scores, positive, threshold):
    scores = scores + 0.0  # no negative zeros
    truth = (labels == positive).astype(int)
    predicted = (scores >= threshold).astype(int)
    fpr, tpr, thresholds = roc_curve(truth, scores, drop_intermediate=False)
    tn, fp, fn, tp = confusion_matrix(truth, predicted, labels=[0, 1]).ravel()
    return {
        "name": name,
        "labels": labels.tolist(),
        "scores": scores.tolist(),
        "positiveClass": positive,
        "threshold": threshold,
        "auc": roc_auc_score(truth, scores),
        # The first threshold of scikit-learn 1.2 is an arbitrary finite one above all scores: left out.
        "curve": {"fpr": fpr.tolist(), "tpr": tpr.tolist(), "thresholds": thresholds[1:].tolist()},
        "confusion": {
            "truePositives": int(tp),
            "falseNegatives": int(fn),
            "falsePositives": int(fp),
            "trueNegatives": int(tn),
        },
        "accuracy": accuracy_score(truth, predicted),
        "recall": recall_score(truth, predicted),
        "precision": precision_score(truth, predicted) if predicted.any() else None,
    }


def main():
    random = numpy.random.default_rng(7)
    balanced = random.integers(0, 2, 60)
    rare = (numpy.arange(120) % 20 == 3).astype(int)
    three = random.integers(0, 3, 80)
    cases = [
        case("no ties", balanced, (random.normal(size=60) + balanced).round(6), 1, 0.5),
        case("many ties", balanced, (random.normal(size=60) + balanced).round(0), 1, 1.0),
        case("all scores equal", balanced, numpy.full(60, 0.25), 1, 0.25),
        case("rare positives", rare, (random.normal(size=120) + rare).round(2), 1, 1.25),
        case("class 0 positive", balanced, (random.normal(size=60) - balanced).round(1), 0, 0.0),
        case("three classes", three, (random.normal(size=80) + (three == 2)).round(1), 2, 0.3),
        case("wrong way round", balanced, (random.normal(size=60) - 2 * balanced).round(3), 1, -1.0),
        case("nothing predicted positive", rare, random.normal(size=120).round(3), 1, 50.0),
        case("one of each", numpy.array([1, 0]), numpy.array([-2.5, -3.5]), 1, -3.0),
    ]
    versions = {"python": platform.python_version(), "scikit-learn": sklearn.__version__, "numpy": numpy.__version__}
    header = json.dumps({"madeBy": "scripts/golden/metrics.py", "versions": versions})[:-1]
    rows = ",\n".join(json.dumps(entry) for entry in cases)
    path = pathlib.Path(__file__).parents[2] / "test" / "golden" / "metrics.json"
    path.write_text(f'{header}, "cases": [\n{rows}\n]}}\n')
    print(f"{len(cases)} cases in {path}")


if __name__ == "__main__":
    main()
