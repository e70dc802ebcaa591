//! Gauss rules of a law from the recurrence of its orthonormal polynomials.

/// One step of the recurrence `b' p' = (x - a) p - b p_before`: the centre `a` and the step `b`, which is 0 at first.
pub type Step = (f64, f64);

/// Nodes and weights of a rule with one node fewer than there are steps: the eigenvalues of the tridiagonal matrix of the
/// steps and the squares of the first parts of its eigenvectors (Golub and Welsch), by the implicit QL method.
pub fn rule(steps: &[Step]) -> Vec<(f64, f64)> {
    let n = steps.len().saturating_sub(1);
    let mut d: Vec<f64> = steps.iter().take(n).map(|s| s.0).collect();
    let mut e: Vec<f64> = steps.iter().skip(1).map(|s| s.1).collect();
    let mut first: Vec<f64> = (0..n).map(|k| f64::from(k == 0)).collect();
    for l in 0..n {
        // Two or three rounds are usual; the bound is there so that nothing runs for ever.
        for _ in 0..60 {
            let small = |m: usize| e[m].abs() <= f64::EPSILON * (d[m].abs() + d[m + 1].abs());
            let m = (l..n - 1).find(|m| small(*m)).unwrap_or(n - 1);
            if m == l {
                break;
            }
            let g = (d[l + 1] - d[l]) / (2.0 * e[l]);
            let mut g = d[m] - d[l] + e[l] / (g + libm::copysign(libm::hypot(g, 1.0), g));
            let (mut s, mut c, mut p) = (1.0, 1.0, 0.0);
            let mut split = false;
            for i in (l..m).rev() {
                let (f, b) = (s * e[i], c * e[i]);
                let r = libm::hypot(f, g);
                e[i + 1] = r;
                if r == 0.0 {
                    d[i + 1] -= p;
                    split = true;
                    break;
                }
                (s, c) = (f / r, g / r);
                g = d[i + 1] - p;
                let r = (d[i] - g) * s + 2.0 * c * b;
                p = s * r;
                d[i + 1] = g + p;
                g = c * r - b;
                (first[i + 1], first[i]) = (s * first[i] + c * first[i + 1], c * first[i] - s * first[i + 1]);
            }
            e[m] = 0.0;
            if !split {
                d[l] -= p;
                e[l] = g;
            }
        }
    }
    let mut out: Vec<(f64, f64)> = d.into_iter().zip(first).map(|(x, v)| (x, v * v)).collect();
    out.sort_by(|a, b| a.0.total_cmp(&b.0));
    out
}

/// Nodes and weights for a gamma law of this shape and scale 1: its first `2 count - 1` moments are exact.
pub fn gamma_nodes(shape: f64, count: usize) -> Vec<(f64, f64)> {
    let steps: Vec<Step> = (0..=count)
        .map(|n| {
            let n = n as f64;
            (2.0 * n + shape, libm::sqrt(n * (n + shape - 1.0)))
        })
        .collect();
    rule(&steps).into_iter().map(|(x, w)| (x.max(0.0), w)).collect()
}

/// Fewer values and weights with the same mean, and the same moments up to `2 count - 1`: the Gauss rule of the values
/// themselves (Stieltjes). Weights sum to 1 before and after.
pub fn fewer(nodes: Vec<(f64, f64)>, count: usize) -> Vec<(f64, f64)> {
    let ends = |nodes: &[(f64, f64)]| {
        nodes.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), (x, _)| (l.min(*x), h.max(*x)))
    };
    let (low, high) = ends(&nodes);
    let width = high - low;
    if nodes.len() <= count || width <= 0.0 || !width.is_finite() {
        return nodes;
    }
    let unit: Vec<(f64, f64)> = nodes.iter().map(|(x, w)| ((x - low) / width, *w)).collect();
    let inner =
        |p: &[f64], q: &[f64]| unit.iter().zip(p).zip(q).map(|(((_, w), p), q)| w * p * q).sum::<f64>();
    // The polynomials at every value, each of size 1.
    let mut all: Vec<Vec<f64>> = vec![vec![1.0; unit.len()]];
    let mut steps: Vec<Step> = Vec::with_capacity(count + 1);
    let mut step = 0.0;
    for n in 0..=count {
        let mut next: Vec<f64> = unit.iter().zip(&all[n]).map(|((x, _), p)| x * p).collect();
        let centre = inner(&next, &all[n]);
        steps.push((centre, step));
        // Against all of them, not only the last two: rounding would bring old ones back as roots that stand twice.
        for _ in 0..2 {
            for one in &all {
                let part = inner(&next, one);
                next.iter_mut().zip(one).for_each(|(x, p)| *x -= part * p);
            }
        }
        step = libm::sqrt(inner(&next, &next));
        // As many values as there are: further polynomials vanish on all of them.
        if step < 1e-12 {
            steps.push((0.0, 1.0));
            break;
        }
        next.iter_mut().for_each(|x| *x /= step);
        all.push(next);
    }
    rule(&steps).into_iter().map(|(t, w)| (low + width * t.clamp(0.0, 1.0), w)).collect()
}

#[cfg(test)]
mod tests {
    use super::{fewer, gamma_nodes};

    fn mean(nodes: &[(f64, f64)], g: impl Fn(f64) -> f64) -> f64 {
        nodes.iter().map(|(x, w)| w * g(*x)).sum()
    }

    #[test]
    fn moments_of_a_gamma_law_are_exact() {
        for shape in [0.3, 1.0, 3.068_73, 80.0] {
            let nodes = gamma_nodes(shape, 24);
            let close =
                |found: f64, wanted: f64| assert!((found / wanted - 1.0).abs() < 1e-11, "{shape} {found}");
            close(mean(&nodes, |_| 1.0), 1.0);
            close(mean(&nodes, |x| x), shape);
            close(mean(&nodes, |x| x * x), shape * (shape + 1.0));
            close(mean(&nodes, |x| x.powi(3)), shape * (shape + 1.0) * (shape + 2.0));
        }
    }

    #[test]
    fn fewer_values_keep_the_moments() {
        let gamma = gamma_nodes(3.0, 24);
        let many: Vec<(f64, f64)> = gamma
            .iter()
            .flat_map(|(x, w)| [(0.1, 0.2), (0.4, 0.5), (0.9, 0.3)].map(|(y, v)| (x * y, w * v)))
            .collect();
        let few = fewer(many.clone(), 16);
        assert_eq!(few.len(), 16);
        for k in 0..8 {
            let (a, b) = (mean(&many, |x| x.powi(k)), mean(&few, |x| x.powi(k)));
            assert!((a / b - 1.0).abs() < 1e-9, "{k}: {a} {b}");
        }
        // Two values stay two, however often they are written.
        let two: Vec<(f64, f64)> = (0..40).map(|n| (f64::from(n % 2), 1.0 / 40.0)).collect();
        let few = fewer(two, 16);
        assert!(few.len() == 2 && (mean(&few, |x| x) - 0.5).abs() < 1e-12, "{few:?}");
    }
}
