//! What the page of an indicator shows beside its fields.

use super::super::chain::count;
use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use crate::parts::{
    ButtonView, FactView, FieldGroupView, NoticeView, Sentence, Value, button, field_groups, notice,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::records::RecordView;

/// `POST /indicators-of-compromise/{reference}/hunt`.
pub async fn hunt(Path(reference): Path<String>, posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            reader.state.app.ask_hunt_of(&reader.ctx, &reader.organisation, &reference).await?;
            Ok(go(format!("/indicators-of-compromise/{reference}?asked=1#seen")))
        })
        .await
}

/// The panel.
pub async fn panel(reader: &Reader, view: &RecordView) -> Result<Markup, Error> {
    let panel = reader.state.app.ioc_panel(view).await?;
    let hunted = match panel.hunted {
        Some((at, events, sightings)) => FactView {
            sub: Some(fill(
                "ioc.hunted_events",
                &[("events", &count(&reader.taste, events)), ("n", &count(&reader.taste, sightings))],
            )),
            ..FactView::new(words("ioc.hunted"), Value::Moment(reader.taste.moment_stamp(at)))
        },
        None => FactView::new(words("ioc.hunted"), Value::Unknown(words("ioc.never").to_owned())),
    };
    let alerts = Sentence::default()
        .link(count(&reader.taste, panel.alerts), format!("/alerts?indicator={}", view.reference));
    let last = panel.last_seen.map_or_else(
        || Value::Unknown(words("ioc.not_seen").to_owned()),
        |at| Value::Moment(reader.taste.moment_stamp(at)),
    );
    let facts = vec![
        FactView::new(words("ioc.alerts"), Value::Sentence(alerts)),
        FactView::new(words("ioc.last_seen"), last),
        hunted,
    ];
    let soon = match (reader.asked("asked"), panel.due) {
        (Some(_), _) => Some(words("ioc.asked")),
        (None, true) => Some(words("ioc.due")),
        (None, false) => None,
    };
    let act = format!("/indicators-of-compromise/{}/hunt", view.reference);
    let open = panel.active && view.may_edit && view.known_at.is_none();
    Ok(html! {
        div.chain {
            section #seen {
                @if let Some(text) = soon { (notice(&NoticeView { text: text.into(), ..NoticeView::default() })) }
                (field_groups(&[FieldGroupView { title: words("ioc.seen").to_owned(), facts }]))
                @if !panel.active { p.quiet { (words("ioc.inactive")) } }
                @if open { p { (button(&ButtonView::post(words("ioc.hunt"), act, reader.hidden()))) } }
            }
        }
    })
}
