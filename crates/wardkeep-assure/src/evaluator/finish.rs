//! From what was seen to the draft of an observation.

use super::{Answer, Evaluator, Member, Members};
use crate::names::Names;
use crate::observation::SUBJECTS_KEPT;
use crate::test_file::{Absent, Outcome, Says};
use std::collections::HashMap;
use wardkeep_types::observation::{Basis, Counts, Observation, RunResult, SubjectResult};
use wardkeep_types::{Id, Moment, Percent};

/// What a run found; an observation but for who recorded it and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// How the run ended.
    pub result: RunResult,
    /// The counts.
    pub counts: Counts,
    /// Agreement of two population sources (TS-4).
    pub completeness: Option<Percent>,
    /// Failing subjects first, then the excepted ones.
    pub subjects: Vec<SubjectResult>,
    /// One sentence for people.
    pub note: String,
    /// Start of the period.
    pub from: Moment,
    /// End of the period, exclusive.
    pub to: Moment,
    /// The newest fact that answered.
    pub newest: Option<Moment>,
    /// SHA-256 of the files it rests on, as far as the facts name them.
    pub evidence: Vec<String>,
    /// Names of the event sources that answered, at most 1,000.
    pub sources: Vec<String>,
}

/// What an observation holds beside its draft.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Identity of the observation.
    pub id: Id,
    /// The unit it speaks about.
    pub unit: Id,
    /// When it is recorded.
    pub recorded_at: Moment,
    /// What ran it, with version.
    pub collector: String,
}

struct Seen<'a> {
    subject: String,
    answer: Option<&'a Answer>,
    basis: Vec<Basis>,
}

impl Evaluator<'_> {
    /// Ends the run.
    pub fn finish(mut self) -> Draft {
        let mut draft = self.empty();
        if let Some(reason) = self.failed.take() {
            (draft.result, draft.note) = (RunResult::Error, reason);
            return draft;
        }
        let Some(outcome) = &self.test.outcome else {
            draft.note = String::from("This test is done by a person.");
            return draft;
        };
        if let Some(silent) = self.test.needs.iter().find(|s| !self.alive.contains(s)) {
            draft.note = format!("nothing came from {silent} in the period.");
            return draft;
        }
        let joined =
            Joined::new(&self.population, &self.second, &self.answers, self.test.population.is_some());
        let alive = self.alive.contains(&outcome.part.from);
        if joined.seen.is_empty() {
            let by_right =
                self.test.empty_because.as_deref().filter(|_| alive || !self.test.needs.is_empty());
            draft.note =
                by_right.map_or("no subject was found.".to_owned(), |why| format!("No subject: {why}"));
            if by_right.is_some() {
                draft.result = RunResult::Counted;
                draft.counts =
                    Counts { population: Some(0), expected: self.test.expected, ..Counts::default() };
            }
            return draft;
        }
        if !alive && outcome.absent != Absent::Unseen {
            draft.note = format!(
                "nothing at all came from {} in the period, so silence proves nothing.",
                outcome.part.from
            );
            return draft;
        }
        self.count(outcome, joined, &mut draft);
        draft
    }

    fn empty(&mut self) -> Draft {
        Draft {
            result: RunResult::NoData,
            counts: Counts::default(),
            completeness: None,
            subjects: Vec::new(),
            note: String::new(),
            from: self.reads_from(),
            to: self.run.to,
            newest: self.newest,
            evidence: std::mem::take(&mut self.evidence).into_iter().collect(),
            sources: std::mem::take(&mut self.sources).into_iter().collect(),
        }
    }

    fn count(&self, outcome: &Outcome, mut joined: Joined<'_>, draft: &mut Draft) {
        let mut counts = Counts {
            population: Some(joined.seen.len() as u64),
            expected: joined.expected.or(self.test.expected),
            ..Counts::default()
        };
        let mut kinds: [Vec<SubjectResult>; 4] = Default::default();
        let mut unseen = Vec::new();
        joined.seen.sort_by(|a, b| a.subject.cmp(&b.subject));
        for seen in joined.seen {
            let (passed, detail) = match (seen.answer, &outcome.absent) {
                (Some(answer), _) => (verdict(answer.says), answer.detail.clone()),
                (None, Absent::Fail(detail)) => (Some(false), detail.clone()),
                (None, Absent::Unseen) if self.excepted.holds(&seen.subject) => {
                    (None, "Not examined.".to_owned())
                }
                (None, Absent::Unseen) => {
                    unseen.push(seen.subject);
                    continue;
                }
            };
            let excepted = self.excepted.holds(&seen.subject);
            let (count, kind) = match (excepted, passed) {
                (true, _) => (&mut counts.excepted, 1),
                (false, Some(false)) => (&mut counts.failed, 0),
                (false, None) => (&mut counts.unknown, 2),
                (false, Some(true)) => (&mut counts.passed, 3),
            };
            *count += 1;
            if kinds[kind].len() < SUBJECTS_KEPT {
                let mut basis = seen.basis;
                basis.extend(seen.answer.iter().flat_map(|a| a.basis.iter().cloned()));
                kinds[kind].push(SubjectResult { subject: seen.subject, passed, excepted, detail, basis });
            }
        }
        counts.examined = counts.passed + counts.failed + counts.excepted;
        draft.result = RunResult::Counted;
        draft.counts = counts;
        draft.completeness = joined.completeness;
        draft.note = note(&counts, &unseen, joined.outside);
        // Excepted subjects are kept beside the failing ones: when an exception ends they must count again.
        let [failing, excepted, unknown, passed] = kinds;
        let room = SUBJECTS_KEPT.saturating_sub(failing.len());
        draft.subjects = failing;
        draft.subjects.extend(excepted);
        draft.subjects.extend(unknown.into_iter().chain(passed).take(room));
    }
}

/// The population with what was seen of each.
struct Joined<'a> {
    seen: Vec<Seen<'a>>,
    expected: Option<u64>,
    completeness: Option<Percent>,
    /// Subjects with an answer that no population knows.
    outside: usize,
}

impl<'a> Joined<'a> {
    fn new(first: &Members, second: &Members, answers: &'a HashMap<String, Answer>, separate: bool) -> Self {
        if !separate {
            let alone = |(subject, answer): (&String, &'a Answer)| Seen {
                subject: subject.clone(),
                answer: Some(answer),
                basis: Vec::new(),
            };
            let seen = answers.iter().map(alone).collect();
            return Self { seen, expected: None, completeness: None, outside: 0 };
        }
        let mut index = Names::default();
        let mut seen: Vec<Seen<'a>> = Vec::with_capacity(first.0.len());
        let add = |seen: &mut Vec<Seen<'a>>, index: &mut Names, (subject, member): (&String, &Member)| {
            member.names.iter().for_each(|name| index.add(name, seen.len()));
            seen.push(Seen { subject: subject.clone(), answer: None, basis: member.basis.clone() });
        };
        for member in sorted(first) {
            add(&mut seen, &mut index, member);
        }
        let (expected, completeness) = if second.0.is_empty() {
            (None, None)
        } else {
            let known = |m: &Member| m.names.iter().find_map(|n| index.find(n));
            let (shared, new): (Vec<_>, Vec<_>) =
                sorted(second).into_iter().partition(|(_, m)| known(m).is_some());
            let mut both: Vec<usize> = shared.iter().filter_map(|(_, m)| known(m)).collect();
            both.sort_unstable();
            both.dedup();
            let union = seen.len() + new.len();
            for member in new {
                add(&mut seen, &mut index, member);
            }
            (Some(second.0.len() as u64), Percent::from_ratio(both.len() as f64 / union.max(1) as f64))
        };
        let mut outside = 0;
        let mut all: Vec<(&String, &'a Answer)> = answers.iter().collect();
        all.sort_by_key(|(subject, _)| *subject);
        for (_, answer) in all {
            let Some(member) = answer.names.iter().find_map(|n| index.find(n)) else {
                outside += 1;
                continue;
            };
            let kept = &mut seen[member].answer;
            if kept.is_none_or(|k| super::weight(answer.says) > super::weight(k.says)) {
                *kept = Some(answer);
            }
        }
        Self { seen, expected, completeness, outside }
    }
}

fn sorted(members: &Members) -> Vec<(&String, &Member)> {
    let mut all: Vec<_> = members.0.iter().collect();
    all.sort_by_key(|(subject, _)| *subject);
    all
}

fn verdict(says: Says) -> Option<bool> {
    match says {
        Says::Pass => Some(true),
        Says::Fail => Some(false),
        Says::Unknown | Says::Ignore => None,
    }
}

fn note(counts: &Counts, unseen: &[String], outside: usize) -> String {
    let population = counts.population.unwrap_or_default();
    let mut parts =
        vec![format!("{} of {population} passed", counts.passed), format!("{} failed", counts.failed)];
    let mut also = |count: u64, what: &str| {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    };
    also(counts.excepted, "excepted");
    also(counts.unknown, "without a verdict");
    also(unseen.len() as u64, "not examined");
    also(outside as u64, "seen that the population does not know");
    let mut note = parts.join(", ") + ".";
    if !unseen.is_empty() {
        let named: Vec<&str> = unseen.iter().take(10).map(String::as_str).collect();
        let more = if unseen.len() > named.len() { ", ..." } else { "" };
        note = format!("{note} Not examined: {}{more}.", named.join(", "));
    }
    note
}

impl Draft {
    /// The observation of `rules` that this run makes. Age is counted from the end of the period.
    pub fn observation(self, rules: &crate::TestRules, query_sha256: &str, frame: Frame) -> Observation {
        Observation {
            id: frame.id,
            test: rules.key.clone(),
            test_version: rules.version,
            unit: frame.unit,
            from: self.from,
            to: self.to,
            effective_at: self.to,
            recorded_at: frame.recorded_at,
            collector: frame.collector,
            query_sha256: query_sha256.to_owned(),
            result: self.result,
            counts: self.counts,
            strength: rules.method.strength(),
            completeness: self.completeness,
            totals_disagree: false,
            subjects: self.subjects,
            evidence: self.evidence,
            note: self.note,
        }
    }
}
