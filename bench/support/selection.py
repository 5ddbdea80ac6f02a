"""Seconds that PyTorch's global_unstructured takes to prune one weight of a given size; prints JSON."""
import json
import sys
import time

import torch
from torch.nn.utils import prune

size, density = int(sys.argv[1]), float(sys.argv[2])
torch.set_num_threads(2)
best = float("inf")
for _ in range(4):
    module = torch.nn.Linear(1, 1, bias=False)
    module.weight = torch.nn.Parameter(torch.rand(1, size) - 0.5)
    started = time.perf_counter()
    prune.global_unstructured([(module, "weight")], pruning_method=prune.L1Unstructured, amount=1 - density)
    best = min(best, time.perf_counter() - started)
print(json.dumps({"seconds": best, "torch": torch.__version__}))
