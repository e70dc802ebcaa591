//! Recovery codes: ten, on paper, each good once, for whoever lost the phone.

use super::account::edit;
use super::{Account, Auth, Live, Secret};
use crate::{Error, Refusal};
use rand::Rng as _;
use serde_json::json;
use wardkeep_store::{Cell, Write, cells};
use wardkeep_types::{Id, Moment};

const COUNT: usize = 10;
/// No letters that look alike on paper.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789z";

impl Auth {
    /// New codes and the statements that keep them in place of the old ones.
    pub(super) fn new_recovery_codes(&self, account: Id) -> (Vec<Secret>, Vec<(String, Vec<Cell>)>) {
        let mut random = rand::rng();
        let mut letters = |n: usize| -> String {
            (0..n).map(|_| char::from(LETTERS[random.random_range(0..31)])).collect()
        };
        // 12 of 31 letters: 59 bits each, kept under the key file's key.
        let codes: Vec<Secret> = (0..COUNT)
            .map(|_| Secret::new(format!("{}-{}-{}", letters(4), letters(4), letters(4))))
            .collect();
        let mut statements =
            vec![("DELETE FROM recovery_code WHERE account_id = $1".to_owned(), cells![account])];
        for code in &codes {
            let add = "INSERT INTO recovery_code (account_id, hash) VALUES ($1, $2)";
            statements.push((add.to_owned(), cells![account, self.recovery_hash(account, code.reveal())]));
        }
        (codes, statements)
    }
    /// Replaces all recovery codes. Needs a fresh proof of identity.
    pub async fn replace_recovery_codes(&self, live: &Live, now: Moment) -> Result<Vec<Secret>, Error> {
        self.require_fresh(live, now)?;
        let account = self.account_here(live.account).await?;
        if account.totp_since.is_none() {
            return Err(Refusal::NotYet("set up codes of an authenticator app first".into()).into());
        }
        let (codes, statements) = self.new_recovery_codes(account.id);
        let act = account.act(
            "recovery:replace",
            vec![edit("recovery_codes", json!(null), json!(COUNT))],
            statements,
        );
        self.db.write(&live.ctx(now).author(), vec![Write::Act(act)], vec![]).await?;
        Ok(codes)
    }
    /// Whether the code is one that was not used; it is used up by that.
    pub(super) async fn recovery_code_fits(
        &self,
        account: &Account,
        code: &str,
        now: Moment,
    ) -> Result<bool, Error> {
        let sql =
            "UPDATE recovery_code SET used_at = $1 WHERE account_id = $2 AND hash = $3 AND used_at IS NULL";
        let used =
            self.db.run(sql, cells![now, account.id, self.recovery_hash(account.id, code)]).await? == 1;
        if used {
            tracing::warn!(account = %account.id, "a recovery code was used");
        }
        Ok(used)
    }
    fn recovery_hash(&self, account: Id, code: &str) -> String {
        let bare: String = code.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
        self.keys.sign("recovery", &format!("{account} {}", bare.to_ascii_lowercase()))
    }
}
