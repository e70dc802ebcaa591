//! `/rules/{reference}/explain?event=`: why a rule fires on a record, or does not, down to the value that decided.

use super::super::chain::part_by_part;
use super::super::frame::Frame;
use super::super::list::register;
use super::super::reader::{Reader, go};
use crate::parts::{
    AnswerView, ButtonView, FactView, FieldGroupView, HeadView, LinkView, Sentence, Tone, Value, answer,
    button, field_groups, head,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::assess::{Step, StepOutcome};
use wardkeep_app::records::Label;
use wardkeep_app::rules::RuleOnEvent;
use wardkeep_app::{Error, Refusal};

/// Parts named in the sentence above the tree.
const NAMED: usize = 3;

/// `GET /rules/explain?event=&rule=`: asks for the rule, or goes to it.
pub async fn choose(reader: Reader) -> Response {
    let event: String = reader.asked("event").unwrap_or_default().trim().to_owned();
    match reader.asked("rule").map(str::trim).filter(|rule| !rule.is_empty()) {
        Some(rule) => {
            // People choose "RUL-0042 Title" from suggestions; the reference stands first.
            let reference = rule.split_whitespace().next().unwrap_or_default().to_uppercase();
            let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            let found = plain(&reference) && plain(&event);
            reader
                .answer(async {
                    if !found {
                        return Err(Refusal::NotFound.into());
                    }
                    let at = moment(&reader).map(|at| format!("&at={at}")).unwrap_or_default();
                    Ok(go(format!("/rules/{reference}/explain?event={event}{at}")))
                })
                .await
        }
        None => reader.answer(async { ask(&reader, &event) }).await,
    }
}

/// When the record happened, if the address says so: then few files are looked through.
fn moment(reader: &Reader) -> Option<wardkeep_types::Moment> {
    reader.asked("at").and_then(|at| at.parse().ok())
}

fn ask(reader: &Reader, event: &str) -> Result<Response, Error> {
    let schema = register("rules")?;
    if !super::super::frame::may(reader, wardkeep_rights::Resource::of(schema), wardkeep_register::Verb::View)
    {
        return Err(Refusal::NotFound.into());
    }
    let main = html! {
        (head(&HeadView { title: words("rules.explain").to_owned(), ..HeadView::default() }))
        p.quiet { (words("rules.explain_about")) }
        form.form method="get" action="/rules/explain" {
            (asked("rule", words("rules.reference"), ""))
            (asked("event", words("rules.event_id"), event))
            div.acts { (button(&ButtonView::submit(words("rules.explain_act")).main())) }
        }
    };
    let frame = Frame::new(words("rules.explain")).within(schema).back(words("rules.many"), "/rules");
    Ok(reader.page(frame.crumb(words("rules.explain")), main))
}

fn asked(name: &str, label: &str, value: &str) -> Markup {
    html! {
        div.field {
            label for={ "f-" (name) } { (label) }
            input.input.mono id={ "f-" (name) } name=(name) value=(value) required maxlength="64" autocomplete="off" spellcheck="false";
        }
    }
}

/// `GET /rules/{reference}/explain?event=`.
pub async fn show(reader: Reader, Path(reference): Path<String>) -> Response {
    reader.answer(page(&reader, &reference)).await
}

async fn page(reader: &Reader, reference: &str) -> Result<Response, Error> {
    let schema = register("rules")?;
    let (app, ctx, organisation) = (&reader.state.app, &reader.ctx, &reader.organisation);
    let found = app.find(ctx, organisation, schema, reference).await?;
    let rule = Label {
        id: found.id,
        reference: found.reference.to_string(),
        title: found.title.clone(),
        path: format!("/{}/{}", schema.path, found.reference),
    };
    let event = reader.asked("event").unwrap_or_default().trim();
    let seen =
        app.explain_rule(ctx, organisation, rule, (event, moment(reader)), reader.asked("via")).await?;
    let title = fill("rules.explain_title", &[("rule", &seen.rule.title)]);
    let frame = Frame::new(title.clone())
        .within(schema)
        .back(seen.rule.reference.clone(), seen.rule.path.clone())
        .crumb(words("rules.explain"));
    Ok(reader.page(frame, main(reader, &seen, title)))
}

fn main(reader: &Reader, seen: &RuleOnEvent, title: String) -> Markup {
    let explanation = &seen.explained.explanation;
    let place = LinkView::new(seen.explained.place.clone(), seen.page.clone());
    let facts = vec![
        FactView::new(words("rules.record"), Value::Link(place)),
        FactView::new(words("rules.happened"), Value::Moment(reader.taste.moment_stamp(seen.event.at))),
        FactView::new(words("rules.wanted"), Value::text(source(&explanation.wanted))),
        FactView::new(
            words("rules.has"),
            Value::Lines(explanation.event.iter().map(source).collect::<Vec<_>>().join("\n")),
        ),
        FactView::new(words("rule.condition"), Value::Code(explanation.condition.clone())),
    ];
    html! {
        (head(&HeadView { reference: Some(seen.rule.reference.clone()), title, ..HeadView::default() }))
        (answer(&AnswerView {
            tone: if explanation.fires { Tone::Good } else { Tone::Plain },
            text: said(seen),
            next: Vec::new(),
        }))
        div.beside {
            (part_by_part(&seen.explained))
            (field_groups(&[FieldGroupView { title: words("rules.record_and_rule").to_owned(), facts }]))
        }
    }
}

fn source(source: &wardkeep_types::event::LogSource) -> String {
    let parts = [&source.product, &source.category, &source.service];
    parts.into_iter().flatten().map(|part| &**part).collect::<Vec<_>>().join(", ")
}

/// One sentence: whether it fires, and the parts that decided.
fn said(seen: &RuleOnEvent) -> Sentence {
    let explanation = &seen.explained.explanation;
    if let Some(asleep) = &explanation.asleep {
        return Sentence::new(asleep.clone());
    }
    if !explanation.routed {
        let wanted = source(&explanation.wanted);
        return fill("rules.other_source", &[("wanted", &wanted)]).into();
    }
    let decisive = explanation.logic.decisive();
    let parts: Vec<String> = decisive.iter().take(NAMED).map(|step| part(step)).collect();
    let because = parts.join("; ");
    let sentence = if explanation.fires {
        fill("rules.fires_because", &[("parts", &because)])
    } else {
        fill("rules.not_because", &[("parts", &because)])
    };
    Sentence::new(sentence)
}

/// A part with the value that decided it.
fn part(step: &Step) -> String {
    let field = step.field.as_deref().unwrap_or_default();
    match (&step.value, step.outcome) {
        (Some(value), StepOutcome::True) => {
            fill("rules.part_held", &[("part", &step.label), ("field", field), ("value", &short(value))])
        }
        (Some(value), _) => {
            fill("rules.part_differs", &[("part", &step.label), ("field", field), ("value", &short(value))])
        }
        (None, StepOutcome::Missing) => {
            fill("rules.part_missing", &[("part", &step.label), ("field", field)])
        }
        (None, StepOutcome::True) => fill("rules.part_is", &[("part", &step.label)]),
        (None, _) => fill("rules.part_is_not", &[("part", &step.label)]),
    }
}

fn short(value: &str) -> String {
    /// Characters of a value within a sentence.
    const SHOWN: usize = 120;
    let cut: String = value.chars().take(SHOWN).collect();
    if cut.len() < value.len() { cut + "…" } else { cut }
}
