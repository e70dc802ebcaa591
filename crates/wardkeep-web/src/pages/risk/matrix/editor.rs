//! The form with which the meaning of levels is tried and stored.

use super::super::MATRIX;
use crate::parts::{ButtonView, FieldView, Input, OptionView, buttons, field};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::risk::MatrixTry;
use wardkeep_app::risk::views::{LevelName, MatrixView};

/// The levels as lines: `Rare 0.01 .. 0.1`.
fn lines(levels: &[LevelName]) -> String {
    let line = |l: &LevelName| {
        l.anchor.map_or_else(|| l.name.clone(), |(low, high)| format!("{} {low} .. {high}", l.name))
    };
    levels.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Levels, formula and bands to try, and to store once they were tried.
pub(super) fn editor(
    view: &MatrixView,
    tried: Option<&MatrixTry>,
    reference: &str,
    hidden: &[(String, String)],
) -> Markup {
    let area = |key: &str, label: &str, help: String, value: String| FieldView {
        key: key.to_owned(),
        label: label.to_owned(),
        help: Some(help),
        error: None,
        required: true,
        locked: None,
        input: Input::Text(value),
    };
    let formulas = [
        ("LI", "L × I"),
        ("LI+I", "L × I + I"),
        ("LI+2I", "L × I + 2 I"),
        ("LI+L", "L × I + L"),
        ("LI+2L", "L × I + 2 L"),
    ];
    let formula = tried.map_or(view.formula.as_str(), |t| t.formula.as_str());
    let bands: Vec<String> = view.bands.iter().map(|(name, most)| format!("{name} {most}")).collect();
    let held = |pick: fn(&MatrixTry) -> &String, stored: String| tried.map_or(stored, |t| pick(t).clone());
    let money = fill("risk.impact_help", &[("currency", &view.currency)]);
    html! {
        section.section #edit {
            h2 { (words("risk.edit_matrix")) }
            p.quiet { (words("risk.edit_matrix_text")) }
            form.form method="get" action={ (MATRIX) "#honesty" } {
                input type="hidden" name="matrix" value=(reference);
                (field(&area("likelihood", words("risk.likelihood_levels"), words("risk.likelihood_help").to_owned(), held(|t| &t.likelihood, lines(&view.likelihood)))))
                (field(&area("impact", words("risk.impact_levels"), money, held(|t| &t.impact, lines(&view.impact)))))
                (field(&FieldView {
                    input: Input::Choice(formulas.iter().map(|(key, name)| OptionView::new(*key, *name, *key == formula)).collect()),
                    help: None,
                    ..area("formula", words("risk.formula"), String::new(), String::new())
                }))
                (field(&area("bands", words("risk.bands"), words("risk.bands_help").to_owned(), held(|t| &t.bands, bands.join("\n")))))
                div.acts { (buttons(&[ButtonView::submit(words("risk.try_levels"))])) }
            }
            @if let Some(levels) = tried {
                form.acts method="post" action=(MATRIX) {
                    @for (name, value) in hidden { input type="hidden" name=(name) value=(value); }
                    input type="hidden" name="matrix" value=(reference);
                    @for (name, value) in [("likelihood", &levels.likelihood), ("impact", &levels.impact), ("formula", &levels.formula), ("bands", &levels.bands)] {
                        input type="hidden" name=(name) value=(value);
                    }
                    (buttons(&[ButtonView::submit(words("risk.save_levels")).main(), ButtonView::link(words("risk.drop_levels"), format!("{MATRIX}?matrix={reference}"))]))
                }
            }
        }
    }
}
