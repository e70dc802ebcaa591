//! A law as it is written in a model file.

use super::{
    Capped, Constant, Gamma, Lognormal, Pareto, Pert, Samples, Scaled, SharedLaw, Spliced, Truncated,
};
use crate::maths::normal::Z95;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wardkeep_types::Problem;

/// A law and its parameters. Ranges that allow negative values are refused, never clipped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "law", rename_all = "snake_case", deny_unknown_fields)]
pub enum LawSpec {
    /// Always the same.
    Constant {
        /// The amount.
        value: f64,
    },
    /// Lognormal by its 5 % and 95 % points.
    Interval {
        /// 5 % point.
        p05: f64,
        /// 95 % point.
        p95: f64,
    },
    /// Lognormal by mean and spread of the logarithm.
    Lognormal {
        /// Mean of ln X.
        mu: f64,
        /// Spread of ln X.
        sigma: f64,
    },
    /// Lognormal without what lies above an end.
    TruncatedLognormal {
        /// 5 % point before truncation.
        p05: f64,
        /// 95 % point before truncation.
        p95: f64,
        /// The largest possible amount.
        end: f64,
    },
    /// Lognormal with everything above a cap moved to it.
    CappedLognormal {
        /// 5 % point before the cap.
        p05: f64,
        /// 95 % point before the cap.
        p95: f64,
        /// The cap.
        cap: f64,
    },
    /// PERT by low, most likely, high.
    Pert {
        /// Smallest.
        low: f64,
        /// Most likely.
        mode: f64,
        /// Largest.
        high: f64,
        /// Weight of the most likely value.
        #[serde(default = "usual_weight")]
        weight: f64,
    },
    /// Exponential.
    Exponential {
        /// Mean.
        mean: f64,
    },
    /// Gamma.
    Gamma {
        /// Shape.
        shape: f64,
        /// Scale.
        scale: f64,
    },
    /// Pareto.
    Pareto {
        /// Smallest.
        minimum: f64,
        /// Tail exponent.
        alpha: f64,
    },
    /// Lognormal body below a threshold, Pareto tail above.
    Spliced {
        /// 5 % point of the body's lognormal.
        p05: f64,
        /// 95 % point of the body's lognormal.
        p95: f64,
        /// Where the tail begins.
        threshold: f64,
        /// Tail exponent.
        alpha: f64,
        /// Chance of the tail.
        tail_weight: f64,
    },
    /// Equally likely amounts.
    Samples {
        /// The amounts.
        values: Vec<f64>,
    },
    /// Normal: read so that it can be refused in words; it allows negative values.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        sd: f64,
    },
}

pub(crate) fn usual_weight() -> f64 {
    4.0
}

/// Whether a weight need not be written down.
#[allow(clippy::trivially_copy_pass_by_ref, clippy::float_cmp)] // serde gives a reference; 4 is exact
pub(crate) fn is_usual(weight: &f64) -> bool {
    *weight == usual_weight()
}

impl LawSpec {
    /// The law, or what is wrong with its parameters. `path` names the place in the file.
    pub fn build(&self, path: &str) -> Result<SharedLaw, Problem> {
        let wrong =
            |message: &str, hint: &str| Problem::new(path, "law", message.to_owned()).hint(hint.to_owned());
        let interval = || {
            wrong(
                "a lognormal needs 0 < 5 % point < 95 % point",
                "Ask again for both ends; zero is not a 5 % point.",
            )
        };
        match *self {
            Self::Constant { value } => shared(Constant::new(value))
                .ok_or_else(|| wrong("a constant is zero or more", "Write an amount of zero or more.")),
            Self::Interval { p05, p95 } => shared(Lognormal::from_interval(p05, p95)).ok_or_else(interval),
            Self::Lognormal { mu, sigma } => shared(Lognormal::new(mu, sigma))
                .ok_or_else(|| wrong("sigma must be above zero", "Give a spread above zero, or a constant.")),
            Self::TruncatedLognormal { p05, p95, end } => {
                let body: SharedLaw = shared(Lognormal::from_interval(p05, p95)).ok_or_else(interval)?;
                shared(Truncated::new(body, end))
                    .ok_or_else(|| wrong("nothing lies below the end", "Raise the end."))
            }
            Self::CappedLognormal { p05, p95, cap } => {
                let body: SharedLaw = shared(Lognormal::from_interval(p05, p95)).ok_or_else(interval)?;
                shared(Capped::new(body, cap)).ok_or_else(|| wrong("a cap is above zero", "Raise the cap."))
            }
            Self::Pert { low, mode, high, weight } => {
                if low < 0.0 {
                    return Err(wrong("the range allows negative values", "Set low to zero or more."));
                }
                if low == mode && mode == high {
                    return shared(Constant::new(low))
                        .ok_or_else(|| wrong("not a number", "Write an amount."));
                }
                shared(Pert::new(low, mode, high, weight))
                    .ok_or_else(|| wrong("PERT needs low <= mode <= high", "Put the three points in order."))
            }
            Self::Exponential { mean } => shared(Gamma::exponential(mean))
                .ok_or_else(|| wrong("a mean is above zero", "Write an amount above zero.")),
            Self::Gamma { shape, scale } => shared(Gamma::new(shape, scale))
                .ok_or_else(|| wrong("shape and scale are above zero", "Write numbers above zero.")),
            Self::Pareto { minimum, alpha } => shared(Pareto::new(minimum, alpha))
                .ok_or_else(|| wrong("minimum and alpha are above zero", "Write numbers above zero.")),
            Self::Spliced { p05, p95, threshold, alpha, tail_weight } => {
                let body: SharedLaw = shared(Lognormal::from_interval(p05, p95)).ok_or_else(interval)?;
                let body: Option<SharedLaw> = shared(Truncated::new(body, threshold));
                let tail: Option<SharedLaw> = shared(Pareto::new(threshold, alpha));
                body.zip(tail)
                    .and_then(|(body, tail)| shared(Spliced::new(body, tail, tail_weight)))
                    .ok_or_else(|| {
                        wrong(
                            "body, threshold and tail do not fit",
                            "Threshold and alpha above zero, tail_weight 0 to 1.",
                        )
                    })
            }
            Self::Samples { ref values } => shared(Samples::new(values.clone())).ok_or_else(|| {
                wrong("samples are amounts of zero or more", "Remove negative or missing amounts.")
            }),
            Self::Normal { mean, sd } => Err(wrong(
                &format!(
                    "a normal law allows negative values: {:.1} % of it lies below zero",
                    100.0 * crate::maths::normal::cdf(-mean / sd)
                ),
                "Ask for 5 % and 95 % points and use `interval`; cutting at zero would shift the mean.",
            )),
        }
    }

    /// 5 % and 95 % points, for display; `None` when the parameters are wrong.
    pub fn interval(&self) -> Option<(f64, f64)> {
        if let Self::Lognormal { mu, sigma } = *self {
            return Some((libm::exp(mu - Z95 * sigma), libm::exp(mu + Z95 * sigma)));
        }
        let law = self.build("").ok()?;
        Some((law.quantile(0.05), law.quantile(0.95)))
    }

    /// The same law with every amount multiplied: another currency, or a loss made smaller.
    pub fn scaled(&self, factor: f64, path: &str) -> Result<SharedLaw, Problem> {
        let law = self.build(path)?;
        if factor == 1.0 {
            return Ok(law);
        }
        if factor == 0.0 {
            return Ok(Arc::new(Constant::new(0.0).unwrap_or_else(|| unreachable!("zero is not negative"))));
        }
        shared(Scaled::new(law, factor))
            .ok_or_else(|| Problem::new(path, "factor", format!("{factor} is not a factor of zero or more")))
    }
}

fn shared<L: super::Law + 'static>(law: Option<L>) -> Option<SharedLaw> {
    law.map(|law| Arc::new(law) as SharedLaw)
}
