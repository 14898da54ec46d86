"""Writes adam.json: 20 steps of torch.optim.Adam in double precision on given gradients.

Run with a Python that has PyTorch.
"""

import json
import os

import torch

torch.manual_seed(1)
SIZE, STEPS = 6, 20
parameters = torch.nn.Parameter(torch.randn(SIZE, dtype=torch.float64))
start = parameters.detach().tolist()
optimiser = torch.optim.Adam([parameters], lr=0.05, betas=(0.9, 0.999), eps=1e-8)
# Gradients of very different sizes, one of them exactly zero.
scales = torch.tensor([1.0, 1e-3, 1e3, 1e-7, 0.0, 10.0], dtype=torch.float64)
gradients, path = [], []
for _ in range(STEPS):
    gradient = torch.randn(SIZE, dtype=torch.float64) * scales
    parameters.grad = gradient.clone()
    optimiser.step()
    gradients.append(gradient.tolist())
    path.append(parameters.detach().tolist())

with open(os.path.join(os.path.dirname(__file__), "adam.json"), "w") as file:
    json.dump({"torch": torch.__version__, "start": start, "gradients": gradients, "path": path}, file)
    file.write("\n")
