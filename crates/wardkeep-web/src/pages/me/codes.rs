//! Codes of an authenticator app: set up with a QR code, confirm, recovery codes, take away.

use super::super::posted::Posted;
use super::super::sign_in::plain;
use super::{Me, errors};
use crate::pages::frame::Frame;
use crate::pages::reader::{Reader, go};
use crate::parts::{
    ButtonView, FormGroupView, FormView, HeadView, Input, NoticeView, Sentence, Tone, buttons, form, head,
    notice,
};
use crate::words::{fill, words};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use qrcodegen::{QrCode, QrCodeEcc};
use wardkeep_app::auth::{Account, Enrolment, Secret};
use wardkeep_app::{Error, Refusal};

pub(super) async fn state(me: &Me, reader: &Reader, account: &Account) -> Result<Markup, Error> {
    let post = |label: &str, action: &str| ButtonView::post(label, action, reader.hidden());
    let Some(since) = account.totp_since else {
        return Ok(html! {
            p { (words("me.codes_none")) }
            div.next { (buttons(&[post(words("me.codes_begin"), "/me/codes")])) }
        });
    };
    let left = me.door.auth.recovery_codes_left(account.id).await?.to_string();
    let when = reader.taste.moment_stamp(since).absolute;
    Ok(html! {
        p { (fill("me.codes_since", &[("when", &when), ("left", &left)])) }
        div.next {
            (buttons(&[
                post(words("me.codes_recovery"), "/me/codes/recovery"),
                post(words("me.codes_remove"), "/me/codes/remove").weight(crate::parts::Weight::Danger),
            ]))
        }
    })
}

pub(super) async fn begin(me: Me, sent: Posted) -> Response {
    if let Some(elsewhere) = me.stale("/me#codes") {
        return elsewhere;
    }
    let begun = me.door.auth.begin_totp(&me.live, sent.reader.now()).await;
    match begun {
        Ok(_) => go("/me/codes"),
        Err(error) => errors::page(&sent.reader, &error),
    }
}

pub(super) async fn show(me: Me, reader: Reader) -> Response {
    reader.answer(async { setting_up(&me, &reader, None).await }).await
}

async fn setting_up(me: &Me, reader: &Reader, error: Option<String>) -> Result<Response, Error> {
    // The secret is shown to whoever proved themselves just now, and to nobody who finds the screen open.
    if let Some(elsewhere) = me.stale("/me/codes") {
        return Ok(elsewhere);
    }
    let Some(begun) = me.door.auth.begun_totp(&me.live).await? else { return Ok(go("/me#codes")) };
    let mut code = plain("code", words("sign_in.code"), Input::Code);
    code.error = error;
    let view = FormView {
        action: "/me/codes/confirm".into(),
        fields: reader.hidden(),
        groups: vec![FormGroupView { title: String::new(), fields: vec![code] }],
        acts: vec![
            ButtonView::submit(words("me.codes_confirm")).main(),
            ButtonView::link(words("sign_in.cancel"), "/me"),
        ],
        ..FormView::default()
    };
    let title = words("me.codes_title");
    let main = html! {
        (head(&HeadView { title: title.to_owned(), ..HeadView::default() }))
        div.stack {
            p { (words("me.codes_scan")) }
            (picture(&begun)?)
            p { (words("me.codes_type")) " " code { (grouped(begun.secret.reveal())) } }
            (form(&view))
        }
    };
    Ok(reader.page(Frame::new(title).back(words("me.title"), "/me").crumb(title), main))
}

/// The QR code as one path of an SVG; the secret never leaves the page.
fn picture(begun: &Enrolment) -> Result<Markup, Error> {
    use std::fmt::Write as _;
    let code = QrCode::encode_text(begun.uri.reveal(), QrCodeEcc::Medium).map_err(Error::fault)?;
    let (size, rim) = (code.size(), 4);
    let mut path = String::new();
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            // Writing to a string does not fail.
            let _ = write!(path, "M{} {}h1v1h-1z", x + rim, y + rim);
        }
    }
    let whole = size + 2 * rim;
    Ok(html! {
        svg role="img" aria-label=(words("me.codes_picture")) width="232" height="232" viewBox={ "0 0 " (whole) " " (whole) } {
            rect width=(whole) height=(whole) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    })
}

/// Four letters a group, for typing.
fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|chunk| chunk.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

pub(super) async fn confirm(me: Me, sent: Posted) -> Response {
    let reader = &sent.reader;
    match me.door.auth.confirm_totp(&me.live, sent.text("code"), reader.now()).await {
        Ok(codes) => shown_once(reader, &codes),
        Err(Error::Refusal(refusal @ (Refusal::Invalid(_) | Refusal::NotYet(_)))) => {
            let said = errors::sentence(&refusal.sentence());
            let mut response = reader.answer(async { setting_up(&me, reader, Some(said)).await }).await;
            if response.status() == StatusCode::OK {
                *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            }
            response
        }
        Err(error) => errors::page(reader, &error),
    }
}

pub(super) async fn recovery(me: Me, sent: Posted) -> Response {
    if let Some(elsewhere) = me.stale("/me#codes") {
        return elsewhere;
    }
    match me.door.auth.replace_recovery_codes(&me.live, sent.reader.now()).await {
        Ok(codes) => shown_once(&sent.reader, &codes),
        Err(error) => errors::page(&sent.reader, &error),
    }
}

pub(super) async fn remove(me: Me, sent: Posted) -> Response {
    if let Some(elsewhere) = me.stale("/me#codes") {
        return elsewhere;
    }
    match me.door.auth.remove_totp(&me.live, sent.reader.now()).await {
        Ok(()) => go("/me?flash=codes_removed"),
        Err(error) => errors::page(&sent.reader, &error),
    }
}

fn shown_once(reader: &Reader, codes: &[Secret]) -> Response {
    let title = words("me.recovery_title");
    let told = NoticeView {
        tone: Tone::Warn,
        text: Sentence::new(words("me.recovery_text")),
        live: true,
        ..NoticeView::default()
    };
    let main = html! {
        (head(&HeadView { title: title.to_owned(), ..HeadView::default() }))
        div.stack {
            (notice(&told))
            div.prose { ol { @for code in codes { li { code { (code.reveal()) } } } } }
            div.next { (buttons(&[ButtonView::link(words("me.recovery_done"), "/me").main()])) }
        }
    };
    reader.page(Frame::new(title).back(words("me.title"), "/me").crumb(title), main)
}
