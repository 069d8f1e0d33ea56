#!/usr/bin/python3
"""Makes the files in this folder: python3 make.py, with Debian 12's python3-numpy and python3-torch.

For each file of PyTorch there is a .npz with the same arrays, which the tests compare it with.
"""
import collections
import json
import os
import pathlib
import struct
import zipfile

import numpy as np
import torch

os.chdir(os.path.dirname(os.path.abspath(__file__)))


def numbers(dtype, shape):
    """(7 i mod 11 - 5) / 4, or whole numbers, or whether they are positive."""
    x = np.arange(int(np.prod(shape)), dtype=np.int64) * 7 % 11
    if np.dtype(dtype).kind == "u":
        return x.reshape(shape).astype(dtype)
    if np.dtype(dtype).kind == "f":
        return ((x - 5) / 4).reshape(shape).astype(dtype)
    return (x - 5 > 0 if np.dtype(dtype).kind == "b" else x - 5).reshape(shape).astype(dtype)


# NumPy: dtypes in both byte orders, both orders of elements, all versions.
for dtype in ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "f2", "f4", "f8"]:
    for order in ["<", ">"]:
        name = ("le_" if order == "<" else "be_") + dtype.replace("?", "b1")
        np.save(name + ".npy", numbers(dtype, (2, 3)).astype(order + dtype))
np.save("fortran.npy", np.asfortranarray(numbers("f4", (2, 3, 4))))
np.save("fortran_be.npy", np.asfortranarray(numbers("f8", (5, 4))).astype(">f8", order="F"))
np.save("scalar.npy", np.float64(-1.25))
np.save("empty.npy", numbers("f4", (3, 0, 2)))
for version in [(1, 0), (2, 0), (3, 0)]:
    with open("version%d.npy" % version[0], "wb") as file:
        np.lib.format.write_array(file, numbers("f4", (4,)), version=version)
np.save("refused_object.npy", np.array([1, "a", None], dtype=object), allow_pickle=True)
np.save("refused_structured.npy", np.zeros(2, dtype=[("a", "f4"), ("b", "i8")]))
np.save("refused_complex.npy", np.zeros(2, dtype="c16"))
np.save("refused_uint64.npy", np.zeros(2, dtype="u8"))
np.save("refused_text.npy", np.array(["abc"]))
np.save("refused_date.npy", np.array(["2020-01-01"], dtype="datetime64[D]"))
arrays = {"a.weight": numbers("f4", (3, 2)), "b": numbers("i8", ()), "c": numbers("f8", (0,)),
          "d": numbers("f8", (40, 25))}
np.savez("stored.npz", **arrays)
np.savez_compressed("deflated.npz", **arrays)


# safetensors, by its published format.
def safetensors(path, tensors, metadata=None, order=None):
    data, header = b"", {}
    if metadata is not None:
        header["__metadata__"] = metadata
    entries = {}
    for name, (dtype, shape, raw) in tensors.items():
        entries[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    for name in order or tensors:
        header[name] = entries[name]
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


names = {"f8": "F64", "f4": "F32", "f2": "F16", "i8": "I64", "i4": "I32", "i2": "I16", "i1": "I8",
         "u1": "U8", "u2": "U16", "u4": "U32", "?": "BOOL"}
safetensors("dtypes.safetensors",
            {n: (n, [2, 3], numbers(d, (2, 3)).tobytes()) for d, n in names.items()},
            {"format": "pt", "note": "caf\u00e9"}, order=sorted(names.values()))
bf16 = (numbers("f4", (2, 3)).view("u4") >> 16).astype("u2")
safetensors("odd.safetensors",
            {"scalar": ("F32", [], numbers("f4", ()).tobytes()), "empty": ("F64", [0, 4], b""),
             "bf16": ("BF16", [2, 3], bf16.tobytes()), "last": ("BOOL", [3], b"\1\0\1")})


# PyTorch.
def save(name, value, arrays, **options):
    torch.save(value, name + ".pt", **options)
    np.savez(name + ".npz", **{k: np.asarray(v) for k, v in arrays.items()})


def widened(tensor):
    tensor = tensor.detach()
    return tensor.float().numpy() if tensor.dtype in (torch.half, torch.bfloat16) else tensor.numpy()


torch.manual_seed(0)
model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 2))
state = model.state_dict()
save("model", state, {k: widened(v) for k, v in state.items()})

dtypes = {str(d).split(".")[1]: torch.arange(6).reshape(2, 3).to(d) - (0 if d in (torch.uint8, torch.bool) else 2)
          for d in [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64,
                    torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool] if d != torch.bool}
dtypes["bool"] = torch.tensor([[True, False, True]])
save("dtypes", dtypes, {k: widened(v).astype("i8") if v.dtype in (torch.int32, torch.int16, torch.int8, torch.uint8)
                        else widened(v) for k, v in dtypes.items()})

base = torch.arange(24.0).reshape(4, 6)
views = {"base": base, "same": base, "flat": base.reshape(24), "transposed": base.t(), "rows": base[1:3],
         "column": base[:, 2], "steps": base[::2, 1::3], "element": base[3, 5], "empty": base[2:2],
         "expanded": base[:1].expand(3, 6), "parameter": torch.nn.Parameter(torch.ones(2, 2)),
         "scalar": torch.tensor(2.5), "none": torch.zeros(0)}
save("views", views, {k: widened(v) for k, v in views.items()})

optimizer = torch.optim.Adam(model.parameters(), lr=0.01, betas=(0.8, 0.95))
model(torch.ones(5, 3)).sum().backward()
optimizer.step()
checkpoint = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3, "loss": 0.25,
              "done": False, "name": "first", "nothing": None, "sizes": (3, [4, 2]), "shape": torch.Size([5, 3]),
              "dtype": torch.float32, "large": 2**62, "negative": -(2**40)}
arrays = {"model." + k: widened(v) for k, v in checkpoint["model"].items()}
for i, s in checkpoint["optimizer"]["state"].items():
    arrays.update({f"optimizer.state.{i}.{k}": widened(v) for k, v in s.items()})
save("checkpoint", checkpoint, arrays)

save("tensor", torch.arange(3.0), {"tensor": np.arange(3, dtype="f4")})
location_tag = torch.serialization.location_tag
torch.serialization.location_tag = lambda storage: "cuda:0"
save("cuda", {"x": torch.arange(3.0)}, {"x": np.arange(3, dtype="f4")})
torch.serialization.location_tag = location_tag
attributes = torch.arange(3.0)
attributes.note = "text"
save("attributes", {"x": attributes}, {"x": np.arange(3, dtype="f4")})


# A checkpoint with values of Python's and of its own types among the others.
class Config(dict):
    pass


class Note:
    def __init__(self):
        self.rate = 0.5


multistep = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[30, 80, 80])
noted = torch.arange(3.0)
noted.note = Note()
config = Config(rate=0.5)
config.note = Note()
odd_keys = {True: 1, 0.5: 2, (1, 2): 3, None: 4, "": 5, "a..b": 6, ".": 7, 8: 8, "name": 9, Note: 10}
save("foreign", {"model": state, "scheduler": multistep.state_dict(), "some": {3}, "none": set(),
                 "fixed": frozenset({"a"}), "bytes": b"\x00a\xff\xc3", "no_bytes": b"", "odd": odd_keys,
                 "default": collections.defaultdict(list, {"a": 1}), "config": config, "note": Note(), "class": Note,
                 "array": np.arange(3), "scalar": np.float64(2.5), "path": pathlib.PurePosixPath("/a/b"),
                 "large": 2**64 - 1, "list": [1, Note(), 3], "noted": noted, "rng": torch.get_rng_state(),
                 "complex_dtype": torch.complex64, "epoch": 3},
     {**{"model." + k: widened(v) for k, v in state.items()}, "noted": np.arange(3, dtype="f4"),
      "rng": torch.get_rng_state().numpy().astype("i8")})

torch.save(state, "refused_legacy.pt", _use_new_zipfile_serialization=False)
torch.save(state, "refused_protocol.pt", pickle_protocol=4)
torch.save(model, "refused_model.pt")
torch.jit.save(torch.jit.script(torch.nn.Linear(2, 1)), "refused_script.pt")
torch.save({"x": torch.zeros(2, dtype=torch.complex64)}, "refused_complex.pt")
torch.save({"x": torch.zeros(2), "y": [torch.nn.Parameter(torch.zeros(2, dtype=torch.complex128))]},
           "refused_complex_parameter.pt")
torch.save({"x": torch.zeros(2, 2).to_sparse()}, "refused_sparse.pt")
torch.save({"x": torch.quantize_per_tensor(torch.zeros(2), 0.1, 0, torch.qint8)}, "refused_quantized.pt")


class Call:
    def __reduce__(self):
        return os.system, ("touch /tmp/xgrad_must_not_exist",)


torch.save({"x": Call()}, "refused_code.pt")
torch.save({"x": Call(), "y": 1}, "code.pt")

# Pickles of the same files, for the fuzzer.
for name in ["model", "views", "checkpoint", "dtypes", "tensor", "attributes", "foreign"]:
    with zipfile.ZipFile(name + ".pt") as archive:
        with open("../../fuzz/seeds/pickle/" + name, "wb") as file:
            file.write(archive.read(name + "/data.pkl"))
