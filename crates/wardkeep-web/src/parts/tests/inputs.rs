//! Forms and their fields.

use super::super::*;
use super::{EVIL, text};

fn a_field(input: Input) -> FieldView {
    FieldView {
        key: "loss".to_owned(),
        label: "Loss".to_owned(),
        help: Some("All costs.".to_owned()),
        error: Some("Too much.".to_owned()),
        required: true,
        locked: None,
        input,
    }
}

fn every_input(value: &str) -> Vec<Input> {
    let value = || value.to_owned();
    let options = || vec![OptionView { help: Some(value()), ..OptionView::new(value(), value(), true) }];
    let many = || (0..9).map(|n| OptionView::new(format!("{n}{}", value()), value(), n == 0)).collect();
    vec![
        Input::Line(value(), Some(9)),
        Input::Text(value()),
        Input::Markdown(value()),
        Input::Int(value(), Some(value())),
        Input::Percent(value()),
        Input::Money { amount: value(), currencies: options() },
        Input::Date(value()),
        Input::Moment(value(), value()),
        Input::Duration(value()),
        Input::Bool(true),
        Input::Choice(options()),
        Input::Choice(many()),
        Input::Link { value: value(), options: options(), search: Some(value()) },
        Input::Links { chosen: options(), options: options(), search: Some(value()) },
        Input::Estimate { points: [value(), value(), value()], unit: value(), currencies: options() },
        Input::File(Some(value()), value()),
        Input::Url(value()),
        Input::Email(value()),
        Input::Password(value()),
        Input::Code,
    ]
}

#[test]
fn every_control_has_a_label_and_tells_its_help_and_error() {
    for input in every_input("1") {
        let out = text(field(&a_field(input.clone())));
        let controls =
            ["<input ", "<select ", "<textarea "].iter().map(|c| out.matches(c).count()).sum::<usize>();
        assert!(controls > 0, "{input:?}");
        for tag in
            out.split('<').filter(|t| ["input ", "select ", "textarea "].iter().any(|c| t.starts_with(c)))
        {
            let id = tag.split(" id=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("");
            let labelled = tag.contains("aria-label=\"")
                || out.contains(&format!("<label for=\"{id}\""))
                || out.contains(&format!(" for=\"{id}\">"));
            assert!(!id.is_empty() && labelled, "{input:?}: <{tag}");
        }
        assert!(out.contains("aria-describedby=\"f-loss-help f-loss-error\""), "{out}");
        assert!(out.contains("id=\"f-loss-error\"") && out.contains("id=\"f-loss-help\""), "{out}");
        assert!(out.contains("id=\"f-loss\""), "the summary links to f-loss: {out}");
        assert!(out.contains("required"), "{out}");
    }
}

#[test]
fn every_control_escapes_what_was_typed() {
    for input in every_input(EVIL) {
        let out = text(field(&a_field(input)));
        assert!(!out.contains("<script") && !out.contains("\" onmouseover"), "{out}");
    }
}

#[test]
fn a_form_sums_up_its_errors_with_links() {
    let view = FormView {
        action: "/risks".to_owned(),
        draft: Some("risks/new@0".to_owned()),
        groups: vec![FormGroupView {
            title: "How bad?".to_owned(),
            fields: vec![a_field(Input::Line(String::new(), None))],
        }],
        problems: vec![ProblemView { text: Sentence::new("End before start."), key: Some("end".to_owned()) }],
        acts: vec![ButtonView::submit("Save risk").main()],
        ..FormView::default()
    };
    let out = text(form(&view));
    assert!(out.contains("role=\"alert\""));
    assert!(out.contains("href=\"#f-loss\"") && out.contains("href=\"#f-end\""), "{out}");
    assert!(out.contains("<legend>How bad?</legend>"));
    assert!(out.contains("data-draft=\"risks/new@0\""));
}

#[test]
fn an_estimate_says_what_it_means() {
    let check = |points: [&str; 3], wanted: &str| {
        let input = Input::Estimate {
            points: points.map(str::to_owned),
            unit: "times a year".to_owned(),
            currencies: vec![],
        };
        assert!(text(field(&a_field(input))).contains(wanted), "{points:?}");
    };
    check(["0.2", "1", "4"], "<output class=\"echo\">between 0.2 and 4 times a year, most likely 1</output>");
    check(["5", "1", "4"], "Low must not exceed");
    check(["", "1", "4"], "<output class=\"echo\"></output>");
    check(["x", "1", "4"], "<output class=\"echo\"></output>");
    assert_eq!(picked_reference(" RSK-0042 Loss of the laboratory"), "RSK-0042");
}
