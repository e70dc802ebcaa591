//! Kinds with several controls: choices, pickers, money, estimates.

use super::{Control, FieldView, Ids, Input, OptionView};
use crate::words::{fill, words};
use maud::{Markup, html};

/// Up to this many entries are shown as radio buttons, so that all can be read at once.
const RADIO_MOST: usize = 5;

/// Whether a choice is shown as radio buttons.
pub(super) fn as_radio(options: &[OptionView]) -> bool {
    options.len() <= RADIO_MOST && options.iter().all(|option| !option.key.is_empty())
}

/// The controls of a field set.
pub(super) fn controls(view: &FieldView, ids: &Ids) -> Markup {
    match &view.input {
        Input::Choice(options) => radio(view, ids, options),
        Input::Money { amount, currencies } => money(view, ids, amount, currencies),
        Input::Links { chosen, options, search } => links(view, ids, chosen, options, search.as_deref()),
        Input::Estimate { points, unit, currencies } => estimate(view, ids, points, unit, currencies),
        _ => html! {},
    }
}

fn radio(view: &FieldView, ids: &Ids, options: &[OptionView]) -> Markup {
    let (required, locked) = ids.flags();
    html! {
        div.checks {
            @for (n, option) in options.iter().enumerate() {
                label.check for={ (ids.id) "-" (n) } {
                    input id={ (ids.id) "-" (n) } type="radio" name=(view.key) value=(option.key) checked[option.chosen]
                        required[required] disabled[locked && !option.chosen];
                    span { (option.label) @if let Some(help) = &option.help { span.help { (help) } } }
                }
            }
        }
    }
}

/// A list to open.
pub(super) fn list(view: &FieldView, ids: &Ids, options: &[OptionView]) -> Markup {
    let (required, locked) = ids.flags();
    html! {
        select.input.middle id=(ids.id) name=(view.key) required[required] aria-invalid=[ids.invalid()]
            aria-describedby=[ids.described()] {
            @if !options.iter().any(|o| o.chosen || o.key.is_empty()) { option value="" { (words("form.choose")) } }
            (entries(options, locked))
        }
    }
}

/// A locked list still sends its value, so only the other entries are disabled.
fn entries(options: &[OptionView], locked: bool) -> Markup {
    html! {
        @for option in options {
            option value=(option.key) selected[option.chosen] disabled[locked && !option.chosen] { (option.label) }
        }
    }
}

/// A text control with suggestions; scripts ask `search` for more as one types.
pub(super) fn picker(
    key: &str,
    ids: &Ids,
    value: &str,
    options: &[OptionView],
    search: Option<&str>,
) -> Markup {
    html! { (picker_with(key, ids, &ids.id, value, options, search, None)) }
}

fn picker_with(
    key: &str,
    ids: &Ids,
    id: &str,
    value: &str,
    options: &[OptionView],
    search: Option<&str>,
    label: Option<&str>,
) -> Markup {
    let (required, locked) = ids.flags();
    html! {
        input.input.full id=(id) type="text" name=(key) value=(value) list={ (id) "-list" } autocomplete="off"
            placeholder=(words("form.pick")) required[required && label.is_none()] readonly[locked]
            aria-invalid=[ids.invalid()] aria-describedby=[ids.described()] aria-label=[label] data-search=[search];
        datalist id={ (id) "-list" } {
            @for option in options { option value={ (option.key) " " (option.label) } {} }
        }
    }
}

fn links(
    view: &FieldView,
    ids: &Ids,
    chosen: &[OptionView],
    options: &[OptionView],
    search: Option<&str>,
) -> Markup {
    let add = format!("{}-add", ids.id);
    let (_, locked) = ids.flags();
    html! {
        div.chips data-chips=(view.key) {
            @for (n, one) in chosen.iter().enumerate() {
                label.chip for={ (ids.id) "-" (n) } {
                    input id={ (ids.id) "-" (n) } type="checkbox" name=(view.key) value=(one.key) checked
                        disabled[locked];
                    span { span.quiet { (one.key) } " " (one.label) }
                }
            }
        }
        @if !locked {
            (picker_with(&view.key, ids, &add, "", options, search, Some(&fill("form.add_to", &[("label", &view.label)]))))
        }
    }
}

fn currency(key: &str, ids: &Ids, currencies: &[OptionView]) -> Markup {
    html! {
        select.input.code id={ (ids.id) "-currency" } name={ (key) ".currency" } aria-label=(words("form.currency")) {
            (entries(currencies, ids.flags().1))
        }
    }
}

fn money(view: &FieldView, ids: &Ids, amount: &str, currencies: &[OptionView]) -> Markup {
    let name = format!("{}.amount", view.key);
    let control =
        Control { value: amount, width: "middle num", mode: Some("decimal"), ..Control::new(&name) };
    html! {
        span.with-unit {
            (ids.part(&control, &format!("{}-amount", ids.id), ids.described(), Some(words("form.amount"))))
            (currency(&view.key, ids, currencies))
        }
    }
}

fn estimate(
    view: &FieldView,
    ids: &Ids,
    points: &[String; 3],
    unit: &str,
    currencies: &[OptionView],
) -> Markup {
    let parts = [("low", words("form.low")), ("likely", words("form.likely")), ("high", words("form.high"))];
    html! {
        div.three data-estimate=(unit) data-say=(words("form.echo")) data-order=(words("form.order")) {
            @for ((part, label), value) in parts.iter().zip(points) {
                @let name = format!("{}.{part}", view.key);
                @let id = format!("{}-{part}", ids.id);
                label for=(id) {
                    (label)
                    (ids.part(&Control { value, width: "num", mode: Some("decimal"), ..Control::new(&name) }, &id, ids.described(), None))
                }
            }
            @if !currencies.is_empty() { (currency(&view.key, ids, currencies)) }
        }
        output.echo { (echo(points, unit, currencies)) }
    }
}

/// "between 0.2 and 4 times a year, most likely 1"; nothing while a point is missing or no figure.
fn echo(points: &[String; 3], unit: &str, currencies: &[OptionView]) -> String {
    if points.iter().any(String::is_empty) {
        return String::new();
    }
    let figures = points.each_ref().map(|point| {
        let plain: String =
            point.chars().filter(|c| !matches!(c, ' ' | '_' | ',' | '\u{a0}' | '\u{202f}')).collect();
        plain.parse::<f64>().ok()
    });
    let [Some(low), Some(likely), Some(high)] = figures else { return String::new() };
    if low > likely || likely > high {
        return words("form.order").to_owned();
    }
    let currency = currencies.iter().find(|c| c.chosen).map_or("", |c| c.key.as_str());
    let unit = [currency, unit].join(" ");
    let values =
        [("low", &*points[0]), ("likely", &*points[1]), ("high", &*points[2]), ("unit", unit.trim())];
    fill("form.echo", &values)
}
