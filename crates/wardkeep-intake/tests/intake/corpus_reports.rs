//! Real scanner reports: counts against another importer's tests, and forms of one document against each other.

use crate::support::{collect, data, files};
use std::collections::BTreeMap;
use std::path::Path;
use wardkeep_intake::Ending;
use wardkeep_types::sighting::{Outcome, Report};

/// Where our number of failing rows is not the other importer's, and why.
const DIFFERENCES: &[(&str, usize, &str)] = &[
    ("cyclonedx/valid-vulnerability-1.4.xml", 0, "its analysis says not affected: one muted row"),
    ("nmap/issue12411.xml", 0, "open ports are facts about the asset, not findings"),
    (
        "nmap/issue4406.xml",
        8,
        "open ports are facts about the asset, and exploits are no vulnerabilities: 8 CVEs stay",
    ),
    ("nmap/nmap_script_vulners.xml", 2, "the open port is a fact about the asset; 2 CVEs stay"),
    ("sarif/appendix_k.sarif", 0, "its one result is suppressed: one muted row"),
    ("sarif/appendix_k4.sarif", 0, "its one result is suppressed: one muted row"),
    ("sarif/mobsfscan.json", 9, "a result with several places is one finding, as SARIF defines it"),
    ("tenable/issue_11102.csv", 0, "the CSV export is read as a table"),
    ("tenable/issue_9612.csv", 0, "the CSV export is read as a table"),
    ("tenable/nessus/nessus_many_vuln2-all.csv", 0, "the CSV export is read as a table"),
    (
        "tenable/nessus/nessus_with_cvssv3.nessus.gz",
        49,
        "plugin 58987 stands twice on port 80: two rows, one finding",
    ),
    ("tenable/nessus_was/nessus_was_many_vuln.csv", 0, "the CSV export is read as a table"),
];

/// What the two forms of one example do not both say.
const DOCUMENTS_DIFFER: &[&str] = &[
    "dropwizard-1.3.15: org.glassfish.hk2/osgi-resource-locator [\"(CDDL-1.0 OR GPL-2.0-with-classpath-exception)\"] []",
    "keycloak-10.0.2: subject application library",
];

/// Expected findings by file.
fn index(folder: &Path) -> BTreeMap<String, Option<usize>> {
    let text = std::fs::read_to_string(folder.join("INDEX.csv")).unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        (cells[0].to_owned(), cells[3].trim().parse().ok())
    };
    text.lines().skip(1).map(row).collect()
}

#[test]
fn counts_are_the_index_or_explained() {
    let Some(folder) = data("scanners/defectdojo") else { return };
    let (mut equal, mut explained, mut wrong) = (0, 0, Vec::new());
    for (name, expected) in index(&folder) {
        let read_here =
            ["tenable/", "sarif/", "cyclonedx/", "nmap/"].iter().any(|start| name.starts_with(start));
        if !read_here {
            continue;
        }
        let (result, out) = collect(&folder.join(&name));
        let format = out.closed.first().map_or("none", |closed| closed.format.key());
        let fails: usize = out
            .reports
            .iter()
            .map(|(_, report)| report.sightings.iter().filter(|s| s.outcome == Outcome::Fail).count())
            .sum();
        let rows: usize = out.reports.iter().map(|(_, report)| report.sightings.len()).sum();
        let told = DIFFERENCES.iter().find(|(file, _, _)| *file == name);
        match (expected, told) {
            (Some(expected), None) if expected == fails => equal += 1,
            (None, None) => {}
            (_, Some((_, number, _))) if *number == fails => explained += 1,
            _ => wrong.push(format!(
                "{name}: {format} expected {expected:?}, got {fails} of {rows}, {result:?} {:?}",
                out.faults.first()
            )),
        }
    }
    println!("{equal} equal, {explained} explained");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn only_report(path: &Path) -> Report {
    let (result, mut out) = collect(path);
    assert!(matches!(result, Ok(Ending::Complete)), "{} {result:?} {:?}", path.display(), out.faults);
    assert_eq!(out.reports.len(), 1, "{}", path.display());
    out.reports.remove(0).1
}

#[test]
fn cyclonedx_json_equals_xml() {
    let Some(folder) = data("scanners/cyclonedx-bom-examples") else { return };
    let (mut pairs, mut documents, mut components, mut sightings) = (0, 0, 0, 0);
    let mut unread = Vec::new();
    let mut differences = Vec::new();
    for path in files(&folder) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (result, out) = collect(&path);
        let is_bom = out.opened.last().is_some_and(|opened| opened.format.key() == "cyclonedx");
        if !is_bom {
            unread.push(format!(
                "{name}: {}",
                out.opened.last().map(|o| o.format.label().to_owned()).unwrap_or_default()
            ));
            continue;
        }
        assert_eq!(result, Ok(Ending::Complete), "{} {:?}", path.display(), out.faults);
        documents += 1;
        for (_, report) in &out.reports {
            components += report.components.len();
            sightings += report.sightings.len();
        }
        let twin = name.contains(".json").then(|| path.with_file_name(name.replace(".json", ".xml")));
        if let Some(twin) = twin.filter(|twin| twin.exists()) {
            let (mut json, mut xml) = (only_report(&path), only_report(&twin));
            // The two forms of one example were made minutes apart.
            for report in [&mut json, &mut xml] {
                (report.started, report.ended) = (None, None);
            }
            let shown = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
            assert_eq!(
                (json.components.len(), json.sightings.len()),
                (xml.components.len(), xml.sightings.len())
            );
            for (a, b) in json.components.iter().zip(&xml.components).filter(|(a, b)| a != b) {
                differences.push(format!("{shown}: {} {:?} {:?}", a.name, a.licences, b.licences));
            }
            for (a, b) in json.sightings.iter().zip(&xml.sightings).filter(|(a, b)| a != b) {
                differences.push(format!("{shown}: {a:?} {b:?}"));
            }
            if json.subject != xml.subject {
                let kind =
                    |report: &Report| report.subject.as_ref().map(|s| s.kind.clone()).unwrap_or_default();
                differences.push(format!("{shown}: subject {} {}", kind(&json), kind(&xml)));
            }
            (json.subject, xml.subject) = (None, None);
            (json.components, xml.components) = (Vec::new(), Vec::new());
            (json.sightings, xml.sightings) = (Vec::new(), Vec::new());
            assert_eq!(json, xml, "{}", path.display());
            pairs += 1;
        }
    }
    println!(
        "{documents} documents, {pairs} pairs, {components} components, {sightings} sightings; unread: {unread:#?}"
    );
    assert_eq!(differences, DOCUMENTS_DIFFER);
    assert!(pairs >= 10);
}

#[test]
fn cyclonedx_regression_cases() {
    let Some(folder) = data("scanners/defectdojo/cyclonedx") else { return };
    // An old extension, nested components, and the same document in both forms.
    assert_eq!(only_report(&folder.join("dd_1_15_0.xml.gz")).sightings.len(), 381);
    let identities = |name: &str| {
        let report = only_report(&folder.join(name));
        let mut all: Vec<String> = report.sightings.into_iter().map(|s| s.identity).collect();
        all.sort();
        all
    };
    assert_eq!(identities("log4j.json"), identities("log4j.xml"));
    assert_eq!(identities("nested-component-log4j.json").len(), identities("log4j.json").len());
    assert!(identities("log4j.json").iter().all(|id| !id.contains('@') || id.contains("/@")));
}

#[test]
fn nessus_tells_credentials_and_ports() {
    let Some(folder) = data("scanners/defectdojo/tenable") else { return };
    let report = only_report(&folder.join("nessus/nessus_with_cvssv3.nessus.gz"));
    let target = &report.targets[0];
    println!("{:?} {:?} {:?} {:?}", report.tool_version, report.started, report.ended, target);
    assert_eq!(target.credentialed, wardkeep_types::sighting::Credentialed::No);
    assert!(report.complete && target.open_ports.iter().any(|port| port.starts_with("tcp/80")));
    assert!(report.sightings.iter().all(|s| s.identity.starts_with("host_check|nessus:")));
}

#[test]
fn a_cut_nmap_keeps_whole_ports() {
    let Some(folder) = data("scanners/defectdojo/nmap") else { return };
    let bytes = std::fs::read(folder.join("issue4406.xml")).unwrap();
    let whole = only_report(&folder.join("issue4406.xml"));
    let mut last = 0;
    for tenth in 1..10 {
        let cut = bytes[..bytes.len() * tenth / 10].to_vec();
        let (result, out) = crate::support::collect_bytes("cut.xml", cut);
        assert!(matches!(result, Ok(Ending::Truncated { .. })), "{tenth} {result:?}");
        let report = &out.reports[0].1;
        assert!(!report.complete && !out.faults.is_empty());
        let ports = report.targets.first().map_or(0, |target| target.open_ports.len());
        assert!(ports >= last && ports <= whole.targets[0].open_ports.len());
        last = ports;
        assert!(report.sightings.iter().all(|s| whole.sightings.contains(s)));
    }
    assert!(last > 0);
}

#[test]
fn sarif_samples_are_read_or_refused_with_reason() {
    let Some(folder) = data("scanners/sarif-samples") else { return };
    let (mut read, mut rows, mut others) = (0, 0, BTreeMap::<String, u64>::new());
    for path in files(&folder) {
        let (result, out) = collect(&path);
        if out.opened.last().is_some_and(|opened| opened.format.key() == "sarif") {
            read += 1;
            rows += out.reports.iter().map(|(_, r)| r.sightings.len()).sum::<usize>();
            if !matches!(result, Ok(Ending::Complete)) {
                println!("{}: {result:?} {:?}", path.display(), out.faults);
            }
        } else {
            let why = result.err().map(|refusal| refusal.to_string()).unwrap_or_default();
            *others.entry(why).or_default() += 1;
        }
    }
    println!("{read} SARIF logs, {rows} results; others: {others:#?}");
    assert!(read > 50);
}
