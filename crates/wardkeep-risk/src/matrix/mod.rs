//! The qualitative matrix, and how honest it is.

mod honesty;

pub use honesty::{Compression, Honesty, WorstPair};

use serde::{Deserialize, Serialize};
use wardkeep_types::Problem;

/// How likelihood and impact (levels from 1) make a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Formula {
    /// L I
    #[serde(rename = "LI")]
    Product,
    /// L I + I
    #[serde(rename = "LI+I")]
    ProductAndImpact,
    /// L I + 2 I
    #[serde(rename = "LI+2I")]
    ProductAndTwiceImpact,
    /// L I + L
    #[serde(rename = "LI+L")]
    ProductAndLikelihood,
    /// L I + 2 L
    #[serde(rename = "LI+2L")]
    ProductAndTwiceLikelihood,
}

impl Formula {
    /// The score of a cell.
    pub fn score(self, likelihood: u32, impact: u32) -> u32 {
        let product = likelihood * impact;
        match self {
            Self::Product => product,
            Self::ProductAndImpact => product + impact,
            Self::ProductAndTwiceImpact => product + 2 * impact,
            Self::ProductAndLikelihood => product + likelihood,
            Self::ProductAndTwiceLikelihood => product + 2 * likelihood,
        }
    }
}

/// Scores from a formula, or ratings as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// By formula.
    Formula(Formula),
    /// By table: one row per likelihood, one rating per impact; higher is worse.
    Table(Vec<Vec<u32>>),
}

/// One level of an axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Name.
    pub name: String,
    /// Colour, for display.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub colour: String,
    /// What it means: events a year, or money per event, from and to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<(f64, f64)>,
}

impl Level {
    /// A level without anchor.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), colour: String::new(), anchor: None }
    }
}

/// A band of scores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Name.
    pub name: String,
    /// Highest score in it.
    pub up_to: u32,
}

/// A matrix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matrix {
    /// Name.
    pub name: String,
    /// Likelihood levels, lowest first.
    pub likelihood: Vec<Level>,
    /// Impact levels, lowest first.
    pub impact: Vec<Level>,
    /// How a cell is scored.
    pub rule: Rule,
    /// Bands of scores, lowest first; without bands each score is its own rating.
    #[serde(default)]
    pub bands: Vec<Band>,
}

/// A rating, or the state of not having one. There is no default score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// Likelihood or impact is missing.
    NotAssessed,
    /// The score and the index of its band.
    Rated {
        /// Score.
        score: u32,
        /// Index of the band, or the score itself without bands.
        band: u32,
    },
}

impl Matrix {
    /// Faults of its shape.
    pub fn faults(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        let mut say = |path: &str, message: &str, hint: &str| {
            found.push(Problem::new(path, "matrix", message.to_owned()).hint(hint.to_owned()));
        };
        if self.likelihood.is_empty()
            || self.impact.is_empty()
            || self.likelihood.len() > 20
            || self.impact.len() > 20
        {
            say("likelihood", "a matrix has 1 to 20 levels on each axis", "Add or remove levels.");
        }
        if let Rule::Table(rows) = &self.rule
            && (rows.len() != self.likelihood.len() || rows.iter().any(|row| row.len() != self.impact.len()))
        {
            say(
                "rule",
                "the table does not fit the levels",
                "One row per likelihood, one rating per impact.",
            );
        }
        if !self.bands.windows(2).all(|pair| pair[0].up_to < pair[1].up_to) {
            say("bands", "bands are not in order", "Each band ends above the one before.");
        }
        let anchors = self.likelihood.iter().chain(&self.impact).filter_map(|level| level.anchor);
        if anchors.into_iter().any(|(low, high)| !(low > 0.0 && low < high && high.is_finite())) {
            say("anchor", "an anchor runs from above zero upwards", "Write 0 < from < to.");
        }
        found
    }
    /// The score of a cell; levels from 1. `None` outside.
    pub fn score(&self, likelihood: u32, impact: u32) -> Option<u32> {
        let (l, i) = (likelihood.checked_sub(1)? as usize, impact.checked_sub(1)? as usize);
        if l >= self.likelihood.len() || i >= self.impact.len() {
            return None;
        }
        match &self.rule {
            Rule::Formula(formula) => Some(formula.score(likelihood, impact)),
            Rule::Table(rows) => rows.get(l)?.get(i).copied(),
        }
    }
    /// The band of a score.
    pub fn band(&self, score: u32) -> u32 {
        if self.bands.is_empty() {
            return score;
        }
        self.bands.iter().position(|band| score <= band.up_to).unwrap_or(self.bands.len() - 1) as u32
    }
    /// The rating of what was entered; missing stays missing.
    pub fn rate(&self, likelihood: Option<u32>, impact: Option<u32>) -> Rating {
        match likelihood.zip(impact).and_then(|(l, i)| self.score(l, i)) {
            None => Rating::NotAssessed,
            Some(score) => Rating::Rated { score, band: self.band(score) },
        }
    }
    /// The score on a scale of ten, `round(10 r / max, 2)`.
    pub fn normalised(&self, score: u32) -> f64 {
        let most = (1..=self.likelihood.len() as u32)
            .flat_map(|l| (1..=self.impact.len() as u32).filter_map(move |i| self.score(l, i)))
            .max()
            .unwrap_or(1)
            .max(1);
        libm::round(1000.0 * f64::from(score) / f64::from(most)) / 100.0
    }
}

/// Asset route: impact (largest of the objectives) x threat x vulnerability less what measures take off it.
/// `None` when something is missing.
pub fn asset_risk(
    impacts: &[Option<u32>],
    threat: Option<u32>,
    vulnerability: Option<u32>,
    reduction: u32,
) -> Option<u32> {
    let impact = impacts.iter().copied().collect::<Option<Vec<u32>>>()?.into_iter().max()?;
    Some(impact * threat? * vulnerability?.saturating_sub(reduction))
}

/// Weight route: weights 1 to 4 multiplied, in words. `None` when one is missing or outside.
pub fn weight_rating(likelihood: Option<u32>, impact: Option<u32>) -> Option<&'static str> {
    let (l, i) = likelihood.zip(impact)?;
    if !(1..=4).contains(&l) || !(1..=4).contains(&i) {
        return None;
    }
    Some(match l * i {
        0..=1 => "low",
        2..=3 => "medium",
        4..=8 => "elevated",
        9..=12 => "high",
        _ => "critical",
    })
}
