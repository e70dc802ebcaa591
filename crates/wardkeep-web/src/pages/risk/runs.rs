//! `/risk/runs/{hash}`: the record of one run, so that anybody can work it out again; and the acts on runs.

use super::super::frame::Frame;
use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use super::super::taste::Taste;
use super::PORTFOLIO;
use super::say::{amounts, band_note, column, money, money_column, source_word};
use crate::parts::{
    Align, AnswerView, ButtonView, FactView, FieldGroupView, HeadView, LinkView, RawLine, RawView, RowView,
    Sentence, TableView, Tone, Value, answer, field_groups, head, raw, table,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use wardkeep_app::risk::RunRecordView;
use wardkeep_register::Area;

/// Lines of a model that a page shows; the whole is in the workbook and in `wardkeep risk rerun`.
const LINES: usize = 4_000;

/// `GET /risk/runs/{hash}`.
pub async fn show(reader: Reader, Path(hash): Path<String>) -> Response {
    reader
        .answer(async {
            let view = reader.state.app.risk_run_record(&reader.ctx, &reader.organisation, &hash).await?;
            let title = fill("risk.run_title", &[("number", &view.run.number.to_string())]);
            let frame = Frame::new(title)
                .in_area(Area::Identify)
                .at(PORTFOLIO)
                .back(words("risk.portfolio_title"), PORTFOLIO)
                .crumb(super::say::short(&view.run.hash));
            Ok(reader.page(frame, body(&reader.taste, &view)))
        })
        .await
}

/// `POST /risk/rerun`: works the figures out again from the records as they are.
pub async fn rerun(posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            Box::pin(reader.state.app.risk_rerun_asked(&reader.ctx, &reader.organisation)).await?;
            Ok(go(PORTFOLIO))
        })
        .await
}

/// `POST /risk/confirm`: publishes figures that waited.
pub async fn confirm(posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let hash = posted.text("hash");
            Box::pin(reader.state.app.risk_confirm(&reader.ctx, &reader.organisation, hash)).await?;
            Ok(go(PORTFOLIO))
        })
        .await
}

/// `GET /risk/workbook.xlsx`.
pub async fn workbook(reader: Reader) -> Response {
    reader
        .answer(async {
            let (name, bytes) = reader.state.app.risk_workbook(&reader.ctx, &reader.organisation).await?;
            let headers = [
                (
                    header::CONTENT_TYPE,
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
                ),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
            ];
            Ok((headers, bytes).into_response())
        })
        .await
}

/// The page below the frame.
pub fn body(taste: &Taste, view: &RunRecordView) -> Markup {
    let run = &view.run;
    let a = amounts(taste, run);
    let told = if view.intact { words("risk.run_intact") } else { words("risk.run_broken") };
    let fact = |label: &str, value: Value| FactView::new(label, value);
    let code = |text: &str| Value::Code(text.to_owned());
    html! {
        (head(&HeadView {
            title: fill("risk.run_title", &[("number", &run.number.to_string())]),
            facts: vec![Value::Moment(taste.moment_stamp(run.computed_at))],
            verbs: vec![ButtonView::link(words("risk.portfolio"), PORTFOLIO)],
            ..HeadView::default()
        }))
        (answer(&AnswerView { tone: if view.intact { Tone::Good } else { Tone::Bad }, text: Sentence::new(told), next: vec![] }))
        div.beside {
            (field_groups(&[FieldGroupView {
                title: words("risk.run_what").to_owned(),
                facts: vec![
                    fact(words("risk.run_inputs"), code(&run.hash)),
                    fact(words("risk.run_digest"), code(&run.digest)),
                    fact(words("risk.run_engine"), Value::text(fill("risk.by_engine", &[("engine", &run.engine), ("formulas", &run.formulas.to_string())]))),
                    fact(words("risk.run_as_of"), run.as_of.map_or_else(|| Value::Unknown(String::new()), |d| Value::Moment(taste.day_stamp(d)))),
                    fact(words("risk.run_computed"), Value::Moment(taste.moment_stamp(run.computed_at))),
                    fact(words("risk.run_prices"), Value::text(format!("{}, {}", run.currency, run.price_year))),
                    fact(words("risk.run_exchange"), if run.exchange.is_empty() { Value::Empty } else { Value::Lines(run.exchange.join("\n")) }),
                    fact(words("risk.run_again"), code(&format!("wardkeep risk rerun {}", super::say::short(&run.hash)))),
                ],
            }]))
            (field_groups(&[FieldGroupView {
                title: words("risk.run_figures").to_owned(),
                facts: vec![
                    fact(words("risk.mean"), money(&a, view.mean)),
                    fact(words("risk.one_in_100"), money(&a, view.var99)),
                    fact(words("risk.worst_hundredth"), money(&a, view.tvar99)),
                    fact(words("risk.no_loss"), Value::text(a.percent(view.no_loss))),
                    fact(words("risk.run_band"), Value::text(band_note(run))),
                    fact(words("risk.run_beyond"), Value::text(a.percent(view.beyond))),
                ],
            }]))
        }
        section.section #grids {
            h2 { (words("risk.run_grids")) }
            p.quiet { (words("risk.run_grids_text")) }
            (table(&TableView {
                caption: words("risk.run_grids").to_owned(),
                columns: vec![
                    column(words("risk.grid"), Align::Text),
                    column(words("risk.cells"), Align::Number),
                    money_column(words("risk.cell_width"), &a),
                    money_column(words("risk.grid_end"), &a),
                ],
                rows: view.grids.iter().enumerate().map(|(n, (step, cells))| RowView {
                    cells: vec![
                        Value::text((n + 1).to_string()).into(),
                        Value::number(taste.count(*cells as i64)).into(),
                        Value::number(a.number(*step)).into(),
                        Value::number(a.bare(step * *cells as f64)).into(),
                    ],
                    ..RowView::default()
                }).collect(),
                wide: true,
                keep: true,
                ..TableView::default()
            }))
        }
        section.section #checks {
            h2 { (words("risk.run_checks")) }
            (field_groups(&[FieldGroupView {
                title: String::new(),
                facts: view.checks.iter().map(|(name, value)| FactView::new(name.clone(), code(&format!("{value:.3e}")))).collect(),
            }]))
        }
        section.section #evidence {
            h2 { (words("risk.run_evidence")) span.count { " " (view.evidence.len()) } }
            @if view.evidence.is_empty() { p.quiet { (words("risk.run_no_evidence")) } } @else {
                ul.lines { @for id in &view.evidence { li { (LinkView::new(id.clone(), format!("/observations/{id}"))) } } }
            }
        }
        section.section #model {
            h2 { (words("risk.run_model")) }
            p.quiet { (words("risk.run_model_text")) }
            (raw(&RawView {
                name: "model.json".to_owned(),
                about: Sentence::new(fill("risk.run_model_about", &[("n", &view.model_text.lines().count().to_string())])),
                sha256: view.model_sha256.clone(),
                lines: view.model_text.lines().take(LINES).enumerate().map(|(n, text)| RawLine { number: n as u64 + 1, text: text.to_owned(), hit: false }).collect(),
                download: None,
            }))
        }
        p.small.quiet { (words("risk.run_sources")) " " @for share in &view.sources { (source_word(&share.kind)) " " (a.percent(share.share)) ". " } }
    }
}
