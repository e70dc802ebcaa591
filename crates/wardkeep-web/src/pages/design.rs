//! `/design`: every part in every state, with long texts, empty lists and errors. Also the screenshot test.

mod flows;
mod forms;
mod lists;
mod matters;
mod records;
mod risk;
mod risk_one;

use crate::assets;
use crate::parts::{
    AreaView, AsOfView, ButtonView, CrumbView, FlashView, NavLink, Sentence, ShellView, Theme, Tone,
    UserView, WhyInput, WhyView, bare_page, page, state_badge, why_panel,
};
use crate::parts::{FieldView, FormGroupView, FormView, Input, Value, form, theme};
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use maud::{Markup, html};
use wardkeep_types::State;

/// Static files, the theme switch and the pages of the design system.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/design", get(|headers: HeaderMap| async move { show(Theme::from_headers(&headers)) }))
        .route(
            "/design/why",
            get(|headers: HeaderMap| async move { show_why(Theme::from_headers(&headers)) }),
        )
        .route(
            "/design/sign-in",
            get(|headers: HeaderMap| async move { sign_in(Theme::from_headers(&headers)) }),
        )
        .route(
            "/design/risk/{page}",
            get(|Path(page): Path<String>, headers: HeaderMap| async move {
                show_risk(Theme::from_headers(&headers), &page).ok_or(StatusCode::NOT_FOUND)
            }),
        )
        .route("/theme", post(theme::choose))
        .merge(assets::router())
}

/// A part or group of parts with its heading.
pub(super) fn section(id: &str, title: &str, body: Markup) -> Markup {
    html! { section.section id=(id) { h2 { (title) } (body) } }
}

/// The whole design page.
pub fn show(theme: Theme) -> Markup {
    let sections: [(&str, &str, Markup); 18] = [
        ("states", "States and severities", matters::states()),
        ("words", "Type and colour", matters::type_and_colour()),
        ("head", "Page head and answer", records::heads()),
        ("stats", "Figures", lists::figures()),
        ("list", "List", lists::list()),
        ("groups", "Groups, totals and a wide table", lists::grouped()),
        ("empty", "Empty", lists::empties()),
        ("board", "Board", flows::lanes()),
        ("record", "Record", records::record()),
        ("history", "History", records::history()),
        ("form", "Form", forms::fields()),
        ("wrong", "Form with errors", forms::wrong()),
        ("conflict", "Two versions", forms::conflict()),
        ("import", "Import preview", flows::import()),
        ("jobs", "Long work", matters::jobs()),
        ("notices", "Buttons and notices", matters::buttons_and_notices()),
        ("evidence", "Evidence and charts", matters::evidence()),
        ("risk-in-money", "Risk in money", risk::links()),
    ];
    let main = html! {
        h1 { "Design system" }
        p.quiet { "Every part in every state. What is not here is not built." }
        nav.row.section aria-label="Parts" { @for (id, title, _) in &sections { a href={ "#" (id) } { (title) } } }
        @for (id, title, body) in sections { (section(id, title, body)) }
    };
    page(&shell(theme, "Design system"), main)
}

fn shell(theme: Theme, title: &str) -> ShellView {
    let area = |name: &str, links: &[&str]| AreaView {
        name: name.to_owned(),
        href: format!("/{}", name.to_lowercase()),
        current: name == "Identify",
        links: links
            .iter()
            .map(|link| NavLink {
                name: (*link).to_owned(),
                href: format!("/{}", link.to_lowercase().replace(' ', "-")),
                current: *link == "Risks",
                count: (*link == "Risks").then(|| "48".to_owned()),
            })
            .collect(),
    };
    ShellView {
        title: title.to_owned(),
        theme,
        areas: vec![
            area("Today", &[]),
            area("Govern", &["Objectives", "Policies", "Requirements", "Exceptions", "Committees"]),
            area("Identify", &["Services", "Assets", "Risks", "Scenarios", "Suppliers", "Findings"]),
            area("Protect", &["Controls", "Control tests", "Training", "Access reviews"]),
            area("Detect", &["Alerts", "Rules", "Log sources", "Hunts"]),
            area("Respond", &["Incidents", "Notification clocks", "Playbooks"]),
            area("Recover", &["Continuity plans", "Exercises", "Lessons"]),
            area("Report", &["Board papers", "Audit packs", "Saved reports"]),
        ],
        crumbs: vec![CrumbView::link("Identify", "/identify"), CrumbView::here(title)],
        user: Some(UserView {
            name: "Maria Lindqvist".to_owned(),
            role: "Officer, Northern Hospital Group".to_owned(),
            links: vec![
                ("Your settings".to_owned(), "/me".to_owned()),
                ("Delegations".to_owned(), "/me/delegations".to_owned()),
            ],
        }),
        installation: "Northern Hospital Group".to_owned(),
        csrf: "sample".to_owned(),
        path: "/design".to_owned(),
        news: None,
        flash: Some(FlashView {
            tone: Tone::Good,
            text: Sentence::new("12 findings accepted until 30 Sep 2026."),
            act: Some(ButtonView::post("Undo", "/design", vec![]).small()),
        }),
        as_of: Some(AsOfView {
            text: Sentence::new("Figures as of 12 Aug 2026, 14:00 CEST (2 hours ago). ")
                .link("Newest evidence: 12 Aug 2026, 13:52 CEST", "/log-sources"),
            old: false,
        }),
        search: String::new(),
    }
}

/// A page of risk in money with made-up figures.
fn show_risk(theme: Theme, page_name: &str) -> Option<Markup> {
    let body = risk::body(page_name)?;
    Some(page(&ShellView { flash: None, ..shell(theme, "Risk in money") }, body))
}

fn show_why(theme: Theme) -> Markup {
    let input = |what: &str, value: Value, from: &str| WhyInput {
        what: Value::text(what),
        value,
        from: from.to_owned(),
    };
    let view = WhyView {
        title: "Effectiveness of CTL-0017, multi-factor sign-in".to_owned(),
        figure: Value::number("0.71"),
        said: Sentence::new(
            "Seven of ten console sign-ins need a second factor; 84 service accounts do not, and they are the reason.",
        ),
        formula: vec![
            "coverage 0.92 × reliability 0.83 × freshness 0.93".to_owned(),
            "= 0.71, shown as degraded because it is below the threshold 0.80".to_owned(),
        ],
        inputs: vec![
            input("Coverage", Value::number("0.92"), "1,104 of 1,200 accounts looked at, 12 Aug 2026"),
            input("Reliability", Value::number("0.83"), "916 passed, 188 failed"),
            input("Freshness", Value::number("0.93"), "evidence is 2 days old, wanted every 7"),
        ],
        evidence: vec![
            input(
                "OBS-2291",
                Value::State(State::Degraded),
                "Entra sign-in log, 1 to 12 Aug 2026, automated",
            ),
            input(
                "EVD-0410",
                Value::Code("conditional-access.json".to_owned()),
                "collected by Maria Lindqvist, 11 Aug 2026",
            ),
        ],
        as_of: crate::parts::Stamp::new("2026-08-12T12:00:00Z", "12 Aug 2026, 14:00 CEST", "2 hours ago"),
        by: "assess 0.1.0".to_owned(),
        hash: "8f3a91c2".to_owned(),
    };
    page(&ShellView { flash: None, ..shell(theme, "Why 0.71") }, why_panel(&view))
}

fn sign_in(theme: Theme) -> Markup {
    let field = |key: &str, label: &str, input: Input| FieldView {
        key: key.to_owned(),
        label: label.to_owned(),
        help: None,
        error: None,
        required: false,
        locked: None,
        input,
    };
    let view = FormView {
        action: "/design/sign-in".to_owned(),
        groups: vec![FormGroupView {
            title: String::new(),
            fields: vec![
                field("email", "Mail address", Input::Email(String::new())),
                field("password", "Password", Input::Password("current-password".to_owned())),
            ],
        }],
        acts: vec![ButtonView::submit("Sign in").main()],
        ..FormView::default()
    };
    bare_page(
        "Sign in",
        theme,
        "sample",
        html! {
            div.stack {
                h1 { "Sign in" }
                (form(&view))
                button.btn type="button" data-passkey="sign-in" data-failed="The passkey was not used." { "Sign in with a passkey" }
                p.err role="alert" data-passkey-said {}
                p.small.quiet { "State badges look the same before sign-in: " (state_badge(State::NotTested)) }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{Theme, show, show_risk, show_why, sign_in};

    #[test]
    fn no_page_carries_inline_style_script_or_twice_the_same_id() {
        let risk = ["portfolio", "nothing", "risk", "investments", "appetite", "estimates", "matrix", "run"];
        let risk = risk.map(|name| show_risk(Theme::Light, name).unwrap());
        for markup in
            risk.into_iter().chain([show(Theme::Dark), show_why(Theme::System), sign_in(Theme::Light)])
        {
            let text = markup.into_string();
            assert!(!text.contains(" style="), "style attribute");
            assert!(!text.contains("<style"), "style element");
            for (at, _) in text.match_indices("<script") {
                assert!(text[at..].starts_with("<script type=\"module\" src=\"/static/"), "inline script");
            }
            for handler in [" onclick=", " onload=", " onerror=", "javascript:"] {
                assert!(!text.contains(handler), "{handler}");
            }
            let mut ids: Vec<&str> = text
                .match_indices(" id=\"")
                .map(|(at, _)| text[at + 5..].split('"').next().unwrap())
                .collect();
            let all = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), all, "an id stands twice");
            assert_eq!(text.matches("<h1").count(), 1 + usize::from(text.contains("id=\"head\"")) * 2);
        }
    }
}
