//! `/events/live`: the newest log records. It loads itself again only when its reader asked for that.

use super::super::address::Address;
use super::super::frame::Frame;
use super::super::reader::Reader;
use super::question::Question;
use super::rows;
use crate::parts::{ButtonView, EmptyView, HeadView, Sentence, TabView, TabsView, empty, head, tabs};
use crate::words::{fill, words};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use maud::html;
use wardkeep_app::Error;
use wardkeep_app::events::wrong_search;
use wardkeep_register::Area;

/// Events shown.
const MOST: usize = 50;
/// Seconds between two looks, to choose from.
const EVERY: [&str; 3] = ["", "5", "30"];

/// `GET /events/live?q=&every=`.
pub async fn show(reader: Reader) -> Response {
    let mut answer = reader.answer(page(&reader)).await;
    let every = EVERY.iter().find(|every| !every.is_empty() && Some(**every) == reader.asked("every"));
    if let Some(every) = every
        && answer.status().is_success()
    {
        answer.headers_mut().insert(HeaderName::from_static("refresh"), HeaderValue::from_static(every));
    }
    answer
}

async fn page(reader: &Reader) -> Result<Response, Error> {
    let question = Question::of(reader);
    let mut search = question.search().map_err(|e| wrong_search(&question.typed, e))?;
    search.stage = None;
    search.limit = None;
    let app = &reader.state.app;
    let answer = app.search_events(&reader.ctx, &reader.organisation, search, None, MOST).await?;
    let here = Address::new(super::LIVE, &[("q".to_owned(), question.typed.clone())]);
    let asked = reader.asked("every").unwrap_or_default();
    let tab = |every: &&'static str| TabView {
        name: match *every {
            "" => words("events.by_hand").to_owned(),
            seconds => fill("events.every", &[("n", seconds)]),
        },
        href: if every.is_empty() {
            here.to_string()
        } else {
            here.clone().with("every", *every).to_string()
        },
        count: None,
        current: **every == *asked,
    };
    let frame = Frame::new(words("events.live")).in_area(Area::Detect).at(super::EVENTS);
    let frame = frame.back(words("events.title"), question.page(&question.typed)).crumb(words("events.live"));
    let verbs = vec![ButtonView::link(words("events.refresh"), reader.address()).main()];
    let main = html! {
        (head(&HeadView { title: words("events.live").to_owned(), verbs, ..HeadView::default() }))
        (tabs(&TabsView { label: words("events.how_often").to_owned(), tabs: EVERY.iter().map(tab).collect(), extra: None }))
        @if answer.rows.is_empty() {
            (empty(&EmptyView { title: words("events.none").to_owned(), text: Sentence::new(words("events.none_text")), ..EmptyView::default() }))
        } @else { (rows::list(reader, &Question { after: None, ..question }, &wardkeep_app::events::Answer { more: false, ..answer }, true)) }
    };
    Ok(reader.page(frame, main))
}
