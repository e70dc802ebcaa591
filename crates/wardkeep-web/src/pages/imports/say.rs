//! Words and sentences about imports.

use super::super::reader::Reader;
use crate::parts::{AnswerView, Sentence, Tone};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::exchange::{ImportHead, ImportState};

/// Where an import stands, as a word with its look.
pub(super) fn state(state: ImportState) -> Markup {
    let (class, word) = match state {
        ImportState::Reading => ("stage open", words("imports.reading")),
        ImportState::Staged => ("stage open", words("imports.staged")),
        ImportState::Applying => ("stage doing", words("imports.applying")),
        ImportState::Applied => ("stage done", words("imports.applied")),
        ImportState::PartlyApplied => ("stage done", words("imports.partly")),
        ImportState::Undone => ("stage retired", words("imports.undone")),
        ImportState::Discarded => ("stage retired", words("imports.discarded")),
    };
    html! { span class=(class) { (word) } }
}

/// Makes a sentence of the figures.
type Said = fn(&[(&str, &str)]) -> String;

/// What the import did or would do, in one sentence.
pub(super) fn answer_of(reader: &Reader, head: &ImportHead) -> AnswerView {
    let counts = &head.counts;
    let n = |number: u64| reader.taste.count(number as i64);
    let (key, good): (Said, Tone) = match head.state {
        ImportState::Reading => (|v| fill("imports.said_reading", v), Tone::Warn),
        ImportState::Staged if counts.add + counts.change == 0 => {
            (|v| fill("imports.said_nothing", v), Tone::Plain)
        }
        ImportState::Staged => (|v| fill("imports.said_staged", v), Tone::Good),
        ImportState::Applying => (|v| fill("imports.said_applying", v), Tone::Warn),
        ImportState::Applied => (|v| fill("imports.said_applied", v), Tone::Good),
        ImportState::PartlyApplied => (|v| fill("imports.said_partly", v), Tone::Warn),
        ImportState::Undone => (|v| fill("imports.said_undone", v), Tone::Plain),
        ImportState::Discarded => (|v| fill("imports.said_discarded", v), Tone::Plain),
    };
    let values = [
        ("total", n(counts.total)),
        ("add", n(counts.add)),
        ("change", n(counts.change)),
        ("same", n(counts.same)),
        ("refused", n(counts.refused)),
        ("applied", n(counts.applied)),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let mut text = Sentence::new(key(&values));
    if counts.refused > 0 && !matches!(head.state, ImportState::Reading | ImportState::Discarded) {
        let said = fill("imports.said_refused", &values);
        text = text.and(" ").link(said, format!("/imports/{}?outcome=refused", head.id));
        let ahead = head.state == ImportState::Staged;
        text = text.and(" ").and(if ahead {
            words("imports.said_mend_first")
        } else {
            words("imports.said_mend")
        });
    }
    let tone = if counts.refused > 0 && good == Tone::Good { Tone::Warn } else { good };
    AnswerView { tone, text, next: Vec::new() }
}
