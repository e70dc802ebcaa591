//! Pages: each extracts, calls one use case and renders with the parts.

pub mod address;
pub mod admin;
pub mod approvals;
pub mod area;
pub mod chain;
pub mod convert;
pub mod delegations;
pub mod design;
pub mod errors;
pub mod events;
pub mod extras;
pub mod frame;
pub mod imports;
pub mod list;
pub mod live;
pub mod me;
pub mod palette;
pub mod posted;
pub mod reader;
pub mod record;
pub mod risk;
pub mod rules;
pub mod search;
pub mod sign_in;
pub mod taste;
pub mod today;
