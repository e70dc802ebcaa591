//! `/evidence/events/{id}`: one log record, as it came and as rules and tests read it.

use super::super::frame::Frame;
use super::super::reader::Reader;
use super::say::at;
use crate::parts::{ButtonView, HeadView, LinkView, RawLine, RawView, Sentence, Value, button, head, raw};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::assess::LogEventView;

/// `GET /evidence/events/{id}?via=`.
pub async fn show(reader: Reader, Path(id): Path<String>) -> Response {
    reader.answer(page(&reader, &id)).await
}

async fn page(reader: &Reader, id: &str) -> Result<Response, Error> {
    let view = reader.state.app.log_event(&reader.ctx, &reader.organisation, id, reader.asked("via")).await?;
    let mut frame = Frame::new(words("event.title"));
    match (&view.observation, view.alerts.first()) {
        (Some(observation), _) => {
            frame = frame.back(words("observation.crumb"), format!("/observations/{observation}"));
        }
        (None, Some(alert)) => frame = frame.back(alert.reference.clone(), alert.path.clone()),
        (None, None) => {}
    }
    let as_of = Sentence::new(fill("event.happened", &[("moment", &at(reader, view.at))]));
    Ok(reader.page(frame.crumb(words("event.crumb")).as_of(as_of, false), main(reader, &view)))
}

fn main(reader: &Reader, view: &LogEventView) -> Markup {
    let mut facts = vec![
        Value::Moment(reader.taste.moment_stamp(view.at)),
        Value::text(fill("event.place", &[("n", &view.position.to_string())])),
    ];
    let mut names = Sentence::default();
    for (n, alert) in view.alerts.iter().enumerate() {
        let before = if n == 0 { words("event.in_alerts") } else { ", " };
        names = names.and(before).link(format!("{} {}", alert.reference, alert.title), alert.path.clone());
    }
    if !names.is_empty() {
        facts.push(Value::Sentence(names));
    }
    let about = if view.cut { words("event.cut") } else { "" };
    html! {
        (head(&HeadView { title: view.source.clone(), facts, ..HeadView::default() }))
        div.beside {
            section {
                h2 { (words("event.raw")) }
                (raw(&RawView {
                    name: fill("event.raw_name", &[("source", &view.source), ("n", &view.position.to_string())]),
                    about: Sentence::new(about),
                    sha256: view.file.clone().unwrap_or_default(),
                    lines: vec![RawLine { number: view.position, text: view.raw.clone(), hit: true }],
                    download: view.file.as_ref().map(|f| {
                        let via = view.observation.as_ref().map(|v| format!("?via={v}")).unwrap_or_default();
                        LinkView::new(words("event.file"), format!("/evidence/reports/{f}{via}"))
                    }),
                }))
                p.small.quiet { (words("event.id")) " " span.mono { (view.id) } }
                @if super::super::frame::may(reader, wardkeep_rights::Resource::Register("rule"), wardkeep_register::Verb::View) {
                    form.one-line method="get" action="/rules/explain" {
                        input type="hidden" name="event" value=(view.id);
                        label for="f-rule" { (words("event.explain")) }
                        input.input #f-rule name="rule" required maxlength="64" placeholder="RUL-0001" autocomplete="off" spellcheck="false";
                        (button(&ButtonView::submit(words("rules.explain_act"))))
                    }
                }
            }
            section.fields {
                h2 { (words("event.fields")) span.count { " " (view.fields.len()) } }
                @if view.fields.is_empty() { p.quiet { (words("event.no_fields")) } }
                dl.names {
                    @for (name, value) in &view.fields {
                        div { dt.mono { (name) } dd { @if value.is_empty() { span.quiet { (words("value.empty")) } } @else { (value) } } }
                    }
                }
            }
        }
    }
}
