"""Seconds that scikit-learn's roc_auc_score takes for scores of a given number, one in ten positive; prints JSON."""
import json
import sys
import time

import numpy
import sklearn
from sklearn.metrics import roc_auc_score

samples, digits = int(sys.argv[1]), int(sys.argv[2])
random = numpy.random.default_rng(1)
labels = (numpy.arange(samples) % 10 == 0).astype(int)
scores = (random.normal(size=samples) + labels).round(digits)
best = float("inf")
for _ in range(8):
    started = time.perf_counter()
    auc = roc_auc_score(labels, scores)
    best = min(best, time.perf_counter() - started)
print(json.dumps({"seconds": best, "auc": auc, "scikitLearn": sklearn.__version__}))
