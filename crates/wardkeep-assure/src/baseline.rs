//! What a fresh installation knows: the baseline controls and the tests of `content/`.

use crate::test_file::{TestFile, is_key};
use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};
use wardkeep_types::observation::Strength;
use wardkeep_types::{Problem, Problems, limits};

/// What a control does to a loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// Keeps it from happening.
    Preventive,
    /// Notices it.
    Detective,
    /// Ends or repairs it.
    Corrective,
    /// Discourages it.
    Deterrent,
}

/// Who carries a control out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Performed {
    /// People.
    Manual,
    /// Machines.
    Automatic,
    /// Both.
    Hybrid,
}

/// What a control is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// A rule.
    Policy,
    /// A way of working.
    Process,
    /// Technology.
    Technical,
    /// Walls and locks.
    Physical,
    /// A step-by-step instruction.
    Procedure,
}

/// A control of the baseline, in our own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineControl {
    /// Stable key; tests name it.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// What it must do.
    pub statement: String,
    /// NIST CSF 2.0 function: GV, ID, PR, DE, RS or RC.
    pub function: String,
    /// NIST CSF 2.0 outcomes it serves, such as `PR.AA-03`.
    pub outcomes: Vec<String>,
    /// What it does to a loss.
    pub nature: Nature,
    /// Who carries it out.
    pub method: Performed,
    /// What it is made of.
    pub category: Category,
    /// Whether much rests on it; a key control needs a design test.
    pub is_key: bool,
    /// The least that evidence must prove.
    pub required: Strength,
    /// What evidence would show it, for people.
    pub shown_by: String,
}

impl BaselineControl {
    /// The NIST CSF 2.0 categories of its outcomes, such as `PR.AA`, each once.
    pub fn categories(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.outcomes.iter().filter_map(|o| o.split('-').next()).collect();
        all.dedup();
        all
    }
}

/// The six functions of NIST CSF 2.0 with their 22 categories, by id.
pub const CSF_CATEGORIES: &[&str] = &[
    "GV.OC", "GV.RM", "GV.RR", "GV.PO", "GV.OV", "GV.SC", "ID.AM", "ID.RA", "ID.IM", "PR.AA", "PR.AT",
    "PR.DS", "PR.PS", "PR.IR", "DE.CM", "DE.AE", "RS.MA", "RS.AN", "RS.CO", "RS.MI", "RC.RP", "RC.CO",
];

#[derive(RustEmbed)]
#[folder = "../../content/controls"]
struct ControlFiles;

#[derive(RustEmbed)]
#[folder = "../../content/tests"]
struct TestFiles;

/// The baseline controls in order of their keys.
pub fn controls() -> Result<Vec<BaselineControl>, Problems> {
    read_all(files::<ControlFiles>(), parse_control, |c| &c.key)
}

/// The tests of the baseline in order of their keys.
pub fn tests() -> Result<Vec<TestFile>, Problems> {
    read_all(files::<TestFiles>(), TestFile::parse, |t| &t.rules.key)
}

/// Reads one control file; faults carry the field.
pub fn parse_control(name: &str, text: &str) -> Result<BaselineControl, Problems> {
    let mut problems = Problems::new();
    if text.len() > limits::TEXT_BYTES {
        problems.add(Problem::new(name, "too_large", "the file is larger than 64 KiB"));
        return Err(problems);
    }
    let control: BaselineControl = match serde_yaml_ng::from_str(text) {
        Ok(control) => control,
        Err(fault) => {
            let at =
                fault.location().map_or(name.to_owned(), |l| format!("{name}:{}:{}", l.line(), l.column()));
            problems.add(Problem::new(at, "unreadable", fault.to_string()));
            return Err(problems);
        }
    };
    problems.require(
        is_key(&control.key),
        "key",
        "not_a_key",
        "a key has lower-case letters, digits and hyphens",
    );
    for (field, text) in
        [("name", &control.name), ("statement", &control.statement), ("shown_by", &control.shown_by)]
    {
        problems.require(!text.trim().is_empty(), field, "missing", "this is empty");
    }
    problems.require(
        !control.outcomes.is_empty(),
        "outcomes",
        "missing",
        "a control serves at least one outcome",
    );
    for outcome in &control.outcomes {
        let known = outcome.rsplit_once('-').is_some_and(|(category, number)| {
            CSF_CATEGORIES.contains(&category)
                && number.len() == 2
                && number.chars().all(|c| c.is_ascii_digit())
        });
        if !known {
            let message = format!("'{outcome}' is not an outcome of NIST CSF 2.0");
            problems.add(Problem::new("outcomes", "unknown_outcome", message).hint("write it as PR.AA-03"));
        }
    }
    let of_function = control.outcomes.first().is_some_and(|o| o.get(..2) == Some(control.function.as_str()));
    problems.require(of_function, "function", "disagrees", "the function is that of the first outcome");
    if problems.is_empty() { Ok(control) } else { Err(problems) }
}

fn files<E: RustEmbed>() -> Vec<(String, String)> {
    let mut names: Vec<_> = E::iter().filter(|n| n.ends_with(".yaml")).collect();
    names.sort();
    let read = |name: &str| E::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned());
    names.iter().filter_map(|n| Some((n.to_string(), read(n)?))).collect()
}

fn read_all<T>(
    files: Vec<(String, String)>,
    parse: fn(&str, &str) -> Result<T, Problems>,
    key: fn(&T) -> &str,
) -> Result<Vec<T>, Problems> {
    let mut problems = Problems::new();
    let mut all = Vec::with_capacity(files.len());
    for (name, text) in files {
        match parse(&name, &text) {
            Ok(one) if name.strip_suffix(".yaml") == Some(key(&one)) => all.push(one),
            Ok(one) => problems.add(Problem::new(
                &name,
                "key_and_name_differ",
                format!("the file holds '{}'; a file is named after its key", key(&one)),
            )),
            Err(found) => {
                for mut problem in found.0 {
                    if !problem.path.starts_with(&name) {
                        problem.path = format!("{name}: {}", problem.path);
                    }
                    problems.add(problem);
                }
            }
        }
    }
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::{controls, parse_control, tests};

    #[test]
    fn every_file_reads_and_they_fit_together() {
        let (controls, tests) = (controls().unwrap(), tests().unwrap());
        assert_eq!(controls.len(), 25);
        assert!(tests.len() >= 14, "{} tests", tests.len());
        for test in &tests {
            for key in &test.controls {
                assert!(controls.iter().any(|c| c.key == *key), "{} names the control {key}", test.rules.key);
            }
        }
        for key in controls.iter().filter(|c| c.is_key).map(|c| &c.key) {
            let design =
                |t: &&crate::TestFile| t.rules.kind == crate::Kind::Design && t.controls.contains(key);
            assert!(tests.iter().any(|t| design(&t)), "the key control {key} has no design test");
        }
        let functions: std::collections::BTreeSet<&str> =
            controls.iter().map(|c| c.function.as_str()).collect();
        assert!(functions.len() >= 5, "{functions:?}");
        assert_eq!(controls.iter().find(|c| c.key == "mfa").unwrap().categories(), ["PR.AA"]);
    }

    #[test]
    fn a_wrong_control_is_refused_with_the_field() {
        let good = include_str!("../../../content/controls/mfa.yaml");
        let check = |from: &str, to: &str, path: &str| {
            let problems = parse_control("mfa.yaml", &good.replace(from, to)).unwrap_err();
            let found = format!("{}: {}", problems.0[0].path, problems.0[0].message);
            assert!(found.contains(path), "{found}");
        };
        check("PR.AA-03", "PR.XX-03", "outcomes");
        check("function: PR", "function: GV", "function");
        check("key: mfa", "key: M F A", "key");
        check("is_key:", "colour: red\nis_key:", "colour");
        check("nature: preventive", "nature: hopeful", "nature");
    }
}
