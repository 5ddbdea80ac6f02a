"""Checks ONNX files with ONNX's own checker: the operations, their versions, and the types and shapes of all values.

Run: npx tsx scripts/golden/onnx-networks.ts <folder> [count], then python3 scripts/golden/onnx-checker.py <folder>
Files of operations newer than the installed onnx are counted and left out.
"""

import collections
import pathlib
import sys

import onnx

newest = onnx.defs.onnx_opset_version()
counts = collections.Counter()
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.onnx")):
    model = onnx.load(path)
    opset = next(one.version for one in model.opset_import if one.domain in ("", "ai.onnx"))
    if opset > newest:
        counts[f"left out, opset {opset}"] += 1
        continue
    try:
        onnx.checker.check_model(model, full_check=True)
        inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
        told = {value.name: value.type for value in model.graph.output}
        found = {value.name: value.type for value in inferred.graph.output}
        if told != found:
            raise ValueError(f"outputs told {told}, inferred {found}")
        counts[f"passed, opset {opset}"] += 1
    except Exception as error:  # every fault of a file is told, and the next file is looked at
        counts[f"failed, opset {opset}"] += 1
        print(f"{path.name}: {error}")
print(f"onnx {onnx.__version__}, opset {newest}:", dict(counts))
sys.exit(any(key.startswith("failed") for key in counts) or not counts)
