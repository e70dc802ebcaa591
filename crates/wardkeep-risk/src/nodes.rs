//! Nodes of the loss tree that have closed answers of their own: vulnerability and the largest event.

use crate::law::{Law, Pert};
use crate::maths::{quadrature::integral, root};
use crate::{Probability, Rate};

/// P(threat capability > resistance strength): the integral is split where either law begins or ends.
pub fn vulnerability(capability: &Pert, resistance: &Pert) -> Probability {
    above([capability.ends(), resistance.ends()], |x| capability.density(x) * resistance.cdf(x))
}

/// The integral of one law's density times the other's distribution over the ends of both.
pub(crate) fn above(ends: [(f64, f64); 2], density_times_cdf: impl Fn(f64) -> f64) -> Probability {
    let [(a, b), (c, d)] = ends;
    let mut edges = [a, b, c, d];
    edges.sort_by(f64::total_cmp);
    // Where the capability is certain to be above, its whole mass counts; the pieces share the rest.
    let inside: f64 = edges.windows(2).map(|pair| integral(pair[0], pair[1], &density_times_cdf)).sum();
    Probability::clamped(inside)
}

/// The q-quantile of the largest single event of a year, over independent Poisson scenarios:
/// `P(max <= x) = exp(-sum L (1 - F(x)))`. Zero when no event at all has that chance.
pub fn largest_event_quantile(scenarios: &[(Rate, &dyn Law)], q: f64) -> f64 {
    let expected = |x: f64| scenarios.iter().map(|(rate, law)| rate.times() * law.survival(x)).sum::<f64>();
    let allowed = -libm::log(q);
    if expected(0.0) <= allowed {
        return 0.0;
    }
    let mut high = 1.0;
    while expected(high) > allowed && high < 1e300 {
        high *= 4.0;
    }
    root::increasing(0.0, high, |x| allowed - expected(x))
}
