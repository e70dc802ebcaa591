//! Special functions and quadrature, in f64, by our own hand over `libm` so that every platform computes the
//! same bits apart from the transform.

pub mod beta;
pub mod gamma;
pub mod gauss;
pub mod normal;
pub mod quadrature;
pub mod root;
