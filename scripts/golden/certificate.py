"""Writes test/golden/certificate.json: ranks, sample numbers and p-values of certificates by SciPy's binomial and by fractions.

Run from the repository root: /usr/bin/python3 scripts/golden/certificate.py
"""

import json
import platform
from fractions import Fraction
from math import comb

import scipy
from scipy.stats import binom


def order(positives, alpha, delta):
    """max { j : P(Bin(n, alpha) <= j - 1) <= delta }, one by one from below."""
    rank = 0
    while binom.cdf(rank, positives, alpha) <= delta:
        rank += 1
    return rank


def needed(rate, delta):
    """min { n : P(Bin(n, rate) = 0) <= delta }, one by one from below."""
    samples = 1
    while binom.pmf(0, samples, rate) > delta:
        samples += 1
    return samples


def exact_cdf(count, trials, rate):
    """P(Bin <= count) in whole numbers: SciPy 1.10 has seven digits in the far tail."""
    p = Fraction(rate)
    return float(sum(comb(trials, i) * p**i * (1 - p) ** (trials - i) for i in range(min(count, trials) + 1)))


def chance(samples, rate, maximum, delta):
    """P(Bin(n, rate) <= k) for the largest k that passes."""
    return float(binom.cdf(order(samples, maximum, delta) - 1, samples, rate))


ALPHAS = [0.01, 0.02, 0.05, 0.1, 0.3]
DELTAS = [0.01, 0.05, 0.1]
LEVELS = [1, 3, 7, 20]
POSITIVES = [1, 10, 59, 97, 245, 492, 1000, 5000]
COUNTS = [0, 1, 5, 20, 60]
NEGATIVES = [29, 60, 300, 2000]
BETAS = [0.05, 0.1, 0.3]

golden = {
    "header": {
        "script": "scripts/golden/certificate.py",
        "python": platform.python_version(),
        "scipy": scipy.__version__,
    },
    "orders": [
        {"positives": n, "alpha": a, "delta": d, "levels": l, "order": order(n, a, d / l)}
        for n in POSITIVES
        for a in ALPHAS
        for d in DELTAS
        for l in LEVELS
    ],
    "needed": [
        {"alpha": a, "delta": d, "levels": l, "positives": needed(a, d / l)}
        for a in ALPHAS
        for d in DELTAS
        for l in LEVELS
    ],
    "pValues": [
        {"falsePositives": k, "negatives": n, "beta": b, "pValue": exact_cdf(k, n, b)}
        for n in NEGATIVES
        for k in COUNTS
        for b in BETAS
        if k <= n
    ],
    "chances": [
        {"samples": n, "rate": r, "maximumRate": a, "delta": d, "chance": chance(n, r, a, d)}
        for n in [10, 59, 97, 245, 1000]
        for r in [0, 0.005, 0.02, 0.2]
        for a in [0.02, 0.05, 0.2]
        for d in [0.01, 0.05]
    ],
}

with open("test/golden/certificate.json", "w", encoding="utf-8") as file:
    json.dump(golden, file, indent=1)
    file.write("\n")
