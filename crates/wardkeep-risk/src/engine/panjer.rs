//! The recursion of Panjer for a Poisson sum: an oracle for tests, slow and without underflow guard.

/// Masses of a compound Poisson sum from masses of one event on the same grid.
pub fn compound_poisson(rate: f64, event: &[f64], cells: usize) -> Vec<f64> {
    let at = |k: usize| event.get(k).copied().unwrap_or(0.0);
    let mut masses = vec![libm::exp(rate * (at(0) - 1.0))];
    for k in 1..cells {
        let sum: f64 =
            (1..=k.min(event.len().saturating_sub(1))).map(|j| j as f64 * at(j) * masses[k - j]).sum();
        masses.push(rate / k as f64 * sum);
    }
    masses
}
