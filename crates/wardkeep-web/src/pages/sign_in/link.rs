//! One-time links. Opening one shows what it does; only a press of its button uses it up.

use super::{bare, failed, plain, stepped};
use crate::parts::{
    ButtonView, FieldView, FormGroupView, FormView, Input, NoticeView, ProblemView, Sentence, Tone, form,
    notice,
};
use crate::session::{Client, Door};
use crate::words::{fill, words};
use axum::Form;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maud::html;
use serde::Deserialize;
use wardkeep_app::auth::{FirstStart, LinkView, Purpose, Step};
use wardkeep_app::{Error, Refusal};
use wardkeep_types::Problems;

#[derive(Default, Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    currency: String,
    #[serde(default)]
    time_zone: String,
}

pub(super) async fn show(client: Client, headers: HeaderMap, Path(token): Path<String>) -> Response {
    let (door, now) = (&client.door, client.door.now());
    match door.auth.link(&token, now).await {
        Ok(Some(link)) => page(door, &headers, &token, &link, &Sent::first(), &Problems::new()).await,
        Ok(None) => over(&headers, door),
        Err(error) => failed(&headers, now, &error),
    }
}

pub(super) async fn use_it(
    client: Client,
    headers: HeaderMap,
    Path(token): Path<String>,
    Form(sent): Form<Sent>,
) -> Response {
    let (door, now, device) = (&client.door, client.door.now(), client.device());
    let link = match door.auth.link(&token, now).await {
        Ok(Some(link)) => link,
        Ok(None) => return over(&headers, door),
        Err(error) => return failed(&headers, now, &error),
    };
    let step = match link.purpose {
        Purpose::SignIn => door.auth.sign_in_by_link(&token, &device, now).await,
        Purpose::NewPassword | Purpose::Invitation => {
            door.auth.set_password_by_link(&token, &sent.password, &device, now).await
        }
        Purpose::FirstStart => {
            door.auth.first_start(&token, &sent.wanted(), &device, now).await.map(Step::Done)
        }
    };
    match step {
        Ok(step) => stepped(door, step, "", now, |_| over(&headers, door)),
        Err(Error::Refusal(Refusal::Invalid(problems))) => super::status(
            page(door, &headers, &token, &link, &sent, &problems).await,
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        Err(Error::Refusal(Refusal::NotYet(_))) => over(&headers, door),
        Err(error) => failed(&headers, now, &error),
    }
}

impl Sent {
    fn first() -> Self {
        Self { currency: "EUR".into(), time_zone: "Europe/Berlin".into(), ..Self::default() }
    }
    fn wanted(&self) -> FirstStart {
        FirstStart {
            name: self.name.clone(),
            email: self.email.clone(),
            password: self.password.clone(),
            organisation: self.organisation.clone(),
            currency: self.currency.clone(),
            time_zone: self.time_zone.clone(),
        }
    }
}

async fn page(
    door: &Door,
    headers: &HeaderMap,
    token: &str,
    link: &LinkView,
    sent: &Sent,
    problems: &Problems,
) -> Response {
    let (title, text, act) = match link.purpose {
        Purpose::SignIn => (
            words("link.sign_in"),
            fill("link.sign_in_text", &[("email", &link.email)]),
            words("sign_in.act"),
        ),
        Purpose::NewPassword => (
            words("link.new_password"),
            fill("link.password_text", &[("email", &link.email)]),
            words("link.set_password"),
        ),
        Purpose::Invitation => (
            words("link.invitation"),
            fill("link.password_text", &[("email", &link.email)]),
            words("link.set_password"),
        ),
        Purpose::FirstStart => {
            (words("link.first"), words("link.first_text").to_owned(), words("link.begin"))
        }
    };
    let fields = match link.purpose {
        Purpose::SignIn => Vec::new(),
        Purpose::NewPassword | Purpose::Invitation => vec![password(door)],
        Purpose::FirstStart => match door.auth.organisation().await {
            Ok(there) => first_fields(door, sent, there.is_none()),
            Err(error) => return failed(headers, door.now(), &error),
        },
    };
    let known: Vec<String> = fields.iter().map(|f| f.key.clone()).collect();
    let with_error = |mut field: FieldView| {
        field.error =
            problems.iter().find(|p| p.path == field.key).map(|p| super::errors::sentence(&p.message));
        field
    };
    let loose = problems.iter().filter(|p| !known.contains(&p.path));
    let view = FormView {
        action: format!("/link/{token}"),
        problems: loose
            .map(|p| ProblemView { text: Sentence::new(super::errors::sentence(&p.message)), key: None })
            .collect(),
        groups: vec![FormGroupView {
            title: String::new(),
            fields: fields.into_iter().map(with_error).collect(),
        }],
        acts: vec![ButtonView::submit(act).main()],
        ..FormView::default()
    };
    bare(headers, title, StatusCode::OK, html! { h1 { (title) } p { (text) } (form(&view)) })
}

fn password(door: &Door) -> FieldView {
    let fewest = door.auth.settings().password_min.to_string();
    let mut field = plain("password", words("link.password"), Input::Password("new-password".into()));
    field.help = Some(fill("link.password_help", &[("fewest", &fewest)]));
    field
}

fn first_fields(door: &Door, sent: &Sent, asks_organisation: bool) -> Vec<FieldView> {
    let line =
        |key: &str, label: &str, value: &str| plain(key, label, Input::Line(value.to_owned(), Some(200)));
    let helped = |mut field: FieldView, help: &str| {
        field.help = Some(help.to_owned());
        field
    };
    let mut fields = vec![
        line("name", words("link.name"), &sent.name),
        plain("email", words("sign_in.email"), Input::Email(sent.email.clone())),
        password(door),
    ];
    if asks_organisation {
        fields.push(line("organisation", words("link.organisation"), &sent.organisation));
        fields.push(helped(
            line("currency", words("link.currency"), &sent.currency),
            words("link.currency_help"),
        ));
    }
    fields.push(helped(
        line("time_zone", words("link.time_zone"), &sent.time_zone),
        words("link.time_zone_help"),
    ));
    fields
}

fn over(headers: &HeaderMap, door: &Door) -> Response {
    let text = if door.mails() { words("link.over_mail") } else { words("link.over") };
    let said = notice(&NoticeView {
        tone: Tone::Warn,
        text: Sentence::new(text),
        acts: vec![ButtonView::link(words("sign_in.back"), "/sign-in")],
        ..NoticeView::default()
    });
    bare(
        headers,
        words("link.over_title"),
        StatusCode::GONE,
        html! { h1 { (words("link.over_title")) } (said) },
    )
}
