//! `/admin/users/{id}`: one account, its roles, its sessions, and what can be done to it.

use super::super::errors::sentence;
use super::super::reader::Reader;
use super::users::{role_fields, standing};
use super::{column, done, field, frame, may, require};
use crate::parts::{
    Align, ButtonView, CellView, EmptyView, FactView, FieldGroupView, FlashView, FormGroupView, FormView,
    HeadView, Input, LinkView, ProblemView, RowView, Sentence, TableView, Value, Weight, field_groups, form,
    head, table,
};
use crate::words::words;
use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::auth::{Account, AccountState, GivenGrant, SessionView};
use wardkeep_app::{Error, Refusal};
use wardkeep_register::Verb;
use wardkeep_rights::Named;
use wardkeep_types::{Id, Problems};

/// `GET /admin/users/{id}`.
pub(super) async fn show(reader: Reader, Path(id): Path<String>) -> Response {
    reader.answer(async { page(&reader, &id, &[], &Problems::new()).await }).await
}

pub(super) async fn page(
    reader: &Reader,
    id: &str,
    sent: &[(String, String)],
    problems: &Problems,
) -> Result<Response, Error> {
    require(reader, Verb::View, Named::User)?;
    let id: Id = id.parse().map_err(|_| Refusal::NotFound)?;
    let (auth, ctx, units) = (&reader.state.auth, &reader.ctx, &reader.organisation.units);
    let (account, sessions) = auth.account_seen(ctx, units, id).await?;
    let grants = auth.grants_of(account.person).await?;
    let passkeys = auth.passkeys(account.id).await?.len();
    let own = ctx.person() == Some(account.person);
    let keeps = may(reader, Verb::Administer, Named::User) && !own;
    let gives = may(reader, Verb::Add, Named::Grant) && !own;
    let (_, word, class) = standing(&account);
    let labels = reader.state.app.labels(ctx, &reader.organisation, [account.person]).await?;
    let mut facts =
        vec![Value::Html(html! { span class=(class) { (word) } }), Value::text(account.email.clone())];
    if let Some(label) = labels.get(account.person) {
        facts.push(Value::Link(LinkView::new(label.reference.clone(), label.path.clone())));
    }
    let main = html! {
        (head(&HeadView { title: account.name.clone(), facts, ..HeadView::default() }))
        @if own { p.quiet { (words("admin.own")) } }
        section.section {
            h2 { (words("admin.roles")) }
            (table(&roles(reader, &account, &grants, gives)))
            @if gives { (give(reader, &account, sent, problems)) }
        }
        div.section { (field_groups(&[about(reader, &account, passkeys)])) }
        section.section { h2 { (words("admin.sessions")) } (table(&open_sessions(reader, &sessions))) }
        @if keeps { (mend(reader, &account, sent, problems)) }
    };
    let frame = frame(&account.name, "/admin/users").back(words("admin.users"), "/admin/users");
    Ok(reader.page(frame.crumb(account.name.clone()).flash(flash(reader)), main))
}

fn flash(reader: &Reader) -> Option<FlashView> {
    match reader.asked("flash")? {
        "grant" => done(words("admin.grant_given")),
        "revoke" => done(words("admin.grant_ended")),
        "disable" => done(words("admin.closed_now")),
        "enable" => done(words("admin.opened_now")),
        "reset" => done(words("admin.reset_now")),
        "sessions" => done(words("admin.sessions_now")),
        _ => None,
    }
}

fn about(reader: &Reader, account: &Account, passkeys: usize) -> FieldGroupView {
    let at =
        |moment: Option<_>| moment.map_or(Value::Empty, |at| Value::Moment(reader.taste.moment_stamp(at)));
    let codes = match account.totp_since {
        Some(since) => at(Some(since)),
        None => Value::text(words("admin.factor_none")),
    };
    FieldGroupView {
        title: words("admin.signing_in").to_owned(),
        facts: vec![
            FactView::new(words("admin.last"), at(account.last_sign_in_at)),
            FactView::new(words("admin.password_since"), at(account.password_changed_at)),
            FactView::new(words("admin.codes_since"), codes),
            FactView::new(words("me.passkeys"), Value::number(passkeys.to_string())),
        ],
    }
}

fn roles(reader: &Reader, account: &Account, grants: &[GivenGrant], gives: bool) -> TableView {
    let row = |given: &GivenGrant| {
        let (reference, unit) = reader.organisation.unit(given.grant.unit);
        let mut fields = reader.hidden();
        fields.extend([("verb".to_owned(), "revoke".to_owned()), ("grant".to_owned(), given.id.to_string())]);
        let end = ButtonView::post(words("admin.revoke"), format!("/admin/users/{}", account.id), fields);
        let until = given.grant.until.map_or_else(
            || Value::text(words("admin.no_end")),
            |day| Value::Moment(reader.taste.day_stamp(day)),
        );
        let mut cells: Vec<CellView> = vec![
            Value::text(given.grant.role.label()).into(),
            CellView { value: Value::text(unit), sub: Some(reference.to_owned()) },
            until.into(),
            Value::Moment(reader.taste.moment_stamp(given.granted_at)).into(),
        ];
        if gives {
            cells.push(Value::Html(crate::parts::button(&end.small())).into());
        }
        RowView {
            key: given.id.to_string(),
            name: given.grant.role.label().to_owned(),
            cells,
            ..RowView::default()
        }
    };
    let mut columns = vec![
        column(words("admin.role"), Align::Text),
        column(words("admin.on_unit"), Align::Text),
        column(words("admin.until"), Align::Tight),
        column(words("admin.given"), Align::Tight),
    ];
    if gives {
        columns.push(column(words("admin.act"), Align::Tight));
    }
    TableView {
        caption: words("admin.roles").to_owned(),
        columns,
        rows: grants.iter().map(row).collect(),
        empty: EmptyView {
            title: words("admin.no_role").to_owned(),
            text: Sentence::new(words("admin.no_role_text")),
            ..EmptyView::default()
        },
        ..TableView::default()
    }
}

fn give(reader: &Reader, account: &Account, sent: &[(String, String)], problems: &Problems) -> Markup {
    let mut fields = reader.hidden();
    fields.push(("verb".to_owned(), "grant".to_owned()));
    let known = ["role", "unit", "until", "why", "reason"];
    let rest = problems.iter().filter(|p| !known.contains(&p.path.as_str()));
    let wrong = problems.iter().any(|p| p.path != "reason");
    let view = FormView {
        action: format!("/admin/users/{}", account.id),
        fields,
        groups: vec![role_fields(reader, sent, problems)],
        problems: rest
            .map(|p| ProblemView { text: Sentence::new(sentence(&p.message)), key: None })
            .collect(),
        acts: vec![ButtonView::submit(words("admin.give")).main()],
        ..FormView::default()
    };
    html! { details.more-form open[wrong] { summary { (words("admin.give_one")) } (form(&view)) } }
}

fn open_sessions(reader: &Reader, sessions: &[SessionView]) -> TableView {
    let row = |session: &SessionView| RowView {
        key: session.id.to_string(),
        name: session.user_agent.clone(),
        cells: vec![
            Value::text(super::super::me::browser(&session.user_agent)).into(),
            Value::text(session.ip.clone()).into(),
            Value::Moment(reader.taste.moment_stamp(session.created_at)).into(),
            Value::Moment(reader.taste.moment_stamp(session.seen_at)).into(),
        ],
        ..RowView::default()
    };
    TableView {
        caption: words("admin.sessions").to_owned(),
        columns: vec![
            column(words("me.browser"), Align::Text),
            column(words("me.address"), Align::Tight),
            column(words("me.began"), Align::Tight),
            column(words("me.seen"), Align::Tight),
        ],
        rows: sessions.iter().map(row).collect(),
        empty: EmptyView {
            title: words("admin.sessions_none").to_owned(),
            text: Sentence::new(words("admin.sessions_none_text")),
            ..EmptyView::default()
        },
        ..TableView::default()
    }
}

/// What an administrator can do when something was lost or somebody leaves; each with a reason for the log.
fn mend(reader: &Reader, account: &Account, sent: &[(String, String)], problems: &Problems) -> Markup {
    let reason = Input::Line(super::text(sent, "reason").to_owned(), Some(200));
    let mut asked = field("reason", words("today.reason"), true, reason, problems);
    asked.help = Some(words("admin.reason_help").to_owned());
    let mut acts = vec![ButtonView::verb(words("admin.hand_link"), "verb", "link")];
    if account.state == AccountState::Suspended {
        acts.push(ButtonView::verb(words("admin.enable"), "verb", "enable"));
    } else {
        acts.push(ButtonView::verb(words("admin.reset"), "verb", "reset"));
        acts.push(ButtonView::verb(words("admin.end_sessions"), "verb", "sessions"));
        acts.push(ButtonView::verb(words("admin.disable"), "verb", "disable").weight(Weight::Danger));
    }
    let view = FormView {
        action: format!("/admin/users/{}", account.id),
        fields: reader.hidden(),
        groups: vec![FormGroupView { title: String::new(), fields: vec![asked] }],
        acts,
        ..FormView::default()
    };
    html! { section.section { h2 { (words("admin.mend")) } div.stack { p.quiet.prose { (words("admin.mend_text")) } (form(&view)) } } }
}
