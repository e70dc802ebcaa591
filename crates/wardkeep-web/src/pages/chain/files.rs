//! `/evidence/files`: every file that was looked at, and why some were not understood.

use super::super::convert::{bytes, list_link};
use super::super::frame::Frame;
use super::super::reader::Reader;
use super::FILES;
use super::say::{at, count};
use crate::parts::{
    Align, AnswerView, CellView, ColumnView, EmptyView, HeadView, PagerView, RowView, Sentence, TabView,
    TableView, TabsView, Tone, Value, answer, head, pager, table, tabs, unknown,
};
use crate::words::{fill, words};
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::assess::{FileState, FilesAsk, FilesView, ReadFile};
use wardkeep_app::{App, Error};

/// `GET /evidence/files?state=&after=`.
pub async fn show(reader: Reader) -> Response {
    reader.answer(page(&reader)).await
}

async fn page(reader: &Reader) -> Result<Response, Error> {
    let text = |name| reader.asked(name).map(ToOwned::to_owned);
    let ask = FilesAsk { state: text("state"), after: text("after") };
    let view = reader.state.app.read_files(&reader.ctx, &reader.organisation, &ask).await?;
    let schema = App::schema("evidence")?;
    let list = list_link(schema);
    let frame = Frame::new(words("files.title"))
        .within(schema)
        .back(list.text, list.href)
        .at(FILES)
        .crumb(words("files.title"));
    Ok(reader.page(frame, main(reader, &view)))
}

fn main(reader: &Reader, view: &FilesView) -> Markup {
    html! {
        (head(&HeadView { title: words("files.title").to_owned(), count: Some(count(&reader.taste, view.total())), ..HeadView::default() }))
        (answer(&said(reader, view)))
        (tabs(&states(reader, view)))
        div.files-read { (table(&list(reader, view))) }
        (pager(&PagerView {
            shown: fill("files.shown", &[("n", &view.files.len().to_string())]),
            total: Some(count(&reader.taste, view.state.map_or(view.total(), |s| view.of(s)))),
            about: false,
            first: reader.asked("after").map(|_| reader.address().without(&["after"]).to_string()),
            previous: None,
            next: view.next.clone().map(|after| reader.address().with("after", after).to_string()),
        }))
    }
}

fn said(reader: &Reader, view: &FilesView) -> AnswerView {
    let not = view.of(FileState::NotUnderstood);
    let part = view.of(FileState::Truncated) + view.of(FileState::ToolFailed) + view.of(FileState::Refused);
    let text = if view.total() == 0 {
        Sentence::new(words("files.said_none"))
    } else if not + part == 0 {
        Sentence::new(fill("files.said_all", &[("n", &count(&reader.taste, view.total()))]))
    } else {
        let mut text = Sentence::new(fill(
            "files.said",
            &[
                ("n", &count(&reader.taste, view.of(FileState::Read))),
                ("m", &count(&reader.taste, view.total())),
            ],
        ));
        if not > 0 {
            text = text.and(" ").link(
                fill("files.said_not", &[("n", &count(&reader.taste, not))]),
                of_state(FileState::NotUnderstood),
            );
        }
        if part > 0 {
            text = text.and(" ").and(fill("files.said_part", &[("n", &count(&reader.taste, part))]));
        }
        text
    };
    let tone = if view.total() == 0 {
        Tone::Plain
    } else if not + part > 0 {
        Tone::Warn
    } else {
        Tone::Good
    };
    AnswerView { tone, text, next: Vec::new() }
}

fn of_state(state: FileState) -> String {
    format!("{FILES}?state={}", state.key())
}

fn word(state: FileState) -> &'static str {
    match state {
        FileState::Read => words("files.read"),
        FileState::Truncated => words("files.truncated"),
        FileState::ToolFailed => words("files.tool_failed"),
        FileState::Refused => words("files.refused"),
        FileState::NotUnderstood => words("files.not_understood"),
    }
}

/// How reading went, as word and look: what was not understood is not known.
pub fn state(state: FileState) -> Markup {
    match state {
        FileState::Read => html! { span.verdict.effective { (word(state)) } },
        FileState::NotUnderstood => unknown(word(state)),
        FileState::Truncated | FileState::ToolFailed | FileState::Refused => {
            html! { span.verdict.degraded { (word(state)) } }
        }
    }
}

fn states(reader: &Reader, view: &FilesView) -> TabsView {
    let tab = |name: &str, href: String, n: u64, current: bool| TabView {
        name: name.to_owned(),
        href,
        count: Some(count(&reader.taste, n)),
        current,
    };
    let mut all = vec![tab(words("files.all"), FILES.to_owned(), view.total(), view.state.is_none())];
    let shown = view.counts.iter().filter(|(s, n)| *n > 0 || view.state == Some(*s));
    all.extend(shown.map(|(s, n)| tab(word(*s), of_state(*s), *n, view.state == Some(*s))));
    TabsView { label: words("files.state").to_owned(), tabs: all, extra: None }
}

fn list(reader: &Reader, view: &FilesView) -> TableView {
    let column = |label: &str, align| ColumnView { label: label.to_owned(), align, ..ColumnView::default() };
    let row = |f: &ReadFile| {
        let (folder, name) = f
            .path
            .rsplit_once('/')
            .map_or((None, f.path.as_str()), |(folder, name)| (Some(folder.to_owned()), name));
        let speaks = f.first.zip(f.last).map(|(a, b)| {
            match (reader.taste.day(a.date()), reader.taste.day(b.date())) {
                (a, b) if a == b => a,
                (a, b) => fill("chain.from_to", &[("from", &a), ("to", &b)]),
            }
        });
        RowView {
            name: f.path.clone(),
            href: Some(format!("/evidence/reports/{}", f.sha256)),
            cells: vec![
                CellView { value: Value::text(name), sub: folder },
                if f.format.is_empty() {
                    Value::Unknown(words("files.no_format").to_owned())
                } else {
                    Value::text(f.format.clone())
                }
                .into(),
                Value::number(count(&reader.taste, f.rows)).into(),
                CellView {
                    value: Value::Html(state(f.state)),
                    sub: Some(f.reason.clone()).filter(|r| !r.is_empty()),
                },
                CellView::from(speaks.map_or_else(|| Value::Unknown(String::new()), Value::text)),
                Value::text(bytes(&reader.taste, f.size)).into(),
                CellView::from(Value::text(at(reader, f.read_at))),
            ],
            ..RowView::default()
        }
    };
    TableView {
        caption: words("files.title").to_owned(),
        columns: vec![
            column(words("files.file"), Align::Text),
            column(words("files.format"), Align::Text),
            column(words("files.rows"), Align::Number),
            column(words("files.state"), Align::Text),
            column(words("files.speaks"), Align::Tight),
            column(words("files.size"), Align::Number),
            column(words("files.read_at"), Align::Tight),
        ],
        rows: view.files.iter().map(row).collect(),
        empty: EmptyView {
            title: words("files.none").to_owned(),
            text: Sentence::new(words("files.none_text")),
            ..EmptyView::default()
        },
        ..TableView::default()
    }
}
