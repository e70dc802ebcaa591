//! What a rule's page shows beside its fields.

use super::super::reader::Reader;
use super::{dry_run, samples, text};
use crate::parts::{
    Align, ButtonView, CellView, ColumnView, FactView, FieldGroupView, NoticeView, RowView, Sentence,
    TableView, Tone, Value, button, field_groups, notice, table,
};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::records::{RecordView, ValueView};
use wardkeep_app::rules::{FilterOf, RuleDetail};

/// The panel.
pub async fn panel(reader: &Reader, view: &RecordView) -> Result<Markup, Error> {
    let detail = reader.state.app.rule_detail(view.id).await?;
    Ok(html! {
        div.chain {
            (blind(view))
            (refused(&detail))
            (logic(view, &detail))
            (samples::part(reader, view, &detail))
            (dry_run::part(reader, view, &detail))
            (filters(reader, view, &detail))
            (explain(view))
            (text::part(view, &detail))
        }
    })
}

/// A field of the record, as its key or text.
pub(super) fn plain<'v>(view: &'v RecordView, name: &str) -> &'v str {
    match view.fields.iter().find(|f| f.name == name).map(|f| &f.shown) {
        Some(ValueView::Text(text)) => text,
        Some(ValueView::Choice { key, .. }) => key,
        _ => "",
    }
}

fn blind(view: &RecordView) -> Markup {
    if plain(view, "sight") != "blind" || view.stage != "active" {
        return html! {};
    }
    let source = plain(view, "log_source");
    let text = Sentence::new(fill("rules.blind", &[("source", source)]));
    notice(&NoticeView { tone: Tone::Warn, text, ..NoticeView::default() })
}

fn refused(detail: &RuleDetail) -> Markup {
    if detail.refused.is_empty() {
        return html! {};
    }
    notice(&NoticeView {
        tone: Tone::Bad,
        text: words("rules.refused").into(),
        points: detail.refused.iter().map(|point| point.clone().into()).collect(),
        ..NoticeView::default()
    })
}

fn logic(view: &RecordView, detail: &RuleDetail) -> Markup {
    let mut facts = Vec::new();
    if !detail.condition.is_empty() {
        facts.push(FactView::new(words("rule.condition"), Value::Code(detail.condition.clone())));
    }
    if !detail.watches.is_empty() {
        facts.push(FactView::new(words("rule.counts"), Value::text(detail.watches.join(", "))));
    }
    if !detail.harmless.is_empty() {
        facts.push(FactView::new(words("rule.harmless"), Value::Lines(detail.harmless.join("\n"))));
    }
    let alerts = format!("/alerts?rule={}", plain(view, "rule_id"));
    facts.push(FactView::new(
        words("rules.alerts"),
        Value::Sentence(Sentence::default().link(words("rules.alerts_open"), alerts)),
    ));
    field_groups(&[FieldGroupView { title: words("rules.logic").to_owned(), facts }])
}

fn filters(reader: &Reader, view: &RecordView, detail: &RuleDetail) -> Markup {
    let column = |label: &str, align| ColumnView { label: label.to_owned(), align, ..ColumnView::default() };
    let row = |filter: &FilterOf| {
        let (class, word) = match (filter.holds, filter.stage.as_str()) {
            (true, _) => ("stage open", words("rules.filter_holds")),
            (false, "draft") => ("stage", words("rules.filter_draft")),
            (false, "withdrawn") => ("stage retired", words("rules.filter_withdrawn")),
            (false, _) => ("stage retired", words("rules.filter_over")),
        };
        let until = filter.until.map_or(Value::Empty, |day| Value::Moment(reader.taste.day_stamp(day)));
        RowView {
            name: filter.name.clone(),
            href: Some(format!("/rule-filters/{}", filter.reference)),
            cells: vec![
                CellView { value: Value::text(filter.name.clone()), sub: Some(filter.reference.clone()) },
                Value::Html(html! { span class=(class) { (word) } }).into(),
                until.into(),
            ],
            ..RowView::default()
        }
    };
    let list = TableView {
        caption: words("rules.tuning").to_owned(),
        columns: vec![
            column(words("rules.filter"), Align::Text),
            column(words("rules.filter_state"), Align::Tight),
            column(words("rules.filter_until"), Align::Tight),
        ],
        rows: detail.filters.iter().map(row).collect(),
        ..TableView::default()
    };
    html! {
        section {
            h2 { (words("rules.tuning")) span.count { " " (detail.filters.len()) } }
            @if detail.filters.is_empty() { p.quiet { (words("rules.no_tuning")) } } @else { (table(&list)) }
            @if view.known_at.is_none() && view.may_edit {
                p { (button(&ButtonView::link(words("rules.tune"), format!("/rule-filters/new?rules={}", view.reference)).small())) }
            }
        }
    }
}

fn explain(view: &RecordView) -> Markup {
    html! {
        section.explain-form {
            h2 { (words("rules.explain")) }
            p.quiet { (words("rules.explain_about")) }
            form.one-line method="get" action={ "/rules/" (view.reference) "/explain" } {
                label for="f-event" { (words("rules.event_id")) }
                input.input.mono #f-event name="event" required maxlength="64" autocomplete="off" spellcheck="false";
                (button(&ButtonView::submit(words("rules.explain_act"))))
            }
        }
    }
}
