//! Pages for refusals, which people can mend, and for faults, which we must.

use super::frame::Frame;
use super::reader::Reader;
use crate::parts::{ButtonView, HeadView, NoticeView, Sentence, Theme, Tone, bare_page, head, notice};
use crate::words::{fill, words};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use wardkeep_app::{Ctx, Error, Refusal};

/// The page for an error, in the reader's frame.
pub fn page(reader: &Reader, error: &Error) -> Response {
    let (status, title, main) = told(&reader.ctx, error);
    let frame = Frame::new(title).crumb(title);
    let mut response = reader.page(frame, main);
    *response.status_mut() = status;
    response
}

/// The page for an error before it is known who reads.
pub fn bare(theme: Theme, ctx: &Ctx, error: &Error) -> Response {
    let (status, title, main) = told(ctx, error);
    (status, bare_page(title, theme, "", main)).into_response()
}

fn told(ctx: &Ctx, error: &Error) -> (StatusCode, &'static str, Markup) {
    match error {
        Error::Refusal(refusal) => {
            let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            let title = title_of(refusal);
            (status, title, refusal_page(title, refusal))
        }
        Error::Fault(fault) => {
            tracing::error!(request = %ctx.request, cause = %fault.cause, "a request failed");
            (StatusCode::INTERNAL_SERVER_ERROR, words("error.fault"), fault_page(&ctx.request))
        }
    }
}

fn title_of(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Invalid(_) => words("error.invalid"),
        Refusal::Forbidden(_) => words("error.forbidden"),
        Refusal::NotFound => words("error.not_found"),
        Refusal::Conflict(_) => words("error.conflict"),
        Refusal::NotYet(_) => words("error.not_yet"),
        Refusal::TooLarge(_) => words("error.too_large"),
    }
}

fn refusal_page(title: &str, refusal: &Refusal) -> Markup {
    let text = match refusal {
        Refusal::NotFound => words("error.not_found_text").to_owned(),
        other => sentence(&other.sentence()),
    };
    let points = match refusal {
        Refusal::Invalid(problems) if problems.0.len() > 1 => {
            problems.iter().map(|p| Sentence::new(sentence(&p.message))).collect()
        }
        _ => Vec::new(),
    };
    let tone = if matches!(refusal, Refusal::NotFound) { Tone::Plain } else { Tone::Warn };
    let acts = vec![ButtonView::link(words("error.today"), "/today")];
    let view = NoticeView { tone, text: Sentence::new(text), points, acts, ..NoticeView::default() };
    html! { (head(&HeadView { title: title.to_owned(), ..HeadView::default() })) (notice(&view)) }
}

fn fault_page(request: &str) -> Markup {
    // The last part of the id is what differs between requests; it is short enough to be read out.
    let number = request.rsplit('-').next().unwrap_or(request);
    let view = NoticeView {
        tone: Tone::Bad,
        text: Sentence::new(fill("error.fault_text", &[("number", number)])),
        acts: vec![ButtonView::link(words("error.today"), "/today")],
        ..NoticeView::default()
    };
    html! { (head(&HeadView { title: words("error.fault").to_owned(), ..HeadView::default() })) (notice(&view)) }
}

/// The sentence as it stands alone: it begins with a capital and ends with a full stop.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    let end = if text.ends_with(['.', '?']) || text.is_empty() { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// What is at no address of ours.
pub async fn missing(reader: Reader) -> Response {
    page(&reader, &Refusal::NotFound.into())
}
