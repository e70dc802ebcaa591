//! One set of field names for every arrangement of a Windows event: `System` lifted to `Provider_Name`, `Channel`,
//! `EventID` and so on, `EventData` and `UserData` lifted to their own names, which are those that Sigma uses.

use crate::entities::Fields;
use crate::xml::Node;
use wardkeep_types::event::{FieldValue, Name};

/// Whether a record with such fields is a Windows event.
pub(crate) fn is_windows(has: impl Fn(&str) -> bool) -> bool {
    has("Event.System.EventID")
        || has("Event.System.EventID.#text")
        || has("winlog.event_id")
        || has("winlog.channel")
        || (has("event_id") && (has("log_name") || has("source_name")))
        || (has("EventID")
            && ["Channel", "SourceName", "Provider_Name", "EventSourceName", "Provider"]
                .iter()
                .any(|n| has(n)))
}

/// Prefixes under which the data of the event stands; what follows is the name that rules use.
const DATA: [&str; 4] = ["Event.EventData.", "winlog.event_data.", "event_data.", "EventData."];
/// Prefixes whose next level is the name of an element that carries nothing.
const USER_DATA: [&str; 3] = ["Event.UserData.", "winlog.user_data.", "user_data."];

/// Names that mean the same thing, under the name that is kept. The first one present wins.
pub(crate) const SAME: [(&str, &[&str]); 13] = [
    (
        "Provider_Name",
        &["winlog.provider_name", "source_name", "SourceName", "EventSourceName", "Provider", "Source"],
    ),
    ("Provider_Guid", &["winlog.provider_guid", "provider_guid", "ProviderGuid"]),
    ("EventID", &["winlog.event_id", "event_id"]),
    ("Channel", &["winlog.channel", "log_name"]),
    ("Computer", &["winlog.computer_name", "computer_name", "Hostname"]),
    ("EventRecordID", &["winlog.record_id", "record_number", "RecordNumber"]),
    ("Task", &["winlog.task", "task"]),
    ("Opcode", &["winlog.opcode", "opcode"]),
    ("Keywords", &["winlog.keywords", "keywords"]),
    ("Level", &["EventLevel", "level", "log.level"]),
    ("Execution_ProcessID", &["winlog.process.pid", "process_id", "ExecutionProcessID"]),
    ("Execution_ThreadID", &["winlog.process.thread.id", "thread_id", "ThreadID"]),
    ("Security_UserID", &["winlog.user.identifier", "user.identifier", "UserID"]),
];

/// Brings the fields under one set of names. Original names stay where no better one is known.
pub(super) fn unify(fields: &mut Fields) {
    if fields.keys().any(|name| moves(name)) {
        let original = std::mem::take(fields);
        for (name, value) in original {
            place(fields, name, value);
        }
    } else {
        fields.values_mut().for_each(trim);
    }
    if let Some(FieldValue::Text(xml)) = fields.get("EventData")
        && let Some(node) = Node::parse(xml)
    {
        fields.remove("EventData");
        lift_xml(fields, &node);
    }
    for (kept, others) in SAME {
        if fields.contains_key(kept) {
            continue;
        }
        if let Some(value) = others.iter().find_map(|other| fields.get(other)).cloned() {
            fields.insert(kept.into(), value);
        }
    }
    if let Some(FieldValue::Text(text)) = fields.get("EventID")
        && let Ok(number) = text.trim().parse::<i64>()
    {
        fields.insert("EventID".into(), FieldValue::Int(number));
    }
}

/// The name under which a field of that name is kept, and whether a list under it is joined; `None` when it is
/// dropped.
pub(crate) fn target(name: &str) -> Option<(Name, bool)> {
    let mut fields = Fields::new();
    place(&mut fields, name.into(), FieldValue::List(Vec::new()));
    fields.into_iter().next().map(|(name, value)| (name, !matches!(value, FieldValue::List(_))))
}

/// Whether [`place`] keeps a field of that name under another one, or not at all.
fn moves(name: &str) -> bool {
    match name.as_bytes().first() {
        Some(b'E') if !name.starts_with("Event") => false,
        // No other name begins like one of the prefixes.
        Some(b'E' | b'e' | b'u' | b'w') => {
            name.starts_with("Event.")
                || name.starts_with("Event_attributes")
                || DATA.iter().chain(&USER_DATA).any(|prefix| name.starts_with(prefix))
        }
        _ => false,
    }
}

fn place(fields: &mut Fields, name: Name, value: FieldValue) {
    if let Some(rest) = name.strip_prefix("Event.System.") {
        return put(fields, system(rest), value);
    }
    if name.starts_with("Event.#attributes") || name.starts_with("Event_attributes") {
        return;
    }
    if let Some(rest) = DATA.iter().find_map(|prefix| name.strip_prefix(prefix)) {
        return lift(fields, rest, value);
    }
    if let Some(rest) = USER_DATA.iter().find_map(|prefix| name.strip_prefix(prefix)) {
        // One level down; a name without a level of its own stays as it is.
        let inner = rest.split_once('.').map_or(rest, |(_, inner)| inner);
        if inner != "#attributes.xmlns" && !inner.starts_with("#attributes.xmlns:") {
            lift(fields, inner, value);
        }
        return;
    }
    match name.strip_prefix("Event.") {
        Some(name) => put(fields, name, value),
        None => put(fields, name, value),
    }
}

/// `Provider.#attributes.Name` is `Provider_Name`, `EventID.#text` is `EventID`.
fn system(rest: &str) -> String {
    let (element, part) = match rest.split_once('.') {
        None => return rest.to_owned(),
        Some((element, "#text")) => return element.to_owned(),
        Some((element, part)) => (element, part),
    };
    let element = element.strip_suffix("_attributes").unwrap_or(element);
    format!("{element}_{}", part.strip_prefix("#attributes.").unwrap_or(part))
}

/// A datum of the event. Repeated unnamed `Data` are one text with line breaks.
fn lift(fields: &mut Fields, name: &str, value: FieldValue) {
    let name = name.strip_suffix(".#text").unwrap_or(name);
    let name =
        name.strip_prefix("#attributes.").map_or_else(|| name.to_owned(), |rest| format!("EventData_{rest}"));
    let value = match value {
        FieldValue::List(items) if name == "Data" || name.ends_with(".Data") => {
            let lines: Vec<String> = items.iter().map(ToString::to_string).collect();
            FieldValue::from(lines.join("\n"))
        }
        other => other,
    };
    put(fields, name, value);
}

/// `<EventData><Data Name="x">y</Data>...`, as Azure keeps it in one text.
fn lift_xml(fields: &mut Fields, node: &Node) {
    let mut unnamed = Vec::new();
    for data in node.walk().filter(|n| n.name == "Data") {
        match data.attribute("Name") {
            Some(name) => put(fields, name, FieldValue::from(data.text.as_str())),
            None => unnamed.push(data.text.trim_end()),
        }
    }
    if !unnamed.is_empty() {
        put(fields, "Data", FieldValue::from(unnamed.join("\n")));
    }
}

/// Trailing blanks are cut for matching; the record as received keeps them.
fn put(fields: &mut Fields, name: impl Into<Name>, mut value: FieldValue) {
    trim(&mut value);
    fields.insert(name.into(), value);
}

fn trim(value: &mut FieldValue) {
    if let FieldValue::Text(text) = value {
        let bare = text.trim_end_matches(|c: char| c.is_whitespace() || c == '\0');
        if bare.len() < text.len() {
            *text = bare.into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::unify;
    use crate::json::flatten;

    #[test]
    fn every_arrangement_gives_the_same_names() {
        let expect =
            ["Provider_Name=P", "EventID=4625", "Channel=Security", "Computer=H", "TargetUserName=anna"];
        let check = |json: &str| {
            let mut fields = flatten(json.as_bytes()).unwrap();
            unify(&mut fields);
            let names = ["Provider_Name", "EventID", "Channel", "Computer", "TargetUserName"];
            let shown =
                names.map(|n| format!("{n}={}", fields.get(n).map(ToString::to_string).unwrap_or_default()));
            assert_eq!(shown, expect, "{json}");
            assert!(matches!(fields["EventID"], wardkeep_types::event::FieldValue::Int(4625)));
        };
        check(
            r##"{"Event":{"#attributes":{"xmlns":"x"},"System":{"Provider":{"#attributes":{"Name":"P"}},
            "EventID":{"#attributes":{"Qualifiers":1},"#text":4625},"Channel":"Security","Computer":"H"},
            "EventData":{"TargetUserName":"anna \r\n"}}}"##,
        );
        check(
            r#"{"winlog":{"provider_name":"P","event_id":"4625","channel":"Security","computer_name":"H",
            "event_data":{"TargetUserName":"anna"}}}"#,
        );
        check(
            r#"{"source_name":"P","event_id":4625,"log_name":"Security","computer_name":"H","event_data":{"TargetUserName":"anna"}}"#,
        );
        check(
            r#"{"SourceName":"P","EventID":4625,"Channel":"Security","Hostname":"H","TargetUserName":"anna"}"#,
        );
        check(
            r#"{"EventSourceName":"P","EventID":4625,"Channel":"Security","Computer":"H",
            "EventData":"<EventData xmlns=\"x\"><Data Name=\"TargetUserName\">anna</Data></EventData>"}"#,
        );
    }

    #[test]
    fn data_without_names_and_user_data() {
        let check = |json: &str, name: &str, expect: &str| {
            let mut fields = flatten(json.as_bytes()).unwrap();
            unify(&mut fields);
            assert_eq!(fields[name].to_string(), expect, "{json}");
        };
        check(
            r##"{"Event":{"System":{"EventID":1},"EventData":{"Data":{"#text":["a","b"]}}}}"##,
            "Data",
            "a\nb",
        );
        check(r#"{"Event":{"System":{"EventID":1},"EventData":{"Data":["a","b"]}}}"#, "Data", "a\nb");
        check(
            r##"{"Event":{"System":{"EventID":1},"UserData":{"LogFileCleared":{"#attributes":{"xmlns":"x"},"SubjectUserName":"anna"}}}}"##,
            "SubjectUserName",
            "anna",
        );
    }
}
