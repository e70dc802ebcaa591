//! Forms for the design page: every kind of field, every error, two versions.

use crate::parts::{
    ButtonView, FieldView, FormGroupView, FormView, Input, NoticeView, OptionView, ProblemView, Sentence,
    Tone, Value, VersionFieldView, VersionsView, Weight, form, notice, versions,
};
use maud::{Markup, html};

fn one(key: &str, label: &str, input: Input) -> FieldView {
    FieldView {
        key: key.to_owned(),
        label: label.to_owned(),
        help: None,
        error: None,
        required: false,
        locked: None,
        input,
    }
}

fn helped(help: &str, field: FieldView) -> FieldView {
    FieldView { help: Some(help.to_owned()), ..field }
}

fn currencies() -> Vec<OptionView> {
    ["EUR", "USD", "SEK"].into_iter().map(|code| OptionView::new(code, code, code == "EUR")).collect()
}

fn people() -> Vec<OptionView> {
    vec![OptionView::new("PER-0007", "Jonas Berg", false), OptionView::new("PER-0012", "Aylin Demir", false)]
}

fn points(low: &str, likely: &str, high: &str) -> [String; 3] {
    [low.to_owned(), likely.to_owned(), high.to_owned()]
}

pub(super) fn fields() -> Markup {
    let treatment = ["Reduce", "Avoid", "Share", "Accept"].into_iter().map(|name| OptionView {
        help: (name == "Accept").then(|| "Needs a second person and an end date.".to_owned()),
        ..OptionView::new(name.to_lowercase(), name, name == "Reduce")
    });
    let units = ["Group", "Hospital Uppsala", "Hospital Umeå", "Clinic Boston", "Insurer", "Laboratory"];
    let group = |title: &str, fields| FormGroupView { title: title.to_owned(), fields };
    form(&FormView {
        action: "/design".to_owned(),
        fields: vec![("csrf".to_owned(), "sample".to_owned()), ("version".to_owned(), "7".to_owned())],
        draft: Some("design@7".to_owned()),
        files: true,
        problems: vec![],
        groups: vec![
            group("What could happen?", vec![
                FieldView { required: true, ..helped("A short name people use in meetings.", one("name", "Name", Input::Line("Ransomware stops the laboratory".to_owned(), Some(200)))) },
                helped("Cause, event and consequence.", one("description", "Description", Input::Markdown("A mail attachment or a stolen supplier account.\n\n- analysers stop\n- results go by courier".to_owned()))),
                one("note", "Note for the board", Input::Text("First line.\nSecond line.".to_owned())),
                helped("What would be harmed.", one("assets", "Assets", Input::Links {
                    chosen: vec![OptionView::new("AST-0107", "Laboratory system", true), OptionView::new("AST-0110", "Analyser network", true)],
                    options: vec![OptionView::new("AST-0111", "Courier desk", false)],
                    search: Some("/api/v1/assets/pick".to_owned()),
                })),
            ]),
            group("Who?", vec![
                FieldView { required: true, ..helped("Who answers for this risk.", one("owner", "Owner", Input::Link { value: "PER-0007 Jonas Berg".to_owned(), options: people(), search: None })) },
                one("unit", "Unit", Input::Choice(units.iter().map(|name| OptionView::new(*name, *name, *name == "Laboratory")).collect())),
                one("mail", "Contact", Input::Email("laboratory@hospital.example".to_owned())),
                one("source", "Source", Input::Url("https://hospital.example/risks".to_owned())),
            ]),
            group("How bad?", vec![
                helped("How often it happens, before any new control.", one("frequency", "Frequency", Input::Estimate { points: points("0.2", "1", "4"), unit: "times a year".to_owned(), currencies: vec![] })),
                helped("All costs of one event.", one("loss", "Loss each time", Input::Estimate { points: points("900 000", "1 800 000", "4 000 000"), unit: String::new(), currencies: currencies() })),
                one("insured", "Insured amount", Input::Money { amount: "250000.00".to_owned(), currencies: currencies() }),
                one("beds", "Beds concerned", Input::Int("120".to_owned(), Some("beds".to_owned()))),
                one("share", "Share of results delayed", Input::Percent("35".to_owned())),
            ]),
            group("What now?", vec![
                one("treatment", "Treatment", Input::Choice(treatment.collect())),
                one("review_on", "Review on", Input::Date("2026-08-30".to_owned())),
                one("noticed_at", "Noticed at", Input::Moment("2026-08-12T14:00".to_owned(), "Europe/Stockholm".to_owned())),
                one("tolerable", "Tolerable outage", Input::Duration("72h".to_owned())),
                helped("Shown on the next board paper.", one("board", "Report to the board", Input::Bool(true))),
                one("evidence", "Evidence", Input::File(Some("exercise-may.pdf, 214 kB".to_owned()), ".pdf,.docx".to_owned())),
                FieldView { locked: Some("Worked out by the risk engine; change frequency or loss instead.".to_owned()), ..one("annual", "Mean loss in a year", Input::Line("1.24 M EUR".to_owned(), None)) },
                one("code", "Code from your app", Input::Code),
            ]),
        ],
        acts: vec![ButtonView::submit("Save risk").main(), ButtonView::link("Cancel", "/design").weight(Weight::Quiet)],
    })
}

pub(super) fn wrong() -> Markup {
    let bad =
        |error: &str, field: FieldView| FieldView { error: Some(error.to_owned()), required: true, ..field };
    let rename = |field: FieldView| FieldView { key: format!("bad_{}", field.key), ..field };
    let fields = vec![
        bad(
            "A risk needs a name. Write the few words people use for it.",
            one("name", "Name", Input::Line(String::new(), None)),
        ),
        bad(
            "'J. Berg' is nobody we know. Type a reference or pick from the list.",
            one(
                "owner",
                "Owner",
                Input::Link { value: "J. Berg".to_owned(), options: people(), search: None },
            ),
        ),
        bad(
            "Low 5 is above most likely 1. Put them in order.",
            helped(
                "How often it happens.",
                one(
                    "frequency",
                    "Frequency",
                    Input::Estimate {
                        points: points("5", "1", "4"),
                        unit: "times a year".to_owned(),
                        currencies: vec![],
                    },
                ),
            ),
        ),
        bad(
            "'12,50' is not an amount; write it as 12.50.",
            one(
                "loss",
                "Loss each time",
                Input::Money { amount: "12,50".to_owned(), currencies: currencies() },
            ),
        ),
        bad(
            "There is no 31 June. Choose a day of the calendar.",
            one("review", "Review on", Input::Date(String::new())),
        ),
        bad(
            "Choose one.",
            one(
                "choice",
                "Treatment",
                Input::Choice(vec![
                    OptionView::new("reduce", "Reduce", false),
                    OptionView::new("accept", "Accept", false),
                ]),
            ),
        ),
        bad("Tick this to go on.", one("sure", "I have read the consequences", Input::Bool(false))),
    ];
    form(&FormView {
        action: "/design".to_owned(),
        problems: vec![ProblemView {
            text: Sentence::new("Accepting needs an end date, a reason and a second person."),
            key: None,
        }],
        groups: vec![FormGroupView {
            title: String::new(),
            fields: fields.into_iter().map(rename).collect(),
        }],
        acts: vec![ButtonView::submit("Save risk").main()],
        ..FormView::default()
    })
}

pub(super) fn conflict() -> Markup {
    let field = |key: &str, label: &str, before: Value, mine: Value, theirs: Value, propose_mine| {
        VersionFieldView { key: key.to_owned(), label: label.to_owned(), before, mine, theirs, propose_mine }
    };
    html! {
        div.stack {
            (notice(&NoticeView {
                tone: Tone::Warn,
                title: Some("Aylin Demir saved this risk 4 minutes ago.".to_owned()),
                text: Sentence::new("Nothing of yours is lost. Choose for each field, then save."),
                ..NoticeView::default()
            }))
            (versions(&VersionsView {
                other: "Aylin Demir".to_owned(),
                fields: vec![
                    field("loss", "Loss each time", Value::text("0.4 to 1.2 M EUR"), Value::text("0.9 to 4 M EUR"), Value::text("0.4 to 2 M EUR"), false),
                    field("owner", "Owner", Value::Empty, Value::text("Jonas Berg"), Value::Empty, true),
                ],
                action: "/design".to_owned(),
                hidden: vec![],
                acts: vec![ButtonView::submit("Save the chosen").main(), ButtonView::link("Drop mine", "/design").weight(Weight::Danger)],
            }))
        }
    }
}
