//! A rule's text begun from a record: its log source and the fields that people chose.

use wardkeep_types::event::{Event, FieldValue, LogSource};

/// Fields that say most, for who chooses none.
const TELLING: [&str; 12] = [
    "EventID",
    "Image",
    "CommandLine",
    "ParentImage",
    "TargetObject",
    "eventSource",
    "eventName",
    "program",
    "action",
    "method",
    "status",
    "type",
];
/// Fields of a draft.
const MOST: usize = 12;

/// The text of a rule that fires on the record: its log source, and those of its fields that are named; without any,
/// a few that say most. `id` is the new rule's own.
pub fn draft_of(event: &Event, chosen: &[&str], id: &str) -> String {
    let has = |name: &&str| event.fields.contains_key(name);
    let mut fields: Vec<&str> = chosen.iter().copied().filter(has).take(MOST).collect();
    if fields.is_empty() {
        fields = TELLING.into_iter().filter(has).take(3).collect();
    }
    if fields.is_empty() {
        fields = event.fields.keys().map(|name| &**name).take(2).collect();
    }
    let what = fields.iter().find_map(|name| event.fields.get(name)).map(ToString::to_string);
    let title: String = format!("Record like {}", what.unwrap_or_default())
        .chars()
        .filter(|c| !c.is_control())
        .take(80)
        .collect();
    let about = format!("Begun from a record of {}.", event.source);
    let mut text = format!(
        "title: {}\nid: {id}\nstatus: experimental\nlevel: medium\ndescription: {}\n",
        quoted(title.trim()),
        quoted(&about)
    );
    text.push_str("logsource:\n");
    match narrowest(&event.logsources) {
        Some(source) => {
            let parts =
                [("product", &source.product), ("category", &source.category), ("service", &source.service)];
            for (key, value) in parts {
                if let Some(value) = value {
                    text.push_str(&format!("  {key}: {value}\n"));
                }
            }
        }
        None => text.push_str("  # Records like this have no known log source: a rule for them sees nothing.\n  product: unknown\n"),
    }
    text.push_str("detection:\n");
    if fields.is_empty() {
        let words: String = event.raw.chars().filter(|c| !c.is_control()).take(60).collect();
        text.push_str(&format!("  selection:\n    - {}\n", quoted(&escaped(words.trim()))));
    } else {
        text.push_str("  selection:\n");
        for name in &fields {
            if let Some(value) = event.fields.get(name) {
                text.push_str(&format!("    {}: {}\n", quoted(name), value_of(value)));
            }
        }
    }
    text.push_str("  condition: selection\nfalsepositives:\n  - Unknown yet\n");
    text
}

/// The log source that says most: one with a category, then one with a service.
fn narrowest(sources: &[LogSource]) -> Option<&LogSource> {
    let said = |source: &&LogSource| (source.category.is_some(), source.service.is_some());
    sources.iter().max_by_key(said)
}

fn value_of(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => quoted(&escaped(text)),
        FieldValue::List(all) => {
            format!("[{}]", all.iter().map(value_of).collect::<Vec<_>>().join(", "))
        }
        FieldValue::Null => "null".to_owned(),
        other => other.to_string(),
    }
}

/// Wildcards of the rule language stand for themselves.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '*' | '?' => out.extend(['\\', c]),
            '\\' if matches!(rest.peek(), Some('*' | '?' | '\\')) => out.push_str("\\\\"),
            _ => out.push(c),
        }
    }
    out
}

/// As YAML takes it: plain where that is safe, otherwise in quotes as JSON writes them.
fn quoted(text: &str) -> String {
    let plain = text.chars().next().is_some_and(|c| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ' ' | '-'))
        && !text.ends_with(' ')
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "null" | "true" | "false" | "yes" | "no" | "on" | "off"
        );
    if plain { text.to_owned() } else { serde_json::to_string(text).unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wardkeep_detect::{RuleFile, RuleSet, explain};
    use wardkeep_types::event::Dialect;

    #[test]
    fn a_draft_fires_on_its_own_record() {
        let values = [
            r"C:\Users\a\x.exe",
            r"\\server\share\*?",
            "two\nlines and \"quotes\": 'x'",
            "no",
            "*",
            "C:\\ends\\",
            "# no comment",
            "0x1f",
            "\u{1}odd\u{e9}",
        ];
        for value in values {
            let mut event = Event::new(Dialect::Windows, "a: b".into(), 1, "{}");
            event.fields.insert("Image".into(), value.into());
            event.fields.insert("EventID".into(), FieldValue::Int(1));
            event.fields.insert("Odd name|x: y".into(), FieldValue::Int(1));
            event.fields.insert("Channel".into(), "Microsoft-Windows-Sysmon/Operational".into());
            wardkeep_events::classify(&mut event);
            let text =
                draft_of(&event, &["Image", "EventID", "no such"], "7a1d0d8e-8f6b-4b7e-9a55-0c5d0a6f1b12");
            let (set, problems) = RuleSet::load([RuleFile::new("draft", text.clone())]);
            assert!(problems.iter().all(|p| !p.refused), "{problems:?}\n{text}");
            assert!(explain(&set.rules()[0], &event).fires, "{value}\n{text}");
            let mut other = event.clone();
            other.fields.insert("Image".into(), "other".into());
            assert!(!explain(&set.rules()[0], &other).fires, "{value}\n{text}");
        }
    }
}
