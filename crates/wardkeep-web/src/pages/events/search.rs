//! `/events`: searching log records.

use super::super::frame::{Frame, may};
use super::super::reader::Reader;
use super::super::record::download_of;
use super::question::{PERIODS, Question, period_name};
use super::{facets, over, rows, saved};
use crate::parts::{
    ButtonView, EmptyView, HeadView, NoticeView, Sentence, TabView, TabsView, Tone, button, empty, head,
    notice, tabs,
};
use crate::words::{fill, words};
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::events::{Answer, EventSpan, ExportKind, wrong_search};
use wardkeep_app::{Error, Refusal};
use wardkeep_events::search::{SearchError, Stage};
use wardkeep_register::{Area, Verb};
use wardkeep_rights::Named;

/// Events of a page.
const ROWS: usize = 100;
/// Rows of a count.
const COUNTED: usize = 500;

/// `GET /events?q=&last=&after=`.
pub async fn show(reader: Reader) -> Response {
    reader.answer(page(&reader)).await
}

/// `GET /events/export.csv` and its siblings: the events of the search, at most as many as an export may have.
pub async fn export(reader: Reader) -> Response {
    reader
        .answer(async {
            let ending = reader.path.rsplit('.').next().unwrap_or_default();
            let kind = ExportKind::of(ending).ok_or(Refusal::NotFound)?;
            let question = Question::of(&reader);
            let search = question.search().map_err(|e| wrong_search(&question.typed, e))?;
            let app = &reader.state.app;
            let (file, _) = app.export_events(&reader.ctx, &reader.organisation, &search, kind).await?;
            let name = format!("events-{}.{}", reader.now().date(), kind.ending());
            // The open file outlives its name.
            let file = tokio::fs::File::from_std(std::fs::File::open(file.path()).map_err(Error::fault)?);
            let size = file.metadata().await.map_err(Error::fault)?.len();
            Ok(download_of(&name, kind.media(), size, file))
        })
        .await
}

async fn page(reader: &Reader) -> Result<Response, Error> {
    let question = Question::of(reader);
    let (app, ctx, organisation) = (&reader.state.app, &reader.ctx, &reader.organisation);
    let whole = app.event_span(ctx, organisation, None, None).await?;
    let frame = Frame::new(words("events.title")).in_area(Area::Detect).at(super::EVENTS);
    let frame = frame.crumb(words("events.title"));
    let body = match question.search() {
        Err(error) => wrong(&question, error),
        Ok(_) if whole.is_none() => nothing_stored(),
        Ok(search) => {
            let (from, to) = search.window.resolve(ctx.now);
            let span = app.event_span(ctx, organisation, from, to).await?;
            let most = if search.stage.is_none() { ROWS } else { COUNTED };
            let list = app.search_events(ctx, organisation, search.clone(), question.after, most);
            let lists = matches!(search.stage, None | Some(Stage::Fields(_)));
            let found = if lists && question.after.is_none() {
                let (list, drawn, sides) = tokio::join!(
                    list,
                    over::drawing(reader, &search, span.as_ref(), (from, to)),
                    facets::all(reader, &search)
                );
                list.map(|answer| (answer, drawn, sides))
            } else {
                list.await.map(|answer| (answer, html! {}, Vec::new()))
            };
            match found {
                Ok((answer, drawn, sides)) => shown(reader, &question, &answer, &drawn, &sides, lists),
                // What a search may cost is a matter of the search: it stays on its page.
                Err(Error::Refusal(
                    refusal @ (Refusal::TooLarge(_) | Refusal::NotYet(_) | Refusal::Invalid(_)),
                )) => notice(&NoticeView {
                    tone: Tone::Warn,
                    text: Sentence::new(refusal.sentence()),
                    ..NoticeView::default()
                }),
                Err(error) => return Err(error),
            }
        }
    };
    let kept = saved::all(reader).await?;
    Ok(reader.page(
        frame,
        html! { (top(reader, &question, whole.as_ref(), &saved::bar(reader, &question, &kept))) (body) },
    ))
}

fn top(reader: &Reader, question: &Question, whole: Option<&EventSpan>, kept: &Markup) -> Markup {
    let count = whole.map(|span| reader.taste.count(span.events as i64));
    let mut verbs = vec![
        ButtonView::link(words("events.live"), question.at(super::LIVE)),
        ButtonView::link(words("events.stored"), super::stored::PATH),
    ];
    if may(reader, Named::LogEvent.into(), Verb::Export) && question.read.is_ok() {
        for kind in [ExportKind::Csv, ExportKind::Json, ExportKind::Parquet] {
            let path = format!("/events/export.{}", kind.ending());
            verbs.push(ButtonView::link(
                match kind {
                    ExportKind::Csv => words("events.csv"),
                    ExportKind::Json => words("events.json"),
                    ExportKind::Parquet => words("events.parquet"),
                },
                question.at(&path),
            ));
        }
    }
    let periods = PERIODS.iter().map(|period| {
        let there = Question {
            typed: question.typed.clone(),
            period: (*period).to_owned(),
            read: question.read.clone(),
            after: None,
        };
        TabView {
            name: period_name(period).to_owned(),
            href: there.page(&question.typed),
            count: None,
            current: **period == *question.period,
        }
    });
    html! {
        (head(&HeadView { title: words("events.title").to_owned(), count, verbs, ..HeadView::default() }))
        form.search-form.events-form role="search" method="get" action=(super::EVENTS) {
            label.sr for="q" { (words("events.search")) }
            input.input.full.mono #q type="search" name="q" value=(question.typed) placeholder=(words("events.example")) data-slash
                autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="4000" aria-describedby="q-means"
                aria-invalid=[question.read.is_err().then_some("true")];
            @if !question.period.is_empty() { input type="hidden" name="last" value=(question.period); }
            (button(&ButtonView::submit(words("search.go")).main()))
        }
        @if let Ok(search) = question.search() { p.small.quiet #q-means { (search.explain()) } }
        details.more-form {
            summary { (words("events.how")) }
            dl.names.small {
                @for (example, meaning) in examples() { div { dt.mono { (example) } dd { (meaning) } } }
            }
        }
        (kept)
        (tabs(&TabsView { label: words("events.period").to_owned(), tabs: periods.collect(), extra: None }))
    }
}

fn examples() -> [(&'static str, &'static str); 7] {
    [
        ("powershell  \"signed in\"", words("events.how_text")),
        ("user:anna  host:web*  -outcome:success", words("events.how_fields")),
        ("EventID:4625  EventID:>=4624  port:1..1024", words("events.how_numbers")),
        ("src_ip:10.0.0.0/8", words("events.how_network")),
        ("user:*  -user:*", words("events.how_there")),
        ("user:(anna OR bob) last:24h", words("events.how_or")),
        ("| count by user   | top 10 host   | over 1h   | fields user,host", words("events.how_stages")),
    ]
}

/// The question with its wrong part marked.
fn wrong(question: &Question, error: &SearchError) -> Markup {
    let (before, part, after) = error.parts(&question.typed);
    let place = error.column(&question.typed).to_string();
    html! {
        div #q-means {
            pre.wrong-part { code { (before) mark { @if part.is_empty() { (words("events.here")) } @else { (part) } } (after) } }
            (notice(&NoticeView {
                tone: Tone::Bad,
                title: Some(fill("events.wrong", &[("n", &place), ("what", &error.message)])),
                text: Sentence::new(error.hint.clone()),
                live: true,
                ..NoticeView::default()
            }))
        }
    }
}

fn nothing_stored() -> Markup {
    empty(&EmptyView {
        title: words("events.nothing").to_owned(),
        text: Sentence::new(words("events.nothing_text")),
        ..EmptyView::default()
    })
}

fn shown(
    reader: &Reader,
    question: &Question,
    answer: &Answer,
    drawn: &Markup,
    sides: &[facets::Facet],
    lists: bool,
) -> Markup {
    let unknown = (!answer.unknown.is_empty()).then(|| {
        notice(&NoticeView {
            tone: Tone::Warn,
            text: Sentence::new(fill("events.unknown", &[("names", &answer.unknown.join(", "))])),
            ..NoticeView::default()
        })
    });
    if answer.rows.is_empty() {
        return html! {
            @if let Some(unknown) = unknown { (unknown) }
            (empty(&EmptyView {
                title: words("events.none").to_owned(),
                text: Sentence::new(words("events.none_text")),
                acts: vec![ButtonView::link(words("events.all_time"), Question { period: String::new(), typed: question.typed.clone(), read: question.read.clone(), after: None }.page(&question.typed))],
                ..EmptyView::default()
            }))
        };
    }
    html! {
        @if let Some(unknown) = unknown { (unknown) }
        (drawn)
        @if sides.is_empty() { (rows::list(reader, question, answer, lists)) } @else {
            div.events-split {
                (facets::show(reader, question, sides))
                div { (rows::list(reader, question, answer, lists)) }
            }
        }
    }
}
