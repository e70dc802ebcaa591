//! nmap XML: hosts, ports and services are facts about assets; only the output of `vulners` makes sightings.

use super::{blank, deliver, identity, room, words};
use crate::emit::Emit;
use crate::xml::{Node, Token, XmlError, XmlPull};
use crate::{Ending, Refusal};
use std::io::Read;
use wardkeep_types::Severity;
use wardkeep_types::sighting::{AssetHint, Class, Credentialed, Report, Sighting, Target};

const TOOL: &str = "nmap";

/// Reads the report, one host after the other. A cut-off file keeps every whole port.
pub(crate) fn nmap(emit: &mut Emit<'_>, input: &mut dyn Read, head: &[u8]) -> Result<Ending, Refusal> {
    let mut pull = XmlPull::new(input, head, emit.limits);
    let mut report = Report { tool: TOOL.to_owned(), ..Report::default() };
    let ending = match elements(emit, &mut pull, &mut report) {
        Ok(ending) => ending,
        Err(error) => {
            let at = pull.position();
            error.end(emit, at)?
        }
    };
    Ok(deliver(emit, report, ending))
}

fn elements(emit: &mut Emit<'_>, pull: &mut XmlPull<'_>, report: &mut Report) -> Result<Ending, XmlError> {
    loop {
        if emit.stop() {
            return Ok(Ending::Cancelled);
        }
        match pull.next()? {
            Token::Start(tag) => match tag.name.as_str() {
                "nmaprun" => {
                    report.tool_version = tag.attribute("version").map(str::to_owned);
                    report.started = tag.attribute("start").and_then(words::seconds);
                }
                "host" => {
                    let at = pull.position();
                    let (node, failed) = Node::read(pull, tag, emit.limits.record_bytes);
                    host(emit, &node, report, at);
                    if let Some(error) = failed {
                        return Err(error);
                    }
                }
                "finished" => {
                    report.ended = tag.attribute("time").and_then(words::seconds);
                    if tag.attribute("exit").is_some_and(|exit| exit != "success") {
                        let text = tag.attribute("errormsg").unwrap_or("nmap ended with an error");
                        report.tool_failed = Some(text.to_owned());
                    }
                }
                _ => {}
            },
            Token::Eof => return Ok(Ending::Complete),
            Token::End | Token::Text(_) => {}
        }
    }
}

fn host(emit: &mut Emit<'_>, node: &Node, report: &mut Report, at: crate::Position) {
    let mut asset = AssetHint::default();
    for address in node.all("address") {
        if matches!(address.attribute("addrtype"), Some("ipv4" | "ipv6")) && asset.ip.is_none() {
            asset.ip = address.attribute("addr").map(str::to_owned);
        }
    }
    let names = || node.child("hostnames").into_iter().flat_map(|names| names.all("hostname"));
    // The name that the person asked for says more than the one that the address resolves to.
    let named = names().find(|name| name.attribute("type") == Some("user")).or_else(|| names().next());
    asset.hostname = named.and_then(|name| name.attribute("name")).map(str::to_owned);
    if asset == AssetHint::default() {
        if node.whole {
            emit.fault(
                at,
                "bad_row",
                "A host has neither address nor name. It was left out.",
                "Scan it again.",
            );
        }
        return;
    }
    let mut open_ports = Vec::new();
    let mut answered = false;
    for port in node.child("ports").into_iter().flat_map(|ports| ports.all("port")).filter(|port| port.whole)
    {
        let state = port.child("state").and_then(|state| state.attribute("state")).unwrap_or_default();
        answered |= matches!(state, "open" | "closed");
        let protocol = port.attribute("protocol").unwrap_or("tcp");
        let locus = format!("{protocol}/{}", port.attribute("portid").unwrap_or("0"));
        if state == "open" {
            open_ports.push(service(&locus, port));
        }
        vulners(emit, port, &locus, &asset, report, at);
    }
    let extra = node.child("ports").into_iter().flat_map(|ports| ports.all("extraports"));
    answered |= extra.into_iter().any(|ports| matches!(ports.attribute("state"), Some("closed" | "open")));
    if let Some(script) = node.child("hostscript") {
        vulners(emit, script, "host", &asset, report, at);
    }
    let status = node.child("status");
    let up = status.and_then(|status| status.attribute("state")) == Some("up");
    // With -Pn a host is called up although nothing ever answered.
    let told = status.and_then(|status| status.attribute("reason")) == Some("user-set");
    let system = node.child("os").and_then(|os| os.child("osmatch")).and_then(|os| os.attribute("name"));
    report.targets.push(Target {
        asset,
        reached: up && (answered || !told),
        credentialed: Credentialed::No,
        system: system.map(str::to_owned),
        open_ports,
    });
}

/// `tcp/443 https nginx 1.19`.
fn service(locus: &str, port: &Node) -> String {
    let about = port.child("service");
    let parts = ["name", "product", "version"].map(|part| about.and_then(|about| about.attribute(part)));
    let mut text = locus.to_owned();
    for part in parts.into_iter().flatten() {
        text.push(' ');
        text.push_str(part);
    }
    text
}

fn vulners(
    emit: &mut Emit<'_>,
    holder: &Node,
    locus: &str,
    asset: &AssetHint,
    report: &mut Report,
    at: crate::Position,
) {
    for script in holder.all("script").filter(|script| script.attribute("id") == Some("vulners")) {
        let mut found = Vec::new();
        for product in script.all("table") {
            for row in product.all("table").filter(|row| row.whole) {
                let said = |key: &str| {
                    row.all("elem").find(|e| e.attribute("key") == Some(key)).map(|e| e.text.trim())
                };
                found.push((said("id"), said("cvss"), product.attribute("key")));
            }
        }
        if found.is_empty() {
            // Older versions of the script give text only: id, score and link between tabs.
            for line in script.attribute("output").unwrap_or_default().lines() {
                let mut parts = line.split('\t').map(str::trim).filter(|part| !part.is_empty());
                found.push((parts.next(), parts.next(), None));
            }
        }
        for (id, score, product) in found {
            let Some(id) = id.filter(|id| id.starts_with("CVE-")) else { continue };
            if room(emit, report.sightings.len(), at) {
                let row = report.sightings.len() as u64 + 1;
                report.sightings.push(sighting(row, id, score.unwrap_or_default(), product, locus, asset));
            }
        }
    }
}

fn sighting(
    row: u64,
    id: &str,
    score: &str,
    product: Option<&str>,
    locus: &str,
    asset: &AssetHint,
) -> Sighting {
    let mut s = blank(row, TOOL, "vulners", Class::HostCheck);
    s.title = format!("{id} on {locus}");
    s.cvss = words::score(score);
    s.severity = s.cvss.map_or(Severity::Unknown, Severity::from_cvss);
    score.clone_into(&mut s.raw_severity);
    s.vulnerabilities = vec![id.to_owned()];
    s.asset = asset.clone();
    locus.clone_into(&mut s.locus);
    s.identity = identity::host_check(TOOL, &format!("vulners:{id}"), locus);
    s.evidence = product.map(|product| format!("Matched by product and version: {product}"));
    s
}
