//! The generating function of a year's loss from those of single events.

use super::cache::Cache;
use super::counts::Count;
use super::grid::Grid;
use super::portfolio::{Link, Portfolio};
use super::transform::Complex;
use crate::maths::quadrature;
use std::sync::Arc;

type C = Complex<f64>;
/// The transform of each scenario's event loss, at the same points.
pub type Phis = [Arc<Vec<C>>];

const ONE: C = Complex { re: 1.0, im: 0.0 };
const ZERO: C = Complex { re: 0.0, im: 0.0 };

/// Nodes of a one-factor driver.
const DRIVER_NODES: usize = 32;

/// e^z by the same library on every machine.
pub fn exp(z: C) -> C {
    let size = libm::exp(z.re);
    let (sin, cos) = libm::sincos(z.im);
    Complex::new(size * cos, size * sin)
}

/// ln z, principal branch.
pub fn ln(z: C) -> C {
    Complex::new(0.5 * libm::log(z.norm_sqr()), libm::atan2(z.im, z.re))
}

/// Where terms of single scenarios with uncertain rates are kept, so that a change elsewhere does not compute
/// them again.
#[derive(Clone, Copy)]
pub struct Memo<'a>(pub Option<(&'a Cache, Grid)>);

impl Memo<'_> {
    fn keep(self, key: impl serde::Serialize, make: impl FnOnce() -> Vec<C>) -> Arc<Vec<C>> {
        match self.0 {
            Some((cache, grid)) => cache.composed(crate::canonical::hash(&key), grid, make),
            None => Arc::new(make()),
        }
    }
}

/// `phi_S` over the scenarios that `mask` lets in (and the shocks that hit one of them).
pub fn generating(portfolio: &Portfolio, mask: &[bool], phis: &Phis, memo: Memo<'_>) -> Vec<C> {
    let Some(len) = phis.first().map(|phi| phi.len()) else { return Vec::new() };
    let mut exponent = vec![ZERO; len];
    let mut factor: Option<Vec<C>> = None;
    let mut constant = 0.0;
    for (i, part) in portfolio.parts.iter().enumerate().filter(|(i, _)| mask[*i]) {
        let phi = &phis[i];
        match (&part.link, &part.count) {
            (Link::Alone, Count::Poisson(_)) => add(&mut exponent, &mut constant, portfolio.own_rate(i), phi),
            (Link::Alone, Count::Gamma { rate, variance }) => {
                let term = memo.keep(("gamma", part.loss.hash(), rate.times(), variance), || {
                    let scale = variance * rate.times();
                    phi.iter().map(|f| ln(ONE - (f - ONE) * scale) / *variance).collect()
                });
                exponent.iter_mut().zip(term.iter()).for_each(|(e, t)| *e -= t);
            }
            (Link::Alone, Count::Mixed(nodes)) => {
                let rates: Vec<(f64, f64)> = nodes.iter().map(|(rate, w)| (rate.times(), *w)).collect();
                let term = memo.keep(("mixed", part.loss.hash(), &rates), || {
                    let at = |f: &C| rates.iter().map(|(rate, w)| exp((f - ONE) * *rate) * *w).sum::<C>();
                    phi.iter().map(at).collect()
                });
                let factor = factor.get_or_insert_with(|| vec![ONE; len]);
                factor.iter_mut().zip(term.iter()).for_each(|(out, t)| *out *= t);
            }
            (Link::Alone, Count::AtMostOnce(chance)) => {
                let factor = factor.get_or_insert_with(|| vec![ONE; len]);
                for (out, f) in factor.iter_mut().zip(phi.iter()) {
                    *out *= ONE + (f - ONE) * chance.value();
                }
            }
            (Link::Sectors(weights), _) => {
                let own = 1.0 - weights.iter().map(|(_, w)| *w).sum::<f64>();
                if own > 1e-12 {
                    add(&mut exponent, &mut constant, own * portfolio.own_rate(i), phi);
                }
            }
            (Link::Driver(..), _) => {}
        }
    }
    for (k, variance) in portfolio.sectors.iter().enumerate() {
        if let Some(base) = sector_base(portfolio, mask, phis, k) {
            exponent.iter_mut().zip(&base).for_each(|(e, b)| *e -= ln(*b) / *variance);
        }
    }
    for driver in 0..portfolio.drivers {
        if let Some(mixed) = driver_sum(portfolio, mask, phis, driver, None) {
            let factor = factor.get_or_insert_with(|| vec![ONE; len]);
            factor.iter_mut().zip(&mixed).for_each(|(f, m)| *f *= m);
        }
    }
    for shock in portfolio.shocks.iter().filter(|shock| shock.hits.iter().any(|i| mask[*i])) {
        let joint = joint(&shock.hits, phis, len);
        add(&mut exponent, &mut constant, shock.rate.times(), &joint);
    }
    exponent.iter_mut().for_each(|e| *e = exp(*e - constant));
    if let Some(factor) = factor {
        exponent.iter_mut().zip(&factor).for_each(|(e, f)| *e *= f);
    }
    exponent
}

/// `exponent += rate * phi`; the constant is taken off once at the end.
fn add(exponent: &mut [C], constant: &mut f64, rate: f64, phi: &[C]) {
    *constant += rate;
    for (e, f) in exponent.iter_mut().zip(phi) {
        e.re += rate * f.re;
        e.im += rate * f.im;
    }
}

/// The transform of the sum of one event of each.
pub fn joint(hits: &[usize], phis: &Phis, len: usize) -> Vec<C> {
    let mut product = vec![ONE; len];
    for &i in hits {
        product.iter_mut().zip(phis[i].iter()).for_each(|(p, f)| *p *= f);
    }
    product
}

/// `1 - v sum w L (phi - 1)` of one sector, `None` when it has no members in the mask.
pub fn sector_base(portfolio: &Portfolio, mask: &[bool], phis: &Phis, sector: usize) -> Option<Vec<C>> {
    let mut base: Option<Vec<C>> = None;
    for (i, part) in portfolio.parts.iter().enumerate().filter(|(i, _)| mask[*i]) {
        let Link::Sectors(weights) = &part.link else { continue };
        for (_, weight) in weights.iter().filter(|(k, _)| *k == sector) {
            let scale = portfolio.sectors[sector] * weight * portfolio.own_rate(i);
            let base = base.get_or_insert_with(|| vec![ONE; phis[i].len()]);
            base.iter_mut().zip(phis[i].iter()).for_each(|(b, f)| *b -= (f - ONE) * scale);
        }
    }
    base
}

/// Nodes of a driver's normal law.
pub fn driver_nodes() -> Vec<(f64, f64)> {
    quadrature::normal_nodes(DRIVER_NODES)
}

/// How a rate changes at a node.
pub fn driver_factor(spread: f64, z: f64) -> f64 {
    libm::exp(spread * z - 0.5 * spread * spread)
}

/// `sum_z w exp(sum L_i(z)(phi_i - 1))`, with the term of node z times `L_i(z)` when one scenario is asked for.
pub fn driver_sum(
    portfolio: &Portfolio,
    mask: &[bool],
    phis: &Phis,
    driver: usize,
    derivative_of: Option<usize>,
) -> Option<Vec<C>> {
    let members: Vec<(usize, f64)> = portfolio
        .parts
        .iter()
        .enumerate()
        .filter(|(i, _)| mask[*i])
        .filter_map(|(i, part)| match part.link {
            Link::Driver(d, spread) if d == driver => Some((i, spread)),
            _ => None,
        })
        .collect();
    let len = phis[members.first()?.0].len();
    let mut sum = vec![ZERO; len];
    for (z, weight) in driver_nodes() {
        let mut exponent = vec![ZERO; len];
        let mut constant = 0.0;
        let mut scale = weight;
        for &(i, spread) in &members {
            let rate = portfolio.own_rate(i) * driver_factor(spread, z);
            if derivative_of == Some(i) {
                scale *= rate;
            }
            add(&mut exponent, &mut constant, rate, &phis[i]);
        }
        sum.iter_mut().zip(&exponent).for_each(|(s, e)| *s += exp(e - constant) * scale);
    }
    Some(sum)
}

/// The generating function at single real values, one per scenario: with P(X = 0) the chance of a year
/// without loss, with F(x) the chance that no event is larger than x.
pub fn at_values(portfolio: &Portfolio, values: &[f64]) -> f64 {
    let phis: Vec<Arc<Vec<C>>> = values.iter().map(|v| Arc::new(vec![Complex::new(*v, 0.0)])).collect();
    generating(portfolio, &vec![true; values.len()], &phis, Memo(None)).first().map_or(1.0, |z| z.re)
}
