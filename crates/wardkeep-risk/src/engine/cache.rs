//! Transforms kept by the hash of what they were made from.

use super::discretise::{VectorCheck, discretise};
use super::grid::Grid;
use super::loss::Leaf;
use super::transform::{Complex, Transform};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

type Key = ([u8; 32], u64, usize);
type Spectrum = Arc<Vec<Complex<f64>>>;

/// One law on one grid.
#[derive(Debug)]
pub struct LeafVector {
    masses: Vec<f64>,
    check: VectorCheck,
    phi: Spectrum,
    weighted: OnceLock<Spectrum>,
}

impl LeafVector {
    /// The tilted transform.
    pub fn phi(&self) -> Spectrum {
        self.phi.clone()
    }
    /// The identities of its masses.
    pub fn check(&self) -> VectorCheck {
        self.check
    }
    /// The masses.
    pub fn masses(&self) -> &[f64] {
        &self.masses
    }
    /// The tilted transform of `x f(x)`.
    pub fn weighted(&self, cache: &Cache, grid: Grid) -> Spectrum {
        self.weighted
            .get_or_init(|| {
                let amounts = self.masses.iter().enumerate().map(|(k, p)| k as f64 * grid.step * p);
                Arc::new(cache.transform(grid.cells).forward(amounts))
            })
            .clone()
    }
}

/// Vectors and plans, shared between runs; safe to use from several threads.
#[derive(Debug, Default)]
pub struct Cache {
    leaves: Mutex<HashMap<Key, Arc<LeafVector>>>,
    composed: Mutex<HashMap<Key, Spectrum>>,
    transforms: Mutex<HashMap<usize, Transform>>,
}

/// Vectors of one kind kept before that kind starts over: some 260 MiB at 2^14 cells.
const MOST_VECTORS: usize = 1_000;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic elsewhere leaves whole entries behind, never half ones.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Cache {
    /// Empty.
    pub fn new() -> Self {
        Self::default()
    }
    /// How many loss vectors are held.
    pub fn len(&self) -> usize {
        lock(&self.leaves).len()
    }
    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Plans and tables of a length.
    pub fn transform(&self, cells: usize) -> Transform {
        lock(&self.transforms).entry(cells).or_insert_with(|| Transform::new(cells)).clone()
    }
    /// One law on one grid.
    pub fn leaf(&self, leaf: &Leaf, grid: Grid) -> Arc<LeafVector> {
        let key = (leaf.hash(), grid.step.to_bits(), grid.cells);
        if let Some(found) = lock(&self.leaves).get(&key) {
            return found.clone();
        }
        let transform = self.transform(grid.cells);
        let (masses, check) = discretise(leaf.law(), grid, transform.logs());
        let phi = Arc::new(transform.forward(masses.iter().copied()));
        let made = Arc::new(LeafVector { masses, check, phi, weighted: OnceLock::new() });
        keep(&mut lock(&self.leaves), key, made)
    }
    /// A composed loss on one grid.
    pub fn composed(&self, hash: [u8; 32], grid: Grid, make: impl FnOnce() -> Vec<Complex<f64>>) -> Spectrum {
        let key = (hash, grid.step.to_bits(), grid.cells);
        if let Some(found) = lock(&self.composed).get(&key) {
            return found.clone();
        }
        let made = Arc::new(make());
        keep(&mut lock(&self.composed), key, made)
    }
}

fn keep<V: Clone>(map: &mut HashMap<Key, V>, key: Key, value: V) -> V {
    if map.len() >= MOST_VECTORS {
        map.clear();
    }
    map.insert(key, value.clone());
    value
}
