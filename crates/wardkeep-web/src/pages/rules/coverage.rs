//! `/rules/coverage`: which tactics and techniques of ATT&CK are claimed, seen and proven.

use super::super::frame::Frame;
use super::super::list::register;
use super::super::reader::Reader;
use crate::parts::{
    Align, AnswerView, ColumnView, EmptyView, HeadView, RowView, Sentence, StatFigure, StatView, TableView,
    Tone, Value, answer, head, stats, table,
};
use crate::words::{fill, words};
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::rules::{Coverage, Covered, TacticCover};
use wardkeep_app::{Error, Refusal};
use wardkeep_register::Verb;
use wardkeep_rights::Resource;

/// `GET /rules/coverage`.
pub async fn show(reader: Reader) -> Response {
    reader.answer(page(&reader)).await
}

async fn page(reader: &Reader) -> Result<Response, Error> {
    let schema = register("rules")?;
    if !super::super::frame::may(reader, Resource::of(schema), Verb::View) {
        return Err(Refusal::NotFound.into());
    }
    let coverage = reader.state.app.rule_coverage(&reader.ctx, &reader.organisation).await?;
    let title = words("rules.coverage");
    let frame =
        Frame::new(title).within(schema).back(words("rules.many"), "/rules").crumb(title).at(super::COVERAGE);
    Ok(reader.page(frame, main(reader, &coverage)))
}

fn main(reader: &Reader, coverage: &Coverage) -> Markup {
    let n = |n: u64| reader.taste.count(n as i64);
    let techniques = coverage.technique_counts();
    let stat = |label: &str, figure: u64, note: String, href: &str| StatView {
        label: label.to_owned(),
        figure: StatFigure::Known(n(figure), None),
        note: Some(note),
        href: Some(href.to_owned()),
        ..StatView::default()
    };
    let text = if coverage.rules.claimed == 0 {
        Sentence::new(words("rules.none_active"))
    } else {
        let values = [
            ("claimed", n(techniques.claimed)),
            ("seen", n(techniques.with_data)),
            ("proven", n(techniques.proven)),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let said = Sentence::new(fill("rules.coverage_said", &values));
        match coverage.blind {
            0 => said,
            blind => said
                .and(" ")
                .link(fill("rules.blind_count", &[("n", &n(blind))]), "/rules?stage=active&sight=blind"),
        }
    };
    let tone = if coverage.blind > 0 { Tone::Warn } else { Tone::Plain };
    html! {
        (head(&HeadView { title: words("rules.coverage").to_owned(), ..HeadView::default() }))
        (answer(&AnswerView { tone, text, next: Vec::new() }))
        (stats(&[
            stat(words("rules.claimed"), coverage.rules.claimed, words("rules.claimed_note").to_owned(), "/rules?stage=active"),
            stat(words("rules.with_data"), coverage.rules.with_data, words("rules.with_data_note").to_owned(), "/rules?stage=active&sight=sees"),
            stat(words("rules.proven"), coverage.rules.proven, words("rules.proven_note").to_owned(), "/rules?stage=active"),
            stat(words("rules.blind_rules"), coverage.blind, words("rules.blind_note").to_owned(), "/rules?stage=active&sight=blind"),
        ]))
        section.section { h2 { (words("rules.by_tactic")) } (table(&tactics(reader, coverage))) }
        section.section {
            h2 { (words("rules.by_technique")) span.count { " " (n(coverage.techniques.len() as u64)) } }
            (table(&by_technique(reader, coverage)))
        }
    }
}

fn column(label: &str, align: Align) -> ColumnView {
    ColumnView { label: label.to_owned(), align, ..ColumnView::default() }
}

fn figures(reader: &Reader, covered: Covered) -> [Value; 3] {
    [covered.claimed, covered.with_data, covered.proven].map(|n| Value::number(reader.taste.count(n as i64)))
}

fn tactics(reader: &Reader, coverage: &Coverage) -> TableView {
    let row = |tactic: &TacticCover| {
        let mut cells =
            vec![crate::parts::CellView { value: Value::text(tactic.name), sub: Some(tactic.id.to_owned()) }];
        if tactic.rules.claimed == 0 {
            // Nothing looks for it: that is not a zero among others.
            cells.push(Value::Unknown(words("rules.nothing_looks").to_owned()).into());
            cells.extend((0..5).map(|_| Value::Empty.into()));
        } else {
            cells.extend(figures(reader, tactic.techniques).map(Into::into));
            cells.extend(figures(reader, tactic.rules).map(Into::into));
        }
        RowView { name: tactic.name.to_owned(), cells, ..RowView::default() }
    };
    TableView {
        caption: words("rules.by_tactic").to_owned(),
        columns: vec![
            column(words("rules.tactic"), Align::Text),
            column(words("rules.techniques_claimed"), Align::Number),
            column(words("rules.techniques_seen"), Align::Number),
            column(words("rules.techniques_proven"), Align::Number),
            column(words("rules.rules_claimed"), Align::Number),
            column(words("rules.rules_seen"), Align::Number),
            column(words("rules.rules_proven"), Align::Number),
        ],
        rows: coverage.tactics.iter().map(row).collect(),
        ..TableView::default()
    }
}

fn by_technique(reader: &Reader, coverage: &Coverage) -> TableView {
    let row = |(technique, covered): (&String, &Covered)| {
        let mut cells = vec![Value::Code(technique.clone()).into()];
        cells.extend(figures(reader, *covered).map(Into::into));
        RowView { name: technique.clone(), cells, ..RowView::default() }
    };
    TableView {
        caption: words("rules.by_technique").to_owned(),
        columns: vec![
            column(words("rules.technique"), Align::Text),
            column(words("rules.rules_claimed"), Align::Number),
            column(words("rules.rules_seen"), Align::Number),
            column(words("rules.rules_proven"), Align::Number),
        ],
        rows: coverage.techniques.iter().map(row).collect(),
        empty: EmptyView { title: words("rules.none_active").to_owned(), ..EmptyView::default() },
        keep: true,
        ..TableView::default()
    }
}
