"""A linear text classifier (multinomial logistic regression) that learns from a few thousand phrases in seconds.

Plain numpy: a text is the set of its features, a feature is a row of weights. Trained by AdaGrad, one phrase at a
time, in an order that depends only on the seed, so that the same phrases give the same model.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sample:
    """A labelled text, as its features; ``weight`` scales what is learned from it."""

    features: tuple[str, ...]
    label: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Training:
    """How to train: passes over the data, step, decay of weights, and how often a feature must occur."""

    epochs: int = 12
    step: float = 0.3
    decay: float = 1e-4
    min_count: int = 2
    seed: int = 7


class LinearModel:
    """Labels, the features that are known, and a weight for each pair. Immutable after training."""

    def __init__(self, labels: Sequence[str], vocabulary: dict[str, int], weights: Floats, bias: Floats) -> None:
        """Takes the parts as ``train`` and ``load`` make them."""
        self.labels = tuple(labels)
        self.vocabulary = vocabulary
        self._weights = weights
        self._bias = bias

    def probabilities(self, features: Iterable[str]) -> dict[str, float]:
        """The probability of each label, by label; they add up to one."""
        rows = [number for number in map(self.vocabulary.get, features) if number is not None]
        scores = (
            self._bias + self._weights.take(rows, axis=0).sum(axis=0) / _length(len(rows)) if rows else self._bias
        )
        return dict(zip(self.labels, _softmax(scores).tolist(), strict=True))

    def known(self, features: Iterable[str]) -> float:
        """The share of the features that were seen in training, 0 to 1."""
        listed = list(features)
        return sum(feature in self.vocabulary for feature in listed) / len(listed) if listed else 0.0

    def save(self, path: Path) -> None:
        """Writes the model to one ``.npz`` file, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{id(self)}.part.npz")
        np.savez(
            part,
            labels=np.array(self.labels),
            vocabulary=np.array(list(self.vocabulary)),
            weights=self._weights.astype(np.float16),
            bias=self._bias,
        )
        part.replace(path)

    @classmethod
    def load(cls, path: Path) -> LinearModel:
        """Reads what ``save`` wrote. Raises OSError or ValueError where the file is not a model."""
        with np.load(path, allow_pickle=False) as stored:
            vocabulary = {str(name): number for number, name in enumerate(stored["vocabulary"].tolist())}
            weights = stored["weights"].astype(np.float32)
            return cls([str(label) for label in stored["labels"].tolist()], vocabulary, weights, stored["bias"])


def train(samples: Sequence[Sample], training: Training | None = None) -> LinearModel:
    """Learns a model from labelled texts. Raises ValueError where there are none."""
    if not samples:
        raise ValueError("there is nothing to learn from: no labelled texts")
    how = training or Training()
    labels = sorted({sample.label for sample in samples})
    counts = Counter(feature for sample in samples for feature in sample.features)
    known = sorted(feature for feature, count in counts.items() if count >= how.min_count)
    vocabulary = {feature: number for number, feature in enumerate(known)}
    rows = [
        np.array([vocabulary[f] for f in sample.features if f in vocabulary], dtype=np.int64) for sample in samples
    ]
    targets = [labels.index(sample.label) for sample in samples]
    weights = np.zeros((len(vocabulary), len(labels)), dtype=np.float32)
    squares = np.full_like(weights, 1e-2)
    bias = np.zeros(len(labels), dtype=np.float32)
    random = np.random.default_rng(how.seed)
    for _ in range(how.epochs):
        for number in random.permutation(len(samples)).tolist():
            active = rows[number]
            scale = 1.0 / _length(len(active))
            rated = weights.take(active, axis=0)
            gradient = _softmax(bias + rated.sum(axis=0) * scale)
            gradient[targets[number]] -= 1.0
            gradient *= samples[number].weight
            update = gradient * scale + how.decay * rated
            seen = squares.take(active, axis=0)
            seen += update * update
            squares[active] = seen
            rated -= how.step * update / np.sqrt(seen)
            weights[active] = rated
            bias -= 0.01 * gradient
    return LinearModel(labels, vocabulary, weights, bias)


def _length(count: int) -> float:
    # A long text must not be surer than a short one only for having more features.
    return math.sqrt(max(count, 1))


def _softmax(scores: Floats) -> Floats:
    exponentials = np.exp(scores - scores.max())
    normalised: Floats = exponentials / exponentials.sum()
    return normalised
