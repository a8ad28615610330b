"""Writes the net as ONNX: convolutions, maxima and a softmax; weights in half precision, computed in single."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from deid.pixels.ocr.small_print import ALPHABET, HEIGHT
from deid.pixels.ocr.training.net import LAYERS, OUT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_OPSET, _IR = 17, 8


def to_onnx(layers: Sequence[tuple[str, NDArray[np.float32], NDArray[np.float32]]], about: str) -> bytes:
    """The file: takes `line` (count, 1, HEIGHT, columns), gives `letters` (count, columns / 2, outputs), probabilities.

    Args:
        layers: Name, kernel (rows, columns, in, out) and shift.
        about: How it was made, for people who open it.
    """
    nodes: list[Any] = []
    stored: list[Any] = []
    reduce = {name: by for name, _, by in LAYERS}
    at = "line"
    for number, (name, kernel, shift) in enumerate(layers):
        for kind, values in (("kernel", kernel.transpose(3, 2, 0, 1)), ("shift", shift)):
            stored.append(numpy_helper.from_array(values.astype(np.float16), f"{kind}{number} half"))
            nodes.append(helper.make_node("Cast", [f"{kind}{number} half"], [f"{kind}{number}"], to=TensorProto.FLOAT))
        rows, columns = kernel.shape[:2]
        high, wide = 0 if name == "column" else (rows - 1) // 2, (columns - 1) // 2
        nodes.append(
            helper.make_node(
                "Conv", [at, f"kernel{number}", f"shift{number}"], [f"conv{number}"], pads=[high, wide, high, wide]
            )
        )
        at = f"conv{number}"
        if name == OUT:
            break
        nodes.append(helper.make_node("Relu", [at], [f"relu{number}"]))
        at = f"relu{number}"
        if reduce[name] != (1, 1):
            by = list(reduce[name])
            nodes.append(helper.make_node("MaxPool", [at], [f"pool{number}"], kernel_shape=by, strides=by))
            at = f"pool{number}"
    stored.append(numpy_helper.from_array(np.asarray([2], np.int64), "rows"))
    nodes += [
        helper.make_node("Squeeze", [at, "rows"], ["flat"]),
        helper.make_node("Transpose", ["flat"], ["turned"], perm=[0, 2, 1]),
        helper.make_node("Softmax", ["turned"], ["letters"], axis=-1),
    ]
    lines = helper.make_tensor_value_info("line", TensorProto.FLOAT, ["count", 1, HEIGHT, "columns"])
    letters = helper.make_tensor_value_info("letters", TensorProto.FLOAT, ["count", "steps", len(ALPHABET) + 1])
    graph = helper.make_graph(nodes, "small print", [lines], [letters], stored)
    model = helper.make_model(
        graph, producer_name="deid", doc_string=about, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR
    )
    onnx.checker.check_model(model)
    data: bytes = model.SerializeToString(deterministic=True)
    return data
