//! Who is meant by `@` in a comment: a reference, a mail address, or a name as people write it.

use super::row::{bind, id};
use crate::{App, Error};
use std::collections::{BTreeMap, BTreeSet};
use wardkeep_store::{Cell, cells};
use wardkeep_types::Id;

/// Mentions of one comment that are looked up; more are ignored.
const MOST: usize = 20;
/// Words of a name, at most.
const WORDS: usize = 3;

/// What stands behind one `@`, longest reading first: `jonas berg said`, `jonas berg`, `jonas`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention(pub Vec<String>);

/// The mentions of a text, in lower case. An `@` within a word (a mail address of others) is none.
pub fn mentions(text: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@') {
        let before = text[..at].chars().next_back();
        if before.is_some_and(char::is_alphanumeric) || found.len() == MOST {
            continue;
        }
        let rest = text[at + 1..].lines().next().unwrap_or_default();
        let words: Vec<String> =
            rest.split(' ').take(WORDS).map(clean).take_while(|word| is_word(word)).collect();
        let readings: Vec<String> = (1..=words.len()).rev().map(|n| words[..n].join(" ")).collect();
        if !readings.is_empty() {
            found.push(Mention(readings));
        }
    }
    found
}

/// A second `@` begins a mention of its own.
fn is_word(word: &str) -> bool {
    !word.is_empty() && !word.starts_with('@')
}

fn clean(word: &str) -> String {
    word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')']).to_lowercase()
}

impl App {
    /// The people who are meant. A first name counts when only one person has it; what nobody is called counts
    /// for nothing.
    pub(super) async fn mentioned(&self, mentions: &[Mention]) -> Result<BTreeSet<Id>, Error> {
        let wanted: BTreeSet<&str> = mentions.iter().flat_map(|m| m.0.iter().map(String::as_str)).collect();
        if wanted.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut values: Vec<Cell> = cells![];
        let whole = bind(&mut values, wanted.iter().map(|w| Cell::from(*w)));
        let first = |word: &&&str| !word.contains(' ') && word.chars().all(char::is_alphabetic);
        let starts = wanted.iter().filter(first).map(|w| Cell::from(format!("{w} %")));
        let starts: Vec<String> =
            starts.map(|cell| format!("lower(p.name) LIKE {}", bind(&mut values, [cell]))).collect();
        let starts = if starts.is_empty() { String::new() } else { format!(" OR {}", starts.join(" OR ")) };
        let sql = format!(
            "SELECT p.id, lower(p.name) AS name, lower(p.email) AS email, lower(r.reference) AS reference FROM person p JOIN record r ON r.id = p.id WHERE r.is_open = 1 AND (lower(p.name) IN ({whole}) OR lower(p.email) IN ({whole}) OR lower(r.reference) IN ({whole}){starts}) LIMIT 200"
        );
        let mut exact: BTreeMap<String, Vec<Id>> = BTreeMap::new();
        let mut given: BTreeMap<String, Vec<Id>> = BTreeMap::new();
        for row in self.db.rows(&sql, values).await? {
            let person = id(&row, "id")?;
            for column in ["name", "email", "reference"] {
                let text: Option<String> = super::row::get(&row, column)?;
                if let Some(first) =
                    text.as_deref().filter(|_| column == "name").and_then(|t| t.split(' ').next())
                {
                    given.entry(first.to_owned()).or_default().push(person);
                }
                exact.entry(text.unwrap_or_default()).or_default().push(person);
            }
        }
        let one = |mention: &Mention| {
            let exact = mention.0.iter().find_map(|reading| exact.get(reading));
            let found = exact.or_else(|| mention.0.last().and_then(|word| given.get(word)))?;
            if let [person] = found[..] { Some(person) } else { None }
        };
        Ok(mentions.iter().filter_map(one).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{Mention, mentions};

    #[test]
    fn an_at_sign_reads_up_to_three_words() {
        let check = |text: &str, expect: &[&[&str]]| {
            let expect: Vec<Mention> =
                expect.iter().map(|m| Mention(m.iter().map(|r| (*r).to_owned()).collect())).collect();
            assert_eq!(mentions(text), expect, "{text}");
        };
        check("@Jonas Berg, please look", &[&["jonas berg please", "jonas berg", "jonas"]]);
        check("see @PER-0007.", &[&["per-0007"]]);
        check("mail a.demir@hospital.example", &[]);
        check("ask @a.demir@hospital.example\nnext line", &[&["a.demir@hospital.example"]]);
        check("@ @@", &[]);
        assert_eq!(mentions(&"@x ".repeat(100)).len(), 20);
    }
}
