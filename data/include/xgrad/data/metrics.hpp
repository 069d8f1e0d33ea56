// metrics.hpp: all metrics.
//
// A metric is a value that sees predictions and targets batch by batch:
//     update(predictions, targets)    adds a batch
//     compute()                       the value of all that was seen; NaN for nothing
//     reset()                         forgets it
//     merge(other)                    adds what another one has seen
//     state_dict(), load_state_dict() to save and resume
// How samples are divided into batches, and their order, changes nothing but the last bits of
// sums. Copies are independent. Nothing is recorded in the graph.
#pragma once

#include <xgrad/data/metrics/accuracy.hpp>
#include <xgrad/data/metrics/auroc.hpp>
#include <xgrad/data/metrics/confusion_matrix.hpp>
#include <xgrad/data/metrics/f1.hpp>
#include <xgrad/data/metrics/mean.hpp>
#include <xgrad/data/metrics/perplexity.hpp>
#include <xgrad/data/metrics/r2.hpp>
#include <xgrad/data/metrics/top_k.hpp>
