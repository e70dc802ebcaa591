//! Scenarios of other tools as drafts under a risk. Drafts move no figure.

use super::super::drafts::{self, Told};
use super::ImportAsk;
use crate::records::Proposal;
use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_register::Value;
use wardkeep_risk::model::Scenario;
use wardkeep_types::{Currency, Id, Problem};

impl App {
    /// Keeps scenarios with their numbers, each as a whole, and says in `problems` what no record can hold.
    pub(super) async fn risk_keep(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        reference: &str,
        ask: &ImportAsk,
        (parts, currency): (&[Scenario], Currency),
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<String>, Error> {
        let head = self.find(ctx, organisation, App::schema("risk")?, reference).await?;
        let (scenario, estimate) = (App::schema("scenario")?, App::schema("estimate")?);
        // On the console nobody is signed in: they are the estimates of whoever answers for the risk.
        let person = ctx.person().or(head.owner).ok_or_else(|| {
            Refusal::Forbidden("estimates are somebody's: give the risk an owner, or sign in".into())
        })?;
        let why = format!("from {}", ask.name);
        let mut kept = Vec::new();
        for part in parts {
            let id = Id::new(ctx.now);
            let told = Told {
                scenario: id,
                person,
                on: ctx.now.date(),
                renew_by: None,
                reason: format!("Taken over from {}; confirm or replace.", ask.name),
                currency,
            };
            let mut edits = drafts::scenario(part);
            edits.extend([("risk".into(), Value::Link(head.id)), ("owner".into(), Value::Link(person))]);
            let (estimates, lost) = drafts::estimates(part, &told);
            problems.extend(lost);
            let add = |schema, id, edits| Proposal::add(schema, id, head.unit, edits).because(why.clone());
            let mut all = vec![add(scenario, id, edits)];
            all.extend(estimates.into_iter().map(|edits| add(estimate, Id::new(ctx.now), edits)));
            let made = self.write_batch(ctx, all, vec![]).await?;
            kept.extend(made.iter().map(|done| done.reference.to_string()));
        }
        Ok(kept)
    }
}
