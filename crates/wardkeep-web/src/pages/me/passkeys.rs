//! Passkeys: add, list, remove.

use super::super::posted::Posted;
use super::super::sign_in::{plain, refused};
use super::{Me, errors};
use crate::pages::reader::{Reader, go};
use crate::parts::{
    Align, ButtonView, ColumnView, EmptyView, Input, RowView, SelectView, Sentence, TableView, Value, Weight,
    field, table,
};
use crate::words::words;
use axum::Json;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde_json::{Value as JsonValue, json};
use wardkeep_app::{Error, Refusal};
use wardkeep_types::Id;

pub(super) async fn list(me: &Me, reader: &Reader) -> Result<Markup, Error> {
    if !me.door.auth.has_passkeys() {
        return Ok(html! { p { (words("me.passkeys_address")) } });
    }
    let keys = me.door.auth.passkeys(me.live.account).await?;
    let stamp = |at| Value::Moment(reader.taste.moment_stamp(at));
    let row = |key: &wardkeep_app::auth::PasskeyView| RowView {
        key: key.id.to_string(),
        name: key.name.clone(),
        cells: vec![
            Value::text(key.name.as_str()).into(),
            stamp(key.created_at).into(),
            key.used_at.map_or(Value::Empty, stamp).into(),
        ],
        ..RowView::default()
    };
    let column = |label: &str, align| ColumnView { label: label.to_owned(), align, ..ColumnView::default() };
    let view = TableView {
        caption: words("me.passkeys").to_owned(),
        columns: vec![
            column(words("me.name"), Align::Text),
            column(words("me.added"), Align::Tight),
            column(words("me.used"), Align::Tight),
        ],
        rows: keys.iter().map(row).collect(),
        select: Some(SelectView {
            action: "/me/passkeys".into(),
            fields: reader.hidden(),
            verbs: vec![
                ButtonView::verb(words("me.passkeys_remove"), "verb", "remove").weight(Weight::Danger),
            ],
        }),
        empty: EmptyView {
            title: words("me.passkeys_none").to_owned(),
            text: Sentence::new(words("me.passkeys_text")),
            ..EmptyView::default()
        },
        ..TableView::default()
    };
    let name = plain("passkey_name", words("me.passkey_name"), Input::Line(String::new(), Some(60)));
    let fresh = me.stale("/me#passkeys").is_none();
    Ok(html! {
        (table(&view))
        @if fresh {
            form.form method="dialog" {
                (field(&crate::parts::FieldView { required: false, ..name }))
                p { button.btn type="button" data-passkey="add" data-failed=(words("sign_in.passkey_failed")) hidden { (words("me.passkey_add")) } }
                p.err role="alert" data-passkey-said {}
            }
        } @else {
            div.next { (crate::parts::button(&ButtonView::link(words("me.passkey_add"), "/confirm?next=/me%23passkeys"))) }
        }
    })
}

fn token_fits(reader: &Reader, headers: &HeaderMap) -> Result<(), Error> {
    let token = headers.get("x-csrf-token").and_then(|v| v.to_str().ok()).unwrap_or_default();
    if reader.token_fits(token) {
        Ok(())
    } else {
        Err(Refusal::Forbidden(words("refusal.csrf").to_owned()).into())
    }
}

pub(super) async fn start(
    me: Me,
    reader: Reader,
    headers: HeaderMap,
    Json(asked): Json<JsonValue>,
) -> Response {
    let work = async {
        token_fits(&reader, &headers)?;
        let name = asked.get("name").and_then(JsonValue::as_str).unwrap_or_default();
        me.door.auth.begin_passkey(&me.live, name, reader.now()).await
    };
    match work.await {
        Ok(challenge) => Json(challenge).into_response(),
        Err(error) => refused(&error),
    }
}

pub(super) async fn finish(
    me: Me,
    reader: Reader,
    headers: HeaderMap,
    Json(made): Json<JsonValue>,
) -> Response {
    let work = async {
        token_fits(&reader, &headers)?;
        me.door.auth.finish_passkey(&me.live, &made, reader.now()).await
    };
    match work.await {
        Ok(_) => Json(json!({ "location": "/me?flash=passkey" })).into_response(),
        Err(error) => refused(&error),
    }
}

pub(super) async fn remove(me: Me, sent: Posted) -> Response {
    if let Some(elsewhere) = me.stale("/me#passkeys") {
        return elsewhere;
    }
    for key in sent.texts("row").filter_map(|row| row.parse::<Id>().ok()) {
        if let Err(error) = me.door.auth.remove_passkey(&me.live, key, sent.reader.now()).await {
            return errors::page(&sent.reader, &error);
        }
    }
    go("/me?flash=passkeys_removed")
}
