//! What is wrong with a rule file, where, and how to mend it (DE-8).

use serde::{Deserialize, Serialize};

/// A fault of a rule file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleProblem {
    /// File as given.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub remedy: String,
    /// True when a rule of the file is left out because of it; false when the rule is used all the same.
    pub refused: bool,
}

impl From<&RuleProblem> for wardkeep_types::Problem {
    fn from(problem: &RuleProblem) -> Self {
        let place = format!("{}:{}:{}", problem.file, problem.line, problem.column);
        let code = if problem.refused { "rule_refused" } else { "rule_doubtful" };
        Self::new(place, code, &problem.message).hint(&problem.remedy)
    }
}

/// One YAML document within a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document<'t> {
    pub text: &'t str,
    /// Lines of the file before it.
    pub lines_before: u32,
}

impl Document<'_> {
    /// Line and column in the file of the first place where `near` stands; the document's first line without it.
    pub(crate) fn find(&self, near: &str) -> (u32, u32) {
        // A value with line breaks or escapes does not stand in the file as it reads; its first line may.
        let first = near.lines().next().unwrap_or_default().trim();
        let found = if first.is_empty() { None } else { self.text.find(first) };
        let Some(at) = found else {
            let blank = self.text.lines().take_while(|l| l.trim().is_empty() || l.starts_with("---")).count();
            let last = self.text.lines().count().saturating_sub(1);
            return (self.lines_before + blank.min(last) as u32 + 1, 1);
        };
        let line = self.text[..at].matches('\n').count() as u32;
        let start = self.text[..at].rfind('\n').map_or(0, |i| i + 1);
        (self.lines_before + line + 1, self.text[start..at].chars().count() as u32 + 1)
    }
    /// The place that a YAML error states in words (`at line 3 column 7`).
    pub(crate) fn stated(&self, message: &str) -> Option<(u32, u32)> {
        let number = |word: &str| {
            let rest = &message[message.find(word)? + word.len()..];
            let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
            digits.parse::<u32>().ok()
        };
        Some((self.lines_before + number("line ")?, number("column ").unwrap_or(1).max(1)))
    }
}

/// Splits at the lines that begin a YAML document.
pub(crate) fn documents(text: &str) -> Vec<Document<'_>> {
    let mut documents = Vec::new();
    let (mut start, mut start_line, mut line, mut at) = (0, 0, 0, 0);
    for raw in text.split_inclusive('\n') {
        let opens = raw.trim_end() == "---" || raw.starts_with("--- ");
        if opens && at > start {
            documents.push(Document { text: &text[start..at], lines_before: start_line });
            (start, start_line) = (at, line);
        }
        at += raw.len();
        line += 1;
    }
    documents.push(Document { text: &text[start..], lines_before: start_line });
    let says_something = |document: &Document<'_>| {
        document
            .text
            .lines()
            .any(|l| !l.trim().is_empty() && !l.starts_with("---") && !l.trim_start().starts_with('#'))
    };
    documents.retain(says_something);
    documents
}

/// What to do about a message of the parser.
pub(crate) fn remedy(message: &str) -> &'static str {
    let cases = [
        ("Unknown modifier", "use a modifier of Sigma 2.1, such as contains, endswith, re, cidr"),
        ("`not` is not", "move the value into a part of its own and write 'not' in the condition"),
        ("Missing required field", "add the field; title, logsource, detection and condition are required"),
        (
            "Condition",
            "join names of parts with and, or, not, 1 of, all of; counts belong into correlation rules",
        ),
        ("Invalid timespan", "write a number and a unit: 30s, 5m, 1h, 7d"),
        ("invalid level", "use informational, low, medium, high or critical"),
        ("invalid status", "use stable, test, experimental, deprecated or unsupported"),
        ("YAML", "mend the YAML: check indentation, quotes and colons"),
        ("correlation", "give type, rules, timespan and condition"),
        ("related", "give each entry an id and a type"),
        ("array selector", "write literal brackets as \\[ and \\]"),
    ];
    cases
        .iter()
        .find(|(key, _)| message.contains(key))
        .map_or("compare the file with the Sigma specification", |c| c.1)
}

/// Words of the file near which the parser's message belongs.
pub(crate) fn near(message: &str) -> &str {
    let quoted = message.split('\'').nth(1);
    if message.contains("Missing required field") {
        return "";
    }
    if message.contains("Condition") || message.contains("condition") {
        return "condition:";
    }
    quoted.unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::documents;

    #[test]
    fn documents_know_their_lines() {
        let text = "title: a\nx: 1\n---\n# only a remark\n---\ntitle: b\n  y: '---'\n";
        let found = documents(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].lines_before, 4);
        assert_eq!(found[1].find("title"), (6, 1));
        assert_eq!(found[1].find("y:"), (7, 3));
        assert_eq!(found[1].find("absent"), (6, 1));
        assert_eq!(found[0].stated("bad at line 2 column 3"), Some((2, 3)));
    }
}
