//! The indicator on the page of an alert that it raised.

use crate::parts::{FactView, FieldGroupView, LinkView, Value, field_groups};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::ioc::IocOnAlert;
use wardkeep_register::Kind;

/// What was seen, who says that it is bad, and where it stands in the records.
pub fn on_alert(found: &IocOnAlert) -> Markup {
    let schema = wardkeep_registers::by_key("ioc");
    let kind = schema.and_then(|schema| schema.field("kind")).and_then(|(_, field)| match field.kind {
        Kind::Choice(options) => options.iter().find(|o| o.key == found.kind).map(|o| o.label),
        _ => None,
    });
    let stage = schema.and_then(|schema| schema.stage(&found.stage)).map(|stage| stage.label);
    let link = LinkView::new(found.value.clone(), format!("/indicators-of-compromise/{}", found.reference));
    let mut facts = vec![
        FactView {
            sub: Some(found.reference.clone()),
            ..FactView::new(words("ioc.value"), Value::Link(link))
        },
        FactView::new(words("ioc.kind"), Value::text(kind.unwrap_or_default())),
        FactView::new(words("ioc.stage"), Value::text(stage.unwrap_or_default())),
        FactView::new(
            words("ioc.source"),
            Value::text(fill("ioc.sure", &[("source", &found.source), ("n", &found.confidence.to_string())])),
        ),
    ];
    facts.extend(
        found.fields.iter().map(|(name, text)| {
            FactView::new(fill("ioc.field", &[("name", name)]), Value::Code(text.clone()))
        }),
    );
    html! {
        section.rule {
            h2 { (words("ioc.on_alert")) }
            (field_groups(&[FieldGroupView { title: words("ioc.about").to_owned(), facts }]))
            @if found.fields.is_empty() { p.quiet { (words("ioc.no_copy")) } }
        }
    }
}
