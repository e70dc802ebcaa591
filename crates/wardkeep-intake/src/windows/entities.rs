//! Who did what where, for the Windows events that say it.

use super::names::unify;
use crate::entities::{Fields, first};
use crate::time::{c_time, stated};
use wardkeep_types::Moment;
use wardkeep_types::event::{Event, FieldValue, TimeQuality};

/// Where the time stands, best first; the second part says whether a missing zone is certainly UTC.
pub(crate) const TIMES: [(&str, bool); 9] = [
    ("TimeCreated_SystemTime", true),
    ("TimeCreated", true),
    ("TimeCreated.#attributes.SystemTime", true),
    ("UtcTime", true),
    ("@timestamp", true),
    ("EventTime", false),
    ("TimeGenerated", true),
    ("timestamp", false),
    ("SystemTime", true),
];

/// Brings the fields under one set of names and fills the entities.
pub(crate) fn fill(event: &mut Event) {
    unify(&mut event.fields);
    let fields = &event.fields;
    if let Some((at, quality)) = time(fields) {
        (event.at, event.time_quality) = (at, quality);
    }
    let code = match fields.get("EventID") {
        Some(FieldValue::Int(code)) => Some(*code),
        _ => None,
    };
    event.host = first(fields, &["Computer", "Hostname", "host.name"]);
    event.action = first(fields, &["EventID"]);
    event.message = first(fields, &["Message", "message"]);
    event.src_ip = address(first(fields, &["IpAddress", "SourceIp", "ClientAddress", "SourceAddress"]));
    event.dst_ip = address(first(fields, &["DestinationIp", "DestAddress"]));
    event.process = first(fields, &["NewProcessName", "Image", "SourceImage", "ProcessName", "Application"]);
    event.user = match code {
        // The account that signs in or is asked for, not the service that noted it.
        Some(4624 | 4625 | 4634 | 4647 | 4648 | 4768 | 4769 | 4771 | 4776) => {
            first(fields, &["TargetUserName", "SubjectUserName"])
        }
        _ => first(fields, &["SubjectUserName", "User", "TargetUserName", "AccountName", "winlog.user.name"]),
    };
    event.outcome = outcome(code, fields).map(Into::into);
}

fn time(fields: &Fields) -> Option<(Moment, TimeQuality)> {
    TIMES.iter().find_map(|(name, is_utc)| match fields.get(name)? {
        FieldValue::Text(text) => {
            let (at, quality) =
                stated(text).or_else(|| c_time(text).map(|at| (at, TimeQuality::AssumedZone)))?;
            Some((at, if *is_utc { TimeQuality::Stated } else { quality }))
        }
        FieldValue::Int(number) => crate::time::epoch(*number as f64).map(|at| (at, TimeQuality::Stated)),
        _ => None,
    })
}

/// An address without the IPv4-in-IPv6 prefix that Kerberos events carry.
fn address(text: Option<Box<str>>) -> Option<Box<str>> {
    let text = text?;
    Some(text.strip_prefix("::ffff:").map_or(text.clone(), Into::into))
}

/// Success or failure: by the code of the event, else by the audit bits of its keywords.
fn outcome(code: Option<i64>, fields: &Fields) -> Option<&'static str> {
    const SUCCESS: u64 = 0x0020_0000_0000_0000;
    const FAILURE: u64 = 0x0010_0000_0000_0000;
    match code? {
        4624 => return Some("success"),
        4625 | 4771 => return Some("failure"),
        4768 | 4769 | 4776 => {
            let status = first(fields, &["Status"])?;
            return Some(if matches!(status.as_ref(), "0x0" | "0" | "0x00000000") {
                "success"
            } else {
                "failure"
            });
        }
        _ => {}
    }
    let bits = match fields.get("Keywords")? {
        FieldValue::Int(number) => number.cast_unsigned(),
        FieldValue::Text(text) => match text.strip_prefix("0x") {
            Some(hex) => u64::from_str_radix(hex, 16).ok()?,
            None => text.parse().ok()?,
        },
        FieldValue::List(words) => {
            let has = |word: &str| words.iter().any(|w| w.to_string().eq_ignore_ascii_case(word));
            return if has("Audit Success") {
                Some("success")
            } else {
                has("Audit Failure").then_some("failure")
            };
        }
        _ => return None,
    };
    if bits & FAILURE != 0 { Some("failure") } else { (bits & SUCCESS != 0).then_some("success") }
}

#[cfg(test)]
mod tests {
    use super::fill;
    use crate::json::flatten;
    use std::sync::Arc;
    use wardkeep_types::event::{Dialect, Event};

    #[test]
    fn entities_are_filled() {
        let check = |json: &str, expect: &str| {
            let mut e = Event::new(Dialect::Windows, Arc::from("a"), 1, json);
            e.fields = flatten(json.as_bytes()).unwrap();
            fill(&mut e);
            let part = |text: &Option<Box<str>>| text.as_deref().unwrap_or("-").to_owned();
            let parts = [&e.host, &e.user, &e.src_ip, &e.process, &e.action, &e.outcome].map(part).join(" ");
            assert_eq!(format!("{} {:?} {parts}", e.at, e.time_quality), expect, "{json}");
        };
        check(
            r#"{"EventID":4625,"Channel":"Security","Hostname":"H","SubjectUserName":"SVC$","TargetUserName":"anna",
                "IpAddress":"::ffff:10.0.0.9","ProcessName":"-","TimeCreated":"2020-10-22T02:57:56.178Z"}"#,
            "2020-10-22T02:57:56.178Z Stated H anna 10.0.0.9 - 4625 failure",
        );
        check(
            r#"{"EventID":4688,"Channel":"Security","Computer":"H","SubjectUserName":"bo","NewProcessName":"C:\\a.exe",
                "Keywords":"0x8020000000000000","EventTime":"2020-09-21 19:35:26"}"#,
            "2020-09-21T19:35:26Z AssumedZone H bo - C:\\a.exe 4688 success",
        );
        check(
            r#"{"EventID":5152,"Channel":"Security","Hostname":"H","Keywords":-9218868437227405312,"UtcTime":"2020-09-21 19:35:26.5"}"#,
            "2020-09-21T19:35:26.5Z Stated H - - - 5152 failure",
        );
    }
}
