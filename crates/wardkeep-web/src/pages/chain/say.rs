//! Figures, hashes and places as these pages say them.

use super::super::reader::Reader;
use super::super::taste::{Taste, length};
use crate::parts::{LinkView, Piece, Sentence, Tone, Value};
use crate::words::{fill, words};
use wardkeep_app::assess::BasisView;
use wardkeep_types::observation::Strength;
use wardkeep_types::{Length, Moment, State};

/// A share from 0 to 1 as a percentage with one decimal.
pub fn percent(taste: &Taste, ratio: f64) -> String {
    format!("{} %", points(taste, ratio))
}

/// The same without its sign, for tables whose heading names it.
pub fn points(taste: &Taste, ratio: f64) -> String {
    taste.figure(&format!("{:.1}", ratio.clamp(0.0, 1.0) * 100.0))
}

/// A whole number.
pub fn count(taste: &Taste, number: u64) -> String {
    taste.count(i64::try_from(number).unwrap_or(i64::MAX))
}

/// How old an answer is.
pub fn age(seconds: i64) -> String {
    let rounded = match seconds.max(0) {
        s @ 0..120 => s,
        s @ 120..7_200 => s / 60 * 60,
        s @ 7_200..172_800 => s / 3_600 * 3_600,
        s => s / 86_400 * 86_400,
    };
    length(Length::from_seconds(rounded))
}

/// The first digits of a hash.
pub fn short(hash: &str) -> String {
    let head: String = hash.chars().take(12).collect();
    if hash.len() > 12 { format!("{head}…") } else { head }
}

/// How an answer came about, in words.
pub fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Automated => words("chain.by_machine"),
        Strength::Sampled => words("chain.by_sample"),
        Strength::Attested => words("chain.by_word"),
    }
}

/// The word for a state, as it begins a sentence.
pub fn state_word(state: State) -> &'static str {
    match state {
        State::Effective => words("state.effective"),
        State::Degraded => words("state.degraded"),
        State::Failing => words("state.failing"),
        State::Insufficient => words("state.insufficient"),
        State::NotTested => words("state.not_tested"),
    }
}

/// How a state is meant.
pub fn tone(state: State) -> Tone {
    match state {
        State::Effective => Tone::Good,
        State::Degraded | State::Insufficient => Tone::Warn,
        State::Failing => Tone::Bad,
        State::NotTested => Tone::Plain,
    }
}

/// A moment with its zone.
pub fn at(reader: &Reader, at: Moment) -> String {
    reader.taste.moment_stamp(at).absolute
}

/// From one moment to another.
pub fn period(reader: &Reader, from: Option<Moment>, to: Option<Moment>) -> String {
    let said = |m: Option<Moment>| m.map_or_else(|| words("value.unknown").to_owned(), |m| at(reader, m));
    fill("chain.from_to", &[("from", &said(from)), ("to", &said(to))])
}

/// What a result rests on, each with its link, and how many more.
pub fn basis(found: &[BasisView], more: usize) -> Value {
    if found.is_empty() && more == 0 {
        return Value::Empty;
    }
    let mut said = Sentence::default();
    for (n, part) in found.iter().enumerate() {
        if n > 0 {
            said = said.and("; ");
        }
        said = match (&part.text, &part.href) {
            (Some(text), Some(href)) => said.link(text.clone(), href.clone()),
            (Some(text), None) => said.and(fill("chain.no_copy", &[("what", text)])),
            (None, _) => said.and(words("value.not_visible")),
        };
    }
    if more > 0 {
        said.0.push(Piece::Words(format!(" {}", fill("value.more", &[("n", &more.to_string())]))));
    }
    Value::Sentence(said)
}

/// A stored file: its path when it is known, else its address.
pub fn file(address: &str, path: Option<&str>, via: &str) -> LinkView {
    let text = path.map_or_else(|| short(address), ToOwned::to_owned);
    LinkView::new(text, format!("/evidence/reports/{address}{via}"))
}

/// Ends a text as a sentence.
pub fn stop(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '?', ':']) { text.to_owned() } else { format!("{text}.") }
}
