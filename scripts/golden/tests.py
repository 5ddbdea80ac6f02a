"""Writes test/golden/tests.json: binomial tails, intervals of rates and exact tests.

Tails come from mpmath at 50 digits, intervals and tests from SciPy. Holm's correction, which SciPy lacks, is made as the
closed test that it abbreviates: of each hypothesis, the largest Bonferroni p-value of all sets that hold it.

Run: python3 scripts/golden/tests.py
"""

import itertools
import json
import pathlib
import platform

import mpmath
import numpy
import scipy
from scipy.stats import binomtest, permutation_test, rankdata, wilcoxon

mpmath.mp.dps = 50


def tail(k, n, p):
    """P(X <= k) and P(X >= k) by direct summation."""
    p = mpmath.mpf(p)
    odds = p / (1 - p)
    log_mass = mpmath.loggamma(n + 1) - mpmath.loggamma(k + 1) - mpmath.loggamma(n - k + 1)
    mass = mpmath.exp(log_mass + k * mpmath.log(p) + (n - k) * mpmath.log(1 - p))
    below, term = mpmath.mpf(1), mpmath.mpf(1)
    for i in range(k, 0, -1):
        term *= i / ((n - i + 1) * odds)
        below += term
        if term < 1e-40 * below:
            break
    above, term = mpmath.mpf(1), mpmath.mpf(1)
    for i in range(k, n):
        term *= (n - i) * odds / (i + 1)
        above += term
        if term < 1e-40 * above:
            break
    return {"k": k, "n": n, "p": p.__float__(), "cdf": float(below * mass), "tail": float(above * mass)}


def interval(successes, trials, confidence):
    row = {"successes": successes, "trials": trials, "confidence": confidence}
    for name, method in [("clopperPearson", "exact"), ("wilson", "wilson")]:
        for side, alternative in [("both", "two-sided"), ("lower", "greater"), ("upper", "less")]:
            test = binomtest(successes, trials, alternative=alternative)
            ci = test.proportion_ci(confidence_level=confidence, method=method)
            row.setdefault(name, {})[side] = [ci.low, ci.high]
    return row


def mcnemar(first, second):
    sides = {"two-sided": "two-sided", "greater": "greater", "less": "less"}
    values = {side: binomtest(first, first + second, 0.5, alternative=side).pvalue for side in sides}
    return {"onlyFirst": first, "onlySecond": second, "pValues": values}


def signed_rank(name, first, second, way):
    first, second = numpy.asarray(first, float), numpy.asarray(second, float)
    values = {}
    kept = (first - second)[first != second]
    ranks = rankdata(abs(kept))
    for side in ["two-sided", "greater", "less"]:
        if way == "signs":
            statistic = lambda x, axis=-1: numpy.sum(ranks * (x > 0), axis=axis)
            test = permutation_test(
                (kept,), statistic, permutation_type="samples", n_resamples=numpy.inf, alternative=side, vectorized=True
            )
            values[side] = min(1.0, float(test.pvalue))
        else:
            values[side] = float(wilcoxon(first, second, alternative=side, method=way, correction=False).pvalue)
    return {
        "name": name,
        "first": first.tolist(),
        "second": second.tolist(),
        "positiveRanks": float(ranks[kept > 0].sum()),
        "exact": way != "approx",
        "pValues": values,
    }


def holm(values):
    everything = range(len(values))
    sets = [s for size in range(1, len(values) + 1) for s in itertools.combinations(everything, size)]
    adjusted = [max(min(1.0, len(s) * min(values[j] for j in s)) for s in sets if i in s) for i in everything]
    return {"pValues": values, "adjusted": adjusted}


def main():
    random = numpy.random.default_rng(11)
    tails = [
        tail(k, n, p)
        for n, p, ks in [
            (1, 0.25, [0, 1]),
            (10, 0.5, [0, 3, 5, 10]),
            (59, 0.05, [0, 3, 40, 59]),
            (1000, 1e-6, [0, 1, 5]),
            (1000, 0.77, [299, 700, 770, 771, 980]),
            (20000, 0.3, [4000, 6000, 8412]),
            (1000000, 0.001, [500, 1000, 1700]),
            (1000000, 0.5, [485000, 499000, 500000, 503000, 515000]),
            (1000000, 0.9999999, [999990, 999999, 1000000]),
        ]
        for k in ks
    ]
    intervals = [
        interval(k, n, c)
        for k, n in [(0, 1), (1, 1), (0, 59), (7, 76), (10, 76), (76, 76), (3, 8), (123, 1000), (999, 1000), (2500, 100000)]
        for c in [0.8, 0.95, 0.999]
    ]
    mcnemars = [mcnemar(b, c) for b, c in [(3, 0), (0, 1), (5, 5), (12, 4), (4, 12), (60, 95), (700, 500)]]
    ten = random.normal(size=10)
    ties = random.integers(-3, 6, 12)
    many = random.normal(size=50)
    crowd = random.integers(-40, 50, 400)
    ranks = [
        signed_rank("10 seeds", ten, ten - random.normal(0.6, 1, 10), "exact"),
        signed_rank("5 seeds, all higher", [5, 7, 9, 11, 13], [1, 2, 3, 4, 5], "exact"),
        signed_rank("one pair", [1], [2], "exact"),
        signed_rank("50 seeds", many, many + random.normal(0.3, 1, 50), "exact"),
        signed_rank("ties", [1, 2, 3, 4, 5, 9], [2, 1, 1, 2, 7, 1], "signs"),
        signed_rank("zeros and ties", ties, numpy.zeros(12), "signs"),
        signed_rank("all sizes equal", [1, 1, 1, 1, 0, 1, 1], [0, 0, 0, 0, 1, 0, 0], "signs"),
        signed_rank("400 with zeros and ties", crowd, numpy.zeros(400), "approx"),
    ]
    holms = [holm(v) for v in [[0.04], [0.01, 0.04, 0.03, 0.005], [0.5, 0.9, 0.7], [0.02, 0.02, 0.0, 1.0, 0.02, 0.3]]]
    versions = {
        "python": platform.python_version(),
        "scipy": scipy.__version__,
        "numpy": numpy.__version__,
        "mpmath": mpmath.__version__,
    }
    header = json.dumps({"madeBy": "scripts/golden/tests.py", "versions": versions})[:-1]
    lists = {"tails": tails, "intervals": intervals, "mcnemar": mcnemars, "wilcoxon": ranks, "holm": holms}
    text = ",\n".join(
        f'"{name}": [\n' + ",\n".join(json.dumps(row) for row in rows) + "\n]" for name, rows in lists.items()
    )
    path = pathlib.Path(__file__).parents[2] / "test" / "golden" / "tests.json"
    path.write_text(f"{header},\n{text}}}\n")
    print(f"{sum(map(len, lists.values()))} cases in {path}")


if __name__ == "__main__":
    main()
