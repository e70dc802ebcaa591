//! Observations that collectors send: read, checked, kept once (`specs/assurance.md` OB-1 to OB-3).

mod keep;
mod read;
mod show;

pub use keep::RECOMPUTE;
pub use show::{ObservationAsk, ObservationPage, observation_hash};

use crate::{App, Ctx, Error, Organisation, Refusal};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use wardkeep_assure::TestFile;
use wardkeep_register::Verb;
use wardkeep_rights::{Named, Target, decide};
use wardkeep_types::observation::Observation;
use wardkeep_types::{Id, Problem, Problems};

/// Observations of one request.
pub const MOST: usize = 10_000;

/// What became of one that was sent.
#[derive(Debug)]
pub enum Taken {
    /// It is kept now.
    New(Observation),
    /// The same was kept before: here it is.
    Same(Observation),
    /// It is not kept, and why.
    Refused(Error),
}

/// One that may be kept.
struct Fit {
    unit: Id,
    key: String,
    body_sha256: String,
    observation: Observation,
}

impl App {
    /// Takes what a collector sent, each for itself: a bad one never costs a good one. The answers stand in the
    /// order sent. The caller has asked whether the actor may add observations at all.
    pub async fn take_observations(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        sent: &[Json],
    ) -> Result<Vec<Taken>, Error> {
        if sent.len() > MOST {
            let message = format!(
                "{} observations are more than the {MOST} of one request; send them in parts",
                sent.len()
            );
            return Err(Refusal::TooLarge(message).into());
        }
        let tests = wardkeep_assure::baseline::tests().map_err(|p| Error::fault(format!("tests: {p:?}")))?;
        let read: Vec<Result<Fit, Error>> =
            sent.iter().map(|json| fit(ctx, organisation, &tests, json)).collect();
        self.keep_observations(ctx, read).await
    }
}

fn fit(ctx: &Ctx, organisation: &Organisation, tests: &[TestFile], json: &Json) -> Result<Fit, Error> {
    let Json::Object(members) = json else {
        return Err(Refusal::invalid("", "invalid", "an observation is one JSON object").into());
    };
    let sent = read::read(members).map_err(Refusal::Invalid)?;
    let unit = unit(ctx, organisation, &sent.unit)?;
    let test = read::test(tests, &sent.test)?;
    let observation = sent.observation(ctx, unit, &test).map_err(Refusal::Invalid)?;
    let problems = wardkeep_assure::observation::check(&observation, ctx.now);
    if !problems.is_empty() {
        return Err(Refusal::Invalid(problems).into());
    }
    Ok(Fit { unit, key: sent.idempotency_key, body_sha256: digest(json), observation })
}

/// The unit of that reference, if the actor may add observations there. A unit out of sight is as unknown as
/// one that does not exist.
fn unit(ctx: &Ctx, organisation: &Organisation, reference: &str) -> Result<Id, Error> {
    let unknown = || Refusal::invalid("unit", "unknown_ref", format!("there is no unit '{reference}'"));
    let wanted = reference.to_uppercase();
    let found = organisation.unit_names.iter().find(|(_, (known, _))| *known == wanted);
    let unit = found.map(|(id, _)| *id).ok_or_else(unknown)?;
    let target = Target::of(unit, ctx.person());
    match decide(&ctx.actor, &organisation.units, Verb::Add, Named::Observation.into(), &target) {
        Ok(_) => Ok(unit),
        Err(denied) if denied.visible => Err(denied.into()),
        Err(_) => Err(unknown().into()),
    }
}

/// SHA-256 over the sent object with its members in order of their names: the same words in another order are
/// the same observation.
fn digest(json: &Json) -> String {
    let mut hash = Sha256::new();
    feed(json, &mut hash);
    hex::encode(hash.finalize())
}

fn feed(json: &Json, hash: &mut Sha256) {
    match json {
        Json::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort();
            hash.update(b"{");
            for name in names {
                hash.update(Json::String(name.clone()).to_string());
                hash.update(b":");
                feed(&members[name], hash);
            }
            hash.update(b"}");
        }
        Json::Array(items) => {
            hash.update(b"[");
            for item in items {
                feed(item, hash);
                hash.update(b",");
            }
            hash.update(b"]");
        }
        other => hash.update(other.to_string()),
    }
}

/// A problem at a place of one observation.
fn problem(problems: &mut Problems, path: &str, code: &str, message: impl Into<String>) {
    problems.add(Problem::new(path, code, message));
}

#[cfg(test)]
mod tests {
    use super::digest;
    use serde_json::json;

    #[test]
    fn the_order_of_members_makes_no_other_observation() {
        let one = json!({"a": [1, {"x": 1, "y": 2}], "b": "t"});
        assert_eq!(digest(&one), digest(&json!({"b": "t", "a": [1, {"y": 2, "x": 1}]})));
        for other in [
            json!({"a": [1, {"x": 1, "y": 3}], "b": "t"}),
            json!({"a": [{"x": 1, "y": 2}, 1], "b": "t"}),
            json!([]),
        ] {
            assert_ne!(digest(&one), digest(&other));
        }
    }
}
