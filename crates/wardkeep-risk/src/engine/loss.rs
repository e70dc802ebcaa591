//! The loss of one event: laws, added, mixed, with a secondary part and insurance.

use super::cache::Cache;
use super::grid::Grid;
use super::transform::Complex;
use crate::law::{LawSpec, Layered, SharedLaw, Table};
use crate::maths::root;
use crate::{Probability, canonical};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wardkeep_types::Problem;

/// What an insurer pays of one event: the part above the deductible, up to the limit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EventLayer {
    /// Borne by ourselves before cover begins.
    pub deductible: f64,
    /// The most that is paid per event.
    pub limit: f64,
}

/// One law with the hash of what it was made from: the cache never goes by name or address.
#[derive(Debug, Clone)]
pub struct Leaf {
    law: SharedLaw,
    hash: [u8; 32],
}

impl Leaf {
    /// A law from its specification, every amount times `factor`.
    pub fn new(spec: &LawSpec, factor: f64, path: &str) -> Result<Self, Problem> {
        let law = spec.scaled(factor, path)?;
        Ok(Self { law, hash: canonical::hash(&(spec, factor)) })
    }
    /// The law.
    pub fn law(&self) -> &dyn crate::law::Law {
        &*self.law
    }
    /// Identity of the law in caches.
    pub fn hash(&self) -> [u8; 32] {
        self.hash
    }
}

/// The loss of one event.
#[derive(Debug, Clone)]
pub enum Loss {
    /// One law.
    One(Leaf),
    /// Independent parts that add up.
    Sum(Vec<Loss>),
    /// With this chance the first, else the second; a secondary loss is a mix with nothing.
    Mix(Probability, Box<Loss>, Box<Loss>),
    /// No loss at all.
    Nothing,
}

impl Loss {
    /// One law from its specification.
    pub fn of(spec: &LawSpec) -> Result<Self, Problem> {
        Ok(Self::One(Leaf::new(spec, 1.0, "loss")?))
    }
    /// With this chance `self`, else nothing.
    #[must_use]
    pub fn sometimes(self, chance: Probability) -> Self {
        Self::Mix(chance, Box::new(self), Box::new(Self::Nothing))
    }
    /// Net of per-event cover. Exact for one law and for a mix, whose every branch is one event; a sum of laws is
    /// tabulated first, mean kept, on 2^16 cells.
    #[must_use]
    pub fn net_of(&self, layer: EventLayer, cache: &Cache) -> Self {
        let (law, hash) = match self {
            Self::One(leaf) => (leaf.law.clone(), leaf.hash),
            Self::Nothing => return Self::Nothing,
            Self::Mix(chance, first, second) => {
                let net = |part: &Self| Box::new(part.net_of(layer, cache));
                return Self::Mix(*chance, net(first), net(second));
            }
            Self::Sum(_) => (self.table(cache), self.hash()),
        };
        let hash = canonical::hash(&(hash, layer));
        let net: SharedLaw = Arc::new(Layered::new(law, layer.deductible, layer.limit));
        Self::One(Leaf { law: net, hash })
    }
    /// The insurer's part of one event.
    #[must_use]
    pub fn ceded_to(&self, layer: EventLayer, cache: &Cache) -> Self {
        let (law, hash) = match self {
            Self::One(leaf) => (leaf.law.clone(), leaf.hash),
            Self::Nothing => return Self::Nothing,
            Self::Mix(chance, first, second) => {
                let ceded = |part: &Self| Box::new(part.ceded_to(layer, cache));
                return Self::Mix(*chance, ceded(first), ceded(second));
            }
            Self::Sum(_) => (self.table(cache), self.hash()),
        };
        let hash = canonical::hash(&("ceded", hash, layer));
        let ceded: SharedLaw = Arc::new(Layered::ceded(law, layer.deductible, layer.limit));
        Self::One(Leaf { law: ceded, hash })
    }
    fn table(&self, cache: &Cache) -> SharedLaw {
        let mut end = 1.0;
        while self.survival(end) > 1e-9 && end < 1e300 {
            end *= 2.0;
        }
        // Twice as far as wanted, and only the near half is kept: the tilt lets rounding noise grow towards the end.
        let end = 2.5 * root::increasing(0.0, end, |x| 1e-9 - self.survival(x));
        let grid = Grid::ending_at(end.max(1.0), 1 << 16);
        let spectrum = self.spectrum(grid, cache);
        let mut masses = cache.transform(grid.cells).back(spectrum.to_vec());
        masses.truncate(grid.cells / 2);
        Arc::new(Table::new(grid.step, masses, self.moment(1)))
    }

    /// Identity of the whole loss in caches.
    pub fn hash(&self) -> [u8; 32] {
        match self {
            Self::One(leaf) => leaf.hash,
            Self::Sum(parts) => canonical::hash(&("sum", parts.iter().map(Self::hash).collect::<Vec<_>>())),
            Self::Mix(chance, first, second) => {
                canonical::hash(&("mix", chance, first.hash(), second.hash()))
            }
            Self::Nothing => canonical::hash(&"nothing"),
        }
    }

    /// `E[X^k]`, `None` when infinite.
    pub fn moment(&self, k: u32) -> Option<f64> {
        if k == 0 {
            return Some(1.0);
        }
        match self {
            Self::One(leaf) => leaf.law.moment(k),
            Self::Nothing => Some(0.0),
            Self::Mix(chance, first, second) => {
                let p = chance.value();
                let part = |p: f64, loss: &Self| if p == 0.0 { Some(0.0) } else { Some(p * loss.moment(k)?) };
                Some(part(p, first)? + part(1.0 - p, second)?)
            }
            Self::Sum(parts) => {
                let mut sum = [Some(1.0), Some(0.0), Some(0.0), Some(0.0)];
                for part in parts {
                    let m = [Some(1.0), part.moment(1), part.moment(2), part.moment(3)];
                    let old = sum;
                    for n in 1..=3usize {
                        sum[n] =
                            (0..=n).map(|j| Some(BINOMIAL[n][j] * old[j]? * m[n - j]?)).sum::<Option<f64>>();
                    }
                }
                sum[k.min(3) as usize]
            }
        }
    }

    /// P(X > x): exact for one law and mixes, a single-big-part estimate for sums (used to place the grid).
    pub fn survival(&self, x: f64) -> f64 {
        match self {
            Self::One(leaf) => leaf.law.survival(x),
            Self::Nothing => 0.0,
            Self::Mix(chance, first, second) => {
                let p = chance.value();
                p * first.survival(x) + (1.0 - p) * second.survival(x)
            }
            Self::Sum(parts) => parts.iter().map(|part| part.survival(x)).sum::<f64>().min(1.0),
        }
    }

    /// P(X = 0).
    pub fn mass_at_zero(&self) -> f64 {
        match self {
            Self::One(leaf) => leaf.law.cdf(0.0),
            Self::Nothing => 1.0,
            Self::Mix(chance, first, second) => {
                chance.value() * first.mass_at_zero() + (1.0 - chance.value()) * second.mass_at_zero()
            }
            Self::Sum(parts) => parts.iter().map(Self::mass_at_zero).product(),
        }
    }

    /// Whether single amounts have mass.
    pub fn has_atoms(&self) -> bool {
        match self {
            Self::One(leaf) => leaf.law.has_atoms(),
            Self::Nothing => false,
            Self::Mix(_, first, second) => first.has_atoms() || second.has_atoms(),
            Self::Sum(parts) => parts.iter().any(Self::has_atoms),
        }
    }

    /// Every law in it.
    pub fn leaves<'a>(&'a self, out: &mut Vec<&'a Leaf>) {
        match self {
            Self::One(leaf) => out.push(leaf),
            Self::Nothing => {}
            Self::Mix(_, first, second) => {
                first.leaves(out);
                second.leaves(out);
            }
            Self::Sum(parts) => parts.iter().for_each(|part| part.leaves(out)),
        }
    }

    /// The tilted transform.
    pub fn spectrum(&self, grid: Grid, cache: &Cache) -> Arc<Vec<Complex<f64>>> {
        match self {
            Self::One(leaf) => cache.leaf(leaf, grid).phi(),
            other => cache.composed(other.hash(), grid, || other.compose(grid, cache, Self::spectrum)),
        }
    }

    fn compose(
        &self,
        grid: Grid,
        cache: &Cache,
        of: impl Fn(&Self, Grid, &Cache) -> Arc<Vec<Complex<f64>>>,
    ) -> Vec<Complex<f64>> {
        let one = Complex::new(1.0, 0.0);
        match self {
            Self::One(leaf) => cache.leaf(leaf, grid).phi().to_vec(),
            Self::Nothing => vec![one; grid.cells / 2 + 1],
            Self::Mix(chance, first, second) => {
                let p = chance.value();
                let (first, second) = (of(first, grid, cache), of(second, grid, cache));
                first.iter().zip(second.iter()).map(|(a, b)| a * p + b * (1.0 - p)).collect()
            }
            Self::Sum(parts) => {
                let mut product = vec![one; grid.cells / 2 + 1];
                for part in parts {
                    let phi = of(part, grid, cache);
                    product.iter_mut().zip(phi.iter()).for_each(|(a, b)| *a *= b);
                }
                product
            }
        }
    }

    /// The tilted transform of `x f(x)`, for the allocation of tails to scenarios.
    pub fn weighted(&self, grid: Grid, cache: &Cache) -> Arc<Vec<Complex<f64>>> {
        let zero = Complex::new(0.0, 0.0);
        match self {
            Self::One(leaf) => cache.leaf(leaf, grid).weighted(cache, grid),
            Self::Nothing => Arc::new(vec![zero; grid.cells / 2 + 1]),
            Self::Mix(..) => Arc::new(self.compose(grid, cache, Self::weighted)),
            Self::Sum(parts) => {
                let mut sum = vec![zero; grid.cells / 2 + 1];
                for (i, part) in parts.iter().enumerate() {
                    let mut term = part.weighted(grid, cache).to_vec();
                    for (j, other) in parts.iter().enumerate() {
                        if i != j {
                            let phi = other.spectrum(grid, cache);
                            term.iter_mut().zip(phi.iter()).for_each(|(a, b)| *a *= b);
                        }
                    }
                    sum.iter_mut().zip(&term).for_each(|(a, b)| *a += b);
                }
                Arc::new(sum)
            }
        }
    }
}

const BINOMIAL: [[f64; 4]; 4] =
    [[1.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0], [1.0, 2.0, 1.0, 0.0], [1.0, 3.0, 3.0, 1.0]];

impl Loss {
    /// Every amount times a positive factor.
    pub fn scaled(self, factor: f64, path: &str) -> Result<Self, Problem> {
        let boxed = |loss: Box<Self>| Ok::<_, Problem>(Box::new(loss.scaled(factor, path)?));
        Ok(match self {
            Self::One(leaf) => {
                let law = crate::law::Scaled::new(leaf.law.clone(), factor).ok_or_else(|| {
                    Problem::new(path, "factor", format!("{factor} is not a factor above zero"))
                })?;
                Self::One(Leaf { law: Arc::new(law), hash: canonical::hash(&("scaled", leaf.hash, factor)) })
            }
            Self::Nothing => Self::Nothing,
            Self::Mix(chance, first, second) => Self::Mix(chance, boxed(first)?, boxed(second)?),
            Self::Sum(parts) => {
                Self::Sum(parts.into_iter().map(|part| part.scaled(factor, path)).collect::<Result<_, _>>()?)
            }
        })
    }
}
