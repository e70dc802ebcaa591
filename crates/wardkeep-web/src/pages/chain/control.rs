//! What is shown of a control, on its page: state, number with its band, tests, trend, and what would lift it most.

use super::super::reader::Reader;
use super::say::{age, at, count, percent, points, state_word, strength, tone};
use super::trend;
use crate::parts::{
    Align, AnswerView, ButtonView, CellView, ColumnView, RowView, Sentence, TableView, Value, answer,
    state_badge, table, unknown,
};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::assess::{ControlTrend, Effect, TestEffect, TestKind};
use wardkeep_app::records::RecordView;
use wardkeep_report::chart::{Tone, band};

/// The panel of a control's page.
pub async fn panel(reader: &Reader, view: &RecordView) -> Result<Markup, Error> {
    let trend = reader.state.app.control_trend(view).await?;
    let Some(effect) = &trend.latest else {
        let text = Sentence::new(words("chain.never_worked_out"));
        return Ok(answer(&AnswerView { text, ..AnswerView::default() }));
    };
    let why = format!("/controls/{}/why", view.reference);
    Ok(html! {
        section.chain aria-label=(words("chain.shown_title")) {
            (answer(&AnswerView { tone: tone(effect.state), text: Sentence::new(sentence(effect)), next: vec![ButtonView::sheet(words("chain.why"), why.clone())] }))
            (figure(reader, effect, &trend, &why))
            @if let Some(lift) = &effect.lift { p { strong { (words("chain.lift")) } " " (lift.text) } }
            (table(&tests(reader, effect, &why)))
            (trend::drawing(reader, &trend))
        }
    })
}

/// State and deciding reason in one sentence.
pub fn sentence(effect: &Effect) -> String {
    let more = effect.reasons.len().saturating_sub(1);
    let mut letters = state_word(effect.state).chars();
    let word: String =
        letters.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default() + letters.as_str();
    match effect.reasons.first() {
        None => fill("chain.all_good", &[("state", &word)]),
        Some(reason) if more > 0 => fill(
            "chain.state_because_more",
            &[("state", &word), ("reason", &reason.text), ("n", &more.to_string())],
        ),
        Some(reason) => fill("chain.state_because", &[("state", &word), ("reason", &reason.text)]),
    }
}

/// Whether anything was ever observed; without that there is no number.
pub fn observed(effect: &Effect) -> bool {
    effect.tests.iter().any(|t| t.observation.is_some())
}

fn figure(reader: &Reader, effect: &Effect, trend: &ControlTrend, why: &str) -> Markup {
    let computed = trend.results.iter().map(|r| r.computed_at).max();
    let tone = if effect.state.is_unknown() { Tone::Quiet } else { Tone::State(effect.state) };
    html! {
        div.shown {
            (state_badge(effect.state))
            @if observed(effect) {
                a.why.big href=(why) data-sheet { (percent(&reader.taste, effect.shown)) }
                span.quiet { (words("chain.shown_low")) }
            } @else { (unknown(words("chain.nothing_observed"))) }
            (band(if observed(effect) { effect.low } else { 0.0 }, effect.high, tone))
            span.quiet { (fill("chain.best", &[("percent", &percent(&reader.taste, effect.high))])) }
            span.quiet.small {
                (fill("chain.as_of_moment", &[("moment", &at(reader, effect.at.as_of))]))
                @if let Some(computed) = computed { ", " (fill("chain.computed", &[("moment", &at(reader, computed))])) }
            }
        }
    }
}

/// The tests with their factors.
pub fn tests(reader: &Reader, effect: &Effect, why: &str) -> TableView {
    let column = |label: &str, unit: Option<&str>, align| ColumnView {
        label: label.to_owned(),
        unit: unit.map(ToOwned::to_owned),
        align,
        sort: None,
    };
    TableView {
        caption: words("chain.tests").to_owned(),
        columns: vec![
            column(words("chain.test"), None, Align::Text),
            column(words("chain.state"), None, Align::Tight),
            column(words("chain.factors"), Some("%"), Align::Text),
            column(words("chain.shown"), Some("%"), Align::Number),
            column(words("chain.passed"), None, Align::Text),
            column(words("chain.age"), None, Align::Tight),
        ],
        rows: effect.tests.iter().map(|t| row(reader, t, why)).collect(),
        empty: crate::parts::EmptyView { title: words("chain.no_tests").to_owned(), ..Default::default() },
        ..TableView::default()
    }
}

fn row(reader: &Reader, test: &TestEffect, why: &str) -> RowView {
    let taste = &reader.taste;
    let kind = if test.kind == TestKind::Design { words("chain.design") } else { words("chain.operating") };
    let needed = if test.mandatory { words("chain.needed") } else { words("chain.optional") };
    let unknown = || Value::Unknown(words("chain.nothing_observed").to_owned());
    let (factors, shown, age) = match &test.factors {
        Some(f) => {
            let all = [f.coverage, f.proven, f.freshness, f.strength].map(|f| points(taste, f));
            (
                Value::text(all.join(" × ")),
                Value::Figure { text: points(taste, test.low), unit: None, why: Some(anchor(why, test)) },
                Value::text(age(f.age)),
            )
        }
        None => (unknown(), Value::Empty, Value::Empty),
    };
    let passed = test.counts.map_or(CellView::default(), |c| CellView {
        value: Value::text(fill(
            "chain.n_of_m",
            &[("n", &count(taste, c.passed)), ("m", &count(taste, c.passed + c.failed))],
        )),
        sub: c
            .population
            .filter(|p| *p != c.passed + c.failed)
            .map(|p| fill("chain.of_population", &[("n", &count(taste, p))])),
    });
    RowView {
        name: test.name.clone(),
        href: Some(anchor(why, test)),
        cells: vec![
            CellView {
                value: Value::text(test.name.clone()),
                sub: Some(format!("{kind}, {needed}, {}", strength(test.strength))),
            },
            Value::State(test.state).into(),
            factors.into(),
            shown.into(),
            passed,
            age.into(),
        ],
        ..RowView::default()
    }
}

/// The place of a test on the why page.
pub fn anchor(why: &str, test: &TestEffect) -> String {
    format!("{why}#{}", crate::parts::id_of(&test.test))
}
