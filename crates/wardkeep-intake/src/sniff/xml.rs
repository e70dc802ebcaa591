//! XML documents, told apart by their root element.

use super::Sniff;
use crate::xml::{Tag, Token, XmlError, XmlPull};
use crate::{Format, Limits};

/// Root elements of reports that are known but not read.
const OTHERS: [(&str, &str); 14] = [
    ("html", "web page (HTML)"),
    ("HTML", "web page (HTML)"),
    ("issues", "Burp report (XML)"),
    ("OWASPZAPReport", "ZAP report (XML)"),
    ("report", "scanner report (XML)"),
    ("SCAN", "Qualys report (XML)"),
    ("ASSET_DATA_REPORT", "Qualys report (XML)"),
    ("WAS_WEBAPP_REPORT", "Qualys web report (XML)"),
    ("NexposeReport", "Nexpose report (XML)"),
    ("ScanGroup", "Acunetix report (XML)"),
    ("asset-report-collection", "SCAP report (ARF)"),
    ("Benchmark", "SCAP report (XCCDF)"),
    ("analysis", "Dependency-Check report (XML)"),
    ("niktoscan", "Nikto report (XML)"),
];

pub(super) fn sniff(text: &[u8]) -> Sniff {
    let limits = Limits::default();
    let mut pull = XmlPull::new(text, text, &limits);
    loop {
        match pull.next() {
            Ok(Token::Start(tag)) => return root(&tag),
            Ok(Token::Text(_)) => {}
            // The reader of the format will tell of the entities; here only the name of the root counts.
            Err(XmlError::Refused(refusal)) if refusal.code == "entity" => return behind_doctype(text),
            _ => {
                return Sniff::unknown(
                    "text with angle brackets",
                    "It begins like XML but has no root element.",
                );
            }
        }
    }
}

/// A document whose DOCTYPE defines entities: the DOCTYPE names the root.
fn behind_doctype(text: &[u8]) -> Sniff {
    let text = String::from_utf8_lossy(text);
    let name = text.split_once("<!DOCTYPE").map(|(_, rest)| rest.trim_start());
    let name = name.and_then(|rest| rest.split(|c: char| c.is_whitespace() || c == '[' || c == '>').next());
    let named = name.and_then(|name| known(name, None));
    named.unwrap_or_else(|| {
        Sniff::unknown(
            "XML document with entities",
            "The file defines XML entities. Reports never need them.",
        )
    })
}

fn root(tag: &Tag) -> Sniff {
    let namespace = match &tag.prefix {
        Some(prefix) => tag.attribute(&format!("xmlns:{prefix}")),
        None => tag.attribute("xmlns"),
    };
    if let Some(found) = known(&tag.name, namespace) {
        return found;
    }
    if let Some((_, words)) = OTHERS.iter().find(|(root, _)| *root == tag.name) {
        Sniff::unknown(*words, "This version does not read that format.")
    } else {
        let name: String = tag.name.chars().take(64).collect();
        Sniff::unknown(
            format!("XML document <{name}>"),
            "Its root element belongs to no format that is read.",
        )
    }
}

fn known(name: &str, namespace: Option<&str>) -> Option<Sniff> {
    match name {
        "NessusClientData_v2" => Some(Sniff::certain(Format::Nessus, "root element NessusClientData_v2")),
        "Event" | "Events"
            if namespace.is_none_or(|n| n.contains("schemas.microsoft.com/win")) || name == "Event" =>
        {
            Some(Sniff::certain(Format::WindowsXml, format!("root element {name}")))
        }
        "nmaprun" => Some(Sniff::certain(Format::Nmap, "root element nmaprun")),
        "bom" if namespace.is_none_or(|n| n.contains("cyclonedx")) => {
            Some(Sniff::certain(Format::CycloneDx, "root element bom"))
        }
        _ => None,
    }
}
