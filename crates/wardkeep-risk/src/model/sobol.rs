//! A low-discrepancy sequence (Sobol's construction) with primitive polynomials found here, odd starting
//! numbers by counter, and a digital shift per dimension.

use crate::simulate::mix;

/// Points in [0, 1)^dimensions.
#[derive(Debug, Clone)]
pub struct Sobol {
    directions: Vec<[u32; 32]>,
    shifts: Vec<u32>,
}

impl Sobol {
    /// For a count of dimensions; `key` shifts all of them.
    pub fn new(dimensions: usize, key: u64) -> Self {
        let mut directions = Vec::with_capacity(dimensions);
        // The first dimension is the van der Corput sequence.
        if dimensions > 0 {
            directions.push(std::array::from_fn(|bit| 1u32 << (31 - bit)));
        }
        let mut degree = 1;
        while directions.len() < dimensions {
            for inner in 0..1u32 << (degree - 1) {
                let polynomial = (1 << degree) | (inner << 1) | 1;
                if is_primitive(polynomial, degree) {
                    directions.push(direction(polynomial, degree, directions.len() as u64));
                    if directions.len() == dimensions {
                        break;
                    }
                }
            }
            degree += 1;
        }
        let shifts = (0..dimensions).map(|d| mix(key ^ mix(d as u64 + 1)) as u32).collect();
        Self { directions, shifts }
    }
    /// Point number `index`, strictly inside (0, 1) in each dimension.
    pub fn point(&self, index: u32) -> Vec<f64> {
        let gray = index ^ (index >> 1);
        self.directions
            .iter()
            .zip(&self.shifts)
            .map(|(direction, shift)| {
                let bits = (0..32).filter(|b| gray >> b & 1 == 1).fold(*shift, |x, b| x ^ direction[b]);
                (f64::from(bits) + 0.5) / 4_294_967_296.0
            })
            .collect()
    }
}

/// Whether x generates all non-zero remainders of the polynomial over two elements.
fn is_primitive(polynomial: u32, degree: u32) -> bool {
    let full = (1u32 << degree) - 1;
    let mut value = 1u32;
    for step in 1..=full {
        value <<= 1;
        if value >> degree & 1 == 1 {
            value ^= polynomial;
        }
        if value == 1 {
            return step == full;
        }
    }
    false
}

/// Direction numbers by the recurrence of the polynomial.
fn direction(polynomial: u32, degree: u32, dimension: u64) -> [u32; 32] {
    let degree = degree as usize;
    let mut m = [0u64; 32];
    for (i, start) in m.iter_mut().enumerate().take(degree) {
        *start = (mix(dimension << 8 | i as u64) % (1 << i)) * 2 + 1;
    }
    for i in degree..32 {
        let mut next = m[i - degree] ^ (m[i - degree] << degree);
        for k in 1..degree {
            if polynomial >> (degree - k) & 1 == 1 {
                next ^= m[i - k] << k;
            }
        }
        m[i] = next;
    }
    std::array::from_fn(|i| (m[i] << (31 - i)) as u32)
}

#[cfg(test)]
mod tests {
    use super::Sobol;

    #[test]
    fn each_dimension_fills_its_cells_once() {
        let sobol = Sobol::new(150, 7);
        let points: Vec<Vec<f64>> = (0..64).map(|i| sobol.point(i)).collect();
        for d in 0..150 {
            let mut cells: Vec<usize> = points.iter().map(|p| (p[d] * 64.0) as usize).collect();
            cells.sort_unstable();
            cells.dedup();
            assert_eq!(cells.len(), 64, "dimension {d}");
        }
    }
}
