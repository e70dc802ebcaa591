//! How often: what was estimated, and what incidents make of it.

use crate::engine::Count;
use crate::law::{LawSpec, Pert, is_usual, usual_weight};
use crate::maths::{gamma, gauss, quadrature};
use crate::{Probability, Rate};
use serde::{Deserialize, Serialize};
use wardkeep_types::Problem;

/// Nodes over a PERT rate.
const NODES: usize = 32;
/// Nodes over a gamma rate that meets a share known only roughly.
const GAMMA_NODES: usize = 24;

/// A rate as it is written in a model file, in events a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum RateSpec {
    /// One number.
    Point {
        /// Times a year.
        per_year: Rate,
    },
    /// 5 % and 95 % points; a gamma law is fitted.
    Interval {
        /// 5 % point.
        p05: f64,
        /// 95 % point.
        p95: f64,
    },
    /// A gamma law, as after counting `shape` events in `years`.
    Gamma {
        /// Shape.
        shape: f64,
        /// Years.
        years: f64,
    },
    /// Low, most likely, high: spread over its quantiles.
    Pert {
        /// Smallest.
        low: f64,
        /// Most likely; not the mean.
        mode: f64,
        /// Largest.
        high: f64,
        /// Weight of the most likely, 4 unless another tool said otherwise.
        #[serde(default = "usual_weight", skip_serializing_if = "is_usual")]
        weight: f64,
    },
    /// The chance of at least one event in a year: a rate of -ln(1 - p).
    Chance {
        /// 0 to below 1.
        probability: Probability,
    },
    /// One event at most in a year.
    AtMostOnce {
        /// 0 to 1.
        probability: Probability,
    },
    /// Values with weights that sum to 1: what is left of a belief that has no shorter form.
    Values {
        /// Rate and weight.
        values: Vec<(Rate, f64)>,
    },
    /// Normal: read so that it can be refused in words.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        sd: f64,
    },
}

/// Own incidents of one scenario.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incidents {
    /// How many loss events.
    pub events: u32,
    /// In how many years.
    pub years: f64,
    /// What controls left of the rate during that time, 1 without modelled change.
    #[serde(default = "unchanged")]
    pub multiplier: f64,
}

fn unchanged() -> f64 {
    1.0
}

/// What is believed about a rate before today's controls.
#[derive(Debug, Clone, PartialEq)]
pub enum RateBelief {
    /// One number.
    Point(f64),
    /// Gamma law of shape and years.
    Gamma(f64, f64),
    /// Values and weights.
    Spread(Vec<(Rate, f64)>),
    /// One event at most.
    AtMostOnce(Probability),
}

impl RateSpec {
    /// What is believed, with own incidents counted once.
    pub fn belief(&self, incidents: Option<&Incidents>, path: &str) -> Result<RateBelief, Problem> {
        let wrong = |message: String, hint: &str| Problem::new(path, "rate", message).hint(hint.to_owned());
        let prior = match *self {
            Self::Point { per_year } => RateBelief::Point(per_year.times()),
            Self::Interval { p05, p95 } => {
                let (shape, years) = gamma::from_interval(p05, p95).ok_or_else(|| {
                    wrong(
                        "a rate interval needs 0 < 5 % point < 95 % point".into(),
                        "Ask again for both ends.",
                    )
                })?;
                RateBelief::Gamma(shape, years)
            }
            Self::Gamma { shape, years } => {
                if !(shape > 0.0 && years > 0.0 && shape.is_finite() && years.is_finite()) {
                    return Err(wrong("shape and years are above zero".into(), "Write numbers above zero."));
                }
                RateBelief::Gamma(shape, years)
            }
            Self::Pert { low, mode, high, weight } => {
                LawSpec::Pert { low, mode, high, weight }.build(path)?;
                match Pert::new(low, mode, high, weight) {
                    None => RateBelief::Point(mode),
                    Some(law) => {
                        let (a, b) = law.shapes();
                        let nodes = quadrature::beta_nodes(a, b, NODES);
                        let rate = |t: f64| Rate::new(low + (high - low) * t);
                        RateBelief::Spread(
                            nodes.into_iter().filter_map(|(t, w)| Some((rate(t)?, w))).collect(),
                        )
                    }
                }
            }
            Self::Chance { probability } => RateBelief::Point(
                probability
                    .rate()
                    .ok_or_else(|| {
                        wrong(
                            "a chance of 1 has no rate".into(),
                            "Say how many events a year, or use at_most_once.",
                        )
                    })?
                    .times(),
            ),
            Self::AtMostOnce { probability } => RateBelief::AtMostOnce(probability),
            Self::Values { ref values } => {
                let sum: f64 = values.iter().map(|(_, w)| w).sum();
                if values.iter().any(|(_, w)| !(*w >= 0.0)) || !((sum - 1.0).abs() < 1e-6) {
                    return Err(wrong(
                        format!("weights of values sum to {sum}, not to 1"),
                        "Give each value its share of belief, none below zero.",
                    ));
                }
                RateBelief::Spread(values.clone())
            }
            Self::Normal { mean, sd } => {
                return Err(wrong(
                    format!("a normal rate (mean {mean}, sd {sd}) allows negative frequencies"),
                    "Use an interval of 5 % and 95 % points.",
                ));
            }
        };
        match incidents {
            Some(seen) => prior.counted(seen, path),
            None => Ok(prior),
        }
    }
}

impl RateBelief {
    /// The belief as it would be written, its rate multiplied; `None` when the product is no rate.
    pub fn spec(&self, factor: f64) -> Option<RateSpec> {
        Some(match self {
            Self::Point(rate) => RateSpec::Point { per_year: Rate::new(rate * factor)? },
            Self::Gamma(shape, years) => RateSpec::Gamma { shape: *shape, years: years / factor },
            Self::Spread(nodes) => {
                let times = |(rate, w): &(Rate, f64)| Some((Rate::new(rate.times() * factor)?, *w));
                RateSpec::Values { values: nodes.iter().map(times).collect::<Option<_>>()? }
            }
            Self::AtMostOnce(chance) => {
                RateSpec::AtMostOnce { probability: Probability::clamped(chance.value() * factor) }
            }
        })
    }
    /// The belief after own events were counted.
    pub fn counted(self, seen: &Incidents, path: &str) -> Result<Self, Problem> {
        if !(seen.years > 0.0
            && seen.years.is_finite()
            && seen.multiplier >= 0.0
            && seen.multiplier.is_finite())
        {
            return Err(Problem::new(path, "rate", "incidents need a period in years above zero")
                .hint("Say how long was watched."));
        }
        let (events, exposure) = (f64::from(seen.events), seen.multiplier * seen.years);
        Ok(match self {
            // A point rate is doubted by a multiplier of mean 1 worth two expected events.
            Self::Point(rate) => Self::Gamma(2.0 + events, (2.0 + rate * exposure) / rate.max(1e-300)),
            Self::Gamma(shape, years) => Self::Gamma(shape + events, years + exposure),
            Self::Spread(nodes) => {
                let fits = |rate: &Rate| {
                    let mean = (rate.times() * exposure).max(1e-300);
                    events * libm::log(mean) - mean
                };
                // Against the best fit, so that many events neither overflow nor vanish.
                let best = nodes.iter().map(|(rate, _)| fits(rate)).fold(f64::NEG_INFINITY, f64::max);
                let weights: Vec<f64> =
                    nodes.iter().map(|(rate, w)| w * libm::exp(fits(rate) - best)).collect();
                let sum: f64 = weights.iter().sum();
                Self::Spread(nodes.iter().zip(weights).map(|((rate, _), w)| (*rate, w / sum)).collect())
            }
            other @ Self::AtMostOnce(_) => other,
        })
    }
    /// The belief about this rate times an independent share with these values and weights. One value keeps the kind
    /// of the belief; several make values and weights whose mean is the product of the means.
    #[must_use]
    pub fn thinned(self, share: &[(f64, f64)]) -> Self {
        let mean: f64 = share.iter().map(|(x, w)| x * w).sum();
        let spread = |values: Vec<(f64, f64)>| {
            let product =
                values.iter().flat_map(|(rate, w)| share.iter().map(move |(x, v)| (rate * x, w * v)));
            let nodes = gauss::fewer(product.collect(), NODES);
            Self::Spread(nodes.into_iter().filter_map(|(x, w)| Some((Rate::new(x)?, w))).collect())
        };
        match self {
            _ if mean <= 0.0 => Self::Point(0.0),
            // One event at most with a chance that is not known well is one event at most with its mean chance.
            Self::AtMostOnce(p) => Self::AtMostOnce(Probability::clamped(p.value() * mean)),
            Self::Point(rate) if share.len() < 2 => Self::Point(rate * mean),
            Self::Gamma(shape, years) if share.len() < 2 => Self::Gamma(shape, years / mean),
            Self::Point(rate) => spread(vec![(rate, 1.0)]),
            Self::Gamma(shape, years) => {
                let nodes = gauss::gamma_nodes(shape, GAMMA_NODES);
                spread(nodes.into_iter().map(|(x, w)| (x / years, w)).collect())
            }
            Self::Spread(nodes) => spread(nodes.into_iter().map(|(rate, w)| (rate.times(), w)).collect()),
        }
    }
    /// Mean times a year.
    pub fn mean(&self) -> f64 {
        match self {
            Self::Point(rate) => *rate,
            Self::Gamma(shape, years) => shape / years,
            Self::Spread(nodes) => nodes.iter().map(|(rate, w)| w * rate.times()).sum(),
            Self::AtMostOnce(chance) => chance.value(),
        }
    }
    /// The counting law with the rate multiplied; without `predictive` the mean rate is taken as known.
    pub fn count(&self, factor: f64, predictive: bool) -> Count {
        let rate = Rate::new(self.mean() * factor)
            .unwrap_or_else(|| Rate::new(0.0).unwrap_or_else(|| unreachable!()));
        match self {
            Self::AtMostOnce(chance) => Count::AtMostOnce(*chance).times(factor),
            Self::Gamma(shape, _) if predictive && rate.times() > 0.0 => {
                Count::Gamma { rate, variance: 1.0 / shape }
            }
            Self::Spread(nodes) if predictive => Count::Mixed(nodes.clone()).times(factor),
            _ => Count::Poisson(rate),
        }
    }
    /// The rate at a quantile of belief.
    pub fn quantile(&self, u: f64) -> f64 {
        match self {
            Self::Point(rate) => *rate,
            Self::Gamma(shape, years) => gamma::quantile(*shape, u) / years,
            Self::Spread(nodes) => {
                let mut below = 0.0;
                for (rate, w) in nodes {
                    below += w;
                    if below >= u {
                        return rate.times();
                    }
                }
                self.mean()
            }
            Self::AtMostOnce(chance) => chance.value(),
        }
    }
}
