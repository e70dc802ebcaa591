//! `/risk/why/{figure}`: what a figure means, how it comes about, from which scenarios and evidence.

use super::super::frame::Frame;
use super::super::reader::Reader;
use super::super::taste::Taste;
use super::say::{amounts, band, page_of, short, source_word};
use super::{PORTFOLIO, say};
use crate::parts::{LinkView, Sentence, Value, WhyInput, WhyView, why_panel};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::Response;
use wardkeep_app::risk::views::{ContributorView, Figure, PortfolioView, RiskView, RunStamp};
use wardkeep_app::{Error, Refusal};
use wardkeep_register::Area;
use wardkeep_report::chart::Amounts;

/// `GET /risk/why/{figure}?risk=RSK-0001`.
pub async fn show(reader: Reader, Path(figure): Path<String>) -> Response {
    reader.answer(page(&reader, &figure)).await
}

async fn page(reader: &Reader, figure: &str) -> Result<Response, Error> {
    let app = &reader.state.app;
    let view = match reader.asked("risk") {
        Some(reference) => {
            let risk = app.risk_shown(&reader.ctx, &reader.organisation, reference).await?;
            of_risk(&reader.taste, &risk, figure)
        }
        None => of_all(&reader.taste, &app.risk_portfolio(&reader.ctx, &reader.organisation).await?, figure),
    };
    let view = view.ok_or(Refusal::NotFound)?;
    let frame = Frame::new(view.title.clone())
        .in_area(Area::Identify)
        .at(PORTFOLIO)
        .back(words("risk.portfolio_title"), PORTFOLIO)
        .crumb(words("chain.why"));
    Ok(reader.page(frame, why_panel(&view)))
}

/// The name of a figure, what it means and how it is worked out.
fn meaning(figure: &str) -> Option<(String, String, Vec<String>)> {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let of_level = |level: &str, name: &'static str, said: &'static str, formula: &'static str| {
        let share = 100.0 - level.parse::<f64>().ok()?;
        let share = format!("{share:.3}");
        let values = [("level", level), ("share", share.trim_end_matches('0').trim_end_matches('.'))];
        let put =
            |text: &str| values.iter().fold(text.to_owned(), |t, (k, v)| t.replace(&format!("{{{k}}}"), v));
        Some((put(name), put(said), lines(&put(formula))))
    };
    match figure {
        "mean" => Some((
            words("risk.mean").to_owned(),
            words("risk.mean_means").to_owned(),
            lines(words("risk.mean_formula")),
        )),
        "median" => Some((
            words("risk.median").to_owned(),
            words("risk.median_means").to_owned(),
            lines(words("risk.var_formula")),
        )),
        "no-loss" => Some((
            words("risk.no_loss").to_owned(),
            words("risk.no_loss_means").to_owned(),
            lines(words("risk.no_loss_formula")),
        )),
        "tail" => Some((
            words("risk.share_tail").to_owned(),
            words("risk.tail_means").to_owned(),
            lines(words("risk.tail_formula")),
        )),
        _ => match figure.split_once('-')? {
            ("var", level) => {
                of_level(level, words("risk.var_name"), words("risk.var_means"), words("risk.var_formula"))
            }
            ("tvar", level) => {
                of_level(level, words("risk.tvar_name"), words("risk.tvar_means"), words("risk.tvar_formula"))
            }
            _ => None,
        },
    }
}

fn frame_of(
    taste: &Taste,
    run: &RunStamp,
    title: String,
    figure: Value,
    said: String,
    formula: Vec<String>,
    inputs: Vec<WhyInput>,
) -> WhyView {
    let of_run = WhyInput {
        what: Value::text(words("risk.run_record")),
        value: Value::Link(LinkView::new(short(&run.hash), format!("/risk/runs/{}", run.hash))),
        from: say::band_note(run),
    };
    WhyView {
        title,
        figure,
        said: Sentence::new(said),
        formula,
        inputs,
        evidence: vec![of_run],
        as_of: taste.moment_stamp(run.computed_at),
        by: fill("risk.by_engine", &[("engine", &run.engine), ("formulas", &run.formulas.to_string())]),
        hash: short(&run.hash),
    }
}

fn shown(a: &Amounts, figure: &Figure) -> Value {
    let Some(value) = figure.value else { return Value::Unknown(words("risk.infinite").to_owned()) };
    let band = band(a, figure).map(|b| format!(" ({b})")).unwrap_or_default();
    Value::number(format!("{}{band}", a.full(value)))
}

fn of_all(taste: &Taste, view: &PortfolioView, figure: &str) -> Option<WhyView> {
    let run = view.run.as_ref()?;
    let a = amounts(taste, run);
    let (title, said, formula) = meaning(figure)?;
    let level = |levels: &[wardkeep_app::risk::views::LevelView], key: &str| {
        levels.iter().find(|l| l.level == key).map(|l| shown(&a, &l.figure))
    };
    let value = match figure {
        "mean" => shown(&a, &view.mean),
        "median" => shown(&a, &Figure { value: view.p50, ..Figure::default() }),
        "no-loss" => Value::number(a.percent(view.no_loss?)),
        _ => match figure.split_once('-')? {
            ("var", key) => level(&view.var, key)?,
            ("tvar", key) => level(&view.tvar, key)?,
            _ => return None,
        },
    };
    let in_tail = figure.starts_with("tvar");
    let input = |c: &ContributorView| WhyInput {
        what: Value::Link(LinkView::new(
            c.scenario.name.clone(),
            page_of(c.risk.as_ref().unwrap_or(&c.scenario)),
        )),
        value: say::money(&a, if in_tail { c.tail } else { c.mean }),
        from: fill(
            "risk.why_from",
            &[
                ("rate", &a.number(c.rate)),
                ("median", &a.bare(c.event_median)),
                ("source", source_word(&c.source)),
            ],
        ),
    };
    Some(frame_of(taste, run, title, value, said, formula, view.contributors.iter().map(input).collect()))
}

fn of_risk(taste: &Taste, view: &RiskView, figure: &str) -> Option<WhyView> {
    let run = view.run.as_ref()?;
    let a = amounts(taste, run);
    let (title, said, formula) = meaning(figure)?;
    let value = match figure {
        "mean" => shown(&a, &view.mean),
        "tail" => say::money(&a, view.tail),
        _ => return None,
    };
    let input = |s: &wardkeep_app::risk::views::ScenarioView| WhyInput {
        what: Value::Link(LinkView::new(
            s.name.clone(),
            format!("/risk/{}#s-{}", view.record.reference, crate::parts::id_of(&s.key)),
        )),
        value: say::money(&a, if figure == "tail" { s.tail } else { s.mean }),
        from: fill(
            "risk.why_from",
            &[
                ("rate", &a.number(s.rate)),
                ("median", &a.bare(s.event_median)),
                ("source", source_word(&s.source)),
            ],
        ),
    };
    let title = format!("{title}, {}", view.record.reference);
    Some(frame_of(taste, run, title, value, said, formula, view.scenarios.iter().map(input).collect()))
}
