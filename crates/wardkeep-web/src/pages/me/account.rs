//! Account, taste, password.

use super::super::posted::Posted;
use super::super::sign_in::plain;
use super::{Me, again, choices, wrong};
use crate::pages::reader::{Reader, go};
use crate::parts::{ButtonView, FactView, FormGroupView, FormView, Input, Place, Theme, Value, form, show};
use crate::words::{fill, words};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::Refusal;
use wardkeep_app::auth::{Account, Preferences};
use wardkeep_types::Problems;

/// The cookie of the look; see [`Theme::from_headers`].
const LOOK: &str = "wardkeep_theme";

pub(super) fn about(reader: &Reader, account: &Account) -> Markup {
    let mut roles: Vec<String> = reader
        .ctx
        .actor
        .grants_held()
        .map(|g| {
            fill("me.role_on", &[("role", g.role.label()), ("unit", reader.organisation.unit(g.unit).1)])
        })
        .collect();
    roles.sort();
    roles.dedup();
    let last =
        account.last_sign_in_at.map_or(Value::Empty, |at| Value::Moment(reader.taste.moment_stamp(at)));
    let facts = vec![
        FactView::new(words("me.name"), Value::text(account.name.as_str())),
        FactView::new(words("sign_in.email"), Value::text(account.email.as_str())),
        FactView::new(words("me.roles"), Value::Lines(roles.join("\n"))),
        FactView::new(words("me.last_sign_in"), last),
    ];
    facts_list(&facts)
}

/// Facts under the section's own heading.
fn facts_list(facts: &[FactView]) -> Markup {
    html! { dl { @for fact in facts { div { dt { (fact.label) } dd { (show(&fact.value, Place::Field)) } } } } }
}

pub(super) fn taste_form(me: &Me, reader: &Reader, problems: &Problems) -> Markup {
    let taste = &me.live.preferences;
    let languages = [("en", "English")];
    let days = [("ymd", "2026-03-31"), ("dmy", "31.03.2026"), ("mdy", "03/31/2026")];
    let figures = [("comma", "1,234.5"), ("point", "1.234,5"), ("blank", "1 234,5")];
    let themes =
        [("system", words("theme.system")), ("light", words("theme.light")), ("dark", words("theme.dark"))];
    let mut fields = vec![
        plain("language", words("me.language"), Input::Choice(choices(&languages, &taste.language))),
        plain("time_zone", words("link.time_zone"), Input::Line(taste.time_zone.clone(), Some(64))),
        plain("date_format", words("me.date_format"), Input::Choice(choices(&days, &taste.date_format))),
        plain(
            "number_format",
            words("me.number_format"),
            Input::Choice(choices(&figures, &taste.number_format)),
        ),
        plain("theme", words("theme.label"), Input::Choice(choices(&themes, &taste.theme))),
    ];
    fields[1].help = Some(words("link.time_zone_help").to_owned());
    for field in &mut fields {
        field.error = wrong(problems, &field.key);
    }
    form(&FormView {
        action: "/me/taste".into(),
        fields: reader.hidden(),
        groups: vec![FormGroupView { title: String::new(), fields }],
        acts: vec![ButtonView::submit(words("me.keep_taste"))],
        ..FormView::default()
    })
}

pub(super) async fn set_taste(me: Me, sent: Posted) -> Response {
    let text = |name: &str| sent.text(name).trim().to_owned();
    let wanted = Preferences {
        language: text("language"),
        time_zone: text("time_zone"),
        date_format: text("date_format"),
        number_format: text("number_format"),
        theme: text("theme"),
    };
    if let Err(error) = me.door.auth.set_preferences(me.live.account, &wanted).await {
        return again(&me, &sent.reader, error).await;
    }
    let mut response = go("/me?flash=taste");
    // The look is known before it is known who reads; so a cookie carries it as well.
    if let Some(theme) = Theme::ALL.into_iter().find(|t| t.key() == wanted.theme)
        && let Ok(cookie) = HeaderValue::from_str(&format!(
            "{LOOK}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly",
            theme.key()
        ))
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

pub(super) fn password_form(reader: &Reader, account: &Account, problems: &Problems) -> Markup {
    let mut current = plain("proof", words("me.password_now"), Input::Password("current-password".into()));
    let mut new = plain("password", words("me.password_new"), Input::Password("new-password".into()));
    current.error = wrong(problems, "proof");
    new.error = wrong(problems, "password");
    new.help = Some(words("me.password_help").to_owned());
    let view = FormView {
        action: "/me/password".into(),
        fields: reader.hidden(),
        groups: vec![FormGroupView { title: String::new(), fields: vec![current, new] }],
        acts: vec![ButtonView::submit(words("me.change_password"))],
        ..FormView::default()
    };
    html! {
        @if let Some(at) = account.password_changed_at {
            p.quiet { (fill("me.password_since", &[("when", &reader.taste.moment_stamp(at).absolute)])) }
        }
        (form(&view))
    }
}

pub(super) async fn set_password(me: Me, sent: Posted) -> Response {
    let reader = &sent.reader;
    let work = async {
        let account = me.account().await?;
        // Whoever sits at an open screen must not be able to take the account over.
        let issued = me.door.auth.confirm(&me.live, sent.text("proof"), reader.now()).await?;
        let set = me
            .door
            .auth
            .set_password(&reader.ctx, &account, sent.text("password"), Some(me.live.session))
            .await;
        Ok::<_, wardkeep_app::Error>((issued, set))
    };
    match work.await {
        Ok((issued, set)) => {
            let mut response = match set {
                Ok(()) => go("/me?flash=password"),
                Err(error) => again(&me, reader, error).await,
            };
            me.door.seat_cookies(&mut response, &issued);
            response
        }
        Err(wardkeep_app::Error::Refusal(Refusal::NotYet(text))) => {
            again(&me, reader, Refusal::invalid("proof", "wait", text).into()).await
        }
        Err(error) => again(&me, reader, error).await,
    }
}
