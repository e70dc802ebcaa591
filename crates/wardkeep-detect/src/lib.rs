//! Sigma: parse, compile, match, explain.
