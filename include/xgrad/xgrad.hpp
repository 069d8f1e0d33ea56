// xgrad.hpp: everything but the two headers that cost time to compile: <xgrad/xtensor.hpp> (arrays
// in and out) and <xgrad/ops/pointwise.hpp> (elementwise ops of your own).
#pragma once

#include <xgrad/data/data_loader.hpp>
#include <xgrad/data/dataset.hpp>
#include <xgrad/data/mnist.hpp>
#include <xgrad/graph/backward.hpp>
#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/format.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/memory.hpp>
#include <xgrad/graph/operand.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/random.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/graph/tensor.hpp>
#include <xgrad/nn/activation.hpp>
#include <xgrad/nn/format.hpp>
#include <xgrad/nn/init.hpp>
#include <xgrad/nn/linear.hpp>
#include <xgrad/nn/module.hpp>
#include <xgrad/nn/sequential.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/gradcheck.hpp>
#include <xgrad/ops/loss.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/softmax.hpp>
#include <xgrad/optim/clip.hpp>
#include <xgrad/optim/sgd.hpp>
