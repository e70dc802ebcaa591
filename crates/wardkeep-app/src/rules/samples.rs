//! Tests that people keep with a rule: records that must fire it and records that must not (DE-5). They are made from
//! stored records, without their time and source, and run against the rule's text.

use super::hand::RuleInHand;
use super::row::RuleRow;
use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_detect::{Engine, Sample, SampleEvent, Samples, shipped_samples};
use wardkeep_register::{Value, Verb};
use wardkeep_store::{Cell, cells};
use wardkeep_types::{Id, Moment};

/// Tests of one rule.
const MOST: usize = 200;
/// Bytes of one test.
const LONGEST: usize = 256 * 1024;

/// A test that was kept with a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptSample {
    /// Its id.
    pub id: Id,
    /// Whether the record must fire the rule.
    pub fires: bool,
    /// The record.
    pub event: SampleEvent,
    /// Where it came from: source and position.
    pub origin: String,
    /// When it was kept.
    pub made: Moment,
    /// Whether the rule fires on it now; nothing when its text cannot be compiled.
    pub fired: Option<bool>,
}

impl KeptSample {
    /// Whether it came out as written.
    pub fn is_right(&self) -> bool {
        self.fired == Some(self.fires)
    }
}

/// How the tests of a rule came out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SampleRun {
    /// Records that must fire it.
    pub positive: usize,
    /// Records that must not.
    pub negative: usize,
    /// What came out otherwise, each as one sentence.
    pub wrong: Vec<String>,
}

impl SampleRun {
    /// All came out as written, and at least one fires the rule: otherwise an empty rule would pass.
    pub fn passed(&self) -> bool {
        self.wrong.is_empty() && self.positive > 0
    }
}

impl App {
    /// The tests kept with a rule, run just now; the oldest first.
    pub async fn rule_samples(&self, rule: Id) -> Result<Vec<KeptSample>, Error> {
        let Some(row) = self.rule_row(rule).await? else { return Ok(Vec::new()) };
        let found = self.rule_of_row(&row).await?;
        self.kept_samples(rule, found.as_ref()).await
    }
    async fn kept_samples(&self, rule: Id, found: Option<&RuleInHand>) -> Result<Vec<KeptSample>, Error> {
        let sql = "SELECT id, fires, sample, origin, made_at FROM rule_sample WHERE rule_id = $1 ORDER BY made_at, id";
        let rows = self.db.rows(sql, cells![rule]).await?;
        rows.iter()
            .map(|row| {
                let text: String = row.try_get("", "sample").map_err(Error::fault)?;
                let event: SampleEvent = serde_json::from_str(&text).map_err(Error::fault)?;
                let fired = found.map(|found| fires(found, &event));
                Ok(KeptSample {
                    id: row.try_get::<uuid::Uuid>("", "id").map(Id::from_uuid).map_err(Error::fault)?,
                    fires: row.try_get::<i64>("", "fires").map_err(Error::fault)? != 0,
                    event,
                    origin: row.try_get("", "origin").map_err(Error::fault)?,
                    made: Moment::from_micros(row.try_get("", "made_at").map_err(Error::fault)?),
                    fired,
                })
            })
            .collect()
    }
    /// Keeps a stored record as a test of a rule, and runs the rule's tests.
    pub async fn add_rule_sample(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        reference: &str,
        (event, at): (&str, Option<Moment>),
        fires: bool,
    ) -> Result<(), Error> {
        let row = self.rule_to_edit(ctx, organisation, reference).await?;
        let stored = self.event_in_full(ctx, organisation, event, at).await?.event;
        let text = serde_json::to_string(&SampleEvent::of(&stored)).map_err(Error::fault)?;
        if text.len() > LONGEST {
            let said = format!("a test holds at most {} KiB; this record is longer", LONGEST / 1_024);
            return Err(Refusal::TooLarge(said).into());
        }
        let known = self.kept_samples(row.id, None).await?;
        if known.len() >= MOST {
            let said = format!("a rule keeps {MOST} tests; remove one first");
            return Err(Refusal::TooLarge(said).into());
        }
        let wanted = SampleEvent::of(&stored);
        if let Some(old) = known.iter().find(|old| old.event == wanted) {
            let said = if old.fires == fires {
                "this record is a test of the rule already"
            } else {
                "this record is a test of the rule already, with the other outcome: remove that one first"
            };
            return Err(Refusal::Conflict(said.to_owned()).into());
        }
        let origin = format!("{}, record {}", stored.source, stored.position);
        let sql = "INSERT INTO rule_sample (id, rule_id, fires, sample, origin, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let id = Id::new(ctx.now);
        let values = cells![id, row.id, i64::from(fires), text, origin.clone(), ctx.now, ctx.person()];
        let why =
            format!("a test was added: {origin}, which {}", if fires { "must fire it" } else { "must not" });
        let mut after = known;
        after.push(KeptSample { id, fires, event: wanted, origin, made: ctx.now, fired: None });
        self.change_samples(ctx, &row, &after, (sql, values), &why).await
    }
    /// Removes a test of a rule, and runs the others.
    pub async fn remove_rule_sample(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        reference: &str,
        sample: Id,
    ) -> Result<(), Error> {
        let row = self.rule_to_edit(ctx, organisation, reference).await?;
        let mut after = self.kept_samples(row.id, None).await?;
        let before = after.len();
        after.retain(|known| known.id != sample);
        if after.len() == before {
            return Err(Refusal::NotFound.into());
        }
        let gone = ("DELETE FROM rule_sample WHERE id = $1 AND rule_id = $2", cells![sample, row.id]);
        self.change_samples(ctx, &row, &after, gone, "a test was removed").await
    }
    /// Runs all tests of a rule, and keeps how they ended with its record.
    pub async fn run_rule_samples(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        reference: &str,
    ) -> Result<SampleRun, Error> {
        let row = self.rule_to_edit(ctx, organisation, reference).await?;
        let kept = self.kept_samples(row.id, None).await?;
        let (run, compiled) = self.tests_of(&row, &kept).await?;
        self.keep_tests(ctx, &row, &run, compiled, vec![], "its tests ran").await?;
        Ok(run)
    }
    /// The rule of that reference, for who may change it.
    async fn rule_to_edit(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        reference: &str,
    ) -> Result<RuleRow, Error> {
        let schema = App::schema("rule")?;
        let head = self.find(ctx, organisation, schema, reference).await?;
        self.allowed(ctx, organisation, schema, Verb::Edit, &head).await?;
        self.rule_row(head.id).await?.ok_or_else(|| Refusal::NotFound.into())
    }
    /// Adds or removes a test and notes how those that are then there end, in one transaction.
    async fn change_samples(
        &self,
        ctx: &Ctx,
        row: &RuleRow,
        after: &[KeptSample],
        (sql, values): (&str, Vec<Cell>),
        why: &str,
    ) -> Result<(), Error> {
        let (run, compiled) = self.tests_of(row, after).await?;
        self.keep_tests(ctx, row, &run, compiled, vec![(sql.to_owned(), values)], why).await
    }
    /// Runs the tests of a rule: those that ship with it, and these that people keep. Says also whether its text can
    /// be compiled at all.
    async fn tests_of(&self, row: &RuleRow, kept: &[KeptSample]) -> Result<(SampleRun, bool), Error> {
        let mut run = SampleRun::default();
        let Some(found) = self.rule_of_row(row).await? else { return Ok((run, false)) };
        let shipped = shipped_samples(&row.file).filter(|_| row.source == "ours").map(Samples::parse);
        if let Some(Ok(samples)) = shipped {
            let ids: Vec<&str> = found.set.rules().iter().map(|rule| &*rule.id).collect();
            run.wrong = samples.check(&found.set, &ids, &wardkeep_events::classify);
            (run.positive, run.negative) = (samples.positive.len(), samples.negative.len());
        }
        for sample in kept {
            *(if sample.fires { &mut run.positive } else { &mut run.negative }) += 1;
            if fires(&found, &sample.event) != sample.fires {
                let said = if sample.fires { "does not fire the rule" } else { "fires the rule" };
                run.wrong.push(format!("{} {said}", sample.origin));
            }
        }
        Ok((run, true))
    }
    /// Notes how the tests of this text ended.
    async fn keep_tests(
        &self,
        ctx: &Ctx,
        row: &RuleRow,
        run: &SampleRun,
        compiled: bool,
        statements: Vec<(String, Vec<Cell>)>,
        why: &str,
    ) -> Result<(), Error> {
        let any = compiled && run.positive + run.negative > 0;
        let hash = row.hash.as_deref().filter(|_| any);
        let result = match (any, run.passed()) {
            (false, _) => Value::Empty,
            (true, passed) => Value::Choice(if passed { "passed" } else { "failed" }.into()),
        };
        let edits = Edits::from([
            ("tested_text".into(), hash.map_or(Value::Empty, Value::text)),
            ("tested_at".into(), if any { Value::Moment(ctx.now) } else { Value::Empty }),
            ("test_result".into(), result),
        ]);
        let proposal = Proposal::change(App::schema("rule")?, row.id, None, edits).worked_out().because(why);
        self.write_batch(ctx, vec![proposal], statements).await?;
        Ok(())
    }
    /// Runs the tests of every rule that has any, for the console; nothing is written. Gives reference, title and
    /// outcome.
    pub async fn all_rule_tests(&self) -> Result<Vec<(String, SampleRun)>, Error> {
        let rows = self
            .rule_rows("WHERE source = 'ours' OR id IN (SELECT rule_id FROM rule_sample)", cells![])
            .await?;
        let mut all = Vec::new();
        for row in rows {
            let kept = self.kept_samples(row.id, None).await?;
            let (run, compiled) = self.tests_of(&row, &kept).await?;
            if compiled && run.positive + run.negative > 0 {
                all.push((row.reference, run));
            }
        }
        Ok(all)
    }
}

/// Whether the rule fires on the record.
fn fires(found: &RuleInHand, event: &SampleEvent) -> bool {
    let mut engine = Engine::new(&found.set);
    let mut hits = Vec::new();
    for mut event in Sample::One(event.clone()).events() {
        wardkeep_events::classify(&mut event);
        engine.push(&event, &mut hits);
    }
    engine.finish(&mut hits);
    hits.iter().any(|hit| hit.rule == found.at)
}
