"""Writes test/golden/criteria.json: scores of criteria that look at gradients, inputs, outputs and flow.

Gradients are PyTorch autograd in float64, one batch or one sample at a time; norms, shares of zeros and ranks are NumPy loops.
Nothing here is in common with the library's code. Weights are in the layout of tfjs: dense [in, out], convolution
[height, width, in, out]; images [n, height, width, channels].
Run: python3 scripts/golden/criteria.py
"""

import json
import math
import pathlib
import platform

import numpy
import torch

torch.set_default_dtype(torch.float64)


def rounded(values):
    """As float32, which is what the library computes with."""
    return numpy.asarray(values, dtype=numpy.float32).astype(numpy.float64)


class Mlp:
    """Dense 4-5 with ReLU, dense 5-3."""

    kernels = ["hidden/kernel", "out/kernel"]
    classes = 3
    input_shape = (4,)

    def __init__(self, seed):
        draw = numpy.random.default_rng(seed)
        self.values = {
            "hidden/kernel": rounded(draw.normal(size=(4, 5))),
            "hidden/bias": rounded(draw.normal(size=5) / 4),
            "out/kernel": rounded(draw.normal(size=(5, 3))),
            "out/bias": rounded(draw.normal(size=3) / 4),
        }
        self.xs = rounded(draw.normal(size=(7, 4)))
        self.ys = [0, 1, 0, 2, 0, 1, 0]
        self.batch_size = 3

    def layers(self, w, x):
        """Input and output of each layer with a kernel."""
        hidden = torch.relu(x @ w["hidden/kernel"] + w["hidden/bias"])
        return {"hidden/kernel": (x, hidden), "out/kernel": (hidden, hidden @ w["out/kernel"] + w["out/bias"])}


class Cnn:
    """Convolution 3 x 3, 2-3 channels, stride 2, same, ReLU; flatten; dense 27-2."""

    kernels = ["conv/kernel", "out/kernel"]
    classes = 2
    input_shape = (5, 5, 2)

    def __init__(self, seed):
        draw = numpy.random.default_rng(seed)
        self.values = {
            "conv/kernel": rounded(draw.normal(size=(3, 3, 2, 3)) / 2),
            "conv/bias": rounded(draw.normal(size=3) / 4),
            "out/kernel": rounded(draw.normal(size=(27, 2)) / 2),
            "out/bias": rounded(draw.normal(size=2) / 4),
        }
        self.xs = rounded(draw.normal(size=(5, 5, 5, 2)))
        self.ys = [0, 0, 1, 0, 1]
        self.batch_size = 2

    def layers(self, w, x):
        kernel = w["conv/kernel"].permute(3, 2, 0, 1)
        conv = torch.nn.functional.conv2d(x.permute(0, 3, 1, 2), kernel, w["conv/bias"], stride=2, padding=1)
        conv = torch.relu(conv).permute(0, 2, 3, 1)
        flat = conv.reshape(len(x), -1)
        return {"conv/kernel": (x, conv), "out/kernel": (flat, flat @ w["out/kernel"] + w["out/bias"])}


def tensors(values, grad=False):
    return {name: torch.tensor(value, requires_grad=grad) for name, value in values.items()}


def gradients(net, rows):
    """Gradient of the mean cross-entropy of some samples."""
    w = tensors(net.values, grad=True)
    logits = net.layers(w, torch.tensor(net.xs[rows]))["out/kernel"][1]
    torch.nn.functional.cross_entropy(logits, torch.tensor([net.ys[i] for i in rows])).backward()
    return {name: w[name].grad.numpy() for name in net.kernels}


def batches(rows, size):
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def taylor(net, rows, size):
    """E[(g w)^2] over batches, each by its share of the samples."""
    total = {name: 0 for name in net.kernels}
    for batch in batches(rows, size):
        for name, g in gradients(net, batch).items():
            total[name] = total[name] + len(batch) / len(rows) * (g * net.values[name]) ** 2
    return total


def unit_taylor(net, rows, size):
    total = {name: 0 for name in net.kernels}
    for batch in batches(rows, size):
        for name, g in gradients(net, batch).items():
            product = g * net.values[name]
            axes = tuple(range(product.ndim - 1))
            unit = product.sum(axis=axes) ** 2 / (product.size // product.shape[-1])
            total[name] = total[name] + len(batch) / len(rows) * numpy.broadcast_to(unit, product.shape)
    return total


def fisher(net, rows):
    singles = taylor(net, rows, 1)
    return {name: score / 2 for name, score in singles.items()}


def snip(net, rows):
    return {name: numpy.abs(g * net.values[name]) for name, g in gradients(net, rows).items()}


def input_of(net, name, place, image):
    """What one element of a kernel is multiplied with, over all places of one sample."""
    if len(place) == 2:
        return [image[place[0]]]
    row, column, channel, _ = place
    seen = []
    for i in range(3):
        for j in range(3):
            y, x = 2 * i + row - 1, 2 * j + column - 1
            if 0 <= y < 5 and 0 <= x < 5:
                seen.append(image[y, x, channel])
    return seen


def wanda(net, rows):
    """|w| times the norm of its inputs, and the share of its output's elements that are not above it."""
    inputs = {name: pair[0].numpy() for name, pair in net.layers(tensors(net.values), torch.tensor(net.xs)).items()}
    products, ranks = {}, {}
    for name in net.kernels:
        w = net.values[name]
        product = numpy.zeros_like(w)
        for place in numpy.ndindex(w.shape):
            squares = [value**2 for i in rows for value in input_of(net, name, place, inputs[name][i])]
            product[place] = abs(w[place]) * math.sqrt(sum(squares))
        flat = product.reshape(-1, w.shape[-1])
        rank = (flat[None, :, :] <= flat[:, None, :]).mean(axis=1)
        products[name], ranks[name] = product, rank.reshape(w.shape)
    return products, ranks


def zeros(net, rows):
    outputs = {name: pair[1].numpy() for name, pair in net.layers(tensors(net.values), torch.tensor(net.xs)).items()}
    scores = {}
    for name in net.kernels:
        units = outputs[name][rows].reshape(-1, outputs[name].shape[-1])
        scores[name] = numpy.broadcast_to(1 - (units == 0).mean(axis=0), net.values[name].shape)
    return scores


def for_classes(net, weights, score):
    rows = {c: [i for i, y in enumerate(net.ys) if y == c] for c in range(net.classes)}
    parts = [(weight, score(rows[c])) for c, weight in enumerate(weights)]
    return {name: sum(weight * part[name] for weight, part in parts) for name in net.kernels}


def syn_flow(net, density, steps):
    """Masks after `steps` rounds of |w dR/dw| with a geometric schedule, all kernels together."""
    size = sum(net.values[name].size for name in net.kernels)
    masks = {name: numpy.ones(net.values[name].shape) for name in net.kernels}
    for step in range(1, steps + 1):
        values = {name: numpy.abs(value) * masks.get(name, 0) for name, value in net.values.items()}
        w = tensors(values, grad=True)
        net.layers(w, torch.ones((1, *net.input_shape)))["out/kernel"][1].sum().backward()
        scores = {name: (w[name].grad * w[name]).detach().numpy() for name in net.kernels}
        pooled = numpy.concatenate([scores[name][masks[name] == 1] for name in net.kernels])
        keep = math.floor(size * density ** (step / steps) + 0.5)
        descending = numpy.sort(pooled)[::-1]
        # The one way into a unit and the one way out score alike: such ties, which rounding decides, are left out.
        assert keep == len(pooled) or descending[keep] < descending[keep - 1] * (1 - 1e-4), "no ties"
        masks = {name: masks[name] * (scores[name] >= descending[keep - 1]) for name in net.kernels}
        assert all(mask.sum() > 0 for mask in masks.values()), "no layer vanishes"
    return masks


def flat(scores):
    return {name: [float(f"{value:.9g}") for value in numpy.asarray(score).reshape(-1)] for name, score in scores.items()}


def case(net):
    rows = list(range(len(net.ys)))
    size = net.batch_size
    products, ranks = wanda(net, rows)
    lambdas = [1, 5, 2][: net.classes]
    return {
        "weights": {
            name: {"shape": list(value.shape), "values": [float(x) for x in value.reshape(-1)]}
            for name, value in net.values.items()
        },
        "xs": {"shape": list(net.xs.shape), "values": [float(x) for x in net.xs.reshape(-1)]},
        "ys": net.ys,
        "batchSize": size,
        "lambdas": lambdas,
        "scores": {
            "taylor": flat(taylor(net, rows, size)),
            "unitTaylor": flat(unit_taylor(net, rows, size)),
            "snip": flat(snip(net, rows)),
            "fisher": flat(fisher(net, rows)),
            "wanda": flat(ranks),
            "wandaInLayer": flat(products),
            "averagePercentageOfZeros": flat(zeros(net, rows)),
            "taylorForClasses": flat(for_classes(net, lambdas, lambda own: taylor(net, own, size))),
            "snipForClasses": flat(for_classes(net, lambdas, lambda own: snip(net, own))),
            "wandaForClasses": flat(for_classes(net, lambdas, lambda own: wanda(net, own)[0])),
        },
        "synFlow": [
            {"density": density, "steps": steps, "masks": flat(syn_flow(net, density, steps))}
            for density, steps in [(0.5, 1), (0.35, 3), (0.45, 10), (0.4, 100)]
        ],
    }


result = {
    "madeBy": "scripts/golden/criteria.py",
    "versions": {"python": platform.python_version(), "torch": torch.__version__, "numpy": numpy.__version__},
    "cases": {"mlp": case(Mlp(1)), "cnn": case(Cnn(2))},
}
path = pathlib.Path(__file__).parents[2] / "test" / "golden" / "criteria.json"
path.write_text(json.dumps(result) + "\n")
