//! Interval answers of experts: how often the truth lay inside, and what weight follows.

use super::rows::{columns, number, rows};
use crate::model::{RateSpec, SourceKind, Sourced};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wardkeep_types::Problem;

/// The share of truths that 90 % intervals should hold.
const PROMISED: f64 = 0.9;

/// One interval answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Who.
    pub expert: String,
    /// Which question.
    pub question: String,
    /// 5 % point.
    pub low: f64,
    /// 95 % point.
    pub high: f64,
    /// The truth lies inside; `None` when the truth is not known.
    pub holds: Option<bool>,
}

/// How one expert did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Expert {
    /// Who.
    pub name: String,
    /// Answers whose truth is known.
    pub answered: usize,
    /// Intervals that held it.
    pub held: usize,
    /// Mean squared distance of the promise (0.9) from what happened.
    pub brier: f64,
    /// Weight in a pool, all weights sum to 1: how likely this many hits are if 90 % intervals were meant.
    pub weight: f64,
}

/// Answers, how the experts did, and what is wrong with the files or with the answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Every readable answer.
    pub answers: Vec<Answer>,
    /// Best first.
    pub experts: Vec<Expert>,
    /// Rows that could not be read, and overconfidence.
    pub problems: Vec<Problem>,
}

/// Reads questions with their answers and the experts' intervals; good rows are kept.
pub fn calibrate(questions: &str, answers: &str) -> Result<Calibration, Problem> {
    let (header, truth_rows) = rows(questions, "questions")?;
    let [id, truth] = columns(&header, ["calibration_id", "answer"], "questions")?;
    let mut problems = Vec::new();
    let mut truths = BTreeMap::new();
    for row in &truth_rows {
        match (row.cells.get(id), row.cells.get(truth).and_then(|t| number(t))) {
            (Some(id), Some(truth)) => {
                truths.insert(id.clone(), truth);
            }
            _ => problems.push(bad_row("questions", row.line)),
        }
    }
    let (header, answer_rows) = rows(answers, "answers")?;
    let [who, question, low, high] = columns(&header, ["sme", "calibration_id", "low", "high"], "answers")?;
    let mut found = Vec::new();
    for row in &answer_rows {
        let cell = |k: usize| row.cells.get(k).cloned().unwrap_or_default();
        match (number(&cell(low)), number(&cell(high))) {
            (Some(low), Some(high)) if !cell(who).is_empty() => {
                let holds = truths.get(&cell(question)).map(|truth| low <= *truth && *truth <= high);
                found.push(Answer { expert: cell(who), question: cell(question), low, high, holds });
            }
            _ => problems.push(bad_row("answers", row.line)),
        }
    }
    let experts = score(&found);
    if !experts.is_empty() && experts.iter().all(|e| (e.held as f64) < PROMISED * e.answered as f64) {
        problems.push(
            Problem::new("answers", "overconfident", "nobody's 90 % intervals held the truth 9 times in 10")
                .hint("Train with more questions; until then widen every interval."),
        );
    }
    Ok(Calibration { answers: found, experts, problems })
}

/// The weight of a person in a pool, before all weights are made to sum to 1: how likely this many hits are if
/// ranges of 90 % were meant, against the most likely share. 1 for whoever hits 9 of 10; too wide costs as well.
pub fn weight_of(answered: usize, held: usize) -> f64 {
    if answered == 0 {
        return 1.0;
    }
    let share = held.min(answered) as f64 / answered as f64;
    let term = |p: f64, q: f64| if p > 0.0 { p * libm::log(p / q) } else { 0.0 };
    libm::exp(-(answered as f64) * (term(share, PROMISED) + term(1.0 - share, 1.0 - PROMISED)))
}

fn score(answers: &[Answer]) -> Vec<Expert> {
    let mut by_name: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for answer in answers {
        if let Some(holds) = answer.holds {
            let entry = by_name.entry(&answer.expert).or_default();
            entry.0 += 1;
            entry.1 += usize::from(holds);
        }
    }
    let mut out: Vec<Expert> = by_name
        .into_iter()
        .map(|(name, (answered, held))| {
            let share = held as f64 / answered as f64;
            let brier = share * (1.0 - PROMISED) * (1.0 - PROMISED) + (1.0 - share) * PROMISED * PROMISED;
            Expert { name: name.into(), answered, held, brier, weight: weight_of(answered, held) }
        })
        .collect();
    let sum: f64 = out.iter().map(|e| e.weight).sum();
    if sum > 0.0 {
        out.iter_mut().for_each(|e| e.weight /= sum);
    }
    out.sort_by(|a, b| b.held.cmp(&a.held).then(a.name.cmp(&b.name)));
    out
}

/// An expert's interval about a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct ScenarioAnswer {
    /// Who.
    pub expert: String,
    /// Which scenario.
    pub scenario: String,
    /// The rate, when the interval can be used.
    pub rate: Option<Sourced<RateSpec>>,
    /// The loss interval as given.
    pub loss: (f64, f64),
    /// A lognormal fits the loss.
    pub loss_fits: bool,
}

/// Reads `sme, scenario_id, freq_low, freq_high, imp_low, imp_high, date`.
pub fn scenario_answers(text: &str) -> Result<(Vec<ScenarioAnswer>, Vec<Problem>), Problem> {
    let (header, found) = rows(text, "scenario answers")?;
    let names = ["sme", "scenario_id", "freq_low", "freq_high", "imp_low", "imp_high", "date"];
    let at = columns(&header, names, "scenario answers")?;
    let (mut out, mut problems) = (Vec::new(), Vec::new());
    for row in &found {
        let cell = |k: usize| row.cells.get(at[k]).cloned().unwrap_or_default();
        let numbers: Option<Vec<f64>> = (2..6).map(|k| number(&cell(k))).collect();
        let Some(numbers) = numbers else {
            problems.push(bad_row("scenario answers", row.line));
            continue;
        };
        let place = format!("scenario answers:{}", row.line);
        let rate = (numbers[0] > 0.0 && numbers[1] > numbers[0]).then(|| {
            let mut rate =
                Sourced::new(RateSpec::Interval { p05: numbers[0], p95: numbers[1] }, SourceKind::Expert);
            (rate.by, rate.on) = (cell(0), cell(6));
            rate
        });
        if rate.is_none() {
            let message = "no rate fits an interval that begins at zero";
            problems.push(Problem::new(&place, "rate", message).hint("Ask again for the 5 % point."));
        }
        let loss_fits = numbers[2] > 0.0 && numbers[3] > numbers[2];
        if !loss_fits {
            let message = format!("no lognormal fits a loss from {} to {}", numbers[2], numbers[3]);
            problems.push(
                Problem::new(&place, "loss", message).hint("Ask again for the 5 % point: zero is not one."),
            );
        }
        out.push(ScenarioAnswer {
            expert: cell(0),
            scenario: cell(1),
            rate,
            loss: (numbers[2], numbers[3]),
            loss_fits,
        });
    }
    Ok((out, problems))
}

fn bad_row(file: &str, line: u64) -> Problem {
    Problem::new(format!("{file}:{line}"), "row", "a number or a name is missing")
        .hint("Fill in the row; others are kept.")
}
