//! What is made from one record: a rule, a test of a rule; and which rules look at it.

use super::super::frame::may;
use super::super::reader::Reader;
use crate::parts::{ButtonView, Sentence, button};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::events::EventView;
use wardkeep_app::rules::NearRule;
use wardkeep_register::Verb;
use wardkeep_rights::Resource;

/// Id of the form to which the boxes beside fields belong.
pub const DRAFT: &str = "make-rule";
/// Rules named that fire on it.
const NAMED: usize = 8;

const RULE: Resource = Resource::Register("rule");

/// Whether the reader may write rules.
pub fn may_write(reader: &Reader) -> bool {
    may(reader, RULE, Verb::Add)
}

/// Rules that look at the record, for who may see rules.
pub async fn near(reader: &Reader, view: &EventView) -> Result<Vec<NearRule>, Error> {
    if !may(reader, RULE, Verb::View) {
        return Ok(Vec::new());
    }
    reader.state.app.rules_near(&reader.ctx, &reader.organisation, &view.event).await
}

/// The section of the page.
pub fn section(reader: &Reader, view: &EventView, near: &[NearRule]) -> Markup {
    if !may(reader, RULE, Verb::View) {
        return html! {};
    }
    let (id, at) = (view.event.id.to_string(), view.event.at.to_string());
    html! {
        section.section {
            h2 { (words("event.rules")) }
            p { (said(near, &id, &at)) }
            datalist #near-rules {
                @for rule in near { option value={ (rule.label.reference) " " (rule.label.title) } {} }
            }
            form.one-line method="get" action="/rules/explain" {
                input type="hidden" name="event" value=(id);
                input type="hidden" name="at" value=(at);
                label for="f-explain" { (words("event.explain")) }
                input.input #f-explain name="rule" list="near-rules" required maxlength="300" placeholder="RUL-0001" autocomplete="off" spellcheck="false";
                (button(&ButtonView::submit(words("rules.explain_act"))))
            }
            @if may(reader, RULE, Verb::Edit) {
                form.one-line method="post" action="/rules/tests" {
                    @for (name, value) in reader.hidden() { input type="hidden" name=(name) value=(value); }
                    input type="hidden" name="event" value=(id);
                    input type="hidden" name="at" value=(at);
                    label for="f-test" { (words("event.make_test")) }
                    input.input #f-test name="rule" list="near-rules" required maxlength="300" placeholder="RUL-0001" autocomplete="off" spellcheck="false";
                    label.sr for="f-fires" { (words("rules.test_wanted")) }
                    select.input #f-fires name="fires" {
                        option value="yes" { (words("rules.must_fire")) }
                        option value="no" { (words("rules.must_not")) }
                    }
                    (button(&ButtonView::submit(words("event.make_test_act"))))
                }
            }
            @if may_write(reader) {
                form.one-line id=(DRAFT) method="get" action="/rules/write" {
                    input type="hidden" name="event" value=(id);
                    input type="hidden" name="at" value=(at);
                    span { (words("event.make_rule")) }
                    (button(&ButtonView::submit(words("event.make_rule_act"))))
                }
            }
        }
    }
}

/// Which rules fire on it, in one sentence.
fn said(near: &[NearRule], id: &str, at: &str) -> Sentence {
    let fires: Vec<&NearRule> = near.iter().filter(|rule| rule.fires).collect();
    if near.is_empty() {
        return words("event.no_rules").into();
    }
    let count = near.len().to_string();
    if fires.is_empty() {
        return fill("event.none_fires", &[("n", &count)]).into();
    }
    let mut sentence = Sentence::new(words("event.fires"));
    for (n, rule) in fires.iter().take(NAMED).enumerate() {
        let href = format!("{}/explain?event={id}&at={at}", rule.label.path);
        sentence = sentence
            .and(if n == 0 { " " } else { ", " })
            .link(format!("{} {}", rule.label.reference, rule.label.title), href);
    }
    let more = fires.len().saturating_sub(NAMED);
    if more > 0 {
        sentence = sentence.and(fill("event.fires_more", &[("n", &more.to_string())]));
    }
    sentence.and(fill("event.look", &[("n", &count)]))
}
