"""The networks of bench/support in PyTorch."""
from torch import nn


def conv(inputs, outputs, size, **options):
    return (nn.Conv2d(inputs, outputs, size, **options), nn.ReLU())


def pooled(*layers):
    return (*layers, nn.MaxPool2d(2))


def reference_cnn():
    return (3, 32, 32), 2, nn.Sequential(
        *pooled(*conv(3, 16, 3, padding=1)),
        *pooled(*conv(16, 32, 3, padding=1)),
        nn.Flatten(),
        *dense(2048, 64, 2),
    )


def dense(*sizes):
    """Dense layers with ReLU between them."""
    pairs = list(zip(sizes, sizes[1:]))
    layers = [layer for pair in pairs for layer in (nn.Linear(*pair), nn.ReLU())]
    return layers[:-1]


def lenet_300_100():
    return (784,), 10, nn.Sequential(*dense(784, 300, 100, 10))


def alexnet(pixels=64):
    """The paper's AlexNet; small images go without its third pool."""
    pool = lambda: nn.MaxPool2d(3, 2)
    last = [] if pixels < 100 else [pool()]
    return (3, pixels, pixels), 2, nn.Sequential(
        *conv(3, 64, 11, stride=4, padding=2),
        pool(),
        *conv(64, 192, 5, padding=2),
        pool(),
        *conv(192, 384, 3, padding=1),
        *conv(384, 256, 3, padding=1),
        *conv(256, 256, 3, padding=1),
        *last,
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        *dense(256, 8, 8, 2),
    )


def xrays_cnn():
    return (1, 28, 28), 2, nn.Sequential(
        *pooled(*conv(1, 16, 3, padding=1)),
        *pooled(*conv(16, 32, 3, padding=1)),
        *conv(32, 32, 3, padding=1),
        nn.Flatten(),
        *dense(7 * 7 * 32, 64, 2),
    )


def xrays_mlp():
    return (1, 28, 28), 2, nn.Sequential(nn.Flatten(), *dense(784, 300, 100, 2))


NETWORKS = {
    "reference": reference_cnn,
    "mlp": lenet_300_100,
    "alexnet": alexnet,
    "xrays-cnn": xrays_cnn,
    "xrays-mlp": xrays_mlp,
}
