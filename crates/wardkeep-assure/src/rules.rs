//! What a test asks of the numbers: thresholds, times, weight (`specs/assurance.md` 5).

use serde::{Deserialize, Serialize};
use wardkeep_types::observation::Strength;
use wardkeep_types::{Length, Problem, Problems};

/// Would it work, or did it work?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Would the control work as it is set up?
    Design,
    /// Did it work?
    Operating,
}

/// How a test comes to its answer. It decides the strength; nobody chooses that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A query over events.
    Query,
    /// The rows of a scanner's report.
    ScanResult,
    /// A check over our own registers.
    RegisterCheck,
    /// A check of a document's state.
    DocumentCheck,
    /// An attack played through.
    AttackSimulation,
    /// A rehearsed emergency.
    Exercise,
    /// What an incident showed afterwards.
    IncidentAutopsy,
    /// A person looked at a sample.
    SampleInspection,
    /// A person did it again and compared.
    RePerformance,
    /// People were asked.
    Survey,
    /// Somebody said so.
    Statement,
}

impl Method {
    /// How much an answer by this method proves.
    pub fn strength(self) -> Strength {
        match self {
            Self::SampleInspection | Self::RePerformance => Strength::Sampled,
            Self::Survey | Self::Statement => Strength::Attested,
            _ => Strength::Automated,
        }
    }
    /// Whether it works like an attack, which counts as stronger proof of operation for people.
    pub fn is_attack_like(self) -> bool {
        matches!(self, Self::AttackSimulation | Self::Exercise | Self::IncidentAutopsy)
    }
}

/// Where a rate becomes a verdict; shares from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    /// From this pass rate on the test is effective.
    pub pass_at: f64,
    /// From this coverage on the test is effective.
    pub cover_at: f64,
    /// Below this pass rate the test is failing.
    pub fail_below: f64,
    /// Any failure makes it failing.
    pub zero_tolerance: bool,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { pass_at: 0.95, cover_at: 0.95, fail_below: 0.75, zero_tolerance: false }
    }
}

/// How an answer ages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// T: within it an answer is fresh, and within it the test is run again.
    pub interval: Length,
    /// H: after T the answer's worth halves in this time.
    pub half_life: Length,
    /// V: after this age the answer says nothing; at most 400 days.
    pub validity: Length,
}

impl Timing {
    /// The defaults for an interval: H = T, V = 2T.
    pub fn every(interval: Length) -> Self {
        let validity = Length::from_seconds(interval.seconds().saturating_mul(2));
        Self { interval, half_life: interval, validity }
    }
}

/// Everything that turns counts into a verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestRules {
    /// Stable key; an observation names it. For a test that is run once per control it ends in `/` and the
    /// control's key.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// Grows when the question changes.
    pub version: u32,
    /// Design or operating.
    pub kind: Kind,
    /// How it answers.
    pub method: Method,
    /// Thresholds.
    pub thresholds: Thresholds,
    /// Times.
    pub timing: Timing,
    /// Whether the control needs it.
    pub mandatory: bool,
    /// 1 to 10.
    pub weight: u8,
    /// How many subjects a sample was planned to hold.
    pub planned_sample: Option<u64>,
    /// Whether a population of zero is an answer (TS-3).
    pub may_be_empty: bool,
}

/// Validity may not exceed this many days (`specs/assurance.md` 5).
pub const LONGEST_VALIDITY_DAYS: i64 = 400;

impl TestRules {
    /// A mandatory operating test with all defaults, run every `interval`.
    pub fn new(key: impl Into<String>, method: Method, interval: Length) -> Self {
        let key = key.into();
        Self {
            name: key.clone(),
            key,
            version: 1,
            kind: Kind::Operating,
            method,
            thresholds: Thresholds::default(),
            timing: Timing::every(interval),
            mandatory: true,
            weight: 1,
            planned_sample: None,
            may_be_empty: false,
        }
    }

    /// What is wrong with them, each fault with its field.
    pub fn check(&self, problems: &mut Problems) {
        let Timing { interval, half_life, validity } = self.timing;
        let t = &self.thresholds;
        let longest = Length::from_days(LONGEST_VALIDITY_DAYS);
        let mut need = |fine: bool, field: &str, message: &str, hint: &str| {
            if !fine {
                problems.add(Problem::new(field, "out_of_range", message).hint(hint));
            }
        };
        need(
            interval.seconds() > 0,
            "interval",
            "the interval is zero",
            "write how often it runs, such as 1d",
        );
        need(
            half_life.seconds() > 0,
            "half_life",
            "the half-life is zero",
            "leave it out to take the interval",
        );
        need(
            validity >= interval,
            "validity",
            "the validity is shorter than the interval",
            "write at least the interval",
        );
        need(validity <= longest, "validity", "the validity is longer than 400 days", "write 400d or less");
        for (field, share) in [("pass_at", t.pass_at), ("cover_at", t.cover_at), ("fail_below", t.fail_below)]
        {
            let fine = (0.0..=1.0).contains(&share);
            need(fine, &format!("thresholds.{field}"), "a share lies between 0 and 1", "write 0.95 for 95 %");
        }
        need(
            t.fail_below <= t.pass_at,
            "thresholds.fail_below",
            "fail_below is above pass_at, so a rate could be failing and effective at once",
            "lower fail_below or raise pass_at",
        );
        need((1..=10).contains(&self.weight), "weight", "the weight is outside 1 to 10", "1 is the default");
        need(self.version > 0, "version", "the version is zero", "begin with 1");
        need(
            self.planned_sample != Some(0),
            "planned_sample",
            "a sample of zero proves nothing",
            "leave it out",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{Method, TestRules};
    use wardkeep_types::{Length, Problems};

    #[test]
    fn impossible_rules_are_refused_with_the_field() {
        let check = |change: fn(&mut TestRules), field: &str| {
            let mut rules = TestRules::new("t", Method::Query, Length::from_days(7));
            change(&mut rules);
            let mut problems = Problems::new();
            rules.check(&mut problems);
            let paths: Vec<&str> = problems.iter().map(|p| p.path.as_str()).collect();
            assert_eq!(paths, if field.is_empty() { vec![] } else { vec![field] });
        };
        check(|_| (), "");
        check(|r| r.timing.interval = Length::from_seconds(0), "interval");
        check(|r| r.timing.half_life = Length::from_seconds(0), "half_life");
        check(|r| r.timing.validity = Length::from_days(6), "validity");
        check(|r| r.timing.validity = Length::from_days(401), "validity");
        check(|r| r.timing.validity = Length::from_days(400), "");
        check(|r| r.thresholds.fail_below = 0.96, "thresholds.fail_below");
        check(|r| r.thresholds.cover_at = 1.5, "thresholds.cover_at");
        check(|r| r.thresholds.cover_at = f64::NAN, "thresholds.cover_at");
        check(|r| r.weight = 11, "weight");
        check(|r| r.planned_sample = Some(0), "planned_sample");
    }
}
