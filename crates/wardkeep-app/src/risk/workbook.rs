//! A run as a workbook: inputs, results, and a sheet that explains each formula with living cells.

use crate::Error;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet, XlsxError};
use std::collections::BTreeMap;
use wardkeep_risk::model::{Model, SourceKind};
use wardkeep_risk::run::RunResult;

fn fault(error: XlsxError) -> Error {
    Error::fault(error)
}

fn word(kind: SourceKind) -> &'static str {
    super::pages::source_word(kind)
}

/// Text that a spreadsheet must not take for a formula: cells are written as strings, never parsed.
fn head(sheet: &mut Worksheet, row: u32, words: &[&str], bold: &Format) -> Result<(), XlsxError> {
    for (column, text) in (0u16..).zip(words) {
        sheet.write_string_with_format(row, column, *text, bold)?;
    }
    Ok(())
}

/// The workbook's bytes.
pub(crate) fn workbook(
    model: &Model,
    result: &RunResult,
    titles: &BTreeMap<String, String>,
) -> Result<Vec<u8>, Error> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    inputs(book.add_worksheet(), model, &bold).map_err(fault)?;
    let rows = results(book.add_worksheet(), result, titles, &bold).map_err(fault)?;
    formulas(book.add_worksheet(), result, rows, &bold).map_err(fault)?;
    book.save_to_buffer().map_err(fault)
}

fn inputs(sheet: &mut Worksheet, model: &Model, bold: &Format) -> Result<(), XlsxError> {
    sheet.set_name("Inputs")?;
    sheet.set_freeze_panes(1, 0)?;
    head(
        sheet,
        0,
        &[
            "Scenario",
            "Input",
            "Law",
            "5 % or low",
            "Likely",
            "95 % or high",
            "Unit",
            "Rests on",
            "Stated on",
            "Question",
            "Reason",
            "Public anchor, not used",
        ],
        bold,
    )?;
    let mut row = 1;
    for s in &model.scenarios {
        let unit = s.currency.unwrap_or(model.currency).to_string();
        let mut line =
            |input: &str, law: &serde_json::Value, unit: &str, kind: SourceKind, origin: [&str; 4]| {
                sheet.write_string(row, 0, &s.name)?;
                sheet.write_string(row, 1, input)?;
                let text = |key: &str| law.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
                sheet.write_string(row, 2, format!("{}{}", text("law"), text("kind")))?;
                let number = |keys: &[&str]| keys.iter().find_map(|k| law.get(*k)?.as_f64());
                for (column, keys) in [
                    (3, &["p05", "low", "value", "per_year", "probability", "shape"][..]),
                    (4, &["mode"][..]),
                    (5, &["p95", "high", "years"][..]),
                ] {
                    if let Some(value) = number(keys) {
                        sheet.write_number(row, column, value)?;
                    }
                }
                sheet.write_string(row, 6, unit)?;
                sheet.write_string(row, 7, word(kind))?;
                for (column, text) in (8u16..).zip(origin) {
                    sheet.write_string(row, column, text)?;
                }
                row += 1;
                Ok::<(), XlsxError>(())
            };
        let json = |value: Result<serde_json::Value, serde_json::Error>| value.unwrap_or_default();
        if let Some(r) = &s.rate {
            let origin = [r.on.as_str(), &r.question, &r.reason, &r.anchor];
            line("rate", &json(serde_json::to_value(&r.value)), "a year", r.source, origin)?;
        }
        if let Some(n) = &s.nodes {
            let ignored = s.ignored();
            let name = |node: &str| {
                let since = ignored.iter().find(|i| i.node == node).map(|i| i.since.replace('_', " "));
                let words = node.replace('_', " ");
                since
                    .map_or_else(|| words.clone(), |s| format!("{words} (ignored: {s} was entered directly)"))
            };
            for (node, r) in [("threat_events", &n.threat_events), ("contacts", &n.contacts)] {
                let Some(r) = r else { continue };
                let origin = [r.on.as_str(), &r.question, &r.reason, &r.anchor];
                line(&name(node), &json(serde_json::to_value(&r.value)), "a year", r.source, origin)?;
            }
            for (node, c) in [
                ("action", &n.action),
                ("vulnerability", &n.vulnerability),
                ("capability", &n.capability),
                ("resistance", &n.resistance),
            ] {
                let Some(c) = c else { continue };
                let origin = [c.on.as_str(), &c.question, &c.reason, &c.anchor];
                line(&name(node), &json(serde_json::to_value(c.value)), "share", c.source, origin)?;
            }
        }
        for loss in &s.losses {
            let a = &loss.amount;
            let origin = [a.on.as_str(), &a.question, &a.reason, &a.anchor];
            line("loss", &json(serde_json::to_value(&a.value)), &unit, a.source, origin)?;
        }
        if let Some(more) = &s.secondary {
            let c = &more.chance;
            let law = serde_json::json!({ "law": "chance", "value": c.value.value() });
            line(
                "chance of secondary loss",
                &law,
                "share",
                c.source,
                [&c.on, &c.question, &c.reason, &c.anchor],
            )?;
            for loss in &more.losses {
                let a = &loss.amount;
                let origin = [a.on.as_str(), &a.question, &a.reason, &a.anchor];
                line("secondary loss", &json(serde_json::to_value(&a.value)), &unit, a.source, origin)?;
            }
        }
    }
    row += 2;
    head(sheet, row, &["Control", "Scenario", "Acts on", "kappa", "Rests on"], bold)?;
    for e in &model.effects {
        row += 1;
        let control = model.controls.iter().find(|c| c.id == e.control).map_or("", |c| c.name.as_str());
        let scenario = model.scenario(&e.scenario).map_or("", |s| s.name.as_str());
        let on = serde_json::to_value(e.on).unwrap_or_default();
        sheet.write_string(row, 0, control)?;
        sheet.write_string(row, 1, scenario)?;
        sheet.write_string(row, 2, on.as_str().unwrap_or_default())?;
        sheet.write_number(row, 3, e.kappa.value())?;
        sheet.write_string(row, 4, word(e.source))?;
    }
    Ok(())
}

/// Where the formulas sheet finds the scenarios: first and last row, from 1.
fn results(
    sheet: &mut Worksheet,
    r: &RunResult,
    titles: &BTreeMap<String, String>,
    bold: &Format,
) -> Result<(u32, u32), XlsxError> {
    sheet.set_name("Results")?;
    let mut row = 0;
    let mut pair = |name: &str, value: Option<f64>| {
        sheet.write_string(row, 0, name)?;
        match value {
            Some(value) => sheet.write_number(row, 1, value)?,
            None => sheet.write_string(row, 1, "infinite")?,
        };
        row += 1;
        Ok::<(), XlsxError>(())
    };
    pair("Mean of the year", r.mean)?;
    pair("Standard deviation", r.sd)?;
    pair("Chance of no loss", Some(r.no_loss))?;
    pair("Median", r.p50)?;
    for (level, value) in &r.var {
        pair(&format!("Value at risk {level} %"), Some(*value))?;
    }
    for (level, value) in &r.tvar {
        pair(&format!("Tail mean beyond {level} %"), Some(*value))?;
    }
    for (name, text) in [
        ("Currency", r.currency.to_string()),
        ("Date", r.as_of.map(|d| d.to_string()).unwrap_or_default()),
        ("Run", r.inputs_sha256.clone()),
        ("Engine", format!("{} {}", r.engine.name, r.engine.version)),
        ("Not assessed", format!("{} of {} scenarios, in no sum", r.assessed.1 - r.assessed.0, r.assessed.1)),
    ] {
        sheet.write_string(row, 0, name)?;
        sheet.write_string(row, 1, text)?;
        row += 1;
    }
    row += 1;
    head(
        sheet,
        row,
        &[
            "Scenario",
            "Base rate",
            "Left by prevention",
            "Rate now",
            "Mean of an event",
            "Mean a year",
            "Part of the tail mean",
            "Rests on",
        ],
        bold,
    )?;
    let first = row + 2;
    for s in &r.scenarios {
        row += 1;
        sheet.write_string(row, 0, titles.get(&s.trail.id).map_or("", String::as_str))?;
        sheet.write_number(row, 1, s.trail.base_rate)?;
        sheet.write_number(row, 2, s.trail.prevent)?;
        sheet.write_number(row, 3, s.trail.rate)?;
        for (column, value) in [(4, s.event_mean), (5, s.mean), (6, s.tail)] {
            if let Some(value) = value {
                sheet.write_number(row, column, value)?;
            }
        }
        sheet.write_string(row, 7, word(s.trail.source))?;
    }
    let last = row + 1;
    row += 2;
    head(sheet, row, &["Loss a year", "Chance to exceed it", "5 % of the band", "95 % of the band"], bold)?;
    for p in &r.lec {
        row += 1;
        sheet.write_number(row, 0, p.loss)?;
        sheet.write_number(row, 1, p.chance)?;
        for (column, value) in [(2, p.low), (3, p.high)] {
            if let Some(value) = value {
                sheet.write_number(row, column, value)?;
            }
        }
    }
    Ok((first, last))
}

fn formulas(
    sheet: &mut Worksheet,
    r: &RunResult,
    (first, last): (u32, u32),
    bold: &Format,
) -> Result<(), XlsxError> {
    sheet.set_name("Formulas")?;
    sheet.set_column_width(0, 44)?;
    sheet.set_column_width(3, 90)?;
    head(sheet, 0, &["What", "By the sheet", "By the engine", "How"], bold)?;
    let tail = r.tvar.get(&r.tail_level).copied();
    let sum = |column: &str| format!("SUM(Results!{column}{first}:{column}{last})");
    let product = format!("SUMPRODUCT(Results!D{first}:D{last},Results!E{first}:E{last})");
    let rate = format!("SUMPRODUCT(Results!B{first}:B{last},Results!C{first}:C{last})");
    let none = format!("EXP(-SUM(Results!D{first}:D{last}))");
    let total: f64 = r.scenarios.iter().map(|s| s.trail.rate).sum();
    let lines: [(&str, Option<String>, Option<f64>, &str); 9] = [
        (
            "Mean of the year",
            Some(sum("F")),
            r.mean,
            "The means of the scenarios add up, whatever hangs together.",
        ),
        (
            "The same from rate and event",
            Some(product),
            r.mean,
            "Mean of a scenario = rate now x mean of an event. Equal to the line above where no cover of the year changes the sum.",
        ),
        (
            "Loss events a year",
            Some(rate),
            Some(total),
            "Rate now = base rate x what prevention leaves: product of (1 - e), divided by (1 - e of the controls that the estimate already contains).",
        ),
        (
            "Tail mean",
            Some(sum("G")),
            tail,
            "The parts of the worst years add up (Euler): each scenario's mean loss in the years beyond the quantile.",
        ),
        (
            "Chance of no loss, rates known",
            Some(none),
            Some(r.no_loss),
            "exp(-rate) where rates are known; rates that are themselves uncertain make quiet years more likely, so the engine's figure lies above.",
        ),
        (
            "Efficacy of a control",
            None,
            None,
            "e = kappa x C x (R x I + (1 - R) x D): share of techniques addressed, coverage, reliability, efficacy while working and while degraded.",
        ),
        (
            "The year's loss",
            None,
            None,
            "A sum over a counted number of events, never rate times loss. The engine computes its whole distribution by one Fourier transform; there is no simulation and no seed.",
        ),
        (
            "Value at risk",
            None,
            None,
            "The loss that so many of 100 years stay below, read from that distribution.",
        ),
        (
            "Tail mean of a quantile",
            None,
            None,
            "VaR + (E[S] - E[min(S, VaR)]) / (1 - q): what lies beyond the grid needs no cells.",
        ),
    ];
    for (row, (what, formula, value, how)) in (1u32..).zip(lines) {
        sheet.write_string(row, 0, what)?;
        if let Some(formula) = formula {
            // The stored result lets readers that do not calculate show the same number.
            let shown = value.map(|v| v.to_string()).unwrap_or_default();
            sheet.write_formula(row, 1, Formula::new(format!("={formula}")).set_result(shown))?;
        }
        if let Some(value) = value {
            sheet.write_number(row, 2, value)?;
        }
        sheet.write_string(row, 3, how)?;
    }
    Ok(())
}
