"""Writes what PyTorch (float64 autograd) says about spatial operators: python3 make.py

Each case: an ONNX operator with its inputs and attributes, a cotangent, the output, and the gradient of
sum(cotangent * output) for each input (null where PyTorch has none).
Inputs are multiples of 1/16, so that they are exact in single precision and ties occur in the pools.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

HERE = pathlib.Path(__file__).parent
torch.manual_seed(20231)


def coarse(*dims, step=16, low=-32, high=33):
    return torch.randint(low, high, dims).double() / step


def flat(tensor):
    return {"dims": list(tensor.shape), "data": [float(f"{v:.7g}") for v in tensor.flatten().tolist()]}


def case(name, op, attributes, inputs, function, fixed=()):
    """`fixed`: further ONNX inputs (index, integers or floats) that PyTorch does not see."""
    leaves = [None if x is None else x.clone().requires_grad_(True) for x in inputs]
    output = function(*leaves)
    cotangent = coarse(*output.shape)
    given = [x for x in leaves if x is not None]
    found = iter(torch.autograd.grad((output * cotangent).sum(), given, allow_unused=True))
    gradients = [None if x is None else next(found) for x in leaves]
    return {
        "name": name,
        "op": op,
        "attributes": attributes,
        "inputs": [None if x is None else flat(x.detach()) for x in leaves],
        "fixed": list(fixed),
        "cotangent": flat(cotangent),
        "output": flat(output.detach()),
        "gradients": [None if g is None else flat(g) for g in gradients],
    }


def conv(name, x, w, stride, pads, dilation, group=1, bias=False):
    rank = len(x) - 2
    inputs = [coarse(*x), coarse(*w)] + ([coarse(w[0])] if bias else [])
    around = [p for axis in reversed(range(rank)) for p in (pads[axis], pads[axis + rank])]
    run = [F.conv1d, F.conv2d, F.conv3d][rank - 1]

    def function(x, w, b=None):
        return run(F.pad(x, around), w, b, stride, 0, dilation, group)

    attributes = {"strides": stride, "pads": pads, "dilations": dilation, "group": group}
    return case(name, "Conv", attributes, inputs, function)


def transposed(name, x, w, stride, pad, dilation, extra, group=1):
    rank = len(x) - 2
    inputs = [coarse(*x), coarse(*w), coarse(w[1] * group)]
    run = [F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d][rank - 1]
    attributes = {"strides": stride, "pads": pad + pad, "dilations": dilation, "group": group, "output_padding": extra}
    return case(name, "ConvTranspose", attributes, inputs,
                lambda x, w, b: run(x, w, b, stride, pad, extra, group, dilation))


def max_pool(name, x, kernel, stride, pad, dilation, ceil, low=-3, high=4):
    rank = len(x) - 2
    run = [F.max_pool1d, F.max_pool2d, F.max_pool3d][rank - 1]
    attributes = {"kernel_shape": kernel, "strides": stride, "pads": pad + pad, "dilations": dilation,
                  "ceil_mode": int(ceil)}
    return case(name, "MaxPool", attributes, [coarse(*x, low=low, high=high)],
                lambda x: run(x, kernel, stride, pad, dilation, ceil))


def average_pool(name, x, kernel, stride, pad, ceil, include):
    rank = len(x) - 2
    run = [F.avg_pool1d, F.avg_pool2d, F.avg_pool3d][rank - 1]
    attributes = {"kernel_shape": kernel, "strides": stride, "pads": pad + pad, "ceil_mode": int(ceil),
                  "count_include_pad": int(include)}
    return case(name, "AveragePool", attributes, [coarse(*x)],
                lambda x: run(x, kernel, stride, pad, ceil, include))


def response(name, x, size, alpha, beta, k):
    attributes = {"size": size, "alpha": float(alpha), "beta": float(beta), "bias": float(k)}
    return case(name, "LRN", attributes, [coarse(*x)], lambda x: F.local_response_norm(x, size, alpha, beta, k))


def resize(name, x, attributes, target, **options):
    fixed = [[3, "int64", list(x[:2]) + target]]
    return case(name, "Resize", attributes, [coarse(*x), None, None], lambda x, *_: F.interpolate(x, target, **options), fixed)


def scaled(name, x, attributes, scales, **options):
    fixed = [[2, "float32", [1, 1] + scales]]
    return case(name, "Resize", attributes, [coarse(*x), None], lambda x, _: F.interpolate(x, scale_factor=scales, **options), fixed)


CONVOLUTIONS = [
    conv("3 by 3, same size, with bias", [2, 3, 5, 4], [4, 3, 3, 3], [1, 1], [1, 1, 1, 1], [1, 1], bias=True),
    conv("1 by 1", [2, 3, 4, 4], [4, 3, 1, 1], [1, 1], [0, 0, 0, 0], [1, 1]),
    conv("1 by 1 with padding", [1, 3, 4, 4], [2, 3, 1, 1], [1, 1], [1, 0, 2, 1], [1, 1]),
    conv("dilation 2", [1, 2, 6, 7], [3, 2, 3, 3], [1, 1], [2, 2, 2, 2], [2, 2]),
    conv("two groups", [1, 4, 5, 5], [6, 2, 3, 3], [1, 1], [1, 1, 1, 1], [1, 1], group=2),
    conv("depthwise", [2, 4, 5, 5], [4, 1, 3, 3], [1, 1], [1, 1, 1, 1], [1, 1], group=4),
    conv("depthwise, stride 2", [1, 4, 6, 7], [4, 1, 3, 3], [2, 2], [1, 1, 1, 1], [1, 1], group=4),
    conv("grouped, stride 2", [1, 4, 6, 6], [6, 2, 3, 3], [2, 2], [1, 1, 1, 1], [1, 1], group=2),
    conv("3 by 3, stride 2, even size", [2, 3, 6, 6], [4, 3, 3, 3], [2, 2], [1, 1, 1, 1], [1, 1]),
    conv("3 by 3, stride 2, odd size", [1, 3, 7, 5], [4, 3, 3, 3], [2, 2], [1, 1, 1, 1], [1, 1]),
    conv("3 by 3, stride 2, no padding, a row left over", [1, 2, 8, 6], [3, 2, 3, 3], [2, 2], [0, 0, 0, 0], [1, 1]),
    conv("1 by 1, stride 2", [1, 3, 6, 5], [4, 3, 1, 1], [2, 2], [0, 0, 0, 0], [1, 1]),
    conv("7 by 7, stride 2", [1, 3, 10, 10], [2, 3, 7, 7], [2, 2], [3, 3, 3, 3], [1, 1]),
    conv("a patch as large as the stride", [1, 3, 8, 8], [2, 3, 4, 4], [4, 4], [0, 0, 0, 0], [1, 1]),
    conv("stride 3 and dilation 2", [1, 2, 9, 8], [2, 2, 3, 3], [3, 3], [2, 1, 2, 1], [2, 2]),
    conv("stride 4, kernel 2, phases that no tap reaches", [1, 2, 9, 8], [2, 2, 2, 2], [4, 4], [1, 0, 1, 0], [2, 1]),
    conv("stride 2 and 1, asymmetric padding", [1, 2, 6, 5], [2, 2, 3, 2], [2, 1], [0, 1, 1, 0], [1, 1]),
    conv("one axis, stride 2", [2, 3, 9], [4, 3, 5], [2], [2, 1], [1]),
    conv("three axes", [1, 2, 3, 4, 3], [2, 2, 3, 2, 1], [1, 1, 1], [1, 0, 0, 1, 0, 0], [1, 1, 1]),
    conv("three axes, stride 2", [1, 2, 4, 4, 5], [2, 2, 3, 3, 3], [2, 2, 2], [1, 1, 1, 1, 1, 1], [1, 1, 1]),
]

TRANSPOSED = [
    transposed("stride 2, kernel 4", [1, 3, 4, 3], [3, 2, 4, 4], [2, 2], [1, 1], [1, 1], [0, 0]),
    transposed("stride 2 with output padding", [2, 3, 3, 4], [3, 2, 3, 3], [2, 2], [1, 1], [1, 1], [1, 1]),
    transposed("dilated, two groups", [1, 4, 4, 4], [4, 2, 3, 3], [1, 2], [2, 0], [2, 1], [0, 1], group=2),
    transposed("one axis", [1, 2, 5], [2, 3, 3], [3], [1], [1], [2]),
]

POOLINGS = [
    max_pool("3 by 3, stride 2, ties", [2, 2, 8, 7], [3, 3], [2, 2], [1, 1], [1, 1], False),
    max_pool("3 by 3, stride 2, ties at zero", [1, 2, 8, 8], [3, 3], [2, 2], [1, 1], [1, 1], False, 0, 2),
    max_pool("a constant image", [1, 1, 6, 6], [3, 3], [2, 2], [1, 1], [1, 1], False, 1, 2),
    max_pool("3 by 3, stride 2, ceiling", [1, 2, 8, 6], [3, 3], [2, 2], [0, 0], [1, 1], True),
    max_pool("3 by 3, stride 1", [1, 2, 6, 5], [3, 3], [1, 1], [1, 1], [1, 1], False),
    max_pool("3 by 3, stride 1, ceiling", [1, 2, 6, 5], [3, 3], [1, 1], [1, 1], [1, 1], True),
    max_pool("2 by 2", [1, 2, 6, 4], [2, 2], [2, 2], [0, 0], [1, 1], False),
    max_pool("2 by 2, a row left over", [1, 2, 7, 5], [2, 2], [2, 2], [0, 0], [1, 1], False),
    max_pool("2 by 2, ceiling", [1, 2, 7, 5], [2, 2], [2, 2], [0, 0], [1, 1], True),
    max_pool("2 by 2, stride 3", [1, 2, 7, 8], [2, 2], [3, 3], [0, 0], [1, 1], False),
    max_pool("dilation 2", [1, 2, 9, 8], [3, 2], [2, 1], [1, 0], [2, 2], False),
    max_pool("one axis", [1, 3, 11], [3], [2], [1], [1], True),
    max_pool("three axes", [1, 2, 5, 4, 6], [3, 2, 2], [2, 2, 1], [1, 0, 1], [1, 1, 1], False),
    average_pool("3 by 3, stride 2, padding not counted", [1, 2, 7, 8], [3, 3], [2, 2], [1, 1], False, False),
    average_pool("3 by 3, stride 2, padding counted", [1, 2, 7, 8], [3, 3], [2, 2], [1, 1], False, True),
    average_pool("ceiling, padding not counted", [1, 2, 8, 6], [3, 3], [2, 2], [1, 1], True, False),
    average_pool("ceiling, padding counted", [1, 2, 8, 6], [3, 3], [2, 2], [1, 1], True, True),
    average_pool("ceiling without padding, counted", [1, 2, 8, 6], [3, 3], [2, 2], [0, 0], True, True),
    average_pool("2 by 2", [1, 2, 6, 4], [2, 2], [2, 2], [0, 0], False, True),
    average_pool("3 by 3, stride 1", [1, 2, 5, 6], [3, 3], [1, 1], [1, 1], False, True),
    average_pool("one axis", [1, 3, 10], [4], [3], [1], True, False),
    average_pool("three axes", [1, 2, 4, 5, 4], [2, 3, 1], [2, 1, 1], [0, 1, 0], False, True),
    average_pool("along channels only", [1, 1, 6, 3, 2], [3, 1, 1], [1, 1, 1], [0, 0, 0], False, True),
    case("the whole plane", "GlobalAveragePool", {}, [coarse(2, 3, 4, 5)], lambda x: x.mean((2, 3), keepdim=True)),
    case("the whole plane, ties", "GlobalMaxPool", {}, [coarse(2, 3, 4, 5, low=-2, high=3)],
         lambda x: F.adaptive_max_pool2d(x, 1)),
]

C = 4
NORMALISATIONS = [
    case("inference", "BatchNormalization", {"epsilon": 0.001},
         [coarse(2, C, 3, 2), coarse(C), coarse(C), coarse(C).detach(), coarse(C, low=8)],
         lambda x, s, b, m, v: F.batch_norm(x, m.detach(), v.detach(), s, b, False, 0, 0.001)),
    case("vectors", "BatchNormalization", {"epsilon": 0.001},
         [coarse(3, C), coarse(C), coarse(C), coarse(C).detach(), coarse(C, low=8)],
         lambda x, s, b, m, v: F.batch_norm(x, m.detach(), v.detach(), s, b, False, 0, 0.001)),
    case("per image and channel", "InstanceNormalization", {"epsilon": 0.01}, [coarse(2, C, 3, 4), coarse(C), coarse(C)],
         lambda x, s, b: F.instance_norm(x, None, None, s, b, True, 0, 0.01)),
    case("two groups", "GroupNormalization", {"epsilon": 0.01, "num_groups": 2},
         [coarse(2, C, 3, 2), coarse(C), coarse(C)], lambda x, s, b: F.group_norm(x, 2, s, b, 0.01)),
    case("last axis", "LayerNormalization", {"epsilon": 0.01, "axis": -1}, [coarse(2, 3, 6), coarse(6), coarse(6)],
         lambda x, s, b: F.layer_norm(x, [6], s, b, 0.01)),
    case("last two axes, no bias", "LayerNormalization", {"epsilon": 0.01, "axis": 1}, [coarse(2, 3, 4), coarse(3, 4)],
         lambda x, s: F.layer_norm(x, [3, 4], s, None, 0.01)),
    response("five channels", [2, 7, 3, 2], 5, 0.9, 0.75, 1.0),
    response("three channels, another power", [1, 6, 2, 3], 3, 2.0, 0.6, 2.0),
]

NEAREST = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
HALF = {"mode": "linear", "coordinate_transformation_mode": "pytorch_half_pixel"}
CORNERS = {"mode": "linear", "coordinate_transformation_mode": "align_corners"}
CUBIC = {"mode": "cubic", "coordinate_transformation_mode": "pytorch_half_pixel", "cubic_coeff_a": -0.75}
RESIZES = [
    resize("nearest, larger", [1, 2, 3, 4], NEAREST, [7, 8], mode="nearest"),
    resize("nearest, smaller", [1, 2, 7, 5], NEAREST, [3, 2], mode="nearest"),
    scaled("nearest, twice", [1, 2, 3, 4], NEAREST, [2.0, 2.0], mode="nearest"),
    resize("linear, larger", [1, 2, 3, 4], HALF, [7, 6], mode="bilinear", align_corners=False),
    resize("linear, smaller", [1, 2, 7, 6], HALF, [3, 2], mode="bilinear", align_corners=False),
    scaled("linear, one and a half", [1, 2, 4, 6], HALF, [1.5, 2.5], mode="bilinear", align_corners=False,
           recompute_scale_factor=False),
    resize("linear, corners aligned", [1, 2, 4, 5], CORNERS, [7, 3], mode="bilinear", align_corners=True),
    resize("cubic, larger", [1, 1, 4, 5], CUBIC, [7, 8], mode="bicubic", align_corners=False),
    resize("cubic, smaller", [1, 1, 8, 7], CUBIC, [5, 4], mode="bicubic", align_corners=False),
]


def write(files):
    for name, cases in files.items():
        lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in cases)
        (HERE / f"{name}.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    write({"convolution": CONVOLUTIONS, "transposed-convolution": TRANSPOSED, "pooling": POOLINGS,
           "normalisation": NORMALISATIONS, "resize": RESIZES})
