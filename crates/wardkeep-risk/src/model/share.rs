//! Shares from 0 to 1 that are known only roughly: chances, and what two sides have on one scale.

use crate::Probability;
use crate::law::{Law as _, Pert, is_usual, usual_weight};
use crate::maths::{normal, quadrature};
use crate::nodes::above;
use serde::{Deserialize, Serialize};
use wardkeep_types::Problem;

/// Nodes over a share: moments to the 23rd are exact for three points.
const NODES: usize = 12;

/// A share as it is written in a model file.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ShareSpec {
    /// One number.
    Chance {
        /// 0 to 1.
        probability: Probability,
    },
    /// 5 % and 95 % points, both above 0 and below 1; the logarithm of the odds is taken as normal.
    Interval {
        /// 5 % point.
        p05: f64,
        /// 95 % point.
        p95: f64,
    },
    /// Smallest, most likely, largest.
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
}

/// What is believed about a share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ShareLaw {
    /// One number.
    Point(f64),
    /// PERT inside 0 to 1.
    Pert(Pert),
    /// The logarithm of the odds is normal.
    LogOdds {
        /// Its mean.
        mu: f64,
        /// Its standard deviation.
        sd: f64,
    },
}

fn log_odds(x: f64) -> f64 {
    libm::log(x) - libm::log1p(-x)
}

fn share(odds: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-odds))
}

impl ShareSpec {
    /// The law, or what is wrong with the numbers.
    pub fn law(&self, path: &str) -> Result<ShareLaw, Problem> {
        let wrong = |message: String, hint: &str| Err(Problem::new(path, "share", message).hint(hint));
        match *self {
            Self::Chance { probability } => Ok(ShareLaw::Point(probability.value())),
            Self::Interval { p05, p95 } => {
                if !(0.0 < p05 && p05 < p95 && p95 < 1.0) {
                    return wrong(
                        format!("{p05} and {p95} are no range of a share: 0 < 5 % point < 95 % point < 1"),
                        "Give both ends as shares, such as 0.05 and 0.4, or three points where an end is 0 or 1.",
                    );
                }
                let (low, high) = (log_odds(p05), log_odds(p95));
                Ok(ShareLaw::LogOdds { mu: 0.5 * (low + high), sd: 0.5 * (high - low) / normal::Z95 })
            }
            Self::Pert { low, mode, high, weight } => {
                if !(weight > 0.0 && weight.is_finite()) {
                    return wrong(
                        format!("{weight} is no weight of the most likely share"),
                        "Write a number above zero; 4 is usual.",
                    );
                }
                if !(0.0 <= low && low <= mode && mode <= high && high <= 1.0) {
                    return wrong(
                        format!(
                            "{low}, {mode} and {high} are no points of a share: 0 <= low <= mode <= high <= 1"
                        ),
                        "Put the smallest first and keep all three between 0 and 1.",
                    );
                }
                Ok(Pert::new(low, mode, high, weight).map_or(ShareLaw::Point(mode), ShareLaw::Pert))
            }
        }
    }
}

impl ShareLaw {
    /// Values and weights that stand for it; the weights sum to 1 and the mean is kept.
    pub fn nodes(&self) -> Vec<(f64, f64)> {
        match self {
            Self::Point(x) => vec![(*x, 1.0)],
            Self::Pert(law) => {
                let ((a, b), (low, high)) = (law.shapes(), law.ends());
                let nodes = quadrature::beta_nodes(a, b, NODES);
                nodes.into_iter().map(|(t, w)| (low + (high - low) * t, w)).collect()
            }
            Self::LogOdds { mu, sd } => {
                let nodes = quadrature::normal_nodes(NODES);
                nodes.into_iter().map(|(z, w)| (share(mu + sd * z), w)).collect()
            }
        }
    }
    /// The mean.
    pub fn mean(&self) -> f64 {
        self.nodes().iter().map(|(x, w)| x * w).sum()
    }
    /// The share at a quantile of belief.
    pub fn quantile(&self, u: f64) -> f64 {
        match self {
            Self::Point(x) => *x,
            Self::Pert(law) => law.quantile(u),
            Self::LogOdds { mu, sd } => share(mu + sd * normal::quantile(u)),
        }
    }
    /// P(share <= x).
    fn cdf(&self, x: f64) -> f64 {
        match self {
            Self::Point(at) => f64::from(*at <= x),
            Self::Pert(law) => law.cdf(x),
            Self::LogOdds { .. } if x <= 0.0 => 0.0,
            Self::LogOdds { .. } if x >= 1.0 => 1.0,
            Self::LogOdds { mu, sd } => normal::cdf((log_odds(x) - mu) / sd),
        }
    }
    fn density(&self, x: f64) -> f64 {
        match self {
            Self::Point(_) => 0.0,
            Self::Pert(law) => law.density(x),
            Self::LogOdds { .. } if x <= 0.0 || x >= 1.0 => 0.0,
            Self::LogOdds { mu, sd } => normal::density((log_odds(x) - mu) / sd) / (sd * x * (1.0 - x)),
        }
    }
    /// Where it lies but for less than a double can tell.
    fn ends(&self) -> (f64, f64) {
        match self {
            Self::Point(x) => (*x, *x),
            Self::Pert(law) => law.ends(),
            Self::LogOdds { mu, sd } => (share(mu - 8.5 * sd), share(mu + 8.5 * sd)),
        }
    }
}

/// P(capability > resistance): the chance that a threat event becomes a loss event. What is unknown of both sides is
/// inside this one chance.
pub fn contest(capability: &ShareLaw, resistance: &ShareLaw) -> Probability {
    match (capability, resistance) {
        (ShareLaw::Point(c), ShareLaw::Point(r)) => Probability::clamped(f64::from(c > r)),
        (ShareLaw::Point(c), _) => Probability::clamped(resistance.cdf(*c)),
        (_, ShareLaw::Point(r)) => Probability::clamped(1.0 - capability.cdf(*r)),
        _ => above([capability.ends(), resistance.ends()], |x| capability.density(x) * resistance.cdf(x)),
    }
}

#[cfg(test)]
mod tests {
    use super::{ShareLaw, ShareSpec, contest};
    use crate::Probability;

    fn pert(low: f64, mode: f64, high: f64) -> ShareLaw {
        ShareSpec::Pert { low, mode, high, weight: 4.0 }.law("x").unwrap()
    }

    #[test]
    fn a_contest_is_the_integral_whatever_each_side_is() {
        let (c, r) = (pert(0.2, 0.5, 0.95), pert(0.3, 0.6, 0.9));
        assert!((contest(&c, &r).value() - 0.340_647_801_235_681).abs() < 1e-12);
        assert!((contest(&c, &r).value() + contest(&r, &c).value() - 1.0).abs() < 1e-12);
        let at = |x: f64| ShareLaw::Point(x);
        // PERT(0, 0.5, 1) is symmetric about a half.
        assert!((contest(&at(0.5), &pert(0.0, 0.5, 1.0)).value() - 0.5).abs() < 1e-12);
        assert!((contest(&pert(0.0, 0.5, 1.0), &at(0.5)).value() - 0.5).abs() < 1e-12);
        assert_eq!((contest(&at(0.6), &at(0.5)).value(), contest(&at(0.5), &at(0.5)).value()), (1.0, 0.0));
        let range = |p05, p95| ShareSpec::Interval { p05, p95 }.law("x").unwrap();
        assert!((contest(&range(0.2, 0.8), &range(0.2, 0.8)).value() - 0.5).abs() < 1e-10);
        // Narrow ranges far apart: certain either way.
        let (near, far) = (range(0.5, 0.5001), range(0.6, 0.6001));
        assert!(contest(&far, &near).value() > 1.0 - 1e-9 && contest(&near, &far).value() < 1e-9);
    }

    #[test]
    fn a_range_keeps_its_points_and_wrong_ones_are_refused() {
        let law = ShareSpec::Interval { p05: 0.05, p95: 0.4 }.law("x").unwrap();
        assert!((law.quantile(0.05) - 0.05).abs() < 1e-12 && (law.quantile(0.95) - 0.4).abs() < 1e-12);
        assert!((pert(0.1, 0.2, 0.6).mean() - (0.1 + 0.8 + 0.6) / 6.0).abs() < 1e-12);
        assert_eq!(pert(0.3, 0.3, 0.3), ShareLaw::Point(0.3));
        for wrong in [
            ShareSpec::Interval { p05: 0.0, p95: 0.4 },
            ShareSpec::Interval { p05: 0.4, p95: 0.05 },
            ShareSpec::Interval { p05: 0.4, p95: f64::NAN },
            ShareSpec::Pert { low: 0.1, mode: 0.05, high: 0.5, weight: 4.0 },
            ShareSpec::Pert { low: 20.0, mode: 50.0, high: 95.0, weight: 4.0 },
            ShareSpec::Pert { low: 0.1, mode: 0.2, high: 0.5, weight: 0.0 },
        ] {
            let problem = wrong.law("scenario[0] a.nodes.action").unwrap_err();
            assert!(
                problem.path.ends_with("nodes.action") && problem.message.contains("share"),
                "{problem:?}"
            );
        }
        assert!(Probability::try_from(1.2).is_err());
    }
}
