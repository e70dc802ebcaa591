//! `/admin/users`: who can sign in, with which roles; and inviting somebody.

use super::super::errors::sentence;
use super::super::list::register;
use super::super::me::Me;
use super::super::posted::Posted;
use super::super::reader::Reader;
use super::{column, field, frame, may, require, text, unprocessable};
use crate::parts::{
    Align, ButtonView, CellView, EmptyView, FormGroupView, FormView, HeadView, Input, NoticeView, OptionView,
    PagerView, ProblemView, RowView, Sentence, TabView, TableView, TabsView, Tone, Value, Weight, buttons,
    form, head, notice, pager, picked_reference, table, tabs,
};
use crate::session::Door;
use crate::words::{fill, words};
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::auth::{Account, AccountState, GivenGrant, Mailable, NewGrant};
use wardkeep_app::{Error, Refusal};
use wardkeep_register::Verb;
use wardkeep_rights::{Grant, Named, Role};
use wardkeep_types::{Date, Id, Problem, Problems};

/// Accounts on a page.
const MOST: usize = 100;

/// `GET /admin/users?show=&q=&from=`.
pub(super) async fn show(reader: Reader) -> Response {
    reader.answer(page(&reader)).await
}

/// Where an account stands, as a key, its word and its look.
pub(super) fn standing(account: &Account) -> (&'static str, &'static str, &'static str) {
    match account.state {
        AccountState::Suspended => ("closed", words("admin.closed"), "stage retired"),
        _ if !account.present => ("left", words("admin.left"), "stage retired"),
        AccountState::Invited => ("invited", words("admin.invited"), "stage open"),
        AccountState::Active => ("active", words("admin.active"), "stage done"),
    }
}

async fn page(reader: &Reader) -> Result<Response, Error> {
    let auth = &reader.state.auth;
    let accounts = auth.accounts_seen(&reader.ctx, &reader.organisation.units).await?;
    let grants = auth.grants().await?;
    let title = words("admin.users");
    let asked = reader.asked("show").unwrap_or_default();
    let words_asked = reader.asked("q").unwrap_or_default().to_lowercase();
    let fits = |a: &&Account| {
        let named = a.name.to_lowercase().contains(&words_asked) || a.email.contains(&words_asked);
        named && (asked.is_empty() || standing(a).0 == asked)
    };
    let found: Vec<&Account> = accounts.iter().filter(fits).collect();
    let from: usize = reader.asked("from").and_then(|t| t.parse().ok()).unwrap_or(0).min(found.len());
    let shown: Vec<&Account> = found.iter().skip(from).take(MOST).copied().collect();
    let invites = may(reader, Verb::Add, Named::User);
    let verbs = if invites {
        vec![ButtonView::link(words("admin.invite"), "/admin/users/new").main()]
    } else {
        Vec::new()
    };
    let step = |to: usize| reader.address().with("from", to.to_string()).to_string();
    let count = |n: usize| reader.taste.count(n as i64);
    let main = html! {
        (head(&HeadView { title: title.to_owned(), count: Some(count(accounts.len())), verbs, ..HeadView::default() }))
        (tabs(&states(reader, &accounts, asked)))
        form.search-form method="get" action="/admin/users" role="search" aria-label=(words("admin.user_search")) {
            @if !asked.is_empty() { input type="hidden" name="show" value=(asked); }
            input.input type="search" name="q" value=(reader.asked("q").unwrap_or_default()) data-slash
                aria-label=(words("admin.user_search")) placeholder=(words("admin.user_search"));
            button.btn type="submit" { (words("filter.show")) }
        }
        div.section { (table(&list(reader, &shown, &grants))) }
        @if found.len() > MOST {
            (pager(&PagerView {
                shown: format!("{} {} {}", from + 1, words("list.to"), from + shown.len()),
                total: Some(count(found.len())),
                about: false,
                first: None,
                previous: (from > 0).then(|| step(from.saturating_sub(MOST))),
                next: (from + MOST < found.len()).then(|| step(from + MOST)),
            }))
        }
    };
    Ok(reader.page(frame(title, "/admin/users").crumb(title), main))
}

fn states(reader: &Reader, accounts: &[Account], asked: &str) -> TabsView {
    let tab = |key: &str, name: &str| {
        let n = accounts.iter().filter(|a| key.is_empty() || standing(a).0 == key).count();
        TabView {
            name: name.to_owned(),
            href: if key.is_empty() { "/admin/users".to_owned() } else { format!("/admin/users?show={key}") },
            count: Some(reader.taste.count(n as i64)),
            current: key == asked,
        }
    };
    TabsView {
        label: words("admin.state").to_owned(),
        tabs: vec![
            tab("", words("admin.all")),
            tab("active", words("admin.active")),
            tab("invited", words("admin.invited")),
            tab("closed", words("admin.closed")),
            tab("left", words("admin.left")),
        ],
        extra: None,
    }
}

fn list(reader: &Reader, shown: &[&Account], grants: &[GivenGrant]) -> TableView {
    let row = |account: &&Account| {
        let held = grants.iter().filter(|g| g.person == account.person);
        let roles: Vec<String> = held
            .map(|g| format!("{}, {}", g.grant.role.label(), reader.organisation.unit(g.grant.unit).1))
            .collect();
        let (_, word, class) = standing(account);
        let roles = if roles.is_empty() {
            Value::text(words("admin.no_role"))
        } else {
            Value::Lines(roles.join("\n"))
        };
        let factor = match account.totp_since {
            Some(_) => Value::text(words("admin.factor_codes")),
            None => Value::text(words("admin.factor_none")),
        };
        let last =
            account.last_sign_in_at.map_or(Value::Empty, |at| Value::Moment(reader.taste.moment_stamp(at)));
        RowView {
            key: account.id.to_string(),
            name: account.name.clone(),
            href: Some(format!("/admin/users/{}", account.id)),
            cells: vec![
                CellView { value: Value::text(account.name.clone()), sub: Some(account.email.clone()) },
                Value::Html(html! { span class=(class) { (word) } }).into(),
                roles.into(),
                factor.into(),
                last.into(),
            ],
            ..RowView::default()
        }
    };
    TableView {
        caption: words("admin.users").to_owned(),
        columns: vec![
            column(words("me.name"), Align::Text),
            column(words("admin.state"), Align::Tight),
            column(words("admin.roles"), Align::Text),
            column(words("admin.factor"), Align::Tight),
            column(words("admin.last"), Align::Tight),
        ],
        rows: shown.iter().map(row).collect(),
        empty: EmptyView {
            title: words("admin.users_none").to_owned(),
            text: Sentence::new(words("admin.users_none_text")),
            ..EmptyView::default()
        },
        ..TableView::default()
    }
}

/// `GET /admin/users/new`.
pub(super) async fn new(reader: Reader) -> Response {
    reader.answer(async { new_page(&reader, &reader.pairs, &Problems::new()) }).await
}

/// Roles that people can have, and units they can have them on, as a form offers them.
pub(super) fn role_fields(reader: &Reader, sent: &[(String, String)], problems: &Problems) -> FormGroupView {
    let role = text(sent, "role");
    let roles = Role::ALL.into_iter().filter(|r| *r != Role::Pipeline);
    let roles = roles.map(|r| OptionView::new(r.key(), r.label(), r.key() == role)).collect();
    let mut units: Vec<(&str, &str)> =
        reader.organisation.unit_names.values().map(|(r, n)| (r.as_str(), n.as_str())).collect();
    units.sort_unstable();
    let unit = text(sent, "unit");
    let units = units.into_iter().enumerate().map(|(place, (reference, name))| {
        let picked = if unit.is_empty() { place == 0 } else { unit == reference };
        OptionView::new(reference, format!("{reference} {name}"), picked)
    });
    let mut fields = vec![
        field("role", words("admin.role"), true, Input::Choice(roles), problems),
        field("unit", words("admin.on_unit"), true, Input::Choice(units.collect()), problems),
        field("until", words("admin.until"), false, Input::Date(text(sent, "until").to_owned()), problems),
        field(
            "why",
            words("today.reason"),
            true,
            Input::Line(text(sent, "why").to_owned(), Some(200)),
            problems,
        ),
    ];
    fields[1].help = Some(words("admin.unit_help").to_owned());
    fields[2].help = Some(words("admin.until_help").to_owned());
    FormGroupView { title: String::new(), fields }
}

/// The grant that such a form asks for.
pub(super) fn read_grant(reader: &Reader, posted: &Posted, person: Id) -> Result<NewGrant, Problems> {
    let mut problems = Problems::new();
    let role: Option<Role> = posted.text("role").parse().ok();
    problems.require(role.is_some(), "role", "required", words("admin.need_role"));
    let wanted = posted.text("unit");
    let unit = reader.organisation.unit_names.iter().find(|(_, (r, _))| r == wanted).map(|(id, _)| *id);
    problems.require(unit.is_some(), "unit", "unknown_ref", words("admin.need_unit"));
    let until = posted.text("until").trim();
    let day: Result<Option<Date>, _> =
        if until.is_empty() { Ok(None) } else { until.parse::<Date>().map(Some) };
    if let Err(error) = &day {
        problems.add(Problem::new("until", "invalid", error.0.clone()));
    }
    let why = posted.text("why").trim().to_owned();
    problems.require(!why.is_empty(), "why", "required", words("admin.need_why"));
    match (role, unit, day) {
        (Some(role), Some(unit), Ok(until)) if problems.is_empty() => {
            Ok(NewGrant { person, grant: Grant { until, ..Grant::new(role, unit) }, from: None, why })
        }
        _ => Err(problems),
    }
}

fn new_page(reader: &Reader, sent: &[(String, String)], problems: &Problems) -> Result<Response, Error> {
    require(reader, Verb::Add, Named::User)?;
    let title = words("admin.invite");
    let pick = Input::Link {
        value: text(sent, "person").to_owned(),
        options: Vec::new(),
        search: Some("/api/v1/pick/person".to_owned()),
    };
    let mut person = field("person", words("admin.person"), true, pick, problems);
    person.help = Some(words("admin.person_help").to_owned());
    let mut roles = role_fields(reader, sent, problems);
    roles.fields.insert(0, person);
    let known = ["person", "role", "unit", "until", "why"];
    let rest = problems.iter().filter(|p| !known.contains(&p.path.as_str()));
    let view = FormView {
        action: "/admin/users".to_owned(),
        fields: reader.hidden(),
        groups: vec![roles],
        problems: rest
            .map(|p| ProblemView { text: Sentence::new(sentence(&p.message)), key: None })
            .collect(),
        acts: vec![
            ButtonView::submit(words("admin.invite_do")).main(),
            ButtonView::link(words("form.cancel"), "/admin/users").weight(Weight::Quiet),
        ],
        ..FormView::default()
    };
    let main = html! {
        (head(&HeadView { title: title.to_owned(), ..HeadView::default() }))
        p.quiet.prose { (words("admin.invite_about")) }
        div.section { (form(&view)) }
    };
    Ok(reader
        .page(frame(title, "/admin/users").back(words("admin.users"), "/admin/users").crumb(title), main))
}

/// `POST /admin/users`: an account for a person, a first role, and the link.
pub(super) async fn invite(me: Me, posted: Posted) -> Response {
    if let Some(elsewhere) = me.stale("/admin/users/new") {
        return elsewhere;
    }
    let reader = &posted.reader;
    reader
        .answer(async {
            match invited(reader, &posted).await {
                Ok(letter) => Ok(hand_over(reader, &me.door, letter, true)),
                Err(Error::Refusal(Refusal::Invalid(problems))) => {
                    Ok(unprocessable(new_page(reader, &posted.pairs, &problems)?))
                }
                Err(other) => Err(other),
            }
        })
        .await
}

async fn invited(reader: &Reader, posted: &Posted) -> Result<Mailable, Error> {
    require(reader, Verb::Add, Named::User)?;
    let (app, auth, ctx) = (&reader.state.app, &reader.state.auth, &reader.ctx);
    let asked = picked_reference(posted.text("person"));
    let found = app.find(ctx, &reader.organisation, register("people")?, asked).await;
    let person = match found {
        Ok(head) => head.id,
        Err(Error::Refusal(Refusal::NotFound)) => {
            return Err(Refusal::invalid("person", "unknown_ref", words("delegation.unknown")).into());
        }
        Err(other) => return Err(other),
    };
    let grant = read_grant(reader, posted, person).map_err(Refusal::Invalid)?;
    let units = &reader.organisation.units;
    let there = auth.accounts_seen(ctx, units).await?;
    if there.iter().any(|a| a.person == person && a.state != AccountState::Invited) {
        return Err(Refusal::invalid("person", "conflict", words("admin.has_account")).into());
    }
    // The role comes first: one that is refused leaves no account behind. Inviting again gives nothing twice.
    let same = |g: &GivenGrant| g.grant.role == grant.grant.role && g.grant.unit == grant.grant.unit;
    if !auth.grants_of(person).await?.iter().any(same) {
        auth.add_grant(ctx, units, &grant).await?;
    }
    auth.invite(ctx, units, person).await
}

/// Mails the link where mail is set up and wanted; else shows it this once.
pub(super) fn hand_over(reader: &Reader, door: &Door, letter: Mailable, mail: bool) -> Response {
    let title = words("admin.link_title");
    let until = reader.taste.moment_stamp(letter.expires_at);
    let mailed = mail && door.mails();
    let values = [
        ("name", letter.name.as_str()),
        ("email", letter.email.as_str()),
        ("until", until.absolute.as_str()),
    ];
    let (tone, said) = if mailed {
        (Tone::Good, fill("admin.link_mailed", &values))
    } else {
        (Tone::Warn, fill("admin.link_once", &values))
    };
    let url =
        format!("{}/link/{}", door.auth.settings().public_url.trim_end_matches('/'), letter.token.reveal());
    if mailed {
        door.mail(letter);
    }
    let inside: Markup = html! { @if !mailed { p { code.secret { (url) } } } };
    let view = NoticeView { tone, text: Sentence::new(said), live: true, ..NoticeView::default() };
    let main = html! {
        (head(&HeadView { title: title.to_owned(), ..HeadView::default() }))
        div.stack {
            (notice(&view))
            (inside)
            div.next { (buttons(&[ButtonView::link(words("admin.users_back"), "/admin/users").main()])) }
        }
    };
    reader.page(frame(title, "/admin/users").back(words("admin.users"), "/admin/users").crumb(title), main)
}
