//! `/admin/jobs`: work beside requests: what waits, runs, failed.

use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use super::{column, done, frame, may, require};
use crate::parts::{
    Align, ButtonView, CellView, EmptyView, FlashView, HeadView, PagerView, RowView, Sentence, TabView,
    TableView, TabsView, Value, button, head, pager, table, tabs,
};
use crate::words::{fill, words};
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::{Error, Refusal};
use wardkeep_register::{Verb, label_of};
use wardkeep_rights::Named;
use wardkeep_store::{Job, JobState};

/// Jobs that are looked through for a page.
const MOST: i64 = 100;

/// `GET /admin/jobs?state=&before=`.
pub(super) async fn show(reader: Reader) -> Response {
    reader.answer(page(&reader)).await
}

/// A job's state as word and look.
pub(super) fn state(job: &Job) -> Markup {
    let (class, word) = match job.state {
        JobState::Queued => ("stage open", words("admin.job_queued")),
        JobState::Running => ("stage doing", words("admin.job_running")),
        JobState::Done => ("stage done", words("admin.job_done")),
        JobState::Failed => ("stage failed", words("admin.job_failed")),
        JobState::Cancelled => ("stage retired", words("admin.job_stopped")),
    };
    html! { span class=(class) { (word) } }
}

async fn page(reader: &Reader) -> Result<Response, Error> {
    require(reader, Verb::View, Named::Job)?;
    let before = reader.asked("before").and_then(|text| text.parse().ok());
    let all = reader.state.app.jobs_seen(&reader.ctx, before, MOST).await?;
    let asked = reader.asked("state").unwrap_or_default();
    let open = |job: &&Job| match asked {
        "failed" => job.state == JobState::Failed,
        "open" => matches!(job.state, JobState::Queued | JobState::Running),
        _ => true,
    };
    let shown: Vec<&Job> = all.iter().filter(open).collect();
    let people = shown.iter().filter_map(|job| job.person);
    let labels = reader.state.app.labels(&reader.ctx, &reader.organisation, people).await?;
    let title = words("admin.jobs");
    let tab = |key: &str, name: &str| TabView {
        name: name.to_owned(),
        href: if key.is_empty() { "/admin/jobs".to_owned() } else { format!("/admin/jobs?state={key}") },
        count: None,
        current: key == asked,
    };
    let row = |job: &&Job| row(reader, job, job.person.and_then(|p| labels.get(p)).map(|l| l.title.clone()));
    let list = TableView {
        caption: title.to_owned(),
        columns: vec![
            column(words("admin.job"), Align::Text),
            column(words("admin.state"), Align::Tight),
            column(words("admin.outcome"), Align::Text),
            column(words("admin.attempts"), Align::Number),
            column(words("admin.asked_at"), Align::Tight),
            column(words("admin.act"), Align::Tight),
        ],
        rows: shown.iter().map(row).collect(),
        empty: EmptyView {
            title: words("admin.jobs_none").to_owned(),
            text: Sentence::new(words("admin.jobs_none_text")),
            ..EmptyView::default()
        },
        ..TableView::default()
    };
    let older = (all.len() as i64 == MOST).then(|| all.last().map(|j| j.id)).flatten();
    let main = html! {
        (head(&HeadView { title: title.to_owned(), ..HeadView::default() }))
        (tabs(&TabsView {
            label: words("admin.state").to_owned(),
            tabs: vec![tab("", words("admin.all")), tab("open", words("admin.jobs_open")), tab("failed", words("admin.job_failed"))],
            extra: None,
        }))
        (table(&list))
        @if older.is_some() || before.is_some() {
            (pager(&PagerView {
                shown: fill("list.rows", &[("n", &shown.len().to_string())]),
                first: before.map(|_: i64| reader.address().without(&["before"]).to_string()),
                next: older.map(|id| reader.address().with("before", id.to_string()).to_string()),
                ..PagerView::default()
            }))
        }
    };
    Ok(reader.page(frame(title, "/admin/jobs").crumb(title).flash(flash(reader)), main))
}

fn flash(reader: &Reader) -> Option<FlashView> {
    match reader.asked("flash")? {
        "retry" => done(words("admin.job_retried")),
        "stop" => done(words("admin.job_stop_asked")),
        _ => None,
    }
}

fn row(reader: &Reader, job: &Job, who: Option<String>) -> RowView {
    let keeps = may(reader, Verb::Administer, Named::Job);
    let post = |label: &str, verb: &str| {
        let mut fields = reader.hidden();
        fields.extend([("verb".to_owned(), verb.to_owned()), ("job".to_owned(), job.id.to_string())]);
        ButtonView::post(label, "/admin/jobs", fields).small()
    };
    let act = match job.state {
        _ if !keeps => None,
        JobState::Failed | JobState::Cancelled => Some(post(words("admin.retry"), "retry")),
        JobState::Queued | JobState::Running => Some(post(words("imports.stop"), "stop")),
        JobState::Done => None,
    };
    let (done, total) = (job.progress.done, job.progress.total);
    let outcome = match (&job.outcome, job.state) {
        (Some(said), _) => Value::text(super::super::errors::sentence(said)),
        (None, JobState::Running) if total > 0 => {
            let n = |n: i64| reader.taste.count(n);
            Value::text(fill("pager.of", &[("shown", &n(done)), ("total", &n(total))]))
        }
        _ => Value::Empty,
    };
    let number = fill("admin.job_number", &[("n", &job.id.to_string())]);
    let name = match job.kind.as_str() {
        "import" => words("admin.kind_import").to_owned(),
        "verify" => words("admin.kind_verify").to_owned(),
        other => label_of(other),
    };
    RowView {
        key: job.id.to_string(),
        name: number.clone(),
        href: job.payload["import"].as_str().map(|import| format!("/imports/{import}")),
        cells: vec![
            CellView {
                value: Value::text(name),
                sub: Some(who.map_or(number.clone(), |w| format!("{number}, {w}"))),
            },
            Value::Html(state(job)).into(),
            outcome.into(),
            Value::number(format!("{}/{}", job.attempts, job.attempts_most)).into(),
            Value::Moment(reader.taste.moment_stamp(job.created_at)).into(),
            act.map_or(Value::Empty, |act| Value::Html(button(&act))).into(),
        ],
        ..RowView::default()
    }
}

/// `POST /admin/jobs`.
pub(super) async fn act(posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let job: i64 = posted.text("job").parse().map_err(|_| Refusal::NotFound)?;
            let verb = posted.text("verb");
            match verb {
                "retry" => reader.state.app.retry_job(&reader.ctx, job).await?,
                "stop" => reader.state.app.stop_job_asked(&reader.ctx, job).await?,
                _ => return Err(Refusal::NotFound.into()),
            }
            super::super::imports::begin_work(reader);
            Ok(go(format!("/admin/jobs?flash={verb}")))
        })
        .await
}
