//! Mail: notices on their way, and links to come in by.

use super::deliver::{Desk, wait};
use super::letters::{link_letter, notice_letter};
use super::row::{get, id};
use crate::auth::Mailable;
use crate::{Config, Error, Refusal};
use std::time::Duration;
use wardkeep_courier::{MailSettings, Mailer, Security};
use wardkeep_store::cells;
use wardkeep_types::{Clock, Id, Moment};

/// Attempts before a letter is given up: about a day.
const ATTEMPTS: i64 = 10;
/// Seconds for which a letter is one worker's.
const LEASE: i64 = 120;
/// Attempts for a link, which holds for minutes.
const LINK_ATTEMPTS: u32 = 4;

/// The mailer of the configuration; `None` when mail is not set up.
pub fn mailer(config: &Config) -> Result<Option<Mailer>, Error> {
    let Some(mail) = &config.mail else { return Ok(None) };
    let security = match mail.security.as_str() {
        "tls" => Security::Tls,
        "starttls" => Security::StartTls,
        "none" => Security::None,
        other => {
            return Err(Error::fault(format!("mail: security = \"{other}\" is none of tls, starttls, none")));
        }
    };
    let account = match (&mail.user, &mail.password) {
        (Some(user), Some(password)) => Some((user.clone(), password.reveal().to_owned())),
        (Some(_), None) => {
            return Err(Error::fault("mail: user is set but no password; set WARDKEEP_MAIL_PASSWORD"));
        }
        (None, _) => None,
    };
    let settings =
        MailSettings { host: mail.host.clone(), port: mail.port, from: mail.from.clone(), account, security };
    Mailer::new(&settings).map(Some).map_err(Error::fault)
}

/// Posts links: returns at once and sends behind the caller's back, so that the time of an answer does not tell
/// whether an account exists. To be called within a runtime.
pub fn post_links(
    mailer: Mailer,
    public_url: String,
    clock: std::sync::Arc<dyn Clock>,
) -> impl Fn(Mailable) + Send + Sync + 'static {
    move |mail: Mailable| {
        let (mailer, letter) = (mailer.clone(), link_letter(&mail, &public_url, clock.now()));
        tokio::spawn(async move {
            for attempt in 1..=LINK_ATTEMPTS {
                match mailer.send(&letter).await {
                    Ok(()) => return,
                    Err(error) if error.is_passing() && attempt < LINK_ATTEMPTS => {
                        tokio::time::sleep(Duration::from_secs(5 * u64::from(attempt))).await;
                    }
                    Err(error) => tracing::error!(%error, attempt, "a link could not be mailed"),
                }
            }
        });
    }
}

impl Desk {
    /// Sends every letter that is due; returns how many the server took.
    pub async fn send_letters(&self, now: Moment) -> Result<u64, Error> {
        let Some(mailer) = &self.mailer else { return Ok(0) };
        let mut sent = 0;
        while let Some((notice, attempts)) = self.next_letter(now).await? {
            sent += u64::from(self.send_letter(mailer, notice, attempts, now).await?);
        }
        Ok(sent)
    }
    async fn next_letter(&self, now: Moment) -> Result<Option<(Id, i64)>, Error> {
        let due = "state = 'waiting' AND next_at <= $1";
        let sql = format!(
            "UPDATE mail_delivery SET claimed_by = $2, next_at = $3, attempts = attempts + 1, at = $1 WHERE {due} AND notice_id = (SELECT notice_id FROM mail_delivery WHERE {due} ORDER BY next_at LIMIT 1) RETURNING notice_id, attempts"
        );
        let row = self
            .app
            .db
            .run_returning(&sql, cells![now, self.worker.clone(), now.plus_seconds(LEASE)])
            .await?;
        row.map(|row| Ok((id(&row, "notice_id")?, get(&row, "attempts")?))).transpose()
    }
    async fn send_letter(
        &self,
        mailer: &Mailer,
        notice: Id,
        attempts: i64,
        now: Moment,
    ) -> Result<bool, Error> {
        let sql = "SELECT person_id FROM notice WHERE id = $1 AND read_at IS NULL";
        let person =
            self.app.db.row(sql, cells![notice]).await?.map(|row| id(&row, "person_id")).transpose()?;
        let addressee = match person {
            Some(person) => self.app.addressee(&self.auth, person, now).await?,
            None => None,
        };
        let Some(addressee) = addressee else {
            return self.close_letter(notice, "dropped", "", now).await.map(|()| false);
        };
        let organisation = self.app.organisation().await?;
        let found = self.app.notice(&addressee.ctx, &organisation, notice).await?;
        // Read meanwhile, or out of sight.
        let Some(view) = found else {
            return self.close_letter(notice, "dropped", "", now).await.map(|()| false);
        };
        let head = self.app.db.head(view.record.id).await?.ok_or(Refusal::NotFound)?;
        let to = (addressee.email.as_str(), addressee.ctx.actor.name.as_str());
        let letter = notice_letter(to, &view, head.restricted, &self.auth.settings().public_url);
        match mailer.send(&letter).await {
            Ok(()) => self.close_letter(notice, "sent", "", now).await.map(|()| true),
            Err(error) if error.is_passing() && attempts < ATTEMPTS => {
                let said: String = error.to_string().chars().take(300).collect();
                let sql = "UPDATE mail_delivery SET claimed_by = NULL, next_at = $1, note = $2 WHERE notice_id = $3 AND state = 'waiting'";
                self.app.db.run(sql, cells![now.plus_seconds(wait(attempts)), said, notice]).await?;
                Ok(false)
            }
            Err(error) => {
                tracing::warn!(notice = %notice, %error, "a letter was given up");
                self.close_letter(notice, "given_up", &error.to_string(), now).await.map(|()| false)
            }
        }
    }
    async fn close_letter(&self, notice: Id, state: &str, note: &str, now: Moment) -> Result<(), Error> {
        let note: String = note.chars().take(300).collect();
        let sql =
            "UPDATE mail_delivery SET state = $1, claimed_by = NULL, note = $2, at = $3 WHERE notice_id = $4";
        self.app.db.run(sql, cells![state, note, now, notice]).await?;
        Ok(())
    }
}
