//! The beta law: the incomplete integral and its inverse.

use super::gamma::ln_gamma;
use super::root;

/// ln B(a, b).
pub fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}

/// P(B <= x) for a beta law of shapes `a` and `b`.
pub fn cdf(a: f64, b: f64, x: f64) -> f64 {
    pair(a, b, ln_beta(a, b), x).0
}

/// P(B <= x) and P(B > x), each accurate where it is small; `ln_beta` is given so that a loop computes it once.
pub fn pair(a: f64, b: f64, ln_beta: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x >= 1.0 {
        return (1.0, 0.0);
    }
    let front = libm::exp(a * libm::log(x) + b * libm::log1p(-x) - ln_beta);
    if x < (a + 1.0) / (a + b + 2.0) {
        let low = front * fraction(a, b, x) / a;
        (low, 1.0 - low)
    } else {
        let high = front * fraction(b, a, 1.0 - x) / b;
        (1.0 - high, high)
    }
}

/// Continued fraction of the incomplete integral (modified Lentz).
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let floor = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / floor(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for m in 1..5_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / floor(1.0 + even * d);
        c = floor(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / floor(1.0 + odd * d);
        c = floor(1.0 + odd / c);
        let step = d * c;
        h *= step;
        if (step - 1.0).abs() < 1e-16 {
            break;
        }
    }
    h
}

/// The x with P(B <= x) = p.
pub fn quantile(a: f64, b: f64, p: f64) -> f64 {
    if p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return 1.0;
    }
    let norm = ln_beta(a, b);
    let (mut low, mut high) = (0.0, 1.0);
    let mut x = a / (a + b);
    for _ in 0..200 {
        let miss = pair(a, b, norm, x).0 - p;
        if miss == 0.0 {
            return x;
        }
        if miss < 0.0 {
            low = x;
        } else {
            high = x;
        }
        let slope = libm::exp((a - 1.0) * libm::log(x) + (b - 1.0) * libm::log1p(-x) - norm);
        let newton = x - miss / slope;
        let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
        let done = (next - x).abs() <= 4e-16 * x.abs();
        x = next;
        if done {
            return x;
        }
    }
    root::increasing(low, high, |x| pair(a, b, norm, x).0 - p)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_and_inverse() {
        assert!((cdf(2.0, 2.0, 0.5) - 0.5).abs() < 1e-15);
        assert!((cdf(1.0, 3.0, 0.2) - (1.0 - 0.8f64.powi(3))).abs() < 1e-14);
        for (a, b) in [(0.3, 0.4), (1.4, 4.6), (38.1, 6.0), (500.0, 2.0)] {
            for p in [0.001, 0.05, 0.5, 0.95, 0.999] {
                assert!((cdf(a, b, quantile(a, b, p)) - p).abs() < 1e-12, "{a} {b} {p}");
            }
        }
    }
}
