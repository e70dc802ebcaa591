//! What could be done about a risk, and what was decided.

use super::super::super::taste::Taste;
use super::super::portfolio::tables::cell;
use super::super::say::{add, column, money, money_column};
use crate::parts::{Align, ButtonView, CellView, EmptyView, RowView, Sentence, TableView, Value, table};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::risk::views::{AcceptanceView, RiskView, TreatmentView};
use wardkeep_report::chart::Amounts;

/// Whether a measure pays: the chance, and the fixed words below 0.8.
pub fn pays(a: &Amounts, chance: Option<f64>, shown: bool) -> CellView {
    match chance {
        None => CellView::from(Value::Unknown(String::new())),
        Some(chance) => CellView {
            value: Value::text(fill("risk.pays", &[("chance", &a.percent(chance))])),
            sub: (!shown).then(|| words("risk.not_shown_to_pay").to_owned()),
        },
    }
}

/// Plans with their exact deltas.
pub fn treatments(taste: &Taste, a: &Amounts, view: &RiskView) -> Markup {
    let row = |t: &TreatmentView| RowView {
        cells: vec![
            CellView { value: cell(Some(&t.record)), sub: Some(t.stage.clone()) },
            Value::number(a.bare(t.once)).into(),
            Value::number(a.bare(t.yearly)).into(),
            money(a, t.reduction).into(),
            money(a, t.tail_reduction).into(),
            pays(a, t.pays, t.shown_to_pay),
            t.due.map_or(CellView::default(), |d| Value::Moment(taste.day_stamp(d)).into()),
        ],
        ..RowView::default()
    };
    html! {
        section.section #treatments {
            h2 { (words("risk.treatments")) }
            (table(&TableView {
                caption: words("risk.treatments").to_owned(),
                columns: vec![
                    column(words("risk.plan"), Align::Text),
                    money_column(words("risk.once"), a),
                    money_column(words("risk.yearly"), a),
                    money_column(words("risk.takes_off"), a),
                    money_column(words("risk.takes_off_tail"), a),
                    column(words("risk.does_it_pay"), Align::Text),
                    column(words("risk.until"), Align::Tight),
                ],
                rows: view.treatments.iter().map(row).collect(),
                wide: true,
                empty: EmptyView {
                    title: words("risk.no_treatments").to_owned(),
                    text: Sentence::new(words("risk.no_treatments_text")),
                    acts: vec![ButtonView::link(words("risk.add_treatment"), add("treatment_plan", Some(&view.record)))],
                    ..EmptyView::default()
                },
                ..TableView::default()
            }))
        }
    }
}

/// Acceptances with the figures they rest on.
pub fn acceptances(taste: &Taste, a: &Amounts, view: &RiskView) -> Markup {
    let row = |one: &AcceptanceView| RowView {
        cells: vec![
            CellView { value: cell(Some(&one.record)), sub: one.void_because.clone() },
            Value::text(one.stage.1.clone()).into(),
            CellView {
                value: one.asked_by.clone().map_or(Value::Empty, Value::text),
                sub: one.approved_by.as_ref().map(|by| fill("risk.approved_by", &[("name", by)])),
            },
            one.until.map_or(CellView::default(), |d| Value::Moment(taste.day_stamp(d)).into()),
            money(a, one.mean).into(),
            money(a, one.tail).into(),
        ],
        ..RowView::default()
    };
    html! {
        @if !view.acceptances.is_empty() {
            section.section #acceptances {
                h2 { (words("risk.acceptances")) }
                (table(&TableView {
                    caption: words("risk.acceptances").to_owned(),
                    columns: vec![
                        column(words("risk.acceptance"), Align::Text),
                        column(words("risk.stage"), Align::Tight),
                        column(words("risk.asked_by"), Align::Text),
                        column(words("risk.until"), Align::Tight),
                        money_column(words("risk.mean_then"), a),
                        money_column(words("risk.tail_then"), a),
                    ],
                    rows: view.acceptances.iter().map(row).collect(),
                    wide: true,
                    ..TableView::default()
                }))
            }
        }
    }
}
