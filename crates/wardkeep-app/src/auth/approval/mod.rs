//! Pending approvals: what somebody asked for and a second person must agree to (`decisions.md` 2).
//!
//! A request names exactly what would happen, by a hash over record, version and change. When the record moved on
//! meanwhile, the request is void: nobody agrees to something else than they read.

mod decide;

use super::account::edit;
use super::row::{get, id, id_maybe, moment, moment_maybe};
use crate::{Ctx, Error};
use sea_orm::QueryResult;
use serde_json::{Value as Json, json};
use wardkeep_register::Verb;
use wardkeep_rights::{Allowed, Independence, Target};
use wardkeep_store::{Act, cells, commit};
use wardkeep_types::{Id, Moment};

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// The act: `move:accept`.
    pub act: String,
    /// The right that completing it takes.
    pub verb: Verb,
    /// The record's register.
    pub register: &'static str,
    /// The record.
    pub record: Id,
    /// The version that was read.
    pub version: i64,
    /// What would change, as the write path will do it.
    pub what: Json,
    /// Why.
    pub reason: String,
    /// Who wrote the record.
    pub author: Option<Id>,
    /// Who changed it last.
    pub last_editor: Option<Id>,
    /// Whom the asker would like to decide in somebody's absence; they need the right all the same.
    pub delegate: Option<Id>,
    /// Until when the request stands; 30 days when absent.
    pub expires_at: Option<Moment>,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Agreed and done.
    Approved,
    /// Refused.
    Rejected,
    /// Taken back by the asker.
    Withdrawn,
    /// The record changed meanwhile.
    Void,
}

impl Outcome {
    const ALL: [Self; 4] = [Self::Approved, Self::Rejected, Self::Withdrawn, Self::Void];
    /// Stable key, as stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Void => "void",
        }
    }
}

/// A request as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// Its id.
    pub id: Id,
    /// The record's reference now.
    pub reference: String,
    /// The record's title now.
    pub title: String,
    /// What was asked.
    pub ask: Ask,
    /// Who asked; `None` for a program.
    pub asker: Option<Id>,
    /// When.
    pub asked_at: Moment,
    /// Until when it stands.
    pub expires_at: Moment,
    /// The hash of what was asked.
    pub change_hash: String,
    /// Who decided, when and how, once it is decided.
    pub decided: Option<(Option<Id>, Moment, Outcome)>,
    /// Why it was decided so.
    pub decision_reason: Option<String>,
    /// Whether a second person agreed: `Some(false)` reads "not independently approved" everywhere.
    pub independent: Option<bool>,
    now_version: i64,
    target: Target,
}

/// An approval that may be given: the write path carries it out and writes [`Decided::act`] in the same
/// transaction.
#[derive(Debug)]
pub struct Decided {
    /// What was asked.
    pub approval: Approval,
    /// How the approval counts.
    pub independence: Independence,
    /// The right to complete it.
    pub allowed: Allowed,
    reason: Option<String>,
}

const DECIDE: &str = "UPDATE pending_approval SET outcome = $1, decided_by = $2, decided_at = $3, decision_reason = $4, independent = $5 WHERE id = $6 AND outcome IS NULL";

/// The hash of what is asked: SHA-256 over the canonical JSON of act, record, version and change.
pub fn change_hash(act: &str, record: Id, version: i64, what: &Json) -> String {
    commit(&[0; 16], &json!({ "act": act, "record": record, "version": version, "what": what }))
}

impl Decided {
    /// The entry that closes the request. It belongs in the same batch as the change that it allows; the change's
    /// own version check keeps two approvers from doing it twice.
    pub fn act(&self, ctx: &Ctx) -> Act {
        let independent = self.independence == Independence::Independent;
        self.approval.decision(ctx, Outcome::Approved, self.reason.clone(), Some(independent))
    }
}

impl Approval {
    fn decision(
        &self,
        ctx: &Ctx,
        outcome: Outcome,
        reason: Option<String>,
        independent: Option<bool>,
    ) -> Act {
        let flag = independent.map(i64::from);
        let values = cells![outcome.key(), ctx.person(), ctx.now, reason.clone(), flag, self.id];
        let mut fields = vec![
            edit("act", json!(null), json!(self.ask.act)),
            edit("change_hash", json!(null), json!(self.change_hash)),
            edit("outcome", json!(null), json!(outcome.key())),
        ];
        fields.extend(independent.map(|flag| edit("independent", json!(null), json!(flag))));
        Act {
            act: format!("approval:{}", outcome.key()),
            record: Some((self.ask.record, self.ask.register)),
            unit: self.target.unit,
            fields,
            why: reason,
            statements: vec![(DECIDE.into(), values)],
        }
    }
    fn read(row: &QueryResult) -> Result<Self, Error> {
        let (register, verb): (String, String) = (get(row, "register")?, get(row, "verb")?);
        let schema = wardkeep_registers::by_key(&register)
            .ok_or_else(|| Error::fault(format!("no register {register}")))?;
        let verb = Verb::ALL
            .into_iter()
            .find(|v| v.key() == verb)
            .ok_or_else(|| Error::fault(format!("no verb {verb}")))?;
        let expires_at = moment(row, "expires_at")?;
        let outcome: Option<String> = get(row, "outcome")?;
        let outcome = outcome.and_then(|key| Outcome::ALL.into_iter().find(|o| o.key() == key));
        let decided = moment_maybe(row, "decided_at")?.zip(outcome);
        Ok(Self {
            id: id(row, "id")?,
            reference: get(row, "reference")?,
            title: get(row, "title")?,
            ask: Ask {
                act: get(row, "act")?,
                verb,
                register: schema.key,
                record: id(row, "record_id")?,
                version: get(row, "version")?,
                what: serde_json::from_str(&get::<String>(row, "what")?).map_err(Error::fault)?,
                reason: get(row, "reason")?,
                author: id_maybe(row, "author_id")?,
                last_editor: id_maybe(row, "last_editor_id")?,
                delegate: id_maybe(row, "delegate_id")?,
                expires_at: Some(expires_at),
            },
            asker: id_maybe(row, "asker_id")?,
            asked_at: moment(row, "asked_at")?,
            expires_at,
            change_hash: get(row, "change_hash")?,
            decided: decided
                .map(|(at, outcome)| Ok::<_, Error>((id_maybe(row, "decided_by")?, at, outcome)))
                .transpose()?,
            decision_reason: get(row, "decision_reason")?,
            independent: get::<Option<i64>>(row, "independent")?.map(|flag| flag != 0),
            now_version: get(row, "now_version")?,
            target: Target {
                unit: Some(id(row, "unit_id")?),
                owner: id_maybe(row, "owner_id")?,
                restricted: get::<i64>(row, "restricted")? != 0,
                named: get::<i64>(row, "named")? != 0,
            },
        })
    }
}
