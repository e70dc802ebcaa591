//! Money, chances and their trail as these pages say them.

use super::super::taste::Taste;
use crate::parts::{Align, CellView, ColumnView, LinkView, RowView, Sentence, TableView, Value};
use crate::words::{fill, words};
use wardkeep_app::risk::views::{Figure, Ref, RunStamp};
use wardkeep_report::chart::{Amounts, Basis, Figures};

/// How amounts of a run are written for this reader.
pub fn amounts(taste: &Taste, run: &RunStamp) -> Amounts {
    Amounts { currency: run.currency.clone(), decimal: taste.decimal() }
}

/// The band alone: `420 k to 1.10 M`.
pub fn band(a: &Amounts, figure: &Figure) -> Option<String> {
    let (low, high) = (figure.low?, figure.high?);
    Some(fill("risk.from_to", &[("from", &a.bare(low)), ("to", &a.bare(high))]))
}

/// An amount that may be infinite.
pub fn maybe(a: &Amounts, value: Option<f64>) -> String {
    value.map_or_else(|| words("risk.infinite").to_owned(), |v| a.bare(v))
}

/// The same in a cell; what is not known has its own look.
pub fn money(a: &Amounts, value: Option<f64>) -> Value {
    value.map_or_else(|| Value::Unknown(words("risk.infinite").to_owned()), |v| Value::number(a.bare(v)))
}

/// A share in a cell.
pub fn share(a: &Amounts, value: Option<f64>) -> Value {
    value.map_or_else(|| Value::Unknown(String::new()), |v| Value::number(a.percent(v)))
}

/// The word for what a number rests on.
pub fn source_word(kind: &str) -> &'static str {
    match kind {
        "evidence" => words("risk.by_evidence"),
        "study" => words("risk.by_study"),
        "expert" => words("risk.by_expert"),
        _ => words("risk.by_placeholder"),
    }
}

/// The look of what a number rests on.
pub fn basis_of(kind: &str) -> Basis {
    match kind {
        "evidence" => Basis::Evidence,
        "study" => Basis::Study,
        "expert" => Basis::Expert,
        _ => Basis::Placeholder,
    }
}

/// What a number rests on, in a cell: a placeholder is hatched, so that nobody takes it for knowledge.
pub fn source(kind: &str) -> Value {
    if matches!(kind, "evidence" | "study" | "expert") {
        Value::Tags(vec![source_word(kind).to_owned()])
    } else {
        Value::Unknown(words("risk.by_placeholder").to_owned())
    }
}

/// The word for a form of loss.
pub fn form_word(form: &str) -> &'static str {
    match form {
        "productivity" => words("risk.form_productivity"),
        "response" => words("risk.form_response"),
        "replacement" => words("risk.form_replacement"),
        "fines_and_judgements" => words("risk.form_fines"),
        "competitive_advantage" => words("risk.form_advantage"),
        "reputation" => words("risk.form_reputation"),
        _ => words("risk.form_total"),
    }
}

/// Another record.
pub fn link(record: &Ref) -> LinkView {
    LinkView::new(record.name.clone(), record.path.clone()).with_reference(record.reference.clone())
}

/// The form for a new record of a register; the form fills in what the address names.
pub fn add(register: &str, of: Option<&Ref>) -> String {
    let form = format!("{}/new", list(register));
    of.map_or_else(|| form.clone(), |r| format!("{form}?risk={}", r.reference))
}

/// The list of a register.
pub fn list(register: &str) -> String {
    wardkeep_registers::by_key(register).map_or_else(String::new, |s| format!("/{}", s.path))
}

/// The page of a risk's figures.
pub fn page_of(record: &Ref) -> String {
    format!("/risk/{}", record.reference)
}

/// What stands under every chart: run, dates, what it rests on, what is left out.
pub fn foot(taste: &Taste, run: &RunStamp) -> Sentence {
    let a = amounts(taste, run);
    let as_of = run.as_of.map_or_else(|| words("value.unknown").to_owned(), |d| taste.day(d));
    let counts = fill(
        "risk.foot_counts",
        &[
            ("share", &a.percent(run.placeholder_share)),
            ("n", &run.not_assessed.to_string()),
            ("all", &run.scenarios.to_string()),
        ],
    );
    Sentence::new(words("risk.foot_run"))
        .and(" ")
        .link(short(&run.hash), format!("/risk/runs/{}", run.hash))
        .and(fill(
            "risk.foot_dates",
            &[
                ("as_of", &as_of),
                ("computed", &taste.moment_stamp(run.computed_at).absolute),
                ("year", &run.price_year.to_string()),
            ],
        ))
        .and(format!(" {counts}"))
}

/// What a band covers, in a sentence.
pub fn band_note(run: &RunStamp) -> String {
    if run.draws == 0 {
        return words("risk.no_band").to_owned();
    }
    fill("risk.band_note", &[("draws", &run.draws.to_string()), ("of", &run.band_of)])
}

/// The first digits of a hash.
pub fn short(hash: &str) -> String {
    hash.chars().take(12).collect()
}

/// A column.
pub fn column(label: &str, align: Align) -> ColumnView {
    ColumnView { label: label.to_owned(), align, ..ColumnView::default() }
}

/// A column of amounts.
pub fn money_column(label: &str, a: &Amounts) -> ColumnView {
    ColumnView { unit: Some(a.currency.clone()), ..column(label, Align::Number) }
}

/// The figures of a drawing as the table under it; columns in `texts` hold words, the others figures.
pub fn as_table(figures: &Figures, texts: &[usize]) -> TableView {
    let align = |i: usize| if i == 0 || texts.contains(&i) { Align::Text } else { Align::Number };
    let cell = |(i, text): (usize, &String)| {
        CellView::from(if i == 0 || texts.contains(&i) {
            Value::text(text.clone())
        } else {
            Value::number(text.clone())
        })
    };
    TableView {
        caption: figures.caption.clone(),
        columns: figures.columns.iter().enumerate().map(|(i, c)| column(c, align(i))).collect(),
        rows: figures
            .rows
            .iter()
            .map(|row| RowView { cells: row.iter().enumerate().map(cell).collect(), ..RowView::default() })
            .collect(),
        // Figures never break: where they do not fit they scroll in a frame of their own.
        wide: true,
        keep: figures.columns.len() <= 4,
        ..TableView::default()
    }
}

/// Ends a text as a sentence.
pub fn stop(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '?', '!', ':']) { text.to_owned() } else { format!("{text}.") }
}

/// A sentence of the change log as a page says it: with a capital, an arrow and a stop.
pub fn told(text: &str) -> String {
    let text = text.trim().replace(" -> ", " → ");
    let mut rest = text.chars();
    let first: String = rest.next().into_iter().flat_map(char::to_uppercase).collect();
    stop(&format!("{first}{}", rest.as_str()))
}

/// A number that somebody typed, without zeros that say nothing: `0.02`, `1.5`.
pub fn typed(a: &Amounts, value: f64) -> String {
    let text = a.number(value);
    if text.contains(a.decimal) {
        text.trim_end_matches('0').trim_end_matches(a.decimal).to_owned()
    } else {
        text
    }
}
