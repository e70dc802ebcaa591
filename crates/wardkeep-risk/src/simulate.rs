//! Monte Carlo as a cross-check only: a counter-based generator, streams keyed by scenario id, so that adding a
//! scenario moves no other stream.

use crate::engine::{Count, Link, Loss, Portfolio};
use crate::maths::{gamma, normal};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A bijection of 64 bits whose outputs on a counter pass for random (a multiply-and-shift finaliser).
pub fn mix(x: u64) -> u64 {
    let mut z = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Draws of one scenario in one year: each is a function of (run, scenario, year, draw) and nothing else.
#[derive(Debug, Clone)]
pub struct Stream {
    key: u64,
    draw: u64,
}

impl Stream {
    /// The stream of a scenario in a year.
    pub fn new(run: u64, scenario: u64, year: u64) -> Self {
        Self { key: mix(mix(run ^ mix(scenario)) ^ year), draw: 0 }
    }
    /// The key of a scenario's id.
    pub fn key_of(id: &str) -> u64 {
        let hash = Sha256::digest(id.as_bytes());
        hash.iter().take(8).fold(0, |key, byte| key << 8 | u64::from(*byte))
    }
    /// The next number, strictly inside (0, 1).
    pub fn uniform(&mut self) -> f64 {
        self.draw += 1;
        let bits = mix(self.key ^ mix(self.draw)) >> 11;
        (bits as f64 + 0.5) / 9_007_199_254_740_992.0
    }
    fn poisson(&mut self, mean: f64) -> u64 {
        if mean <= 0.0 {
            return 0;
        }
        // Sums of exponential waits; long ones by halves keep the product away from zero.
        let (mut left, mut count) = (mean, 0);
        while left > 500.0 {
            count += self.poisson(250.0);
            left -= 250.0;
        }
        let end = libm::exp(-left);
        let mut product = self.uniform();
        while product > end {
            count += 1;
            product *= self.uniform();
        }
        count
    }
}

/// Simulated years: labelled so wherever they are shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Simulated {
    /// Years simulated.
    pub years: usize,
    /// Generator key.
    pub run: u64,
    /// Mean and its standard error.
    pub mean: (f64, f64),
    /// Level, value at risk, standard error.
    pub var: Vec<(f64, f64, f64)>,
    /// Level, tail mean, standard error.
    pub tvar: Vec<(f64, f64, f64)>,
}

/// Sums of simulated years of a portfolio without cover of groups (those are applied to the year's sum).
pub fn years(portfolio: &Portfolio, run: u64, count: usize) -> Vec<f64> {
    let keys: Vec<u64> = portfolio.parts.iter().map(|part| Stream::key_of(&part.id)).collect();
    let own: Vec<f64> = (0..portfolio.parts.len()).map(|i| portfolio.own_rate(i)).collect();
    let mut group_of = vec![None; portfolio.parts.len()];
    for (g, group) in portfolio.groups.iter().enumerate() {
        group.members.iter().for_each(|i| group_of[*i] = Some(g));
    }
    (0..count as u64)
        .map(|year| {
            let mut shared = Stream::new(run, 0, year);
            let sectors: Vec<f64> =
                portfolio.sectors.iter().map(|v| v * gamma::quantile(1.0 / v, shared.uniform())).collect();
            let drivers: Vec<f64> =
                (0..portfolio.drivers).map(|_| normal::quantile(shared.uniform())).collect();
            let mut groups = vec![0.0; portfolio.groups.len()];
            let mut sum = 0.0;
            for (i, part) in portfolio.parts.iter().enumerate() {
                let mut stream = Stream::new(run, keys[i], year);
                let events = match (&part.link, &part.count) {
                    (Link::Sectors(weights), _) => {
                        let rest = 1.0 - weights.iter().map(|(_, w)| *w).sum::<f64>();
                        let factor: f64 = rest + weights.iter().map(|(k, w)| w * sectors[*k]).sum::<f64>();
                        stream.poisson(own[i] * factor)
                    }
                    (Link::Driver(d, s), _) => {
                        stream.poisson(own[i] * libm::exp(s * drivers[*d] - 0.5 * s * s))
                    }
                    (Link::Alone, Count::AtMostOnce(chance)) => u64::from(stream.uniform() < chance.value()),
                    (Link::Alone, Count::Poisson(_)) => stream.poisson(own[i]),
                    (Link::Alone, count) => {
                        let rate = count.rate_quantile(stream.uniform());
                        stream.poisson(rate)
                    }
                };
                let loss: f64 = (0..events).map(|_| draw(&part.loss, &mut stream)).sum();
                match group_of[i] {
                    Some(g) => groups[g] += loss,
                    None => sum += loss,
                }
            }
            for (c, shock) in portfolio.shocks.iter().enumerate() {
                let mut stream = Stream::new(run ^ 0x5ca1e, mix(c as u64), year);
                for _ in 0..stream.poisson(shock.rate.times()) {
                    for &i in &shock.hits {
                        let loss = draw(&portfolio.parts[i].loss, &mut stream);
                        match group_of[i] {
                            Some(g) => groups[g] += loss,
                            None => sum += loss,
                        }
                    }
                }
            }
            for (group, loss) in portfolio.groups.iter().zip(groups) {
                sum += group.layer.net(loss);
            }
            portfolio.annual.map_or(sum, |layer| layer.net(sum))
        })
        .collect()
}

/// One event's loss by inversion.
fn draw(loss: &Loss, stream: &mut Stream) -> f64 {
    match loss {
        Loss::One(leaf) => leaf.law().quantile(stream.uniform()),
        Loss::Nothing => 0.0,
        Loss::Sum(parts) => parts.iter().map(|part| draw(part, stream)).sum(),
        Loss::Mix(chance, first, second) => {
            if stream.uniform() < chance.value() {
                draw(first, stream)
            } else {
                draw(second, stream)
            }
        }
    }
}

/// Mean, quantiles and tail means with their standard errors.
pub fn summary(mut sums: Vec<f64>, run: u64, levels: &[f64]) -> Simulated {
    sums.sort_by(f64::total_cmp);
    let n = sums.len() as f64;
    let mean = sums.iter().sum::<f64>() / n;
    let sd = libm::sqrt(sums.iter().map(|s| (s - mean) * (s - mean)).sum::<f64>() / (n - 1.0));
    let at = |rank: f64| sums[(rank.max(0.0) as usize).min(sums.len() - 1)];
    let mut var = Vec::new();
    let mut tvar = Vec::new();
    for &q in levels {
        let rank = libm::ceil(q * n) - 1.0;
        let value = at(rank);
        // The order statistics one binomial standard deviation away bound the error.
        let spread = libm::sqrt(n * q * (1.0 - q));
        var.push((q, value, 0.5 * (at(rank + spread) - at(rank - spread))));
        let tail = &sums[(rank.max(0.0) as usize + 1).min(sums.len())..];
        let m = tail.len() as f64;
        let tail_mean = tail.iter().sum::<f64>() / m;
        let variance = tail.iter().map(|s| (s - tail_mean) * (s - tail_mean)).sum::<f64>() / m;
        let error = libm::sqrt((variance + q * (tail_mean - value) * (tail_mean - value)) / m);
        tvar.push((q, tail_mean, error));
    }
    Simulated { years: sums.len(), run, mean: (mean, sd / libm::sqrt(n)), var, tvar }
}

/// Simulates and summarises.
pub fn simulate(portfolio: &Portfolio, run: u64, count: usize, levels: &[f64]) -> Simulated {
    summary(years(portfolio, run, count), run, levels)
}
