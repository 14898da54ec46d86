"""The modules of torchvision's ResNet-18, in the order in which their forward hooks fire last: python3 resnet18-modules.py > resnet18-modules.json"""

import json

import torch
import torchvision

network = torchvision.models.resnet18(weights=None).eval()
fired = []
for name, module in network.named_modules():
    if name:
        module.register_forward_hook(lambda *_, name=name: fired.append(name))
with torch.no_grad():
    network(torch.zeros(1, 3, 64, 64))
last = list(dict.fromkeys(reversed(fired)))[::-1]
print(json.dumps({"torchvision": torchvision.__version__, "modules": last}, indent=1))
