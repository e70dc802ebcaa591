//! Bracketed root search.

/// The root of an increasing `f` on `[low, high]`, by bisection with a secant step when that helps. Returns an
/// end when the root lies outside.
pub fn increasing(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut at_low, mut at_high) = (f(low), f(high));
    if at_low >= 0.0 {
        return low;
    }
    if at_high <= 0.0 {
        return high;
    }
    for turn in 0..200 {
        if high - low <= 4.0 * f64::EPSILON * high.abs().max(low.abs()) {
            break;
        }
        let secant = low - at_low * (high - low) / (at_high - at_low);
        let margin = 1e-3 * (high - low);
        let middle = 0.5 * (low + high);
        let x = if turn % 3 == 2 || !secant.is_finite() {
            middle
        } else {
            secant.clamp(low + margin.min(0.5 * (high - low)), high - margin.min(0.5 * (high - low)))
        };
        // Far apart brackets shrink faster by bisection of the exponent.
        let x = if low > 0.0 && high / low > 1e3 { libm::sqrt(low * high) } else { x };
        let value = f(x);
        if value == 0.0 {
            return x;
        }
        if value < 0.0 {
            (low, at_low) = (x, value);
        } else {
            (high, at_high) = (x, value);
        }
    }
    0.5 * (low + high)
}
