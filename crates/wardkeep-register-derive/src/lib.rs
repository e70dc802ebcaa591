//! Derives `Record`, `Choice` and `Stages`. They copy facts (names, types, doc comments, a few words in
//! attributes) into constants and decide nothing: behaviour is ordinary code in `wardkeep-register`.

mod facts;
mod lists;
mod record;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Derives `Record` for a struct: its fields, a handle for each, and the way to values and back.
///
/// Attributes: `#[field(title, list, filter, due, unique, computed, confidential, personal, label = "...")]`.
#[proc_macro_derive(Record, attributes(field))]
pub fn record(input: TokenStream) -> TokenStream {
    record::derive(&parse_macro_input!(input as DeriveInput)).unwrap_or_else(|e| e.to_compile_error()).into()
}

/// Derives `Choice` for an enum without data: `HighRisk` has the key `high_risk` and reads "High risk".
/// `#[label("...")]` replaces what is read.
#[proc_macro_derive(Choice, attributes(label))]
pub fn choice(input: TokenStream) -> TokenStream {
    lists::choice(&parse_macro_input!(input as DeriveInput)).unwrap_or_else(|e| e.to_compile_error()).into()
}

/// Derives `Stages` for an enum without data; each variant is `#[open]` or `#[done]`.
#[proc_macro_derive(Stages, attributes(open, done, label))]
pub fn stages(input: TokenStream) -> TokenStream {
    lists::stages(&parse_macro_input!(input as DeriveInput)).unwrap_or_else(|e| e.to_compile_error()).into()
}
