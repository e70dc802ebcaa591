//! Coverage, reliability and efficacy of one control, and the loss efficacy they give.

use super::counts::{Counts, EvidenceWeights, Quantity, Uptime};
use super::posterior::Posterior;
use serde::{Deserialize, Serialize};

/// The four factors as plain numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Values {
    /// Share of subjects in scope that have the control.
    pub coverage: f64,
    /// Share of time in which it works as meant.
    pub reliability: f64,
    /// Efficacy while working.
    pub intact: f64,
    /// Efficacy while degraded.
    #[serde(default)]
    pub degraded: f64,
}

impl Values {
    /// `e = kappa C (R I + (1 - R) D)`.
    pub fn efficacy(&self, kappa: f64) -> f64 {
        let working = self.reliability * self.intact + (1.0 - self.reliability) * self.degraded;
        (kappa * self.coverage * working).clamp(0.0, 1.0)
    }
}

/// What is assumed before anything is observed: the values and how many observations they are worth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prior {
    /// The values.
    pub values: Values,
    /// Weight in observations.
    #[serde(default = "prior_weight")]
    pub weight: f64,
    /// Days up that the assumed failure rate is worth (one failure in them).
    #[serde(default = "prior_up")]
    pub up_days: f64,
    /// Days down that the assumed repair rate is worth (one repair in them).
    #[serde(default = "prior_down")]
    pub down_days: f64,
}

fn prior_weight() -> f64 {
    4.0
}
fn prior_up() -> f64 {
    100.0
}
fn prior_down() -> f64 {
    2.0
}

impl Prior {
    /// Around these values with the usual weight.
    pub fn around(values: Values) -> Self {
        Self { values, weight: prior_weight(), up_days: prior_up(), down_days: prior_down() }
    }
}

/// Whether anything was observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing was observed, or all of it has lapsed: the prior stands. Not "effective".
    Assumed,
    /// Evidence moved it.
    Observed,
}

/// What moved one factor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assumption {
    /// Which factor.
    pub quantity: Quantity,
    /// Prior mean.
    pub prior: f64,
    /// Weight of the evidence after age and kind, in observations.
    pub weight: f64,
    /// Evidence ids and hashes.
    pub evidence: Vec<String>,
}

/// The posterior of one control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Efficacy {
    /// Coverage.
    pub coverage: Posterior,
    /// Reliability.
    pub reliability: Posterior,
    /// Efficacy while working.
    pub intact: Posterior,
    /// Efficacy while degraded.
    pub degraded: Posterior,
    /// Whether anything was observed.
    pub state: State,
    /// How each factor came about.
    pub trail: Vec<Assumption>,
}

impl Efficacy {
    /// Posterior means.
    pub fn values(&self) -> Values {
        Values {
            coverage: self.coverage.mean(),
            reliability: self.reliability.mean(),
            intact: self.intact.mean(),
            degraded: self.degraded.mean(),
        }
    }
    /// `e = kappa C (R I + (1 - R) D)` at the means.
    pub fn value(&self, kappa: f64) -> f64 {
        self.values().efficacy(kappa)
    }
    /// One draw, from five uniform numbers.
    pub fn draw(&self, u: [f64; 5]) -> Values {
        Values {
            coverage: self.coverage.quantile(u[0], u[0]),
            reliability: self.reliability.quantile(u[1], u[2]),
            intact: self.intact.quantile(u[3], u[3]),
            degraded: self.degraded.quantile(u[4], u[4]),
        }
    }
}

/// The posterior of a control from its prior and what was observed of it. `counts` and `uptimes` of other
/// controls are passed over.
pub fn assess(
    control: &str,
    prior: &Prior,
    counts: &[Counts],
    uptimes: &[Uptime],
    weights: &EvidenceWeights,
) -> Efficacy {
    let mut trail = Vec::new();
    let mut observed = false;
    let mut factor = |quantity: Quantity, mean: f64| {
        let mut posterior = Posterior::around(mean, prior.weight);
        let mut note = Assumption { quantity, prior: mean, weight: 0.0, evidence: Vec::new() };
        let mut census: Option<(&Counts, f64)> = None;
        for seen in counts.iter().filter(|c| c.control == control && c.quantity == quantity) {
            let age = seen.freshness.factor(seen.age_days);
            let weight = weights.of(seen.proof) * age;
            if weight <= 0.0 || seen.examined == 0 {
                continue;
            }
            note.evidence.extend(seen.evidence.iter().cloned());
            if quantity == Quantity::Coverage && seen.census && seen.population.is_some_and(|p| p > 0) {
                // The newest census stands; as it ages the prior comes back.
                if census.is_none_or(|(best, _)| seen.age_days < best.age_days) {
                    census = Some((seen, age));
                }
                continue;
            }
            note.weight += weight * (seen.passed + seen.failed) as f64;
            posterior = posterior.with(seen.passed as f64, seen.failed as f64, weight);
        }
        if let Some((seen, age)) = census {
            let population = seen.population.unwrap_or(seen.examined) as f64;
            let share = (seen.passed as f64 / population).clamp(0.0, 1.0);
            note.weight = population * age;
            posterior = if age >= 1.0 {
                Posterior::Known { value: share }
            } else {
                posterior.with(share * population, (1.0 - share) * population, age * age)
            };
        }
        observed |= note.weight > 0.0;
        trail.push(note);
        posterior
    };
    let coverage = factor(Quantity::Coverage, prior.values.coverage);
    let mut reliability = factor(Quantity::Reliability, prior.values.reliability);
    let intact = factor(Quantity::Intact, prior.values.intact);
    let degraded = factor(Quantity::Degraded, prior.values.degraded);
    let up: Vec<&Uptime> = uptimes.iter().filter(|u| u.control == control).collect();
    if !up.is_empty() {
        observed = true;
        reliability = Posterior::Availability {
            failures: 1.0 + up.iter().map(|u| f64::from(u.failures)).sum::<f64>(),
            up_days: prior.up_days + up.iter().map(|u| u.up_days).sum::<f64>(),
            repairs: 1.0 + up.iter().map(|u| f64::from(u.repairs)).sum::<f64>(),
            down_days: prior.down_days + up.iter().map(|u| u.down_days).sum::<f64>(),
        };
        if let Some(note) = trail.iter_mut().find(|t| t.quantity == Quantity::Reliability) {
            note.weight += up.iter().map(|u| u.up_days + u.down_days).sum::<f64>();
            note.evidence.extend(up.iter().flat_map(|u| u.evidence.iter().cloned()));
        }
    }
    let state = if observed { State::Observed } else { State::Assumed };
    Efficacy { coverage, reliability, intact, degraded, state, trail }
}
