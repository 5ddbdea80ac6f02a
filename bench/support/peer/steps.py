"""Milliseconds of a masked training step of a network at some densities; prints one JSON object."""
import json
import sys
import time

from threads import check_blas

import torch
from torch import nn

from masked import global_masks, hold, train_epoch
from networks import NETWORKS

name, samples, batch, turns = sys.argv[1], *map(int, sys.argv[3:6])
densities = [float(density) for density in sys.argv[6:]]
check_blas()
torch.manual_seed(1)


def measure(density):
    shape, classes, model = NETWORKS[name]()
    data = torch.randn(samples, *shape), torch.arange(samples) % classes
    masks = global_masks(model, density)
    hold(model, masks)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4, momentum=0.9)
    processor, wall = [], []
    for turn in range(-1, turns):
        started = time.process_time(), time.perf_counter()
        train_epoch(model, data, optimizer=optimizer, loss=nn.CrossEntropyLoss(), masks=masks, batch=batch)
        ended = time.process_time(), time.perf_counter()
        if turn >= 0:
            processor.append(ended[0] - started[0])
            wall.append(ended[1] - started[1])
    return {"processor": times(processor), "wall": times(wall)}


def times(seconds):
    steps = samples / batch
    ordered = [second / steps * 1e3 for second in sorted(seconds)]
    return {"least": ordered[0], "median": ordered[len(ordered) // 2]}


measured = [measure(density) for density in densities]
print(json.dumps({"torch": torch.__version__, "times": measured, "processor": time.process_time() * 1e3}))
