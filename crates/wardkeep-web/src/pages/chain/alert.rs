//! What an alert rests on, on its page: the records, the rule, and why it fired.

use super::super::reader::Reader;
use super::say::count;
use super::steps::tree;
use crate::parts::{
    Align, CellView, ColumnView, FactView, FieldGroupView, LinkView, NoticeView, RowView, Sentence,
    TableView, Value, field_groups, markdown, notice, table,
};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::assess::{AlertChain, AlertEvent, RuleView};
use wardkeep_app::records::RecordView;

/// Characters of a record shown in the list.
const SHOWN: usize = 160;

/// The panel of an alert's page.
pub async fn panel(reader: &Reader, view: &RecordView) -> Result<Markup, Error> {
    let chain = reader.state.app.alert_chain(view).await?;
    if !chain.own {
        return Ok(html! {});
    }
    Ok(html! {
        section.chain {
            h2 { (words("alert.events")) span.count { " " (count(&reader.taste, chain.total)) } }
            (table(&events(reader, &chain)))
            @if chain.total > chain.events.len() as u64 {
                p.small.quiet { (fill("alert.more_events", &[("n", &chain.events.len().to_string()), ("m", &count(&reader.taste, chain.total))])) }
            }
            @match &chain.indicator {
                Some(found) => { (super::super::ioc::on_alert(found)) }
                None => { (rule(&chain)) }
            }
        }
    })
}

fn events(reader: &Reader, chain: &AlertChain) -> TableView {
    let column = |label: &str, align| ColumnView { label: label.to_owned(), align, ..ColumnView::default() };
    let row = |e: &AlertEvent| {
        let copied = !e.raw.is_empty();
        let href = copied.then(|| format!("/evidence/events/{}", e.id));
        let cut: String = e.raw.chars().take(SHOWN).collect();
        let cut = if e.raw.chars().count() > SHOWN { format!("{cut}…") } else { cut };
        let place = match &href {
            Some(href) => Value::Link(LinkView::new(
                fill("alert.place", &[("source", &e.source), ("n", &e.position.to_string())]),
                href.clone(),
            )),
            None => Value::text(words("alert.no_copy")),
        };
        RowView {
            name: e.id.clone(),
            cells: vec![
                if copied {
                    Value::Moment(reader.taste.moment_stamp(e.at))
                } else {
                    Value::Unknown(String::new())
                }
                .into(),
                CellView { value: place, sub: Some(if copied { cut } else { e.id.clone() }) },
            ],
            ..RowView::default()
        }
    };
    TableView {
        caption: words("alert.events").to_owned(),
        title: 1,
        columns: vec![column(words("alert.at"), Align::Tight), column(words("alert.record"), Align::Text)],
        rows: chain.events.iter().map(row).collect(),
        ..TableView::default()
    }
}

fn rule(chain: &AlertChain) -> Markup {
    let Some(rule) = &chain.rule else {
        let text = Sentence::new(fill("alert.no_rule", &[("id", &chain.rule_id)]));
        return notice(&NoticeView { text, ..NoticeView::default() });
    };
    html! {
        section.rule {
            h2 { (words("rule.title")) " " @if let Some(record) = &rule.record { a href={ "/rules/" (record) } { (rule.title) } } @else { (rule.title) } }
            (markdown(&rule.description))
            (field_groups(&[FieldGroupView { title: words("rule.about").to_owned(), facts: facts(rule) }]))
            @match &chain.explained {
                Some(explained) => {
                    (tree(explained))
                    @if let Some(record) = &rule.record {
                        p.small { a href={ "/rules/" (record) "/explain?event=" (explained.event) } { (words("rule.explain_page")) } }
                    }
                }
                None => { p.quiet { (words("rule.no_copy")) } }
            }
        }
    }
}

fn facts(rule: &RuleView) -> Vec<FactView> {
    let tactics: Vec<String> = rule.tactics.iter().map(|(id, name)| format!("{name} ({id})")).collect();
    let mut facts = vec![
        FactView::new(words("rule.condition"), Value::Code(rule.condition.clone())),
        FactView::new(words("rule.level"), Value::Severity(rule.level)),
        FactView::new(words("rule.source"), Value::text(rule.logsource.clone())),
        FactView::new(words("rule.counts"), Value::text(rule.counts.join(", "))),
        FactView::new(words("rule.tactics"), Value::text(tactics.join(", "))),
        FactView::new(
            words("rule.techniques"),
            if rule.techniques.is_empty() { Value::Empty } else { Value::Tags(rule.techniques.clone()) },
        ),
        FactView::new(words("rule.harmless"), Value::Lines(rule.harmless.join("\n"))),
        FactView::new(words("rule.filters"), Value::text(rule.filters.join(", "))),
        FactView::new(
            words("rule.file"),
            if rule.path.is_empty() { Value::Empty } else { Value::Code(rule.path.clone()) },
        ),
    ];
    facts.retain(|f| !f.value.is_empty() && !matches!(&f.value, Value::Lines(text) if text.is_empty()));
    facts
}
