//! Passkeys (WebAuthn level 3): found by the browser itself, checked by the device, so one step and no password.

use super::account::edit;
use super::row::{get, id, moment, moment_maybe};
use super::secret::hash;
use super::throttle::{RANGE, range};
use super::{Auth, Device, Level, Live, Secret, Step};
use crate::{Error, Refusal};
use serde_json::{Value as Json, json};
use wardkeep_store::{Write, cells};
use wardkeep_types::{Id, Line, Moment};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// A passkey as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyView {
    /// Its id.
    pub id: Id,
    /// The owner's name for it.
    pub name: String,
    /// When it was added.
    pub created_at: Moment,
    /// When it was used last.
    pub used_at: Option<Moment>,
}

/// Seconds for which a challenge can be answered.
const ANSWER_WITHIN: i64 = 300;
/// Passkeys of one account.
const MOST: usize = 20;

/// Who we are to authenticators; `None` at an address by number, which passkeys cannot be bound to.
pub(super) fn relying_party(public_url: &str) -> Result<Option<Webauthn>, Error> {
    let url: Url = public_url.parse().map_err(|e| Error::fault(format!("public_url {public_url}: {e}")))?;
    let Some(name) = url.domain().map(str::to_owned) else { return Ok(None) };
    let built =
        WebauthnBuilder::new(&name, &url).map(|b| b.rp_name("Wardkeep")).and_then(WebauthnBuilder::build);
    built.map(Some).map_err(|e| Error::fault(format!("public_url {public_url}: {e}")))
}

fn refused() -> Error {
    Refusal::Forbidden("this passkey was not accepted; try again".into()).into()
}

impl Auth {
    fn rp(&self) -> Result<&Webauthn, Error> {
        self.webauthn
            .as_deref()
            .ok_or_else(|| Refusal::Conflict("passkeys need an address by name, not by number".into()).into())
    }
    /// Begins to add a passkey of that name: what the browser's `navigator.credentials.create` wants. Needs a fresh
    /// proof.
    pub async fn begin_passkey(&self, live: &Live, name: &str, now: Moment) -> Result<Json, Error> {
        self.require_fresh(live, now)?;
        let name = name.parse::<Line>().map_err(|e| Refusal::invalid("name", "invalid", e.to_string()))?;
        let name = if name.as_str().is_empty() { "Passkey".to_owned() } else { name.to_string() };
        let known: Vec<Passkey> = self.keys_of(live.account).await?.into_iter().map(|(_, key)| key).collect();
        if known.len() >= MOST {
            return Err(Refusal::TooLarge(format!(
                "an account has at most {MOST} passkeys; remove one first"
            ))
            .into());
        }
        let known = known.iter().map(|key| key.cred_id().clone()).collect();
        let begun = self.rp()?.start_passkey_registration(
            live.account.uuid(),
            &live.email,
            &live.actor.name,
            Some(known),
        );
        let (challenge, state) = begun.map_err(Error::fault)?;
        let mut challenge = serde_json::to_value(challenge).map_err(Error::fault)?;
        // Kept on the authenticator, so that signing in needs no name, and no name tells which accounts exist.
        let choice = &mut challenge["publicKey"]["authenticatorSelection"];
        choice["residentKey"] = json!("required");
        choice["requireResidentKey"] = json!(true);
        let place = format!("add {}", live.session);
        self.keep_state(&place, Some(live.account), &(name, state), now).await?;
        Ok(challenge)
    }
    /// Adds the passkey that the browser made.
    pub async fn finish_passkey(&self, live: &Live, made: &Json, now: Moment) -> Result<Id, Error> {
        self.require_fresh(live, now)?;
        let state = self.take_state(&format!("add {}", live.session), now).await?;
        let (name, state): (String, PasskeyRegistration) = state.ok_or_else(refused)?;
        let made: RegisterPublicKeyCredential =
            serde_json::from_value(made.clone()).map_err(|_| refused())?;
        let key = self.rp()?.finish_passkey_registration(&made, &state).map_err(|_| refused())?;
        let account = self.account_here(live.account).await?;
        let (passkey, credential) = (Id::new(now), hex::encode(key.cred_id()));
        if self
            .db
            .row("SELECT id FROM passkey WHERE credential_id = $1", cells![credential.clone()])
            .await?
            .is_some()
        {
            return Err(refused());
        }
        let sql = "INSERT INTO passkey (id, account_id, credential_id, credential, name, counter, created_at) VALUES ($1, $2, $3, $4, $5, 0, $6)";
        let kept = serde_json::to_string(&key).map_err(Error::fault)?;
        let statements =
            vec![(sql.to_owned(), cells![passkey, account.id, credential, kept, name.clone(), now])];
        let act = account.act("passkey:add", vec![edit("passkey", json!(null), json!(name))], statements);
        self.db.write(&live.ctx(now).author(), vec![Write::Act(act)], vec![]).await?;
        Ok(passkey)
    }
    /// Begins to sign in with a passkey: what `navigator.credentials.get` wants, and a secret for a short cookie by
    /// which the answer is recognised.
    pub async fn begin_passkey_sign_in(
        &self,
        device: &Device<'_>,
        now: Moment,
    ) -> Result<(Json, Secret), Error> {
        if let Err(until) = self.attempt(RANGE, &range(device.ip), now).await? {
            return Err(Refusal::NotYet(format!("too many attempts; try again at {until}")).into());
        }
        let (challenge, state) = self.rp()?.start_discoverable_authentication().map_err(Error::fault)?;
        let secret = Secret::random();
        self.keep_state(&format!("use {}", secret.reveal()), None, &state, now).await?;
        let mut challenge = serde_json::to_value(challenge).map_err(Error::fault)?;
        // The button asks at once; nothing waits in the background.
        challenge.as_object_mut().map(|object| object.remove("mediation"));
        Ok((challenge, secret))
    }
    /// Signs in with the passkey's answer. The device checked its person, so no second factor is asked.
    pub async fn finish_passkey_sign_in(
        &self,
        secret: &str,
        answer: &Json,
        device: &Device<'_>,
        now: Moment,
    ) -> Result<Step, Error> {
        let Some(state) =
            self.take_state::<DiscoverableAuthentication>(&format!("use {secret}"), now).await?
        else {
            return Ok(Step::Wrong);
        };
        let Ok(answer) = serde_json::from_value::<PublicKeyCredential>(answer.clone()) else {
            return Ok(Step::Wrong);
        };
        let Ok((user, credential)) = self.rp()?.identify_discoverable_authentication(&answer) else {
            return Ok(Step::Wrong);
        };
        let keys = self.keys_of(Id::from_uuid(user)).await?;
        let Some((passkey, mut key)) =
            keys.into_iter().find(|(_, key)| <_ as AsRef<[u8]>>::as_ref(key.cred_id()) == credential)
        else {
            return Ok(Step::Wrong);
        };
        let checked =
            self.rp()?.finish_discoverable_authentication_v2(&answer, state, DiscoverableKey::from(&key));
        let Ok(result) = checked else {
            tracing::warn!(account = %user, ip = %device.ip, "a passkey was refused");
            return Ok(Step::Wrong);
        };
        let Some(account) = self.account(Id::from_uuid(user)).await? else { return Ok(Step::Wrong) };
        key.update_credential(&result);
        let kept = serde_json::to_string(&key).map_err(Error::fault)?;
        // A counter that did not move on means a copied key; authenticators without one stay at 0.
        let sql = "UPDATE passkey SET credential = $1, counter = $2, used_at = $3 WHERE id = $4 AND (counter < $2 OR (counter = 0 AND $2 = 0))";
        if self.db.run(sql, cells![kept, i64::from(result.counter()), now, passkey]).await? == 0 {
            tracing::warn!(account = %user, ip = %device.ip, "a passkey's counter went back");
            return Ok(Step::Wrong);
        }
        self.attempt_was_right(RANGE, &range(device.ip), false).await?;
        self.proved(&account, Level::Passkey, device, now).await
    }
    /// The account's passkeys, oldest first.
    pub async fn passkeys(&self, account: Id) -> Result<Vec<PasskeyView>, Error> {
        let sql = "SELECT id, name, created_at, used_at FROM passkey WHERE account_id = $1 ORDER BY created_at, id LIMIT 100";
        let view = |row| {
            Ok(PasskeyView {
                id: id(row, "id")?,
                name: get(row, "name")?,
                created_at: moment(row, "created_at")?,
                used_at: moment_maybe(row, "used_at")?,
            })
        };
        self.db.rows(sql, cells![account]).await?.iter().map(view).collect()
    }
    /// Removes a passkey. Needs a fresh proof; the last way in is kept.
    pub async fn remove_passkey(&self, live: &Live, passkey: Id, now: Moment) -> Result<(), Error> {
        self.require_fresh(live, now)?;
        let keys = self.passkeys(live.account).await?;
        let name =
            keys.iter().find(|key| key.id == passkey).map(|key| key.name.clone()).ok_or(Refusal::NotFound)?;
        let account = self.account_here(live.account).await?;
        if keys.len() == 1 && account.password_hash.is_none() {
            return Err(
                Refusal::Conflict("this is your only way to sign in; set a password first".into()).into()
            );
        }
        let statements = vec![(
            "DELETE FROM passkey WHERE id = $1 AND account_id = $2".to_owned(),
            cells![passkey, account.id],
        )];
        let act = account.act("passkey:remove", vec![edit("passkey", json!(name), json!(null))], statements);
        self.db.write(&live.ctx(now).author(), vec![Write::Act(act)], vec![]).await?;
        Ok(())
    }
    async fn keys_of(&self, account: Id) -> Result<Vec<(Id, Passkey)>, Error> {
        let rows = self
            .db
            .rows("SELECT id, credential FROM passkey WHERE account_id = $1 LIMIT 100", cells![account])
            .await?;
        let read = |row| {
            Ok((
                id(row, "id")?,
                serde_json::from_str(&get::<String>(row, "credential")?).map_err(Error::fault)?,
            ))
        };
        rows.iter().map(read).collect()
    }
    async fn keep_state(
        &self,
        place: &str,
        account: Option<Id>,
        state: &impl serde::Serialize,
        now: Moment,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO webauthn_state (hash, account_id, kind, state, expires_at) VALUES ($1, $2, 'challenge', $3, $4) ON CONFLICT (hash) DO UPDATE SET state = $3, expires_at = $4";
        let text = serde_json::to_string(state).map_err(Error::fault)?;
        self.db.run(sql, cells![hash(place), account, text, now.plus_seconds(ANSWER_WITHIN)]).await?;
        Ok(())
    }
    /// A challenge is answered once.
    async fn take_state<T: serde::de::DeserializeOwned>(
        &self,
        place: &str,
        now: Moment,
    ) -> Result<Option<T>, Error> {
        let sql = "DELETE FROM webauthn_state WHERE hash = $1 AND expires_at > $2 RETURNING state";
        let Some(row) = self.db.run_returning(sql, cells![hash(place), now]).await? else { return Ok(None) };
        serde_json::from_str(&get::<String>(&row, "state")?).map(Some).map_err(Error::fault)
    }
}
