//! Key risk indicators: the threshold is derived, not chosen.

use serde::{Deserialize, Serialize};

/// Where an indicator's measure crosses its limit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Threshold {
    /// The value at which the measure equals its limit.
    At {
        /// In the indicator's unit.
        value: f64,
    },
    /// The measure stays within its limit over the whole range.
    AlwaysMet,
    /// The measure stays above its limit over the whole range.
    NeverMet,
    /// The engine could not say.
    Unknown,
}

/// The value of an indicator in `[low, high]` at which `over` (the appetite measure minus its limit) is zero, to a
/// relative `tolerance` of the range. `over` must be monotone; when it does not change sign, that is said.
pub fn threshold(low: f64, high: f64, tolerance: f64, mut over: impl FnMut(f64) -> Option<f64>) -> Threshold {
    let (Some(mut at_low), Some(mut at_high)) = (over(low), over(high)) else { return Threshold::Unknown };
    if at_low <= 0.0 && at_high <= 0.0 {
        return Threshold::AlwaysMet;
    }
    if at_low > 0.0 && at_high > 0.0 {
        return Threshold::NeverMet;
    }
    let (mut a, mut b) = (low, high);
    let goal = tolerance * (high - low).abs();
    let mut last = 0i8;
    for _ in 0..200 {
        if (b - a).abs() <= goal {
            break;
        }
        // The regula falsi of Illinois: an end that stays has its value halved.
        let mut x = a - at_low * (b - a) / (at_high - at_low);
        if !(x > a.min(b) && x < a.max(b)) {
            x = 0.5 * (a + b);
        }
        let Some(value) = over(x) else { return Threshold::Unknown };
        if value == 0.0 {
            return Threshold::At { value: x };
        }
        if (value > 0.0) == (at_low > 0.0) {
            if (x - a).abs() <= 0.5 * goal {
                return Threshold::At { value: x };
            }
            (a, at_low) = (x, value);
            if last == -1 {
                at_high *= 0.5;
            }
            last = -1;
        } else {
            if (b - x).abs() <= 0.5 * goal {
                return Threshold::At { value: x };
            }
            (b, at_high) = (x, value);
            if last == 1 {
                at_low *= 0.5;
            }
            last = 1;
        }
    }
    Threshold::At { value: 0.5 * (a + b) }
}

/// Chance that the indicator lies on the wrong side of its threshold, over draws of its belief: the alarm goes by
/// this, not by the point. `low_is_bad` for coverage and the like.
pub fn chance_crossed(draws: &[f64], threshold: f64, low_is_bad: bool) -> f64 {
    if draws.is_empty() {
        return 0.0;
    }
    let crossed = draws.iter().filter(|x| if low_is_bad { **x < threshold } else { **x > threshold }).count();
    crossed as f64 / draws.len() as f64
}
