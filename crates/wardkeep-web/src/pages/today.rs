//! `/today`: what waits for me, what I am asked to decide, what I should know, what changed.

use super::frame::Frame;
use super::posted::Posted;
use super::reader::{Reader, go};
use crate::parts::{
    Align, AnswerView, ButtonView, CellView, ColumnView, EmptyView, EntryView, HeadView, LinkView, RailItem,
    RowView, Sentence, StatFigure, StatView, TableView, Tone, Value, Weight, answer, button, empty, head,
    show, stats, table, timeline,
};
use crate::parts::{Place, Urgency};
use crate::words::{fill, words};
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::auth::Approval;
use wardkeep_app::work::{NoticeKind, NoticeView, TodayView, WorkItem};
use wardkeep_app::{Error, Refusal};
use wardkeep_register::label_of;
use wardkeep_types::State;

/// `GET /today`.
pub async fn show_today(reader: Reader) -> Response {
    reader.answer(page(&reader)).await
}

async fn page(reader: &Reader) -> Result<Response, Error> {
    let (app, organisation, ctx) = (&reader.state.app, &reader.organisation, &reader.ctx);
    let (decide, asked) = reader.state.auth.approvals_waiting(ctx, &organisation.units).await?;
    let askers: Vec<_> = decide.iter().filter_map(|a| a.asker).collect();
    let view = app.today(ctx, organisation, &askers).await?;
    let today = Today { reader, view: &view, decide: &decide, asked: &asked };
    let title = words("area.today");
    let frame = Frame::new(title).at("/today").crumb(title).live(true);
    Ok(reader.page(frame, today.main()))
}

/// `POST /notices`: one notice was read, or all of them.
pub async fn read_notices(posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let one = posted.text("notice");
            let notice =
                if one.is_empty() { None } else { Some(one.parse().map_err(|_| Refusal::NotFound)?) };
            reader.state.app.read_notice(&reader.ctx, notice).await?;
            Ok(go("/today"))
        })
        .await
}

struct Today<'a> {
    reader: &'a Reader,
    view: &'a TodayView,
    decide: &'a [Approval],
    asked: &'a [Approval],
}

impl Today<'_> {
    fn late(&self) -> usize {
        self.view.work.iter().filter(|w| self.urgency(w) == Urgency::Late).count()
    }
    fn urgency(&self, work: &WorkItem) -> Urgency {
        work.due.map_or(Urgency::Calm, |day| self.reader.taste.urgency(day, true))
    }
    fn main(&self) -> Markup {
        let name = self.reader.ctx.actor.name.split_whitespace().next().unwrap_or_default().to_owned();
        let stamp = self.reader.taste.day(self.reader.taste.today());
        html! {
            (head(&HeadView { title: fill("today.title", &[("name", &name)]), facts: vec![Value::text(stamp)], ..HeadView::default() }))
            (self.answer())
            @if let Some(states) = self.states() { section.section { h2 { (words("today.controls")) } (states) } }
            @if !self.decide.is_empty() { section.section #decide { h2 { (words("today.decide")) } (table(&self.decisions())) } }
            section.section #work { h2 { (words("today.work")) } (self.work()) }
            @if !self.asked.is_empty() { section.section { h2 { (words("today.asked")) } (table(&self.requests())) } }
            div.halves {
                section.section #notices {
                    div.title-line {
                        h2 { (words("today.notices")) }
                        @if !self.view.notices.is_empty() {
                            (button(&ButtonView::post(words("today.read_all"), "/notices", self.reader.hidden()).small().weight(Weight::Quiet)))
                        }
                    }
                    (self.notices())
                }
                section.section { h2 { (words("today.recent")) } (self.recent()) }
            }
        }
    }
    /// One sentence: what is the case, and what to do first.
    fn answer(&self) -> Markup {
        let (late, decide) = (self.late(), self.decide.len());
        let soon = self.view.work.iter().filter(|w| self.urgency(w) == Urgency::Soon).count();
        let failing = self.view.states.as_ref().map_or(0, |s| s.of(State::Failing));
        let mut parts: Vec<(String, &str)> = Vec::new();
        if late > 0 {
            parts.push((counted(late, words("today.late_one"), words("today.late_many")), "#work"));
        }
        if decide > 0 {
            parts.push((counted(decide, words("today.decide_one"), words("today.decide_many")), "#decide"));
        }
        if failing > 0 {
            parts.push((
                counted(failing as usize, words("today.failing_one"), words("today.failing_many")),
                "/controls?state=failing",
            ));
        }
        if soon > 0 {
            parts.push((counted(soon, words("today.soon_one"), words("today.soon_many")), "#work"));
        }
        if parts.is_empty() {
            let next = self.view.next.as_ref().and_then(|w| Some((w, w.due?)));
            let mut text = Sentence::new(words("today.nothing"));
            if let Some((work, due)) = next {
                let due = self.reader.taste.day_stamp(due);
                text = text
                    .and(fill("today.next", &[("day", &due.absolute), ("when", &due.relative)]))
                    .link(work.label.title.clone(), work.label.path.clone())
                    .and(".");
            }
            return answer(&AnswerView { tone: Tone::Good, text, next: Vec::new() });
        }
        let count = parts.len();
        let mut text = Sentence::default();
        for (n, (words_of, href)) in parts.into_iter().enumerate() {
            let joint = if n == 0 {
                ""
            } else if n + 1 == count {
                words("today.and")
            } else {
                ", "
            };
            let said = if n == 0 {
                super::errors::sentence(&words_of).trim_end_matches('.').to_owned()
            } else {
                words_of
            };
            text = text.and(joint).link(said, href);
        }
        text = text.and(".");
        let first = self.view.work.first().filter(|w| self.urgency(w) != Urgency::Calm);
        if let Some(work) = first {
            text = text
                .and(" ")
                .and(words("today.begin"))
                .link(format!("{} {}", work.label.reference, work.label.title), work.label.path.clone())
                .and(".");
        }
        let tone = if late > 0 || failing > 0 { Tone::Bad } else { Tone::Warn };
        answer(&AnswerView { tone, text, next: Vec::new() })
    }
    fn states(&self) -> Option<Markup> {
        let states = self.view.states.as_ref()?;
        let at = states
            .as_of
            .map(|at| fill("today.evidence", &[("moment", &self.reader.taste.moment_stamp(at).absolute)]));
        let one = |state: State| StatView {
            label: label_of(state.word()),
            figure: StatFigure::Known(self.reader.taste.count(states.of(state) as i64), None),
            href: Some(format!("/controls?state={}", state.key())),
            ..StatView::default()
        };
        let all: Vec<StatView> = State::ALL.into_iter().map(one).collect();
        Some(html! { (stats(&all)) @if let Some(at) = at { p.small.quiet { (at) } } })
    }
    fn work(&self) -> Markup {
        let row = |w: &WorkItem| {
            let due = w
                .due
                .map_or(Value::Empty, |day| Value::Due(self.reader.taste.day_stamp(day), self.urgency(w)));
            let instead = w.instead_of.map(|id| {
                let name = self.view.labels.get(id).map_or_else(String::new, |l| l.title.clone());
                fill("today.instead", &[("name", &name)])
            });
            let schema = w.schema;
            let cells: Vec<CellView> = vec![
                due.into(),
                Value::Link(LinkView::new(w.label.reference.clone(), w.label.path.clone())).into(),
                CellView { value: Value::text(w.label.title.clone()), sub: instead },
                Value::text(label_of(schema.names.one)).into(),
                Value::text(w.stage.clone()).into(),
            ];
            RowView {
                key: w.label.reference.clone(),
                name: w.label.title.clone(),
                href: Some(w.label.path.clone()),
                edit: Some(format!("{}/edit", w.label.path)),
                group: None,
                cells,
            }
        };
        let view = TableView {
            caption: words("today.work").to_owned(),
            columns: columns(&[
                (words("today.due"), Align::Tight),
                (words("list.reference"), Align::Reference),
                (words("today.what"), Align::Text),
                (words("today.kind"), Align::Tight),
                (words("list.stage"), Align::Tight),
            ]),
            title: 2,
            rows: self.view.work.iter().map(row).collect(),
            empty: EmptyView {
                title: words("today.no_work").to_owned(),
                text: Sentence::new(words("today.no_work_text")),
                acts: vec![ButtonView::link(words("today.all_tasks"), "/tasks")],
                example: None,
            },
            ..TableView::default()
        };
        html! {
            (table(&view))
            @if self.view.more_work { p.small { a href="/tasks?owner=me&stage=open" { (words("today.more_work")) } } }
        }
    }
    fn decisions(&self) -> TableView {
        let who = |a: &Approval| {
            a.asker
                .and_then(|id| self.view.labels.get(id))
                .map_or_else(|| "Wardkeep".to_owned(), |l| l.title.clone())
        };
        let row = |a: &Approval| {
            approval_row(
                self.reader,
                a,
                CellView {
                    value: Value::text(who(a)),
                    sub: Some(self.reader.taste.moment_stamp(a.asked_at).absolute),
                },
            )
        };
        TableView {
            caption: words("today.decide").to_owned(),
            columns: approval_columns(words("today.asked_by")),
            title: 1,
            rows: self.decide.iter().map(row).collect(),
            ..TableView::default()
        }
    }
    fn requests(&self) -> TableView {
        let until =
            |a: &Approval| CellView::from(Value::Moment(self.reader.taste.moment_stamp(a.expires_at)));
        TableView {
            caption: words("today.asked").to_owned(),
            columns: approval_columns(words("today.until")),
            title: 1,
            rows: self.asked.iter().map(|a| approval_row(self.reader, a, until(a))).collect(),
            ..TableView::default()
        }
    }
    fn notices(&self) -> Markup {
        let item = |n: &NoticeView| RailItem {
            what: Value::Sentence(
                Sentence::new(format!("{} ", fill_notice(n)))
                    .link(format!("{} {}", n.record.reference, n.record.title), n.record.path.clone()),
            ),
            aside: Value::Moment(self.reader.taste.moment_stamp(n.at)),
            sub: None,
            said: None,
        };
        if self.view.notices.is_empty() {
            return empty(&EmptyView {
                title: words("today.no_notices").to_owned(),
                text: Sentence::new(words("today.no_notices_text")),
                ..EmptyView::default()
            });
        }
        html! {
            ul.lines { @for one in self.view.notices.iter().map(item) {
                li { span { (show(&one.what, Place::Cell)) } span.quiet.small { (show(&one.aside, Place::Cell)) } }
            } }
        }
    }
    fn recent(&self) -> Markup {
        if self.view.recent.is_empty() {
            return empty(&EmptyView { title: words("today.no_recent").to_owned(), ..EmptyView::default() });
        }
        let entries: Vec<EntryView> = self
            .view
            .recent
            .iter()
            .map(|r| EntryView {
                at: self.reader.taste.moment_stamp(r.at),
                who: r.who.clone(),
                said: Sentence::new(before_name(&r.sentence))
                    .link(format!("{} {}", r.record.reference, r.record.title), r.record.path.clone()),
                ..EntryView::default()
            })
            .collect();
        timeline(&entries)
    }
}

/// The sentence so that a name can follow: "set the password of " or "accepted the risk: ".
fn before_name(sentence: &str) -> String {
    let open = [" of", " for", " to", " from", " off", " as"].iter().any(|end| sentence.ends_with(end));
    format!("{sentence}{}", if open { " " } else { ": " })
}

fn fill_notice(notice: &NoticeView) -> String {
    let who = [("who", notice.who.as_str())];
    match notice.kind {
        NoticeKind::Mention => fill("notice.mention", &who),
        NoticeKind::Comment => fill("notice.comment", &who),
        NoticeKind::Change => fill("notice.change", &who),
        NoticeKind::Assigned => fill("notice.assigned", &who),
    }
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn columns(all: &[(&str, Align)]) -> Vec<ColumnView> {
    all.iter()
        .map(|(label, align)| ColumnView {
            label: (*label).to_owned(),
            align: *align,
            ..ColumnView::default()
        })
        .collect()
}

/// The columns of a table of requests; the last one differs.
pub fn approval_columns(last: &str) -> Vec<ColumnView> {
    columns(&[
        (words("today.act"), Align::Tight),
        (words("today.what"), Align::Text),
        (words("today.reason"), Align::Text),
        (last, Align::Text),
    ])
}

/// A request as a row.
pub fn approval_row(_reader: &Reader, approval: &Approval, last: CellView) -> RowView {
    let act = label_of(approval.ask.act.strip_prefix("move:").unwrap_or(&approval.ask.act));
    let cells: Vec<CellView> = vec![
        Value::text(act).into(),
        CellView { value: Value::text(approval.title.clone()), sub: Some(approval.reference.clone()) },
        Value::text(approval.ask.reason.clone()).into(),
        last,
    ];
    RowView {
        key: approval.reference.clone(),
        name: approval.title.clone(),
        href: Some(format!("/approvals/{}", approval.id)),
        cells,
        ..RowView::default()
    }
}
