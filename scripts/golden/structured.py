"""Writes test/golden/structured.json: masks of torch.nn.utils.prune.ln_structured for units and channels, and the sums of
distances between filters (FPGM), one pair of filters at a time in float64.

Weights are drawn in PyTorch's layout and written, like the masks, in that of tfjs. Each case is pruned in two steps, the
second one among what the first has left. Run: python3 scripts/golden/structured.py
"""

import json
import pathlib
import platform

import numpy
import torch
from torch.nn.utils import prune

# Layer, its class in tfjs, role, and the order of PyTorch's axes in tfjs.
LAYERS = {
    "dense": (lambda: torch.nn.Linear(7, 9), "Dense", "kernel", (1, 0)),
    "conv1d": (lambda: torch.nn.Conv1d(4, 6, 3), "Conv1D", "kernel", (2, 1, 0)),
    "conv2d": (lambda: torch.nn.Conv2d(5, 8, (3, 2)), "Conv2D", "kernel", (2, 3, 1, 0)),
    "conv3d": (lambda: torch.nn.Conv3d(3, 5, (2, 1, 2)), "Conv3D", "kernel", (2, 3, 4, 1, 0)),
    "transposed": (lambda: torch.nn.ConvTranspose2d(4, 6, (3, 2)), "Conv2DTranspose", "kernel", (2, 3, 1, 0)),
    "depthwise": (lambda: torch.nn.Conv2d(4, 8, (3, 2), groups=4), "DepthwiseConv2D", "depthwise_kernel", None),
}


def in_tfjs(values, axes):
    if axes is not None:
        return values.permute(axes)
    outputs, _, height, width = values.shape  # a depthwise kernel: channel c has outputs 2c and 2c + 1
    return values.reshape(outputs // 2, 2, height, width).permute(2, 3, 0, 1)


def flat(values):
    return [float(f"{value:.9g}") for value in values.contiguous().reshape(-1).tolist()]


def case(layer, granularity, norm):
    make, class_name, role, axes = LAYERS[layer]
    module = make()
    # PyTorch keeps [out, in, ...], and [in, out, ...] for transposed convolutions.
    dim = {"units": 0, "channels": 1}[granularity]
    if layer == "transposed":
        dim = 1 - dim
    count = module.weight.shape[dim]
    weight = module.weight.detach().clone()
    steps = []
    for amount in (count // 3, 1):
        prune.ln_structured(module, "weight", amount=amount, n=norm, dim=dim)
        mask = in_tfjs(module.weight_mask, axes)
        kept = count - sum(step["pruned"] for step in steps) - amount
        steps.append({"pruned": amount, "kept": kept, "mask": [int(value) for value in flat(mask)]})
    values = in_tfjs(weight, axes)
    return {
        "layer": layer,
        "className": class_name,
        "role": role,
        "granularity": granularity,
        "norm": norm,
        "shape": list(values.shape),
        "values": flat(values),
        "steps": steps,
    }


def distances(layer):
    """Sums of distances per filter, of all filters and of those that one pruning step has left."""
    make, class_name, role, axes = LAYERS[layer]
    weight = make().weight.detach()
    dim = 1 if layer == "transposed" else 0
    filters = [weight.select(dim, i).double() for i in range(weight.shape[dim])]
    left = [i for i in range(len(filters)) if i % 3 != 1]
    mask = torch.zeros_like(weight)
    for i in left:
        mask.select(dim, i).fill_(1)
    sums = lambda among: [sum(torch.linalg.vector_norm(one - filters[j]).item() for j in among) for one in filters]
    values = in_tfjs(weight, axes)
    return {
        "layer": layer,
        "className": class_name,
        "role": role,
        "shape": list(values.shape),
        "values": flat(values),
        "sums": sums(range(len(filters))),
        "mask": [int(value) for value in flat(in_tfjs(mask, axes))],
        "left": left,
        "sumsOfLeft": [sums(left)[i] for i in left],
    }


def main():
    torch.manual_seed(53)
    cases = [
        case(layer, granularity, norm)
        for layer in LAYERS
        for granularity in ("units", "channels")
        for norm in (1, 2)
        if not (layer == "depthwise" and granularity == "channels")  # PyTorch's axis 1 has one place there
    ]
    versions = {"python": platform.python_version(), "torch": torch.__version__, "numpy": numpy.__version__}
    path = pathlib.Path(__file__).parents[2] / "test" / "golden" / "structured.json"
    rows = lambda entries: ",\n".join(json.dumps(entry) for entry in entries)
    fpgm = [distances(layer) for layer in LAYERS]
    header = json.dumps({"madeBy": "scripts/golden/structured.py", "versions": versions})[:-1]
    path.write_text(f'{header}, "cases": [\n{rows(cases)}\n], "fpgm": [\n{rows(fpgm)}\n]}}\n')
    print(f"{len(cases)} cases in {path}")


if __name__ == "__main__":
    main()
