"""Writes what PyTorch (float64 autograd) says about activations, reductions and products: python3 make_arithmetic.py"""

import torch
import torch.nn.functional as F

from make import case, coarse, write

torch.manual_seed(20232)

# Multiples of 1/4 hit the kinks (0, and 3 for HardSwish) exactly: what the derivative is there is a convention.
KINKS = [4, 33]


def activation(op, function, attributes=None, name="kinks included"):
    return case(name, op, attributes or {}, [coarse(*KINKS, step=4, low=-16, high=17)], function)


def steep(op, function):
    return case("large values", op, {}, [coarse(3, 6, step=1, low=-60, high=61)], function)


ACTIVATIONS = [
    activation("Relu", F.relu),
    activation("LeakyRelu", lambda x: F.leaky_relu(x, 0.25), {"alpha": 0.25}),
    activation("Elu", F.elu, {"alpha": 1.0}),
    activation("Selu", F.selu),
    activation("Celu", lambda x: F.celu(x, 2.0), {"alpha": 2.0}),
    activation("HardSwish", F.hardswish),
    activation("Mish", F.mish),
    activation("Softplus", F.softplus),
    activation("Softsign", F.softsign),
    activation("Sigmoid", torch.sigmoid),
    activation("Tanh", torch.tanh),
    activation("Erf", torch.erf),
    activation("Gelu", F.gelu, {"approximate": "none"}, "exact"),
    activation("Gelu", lambda x: F.gelu(x, approximate="tanh"), {"approximate": "tanh"}, "tanh"),
    steep("Mish", F.mish),
    steep("Softplus", F.softplus),
    steep("Gelu", F.gelu),
    case("a slope per channel", "PRelu", {}, [coarse(2, 3, 4, 4, step=4), coarse(3, 1, 1)],
         lambda x, slope: F.prelu(x, slope.flatten())),
    case("one slope", "PRelu", {}, [coarse(2, 3, 4, step=4), coarse(1)], F.prelu),
    case("last axis", "Softmax", {"axis": -1}, [coarse(3, 7)], lambda x: F.softmax(x, -1)),
    case("channels", "Softmax", {"axis": 1}, [coarse(2, 5, 3)], lambda x: F.softmax(x, 1)),
    case("last axis", "LogSoftmax", {"axis": -1}, [coarse(3, 7)], lambda x: F.log_softmax(x, -1)),
    case("channels, large values", "LogSoftmax", {"axis": 1}, [coarse(2, 5, 3, step=1)], lambda x: F.log_softmax(x, 1)),
]


def reduction(op, function, name="over one axis", keep=1, **values):
    x = coarse(3, 5, 4, **(values or {"step": 1, "low": -2, "high": 3}))
    return case(name, op, {"keepdims": keep}, [x], lambda x: function(x, 1, bool(keep)), [[1, "int64", [1]]])


REDUCTIONS = [
    reduction("ReduceMax", torch.amax, "ties"),
    reduction("ReduceMax", torch.amax, "ties, axis dropped", 0),
    reduction("ReduceMin", torch.amin, "ties"),
    reduction("ReduceProd", torch.prod, "zeros included"),
    reduction("ReduceLogSumExp", torch.logsumexp),
    reduction("ReduceL2", lambda x, axis, keep: torch.linalg.vector_norm(x, 2, axis, keep)),
    reduction("ReduceL1", lambda x, axis, keep: torch.linalg.vector_norm(x, 1, axis, keep), "zeros included"),
    case("ties between two", "Max", {}, [coarse(4, 9, step=1, low=-1, high=2), coarse(9, step=1, low=-1, high=2)],
         torch.maximum),
    case("ties between two", "Min", {}, [coarse(4, 9, step=1, low=-1, high=2), coarse(9, step=1, low=-1, high=2)],
         torch.minimum),
    case("exponents too", "Pow", {}, [coarse(2, 5, low=8), coarse(5)], torch.pow),
]


def einsum(equation, *shapes):
    return case(equation, "Einsum", {"equation": equation}, [coarse(*dims) for dims in shapes],
                lambda *operands: torch.einsum(equation, *operands))


PRODUCTS = [
    einsum("bhid,bhjd->bhij", [2, 2, 3, 4], [2, 2, 5, 4]),
    einsum("bhwc,hkc->bhwk", [1, 3, 4, 5], [3, 6, 5]),
    einsum("ij,k->i", [2, 3], [4]),
    einsum("ijk->kj", [2, 3, 4]),
    einsum("...ij,...jk->...ik", [2, 2, 3], [2, 3, 4]),
    case("a batch by one matrix", "MatMul", {}, [coarse(2, 3, 4), coarse(4, 5)], torch.matmul),
    case("both batches broadcast", "MatMul", {}, [coarse(2, 1, 3, 4), coarse(3, 4, 5)], torch.matmul),
    case("two vectors", "MatMul", {}, [coarse(6), coarse(6)], torch.matmul),
    case("a vector by a batch", "MatMul", {}, [coarse(4), coarse(3, 4, 5)], torch.matmul),
    case("both transposed", "Gemm", {"transA": 1, "transB": 1, "alpha": 0.5, "beta": 2.0},
         [coarse(4, 3), coarse(5, 4), coarse(5)], lambda a, b, c: 0.5 * a.T @ b.T + 2 * c),
]

if __name__ == "__main__":
    write({"activation": ACTIVATIONS, "reduction": REDUCTIONS, "product": PRODUCTS})
