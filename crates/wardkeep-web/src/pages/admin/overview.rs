//! `/admin`, which is also the page of the area: what needs a hand, then where to find what.

use super::super::extras::EXTRAS;
use super::super::reader::{Reader, go};
use super::{frame, may, require};
use crate::parts::{
    Align, AnswerView, CellView, HeadView, RowView, Sentence, TableView, Tone, Value, answer, head, table,
};
use crate::words::{fill, words};
use axum::response::Response;
use maud::html;
use wardkeep_app::auth::AccountState;
use wardkeep_app::courier::WebhookState;
use wardkeep_app::{Error, Refusal};
use wardkeep_register::{Area, Verb};
use wardkeep_rights::Named;

/// Days after which a backup is old.
pub(super) const BACKUP_DAYS: i64 = 7;
/// Days before its end at which a token is told of.
const TOKEN_DAYS: i64 = 14;

/// `GET /admin`.
pub(super) async fn show(reader: Reader) -> Response {
    reader.answer(page(&reader)).await
}

/// The page of the area, for whoever sees anything of it.
pub async fn of_area(reader: &Reader) -> Result<Response, Error> {
    if may(reader, Verb::View, Named::Setting) {
        return page(reader).await;
    }
    let open = EXTRAS.iter().find(|e| e.area == Some(Area::Settings) && e.is_open_to(reader));
    open.map(|e| go(e.href)).ok_or_else(|| Refusal::NotFound.into())
}

async fn page(reader: &Reader) -> Result<Response, Error> {
    require(reader, Verb::View, Named::Setting)?;
    let title = words("admin.title");
    let (rows, needs) = facts(reader).await?;
    let mut text = Sentence::default();
    for (n, (said, href)) in needs.iter().enumerate() {
        text = text.and(if n == 0 { "" } else { " " }).link(said.clone(), *href);
    }
    let said = if needs.is_empty() {
        AnswerView { tone: Tone::Good, text: Sentence::new(words("admin.fine")), next: Vec::new() }
    } else {
        AnswerView { tone: Tone::Warn, text, next: Vec::new() }
    };
    let list = TableView {
        caption: title.to_owned(),
        columns: vec![
            super::column(words("admin.page"), Align::Text),
            super::column(words("admin.now"), Align::Text),
        ],
        rows,
        ..TableView::default()
    };
    let main = html! {
        (head(&HeadView { title: title.to_owned(), ..HeadView::default() }))
        (answer(&said))
        (table(&list))
    };
    Ok(reader.page(frame(title, "/settings").crumb(title), main))
}

type Needs = Vec<(String, &'static str)>;

/// What stands where, and what needs a hand.
async fn facts(reader: &Reader) -> Result<(Vec<RowView>, Needs), Error> {
    let (app, auth, ctx) = (&reader.state.app, &reader.state.auth, &reader.ctx);
    let n = |number: usize| reader.taste.count(number as i64);
    let (mut rows, mut needs): (Vec<RowView>, Needs) = (Vec::new(), Vec::new());
    let mut row = |name: &str, about: &str, href: &str, now: String| {
        rows.push(RowView {
            key: href.to_owned(),
            name: name.to_owned(),
            href: Some(href.to_owned()),
            cells: vec![
                CellView { value: Value::text(name), sub: Some(about.to_owned()) },
                Value::text(now).into(),
            ],
            ..RowView::default()
        });
    };
    let accounts = auth.accounts_seen(ctx, &reader.organisation.units).await?;
    let active = accounts.iter().filter(|a| a.is_usable()).count();
    let bare = accounts.iter().filter(|a| a.is_usable() && a.totp_since.is_none()).count();
    let invited = accounts.iter().filter(|a| a.state == AccountState::Invited).count();
    let now =
        fill("admin.users_now", &[("active", &n(active)), ("invited", &n(invited)), ("bare", &n(bare))]);
    row(words("admin.users"), words("admin.users_about"), "/admin/users", now);
    let left = accounts.iter().filter(|a| !a.present && a.state != AccountState::Suspended).count();
    if left > 0 {
        needs.push((fill("admin.need_left", &[("n", &n(left))]), "/admin/users?show=left"));
    }
    let fields = app.custom_fields(ctx).await?.iter().filter(|f| !f.retired).count();
    row(
        words("admin.fields"),
        words("admin.fields_about"),
        "/admin/fields",
        fill("admin.fields_now", &[("n", &n(fields))]),
    );
    // Some who watch the installation see no tokens but their own.
    let all = may(reader, Verb::View, Named::Token);
    let tokens = if all { auth.tokens(None, ctx.now).await? } else { Vec::new() };
    let ending = tokens.iter().filter(|t| t.expires_at < ctx.now.plus_seconds(TOKEN_DAYS * 86_400)).count();
    let now = fill("admin.tokens_now", &[("n", &n(tokens.len())), ("ending", &n(ending))]);
    if all {
        row(words("admin.tokens"), words("admin.tokens_about"), "/admin/tokens", now);
    }
    if ending > 0 {
        needs.push((fill("admin.need_tokens", &[("n", &n(ending))]), "/admin/tokens"));
    }
    let hooks = reader.state.desk.webhooks(ctx, &reader.organisation).await?;
    let off = hooks.iter().filter(|h| h.state == WebhookState::Off).count();
    let now = fill("admin.hooks_now", &[("n", &n(hooks.len())), ("off", &n(off))]);
    row(words("admin.webhooks"), words("admin.hooks_about"), "/admin/webhooks", now);
    if off > 0 {
        needs.push((fill("admin.need_hooks", &[("n", &n(off))]), "/admin/webhooks"));
    }
    let failed = app.failed_jobs(ctx).await?.max(0) as usize;
    row(
        words("admin.jobs"),
        words("admin.jobs_about"),
        "/admin/jobs",
        fill("admin.jobs_now", &[("n", &n(failed))]),
    );
    if failed > 0 {
        needs.push((fill("admin.need_jobs", &[("n", &n(failed))]), "/admin/jobs?state=failed"));
    }
    let health = app.health(ctx).await?;
    let stamp = |at| reader.taste.moment_stamp(at);
    let now = health.backup.map_or_else(
        || words("admin.backup_none").to_owned(),
        |at| fill("admin.backup_now", &[("when", &stamp(at).relative)]),
    );
    row(words("admin.health"), words("admin.health_about"), "/admin/health", now);
    if health.backup.is_none_or(|at| ctx.now.seconds_since(at) > BACKUP_DAYS * 86_400) {
        needs.push((words("admin.need_backup").to_owned(), "/admin/health"));
    }
    if health.verified.as_ref().is_some_and(|j| j.state == wardkeep_store::JobState::Failed) {
        needs.push((words("admin.need_verify").to_owned(), "/admin/health"));
    }
    row(words("admin.settings"), words("admin.settings_about"), "/admin/settings", String::new());
    if super::super::frame::may(reader, Named::Import.into(), Verb::View) {
        row(words("imports.title"), words("admin.imports_about"), super::super::imports::PATH, String::new());
    }
    Ok((rows, needs))
}
