//! Integrals: Gauss-Hermite for a normal driver, Gauss-Legendre for quantiles, double exponential for ends
//! with a singularity.

use std::f64::consts::{FRAC_PI_2, PI};

/// Nodes and weights `(z, w)` with `sum w g(z) = E[g(Z)]` for a standard normal Z.
pub fn normal_nodes(count: usize) -> Vec<(f64, f64)> {
    // Orthonormal Hermite functions of the probabilists' kind; roots by Newton from an asymptotic guess would
    // need care, so the roots are separated by the interlacing of neighbouring degrees.
    let mut roots: Vec<f64> = vec![0.0];
    for degree in 2..=count {
        let far = 2.0 * libm::sqrt(degree as f64) + 1.0;
        let mut edges = vec![-far];
        edges.extend_from_slice(&roots);
        edges.push(far);
        roots = edges.windows(2).map(|pair| bisect(pair[0], pair[1], |x| hermite(degree, x).0)).collect();
    }
    roots
        .into_iter()
        .map(|x| {
            let below = hermite(count, x).1;
            (x, 1.0 / (count as f64 * below * below))
        })
        .collect()
}

/// Normalised Hermite polynomials of degree n and n - 1 at `x`.
fn hermite(n: usize, x: f64) -> (f64, f64) {
    let (mut before, mut now) = (0.0, 1.0);
    for k in 0..n {
        let k = k as f64;
        let next = (x * now - libm::sqrt(k) * before) / libm::sqrt(k + 1.0);
        (before, now) = (now, next);
    }
    (now, before)
}

fn bisect(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let sign = f(low) < 0.0;
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if (f(middle) < 0.0) == sign {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Nodes and weights `(t, w)` with `sum w g(t) = E[g(T)]` for a beta law T of shapes `a` and `b` on (0, 1):
/// exact for polynomials, so that means and variances of PERT rates are exact (Gauss-Jacobi).
pub fn beta_nodes(a: f64, b: f64, count: usize) -> Vec<(f64, f64)> {
    let (alpha, beta) = (b - 1.0, a - 1.0);
    let sum = alpha + beta;
    let centre = |n: usize| {
        let n = n as f64;
        if n == 0.0 {
            (beta - alpha) / (sum + 2.0)
        } else {
            (beta * beta - alpha * alpha) / ((2.0 * n + sum) * (2.0 * n + sum + 2.0))
        }
    };
    let step = |n: usize| {
        let n = n as f64;
        let square = if n == 1.0 {
            4.0 * (1.0 + alpha) * (1.0 + beta) / ((2.0 + sum) * (2.0 + sum) * (3.0 + sum))
        } else {
            let m = 2.0 * n + sum;
            4.0 * n * (n + alpha) * (n + beta) * (n + sum) / (m * m * (m + 1.0) * (m - 1.0))
        };
        libm::sqrt(square)
    };
    let coefficients: Vec<(f64, f64)> =
        (0..=count).map(|n| (centre(n), if n == 0 { 0.0 } else { step(n) })).collect();
    super::gauss::rule(&coefficients)
        .into_iter()
        .map(|(x, w)| ((0.5 * (1.0 + x)).clamp(0.0, 1.0), w))
        .collect()
}

/// Nodes and weights of Gauss-Legendre on (0, 1).
pub fn unit_nodes(count: usize) -> Vec<(f64, f64)> {
    let n = count as f64;
    (1..=count)
        .map(|i| {
            let mut x = libm::cos(PI * (i as f64 - 0.25) / (n + 0.5));
            let mut slope = 1.0;
            for _ in 0..100 {
                let (mut before, mut now) = (0.0, 1.0);
                for k in 0..count {
                    let k = k as f64;
                    let next = ((2.0 * k + 1.0) * x * now - k * before) / (k + 1.0);
                    (before, now) = (now, next);
                }
                slope = n * (x * now - before) / (x * x - 1.0);
                let step = now / slope;
                x -= step;
                if step.abs() < 1e-16 {
                    break;
                }
            }
            (0.5 * (1.0 - x), 1.0 / ((1.0 - x * x) * slope * slope))
        })
        .collect()
}

/// The integral of `f` over `[from, to]` by the double exponential rule: ends may be singular but integrable.
pub fn integral(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
    if to <= from {
        return 0.0;
    }
    let half = 0.5 * (to - from);
    let step = 1.0 / 64.0;
    let mut sum = 0.0;
    for i in -260i32..=260 {
        let t = f64::from(i) * step;
        let u = FRAC_PI_2 * libm::sinh(t);
        // Distance from the nearer end, so that points close to it keep their digits.
        let gap = (to - from) / (1.0 + libm::exp(2.0 * u.abs()));
        let x = if u < 0.0 { from + gap } else { to - gap };
        let cosh = libm::cosh(u);
        let weight = FRAC_PI_2 * libm::cosh(t) / (cosh * cosh);
        let value = f(x);
        if weight > 0.0 && value.is_finite() {
            sum += weight * value;
        }
    }
    sum * step * half
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_integrate_what_they_should() {
        let nodes = normal_nodes(32);
        let mean = |g: &dyn Fn(f64) -> f64| nodes.iter().map(|(z, w)| w * g(*z)).sum::<f64>();
        assert!((mean(&|_| 1.0) - 1.0).abs() < 1e-13);
        assert!((mean(&|z| z.powi(8)) - 105.0).abs() < 1e-9);
        assert!((mean(&|z| (0.5 * z).exp()) - 0.125f64.exp()).abs() < 1e-13);
        let jacobi = beta_nodes(1.4, 4.6, 24);
        assert!((jacobi.iter().map(|(_, w)| w).sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((jacobi.iter().map(|(t, w)| t * w).sum::<f64>() - 1.4 / 6.0).abs() < 1e-13);
        assert!((jacobi.iter().map(|(t, w)| t * t * w).sum::<f64>() - 1.4 * 2.4 / 42.0).abs() < 1e-13);
        let unit = unit_nodes(32);
        assert!((unit.iter().map(|(x, w)| w * x.powi(5)).sum::<f64>() - 1.0 / 6.0).abs() < 1e-14);
        assert!((integral(0.0, 1.0, |x| x.powf(-0.3)) - 1.0 / 0.7).abs() < 1e-10);
        assert!((integral(1.0, 3.0, |x| x * x) - 26.0 / 3.0).abs() < 1e-12);
    }
}
