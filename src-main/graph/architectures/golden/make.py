"""Logits and input gradients of torchvision's networks, for networks.test.ts.

Weights are not stored: tensor number i of a network holds low + (high - low) * u, where u are the numbers of mulberry32
from the seed i + 1 (test/support/random.ts makes the same). Networks are small forms of each family, in float64.

    /usr/bin/python3 make.py        (PyTorch 1.13, torchvision 0.14)
"""

import json
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torchvision.models import GoogLeNet, convnext, efficientnet, mobilenet, resnet, squeezenet, vision_transformer

CLASSES = 7
SAMPLES = 160
SILENT = (nn.Dropout, nn.Identity)


def uniform(dims, low, high, seed):
    count = int(np.prod(dims)) if dims else 1
    with np.errstate(over="ignore"):
        index = np.arange(1, count + 1, dtype=np.uint32)
        state = np.uint32(seed * 0x9E3779B9 & 0xFFFFFFFF) + index * np.uint32(0x6D2B79F5)
        mixed = (state ^ (state >> np.uint32(15))) * (state | np.uint32(1))
        mixed ^= mixed + (mixed ^ (mixed >> np.uint32(7))) * (mixed | np.uint32(61))
        mixed ^= mixed >> np.uint32(14)
    values = low + (high - low) * (mixed.astype(np.float64) / 2**32)
    return torch.from_numpy(values.astype(np.float32).reshape(dims)).double()


def bounds(name, dims):
    """Ranges that keep activations near 1 through many layers."""
    if name.endswith("running_var"):
        return 0.6, 1.4
    if name.endswith("layer_scale"):
        return 0.2, 0.6
    if len(dims) > 1:
        reach = float(np.sqrt(6.0 / np.prod(dims[1:]))) if "token" not in name and "pos_" not in name else 0.5
        return -reach, reach
    return (0.6, 1.1) if name.endswith("weight") else (-0.2, 0.2)


def fill(model):
    """Gives every tensor its numbers. Returns how, in the order of the state dictionary."""
    state, recipe = model.state_dict(), []
    for name, tensor in state.items():
        if name.endswith("num_batches_tracked"):
            continue
        low, high = bounds(name, tensor.shape)
        tensor.copy_(uniform(tuple(tensor.shape), low, high, len(recipe) + 1))
        recipe.append([name, list(tensor.shape), low, high])
    return recipe


def modules_run(model, image):
    """Names of the modules in the order in which they end for the last time."""
    order = []

    def hook(name):
        def fired(*_):
            if name in order:
                order.remove(name)
            order.append(name)

        return fired

    skip = (*SILENT, torch.nn.modules.activation.NonDynamicallyQuantizableLinear)
    for name, module in model.named_modules():
        isStochastic = type(module).__name__ == "StochasticDepth"
        if name and not isinstance(module, skip) and not isStochastic:
            module.register_forward_hook(hook(name))
    model(image)
    return order


def record(path, model, size):
    """Writes what PyTorch says about a network whose tensors have been given their numbers."""
    model = model.double().eval()
    recipe = fill(model)
    image = uniform((2, 3, size, size), -2.0, 2.0, 1000).requires_grad_(True)
    logits = model(image)
    (logits[0, 1] + logits[1, 4]).backward()
    gradient = image.grad.flatten().numpy()
    at = np.linspace(0, gradient.size - 1, SAMPLES).astype(int)
    golden = {
        "size": size,
        "tensors": recipe,
        "logits": [float(f"{v:.9g}") for v in logits.detach().flatten().numpy()],
        "gradientNorm": float(np.linalg.norm(gradient)),
        "at": at.tolist(),
        "gradient": [float(f"{v:.9g}") for v in gradient[at]],
        "modules": modules_run(model, image),
    }
    path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(path.stem, sum(int(np.prod(dims)) for _, dims, _, _ in recipe), logits[0].tolist()[:3])


def wide_efficientnet(width, depth, **options):
    setting, last = efficientnet._efficientnet_conf("efficientnet_b0", width_mult=width, depth_mult=depth)
    return efficientnet.EfficientNet(setting, 0.2, num_classes=CLASSES, last_channel=last, **options)


def small_efficientnet_v2():
    fused, plain = efficientnet.FusedMBConvConfig, efficientnet.MBConvConfig
    setting = [
        fused(1, 3, 1, 16, 16, 2),
        fused(4, 3, 2, 16, 24, 2),
        fused(4, 3, 2, 24, 24, 1),
        plain(4, 3, 2, 24, 32, 2),
        plain(6, 3, 1, 32, 40, 1),
        plain(6, 3, 2, 40, 48, 2),
    ]
    norm = partial(nn.BatchNorm2d, eps=1e-3)
    return efficientnet.EfficientNet(setting, 0.2, num_classes=CLASSES, norm_layer=norm, last_channel=64)


def small_convnext():
    config = convnext.CNBlockConfig
    setting = [config(24, 32, 2), config(32, 48, 1), config(48, 64, 2), config(64, None, 1)]
    return convnext.ConvNeXt(setting, num_classes=CLASSES)


def small_vit():
    return vision_transformer.VisionTransformer(32, 8, 2, 2, 128, 160, num_classes=CLASSES)


basic, bottleneck = resnet.BasicBlock, resnet.Bottleneck
NETWORKS = {
    "resnet": (lambda: resnet.ResNet(basic, [2, 1, 1, 1], CLASSES), 48),
    "resnet-bottleneck": (lambda: resnet.ResNet(bottleneck, [1, 2, 1, 1], CLASSES), 48),
    "resnext": (lambda: resnet.ResNet(bottleneck, [1, 1, 1, 1], CLASSES, groups=32, width_per_group=4), 48),
    "wide-resnet": (lambda: resnet.ResNet(bottleneck, [1, 1, 1, 1], CLASSES, width_per_group=128), 40),
    "googlenet": (lambda: GoogLeNet(CLASSES, aux_logits=False, init_weights=False), 64),
    "googlenet-auxiliary": (lambda: GoogLeNet(CLASSES, aux_logits=True, init_weights=False), 70),
    "squeezenet-1.0": (lambda: squeezenet.SqueezeNet("1_0", CLASSES), 64),
    "squeezenet-1.1": (lambda: squeezenet.SqueezeNet("1_1", CLASSES), 64),
    "mobilenet-v2": (lambda: mobilenet.mobilenet_v2(num_classes=CLASSES, width_mult=0.35), 64),
    "mobilenet-v2-half": (lambda: mobilenet.mobilenet_v2(num_classes=CLASSES, width_mult=0.5), 70),
    "mobilenet-v3-large": (lambda: mobilenet.mobilenet_v3_large(num_classes=CLASSES), 64),
    "mobilenet-v3-small": (lambda: mobilenet.mobilenet_v3_small(num_classes=CLASSES), 64),
    "efficientnet": (lambda: wide_efficientnet(0.25, 1.0), 64),
    "efficientnet-deep": (lambda: wide_efficientnet(0.25, 2.2, norm_layer=partial(nn.BatchNorm2d, eps=1e-3)), 64),
    "efficientnet-v2": (small_efficientnet_v2, 64),
    "convnext": (small_convnext, 64),
    "vit": (small_vit, 32),
}

if __name__ == "__main__":
    torch.manual_seed(0)
    for network, (make, side) in NETWORKS.items():
        record(Path(__file__).with_name(f"{network}.json"), make(), side)
