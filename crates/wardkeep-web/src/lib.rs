//! Pages, JSON API and static files over the use cases.

pub mod assets;
pub mod headers;
pub mod pages;
pub mod parts;
pub mod words;
