//! Who talked to whom, in the logs of network sensors.

use super::shape::common;
use crate::entities::{first, text};
use wardkeep_types::event::{Event, FieldValue};

/// Suricata EVE.
pub(super) fn suricata(event: &mut Event) {
    common(event);
    let fields = &event.fields;
    event.action = first(fields, &["event_type"]);
    event.message = first(fields, &["alert.signature", "anomaly.event", "dns.rrname", "http.url", "tls.sni"]);
    event.outcome = match text(fields, "alert.action") {
        Some("blocked") => Some("failure".into()),
        Some("allowed") => Some("success".into()),
        _ => None,
    };
    event.process = None;
}

/// Zeek: `host` and `user` mean other things in its logs than elsewhere.
///
/// Zeek's text writes a set that is empty and a set of one empty text in the same way; both are empty here.
pub(crate) fn zeek(event: &mut Event) {
    for value in event.fields.values_mut() {
        if is_blank_list(value) {
            *value = FieldValue::List(Vec::new());
        }
    }
    let fields = &event.fields;
    event.host = first(fields, &["_system_name", "peer_descr"]);
    event.user = first(fields, &["username", "user", "cookie"]).filter(|user| &**user != "<unknown>");
    event.src_ip = first(fields, &["id.orig_h", "src", "tx_hosts"]);
    event.dst_ip = first(fields, &["id.resp_h", "dst", "rx_hosts"]);
    event.action = first(fields, &["_path"]);
    event.message = first(fields, &["msg", "note", "query", "uri", "name", "server_name", "message"]);
    event.outcome = ["auth_success", "success"].iter().find_map(|name| match fields.get(name)? {
        FieldValue::Bool(true) => Some("success".into()),
        FieldValue::Bool(false) => Some("failure".into()),
        _ => None,
    });
}

/// Whether it is a list of one empty text.
fn is_blank_list(value: &FieldValue) -> bool {
    matches!(value, FieldValue::List(items) if blank(items))
}

/// Whether these are one empty text.
pub(super) fn blank(items: &[FieldValue]) -> bool {
    matches!(items, [FieldValue::Text(text)] if text.is_empty())
}
