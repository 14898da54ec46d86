"""Small models that Keras saved, with what it computes, for files.test.ts.

    KERAS_BACKEND=tensorflow python make.py        (Keras 3.15, TensorFlow 2.21, h5py 3.14)

Weights are random, from a fixed seed. Gradients are TensorFlow's.
"""

import json
from pathlib import Path

import h5py
import keras
import numpy as np
import tensorflow as tf
from keras import layers as L

HERE = Path(__file__).parent
SHAPE = (2, 10, 9, 3)


def everything():
    image = keras.Input(SHAPE[1:], name="image")
    x = L.RandomFlip(name="flip")(image)
    x = L.Rescaling(0.5, offset=-0.25, name="scale")(x)
    x = L.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 0.5], name="norm")(x)
    x = L.Conv2D(6, 3, padding="same", groups=3, activation="gelu", name="first")(x)
    x = L.BatchNormalization(scale=False, name="bn")(x)
    inner_input = keras.Input((10, 9, 6), name="inner_image")
    y = L.SeparableConv2D(5, 3, padding="same", use_bias=False, name="separable")(inner_input)
    y = L.GroupNormalization(5, name="groups")(y)
    inner = keras.Model(inner_input, L.Activation("hard_sigmoid", name="squash")(y), name="inner")
    a = inner(x)
    b = L.DepthwiseConv2D(3, padding="same", name="deep")(x)
    b = L.Conv2D(5, 1, activation=L.LeakyReLU(negative_slope=0.1), name="point")(b)
    x = L.Add(name="sum")([a, b])
    x = keras.ops.relu(x) * 1.5
    x = L.UpSampling2D(2, interpolation="bilinear", name="larger")(x)
    x = L.Conv2D(4, 3, strides=2, padding="same", dilation_rate=1, activation="silu", name="second")(x)
    x = L.ReLU(max_value=4, negative_slope=0.2, threshold=0.1, name="bent")(x)
    x = L.Resizing(6, 5, name="resized")(x)
    x = L.ZeroPadding2D(((1, 0), (0, 2)), name="padded")(x)
    x = L.Conv2DTranspose(4, 3, strides=2, padding="same", name="grown")(x)
    x = L.LayerNormalization(name="layer_norm")(x)
    x = L.AveragePooling2D(3, 2, padding="same", name="averaged")(x)
    tokens = L.Reshape((-1, 4), name="tokens")(x)
    attended = L.MultiHeadAttention(2, 3, name="attention")(tokens, tokens)
    x = L.Concatenate(name="joined")([tokens, attended])
    x = L.Conv1D(5, 3, padding="causal", activation="elu", name="sequence")(x)
    x = L.Dot(axes=(1, 1), name="gram")([x, x])
    x = L.PReLU(name="slopes")(x)
    x = L.Flatten(name="flat")(x)
    x = L.Dropout(0.5, name="dropout")(x)
    return keras.Model(image, L.Dense(4, name="head")(x), name="everything")


def sequential():
    return keras.Sequential(
        [
            keras.Input(SHAPE[1:]),
            L.ZeroPadding2D(1),
            L.Conv2D(4, 3, strides=2, activation="relu"),
            L.MaxPooling2D(2),
            L.Conv2D(4, 2),
            L.BatchNormalization(),
            L.GlobalAveragePooling2D(),
            L.Dense(4, activation="softmax"),
        ],
        name="chain",
    )


def fill(model):
    draw = np.random.default_rng(5)
    for weight in model.weights:
        low, high = (0.5, 1.5) if "variance" in weight.name else (-0.8, 0.8)
        weight.assign(draw.uniform(low, high, weight.shape).astype("float32"))


def record(name, compute, save):
    image = np.random.default_rng(3).uniform(-1, 1, SHAPE).astype("float32")
    x = tf.Variable(image)
    with tf.GradientTape() as tape:
        logits = compute(x)
        total = logits[0, 1] + logits[1, 2]
    gradient = tape.gradient(total, x).numpy()
    save()
    figures = {"image": image, "logits": logits.numpy(), "gradient": gradient}
    flat = {key: [float(f"{v:.7g}") for v in value.flatten()] for key, value in figures.items()}
    (HERE / f"{name}.json").write_text(json.dumps({"shape": SHAPE, **flat}) + "\n")
    print(name, logits.numpy()[0])


def theano_file(path, kernel, bias, dense, offset):
    """A file as Keras 1 wrote it on Theano: channels first, kernels [out, in, rows, columns], mirrored."""
    config = {
        "class_name": "Sequential",
        "config": [
            {
                "class_name": "Convolution2D",
                "config": {
                    "name": "convolution2d_1",
                    "batch_input_shape": [None, 3, 10, 9],
                    "nb_filter": 4,
                    "nb_row": 3,
                    "nb_col": 2,
                    "subsample": [2, 1],
                    "border_mode": "valid",
                    "dim_ordering": "th",
                    "activation": "relu",
                    "bias": True,
                },
            },
            {"class_name": "Flatten", "config": {"name": "flatten_1"}},
            {
                "class_name": "Dense",
                "config": {"name": "dense_1", "output_dim": 4, "activation": "linear", "bias": True},
            },
        ],
    }
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(config).encode()
        file.attrs["keras_version"] = b"1.2.2"
        file.attrs["backend"] = b"theano"
        weights = file.create_group("model_weights")
        weights.attrs["layer_names"] = [b"convolution2d_1", b"flatten_1", b"dense_1"]
        for layer, own in {
            "convolution2d_1": {"W": kernel, "b": bias},
            "flatten_1": {},
            "dense_1": {"W": dense, "b": offset},
        }.items():
            group = weights.create_group(layer)
            group.attrs["weight_names"] = [f"{layer}_{role}".encode() for role in own]
            for role, value in own.items():
                group.create_dataset(f"{layer}_{role}", data=value)


def theano():
    draw = np.random.default_rng(9)
    kernel, bias, dense, offset = (
        draw.uniform(-1, 1, shape).astype("float32") for shape in [(3, 2, 3, 4), (4,), (4 * 4 * 8, 4), (4,)]
    )

    def compute(x):
        planes = tf.nn.relu(tf.nn.conv2d(x, kernel, (2, 1), "VALID") + bias)
        return tf.reshape(tf.transpose(planes, (0, 3, 1, 2)), (SHAPE[0], -1)) @ dense + offset

    stored = np.flip(kernel.transpose(3, 2, 0, 1), (2, 3))
    record("keras1", compute, lambda: theano_file(HERE / "keras1.h5", stored, bias, dense, offset))


if __name__ == "__main__":
    for model in (everything(), sequential()):
        fill(model)
        for ending in ("keras", "h5"):
            name = f"{model.name}.{ending}"
            record(name, lambda x: model(x, training=False), lambda: model.save(HERE / name))
    theano()
