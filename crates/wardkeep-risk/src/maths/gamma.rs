//! The gamma law: incomplete integrals and their inverse.

use super::{normal, root};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Fits done before: a fit costs a search, and a model asks for the same ones each time it is run.
static FITS: Mutex<BTreeMap<(u64, u64), (f64, f64)>> = Mutex::new(BTreeMap::new());
/// Fits kept before the list starts over.
const MOST_FITS: usize = 10_000;

/// ln of the gamma function for positive `x`.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// P(G <= x) for a gamma law of shape `a` and rate 1.
pub fn lower(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if x < a + 1.0 {
        series(a, x)
    } else {
        1.0 - fraction(a, x)
    }
}

/// P(G > x), accurate in the upper tail.
pub fn upper(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        1.0
    } else if x < a + 1.0 {
        1.0 - series(a, x)
    } else {
        fraction(a, x)
    }
}

/// `x^a e^-x / gamma(a)`.
fn front(a: f64, x: f64) -> f64 {
    libm::exp(a * libm::log(x) - x - ln_gamma(a))
}

/// Power series of the lower integral.
fn series(a: f64, x: f64) -> f64 {
    let mut term = 1.0 / a;
    let mut sum = term;
    let mut n = a;
    for _ in 0..10_000 {
        n += 1.0;
        term *= x / n;
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    sum * front(a, x)
}

/// Continued fraction of the upper integral (modified Lentz).
fn fraction(a: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut h = d;
    for i in 1..10_000 {
        let i = f64::from(i);
        let an = -i * (i - a);
        b += 2.0;
        d = an * d + b;
        d = 1.0 / if d.abs() < TINY { TINY } else { d };
        c = b + an / c;
        c = if c.abs() < TINY { TINY } else { c };
        let step = d * c;
        h *= step;
        if (step - 1.0).abs() < 1e-16 {
            break;
        }
    }
    h * front(a, x)
}

/// The x with P(G <= x) = p for shape `a` and rate 1.
pub fn quantile(a: f64, p: f64) -> f64 {
    if p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    // Wilson and Hilferty's cube gives the neighbourhood; Newton on the smaller tail does the rest.
    let z = normal::quantile(p);
    let cube = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * libm::sqrt(a));
    let small = libm::exp((libm::log(p) + libm::log(a) + ln_gamma(a)) / a);
    let mut x = if cube > 0.2 { a * cube * cube * cube } else { small };
    for _ in 0..40 {
        let miss = if p > 0.5 { (1.0 - p) - upper(a, x) } else { lower(a, x) - p };
        let slope = front(a, x) / x;
        if slope.abs() < 1e-280 || !slope.is_finite() {
            break;
        }
        let step = miss / slope;
        let next = if step < x { x - step } else { 0.5 * x };
        let done = (next - x).abs() <= 4e-16 * x;
        x = next;
        if done {
            return x;
        }
    }
    if ((lower(a, x) - p) / p).abs() < 1e-12 {
        return x;
    }
    let mut high = a + 10.0;
    while lower(a, high) < p && high < 1e300 {
        high *= 2.0;
    }
    root::increasing(1e-300, high, |x| lower(a, x) - p)
}

/// Shape and rate of the gamma law with these 5 % and 95 % points; `None` unless `0 < low < high`.
pub fn from_interval(low: f64, high: f64) -> Option<(f64, f64)> {
    if !(low > 0.0 && high > low && high.is_finite()) {
        return None;
    }
    let ratio = |a: f64| quantile(a, 0.95) / quantile(a, 0.05);
    let key = (low.to_bits(), high.to_bits());
    let memo = || FITS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = memo().get(&key) {
        return Some(*found);
    }
    // The ratio falls with the shape.
    let wanted = libm::log(high / low);
    let ln_a = root::increasing(-4.0, 18.0, |ln_a| wanted - libm::log(ratio(libm::exp(ln_a))));
    let a = libm::exp(ln_a);
    let found = (a, quantile(a, 0.95) / high);
    let mut memo = memo();
    if memo.len() >= MOST_FITS {
        memo.clear();
    }
    memo.insert(key, found);
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantile_inverts_the_integral() {
        for a in [0.05, 0.5, 1.0, 3.07, 40.0, 2000.0] {
            for p in [0.001, 0.05, 0.5, 0.95, 0.999_9] {
                let back = lower(a, quantile(a, p));
                assert!((back / p - 1.0).abs() < 1e-10, "{a} {p} {back}");
            }
        }
    }

    #[test]
    fn an_interval_gives_shape_and_rate() {
        let (a, b) = from_interval(0.02, 0.15).unwrap();
        assert!((a - 3.06873).abs() < 1e-5 && (b - 42.65614).abs() < 1e-5, "{a} {b}");
        assert!((a / b - 0.071_941_1).abs() < 1e-7);
        assert_eq!(from_interval(0.0, 1.0), None);
    }
}
