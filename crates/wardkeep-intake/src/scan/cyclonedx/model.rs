//! One model for both forms, and the report made of it.

use super::words;
use crate::emit::Emit;
use crate::scan::{blank, identity, mask};
use crate::{Limits, Position};
use std::collections::HashMap;
use wardkeep_types::sighting::{Class, Component, Outcome, Report, Sighting};
use wardkeep_types::{Moment, Severity};

/// A component or service with the name it has inside the document.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Part {
    pub(super) bom_ref: String,
    pub(super) component: Option<Component>,
}

/// One rating as written.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Rating {
    pub(super) score: Option<String>,
    pub(super) severity: Option<String>,
    pub(super) method: Option<String>,
    pub(super) vector: Option<String>,
}

/// One vulnerability as written.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Vulnerability {
    pub(super) id: String,
    /// Ids that the document calls the same.
    pub(super) same: Vec<String>,
    pub(super) ratings: Vec<Rating>,
    pub(super) cwes: Vec<String>,
    pub(super) description: Option<String>,
    pub(super) recommendation: Option<String>,
    pub(super) state: Option<String>,
    pub(super) detail: Option<String>,
    pub(super) affects: Vec<String>,
    pub(super) at: Option<u64>,
}

/// A document as far as it is read.
#[derive(Debug, Default)]
pub(super) struct Bom {
    pub(super) tool: Option<(String, Option<String>)>,
    pub(super) made: Option<Moment>,
    pub(super) subject: Option<Part>,
    /// Components in document order, nested ones behind the one they are in.
    pub(super) components: Vec<Part>,
    /// Things that vulnerabilities may name but that are no components.
    pub(super) services: Vec<Part>,
    pub(super) vulnerabilities: Vec<Vulnerability>,
}

/// Name with its group in front.
pub(super) fn full_name(group: Option<&str>, name: &str) -> String {
    match group.map(str::trim).filter(|group| !group.is_empty()) {
        Some(group) => format!("{group}/{name}"),
        None => name.to_owned(),
    }
}

/// A licence on one line: XML breaks long names where the page ends.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Bom {
    pub(super) fn report(self, emit: &mut Emit<'_>) -> Report {
        let (tool, version) = self.tool.unwrap_or_default();
        let subject = self.subject.as_ref().and_then(|part| part.component.clone());
        let mut report = Report {
            tool: if tool.is_empty() { "cyclonedx".to_owned() } else { words::family(&tool) },
            tool_version: version,
            started: self.made,
            ended: self.made,
            subject,
            ..Report::default()
        };
        let parts = self.subject.iter().chain(&self.components).chain(&self.services);
        let mut by_ref: HashMap<&str, &Component> = HashMap::new();
        for part in parts {
            let Some(component) = &part.component else { continue };
            let known = by_ref.entry(&part.bom_ref).or_insert(component);
            if !part.bom_ref.is_empty() && **known != *component {
                let text = "Two components have the same bom-ref; vulnerabilities go to the first.";
                emit.fault(Position::Whole, "repeated_ref", text, "Report it to the maker of the document.");
            }
        }
        for vulnerability in &self.vulnerabilities {
            sightings(emit, &mut report, &by_ref, vulnerability);
        }
        report.components = self.components.into_iter().filter_map(|part| part.component).collect();
        report
    }
}

fn sightings(
    emit: &mut Emit<'_>,
    report: &mut Report,
    by_ref: &HashMap<&str, &Component>,
    vulnerability: &Vulnerability,
) {
    if vulnerability.id.is_empty() {
        let at = vulnerability.at.map_or(Position::Whole, Position::Line);
        let text = "A vulnerability has no id. It was left out.";
        return emit.fault(at, "bad_row", text, "Report it to the maker of the document.");
    }
    let nowhere = [String::new()];
    let affects: &[String] = if vulnerability.affects.is_empty() { &nowhere } else { &vulnerability.affects };
    for affected in affects {
        let found = by_ref.get(affected.as_str()).or_else(|| by_ref.get(local(affected).as_str())).copied();
        let found = if affected.is_empty() { None } else { found };
        let row = report.sightings.len() as u64 + 1;
        let name = report.subject.as_ref().map(|subject| subject.name.clone());
        let mut s = sighting(row, &report.tool, vulnerability, affected, found);
        s.asset.name = name;
        report.sightings.push(s);
    }
}

/// The bom-ref inside a BOM-Link: `urn:cdx:serial/version#ref`.
fn local(reference: &str) -> String {
    match reference.strip_prefix("urn:cdx:").and_then(|rest| rest.split_once('#')) {
        Some((_, inner)) => inner.replace("%3A", ":").replace("%2F", "/").replace("%40", "@"),
        None => reference.to_owned(),
    }
}

fn sighting(row: u64, tool: &str, v: &Vulnerability, affected: &str, found: Option<&Component>) -> Sighting {
    let mut s = blank(row, tool, &v.id, Class::Package);
    s.purl = found
        .and_then(|c| c.purl.clone())
        .or_else(|| affected.starts_with("pkg:").then(|| affected.to_owned()));
    let bare = s.purl.as_deref().and_then(identity::bare_purl);
    let package = bare.or_else(|| found.map(|c| c.name.clone()));
    let package =
        package.unwrap_or_else(|| if affected.is_empty() { "unknown".to_owned() } else { local(affected) });
    s.identity = identity::package(identity::weakness(&v.id, &v.same), &package);
    s.locus = s.purl.clone().unwrap_or_else(|| match found {
        Some(Component { name, version: Some(version), .. }) => format!("{name} {version}"),
        Some(component) => component.name.clone(),
        None => package.clone(),
    });
    s.title = format!("{} in {package}", v.id);
    s.vulnerabilities =
        std::iter::once(v.id.clone()).chain(v.same.iter().filter(|id| **id != v.id).cloned()).collect();
    s.vulnerabilities.dedup();
    s.cwe = v.cwes.iter().find_map(|cwe| words::cwe(cwe));
    s.outcome = match v.state.as_deref() {
        Some("not_affected" | "false_positive" | "resolved" | "resolved_with_pedigree") => Outcome::Muted,
        _ => Outcome::Fail,
    };
    rate(&mut s, &v.ratings);
    s.solution.clone_from(&v.recommendation);
    let state = v.state.as_ref().map(|state| format!("Analysis: {state}"));
    let parts: Vec<&str> =
        [v.description.as_deref(), state.as_deref(), v.detail.as_deref()].into_iter().flatten().collect();
    s.evidence = mask::evidence(&parts.join("\n\n"));
    s
}

/// CVSS 4 before 3.1, 3.0 and 2, then other methods; never the highest of all. A score without a method is held to be
/// CVSS, which the oldest documents do not name.
fn rate(s: &mut Sighting, ratings: &[Rating]) {
    const METHODS: [&str; 4] = ["CVSSv4", "CVSSv31", "CVSSv3", "CVSSv2"];
    let place = |rating: &&Rating| {
        let method = rating.method.as_deref().unwrap_or_default();
        METHODS.iter().position(|known| known.eq_ignore_ascii_case(method)).unwrap_or(METHODS.len())
    };
    let mut sorted: Vec<&Rating> = ratings.iter().collect();
    sorted.sort_by_key(place);
    let is_cvss = |rating: &&&Rating| place(rating) < METHODS.len() || rating.method.is_none();
    s.cvss = sorted.iter().filter(is_cvss).find_map(|r| r.score.as_deref().and_then(words::score));
    s.vector = sorted.iter().filter(is_cvss).find_map(|r| vector(r));
    let word = sorted
        .iter()
        .find_map(|r| r.severity.clone().filter(|word| words::rating(word) != Severity::Unknown));
    if let Some(word) = word {
        (s.severity, s.raw_severity) = (words::rating(&word), word);
    } else if let Some(score) = s.cvss {
        (s.severity, s.raw_severity) = (Severity::from_cvss(score), score.to_string());
    } else if let Some(word) = sorted.iter().find_map(|r| r.severity.clone()) {
        s.raw_severity = word;
    }
}

/// A vector without its prefix gets the one its method states.
fn vector(rating: &Rating) -> Option<String> {
    let vector = rating.vector.as_deref()?.trim().trim_matches(['(', ')']);
    if vector.is_empty() || vector.starts_with("CVSS:") {
        return (!vector.is_empty()).then(|| vector.to_owned());
    }
    let prefix = match rating.method.as_deref()? {
        "CVSSv4" => "CVSS:4.0/",
        "CVSSv31" => "CVSS:3.1/",
        "CVSSv3" => "CVSS:3.0/",
        _ => "",
    };
    Some(format!("{prefix}{vector}"))
}

/// Bounds for documents, which nest deeper than log records.
pub(super) fn document_limits(limits: &Limits) -> Limits {
    Limits { nesting: limits.nesting.max(128), ..limits.clone() }
}
