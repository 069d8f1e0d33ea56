// special_functions.hpp: scalar versions of the functions that no vector library has, from
// Boost.Math and the C library.
#pragma once

namespace xgrad::detail::special {

double erfinv(double x);
double erfcinv(double x);
double log_ndtr(double x);
double inverse_mills(double x);
double lgamma(double x);
double tgamma(double x);
double digamma(double x);
double polygamma(double n, double x);
double i0(double x);
double i0e(double x);
double i1(double x);
double i1e(double x);

}  // namespace xgrad::detail::special
