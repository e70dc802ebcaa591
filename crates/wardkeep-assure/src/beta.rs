//! The beta distribution, as far as exact binomial bounds need it.
//!
//! All functions go through `libm`, so that every machine gives the same bits.

/// Ends the continued fraction when a step changes the product by less than this.
const PRECISION: f64 = 1e-15;
/// Steps of the continued fraction; it needs about the square root of the larger shape.
const STEPS: u32 = 100_000;

/// The regularised incomplete beta function: the probability that a beta(a, b) variable is at most `x`.
/// Shapes are positive; `x` is held to 0..1.
pub fn cumulative(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let log_front =
        libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * libm::log(x) + b * libm::log1p(-x);
    let front = libm::exp(log_front);
    // The fraction converges fast on one side of the mean; the other side follows by symmetry.
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(a, b, x) / a
    } else {
        1.0 - front * fraction(b, a, 1.0 - x) / b
    }
}

/// The continued fraction of the incomplete beta function, worked from the front with the ratios of
/// successive numerators and denominators.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    let away_from_zero = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let mut numerator = 1.0;
    let mut denominator = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = denominator;
    for step in 1..=STEPS {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for coefficient in [even, odd] {
            denominator = 1.0 / away_from_zero(1.0 + coefficient * denominator);
            numerator = away_from_zero(1.0 + coefficient / numerator);
            change = numerator * denominator;
            value *= change;
        }
        if (change - 1.0).abs() < PRECISION {
            break;
        }
    }
    value
}

/// The `x` with `cumulative(a, b, x) = probability`, by halving: slow and sure, to the last bit that counts.
pub fn quantile(a: f64, b: f64, probability: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if cumulative(a, b, middle) < probability {
            low = middle;
        } else {
            high = middle;
        }
        if high - low < 1e-15 {
            break;
        }
    }
    f64::midpoint(low, high)
}

/// The lower end of the one-sided Clopper-Pearson interval for a share of which `passed` in `drawn` were
/// seen: with this `confidence` the true share is not below it.
pub fn lower_bound(passed: u64, drawn: u64, confidence: f64) -> f64 {
    if passed == 0 || drawn == 0 {
        return 0.0;
    }
    let passed = passed.min(drawn);
    quantile(passed as f64, (drawn - passed + 1) as f64, 1.0 - confidence)
}

#[cfg(test)]
mod tests {
    use super::{cumulative, lower_bound, quantile};

    fn near(found: f64, expected: f64, within: f64) {
        assert!((found - expected).abs() <= within, "{found} is not {expected}");
    }

    #[test]
    fn agrees_with_closed_forms() {
        near(cumulative(1.0, 1.0, 0.3), 0.3, 1e-14);
        near(cumulative(3.0, 1.0, 0.5), 0.125, 1e-14);
        near(cumulative(2.0, 2.0, 0.25), 3.0 * 0.0625 - 2.0 * 0.015_625, 1e-14);
        near(cumulative(0.5, 0.5, 0.5), 0.5, 1e-13);
        near(quantile(1.0, 4.0, 0.2), 1.0 - 0.8_f64.powf(0.25), 1e-13);
        // specs/risk.md 4.2: the 5 % point of beta(20, 4).
        near(quantile(20.0, 4.0, 0.05), 0.696_362_3, 1e-6);
    }

    #[test]
    fn bounds_are_those_of_the_table() {
        near(lower_bound(25, 25, 0.9), 0.1_f64.powf(1.0 / 25.0), 1e-13);
        near(lower_bound(5, 5, 0.9), 0.6310, 5e-5);
        near(lower_bound(29, 30, 0.9), 0.8764, 5e-5);
        near(lower_bound(0, 30, 0.9), 0.0, 0.0);
        // Audit figures of section 11: one deviation of 25, upper bound 14.7 %.
        near(1.0 - lower_bound(24, 25, 0.9), 0.147, 5e-4);
        near(lower_bound(999_000, 1_000_000, 0.9), 0.998_959, 2e-6);
    }

    #[test]
    fn large_and_small_shapes_stay_within_bounds() {
        for (a, b) in [(1e-3, 1e-3), (1e6, 1e6), (1.0, 1e7), (1e7, 1.0)] {
            let median = quantile(a, b, 0.5);
            assert!((0.0..=1.0).contains(&median), "{a} {b} {median}");
        }
        near(cumulative(1e6, 1e6, 0.5), 0.5, 1e-9);
    }
}
