//! `/admin/health`: whether the change log is whole, signed, verified and backed up.

use super::super::errors::sentence;
use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use super::overview::BACKUP_DAYS;
use super::{column, frame, may, require};
use crate::parts::{
    Align, AnswerView, ButtonView, CellView, EmptyView, FactView, FieldGroupView, HeadView, RowView,
    Sentence, TableView, Tone, Value, answer, field_groups, head, table,
};
use crate::words::{fill, words};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use maud::html;
use wardkeep_app::Error;
use wardkeep_app::work::HealthView;
use wardkeep_register::{Verb, label_of};
use wardkeep_rights::Named;
use wardkeep_store::JobState;

/// Hours without a signature after which something is wrong: heads are signed hourly.
const SIGNED_HOURS: i64 = 2;

/// `GET /admin/health`.
pub(super) async fn show(reader: Reader) -> Response {
    reader.answer(page(&reader)).await
}

async fn page(reader: &Reader) -> Result<Response, Error> {
    require(reader, Verb::View, Named::Health)?;
    let view = reader.state.app.health(&reader.ctx).await?;
    let busy =
        view.verified.as_ref().is_some_and(|j| matches!(j.state, JobState::Queued | JobState::Running));
    if busy {
        super::super::imports::begin_work(reader);
    }
    let title = words("admin.health");
    let mut verbs = Vec::new();
    if may(reader, Verb::Administer, Named::Health) {
        let act = ButtonView::post(words("admin.verify"), "/admin/health", reader.hidden()).main();
        verbs.push(if busy { act.disabled(words("admin.verifying")) } else { act });
    }
    let main = html! {
        (head(&HeadView { title: title.to_owned(), verbs, ..HeadView::default() }))
        (answer(&said(reader, &view)))
        div.stack { (field_groups(&groups(reader, &view))) }
        section.section { h2 { (words("admin.readers")) } div.stack { p.quiet.prose { (words("admin.readers_text")) } (table(&readers(reader, &view))) } }
    };
    let mut response = reader.page(frame(title, "/admin/health").crumb(title), main);
    if busy {
        response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("2"));
    }
    Ok(response)
}

/// What is the case, and what to do.
fn said(reader: &Reader, view: &HealthView) -> AnswerView {
    let now = reader.now();
    let mut parts: Vec<String> = Vec::new();
    let mut tone = Tone::Good;
    let mut worse = |new: Tone| {
        if tone != Tone::Bad {
            tone = new;
        }
    };
    match view.verified.as_ref().map(|job| job.state) {
        Some(JobState::Failed) => {
            worse(Tone::Bad);
            parts.push(words("admin.health_bad").to_owned());
        }
        Some(JobState::Done) => {}
        _ => {
            worse(Tone::Warn);
            parts.push(words("admin.health_unverified").to_owned());
        }
    }
    match view.backup {
        None => {
            worse(Tone::Warn);
            parts.push(words("admin.health_no_backup").to_owned());
        }
        Some(at) if now.seconds_since(at) > BACKUP_DAYS * 86_400 => {
            worse(Tone::Warn);
            let when = reader.taste.moment_stamp(at).relative;
            parts.push(fill("admin.health_old_backup", &[("when", &when)]));
        }
        Some(_) => {}
    }
    let late = view
        .signed
        .as_ref()
        .is_none_or(|(n, at, _)| *n < view.head.0 && now.seconds_since(*at) > SIGNED_HOURS * 3_600);
    if late && view.head.0 > 0 {
        worse(Tone::Warn);
        parts.push(words("admin.health_unsigned").to_owned());
    }
    let text = if parts.is_empty() { words("admin.health_good").to_owned() } else { parts.join(" ") };
    AnswerView { tone, text: Sentence::new(text), next: Vec::new() }
}

fn groups(reader: &Reader, view: &HealthView) -> Vec<FieldGroupView> {
    let at = |moment| Value::Moment(reader.taste.moment_stamp(moment));
    let n = |number: i64| reader.taste.count(number);
    let mut chain = vec![
        FactView::new(words("admin.last_change"), Value::number(n(view.head.0))),
        FactView::new(words("admin.head_hash"), Value::Code(view.head.1.clone())),
    ];
    match &view.signed {
        Some((number, moment, key)) => {
            let mut fact = FactView::new(words("admin.signed"), at(*moment));
            fact.sub = Some(fill("admin.signed_sub", &[("n", &n(*number)), ("key", key)]));
            chain.push(fact);
        }
        None => chain.push(FactView::new(words("admin.signed"), Value::text(words("admin.never")))),
    }
    let mut verified = match &view.verified {
        None => FactView::new(words("admin.verified"), Value::text(words("admin.never"))),
        Some(job) => {
            let mut fact = FactView::new(words("admin.verified"), Value::Html(super::jobs::state(job)));
            let when = job.finished_at.map(|at| reader.taste.moment_stamp(at).absolute).unwrap_or_default();
            let outcome = job.outcome.as_deref().map(sentence).unwrap_or_default();
            fact.sub = Some(format!("{when} {outcome}").trim().to_owned()).filter(|s| !s.is_empty());
            fact
        }
    };
    verified.help = Some(words("admin.verified_help").to_owned());
    chain.push(verified);
    let backup = view.backup.map_or_else(|| Value::text(words("admin.never")), at);
    let mut last = FactView::new(words("admin.backup"), backup);
    last.sub = Some(words("admin.backup_how").to_owned());
    vec![
        FieldGroupView { title: words("admin.chain").to_owned(), facts: chain },
        FieldGroupView {
            title: words("admin.backups").to_owned(),
            facts: vec![last, FactView::new(words("admin.schema"), Value::number(view.schema.to_string()))],
        },
    ]
}

fn readers(reader: &Reader, view: &HealthView) -> TableView {
    let row = |one: &wardkeep_store::ConsumerState| {
        let behind = (view.head.0 - one.change).max(0);
        RowView {
            key: one.consumer.clone(),
            name: one.consumer.clone(),
            cells: vec![
                CellView {
                    value: Value::text(label_of(&one.consumer)),
                    sub: Some(one.note.clone()).filter(|n| !n.is_empty()),
                },
                Value::number(reader.taste.count(one.change)).into(),
                Value::number(reader.taste.count(behind)).into(),
                Value::number(reader.taste.count(one.failures)).into(),
                Value::Moment(reader.taste.moment_stamp(one.at)).into(),
            ],
            ..RowView::default()
        }
    };
    TableView {
        caption: words("admin.readers").to_owned(),
        columns: vec![
            column(words("admin.reader"), Align::Text),
            column(words("admin.upto"), Align::Number),
            column(words("admin.behind"), Align::Number),
            column(words("admin.failures"), Align::Number),
            column(words("imports.when"), Align::Tight),
        ],
        rows: view.readers.iter().map(row).collect(),
        empty: EmptyView {
            title: words("admin.readers_none").to_owned(),
            text: Sentence::new(words("admin.readers_none_text")),
            ..EmptyView::default()
        },
        ..TableView::default()
    }
}

/// `POST /admin/health`: verifies everything, beside this request.
pub(super) async fn verify(posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            reader.state.app.ask_verify(&reader.ctx).await?;
            super::super::imports::begin_work(reader);
            Ok(go("/admin/health"))
        })
        .await
}
