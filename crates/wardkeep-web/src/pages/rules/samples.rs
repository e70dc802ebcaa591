//! The tests of a rule on its page: records that must fire it and records that must not.

use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use crate::parts::{
    Align, ButtonView, CellView, ColumnView, NoticeView, RowView, Sentence, TableView, Tone, Value, Weight,
    button, notice, table,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::Refusal;
use wardkeep_app::records::RecordView;
use wardkeep_app::rules::{KeptSample, RuleDetail};

/// Characters of a record in the list.
const SHORT: usize = 140;

/// The part of a rule's page.
pub fn part(reader: &Reader, view: &RecordView, detail: &RuleDetail) -> Markup {
    let edits = view.may_edit && view.known_at.is_none();
    let run = ButtonView::post(
        words("rules.tests_run"),
        format!("/rules/{}/tests", view.reference),
        reader.hidden(),
    );
    let any = !detail.kept.is_empty() || detail.samples.is_some();
    html! {
        section #tests {
            h2 { (words("rules.tests")) span.count { " " (detail.kept.len() + detail.samples.as_ref().map_or(0, |s| s.positive + s.negative)) } }
            @match &detail.samples {
                Some(samples) if samples.wrong.is_empty() => {
                    p.quiet { (fill("rules.samples_right", &[("hit", &samples.positive.to_string()), ("quiet", &samples.negative.to_string())])) }
                }
                Some(samples) => {
                    (notice(&NoticeView {
                        tone: Tone::Bad,
                        text: words("rules.samples_wrong").into(),
                        points: samples.wrong.iter().map(|wrong| Sentence::new(wrong.clone())).collect(),
                        ..NoticeView::default()
                    }))
                }
                None => {}
            }
            @if !any { p.quiet { (words("rules.no_tests")) " " a href="/events" { (words("rules.no_tests_link")) } } }
            @if !detail.kept.is_empty() { (table(&list(reader, view, detail, edits))) }
            @if edits && any && !detail.text.is_empty() { p { (button(&run.small())) } }
        }
    }
}

fn list(reader: &Reader, view: &RecordView, detail: &RuleDetail, edits: bool) -> TableView {
    let column = |label: &str, align| ColumnView { label: label.to_owned(), align, ..ColumnView::default() };
    let row = |sample: &KeptSample| {
        let (class, word) = match sample.fired {
            None => ("stage", words("rules.test_unknown")),
            Some(_) if sample.is_right() => ("stage done", words("rules.test_right")),
            Some(true) => ("stage failed", words("rules.test_fired")),
            Some(false) => ("stage failed", words("rules.test_quiet")),
        };
        let wanted = if sample.fires { words("rules.must_fire") } else { words("rules.must_not") };
        let raw = sample.event.raw.as_deref().unwrap_or_default();
        let said: String = raw.chars().take(SHORT).collect();
        let mut fields = reader.hidden();
        fields.push(("sample".to_owned(), sample.id.to_string()));
        let path = format!("/rules/{}/tests/remove", view.reference);
        let remove = ButtonView::post(words("rules.test_remove"), path, fields).small().weight(Weight::Quiet);
        RowView {
            key: sample.id.to_string(),
            name: sample.origin.clone(),
            cells: vec![
                CellView {
                    value: Value::Html(html! { span.mono.small.record-line { (said) } }),
                    sub: Some(sample.origin.clone()),
                },
                Value::text(wanted).into(),
                Value::Html(html! { span class=(class) { (word) } }).into(),
                if edits { Value::Html(button(&remove)).into() } else { Value::Empty.into() },
            ],
            ..RowView::default()
        }
    };
    TableView {
        caption: words("rules.tests").to_owned(),
        columns: vec![
            column(words("rules.test_record"), Align::Text),
            column(words("rules.test_wanted"), Align::Tight),
            column(words("rules.test_outcome"), Align::Tight),
            column(words("rules.test_act"), Align::Tight),
        ],
        rows: detail.kept.iter().map(row).collect(),
        ..TableView::default()
    }
}

/// `POST /rules/tests`: a stored record becomes a test of a rule that is named.
pub async fn choose(posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            // People choose "RUL-0042 Title" from suggestions; the reference stands first.
            let reference = posted.text("rule").split_whitespace().next().unwrap_or_default().to_uppercase();
            if reference.is_empty() {
                return Err(Refusal::invalid("rule", "required", words("rules.test_which")).into());
            }
            let at = posted.text("at").parse().ok();
            let event = (posted.text("event"), at);
            let fires = posted.text("fires") != "no";
            let app = &reader.state.app;
            app.add_rule_sample(&reader.ctx, &reader.organisation, &reference, event, fires).await?;
            Ok(go(format!("/rules/{reference}#tests")))
        })
        .await
}

/// `POST /rules/{reference}/tests`: runs them.
pub async fn run(Path(reference): Path<String>, posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            reader.state.app.run_rule_samples(&reader.ctx, &reader.organisation, &reference).await?;
            Ok(go(format!("/rules/{reference}#tests")))
        })
        .await
}

/// `POST /rules/{reference}/tests/remove`.
pub async fn remove(Path(reference): Path<String>, posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let sample = posted.text("sample").parse().map_err(|_| Refusal::NotFound)?;
            let app = &reader.state.app;
            app.remove_rule_sample(&reader.ctx, &reader.organisation, &reference, sample).await?;
            Ok(go(format!("/rules/{reference}#tests")))
        })
        .await
}
