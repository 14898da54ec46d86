"""Logits and input gradients of networks of timm, with timm's names, for timm.test.ts; the rest is as in make.py.

    python make_timm.py        (PyTorch 2.13, torchvision 0.28, timm 1.0.29)
"""

from pathlib import Path

import torch
from make import CLASSES, record
from timm.models.convnext import ConvNeXt
from timm.models.resnet import BasicBlock, ResNet
from timm.models.vision_transformer import VisionTransformer

convnext = {"num_classes": CLASSES, "depths": (2, 1, 2, 1), "dims": (24, 32, 48, 64)}
NETWORKS = {
    "resnet": (lambda: ResNet(BasicBlock, [1, 2, 1, 1], CLASSES), 48),
    "vit": (lambda: VisionTransformer(32, 8, num_classes=CLASSES, embed_dim=128, depth=2, num_heads=2), 32),
    "convnext": (lambda: ConvNeXt(**convnext), 64),
    "convnext-conv-mlp": (lambda: ConvNeXt(**convnext, conv_mlp=True), 64),
}

if __name__ == "__main__":
    torch.manual_seed(0)
    for network, (make, side) in NETWORKS.items():
        record(Path(__file__).parent / "timm" / f"{network}.json", make(), side)
