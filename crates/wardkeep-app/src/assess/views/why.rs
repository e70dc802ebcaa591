//! "Why 70.2 %?" (EF-5): one control at an instant, down to what each failing subject rests on.

use super::basis::{BasisView, SHOWN};
use super::observation::SubjectView;
use super::row::moment;
use crate::{App, Ctx, Error, Organisation};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use wardkeep_assure::{Effect, Instant, TestEffect, TestRules};
use wardkeep_rights::Named;
use wardkeep_store::cells;
use wardkeep_types::Id;
use wardkeep_types::observation::{Basis, Observation};

/// Why a control is in its state.
#[derive(Debug, Clone)]
pub struct WhyControl {
    /// The control's reference.
    pub reference: String,
    /// Its name.
    pub name: String,
    /// The instant.
    pub at: Instant,
    /// Whether somebody asked for that instant; else it is that of the newest result.
    pub asked: bool,
    /// What comes out.
    pub effect: Effect,
    /// Its tests.
    pub tests: Vec<WhyTest>,
    /// SHA-256 over the effect.
    pub hash: String,
}

/// One test of it.
#[derive(Debug, Clone)]
pub struct WhyTest {
    /// Its part in the number.
    pub effect: TestEffect,
    /// What turns its counts into a verdict.
    pub rules: TestRules,
    /// The question it asks.
    pub question: String,
    /// The observation it rests on; absent when there is none or the reader may not see it.
    pub observation: Option<Observation>,
    /// SHA-256 of the observation.
    pub hash: String,
    /// Files it rests on: address and path, if one is known.
    pub files: Vec<(String, Option<String>)>,
    /// Failing subjects, the first few, then what could not be judged.
    pub subjects: Vec<SubjectView>,
    /// Failing subjects beyond those.
    pub more: u64,
    /// There is an observation that the reader may not see.
    pub hidden: bool,
}

/// Subjects shown for one test.
const SUBJECTS: usize = 20;
/// Files shown for one test.
const FILES: usize = 12;

impl App {
    /// Why a control is in its state, at `asked` or as last worked out. At most ten statements.
    pub async fn why_control(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        reference: &str,
        asked: Option<Instant>,
    ) -> Result<WhyControl, Error> {
        let head = self.find(ctx, organisation, App::schema("control")?, reference).await?;
        let at = match asked {
            Some(at) => at,
            None => Instant { as_of: self.spoken_of(head.id).await?.unwrap_or(ctx.now), known_at: ctx.now },
        };
        let worked = self.work_out(head.id, at, ctx.now).await?;
        let by_id: HashMap<Id, &Observation> =
            worked.observations.iter().map(|r| (r.observation.id, &r.observation)).collect();
        let may = |o: &Observation| super::sees_in(ctx, organisation, Named::Observation, o.unit);
        let rests: Vec<Option<&Observation>> = worked
            .effect
            .tests
            .iter()
            .map(|t| t.observation.and_then(|id| by_id.get(&id).copied()))
            .collect();
        let seen = || rests.iter().flatten().filter(|o| may(o));
        // A plain list: a chain of closures held over the wait could not go to another thread.
        let mut shown = Vec::new();
        for o in seen() {
            shown.extend(picked(o).into_iter().map(|s| (s, o.id)));
        }
        let bases = self.bases(ctx, organisation, shown.into_iter()).await?;
        let files: Vec<String> = seen().flat_map(|o| o.evidence.iter().take(FILES).cloned()).collect();
        let paths = self.paths_of(&files).await?;
        let tests = worked.effect.tests.iter().zip(&worked.tests).zip(&rests).map(
            |((effect, (file, rules)), rest)| {
                let observation = rest.filter(|o| may(o));
                let subjects: Vec<SubjectView> = observation.map_or_else(Vec::new, |o| {
                    picked(o).into_iter().map(|s| SubjectView::new(s, o.id, &bases)).collect()
                });
                let listed =
                    subjects.iter().filter(|s| s.passed == Some(false) && !s.excepted).count() as u64;
                WhyTest {
                    effect: effect.clone(),
                    rules: rules.clone(),
                    question: file.question.clone(),
                    hash: observation.map(wardkeep_assure::observation::hash).unwrap_or_default(),
                    files: observation.map_or_else(Vec::new, |o| {
                        o.evidence
                            .iter()
                            .take(FILES)
                            .map(|sha| (sha.clone(), paths.get(sha).cloned()))
                            .collect()
                    }),
                    more: observation.map_or(0, |o| o.counts.failed.saturating_sub(listed)),
                    subjects,
                    hidden: rest.is_some() && observation.is_none(),
                    observation: observation.cloned(),
                }
            },
        );
        let tests = tests.collect();
        let json = serde_json::to_vec(&worked.effect).map_err(Error::fault)?;
        Ok(WhyControl {
            reference: head.reference.to_string(),
            name: worked.name,
            at,
            asked: asked.is_some(),
            hash: hex::encode(Sha256::digest(json)),
            effect: worked.effect,
            tests,
        })
    }
    /// The moment that the newest result of a control speaks about.
    async fn spoken_of(&self, control: Id) -> Result<Option<wardkeep_types::Moment>, Error> {
        let sql = "SELECT as_of FROM control_result WHERE control_id = $1 ORDER BY computed_at DESC LIMIT 1";
        let row = self.db.row(sql, cells![control]).await?;
        row.map(|r| moment(&r, "as_of")).transpose()
    }
}

/// The subjects that explain a result: failing ones first, then those without a verdict.
fn picked(observation: &Observation) -> Vec<&wardkeep_types::observation::SubjectResult> {
    let failing = observation.subjects.iter().filter(|s| s.passed == Some(false) && !s.excepted);
    let unknown = observation.subjects.iter().filter(|s| s.passed.is_none() && !s.excepted);
    failing.chain(unknown).take(SUBJECTS).collect()
}

/// Views of a subject's basis, the first few.
pub(super) fn basis_of(basis: &[Basis], via: Id, known: &HashMap<(Id, Basis), BasisView>) -> Vec<BasisView> {
    basis.iter().take(SHOWN).filter_map(|b| known.get(&(via, b.clone())).cloned()).collect()
}
