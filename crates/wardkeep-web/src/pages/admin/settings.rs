//! `/admin/settings`: how this installation is configured. It is changed in its file, so the page only tells.

use super::super::reader::Reader;
use super::{frame, require};
use crate::parts::{FactView, FieldGroupView, HeadView, Value, field_groups, head};
use crate::words::{fill, words};
use axum::response::Response;
use maud::html;
use wardkeep_register::Verb;
use wardkeep_rights::Named;
use wardkeep_types::{Length, limits};

/// `GET /admin/settings`.
pub(super) async fn show(reader: Reader) -> Response {
    reader
        .answer(async {
            require(&reader, Verb::View, Named::Setting)?;
            let title = words("admin.settings");
            let main = html! {
                (head(&HeadView { title: title.to_owned(), ..HeadView::default() }))
                p.quiet.prose { (fill("admin.settings_text", &[("file", &reader.state.app.folder.config().display().to_string())])) }
                div.section.stack { (field_groups(&groups(&reader))) }
            };
            Ok(reader.page(frame(title, "/admin/settings").crumb(title), main))
        })
        .await
}

/// A fact with the name of its setting.
fn fact(label: &str, value: Value, key: &str) -> FactView {
    FactView { sub: Some(key.to_owned()).filter(|k| !k.is_empty()), ..FactView::new(label, value) }
}

fn groups(reader: &Reader) -> Vec<FieldGroupView> {
    let (app, auth) = (&reader.state.app, reader.state.auth.settings());
    let config = &app.config;
    let yes = |on: bool| Value::Bool(on);
    let amount = |major: u64| Value::text(reader.taste.count(i64::try_from(major).unwrap_or(i64::MAX)));
    let length = |seconds: i64| Value::text(super::super::taste::length(Length::from_seconds(seconds)));
    // The address of a database holds its password, so only its kind is told.
    let database = match &config.database_url {
        Some(_) => Value::text(fill("admin.postgres", &[("schema", &config.database_schema)])),
        None => Value::text(words("admin.sqlite")),
    };
    let mail = config.mail.as_ref().map_or_else(
        || Value::Unknown(words("admin.mail_none").to_owned()),
        |m| {
            Value::text(fill(
                "admin.mail_by",
                &[("host", &m.host), ("from", &m.from), ("security", &m.security)],
            ))
        },
    );
    let limit = |(name, value, unit): &(&str, u64, &str)| {
        let shown = match *unit {
            "bytes" => size(*value),
            unit => format!("{} {unit}", reader.taste.count(*value as i64)),
        };
        FactView::new(wardkeep_register::label_of(name), Value::text(shown))
    };
    vec![
        FieldGroupView {
            title: words("admin.place").to_owned(),
            facts: vec![
                fact(words("admin.version"), Value::text(env!("CARGO_PKG_VERSION")), ""),
                fact(words("admin.public_url"), Value::Code(auth.public_url.clone()), "public_url"),
                fact(words("admin.listen"), Value::Code(config.listen.clone()), "listen"),
                fact(words("admin.folder"), Value::Code(app.folder.path().display().to_string()), ""),
                fact(words("admin.database"), database, "database_url"),
                fact(words("admin.log"), Value::Code(config.log.clone()), "log"),
            ],
        },
        FieldGroupView {
            title: words("admin.signing_in").to_owned(),
            facts: vec![
                fact(words("admin.tls"), yes(auth.is_https()), ""),
                fact(words("me.passkeys"), yes(reader.state.auth.has_passkeys()), ""),
                fact(words("admin.idle"), length(auth.idle), ""),
                fact(words("admin.absolute"), length(auth.absolute), ""),
                fact(words("admin.fresh"), length(auth.fresh), ""),
                fact(
                    words("admin.password_min"),
                    Value::text(fill("admin.characters", &[("n", &auth.password_min.to_string())])),
                    "",
                ),
                fact(words("admin.single"), yes(config.single_officer), "single_officer"),
            ],
        },
        FieldGroupView {
            title: words("admin.outside").to_owned(),
            facts: vec![
                fact(words("admin.mail"), mail, "[mail]"),
                fact(words("admin.private_hooks"), yes(config.private_webhooks), "private_webhooks"),
            ],
        },
        FieldGroupView {
            title: words("risk.portfolio_title").to_owned(),
            facts: vec![
                fact(
                    words("admin.accepts_mean"),
                    amount(config.risk.officer_accepts_mean),
                    "[risk] officer_accepts_mean",
                ),
                fact(
                    words("admin.accepts_tail"),
                    amount(config.risk.officer_accepts_tail),
                    "[risk] officer_accepts_tail",
                ),
                fact(
                    words("admin.publish_below"),
                    Value::text(format!("{} %", config.risk.publish_below_percent)),
                    "[risk] publish_below_percent",
                ),
            ],
        },
        FieldGroupView {
            title: words("admin.limits").to_owned(),
            facts: limits::ALL.iter().map(limit).collect(),
        },
    ]
}

/// Bytes in the largest unit that leaves a whole number, as limits are.
fn size(bytes: u64) -> String {
    let units = [(1_u64 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let fitting = units.iter().find(|(unit, _)| bytes >= *unit && bytes.is_multiple_of(*unit));
    fitting.map_or_else(|| format!("{bytes} B"), |(unit, name)| format!("{} {name}", bytes / unit))
}
