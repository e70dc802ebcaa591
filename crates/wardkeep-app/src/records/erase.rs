//! Erasing a person everywhere: in the log records beside the database first, then in the database itself. Whatever
//! stops it half-way, running it again finishes it: the database knows the person's texts until the end.

use crate::{App, Ctx, Error, Refusal};
use std::ops::ControlFlow;
use wardkeep_events::store::{EventFile, Written, read_events, rewrite_events};
use wardkeep_register::{Stored, Value};
use wardkeep_store::{Cell, Erased, Erasure, FilePolicy, Files, Hold, Redactor, cells, erase};
use wardkeep_types::event::{Event, FieldValue};
use wardkeep_types::{Date, Id};

/// Whom to erase, and why it may be done.
#[derive(Debug, Clone)]
pub struct EraseAsk {
    /// The person's record.
    pub person: Id,
    /// Legal basis, such as `GDPR 17(1)(b)`.
    pub basis: String,
    /// Further texts that give the person away.
    pub also: Vec<String>,
    /// What happens to stored files in which the person stands.
    pub files: FilePolicy,
}

/// What was erased.
#[derive(Debug, Clone)]
pub struct ErasedPerson {
    /// In the database and in stored files.
    pub database: Erased,
    /// Files of log records that were written anew.
    pub event_files: usize,
}

impl App {
    /// Erases a person. Only the program itself may, on the console of the machine.
    pub async fn erase_person(&self, ctx: &Ctx, ask: &EraseAsk) -> Result<ErasedPerson, Error> {
        if ctx.person().is_some() {
            return Err(
                Refusal::Forbidden("a person is erased on the console: wardkeep user erase".into()).into()
            );
        }
        if ask.basis.trim().is_empty() {
            let message = "say on which legal basis, such as GDPR 17(1)(b)";
            return Err(Refusal::invalid("basis", "required", message).into());
        }
        let schema = App::schema("person")?;
        let organisation = self.organisation().await?;
        let custom = organisation.custom("person");
        let stored = self.db.get(schema, custom, ask.person, None).await?.ok_or(Refusal::NotFound)?;
        let mut texts = texts_of(schema, &stored);
        texts.extend(ask.also.iter().cloned());
        let mut event_files = self.erase_events(ctx, ask.person, &texts).await?;
        let erasure = Erasure {
            schema,
            custom,
            id: ask.person,
            basis: ask.basis.clone(),
            also: ask.also.clone(),
            statements: account_statements(ask.person),
            files: ask.files,
            schemas: wardkeep_registers::all(),
        };
        // Also when no file was written anew: an answer may hold what stands in no file yet.
        self.forget_answers();
        let database = erase(&self.db, &Files::open(self.folder.path())?, &ctx.author(), erasure).await?;
        // History may have known more names than the record did.
        let more: Vec<String> = database.texts.iter().filter(|t| !texts.contains(t)).cloned().collect();
        if !more.is_empty() {
            event_files += self.erase_events(ctx, ask.person, &more).await?;
        }
        Ok(ErasedPerson { database, event_files })
    }
    /// Writes the files of log records anew in which those texts stand; returns how many.
    async fn erase_events(&self, ctx: &Ctx, person: Id, texts: &[String]) -> Result<usize, Error> {
        if texts.is_empty() {
            return Ok(0);
        }
        let mut rewritten = 0;
        let holds = self.event_holds().await?;
        for file in self.holdings(None, None).await?.files {
            let name = file.name.clone();
            let (folder, now, texts, old) = (self.folder.events(), ctx.now, texts.to_vec(), name.clone());
            let kept = holds.iter().find(|hold| hold.covers(&file)).map(|hold| hold.reason.clone());
            let redactor = move || Redactor::new(texts.iter().map(String::as_str), person, now);
            let done = tokio::task::spawn_blocking(move || -> Result<Option<Written>, Error> {
                let redactor = redactor();
                let mut first = None;
                read_events(&folder, &old, |event| {
                    first = Some(event.at.date());
                    ControlFlow::Break(())
                })
                .map_err(Error::fault)?;
                let day: Date =
                    old.split('/').next().and_then(|d| d.parse().ok()).or(first).unwrap_or(now.date());
                let file = EventFile { name: old, day };
                rewrite_events(&folder, &file, now, |event| redact(event, &redactor)).map_err(Error::fault)
            })
            .await
            .map_err(Error::fault)??;
            let Some(written) = done else { continue };
            if let Some(reason) = kept {
                // The rewritten file is in no manifest; the next assessment sweeps it away.
                self.remove_event_file(&written.name)?;
                let said = format!(
                    "log records of this person stand under a legal hold ({reason}): end the hold first"
                );
                return Err(Refusal::Conflict(said).into());
            }
            self.replace_event_files(ctx, &[file], &written, "personal data erased").await?;
            rewritten += 1;
        }
        // At once, and not after a while: what was erased must be gone. While a backup runs this waits for it.
        let alone = Hold::exclusive(self.folder.path()).await?;
        drop(alone);
        self.drop_replaced(ctx.now).await?;
        Ok(rewritten)
    }
}

/// The texts of the person's own record that are searched for.
fn texts_of(schema: &wardkeep_register::Schema, stored: &Stored) -> Vec<String> {
    let personal = schema.fields.iter().zip(&stored.row.values).filter(|(field, _)| field.personal);
    let texts = personal.filter_map(|(_, value)| match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    });
    texts.filter(|text| !text.trim().is_empty()).collect()
}

/// Whether anything was replaced.
fn redact(event: &mut Event, redactor: &Redactor) -> bool {
    let mut changed = false;
    let mut one = |text: &mut Box<str>| {
        if let Some(new) = redactor.redact(text) {
            *text = new.into();
            changed = true;
        }
    };
    let named = [
        &mut event.host,
        &mut event.user,
        &mut event.process,
        &mut event.action,
        &mut event.message,
        &mut event.src_ip,
        &mut event.dst_ip,
    ];
    named.into_iter().flatten().for_each(&mut one);
    one(&mut event.raw);
    event.fields.values_mut().for_each(|value| each_text(value, &mut one));
    if let Some(source) = redactor.redact(&event.source) {
        event.source = source.into();
        changed = true;
    }
    changed
}

fn each_text(value: &mut FieldValue, one: &mut impl FnMut(&mut Box<str>)) {
    match value {
        FieldValue::Text(text) => one(text),
        FieldValue::List(values) => values.iter_mut().for_each(|value| each_text(value, one)),
        FieldValue::Null | FieldValue::Bool(_) | FieldValue::Int(_) | FieldValue::Float(_) => {}
    }
}

/// Nobody signs in as the person any more, and no secret of theirs is kept.
fn account_statements(person: Id) -> Vec<(String, Vec<Cell>)> {
    let of = "(SELECT id FROM account WHERE person_id = $1)";
    let mut all: Vec<(String, Vec<Cell>)> =
        ["session", "known_device", "one_time_link", "passkey", "recovery_code", "webauthn_state"]
            .map(|table| (format!("DELETE FROM {table} WHERE account_id IN {of}"), cells![person]))
            .into();
    let closed = "UPDATE account SET state = 'suspended', password_hash = NULL, totp_secret = NULL, totp_confirmed_at = NULL WHERE person_id = $1";
    all.push((closed.into(), cells![person]));
    all.push(("DELETE FROM api_token WHERE person_id = $1".into(), cells![person]));
    all
}
