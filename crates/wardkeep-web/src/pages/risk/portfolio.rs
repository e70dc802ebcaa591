//! `/risk`: how much a year may cost, against what the board bears, what makes it, and what moved it.

mod charts;
pub mod tables;

pub use charts::over_time;

use super::super::frame::Frame;
use super::super::reader::Reader;
use super::super::taste::Taste;
use super::curve::{CurveParts, framed, on_curve, one_in};
use super::say::{add, amounts, band, foot, stop, told};
use super::{APPETITE, ESTIMATES, PORTFOLIO, pages};
use crate::parts::{
    AnswerView, ButtonView, EmptyView, HeadView, NoticeView, Sentence, StatFigure, StatView, Tone, Trend,
    Value, answer, empty, head, notice, stats,
};
use crate::words::{fill, words};
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::risk::views::{ChangeView, DraftView, Figure, LevelView, PortfolioView, RunStamp};
use wardkeep_register::Area;
use wardkeep_report::chart::Amounts;

/// `GET /risk`.
pub async fn show(reader: Reader) -> Response {
    reader.answer(page(&reader)).await
}

async fn page(reader: &Reader) -> Result<Response, Error> {
    let view = reader.state.app.risk_portfolio(&reader.ctx, &reader.organisation).await?;
    let title = words("risk.portfolio_title");
    let mut frame = Frame::new(title).in_area(Area::Identify).at(PORTFOLIO).crumb(title);
    if let Some(run) = &view.run {
        let old = reader.now().seconds_since(run.computed_at) > 2 * 86_400;
        frame = frame.as_of(foot(&reader.taste, run), old);
    }
    Ok(reader.page(frame, body(&reader.taste, &view, &reader.hidden())))
}

/// The page below the frame.
pub fn body(taste: &Taste, view: &PortfolioView, hidden: &[(String, String)]) -> Markup {
    let Some(run) = &view.run else {
        return html! { (heading(None, hidden)) (pages(PORTFOLIO)) (nothing_yet()) };
    };
    let a = amounts(taste, run);
    html! {
        (heading(Some(run), hidden))
        (pages(PORTFOLIO))
        (answer(&said(taste, &a, view)))
        @if let Some(draft) = &view.draft { (waiting(taste, &a, draft, hidden)) }
        (stats(&figures(&a, view)))
        (framed(taste, &CurveParts {
            said: Sentence::new(curve_said(taste, &a, view)),
            run,
            curves: &view.curves,
            appetite: &view.appetite,
            var: &view.var,
            no_loss: view.no_loss,
        }))
        @if !view.appetite.is_empty() {
            section.section { h2 { (words("risk.appetite")) } (tables::appetite(&a, &view.appetite)) }
        } @else { (no_appetite()) }
        @if let Some(change) = &view.change { (changed(taste, &a, change)) }
        (charts::contributors(taste, run, &a, view))
        (charts::waterfall(taste, run, &a, view))
        div.beside {
            (charts::rests_on(taste, run, &a, view))
            (tables::outside(view))
        }
        (charts::past(taste, run, &a, view))
        @if let Some(cover) = &view.cover { (tables::cover(&a, cover)) }
        (tables::remarks(view))
    }
}

fn heading(run: Option<&RunStamp>, hidden: &[(String, String)]) -> Markup {
    let facts = run.map(|r| {
        Value::text(fill("risk.prices", &[("currency", &r.currency), ("year", &r.price_year.to_string())]))
    });
    let mut verbs = vec![ButtonView::post(words("risk.rerun"), "/risk/rerun", hidden.to_vec())];
    if run.is_some() {
        verbs.push(ButtonView::link(words("risk.workbook"), "/risk/workbook.xlsx"));
    }
    head(&HeadView {
        title: words("risk.portfolio_title").to_owned(),
        facts: facts.into_iter().collect(),
        verbs,
        ..HeadView::default()
    })
}

fn nothing_yet() -> Markup {
    empty(&EmptyView {
        title: words("risk.none_title").to_owned(),
        text: Sentence::new(words("risk.none_text")),
        acts: vec![
            ButtonView::link(words("risk.see_library"), super::LIBRARY).main(),
            ButtonView::link(words("risk.none_act"), add("scenario", None)),
            ButtonView::link(words("risk.none_risk"), add("risk", None)),
        ],
        example: Some(Sentence::new(words("risk.none_example"))),
    })
}

fn no_appetite() -> Markup {
    notice(&NoticeView {
        text: Sentence::new(words("risk.no_appetite")),
        acts: vec![ButtonView::link(words("risk.write_appetite"), add("appetite", None)).small()],
        ..NoticeView::default()
    })
}

/// The figure of a level.
fn level<'a>(levels: &'a [LevelView], key: &str) -> Option<&'a Figure> {
    levels.iter().find(|l| l.level == key).map(|l| &l.figure)
}

/// What is the case and what to do.
fn said(taste: &Taste, a: &Amounts, view: &PortfolioView) -> AnswerView {
    let failing: Vec<_> = view.appetite.iter().filter(|r| r.verdict == "fail").collect();
    let unsure = view.appetite.iter().filter(|r| r.verdict == "undetermined").count();
    let with_band = |f: &Figure| match (f.value, band(a, f)) {
        (Some(v), Some(band)) => fill("risk.with_band", &[("figure", &a.full(v)), ("band", &band)]),
        (Some(v), None) => a.full(v),
        _ => words("risk.infinite").to_owned(),
    };
    let mut text = if view.heading == "median" || view.mean.value.is_none() {
        let half = view.p50.map_or_else(|| words("risk.infinite").to_owned(), |v| a.full(v));
        Sentence::new(words("risk.half_of_years")).figure(half, "/risk/why/median")
    } else {
        Sentence::new(words("risk.average_year")).figure(with_band(&view.mean), "/risk/why/mean")
    };
    if let Some(figure) = level(&view.var, "99").filter(|f| f.value.is_some()) {
        text = text.and(words("risk.and_one_in_100")).figure(with_band(figure), "/risk/why/var-99");
    }
    text = text.and(". ");
    let (tone, next) = if let Some(first) = failing.first() {
        let rest = failing.len() - 1;
        text = text.and(words("risk.limit_broken")).link(stop(&first.record.name), first.record.path.clone());
        if rest > 0 {
            text = text.and(" ").and(fill("risk.limits_more", &[("n", &rest.to_string())]));
        }
        (Tone::Bad, Some(ButtonView::link(words("risk.see_measures"), super::INVESTMENTS)))
    } else if unsure > 0 {
        text = text.and(fill("risk.limits_unsure", &[("n", &unsure.to_string())]));
        (Tone::Warn, Some(ButtonView::link(words("risk.see_appetite"), APPETITE)))
    } else if view.appetite.is_empty() {
        text = text.and(words("risk.limits_none"));
        (Tone::Warn, None)
    } else {
        text = text.and(fill("risk.limits_hold", &[("n", &view.appetite.len().to_string())]));
        (Tone::Good, None)
    };
    let run = view.run.as_ref();
    let placeholder = run.map_or(1.0, |r| r.placeholder_share);
    if let Some(run) = run.filter(|r| r.not_assessed > 0) {
        let (n, all) = (taste.count(run.not_assessed as i64), taste.count(run.scenarios as i64));
        text = text.and(" ").and(fill("risk.not_in_sum", &[("n", &n), ("all", &all)]));
    }
    if placeholder >= 0.005 {
        text = text.and(" ").and(fill("risk.rests_on_placeholders", &[("share", &a.percent(placeholder))]));
    }
    let tone = if tone == Tone::Good && placeholder > 0.5 { Tone::Warn } else { tone };
    let renew = (placeholder > 0.5).then(|| ButtonView::link(words("risk.see_estimates"), ESTIMATES));
    AnswerView { tone, text, next: next.into_iter().chain(renew).collect() }
}

fn figures(a: &Amounts, view: &PortfolioView) -> Vec<StatView> {
    let stat = |label: &str, figure: Option<&Figure>, why: &str, delta: Option<(f64, f64)>| {
        let value = figure.and_then(|f| f.value);
        let delta = delta.filter(|(from, to)| a.bare(*from) != a.bare(*to)).map(|(from, to)| {
            let trend = if to > from { Trend::Worse } else { Trend::Better };
            (fill("risk.since_month", &[("change", &a.change(to - from))]), trend)
        });
        StatView {
            label: label.to_owned(),
            figure: value.map_or_else(
                || StatFigure::Unknown(words("risk.infinite").to_owned()),
                |v| StatFigure::Known(a.bare(v), Some(a.currency.clone())),
            ),
            delta,
            note: figure.and_then(|f| band(a, f)).map(|band| fill("risk.band_is", &[("band", &band)])),
            href: Some(format!("/risk/why/{why}")),
            why: true,
        }
    };
    let change = view.change.as_ref();
    let median = Figure { value: view.p50, ..Figure::default() };
    let mut out = vec![
        stat(words("risk.mean"), Some(&view.mean), "mean", change.map(|c| c.mean)),
        stat(words("risk.median"), Some(&median), "median", None),
        stat(words("risk.one_in_20"), level(&view.var, "95"), "var-95", None),
        stat(words("risk.one_in_100"), level(&view.var, "99"), "var-99", change.map(|c| c.var)),
        stat(words("risk.worst_hundredth"), level(&view.tvar, "99"), "tvar-99", change.map(|c| c.tvar)),
    ];
    if let (Some(low), Some(high)) = (view.p10, view.p90) {
        out[1].note = Some(fill("risk.eight_of_ten", &[("low", &a.bare(low)), ("high", &a.bare(high))]));
    }
    if let Some(chance) = view.no_loss {
        out.push(StatView {
            label: words("risk.no_loss").to_owned(),
            figure: StatFigure::Known(a.percent(chance), None),
            href: Some("/risk/why/no-loss".to_owned()),
            why: true,
            ..StatView::default()
        });
    }
    out
}

/// The finding of the curve: the farthest named place, or the broken limit.
fn curve_said(taste: &Taste, a: &Amounts, view: &PortfolioView) -> String {
    if let Some(rule) = view.appetite.iter().find(|r| r.verdict == "fail" && on_curve(r)) {
        return fill("risk.curve_over", &[("limit", &rule.words)]);
    }
    match level(&view.var, "99").and_then(|f| f.value) {
        Some(v) => stop(&one_in(taste, 0.01, &a.full(v))),
        None => words("risk.curve_title").to_owned(),
    }
}

/// What moved since about a month ago.
fn changed(taste: &Taste, a: &Amounts, change: &ChangeView) -> Markup {
    html! {
        section.section #change {
            h2 { (fill("risk.since", &[("day", &taste.day(change.since.date()))])) }
            p.prose { (told(&change.sentence)) }
            @if change.causes.is_empty() { p.quiet { (words("risk.nothing_moved")) } } @else { (tables::causes(a, change)) }
        }
    }
}

/// New figures that wait for somebody (show, then ask).
fn waiting(taste: &Taste, a: &Amounts, draft: &DraftView, hidden: &[(String, String)]) -> Markup {
    let mut fields = hidden.to_vec();
    fields.push(("hash".to_owned(), draft.hash.clone()));
    let confirm = ButtonView::post(words("risk.confirm"), "/risk/confirm", fields).main();
    let confirm = if draft.may_confirm { confirm } else { confirm.disabled(words("risk.confirm_not")) };
    let points =
        draft.change.causes.iter().take(5).map(|c| {
            Sentence::new(format!("{}: {} {}", c.words, words("risk.tvar_short"), a.change(c.tvar)))
        });
    notice(&NoticeView {
        tone: Tone::Warn,
        title: Some(fill("risk.draft_title", &[("moment", &taste.moment_stamp(draft.at).absolute)])),
        text: Sentence::new(told(&draft.change.sentence)),
        points: points.collect(),
        acts: vec![confirm],
        live: false,
    })
}
