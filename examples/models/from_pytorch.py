"""Trains a small convolutional network on the digits 0 to 5 and saves its weights: the Python side of
docs/from_pytorch.md.

    python3 examples/models/from_pytorch.py data/mnist_subset examples/models/pretrained

writes the weights before and after training, before.pth and digits.pth, and numbers.npz: scores and losses that
from_pytorch.cpp must reach from the same weights. The files in the repository were made with PyTorch 1.13.
"""
import copy
import gzip
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 8, 5), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 5), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
        self.head = nn.Linear(256, classes)

    def forward(self, x):
        return self.head(self.features(x.view(-1, 1, 28, 28)))


def read_idx(path, header):
    with gzip.open(path) as file:
        return torch.from_numpy(np.frombuffer(file.read(), np.uint8, offset=header).copy())


def digits(folder, part):
    images = read_idx(f"{folder}/{part}-images-idx3-ubyte.gz", 16)
    labels = read_idx(f"{folder}/{part}-labels-idx1-ubyte.gz", 8)
    few = labels < 6
    return TensorDataset(images.view(-1, 784)[few].float() / 255, labels[few].long())


def train(model, loader, epochs):
    losses = []
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.01)
    scheduler = torch.optim.lr_scheduler.PolynomialLR(optimizer, epochs * len(loader))
    model.train()
    for epoch in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            scheduler.step()
            losses.append(loss.item())
    return losses


def accuracy(model, images, labels):
    model.eval()
    with torch.no_grad():
        right = model(images).argmax(1) == labels
    return 100 * right.double().mean().item()


def save_numbers(path, model, before, test):
    model.eval()
    with torch.no_grad():
        scores = model(test.tensors[0])
    losses = train(before, DataLoader(test, batch_size=64), epochs=2)
    np.savez(path, scores=scores.numpy(), losses=np.array(losses))


def main(data, out):
    torch.manual_seed(1)
    loader = DataLoader(digits(data, "train"), batch_size=64, shuffle=True)
    test = digits(data, "t10k")
    model = Net(classes=6)
    before = copy.deepcopy(model)
    torch.save(before.state_dict(), f"{out}/before.pth")
    train(model, loader, epochs=8)
    print(f"test accuracy {accuracy(model, *test.tensors):.2f} %")
    torch.save(model.state_dict(), f"{out}/digits.pth")
    save_numbers(f"{out}/numbers.npz", model, before, test)


if __name__ == "__main__":
    main(*sys.argv[1:])
