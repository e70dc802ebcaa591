//! Pages, JSON API and static files over the use cases.

pub mod api;
pub mod assets;
pub mod headers;
pub mod pages;
pub mod parts;
pub mod router;
pub mod session;
pub mod state;
pub mod words;
