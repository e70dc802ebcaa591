//! Processing pipelines in pySigma's YAML form: rules are rewritten before they are compiled, so that they fit other
//! names of fields and other log sources.
//!
//! What only makes sense for the text of a query (postprocessing, finalizers) has no effect here and is named as a
//! doubt.

mod apply;
mod form;
mod when;

use crate::bounds;
use crate::placeholder::Placeholders;
use crate::problem::{Document, RuleProblem};
use form::{File, Step};
use rsigma_parser::SigmaRule;

/// A compiled pipeline.
#[derive(Debug, Clone)]
pub struct Pipeline {
    /// Its name.
    pub name: String,
    /// Lower numbers go first.
    pub priority: i64,
    vars: Vec<(String, Vec<String>)>,
    steps: Vec<Step>,
}

/// Steps of one pipeline.
const MOST_STEPS: usize = 10_000;

impl Pipeline {
    /// Reads a pipeline; the second part names what has no effect here.
    pub fn parse(path: &str, text: &str) -> Result<(Self, Vec<RuleProblem>), RuleProblem> {
        let document = Document { text, lines_before: 0 };
        let problem = |message: String, place: (u32, u32), refused: bool| RuleProblem {
            file: path.to_owned(),
            line: place.0,
            column: place.1,
            message,
            remedy: "compare the pipeline with pySigma's documentation".into(),
            refused,
        };
        bounds::check(text).map_err(|message| problem(message, (1, 1), true))?;
        let file: File = serde_yaml_ng::from_str(text).map_err(|error| {
            let place = error.location().map_or((1, 1), |at| (at.line() as u32, at.column() as u32));
            problem(error.to_string(), place, true)
        })?;
        if file.transformations.len() > MOST_STEPS {
            return Err(problem(
                format!("a pipeline has at most {MOST_STEPS} transformations"),
                (1, 1),
                true,
            ));
        }
        let mut doubts = Vec::new();
        for (name, there) in
            [("postprocessing", file.postprocessing.is_some()), ("finalizers", file.finalizers.is_some())]
        {
            if there {
                let message = format!("'{name}' shapes the text of a query and has no effect here");
                doubts.push(problem(message, document.find(name), false));
            }
        }
        for step in &file.transformations {
            step.check().map_err(|message| {
                problem(message, document.find(step.id.as_deref().unwrap_or("transformations")), true)
            })?;
        }
        let pipeline = Self {
            name: file.name.unwrap_or_else(|| path.to_owned()),
            priority: file.priority,
            vars: file.vars.into_iter().map(|(name, values)| (name, values.texts())).collect(),
            steps: file.transformations,
        };
        Ok((pipeline, doubts))
    }

    /// Adds the pipeline's lists for placeholders; lists that are set already stay.
    pub fn fill(&self, placeholders: &mut Placeholders) {
        for (name, values) in &self.vars {
            if placeholders.get(name).is_none() {
                placeholders.set(name, values.iter().cloned());
            }
        }
    }

    /// Rewrites a rule. The error is the reason for which the pipeline refuses it.
    pub(crate) fn rewrite(&self, rule: &mut SigmaRule) -> Result<(), String> {
        apply::apply(&self.steps, rule)
    }
}
