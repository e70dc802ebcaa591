//! `/imports/{id}`: what an import would do, does, or did, row by row.

use super::super::errors::sentence;
use super::super::frame::{Frame, many};
use super::super::reader::{Reader, go};
use super::say::{answer_of, state};
use crate::parts::{
    ButtonView, FlashView, HeadView, ImportRowView, ImportView, JobState, JobView, LinkView, NoticeView,
    Outcome, OutcomeCount, PagerView, Sentence, Tone, Value, Weight, answer, head, import_preview, job,
    notice, pager,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::exchange::{ImportHead, ImportPage, ImportRow, ImportState, RowOutcome};
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
struct Shown<'a> {
    reader: &'a Reader,
    schema: &'static Schema,
    page: &'a ImportPage,
    outcome: Option<RowOutcome>,
    job: Option<&'a Job>,
    may: (bool, bool),
    waiting: u64,
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
    fn import(&self) -> &ImportHead {
        &self.page.head
    }
    fn place(&self) -> String {
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
    fn preview(&self) -> ImportView {
        let import = self.import();
        let counts = &import.counts;
        let at = |outcome: RowOutcome| format!("{}?outcome={}", self.place(), outcome.key());
        let count = |outcome, n: u64, of: RowOutcome| OutcomeCount {
            outcome,
            count: self.reader.taste.count(n as i64),
            href: at(of),
        };
        let choose = self.may.0 && matches!(import.state, ImportState::Staged | ImportState::Applying);
        let mut fields = self.reader.hidden();
        for (name, value) in &self.reader.pairs {
            if matches!(name.as_str(), "outcome" | "after") {
                fields.push((name.clone(), value.clone()));
            }
        }
        let mut acts = Vec::new();
        if choose {
            let n = self.reader.taste.count(self.waiting as i64);
            let label = if self.waiting == 1 {
                words("imports.apply_one").to_owned()
            } else {
                fill("imports.apply", &[("n", &n)])
            };
            let apply = ButtonView::verb(label, "verb", "apply").main();
            acts.push(if self.waiting > 0 { apply } else { apply.disabled(words("imports.nothing_to_do")) });
            acts.push(ButtonView::verb(words("imports.choose"), "verb", "choose"));
        }
        ImportView {
            counts: vec![
                count(Outcome::Refused, counts.refused, RowOutcome::Refused),
                count(Outcome::Change, counts.change, RowOutcome::Change),
                count(Outcome::Add, counts.add, RowOutcome::Add),
                count(Outcome::Same, counts.same, RowOutcome::Same),
            ],
            rows: self.page.rows.iter().map(|row| self.row(row, choose)).collect(),
            action: self.place(),
            fields,
            whole: (choose && import.state == ImportState::Staged)
                .then(|| (words("imports.whole").to_owned(), false)),
            acts,
        }
    }
    fn row(&self, row: &ImportRow, choose: bool) -> ImportRowView {
        let label = |path: &str| {
            let custom = self.reader.organisation.custom(self.schema.key);
            super::super::convert::declared(self.schema, custom, path)
                .map_or_else(|| path.to_owned(), wardkeep_register::Field::label)
        };
        let problem = |p: &Problem| {
            if p.path.is_empty() {
                sentence(&p.message)
            } else {
                format!("{}: {}", label(&p.path), sentence(&p.message))
            }
        };
        let writes = matches!(row.outcome, RowOutcome::Add | RowOutcome::Change);
        let mut changes: Vec<(String, String, String)> =
            row.changes.iter().map(|c| (c.label.clone(), c.before.clone(), c.after.clone())).collect();
        changes.extend(row.moves.iter().map(|step| {
            let label = self
                .schema
                .moves
                .iter()
                .find(|m| m.name == step)
                .map_or(step.clone(), wardkeep_register::MoveSchema::label);
            (words("imports.move").to_owned(), String::new(), label)
        }));
        ImportRowView {
            key: row.row.to_string(),
            line: row.line,
            title: row.title.clone(),
            reference: row.reference.clone().map(|r| {
                let path = format!("/{}/{r}", self.schema.path);
                (r, path)
            }),
            outcome: match row.outcome {
                RowOutcome::Add => Outcome::Add,
                RowOutcome::Change => Outcome::Change,
                RowOutcome::Same => Outcome::Same,
                RowOutcome::Refused => Outcome::Refused,
            },
            reasons: row.problems.iter().map(|p| (problem(p), sentence(&p.hint))).collect(),
            // Of a refused row only what is wrong with it counts.
            changes: if row.outcome == RowOutcome::Refused { Vec::new() } else { changes },
            note: self.note(row, writes),
            take: (choose && writes && !row.applied).then_some(row.taken),
        }
    }
    /// What became of a row once the import ran.
    fn note(&self, row: &ImportRow, writes: bool) -> Option<String> {
        let word = match self.import().state {
            _ if !writes => return None,
            ImportState::Staged | ImportState::Reading => return None,
            ImportState::Undone if !row.applied => words("imports.row_back"),
            _ if row.applied => return None,
            ImportState::Applying => words("imports.row_waits"),
            _ => words("imports.row_out"),
        };
        Some(word.to_owned())
    }
    fn pager(&self) -> PagerView {
        let counts = &self.import().counts;
        let of = match self.outcome {
            None => counts.total,
            Some(RowOutcome::Add) => counts.add,
            Some(RowOutcome::Change) => counts.change,
            Some(RowOutcome::Same) => counts.same,
            Some(RowOutcome::Refused) => counts.refused,
        };
        let address = self.reader.address().without(&["ask"]);
        PagerView {
            shown: fill("list.rows", &[("n", &self.page.rows.len().to_string())]),
            total: Some(self.reader.taste.count(of as i64)),
            about: false,
            first: (self.reader.asked("after").is_some() || self.outcome.is_some()).then(|| self.place()),
            previous: None,
            next: self.page.next.map(|row| address.with("after", row.to_string()).to_string()),
        }
    }
}
