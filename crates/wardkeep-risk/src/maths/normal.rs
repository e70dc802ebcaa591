//! The normal law.

use std::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};

/// The 95 % point of the standard normal law.
pub const Z95: f64 = 1.644_853_626_951_472_2;

/// Density at `z`.
pub fn density(z: f64) -> f64 {
    libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * PI)
}

/// P(Z <= z), accurate in the lower tail.
pub fn cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

/// P(Z > z), accurate in the upper tail.
pub fn survival(z: f64) -> f64 {
    0.5 * libm::erfc(z / SQRT_2)
}

/// The z with P(Z <= z) = p; infinite at 0 and 1.
pub fn quantile(p: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    if p > 0.5 { -lower(1.0 - p) } else { lower(p) }
}

/// The z with P(Z > z) = p, accurate for small `p`.
pub fn upper_quantile(p: f64) -> f64 {
    -quantile(p)
}

/// Halley steps on the tail probability, from the leading term of the tail's expansion.
fn lower(p: f64) -> f64 {
    let t = libm::sqrt(-2.0 * libm::log(p));
    let mut z = -(t - (2.3 + 0.27 * t) / (1.0 + t * (0.99 + 0.045 * t)));
    for _ in 0..8 {
        let step = (cdf(z) - p) / density(z);
        let next = z - step / (1.0 + 0.5 * z * step);
        if !next.is_finite() {
            break;
        }
        // The error after a step is of the order of the cube of the step.
        let done = (next - z).abs() <= 1e-6;
        z = next;
        if done {
            break;
        }
    }
    z
}

#[cfg(test)]
mod tests {
    #[test]
    fn quantile_inverts_the_distribution() {
        for p in [1e-300, 1e-20, 1e-9, 0.001, 0.05, 0.3, 0.5, 0.7, 0.95, 0.999_999] {
            let back = super::cdf(super::quantile(p));
            assert!((back / p - 1.0).abs() < 1e-12, "{p} {back}");
        }
        assert!((super::quantile(0.95) - super::Z95).abs() < 1e-14);
    }
}
