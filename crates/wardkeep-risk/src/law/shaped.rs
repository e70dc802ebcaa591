//! Laws made of other laws: scaled, capped, truncated, spliced.

use super::{Law, SharedLaw};

/// `factor * X`.
#[derive(Debug, Clone)]
pub struct Scaled {
    law: SharedLaw,
    factor: f64,
}

impl Scaled {
    /// `None` unless the factor is positive and finite.
    pub fn new(law: SharedLaw, factor: f64) -> Option<Self> {
        (factor > 0.0 && factor.is_finite()).then_some(Self { law, factor })
    }
}

impl Law for Scaled {
    fn partial(&self, k: u32, x: f64) -> f64 {
        self.factor.powi(k as i32) * self.law.partial(k, x / self.factor)
    }
    fn moment(&self, k: u32) -> Option<f64> {
        Some(self.factor.powi(k as i32) * self.law.moment(k)?)
    }
    fn survival(&self, x: f64) -> f64 {
        self.law.survival(x / self.factor)
    }
    fn quantile(&self, p: f64) -> f64 {
        self.factor * self.law.quantile(p)
    }
    fn excess(&self, d: f64) -> Option<f64> {
        Some(self.factor * self.law.excess(d / self.factor)?)
    }
    fn top(&self) -> f64 {
        self.factor * self.law.top()
    }
    fn has_atoms(&self) -> bool {
        self.law.has_atoms()
    }
    fn cell_masses(&self, step: f64, cells: usize, logs: &[f64]) -> Option<Vec<f64>> {
        self.law.cell_masses(step / self.factor, cells, logs)
    }
}

/// `min(X, cap)`: the mass above the cap sits on it.
#[derive(Debug, Clone)]
pub struct Capped {
    law: SharedLaw,
    cap: f64,
}

impl Capped {
    /// `None` unless the cap is positive and finite.
    pub fn new(law: SharedLaw, cap: f64) -> Option<Self> {
        (cap > 0.0 && cap.is_finite()).then_some(Self { law, cap })
    }
}

impl Law for Capped {
    fn partial(&self, k: u32, x: f64) -> f64 {
        if x < self.cap {
            return self.law.partial(k, x);
        }
        self.law.partial(k, self.cap) + self.cap.powi(k as i32) * self.law.survival(self.cap)
    }
    fn moment(&self, k: u32) -> Option<f64> {
        Some(self.partial(k, self.cap))
    }
    fn survival(&self, x: f64) -> f64 {
        if x >= self.cap { 0.0 } else { self.law.survival(x) }
    }
    fn quantile(&self, p: f64) -> f64 {
        self.law.quantile(p).min(self.cap)
    }
    fn excess(&self, d: f64) -> Option<f64> {
        if d >= self.cap {
            return Some(0.0);
        }
        Some(match (self.law.excess(d), self.law.excess(self.cap)) {
            (Some(here), Some(there)) => (here - there).max(0.0),
            _ => self.law.limited_mean(self.cap) - self.law.limited_mean(d) - d.min(0.0),
        })
    }
    fn top(&self) -> f64 {
        self.cap.min(self.law.top())
    }
    fn has_atoms(&self) -> bool {
        true
    }
}

/// X given X <= end: the mass above is shared out below.
#[derive(Debug, Clone)]
pub struct Truncated {
    law: SharedLaw,
    end: f64,
    kept: f64,
}

impl Truncated {
    /// `None` unless the end is finite with mass below it.
    pub fn new(law: SharedLaw, end: f64) -> Option<Self> {
        let kept = law.cdf(end);
        (end.is_finite() && kept > 0.0).then_some(Self { law, end, kept })
    }
}

impl Law for Truncated {
    fn partial(&self, k: u32, x: f64) -> f64 {
        self.law.partial(k, x.min(self.end)) / self.kept
    }
    fn moment(&self, k: u32) -> Option<f64> {
        Some(self.partial(k, self.end))
    }
    fn survival(&self, x: f64) -> f64 {
        if x >= self.end {
            return 0.0;
        }
        ((self.law.survival(x) - self.law.survival(self.end)) / self.kept).max(0.0)
    }
    fn quantile(&self, p: f64) -> f64 {
        self.law.quantile(p * self.kept).min(self.end)
    }
    fn excess(&self, d: f64) -> Option<f64> {
        if d >= self.end {
            return Some(0.0);
        }
        let over = self.law.survival(self.end) * (self.end - d);
        Some(match (self.law.excess(d), self.law.excess(self.end)) {
            (Some(here), Some(there)) => ((here - there - over) / self.kept).max(0.0),
            _ => self.moment(1)? - self.limited_mean(d) - d.min(0.0),
        })
    }
    fn top(&self) -> f64 {
        self.end.min(self.law.top())
    }
    fn has_atoms(&self) -> bool {
        self.law.has_atoms()
    }
}

/// A body below and a tail above, chosen by chance: lognormal below a threshold, Pareto from it on.
#[derive(Debug, Clone)]
pub struct Spliced {
    body: SharedLaw,
    tail: SharedLaw,
    weight: f64,
}

impl Spliced {
    /// `weight` is the chance of the tail; `None` unless the body ends where the tail begins and the weight
    /// lies between 0 and 1.
    pub fn new(body: SharedLaw, tail: SharedLaw, weight: f64) -> Option<Self> {
        let joined = body.top() <= tail.quantile(0.0) * (1.0 + 1e-12);
        (joined && (0.0..=1.0).contains(&weight)).then_some(Self { body, tail, weight })
    }
    fn mix(&self, body: f64, tail: f64) -> f64 {
        (1.0 - self.weight) * body + self.weight * tail
    }
}

impl Law for Spliced {
    fn partial(&self, k: u32, x: f64) -> f64 {
        self.mix(self.body.partial(k, x), self.tail.partial(k, x))
    }
    fn moment(&self, k: u32) -> Option<f64> {
        Some(self.mix(self.body.moment(k)?, self.tail.moment(k)?))
    }
    fn survival(&self, x: f64) -> f64 {
        self.mix(self.body.survival(x), self.tail.survival(x))
    }
    fn quantile(&self, p: f64) -> f64 {
        let body = 1.0 - self.weight;
        if p <= body && body > 0.0 {
            self.body.quantile(p / body)
        } else {
            self.tail.quantile((p - body) / self.weight)
        }
    }
    fn excess(&self, d: f64) -> Option<f64> {
        Some(self.mix(self.body.excess(d)?, self.tail.excess(d)?))
    }
    fn top(&self) -> f64 {
        self.tail.top()
    }
    fn has_atoms(&self) -> bool {
        self.body.has_atoms() || self.tail.has_atoms()
    }
}
