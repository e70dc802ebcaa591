//! `/events/{id}`: one log record, as it came and as it is read, side by side.

use super::super::address::Address;
use super::super::frame::Frame;
use super::super::reader::Reader;
use super::make;
use crate::parts::{HeadView, RawLine, RawView, Sentence, Value, head, raw};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::events::EventView;
use wardkeep_app::rules::NearRule;
use wardkeep_events::search::{FieldName, Known, is};
use wardkeep_events::store::dialect_key;
use wardkeep_register::Area;

/// `GET /events/{id}?at=`.
pub async fn show(reader: Reader, Path(id): Path<String>) -> Response {
    reader.answer(page(&reader, &id)).await
}

async fn page(reader: &Reader, id: &str) -> Result<Response, Error> {
    let at = reader.asked("at").and_then(|at| at.parse().ok());
    let view = reader.state.app.event_in_full(&reader.ctx, &reader.organisation, id, at).await?;
    let frame = Frame::new(words("event.title")).in_area(Area::Detect).at(super::EVENTS);
    let frame = frame.back(words("events.title"), super::EVENTS).crumb(words("event.crumb"));
    let near = make::near(reader, &view).await?;
    Ok(reader.page(frame, main(reader, &view, &near)))
}

fn main(reader: &Reader, view: &EventView, near: &[NearRule]) -> Markup {
    let event = &view.event;
    let mut facts = vec![
        Value::Moment(reader.taste.moment_stamp(event.at)),
        Value::text(fill("event.place", &[("n", &event.position.to_string())])),
        Value::text(dialect_key(event.dialect)),
    ];
    let mut names = Sentence::default();
    for (n, alert) in view.alerts.iter().enumerate() {
        let before = if n == 0 { words("event.in_alerts") } else { ", " };
        names = names.and(before).link(format!("{} {}", alert.reference, alert.title), alert.path.clone());
    }
    if !names.is_empty() {
        facts.push(Value::Sentence(names));
    }
    let source = event.source.to_string();
    let writes = make::may_write(reader);
    html! {
        (head(&HeadView { title: source.clone(), facts, ..HeadView::default() }))
        div.beside {
            section {
                h2 { (words("event.raw")) }
                (raw(&RawView {
                    name: fill("event.raw_name", &[("source", &source), ("n", &event.position.to_string())]),
                    lines: vec![RawLine { number: event.position, text: event.raw.to_string(), hit: true }],
                    ..RawView::default()
                }))
                p.small.quiet { (words("event.id")) " " span.mono { (event.id) } }
                (make::section(reader, view, near))
            }
            div {
                section.fields {
                    h2 { (words("events.normalised")) }
                    dl.names {
                        @for (known, value) in entities(view) {
                            div { dt { (known.key()) } dd { (value) " " (like(FieldName::Known(known), &value)) } }
                        }
                        @if !event.logsources.is_empty() {
                            div { dt { (Known::LogSource.key()) } dd { (sources(view)) } }
                        }
                    }
                }
                section.fields.section {
                    h2 { (words("events.own_fields")) span.count { " " (event.fields.len()) } }
                    @if writes && !event.fields.is_empty() { p.small.quiet { (words("event.take_fields")) } }
                    @if event.fields.is_empty() { p.quiet { (words("event.no_fields")) } }
                    dl.names {
                        @for (n, (name, value)) in event.fields.iter().enumerate() {
                            @let shown = value.to_string();
                            div {
                                dt.mono {
                                    @if writes {
                                        input type="checkbox" form=(make::DRAFT) name="field" value=(name)
                                            id={ "pick-" (n) } aria-label=(fill("event.take_field", &[("field", name)]));
                                        " "
                                    }
                                    (name)
                                }
                                dd {
                                    @if shown.is_empty() { span.quiet { (words("value.empty")) } } @else {
                                        (shown) " "
                                        @if shown.len() < 500 { (like(FieldName::Other(name.to_string()), &shown)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn entities(view: &EventView) -> Vec<(Known, String)> {
    let e = &view.event;
    let all = [
        (Known::Host, &e.host),
        (Known::User, &e.user),
        (Known::SrcIp, &e.src_ip),
        (Known::DstIp, &e.dst_ip),
        (Known::Process, &e.process),
        (Known::Action, &e.action),
        (Known::Outcome, &e.outcome),
        (Known::Message, &e.message),
    ];
    all.into_iter().filter_map(|(known, value)| Some((known, value.as_deref()?.to_owned()))).collect()
}

fn sources(view: &EventView) -> String {
    let source = |s: &wardkeep_types::event::LogSource| {
        let parts = [&s.product, &s.category, &s.service];
        parts.into_iter().filter_map(|part| part.as_deref()).collect::<Vec<_>>().join(" / ")
    };
    view.event.logsources.iter().map(source).collect::<Vec<_>>().join("\n")
}

/// A link to the events with the same value.
fn like(field: FieldName, value: &str) -> Markup {
    let search = is(field, value).to_string();
    let page = Address::new(super::EVENTS, &[("q".to_owned(), search.clone())]);
    html! { a.small href=(page) aria-label=(fill("events.like_this", &[("what", &search)])) { (words("events.like")) } }
}
