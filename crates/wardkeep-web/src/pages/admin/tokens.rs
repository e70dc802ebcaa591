//! `/admin/tokens`: every token for programs, whoever made it.

use super::super::me::Me;
use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use super::{column, done, frame, may, require};
use crate::parts::{
    Align, ButtonView, CellView, EmptyView, HeadView, RowView, SelectView, Sentence, TableView, Value,
    Weight, head, table,
};
use crate::words::words;
use axum::response::Response;
use maud::html;
use wardkeep_app::Error;
use wardkeep_app::auth::{Holder, TokenView};
use wardkeep_app::records::Labels;
use wardkeep_register::Verb;
use wardkeep_rights::Named;
use wardkeep_types::Id;

/// `GET /admin/tokens`.
pub(super) async fn show(reader: Reader) -> Response {
    reader.answer(page(&reader)).await
}

async fn page(reader: &Reader) -> Result<Response, Error> {
    require(reader, Verb::View, Named::Token)?;
    let tokens = reader.state.auth.tokens(None, reader.now()).await?;
    let people = tokens.iter().filter_map(|t| match t.holder {
        Holder::Person(person) => Some(person),
        Holder::Program => None,
    });
    let labels = reader.state.app.labels(&reader.ctx, &reader.organisation, people).await?;
    let title = words("admin.tokens");
    let main = html! {
        (head(&HeadView { title: title.to_owned(), count: Some(tokens.len().to_string()), ..HeadView::default() }))
        p.quiet.prose { (words("admin.tokens_text")) " " a href="/me#tokens" { (words("admin.tokens_own")) } }
        div.section { (table(&list(reader, &tokens, &labels))) }
    };
    let flash = reader.asked("flash").and_then(|_| done(words("me.tokens_revoked")));
    Ok(reader.page(frame(title, "/admin/tokens").crumb(title).flash(flash), main))
}

fn list(reader: &Reader, tokens: &[TokenView], labels: &Labels) -> TableView {
    let row = |token: &TokenView| {
        let holder = match token.holder {
            Holder::Program => words("admin.token_program").to_owned(),
            Holder::Person(person) => labels.get(person).map_or_else(String::new, |l| l.title.clone()),
        };
        let units: Vec<&str> = token.units.iter().map(|unit| reader.organisation.unit(*unit).1).collect();
        RowView {
            key: token.id.to_string(),
            name: token.name.clone(),
            cells: vec![
                CellView {
                    value: Value::text(token.name.clone()), sub: Some(format!("{}…", token.prefix))
                },
                CellView {
                    value: Value::text(holder),
                    sub: Some(units.join(", ")).filter(|u| !u.is_empty()),
                },
                Value::text(token.scopes.to_string()).into(),
                Value::Moment(reader.taste.moment_stamp(token.expires_at)).into(),
                CellView {
                    value: token.used_at.map_or_else(
                        || Value::text(words("admin.never")),
                        |at| Value::Moment(reader.taste.moment_stamp(at)),
                    ),
                    sub: token.used_ip.clone(),
                },
            ],
            ..RowView::default()
        }
    };
    TableView {
        caption: words("admin.tokens").to_owned(),
        columns: vec![
            column(words("me.name"), Align::Text),
            column(words("admin.holder"), Align::Text),
            column(words("me.scopes"), Align::Text),
            column(words("me.ends"), Align::Tight),
            column(words("me.used"), Align::Tight),
        ],
        rows: tokens.iter().map(row).collect(),
        select: may(reader, Verb::Retire, Named::Token).then(|| SelectView {
            action: "/admin/tokens".to_owned(),
            fields: reader.hidden(),
            verbs: vec![ButtonView::verb(words("me.tokens_revoke"), "verb", "revoke").weight(Weight::Danger)],
        }),
        empty: EmptyView {
            title: words("me.tokens_none").to_owned(),
            text: Sentence::new(words("me.tokens_text")),
            ..EmptyView::default()
        },
        ..TableView::default()
    }
}

/// `POST /admin/tokens`: ends the chosen ones.
pub(super) async fn revoke(me: Me, posted: Posted) -> Response {
    if let Some(elsewhere) = me.stale("/admin/tokens") {
        return elsewhere;
    }
    let reader = &posted.reader;
    reader
        .answer(async {
            require(reader, Verb::Retire, Named::Token)?;
            for token in posted.texts("row").filter_map(|row| row.parse::<Id>().ok()) {
                reader.state.auth.revoke_token(&reader.ctx, &reader.organisation.units, token).await?;
            }
            Ok(go("/admin/tokens?flash=revoked"))
        })
        .await
}
