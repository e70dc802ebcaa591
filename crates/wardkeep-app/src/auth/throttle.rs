//! Limits on guessing that cannot be turned against the owner.
//!
//! What is blocked, ever longer, is an account *from one part of the net*: a stranger elsewhere does not block the
//! owner here. What all strangers do together to one account blocks nobody; it only makes the door ask browsers it
//! does not know for more than a password. An attempt is counted before it is checked, so that many at once count
//! as many.

use super::row::get;
use super::secret::hash;
use super::{Auth, Device};
use crate::Error;
use std::net::IpAddr;
use wardkeep_store::cells;
use wardkeep_types::Moment;

/// What is limited, and how. Seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    kind: &'static str,
    /// Attempts that cost nothing.
    free: i64,
    /// The first wait; each further attempt doubles it.
    first: i64,
    /// The longest wait: nobody is kept out for longer.
    most: i64,
    /// After so long without an attempt all is forgotten.
    forget: i64,
}

/// Passwords for one account from one part of the net, or from one known browser.
pub(super) const PASSWORD: Rule = Rule { kind: "password", free: 5, first: 10, most: 15 * 60, forget: 3_600 };
/// Attempts of any sort from one part of the net.
pub(super) const RANGE: Rule = Rule { kind: "range", free: 60, first: 30, most: 15 * 60, forget: 15 * 60 };
/// Attempts on one account from everywhere: never blocks, see [`Auth::is_suspicious`].
pub(super) const ACCOUNT: Rule = Rule { kind: "account", free: i64::MAX, first: 0, most: 0, forget: 15 * 60 };
/// Codes of the second factor. Whoever gets here has the password already.
pub(super) const CODE: Rule = Rule { kind: "code", free: 5, first: 30, most: 15 * 60, forget: 3_600 };
/// Links mailed to one address.
pub(super) const MAIL: Rule = Rule { kind: "mail", free: 3, first: 5 * 60, most: 3_600, forget: 3_600 };

/// Attempts on one account within [`ACCOUNT`]'s time after which strangers must show more than a password.
const SUSPICIOUS: i64 = 20;
/// Rounds when many write the same counter at once.
const ROUNDS: usize = 8;

/// The part of the net that one party is likely to hold: /24 of IPv4, /48 of IPv6.
pub(super) fn range(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

fn wait(rule: Rule, failures: i64) -> i64 {
    let doublings = failures - rule.free;
    if doublings < 0 {
        0
    } else {
        rule.first.checked_shl(doublings.min(20) as u32).unwrap_or(rule.most).min(rule.most)
    }
}

impl Auth {
    /// Counts one attempt. `Err(moment)` says from when on the next is heard; a refused attempt is not counted, so
    /// that trying on does not make the wait longer.
    pub(super) async fn attempt(
        &self,
        rule: Rule,
        subject: &str,
        now: Moment,
    ) -> Result<Result<(), Moment>, Error> {
        let subject = hash(subject);
        for _ in 0..ROUNDS {
            let find = "SELECT failures, since, blocked_until FROM attempt WHERE kind = $1 AND subject = $2";
            let found = self.db.row(find, cells![rule.kind, subject.clone()]).await?;
            let Some(found) = found else {
                let add = "INSERT INTO attempt (kind, subject, failures, since, blocked_until) VALUES ($1, $2, 1, $3, 0) ON CONFLICT (kind, subject) DO NOTHING";
                if self.db.run(add, cells![rule.kind, subject.clone(), now]).await? == 1 {
                    return Ok(Ok(()));
                }
                continue;
            };
            let (failures, since): (i64, i64) = (get(&found, "failures")?, get(&found, "since")?);
            let blocked = Moment::from_micros(get(&found, "blocked_until")?);
            if blocked > now {
                return Ok(Err(blocked));
            }
            let forgotten = now.seconds_since(Moment::from_micros(since)) > rule.forget;
            let count = if forgotten { 1 } else { failures + 1 };
            let until = now.plus_seconds(wait(rule, count));
            let add = "UPDATE attempt SET failures = $1, since = $2, blocked_until = $3 WHERE kind = $4 AND subject = $5 AND failures = $6 AND since = $7";
            let values = cells![count, now, until, rule.kind, subject.clone(), failures, since];
            if self.db.run(add, values).await? == 1 {
                return Ok(Ok(()));
            }
        }
        Ok(Err(now.plus_seconds(1)))
    }
    /// The attempt was right: forget them all (`whole`), or take back this one.
    pub(super) async fn attempt_was_right(
        &self,
        rule: Rule,
        subject: &str,
        whole: bool,
    ) -> Result<(), Error> {
        let sql = if whole {
            "DELETE FROM attempt WHERE kind = $1 AND subject = $2"
        } else {
            "UPDATE attempt SET failures = failures - 1 WHERE kind = $1 AND subject = $2 AND failures > 0"
        };
        self.db.run(sql, cells![rule.kind, hash(subject)]).await?;
        Ok(())
    }
    /// Whether so many strangers try this account that a password from an unknown browser is not enough.
    pub(super) async fn is_suspicious(&self, email: &str, now: Moment) -> Result<bool, Error> {
        let sql = "SELECT failures FROM attempt WHERE kind = $1 AND subject = $2 AND since > $3";
        let values = cells![ACCOUNT.kind, hash(email), now.plus_seconds(-ACCOUNT.forget)];
        let found = self.db.row(sql, values).await?;
        Ok(found.map(|row| get::<i64>(&row, "failures")).transpose()?.unwrap_or(0) > SUSPICIOUS)
    }
    /// Whose attempts are counted together: a known browser for itself, everybody else by the part of the net.
    pub(super) fn party(email: &str, device: &Device<'_>, known: bool) -> String {
        match device.known.filter(|_| known) {
            Some(known) => format!("{email} {known}"),
            None => format!("{email} {}", range(device.ip)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{PASSWORD, range, wait};

    #[test]
    fn waits_double_up_to_a_quarter_of_an_hour() {
        let waits: Vec<i64> = (1..=14).map(|n| wait(PASSWORD, n)).collect();
        assert_eq!(waits, [0, 0, 0, 0, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]);
        assert_eq!(wait(PASSWORD, i64::MAX), 900);
    }

    #[test]
    fn one_party_holds_a_range() {
        assert_eq!(range("192.0.2.77".parse().unwrap()), "192.0.2.0/24");
        assert_eq!(range("::ffff:192.0.2.77".parse().unwrap()), "192.0.2.0/24");
        assert_eq!(range("2001:db8:1:2::3".parse().unwrap()), "2001:db8:1::/48");
    }
}
