"""The net: four convolutions that see a letter and the one beside it, two along the line, and CTC; learnt with JAX.

Batch normalisation while learning; its scale and shift are part of the convolutions afterwards, see `folded`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import lax

from deid.pixels.ocr.small_print import ALPHABET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from deid.pixels.ocr.training.lines import Sample

    Weights = dict[str, dict[str, jax.Array]]

LAYERS: tuple[tuple[str, tuple[int, int, int, int], tuple[int, int]], ...] = (
    ("letter 1", (3, 3, 1, 16), (2, 2)),
    ("letter 2", (3, 3, 16, 24), (2, 1)),
    ("letter 3", (3, 3, 24, 40), (2, 1)),
    ("column", (3, 3, 40, 80), (1, 1)),
    ("line", (1, 5, 80, 80), (1, 1)),
)
"""Name, kernel (rows, columns, channels in and out), and by what the result is reduced (rows, columns)."""
OUT = "letters"
_EITHER = -1
_EPSILON = 1e-5
_KEEP = 0.99
STEP = 2
"""Columns of a crop for each answer."""


def start(seed: int) -> tuple[Weights, Weights]:
    """The weights before learning, and the running means and variances."""
    weights, running = {}, {}
    keys = jax.random.split(jax.random.PRNGKey(seed), len(LAYERS) + 1)
    for key, (name, shape, _) in zip(keys, LAYERS, strict=False):
        kernel = jax.random.normal(key, shape) * np.sqrt(2 / np.prod(shape[:3]))
        weights[name] = {"kernel": kernel, "scale": jnp.ones(shape[3]), "shift": jnp.zeros(shape[3])}
        running[name] = {"mean": jnp.zeros(shape[3]), "variance": jnp.ones(shape[3])}
    last, count = LAYERS[-1][1][3], len(ALPHABET) + 1
    weights[OUT] = {"kernel": jax.random.normal(keys[-1], (1, 1, last, count)) * 0.05, "shift": jnp.zeros(count)}
    return weights, running


def _convolved(x: jax.Array, kernel: jax.Array, name: str) -> jax.Array:
    rows = (0, 0) if name == "column" else ((kernel.shape[0] - 1) // 2,) * 2
    padding = (rows, ((kernel.shape[1] - 1) // 2,) * 2)
    return lax.conv_general_dilated(x, kernel, (1, 1), padding, dimension_numbers=("NHWC", "HWIO", "NHWC"))


def _reduced(x: jax.Array, by: tuple[int, int]) -> jax.Array:
    """The largest of each field; as a reshape, whose gradient is cheap."""
    if by == (1, 1):
        return x
    count, rows, columns, channels = x.shape
    return x.reshape(count, rows // by[0], by[0], columns // by[1], by[1], channels).max((2, 4))


def _forward(weights: Weights, x: jax.Array) -> tuple[jax.Array, Weights]:
    """Answers (count, columns, outputs) as logits, and what the batch's means and variances are."""
    seen: Weights = {}
    x = x[..., None]
    for name, _, by in LAYERS:
        own = weights[name]
        x = _convolved(x, own["kernel"], name)
        mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
        seen[name] = {"mean": mean, "variance": variance}
        x = (x - mean) * lax.rsqrt(variance + _EPSILON) * own["scale"] + own["shift"]
        x = _reduced(jax.nn.relu(x), by)
    return _convolved(x, weights[OUT]["kernel"], OUT)[:, 0] + weights[OUT]["shift"], seen


class Lesson(NamedTuple):
    """A batch: crops (count, rows, columns), what stands at each answer, and the texts as CTC has them.

    `places` has the output that is right at each answer, or -1 where two may be; `ends` the number of answers of each
    line; `said` the outputs of its letters, 0 behind the last.
    """

    crops: NDArray[np.float32]
    places: NDArray[np.int32]
    ends: NDArray[np.int32]
    said: NDArray[np.int32]


def lesson(crops: NDArray[np.float32], samples: Sequence[Sample], longest: int) -> Lesson:
    """A batch as the net learns it: a letter stands at its middle, and perhaps beside it."""
    places = np.full((len(samples), crops.shape[2] // STEP), 0, np.int32)
    said = np.zeros((len(samples), longest), np.int32)
    for index, one in enumerate(samples):
        letters = [ALPHABET.index(letter) + 1 for letter in one.text]
        said[index, : len(letters)] = letters
        at = [min(max(int(middle / STEP), 0), places.shape[1] - 1) for middle in one.middles]
        for step in at:
            places[index, max(step - 1, 0) : step + 2] = _EITHER
        for step, letter in zip(at, letters, strict=True):
            places[index, step] = letter
    ends = np.asarray([-(-one.crop.shape[1] // STEP) for one in samples], np.int32)
    return Lesson(crops, places, ends, said)


def _loss(weights: Weights, given: Lesson, share: float) -> tuple[jax.Array, Weights]:
    """Where each letter stands, which is learnt soon; and by its share that the line says just this (CTC)."""
    logits, seen = _forward(weights, given.crops)
    right = optax.softmax_cross_entropy_with_integer_labels(logits, jnp.maximum(given.places, 0))
    placed = jnp.where(given.places == _EITHER, 0.0, right).sum(1)
    behind = (jnp.arange(logits.shape[1])[None] >= given.ends[:, None]).astype(jnp.float32)
    said = optax.ctc_loss(logits, behind, given.said, (given.said == 0).astype(jnp.float32))
    return ((placed + share * said) / jnp.maximum((given.said > 0).sum(1), 1)).mean(), seen


class Learner:
    """Holds the weights while they learn."""

    def __init__(self, steps: int, rate: float, seed: int) -> None:
        """Learn `steps` times, at a rate that rises to `rate` and falls again."""
        self.weights, self.running = start(seed)
        schedule = optax.cosine_onecycle_schedule(steps, rate, pct_start=0.15)
        optimiser = optax.chain(optax.clip_by_global_norm(5.0), optax.adamw(schedule, weight_decay=1e-4))
        self._state: Any = optimiser.init(self.weights)

        def step(weights: Weights, state: Any, running: Weights, given: Lesson, share: float) -> Any:  # noqa: ANN401
            (loss, seen), gradient = jax.value_and_grad(_loss, has_aux=True)(weights, given, share)
            changes, state = optimiser.update(gradient, state, weights)
            running = jax.tree.map(lambda old, new: _KEEP * old + (1 - _KEEP) * new, running, seen)
            return optax.apply_updates(weights, changes), state, running, loss

        self._step = jax.jit(step)
        self._steps, self._done = steps, 0

    def learn(self, given: Lesson) -> float:
        """One step; the loss a letter before it."""
        share = np.float32(self._done / self._steps)
        self._done += 1
        self.weights, self._state, self.running, loss = self._step(
            self.weights, self._state, self.running, given, share
        )
        return float(loss)


def folded(weights: Weights, running: Weights) -> list[tuple[str, NDArray[np.float32], NDArray[np.float32]]]:
    """Name, kernel (rows, columns, in, out) and shift of each layer, with the normalisation in them."""
    made = []
    for name, _, _ in LAYERS:
        own, seen = weights[name], running[name]
        factor = own["scale"] / jnp.sqrt(seen["variance"] + _EPSILON)
        made.append((name, np.asarray(own["kernel"] * factor), np.asarray(own["shift"] - seen["mean"] * factor)))
    return [*made, (OUT, np.asarray(weights[OUT]["kernel"]), np.asarray(weights[OUT]["shift"]))]
