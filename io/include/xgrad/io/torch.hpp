// torch.hpp: files that PyTorch's torch.save has written.
#pragma once

#include <filesystem>

#include <xgrad/graph/state_dict.hpp>

namespace xgrad::io {

/// Reads a .pt or .pth file of PyTorch 1.6 or newer: the state dict of a model, or a checkpoint
/// with several.
///
///     model.load_state_dict(load_torch("resnet.pth"));
///     StateDict checkpoint = load_torch("checkpoint.pt");  // {"model": ..., "optimizer": ...}
///     model.load_state_dict(checkpoint.below("model"));
///
/// Dicts, lists and tuples within each other become names with dots:
/// "optimizer.param_groups.0.betas.1". A file of a single tensor gives the entry "tensor". None is
/// left out, and so are values of other types, with all that is in them, and entries whose keys are
/// no names (docs/files.md). Tensors that share a whole storage share it here. Half, bfloat16 and
/// 8-bit floats become float32, small integers int64; tensors of any device are read.
///
/// The file's pickle is read with the opcodes and names that a state dict needs (docs/files.md);
/// nothing is ever executed.
///
/// @throws IoError  that names the file and what is wrong: if a tensor is of another kind, such as
///                  complex, or if nothing in the file can be read. Files from before 1.6,
///                  TorchScript archives and pickled models are recognized, and the message says
///                  what to do in Python.
StateDict load_torch(const std::filesystem::path& path,
                     Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad::io
