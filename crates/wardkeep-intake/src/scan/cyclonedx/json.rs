//! The JSON form.

use super::fits;
use super::model::{Bom, Part, Rating, Vulnerability, document_limits, full_name, one_line};
use crate::emit::Emit;
use crate::json::{Pull, PullError};
use crate::{Ending, Refusal};
use serde_json::Value;
use std::io::Read;
use wardkeep_types::sighting::Component;

pub(super) fn read(emit: &mut Emit<'_>, input: &mut dyn Read, bom: &mut Bom) -> Result<Ending, Refusal> {
    let mut pull = Pull::new(input, &document_limits(emit.limits));
    let result = pull.object_or_skip(|pull, key| member(emit, pull, key, bom));
    let Err(error) = result else { return Ok(Ending::Complete) };
    if let Some(refusal) = error.refusal() {
        return Err(refusal);
    }
    let at = pull.position();
    emit.fault(at, "truncated", error.text(), "Make the document again; what stands before was kept.");
    Ok(Ending::Truncated { at })
}

fn member<R: Read>(
    emit: &mut Emit<'_>,
    pull: &mut Pull<R>,
    key: &str,
    bom: &mut Bom,
) -> Result<(), PullError> {
    match key {
        "metadata" => {
            let value = pull.value()?.unwrap_or(Value::Null);
            bom.made = text(&value, "timestamp").and_then(|t| crate::time::stated(&t)).map(|(at, _)| at);
            bom.tool = tool(value.get("tools"));
            bom.subject = value.get("component").map(part);
            // What the subject is made of is part of the document too.
            if let Some(inner) = value.pointer("/component/components") {
                nested(inner, &mut bom.components);
            }
            Ok(())
        }
        "components" => pull.array(|pull| {
            let at = pull.position();
            let value = pull.value()?;
            emit.stop();
            match value {
                Some(value @ Value::Object(_)) if fits(emit, bom, at) => {
                    nested(&Value::Array(vec![value]), &mut bom.components);
                }
                Some(Value::Object(_)) => {}
                _ => bad(emit, at, "component"),
            }
            Ok(())
        }),
        "services" => {
            let value = pull.value()?.unwrap_or(Value::Null);
            for service in value.as_array().into_iter().flatten() {
                bom.services.push(part(service));
            }
            Ok(())
        }
        "vulnerabilities" => pull.array(|pull| {
            let (at, line) = (pull.position(), pull.line());
            let value = pull.value()?;
            emit.stop();
            match value {
                Some(value @ Value::Object(_)) if fits(emit, bom, at) => {
                    bom.vulnerabilities.push(Vulnerability { at: Some(line), ..vulnerability(&value) });
                }
                Some(Value::Object(_)) => {}
                _ => bad(emit, at, "vulnerability"),
            }
            Ok(())
        }),
        _ => pull.skip(),
    }
}

fn bad(emit: &mut Emit<'_>, at: crate::Position, what: &str) {
    let text = format!("A {what} cannot be read. It was left out.");
    emit.fault(at, "bad_row", text, "Report it to the maker of the document.");
}

fn text(value: &Value, name: &str) -> Option<String> {
    match value.get(name)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// `tools` is a list of tools in old versions and holds components in new ones.
fn tool(value: Option<&Value>) -> Option<(String, Option<String>)> {
    let tools = match value? {
        Value::Array(tools) => tools,
        Value::Object(groups) => groups.get("components").or_else(|| groups.get("services"))?.as_array()?,
        _ => return None,
    };
    let first = tools.first()?;
    Some((text(first, "name")?, text(first, "version")))
}

/// Components and those inside them, in document order, without recursion.
fn nested(list: &Value, out: &mut Vec<Part>) {
    let mut left: Vec<&Value> = list.as_array().into_iter().flatten().rev().collect();
    while let Some(value) = left.pop() {
        out.push(part(value));
        left.extend(value.get("components").and_then(Value::as_array).into_iter().flatten().rev());
    }
}

fn part(value: &Value) -> Part {
    let purl = text(value, "purl");
    let component = text(value, "name").map(|name| Component {
        name: full_name(text(value, "group").as_deref(), &name),
        version: text(value, "version"),
        purl: purl.clone(),
        kind: text(value, "type").unwrap_or_default(),
        licences: licences(value.get("licenses")),
    });
    Part { bom_ref: text(value, "bom-ref").or(purl).unwrap_or_default(), component }
}

fn licences(value: Option<&Value>) -> Vec<String> {
    let one = |choice: &Value| {
        text(choice, "expression").or_else(|| {
            let licence = choice.get("license")?;
            text(licence, "id").or_else(|| text(licence, "name"))
        })
    };
    value
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(one)
        .map(|text| one_line(&text))
        .collect()
}

fn vulnerability(value: &Value) -> Vulnerability {
    let list = |name: &str| value.get(name).and_then(Value::as_array).into_iter().flatten();
    let rating = |rating: &Value| Rating {
        score: text(rating, "score"),
        severity: text(rating, "severity"),
        method: text(rating, "method"),
        vector: text(rating, "vector"),
    };
    let cwe = |cwe: &Value| match cwe {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.trim().to_owned()),
        _ => None,
    };
    let analysis = value.get("analysis").unwrap_or(&Value::Null);
    Vulnerability {
        id: text(value, "id").unwrap_or_default(),
        same: list("references").filter_map(|reference| text(reference, "id")).collect(),
        ratings: list("ratings").map(rating).collect(),
        cwes: list("cwes").filter_map(cwe).collect(),
        description: text(value, "description"),
        recommendation: text(value, "recommendation"),
        state: text(analysis, "state"),
        detail: text(analysis, "detail"),
        affects: list("affects").filter_map(|target| text(target, "ref")).collect(),
        at: None,
    }
}
