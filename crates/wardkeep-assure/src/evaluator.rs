//! Runs a test over facts, one at a time, with bounded memory.

mod finish;
#[cfg(test)]
mod tests;

use crate::exception::Excepted;
use crate::facts::{Fact, Facts};
use crate::names::normal;
use crate::operand::Scope;
use crate::source::Source;
use crate::test_file::{Part, Rule, Says, Take, TestFile};
use std::collections::{BTreeSet, HashMap};
use wardkeep_types::Moment;
use wardkeep_types::observation::Basis;

pub use finish::{Draft, Frame};

/// More subjects than this end the run as an error (`specs/assurance.md` 5).
pub const SUBJECT_LIMIT: usize = 1_000_000;
/// What one failing subject keeps of what it rests on.
const BASIS_KEPT: usize = 5;
/// Sources and files that a draft names.
const EVIDENCE_KEPT: usize = 1_000;

/// When and for what a test is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Start of the period; without it the test's interval before `to`.
    pub from: Option<Moment>,
    /// End of the period (exclusive), and what `now` and `today` mean.
    pub to: Moment,
    /// Key of the control; empty for a test that speaks about its controls as one.
    pub control: String,
}

impl Run {
    /// The test's own period, ending at `to`.
    pub fn until(to: Moment) -> Self {
        Self { from: None, to, control: String::new() }
    }
    /// All evidence from its first moment to its last, both within the period.
    pub fn over(first: Moment, last: Moment) -> Self {
        Self {
            from: Some(first),
            to: Moment::from_micros(last.as_micros().saturating_add(1)),
            control: String::new(),
        }
    }
}

/// A test being run. Feed it every fact of each source it [wants](Evaluator::wants), in any order, then
/// [finish](Evaluator::finish).
#[derive(Debug)]
pub struct Evaluator<'t> {
    test: &'t TestFile,
    run: Run,
    excepted: Excepted,
    limit: usize,
    alive: BTreeSet<Source>,
    population: Members,
    second: Members,
    answers: HashMap<String, Answer>,
    failed: Option<String>,
    newest: Option<Moment>,
    evidence: BTreeSet<String>,
    sources: BTreeSet<String>,
}

/// Subjects of a population by what they are called.
#[derive(Debug, Default)]
struct Members(HashMap<String, Member>);

#[derive(Debug)]
struct Member {
    names: Vec<String>,
    basis: Vec<Basis>,
}

/// What was seen of one subject.
#[derive(Debug)]
struct Answer {
    says: Says,
    at: Option<Moment>,
    detail: String,
    basis: Vec<Basis>,
    /// Names it bore in the outcome's source.
    names: Vec<String>,
}

impl<'t> Evaluator<'t> {
    /// A run that has seen nothing yet. `excepted` are the subjects taken out at the end of the period.
    pub fn new(test: &'t TestFile, run: Run, excepted: Excepted) -> Self {
        Self {
            test,
            run,
            excepted,
            limit: SUBJECT_LIMIT,
            alive: BTreeSet::new(),
            population: Members::default(),
            second: Members::default(),
            answers: HashMap::new(),
            failed: None,
            newest: None,
            evidence: BTreeSet::new(),
            sources: BTreeSet::new(),
        }
    }

    /// Whether facts of this source bear on the test.
    pub fn wants(&self, source: &Source) -> bool {
        let population = self.test.population.iter();
        let mut parts = population.flat_map(|p| std::iter::once(&p.part).chain(&p.second));
        self.test.needs.contains(source)
            || parts.any(|p| p.from == *source)
            || self.test.outcome.as_ref().is_some_and(|o| o.part.from == *source)
    }

    /// The start of the longest period it looks at, so that older facts need not be read.
    pub fn reads_from(&self) -> Moment {
        let population = self.test.population.iter();
        let parts = population.flat_map(|p| std::iter::once(&p.part).chain(&p.second));
        let parts = parts.chain(self.test.outcome.iter().map(|o| &o.part));
        parts.map(|p| self.start(p)).min().unwrap_or_else(|| self.default_start())
    }

    /// The collector failed: whatever was counted does not stand.
    pub fn fail(&mut self, reason: impl Into<String>) {
        self.failed.get_or_insert(reason.into());
    }

    /// One fact.
    pub fn feed(&mut self, source: &Source, facts: &dyn Facts) {
        if self.failed.is_some() {
            return;
        }
        let at = facts.at();
        if at.is_some_and(|at| at >= self.run.to) {
            return;
        }
        let test = self.test;
        if test.needs.contains(source) && at.is_none_or(|at| at >= self.default_start()) {
            self.alive.insert(source.clone());
        }
        if let Some(population) = &test.population {
            if self.picks(&population.part, source, facts) {
                self.join(&population.part, facts, false);
            }
            if let Some(second) = population.second.as_ref().filter(|p| self.picks(p, source, facts)) {
                self.join(second, facts, true);
            }
        }
        if let Some(outcome) = test.outcome.as_ref().filter(|o| self.in_window(&o.part, source, at)) {
            self.alive.insert(source.clone());
            let scope = Scope { as_of: self.run.to, control: &self.run.control };
            if outcome.part.wanted.holds(facts, &scope) {
                let rule = outcome.rules.iter().find(|r| r.when.holds(facts, &scope));
                self.answer(&outcome.part, rule, outcome.take, facts);
            }
        }
        if self.population.0.len().max(self.second.0.len()).max(self.answers.len()) > self.limit {
            let reason = format!("There are more than {} subjects; narrow the query.", self.limit);
            self.fail(reason);
        }
    }

    fn default_start(&self) -> Moment {
        self.run.from.unwrap_or_else(|| self.run.to.plus_seconds(-self.test.rules.timing.interval.seconds()))
    }

    fn start(&self, part: &Part) -> Moment {
        part.window.map_or_else(|| self.default_start(), |w| self.run.to.plus_seconds(-w.seconds()))
    }

    fn in_window(&self, part: &Part, source: &Source, at: Option<Moment>) -> bool {
        part.from == *source && at.is_none_or(|at| at >= self.start(part))
    }

    fn picks(&self, part: &Part, source: &Source, facts: &dyn Facts) -> bool {
        let scope = Scope { as_of: self.run.to, control: &self.run.control };
        self.in_window(part, source, facts.at()) && part.wanted.holds(facts, &scope)
    }

    fn join(&mut self, part: &Part, facts: &dyn Facts, second: bool) {
        let subject = subject(part, None, facts);
        let members = if second { &mut self.second } else { &mut self.population };
        let found = names(part, &subject, facts);
        match members.0.get_mut(&subject) {
            Some(member) => found.into_iter().for_each(|n| add_once(&mut member.names, n)),
            None => {
                members.0.insert(subject, Member { names: found, basis: facts.basis() });
            }
        }
    }

    fn answer(&mut self, part: &Part, rule: Option<&Rule>, take: Take, facts: &dyn Facts) {
        let says = rule.map_or(Says::Unknown, |r| r.says);
        if says == Says::Ignore {
            return;
        }
        let at = facts.at();
        self.newest = self.newest.max(at);
        if !facts.source().is_empty()
            && self.sources.len() < EVIDENCE_KEPT
            && !self.sources.contains(facts.source())
        {
            self.sources.insert(facts.source().to_owned());
        }
        let subject = subject(part, rule, facts);
        let (evidence, kept) = (&mut self.evidence, self.answers.get_mut(&subject));
        let mut rests_on = || {
            let basis = facts.basis();
            for sha in basis.iter().filter_map(file_of) {
                if evidence.len() < EVIDENCE_KEPT && !evidence.contains(sha) {
                    evidence.insert(sha.to_owned());
                }
            }
            basis
        };
        let detail =
            || rule.map_or_else(|| "No rule of the test fits.".to_owned(), |r| r.detail.fill_always(facts));
        let Some(answer) = kept else {
            let names = names(part, &subject, facts);
            let new = Answer { says, at, detail: detail(), basis: rests_on(), names };
            self.answers.insert(subject, new);
            return;
        };
        let replaces = match take {
            Take::Worst => weight(says) > weight(answer.says),
            Take::Latest => at > answer.at || (at == answer.at && weight(says) > weight(answer.says)),
        };
        if replaces {
            (answer.says, answer.detail, answer.basis) = (says, detail(), rests_on());
        } else if take == Take::Worst
            && says == Says::Fail
            && answer.says == says
            && answer.basis.len() < BASIS_KEPT
        {
            answer.basis.extend(rests_on());
        }
        answer.at = answer.at.max(at);
    }
}

fn weight(says: Says) -> u8 {
    match says {
        Says::Ignore => 0,
        Says::Pass => 1,
        Says::Unknown => 2,
        Says::Fail => 3,
    }
}

/// What the facts' subject is called; what bears no name is still counted, as one.
fn subject(part: &Part, rule: Option<&Rule>, facts: &dyn Facts) -> String {
    let own = rule.map_or(&[][..], |r| &r.subject[..]);
    let templates = if own.is_empty() { &part.subject[..] } else { own };
    templates.iter().find_map(|t| t.fill(facts)).unwrap_or_else(|| "(not stated)".to_owned())
}

fn names(part: &Part, subject: &str, facts: &dyn Facts) -> Vec<String> {
    let mut names = vec![normal(subject)];
    for fact in part.names.iter().filter_map(|field| facts.fact(field)) {
        let items = match fact {
            Fact::List(items) => items,
            one => vec![one],
        };
        // A register's text field holds one name a line.
        for text in items.iter().map(Fact::shown) {
            text.lines().for_each(|line| add_once(&mut names, normal(line)));
        }
    }
    names
}

fn add_once(names: &mut Vec<String>, name: String) {
    if !name.is_empty() && names.len() < 100 && !names.contains(&name) {
        names.push(name);
    }
}

fn file_of(basis: &Basis) -> Option<&str> {
    match basis {
        Basis::ScanRow { sha256, .. } | Basis::File { sha256 } => Some(sha256),
        Basis::Event { .. } | Basis::Record { .. } => None,
    }
}
