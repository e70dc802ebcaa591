//! What the engine sums: scenarios, what they share, and insurance on the year.

use super::counts::Count;
use super::loss::Loss;
use crate::Rate;
use serde::{Deserialize, Serialize};
use wardkeep_types::Problem;

/// How one scenario's rate hangs together with others'.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Link {
    /// Not at all.
    #[default]
    Alone,
    /// Weights in frailty sectors, by index; what is missing to 1 is an own constant share.
    Sectors(Vec<(usize, f64)>),
    /// One driver, by index, with the spread of the logarithm of the rate.
    Driver(usize, f64),
}

/// One scenario.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its id; names play no role.
    pub id: String,
    /// How often.
    pub count: Count,
    /// How much each time.
    pub loss: Loss,
    /// What it shares.
    pub link: Link,
}

/// One event that hits several scenarios at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Shock {
    /// Times a year.
    pub rate: Rate,
    /// Scenarios it hits, by index.
    pub hits: Vec<usize>,
    /// True: the scenarios' own rates are reduced by the shock's. False: these are new events.
    pub carved_out: bool,
}

/// Cover of the year's sum: pays what lies above the retention, up to the limit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AnnualLayer {
    /// Borne by ourselves.
    pub retention: f64,
    /// The most that is paid in a year.
    pub limit: f64,
}

impl AnnualLayer {
    /// What is left to us of a year's sum.
    pub fn net(&self, sum: f64) -> f64 {
        sum - (sum - self.retention).clamp(0.0, self.limit)
    }
}

/// Scenarios whose sum is covered before it joins the rest.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// By index.
    pub members: Vec<usize>,
    /// The cover.
    pub layer: AnnualLayer,
}

/// Everything that adds up to a year's loss.
#[derive(Debug, Clone, Default)]
pub struct Portfolio {
    /// The scenarios, in a fixed order.
    pub parts: Vec<Part>,
    /// Variance of each sector's yearly factor (mean 1).
    pub sectors: Vec<f64>,
    /// Count of one-factor drivers.
    pub drivers: usize,
    /// Common shocks.
    pub shocks: Vec<Shock>,
    /// Groups with cover of their own; members are disjoint.
    pub groups: Vec<Group>,
    /// Cover of the whole year.
    pub annual: Option<AnnualLayer>,
}

impl Portfolio {
    /// Independent scenarios.
    pub fn of(parts: Vec<Part>) -> Self {
        Self { parts, ..Self::default() }
    }
    /// Faults that make an exact answer impossible, each with its place.
    pub fn faults(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        for (k, variance) in self.sectors.iter().enumerate() {
            if !(*variance > 0.0 && variance.is_finite()) {
                found.push(Problem::new(
                    format!("sectors[{k}]"),
                    "variance",
                    "a sector's variance is above zero",
                ));
            }
        }
        for (c, shock) in self.shocks.iter().enumerate() {
            for &i in &shock.hits {
                let Some(part) = self.parts.get(i) else { continue };
                let path = format!("shocks[{c}]");
                if shock.carved_out && !matches!(part.count, Count::Poisson(_)) {
                    found.push(
                        Problem::new(
                            &path,
                            "carved_out",
                            format!("the rate of {} is not one number", part.id),
                        )
                        .hint("Choose `extra`, or give the scenario a point rate."),
                    );
                } else if shock.carved_out && self.own_rate(i) < -1e-12 {
                    found.push(
                        Problem::new(
                            &path,
                            "carved_out",
                            format!("the shocks are more frequent than {}", part.id),
                        )
                        .hint("Lower the shock's rate, raise the scenario's, or choose `extra`."),
                    );
                }
            }
        }
        for (i, part) in self.parts.iter().enumerate() {
            if let Link::Sectors(weights) = &part.link {
                let sum: f64 = weights.iter().map(|(_, w)| *w).sum();
                if weights.iter().any(|(k, w)| *w < 0.0 || *k >= self.sectors.len()) || sum > 1.0 + 1e-9 {
                    found.push(
                        Problem::new(
                            format!("parts[{i}]"),
                            "weights",
                            format!("sector weights of {} exceed 1", part.id),
                        )
                        .hint("Weights are zero or more and add up to at most 1."),
                    );
                }
            }
        }
        self.group_faults(&mut found);
        found
    }

    fn group_faults(&self, found: &mut Vec<Problem>) {
        let mut owner = vec![None; self.parts.len()];
        for (g, group) in self.groups.iter().enumerate() {
            for &i in &group.members {
                if i < owner.len() && owner[i].replace(g).is_some() {
                    found.push(
                        Problem::new(
                            format!("groups[{g}]"),
                            "overlap",
                            format!("{} is covered twice", self.parts[i].id),
                        )
                        .hint("Let each scenario stand in one yearly cover of a group."),
                    );
                }
            }
        }
        let split = |members: &mut dyn Iterator<Item = usize>| {
            let mut owners: Vec<_> = members.filter_map(|i| owner.get(i).copied()).collect();
            owners.dedup();
            owners.len() > 1
        };
        let hint =
            "Cover all scenarios that share the factor, or none; other structures can only be simulated.";
        for (c, shock) in self.shocks.iter().enumerate() {
            if split(&mut shock.hits.iter().copied()) {
                found.push(
                    Problem::new(format!("shocks[{c}]"), "group", "a shock crosses a yearly cover")
                        .hint(hint),
                );
            }
        }
        for k in 0..self.sectors.len() {
            let mut members = self.parts.iter().enumerate().filter_map(|(i, part)| match &part.link {
                Link::Sectors(w) if w.iter().any(|(s, weight)| *s == k && *weight > 0.0) => Some(i),
                _ => None,
            });
            if split(&mut members) {
                found.push(
                    Problem::new(format!("sectors[{k}]"), "group", "a sector crosses a yearly cover")
                        .hint(hint),
                );
            }
        }
        for d in 0..self.drivers {
            let mut members = self.parts.iter().enumerate().filter_map(|(i, part)| {
                matches!(part.link, Link::Driver(driver, _) if driver == d).then_some(i)
            });
            if split(&mut members) {
                found.push(
                    Problem::new(format!("drivers[{d}]"), "group", "a driver crosses a yearly cover")
                        .hint(hint),
                );
            }
        }
    }

    /// The mean rate of a scenario without carved-out shocks.
    pub fn own_rate(&self, i: usize) -> f64 {
        let carved: f64 = self
            .shocks
            .iter()
            .filter(|shock| shock.carved_out && shock.hits.contains(&i))
            .map(|shock| shock.rate.times())
            .sum();
        self.parts[i].count.mean() - carved
    }
    /// Events a year over all scenarios and shocks.
    pub fn total_rate(&self) -> f64 {
        let own: f64 = (0..self.parts.len()).map(|i| self.own_rate(i)).sum();
        own + self.shocks.iter().map(|shock| shock.rate.times()).sum::<f64>()
    }
}
