"""Average ranks and Spearman's rho by SciPy: python3 rank.py > rank.json"""

import json

import numpy as np
from scipy.stats import rankdata, spearmanr

rng = np.random.default_rng(7)


def f32(values):
    return np.asarray(values, dtype=np.float32)


vectors = {
    "distinct": rng.normal(size=40),
    "behind a ReLU": np.maximum(rng.normal(size=60), 0),
    "few levels": rng.integers(-2, 3, size=50),
    "all equal": np.full(9, 3.5),
    "all zero": np.zeros(5),
    "signed zeros": [-0.0, 0.0, -1.0, 1.0, -0.0],
    "one": [2.0],
    "infinite": [np.inf, -2.0, 0.0, 1.0, np.inf],
    "subnormal": [1e-45, 0.0, -1e-45, 3e-45, 1e-45],
}
ranks = [
    {"name": name, "values": [str(x) for x in f32(v)], "ranks": rankdata(f32(v)).tolist()}
    for name, v in vectors.items()
]
pairs = []
for tied in (False, True):
    a, b = rng.normal(size=(2, 80))
    b = 0.6 * a + b
    if tied:
        a, b = np.maximum(a, 0), np.round(b)
    a, b = f32(a), f32(b)
    pairs.append({"a": a.tolist(), "b": b.tolist(), "rho": spearmanr(a, b).correlation})
print(json.dumps({"ranks": ranks, "pairs": pairs}))
