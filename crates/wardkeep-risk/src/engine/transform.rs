//! The real Fourier transform of a tilted vector and back.

use super::grid::TILT;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use std::sync::Arc;

pub use realfft::num_complex::Complex;

/// Plans and tables of one length.
#[derive(Clone)]
pub struct Transform {
    forward: Arc<dyn RealToComplex<f64>>,
    back: Arc<dyn ComplexToReal<f64>>,
    /// `e^{-theta k}`.
    tilt: Arc<Vec<f64>>,
    /// ln k; entry 0 is unused.
    logs: Arc<Vec<f64>>,
}

impl Transform {
    /// Plans a length; the length is a power of two of at least 2.
    pub fn new(cells: usize) -> Self {
        let mut planner = RealFftPlanner::<f64>::new();
        let theta = TILT / cells as f64;
        Self {
            forward: planner.plan_fft_forward(cells),
            back: planner.plan_fft_inverse(cells),
            tilt: Arc::new((0..cells).map(|k| libm::exp(-theta * k as f64)).collect()),
            logs: Arc::new((0..cells).map(|k| libm::log(k.max(1) as f64)).collect()),
        }
    }
    /// ln k for every cell.
    pub fn logs(&self) -> &[f64] {
        &self.logs
    }
    /// `e^{-theta k}` for every cell.
    pub fn tilt(&self) -> &[f64] {
        &self.tilt
    }
    /// Tilts a vector (shorter than the grid means zeros) and transforms it.
    pub fn forward(&self, masses: impl Iterator<Item = f64>) -> Vec<Complex<f64>> {
        let mut input = self.forward.make_input_vec();
        for ((slot, mass), tilt) in input.iter_mut().zip(masses).zip(self.tilt.iter()) {
            *slot = mass * tilt;
        }
        let mut output = self.forward.make_output_vec();
        self.forward
            .process(&mut input, &mut output)
            .unwrap_or_else(|error| unreachable!("buffers come from the plan: {error}"));
        output
    }
    /// Transforms back and takes the tilt off.
    pub fn back(&self, mut spectrum: Vec<Complex<f64>>) -> Vec<f64> {
        let mut output = self.back.make_output_vec();
        // The ends of a real vector's transform are real; rounding may have left a trace.
        let last = spectrum.len() - 1;
        spectrum[0].im = 0.0;
        spectrum[last].im = 0.0;
        self.back
            .process(&mut spectrum, &mut output)
            .unwrap_or_else(|error| unreachable!("buffers come from the plan: {error}"));
        let scale = 1.0 / output.len() as f64;
        for (value, tilt) in output.iter_mut().zip(self.tilt.iter()) {
            *value *= scale / tilt;
        }
        output
    }
    /// Weights W with `sum over cells of c_k x_k = Re sum W_f X_f`, X the tilted transform of x: a sum over
    /// cells without going back.
    pub fn functional(&self, weights: impl Iterator<Item = f64>) -> Vec<Complex<f64>> {
        let cells = self.tilt.len();
        let mut input = self.forward.make_input_vec();
        for ((slot, weight), tilt) in input.iter_mut().zip(weights).zip(self.tilt.iter()) {
            *slot = weight / tilt / cells as f64;
        }
        let mut output = self.forward.make_output_vec();
        self.forward
            .process(&mut input, &mut output)
            .unwrap_or_else(|error| unreachable!("buffers come from the plan: {error}"));
        let last = output.len() - 1;
        for (f, value) in output.iter_mut().enumerate() {
            *value = value.conj();
            if f != 0 && f != last {
                *value *= 2.0;
            }
        }
        output
    }
}

impl std::fmt::Debug for Transform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Transform({})", self.tilt.len())
    }
}
