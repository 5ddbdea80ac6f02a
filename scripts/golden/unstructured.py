"""Writes test/golden/unstructured.json: masks of torch.nn.utils.prune.global_unstructured with L1Unstructured, and how many
weights random_unstructured and l1_unstructured leave.

Weights are drawn in PyTorch's layout, without ties, and written, like the masks, in that of tfjs. Each step prunes a share,
or a number, of what the step before has left. Run: python3 scripts/golden/unstructured.py
"""

import json
import pathlib
import platform

import numpy
import torch
from torch.nn.utils import prune

# Class in tfjs, the layer, and the order of PyTorch's axes in tfjs.
DENSE = ("Dense", torch.nn.Linear, (1, 0))
CONV1D = ("Conv1D", torch.nn.Conv1d, (2, 1, 0))
CONV2D = ("Conv2D", torch.nn.Conv2d, (2, 3, 1, 0))

# Layers and the scale of their weights: the narrower it is, the more of a layer goes.
NETS = {
    "dense": [(DENSE, (6, 11), 1), (DENSE, (11, 7), 0.6), (DENSE, (7, 3), 1.5)],
    "convolutions": [(CONV2D, (2, 5, (3, 2)), 1), (CONV1D, (3, 4, 3), 0.4), (DENSE, (9, 4), 0.8)],
    "single": [(DENSE, (8, 8), 1)],
    "one faint layer": [(DENSE, (5, 8), 1), (DENSE, (8, 3), 0.001), (DENSE, (3, 6), 1)],
    "hundreds": [(DENSE, (20, 10), 1), (CONV2D, (5, 20, (2, 1)), 1), (DENSE, (10, 10), 1)],
}
# Shares or numbers to prune, step by step; a layer is emptied by a last step at most.
STEPS = {
    "dense": [(0.2, 0.2, 0.2), (0.5, 0.3), (0.9, 0.5), (30, 7)],
    "convolutions": [(0.25, 0.4), (0.61, 0.5), (0.95,), (100, 20)],
    "single": [(0.75, 0.75), (0.1, 0.1, 0.1), (1, 62)],
    "one faint layer": [(0.1, 0.05), (0.2, 0.2), (0.6,)],
    "hundreds": [(0.5,) * 5],
}


def flat(values):
    return [float(f"{value:.9g}") for value in values.contiguous().reshape(-1).tolist()]


def modules_of(net):
    modules = []
    for (class_name, make, axes), arguments, scale in NETS[net]:
        module = make(*arguments, bias=False)
        with torch.no_grad():
            module.weight.normal_(0, scale)
        modules.append((class_name, module, axes))
    return modules


def global_case(net, amounts):
    modules = modules_of(net)
    magnitudes = torch.cat([module.weight.detach().abs().reshape(-1) for _, module, _ in modules])
    assert magnitudes.unique().numel() == magnitudes.numel(), "equal magnitudes have no order in PyTorch"
    values = [module.weight.detach().clone().permute(axes) for _, module, axes in modules]
    places = [{"className": name, "shape": list(value.shape)} for (name, _, _), value in zip(modules, values)]
    steps = []
    for amount in amounts:
        prune.global_unstructured(
            [(module, "weight") for _, module, _ in modules], pruning_method=prune.L1Unstructured, amount=amount
        )
        masks = [[int(bit) for bit in flat(module.weight_mask.permute(axes))] for _, module, axes in modules]
        steps.append({"amount": amount, "kept": sum(map(sum, masks)), "masks": masks})
    weights = [{**place, "values": flat(value)} for place, value in zip(places, values)]
    return {"net": net, "size": magnitudes.numel(), "weights": weights, "steps": steps}


def random_case(net, amounts):
    """Counts after each step that prunes all layers, one by one, by lot."""
    modules = modules_of(net)
    shapes = [{"className": name, "shape": list(module.weight.permute(axes).shape)} for name, module, axes in modules]
    steps = []
    for amount in amounts:
        for _, module, _ in modules:
            prune.random_unstructured(module, "weight", amount=amount)
        steps.append({"amount": amount, "kept": [int(module.weight_mask.sum()) for _, module, _ in modules]})
    return {"net": net, "weights": shapes, "steps": steps}


def count_case(size, amount):
    module = torch.nn.Linear(size, 1, bias=False)
    prune.l1_unstructured(module, "weight", amount=amount)
    return {"size": size, "amount": amount, "kept": int(module.weight_mask.sum())}


def main():
    torch.manual_seed(59)
    global_cases = [global_case(net, amounts) for net in NETS for amounts in STEPS[net]]
    random_cases = [
        random_case(net, amounts) for net in NETS for amounts in [(0.2, 0.5), (0.36, 0.25), (0.7, 0.6), (0.9, 0.1)]
    ]
    amounts = [0.05, 0.1, 0.125, 0.25, 0.3, 0.35, 0.5, 0.625, 0.75, 0.8, 0.9, 0.99]
    counts = [count_case(size, amount) for size in [1, 2, 3, 5, 7, 10, 12, 20, 31, 64, 100, 150, 333, 1000] for amount in amounts]
    versions = {"python": platform.python_version(), "torch": torch.__version__, "numpy": numpy.__version__}
    path = pathlib.Path(__file__).parents[2] / "test" / "golden" / "unstructured.json"
    rows = lambda entries: "[\n" + ",\n".join(json.dumps(entry) for entry in entries) + "\n]"
    header = json.dumps({"madeBy": "scripts/golden/unstructured.py", "versions": versions})[:-1]
    parts = ", ".join(
        f'"{name}": {rows(entries)}'
        for name, entries in [("global", global_cases), ("random", random_cases), ("counts", counts)]
    )
    path.write_text(f"{header}, {parts}}}\n")
    print(f"{len(global_cases)} global cases, {len(random_cases)} random ones and {len(counts)} counts in {path}")


if __name__ == "__main__":
    main()
