//! Our matchers beside the rsigma library, in one run, on the same events and rules (`wardkeep bench detect`).
//!
//! What was expected before the first measurement, on a core of the kind this was written on (a virtual x86-64 at
//! about 3 GHz): rsigma 35,000 to 55,000 events a second with a third of its time in building JSON values; our
//! streaming matcher 100,000, because a record of 1.8 KB costs about 3 microseconds to scan, 50 fields 2 to find,
//! and the rules 3 when values are remembered; our columnar matcher 500,000 with columns in memory.
//!
//! What was found, on a shared machine, with 2,872 rules and a million events of each corpus: rsigma 42,600 (EVTX) and
//! 28,000 (Mordor), streaming 122,000 and 108,100, columnar 1.87 and 2.04 million. The simple engine before had to
//! make an event of every record, which alone holds it to 33,000 to 42,000 (`events`).
//!
//! rsigma is given records whose fields are mapped already and log sources that are known, so that both come free
//! for it; we are given the records as received and pay for both.

mod clock;
mod corpus;
mod oracle;
mod ours;

pub use corpus::{Corpus, rules};

use crate::hunt::Hunt;
use crate::ir::Test;
use crate::load::RuleSet;
use crate::pattern::Piece;
use crate::rule::{Logic, RuleFile};
use clock::{Meter, resident};
use oracle::Oracle;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What one matcher did with one corpus.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// `rsigma`; `streaming`; `events`, which is streaming with an event made of every record; `columnar`.
    pub matcher: &'static str,
    /// The events' corpus.
    pub corpus: String,
    /// Rules loaded.
    pub rules: usize,
    /// Events looked at, copies counted.
    pub events: u64,
    /// Seconds of processor time to load and compile the rules.
    pub load_seconds: f64,
    /// Seconds of processor time for the events.
    pub cpu_seconds: f64,
    /// Events a second on one core.
    pub events_per_second: f64,
    /// Rule and event pairs that hit.
    pub hits: u64,
    /// Bytes that the program grew by while loading and matching.
    pub memory_bytes: u64,
}

/// A pair on which the matchers do not agree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Difference {
    /// The corpus.
    pub corpus: String,
    /// The rule's id.
    pub rule: String,
    /// The rule's title.
    pub title: String,
    /// Matchers that hit.
    pub hit: Vec<&'static str>,
    /// Matchers that did not.
    pub missed: Vec<&'static str>,
    /// How many events.
    pub events: usize,
    /// Number of the first such event.
    pub first: usize,
    /// Why, where known.
    pub cause: Option<&'static str>,
}

/// Everything measured.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Our streaming matcher's events a second over rsigma's, for the corpus where it is least, copied up.
    pub streaming_ratio: f64,
    /// Our columnar matcher's events a second over rsigma's, for the corpus where it is least, copied up.
    pub columnar_ratio: f64,
    /// The same for the corpora as they are, of some ten thousand events, where a matcher has not warmed up.
    pub streaming_ratio_small: f64,
    /// The same for the columnar matcher.
    pub columnar_ratio_small: f64,
    /// Whether streaming and columnar hit the same pairs, and rsigma too but for differences whose cause is known.
    pub identical: bool,
    /// Every figure.
    pub figures: Vec<Figure>,
    /// Fewer rules and more events, streaming and rsigma.
    pub growth: Vec<Figure>,
    /// Where the matchers do not agree.
    pub differences: Vec<Difference>,
}

/// How much to do.
#[derive(Debug, Clone)]
pub struct Options {
    /// Events each corpus is copied up to.
    pub events: u64,
    /// Whether growth with rules and events is measured too.
    pub growth: bool,
    /// Only these matchers; empty: all.
    pub only: Vec<String>,
}

/// Measures. `say` hears what is being done.
pub fn run(files: &[RuleFile], corpora: &[Corpus], options: &Options, say: &mut dyn FnMut(&str)) -> Report {
    let (mut figures, mut growth, mut differences) = (Vec::new(), Vec::new(), Vec::new());
    for corpus in corpora.iter().filter(|corpus| !corpus.is_empty()) {
        say(&format!("{}: {} events", corpus.name, corpus.len()));
        differences.extend(compare(files, corpus));
        for events in [corpus.len() as u64, options.events.max(corpus.len() as u64)] {
            figures.extend(measure(files, corpus, events, options, say));
        }
        if options.growth {
            for rules in [100, 1_000].into_iter().filter(|rules| *rules < files.len()) {
                // Spread over the folders, so that every log source keeps some.
                let step = files.len() / rules;
                let some: Vec<RuleFile> = files.iter().step_by(step).take(rules).cloned().collect();
                growth.extend(measure(&some, corpus, corpus.len() as u64, options, say));
            }
            growth.extend(measure(files, corpus, corpus.len() as u64 * 10, options, say));
        }
    }
    let identical = differences.iter().all(|difference| difference.cause.is_some());
    Report {
        streaming_ratio: ratio(&figures, "streaming", true),
        columnar_ratio: ratio(&figures, "columnar", true),
        streaming_ratio_small: ratio(&figures, "streaming", false),
        columnar_ratio_small: ratio(&figures, "columnar", false),
        identical,
        figures,
        growth,
        differences,
    }
}

/// The worst of all corpora, at their largest or smallest: how many times faster than rsigma.
fn ratio(figures: &[Figure], matcher: &str, largest: bool) -> f64 {
    let size = |one: &Figure| {
        let sizes = figures.iter().filter(|f| f.corpus == one.corpus).map(|f| f.events);
        if largest { sizes.max() } else { sizes.min() }
    };
    let of = |name: &str, like: &Figure| {
        figures
            .iter()
            .find(|f| f.matcher == name && f.corpus == like.corpus && f.events == like.events)
            .map_or(f64::INFINITY, |f| f.events_per_second)
    };
    figures
        .iter()
        .filter(|f| f.matcher == matcher && Some(f.events) == size(f))
        .map(|f| f.events_per_second / of("rsigma", f))
        .fold(f64::INFINITY, f64::min)
}

fn measure(
    files: &[RuleFile],
    corpus: &Corpus,
    events: u64,
    options: &Options,
    say: &mut dyn FnMut(&str),
) -> Vec<Figure> {
    let copies = u32::try_from(events.div_ceil(corpus.len() as u64)).unwrap_or(u32::MAX);
    let mut figures = Vec::new();
    let wanted = |matcher: &str| options.only.is_empty() || options.only.iter().any(|only| only == matcher);
    let mut add = |matcher: &'static str, before: u64, load: Meter, run: Meter, rules: usize, hits: u64| {
        let events = u64::from(copies) * corpus.len() as u64;
        let cpu_seconds = run.spent.as_secs_f64();
        let figure = Figure {
            matcher,
            corpus: corpus.name.clone(),
            rules,
            events,
            load_seconds: load.spent.as_secs_f64(),
            cpu_seconds,
            events_per_second: events as f64 / cpu_seconds.max(1e-9),
            hits,
            memory_bytes: resident().saturating_sub(before),
        };
        say(&format!(
            "  {matcher:<10} {:>9} events, {rules:>5} rules: {:>9.0} events/s, {:.2} s, {hits} hits, load {:.2} s, {} MB",
            figure.events,
            figure.events_per_second,
            figure.cpu_seconds,
            figure.load_seconds,
            figure.memory_bytes >> 20
        ));
        figures.push(figure);
    };
    if wanted("rsigma") {
        let before = resident();
        let (mut load, mut run, mut hits) = (Meter::default(), Meter::default(), 0);
        let (mut oracle, refused) = load.time(|| Oracle::new(files));
        let mut ids = Vec::new();
        for copy in 0..copies {
            let mut records = Vec::with_capacity(corpus.len());
            for flat in &corpus.flat {
                let mut record = Vec::with_capacity(flat.len());
                corpus::vary(flat, copy, &mut record);
                records.push(String::from_utf8(record).unwrap_or_default());
            }
            run.time(|| {
                for (record, event) in records.iter().zip(&corpus.events) {
                    oracle.evaluate(record, &event.logsources, &mut ids);
                    hits += ids.len() as u64;
                }
            });
        }
        add("rsigma", before, load, run, files.len() - refused, hits);
    }
    for (name, whole) in [("events", true), ("streaming", false)].into_iter().filter(|(name, _)| wanted(name))
    {
        let before = resident();
        let mut load = Meter::default();
        let set = load.time(|| RuleSet::load(files.iter().cloned()).0);
        let mut streaming = load.time(|| ours::Streaming::new(&set, corpus));
        streaming.whole = whole;
        let mut run = Meter::default();
        for copy in 0..copies {
            let lines = corpus.lines(copy);
            run.time(|| streaming.read(lines, corpus));
        }
        add(name, before, load, run, set.len(), streaming.hits);
    }
    if wanted("columnar") {
        let columns = ours::columns(corpus, copies);
        let before = resident();
        let mut load = Meter::default();
        let set = load.time(|| RuleSet::load(files.iter().cloned()).0);
        let mut hunt = Hunt::new(&set);
        load.time(|| hunt.prepare(columns.sets.iter().map(|set| &**set)));
        let mut run = Meter::default();
        let hits = run.time(|| hunt.run(&columns).len() as u64);
        add("columnar", before, load, run, set.len(), hits);
    }
    figures
}

/// The pairs of every matcher on the events as they are.
fn compare(files: &[RuleFile], corpus: &Corpus) -> Vec<Difference> {
    let (set, _) = RuleSet::load(files.iter().cloned());
    let (mut oracle, _) = Oracle::new(files);
    let mut sides: Vec<(&'static str, BTreeSet<(String, usize)>)> = Vec::new();
    let mut theirs = BTreeSet::new();
    let mut ids = Vec::new();
    for (at, (flat, event)) in corpus.flat.iter().zip(&corpus.events).enumerate() {
        oracle.evaluate(flat, &event.logsources, &mut ids);
        theirs.extend(ids.drain(..).map(|id| (id, at)));
    }
    sides.push(("rsigma", theirs));
    let id = |rule: u32| set.rules()[rule as usize].id.to_string();
    sides.push((
        "streaming",
        ours::pairs(&set, corpus).into_iter().map(|(rule, at)| (id(rule), at)).collect(),
    ));
    let columns = ours::columns(corpus, 1);
    sides.push((
        "columnar",
        ours::column_pairs(&set, &columns).into_iter().map(|(rule, at)| (id(rule), at)).collect(),
    ));
    let all: BTreeSet<&(String, usize)> = sides.iter().flat_map(|(_, pairs)| pairs).collect();
    let mut found: BTreeMap<(String, Vec<&'static str>), Difference> = BTreeMap::new();
    for pair in all {
        let (hit, missed): (Vec<_>, Vec<_>) = sides.iter().partition(|(_, pairs)| pairs.contains(pair));
        if missed.is_empty() {
            continue;
        }
        let names = |sides: Vec<&(&'static str, BTreeSet<(String, usize)>)>| {
            sides.iter().map(|(name, _)| *name).collect::<Vec<_>>()
        };
        let hit = names(hit);
        let entry = found.entry((pair.0.clone(), hit.clone())).or_insert_with(|| Difference {
            corpus: corpus.name.clone(),
            rule: pair.0.clone(),
            title: set.find(&pair.0).map(|rule| rule.title.to_string()).unwrap_or_default(),
            hit,
            missed: names(missed),
            events: 0,
            first: pair.1,
            cause: cause(&set, &pair.0),
        });
        entry.events += 1;
    }
    found.into_values().collect()
}

/// Why rsigma and we may rightly differ on a rule.
fn cause(set: &RuleSet, id: &str) -> Option<&'static str> {
    let rule = set.find(id)?;
    if !rule.unset_placeholders.is_empty() {
        return Some(
            "the rule has a placeholder without a list: ours sleeps until the list is there, rsigma runs it as if the list were empty",
        );
    }
    let Logic::Detection(node) = &rule.logic else { return None };
    let mut found = None;
    node.atoms(&mut |atom| {
        for test in &atom.tests {
            let Test::Text(pattern) = test else { continue };
            if pattern.pieces().contains(&Piece::Dash) {
                found = Some("windash: ours takes a slash in the rule for a dash as well, as Sigma 2.1 has it, rsigma only a hyphen");
            } else if matches!(pattern.pieces(), [Piece::Many, .., Piece::One]) {
                found = Some("endswith with a `?`: the value does end so (0x10 ends with `1?`), rsigma does not see it");
            }
        }
    });
    found
}
