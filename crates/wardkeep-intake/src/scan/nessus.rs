//! Nessus version 2 XML: `ReportHost` with `HostProperties` and one `ReportItem` a row.

use super::{blank, deliver, identity, mask, room, words};
use crate::emit::Emit;
use crate::xml::{Node, Token, XmlError, XmlPull};
use crate::{Ending, Refusal};
use std::collections::BTreeSet;
use std::io::Read;
use wardkeep_types::sighting::{AssetHint, Class, Credentialed, Outcome, Report, Sighting, Target};

const TOOL: &str = "nessus";
/// The plugin that tells how the scan was made.
const SCAN_INFORMATION: &str = "19506";

/// Reads the report, one host after the other.
pub(crate) fn nessus(emit: &mut Emit<'_>, input: &mut dyn Read, head: &[u8]) -> Result<Ending, Refusal> {
    let mut pull = XmlPull::new(input, head, emit.limits);
    let mut report = Report { tool: TOOL.to_owned(), ..Report::default() };
    let ending = match hosts(emit, &mut pull, &mut report) {
        Ok(ending) => ending,
        Err(error) => {
            let at = pull.position();
            error.end(emit, at)?
        }
    };
    Ok(deliver(emit, report, ending))
}

fn hosts(emit: &mut Emit<'_>, pull: &mut XmlPull<'_>, report: &mut Report) -> Result<Ending, XmlError> {
    let mut host: Option<Host> = None;
    loop {
        if emit.stop() {
            return Ok(Ending::Cancelled);
        }
        let tag = match pull.next() {
            Ok(Token::Start(tag)) => tag,
            Ok(Token::Eof) => break,
            Ok(_) => continue,
            Err(error) => {
                close(host, report);
                return Err(error);
            }
        };
        match tag.name.as_str() {
            "ReportHost" => {
                close(host.take(), report);
                host = Some(Host::new(tag.attribute("name").unwrap_or_default(), report.sightings.len()));
            }
            "HostProperties" | "ReportItem" => {
                let line = pull.position();
                let (node, failed) = Node::read(pull, tag, emit.limits.record_bytes);
                if let (true, Some(host)) = (node.whole, host.as_mut()) {
                    if node.name == "HostProperties" {
                        host.properties(&node, report);
                    } else if room(emit, report.sightings.len(), line) {
                        host.item(emit, &node, report, line);
                    }
                }
                if let Some(error) = failed {
                    close(host, report);
                    return Err(error);
                }
            }
            "Policy" => pull.skip()?,
            _ => {}
        }
    }
    close(host, report);
    Ok(Ending::Complete)
}

/// What is known of the host being read.
struct Host {
    asset: AssetHint,
    system: Option<String>,
    credentialed: Credentialed,
    ports: BTreeSet<(String, u32, String)>,
    first_row: usize,
}

impl Host {
    fn new(name: &str, first_row: usize) -> Self {
        let mut asset = AssetHint::default();
        if name.parse::<std::net::IpAddr>().is_ok() {
            asset.ip = Some(name.to_owned());
        } else if !name.is_empty() {
            asset.hostname = Some(name.to_owned());
        }
        Self { asset, system: None, credentialed: Credentialed::Unknown, ports: BTreeSet::new(), first_row }
    }
    fn properties(&mut self, node: &Node, report: &mut Report) {
        for tag in node.all("tag") {
            let value = tag.text.trim();
            if value.is_empty() {
                continue;
            }
            match tag.attribute("name").unwrap_or_default() {
                "host-ip" => self.asset.ip = Some(value.to_owned()),
                "host-fqdn" => self.asset.hostname = Some(value.to_owned()),
                "netbios-name" | "hostname" if self.asset.hostname.is_none() => {
                    self.asset.hostname = Some(value.to_owned());
                }
                "operating-system" => self.system = Some(value.lines().next().unwrap_or(value).to_owned()),
                "Credentialed_Scan" => self.credentialed = yes_or_no(value),
                "HOST_START_TIMESTAMP" => {
                    let at = words::seconds(value);
                    report.started = report.started.min(at).or(report.started).or(at);
                }
                "HOST_END_TIMESTAMP" => report.ended = report.ended.max(words::seconds(value)),
                _ => {}
            }
        }
    }
    fn item(&mut self, emit: &mut Emit<'_>, node: &Node, report: &mut Report, at: crate::Position) {
        let Some(plugin) = node.attribute("pluginID").filter(|id| !id.is_empty()) else {
            let text = "A report item has no plugin id. It was left out.";
            return emit.fault(at, "bad_row", text, "Export the scan again.");
        };
        let protocol = node.attribute("protocol").unwrap_or("tcp").to_ascii_lowercase();
        let port: u32 = node.attribute("port").and_then(|port| port.parse().ok()).unwrap_or(0);
        if port > 0 {
            let service = node.attribute("svc_name").unwrap_or_default().trim_end_matches('?');
            self.ports.insert((protocol.clone(), port, service.to_owned()));
        }
        if plugin == SCAN_INFORMATION {
            self.scan_information(node.said("plugin_output").unwrap_or_default(), report);
        }
        let locus = if port > 0 { format!("{protocol}/{port}") } else { "host".to_owned() };
        let row = report.sightings.len() as u64 + 1;
        report.sightings.push(sighting(row, plugin, &locus, &self.asset, node));
    }
    fn scan_information(&mut self, output: &str, report: &mut Report) {
        for line in output.lines() {
            let Some((name, value)) = line.split_once(" : ") else { continue };
            match name.trim() {
                "Credentialed checks" => self.credentialed = yes_or_no(value.trim()),
                "Nessus version" => report.tool_version = Some(value.trim().to_owned()),
                _ => {}
            }
        }
    }
}

/// `yes`, `true`, `yes, as user via ssh`, `partial`, `no`, `false`.
fn yes_or_no(value: &str) -> Credentialed {
    let word = value.split([' ', ',', '(']).next().unwrap_or_default().to_ascii_lowercase();
    match word.as_str() {
        "yes" | "true" => Credentialed::Yes,
        "partial" | "partly" => Credentialed::Partly,
        "no" | "false" => Credentialed::No,
        _ => Credentialed::Unknown,
    }
}

fn close(host: Option<Host>, report: &mut Report) {
    let Some(host) = host else { return };
    // Properties may stand behind the items they belong to.
    for sighting in &mut report.sightings[host.first_row..] {
        sighting.asset = host.asset.clone();
    }
    let ports = host.ports.iter().map(|(protocol, port, service)| format!("{protocol}/{port} {service}"));
    report.targets.push(Target {
        asset: host.asset,
        reached: true,
        credentialed: host.credentialed,
        system: host.system,
        open_ports: ports.map(|port| port.trim_end().to_owned()).collect(),
    });
}

fn sighting(row: u64, plugin: &str, locus: &str, asset: &AssetHint, node: &Node) -> Sighting {
    let compliance = node.said("compliance-check-id");
    let mut s =
        blank(row, TOOL, plugin, if compliance.is_some() { Class::Compliance } else { Class::HostCheck });
    let title = node.attribute("pluginName").or_else(|| node.said("plugin_name")).unwrap_or(plugin);
    title.trim().clone_into(&mut s.title);
    s.asset = asset.clone();
    locus.clone_into(&mut s.locus);
    let number = node.attribute("severity").unwrap_or_default();
    s.severity = words::nessus(number);
    number.clone_into(&mut s.raw_severity);
    if number.is_empty() {
        let word = node.said("risk_factor").unwrap_or_default();
        (s.severity, s.raw_severity) = (words::risk_factor(word), word.to_owned());
    }
    let first = |names: &[&str]| names.iter().find_map(|name| node.said(name));
    s.cvss = first(&["cvss4_base_score", "cvss3_base_score", "cvss_base_score"]).and_then(words::score);
    s.vector = first(&["cvss4_vector", "cvss3_vector", "cvss_vector"])
        .map(|vector| vector.trim_start_matches("CVSS2#").to_owned());
    s.vulnerabilities =
        node.all("cve").map(|cve| cve.text.trim().to_owned()).filter(|cve| !cve.is_empty()).collect();
    s.cwe = node.said("cwe").and_then(words::cwe);
    s.solution = node.said("solution").filter(|text| !matches!(*text, "n/a" | "N/A")).map(str::to_owned);
    s.evidence = node.said("plugin_output").and_then(mask::evidence);
    s.identity = identity::host_check(TOOL, plugin, locus);
    if let Some(check) = compliance {
        complied(&mut s, node, check);
    }
    s
}

/// All compliance rows share one plugin id; the check has its own.
fn complied(s: &mut Sighting, node: &Node, check: &str) {
    check.clone_into(&mut s.rule);
    let benchmark = node.said("compliance-benchmark-name").or_else(|| node.said("compliance-audit-file"));
    s.identity = identity::compliance(benchmark.unwrap_or(TOOL), check);
    if let Some(name) = node.said("compliance-check-name") {
        name.clone_into(&mut s.title);
    }
    let result = node.said("compliance-result").unwrap_or_default();
    s.outcome = match result.to_ascii_uppercase().as_str() {
        "PASSED" => Outcome::Pass,
        "FAILED" => Outcome::Fail,
        "ERROR" => Outcome::Error,
        _ => Outcome::NotChecked,
    };
    s.evidence = node.said("compliance-actual-value").and_then(mask::evidence).or_else(|| s.evidence.take());
    s.solution = node.said("compliance-solution").map(str::to_owned).or_else(|| s.solution.take());
}
