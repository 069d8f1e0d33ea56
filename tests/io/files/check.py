#!/usr/bin/python3
"""check.py FOLDER: whether NumPy and PyTorch read what the tests have written there.

x.npy, x.npz, deflated.npz, zip64.npz and x.safetensors hold the same numbers; copied.safetensors and
once.safetensors are the state of a model with tied weights, written once. Ends with 77 if there is no NumPy, and leaves
out PyTorch and Python's safetensors (python3-safetensors, from Debian 13 on) if they are missing. Prints what it has
checked with.
"""
import json
import os
import struct
import sys

try:
    import numpy as np
except ImportError:
    sys.exit(77)
os.chdir(sys.argv[1])

x = (np.arange(6) * 7 % 11 - 5).reshape(2, 3) / 4


def check_arrays(arrays, ordered=True):
    names = ["f4", "f8", "i8", "b1", "scalar", "empty"]
    assert (list(arrays) if ordered else sorted(arrays)) == (names if ordered else sorted(names)), list(arrays)
    for name, dtype in [("f4", "<f4"), ("f8", "<f8")]:
        assert arrays[name].dtype == np.dtype(dtype) and (arrays[name] == x.astype(dtype)).all(), name
    assert arrays["i8"].dtype == np.int64 and (arrays["i8"] == x * 4).all()
    assert arrays["b1"].dtype == np.bool_ and (arrays["b1"] == (x > 0)).all()
    assert arrays["scalar"].shape == () and arrays["scalar"] == -1.25
    assert arrays["empty"].shape == (3, 0, 2)


def read_safetensors(path):
    """By the published format."""
    with open(path, "rb") as file:
        length, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    dtypes = {"F32": "<f4", "F64": "<f8", "I64": "<i8", "BOOL": "?"}
    arrays = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            dtype = np.dtype(dtypes[entry["dtype"]])
            assert begin % dtype.itemsize == 0, name
            arrays[name] = np.frombuffer(data[begin:end], dtype).reshape(entry["shape"])
    return arrays, header.get("__metadata__", {})


array = np.load("x.npy")
assert array.dtype == np.dtype("<f4") and (array == x.astype("f4")).all()
for name in ["x.npz", "deflated.npz", "zip64.npz"]:
    check_arrays(dict(np.load(name)))
arrays, metadata = read_safetensors("x.safetensors")
check_arrays(arrays)
assert metadata["format"] == "pt"

checked = ["NumPy " + np.__version__]
try:
    import torch
except ImportError:
    print("checked with " + checked[0] + "; there is no PyTorch")
    sys.exit(0)
checked.append("PyTorch " + torch.__version__)


class Tied(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Embedding(5, 3)
        self.norm = torch.nn.BatchNorm1d(3)
        self.head = torch.nn.Linear(3, 5, bias=False)
        self.head.weight = self.embedding.weight


tensors = {name: torch.from_numpy(array.copy()) for name, array in read_safetensors("copied.safetensors")[0].items()}
model = Tied()
model.load_state_dict(tensors, strict=True)  # every name is there
assert model.head.weight is model.embedding.weight

try:
    import safetensors.torch
except ImportError:
    safetensors = None
if safetensors:
    check_arrays({name: tensor.numpy() for name, tensor in safetensors.torch.load_file("x.safetensors").items()},
                 ordered=False)
    Tied().load_state_dict(safetensors.torch.load_file("copied.safetensors"), strict=True)
    model = Tied()
    missing, unexpected = safetensors.torch.load_model(model, "once.safetensors", strict=True)
    assert not missing and not unexpected
    assert (model.head.weight == tensors["head.weight"]).all()
    checked.append("safetensors " + safetensors.__version__)

arrays, metadata = read_safetensors("once.safetensors")
missing, unexpected = Tied().load_state_dict(
    {name: torch.from_numpy(array.copy()) for name, array in arrays.items()}, strict=False)
assert not unexpected and set(missing) == {"head.weight"} and metadata["head.weight"] == "embedding.weight"
print("checked with " + ", ".join(checked) + ("" if safetensors else "; there is no safetensors for Python"), flush=True)
