//! The verdict on one test at one instant (`specs/assurance.md` 7, EF-2).

use crate::effectiveness::Factors;
use crate::exception::{Excepted, counts_under};
use crate::rules::{Kind, TestRules};
use crate::say::{every, when};
use serde::{Deserialize, Serialize};
use wardkeep_types::observation::{Counts, Observation, RunResult, Strength};
use wardkeep_types::{Id, Moment, State};

/// Two clocks (TM-1): what was so, as known when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instant {
    /// The moment asked about.
    pub as_of: Moment,
    /// Observations recorded and voids made after this do not count.
    pub known_at: Moment,
}

impl Instant {
    /// "What did we believe then?": one moment for both clocks.
    pub fn at(moment: Moment) -> Self {
        Self { as_of: moment, known_at: moment }
    }
}

/// An observation with its later fate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// As recorded.
    pub observation: Observation,
    /// From when it does not count any more (OB-4).
    pub voided_at: Option<Moment>,
}

impl Recorded {
    fn counts_at(&self, at: Instant) -> bool {
        self.observation.effective_at <= at.as_of
            && self.observation.recorded_at <= at.known_at
            && self.voided_at.is_none_or(|voided| voided > at.known_at)
    }
    /// Newest by what it speaks about, never by when it arrived (OB-3).
    fn order(&self) -> (Moment, Moment, Moment, Id) {
        let o = &self.observation;
        (o.to, o.effective_at, o.recorded_at, o.id)
    }
}

/// One reason for a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable code, such as `late`.
    pub code: String,
    /// One sentence for people.
    pub text: String,
}

impl Reason {
    pub(crate) fn new(code: &str, text: impl Into<String>) -> Self {
        Self { code: code.to_owned(), text: text.into() }
    }
}

/// One test's part in a control's state: the *why* of a number (EF-5).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestEffect {
    /// The test's key.
    pub test: String,
    /// Its name.
    pub name: String,
    /// Design or operating.
    pub kind: Kind,
    /// Whether the control needs it.
    pub mandatory: bool,
    /// 1 to 10.
    pub weight: u8,
    /// How much its answers prove.
    pub strength: Strength,
    /// Whether it works like an attack.
    pub attack_like: bool,
    /// The verdict.
    pub state: State,
    /// Why, the deciding reason first.
    pub reasons: Vec<Reason>,
    /// The factors; absent when nothing was observed.
    pub factors: Option<Factors>,
    /// q: what is shown.
    pub low: f64,
    /// What it would be if all unseen subjects passed.
    pub high: f64,
    /// The counts under the exceptions in force.
    pub counts: Option<Counts>,
    /// The observation it rests on.
    pub observation: Option<Id>,
    /// The test version that the observation ran under.
    pub observed_version: Option<u32>,
    /// The moment the observation speaks about.
    pub effective_at: Option<Moment>,
    /// SHA-256 of the files the observation rests on.
    pub evidence: Vec<String>,
    /// Failing subjects that are not excepted, the first 20.
    pub failing: Vec<String>,
}

/// Subjects listed in a *why*; the observation holds up to 1,000.
const FAILING_SHOWN: usize = 20;
/// Coverage below this says too little (EF-2).
const LEAST_COVERAGE: f64 = 0.60;
/// Agreement of two population sources below this caps the verdict (TS-4).
const LEAST_COMPLETENESS: f64 = 0.98;
/// A larger excepted share than this caps the verdict (TS-7).
const MOST_EXCEPTED: f64 = 0.10;

/// The verdict on one test from all observations of it; `required` is the strength the control asks for.
pub fn judge(
    rules: &TestRules,
    observations: &[Recorded],
    excepted: &Excepted,
    required: Strength,
    at: Instant,
) -> TestEffect {
    let known = || observations.iter().filter(|r| r.observation.test == rules.key && r.counts_at(at));
    let good = known().filter(|r| r.observation.result != RunResult::Error).max_by_key(|r| r.order());
    let error = known().filter(|r| r.observation.result == RunResult::Error).max_by_key(|r| r.order());
    let strength = rules.method.strength();
    let mut effect = TestEffect {
        test: rules.key.clone(),
        name: rules.name.clone(),
        kind: rules.kind,
        mandatory: rules.mandatory,
        weight: rules.weight,
        strength,
        attack_like: rules.method.is_attack_like(),
        state: State::NotTested,
        reasons: Vec::new(),
        factors: None,
        low: 0.0,
        high: crate::effectiveness::worth(strength),
        counts: None,
        observation: None,
        observed_version: None,
        effective_at: None,
        evidence: Vec::new(),
        failing: Vec::new(),
    };
    let Some(Recorded { observation: seen, .. }) = good else {
        effect.reasons.push(match error {
            Some(r) => Reason::new("only_errors", format!("Every run so far failed: {}", r.observation.note)),
            None => Reason::new("never_observed", "It has never been run."),
        });
        return effect;
    };
    let error_since = error.is_some_and(|e| good.is_some_and(|g| e.order() > g.order()));
    let counts = counts_under(seen, excepted);
    let factors = Factors::new(rules, seen.result, &counts, seen.effective_at, at.as_of);
    (effect.state, effect.reasons) = verdict(rules, seen, &counts, &factors, required, error_since);
    effect.low = factors.shown();
    effect.high = factors.at_best();
    effect.factors = Some(factors);
    effect.counts = Some(counts);
    effect.observation = Some(seen.id);
    effect.observed_version = Some(seen.test_version);
    effect.effective_at = Some(seen.effective_at);
    effect.evidence.clone_from(&seen.evidence);
    let failing = seen.subjects.iter().filter(|s| s.passed == Some(false) && !excepted.holds(&s.subject));
    effect.failing = failing.take(FAILING_SHOWN).map(|s| s.subject.clone()).collect();
    effect
}

/// EF-2, first that fits; within a state every reason that holds.
fn verdict(
    rules: &TestRules,
    seen: &Observation,
    counts: &Counts,
    factors: &Factors,
    required: Strength,
    error_since: bool,
) -> (State, Vec<Reason>) {
    let limits = &rules.thresholds;
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let judged = counts.passed + counts.failed;
    let nothing_to_look_at =
        seen.result == RunResult::NoData || (counts.population == Some(0) && !rules.may_be_empty);
    if factors.freshness == 0.0 {
        let text = format!("The last answer speaks about {} and has expired.", when(seen.effective_at));
        return (State::Insufficient, vec![Reason::new("expired", text)]);
    }
    if nothing_to_look_at {
        let note = if seen.note.is_empty() { "there was nothing to look at." } else { &seen.note };
        return (
            State::Insufficient,
            vec![Reason::new("no_data", format!("The last run had no data: {note}"))],
        );
    }
    let mut failing = Vec::new();
    if limits.zero_tolerance && counts.failed > 0 {
        let text = format!("{} of {judged} failed, and none may.", counts.failed);
        failing.push(Reason::new("zero_tolerance", text));
    }
    if let Some(rate) = factors.rate.filter(|rate| *rate < limits.fail_below) {
        let text = format!(
            "{} of {judged} passed ({}), below {}.",
            counts.passed,
            percent(rate),
            percent(limits.fail_below)
        );
        failing.push(Reason::new("below_fail", text));
    }
    if !failing.is_empty() {
        return (State::Failing, failing);
    }
    let mut lacking = Vec::new();
    match counts.population {
        None => lacking.push(Reason::new("population_unknown", "It is not known how many there should be.")),
        Some(population) if factors.coverage < LEAST_COVERAGE => {
            let text = format!(
                "{} of {population} looked at ({}); 60 % is the least.",
                counts.examined,
                percent(factors.coverage)
            );
            lacking.push(Reason::new("too_little_seen", text));
        }
        Some(_) if factors.rate.is_none() => {
            lacking.push(Reason::new("nothing_judged", "Nothing that was looked at had a verdict."));
        }
        Some(_) => {}
    }
    if let Some(planned) = rules.planned_sample.filter(|planned| counts.examined < *planned) {
        let text = format!("The sample holds {} of {planned} planned.", counts.examined);
        lacking.push(Reason::new("sample_too_small", text));
    }
    if !lacking.is_empty() {
        return (State::Insufficient, lacking);
    }
    let degraded = lacks(rules, seen, counts, factors, required, error_since);
    if degraded.is_empty() { (State::Effective, degraded) } else { (State::Degraded, degraded) }
}

/// EF-2 (5): what keeps a test with enough evidence from being effective.
fn lacks(
    rules: &TestRules,
    seen: &Observation,
    counts: &Counts,
    factors: &Factors,
    required: Strength,
    error_since: bool,
) -> Vec<Reason> {
    let limits = &rules.thresholds;
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let mut reasons = Vec::new();
    let mut cap = |holds: bool, code: &str, text: &dyn Fn() -> String| {
        if holds {
            reasons.push(Reason::new(code, text()));
        }
    };
    let rate = factors.rate.unwrap_or(0.0);
    cap(rate < limits.pass_at, "below_pass", &|| {
        format!(
            "{} of {} passed ({}), below {}.",
            counts.passed,
            counts.passed + counts.failed,
            percent(rate),
            percent(limits.pass_at)
        )
    });
    cap(factors.coverage < limits.cover_at, "below_cover", &|| {
        format!("{} looked at, below {}.", percent(factors.coverage), percent(limits.cover_at))
    });
    cap(factors.freshness < 1.0, "late", &|| {
        format!(
            "The last answer speaks about {}; it is due every {}.",
            when(seen.effective_at),
            every(rules.timing.interval)
        )
    });
    cap(error_since, "error_since", &|| "A later run failed; this is the last good one.".to_owned());
    cap(rules.method.strength() < required, "strength_below_required", &|| match rules.method.strength() {
        Strength::Attested => "Attested only: somebody said so, nobody looked.".to_owned(),
        _ => "Sampled only: the control asks for a machine's answer.".to_owned(),
    });
    cap(seen.totals_disagree, "totals_disagree", &|| {
        "The totals that the source states disagree with its rows.".to_owned()
    });
    let completeness = completeness(seen, counts);
    cap(completeness < LEAST_COMPLETENESS, "incomplete_population", &|| {
        format!("The two sources of the population agree on {}; 98 % is the least.", percent(completeness))
    });
    let base = counts.population.unwrap_or(counts.examined).max(1);
    let excepted = counts.excepted as f64 / base as f64;
    cap(excepted > MOST_EXCEPTED, "many_excepted", &|| {
        format!(
            "{} of {base} are excepted ({}); more than 10 % caps the state.",
            counts.excepted,
            percent(excepted)
        )
    });
    reasons
}

/// TS-4. Where a source gives only two counts, their ratio is the best that the share in both can be.
fn completeness(seen: &Observation, counts: &Counts) -> f64 {
    match (seen.completeness, counts.population, counts.expected) {
        (Some(stated), ..) => stated.ratio(),
        (None, Some(a), Some(b)) if a.max(b) > 0 => a.min(b) as f64 / a.max(b) as f64,
        _ => 1.0,
    }
}
