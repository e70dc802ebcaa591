//! Reading rule files into a rule set. A bad file never stops the others (DE-8).

use crate::bounds;
use crate::compile::{Compiled, Compiler};
use crate::matcher::Program;
use crate::pipeline::Pipeline;
use crate::placeholder::Placeholders;
use crate::problem::{Document, RuleProblem, documents, near, remedy};
use crate::rule::{Rule, RuleFile};
use rsigma_parser::{SigmaCollection, parse_sigma_yaml};
use std::collections::HashMap;
use std::panic::catch_unwind;
use std::sync::{Arc, OnceLock};
use std::thread::{self, available_parallelism};
use wardkeep_types::event::LogSource;

/// Compiled rules that belong together.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    pub(crate) rules: Arc<[Rule]>,
    pub(crate) fields: Arc<[Arc<str>]>,
    /// Correlations, watched ones before their watchers.
    pub(crate) order: Vec<usize>,
    /// Made when an engine first needs it, and shared by all engines.
    program: Arc<OnceLock<Program>>,
}

impl RuleSet {
    /// Reads and compiles files. What cannot be used is listed with place and remedy.
    pub fn load(files: impl IntoIterator<Item = RuleFile>) -> (Self, Vec<RuleProblem>) {
        Self::load_with(files, &Placeholders::new())
    }
    /// As [`Self::load`], with lists for placeholders.
    pub fn load_with(
        files: impl IntoIterator<Item = RuleFile>,
        placeholders: &Placeholders,
    ) -> (Self, Vec<RuleProblem>) {
        Self::load_through(files, placeholders, &[])
    }
    /// As [`Self::load_with`], with every rule rewritten by the pipelines, those of lower priority number first.
    pub fn load_through(
        files: impl IntoIterator<Item = RuleFile>,
        placeholders: &Placeholders,
        pipelines: &[Pipeline],
    ) -> (Self, Vec<RuleProblem>) {
        let mut lists = placeholders.clone();
        let mut pipelines: Vec<&Pipeline> = pipelines.iter().collect();
        pipelines.sort_by_key(|pipeline| pipeline.priority);
        for pipeline in &pipelines {
            pipeline.fill(&mut lists);
        }
        let mut compiler = Compiler::new(&lists, pipelines);
        let files: Vec<RuleFile> = files.into_iter().collect();
        for (file, parts) in files.iter().zip(parse_all(&files)) {
            for part in parts {
                match part {
                    Part::Wrong(problem) => compiler.problem(problem),
                    Part::Parsed(document, found) => take(file, document, found, &mut compiler),
                }
            }
        }
        let Compiled { rules, fields, order, problems } = compiler.finish();
        (Self { rules: rules.into(), fields: fields.into(), order, program: Arc::default() }, problems)
    }
    /// The same rules, of which only the `wanted` ones report. Others are looked at only as far as a wanted
    /// correlation watches them. Places stay as they are.
    #[must_use]
    pub fn keep(&self, wanted: impl Fn(&Rule) -> bool) -> Self {
        let mut rules: Vec<Rule> = self.rules.to_vec();
        let mut needed: Vec<bool> = rules.iter().map(&wanted).collect();
        // Watchers come after what they watch, so from the end each is settled before its members.
        for &at in self.order.iter().rev() {
            if let (true, crate::rule::Logic::Correlation(correlation)) = (needed[at], &rules[at].logic) {
                correlation.members.iter().for_each(|member| needed[member.rule] = true);
            }
        }
        for (rule, needed) in rules.iter_mut().zip(&needed) {
            rule.reported &= wanted(rule);
            rule.asleep = !needed;
        }
        let order = self.order.iter().copied().filter(|at| needed[*at]).collect();
        Self { rules: rules.into(), fields: self.fields.clone(), order, program: Arc::default() }
    }
    pub(crate) fn program(&self) -> &Program {
        self.program.get_or_init(|| Program::new(&self.rules, self.fields.len()))
    }
    /// The rules, in the order read.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }
    /// The rule of that id.
    pub fn find(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id.eq_ignore_ascii_case(id))
    }
    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }
    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
    /// The rules that no event of these log sources can reach: they are blind, not active (DE-2). Correlations are
    /// blind when a rule they watch is.
    pub fn blind<'l>(&self, provided: impl IntoIterator<Item = &'l LogSource>) -> Vec<usize> {
        let provided: Vec<&LogSource> = provided.into_iter().collect();
        let mut blind: Vec<bool> =
            self.rules.iter().map(|rule| !provided.iter().any(|from| rule.takes(from))).collect();
        for &at in &self.order {
            if let crate::rule::Logic::Correlation(correlation) = &self.rules[at].logic {
                blind[at] = correlation.members.iter().any(|member| blind[member.rule]);
            }
        }
        (0..blind.len()).filter(|at| blind[*at]).collect()
    }
    /// The rules that must be evaluated for every event of their log source: no value of the event is necessary.
    pub fn restless(&self) -> Vec<usize> {
        let all: Arc<[u32]> =
            (0..self.rules.len() as u32).filter(|at| self.rules[*at as usize].runnable()).collect();
        let plan = self.program().plan(&all);
        plan.always.iter().map(|at| plan.rules[*at as usize].rule as usize).collect()
    }
    /// The names of all fields that any rule looks at.
    pub fn fields(&self) -> &[Arc<str>] {
        &self.fields
    }
    /// How many rules look at each field: where an index pays.
    pub fn field_use(&self) -> HashMap<Arc<str>, usize> {
        let mut uses = HashMap::new();
        for rule in self.rules.iter() {
            if let crate::rule::Logic::Detection(node) = &rule.logic {
                node.atoms(&mut |atom| {
                    if let Some(field) = &atom.field {
                        *uses.entry(field.name.clone()).or_insert(0) += 1;
                    }
                });
            }
        }
        uses
    }
}

/// A document of a file, or what is wrong with it.
enum Part<'t> {
    Wrong(RuleProblem),
    Parsed(Document<'t>, SigmaCollection),
}

/// Files for which a thread of its own pays.
const A_THREAD: usize = 64;
/// Threads that parse at most.
const THREADS: usize = 8;

/// Parses all files, in order. Files know nothing of each other, so that every processor takes a share.
fn parse_all(files: &[RuleFile]) -> Vec<Vec<Part<'_>>> {
    let threads = available_parallelism().map_or(1, usize::from).min(THREADS).min(files.len() / A_THREAD);
    if threads < 2 {
        return parse_share(files);
    }
    let shares: Vec<&[RuleFile]> = files.chunks(files.len().div_ceil(threads)).collect();
    thread::scope(|scope| {
        let running: Vec<_> = shares.iter().map(|share| scope.spawn(|| parse_share(share))).collect();
        let done = running.into_iter().zip(&shares);
        // A thread that could not end has parsed nothing: its share is done here.
        done.flat_map(|(thread, share)| thread.join().unwrap_or_else(|_| parse_share(share))).collect()
    })
}

fn parse_share(files: &[RuleFile]) -> Vec<Vec<Part<'_>>> {
    files.iter().map(parse).collect()
}

fn parse(file: &RuleFile) -> Vec<Part<'_>> {
    let whole = Document { text: &file.text, lines_before: 0 };
    let wrong = |(line, column): (u32, u32), message: String, remedy: &str| {
        let (file, remedy) = (file.path.clone(), remedy.to_owned());
        vec![Part::Wrong(RuleProblem { file, line, column, message, remedy, refused: true })]
    };
    if let Err(message) = bounds::check(&file.text) {
        let place = whole.stated(&message).unwrap_or((1, 1));
        return wrong(place, message, "split the file, or write the values out instead of repeating them");
    }
    // `action: global` makes documents depend on each other; then they can only be read together.
    let together = file.text.lines().any(|line| line.starts_with("action:"));
    let parts = if together { vec![whole] } else { documents(&file.text) };
    if parts.is_empty() {
        return wrong((1, 1), "the file has no rule".into(), "write a rule or remove the file");
    }
    let read = |part: Document<'_>| match catch_unwind(|| parse_sigma_yaml(part.text)) {
        // The parser is fed by strangers: a panic in it costs one document, not the program.
        Ok(Ok(found)) => Ok(found),
        Ok(Err(error)) => Err(parse_problem(file, part, &error.to_string(), true)),
        Err(_) => Err(parse_problem(file, part, "YAML that the parser cannot take", true)),
    };
    parts
        .into_iter()
        .map(|part| read(part).map_or_else(Part::Wrong, |found| Part::Parsed(part, found)))
        .collect()
}

fn take(file: &RuleFile, part: Document<'_>, found: SigmaCollection, compiler: &mut Compiler<'_>) {
    let nothing = found.is_empty();
    for message in &found.errors {
        compiler.problem(parse_problem(file, part, message, nothing));
    }
    for rule in found.rules {
        compiler.rule(file, part, &rule);
    }
    for correlation in found.correlations {
        compiler.correlation(file, part, correlation);
    }
    for filter in found.filters {
        compiler.filter(file, part, filter);
    }
}

fn parse_problem(file: &RuleFile, part: Document<'_>, message: &str, refused: bool) -> RuleProblem {
    let (line, column) = if message.contains("YAML") { part.stated(message) } else { None }
        .unwrap_or_else(|| part.find(near(message)));
    RuleProblem {
        file: file.path.clone(),
        line,
        column,
        message: message.to_owned(),
        remedy: remedy(message).to_owned(),
        refused,
    }
}
