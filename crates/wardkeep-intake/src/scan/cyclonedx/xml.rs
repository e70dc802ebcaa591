//! The XML form, with the old extension that put vulnerabilities into a namespace of their own.

use super::fits;
use super::model::{Bom, Part, Rating, Vulnerability, full_name, one_line};
use crate::emit::Emit;
use crate::xml::{Node, Token, XmlError, XmlPull};
use crate::{Ending, Refusal};
use std::io::Read;
use wardkeep_types::sighting::Component;

pub(super) fn read(
    emit: &mut Emit<'_>,
    input: &mut dyn Read,
    head: &[u8],
    bom: &mut Bom,
) -> Result<Ending, Refusal> {
    let mut pull = XmlPull::new(input, head, emit.limits);
    match elements(emit, &mut pull, bom) {
        Ok(ending) => Ok(ending),
        Err(error) => {
            let at = pull.position();
            error.end(emit, at)
        }
    }
}

fn elements(emit: &mut Emit<'_>, pull: &mut XmlPull<'_>, bom: &mut Bom) -> Result<Ending, XmlError> {
    loop {
        if emit.stop() {
            return Ok(Ending::Cancelled);
        }
        let (tag, at) = match pull.next()? {
            Token::Start(tag) => (tag, pull.line()),
            Token::Eof => return Ok(Ending::Complete),
            Token::End | Token::Text(_) => continue,
        };
        match tag.name.as_str() {
            "metadata" | "component" | "service" | "vulnerability" => {
                let (node, failed) = Node::read(pull, tag, emit.limits.record_bytes);
                if node.whole && fits(emit, bom, crate::Position::Line(at)) {
                    take(bom, &node, at);
                }
                if let Some(error) = failed {
                    return Err(error);
                }
            }
            "bom" | "components" | "services" | "vulnerabilities" => {}
            _ => pull.skip()?,
        }
    }
}

fn take(bom: &mut Bom, node: &Node, at: u64) {
    match node.name.as_str() {
        "metadata" => {
            bom.made = node.said("timestamp").and_then(crate::time::stated).map(|(at, _)| at);
            bom.tool = tool(node.child("tools"));
            bom.subject = node.child("component").map(part);
            if let Some(inner) = node.child("component").and_then(|c| c.child("components")) {
                nested(inner.all("component"), &mut bom.components);
            }
        }
        "component" => {
            nested(std::iter::once(node), &mut bom.components);
            // The old extension may stand inside the component it speaks of.
            for inner in node.walk().filter(|n| n.name == "vulnerability") {
                bom.vulnerabilities.push(Vulnerability { at: Some(at), ..vulnerability(inner) });
            }
        }
        "service" => bom.services.push(part(node)),
        _ => bom.vulnerabilities.push(Vulnerability { at: Some(at), ..vulnerability(node) }),
    }
}

fn tool(node: Option<&Node>) -> Option<(String, Option<String>)> {
    let tools = node?;
    let first = tools.child("tool").or_else(|| tools.child("components")?.child("component"));
    let first = first.or_else(|| tools.child("services")?.child("service"))?;
    Some((first.said("name")?.to_owned(), first.said("version").map(str::to_owned)))
}

fn nested<'n>(list: impl Iterator<Item = &'n Node>, out: &mut Vec<Part>) {
    let mut left: Vec<&Node> = list.collect();
    left.reverse();
    while let Some(node) = left.pop() {
        out.push(part(node));
        if let Some(inner) = node.child("components") {
            left.extend(inner.all("component").collect::<Vec<_>>().into_iter().rev());
        }
    }
}

fn part(node: &Node) -> Part {
    let purl = node.said("purl").map(str::to_owned);
    let component = node.said("name").map(|name| Component {
        name: full_name(node.said("group"), name),
        version: node.said("version").map(str::to_owned),
        purl: purl.clone(),
        kind: node.attribute("type").unwrap_or_default().trim().to_owned(),
        licences: licences(node.child("licenses")),
    });
    let bom_ref = node.attribute("bom-ref").map(|r| r.trim().to_owned()).filter(|r| !r.is_empty());
    Part { bom_ref: bom_ref.or(purl).unwrap_or_default(), component }
}

fn licences(node: Option<&Node>) -> Vec<String> {
    let one = |choice: &Node| match choice.name.as_str() {
        "expression" => Some(choice.text.trim().to_owned()).filter(|text| !text.is_empty()),
        "license" => choice.said("id").or_else(|| choice.said("name")).map(str::to_owned),
        _ => None,
    };
    node.into_iter().flat_map(|node| &node.children).filter_map(one).map(|text| one_line(&text)).collect()
}

fn vulnerability(node: &Node) -> Vulnerability {
    let said = |node: &Node, name: &str| node.said(name).map(str::to_owned);
    let inside = |list: &str, item: &str| -> Vec<Node> {
        node.child(list).into_iter().flat_map(|inner| inner.all(item)).cloned().collect()
    };
    let rating = |rating: &Node| Rating {
        // The old extension holds the score in parts.
        score: rating.child("score").and_then(|s| said(s, "base")).or_else(|| said(rating, "score")),
        severity: said(rating, "severity").map(|word| word.to_ascii_lowercase()),
        method: said(rating, "method"),
        vector: said(rating, "vector"),
    };
    let targets = inside("affects", "target");
    let mut affects: Vec<String> = targets.iter().filter_map(|target| said(target, "ref")).collect();
    affects.extend(node.attribute("ref").map(str::to_owned));
    let recommendation = || node.child("recommendations").and_then(|inner| said(inner, "recommendation"));
    let analysis = node.child("analysis");
    Vulnerability {
        id: said(node, "id").unwrap_or_default(),
        same: inside("references", "reference")
            .iter()
            .filter_map(|reference| said(reference, "id"))
            .collect(),
        ratings: inside("ratings", "rating").iter().map(rating).collect(),
        cwes: inside("cwes", "cwe").iter().map(|cwe| cwe.text.trim().to_owned()).collect(),
        description: said(node, "description"),
        recommendation: said(node, "recommendation").or_else(recommendation),
        state: analysis.and_then(|analysis| said(analysis, "state")),
        detail: analysis.and_then(|analysis| said(analysis, "detail")),
        affects,
        at: None,
    }
}
