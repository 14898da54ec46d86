"""Writes table.json: a small network of a table, the gradient of a logit with respect to the parameters of a row, and
stage 2 of the method on that row with a pull towards its start, in double precision.

Columns: age 18 to 90 (mean 40, deviation 12), income 0 to 200, and three one-hot columns. Run with a Python that has
PyTorch.
"""

import json
import os

import torch

torch.manual_seed(5)
torch.set_default_dtype(torch.float64)
HIDDEN, CLASSES, STEPS, TARGET, WEIGHT = 8, 3, 20, 1, 0.05
low = torch.tensor([18.0, 0, 0, 0, 0])
span = torch.tensor([72.0, 200, 1, 1, 1])
mean = torch.tensor([40.0, 0, 0, 0, 0])
std = torch.tensor([12.0, 1, 1, 1, 1])
# Deviations of the pull: the sidecar's, or that of an even spread.
scale = torch.tensor([72 / 12, 12**0.5, 12**0.5, 12**0.5, 12**0.5])
first = torch.randn(5, HIDDEN) * torch.tensor([[0.5], [0.01], [0.7], [0.7], [0.7]])
bias = torch.randn(HIDDEN) * 0.3
second = torch.randn(HIDDEN, CLASSES)


def positions(parameters):
    return torch.cat([torch.sigmoid(parameters[:2]), torch.softmax(parameters[2:], 0)])


def logits(row):
    values = (low + row * span - mean) / std
    return torch.tanh(values @ first + bias) @ second


at = torch.randn(5).requires_grad_()
logits(positions(at))[TARGET].backward()

parameters = torch.zeros(5, requires_grad=True)
start = positions(parameters).detach()
optimiser = torch.optim.Adam([parameters], lr=0.05)
walk = []
for _ in range(STEPS):
    optimiser.zero_grad()
    row = positions(parameters)
    found = logits(row)
    walk.append({"logit": found[TARGET].item(), "pull": ((scale * (row - start)) ** 2).sum().item()})
    (-found[TARGET] + WEIGHT * ((scale * (row - start)) ** 2).sum()).backward()
    optimiser.step()
row = positions(parameters).detach()

golden = {
    "torch": torch.__version__,
    "first": first.flatten().tolist(),
    "bias": bias.tolist(),
    "second": second.flatten().tolist(),
    "target": TARGET,
    "weight": WEIGHT,
    "at": at.tolist(),
    "gradient": at.grad.tolist(),
    "walk": walk,
    "row": row.tolist(),
    "unsettledLogit": logits(row)[TARGET].item(),
}
settled = row.clone()
settled[2:] = torch.nn.functional.one_hot(row[2:].argmax(), 3)
golden["logits"] = logits(settled).tolist()
with open(os.path.join(os.path.dirname(__file__), "table.json"), "w") as file:
    json.dump(golden, file)
    file.write("\n")
