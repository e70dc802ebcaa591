//! The change log as a timeline.

use super::super::reader::Reader;
use crate::parts::{ChangeView, EntryView, Sentence, Value};
use crate::words::fill;
use wardkeep_app::records;

/// Fields shown of one entry; a new record names all of its fields, which stand on its page anyway.
const MOST: usize = 12;

/// Entries of a record's history, in the order given. With `whole` every field of every entry is shown.
pub fn entries(reader: &Reader, changes: &[records::ChangeView], whole: bool) -> Vec<EntryView> {
    changes.iter().map(|change| entry(reader, change, whole)).collect()
}

fn entry(reader: &Reader, change: &records::ChangeView, whole: bool) -> EntryView {
    let added = change.version == 1;
    let shown = if whole {
        change.fields.len().min(200)
    } else if added {
        0
    } else {
        MOST
    };
    let hidden = change.fields.len().saturating_sub(shown);
    let text = |text: &String| {
        if let Ok(at) = text.parse::<wardkeep_types::Moment>() {
            return Value::text(reader.taste.moment_stamp(at).absolute);
        }
        if text.contains('\n') {
            Value::Lines(text.clone())
        } else if is_hash(text) {
            Value::text(format!("{}…", &text[..12]))
        } else {
            Value::text(text.clone())
        }
    };
    let mut said = Sentence::new(change.sentence.clone());
    if let Some(record) = &change.record
        && !whole
        && hidden == 0
        && change.fields.is_empty()
    {
        said = said.and(" ").link(record.title.clone(), record.path.clone());
    }
    let milestone = added || change.fields.iter().any(|(label, ..)| label == "Stage");
    EntryView {
        at: reader.taste.moment_stamp(change.at),
        who: change.actor.clone(),
        said,
        changes: change
            .fields
            .iter()
            .take(shown)
            .map(|(label, from, to)| ChangeView { label: label.clone(), from: text(from), to: text(to) })
            .collect(),
        reason: change.why.clone(),
        milestone,
        mark: (whole && !change.hash.is_empty()).then(|| {
            let hash: String = change.hash.chars().take(8).collect();
            fill("history.proof", &[("number", &change.n.to_string()), ("hash", &hash)])
        }),
    }
}

/// Whether it is the hash of something: sixty-four letters that nobody reads.
fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())
}
