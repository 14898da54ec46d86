"""
The whole protocol on a small network, pair by pair, by NumPy and SciPy: python3 protocol.py > protocol.json
The redraws are the program's own, from weights.json (see weights.ts).
"""

import itertools
import json
import pathlib
import warnings

import numpy as np
from scipy.stats import spearmanr

warnings.filterwarnings("ignore")
rng = np.random.default_rng(11)
C, H, W, K = 3, 4, 5, 4
templates = rng.normal(size=(K, C, H, W)).astype(np.float32)
kernel = rng.normal(size=(4, C, 3, 3)).astype(np.float32)
counts = [12, 11, 10, 5]
# Pixels are in [0, 1]; the network sees (x - 0.5) / 0.25.
pixels = [
    np.clip(0.5 + 0.25 * (0.35 * templates[c] + rng.normal(0, 0.8, (n, C, H, W))), 0, 1).astype(np.float32)
    for c, n in enumerate(counts)
]
pixels[1][3] = 0.125  # all negative: constant, and all zero behind the ReLU
prototypes = np.clip(0.5 + 0.25 * templates, 0, 1).astype(np.float32)


def network(image):
    x = (image.astype(np.float64) - 0.5) / 0.25
    r1 = np.maximum(x, 0)
    padded = np.pad(r1, ((0, 0), (1, 1), (1, 1)))
    c1 = np.stack(
        [
            sum(
                k[c, i, j] * padded[c, i : i + H, j : j + W]
                for c, i, j in itertools.product(range(C), range(3), range(3))
            )
            for k in kernel.astype(np.float64)
        ]
    )
    r2 = np.maximum(c1, 0)
    logits = templates.reshape(K, -1).astype(np.float64) @ x.ravel()
    # r2 twice: a container ends in the value of its last module.
    return [r1, c1, r2, r2, r2.mean(axis=(1, 2), keepdims=True), x.reshape(-1), logits], logits


def rho(a, b):
    if np.all(a == a[0]) or np.all(b == b[0]):
        return 0.0
    return spearmanr(a, b).correlation


def pool(a):
    return a.reshape(a.shape[0], -1).mean(axis=1) if a.ndim == 3 else a


def l1(a, b):
    return np.abs(a - b).mean()


def protocol(filter_):
    chosen = []
    for c in range(K):
        keep = [i for i in range(counts[c]) if filter_ == "labelled" or network(pixels[c][i])[1].argmax() == c]
        chosen.append(keep)
    out = []
    for c in range(K):
        layers = []
        for layer in range(7):
            variants = {}
            for name, view in (("full", np.ravel), ("pooled", pool)):
                acts = [[view(network(pixels[d][i])[0][layer]) for i in chosen[d]] for d in range(K)]
                own = np.stack(acts[c])
                n = len(own)
                mean = own.mean(axis=0)
                others = [np.delete(own, i, axis=0).mean(axis=0) for i in range(n)]
                same = np.mean([rho(a, b) for a, b in itertools.combinations(own, 2)])
                diff = np.mean([rho(a, b) for a in own for d in range(K) if d != c for b in acts[d]])
                row = {
                    "spearman": [rho(a, mean) for a in own],
                    "l1": [l1(a, mean) for a in own],
                    "leaveOneOutSpearman": [rho(a, m) for a, m in zip(own, others)],
                    "leaveOneOutL1": [l1(a, m) for a, m in zip(own, others)],
                    "same": same,
                    "different": diff,
                    "constant": int(sum(np.all(a == a[0]) for a in own)),
                    "subjects": {},
                }
                for series, image in (("prototype", prototypes[c]), ("grey", np.full((C, H, W), 0.5)), ("other", prototypes[(c + 1) % K])):
                    p = view(network(image)[0][layer])
                    pair = np.mean([rho(p, a) for a in own])
                    row["subjects"][series] = {
                        "spearman": rho(p, mean),
                        "l1": l1(p, mean),
                        "pairwise": pair,
                        "normalised": (pair - diff) / (same - diff) if same - diff > 0.02 else None,
                    }
                variants[name] = row
            layers.append(variants)
        out.append({"kept": chosen[c], "layers": layers})
    return out, totals(out)


def totals(classes):
    enough = [c for c in classes if len(c["kept"]) >= 10]
    result = {}
    for series in ("prototype", "grey", "other"):
        result[series] = {}
        for v in ("full", "pooled"):
            wins, normalised = np.zeros(4), []
            for layer in range(7):
                rows = [c["layers"][layer][v] for c in enough]
                p = {k: np.mean([r["subjects"][series][k] for r in rows]) for k in ("spearman", "l1", "pairwise")}
                n = {k: np.mean([np.mean(r[k]) for r in rows]) for k in ("spearman", "l1", "leaveOneOutSpearman", "leaveOneOutL1", "same", "different")}
                wins += [
                    p["spearman"] >= n["spearman"],
                    p["l1"] <= n["l1"],
                    p["spearman"] >= n["leaveOneOutSpearman"],
                    p["l1"] <= n["leaveOneOutL1"],
                ]
                spread = n["same"] - n["different"]
                normalised.append((p["pairwise"] - n["different"]) / spread if spread > 0.02 else None)
            result[series][v] = {
                "percent": (wins / 7 * 100).tolist(),
                "normalised": thirds(normalised),
                "undefined": sum(x is None for x in normalised),
            }
    return result


def thirds(layers):
    """The mean over the layers with a score, and over thirds of them."""
    mean = lambda xs: (lambda d: float(np.mean(d)) if d else None)([x for x in xs if x is not None])
    return [mean(layers), mean(layers[0:2]), mean(layers[2:5]), mean(layers[5:7])]


def redraws(classes, weights):
    """Intervals of the pooled, normalised score: every redraw is written out image by image and compared in pairs."""
    series = {"prototype": lambda c: prototypes[c], "grey": lambda c: np.full((C, H, W), 0.5), "other": lambda c: prototypes[(c + 1) % K]}
    origin = [(c, i) for c in range(K) for i in classes[c]["kept"]]
    enough = [c for c in range(K) if len(classes[c]["kept"]) >= 10]
    drawn = []  # [redraw][class]: places in `origin`, copies included
    for r in range(len(weights[0])):
        starts = np.cumsum([0] + [len(c["kept"]) for c in classes])
        drawn.append([np.repeat(np.arange(starts[c], starts[c + 1]), weights[c][r]) for c in range(K)])
    parts = {s: [[[None] * K for _ in range(7)] for _ in drawn] for s in series}
    for layer in range(7):
        acts = [pool(network(pixels[c][i])[0][layer]) for c, i in origin]
        table = np.array([[rho(a, b) for b in acts] for a in acts])
        for c in enough:
            rows = {s: np.array([rho(pool(network(image(c))[0][layer]), a) for a in acts]) for s, image in series.items()}
            for r, images in enumerate(drawn):
                own = images[c]
                same = np.mean([table[a, b] for a in own for b in own if a != b])
                diff = np.mean([table[a, b] for a in own for d in range(K) if d != c for b in images[d]])
                for s in series:
                    parts[s][r][layer][c] = (np.mean(rows[s][own]), same, diff)

    def interval(values):
        some = [v for v in values if v is not None]
        if len(some) < 0.95 * len(values):
            return None
        return np.percentile(some, [2.5, 97.5]).tolist()

    def score(layer, members):
        pair, same, diff = np.mean([layer[c] for c in members], axis=0)
        return (pair - diff) / (same - diff) if same - diff > 0.02 else None

    result = {}
    for s in series:
        # Of each class alone, and of all classes with enough images.
        result[s] = {
            "classes": [[interval(x) for x in zip(*[thirds([score(l, [c]) for l in r]) for r in parts[s]])] for c in enough],
            "total": [interval(x) for x in zip(*[thirds([score(l, enough) for l in r]) for r in parts[s]])],
        }
    return result


def rounded(value):
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [rounded(v) for v in value]
    if isinstance(value, (float, np.floating)):
        return float(f"{value:.8g}")
    return value


weights = json.loads((pathlib.Path(__file__).parent / "weights.json").read_text())
results = {}
for filter_ in ("predicted", "labelled"):
    classes, total = protocol(filter_)
    results[filter_] = {"classes": classes, "totals": total, "redraws": redraws(classes, weights[filter_])}
print(
    json.dumps(
        rounded(
            {
                "dims": [C, H, W],
                "templates": templates.ravel().tolist(),
                "kernel": kernel.ravel().tolist(),
                "pixels": [[i.ravel().tolist() for i in c] for c in pixels],
                "prototypes": [p.ravel().tolist() for p in prototypes],
                "results": results,
            }
        )
    )
)
