"""Writes test/golden/imbalance.json: values and gradients of the imbalance losses from PyTorch autograd in float64.

Each loss is written another way than the library does it, one class and one sample at a time:
- focal: the power of 1 - p, which is summed over the other classes;
- ldam: with one output, the two logistic functions; else the sum over the other classes;
- logitAdjusted: the pairwise form of Menon et al., log(1 + sum_k (pi_k / pi_y)^strength exp(z_k - z_y));
- asymmetric: sigmoid, shift and power as the paper has them;
- softFBeta: soft counts of true positives, false positives and misses;
- aucm: the min-max form, its a, b and alpha held constant at their optimum.
Run: python3 scripts/golden/imbalance.py
"""

import json
import pathlib
import platform

import numpy
import torch
from losses import class_weights, probabilities_of, scores_of_class

softplus = torch.nn.functional.softplus


def classes_of(outputs):
    return 2 if outputs.dim() == 1 else max(2, outputs.shape[1])


def focal(y, outputs, focusing=2, weights=1, positiveClass=1, output="logits", normalise=True):
    log_p = probabilities_of(outputs, output)
    alpha = class_weights(weights, classes_of(outputs), positiveClass, normalise)
    total = 0
    for o, c in enumerate(y):
        miss = sum(log_p[o, k].exp() for k in range(log_p.shape[1]) if k != c)
        total = total - alpha[c] * miss**focusing * log_p[o, c]
    return total / len(y)


def ldam(y, outputs, counts, maximumMargin=0.5, scale=1, weights=1, positiveClass=1, output="logits"):
    margins = [maximumMargin / n**0.25 * min(counts) ** 0.25 for n in counts]
    gamma = class_weights(weights, classes_of(outputs), positiveClass, True)
    one = outputs.dim() == 1 or outputs.shape[1] == 1
    total = 0
    for o, c in enumerate(y):
        if one and output == "logits":
            z = outputs.reshape(-1)[o]
            cost = softplus(-scale * (z - margins[1])) if c == 1 else softplus(scale * (z + margins[0]))
        else:
            z = outputs[o] if output == "logits" else probabilities_of(outputs, output)[o]
            rest = sum((scale * (z[k] - z[c] + margins[c])).exp() for k in range(len(z)) if k != c)
            cost = rest.log1p()
        total = total + gamma[c] * cost / len(y)
    return total


def logit_adjusted(y, outputs, counts=None, priors=None, strength=1, output="logits"):
    pi = counts if priors is None else priors
    log_p = probabilities_of(outputs, output)
    total = 0
    for o, c in enumerate(y):
        rest = sum((pi[k] / pi[c]) ** strength * (log_p[o, k] - log_p[o, c]).exp() for k in range(len(pi)) if k != c)
        total = total + rest.log1p() / len(y)
    return total


def asymmetric(y, outputs, focusingPositives=0, focusingNegatives=4, clip=0.05, positiveClass=1, output="logits"):
    classes = classes_of(outputs)
    total = outputs.sum() * 0
    for c in range(classes) if classes > 2 else [positiveClass]:
        for label, s in zip(y, scores_of_class(outputs, c, output)):
            p = s.sigmoid()
            if label == c:
                total = total - (-s).sigmoid() ** focusingPositives * torch.nn.functional.logsigmoid(s)
            elif clip == 0:
                total = total - p**focusingNegatives * torch.nn.functional.logsigmoid(-s)
            elif p > clip:
                shifted = p - clip
                total = total - shifted**focusingNegatives * (1 - shifted).log()
    return total / len(y)


def soft_f_beta(y, outputs, beta=2, positiveClass=1, output="logits"):
    classes = classes_of(outputs)
    total = outputs.sum() * 0
    for c in range(classes) if classes > 2 else [positiveClass]:
        if c not in y:
            continue
        p = scores_of_class(outputs, c, output).sigmoid()
        hits = sum(p[o] for o, label in enumerate(y) if label == c)
        misses = sum(1 - p[o] for o, label in enumerate(y) if label == c)
        alarms = sum(p[o] for o, label in enumerate(y) if label != c)
        f = (1 + beta**2) * hits / ((1 + beta**2) * hits + beta**2 * misses + alarms)
        total = total + (1 - f) / (classes if classes > 2 else 1)
    return total


def aucm(y, outputs, margin=1, positiveClass=1, output="logits"):
    classes = classes_of(outputs)
    total = outputs.sum() * 0
    for c in range(classes) if classes > 2 else [positiveClass]:
        own = torch.tensor([label == c for label in y])
        if own.all() or not own.any():
            continue
        p = scores_of_class(outputs, c, output).sigmoid()
        a, b = p[own].mean().item(), p[~own].mean().item()
        alpha = max(0, margin + b - a)
        value = ((p[own] - a) ** 2).mean() + ((p[~own] - b) ** 2).mean()
        value = value + 2 * alpha * (margin + p[~own].mean() - p[own].mean()) - alpha**2
        total = total + value / (classes if classes > 2 else 1)
    return total


LOSSES = {
    "focal": focal,
    "ldam": ldam,
    "logitAdjusted": logit_adjusted,
    "asymmetric": asymmetric,
    "softFBeta": soft_f_beta,
    "aucm": aucm,
}


def case(loss, y, outputs, **options):
    """One golden case. y: class indices, of a model with one output too."""
    x = torch.tensor(numpy.asarray(outputs), dtype=torch.float64, requires_grad=True)
    value = LOSSES[loss](y, x, **options)
    (gradient,) = torch.autograd.grad(value, x)
    tidy = lambda numbers: [float(f"{number:.9g}") for number in numbers]
    return {
        "loss": loss,
        "options": options,
        "labels": [int(label) for label in y],
        "shape": list(x.shape),
        "outputs": tidy(x.detach().reshape(-1).tolist()),
        "value": tidy([value.item()])[0],
        "gradient": tidy(gradient.reshape(-1).tolist()),
    }


def variants(classes, positive):
    """The options of each loss that are tried on a model of so many classes."""
    counts = [727, 173] if classes == 2 else [500, 120, 37, 8, 260][:classes]
    priors = [round(0.3 / (c + 1), 3) for c in range(classes)]
    weights = [round(0.5 + c / 2, 2) for c in range(classes)]
    side = {"positiveClass": positive}
    return [
        ("focal", side),
        ("focal", {"focusing": 0, "weights": 5, **side}),
        ("focal", {"focusing": 0.5, "weights": weights}),
        ("focal", {"focusing": 5, "weights": weights, "normalise": False}),
        ("ldam", {"counts": counts, **side}),
        ("ldam", {"counts": counts, "maximumMargin": 2, "weights": weights}),
        ("ldam", {"counts": counts, "scale": 3, "weights": 4, **side}),
        ("logitAdjusted", {"counts": counts, **side}),
        ("logitAdjusted", {"priors": priors, "strength": 1.7}),
        ("asymmetric", side),
        ("asymmetric", {"focusingPositives": 1, "focusingNegatives": 2, "clip": 0.3, **side}),
        ("asymmetric", {"focusingPositives": 0.5, "focusingNegatives": 0.5, "clip": 0, **side}),
        ("asymmetric", {"focusingNegatives": 0, "clip": 0.1, **side}),
        ("softFBeta", side),
        ("softFBeta", {"beta": 0.5, **side}),
        ("aucm", side),
        ("aucm", {"margin": 0.2, **side}),
        ("aucm", {"margin": 2, **side}),
    ]


def main():
    random = numpy.random.default_rng(21)
    draw = lambda *shape, scale=2: random.normal(0, scale, shape).round(3)
    soft = lambda z: (numpy.exp(z) / numpy.exp(z).sum(1, keepdims=True)).round(5)
    rare = [1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0]
    cases = []
    for shape in ((12,), (12, 1), (12, 2), (12, 3), (12, 5)):
        classes = max(2, shape[1]) if len(shape) == 2 else 2
        y = rare if classes == 2 else [0, 2, 0, 0, 1, 0, 1, 0, 0, 2, 0, 1]
        for positive in (0, 1) if shape in ((12, 1), (12, 2)) else (1,):
            for loss, options in variants(classes, positive):
                cases.append(case(loss, y, draw(*shape), **options))
        for loss, options in variants(classes, 1)[::2]:
            z = draw(*shape)
            p = soft(z) if classes == (shape + (1,))[1] else (1 / (1 + numpy.exp(-z))).round(5)
            cases.append(case(loss, y, p, output="probabilities", **options))
        for loss in LOSSES:
            needs = {"counts": [50, 20, 5, 30, 9][:classes]} if loss in ("ldam", "logitAdjusted") else {}
            cases.append(case(loss, y, draw(*shape, scale=20).clip(-50, 50), **needs))
    versions = {"python": platform.python_version(), "torch": torch.__version__, "numpy": numpy.__version__}
    path = pathlib.Path(__file__).parents[2] / "test" / "golden" / "imbalance.json"
    rows = ",\n".join(json.dumps(entry) for entry in cases)
    header = json.dumps({"madeBy": "scripts/golden/imbalance.py", "versions": versions})[:-1]
    path.write_text(f'{header}, "cases": [\n{rows}\n]}}\n')
    print(f"{len(cases)} cases in {path}")


if __name__ == "__main__":
    main()
