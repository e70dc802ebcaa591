//! Sessions: where one is signed in, and ending them.

use super::super::posted::Posted;
use super::{Me, errors};
use crate::pages::reader::{Reader, go};
use crate::parts::{
    Align, ButtonView, ColumnView, RowView, SelectView, TableView, Value, Weight, buttons, table,
};
use crate::words::words;
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::auth::{Level, SessionView};
use wardkeep_types::Id;

pub(super) async fn list(me: &Me, reader: &Reader) -> Result<Markup, Error> {
    let sessions = me.door.auth.sessions(me.live.account, reader.now()).await?;
    let column = |label: &str, align| ColumnView { label: label.to_owned(), align, ..ColumnView::default() };
    let row = |session: &SessionView| {
        let here = session.id == me.live.session;
        let name = if session.user_agent.is_empty() {
            words("me.unnamed").to_owned()
        } else {
            browser(&session.user_agent)
        };
        RowView {
            key: session.id.to_string(),
            name: name.clone(),
            cells: vec![
                crate::parts::CellView {
                    value: Value::text(name),
                    sub: here.then(|| words("me.this_one").to_owned()),
                },
                Value::text(session.ip.as_str()).into(),
                Value::text(proof(session.level)).into(),
                Value::Moment(reader.taste.moment_stamp(session.created_at)).into(),
                Value::Moment(reader.taste.moment_stamp(session.seen_at)).into(),
            ],
            ..RowView::default()
        }
    };
    let view = TableView {
        caption: words("me.sessions").to_owned(),
        columns: vec![
            column(words("me.browser"), Align::Text),
            column(words("me.address"), Align::Tight),
            column(words("me.proof"), Align::Tight),
            column(words("me.began"), Align::Tight),
            column(words("me.seen"), Align::Tight),
        ],
        rows: sessions.iter().map(row).collect(),
        select: Some(SelectView {
            action: "/me/sessions".into(),
            fields: reader.hidden(),
            verbs: vec![ButtonView::verb(words("me.sessions_end"), "verb", "end").weight(Weight::Danger)],
        }),
        ..TableView::default()
    };
    let mut others = reader.hidden();
    others.push(("verb".to_owned(), "others".to_owned()));
    Ok(html! {
        (table(&view))
        @if sessions.len() > 1 { div.next { (buttons(&[ButtonView::post(words("me.sessions_end_others"), "/me/sessions", others)])) } }
    })
}

/// What people call their browser, from what it calls itself: "Firefox on Linux". Anything else is shown as it came.
pub(in crate::pages) fn browser(agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let program = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program}, {system}"),
        _ => agent.chars().take(60).collect(),
    }
}

fn proof(level: Level) -> &'static str {
    match level {
        Level::Link => words("me.by_link"),
        Level::Password => words("me.by_password"),
        Level::Service => words("me.by_service"),
        Level::SecondFactor => words("me.by_code"),
        Level::Passkey => words("me.by_passkey"),
    }
}

pub(super) async fn end(me: Me, sent: Posted) -> Response {
    let (reader, auth) = (&sent.reader, &me.door.auth);
    let work = async {
        if sent.text("verb") == "others" {
            let account = me.account().await?;
            return auth.end_other_sessions(&reader.ctx, &account, Some(me.live.session)).await;
        }
        for session in sent.texts("row").filter_map(|row| row.parse::<Id>().ok()) {
            auth.end_session(me.live.account, session, "ended by its owner", reader.now()).await?;
        }
        Ok(())
    };
    match work.await {
        Ok(()) => go("/me?flash=sessions"),
        Err(error) => errors::page(reader, &error),
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_have_names() {
        let check = |agent: &str, name: &str| assert_eq!(browser(agent), name);
        check("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux");
        check(
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        );
        check(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        );
        check("curl/8.5", "curl/8.5");
    }
}
