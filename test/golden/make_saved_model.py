"""Writes a small Keras classifier as a SavedModel, with the probabilities that TensorFlow computes (2.21, Keras 3.15).

Usage: python make_saved_model.py FOLDER
"""
import json, os, sys
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
import numpy as np
import tensorflow as tf
import keras
from keras import layers as L

keras.utils.set_random_seed(7)
x = i = keras.Input((24, 24, 3), name='image')
x = L.Conv2D(8, 3, strides=2, padding='same', use_bias=False, name='stem')(x)
x = L.BatchNormalization(name='stem_bn')(x)
x = L.ReLU(6.0, name='stem_relu')(x)
y = L.DepthwiseConv2D(3, padding='same', name='block_depthwise')(x)
y = L.BatchNormalization(name='block_bn')(y)
y = L.Activation('hard_swish', name='block_swish')(y)
s = L.GlobalAveragePooling2D(keepdims=True, name='squeeze')(y)
s = L.Conv2D(8, 1, activation='sigmoid', name='excite')(s)
y = L.Multiply(name='scale')([y, s])
y = L.Conv2D(8, 1, name='project')(y)
x = L.Add(name='block_add')([x, y])
x = L.MaxPooling2D(3, 2, padding='same', name='pool')(x)
x = L.Conv2D(12, 3, dilation_rate=2, padding='same', activation='leaky_relu', name='dilated')(x)
x = L.Concatenate(name='both')([L.AveragePooling2D(2, 1, padding='same', name='mean')(x), x])
x = L.UpSampling2D(2, interpolation='bilinear', name='up')(x)
x = L.ZeroPadding2D(((0, 1), (1, 0)), name='pad')(x)
x = L.Conv2D(6, 3, strides=2, activation='elu', name='last')(x)
x = L.Flatten(name='flatten')(x)
x = L.Dense(16, activation='gelu', name='hidden')(x)
x = L.Dropout(0.5, name='drop')(x)
x = L.Dense(5, activation='softmax', name='classes')(x)
model = keras.Model(i, x)
rng = np.random.default_rng(3)
for layer in model.layers:
    if isinstance(layer, L.BatchNormalization):
        n = layer.gamma.shape[0]
        layer.set_weights([rng.uniform(.5, 1.5, n), rng.normal(0, .3, n), rng.normal(0, .3, n), rng.uniform(.5, 2, n)])
    elif layer.weights:
        layer.set_weights([w + rng.normal(0, .05, w.shape) for w in layer.get_weights()])
folder = sys.argv[1]
model.export(folder, format='tf_saved_model', verbose=False)
loaded = tf.saved_model.load(folder).signatures['serving_default']
images = np.sin(0.37 * np.arange(2 * 24 * 24 * 3)).astype(np.float32).reshape(2, 24, 24, 3)
scores = list(loaded(tf.constant(images)).values())[0].numpy()
with open(os.path.join(folder, 'expected.json'), 'w') as file:
    json.dump(scores.astype(float).tolist(), file)
    file.write('\n')
os.remove(os.path.join(folder, 'fingerprint.pb'))
