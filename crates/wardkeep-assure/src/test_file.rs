//! Control tests as declarative files, one YAML file each (`specs/assurance.md` 5; TS-2).

mod raw;

use crate::condition::Condition;
use crate::rules::TestRules;
use crate::source::Source;
use crate::template::Template;
use wardkeep_types::{Length, Problems};

/// A control test: a repeatable question, answered from facts.
#[derive(Debug, Clone, PartialEq)]
pub struct TestFile {
    /// What turns counts into a verdict.
    pub rules: TestRules,
    /// The question in one sentence.
    pub question: String,
    /// Keys of the controls it speaks about.
    pub controls: Vec<String>,
    /// Whether it is run once for each of its controls; see [`TestFile::rules_for`].
    pub per_control: bool,
    /// Sources that must have given at least one fact in the period, else there is no data.
    pub needs: Vec<Source>,
    /// Why a population of zero is an answer.
    pub empty_because: Option<String>,
    /// How many subjects are expected, where a number is known.
    pub expected: Option<u64>,
    /// Which subjects should be looked at; absent when they are those of the outcome.
    pub population: Option<Population>,
    /// What is looked at, and what makes it pass; absent for a test done by a person.
    pub outcome: Option<Outcome>,
    /// How a person does it, or what the query rests on; Markdown.
    pub procedure: String,
    /// SHA-256 of the file's text: an observation names what was run.
    pub sha256: String,
}

/// A choice of facts and what to call each.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Where the facts come from.
    pub from: Source,
    /// Which of them.
    pub wanted: Condition,
    /// How far back; the test's period when absent.
    pub window: Option<Length>,
    /// What the subject is called: the first of these that can be filled.
    pub subject: Vec<Template>,
    /// Fields whose values are further names of the subject, to find it again in another source.
    pub names: Vec<String>,
}

/// Which subjects should be looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// The first source.
    pub part: Part,
    /// A second source, to see how complete the first is (TS-4).
    pub second: Option<Part>,
}

/// What is looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Which facts.
    pub part: Part,
    /// The first that fits decides; none that fits is *unknown*.
    pub rules: Vec<Rule>,
    /// How several answers about one subject combine.
    pub take: Take,
    /// What a subject of the population without any answer is.
    pub absent: Absent,
}

/// One rule of an outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// When it fits.
    pub when: Condition,
    /// What it says.
    pub says: Says,
    /// The sentence beside it.
    pub detail: Template,
    /// What the subject is called when this rule fits; the outcome's own when empty.
    pub subject: Vec<Template>,
}

/// What a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// Fine.
    Pass,
    /// Not fine.
    Fail,
    /// Looked at, no verdict.
    Unknown,
    /// Not a subject at all.
    Ignore,
}

/// How several answers about one subject combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// A failure outweighs what is unknown, and that a pass.
    Worst,
    /// The newest.
    Latest,
}

/// What a subject of the population without any answer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absent {
    /// Not examined: it lowers coverage and never passes.
    Unseen,
    /// A failure with this sentence, provided that the outcome's source is alive at all.
    Fail(String),
}

impl TestFile {
    /// Reads one file; `name` is for the problems. Every fault is reported with its field.
    pub fn parse(name: &str, text: &str) -> Result<Self, Problems> {
        raw::read(name, text)
    }

    /// The rules as they hold for one control. A test that is run per control has a key of its own for each.
    pub fn rules_for(&self, control: &str) -> TestRules {
        let mut rules = self.rules.clone();
        if self.per_control {
            rules.key = format!("{}/{control}", rules.key);
        }
        rules
    }

    /// Every source it reads.
    pub fn sources(&self) -> Vec<Source> {
        let parts = self.parts().map(|p| p.from.clone());
        let mut all: Vec<Source> = parts.chain(self.needs.iter().cloned()).collect();
        all.sort();
        all.dedup();
        all
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        let population = self.population.iter().flat_map(|p| std::iter::once(&p.part).chain(&p.second));
        population.chain(self.outcome.iter().map(|o| &o.part))
    }
}

/// Whether a key is well formed: lower-case letters, digits and hyphens, at most 64.
pub fn is_key(text: &str) -> bool {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=64).contains(&text.len()) && text.chars().all(fine) && !text.starts_with('-')
}

#[cfg(test)]
mod tests {
    use super::TestFile;

    const GOOD: &str = include_str!("../../../content/tests/mfa-console-sign-in.yaml");

    #[test]
    fn a_wrong_file_is_refused_with_the_field() {
        let check = |from: &str, to: &str, expected: &str| {
            assert!(GOOD.contains(from), "{from}");
            let problems = TestFile::parse("t.yaml", &GOOD.replacen(from, to, 1)).unwrap_err();
            let all: Vec<String> =
                problems.iter().map(|p| format!("{}: {} {}", p.path, p.message, p.hint)).collect();
            assert!(all.iter().any(|p| p.contains(expected)), "{expected} is not in {all:?}");
        };
        check("interval: 1d", "interval: 0d", "interval: the interval is zero");
        check("interval: 1d", "interval: 2d\nvalidity: 1d", "validity: the validity is shorter");
        check("interval: 1d", "interval: 1d\nvalidity: 401d", "validity: the validity is longer");
        check("interval: 1d", "interval: 1d\nthresholds: {fail_below: 0.99}", "thresholds.fail_below");
        check("interval: 1d", "interval: 1d\nthresholds: {pass_under: 0.9}", "pass_under");
        check("interval: 1d", "intervall: 1d", "unknown field `intervall`");
        check("interval: 1d", "interval: 1 moon", "t.yaml:");
        check("  subject: [", "  subject2: [", "unknown field `subject2`");
        check("  subject: [\"{userIdentity.arn}\"", "  subject: [\"{userIdentity.arn\"", "outcome.subject: ");
        check(
            "\"@dialect\"",
            "\"@dialekt\"",
            "outcome.where: events has no field '@dialekt' known are @host",
        );
        check(
            "eventName: ConsoleLogin",
            "eventName|re: ConsoleLogin",
            "outcome.where.eventName|re: 're' is not a modifier",
        );
        check("eventName: ConsoleLogin", "eventName: Console*", "write |contains");
        check("eventName: ConsoleLogin", "eventName|before: soon", "this value has no order");
        check("eventName: ConsoleLogin", "eventName|exists: soon", "exists takes true or false");
        check("eventName: ConsoleLogin", "eventName: []", "the list of values is empty");
        check("from: events", "from: dreams", "outcome.from: 'dreams' is not a source");
        check("from: events", "from: records/../x", "outcome.from");
        check("  rules:", "  absent: gone\n  rules:", "outcome.absent");
        check("version: 1", "version: 0", "version");
        check("key: mfa", "key: MFA", "key");
        check("result: pass", "result: perhaps", "perhaps");
        check("controls: [mfa]", "controls: []", "controls");
        let without = &GOOD[..GOOD.find("outcome:").unwrap()];
        let problems = TestFile::parse("t.yaml", &format!("{without}procedure: x\n")).unwrap_err();
        assert_eq!(problems.0[0].path, "outcome");
        assert!(TestFile::parse("t.yaml", "").is_err());
        assert!(TestFile::parse("t.yaml", &"x".repeat(100_000)).is_err());
        assert!(TestFile::parse("t.yaml", &format!("a: {}", "[".repeat(5_000))).is_err());
    }

    #[test]
    fn the_hash_follows_the_text_and_not_its_line_ends() {
        let hash = |text: &str| TestFile::parse("t.yaml", text).unwrap().sha256;
        assert_eq!(hash(GOOD), hash(&GOOD.replace('\n', "\r\n")));
        assert_ne!(hash(GOOD), hash(&GOOD.replace("version: 1", "version: 2")));
    }

    #[test]
    fn defaults_follow_the_interval() {
        let test = TestFile::parse("t.yaml", GOOD).unwrap();
        assert_eq!(test.rules.timing, crate::Timing::every("1d".parse().unwrap()));
        assert_eq!(test.rules_for("mfa").key, "mfa-console-sign-in");
        assert_eq!(test.sources(), [crate::Source::Events]);
    }
}
