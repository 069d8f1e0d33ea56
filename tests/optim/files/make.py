#!/usr/bin/env python3
"""Makes torch_states.pt beside it: python3 make.py, with Debian 12's python3-torch.

For each optimizer: the weights and its state after four steps, and the losses of the next five.
The test of the same name goes on from there.
"""
import copy
import os

import torch

kinds = {
    "SGD": {"lr": 0.1},
    "SGD.momentum": {"lr": 0.1, "momentum": 0.9, "dampening": 0.1, "weight_decay": 0.01},
    "SGD.nesterov": {"lr": 0.1, "momentum": 0.8, "nesterov": True, "maximize": True},
    "Adam": {"lr": 0.05, "betas": (0.8, 0.95), "eps": 1e-6},
    "Adam.amsgrad": {"lr": 0.05, "amsgrad": True, "weight_decay": 0.1},
    "AdamW": {"lr": 0.05, "weight_decay": 0.2},
    "NAdam": {"lr": 0.05, "momentum_decay": 0.01},
    "RAdam": {"lr": 0.05, "weight_decay": 0.1},
    "Adamax": {"lr": 0.05},
    "Adagrad": {"lr": 0.1, "lr_decay": 0.1, "initial_accumulator_value": 0.5},
    "Adadelta": {"lr": 0.5, "rho": 0.8},
    "RMSprop": {"lr": 0.01, "momentum": 0.9, "centered": True},
    "Rprop": {"lr": 0.05, "etas": (0.4, 1.3)},
    "ASGD": {"lr": 0.1, "lambd": 0.1, "t0": 2.0},
}
x = torch.arange(12, dtype=torch.float64).reshape(6, 2) / 6 - 1
y = torch.arange(6, dtype=torch.float64) / 3 - 1


def step(optimizer, w, v):
    optimizer.zero_grad()
    loss = (torch.tanh(x @ w) @ v - y).square().mean()
    loss.backward()
    optimizer.step()
    return loss.item()


saved = {}
for name, options in kinds.items():
    w = (torch.arange(6, dtype=torch.float64).reshape(2, 3) / 5 - 0.4).requires_grad_()
    v = torch.tensor([0.5, -0.3, 0.2], dtype=torch.float64, requires_grad=True)
    unused = torch.ones(2, dtype=torch.float64, requires_grad=True)  # without gradient and state
    groups = [{"params": [w, unused]}, {"params": [v], "lr": options["lr"] / 2}]
    optimizer = getattr(torch.optim, name.split(".")[0])(groups, **options)
    for _ in range(4):
        step(optimizer, w, v)
    saved[name] = copy.deepcopy({"w": w.detach(), "v": v.detach(), "optimizer": optimizer.state_dict()})
    saved[name]["losses"] = torch.tensor([step(optimizer, w, v) for _ in range(5)], dtype=torch.float64)
torch.save(saved, os.path.join(os.path.dirname(os.path.abspath(__file__)), "torch_states.pt"))
