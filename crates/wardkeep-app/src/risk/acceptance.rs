//! Acceptances: figures fixed when asked, authority looked at when approved, void by themselves when what they rest
//! on changed (`specs/risk.md` 7).

mod basis;

use super::build::Sources;
use super::load::Held;
use super::runs::{StoredRun, short};
use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error, Organisation, Refusal};
use basis::Basis;
use wardkeep_register::{Record, Row, Schema, Value};
use wardkeep_registers::Acceptance;
use wardkeep_rights::{ActorKind, Role};

/// A figure that rose by this share voids.
const RISE: f64 = 0.25;
/// A control that fell by this much voids.
const FALL: f64 = 0.10;

/// Why an acceptance no longer holds, if so.
fn voided(then: &Basis, now: Option<&Basis>, run: &StoredRun, sources: &Sources) -> Option<String> {
    let Some(now) = now else { return Some("the risk is in no sum any more".into()) };
    if now.incidents > then.incidents {
        return Some("an incident happened in its scenario".into());
    }
    for (what, was, is) in [("annual loss", then.mean, now.mean), ("tail loss", then.tail, now.tail)] {
        if let (Some(was), Some(is)) = (was, is)
            && is >= was * (1.0 + RISE)
        {
            return Some(format!("{what} rose {} -> {}", short(was), short(is)));
        }
        if was.is_some() && is.is_none() {
            return Some(format!("{what} is infinite now"));
        }
    }
    for (control, was) in &then.controls {
        let is = now.controls.get(control).copied().unwrap_or(0.0);
        if was - is >= FALL - 1e-9 {
            let name = run.model.controls.iter().find(|c| c.id == *control).map_or("a control", |c| &c.name);
            return Some(format!("{name} fell {:.0} -> {:.0} %", 100.0 * was, 100.0 * is));
        }
    }
    if now.scenarios != then.scenarios {
        return Some("its scenario has a new version".into());
    }
    let new = now.failed.iter().find(|id| !then.failed.contains(*id))?;
    let name = sources.appetite.iter().find(|a| a.reference == *new).map_or("", |a| a.record.name.as_str());
    Some(format!("over appetite: {new} {name}").trim_end().to_owned())
}

impl App {
    /// Called by the write path before a move of an acceptance: fixes the figures when it is asked for, and looks at
    /// who approves.
    pub(crate) async fn risk_before_acceptance(
        &self,
        ctx: &Ctx,
        schema: &Schema,
        step: &str,
        row: &mut Row,
    ) -> Result<(), Error> {
        let set = |row: &mut Row, name: &str, value: Value| {
            if let Some((index, _)) = schema.field(name) {
                row.values[index] = value;
            }
        };
        let Ok(acceptance) = Acceptance::from_values(&row.values) else { return Ok(()) };
        let organisation = self.organisation().await?;
        let risk = acceptance.risk.id();
        match step {
            "ask" => {
                let unassessed = || {
                    let text = "a risk that is not assessed cannot be accepted: estimate it, then let the engine run";
                    Error::from(Refusal::NotYet(text.into()))
                };
                let run = self.risk_published().await?.ok_or_else(unassessed)?;
                let sources = self.risk_sources(&organisation).await?;
                let found = Basis::of(&run, &sources, risk).ok_or_else(unassessed)?;
                let currency = run.model.currency;
                let cell = |v| super::follow::money(v, currency).map_or(Value::Empty, Value::Money);
                set(row, "annual_loss", cell(found.mean));
                set(row, "tail_loss", cell(found.tail));
                set(row, "run_hash", Value::text(&run.hash));
                set(row, "rests_on", Value::text(&found.lines()));
            }
            "approve" if ctx.actor.kind != ActorKind::System => {
                let person = ctx.person();
                if person == Some(acceptance.owner.id()) {
                    return Err(Refusal::Forbidden("whoever asks does not approve".into()).into());
                }
                let risks: Vec<Held<wardkeep_registers::Risk>> = self.held(&organisation).await?;
                let owner = risks.iter().find(|r| r.id == risk).and_then(|r| r.record.owner);
                if owner.is_some_and(|o| Some(o.id()) == person) {
                    let text = "the owner of a risk does not approve its acceptance";
                    return Err(Refusal::Forbidden(text.into()).into());
                }
                let of = |money: Option<wardkeep_types::Money>| money.map(wardkeep_types::Money::major);
                let limits = self.config.risk;
                let large = limits.needs_executive(of(acceptance.annual_loss), of(acceptance.tail_loss));
                if large && !ctx.actor.has(Role::Executive) {
                    let text = format!(
                        "it costs more than {} in an average year or {} in bad years: an executive approves it",
                        short(limits.officer_accepts_mean as f64),
                        short(limits.officer_accepts_tail as f64)
                    );
                    return Err(Refusal::Forbidden(text).into());
                }
                set(row, "approved_by", person.map_or(Value::Empty, Value::Link));
            }
            _ => {}
        }
        Ok(())
    }
    /// Voids acceptances whose basis changed, and brings risks to the stage that follows from theirs.
    pub(crate) async fn risk_void(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        sources: &Sources,
        run: &StoredRun,
    ) -> Result<(), Error> {
        let schema = App::schema("acceptance")?;
        let risks = App::schema("risk")?;
        let held: Vec<Held<Acceptance>> = self.held(organisation).await?;
        for one in held.iter().filter(|a| a.stage == "approved") {
            let risk = one.record.risk.id();
            let stage = sources.risks.iter().find(|r| r.id == risk).map(|r| r.stage.as_str());
            let then = Basis::read(one.record.rests_on.as_str());
            let now = Basis::of(run, sources, risk);
            if let Some(why) = voided(&then, now.as_ref(), run, sources) {
                let mut proposal = Proposal::movement(schema, one.id, None, "void").because(why.clone());
                proposal.edits = Edits::from([("void_because".into(), Value::text(&why))]);
                self.write_one(ctx, proposal).await?;
                if stage == Some("accepted") {
                    let why = format!("{} is void: {why}", one.reference);
                    self.write_one(ctx, Proposal::movement(risks, risk, None, "reopen").because(why)).await?;
                }
            } else if matches!(stage, Some("assessed" | "response_chosen" | "treating")) {
                let mut proposal = Proposal::movement(risks, risk, None, "bear")
                    .because(format!("{} was approved", one.reference));
                proposal.edits = Edits::from([("accepted_until".into(), Value::Date(one.record.until))]);
                self.write_one(ctx, proposal).await?;
            }
        }
        Ok(())
    }
    /// Ends acceptances whose last day is over.
    pub(crate) async fn risk_expire(&self, ctx: &Ctx, sources: &Sources) -> Result<(), Error> {
        let organisation = self.organisation().await?;
        let (schema, risks) = (App::schema("acceptance")?, App::schema("risk")?);
        let system = Ctx::system("risk engine", ctx.now);
        let held: Vec<Held<Acceptance>> = self.held(&organisation).await?;
        for one in held.iter().filter(|a| a.stage == "approved" && a.record.until < ctx.now.date()) {
            self.write_one(&system, Proposal::movement(schema, one.id, None, "expire")).await?;
            let risk = one.record.risk.id();
            if sources.risks.iter().any(|r| r.id == risk && r.stage == "accepted") {
                let why = format!("{} is over", one.reference);
                self.write_one(&system, Proposal::movement(risks, risk, None, "reopen").because(why)).await?;
            }
        }
        Ok(())
    }
}
