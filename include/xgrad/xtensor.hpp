// xtensor.hpp: tensors and xtensor: conversion both ways, arithmetic with expressions, and ops
// written in xtensor's words (docs/arrays.md).
//
// <xgrad/xtensor/xcsv.hpp>, xio, xnpy, xrandom and xsort include xtensor's header of that name,
// whose folder depends on xtensor's version.
#pragma once

#include <xgrad/graph/array.hpp>
#include <xgrad/graph/array_op.hpp>
#include <xgrad/graph/array_tensor.hpp>
#include <xgrad/ops/array_arithmetic.hpp>
