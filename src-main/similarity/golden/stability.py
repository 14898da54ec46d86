"""Writes stability.json: mean correlations of logits without the own class, by NumPy."""

import json
from pathlib import Path

import numpy as np

random = np.random.default_rng(20)
cases = []
for prototypes, classes, own in [(2, 10, 3), (3, 5, 0), (4, 20, 19)]:
    logits = random.normal(size=(prototypes, classes)).astype(np.float32)
    logits[1:] += logits[0]
    logits[:, own] = 60
    table = np.corrcoef(np.delete(logits, own, axis=1).astype(np.float64))
    means = (table.sum(axis=1) - 1) / (prototypes - 1)
    cases.append({"logits": logits.tolist(), "own": own, "stability": means.tolist()})

Path(__file__).with_name("stability.json").write_text(json.dumps(cases) + "\n")
