//! One observation: its counts, its subjects, and whether it still is what was recorded.

use super::basis::BasisView;
use super::row::{id, int, marks, maybe_moment, text};
use super::why::basis_of;
use crate::records::Label;
use crate::{App, Ctx, Error, Organisation, Refusal};
use std::collections::HashMap;
use wardkeep_register::Verb;
use wardkeep_rights::{Named, Target, decide};
use wardkeep_store::cells;
use wardkeep_types::observation::{Basis, Observation, SubjectResult};
use wardkeep_types::{Id, Moment};

/// A subject's result with what it rests on.
#[derive(Debug, Clone)]
pub struct SubjectView {
    /// What it is called.
    pub subject: String,
    /// Its page, when it is a record that the reader may see.
    pub href: Option<String>,
    /// Passed, failed, or neither.
    pub passed: Option<bool>,
    /// Under an exception at the run.
    pub excepted: bool,
    /// Why.
    pub detail: String,
    /// What it rests on, the first few.
    pub basis: Vec<BasisView>,
    /// What it rests on beyond those.
    pub more: usize,
}

impl SubjectView {
    pub(super) fn new(subject: &SubjectResult, via: Id, known: &HashMap<(Id, Basis), BasisView>) -> Self {
        let basis = basis_of(&subject.basis, via, known);
        // A subject that is a record by its reference leads to it.
        let own = |b: &&BasisView| {
            b.text.as_ref().is_some_and(|t| t.split(' ').next() == Some(subject.subject.as_str()))
        };
        Self {
            subject: subject.subject.clone(),
            href: basis.iter().find(own).and_then(|b| b.href.clone()),
            passed: subject.passed,
            excepted: subject.excepted,
            detail: subject.detail.clone(),
            more: subject.basis.len() - basis.len(),
            basis,
        }
    }
}

/// An observation's line in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservationHead {
    /// Identity.
    pub id: Id,
    /// The moment it speaks about.
    pub effective_at: Moment,
    /// When it was recorded.
    pub recorded_at: Moment,
    /// From when it does not count any more.
    pub voided_at: Option<Moment>,
}

/// An observation.
#[derive(Debug, Clone)]
pub struct ObservationView {
    /// As recorded.
    pub observation: Observation,
    /// What the test is called, and what it asks.
    pub test: (String, String),
    /// The hash that was stored with it.
    pub stored: String,
    /// The hash of it as it is read now; the same unless somebody changed it behind Wardkeep's back.
    pub computed: String,
    /// From when it does not count any more, and why.
    pub voided: Option<(Moment, String)>,
    /// Subjects of this page, failing ones first.
    pub subjects: Vec<SubjectView>,
    /// Subjects kept.
    pub kept: usize,
    /// The first subject of this page, from 0.
    pub first: usize,
    /// Controls that rest on the test and that the reader may see.
    pub controls: Vec<Label>,
    /// Files it rests on: address and path, if one is known.
    pub files: Vec<(String, Option<String>)>,
    /// Files beyond those.
    pub more_files: usize,
    /// Other observations of the same test, newest first.
    pub others: Vec<ObservationHead>,
}

/// Subjects of one page.
pub(super) const PAGE: usize = 50;
const FILES: usize = 20;

impl App {
    /// An observation, with the subjects from `first` on. At most eight statements.
    pub async fn observation(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        asked: &str,
        first: usize,
    ) -> Result<ObservationView, Error> {
        let asked: Id = asked.parse().map_err(|_| Refusal::NotFound)?;
        let sql = "SELECT body, hash, voided_at, void_reason, unit_id, test FROM observation WHERE id = $1";
        let row = self.db.row(sql, cells![asked]).await?.ok_or(Refusal::NotFound)?;
        let (unit, test) = (id(&row, "unit_id")?, text(&row, "test")?);
        decide(
            &ctx.actor,
            &organisation.units,
            Verb::View,
            Named::Observation.into(),
            &Target::of(unit, None),
        )?;
        let observation: Observation = serde_json::from_str(&text(&row, "body")?).map_err(Error::fault)?;
        let mut order: Vec<&SubjectResult> = observation.subjects.iter().collect();
        order.sort_by_key(|s| match (s.excepted, s.passed) {
            (false, Some(false)) => 0,
            (false, None) => 1,
            (true, _) => 2,
            (false, Some(true)) => 3,
        });
        let first = first.min(order.len());
        let page: Vec<&SubjectResult> = order.into_iter().skip(first).take(PAGE).collect();
        let bases = self.bases(ctx, organisation, page.iter().map(|s| (*s, asked))).await?;
        let subjects = page.into_iter().map(|s| SubjectView::new(s, asked, &bases)).collect();
        let shown: Vec<String> = observation.evidence.iter().take(FILES).cloned().collect();
        let paths = self.paths_of(&shown).await?;
        let file = super::tests()?.iter().find(|t| test.split('/').next() == Some(t.rules.key.as_str()));
        let controls = match file {
            Some(file) => self.controls_of(ctx, organisation, &test, &file.controls).await?,
            None => Vec::new(),
        };
        let voided = maybe_moment(&row, "voided_at")?
            .map(|at| Ok::<_, Error>((at, text(&row, "void_reason")?)))
            .transpose()?;
        Ok(ObservationView {
            test: file.map_or_else(
                || (test.clone(), String::new()),
                |f| (f.rules.name.clone(), f.question.clone()),
            ),
            stored: text(&row, "hash")?,
            computed: wardkeep_assure::observation::hash(&observation),
            voided,
            subjects,
            kept: observation.subjects.len(),
            first,
            controls,
            more_files: observation.evidence.len().saturating_sub(FILES),
            files: shown
                .into_iter()
                .map(|sha| (paths.get(&sha).cloned(), sha))
                .map(|(path, sha)| (sha, path))
                .collect(),
            others: self.others(&test, unit, asked).await?,
            observation,
        })
    }
    /// Whether the actor may see an observation that rests on what `rests` picks.
    pub(super) async fn rests_on(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        via: Option<&str>,
        rests: impl Fn(&Observation) -> bool,
    ) -> Result<Option<Id>, Error> {
        let Some(via) = via.and_then(|v| v.parse::<Id>().ok()) else { return Ok(None) };
        let Some(row) =
            self.db.row("SELECT body, unit_id FROM observation WHERE id = $1", cells![via]).await?
        else {
            return Ok(None);
        };
        if !super::sees_in(ctx, organisation, Named::Observation, id(&row, "unit_id")?) {
            return Ok(None);
        }
        let observation: Observation = serde_json::from_str(&text(&row, "body")?).map_err(Error::fault)?;
        Ok(rests(&observation).then_some(via))
    }
    async fn controls_of(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        test: &str,
        keys: &[String],
    ) -> Result<Vec<Label>, Error> {
        let own = test.split_once('/').map(|(_, control)| control);
        let keys: Vec<&String> = keys.iter().filter(|k| own.is_none_or(|own| own == k.as_str())).collect();
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT id FROM control WHERE outside_reference IN ({}) AND stage <> 'retired' ORDER BY ref_number",
            marks(1, keys.len())
        );
        let rows = self.db.rows(&sql, keys.into_iter().map(|k| k.clone().into()).collect()).await?;
        let ids: Vec<Id> = rows.iter().map(|r| id(r, "id")).collect::<Result<_, _>>()?;
        let labels = self.labels(ctx, organisation, ids.clone()).await?;
        Ok(ids.into_iter().filter_map(|id| labels.get(id).cloned()).collect())
    }
    async fn others(&self, test: &str, unit: Id, but: Id) -> Result<Vec<ObservationHead>, Error> {
        let sql = "SELECT id, effective_at, recorded_at, voided_at FROM observation WHERE test = $1 AND unit_id = $2 AND id <> $3 ORDER BY effective_at DESC, recorded_at DESC LIMIT 8";
        let rows = self.db.rows(sql, cells![test, unit, but]).await?;
        rows.iter()
            .map(|r| {
                Ok(ObservationHead {
                    id: id(r, "id")?,
                    effective_at: Moment::from_micros(int(r, "effective_at")?),
                    recorded_at: Moment::from_micros(int(r, "recorded_at")?),
                    voided_at: maybe_moment(r, "voided_at")?,
                })
            })
            .collect()
    }
}
