//! What kind of record a flat JSON object is, and the event made of it.

use super::{cloud, network};
use crate::Format;
use crate::entities::{Fields, first, text};
use crate::time::{epoch, stated};
use crate::windows;
use std::sync::Arc;
use wardkeep_types::Moment;
use wardkeep_types::event::{Dialect, Event, FieldValue, TimeQuality};

/// The arrangements of records that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    /// Windows events, from an export or an agent.
    Windows,
    /// AWS CloudTrail.
    CloudTrail,
    /// Suricata EVE.
    Suricata,
    /// Zeek.
    Zeek,
    /// Open Cybersecurity Schema Framework.
    Ocsf,
    /// Okta system log.
    Okta,
    /// Google Workspace activity.
    GoogleWorkspace,
    /// Microsoft 365 unified audit.
    M365,
    /// Microsoft Entra ID.
    Entra,
    /// GitHub audit log.
    GitHub,
    /// Anything else.
    Other,
}

impl Shape {
    /// Every shape.
    pub(super) const ALL: [Self; 11] = [
        Self::Windows,
        Self::CloudTrail,
        Self::Suricata,
        Self::Zeek,
        Self::Ocsf,
        Self::Okta,
        Self::GoogleWorkspace,
        Self::M365,
        Self::Entra,
        Self::GitHub,
        Self::Other,
    ];
    /// From the names of a record's flat fields.
    pub(crate) fn of(has: impl Fn(&str) -> bool) -> Self {
        if windows::is_windows(&has) {
            Self::Windows
        } else if has("eventSource") && has("eventName") && (has("eventVersion") || has("awsRegion")) {
            Self::CloudTrail
        } else if has("class_uid") && (has("category_uid") || has("metadata.version")) {
            Self::Ocsf
        } else if has("event_type")
            && has("timestamp")
            && (has("flow_id") || has("src_ip") || has("stats.uptime"))
        {
            Self::Suricata
        } else if (has("_path") && (has("ts") || has("_write_ts")))
            || (has("ts") && has("uid") && has("id.orig_h"))
        {
            Self::Zeek
        } else if has("eventType") && has("published") && has("actor.alternateId") {
            Self::Okta
        } else if has("id.applicationName") && has("id.time") {
            Self::GoogleWorkspace
        } else if (has("Operation") && has("Workload") && has("CreationTime"))
            || (has("AuditData") && (has("UserIds") || has("Operation") || has("RecordType")))
        {
            Self::M365
        } else if Self::is_entra(&has) {
            Self::Entra
        } else if has("action")
            && (has("actor") || has("actor_id"))
            && (has("org") || has("business") || has("_document_id"))
        {
            Self::GitHub
        } else {
            Self::Other
        }
    }
    /// Sign-ins, audit and risk detections, as Graph answers them and as diagnostic settings export them.
    fn is_entra(has: &impl Fn(&str) -> bool) -> bool {
        (has("createdDateTime")
            && has("userPrincipalName")
            && (has("appDisplayName") || has("conditionalAccessStatus")))
            || (has("activityDateTime") && (has("activityDisplayName") || has("riskEventType")))
            || (has("operationName")
                && (has("properties.userPrincipalName")
                    || has("properties.activityDisplayName")
                    || has("properties.riskEventType")))
    }
    pub(crate) fn dialect(self) -> Dialect {
        match self {
            Self::Windows => Dialect::Windows,
            Self::CloudTrail => Dialect::CloudTrail,
            Self::Suricata => Dialect::Suricata,
            Self::Zeek => Dialect::Zeek,
            Self::Ocsf => Dialect::Ocsf,
            Self::Okta => Dialect::Okta,
            Self::GoogleWorkspace => Dialect::GoogleWorkspace,
            Self::M365 => Dialect::M365,
            Self::Entra => Dialect::Entra,
            Self::GitHub => Dialect::GitHub,
            Self::Other => Dialect::Json,
        }
    }
    /// The format of a file whose first record has that shape.
    pub(crate) fn format(self) -> Format {
        match self {
            Self::Windows => Format::WindowsJson,
            Self::CloudTrail => Format::CloudTrail,
            Self::Suricata => Format::Suricata,
            Self::Zeek => Format::Zeek,
            Self::Ocsf => Format::Ocsf,
            Self::Okta => Format::Okta,
            Self::GoogleWorkspace => Format::GoogleWorkspace,
            Self::M365 => Format::M365,
            Self::Entra => Format::Entra,
            Self::GitHub => Format::GitHub,
            Self::Other => Format::Json,
        }
    }
    /// Names under which records of that shape keep their time, before those of [`TIME_NAMES`].
    pub(super) fn own_times(self) -> &'static [&'static str] {
        match self {
            Self::CloudTrail => &["eventTime", "@timestamp"],
            Self::Okta => &["published"],
            Self::GitHub => &["@timestamp", "created_at"],
            Self::Ocsf => &["time", "time_dt", "metadata.original_time", "start_time"],
            Self::Entra => &["createdDateTime", "activityDateTime", "time", "properties.createdDateTime"],
            Self::GoogleWorkspace => &["id.time"],
            Self::M365 => &["CreationTime", "CreationDate"],
            Self::Zeek => &["ts"],
            Self::Windows | Self::Suricata | Self::Other => &[],
        }
    }
    /// Whether an event has other fields than its record, so that only events of it are looked at.
    pub(super) fn adds_fields(self) -> bool {
        matches!(self, Self::GoogleWorkspace | Self::M365 | Self::Entra)
    }
}

/// Names under which JSON logs keep their time, best first.
pub(crate) const TIME_NAMES: [&str; 25] = [
    "@timestamp",
    "timestamp",
    "eventTime",
    "time",
    "ts",
    "datetime",
    "date_time",
    "EventTime",
    "TimeCreated",
    "TimeGenerated",
    "createdDateTime",
    "activityDateTime",
    "CreationTime",
    "published",
    "created_at",
    "createdAt",
    "id.time",
    "event.created",
    "eventTimestamp",
    "receiveTimestamp",
    "requestReceivedTimestamp",
    "start_time",
    "date",
    "_time",
    "time_dt",
];

const HOSTS: [&str; 8] =
    ["host.name", "hostname", "host.hostname", "host", "computer", "Computer", "HostName", "device.hostname"];
const USERS: [&str; 12] = [
    "user.name",
    "username",
    "user_name",
    "userName",
    "user",
    "actor.alternateId",
    "actor.email",
    "userPrincipalName",
    "UserId",
    "actor.user.name",
    "actor",
    "UserName",
];
const SOURCES: [&str; 14] = [
    "source.ip",
    "src_ip",
    "srcip",
    "src_ip_addr",
    "id.orig_h",
    "src_endpoint.ip",
    "client.ipAddress",
    "ipAddress",
    "ClientIP",
    "client_ip",
    "clientIp",
    "remote_addr",
    "sourceIPAddress",
    "actor_ip",
];
const TARGETS: [&str; 6] = ["destination.ip", "dest_ip", "dst_ip", "dstip", "id.resp_h", "dst_endpoint.ip"];
const PROGRAMS: [&str; 6] =
    ["process.executable", "process.name", "process", "program", "ProcessName", "exe"];
const ACTIONS: [&str; 9] = [
    "event.action",
    "action",
    "event_type",
    "eventType",
    "operation",
    "Operation",
    "activity_name",
    "operationName",
    "_path",
];
const MESSAGES: [&str; 6] = ["message", "msg", "Message", "SyslogMessage", "displayMessage", "log"];
const OUTCOMES: [&str; 5] = ["event.outcome", "outcome.result", "outcome", "result", "status"];

/// The event of one record.
pub(crate) fn event(file: &Arc<str>, modified: Moment, number: u64, fields: Fields, raw: &str) -> Event {
    let shape = Shape::of(|name| fields.contains_key(name));
    let mut event = Event::new(shape.dialect(), file.clone(), number, raw);
    event.fields = fields;
    if shape != Shape::Windows
        && let Some((at, quality)) =
            time(&event.fields, shape.own_times()).or_else(|| time(&event.fields, &TIME_NAMES))
    {
        (event.at, event.time_quality) = (at, quality);
    }
    match shape {
        Shape::Windows => windows::fill(&mut event),
        Shape::CloudTrail => cloud::cloudtrail(&mut event),
        Shape::Suricata => network::suricata(&mut event),
        Shape::Zeek => network::zeek(&mut event),
        Shape::Ocsf => cloud::ocsf(&mut event),
        Shape::Okta => cloud::okta(&mut event),
        Shape::GoogleWorkspace => cloud::google_workspace(&mut event),
        Shape::M365 => cloud::m365(&mut event),
        Shape::Entra => cloud::entra(&mut event),
        Shape::GitHub => cloud::github(&mut event),
        Shape::Other => common(&mut event),
    }
    if event.time_quality == TimeQuality::Missing {
        event.at = modified;
    }
    event
}

/// The time under the first name that holds one.
pub(crate) fn time(fields: &Fields, names: &[&str]) -> Option<(Moment, TimeQuality)> {
    names.iter().find_map(|name| match fields.get(name)? {
        FieldValue::Text(text) => stated(text)
            .or_else(|| text.parse().ok().and_then(epoch).map(|at| (at, TimeQuality::Stated)))
            .or_else(|| crate::time::access_log(text).map(|at| (at, TimeQuality::Stated))),
        FieldValue::Int(number) => epoch(*number as f64).map(|at| (at, TimeQuality::Stated)),
        FieldValue::Float(number) => epoch(*number).map(|at| (at, TimeQuality::Stated)),
        _ => None,
    })
}

/// Fills the common entities of a record of no known kind.
pub(crate) fn common(event: &mut Event) {
    let fields = &event.fields;
    event.host = first(fields, &HOSTS);
    event.user = first(fields, &USERS);
    event.src_ip = first(fields, &SOURCES);
    event.dst_ip = first(fields, &TARGETS);
    event.process = first(fields, &PROGRAMS);
    event.action = first(fields, &ACTIONS);
    event.message = first(fields, &MESSAGES);
    event.outcome = OUTCOMES.iter().find_map(|name| outcome(text(fields, name)?)).map(Into::into);
}

/// `success` or `failure` from the words that products use.
pub(crate) fn outcome(word: &str) -> Option<&'static str> {
    const GOOD: [&str; 7] = ["success", "succeeded", "successful", "ok", "allow", "allowed", "accepted"];
    const BAD: [&str; 8] = ["failure", "failed", "fail", "denied", "deny", "blocked", "error", "rejected"];
    let is = |words: &[&str]| words.iter().any(|w| w.eq_ignore_ascii_case(word));
    if is(&GOOD) { Some("success") } else { is(&BAD).then_some("failure") }
}

#[cfg(test)]
mod tests {
    use super::event;
    use crate::json::flatten;
    use std::sync::Arc;
    use wardkeep_types::Moment;

    fn shown(json: &str) -> String {
        let e = event(&Arc::from("a"), Moment::EPOCH, 1, flatten(json.as_bytes()).unwrap(), json);
        let part = |text: &Option<Box<str>>| text.as_deref().unwrap_or("-").to_owned();
        let parts = [&e.host, &e.user, &e.src_ip, &e.action, &e.outcome].map(part);
        format!("{:?} {} {}", e.dialect, e.at, parts.join(" "))
    }

    #[test]
    fn records_are_told_apart() {
        let check = |json: &str, expect: &str| assert_eq!(shown(json), expect, "{json}");
        check(
            r#"{"eventVersion":"1.08","eventTime":"2023-07-10T11:42:36Z","eventSource":"cloudtrail.amazonaws.com",
                "eventName":"StopLogging","errorCode":"AccessDenied","sourceIPAddress":"192.0.2.1",
                "userIdentity":{"type":"IAMUser","userName":"anna"}}"#,
            "CloudTrail 2023-07-10T11:42:36Z - anna 192.0.2.1 StopLogging failure",
        );
        check(
            r#"{"eventVersion":"1","eventTime":"2023-07-10T11:42:36Z","eventSource":"signin.amazonaws.com","eventName":
                "ConsoleLogin","responseElements":{"ConsoleLogin":"Failure"},"userIdentity":{"type":"Root"}}"#,
            "CloudTrail 2023-07-10T11:42:36Z - Root - ConsoleLogin failure",
        );
        check(
            r#"{"timestamp":"2018-02-03T04:05:06.7+0000","event_type":"alert","src_ip":"10.0.0.1","flow_id":1}"#,
            "Suricata 2018-02-03T04:05:06.7Z - - 10.0.0.1 alert -",
        );
        check(
            r#"{"ts":1521911721.255387,"uid":"C1","id":{"orig_h":"10.1.1.1","resp_h":"10.1.1.2"}}"#,
            "Zeek 2018-03-24T17:15:21.255387Z - - 10.1.1.1 - -",
        );
        check(r#"{"a":1}"#, "Json 1970-01-01T00:00:00Z - - - - -");
    }
}
