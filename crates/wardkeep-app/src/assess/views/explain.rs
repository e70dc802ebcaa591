//! Why a rule fired, on the copy of a record that was kept beside the alert.

use super::alert::AlertEvent;
use std::sync::Arc;
use wardkeep_detect::{Explanation, Logic, Rule, RuleSet, explain};
use wardkeep_types::event::{Dialect, Event, Fields};

/// A rule's logic on one record.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The record.
    pub event: String,
    /// Its source and position, in words.
    pub place: String,
    /// What each part of the logic found.
    pub explanation: Explanation,
    /// The rule is one of those that a correlation counts, not the alert's own.
    pub member: bool,
}

/// Explains `rule` on the first of these records on which it fires, else on the first. A correlation is explained
/// by the rule of its members that fires.
pub(crate) fn explained(
    set: &RuleSet,
    rule: &Rule,
    events: &[(AlertEvent, Fields, Option<String>)],
) -> Option<Explained> {
    let members: Vec<&Rule> = match &rule.logic {
        Logic::Detection(_) => vec![rule],
        Logic::Correlation(c) => c.members.iter().filter_map(|m| set.rules().get(m.rule)).collect(),
    };
    let mut first = None;
    for (kept, fields, format) in events.iter().filter(|(e, ..)| !e.raw.is_empty()) {
        for one in &members {
            for dialect in dialects(format.as_deref(), fields) {
                let explanation = explain(one, &rebuilt(kept, fields, dialect));
                let place = format!("{}, record {}", kept.source, kept.position);
                let found =
                    Explained { event: kept.id.clone(), place, explanation, member: one.id != rule.id };
                if found.explanation.fires {
                    return Some(found);
                }
                first.get_or_insert(found);
            }
        }
    }
    first
}

/// The same on a whole event.
pub(crate) fn explained_event(set: &RuleSet, rule: &Rule, event: &Event) -> Option<Explained> {
    let members: Vec<&Rule> = match &rule.logic {
        Logic::Detection(_) => vec![rule],
        Logic::Correlation(c) => c.members.iter().filter_map(|m| set.rules().get(m.rule)).collect(),
    };
    let one = |member: &Rule| Explained {
        event: event.id.to_string(),
        place: format!("{}, record {}", event.source, event.position),
        explanation: explain(member, event),
        member: member.id != rule.id,
    };
    let mut all = members.into_iter().map(one);
    let first = all.next()?;
    if first.explanation.fires {
        return Some(first);
    }
    Some(all.find(|found| found.explanation.fires).unwrap_or(first))
}

/// The record as it stood before the rules. Its log sources and common entities follow from its kind and fields by
/// the same mapping as at the first reading; doing it again changes no field.
fn rebuilt(kept: &AlertEvent, fields: &Fields, dialect: Dialect) -> Event {
    let mut event = Event::new(dialect, Arc::from(kept.source.as_str()), kept.position, kept.raw.as_str());
    event.at = kept.at;
    event.fields = fields.clone();
    event.message = fields.get("message").or_else(|| fields.get("Message")).map(|m| m.to_string().into());
    wardkeep_events::classify(&mut event);
    event
}

/// The kinds of record that a file of that format holds, the likely one first.
fn dialects(format: Option<&str>, fields: &Fields) -> Vec<Dialect> {
    use Dialect::{Auditd, Auth, Cef, CloudTrail, Entra, GitHub, GoogleWorkspace, Json, Leef, Logfmt, M365};
    use Dialect::{Ocsf, Okta, Suricata, Syslog, Table, Text, WebAccess, WebError, Windows, Zeek};
    match format {
        Some("evtx" | "windows_json" | "windows_xml") => vec![Windows],
        Some("cloudtrail") => vec![CloudTrail],
        Some("auth_log") => vec![Auth, Syslog],
        // A syslog line may carry another record.
        Some("syslog") => vec![Syslog, Auth, Auditd, Cef, Leef, Json, Suricata, Windows],
        Some("web_access") => vec![WebAccess],
        Some("csv_log") => vec![Table],
        Some(key) if Dialect::from_key(key).is_some_and(|d| !matches!(d, Json | Text)) => {
            Dialect::from_key(key).into_iter().collect()
        }
        _ if fields.contains_key("EventID") => vec![Windows, Json],
        _ if fields.contains_key("eventSource") && fields.contains_key("eventName") => {
            vec![CloudTrail, M365, Json]
        }
        _ => vec![
            Json,
            Suricata,
            Zeek,
            Entra,
            Okta,
            M365,
            GitHub,
            GoogleWorkspace,
            Ocsf,
            Auth,
            Syslog,
            WebAccess,
            WebError,
            Auditd,
            Cef,
            Leef,
            Logfmt,
            Table,
            Windows,
            CloudTrail,
            Text,
        ],
    }
}
