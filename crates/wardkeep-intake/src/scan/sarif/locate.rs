//! Where a result stands: its file from the root of the repository, and its line.

use super::rules::text;
use serde_json::Value;
use std::collections::HashMap;

/// A result's first place, as written.
#[derive(Debug, Default)]
pub(super) struct Place {
    pub(super) uri: Option<String>,
    pub(super) base: Option<String>,
    pub(super) artifact: Option<usize>,
    pub(super) line: Option<u64>,
    pub(super) snippet: Option<String>,
    pub(super) logical: Option<String>,
}

impl Place {
    pub(super) fn read(location: &Value) -> Self {
        let physical = location.get("physicalLocation");
        let artifact = physical.and_then(|p| p.get("artifactLocation").or_else(|| p.get("fileLocation")));
        let region = physical.and_then(|p| p.get("region"));
        let logical = location.get("logicalLocations").and_then(Value::as_array).and_then(|all| all.first());
        Self {
            uri: artifact.and_then(|a| text(a.get("uri"))),
            base: artifact.and_then(|a| text(a.get("uriBaseId"))),
            artifact: index(artifact.and_then(|a| a.get("index"))),
            line: region.and_then(|r| r.get("startLine")).and_then(Value::as_u64),
            snippet: region.and_then(|r| text(r.pointer("/snippet/text"))),
            logical: logical.and_then(|l| text(l.get("fullyQualifiedName")).or_else(|| text(l.get("name")))),
        }
    }
}

/// An index; `-1` stands for none.
pub(super) fn index(value: Option<&Value>) -> Option<usize> {
    usize::try_from(value?.as_i64()?).ok()
}

/// Files and bases that places refer to.
#[derive(Debug, Default)]
pub(super) struct Artifacts {
    files: Vec<(Option<String>, Option<String>)>,
    bases: HashMap<String, (Option<String>, Option<String>)>,
}

impl Artifacts {
    pub(super) fn add(&mut self, value: Option<&Value>) {
        let location = value.and_then(|v| v.get("location"));
        let part = |name: &str| location.and_then(|l| text(l.get(name)));
        self.files.push((part("uri"), part("uriBaseId")));
    }
    pub(super) fn bases(&mut self, value: Option<&Value>) {
        for (name, base) in value.and_then(Value::as_object).into_iter().flatten() {
            self.bases.insert(name.clone(), (text(base.get("uri")), text(base.get("uriBaseId"))));
        }
    }
    /// The path from the root of the repository; empty when the result names no file.
    pub(super) fn path(&self, place: &Place) -> String {
        let file = place.artifact.and_then(|index| self.files.get(index));
        let Some(uri) = place.uri.as_ref().or_else(|| file?.0.as_ref()) else { return String::new() };
        let base = place.base.as_ref().or_else(|| file?.1.as_ref());
        let mut path = decode(uri);
        // A base that is itself absolute is where the tool ran: no part of the identity. One that lies below
        // another base is a folder of the repository.
        let mut next = base;
        for _ in 0..8 {
            let Some((uri, parent)) = next.and_then(|name| self.bases.get(name)) else { break };
            if let Some(uri) = uri {
                let uri = decode(uri);
                if absolute(&uri) {
                    path = path.strip_prefix(&uri).map_or(path.clone(), str::to_owned);
                } else if !absolute(&path) {
                    path = format!("{}/{path}", uri.trim_end_matches('/'));
                }
            }
            next = parent.as_ref();
        }
        for base in self.bases.values().filter_map(|(uri, _)| uri.as_deref()).map(decode) {
            if base.len() > 8 && absolute(&base) && path.starts_with(&base) {
                path = path[base.len()..].to_owned();
            }
        }
        let path = path.strip_prefix("file://").unwrap_or(&path);
        let path = path.trim_start_matches("./").trim_start_matches('/');
        path.replace('\\', "/")
    }
}

fn absolute(uri: &str) -> bool {
    uri.starts_with('/') || uri.contains("://")
}

/// Undoes percent-encoding.
fn decode(uri: &str) -> String {
    let bytes = uri.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|h| std::str::from_utf8(h).ok());
        match (bytes[at], hex.and_then(|h| u8::from_str_radix(h, 16).ok())) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{Artifacts, Place};

    #[test]
    fn paths_begin_at_the_root() {
        let check = |place: &str, expect: &str| {
            let mut artifacts = Artifacts::default();
            let bases = r#"{"SRC":{"uri":"file:///src/tree/"},"LIB":{"uri":"lib/","uriBaseId":"SRC"}}"#;
            artifacts.bases(Some(&serde_json::from_str(bases).unwrap()));
            artifacts.add(Some(&serde_json::from_str(r#"{"location":{"uri":"z.c"}}"#).unwrap()));
            let location = format!(r#"{{"physicalLocation":{{"artifactLocation":{place}}}}}"#);
            let place = Place::read(&serde_json::from_str(&location).unwrap());
            assert_eq!(artifacts.path(&place), expect);
        };
        check(r#"{"uri":"src/a%20b.c","uriBaseId":"SRC"}"#, "src/a b.c");
        check(r#"{"uri":"x.c","uriBaseId":"LIB"}"#, "lib/x.c");
        check(r#"{"uri":"file:///src/tree/src/m.c"}"#, "src/m.c");
        check(r#"{"uri":"./a\\b.cs"}"#, "a/b.cs");
        check(r#"{"index":0}"#, "z.c");
        check("{}", "");
    }
}
