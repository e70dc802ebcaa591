//! A record's head, fields, rail and history for the design page.

use super::lists::day;
use crate::parts::{
    AnswerView, ButtonView, ChangeView, EntryView, FactView, FieldGroupView, HeadView, LinkView, RailItem,
    RailKind, RailSection, Sentence, StageGroup, TabView, TabsView, Tone, Urgency, Value, Weight, answer,
    field_groups, head, rail, split, tabs, timeline,
};
use maud::{Markup, html};
use wardkeep_types::{Severity, State};

pub(super) fn heads() -> Markup {
    let say = |tone, text: Sentence, next: Vec<ButtonView>| answer(&AnswerView { tone, text, next });
    html! {
        (say(
            Tone::Bad,
            Sentence::default().figure("3 controls", "/design/why").and(" lost evidence since Monday; mean yearly loss is up by ")
                .figure("180 k EUR", "/design/why").and(" to ").figure("2.9 M EUR", "/design/why").and(", above the appetite of 2.5 M. Reconnect the ")
                .link("Entra log source", "/log-sources/LOG-0004").and("."),
            vec![ButtonView::link("Reconnect log source", "/log-sources/LOG-0004").main(), ButtonView::link("See the 3 controls", "/controls")],
        ))
        (say(Tone::Warn, Sentence::new("38 findings are past their day; 31 of them close with ").link("one change of the base image", "/fix-groups").and("."), vec![]))
        (say(Tone::Good, Sentence::new("Nothing waits for you today. The next review is on 30 Aug 2026."), vec![]))
        (say(Tone::Plain, Sentence::new("Nothing was ever tested here, so nothing can be said about these 14 controls."), vec![]))
    }
}

pub(super) fn record() -> Markup {
    html! {
        (head(&HeadView {
            reference: Some("RSK-0042".to_owned()),
            title: "Ransomware stops the laboratory".to_owned(),
            count: None,
            facts: vec![
                Value::Severity(Severity::Critical),
                Value::Stage("Treating".to_owned(), StageGroup::Doing),
                Value::Sentence(Sentence::new("owned by ").link("Jonas Berg", "/people/PER-0007")),
                Value::Due(day("2026-08-04", "review 4 Aug 2026", "8 days ago"), Urgency::Late),
            ],
            verbs: vec![
                ButtonView::sheet("Accept risk", "/design/why").main().disabled("Needs a second person: you wrote the assessment."),
                ButtonView::link("Edit", "/risks/RSK-0042/edit").key("e"),
                ButtonView::link("Retire", "/risks/RSK-0042/moves/retire").weight(Weight::Danger),
            ],
        }))
        (tabs(&TabsView {
            label: "Parts of this record".to_owned(),
            tabs: [("Overview", None, true), ("History", Some("27"), false), ("Files", Some("4"), false)]
                .into_iter()
                .map(|(name, count, current)| TabView { name: name.to_owned(), href: "/design#record".to_owned(), count: count.map(str::to_owned), current })
                .collect(),
            extra: None,
        }))
        (split(field_groups(&groups()), rail(&sections())))
    }
}

fn groups() -> Vec<FieldGroupView> {
    let group = |title: &str, facts| FieldGroupView { title: title.to_owned(), facts };
    let figure = |text: &str, unit: &str| Value::Figure {
        text: text.to_owned(),
        unit: Some(unit.to_owned()),
        why: Some("/design/why".to_owned()),
    };
    vec![
        group("What could happen?", vec![
            FactView::new("Description", Value::Markdown("A mail attachment or a stolen supplier account starts **encryption** in the laboratory network.\n\n- analysers stop within the hour\n- results are sent by courier for *four days*\n\nSee [the exercise of May](/exercises/EXE-0003).".to_owned())),
            FactView { help: Some("Assets that would be harmed, not those an attacker passes on the way.".to_owned()), ..FactView::new("Assets", Value::Links(vec![
                LinkView::new("Laboratory system", "/assets/AST-0107").with_reference("AST-0107"),
                LinkView::new("Analyser network", "/assets/AST-0110").with_reference("AST-0110"),
            ], 6)) },
            FactView::new("Labels", Value::Tags(vec!["laboratory".to_owned(), "NIS2".to_owned(), "supplier".to_owned()])),
        ]),
        group("How bad?", vec![
            FactView { sub: Some("estimate by Jonas Berg and Aylin Demir, 2 Jul 2026".to_owned()), ..FactView::new("Frequency", Value::text("between 0.1 and 0.5 times a year, most likely 0.2")) },
            FactView { sub: Some("as of 12 Aug 2026, 14:00 CEST; rate of 11 Aug 2026, ECB".to_owned()), help: Some("Mean over 100,000 simulated years, after the controls as they were shown to work.".to_owned()), ..FactView::new("Mean loss in a year", figure("1.24", "M EUR")) },
            FactView::new("Share of appetite", Value::Share { percent: 49.6, text: "50 %".to_owned(), state: Some(State::Degraded), why: Some("/design/why".to_owned()) }),
            FactView::new("Loss in the worst of 20 years", Value::Unknown("not worked out yet".to_owned())),
        ]),
        group("What now?", vec![
            FactView::new("Treatment", Value::text("Reduce")),
            FactView::new("Controls", Value::State(State::Degraded)),
            FactView::new("Insurance", Value::Bool(false)),
            FactView::new("Accepted until", Value::Empty),
            FactView::new("Policy", Value::File(LinkView::new("laboratory-continuity.pdf", "/files/1"), "214 kB, SHA-256 8f3a91c2…".to_owned())),
            FactView::new("Source", Value::Url("https://hospital.example/risk/laboratory/2026/a-very-long-address-that-has-to-break-somewhere?with=parameters".to_owned())),
            FactView::new("Reviewed", Value::Moment(day("2026-07-02T08:12:00Z", "2 Jul 2026, 10:12 CEST", "6 weeks ago"))),
            FactView::new("Note for the board", Value::Lines("First line.\nSecond line with <b>no markup</b>.".to_owned())),
        ]),
    ]
}

fn sections() -> Vec<RailSection> {
    let link =
        |reference: &str, name: &str| Value::Link(LinkView::new(name, "/design").with_reference(reference));
    let item = |what, aside, sub: &str| RailItem {
        what,
        aside,
        sub: (!sub.is_empty()).then(|| sub.to_owned()),
        said: None,
    };
    vec![
        RailSection {
            kind: RailKind::RestsOn,
            count: Some("2".to_owned()),
            act: Some(LinkView::new("Link", "/design")),
            items: vec![
                item(link("CTL-0017", "Multi-factor sign-in"), Value::State(State::Degraded), "Control"),
                item(link("CTL-0031", "Offline copy of laboratory data, tested by restore"), Value::State(State::Insufficient), "Control"),
            ],
            ..RailSection::default()
        },
        RailSection {
            kind: RailKind::UsedBy,
            count: Some("48".to_owned()),
            items: vec![item(link("PAP-0009", "Board paper, third quarter"), Value::Empty, "Board paper")],
            more: Some(LinkView::new("All 48", "/design")),
            ..RailSection::default()
        },
        RailSection {
            kind: RailKind::Tasks,
            count: Some("1".to_owned()),
            act: Some(LinkView::new("Add task", "/design")),
            items: vec![item(link("TSK-0201", "Test restore of analyser images"), Value::Due(day("2026-08-20", "20 Aug", ""), Urgency::Soon), "Jonas Berg")],
            ..RailSection::default()
        },
        RailSection { kind: RailKind::Files, act: Some(LinkView::new("Add file", "/design")), ..RailSection::default() },
        RailSection {
            kind: RailKind::Comments,
            count: Some("1".to_owned()),
            items: vec![RailItem {
                what: Value::text("Aylin Demir"),
                aside: Value::Moment(day("2026-08-11T09:00:00Z", "11 Aug, 11:00", "yesterday")),
                sub: None,
                said: Some("@Jonas the supplier answered: copies are kept for 14 days, not 30.\nDoes the estimate still hold?".to_owned()),
            }],
            ..RailSection::default()
        },
        RailSection { kind: RailKind::Watchers, act: Some(LinkView::new("Watch", "/design")), ..RailSection::default() },
    ]
}

pub(super) fn history() -> Markup {
    let change = |label: &str, from: Value, to: Value| ChangeView { label: label.to_owned(), from, to };
    timeline(&[
        EntryView {
            at: day("2026-08-12T09:14:00Z", "12 Aug 2026, 11:14", "3 hours ago"),
            who: "Maria Lindqvist".to_owned(),
            said: Sentence::new("moved the risk from Assessed to Treating"),
            reason: Some(
                "The exercise in May took four days, not one; the old estimate is not tenable.".to_owned(),
            ),
            changes: vec![
                change("Loss each time", Value::text("0.4 to 1.2 M EUR"), Value::text("0.9 to 4 M EUR")),
                change("Review on", Value::Empty, Value::text("30 Aug 2026")),
                change("Deputy", Value::text("Peter Nowak"), Value::Empty),
            ],
            milestone: true,
            mark: Some("not independently approved".to_owned()),
        },
        EntryView {
            at: day("2026-08-03T12:00:00Z", "3 Aug 2026, 14:00", "9 days ago"),
            who: "Import 12".to_owned(),
            said: Sentence::new("set 2 fields from ").link("assets-2026-08.csv", "/imports/12"),
            changes: vec![change("Controls", Value::State(State::Effective), Value::State(State::Degraded))],
            ..EntryView::default()
        },
        EntryView {
            at: day("2026-07-02T08:12:00Z", "2 Jul 2026, 10:12", "6 weeks ago"),
            who: "Jonas Berg".to_owned(),
            said: Sentence::new("added the risk"),
            milestone: true,
            ..EntryView::default()
        },
    ])
}
