//! Every label the pages carry by themselves, under stable keys, from `words/en.toml` and, for the evidence chain,
//! imports, administration, detection rules, risk in money and what arrives, from a file each beside it.
//!
//! Keys are literals at the place of use, so that a test can prove each one is known.

use std::collections::HashMap;
use std::sync::LazyLock;

const FILES: [&str; 8] = [
    include_str!("../words/en.toml"),
    include_str!("../words/en-chain.toml"),
    include_str!("../words/en-import.toml"),
    include_str!("../words/en-admin.toml"),
    include_str!("../words/en-events.toml"),
    include_str!("../words/en-rules.toml"),
    include_str!("../words/en-risk.toml"),
    include_str!("../words/en-intake.toml"),
];

static ENGLISH: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let read =
        |text: &&str| toml::from_str::<HashMap<String, HashMap<String, String>>>(text).unwrap_or_default();
    let flat = FILES.iter().flat_map(read).flat_map(|(section, words)| {
        words.into_iter().map(move |(key, text)| (format!("{section}.{key}"), text))
    });
    flat.collect()
});

/// The text for `key`; the key itself when it is unknown, which a test of this crate prevents.
pub fn words(key: &'static str) -> &'static str {
    ENGLISH.get(key).map_or(key, String::as_str)
}

/// The text for `key` with every `{name}` replaced by its value, and every `{name?row|rows}` by the first when the
/// value is 1, otherwise by the second. What has no value stays as it is.
pub fn fill(key: &'static str, values: &[(&str, &str)]) -> String {
    let mut rest = words(key);
    let mut out = String::with_capacity(rest.len());
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let filled = after.split_once('}').and_then(|(slot, behind)| Some((in_slot(slot, values)?, behind)));
        match filled {
            Some((text, behind)) => {
                out.push_str(text);
                rest = behind;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// What stands in place of `name`, or of `name?one|many`.
fn in_slot<'a>(slot: &'a str, values: &[(&str, &'a str)]) -> Option<&'a str> {
    let of = |name: &str| values.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    match slot.split_once('?') {
        None => of(slot),
        Some((name, forms)) => {
            let (one, many) = forms.split_once('|')?;
            Some(if of(name)? == "1" { one } else { many })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ENGLISH, fill, words};
    use std::collections::BTreeSet;
    use std::path::Path;

    fn keys_used(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                keys_used(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let source = std::fs::read_to_string(&path).unwrap();
                for call in ["words(", "fill("] {
                    for (at, _) in source.match_indices(call) {
                        let rest = source[at + call.len()..].trim_start();
                        let Some(key) = rest.strip_prefix('"').and_then(|r| r.split('"').next()) else {
                            continue;
                        };
                        found.insert(key.to_owned());
                    }
                }
            }
        }
    }

    #[test]
    fn every_key_in_the_source_has_a_text_and_every_text_a_use() {
        let mut used = BTreeSet::new();
        keys_used(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut used);
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
        used.retain(|key| key.contains('.') && key.chars().all(plain) && !key.starts_with("no.such"));
        assert!(used.len() > 50, "the scan found only {used:?}");
        let known: BTreeSet<String> = ENGLISH.keys().cloned().collect();
        assert_eq!(used.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "keys without a text");
        assert_eq!(known.difference(&used).collect::<Vec<_>>(), Vec::<&String>::new(), "texts without a use");
    }

    #[test]
    fn names_in_braces_are_filled() {
        assert_eq!(fill("pager.of", &[("shown", "1 to 50"), ("total", "310")]), "1 to 50 of 310");
        assert_eq!(words("no.such"), "no.such");
        assert_eq!(fill("no.such {x} {", &[("y", "1")]), "no.such {x} {");
    }

    #[test]
    fn one_is_one_and_many_are_many() {
        let said = |n: &str| fill("list.rows", &[("n", n)]);
        assert_eq!(["0", "1", "21"].map(said), ["0 rows", "1 row", "21 rows"]);
        let said = |n: &str| fill("imports.said_refused", &[("refused", n)]);
        assert_eq!(["1", "1,000"].map(said), ["1 row is refused.", "1,000 rows are refused."]);
    }
}
