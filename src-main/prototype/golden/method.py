"""Writes method.json: both stages of the method in double precision by PyTorch's autograd, grid_sample and Adam.

Run with a Python that has PyTorch, after method-input.ts.
"""

import json
import math
import os

import torch
import torch.nn.functional as F

HERE = os.path.dirname(__file__)
with open(os.path.join(HERE, "method-input.json")) as file:
    given = json.load(file)
configuration, shape, job = given["configuration"], given["shape"], given["job"]
dims = (1, shape["channels"], shape["height"], shape["width"])
constant = lambda name: torch.tensor(given["constants"][name]["data"], dtype=torch.float64).reshape(given["constants"][name]["dims"])
per_channel = lambda values: torch.tensor(values, dtype=torch.float64).reshape(1, -1, 1, 1)
mean, std = per_channel(given["preprocessing"]["mean"]), per_channel(given["preprocessing"]["std"])


def network(x):
    features = torch.tanh(F.conv2d(x, constant("kernel"), constant("bias"), padding=1))
    return features.mean(dim=(2, 3)) @ constant("head")


def affine(x, draw):
    height, width = x.shape[2:]
    angle = math.radians(draw["rotation"])
    cos, sin = math.cos(angle) / draw["scale"], math.sin(angle) / draw["scale"]
    a, b, c, d = cos, sin * height / width, -sin * width / height, cos
    tx, ty = 2 * draw["shiftX"], 2 * draw["shiftY"]
    theta = torch.tensor([[[a, b, -a * tx - b * ty], [c, d, -c * tx - d * ty]]], dtype=torch.float64)
    grid = F.affine_grid(theta, x.shape, align_corners=False)
    return F.grid_sample(x, grid, padding_mode="zeros", align_corners=False)


def optimiser():
    return torch.optim.Adam([parameters], lr=configuration["learningRate"], betas=configuration["betas"], eps=configuration["epsilon"])


def descend(adam, loss):
    adam.zero_grad()
    loss.backward()
    adam.step()


parameters = torch.nn.Parameter(torch.tensor(given["start"], dtype=torch.float64).reshape(dims))
classes = shape["classes"]
baseline, adam = 0, optimiser()
while baseline < configuration["baseline"]["maxSteps"]:
    loss = network((torch.sigmoid(parameters) - mean) / std).softmax(1).var(unbiased=False)
    if loss.item() < configuration["baseline"]["stopRatio"] * (classes - 1) / classes**2:
        break
    descend(adam, loss)
    baseline += 1

logits, adam = [], optimiser()
for draw in given["draws"]:
    image = torch.sigmoid(parameters)
    logit = network(affine((image - mean) / std, draw))[0, job["classIndex"]]
    penalty = (image.diff(dim=2) ** 2).sum() + (image.diff(dim=3) ** 2).sum()
    logits.append(logit.item())
    descend(adam, -logit + configuration["penalty"]["weight"] * penalty)

image = torch.sigmoid(parameters)
result = {
    "torch": torch.__version__,
    "baselineSteps": baseline,
    "stepLogits": logits,
    "image": [round(value, 8) for value in image.flatten().tolist()],
    "logits": network((image - mean) / std)[0].tolist(),
}
with open(os.path.join(HERE, "method.json"), "w") as file:
    json.dump(result, file)
    file.write("\n")
