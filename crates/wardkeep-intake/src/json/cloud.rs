//! Who did what where, in the audit logs of cloud services.

use super::flatten;
use super::shape::{common, outcome, time};
use crate::entities::{Fields, first, put, text};
use wardkeep_types::event::{Event, FieldValue, TimeQuality};

pub(super) fn cloudtrail(event: &mut Event) {
    let fields = &event.fields;
    event.user = first(
        fields,
        &[
            "userIdentity.userName",
            "userIdentity.sessionContext.sessionIssuer.userName",
            "userIdentity.arn",
            "userIdentity.principalId",
            "userIdentity.invokedBy",
            "userIdentity.type",
        ],
    );
    event.src_ip = first(fields, &["sourceIPAddress"]);
    event.action = first(fields, &["eventName"]);
    event.process = first(fields, &["userAgent"]);
    event.message = first(fields, &["errorMessage"]);
    // A console sign-in that fails carries no error code but says so in its answer.
    let answer = text(fields, "responseElements.ConsoleLogin").map(str::to_ascii_lowercase);
    let failed = text(fields, "errorCode").is_some() || answer.as_deref() == Some("failure");
    event.outcome = Some(if failed { "failure" } else { "success" }.into());
}

/// Microsoft Entra ID: sign-ins, directory audit and risk detections.
///
/// Which log a record belongs to is told by what it has, and said under `_log`.
pub(super) fn entra(event: &mut Event) {
    common(event);
    let has = |name: &str| {
        event.fields.contains_key(name) || event.fields.contains_key(format!("properties.{name}").as_str())
    };
    let log = if has("riskEventType") {
        "riskdetection"
    } else if has("activityDisplayName") {
        "auditlogs"
    } else {
        "signinlogs"
    };
    put(&mut event.fields, "_log", log);
    let fields = &event.fields;
    event.user = first(
        fields,
        &[
            "userPrincipalName",
            "properties.userPrincipalName",
            "initiatedBy.user.userPrincipalName",
            "properties.initiatedBy.user.userPrincipalName",
            "initiatedBy.app.displayName",
            "properties.initiatedBy.app.displayName",
            "identity",
            "userDisplayName",
        ],
    );
    event.src_ip = first(
        fields,
        &[
            "ipAddress",
            "properties.ipAddress",
            "callerIpAddress",
            "initiatedBy.user.ipAddress",
            "properties.initiatedBy.user.ipAddress",
        ],
    );
    event.host = first(fields, &["deviceDetail.displayName", "properties.deviceDetail.displayName"]);
    event.process = first(
        fields,
        &["appDisplayName", "properties.appDisplayName", "loggedByService", "properties.loggedByService"],
    );
    event.action = first(
        fields,
        &[
            "activityDisplayName",
            "properties.activityDisplayName",
            "riskEventType",
            "properties.riskEventType",
            "operationName",
        ],
    );
    if event.action.is_none() {
        event.action = Some("Sign-in activity".into());
    }
    event.message = first(
        fields,
        &["status.failureReason", "properties.status.failureReason", "resultDescription", "resultReason"],
    );
    let code = ["status.errorCode", "properties.status.errorCode", "resultType", "ResultType"]
        .iter()
        .find_map(|name| first(fields, &[name]));
    event.outcome = match code.as_deref() {
        Some("0") => Some("success".into()),
        Some(code) if code.bytes().all(|b| b.is_ascii_digit()) => Some("failure".into()),
        Some(word) => outcome(word).map(Into::into),
        None => ["result", "properties.result", "resultSignature"]
            .iter()
            .find_map(|name| outcome(text(fields, name)?))
            .map(Into::into),
    };
}

/// Microsoft 365 unified audit. The export of the compliance portal wraps the record in a text, `AuditData`: what
/// stands in it comes to the top, and what the wrapping says stays beside it.
pub(super) fn m365(event: &mut Event) {
    if let Some(inner) = text(&event.fields, "AuditData").and_then(|inner| flatten(inner.as_bytes()).ok()) {
        event.fields.remove("AuditData");
        event.fields.extend(inner);
    }
    if let Some((at, _)) = time(&event.fields, &["CreationTime", "CreationDate", "@timestamp"]) {
        // The schema says that times without a zone are UTC.
        (event.at, event.time_quality) = (at, TimeQuality::Stated);
    }
    parameters(&mut event.fields);
    let fields = &event.fields;
    event.user = first(fields, &["UserId", "UserIds", "UserKey"]);
    event.src_ip =
        first(fields, &["ClientIP", "ClientIPAddress", "ActorIpAddress"]).map(|a| bare_address(&a).into());
    event.process = first(fields, &["Workload", "AppAccessContext.ClientAppName", "ClientAppId"]);
    event.action = first(fields, &["Operation", "Operations"]);
    event.message = first(fields, &["ObjectId", "ItemName", "SourceFileName", "Name"]);
    let word = first(fields, &["ResultStatus", "LogonError"]);
    event.outcome = word
        .as_deref()
        .and_then(|word| match word {
            "True" | "PartiallySucceeded" => Some("success"),
            "False" => Some("failure"),
            word => outcome(word),
        })
        .map(Into::into);
}

/// `Parameters` and its kin are lists of names and values: each becomes a field, and `Parameters` one text of all.
fn parameters(fields: &mut Fields) {
    for list in ["Parameters", "ExtendedProperties", "OperationProperties"] {
        let (names, values) = (strings(fields, list, "Name"), strings(fields, list, "Value"));
        if names.is_empty() || names.len() != values.len() {
            continue;
        }
        for (name, value) in names.iter().zip(&values) {
            fields.or_insert_with(format!("{list}.{name}").into(), || FieldValue::from(value.as_str()));
        }
        let pairs: Vec<String> =
            names.iter().zip(&values).map(|(name, value)| format!("{name}={value}")).collect();
        put(fields, list, pairs.join("; "));
    }
}

fn strings(fields: &Fields, list: &str, member: &str) -> Vec<String> {
    match fields.get(format!("{list}.{member}").as_str()) {
        Some(FieldValue::List(items)) => items.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

/// An address without the port and brackets that some workloads write with it.
fn bare_address(text: &str) -> &str {
    if let Some(inner) = text.strip_prefix('[') {
        return inner.split(']').next().unwrap_or(inner);
    }
    match text.split_once(':') {
        Some((address, port)) if !port.contains(':') && address.contains('.') => address,
        _ => text,
    }
}

/// Okta system log.
pub(super) fn okta(event: &mut Event) {
    common(event);
    let fields = &event.fields;
    event.host = None;
    event.user = first(fields, &["actor.alternateId", "actor.displayName"]);
    event.src_ip = first(fields, &["client.ipAddress", "request.ipChain.ip"]);
    event.process = first(fields, &["client.userAgent.rawUserAgent"]);
    event.action = first(fields, &["eventType"]);
    event.message = first(fields, &["displayMessage"]);
    event.outcome = text(fields, "outcome.result").and_then(outcome).map(Into::into);
}

/// Google Workspace activity reports: application and first event come under the names that rules use.
pub(super) fn google_workspace(event: &mut Event) {
    let fields = &mut event.fields;
    if let Some(application) = first(fields, &["id.applicationName"]) {
        put(fields, "eventService", format!("{application}.googleapis.com"));
    }
    if let Some(name) = fields.get("events.name").cloned() {
        fields.insert("eventName".into(), name);
    }
    let names = strings(fields, "events.parameters", "name");
    let values = strings(fields, "events.parameters", "value");
    // Parameters of other types have their values elsewhere; then names and values do not pair.
    if names.len() == values.len() {
        for (name, value) in names.iter().zip(&values) {
            let name = name.to_ascii_lowercase();
            fields.or_insert_with(name.into(), || FieldValue::from(value.as_str()));
        }
    }
    event.user = first(fields, &["actor.email", "actor.profileId"]);
    event.src_ip = first(fields, &["ipAddress"]);
    event.process = first(fields, &["id.applicationName"]);
    event.action = first(fields, &["events.name"]);
    event.message = first(fields, &["events.type"]);
    event.outcome = event.action.as_deref().and_then(|action| {
        let lower = action.to_ascii_lowercase();
        if lower.ends_with("_failure") {
            Some("failure".into())
        } else {
            lower.ends_with("_success").then(|| "success".into())
        }
    });
}

/// GitHub audit log.
pub(super) fn github(event: &mut Event) {
    common(event);
    let fields = &event.fields;
    event.host = None;
    event.user = first(fields, &["actor", "user", "actor_id"]);
    event.src_ip = first(fields, &["actor_ip"]);
    event.process = first(fields, &["user_agent"]);
    event.action = first(fields, &["action"]);
    event.message = first(fields, &["repo", "repository", "org", "business"]);
}

/// Open Cybersecurity Schema Framework: class, category and activity stay under their own names.
pub(super) fn ocsf(event: &mut Event) {
    let fields = &event.fields;
    event.host =
        first(fields, &["device.hostname", "dst_endpoint.hostname", "device.name", "src_endpoint.hostname"]);
    event.user = first(
        fields,
        &[
            "actor.user.name",
            "user.name",
            "actor.user.email_addr",
            "user.email_addr",
            "actor.user.uid",
            "user.uid",
        ],
    );
    event.src_ip = first(fields, &["src_endpoint.ip", "device.ip"]);
    event.dst_ip = first(fields, &["dst_endpoint.ip"]);
    event.process = first(
        fields,
        &[
            "process.file.path",
            "process.name",
            "actor.process.file.path",
            "actor.process.name",
            "http_request.user_agent",
        ],
    );
    event.action = first(fields, &["api.operation", "activity_name", "type_name", "class_name"]);
    event.message = first(fields, &["message", "status_detail", "finding_info.title"]);
    event.outcome = match fields.get("status_id") {
        Some(FieldValue::Int(1)) => Some("success".into()),
        Some(FieldValue::Int(2)) => Some("failure".into()),
        _ => ["status", "disposition", "action"]
            .iter()
            .find_map(|name| outcome(text(fields, name)?))
            .map(Into::into),
    };
}
