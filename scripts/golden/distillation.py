"""Writes test/golden/distillation.json: the distillation loss and statistics of batch norm, from PyTorch in float64.

- distillation: (1 - w) weighted cross-entropy + w T^2 torch.nn.functional.kl_div(..., reduction="batchmean"), log_target
  False, the teacher's softmax as target; one output is written as the two logits 0 and z;
- batchNorm: a small network in training mode. The means are those of torch.optim.swa_utils.update_bn over batches of one
  size; the variances are those of all inputs that hooks saw in front of each layer, batches together.
Run: python3 scripts/golden/distillation.py
"""

import json
import pathlib
import platform

import numpy
import torch
from losses import probabilities_of, weighted_crossentropy
from torch.optim.swa_utils import update_bn

tidy = lambda numbers: [float(f"{number:.9g}") for number in numbers]


def distillation(y, teacher, outputs, temperature=4, weight=0.5, weights=1, output="logits"):
    one = outputs.dim() == 1 or outputs.shape[1] == 1
    if output == "probabilities":
        z = probabilities_of(outputs, output)
    elif one:
        z = torch.stack([torch.zeros_like(outputs.reshape(-1)), outputs.reshape(-1)], dim=1)
    else:
        z = outputs
    given = torch.nn.functional.log_softmax(z / temperature, dim=1)
    target = torch.softmax(teacher / temperature, dim=1)
    soft = torch.nn.functional.kl_div(given, target, reduction="batchmean", log_target=False)
    hard = weighted_crossentropy(y, outputs, weights=weights, output=output)
    return (1 - weight) * hard + weight * temperature**2 * soft


def case(y, teacher, outputs, **options):
    x = torch.tensor(outputs, dtype=torch.float64, requires_grad=True)
    value = distillation(y, torch.tensor(teacher, dtype=torch.float64), x, **options)
    (gradient,) = torch.autograd.grad(value, x)
    return {
        "options": options,
        "labels": y,
        "teacher": tidy(teacher.reshape(-1).tolist()),
        "shape": list(x.shape),
        "outputs": tidy(x.detach().reshape(-1).tolist()),
        "value": tidy([value.item()])[0],
        "gradient": tidy(gradient.reshape(-1).tolist()),
    }


def distillation_cases(random):
    cases = []
    soft = lambda z: (numpy.exp(z) / numpy.exp(z).sum(1, keepdims=True)).round(5)
    for shape in ((8,), (8, 1), (8, 2), (8, 3), (8, 5)):
        classes = max(2, shape[1]) if len(shape) == 2 else 2
        y = [1, 0, 0, 1, 0, 0, 0, 1] if classes == 2 else [0, 2, 1, 0, 0, 1, 2, 0]
        draw = lambda scale=2, size=shape: random.normal(0, scale, size).round(3)
        for options in (
            {},
            {"weight": 0, "weights": 3},
            {"weight": 1, "temperature": 1},
            {"weight": 0.9, "temperature": 20, "weights": 5},
            {"weight": 0.25, "temperature": 0.5},
        ):
            cases.append(case(y, draw(size=(8, classes)), draw(), **options))
        cases.append(case(y, draw(15, (8, classes)), draw(15), temperature=2))
        p = soft(draw()) if classes == (shape + (1,))[1] else (1 / (1 + numpy.exp(-draw()))).round(5)
        cases.append(case(y, draw(size=(8, classes)), p, output="probabilities", temperature=3))
    return cases


def batch_norm_case(random):
    """Four inputs, batch norm, dense 4-3, relu, batch norm, dense 3-2; 24 samples in batches of 6."""
    double = torch.float64
    first, second = torch.nn.BatchNorm1d(4, eps=1e-3, momentum=None), torch.nn.BatchNorm1d(3, eps=1e-3, momentum=None)
    hidden, last = torch.nn.Linear(4, 3), torch.nn.Linear(3, 2)
    network = torch.nn.Sequential(first, hidden, torch.nn.ReLU(), second, last).to(double)
    for weight in network.parameters():
        values = random.normal(0, 1, weight.shape).round(3)
        weight.data = torch.tensor(values + (1.5 if weight.dim() == 1 else 0), dtype=double)
    xs = (random.normal(0, 2, (24, 4)) + [0, 3, -1, 10]).round(3)
    seen = {first: [], second: []}
    for layer in seen:
        layer.register_forward_pre_hook(lambda own, inputs: seen[own].append(inputs[0].detach()))
    update_bn([torch.tensor(xs[i : i + 6]) for i in range(0, 24, 6)], network)
    flat = lambda tensor: tidy(tensor.detach().reshape(-1).tolist())
    kernels = {"hidden": [flat(hidden.weight.T), flat(hidden.bias)], "last": [flat(last.weight.T), flat(last.bias)]}
    return {
        "xs": tidy(xs.reshape(-1).tolist()),
        "kernels": kernels,
        "layers": [
            {
                "gamma": flat(layer.weight),
                "beta": flat(layer.bias),
                "mean": flat(layer.running_mean),
                "variance": flat(torch.cat(batches).var(dim=0, unbiased=False)),
            }
            for layer, batches in seen.items()
        ],
    }


def main():
    random = numpy.random.default_rng(33)
    cases = distillation_cases(random)
    versions = {"python": platform.python_version(), "torch": torch.__version__, "numpy": numpy.__version__}
    path = pathlib.Path(__file__).parents[2] / "test" / "golden" / "distillation.json"
    rows = ",\n".join(json.dumps(entry) for entry in cases)
    header = json.dumps({"madeBy": "scripts/golden/distillation.py", "versions": versions})[:-1]
    batch_norm = json.dumps(batch_norm_case(random))
    path.write_text(f'{header}, "cases": [\n{rows}\n],\n"batchNorm": {batch_norm}}}\n')
    print(f"{len(cases)} cases in {path}")


if __name__ == "__main__":
    main()
