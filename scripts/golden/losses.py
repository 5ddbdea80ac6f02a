"""Writes test/golden/losses.json: values and gradients of the losses from PyTorch autograd in float64.

Written from the equations, one class and one sample at a time, with nothing in common with the library's code.
Run: python3 scripts/golden/losses.py
"""

import json
import pathlib
import platform

import numpy
import torch

EPSILON = 1e-7


def probabilities_of(outputs, output):
    """Log-probabilities [n, classes] of the model's outputs; one output speaks of class 1."""
    if outputs.dim() == 1 or outputs.shape[1] == 1:
        z = outputs.reshape(-1)
        if output == "logits":
            positive, negative = torch.nn.functional.logsigmoid(z), torch.nn.functional.logsigmoid(-z)
        else:
            positive, negative = z.clamp(EPSILON, 1).log(), (1 - z).clamp(EPSILON, 1).log()
        return torch.stack([negative, positive], dim=1)
    if output == "logits":
        return outputs.log_softmax(dim=1)
    clipped = outputs.clamp(EPSILON, 1)
    return (clipped / clipped.sum(dim=1, keepdim=True)).log()


def class_weights(weights, classes, positive_class, normalise):
    if isinstance(weights, (int, float)):
        weights = [weights if c == positive_class else 1 for c in range(classes)]
    weights = torch.tensor(weights, dtype=torch.float64)
    return weights * classes / weights.sum() if normalise else weights


def weighted_crossentropy(y, outputs, weights=1, positiveClass=1, output="logits", normalise=True):
    log_p = probabilities_of(outputs, output)
    gamma = class_weights(weights, log_p.shape[1], positiveClass, normalise)
    return sum(-gamma[c] * log_p[o, c] for o, c in enumerate(y)) / len(y)


def scores_of_class(outputs, c, output):
    """Log-odds of class c against the rest."""
    if outputs.dim() == 1 or outputs.shape[1] == 1:
        z = outputs.reshape(-1)
        if output == "probabilities":
            z = z.clamp(EPSILON, 1).log() - (1 - z).clamp(EPSILON, 1).log()
        return z if c == 1 else -z
    z = outputs if output == "logits" else outputs.clamp(EPSILON, 1).log()
    rest = [k for k in range(z.shape[1]) if k != c]
    return z[:, c] - z[:, rest].logsumexp(dim=1)


def squared_hinge_rank(y, outputs, lambda_=1, positiveClass=1, tau="one", output="logits"):
    n = len(y)
    classes = 2 if outputs.dim() == 1 else max(2, outputs.shape[1])
    total = outputs.sum() * 0
    for c in range(classes):
        weight = lambda_[c] if isinstance(lambda_, list) else lambda_
        sides = weight if isinstance(weight, dict) else {"positives": weight, "negatives": weight}
        positives = sum(label == c for label in y)
        if positives in (0, n):
            continue
        s = scores_of_class(outputs, c, output)
        centred = s - s.mean()
        order = centred.detach().sort().values
        boundary = (order[n - positives - 1] + order[n - positives]) / 2
        unit = 1.0
        if tau == "deviation":
            unit = centred.detach().std(unbiased=False)
            unit = unit if unit > 1e-3 else 1.0
        for o, label in enumerate(y):
            sign, side = (1, "positives") if label == c else (-1, "negatives")
            hinge = (1 - sign * (centred[o] - boundary) / unit).clamp(min=0)
            total = total + sides[side] * hinge**2 / n
    return total / classes


def class_dependent(y, outputs, gamma=1, lambda_=0, positiveClass=1, tau="one", output="logits"):
    crossentropy = weighted_crossentropy(y, outputs, gamma, positiveClass, output)
    return crossentropy + squared_hinge_rank(y, outputs, lambda_, positiveClass, tau, output)


LOSSES = {
    "weightedCrossentropy": weighted_crossentropy,
    "squaredHingeRank": squared_hinge_rank,
    "classDependent": class_dependent,
}


def case(loss, y, outputs, **options):
    """One golden case. y: class indices; of a model with one output too (the class, not 0/1 = positive)."""
    x = torch.tensor(numpy.asarray(outputs), dtype=torch.float64, requires_grad=True)
    value = LOSSES[loss](y, x, **{("lambda_" if k == "lambda" else k): v for k, v in options.items()})
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


def main():
    random = numpy.random.default_rng(20)
    draw = lambda *shape, scale=2: random.normal(0, scale, shape).round(3)
    soft = lambda z: (numpy.exp(z) / numpy.exp(z).sum(1, keepdims=True)).round(5)
    labels = lambda n, classes: list(random.permutation(numpy.arange(n) % classes))
    rare = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]
    sides = [{"positives": 1, "negatives": 4}, {"positives": 3, "negatives": 0.5}]
    cases = []
    for positive in (0, 1):
        for shape in ((16,), (16, 1), (16, 2)):
            wce, shr, both = "weightedCrossentropy", "squaredHingeRank", "classDependent"
            cases += [
                case(wce, rare, draw(*shape), weights=5, positiveClass=positive),
                case(wce, rare, draw(*shape), weights=[0.3, 2.5], positiveClass=positive),
                case(wce, rare, draw(*shape), weights=[2, 7], positiveClass=positive, normalise=False),
                case(shr, rare, draw(*shape), positiveClass=positive),
                case(shr, rare, draw(*shape), **{"lambda": 5, "tau": "deviation", "positiveClass": positive}),
                case(shr, rare, draw(*shape), **{"lambda": [1, 3], "positiveClass": positive}),
                case(shr, rare, draw(*shape), **{"lambda": sides, "positiveClass": positive}),
                case(both, rare, draw(*shape), **{"gamma": 10, "lambda": 5, "positiveClass": positive}),
                case(both, rare, draw(*shape, scale=30).clip(-50, 50), **{"gamma": 5, "lambda": 5, "positiveClass": positive}),
            ]
            p = soft(draw(16, 2)) if shape == (16, 2) else (1 / (1 + numpy.exp(-draw(*shape)))).round(5)
            options = {"positiveClass": positive, "output": "probabilities"}
            cases += [
                case(wce, rare, p, weights=5, **options),
                case(shr, rare, p, tau="deviation", **options),
                case(both, rare, p, **{"gamma": 5, "lambda": 5}, **options),
            ]
    for classes in (3, 5):
        y = labels(16, classes)
        weights = [round(0.5 + c / 2, 2) for c in range(classes)]
        mixed = [2, {"positives": 3, "negatives": 1}] + [0] * (classes - 2)
        cases += [
            case("weightedCrossentropy", y, draw(16, classes), weights=4, positiveClass=2),
            case("weightedCrossentropy", y, draw(16, classes), weights=weights),
            case("weightedCrossentropy", y, soft(draw(16, classes)), weights=weights, output="probabilities"),
            case("squaredHingeRank", y, draw(16, classes)),
            case("squaredHingeRank", y, draw(16, classes), tau="deviation"),
            case("squaredHingeRank", y, draw(16, classes), **{"lambda": mixed}),
            case("squaredHingeRank", y, soft(draw(16, classes)), output="probabilities"),
            case("squaredHingeRank", y, draw(16, classes, scale=30).clip(-50, 50)),
            case("squaredHingeRank", [0] * 8 + [1] * 8, draw(16, classes)),
            case("squaredHingeRank", y, draw(16, 1).repeat(classes, 1)),
            case("classDependent", y, draw(16, classes), **{"gamma": weights, "lambda": 5}),
        ]
    versions = {"python": platform.python_version(), "torch": torch.__version__, "numpy": numpy.__version__}
    golden = {"madeBy": "scripts/golden/losses.py", "versions": versions, "cases": cases}
    path = pathlib.Path(__file__).parents[2] / "test" / "golden" / "losses.json"
    rows = ",\n".join(json.dumps(entry) for entry in cases)
    header = json.dumps({k: v for k, v in golden.items() if k != "cases"})[:-1]
    path.write_text(f'{header}, "cases": [\n{rows}\n]}}\n')
    print(f"{len(cases)} cases in {path}")


if __name__ == "__main__":
    main()
