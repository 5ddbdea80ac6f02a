"""Processor seconds to prune kernels of given shapes all together, from weights to masks, on one
thread: by PyTorch's global_unstructured, and by numpy's partition; prints JSON."""
import json
import sys
import time

import numpy
import torch
from torch.nn.utils import prune

shapes, density, turns = json.loads(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(1)


def by_torch():
    modules = [torch.nn.Linear(1, 1, bias=False) for _ in shapes]
    for module, shape in zip(modules, shapes):
        module.weight = torch.nn.Parameter(torch.rand(shape) - 0.5)
    pairs = [(module, "weight") for module in modules]
    return lambda: prune.global_unstructured(
        pairs, pruning_method=prune.L1Unstructured, amount=1 - density
    )


def by_numpy():
    weights = [numpy.random.rand(*shape).astype(numpy.float32) - numpy.float32(0.5) for shape in shapes]

    def masks():
        sizes = numpy.concatenate([numpy.abs(weight).ravel() for weight in weights])
        pruned = sizes.size - round(sizes.size * density)
        threshold = numpy.partition(sizes, pruned)[pruned]
        return [numpy.abs(weight) >= threshold for weight in weights]

    return masks


def least(make):
    best = float("inf")
    for _ in range(turns):
        call = make()
        started = time.process_time()
        call()
        best = min(best, time.process_time() - started)
    return best


print(json.dumps({"pytorch": least(by_torch), "numpy partition": least(by_numpy)}))
