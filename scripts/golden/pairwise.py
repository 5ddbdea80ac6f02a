"""Writes test/golden/pairwise.json: values and gradients of the pairwise losses from PyTorch autograd in float64.

One pair of samples at a time, with nothing in common with the library's code but the definition of the scores, which
losses.py has. Run: python3 scripts/golden/pairwise.py
"""

import fractions
import json
import math
import pathlib
import platform

import numpy
import torch
from losses import scores_of_class


def ranking_problem(scores, positives, negatives, weights, margin):
    """Weighted mean squared hinge over the pairs of two lists of sample indices."""
    total = scores.sum() * 0
    scale = sum(weights[i] for i in positives) * sum(weights[j] for j in negatives)
    if scale == 0:
        return total
    for i in positives:
        for j in negatives:
            total = total + weights[i] * weights[j] * (margin - scores[i] + scores[j]).clamp(min=0) ** 2
    return total / scale


def soft_problem(scores, positives, negatives, weights, margin, temperature, of_positives):
    """The soft forms: the definition as it stands, by the exponentials themselves."""
    positives, negatives = [[o for o in side if weights[o] > 0] for side in (positives, negatives)]
    if not (positives and negatives):
        return scores.sum() * 0
    (total, other) = [sum(weights[o] for o in side) for side in (positives, negatives)]
    exact = lambda i: sum(
        weights[j] / other * torch.exp((margin - scores[i] + scores[j]).clamp(min=0) ** 2 / temperature)
        for j in negatives
    )
    if of_positives is None:
        return sum(weights[i] / total * temperature * torch.log(exact(i)) for i in positives)
    power = temperature / of_positives
    return of_positives * torch.log(sum(weights[i] / total * exact(i) ** power for i in positives))


def pairwise(
    y, outputs, sample_weights=None, margin=1, weights=1, worst=1, positiveClass=1, output="logits",
    hardest=1, temperature=None, positiveTemperature=None,
):
    w = sample_weights or [1] * len(y)
    classes = 2 if outputs.dim() == 1 else max(2, outputs.shape[1])
    total = outputs.sum() * 0
    for c in [positiveClass] if classes == 2 else range(classes):
        s = scores_of_class(outputs, c, output)
        positives = sorted((o for o in range(len(y)) if y[o] == c and w[o] > 0), key=lambda o: (s[o].item(), o))
        positives = positives[: math.ceil(fractions.Fraction(str(worst)) * len(positives))]
        negatives = [o for o in range(len(y)) if y[o] != c]
        if hardest != 1:
            negatives = sorted((o for o in negatives if w[o] > 0), key=lambda o: (-s[o].item(), o))
            negatives = negatives[: math.ceil(fractions.Fraction(str(hardest)) * len(negatives))]
        weight = weights[c] if isinstance(weights, list) else weights
        share = 1 if classes == 2 else 1 / classes
        if temperature is None:
            problem = ranking_problem(s, positives, negatives, w, margin)
        else:
            problem = soft_problem(s, positives, negatives, w, margin, temperature, positiveTemperature)
        total = total + share * weight * problem
    return total


def loss_of(options):
    if "hardest" in options or "temperature" in options:
        return "lowFalseAlarmPairwise"
    return "highRecallPairwise" if "worst" in options else "aucPairwise"


def case(y, outputs, sample_weights=None, **options):
    """One golden case. y: class indices; of a model with one output too (the class, not 0/1 = positive)."""
    single = numpy.asarray(outputs, dtype=numpy.float32)  # what a tensor holds
    x = torch.tensor(single.astype(numpy.float64), requires_grad=True)
    value = pairwise(y, x, sample_weights, **options)
    (gradient,) = torch.autograd.grad(value, x)
    tidy = lambda numbers: [float(f"{number:.9g}") for number in numbers]
    return {
        "loss": loss_of(options),
        "options": options,
        "labels": [int(label) for label in y],
        "sampleWeights": sample_weights,
        "shape": list(x.shape),
        "outputs": tidy(x.detach().reshape(-1).tolist()),
        "value": tidy([value.item()])[0],
        "gradient": tidy(gradient.reshape(-1).tolist()),
    }


def main():
    random = numpy.random.default_rng(31)
    draw = lambda *shape, scale=2: random.normal(0, scale, shape).round(3)
    soft = lambda z: (numpy.exp(z) / numpy.exp(z).sum(1, keepdims=True)).round(5)
    w = [round(float(weight), 2) for weight in random.uniform(0.2, 3, 16)]
    w[3] = w[5] = 0
    rare = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0]
    cases = []
    for positive in (0, 1):
        for shape in ((16,), (16, 1), (16, 2)):
            options = {"positiveClass": positive}
            p = soft(draw(16, 2)) if shape == (16, 2) else (1 / (1 + numpy.exp(-draw(*shape)))).round(5)
            cases += [
                case(rare, draw(*shape), **options),
                case(rare, draw(*shape), margin=2.5, weights=[3, 0.5], **options),
                case(rare, draw(*shape) + 1000, w, **options),
                case(rare, draw(*shape, scale=30).clip(-50, 50), **options),
                case(rare, p, output="probabilities", **options),
                case(rare, draw(*shape), worst=0.4, **options),
                case(rare, draw(*shape).round(0), w, worst=0.5, margin=0.5, **options),
                case(rare, p, w, worst=0.01, output="probabilities", **options),
            ]
    for classes in (3, 5):
        y = list(random.permutation(numpy.arange(16) % classes))
        weights = [round(0.5 + c / 2, 2) for c in range(classes)]
        cases += [
            case(y, draw(16, classes)),
            case(y, draw(16, classes), w, weights=weights, margin=2),
            case(y, draw(16, classes, scale=30).clip(-50, 50)),
            case(y, soft(draw(16, classes)), w, output="probabilities"),
            case([0] * 8 + [1] * 8, draw(16, classes)),
            case(y, draw(16, classes), worst=0.5, weights=weights),
            case(y, soft(draw(16, classes)), w, worst=0.34, output="probabilities"),
        ]
    # The soft forms take small scores: float64 holds their exponentials.
    for shape in ((16,), (16, 2)):
        for positive in (0, 1):
            options = {"positiveClass": positive}
            cases += [
                case(rare, draw(*shape), hardest=0.3, **options),
                case(rare, draw(*shape).round(0), w, hardest=0.5, margin=0.5, **options),
                case(rare, draw(*shape), w, hardest=0.4, worst=0.5, **options),
                case(rare, draw(*shape), temperature=1, **options),
                case(rare, draw(*shape), w, temperature=4, margin=2, weights=[3, 0.5], **options),
                case(rare, draw(*shape), w, temperature=2, positiveTemperature=0.7, **options),
            ]
    y = list(random.permutation(numpy.arange(16) % 3))
    cases += [
        case(y, draw(16, 3), hardest=0.34, weights=[1, 2, 0.5]),
        case(y, soft(draw(16, 3)), w, temperature=3, output="probabilities"),
        case([0] * 8 + [1] * 8, draw(16, 3), w, temperature=3, positiveTemperature=5),
    ]
    versions = {"python": platform.python_version(), "torch": torch.__version__, "numpy": numpy.__version__}
    path = pathlib.Path(__file__).parents[2] / "test" / "golden" / "pairwise.json"
    rows = ",\n".join(json.dumps(entry) for entry in cases)
    header = json.dumps({"madeBy": "scripts/golden/pairwise.py", "versions": versions})[:-1]
    path.write_text(f'{header}, "cases": [\n{rows}\n]}}\n')
    print(f"{len(cases)} cases in {path}")


if __name__ == "__main__":
    main()
