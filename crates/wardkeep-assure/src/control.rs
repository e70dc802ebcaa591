//! The state and effectiveness of a control (`specs/assurance.md` 7, EF-1 and EF-3 to EF-8).
//!
//! [`assess_control`] is a pure function: the same tests, observations, exceptions and instant give the same
//! answer, whatever the order in which they come.

use crate::effectiveness::ratio;
use crate::exception::{Excepted, Exception};
use crate::lift::{self, Lift};
use crate::rules::{Kind, TestRules};
use crate::verdict::{Instant, Reason, Recorded, TestEffect, judge};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wardkeep_types::observation::Strength;
use wardkeep_types::{Moment, State};

/// What the register knows of a control that bears on its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// Stable key; exceptions name it.
    pub key: String,
    /// Whether it is in operation; else nothing can be shown of it.
    pub in_operation: bool,
    /// A key control needs a design test (EF-1).
    pub is_key: bool,
    /// The least that an answer must prove; sampled unless the control says otherwise.
    pub required: Strength,
    /// Open major audit findings on it.
    pub open_majors: u32,
    /// Corrective actions past their day.
    pub overdue_actions: u32,
}

impl Control {
    /// A control in operation that is not key and asks for sampled evidence.
    pub fn new(key: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            in_operation: true,
            is_key: false,
            required: Strength::Sampled,
            open_majors: 0,
            overdue_actions: 0,
        }
    }
}

/// What is shown of a control at one instant, with its *why*. Ratios are rounded to four decimals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// The control's key.
    pub control: String,
    /// For which instant.
    pub at: Instant,
    /// Its state.
    pub state: State,
    /// Why it is in that state.
    pub reasons: Vec<Reason>,
    /// E: is the control shown to work? From 0 to 1.
    pub shown: f64,
    /// The low end of the band; equals `shown`.
    pub low: f64,
    /// The high end: if all that is unseen were fine.
    pub high: f64,
    /// E of the design tests; absent when there are none.
    pub design: Option<f64>,
    /// E of the operating tests; absent when there are none.
    pub operating: Option<f64>,
    /// How the weight of the counted tests divides by strength (EF-6).
    pub strength_mix: BTreeMap<String, f64>,
    /// Every test with its factors.
    pub tests: Vec<TestEffect>,
    /// The one change that would lift the number most (EF-5).
    pub lift: Option<Lift>,
}

/// Works out a control's state and effectiveness. `tests` are those of this control, `observations` those of
/// one unit; other observations are passed over.
pub fn assess_control(
    control: &Control,
    tests: &[TestRules],
    observations: &[Recorded],
    exceptions: &[Exception],
    at: Instant,
) -> Effect {
    let excepted = Excepted::at(exceptions, &control.key, at.as_of);
    let mut judged: Vec<TestEffect> =
        tests.iter().map(|t| judge(t, observations, &excepted, control.required, at)).collect();
    judged.sort_by(|a, b| a.test.cmp(&b.test));
    let shown = score(&judged, |t| t.low);
    let high = score(&judged, |t| t.high);
    let (state, reasons) = state(control, &judged);
    let lift = lift::best(&judged, shown.value);
    for test in &mut judged {
        (test.low, test.high) = (ratio(test.low), ratio(test.high));
    }
    Effect {
        control: control.key.clone(),
        at,
        state,
        reasons,
        shown: ratio(shown.value),
        low: ratio(shown.value),
        // Whatever has no operating test could turn out to be fine.
        high: ratio(if tests.iter().any(|t| t.kind == Kind::Operating) { high.value } else { 1.0 }),
        design: shown.design.map(ratio),
        operating: shown.operating.map(ratio),
        strength_mix: strength_mix(&judged),
        tests: judged,
        lift,
    }
}

/// Whether a test enters the average: mandatory ones always, optional ones once they have an answer.
fn counted(test: &TestEffect) -> bool {
    test.mandatory || test.observation.is_some()
}

pub(crate) struct Score {
    pub value: f64,
    design: Option<f64>,
    operating: Option<f64>,
}

/// The weighted average per kind, and the lesser of the two.
pub(crate) fn score(tests: &[TestEffect], worth: impl Fn(&TestEffect) -> f64) -> Score {
    let of = |kind: Kind| {
        let counted = tests.iter().filter(|t| t.kind == kind && counted(t));
        let (sum, weight) = counted.fold((0.0, 0.0), |(sum, weight), t| {
            let w = f64::from(t.weight);
            (sum + w * worth(t), weight + w)
        });
        (weight > 0.0).then(|| sum / weight)
    };
    let (design, operating) = (of(Kind::Design), of(Kind::Operating));
    let value = match (design, operating) {
        (Some(d), Some(o)) => d.min(o),
        (None, Some(o)) => o,
        // A design on paper shows nothing about the operation: unknown is never green (EF-4).
        (_, None) => 0.0,
    };
    Score { value, design, operating }
}

/// EF-3, first that fits; within a state every reason that holds.
fn state(control: &Control, tests: &[TestEffect]) -> (State, Vec<Reason>) {
    if !control.in_operation {
        return (State::NotTested, vec![Reason::new("not_in_operation", "The control is not in operation.")]);
    }
    let because = |code: &str, pick: &dyn Fn(&TestEffect) -> bool| -> Vec<Reason> {
        let picked = tests.iter().filter(|t| pick(t));
        picked
            .map(|t| {
                let why = t.reasons.first().map_or("", |r| r.text.as_str());
                Reason::new(code, format!("{}: {why}", t.name).trim_end_matches([' ', ':']))
            })
            .collect()
    };
    let failing = because("test_failing", &|t| t.mandatory && t.state == State::Failing);
    if !failing.is_empty() {
        return (State::Failing, failing);
    }
    if tests.iter().filter(|t| t.mandatory).all(|t| t.state == State::NotTested) {
        let mut reasons = because("test_not_tested", &|t| t.mandatory);
        if reasons.is_empty() {
            reasons.push(Reason::new("no_test", "No mandatory test asks about it."));
        }
        return (State::NotTested, reasons);
    }
    let unknown = because("test_without_evidence", &|t| counted(t) && t.state.is_unknown());
    if !unknown.is_empty() {
        return (State::Insufficient, unknown);
    }
    let has = |kind: Kind| tests.iter().any(|t| t.kind == kind && counted(t));
    if !has(Kind::Operating) {
        let text = "Only the design was assessed, not the operation.";
        return (State::Insufficient, vec![Reason::new("operation_not_assessed", text)]);
    }
    let mut degraded = because("test_degraded", &|t| counted(t) && t.state == State::Degraded);
    degraded.extend(because("optional_test_failing", &|t| !t.mandatory && t.state == State::Failing));
    if control.open_majors > 0 {
        let text = format!("{} open major audit findings.", control.open_majors);
        degraded.push(Reason::new("open_major", text));
    }
    if control.overdue_actions > 0 {
        let text = format!("{} corrective actions are overdue.", control.overdue_actions);
        degraded.push(Reason::new("overdue_action", text));
    }
    if control.is_key && !has(Kind::Design) {
        degraded.push(Reason::new("design_not_assessed", "The design of this key control was not assessed."));
    }
    if degraded.is_empty() { (State::Effective, degraded) } else { (State::Degraded, degraded) }
}

fn strength_mix(tests: &[TestEffect]) -> BTreeMap<String, f64> {
    let mut mix: BTreeMap<String, f64> = BTreeMap::new();
    let counted = || tests.iter().filter(|t| counted(t) && t.observation.is_some());
    let whole: f64 = counted().map(|t| f64::from(t.weight)).sum();
    for test in counted() {
        let name = match test.strength {
            Strength::Automated => "automated",
            Strength::Sampled => "sampled",
            Strength::Attested => "attested",
        };
        *mix.entry(name.to_owned()).or_default() += f64::from(test.weight) / whole;
    }
    mix.into_iter().map(|(name, share)| (name, ratio(share))).collect()
}

/// Whether a change must be told to others: E moved by 0.01 or the state changed (EF-8).
pub fn is_notable(before: &Effect, after: &Effect) -> bool {
    before.state != after.state || (before.shown - after.shown).abs() >= 0.01 - 1e-9
}

/// The next moment after `at` at which time alone may change the answer: an answer passes its interval or
/// validity, or an exception begins or ends (EF-7).
pub fn next_change(effect: &Effect, tests: &[TestRules], exceptions: &[Exception]) -> Option<Moment> {
    let edges =
        effect.tests.iter().filter_map(|t| Some((t.effective_at?, tests.iter().find(|r| r.key == t.test)?)));
    let ageing = edges.flat_map(|(seen, rules)| {
        let after = |seconds: i64| Moment::from_micros(seen.plus_seconds(seconds).as_micros() + 1);
        [after(rules.timing.interval.seconds()), after(rules.timing.validity.seconds())]
    });
    let concerned =
        exceptions.iter().filter(|e| e.controls.is_empty() || e.controls.contains(&effect.control));
    let ending = concerned.flat_map(|e| [e.from, e.until]);
    ageing.chain(ending).filter(|m| *m > effect.at.as_of).min()
}

/// How many controls stand where; the unknown is always counted apart (EF-4).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateCounts {
    /// Shown to work.
    pub effective: u32,
    /// Working with a lack.
    pub degraded: u32,
    /// Shown not to work.
    pub failing: u32,
    /// Evidence missing, expired or too thin.
    pub insufficient: u32,
    /// Never observed.
    pub not_tested: u32,
}

impl StateCounts {
    /// Counts states.
    pub fn of(states: impl IntoIterator<Item = State>) -> Self {
        let mut counts = Self::default();
        for state in states {
            *match state {
                State::Effective => &mut counts.effective,
                State::Degraded => &mut counts.degraded,
                State::Failing => &mut counts.failing,
                State::Insufficient => &mut counts.insufficient,
                State::NotTested => &mut counts.not_tested,
            } += 1;
        }
        counts
    }
    /// All of them.
    pub fn total(&self) -> u32 {
        self.effective + self.degraded + self.failing + self.unknown()
    }
    /// Those of which we do not know.
    pub fn unknown(&self) -> u32 {
        self.insufficient + self.not_tested
    }
}
