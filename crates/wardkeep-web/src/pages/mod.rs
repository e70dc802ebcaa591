//! Pages: each extracts, calls one use case and renders with the parts.

pub mod design;
