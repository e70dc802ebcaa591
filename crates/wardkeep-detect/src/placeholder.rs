//! Lists that fill the placeholders of rules (`%Administrators%`).

use crate::pattern::Piece;
use std::collections::BTreeMap;

/// Values by placeholder name, without the percent signs. Names ignore case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placeholders(BTreeMap<String, Vec<String>>);

impl Placeholders {
    /// No lists.
    pub fn new() -> Self {
        Self::default()
    }
    /// Sets the list of one placeholder. `*` and `?` in values are wildcards.
    pub fn set(&mut self, name: &str, values: impl IntoIterator<Item = String>) {
        self.0.insert(name.to_lowercase(), values.into_iter().collect());
    }
    /// The list of that name.
    pub fn get(&self, name: &str) -> Option<&[String]> {
        self.0.get(&name.to_lowercase()).map(Vec::as_slice)
    }
}

/// Most patterns that one value may grow into.
pub(crate) const MOST_EXPANSIONS: usize = 10_000;

/// Splits `text` at its placeholders: text, name, text, name, ..., text.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('%') {
        let name = |tail: &str| tail.find('%').filter(|&n| n > 0 && !tail[..n].contains(char::is_whitespace));
        let Some(length) = name(&rest[open + 1..]) else { break };
        parts.push(&rest[..open]);
        parts.push(&rest[open + 1..open + 1 + length]);
        rest = &rest[open + length + 2..];
    }
    parts.push(rest);
    parts
}

/// Every way to fill the placeholders of the pieces. `Err` names a placeholder without a list, or is empty when
/// there would be too many.
pub(crate) fn expand(pieces: Vec<Piece>, lists: &Placeholders) -> Result<Vec<Vec<Piece>>, String> {
    let mut grown: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in pieces {
        let Piece::Text(text) = piece else {
            for pieces in &mut grown {
                pieces.push(piece.clone());
            }
            continue;
        };
        for (i, part) in split(&text).into_iter().enumerate() {
            if i % 2 == 0 {
                for pieces in &mut grown {
                    pieces.push(Piece::Text(part.into()));
                }
                continue;
            }
            let values = lists.get(part).ok_or_else(|| part.to_owned())?;
            if grown.len() * values.len() > MOST_EXPANSIONS {
                return Err(String::new());
            }
            let with = |pieces: &Vec<Piece>, value: &String| [pieces.clone(), wildcards(value)].concat();
            grown = grown.iter().flat_map(|p| values.iter().map(move |v| with(p, v))).collect();
        }
    }
    Ok(grown)
}

fn wildcards(value: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for part in value.split_inclusive(['*', '?']) {
        let bare = part.trim_end_matches(['*', '?']);
        pieces.push(Piece::Text(bare.into()));
        match part[bare.len()..].chars().next() {
            Some('*') => pieces.push(Piece::Many),
            Some(_) => pieces.push(Piece::One),
            None => {}
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::{Placeholders, expand, split};
    use crate::pattern::{Pattern, Piece};

    #[test]
    fn placeholders_are_found_and_filled() {
        assert_eq!(split("a%b%c"), ["a", "b", "c"]);
        assert_eq!(split("100% sure, 50% not"), ["100% sure, 50% not"]);
        assert_eq!(split("%a%%b%"), ["", "a", "", "b", ""]);
        let mut lists = Placeholders::new();
        lists.set("Admins", ["root".into(), "adm*".into()]);
        let grown = expand(vec![Piece::Text("x-%admins%".into())], &lists).unwrap();
        let patterns: Vec<_> = grown.into_iter().map(|p| Pattern::new(p, false).to_string()).collect();
        assert_eq!(patterns, ["x-root", "x-adm*"]);
        assert_eq!(expand(vec![Piece::Text("%none%".into())], &lists).unwrap_err(), "none");
    }
}
