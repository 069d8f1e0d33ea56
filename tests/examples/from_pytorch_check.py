"""Prints the accuracy that from_pytorch.py's network has with the weights in a safetensors file.

    python3 from_pytorch_check.py FILE DATA

Ends with 77 if there is no PyTorch. The file is read by its format, because Debian 12 has no safetensors for Python.
"""
import json
import os
import struct
import sys

try:
    import torch
except ImportError:
    sys.exit(77)

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../examples/models"))
sys.dont_write_bytecode = True
import from_pytorch

DTYPES = {"F32": torch.float32, "I64": torch.int64}


def load_file(path):
    with open(path, "rb") as file:
        data = bytearray(file.read())
    start = 8 + struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:start])
    header.pop("__metadata__")
    def tensor(dtype, shape, data_offsets):
        begin, end = data_offsets
        return torch.frombuffer(data[start + begin:start + end], dtype=DTYPES[dtype]).view(shape)
    return {name: tensor(**entry) for name, entry in header.items()}


model = from_pytorch.Net(classes=6)
model.load_state_dict(load_file(sys.argv[1]))
test = from_pytorch.digits(sys.argv[2], "t10k")
print(f"test accuracy {from_pytorch.accuracy(model, *test.tensors):.2f} %")
