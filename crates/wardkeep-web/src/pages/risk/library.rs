//! `/risk/library`: the built-in scenarios, each with its defaults and where they come from, to be copied under a risk.

use super::super::frame::Frame;
use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use super::super::taste::Taste;
use super::one::on_word;
use super::say::{link, typed};
use super::{LIBRARY, pages};
use crate::parts::{
    Align, AnswerView, ButtonView, CellView, FieldView, HeadView, Input, OptionView, RowView, Sentence,
    TableView, Tone, Value, answer, buttons, field, head, table, unknown,
};
use crate::words::{fill, words};
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::risk::LibraryAsk;
use wardkeep_app::risk::views::{LibraryControlView, LibraryScenarioView, LibraryView};
use wardkeep_register::Area;
use wardkeep_report::chart::Amounts;

/// `GET /risk/library`.
pub async fn show(reader: Reader) -> Response {
    reader.answer(page(&reader)).await
}

async fn page(reader: &Reader) -> Result<Response, Error> {
    let view = reader.state.app.risk_library(&reader.ctx, &reader.organisation).await?;
    let title = words("risk.library_title");
    let frame = Frame::new(title).in_area(Area::Identify).at(LIBRARY).crumb(title);
    let wanted = reader.asked("risk").unwrap_or_default();
    Ok(reader.page(frame, body(&reader.taste, &view, wanted, &reader.hidden())))
}

/// `POST /risk/library`: a copy under a risk, whose page then shows what waits.
pub async fn add(posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let ask =
                LibraryAsk { from: posted.text("from").to_owned(), risk: posted.text("risk").to_owned() };
            Box::pin(reader.state.app.risk_from_library(&reader.ctx, &reader.organisation, &ask)).await?;
            Ok(go(format!("/risk/{}#prepared", ask.risk)))
        })
        .await
}

/// The page below the frame; `wanted` is the risk that is chosen already.
pub fn body(taste: &Taste, view: &LibraryView, wanted: &str, hidden: &[(String, String)]) -> Markup {
    let used = view.scenarios.iter().filter(|s| !s.used.is_empty()).count();
    let values = [("n", view.scenarios.len().to_string()), ("used", used.to_string())];
    let text = fill("risk.library_said", &values.each_ref().map(|(k, v)| (*k, v.as_str())));
    html! {
        (head(&HeadView { title: words("risk.library_title").to_owned(), ..HeadView::default() }))
        (pages(LIBRARY))
        (answer(&AnswerView { tone: Tone::Plain, text: Sentence::new(text), next: vec![] }))
        @if view.risks.is_empty() { p.quiet { (words("risk.library_no_risk")) } }
        @for one in &view.scenarios { (scenario(taste, view, one, wanted, hidden)) }
        @if !view.own.is_empty() && !view.risks.is_empty() {
            section.section #own {
                h2 { (words("risk.library_own")) }
                p.quiet { (words("risk.library_own_text")) }
                (copy_form(view, "own", None, wanted, hidden))
            }
        }
        p.small.quiet { (fill("risk.library_source", &[("catalogue", &view.catalogue)])) }
    }
}

fn scenario(
    taste: &Taste,
    view: &LibraryView,
    one: &LibraryScenarioView,
    wanted: &str,
    hidden: &[(String, String)],
) -> Markup {
    let a = Amounts { currency: one.currency.clone(), decimal: taste.decimal() };
    let range = |(low, high): (f64, f64), money: bool| {
        let n = |v: f64| if money { a.tick(v) } else { typed(&a, v) };
        fill("risk.from_to", &[("from", &n(low)), ("to", &n(high))])
    };
    let defaults = [
        Some(fill("risk.library_rate", &[("range", &range(one.rate, false))])),
        Some(fill(
            "risk.library_loss",
            &[
                ("range", &range(one.loss, true)),
                ("currency", &one.currency),
                ("year", &one.price_year.to_string()),
            ],
        )),
        one.follows.map(|(chance, low, high)| {
            let chance = a.percent(chance);
            fill(
                "risk.library_follows",
                &[("chance", &chance), ("range", &range((low, high), true)), ("currency", &one.currency)],
            )
        }),
    ];
    html! {
        section.section.built-in id={ "b-" (one.key) } {
            h2 { (one.name) }
            p.prose { (one.claim) }
            p { (unknown(words("risk.library_assumed"))) " " @for text in defaults.iter().flatten() { (text) " " } }
            @for anchor in &one.anchors { p.small.quiet { (fill("risk.anchor", &[("anchor", anchor)])) } }
            @if !one.used.is_empty() {
                p { (words("risk.library_used")) @for (n, used) in one.used.iter().enumerate() { @if n > 0 { ", " } (link(used)) } "." }
            }
            details {
                summary { (fill("risk.library_more", &[("techniques", &one.techniques.len().to_string()), ("controls", &one.controls.len().to_string())])) }
                @if !one.techniques.is_empty() { (techniques(&a, one)) }
                (controls(&a, one))
            }
            @if !view.risks.is_empty() {
                details open[!wanted.is_empty()] {
                    summary { (words("risk.library_copy")) }
                    (copy_form(view, &one.key, Some(one), wanted, hidden))
                }
            }
        }
    }
}

fn techniques(a: &Amounts, one: &LibraryScenarioView) -> Markup {
    let row = |t: &wardkeep_app::risk::views::TechniqueView| RowView {
        cells: vec![
            CellView { value: Value::Code(t.id.clone()), sub: Some(t.about.clone()) },
            Value::number(a.percent(t.weight)).into(),
        ],
        ..RowView::default()
    };
    table(&TableView {
        caption: words("risk.library_begins").to_owned(),
        columns: vec![
            super::say::column(words("risk.library_begins"), Align::Text),
            super::say::column(words("risk.share"), Align::Number),
        ],
        rows: one.techniques.iter().map(row).collect(),
        keep: true,
        ..TableView::default()
    })
}

fn controls(a: &Amounts, one: &LibraryScenarioView) -> Markup {
    let row = |c: &LibraryControlView| RowView {
        cells: vec![
            CellView { value: Value::text(c.name.clone()), sub: Some(on_word(&c.on).to_owned()) },
            CellView { value: Value::number(a.percent(c.kappa)), sub: Some(why(c)) },
            c.ours
                .as_ref()
                .map_or_else(
                    || Value::Unknown(words("risk.library_nobody").to_owned()),
                    |r| Value::Link(link(r)),
                )
                .into(),
        ],
        ..RowView::default()
    };
    table(&TableView {
        caption: words("risk.controls_acting").to_owned(),
        columns: vec![
            super::say::column(words("risk.control"), Align::Text),
            super::say::column(words("risk.kappa"), Align::Number),
            super::say::column(words("risk.library_ours"), Align::Text),
        ],
        rows: one.controls.iter().map(row).collect(),
        ..TableView::default()
    })
}

/// Why a share is suggested.
fn why(control: &LibraryControlView) -> String {
    if control.listed {
        fill("risk.kappa_listed", &[("techniques", &control.addressed.join(", "))])
    } else {
        words("risk.by_placeholder").to_owned()
    }
}

/// Under which risk, and the button; own scenarios are chosen in the form.
fn copy_form(
    view: &LibraryView,
    key: &str,
    one: Option<&LibraryScenarioView>,
    wanted: &str,
    hidden: &[(String, String)],
) -> Markup {
    let choice = |name: &str, label: &str, options: Vec<OptionView>| FieldView {
        key: name.to_owned(),
        label: label.to_owned(),
        help: None,
        error: None,
        required: true,
        locked: None,
        input: Input::Choice(options),
    };
    let option = |r: &wardkeep_app::risk::views::Ref, chosen: &str| {
        OptionView::new(&r.reference, format!("{} {}", r.reference, r.name), r.reference == chosen)
    };
    // Nothing is chosen by accident: without a risk in the address the reader picks one.
    let none = wanted.is_empty().then(|| OptionView::new("", words("risk.library_choose"), true));
    let risks: Vec<OptionView> =
        none.into_iter().chain(view.risks.iter().map(|r| option(r, wanted))).collect();
    let own: Vec<OptionView> = view.own.iter().map(|r| option(r, "")).collect();
    html! {
        form.ask method="post" action=(LIBRARY) id={ "f-" (key) } {
            @for (name, value) in hidden { input type="hidden" name=(name) value=(value); }
            @if one.is_some() { input type="hidden" name="from" value=(key); }
            @else { (numbered(key, &choice("from", words("risk.scenario"), own))) }
            (numbered(key, &choice("risk", words("risk.library_under"), risks)))
            div.acts { (buttons(&[ButtonView::submit(words("risk.library_add"))])) }
        }
    }
}

/// A field whose id is its own among many forms of one page.
fn numbered(form: &str, view: &FieldView) -> Markup {
    let id = format!("f-{form}-{}", view.key);
    let Input::Choice(options) = &view.input else { return field(view) };
    html! {
        div.field {
            label for=(id) { (view.label) }
            select.input id=(id) name=(view.key) required {
                @for option in options { option value=(option.key) selected[option.chosen] { (option.label) } }
            }
        }
    }
}
