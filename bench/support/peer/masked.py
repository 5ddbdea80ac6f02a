"""Pruning by hand in PyTorch, with as little work as it takes: masks of kernels, kept after each step."""
import torch


def kernels(model):
    return [parameter for parameter in model.parameters() if parameter.dim() > 1]


def global_masks(model, density):
    """1 for the largest kernel weights of the whole network, 0 for the rest."""
    if density >= 1:
        return []
    sizes = torch.cat([kernel.detach().abs().flatten() for kernel in kernels(model)])
    pruned = sizes.numel() - max(1, round(density * sizes.numel()))
    threshold = torch.kthvalue(sizes, pruned).values
    return [(kernel.detach().abs() > threshold).float() for kernel in kernels(model)]


@torch.no_grad()
def hold(model, masks):
    """Sets pruned weights to 0; no masks hold nothing."""
    for kernel, mask in zip(kernels(model), masks):
        kernel.mul_(mask)


@torch.no_grad()
def hold_gradients(model, masks):
    """Pruned weights count in no norm and fill no slot."""
    for kernel, mask in zip(kernels(model), masks):
        kernel.grad.mul_(mask)


def train_epoch(model, data, *, optimizer, loss, masks, batch, clip=None):
    """One epoch in a random order; the loss is read once, at the end."""
    images, labels = data
    total = torch.zeros(())
    for rows in torch.randperm(len(labels)).split(batch):
        optimizer.zero_grad()
        value = loss(model(images[rows]), labels[rows])
        value.backward()
        hold_gradients(model, masks)
        if clip:
            torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        hold(model, masks)
        total += value.detach() * len(rows)
    return total.item() / len(labels)
