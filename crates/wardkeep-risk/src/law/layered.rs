//! One event before and after per-event cover.

use super::{Law, SharedLaw};

/// What is left to us, or what is ceded, of a layer above a deductible.
#[derive(Debug, Clone)]
pub struct Layered {
    law: SharedLaw,
    /// Deductible.
    from: f64,
    /// Deductible and limit.
    to: f64,
    ceded: bool,
}

impl Layered {
    /// What is left to us.
    pub fn new(law: SharedLaw, deductible: f64, limit: f64) -> Self {
        Self { law, from: deductible.max(0.0), to: deductible.max(0.0) + limit.max(0.0), ceded: false }
    }
    /// What the layer pays.
    pub fn ceded(law: SharedLaw, deductible: f64, limit: f64) -> Self {
        Self { ceded: true, ..Self::new(law, deductible, limit) }
    }
    fn width(&self) -> f64 {
        self.to - self.from
    }
    /// `E[(X - shift)^k; a < X <= b]` from partial moments.
    fn shifted(k: u32, shift: f64, below: [f64; 4], above: [f64; 4]) -> f64 {
        let m = |j: usize| above[j] - below[j];
        match k {
            0 => m(0),
            1 => m(1) - shift * m(0),
            2 => m(2) - 2.0 * shift * m(1) + shift * shift * m(0),
            _ => m(3) - 3.0 * shift * m(2) + 3.0 * shift * shift * m(1) - shift.powi(3) * m(0),
        }
    }
    fn partials(&self, x: f64) -> [f64; 4] {
        [0, 1, 2, 3].map(|k| self.law.partial(k, x))
    }
    /// The gross amount up to which the result is at most `x`.
    fn gross(&self, x: f64) -> f64 {
        match (self.ceded, x) {
            (true, x) if x >= self.width() => f64::INFINITY,
            (true, x) => self.from + x,
            (false, x) if x < self.from => x,
            (false, x) => x + self.width(),
        }
    }
}

impl Law for Layered {
    fn partial(&self, k: u32, x: f64) -> f64 {
        if x < 0.0 {
            return 0.0;
        }
        let top = self.gross(x);
        let zero = [0.0; 4];
        let at_from = self.partials(self.from);
        let power = |v: f64| v.powi(k as i32);
        if self.ceded {
            let start = if k == 0 { at_from[0] } else { 0.0 };
            let capped = top.min(self.to);
            let inside = Self::shifted(k, self.from, at_from, self.partials(capped));
            let full = if top > self.to { power(self.width()) * self.law.survival(self.to) } else { 0.0 };
            return start + inside + full;
        }
        if top <= self.from {
            return self.law.partial(k, top);
        }
        let first = Self::shifted(k, 0.0, zero, at_from);
        let held = power(self.from) * (self.law.survival(self.from) - self.law.survival(self.to.min(top)));
        let rest = if top > self.to {
            Self::shifted(k, self.width(), self.partials(self.to), self.partials(top))
        } else {
            0.0
        };
        first + held + rest
    }
    fn moment(&self, k: u32) -> Option<f64> {
        if self.ceded {
            return Some(self.partial(k, f64::INFINITY));
        }
        // Net above the layer: the whole moments minus what lies below it.
        // A tabulated law holds all its mass only to rounding: what is subtracted below must be taken from the same sum.
        let whole = [
            Some(self.law.partial(0, f64::INFINITY)),
            self.law.moment(1),
            self.law.moment(2),
            self.law.moment(3),
        ];
        let mut above = [0.0; 4];
        for j in 0..=(k.min(3) as usize) {
            above[j] = whole[j]?;
        }
        let rest = Self::shifted(k, self.width(), self.partials(self.to), above);
        let held = self.from.powi(k as i32) * (self.law.survival(self.from) - self.law.survival(self.to));
        Some(self.law.partial(k, self.from) + held + rest)
    }
    fn survival(&self, x: f64) -> f64 {
        let top = self.gross(x);
        if top.is_infinite() { 0.0 } else { self.law.survival(top) }
    }
    fn quantile(&self, p: f64) -> f64 {
        let gross = self.law.quantile(p);
        let paid = (gross - self.from).clamp(0.0, self.width());
        if self.ceded { paid } else { gross - paid }
    }
    fn excess(&self, d: f64) -> Option<f64> {
        let loss = |x: f64| self.law.excess(x);
        let d0 = d.max(0.0);
        let value = if self.ceded {
            if d0 >= self.width() { 0.0 } else { loss(self.from + d0)? - loss(self.to)? }
        } else if d0 >= self.from {
            loss(d0 + self.width())?
        } else {
            loss(d0)? - loss(self.from)? + loss(self.to)?
        };
        Some((value - d.min(0.0)).max(0.0))
    }
    fn top(&self) -> f64 {
        if self.ceded {
            self.width()
        } else {
            self.law.top() - self.width().min((self.law.top() - self.from).max(0.0))
        }
    }
    fn has_atoms(&self) -> bool {
        true
    }
}
