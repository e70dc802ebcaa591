//! Facts that every derive reads: doc comments, labels, names.

use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta};

/// The doc comment as one text: lines joined by blanks, an empty line as a line break.
pub fn doc(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|a| match &a.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    });
    let mut text = String::new();
    for line in lines {
        match (line.is_empty(), text.is_empty() || text.ends_with('\n')) {
            (true, false) => text.push('\n'),
            (true, true) => {}
            (false, true) => text.push_str(&line),
            (false, false) => {
                text.push(' ');
                text.push_str(&line);
            }
        }
    }
    text.trim().to_owned()
}

/// The text of `#[label("...")]`, if there is one.
pub fn label(attributes: &[Attribute]) -> syn::Result<Option<String>> {
    let found = attributes.iter().find(|a| a.path().is_ident("label"));
    found.map(|a| a.parse_args::<LitStr>().map(|t| t.value())).transpose()
}

/// `HighRisk` becomes `high_risk`.
pub fn snake(name: &str) -> String {
    let mut text = String::new();
    for (i, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && i > 0 {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

/// `high_risk` becomes "High risk".
pub fn sentence(key: &str) -> String {
    let spaced = key.replace('_', " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
