"""Writes test/golden/paired.json: rows of systems by seed, and the paired table of each set by NumPy and SciPy.

Intervals hold the shifts that SciPy's signed-rank test does not refuse, their ends found by bisection. Holm's correction
is the closed test of tests.py.

Run: python3 scripts/golden/paired.py
"""

import json
import pathlib
import platform

import numpy
import scipy
from scipy.stats import wilcoxon
from tests import holm

CONFIDENCE = 0.95


def p_value(differences):
    return float(wilcoxon(differences, method="exact").pvalue)


def end(differences, inside, outside):
    """The shift between two others at which the test begins to refuse."""
    for _ in range(200):
        middle = (inside + outside) / 2
        if p_value(differences - middle) > 1 - CONFIDENCE:
            inside = middle
        else:
            outside = middle
    return (inside + outside) / 2


def comparison(own, other):
    seeds = [seed for seed in own if seed in other]
    differences = numpy.array([own[seed] - other[seed] for seed in seeds])
    walsh = [(a + b) / 2 for i, a in enumerate(differences) for b in differences[i:]]
    middle = float(numpy.median(walsh))
    return {
        "pairs": len(seeds),
        "better": int((differences > 0).sum()),
        "medianDifference": middle,
        "interval": [end(differences, middle, bound) for bound in (min(differences) - 1, max(differences) + 1)],
        "pValue": p_value(differences),
    }


def main():
    random = numpy.random.default_rng(19)
    rows, table = [], []
    for name in ["first", "second"]:
        values = {}
        easy = random.normal(0.9, 0.02, 12)
        for system, shift in [("plain", 0), ("black", 0.008), ("recipe", 0.02)]:
            values[system] = {seed: easy[seed] + random.normal(shift, 0.015) for seed in range(12)}
        del values["black"][3]  # a seed that is missing
        for system, by_seed in values.items():
            rows += [{"set": name, "system": system, "seed": seed, "auc": float(v)} for seed, v in by_seed.items()]
            own = numpy.array(list(by_seed.values()))
            row = {"set": name, "system": system, "mean": float(own.mean()), "deviation": float(own.std(ddof=1))}
            table.append(row | ({} if system == "plain" else comparison(by_seed, values["plain"])))
    tests = [row for row in table if "pValue" in row]
    for row, adjusted in zip(tests, holm([row["pValue"] for row in tests])["adjusted"]):
        row["pByHolm"] = adjusted
    versions = {"python": platform.python_version(), "scipy": scipy.__version__, "numpy": numpy.__version__}
    header = json.dumps({"madeBy": "scripts/golden/paired.py", "versions": versions, "confidence": CONFIDENCE})[:-1]
    text = ",\n".join(
        f'"{name}": [\n' + ",\n".join(json.dumps(row) for row in part) + "\n]"
        for name, part in {"rows": rows, "table": table}.items()
    )
    path = pathlib.Path(__file__).parents[2] / "test" / "golden" / "paired.json"
    path.write_text(f"{header},\n{text}}}\n")
    print(f"{len(table)} rows in {path}")


if __name__ == "__main__":
    main()
