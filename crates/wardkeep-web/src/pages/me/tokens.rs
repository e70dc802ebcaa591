//! One's own tokens for programs: make, show once, list, revoke.

use super::super::posted::Posted;
use super::super::sign_in::plain;
use super::{Me, again, errors, wrong};
use crate::pages::frame::{Frame, may};
use crate::pages::reader::{Reader, go};
use crate::parts::{
    Align, ButtonView, CellView, ColumnView, EmptyView, FormGroupView, FormView, HeadView, Input, NoticeView,
    RowView, SelectView, Sentence, TableView, Tone, Value, Weight, buttons, form, head, notice, table,
};
use crate::words::words;
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::auth::{Holder, NewToken, Secret, TokenView};
use wardkeep_app::{Error, Refusal};
use wardkeep_register::Verb;
use wardkeep_rights::{Named, Resource, Scopes};
use wardkeep_types::{Date, Id, Problems};

/// Days a new token lasts unless one says otherwise.
const DAYS: i64 = 90;

pub(super) async fn list(me: &Me, reader: &Reader, problems: &Problems) -> Result<Markup, Error> {
    let tokens = me.door.auth.tokens(Some(me.live.person), reader.now()).await?;
    let column = |label: &str, align| ColumnView { label: label.to_owned(), align, ..ColumnView::default() };
    let row = |token: &TokenView| RowView {
        key: token.id.to_string(),
        name: token.name.clone(),
        cells: vec![
            CellView { value: Value::text(token.name.as_str()), sub: Some(format!("{}…", token.prefix)) },
            Value::text(token.scopes.to_string()).into(),
            Value::Moment(reader.taste.moment_stamp(token.expires_at)).into(),
            CellView {
                value: token.used_at.map_or(Value::Empty, |at| Value::Moment(reader.taste.moment_stamp(at))),
                sub: token.used_ip.clone(),
            },
        ],
        ..RowView::default()
    };
    let view = TableView {
        caption: words("me.tokens").to_owned(),
        columns: vec![
            column(words("me.name"), Align::Text),
            column(words("me.scopes"), Align::Text),
            column(words("me.ends"), Align::Tight),
            column(words("me.used"), Align::Tight),
        ],
        rows: tokens.iter().map(row).collect(),
        select: Some(SelectView {
            action: "/me/tokens/revoke".into(),
            fields: reader.hidden(),
            verbs: vec![ButtonView::verb(words("me.tokens_revoke"), "verb", "revoke").weight(Weight::Danger)],
        }),
        empty: EmptyView {
            title: words("me.tokens_none").to_owned(),
            text: Sentence::new(words("me.tokens_text")),
            ..EmptyView::default()
        },
        ..TableView::default()
    };
    let offers = may(reader, Resource::Named(Named::Token), Verb::Add);
    Ok(html! { (table(&view)) @if offers {
            (new_form(reader, problems))
            p.quiet { (words("admin.hooks_text")) " " a href="/admin/webhooks" { (words("admin.webhooks")) } }
        }
    })
}

fn new_form(reader: &Reader, problems: &Problems) -> Markup {
    let end = reader.taste.today().plus_days(DAYS).to_string();
    let mut fields = vec![
        plain("name", words("me.token_name"), Input::Line(String::new(), Some(200))),
        plain("scopes", words("me.scopes"), Input::Line("risk:view".into(), Some(1_000))),
        plain("expires_at", words("me.token_until"), Input::Date(end)),
    ];
    fields[1].help = Some(words("me.scopes_help").to_owned());
    for field in &mut fields {
        field.error = wrong(problems, &field.key);
    }
    form(&FormView {
        action: "/me/tokens".into(),
        fields: reader.hidden(),
        groups: vec![FormGroupView { title: words("me.token_new").to_owned(), fields }],
        acts: vec![ButtonView::submit(words("me.token_add"))],
        ..FormView::default()
    })
}

pub(super) async fn add(me: Me, sent: Posted) -> Response {
    if let Some(elsewhere) = me.stale("/me#tokens") {
        return elsewhere;
    }
    let reader = &sent.reader;
    let made = async {
        let scopes: Scopes = sent
            .text("scopes")
            .parse()
            .map_err(|e: wardkeep_types::ParseError| Refusal::invalid("scopes", "invalid", e.0))?;
        let last: Date = sent
            .text("expires_at")
            .parse()
            .map_err(|e: wardkeep_types::ParseError| Refusal::invalid("expires_at", "invalid", e.0))?;
        let new = NewToken {
            name: sent.text("name").to_owned(),
            holder: Holder::Person(me.live.person),
            scopes,
            units: Vec::new(),
            // The last day still counts.
            expires_at: last.plus_days(1).start(),
        };
        me.door.auth.create_token(&reader.ctx, &reader.organisation.units, &new).await
    };
    match made.await {
        Ok((_, secret)) => shown_once(reader, &secret),
        Err(error) => again(&me, reader, error).await,
    }
}

fn shown_once(reader: &Reader, secret: &Secret) -> Response {
    let title = words("me.token_title");
    let told = NoticeView {
        tone: Tone::Warn,
        text: Sentence::new(words("me.token_text")),
        live: true,
        ..NoticeView::default()
    };
    let main = html! {
        (head(&HeadView { title: title.to_owned(), ..HeadView::default() }))
        div.stack {
            (notice(&told))
            p { code { (secret.reveal()) } }
            div.next { (buttons(&[ButtonView::link(words("me.recovery_done"), "/me#tokens").main()])) }
        }
    };
    reader.page(Frame::new(title).back(words("me.title"), "/me").crumb(title), main)
}

pub(super) async fn revoke(me: Me, sent: Posted) -> Response {
    let reader = &sent.reader;
    for token in sent.texts("row").filter_map(|row| row.parse::<Id>().ok()) {
        if let Err(error) = me.door.auth.revoke_token(&reader.ctx, &reader.organisation.units, token).await {
            return errors::page(reader, &error);
        }
    }
    go("/me?flash=tokens")
}
