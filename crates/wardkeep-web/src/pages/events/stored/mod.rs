//! `/events/stored`: what is stored, since when, for how long, and what a legal hold keeps.

mod acts;
mod forms;
mod lists;

pub use acts::{act, hold, release, retain};

use super::super::convert::bytes;
use super::super::frame::{Frame, may};
use super::super::reader::Reader;
use crate::parts::{
    AnswerView, ButtonView, FlashView, HeadView, NoticeView, Sentence, Tone, answer, head, notice, table,
};
use crate::words::{fill, words};
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::events::{EventKeeping, is_open};
use wardkeep_register::{Area, Verb};
use wardkeep_rights::Named;
use wardkeep_store::JobState;
use wardkeep_types::Problems;

/// Where it stands.
pub const PATH: &str = "/events/stored";

/// `GET /events/stored?release=`.
pub async fn show(reader: Reader) -> Response {
    reader.answer(page(&reader, &[], &Problems::new())).await
}

/// The page, with what was sent and what is wrong with it.
async fn page(reader: &Reader, sent: &[(String, String)], problems: &Problems) -> Result<Response, Error> {
    let view = reader.state.app.event_keeping(&reader.ctx, &reader.organisation).await?;
    let administers = may(reader, Named::LogEvent.into(), Verb::Administer);
    let title = words("stored.title");
    let busy = view.care.as_ref().is_some_and(is_open);
    let mut verbs = Vec::new();
    if administers {
        let care = ButtonView::post(words("stored.care"), PATH, reader.hidden());
        verbs.push(if busy { care.disabled(words("stored.care_runs")) } else { care });
    }
    let main = html! {
        (head(&HeadView { title: title.to_owned(), verbs, ..HeadView::default() }))
        (answer(&said(reader, &view)))
        (care(reader, &view))
        section.section { (table(&lists::kinds(reader, &view))) }
        section.section #limits {
            h2 { (words("stored.limits")) }
            p.quiet.prose { (words("stored.limits_text")) }
            @if !view.sources.is_empty() { (table(&lists::sources(&view))) }
            @if administers { (forms::limit(reader, &view, sent, problems)) }
        }
        section.section #holds {
            h2 { (words("stored.holds")) span.count { " " (view.holds.iter().filter(|h| h.ended.is_none()).count()) } }
            p.quiet.prose { (words("stored.holds_text")) }
            @if administers { (forms::release(reader, &view, sent, problems)) }
            (table(&lists::holds(reader, &view, administers)))
            @if administers { (forms::hold(reader, sent, problems)) }
        }
    };
    let frame = Frame::new(title).in_area(Area::Detect).at(super::EVENTS);
    let frame = frame.back(words("events.title"), super::EVENTS).crumb(title).flash(flash(reader));
    Ok(reader.page(frame, main))
}

fn flash(reader: &Reader) -> Option<FlashView> {
    let text = match reader.asked("flash")? {
        "held" => words("stored.held_done"),
        "released" => words("stored.released_done"),
        "limited" => words("stored.limited_done"),
        "care" => words("stored.care_asked"),
        _ => return None,
    };
    Some(FlashView { tone: Tone::Good, text: Sentence::new(text), act: None })
}

/// How much is kept since when, and what keeps or ends it.
fn said(reader: &Reader, view: &EventKeeping) -> AnswerView {
    let n = |n: u64| reader.taste.count(n as i64);
    let events: u64 = view.kinds.iter().map(|kind| kind.events).sum::<u64>() + view.recent;
    let Some(first) = view.kinds.iter().map(|kind| kind.first).min() else {
        return AnswerView {
            tone: Tone::Plain,
            text: words("events.nothing_text").into(),
            ..AnswerView::default()
        };
    };
    let size = bytes(&reader.taste, view.kinds.iter().map(|kind| kind.bytes).sum());
    let since = reader.taste.day(first.date());
    let mut text = fill("stored.said", &[("n", &n(events)), ("size", &size), ("since", &since)]);
    let today = reader.taste.today();
    let open = view.holds.iter().filter(|hold| hold.ended.is_none());
    let due = open.clone().filter(|hold| hold.review_on.is_some_and(|day| day <= today)).count();
    let mut add = |sentence: &str| {
        text.push(' ');
        text.push_str(sentence);
    };
    add(if view.limits.is_empty() { words("stored.said_no_limit") } else { words("stored.said_limits") });
    match open.count() {
        0 => {}
        1 => add(words("stored.said_hold")),
        some => add(&fill("stored.said_holds", &[("n", &n(some as u64))])),
    }
    if due > 0 {
        add(words("stored.said_due"));
    }
    let tone = if due > 0 { Tone::Warn } else { Tone::Plain };
    AnswerView { tone, text: text.into(), next: Vec::new() }
}

/// What the last round of care did.
fn care(reader: &Reader, view: &EventKeeping) -> Markup {
    let Some(job) = &view.care else { return html! { p.small.quiet { (words("stored.care_never")) } } };
    let at = reader.taste.moment_stamp(job.finished_at.unwrap_or(job.created_at)).absolute;
    let outcome = job.outcome.clone().unwrap_or_default();
    match job.state {
        JobState::Failed => notice(&NoticeView {
            tone: Tone::Bad,
            text: fill("stored.care_failed", &[("at", &at), ("why", &outcome)]).into(),
            ..NoticeView::default()
        }),
        JobState::Queued | JobState::Running => {
            let (done, total) = (job.progress.done.to_string(), job.progress.total.to_string());
            let said = if job.progress.total > 0 {
                fill("stored.care_progress", &[("done", &done), ("total", &total)])
            } else {
                words("stored.care_runs").to_owned()
            };
            html! { p.small.quiet role="status" { (said) } }
        }
        JobState::Done | JobState::Cancelled => {
            html! { p.small.quiet { (fill("stored.care_done", &[("at", &at), ("what", &outcome)])) } }
        }
    }
}
