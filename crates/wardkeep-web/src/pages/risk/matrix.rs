//! `/risk/matrix`: the matrix with the risks in its cells, what its ratings hide, and a form to change what its levels
//! mean and see at once what that does to its honesty.

mod editor;

use super::super::frame::Frame;
use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use super::super::taste::Taste;
use super::say::{add, as_table, column, link, stop};
use super::{MATRIX, pages};
use crate::parts::{
    Align, AnswerView, ButtonView, ChartView, EmptyView, HeadView, NoticeView, RowView, Sentence, TableView,
    Tone, Value, answer, chart, empty, head, notice, table, unknown,
};
use crate::words::{fill, words};
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::risk::MatrixTry;
use wardkeep_app::risk::views::{CellView as Cell, HonestyView, LevelName, MatrixView};
use wardkeep_app::{Error, Refusal};
use wardkeep_register::Area;
use wardkeep_report::chart::{Amounts, Marks, MatrixCell, MatrixChart, matrix as draw};
use wardkeep_types::Problem;

/// `GET /risk/matrix?matrix=MTX-0001&likelihood=..`: with levels in the address they are tried, not stored.
pub async fn show(reader: Reader) -> Response {
    reader.answer(page(&reader)).await
}

fn tried(reader: &Reader) -> Option<MatrixTry> {
    let text = |key: &str| reader.asked(key).map(ToOwned::to_owned);
    Some(MatrixTry {
        likelihood: text("likelihood")?,
        impact: text("impact")?,
        formula: text("formula")?,
        bands: text("bands")?,
    })
}

async fn page(reader: &Reader) -> Result<Response, Error> {
    let (app, wanted) = (&reader.state.app, reader.asked("matrix"));
    let tried = tried(reader);
    let stored = app.risk_matrix(&reader.ctx, &reader.organisation, wanted).await?;
    let (view, refused) = match &tried {
        None => (stored, Vec::new()),
        Some(levels) => {
            match app.risk_matrix_tried(&reader.ctx, &reader.organisation, wanted, levels).await {
                Ok(view) => (view, Vec::new()),
                Err(Error::Refusal(Refusal::Invalid(problems))) => (stored, problems.0),
                Err(error) => return Err(error),
            }
        }
    };
    let title = words("risk.matrix_title");
    let frame = Frame::new(title).in_area(Area::Identify).at(MATRIX).crumb(title);
    Ok(reader.page(frame, body(&reader.taste, &view, tried.as_ref(), &refused, &reader.hidden())))
}

/// `POST /risk/matrix`: stores the levels that were tried, through the write path.
pub async fn save(posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let levels = MatrixTry {
                likelihood: posted.text("likelihood").to_owned(),
                impact: posted.text("impact").to_owned(),
                formula: posted.text("formula").to_owned(),
                bands: posted.text("bands").to_owned(),
            };
            let reference = posted.text("matrix");
            reader.state.app.risk_matrix_saved(&reader.ctx, &reader.organisation, reference, &levels).await?;
            Ok(go(format!("{MATRIX}?matrix={reference}")))
        })
        .await
}

/// The page below the frame.
pub fn body(
    taste: &Taste,
    view: &MatrixView,
    tried: Option<&MatrixTry>,
    refused: &[Problem],
    hidden: &[(String, String)],
) -> Markup {
    let others = view
        .others
        .iter()
        .map(|m| ButtonView::link(m.name.clone(), format!("{MATRIX}?matrix={}", m.reference)));
    let mut verbs: Vec<ButtonView> = others.collect();
    verbs.push(ButtonView::link(words("risk.add_matrix"), add("risk_matrix", None)));
    let heading = head(&HeadView {
        reference: view.record.as_ref().map(|r| r.reference.clone()),
        title: view.record.as_ref().map_or_else(|| words("risk.matrix_title").to_owned(), |r| r.name.clone()),
        verbs,
        ..HeadView::default()
    });
    let Some(record) = &view.record else {
        return html! {
            (heading)
            (pages(MATRIX))
            (empty(&EmptyView {
                title: words("risk.no_matrix_title").to_owned(),
                text: Sentence::new(words("risk.no_matrix_text")),
                acts: vec![ButtonView::link(words("risk.add_matrix"), add("risk_matrix", None)).main()],
                example: Some(Sentence::new(words("risk.no_matrix_example"))),
            }))
        };
    };
    html! {
        (heading)
        (pages(MATRIX))
        @if !refused.is_empty() {
            (notice(&NoticeView {
                tone: Tone::Bad,
                title: Some(words("risk.not_tried").to_owned()),
                points: refused.iter().map(|p| Sentence::new(stop(&format!("{}. {}", p.message, p.hint)))).collect(),
                live: true,
                ..NoticeView::default()
            }))
        }
        @else if tried.is_some() { (notice(&NoticeView { tone: Tone::Warn, text: Sentence::new(words("risk.only_tried")), live: true, ..NoticeView::default() })) }
        (answer(&said(view)))
        (picture(taste, view))
        div.beside { (honesty(taste, view)) (not_rated(view)) }
        (editor::editor(view, tried, record.reference.as_str(), hidden))
    }
}

/// Whether colour and loss agree, in one sentence.
fn said(view: &MatrixView) -> AnswerView {
    let Some(found) = &view.honesty else {
        return AnswerView {
            tone: Tone::Warn,
            text: Sentence::new(words("risk.honesty_no_anchors")),
            next: vec![],
        };
    };
    let worst = found.compression.iter().map(|c| c.1).fold(1.0, f64::max);
    let values = [
        ("n", found.contradicted.to_string()),
        ("pairs", found.pairs.to_string()),
        ("ties", found.ties.to_string()),
        ("times", format!("{worst:.0}")),
    ];
    let values = values.each_ref().map(|(k, v)| (*k, v.as_str()));
    let bad = found.contradicted > 0;
    let text = if bad { fill("risk.honesty_bad", &values) } else { fill("risk.honesty_good", &values) };
    AnswerView { tone: if bad { Tone::Warn } else { Tone::Plain }, text: Sentence::new(text), next: vec![] }
}

fn numbers(taste: &Taste, view: &MatrixView) -> Amounts {
    Amounts { currency: view.currency.clone(), decimal: taste.decimal() }
}

/// The middle of a cell in money a year, where both levels say what they mean.
fn middle(view: &MatrixView, cell: &Cell) -> Option<f64> {
    let anchor = |levels: &[LevelName], n: u32| levels.iter().find(|l| l.level == n)?.anchor;
    let ((fl, fh), (ml, mh)) =
        (anchor(&view.likelihood, cell.likelihood)?, anchor(&view.impact, cell.impact)?);
    Some((fl * fh * ml * mh).sqrt())
}

fn picture(taste: &Taste, view: &MatrixView) -> Markup {
    let a = numbers(taste, view);
    let worst = view.honesty.as_ref().and_then(|h| h.worst);
    let letter = |cell: &Cell| {
        let at = (cell.likelihood, cell.impact);
        worst.and_then(|(higher, lower, _)| {
            if at == higher {
                Some('A')
            } else if at == lower {
                Some('B')
            } else {
                None
            }
        })
    };
    let one = |cell: &Cell| {
        let band = view.bands.get(cell.band as usize).map_or(String::new(), |b| b.0.clone());
        let point = middle(view, cell).map(|p| fill("risk.about_a_year", &[("amount", &a.bare(p))]));
        let names: Vec<&str> = cell.risks.iter().take(4).map(|r| r.name.as_str()).collect();
        let mut said = fill(
            "risk.cell_said",
            &[
                ("likelihood", &cell.likelihood.to_string()),
                ("impact", &cell.impact.to_string()),
                ("score", &cell.score.to_string()),
                ("band", &band),
                ("n", &cell.risks.len().to_string()),
            ],
        );
        if !names.is_empty() {
            said.push_str(": ");
            said.push_str(&names.join(", "));
        }
        MatrixCell {
            score: cell.score,
            band: (cell.band, band),
            risks: cell.risks.len() as u64,
            point,
            letter: letter(cell),
            said,
        }
    };
    let level = |l: &LevelName, money: bool| {
        let about = l.anchor.map_or_else(
            || words("risk.no_anchor").to_owned(),
            |(low, high)| {
                if money {
                    fill("risk.from_to", &[("from", &a.tick(low)), ("to", &a.tick(high))])
                } else {
                    fill("risk.times_a_year", &[("from", &short(&a, low)), ("to", &short(&a, high))])
                }
            },
        );
        (l.name.clone(), about)
    };
    let drawn = draw(
        &MatrixChart {
            title: words("risk.matrix_title").to_owned(),
            axes: [words("risk.likelihood").to_owned(), fill("risk.impact_in", &[("currency", &a.currency)])],
            rows: view.likelihood.iter().rev().map(|l| level(l, false)).collect(),
            columns: view.impact.iter().map(|l| level(l, true)).collect(),
            cells: view.rows.iter().map(|row| row.iter().map(one).collect()).collect(),
            bands: view.bands.len() as u32,
        },
        Marks::Live,
    );
    let placed: usize = view.rows.iter().flatten().map(|c| c.risks.len()).sum();
    let source = match view.honesty.as_ref().and_then(|h| h.worst) {
        Some((.., times)) => Sentence::new(fill("risk.letters", &[("times", &a.number(times))])),
        None => Sentence::new(words("risk.no_letters")),
    };
    let (n, all) = (placed.to_string(), (placed + view.not_assessed.len()).to_string());
    chart(&ChartView {
        said: Sentence::new(fill("risk.placed", &[("n", &n), ("all", &all)])),
        about: words("risk.matrix_about").to_owned(),
        drawing: drawn.svg,
        figures: as_table(&drawn.figures, &(1..=view.impact.len()).collect::<Vec<_>>()),
        source,
    })
}

/// A number of times a year without zeros that say nothing.
fn short(a: &Amounts, value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').replace('.', a.decimal.encode_utf8(&mut [0; 4]))
}

fn honesty(taste: &Taste, view: &MatrixView) -> Markup {
    let a = numbers(taste, view);
    let Some(by_band) = &view.honesty else {
        return html! { section { h2 { (words("risk.honesty")) } p { (unknown(words("risk.no_anchors"))) " " (words("risk.honesty_how")) } } };
    };
    let by_score = view.honesty_by_score.as_ref();
    let share = |h: &HonestyView, n: usize| format!("{n} ({})", a.percent(n as f64 / h.pairs.max(1) as f64));
    let row = |label: &str, of: &dyn Fn(&HonestyView) -> String| RowView {
        cells: vec![
            Value::text(label).into(),
            Value::number(of(by_band)).into(),
            by_score.map_or(Value::Empty, |h| Value::number(of(h))).into(),
        ],
        ..RowView::default()
    };
    html! {
        section #honesty {
            h2 { (words("risk.honesty")) }
            ul.points { @for sentence in &by_band.sentences { li { (sentence) } } }
            (table(&TableView {
                caption: words("risk.honesty").to_owned(),
                columns: vec![
                    column(words("risk.compared"), Align::Text),
                    column(words("risk.by_band"), Align::Number),
                    column(words("risk.by_score"), Align::Number),
                ],
                rows: vec![
                    row(words("risk.pairs"), &|h| h.pairs.to_string()),
                    row(words("risk.contradicted"), &|h| share(h, h.contradicted)),
                    row(words("risk.certainly"), &|h| share(h, h.certainly_contradicted)),
                    row(words("risk.ties"), &|h| share(h, h.ties)),
                ],
                wide: true,
                ..TableView::default()
            }))
            (table(&TableView {
                caption: words("risk.compression").to_owned(),
                columns: vec![column(words("risk.band"), Align::Text), column(words("risk.compression"), Align::Number)],
                rows: by_band.compression.iter().map(|(name, times)| RowView {
                    cells: vec![Value::text(name.clone()).into(), Value::number(fill("risk.times", &[("n", &a.number(*times))])).into()],
                    ..RowView::default()
                }).collect(),
                wide: true,
                ..TableView::default()
            }))
        }
    }
}

/// Risks without a rating: in no cell, and named.
fn not_rated(view: &MatrixView) -> Markup {
    html! {
        section #not-rated {
            h2 { (words("risk.not_rated")) span.count { " " (view.not_assessed.len()) } }
            @if view.not_assessed.is_empty() { p.quiet { (words("risk.all_rated")) } } @else {
                p { (unknown(words("risk.not_assessed"))) " " (words("risk.not_rated_text")) }
                ul.lines { @for risk in &view.not_assessed { li { (link(risk)) } } }
            }
        }
    }
}
