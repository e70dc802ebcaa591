//! Levels of a matrix that are tried before they are stored.

use super::super::views::{CellView, LevelName, MatrixView};
use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_register::Value;
use wardkeep_registers::risk_matrix::{band, level};
use wardkeep_risk::matrix::{Band, Formula, Level, Matrix, Rule};
use wardkeep_types::{Problem, Problems};

/// Levels as a form sends them: lines as in the register.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MatrixTry {
    /// Likelihood levels, one per line.
    pub likelihood: String,
    /// Impact levels, one per line.
    pub impact: String,
    /// Formula as written: `LI`.
    pub formula: String,
    /// Bands, one per line.
    pub bands: String,
}

/// Formulas by their written form, and the key of the register's choice.
/// How a cell is scored: as people write it, for the engine, and in the register.
pub(super) const FORMULAS: [(&str, Formula, &str); 5] = [
    ("LI", Formula::Product, "product"),
    ("LI+I", Formula::ProductAndImpact, "product_and_impact"),
    ("LI+2I", Formula::ProductAndTwiceImpact, "product_and_twice_impact"),
    ("LI+L", Formula::ProductAndLikelihood, "product_and_likelihood"),
    ("LI+2L", Formula::ProductAndTwiceLikelihood, "product_and_twice_likelihood"),
];

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(n, line)| (n + 1, line.trim())).filter(|(_, line)| !line.is_empty())
}

impl MatrixTry {
    /// The engine's matrix; every line that cannot be read is named.
    fn matrix(&self, name: &str) -> Result<Matrix, Problems> {
        let mut problems = Problems::new();
        let mut levels = |field: &str, text: &str| -> Vec<Level> {
            let mut out = Vec::new();
            for (n, line) in lines(text) {
                match level(line) {
                    Some((name, anchor)) => out.push(Level { anchor, ..Level::named(name) }),
                    None => problems.add(
                        Problem::new(field, "level", format!("line {n}, '{line}', is not a level"))
                            .hint("Write a name, then from .. to above zero, such as Rare 0.01 .. 0.1."),
                    ),
                }
            }
            out
        };
        let (likelihood, impact) = (levels("likelihood", &self.likelihood), levels("impact", &self.impact));
        let mut bands = Vec::new();
        for (n, line) in lines(&self.bands) {
            match band(line) {
                Some((name, up_to)) => bands.push(Band { name, up_to }),
                None => problems.add(
                    Problem::new("bands", "band", format!("line {n}, '{line}', is not a band"))
                        .hint("Write a name and its highest score, such as Low 4."),
                ),
            }
        }
        let formula = FORMULAS.iter().find(|f| f.0 == self.formula);
        if formula.is_none() {
            problems.add(Problem::new("formula", "choice", "choose how a cell is scored"));
        }
        let matrix = Matrix {
            name: name.to_owned(),
            likelihood,
            impact,
            rule: Rule::Formula(formula.map_or(Formula::Product, |f| f.1)),
            bands,
        };
        for fault in matrix.faults() {
            problems.add(fault);
        }
        if problems.is_empty() { Ok(matrix) } else { Err(problems) }
    }
}

fn named(levels: &[Level]) -> Vec<LevelName> {
    let one = |(level, l): (u32, &Level)| LevelName { level, name: l.name.clone(), anchor: l.anchor };
    (1..).zip(levels).map(one).collect()
}

impl App {
    /// The matrix as it would be with these levels; nothing is stored.
    pub async fn risk_matrix_tried(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        reference: Option<&str>,
        levels: &MatrixTry,
    ) -> Result<MatrixView, Error> {
        let stored = self.risk_matrix(ctx, organisation, reference).await?;
        let name = stored.record.as_ref().map_or("", |r| r.name.as_str());
        let matrix = levels.matrix(name).map_err(Refusal::Invalid)?;
        let held = |likelihood: u32, impact: u32| {
            let cell =
                stored.rows.iter().flatten().find(|c| c.likelihood == likelihood && c.impact == impact);
            cell.map(|c| c.risks.clone()).unwrap_or_default()
        };
        let (high, wide) = (matrix.likelihood.len() as u32, matrix.impact.len() as u32);
        let cell = |likelihood: u32, impact: u32| {
            let score = matrix.score(likelihood, impact)?;
            let risks = held(likelihood, impact);
            Some(CellView { likelihood, impact, score, band: matrix.band(score), risks })
        };
        let mut not_assessed = stored.not_assessed.clone();
        // Risks that stand in a level that is gone have no rating any more.
        let gone = stored.rows.iter().flatten().filter(|c| c.likelihood > high || c.impact > wide);
        not_assessed.extend(gone.flat_map(|c| c.risks.clone()));
        let test = |by_band: bool| {
            matrix.honesty(by_band).map(|found| super::matrix::honesty(&matrix, found, by_band))
        };
        Ok(MatrixView {
            likelihood: named(&matrix.likelihood),
            impact: named(&matrix.impact),
            formula: levels.formula.clone(),
            bands: matrix.bands.iter().map(|b| (b.name.clone(), b.up_to)).collect(),
            rows: (1..=high).rev().map(|l| (1..=wide).filter_map(|i| cell(l, i)).collect()).collect(),
            not_assessed,
            honesty: test(true),
            honesty_by_score: test(false),
            ..stored
        })
    }
    /// Stores these levels through the write path.
    pub async fn risk_matrix_saved(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        reference: &str,
        levels: &MatrixTry,
    ) -> Result<(), Error> {
        levels.matrix("").map_err(Refusal::Invalid)?;
        let schema = App::schema("risk_matrix")?;
        let found = self.editable(ctx, organisation, schema, reference).await?;
        let mut edits = Edits::new();
        for (field, text) in
            [("likelihood", &levels.likelihood), ("impact", &levels.impact), ("bands", &levels.bands)]
        {
            edits.insert(field.to_owned(), Value::text(text));
        }
        if let Some((.., key)) = FORMULAS.iter().find(|f| f.0 == levels.formula) {
            edits.insert("formula".to_owned(), Value::Choice((*key).into()));
        }
        let head = &found.stored.head;
        self.write_one(ctx, Proposal::change(schema, head.id, Some(head.version), edits)).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::MatrixTry;

    #[test]
    fn every_line_that_cannot_be_read_is_named() {
        let good = MatrixTry {
            likelihood: "Rare 0.01 .. 0.1\n\nOften 0.1 .. 1".to_owned(),
            impact: "Small 1000 .. 10000\nLarge 10000 .. 100000".to_owned(),
            formula: "LI".to_owned(),
            bands: "Low 2\nHigh 4".to_owned(),
        };
        assert_eq!(good.matrix("x").unwrap().honesty(true).unwrap().contradicted, 0);
        let bad = MatrixTry {
            likelihood: "Rare 0.1 .. 0.01\nOften".to_owned(),
            bands: "High 4\nLow 2\nNone".to_owned(),
            formula: "L".to_owned(),
            ..good
        };
        let problems = bad.matrix("x").unwrap_err();
        let said: Vec<String> = problems.0.iter().map(|p| format!("{}: {}", p.path, p.message)).collect();
        assert_eq!(said[0], "likelihood: line 1, 'Rare 0.1 .. 0.01', is not a level");
        assert!(said.iter().any(|s| s.starts_with("bands: line 3")), "{said:?}");
        assert!(
            said.iter().any(|s| s.starts_with("formula")) && said.iter().any(|s| s.contains("not in order"))
        );
    }
}
