//! `/risk/investments`: what could be bought, ranked; the best plan under a budget with its proof; the frontier.

use super::super::frame::Frame;
use super::super::reader::Reader;
use super::super::taste::Taste;
use super::curve::{CurveParts, framed};
use super::portfolio::tables::{appetite, cell};
use super::say::{add, amounts, as_table, column, foot, money_column};
use super::{INVESTMENTS, pages};
use crate::parts::{
    Align, AnswerView, ButtonView, CellView, ChartView, EmptyView, FactView, FieldGroupView, FieldView,
    HeadView, Input, NoticeView, OptionView, RowView, Sentence, TableView, Tone, Value, answer, buttons,
    chart, empty, field, field_groups, head, notice, table, tag,
};
use crate::words::{fill, words};
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::risk::views::{InvestmentAsk, InvestmentsView, MeasureView, RunStamp};
use wardkeep_register::Area;
use wardkeep_report::chart::{Amounts, ChosenPlan, Frontier, FrontierPoint, Marks, frontier};

/// `GET /risk/investments?once=&yearly=&staff_days=&goal=tail`.
pub async fn show(reader: Reader) -> Response {
    reader.answer(page(&reader)).await
}

/// A number as people type it; what cannot be read is not asked.
fn number(text: Option<&str>) -> Option<f64> {
    let clean: String =
        text?.chars().filter(|c| !c.is_whitespace() && !matches!(c, '_' | ',' | '\u{a0}')).collect();
    clean.parse::<f64>().ok().filter(|v| v.is_finite() && *v >= 0.0)
}

async fn page(reader: &Reader) -> Result<Response, Error> {
    let ask = InvestmentAsk {
        once: number(reader.asked("once")),
        yearly: number(reader.asked("yearly")),
        staff_days: number(reader.asked("staff_days")),
        tail: reader.asked("goal") == Some("tail"),
    };
    let view = reader.state.app.risk_investments(&reader.ctx, &reader.organisation, &ask).await?;
    let title = words("risk.investments");
    let mut frame = Frame::new(title).in_area(Area::Govern).at(INVESTMENTS).crumb(title);
    if let Some(run) = &view.run {
        frame =
            frame.as_of(foot(&reader.taste, run), reader.now().seconds_since(run.computed_at) > 2 * 86_400);
    }
    Ok(reader.page(frame, body(&reader.taste, &view)))
}

/// The page below the frame.
pub fn body(taste: &Taste, view: &InvestmentsView) -> Markup {
    let heading = head(&HeadView {
        title: words("risk.investments").to_owned(),
        verbs: vec![ButtonView::link(words("risk.add_measure"), add("treatment_plan", None))],
        ..HeadView::default()
    });
    let Some(run) = view.run.as_ref().filter(|_| !view.measures.is_empty()) else {
        return html! { (heading) (pages(INVESTMENTS)) (nothing_yet()) };
    };
    let a = amounts(taste, run);
    html! {
        (heading)
        (pages(INVESTMENTS))
        (answer(&said(&a, view)))
        (ask_form(&a, &view.ask))
        @if let Some(why) = &view.impossible { (notice(&NoticeView { tone: Tone::Bad, text: Sentence::new(why.clone()), ..NoticeView::default() })) }
        (plan(&a, view))
        (tested(&a, view))
        (curve_of(taste, run, &a, view))
        section.section #measures {
            h2 { (words("risk.measures")) span.count { " " (view.measures.len()) } }
            (table(&measures(&a, view)))
            p.small.quiet { (words("risk.measures_about")) }
        }
        (after(taste, run, view))
    }
}

fn nothing_yet() -> Markup {
    empty(&EmptyView {
        title: words("risk.no_measures").to_owned(),
        text: Sentence::new(words("risk.no_measures_text")),
        acts: vec![ButtonView::link(words("risk.add_measure"), add("treatment_plan", None)).main()],
        example: Some(Sentence::new(words("risk.no_measures_example"))),
    })
}

fn goal(view: &InvestmentsView) -> &'static str {
    if view.ask.tail { words("risk.goal_tail") } else { words("risk.goal_mean") }
}

/// What the budget buys and how sure it is that nothing better exists.
fn said(a: &Amounts, view: &InvestmentsView) -> AnswerView {
    if view.impossible.is_some() {
        return AnswerView {
            tone: Tone::Bad,
            text: Sentence::new(words("risk.plan_impossible")),
            next: vec![],
        };
    }
    let chosen = view.measures.iter().filter(|m| m.chosen).count();
    if chosen == 0 {
        return AnswerView {
            tone: Tone::Plain,
            text: Sentence::new(words("risk.plan_nothing")),
            next: vec![],
        };
    }
    let values = [
        ("n", chosen.to_string()),
        ("cost", a.full(view.cost.0)),
        ("goal", goal(view).to_owned()),
        ("from", a.full(view.today)),
        ("to", a.full(view.left)),
    ];
    let mut text = Sentence::new(fill("risk.plan_said", &values.each_ref().map(|(n, v)| (*n, v.as_str()))))
        .and(" ")
        .and(gap(a, view));
    let unpaid = view.measures.iter().filter(|m| m.chosen && !m.shown_to_pay).count();
    if unpaid > 0 {
        text = text.and(" ").and(fill("risk.plan_unpaid", &[("n", &unpaid.to_string())]));
    }
    let failing = view.appetite.iter().any(|r| r.verdict == "fail");
    if failing {
        text = text.and(" ").and(words("risk.plan_fails"));
    }
    AnswerView { tone: if failing || unpaid > 0 { Tone::Warn } else { Tone::Good }, text, next: vec![] }
}

/// The proven distance from the best.
fn gap(a: &Amounts, view: &InvestmentsView) -> String {
    if view.proven {
        words("risk.gap_none").to_owned()
    } else {
        fill("risk.gap", &[("gap", &a.percent(view.gap.max(0.0)))])
    }
}

fn ask_form(a: &Amounts, ask: &InvestmentAsk) -> Markup {
    let one = |key: &str, label: &str, value: Option<f64>, unit: &str| FieldView {
        key: key.to_owned(),
        label: label.to_owned(),
        help: None,
        error: None,
        required: false,
        locked: None,
        input: Input::Int(value.map(|v| format!("{v:.0}")).unwrap_or_default(), Some(unit.to_owned())),
    };
    let goal = FieldView {
        input: Input::Choice(vec![
            OptionView::new("mean", words("risk.goal_mean"), !ask.tail),
            OptionView::new("tail", words("risk.goal_tail"), ask.tail),
        ]),
        ..one("goal", words("risk.goal"), None, "")
    };
    html! {
        form.ask method="get" action=(INVESTMENTS) {
            (field(&one("once", words("risk.budget_once"), ask.once, &a.currency)))
            (field(&one("yearly", words("risk.budget_yearly"), ask.yearly, &a.currency)))
            (field(&one("staff_days", words("risk.budget_days"), ask.staff_days, words("risk.days"))))
            (field(&goal))
            div.acts { (buttons(&[ButtonView::submit(words("risk.find_plan")).main()])) }
        }
    }
}

fn plan(a: &Amounts, view: &InvestmentsView) -> Markup {
    let share = if view.today > 0.0 { (view.today - view.left) / view.today } else { 0.0 };
    field_groups(&[FieldGroupView {
        title: words("risk.the_plan").to_owned(),
        facts: vec![
            FactView {
                sub: Some(fill("risk.takes_off_share", &[("share", &a.percent(share))])),
                ..FactView::new(
                    words("risk.loss_left"),
                    Value::text(fill(
                        "risk.from_arrow",
                        &[("from", &a.full(view.today)), ("to", &a.full(view.left))],
                    )),
                )
            },
            FactView {
                sub: Some(gap(a, view)),
                ..FactView::new(words("risk.bound"), Value::text(a.full(view.bound)))
            },
            FactView::new(words("risk.once"), Value::text(a.full(view.cost.0))),
            FactView::new(words("risk.yearly"), Value::text(a.full(view.cost.1))),
            FactView::new(words("risk.staff_days"), Value::text(a.number(view.cost.2))),
            FactView::new(words("risk.nodes"), Value::text(view.nodes.to_string())),
        ],
    }])
}

/// Appetite with the plan in place.
fn tested(a: &Amounts, view: &InvestmentsView) -> Markup {
    html! {
        section.section #tested {
            h2 { (words("risk.plan_tested")) }
            @if view.appetite.is_empty() { p.quiet { (words("risk.no_appetite")) } } @else { (appetite(a, &view.appetite)) }
        }
    }
}

fn curve_of(taste: &Taste, run: &RunStamp, a: &Amounts, view: &InvestmentsView) -> Markup {
    if view.frontier.len() < 2 {
        return html! {};
    }
    let name = |reference: &String| {
        view.measures
            .iter()
            .find(|m| m.record.reference == *reference)
            .map_or(reference.clone(), |m| m.record.name.clone())
    };
    let bought = |chosen: &[String]| {
        if chosen.is_empty() {
            words("risk.nothing").to_owned()
        } else {
            chosen.iter().map(name).collect::<Vec<_>>().join(", ")
        }
    };
    let best = view.frontier.iter().map(|p| p.left).fold(f64::INFINITY, f64::min);
    let half = view.frontier.iter().find(|p| view.today - p.left >= 0.8 * (view.today - best));
    let title = half.filter(|_| view.today > best).map_or_else(
        || words("risk.frontier").to_owned(),
        |p| {
            fill(
                "risk.frontier_said",
                &[
                    ("budget", &a.full(p.spent)),
                    ("share", &a.percent((view.today - p.left) / (view.today - best))),
                ],
            )
        },
    );
    let drawn = frontier(
        &Frontier {
            title: title.clone(),
            amounts: a.clone(),
            points: view
                .frontier
                .iter()
                .map(|p| FrontierPoint { budget: p.once, left: p.left, bought: bought(&p.chosen) })
                .collect(),
            plan: view.impossible.is_none().then(|| ChosenPlan {
                budget: view.ask.once.unwrap_or(view.cost.0),
                left: view.left,
                bound: view.bound,
                label: fill("risk.plan_leaves", &[("left", &a.bare(view.left))]),
                bound_label: fill("risk.bound_is", &[("bound", &a.bare(view.bound))]),
            }),
            axes: [words("risk.budget_once").to_owned(), goal(view).to_owned()],
        },
        Marks::Live,
    );
    html! {
        section.section #frontier {
            (chart(&ChartView {
                said: Sentence::new(title),
                about: words("risk.frontier_about").to_owned(),
                drawing: drawn.svg,
                figures: as_table(&drawn.figures, &[2]),
                source: foot(taste, run),
            }))
        }
    }
}

fn measures(a: &Amounts, view: &InvestmentsView) -> TableView {
    let row = |m: &MeasureView| {
        let needs = if m.needs.is_empty() {
            None
        } else {
            Some(fill("risk.needs", &[("list", &m.needs.join(", "))]))
        };
        let set = m.one_of.as_ref().map(|s| fill("risk.one_of", &[("set", s)]));
        let must = m.mandated.then(|| words("risk.mandated").to_owned());
        let notes: Vec<String> = [Some(m.stage.clone()), must, needs, set].into_iter().flatten().collect();
        let chosen = if m.chosen { Value::Html(tag(words("risk.in_plan"))) } else { Value::Empty };
        RowView {
            name: m.record.name.clone(),
            cells: vec![
                chosen.into(),
                CellView { value: cell(Some(&m.record)), sub: Some(notes.join(" · ")) },
                Value::number(a.bare(m.once)).into(),
                Value::number(a.bare(m.yearly)).into(),
                Value::number(a.number(m.staff_days)).into(),
                Value::number(a.bare(m.reduction)).into(),
                Value::number(a.bare(m.tail_reduction)).into(),
                super::one::pays(a, Some(m.pays), m.shown_to_pay),
                m.rosi.map_or(CellView::default(), |r| Value::number(a.number(r)).into()),
                CellView::from(Value::number(a.bare(m.evpi))),
                if m.chosen { Value::number(a.bare(m.shapley)).into() } else { CellView::default() },
            ],
            ..RowView::default()
        }
    };
    TableView {
        caption: words("risk.measures").to_owned(),
        title: 1,
        columns: vec![
            column(words("risk.plan"), Align::Tight),
            column(words("risk.measure"), Align::Text),
            money_column(words("risk.once"), a),
            money_column(words("risk.yearly"), a),
            column(words("risk.staff_days"), Align::Number),
            money_column(words("risk.takes_off"), a),
            money_column(words("risk.takes_off_tail"), a),
            column(words("risk.does_it_pay"), Align::Text),
            column(words("risk.rosi"), Align::Number),
            money_column(words("risk.evpi"), a),
            money_column(words("risk.shapley"), a),
        ],
        rows: view.measures.iter().map(row).collect(),
        wide: true,
        ..TableView::default()
    }
}

/// The exact curve with the plan in place.
fn after(taste: &Taste, run: &RunStamp, view: &InvestmentsView) -> Markup {
    let Some(curve) = &view.after else { return html! {} };
    let a = amounts(taste, run);
    let tails = view.current.as_ref().and_then(|c| c.tvar99).zip(curve.tvar99);
    let said = tails.map_or_else(
        || words("risk.after_plan").to_owned(),
        |(from, to)| fill("risk.after_said", &[("from", &a.full(from)), ("to", &a.full(to))]),
    );
    let curves: Vec<_> = view.current.iter().chain(std::iter::once(curve)).cloned().collect();
    html! {
        section.section #after {
            (framed(taste, &CurveParts {
                said: Sentence::new(said),
                run,
                curves: &curves,
                appetite: &view.appetite,
                var: &[],
                no_loss: None,
            }))
        }
    }
}
