//! `/imports/{id}`: what an import would do, does, or did, row by row.

use super::super::errors::sentence;
use super::super::frame::{Frame, many};
use super::super::reader::{Reader, go};
use super::say::{answer_of, state};
use crate::parts::{
    ButtonView, FlashView, HeadView, JobState, JobView, LinkView, NoticeView, Sentence, Tone, Value, Weight,
    answer, head, import_preview, job, notice, pager,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::exchange::{ImportHead, ImportPage, ImportState, RowOutcome};
use wardkeep_app::{App, Error};
use wardkeep_register::{Area, Schema};
use wardkeep_store::{Job, JobState as Stored};
use wardkeep_types::Problem;

/// Warnings about a file that are shown at once.
const TOLD: usize = 8;

/// `GET /imports/{id}?outcome=&after=`.
pub(super) async fn show(reader: Reader, Path(id): Path<String>) -> Response {
    reader.answer(page(&reader, &id)).await
}

/// What the page shows, read once.
pub(super) struct Shown<'a> {
    pub(super) reader: &'a Reader,
    pub(super) schema: &'static Schema,
    pub(super) page: &'a ImportPage,
    pub(super) outcome: Option<RowOutcome>,
    job: Option<&'a Job>,
    pub(super) may: (bool, bool),
    pub(super) waiting: u64,
    who: String,
}

async fn page(reader: &Reader, id: &str) -> Result<Response, Error> {
    let (app, ctx) = (&reader.state.app, &reader.ctx);
    let head = super::find(reader, id).await?;
    let may = app.import_verbs(ctx, &head).await?;
    if head.state == ImportState::Reading && may.0 && head.notes.kept {
        return Ok(go(format!("/imports/{id}/columns")));
    }
    let work = app.import_job(ctx, head.id).await?;
    let busy = work.as_ref().is_some_and(|j| matches!(j.state, Stored::Queued | Stored::Running));
    if busy {
        super::work(reader);
    }
    let outcome = reader.asked("outcome").and_then(RowOutcome::from_key);
    let after = reader.asked("after").and_then(|text| text.parse().ok());
    let rows = app.import_page(ctx, head.id, outcome, after).await?;
    let labels = app.labels(ctx, &reader.organisation, head.person).await?;
    let shown = Shown {
        reader,
        schema: App::schema(&head.register)?,
        page: &rows,
        outcome,
        job: work.as_ref(),
        may,
        waiting: app.rows_to_apply(&head).await?,
        who: head
            .person
            .and_then(|p| labels.get(p))
            .map_or_else(|| words("imports.program").into(), |l| l.title.clone()),
    };
    let title = head.file_name.clone();
    let frame = Frame::new(title.clone())
        .in_area(Area::Settings)
        .at(super::PATH)
        .back(words("imports.title"), super::PATH)
        .crumb(title)
        .flash(flash(reader));
    let mut response = reader.page(frame, shown.main(busy));
    if busy {
        // Asks for the page again by itself, also where no script runs.
        response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("2"));
    }
    Ok(response)
}

fn flash(reader: &Reader) -> Option<FlashView> {
    let kept = reader.asked("flash")? == "kept";
    kept.then(|| FlashView { tone: Tone::Good, text: Sentence::new(words("imports.kept")), act: None })
}

impl Shown<'_> {
    pub(super) fn import(&self) -> &ImportHead {
        &self.page.head
    }
    pub(super) fn place(&self) -> String {
        format!("/imports/{}", self.import().id)
    }
    fn post(&self, label: impl Into<String>, verb: &str) -> ButtonView {
        let mut fields = self.reader.hidden();
        fields.push(("verb".to_owned(), verb.to_owned()));
        ButtonView::post(label, self.place(), fields)
    }
    fn main(&self, busy: bool) -> Markup {
        let import = self.import();
        let asks_undo = self.reader.asked("ask") == Some("undo") && self.may_undo() && !busy;
        html! {
            (head(&self.head(busy)))
            @if busy { (job(&self.progress())) }
            @else {
                (answer(&answer_of(self.reader, import)))
                @if let Some(failed) = self.failed() { (failed) }
                @if asks_undo { (self.undo()) }
                @if !import.notes.problems.is_empty() { (self.notes()) }
            }
            @if !busy && import.counts.total > 0 && import.state != ImportState::Discarded { div.section { (import_preview(&self.preview())) (pager(&self.pager())) } }
        }
    }
    fn may_undo(&self) -> bool {
        let state = self.import().state;
        self.may.1
            && matches!(state, ImportState::Applied | ImportState::PartlyApplied | ImportState::Applying)
    }
    fn head(&self, busy: bool) -> HeadView {
        let import = self.import();
        let at = self.reader.taste.moment_stamp(import.at);
        let mut verbs = Vec::new();
        if !busy {
            if import.counts.refused > 0 && import.state != ImportState::Discarded {
                verbs.push(ButtonView::link(
                    words("imports.get_refused"),
                    format!("{}/refused.csv", self.place()),
                ));
            }
            if self.may.0
                && import.notes.kept
                && import.state == ImportState::Staged
                && import.counts.applied == 0
            {
                verbs.push(ButtonView::link(words("imports.columns"), format!("{}/columns", self.place())));
            }
            if self.may.0
                && matches!(import.state, ImportState::Staged | ImportState::Reading)
                && import.counts.applied == 0
            {
                verbs.push(self.post(words("imports.discard"), "discard").weight(Weight::Danger));
            }
            if self.may_undo() && self.reader.asked("ask").is_none() {
                let ask = ButtonView::link(words("imports.undo"), format!("{}?ask=undo", self.place()));
                verbs.push(ask.weight(Weight::Danger));
            }
        }
        HeadView {
            title: import.file_name.clone(),
            facts: vec![
                Value::Html(state(import.state)),
                Value::Link(LinkView::new(many(self.schema), format!("/{}", self.schema.path))),
                Value::text(import.unit_name.1.clone()),
                Value::text(fill("imports.by", &[("name", &self.who), ("when", &at.absolute)])),
            ],
            verbs,
            ..HeadView::default()
        }
    }
    /// The job that works on it.
    fn progress(&self) -> JobView {
        let Some(work) = self.job else { return JobView::default() };
        let (done, total) = (work.progress.done.max(0) as u64, work.progress.total.max(0) as u64);
        let undoing = work.payload["what"]["act"] == "undo";
        let n = |number: u64| self.reader.taste.count(number as i64);
        let said = match (undoing, work.state) {
            (true, _) => words("imports.undoing_text").to_owned(),
            (_, Stored::Queued) => words("imports.waiting_text").to_owned(),
            _ if total == 0 => words("imports.running_text").to_owned(),
            _ => fill("imports.progress", &[("done", &n(done)), ("total", &n(total))]),
        };
        JobView {
            id: "work".to_owned(),
            title: if undoing { words("imports.undoing") } else { words("imports.running") }.to_owned(),
            state: if work.state == Stored::Queued { JobState::Waiting } else { JobState::Running },
            steps: (done, (total > 0).then_some(total)),
            said: Sentence::new(said).and(" ").link(words("imports.look_again"), self.place()),
            acts: if undoing { Vec::new() } else { vec![self.post(words("imports.stop"), "stop")] },
            ..JobView::default()
        }
    }
    /// The last work on it failed or was stopped: why, and how to go on.
    fn failed(&self) -> Option<Markup> {
        let work = self.job?;
        let stopped = work.state == Stored::Cancelled;
        let over = matches!(
            self.import().state,
            ImportState::Applied | ImportState::PartlyApplied | ImportState::Undone | ImportState::Discarded
        );
        if (work.state != Stored::Failed && !stopped) || (over && work.payload["what"]["act"] != "undo") {
            return None;
        }
        let why = work.outcome.clone().unwrap_or_default();
        let text = if stopped { words("imports.stopped").to_owned() } else { sentence(&why) };
        let view = NoticeView {
            tone: if stopped { Tone::Warn } else { Tone::Bad },
            title: (!stopped).then(|| words("imports.failed").to_owned()),
            text: Sentence::new(text),
            ..NoticeView::default()
        };
        Some(html! { div.section { (notice(&view)) } })
    }
    fn undo(&self) -> Markup {
        let n = self.reader.taste.count(self.import().counts.applied as i64);
        let view = NoticeView {
            tone: Tone::Warn,
            title: Some(fill("imports.undo_ask", &[("n", &n)])),
            text: Sentence::new(words("imports.undo_text")),
            acts: vec![
                self.post(words("imports.undo"), "undo").weight(Weight::DangerMain),
                ButtonView::link(words("form.cancel"), self.place()).weight(Weight::Quiet),
            ],
            ..NoticeView::default()
        };
        html! { div.section { (notice(&view)) } }
    }
    /// What was understood of the file as a whole.
    fn notes(&self) -> Markup {
        let problems = &self.import().notes.problems;
        let point = |p: &Problem| {
            let hint = if p.hint.is_empty() { String::new() } else { format!(" {}", sentence(&p.hint)) };
            let place = if p.path.starts_with("line") { format!("{}: ", p.path) } else { String::new() };
            Sentence::new(format!("{place}{}{hint}", sentence(&p.message)))
        };
        let mut points: Vec<Sentence> = problems.iter().take(TOLD).map(point).collect();
        let more = problems.0.len().saturating_sub(TOLD);
        if more > 0 {
            points.push(Sentence::new(fill("value.more", &[("n", &more.to_string())])));
        }
        let view =
            NoticeView { text: Sentence::new(words("imports.notes")), points, ..NoticeView::default() };
        html! { div.section { (notice(&view)) } }
    }
}
