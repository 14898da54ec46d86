"""Small classifiers of many styles, with PyTorch's logits and input gradients: python3 make_networks.py

Each folder has the form of a gradient fixture: model.onnx, input.bin, logits.bin and grad.bin (float32, computed in
double precision), and fixture.json. The objective is the sum over the batch of logits[b, classes[b]].
Points are chosen so that an input noise of 2e-6 moves no gradient by more than 2e-5: no kink is near.
"""

import json
import pathlib

import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent
CLASSES = [3, 5]


def differentiated(function, image):
    leaf = image.detach().requires_grad_(True)
    logits = function(leaf)
    objective = sum(logits[i, c] for i, c in enumerate(CLASSES))
    return logits.detach(), torch.autograd.grad(objective, leaf)[0]


def noise_error(function, image, gradient):
    noisy = image * (1 + 2e-6 * torch.randn_like(image))
    return float((differentiated(function, noisy)[1] - gradient).abs().max() / gradient.abs().max())


def store(name, model, function, shape):
    """`function`: the network in double precision."""
    while True:
        image = torch.randn(*shape).float().double()
        logits, gradient = differentiated(function, image)
        if noise_error(function, image, gradient) < 2e-5:
            break
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    onnx.save(model, str(folder / "model.onnx"))
    for file, values in (("input", image), ("logits", logits), ("grad", gradient)):
        values.float().numpy().tofile(folder / f"{file}.bin")
    facts = {"inputShape": list(shape), "numClasses": 10, "classes": CLASSES,
             "tolerance": {"logitsRel": 1e-5, "gradRel": 1e-5}}
    (folder / "fixture.json").write_text(json.dumps(facts) + "\n")


def export(name, build, opset, shape=(2, 3, 32, 32), scripted=False, dynamic=True):
    torch.manual_seed(7)
    network = build()
    with torch.no_grad():
        network.train()(torch.randn(8, *shape[1:]))
    network.eval()
    path = HERE / "exported.onnx"
    axes = {"input": {0: "batch"}, "logits": {0: "batch"}} if dynamic else None
    torch.onnx.export(torch.jit.script(network) if scripted else network, torch.randn(*shape), str(path),
                      opset_version=opset, input_names=["input"], output_names=["logits"], dynamic_axes=axes)
    model = onnx.load(str(path))
    path.unlink()
    store(name, model, network.double(), shape)


class Network(nn.Module):
    """A patch embedding, a block that subclasses write, and a linear head on the spatial mean."""

    def __init__(self, channels=16):
        super().__init__()
        self.stem = nn.Conv2d(3, channels, 4, 4)
        self.head = nn.Linear(channels, 10)
        self.make(channels)

    def forward(self, x):
        return self.head(self.block(self.stem(x)).mean((2, 3)))


class ShiftedWindows(Network):
    """Attention in rolled 4 by 4 windows with a table of relative positions, as in Swin."""

    def make(self, c):
        self.qkv = nn.Linear(c, 3 * c)
        self.table = nn.Parameter(torch.randn(49, 4) * 0.3)
        steps = torch.arange(4)
        place = torch.stack(torch.meshgrid(steps, steps, indexing="ij")).flatten(1)
        offset = place[:, :, None] - place[:, None] + 3
        self.register_buffer("index", (offset[0] * 7 + offset[1]).flatten())

    def block(self, x):
        b, c, h, w = x.shape
        rolled = torch.roll(x.permute(0, 2, 3, 1), (-1, -2), (1, 2))
        windows = rolled.reshape(b, 2, 4, 2, 4, c).permute(0, 1, 3, 2, 4, 5).reshape(-1, 16, c)
        q, k, v = self.qkv(windows).reshape(-1, 16, 3, 4, c // 4).permute(2, 0, 3, 1, 4)
        bias = self.table[self.index].view(16, 16, 4).permute(2, 0, 1)
        mixed = ((q @ k.transpose(-2, -1) * 0.5 + bias).softmax(-1) @ v).transpose(1, 2)
        back = mixed.reshape(b, 2, 2, 4, 4, c).permute(0, 1, 3, 2, 4, 5).reshape(b, h, w, c)
        return torch.roll(back, (1, 2), (1, 2)).permute(0, 3, 1, 2) + x


class ChannelAttention(Network):
    """Attention between normalised channels, as in XCiT."""

    def make(self, c):
        self.qkv = nn.Linear(c, 3 * c)
        self.heat = nn.Parameter(torch.full((4, 1, 1), 0.7))
        self.out = nn.Linear(c, c)

    def block(self, x):
        b, c, h, w = x.shape
        tokens = x.flatten(2).transpose(1, 2)
        q, k, v = self.qkv(tokens).reshape(b, h * w, 3, 4, c // 4).permute(2, 0, 3, 4, 1).unbind(0)
        weights = F.normalize(q, dim=-1) @ F.normalize(k, dim=-1).transpose(-2, -1) * self.heat
        mixed = (weights.softmax(-1) @ v).permute(0, 3, 1, 2).reshape(b, h * w, c)
        return self.out(mixed).transpose(1, 2).reshape(b, c, h, w) + x


class SplitAttention(Network):
    """Softmax over two branches, as in ResNeSt."""

    def make(self, c):
        self.branches = nn.Conv2d(c, 2 * c, 3, padding=1, groups=2)
        self.squeeze = nn.Sequential(nn.Conv2d(c, 8, 1), nn.BatchNorm2d(8), nn.SiLU())
        self.weigh = nn.Conv2d(8, 2 * c, 1)

    def block(self, x):
        b, c = x.shape[:2]
        both = F.mish(self.branches(x)).reshape(b, 2, c, *x.shape[2:])
        gap = both.sum(1).mean((2, 3), keepdim=True)
        weights = F.softmax(self.weigh(self.squeeze(gap)).view(b, 1, 2, -1).transpose(1, 2), 1)
        return (both * weights.reshape(b, 2, c, 1, 1)).sum(1)


class Upsampling(Network):
    """Three resolutions that meet again, as in HRNet, and group normalisation."""

    def make(self, c):
        self.to_half, self.to_quarter = nn.Conv2d(c, c, 3, 2, 1), nn.Conv2d(c, c, 3, 2, 1)
        self.transposed = nn.ConvTranspose2d(c, c, 2, 2)
        self.norm = nn.GroupNorm(4, c)

    def block(self, x):
        half = F.hardswish(self.norm(self.to_half(x)))
        quarter = F.elu(self.to_quarter(half))
        return (x + F.interpolate(half, scale_factor=2.0, mode="nearest") + self.transposed(half)
                + F.interpolate(quarter, size=x.shape[2:], mode="bilinear", align_corners=False)
                + F.interpolate(half, scale_factor=2.0, mode="bilinear", align_corners=True))


class ClassToken(nn.Module):
    """A class token, resized positions, torch's own attention and a cosine head, as in CLIP."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Conv2d(3, 16, 8, 8)
        self.token = nn.Parameter(torch.randn(1, 1, 16))
        self.positions = nn.Parameter(torch.randn(1, 9, 16))
        self.attention, self.norm = nn.MultiheadAttention(16, 2, batch_first=True), nn.LayerNorm(16)
        self.texts = nn.Parameter(torch.randn(10, 16))

    def forward(self, x):
        grid = self.positions.reshape(1, 3, 3, 16).permute(0, 3, 1, 2)
        places = F.interpolate(grid, size=(4, 4), mode="bicubic").flatten(2).transpose(1, 2)
        patches = self.embed(x).flatten(2).transpose(1, 2) + places
        tokens = torch.cat([self.token.expand(x.shape[0], -1, -1), patches], 1)
        normed = self.norm(tokens)
        first = (tokens + self.attention(normed, normed, normed, need_weights=False)[0])[:, 0]
        z = first * torch.sigmoid(1.702 * first)
        return 7 * (z / z.norm(dim=-1, keepdim=True)) @ (self.texts / self.texts.norm(dim=-1, keepdim=True)).t()


class Branches(nn.Module):
    """Control flow that a scripted export leaves in the graph as If and Loop."""

    def __init__(self):
        super().__init__()
        self.convolutions = nn.ModuleList([nn.Conv2d(3 if i == 0 else 8, 8, 3, padding=1) for i in range(3)])
        self.head = nn.Linear(8, 10)

    def forward(self, x):
        if x.shape[2] > 16:
            x = F.avg_pool2d(x, 2)
        else:
            x = x * 2
        for i, convolution in enumerate(self.convolutions):
            x = F.leaky_relu(convolution(x))
            if i == 1:
                x = F.max_pool2d(x, 2)
        y, n = x, 0
        while n < 3:
            y = torch.tanh(y) + x
            n += 1
        return self.head(y.mean((2, 3)))


def keras(rng):
    """Channels last, between transpositions, as converters from Keras write it; opset 11."""
    def draw(*dims, scale=1.0):
        return (rng.standard_normal(dims) * scale).astype("f4")

    weights = {"w1": draw(8, 3, 3, 3, scale=0.3), "b1": draw(8, scale=0.1), "dw": draw(8, 1, 3, 3, scale=0.4),
               "s": draw(8) + 1, "t": draw(8, scale=0.2), "se1": draw(8, 4, scale=0.5), "se2": draw(4, 8, scale=0.5),
               "w2": draw(12, 8, 1, 1, scale=0.4), "w": draw(12, 10, scale=0.5), "b": draw(10)}
    others = {"plane": np.array([-1, 1, 1, 8]), "zero": np.array(0, "f4"), "six": np.array(6, "f4")}
    node = helper.make_node
    nodes = [
        node("Transpose", ["input"], ["t0"], perm=[0, 3, 1, 2]),
        node("Conv", ["t0", "w1", "b1"], ["c0"], auto_pad="SAME_UPPER", strides=[2, 2], kernel_shape=[3, 3]),
        node("Transpose", ["c0"], ["t1"], perm=[0, 2, 3, 1]),
        node("Sigmoid", ["t1"], ["gate"]), node("Mul", ["t1", "gate"], ["swish"]),
        node("Transpose", ["swish"], ["t2"], perm=[0, 3, 1, 2]),
        node("Conv", ["t2", "dw"], ["c1"], auto_pad="SAME_LOWER", strides=[2, 2], kernel_shape=[3, 3], group=8),
        node("Transpose", ["c1"], ["t3"], perm=[0, 2, 3, 1]),
        node("Mul", ["t3", "s"], ["scaled"]), node("Add", ["scaled", "t"], ["normed"]),
        node("Max", ["normed", "zero"], ["low"]), node("Min", ["low", "six"], ["relu6"]),
        node("ReduceMean", ["relu6"], ["mean"], axes=[1, 2], keepdims=0),
        node("MatMul", ["mean", "se1"], ["e1"]), node("Relu", ["e1"], ["e2"]), node("MatMul", ["e2", "se2"], ["e3"]),
        node("HardSigmoid", ["e3"], ["e4"]), node("Reshape", ["e4", "plane"], ["e5"]),
        node("Mul", ["relu6", "e5"], ["excited"]),
        node("Transpose", ["excited"], ["t4"], perm=[0, 3, 1, 2]),
        node("Conv", ["t4", "w2"], ["c2"], kernel_shape=[1, 1]), node("LeakyRelu", ["c2"], ["leaky"]),
        node("MaxPool", ["leaky"], ["mp"], kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_UPPER"),
        node("AveragePool", ["mp"], ["ap"], kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_UPPER"),
        node("GlobalAveragePool", ["ap"], ["gap"]), node("Squeeze", ["gap"], ["flat"], axes=[2, 3]),
        node("MatMul", ["flat", "w"], ["product"]), node("Add", ["product", "b"], ["logits"]),
    ]
    graph = helper.make_graph(
        nodes, "keras", [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["N", 33, 31, 3])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", 10])],
        [numpy_helper.from_array(value, key) for key, value in {**weights, **others}.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)])
    model.ir_version = 7
    onnx.checker.check_model(model)
    w = {key: torch.from_numpy(value).double() for key, value in weights.items()}
    return model, lambda x: keras_reference(x, w)


def same(x, kernel, stride, upper=True, value=0.0):
    """TensorFlow's SAME padding."""
    around = []
    for size in reversed(x.shape[2:]):
        total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        around += [total // 2, total - total // 2] if upper else [total - total // 2, total // 2]
    return F.pad(x, around, value=value)


def keras_reference(x, w):
    y = F.silu(F.conv2d(same(x.permute(0, 3, 1, 2), 3, 2), w["w1"], w["b1"], 2))
    y = F.conv2d(same(y, 3, 2, upper=False), w["dw"], None, 2, groups=8)
    y = torch.clamp(y * w["s"][:, None, None] + w["t"][:, None, None], 0, 6)
    gate = torch.relu(y.mean((2, 3)) @ w["se1"]) @ w["se2"]
    y = y * torch.clamp(0.2 * gate + 0.5, 0, 1)[:, :, None, None]
    y = F.leaky_relu(F.conv2d(y, w["w2"]), 0.01)
    y = F.max_pool2d(same(y, 2, 2, value=-1e30), 2, 2)
    counted = F.avg_pool2d(same(torch.ones_like(y), 3, 2), 3, 2)
    y = F.avg_pool2d(same(y, 3, 2), 3, 2) / counted
    return y.mean((2, 3)) @ w["w"] + w["b"]


if __name__ == "__main__":
    export("shifted-windows", ShiftedWindows, 11)
    export("channel-attention", ChannelAttention, 14)
    export("split-attention", SplitAttention, 17, dynamic=False)
    export("upsampling", Upsampling, 14)
    export("class-token", ClassToken, 17)
    export("branches", Branches, 13, scripted=True)
    torch.manual_seed(8)
    store("channels-last", *keras(np.random.default_rng(5)), (2, 33, 31, 3))
