"""Writes affine.json: affine_grid and grid_sample of PyTorch (align_corners=False) and their gradient.

Run with a Python that has PyTorch. The matrix is the inverse of u' = scale R u + shift in normalised coordinates.
"""

import json
import math
import os

import torch
import torch.nn.functional as F

torch.manual_seed(0)
CHANNELS, HEIGHT, WIDTH = 2, 7, 10
cases = []
for scale, rotation, shift_x, shift_y in [
    (1.0, 0.0, 0.0, 0.0),
    (0.7, 33.0, 0.2, -0.1),
    (1.3, -151.0, -0.45, 0.5),
    (1.1, 90.0, 0.0, 0.05),
]:
    cos, sin = math.cos(math.radians(rotation)), math.sin(math.radians(rotation))
    a, b = cos / scale, sin / scale * HEIGHT / WIDTH
    c, d = -sin / scale * WIDTH / HEIGHT, cos / scale
    tx, ty = 2 * shift_x, 2 * shift_y
    theta = torch.tensor([[[a, b, -a * tx - b * ty], [c, d, -c * tx - d * ty]]], dtype=torch.float64)
    image = torch.rand(1, CHANNELS, HEIGHT, WIDTH, dtype=torch.float64, requires_grad=True)
    grid = F.affine_grid(theta, image.shape, align_corners=False)
    out = F.grid_sample(image, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    cotangent = torch.randn_like(out)
    out.backward(cotangent)
    flat = lambda value: [round(x, 9) for x in value.detach().flatten().tolist()]
    cases.append({
        "draw": {"scale": scale, "rotation": rotation, "shiftX": shift_x, "shiftY": shift_y},
        "image": flat(image), "sampled": flat(out),
        "cotangent": flat(cotangent), "gradient": flat(image.grad),
    })

with open(os.path.join(os.path.dirname(__file__), "affine.json"), "w") as file:
    json.dump({"torch": torch.__version__, "height": HEIGHT, "width": WIDTH, "cases": cases}, file)
    file.write("\n")
