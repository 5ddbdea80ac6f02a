"""Algorithm 1 in seven rounds on X-rays, in PyTorch; prints one JSON object."""
import json
import sys
import time
from pathlib import Path

from threads import check_blas

import numpy
import torch
from torch import nn

from masked import global_masks, hold, train_epoch
from networks import NETWORKS

name, seed, folder = sys.argv[1], int(sys.argv[3]), Path(sys.argv[4])
ROUNDS, EPOCHS, BATCH = 7, int(sys.argv[5]), 32
check_blas()
torch.manual_seed(seed)


def read(split):
    bytes_of = lambda part: numpy.fromfile(folder / f"{split}-{part}.bin", dtype=numpy.uint8)
    labels = torch.from_numpy(bytes_of("labels")).long()
    return torch.from_numpy(bytes_of("images")).float().view(len(labels), 1, 28, 28), labels


@torch.no_grad()
def evaluate(model, data):
    """The area under the ROC curve by ranks, and the misses."""
    images, labels = data
    scores = torch.cat([torch.log_softmax(model(part), 1) for part in images.split(32)])
    margins = (scores[:, 1] - scores[:, 0]).numpy()
    _, places, counts = numpy.unique(margins, return_inverse=True, return_counts=True)
    ranks = (numpy.cumsum(counts) - (counts - 1) / 2)[places]
    positive = labels.numpy() == 1
    positives, negatives = positive.sum(), (~positive).sum()
    auc = (ranks[positive].sum() - positives * (positives + 1) / 2) / (positives * negatives)
    return {"auc": float(auc), "falseNegativeRate": float((margins[positive] <= 0).mean())}


started = time.process_time(), time.perf_counter()
train, test = read("train"), read("test")
mean, deviation = train[0].mean(), train[0].std(unbiased=False)
train, test = [((images - mean) / deviation, labels) for images, labels in (train, test)]
_, _, model = NETWORKS[name]()
for parameter in model.parameters():
    nn.init.kaiming_normal_(parameter) if parameter.dim() > 1 else nn.init.zeros_(parameter)
first = {key: value.clone() for key, value in model.state_dict().items()}
# one positive to five negatives, as weights that sum to the number of classes
loss = nn.CrossEntropyLoss(weight=torch.tensor([2 / 6, 10 / 6]))
masks, levels = [], []
for round in range(ROUNDS):
    density = 0.5**round
    if round > 0:
        masks = global_masks(model, density)
        model.load_state_dict(first)
        hold(model, masks)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.002, momentum=0.9)
    begun = time.process_time(), time.perf_counter()
    for _ in range(EPOCHS):
        train_epoch(model, train, optimizer=optimizer, loss=loss, masks=masks, batch=BATCH, clip=5)
    trained = {"processor": time.process_time() - begun[0], "wall": time.perf_counter() - begun[1]}
    levels.append({"density": density, "training": trained, **evaluate(model, test)})
ended = time.process_time(), time.perf_counter()
seconds = {"processor": ended[0] - started[0], "wall": ended[1] - started[1]}
print(json.dumps({**seconds, "levels": levels}))
