//! Axes: logarithmic ones that show every step, linear ones from round number to round number.

/// A logarithmic scale between two values above zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Log {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Log {
    /// `low` lies at coordinate `from`, `high` at `to`.
    pub(super) fn new(low: f64, high: f64, from: f64, to: f64) -> Self {
        let low = if low.is_finite() && low > 0.0 { low } else { 1.0 };
        let high = if high.is_finite() && high > low * 1.01 { high } else { low * 10.0 };
        Self { low, high, from, to }
    }
    /// The same values between other coordinates.
    pub(super) fn between(self, from: f64, to: f64) -> Self {
        Self { from, to, ..self }
    }
    /// The coordinate of a value, kept between the ends.
    pub(super) fn at(&self, value: f64) -> f64 {
        let share = (value.max(self.low * 1e-12) / self.low).ln() / (self.high / self.low).ln();
        self.from + share.clamp(0.0, 1.0) * (self.to - self.from)
    }
    /// Whether a value lies between the ends.
    pub(super) fn holds(&self, value: f64) -> bool {
        value >= self.low * (1.0 - 1e-9) && value <= self.high * (1.0 + 1e-9)
    }
    /// Every 1 to 9 times a power of ten between the ends, and whether it is written out: so that a reader sees
    /// by the narrowing lines that the scale is not even.
    pub(super) fn ticks(&self) -> Vec<(f64, bool)> {
        let decades = (self.high / self.low).log10();
        let mut out = Vec::new();
        let mut power = self.low.log10().floor() as i32;
        while 10_f64.powi(power) <= self.high && out.len() < 400 {
            for digit in 1..=9_u8 {
                let value = f64::from(digit) * 10_f64.powi(power);
                if self.holds(value) {
                    let named = digit == 1 || (decades <= 3.2 && matches!(digit, 2 | 5));
                    out.push((value, named));
                }
            }
            power += 1;
        }
        out
    }
}

/// About so many round steps that cover `low` to `high`.
pub(super) fn round_steps(low: f64, high: f64, about: usize) -> Vec<f64> {
    let span = high - low;
    if !span.is_finite() || span <= 0.0 {
        return vec![low];
    }
    let rough = span / about.max(1) as f64;
    let size = 10_f64.powf(rough.log10().floor());
    let step =
        [1.0, 2.0, 2.5, 5.0, 10.0].iter().map(|s| s * size).find(|s| *s >= rough * 0.999).unwrap_or(rough);
    let first = (low / step).floor() as i64;
    let last = (high / step).ceil() as i64;
    (first..=last.min(first + 40)).map(|k| k as f64 * step).collect()
}

#[cfg(test)]
mod tests {
    use super::{Log, round_steps};

    #[test]
    fn every_step_of_a_decade_has_its_line() {
        let scale = Log::new(1e4, 1e7, 0.0, 300.0);
        assert_eq!([1e4, 1e5, 1e7, 1e9].map(|v| scale.at(v).round()), [0.0, 100.0, 300.0, 300.0]);
        let named: Vec<f64> = scale.ticks().into_iter().filter(|t| t.1).map(|t| t.0).collect();
        assert_eq!(named.first(), Some(&1e4));
        assert_eq!((scale.ticks().len(), named.len()), (28, 10));
        for odd in [Log::new(f64::NAN, 0.0, 0.0, 1.0), Log::new(5.0, 5.0, 0.0, 1.0)] {
            assert!(odd.at(3.0).is_finite() && !odd.ticks().is_empty());
        }
    }

    #[test]
    fn linear_steps_are_round() {
        assert_eq!(round_steps(0.0, 870.0, 4), [0.0, 250.0, 500.0, 750.0, 1000.0]);
        assert_eq!(round_steps(3.0, 3.0, 4), [3.0]);
        assert!(round_steps(-3.1e6, 9.2e6, 5).len() <= 9);
    }
}
