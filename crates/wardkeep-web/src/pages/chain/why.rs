//! `/controls/{reference}/why`: how a control's number comes about, down to what each failing subject rests on.

use super::super::frame::{Frame, many};
use super::super::reader::Reader;
use super::control::{observed, sentence};
use super::say::{age, at, basis, count, file, percent, period, points, short, stop, strength};
use crate::parts::{
    ButtonView, FactView, FieldGroupView, LinkView, Place, Sentence, Value, button, field_groups, id_of,
    show as value, state_badge, unknown,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::assess::{Effect, SubjectView, TestEffect, TestKind, WhyControl, WhyTest, instant};
use wardkeep_app::{App, Error};
use wardkeep_report::chart::{Tone, band};
use wardkeep_types::Length;

/// `GET /controls/{reference}/why?as_of=&known_at=`.
pub async fn show(reader: Reader, Path(reference): Path<String>) -> Response {
    reader.answer(page(&reader, &reference)).await
}

async fn page(reader: &Reader, reference: &str) -> Result<Response, Error> {
    let asked = instant(reader.now(), reader.asked("as_of"), reader.asked("known_at"))?;
    let why = reader.state.app.why_control(&reader.ctx, &reader.organisation, reference, asked).await?;
    let schema = App::schema("control")?;
    let (list, own) = (format!("/{}", schema.path), format!("/{}/{}", schema.path, why.reference));
    let moments = [("as_of", at(reader, why.at.as_of)), ("known_at", at(reader, why.at.known_at))];
    let moments = moments.each_ref().map(|(n, v)| (*n, v.as_str()));
    let as_of = if why.asked {
        Sentence::new(fill("why_page.asked", &moments)).link(words("why_page.show_last"), reader.path.clone())
    } else {
        Sentence::new(fill("why_page.last", &moments))
    };
    let frame = Frame::new(fill("why_page.title", &[("name", &why.name)]))
        .within(schema)
        .back(many(schema), list)
        .back(why.reference.clone(), own.clone())
        .crumb(words("chain.why"))
        .as_of(as_of, why.asked);
    Ok(reader.page(frame, main(reader, &why, &own)))
}

fn main(reader: &Reader, why: &WhyControl, own: &str) -> Markup {
    let effect = &why.effect;
    let tone = if effect.state.is_unknown() { Tone::Quiet } else { Tone::State(effect.state) };
    html! {
        article.panel.chain.why-page data-panel {
            div {
                p.quiet { a href=(own) { (why.reference) } " " (why.name) }
                h1 { (heading(reader, effect)) }
            }
            div.shown {
                (state_badge(effect.state))
                @if observed(effect) { span.big { (percent(&reader.taste, effect.shown)) } span.quiet { (words("chain.shown_low")) } }
                @else { (unknown(words("chain.nothing_observed"))) }
                (band(if observed(effect) { effect.low } else { 0.0 }, effect.high, tone))
                span.quiet { (fill("chain.best", &[("percent", &percent(&reader.taste, effect.high))])) }
            }
            p { (sentence(effect)) }
            @if effect.reasons.len() > 1 { ul.points { @for reason in &effect.reasons { li { (reason.text) } } } }
            @if let Some(lift) = &effect.lift { p { strong { (words("chain.lift")) } " " (lift.text) } }
            section {
                h2 { (words("why_page.number")) }
                p.formula tabindex="0" { @for (n, step) in formula(reader, effect).iter().enumerate() { @if n > 0 { br; } (step) } }
                p.small.quiet { (words("why_page.legend")) }
            }
            @for test in &why.tests { (self::test(reader, test)) }
            @if why.tests.is_empty() { p.quiet { (words("chain.no_tests")) } }
            (other_moments(reader, why))
            p.small.quiet {
                (words("why.as_of")) " " (at(reader, why.at.as_of)) ", " (fill("why_page.known", &[("moment", &at(reader, why.at.known_at))]))
                " · " (words("why.hash")) " " span.mono title=(why.hash) { (short(&why.hash)) }
            }
        }
    }
}

fn heading(reader: &Reader, effect: &Effect) -> String {
    if observed(effect) && !effect.state.is_unknown() {
        fill("why_page.why_figure", &[("figure", &percent(&reader.taste, effect.shown))])
    } else {
        fill("why_page.why_state", &[("state", super::say::state_word(effect.state))])
    }
}

/// The average per kind, and the lesser of the two (EF-1).
fn formula(reader: &Reader, effect: &Effect) -> Vec<String> {
    let taste = &reader.taste;
    let mut lines = Vec::new();
    let kinds = [
        (TestKind::Design, "E design", effect.design),
        (TestKind::Operating, "E operating", effect.operating),
    ];
    for (kind, name, value) in kinds {
        let Some(value) = value else { continue };
        let counted: Vec<&TestEffect> = effect
            .tests
            .iter()
            .filter(|t| t.kind == kind && (t.mandatory || t.observation.is_some()))
            .collect();
        let weights: u32 = counted.iter().map(|t| u32::from(t.weight)).sum();
        let sum: Vec<String> =
            counted.iter().map(|t| format!("{} × {}", t.weight, points(taste, t.low))).collect();
        lines.push(format!("{name} = ({}) / {weights} = {}", sum.join(" + "), percent(taste, value)));
    }
    if lines.is_empty() {
        lines.push(words("why_page.no_number").to_owned());
    } else {
        let parts: Vec<&str> = kinds.iter().filter(|(.., v)| v.is_some()).map(|(_, n, _)| *n).collect();
        let both = if parts.len() > 1 { format!("min({})", parts.join(", ")) } else { parts.concat() };
        lines.push(format!("E = {both} = {}", percent(taste, effect.shown)));
    }
    lines
}

fn test(reader: &Reader, test: &WhyTest) -> Markup {
    let effect = &test.effect;
    html! {
        section.test #(id_of(&effect.test)) {
            div.title { (state_badge(effect.state)) h2 { (effect.name) } }
            @if !test.question.is_empty() { p.quiet { (test.question) } }
            @if let Some(f) = &effect.factors {
                p.formula tabindex="0" {
                    "q = c × p × f × s = "
                    (points(&reader.taste, f.coverage)) " × " (points(&reader.taste, f.proven)) " × " (points(&reader.taste, f.freshness)) " × " (points(&reader.taste, f.strength))
                    " = " strong { (percent(&reader.taste, effect.low)) }
                }
            }
            @for reason in &effect.reasons { p { (reason.text) } }
            (field_groups(&[FieldGroupView { title: words("why_page.factors").to_owned(), facts: facts(reader, test) }]))
            @if test.hidden { p.quiet { (words("why_page.hidden")) } }
            (subjects(reader, test))
        }
    }
}

/// Each factor in words, then what it was taken from.
fn facts(reader: &Reader, test: &WhyTest) -> Vec<FactView> {
    let (taste, effect, rules) = (&reader.taste, &test.effect, &test.rules);
    let n = |n: u64| count(taste, n);
    let mut facts = Vec::new();
    let fact = |label: &str, value: Value, sub: String| FactView {
        label: label.to_owned(),
        value,
        sub: Some(sub).filter(|s| !s.is_empty()),
        help: None,
    };
    if let (Some(f), Some(c)) = (&effect.factors, effect.counts) {
        let population = c.population.map_or_else(|| words("value.unknown").to_owned(), n);
        facts.push(fact(
            words("why_page.c"),
            Value::text(percent(taste, f.coverage)),
            fill("why_page.c_said", &[("examined", &n(c.examined)), ("population", &population)]),
        ));
        let mut rate =
            fill("why_page.p_said", &[("passed", &n(c.passed)), ("judged", &n(c.passed + c.failed))]);
        if f.rate.is_some_and(|r| f.proven < r) {
            rate = format!("{rate} {}", words("why_page.p_sample"));
        }
        if c.excepted > 0 {
            rate = format!("{rate} {}", fill("why_page.excepted", &[("n", &n(c.excepted))]));
        }
        if c.unknown > 0 {
            rate = format!("{rate} {}", fill("why_page.no_verdict", &[("n", &n(c.unknown))]));
        }
        facts.push(fact(words("why_page.p"), Value::text(percent(taste, f.proven)), rate));
        let length = |l: Length| super::super::taste::length(l);
        let values = [
            ("age", age(f.age)),
            ("interval", length(rules.timing.interval)),
            ("half", length(rules.timing.half_life)),
            ("validity", length(rules.timing.validity)),
        ];
        let values = values.each_ref().map(|(n, v)| (*n, v.as_str()));
        facts.push(fact(
            words("why_page.f"),
            Value::text(percent(taste, f.freshness)),
            fill("why_page.f_said", &values),
        ));
        facts.push(fact(
            words("why_page.s"),
            Value::text(percent(taste, f.strength)),
            strength(effect.strength).to_owned(),
        ));
    }
    let limits = &rules.thresholds;
    let pass = percent(taste, limits.pass_at);
    let mut limit = fill(
        "why_page.limits_said",
        &[
            ("pass", &pass),
            ("fail", &percent(taste, limits.fail_below)),
            ("cover", &percent(taste, limits.cover_at)),
        ],
    );
    if limits.zero_tolerance {
        limit = words("why_page.zero").to_owned();
    }
    facts.push(fact(words("why_page.limits"), Value::text(limit), String::new()));
    if let Some(o) = &test.observation {
        let link = LinkView::new(
            fill("why_page.observation_of", &[("moment", &at(reader, o.effective_at))]),
            format!("/observations/{}", o.id),
        );
        facts.push(fact(
            words("why_page.observation"),
            Value::Link(link),
            fill("why_page.observation_hash", &[("id", &o.id.to_string()), ("hash", &test.hash)]),
        ));
        facts.push(fact(
            words("why_page.period"),
            Value::text(period(reader, Some(o.from), Some(o.to))),
            String::new(),
        ));
        facts.push(fact(
            words("why_page.collector"),
            Value::text(o.collector.clone()),
            fill(
                "why_page.version",
                &[
                    ("test", &o.test),
                    ("version", &o.test_version.to_string()),
                    ("hash", &short(&o.query_sha256)),
                ],
            ),
        ));
        if !test.files.is_empty() {
            let via = format!("?via={}", o.id);
            let more = o.evidence.len().saturating_sub(test.files.len());
            let files = test.files.iter().map(|(a, p)| file(a, p.as_deref(), &via)).collect();
            facts.push(fact(words("why_page.files"), Value::Links(files, more), String::new()));
        }
    }
    facts
}

fn subjects(reader: &Reader, test: &WhyTest) -> Markup {
    html! {
        @if !test.subjects.is_empty() {
            h3 { (words("why_page.subjects")) }
            ul.subjects { @for subject in &test.subjects { (self::subject(subject)) } }
            @if let (Some(o), true) = (&test.observation, test.more > 0) {
                p.small { a href={ "/observations/" (o.id) } { (fill("why_page.more_subjects", &[("n", &count(&reader.taste, test.more))])) } }
            }
        }
    }
}

/// A subject, why it fails, and where that stands.
pub fn subject(subject: &SubjectView) -> Markup {
    html! {
        li {
            p {
                @match (subject.excepted, subject.passed) {
                    (true, _) => { span.verdict.quiet { (words("subject.excepted")) } }
                    (false, Some(false)) => { span.verdict.failing { (words("subject.failed")) } }
                    (false, Some(true)) => { span.verdict.effective { (words("subject.passed")) } }
                    (false, None) => { (unknown(words("subject.unknown"))) }
                }
                " " strong { @if let Some(href) = &subject.href { a href=(href) { (subject.subject) } } @else { (subject.subject) } }
            }
            @if !subject.detail.is_empty() { p { (stop(&subject.detail)) } }
            @if !subject.basis.is_empty() || subject.more > 0 {
                p.small { span.quiet { (words("subject.rests_on")) " " } (value(&basis(&subject.basis, subject.more), Place::Cell)) }
            }
        }
    }
}

/// Asking the same about another moment.
fn other_moments(reader: &Reader, why: &WhyControl) -> Markup {
    let day = |m: wardkeep_types::Moment| m.date().to_string();
    html! {
        details.screen {
            summary { (words("why_page.other")) }
            form.row.other-moment method="get" action=(reader.path) {
                label { (words("why_page.as_of_label")) " " input.input type="date" name="as_of" value=(day(why.at.as_of)) max=(day(reader.now())); }
                label { (words("why_page.known_label")) " " input.input type="date" name="known_at" value=(day(why.at.known_at)) max=(day(reader.now())); }
                (button(&ButtonView::submit(words("why_page.ask")).small()))
            }
            p.small.quiet { (words("why_page.other_help")) }
        }
    }
}
