"""Writes two SavedModels with the scores that TensorFlow computes (2.21): one with two signatures and none called
serving_default, and one of TensorFlow 1 with a graph for training and two for serving.

Usage: python make_signatures.py FOLDER
"""
import json, os, sys
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
import numpy as np
import tensorflow as tf

folder = sys.argv[1]
rng = np.random.default_rng(5)
images = np.sin(0.37 * np.arange(2 * 8 * 8 * 3)).astype(np.float32).reshape(2, 8, 8, 3)
spec = tf.TensorSpec([None, 8, 8, 3], tf.float32, name='image')


def write(name, scores):
    with open(os.path.join(folder, name, 'expected.json'), 'w') as file:
        json.dump({key: np.asarray(value, float).tolist() for key, value in scores.items()}, file)
        file.write('\n')


class Network(tf.Module):
    def __init__(self):
        self.kernel = tf.Variable(rng.normal(0, 0.3, (3, 3, 3, 6)).astype(np.float32))
        self.heads = [tf.Variable(rng.normal(0, 1, (6, n)).astype(np.float32)) for n in (3, 4)]

    def features(self, x):
        x = tf.pad(x, [[0, 0], [2, 2], [1, 3], [0, 0]], mode='SYMMETRIC')
        return tf.reduce_mean(tf.nn.relu(tf.nn.conv2d(x, self.kernel, 2, 'SAME')), [1, 2])

    @tf.function(input_signature=[spec])
    def animals(self, image):
        return {'scores': tf.nn.softmax(self.features(image) @ self.heads[0])}

    @tf.function(input_signature=[spec])
    def colours(self, image):
        return {'scores': tf.nn.softmax(self.features(image) @ self.heads[1])}


network = Network()
path = os.path.join(folder, 'saved-model-signatures')
signatures = {'animals': network.animals, 'colours': network.colours}
tf.saved_model.save(network, path, signatures=signatures)
loaded = tf.saved_model.load(path).signatures
write('saved-model-signatures', {key: loaded[key](tf.constant(images))['scores'] for key in signatures})
os.remove(os.path.join(path, 'fingerprint.pb'))

v1 = tf.compat.v1
path = os.path.join(folder, 'saved-model-tags')
builder = v1.saved_model.Builder(path)


def graph(scale):
    x = v1.placeholder(tf.float32, [None, 8, 8, 3], name='x')
    kernel = v1.get_variable('kernel', initializer=np.float32(np.arange(9).reshape(1, 1, 3, 3) / 9 - 0.4))
    y = tf.reduce_mean(tf.nn.conv2d(x * scale, kernel, 1, 'VALID'), [1, 2], name='scores')
    return x, y


def signature(x, y):
    return {'serving_default': v1.saved_model.predict_signature_def({'image': x}, {'scores': y})}


for i, (tags, scale) in enumerate([(['train'], 5.0), (['serve', 'gpu'], 3.0), (['serve'], 2.0)]):
    with tf.Graph().as_default(), v1.Session() as session:
        x, y = graph(scale)
        session.run(v1.global_variables_initializer())
        if i == 0:
            builder.add_meta_graph_and_variables(session, tags, signature_def_map=signature(x, y))
        else:
            builder.add_meta_graph(tags, signature_def_map=signature(x, y))
builder.save()
with tf.Graph().as_default(), v1.Session() as session:
    meta = v1.saved_model.load(session, ['serve'], path)
    info = meta.signature_def['serving_default']
    write('saved-model-tags', {'serve': session.run(info.outputs['scores'].name, {info.inputs['image'].name: images})})
