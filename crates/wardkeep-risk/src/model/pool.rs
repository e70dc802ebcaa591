//! One figure from several people's.

use super::{RateSpec, ShareSpec};
use crate::law::LawSpec;
use crate::{Probability, Rate};

/// The weighted geometric mean: the same factor up and down counts the same.
fn between(points: impl Iterator<Item = (f64, f64)>) -> f64 {
    libm::exp(points.map(|(share, x)| share * libm::log(x)).sum())
}

/// The weighted mean.
fn average(points: impl Iterator<Item = (f64, f64)>) -> f64 {
    points.map(|(share, x)| share * x).sum()
}

/// One rate from several of one shape with shares that sum to 1: the points of ranges on the scale of factors, three
/// points and single figures on the scale of amounts. `None` for shapes that have no pool.
pub fn pooled_rate(all: &[(f64, RateSpec)]) -> Option<RateSpec> {
    let at = |pick: fn(&RateSpec) -> f64| all.iter().map(move |(share, spec)| (*share, pick(spec)));
    Some(match all.first()?.1 {
        RateSpec::Interval { .. } => {
            let end = |low: bool| {
                between(at(if low {
                    |s| if let RateSpec::Interval { p05, .. } = s { *p05 } else { f64::NAN }
                } else {
                    |s| if let RateSpec::Interval { p95, .. } = s { *p95 } else { f64::NAN }
                }))
            };
            RateSpec::Interval { p05: end(true), p95: end(false) }
        }
        RateSpec::Pert { .. } => RateSpec::Pert {
            low: average(at(|s| if let RateSpec::Pert { low, .. } = s { *low } else { f64::NAN })),
            mode: average(at(|s| if let RateSpec::Pert { mode, .. } = s { *mode } else { f64::NAN })),
            high: average(at(|s| if let RateSpec::Pert { high, .. } = s { *high } else { f64::NAN })),
            weight: average(at(|s| if let RateSpec::Pert { weight, .. } = s { *weight } else { f64::NAN })),
        },
        RateSpec::Point { .. } => RateSpec::Point {
            per_year: Rate::new(average(at(|s| {
                if let RateSpec::Point { per_year } = s { per_year.times() } else { f64::NAN }
            })))?,
        },
        _ => return None,
    })
}

/// One share from several, as [`pooled_rate`] does it, but for ranges: their points are averaged on the scale of
/// log-odds, so that chances near 0 and near 1 count alike.
pub fn pooled_share(all: &[(f64, ShareSpec)]) -> Option<ShareSpec> {
    let at = |pick: fn(&ShareSpec) -> f64| all.iter().map(move |(share, spec)| (*share, pick(spec)));
    let odds = |points: &dyn Fn(&ShareSpec) -> f64| {
        let mean: f64 = all.iter().map(|(w, s)| w * (libm::log(points(s)) - libm::log1p(-points(s)))).sum();
        1.0 / (1.0 + libm::exp(-mean))
    };
    Some(match all.first()?.1 {
        ShareSpec::Interval { .. } => ShareSpec::Interval {
            p05: odds(&|s| if let ShareSpec::Interval { p05, .. } = s { *p05 } else { f64::NAN }),
            p95: odds(&|s| if let ShareSpec::Interval { p95, .. } = s { *p95 } else { f64::NAN }),
        },
        ShareSpec::Pert { .. } => ShareSpec::Pert {
            low: average(at(|s| if let ShareSpec::Pert { low, .. } = s { *low } else { f64::NAN })),
            mode: average(at(|s| if let ShareSpec::Pert { mode, .. } = s { *mode } else { f64::NAN })),
            high: average(at(|s| if let ShareSpec::Pert { high, .. } = s { *high } else { f64::NAN })),
            weight: average(at(|s| if let ShareSpec::Pert { weight, .. } = s { *weight } else { f64::NAN })),
        },
        ShareSpec::Chance { .. } => ShareSpec::Chance {
            probability: Probability::new(average(at(|s| {
                if let ShareSpec::Chance { probability } = s { probability.value() } else { f64::NAN }
            })))?,
        },
    })
}

/// One law from several, as [`pooled_rate`] does it: ranges of a lognormal stay ranges of one.
pub fn pooled_law(all: &[(f64, LawSpec)]) -> Option<LawSpec> {
    let at = |pick: fn(&LawSpec) -> f64| all.iter().map(move |(share, spec)| (*share, pick(spec)));
    Some(match all.first()?.1 {
        LawSpec::Interval { .. } => LawSpec::Interval {
            p05: between(at(|s| if let LawSpec::Interval { p05, .. } = s { *p05 } else { f64::NAN })),
            p95: between(at(|s| if let LawSpec::Interval { p95, .. } = s { *p95 } else { f64::NAN })),
        },
        LawSpec::Pert { weight, .. } => LawSpec::Pert {
            low: average(at(|s| if let LawSpec::Pert { low, .. } = s { *low } else { f64::NAN })),
            mode: average(at(|s| if let LawSpec::Pert { mode, .. } = s { *mode } else { f64::NAN })),
            high: average(at(|s| if let LawSpec::Pert { high, .. } = s { *high } else { f64::NAN })),
            weight,
        },
        LawSpec::Constant { .. } => LawSpec::Constant {
            value: average(at(|s| if let LawSpec::Constant { value } = s { *value } else { f64::NAN })),
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{pooled_law, pooled_rate, pooled_share};
    use crate::law::LawSpec;
    use crate::model::{RateSpec, ShareSpec};

    #[test]
    fn ranges_stay_ranges_of_one_law() {
        let range = |p05, p95| LawSpec::Interval { p05, p95 };
        let Some(LawSpec::Interval { p05, p95 }) =
            pooled_law(&[(0.5, range(1e4, 1e6)), (0.5, range(1e6, 1e8))])
        else {
            panic!("not a range")
        };
        assert!((p05 / 1e5 - 1.0).abs() < 1e-12 && (p95 / 1e7 - 1.0).abs() < 1e-12);
        let three = |low, mode, high| RateSpec::Pert { low, mode, high, weight: 4.0 };
        let mixed = pooled_rate(&[(0.25, three(0.0, 1.0, 4.0)), (0.75, three(4.0, 5.0, 8.0))]);
        assert_eq!(mixed, Some(three(3.0, 4.0, 7.0)));
        let heavy = RateSpec::Pert { low: 0.0, mode: 1.0, high: 4.0, weight: 8.0 };
        let both = pooled_rate(&[(0.5, three(0.0, 1.0, 4.0)), (0.5, heavy)]);
        assert!(matches!(both, Some(RateSpec::Pert { weight: 6.0, .. })), "{both:?}");
        let share = |p05, p95| ShareSpec::Interval { p05, p95 };
        let Some(ShareSpec::Interval { p05, p95 }) =
            pooled_share(&[(0.5, share(0.1, 0.4)), (0.5, share(0.6, 0.9))])
        else {
            panic!("not a range")
        };
        assert!((p05 + p95 - 1.0).abs() < 1e-12 && p05 > 0.1 && p05 < 0.5, "{p05} {p95}");
    }
}
