//! A text that everything a regular expression matches must hold: looked for first, by the automaton.

use crate::fold::fold;
use regex_syntax::hir::{Hir, HirKind};

/// Shorter texts stand nearly everywhere and save nothing.
const SHORTEST: usize = 3;

/// The longest folded literal of which at least one member must stand in every folded text that the expression
/// matches. A list, because alternatives each have their own. Empty: none is known.
pub(crate) fn literals(pattern: &str) -> Vec<String> {
    let Ok(hir) = regex_syntax::parse(pattern) else { return Vec::new() };
    let found = necessary(&hir);
    let useful = |list: &Vec<String>| !list.is_empty() && list.iter().all(|text| text.len() >= SHORTEST);
    found.filter(useful).unwrap_or_default()
}

/// How good a list is: its shortest member decides.
fn worth(list: &[String]) -> usize {
    list.iter().map(String::len).min().unwrap_or(0)
}

fn necessary(hir: &Hir) -> Option<Vec<String>> {
    /// Alternatives followed; more would bloat the automaton.
    const MOST: usize = 32;
    match hir.kind() {
        HirKind::Literal(_) | HirKind::Class(_) => single(hir).map(|text| vec![text]),
        HirKind::Capture(capture) => necessary(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => necessary(&repetition.sub),
        HirKind::Concat(parts) => {
            // Neighbouring single characters join, so that `[Aa][Bb]c` gives `abc`.
            let mut best: Option<Vec<String>> = None;
            let mut run = String::new();
            let mut offer = |list: Vec<String>| {
                if best.as_ref().is_none_or(|known| worth(&list) > worth(known)) {
                    best = Some(list);
                }
            };
            for part in parts {
                if let Some(text) = single(part) {
                    run.push_str(&text);
                    continue;
                }
                if !run.is_empty() {
                    offer(vec![std::mem::take(&mut run)]);
                }
                if let Some(list) = necessary(part) {
                    offer(list);
                }
            }
            if !run.is_empty() {
                offer(vec![run]);
            }
            best
        }
        HirKind::Alternation(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(necessary(part)?);
            }
            (all.len() <= MOST).then_some(all)
        }
        HirKind::Empty | HirKind::Look(_) | HirKind::Repetition(_) => None,
    }
}

/// The one folded text that a literal, or a class of one letter's cases, can stand for.
fn single(hir: &Hir) -> Option<String> {
    match hir.kind() {
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0).ok().map(|text| fold(text).into_owned()),
        HirKind::Class(regex_syntax::hir::Class::Unicode(class)) => {
            let mut folded: Option<String> = None;
            let mut count = 0;
            for c in class.iter().flat_map(|range| range.start()..=range.end()) {
                count += 1;
                let text = fold(c.encode_utf8(&mut [0; 4])).into_owned();
                if count > 8 || folded.as_ref().is_some_and(|known| *known != text) {
                    return None;
                }
                folded = Some(text);
            }
            folded
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::literals;

    #[test]
    fn necessary_texts_of_expressions() {
        for (pattern, expect) in [
            ("abcd", vec!["abcd"]),
            ("(?i)Invoke-Expression", vec!["invoke-expression"]),
            (r"\d+(powershell|pwsh)\s", vec!["powershell", "pwsh"]),
            (r"x.{0,5}Mimi+katz", vec!["katz"]),
            (r"(cmd)?abc?", vec![]),
            (r"(cmd)?[0-9]{4}", vec![]),
            (r"(one|tw)", vec![]),
            (r"^(?:AB|ab)cde$", vec!["cde"]),
            (r"(long(er)?text){2,}", vec!["long"]),
        ] {
            assert_eq!(literals(pattern), expect, "{pattern}");
        }
    }

    #[test]
    fn a_match_always_holds_its_literal() {
        for (pattern, text) in [
            (r"(?i)\bK[a-c]elvin\b", "xx \u{212A}belvin"),
            (r"(?i)(get|set)-adUser\s+-f", "SET-ADUSER  -F"),
            (r"[sS][vV]c(host|Hest)\.exe", "SVcHest.exe"),
        ] {
            let regex = regex::Regex::new(pattern).unwrap();
            assert!(regex.is_match(text), "{pattern}");
            let list = literals(pattern);
            let folded = crate::fold::fold(text);
            assert!(
                !list.is_empty() && list.iter().any(|literal| folded.contains(literal)),
                "{pattern} {list:?}"
            );
        }
    }
}
