"""Samples a second that PyTorch trains a reference network on two threads, the fastest step; prints JSON."""
import json
import sys
import time

import torch
from torch import nn

name, batch, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(2)
torch.manual_seed(1)

NETWORKS = {
    "reference-cnn": lambda: (
        (3, 32, 32),
        2,
        nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(2048, 64),
            nn.ReLU(),
            nn.Linear(64, 2),
        ),
    ),
    "784-300-100-10": lambda: (
        (784,),
        10,
        nn.Sequential(nn.Linear(784, 300), nn.ReLU(), nn.Linear(300, 100), nn.ReLU(), nn.Linear(100, 10)),
    ),
}

shape, classes, model = NETWORKS[name]()
inputs = torch.randn(batch, *shape)
labels = torch.arange(batch) % classes
optimizer = torch.optim.SGD(model.parameters(), lr=0.001, momentum=0.9)
loss = nn.CrossEntropyLoss()
best = float("inf")
for step in range(steps + 20):
    started = time.perf_counter()
    optimizer.zero_grad()
    value = loss(model(inputs), labels)
    value.backward()
    optimizer.step()
    value.item()
    if step >= 20:
        best = min(best, time.perf_counter() - started)
print(json.dumps({"samplesPerSecond": batch / best, "torch": torch.__version__}))
