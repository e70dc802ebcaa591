//! `/observations/{id}`: what a test found at one moment, subject by subject, and whether it still is that.

use super::super::convert::list_link;
use super::super::frame::Frame;
use super::super::reader::Reader;
use super::say::{at, count, file, period, strength};
use super::why::subject;
use crate::parts::{
    AnswerView, FactView, FieldGroupView, HeadView, LinkView, NoticeView, PagerView, Sentence, Tone, Value,
    answer, field_groups, head, notice, pager,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::assess::ObservationView;
use wardkeep_app::{App, Error};
use wardkeep_types::observation::RunResult;

/// Subjects of one page.
const PAGE: usize = 50;

/// `GET /observations/{id}?first=`.
pub async fn show(reader: Reader, Path(id): Path<String>) -> Response {
    reader.answer(page(&reader, &id)).await
}

async fn page(reader: &Reader, id: &str) -> Result<Response, Error> {
    let first = reader.asked("first").and_then(|f| f.parse().ok()).unwrap_or(0);
    let view = reader.state.app.observation(&reader.ctx, &reader.organisation, id, first).await?;
    let schema = App::schema("control")?;
    let list = list_link(schema);
    let mut frame = Frame::new(fill("observation.title", &[("test", &view.test.0)]))
        .within(schema)
        .back(list.text, list.href);
    if let [control] = view.controls.as_slice() {
        frame = frame.back(control.reference.clone(), control.path.clone());
    }
    let as_of = Sentence::new(fill(
        "observation.speaks_about",
        &[("moment", &at(reader, view.observation.effective_at))],
    ));
    Ok(reader.page(frame.crumb(words("observation.crumb")).as_of(as_of, false), main(reader, &view)))
}

fn main(reader: &Reader, view: &ObservationView) -> Markup {
    let o = &view.observation;
    html! {
        (head(&HeadView { title: fill("observation.title", &[("test", &view.test.0)]), facts: vec![Value::text(view.test.1.clone())], ..HeadView::default() }))
        (said(reader, view))
        @if let Some((when, reason)) = &view.voided {
            (notice(&NoticeView { tone: Tone::Warn, title: Some(words("observation.void").to_owned()), text: Sentence::new(fill("observation.void_said", &[("moment", &at(reader, *when)), ("reason", reason)])), ..NoticeView::default() }))
        }
        (proof(view))
        (field_groups(&[counts(reader, view), origin(reader, view)]))
        section.section {
            h2 { (words("observation.subjects")) span.count { " " (count(&reader.taste, view.kept as u64)) } }
            @if view.subjects.is_empty() { p.quiet { (if o.note.is_empty() { words("observation.no_subjects") } else { &o.note }) } }
            ul.subjects { @for one in &view.subjects { (subject(one)) } }
            (steps(reader, view))
        }
        @if !view.others.is_empty() {
            section.section {
                h2 { (words("observation.others")) }
                ul.points {
                    @for other in &view.others {
                        li {
                            a href={ "/observations/" (other.id) } { (at(reader, other.effective_at)) }
                            " " span.quiet { (fill("observation.recorded_short", &[("moment", &at(reader, other.recorded_at))])) }
                            @if other.voided_at.is_some() { " " span.quiet { (words("observation.void")) } }
                        }
                    }
                }
            }
        }
    }
}

/// What it says, in one sentence.
fn said(reader: &Reader, view: &ObservationView) -> Markup {
    let (o, n) = (&view.observation, |n: u64| count(&reader.taste, n));
    let c = &o.counts;
    let (tone, text) = match o.result {
        RunResult::Error => (Tone::Bad, fill("observation.error", &[("note", &o.note)])),
        RunResult::NoData => (Tone::Warn, fill("observation.no_data", &[("note", &o.note)])),
        RunResult::Counted => {
            let population = c.population.map_or_else(|| words("value.unknown").to_owned(), n);
            let values = [
                ("examined", n(c.examined)),
                ("population", population),
                ("passed", n(c.passed)),
                ("failed", n(c.failed)),
            ];
            let values = values.each_ref().map(|(n, v)| (*n, v.as_str()));
            let tone = if c.failed > 0 {
                Tone::Bad
            } else if c.population == Some(c.examined) {
                Tone::Good
            } else {
                Tone::Warn
            };
            (tone, fill("observation.counted", &values))
        }
    };
    answer(&AnswerView { tone, text: Sentence::new(text), next: Vec::new() })
}

/// The hash worked out now beside the one that was stored.
fn proof(view: &ObservationView) -> Markup {
    let same = view.stored == view.computed;
    html! {
        div.proof.bad[!same] {
            p { strong { (if same { words("observation.same") } else { words("observation.differs") }) } }
            p.small.quiet { (if same { words("observation.same_text") } else { words("observation.differs_text") }) }
            dl.hashes {
                dt { (words("observation.stored")) } dd.mono { (view.stored) }
                dt { (words("observation.computed")) } dd.mono { (view.computed) }
            }
        }
    }
}

fn counts(reader: &Reader, view: &ObservationView) -> FieldGroupView {
    let (o, n) = (&view.observation, |n: u64| Value::number(count(&reader.taste, n)));
    let c = &o.counts;
    let maybe = |v: Option<u64>| v.map_or_else(|| Value::Unknown(String::new()), n);
    let mut facts = vec![
        FactView::new(words("observation.population"), maybe(c.population)),
        FactView::new(words("observation.examined"), n(c.examined)),
        FactView::new(words("observation.passed"), n(c.passed)),
        FactView::new(words("observation.failed"), n(c.failed)),
        FactView::new(words("observation.excepted"), n(c.excepted)),
        FactView::new(words("observation.unjudged"), n(c.unknown)),
    ];
    if c.expected.is_some() {
        facts.insert(1, FactView::new(words("observation.expected"), maybe(c.expected)));
    }
    if let Some(share) = o.completeness {
        facts.push(FactView::new(words("observation.completeness"), Value::text(share.to_string())));
    }
    if o.totals_disagree {
        facts.push(FactView::new(
            words("observation.totals"),
            Value::text(words("observation.totals_disagree")),
        ));
    }
    FieldGroupView { title: words("observation.counts").to_owned(), facts }
}

fn origin(reader: &Reader, view: &ObservationView) -> FieldGroupView {
    let o = &view.observation;
    let moment = |m| Value::Moment(reader.taste.moment_stamp(m));
    let controls = view
        .controls
        .iter()
        .map(|l| LinkView::new(l.title.clone(), l.path.clone()).with_reference(l.reference.clone()));
    let via = format!("?via={}", o.id);
    let files: Vec<LinkView> = view.files.iter().map(|(a, p)| file(a, p.as_deref(), &via)).collect();
    let mut facts = vec![
        FactView::new(words("observation.period"), Value::text(period(reader, Some(o.from), Some(o.to)))),
        FactView::new(words("observation.effective"), moment(o.effective_at)),
        FactView::new(words("observation.recorded"), moment(o.recorded_at)),
        FactView::new(words("observation.strength"), Value::text(strength(o.strength))),
        FactView::new(words("observation.collector"), Value::text(o.collector.clone())),
        FactView::new(
            words("observation.test"),
            Value::text(fill(
                "observation.test_said",
                &[("test", &o.test), ("version", &o.test_version.to_string())],
            )),
        ),
        FactView::new(words("observation.definition"), Value::Code(o.query_sha256.clone())),
        FactView::new(words("observation.controls"), Value::Links(controls.collect(), 0)),
    ];
    if !files.is_empty() {
        facts.push(FactView::new(words("observation.files"), Value::Links(files, view.more_files)));
    }
    if !o.note.is_empty() {
        facts.push(FactView::new(words("observation.note"), Value::text(o.note.clone())));
    }
    FieldGroupView { title: words("observation.origin").to_owned(), facts }
}

fn steps(reader: &Reader, view: &ObservationView) -> Markup {
    let (first, shown) = (view.first, view.subjects.len());
    if view.kept <= shown && first == 0 {
        return html! {};
    }
    let address = reader.address();
    let to = |n: usize| address.clone().with("first", n.to_string()).to_string();
    pager(&PagerView {
        shown: fill(
            "files.range",
            &[("from", &(first + 1).to_string()), ("to", &(first + shown).to_string())],
        ),
        total: Some(count(&reader.taste, view.kept as u64)),
        about: false,
        first: (first > PAGE).then(|| address.clone().without(&["first"]).to_string()),
        previous: (first > 0).then(|| to(first.saturating_sub(PAGE))),
        next: (first + shown < view.kept).then(|| to(first + PAGE)),
    })
}
