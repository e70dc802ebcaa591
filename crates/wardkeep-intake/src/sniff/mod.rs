//! Judges what a file is from its first bytes.

mod json;
mod lines;
mod magic;
mod rows;
mod xml;

pub(crate) use rows::separator;

use crate::text::{Decoded, Encoding, encoding};
use crate::{Format, Unknown};
use std::io::Read;

/// Bytes that [`sniff`] looks at; more does no harm.
pub const HEAD_BYTES: usize = 64 * 1024;

/// How sure the judgement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Nothing fits.
    None,
    /// It looks like it.
    Likely,
    /// A signature or a required member says so.
    Certain,
}

/// A judgement with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sniff {
    /// What it is.
    pub format: Format,
    /// How sure that is.
    pub confidence: Confidence,
    /// Why, in words for people.
    pub why: String,
}

impl Sniff {
    pub(crate) fn certain(format: Format, why: impl Into<String>) -> Self {
        Self { format, confidence: Confidence::Certain, why: why.into() }
    }
    pub(crate) fn likely(format: Format, why: impl Into<String>) -> Self {
        Self { format, confidence: Confidence::Likely, why: why.into() }
    }
    pub(crate) fn unknown(sniffed: impl Into<String>, reason: impl Into<String>) -> Self {
        let unknown = Unknown { sniffed: sniffed.into(), reason: reason.into() };
        let why = unknown.sniffed.clone();
        Self { format: Format::Unknown(unknown), confidence: Confidence::None, why }
    }
}

/// Judges a file from its first [`HEAD_BYTES`]. The name only decides between formats that the content allows.
pub fn sniff(head: &[u8], name_hint: &str) -> Sniff {
    let head = &head[..head.len().min(HEAD_BYTES)];
    if head.is_empty() {
        return Sniff::unknown("empty file", "It has no content.");
    }
    if let Some(found) = magic::sniff(head) {
        return found;
    }
    let wide = encoding(head).filter(|e| *e != Encoding::UTF_8);
    let mut decoded = Vec::new();
    let text = if let Some(wide) = wide {
        // The head may stop in the middle of a character; what was decoded before it is enough.
        let _ = Decoded::new(head, wide).read_to_end(&mut decoded);
        decoded.as_slice()
    } else {
        head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head)
    };
    if text.contains(&0) {
        return Sniff::unknown("binary data", "It is no text and carries no known signature.");
    }
    let start = text.trim_ascii_start();
    let name = name_hint.to_ascii_lowercase();
    if start.starts_with(b"#separator ") || (start.starts_with(b"#fields\t") || start.starts_with(b"#path\t"))
    {
        return Sniff::certain(Format::Zeek, "header lines of Zeek");
    }
    match start.first() {
        None => Sniff::unknown("empty file", "It holds only blanks."),
        Some(b'<') if !starts_with_priority(start) => xml::sniff(start),
        Some(b'{' | b'[') => {
            lines::sniff(text, &name).or_else(|| json::sniff(start)).unwrap_or_else(|| plain(text))
        }
        _ => lines::sniff(text, &name).or_else(|| rows::sniff(text, &name)).unwrap_or_else(|| plain(text)),
    }
}

/// `<34>`: a syslog priority, not a tag.
fn starts_with_priority(text: &[u8]) -> bool {
    let digits = text[1..].iter().take_while(|b| b.is_ascii_digit()).count();
    (1..=3).contains(&digits) && text.get(digits + 1) == Some(&b'>')
}

fn plain(text: &[u8]) -> Sniff {
    let first = text.split(|b| *b == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    if first.starts_with(b"-----BEGIN ") {
        return Sniff::unknown("PEM file", "It holds keys or certificates, not records.");
    }
    if first.starts_with(b"#!") {
        return Sniff::unknown("script", "It holds program code, not records.");
    }
    if first.starts_with(b"%YAML") || first.starts_with(b"---") {
        return Sniff::unknown("YAML document", "It is no log, report or table.");
    }
    Sniff::unknown(
        "plain text",
        "Its lines are neither syslog, an access log, JSON nor a table. Name the format if you know it.",
    )
}

#[cfg(test)]
mod tests {
    use super::sniff;

    #[test]
    fn content_decides() {
        let check = |content: &[u8], name: &str, expect: &str| {
            let found = sniff(content, name).format;
            let shown =
                if found.key() == "unknown" { found.label().to_owned() } else { found.key().to_owned() };
            assert_eq!(shown, expect, "{}", String::from_utf8_lossy(content));
        };
        check(b"", "x.log", "empty file");
        check(b"ElfFile\0\0\0", "x.json", "evtx");
        check(b"\x1f\x8b\x08\0", "x", "gzip");
        check(b"\x28\xb5\x2f\xfd", "x", "zstd");
        check(b"PK\x03\x04\x14\0\0\0\0\0", "x.log", "zip");
        check(b"%PDF-1.7", "x", "PDF document");
        check(b"\xd4\xc3\xb2\xa1\x02\0", "x", "packet capture");
        check(b"a\0b", "x", "binary data");
        check(b"<34>Oct 11 22:14:15 mymachine su: 'su root' failed\n", "x", "auth_log");
        check(b"<30>Oct 11 22:14:15 h app[1]: x\n<30>Oct 11 22:14:16 h app[1]: y\n", "x", "syslog");
        check(b"<34>1 2003-10-11T22:14:15.003Z h app - ID47 - x", "x", "syslog");
        check(b"::1 - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200 2", "x", "web_access");
        check(b"<?xml version=\"1.0\"?>\n<NessusClientData_v2>", "x", "nessus");
        check(b"<?xml version=\"1.0\"?><!DOCTYPE nmaprun><nmaprun scanner=\"nmap\">", "x", "nmap");
        check(b"<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\">", "x", "cyclonedx");
        check(b"<html><body>", "x", "web page (HTML)");
        check(b"<a><b/></a>", "x", "XML document <a>");
        check(br#"{"bomFormat":"CycloneDX","specVersion":"1.5"}"#, "x", "cyclonedx");
        check(
            br#"{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[]}"#,
            "x",
            "sarif",
        );
        check(
            br#"{"Records":[{"eventVersion":"1.08","eventSource":"a","eventName":"b"}]}"#,
            "x",
            "cloudtrail",
        );
        check(br#"{"EventID":4624,"Channel":"Security","Hostname":"h"}"#, "x", "windows_json");
        check(br#"[{"Event":{"System":{"EventID":1}}}]"#, "x", "windows_json");
        check(br#"{"winlog":{"event_id":1},"@timestamp":"x"}"#, "x", "windows_json");
        check(b"{\"ts\":1,\"uid\":\"C\",\"id.orig_h\":\"x\"}\n{\"ts\":2}\n", "x", "zeek");
        check(b"{\"ts\":1,\"uid\":\"C\"}\n{\"ts\":2}\n", "x", "json");
        check(br#"{"name":"left-pad","version":"1.0.0"}"#, "x", "JSON document");
        check(br#"{"SchemaVersion":2,"ArtifactName":"x","Results":[]}"#, "x", "Trivy report (JSON)");
        check(b"email,name\na@b.c,Anna\n", "people.csv", "csv");
        check("Größe;Name\r\n1;\"a;b\"\r\n".as_bytes(), "x", "csv");
        check(b"\xff\xfea\0;\0b\0\n\0", "x.csv", "csv");
        check(b"2016-09-28 04:30:30, Info CBS x\n2016-09-28 04:30:31, Info CBS y\n", "x.log", "plain text");
        check(b"type=SYSCALL msg=audit(1:2): a=b\n", "x.log", "auditd");
        check(b"[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok\n", "x.log", "web_error");
        check(b"2026/02/03 04:05:06 [error] 12#0: *45 x\n", "x.log", "web_error");
        check(b"#separator \\x09\n#path\tconn\n", "x", "zeek");
        check(b"{\"_path\":\"conn\",\"ts\":1}\n", "x", "zeek");
        check(b"CEF:0|a|b|1|2|n|3|src=10.0.0.1\n", "x", "cef");
        check(b"<13>Feb  3 04:05:06 h CEF:0|a|b|1|2|n|3|src=10.0.0.1\n", "x", "cef");
        check(b"LEEF:2.0|a|b|1|2|^|src=10.0.0.1\n", "x", "leef");
        check(b"time=2026-02-03T04:05:06Z level=info msg=\"a b\"\n", "x", "logfmt");
        check(b"31 <34>1 - - app 7 - - hello there31 <34>1 - - app 7 - - hello there", "x", "syslog");
        check(b"Time,Source,Message\n2026-02-03 04:05:06,a,b\n", "x", "csv_log");
        check(
            b"Time,user,message\n2026-02-03T04:05:06Z,anna,a b\n2026-02-03T04:05:07Z,anna,c d\n",
            "x",
            "csv_log",
        );
        check(b"CreationDate,UserIds,Operations,AuditData\n1,2,3,4\n", "x", "m365");
        check(b"<Events><Event xmlns='x'><System/></Event></Events>", "x", "windows_xml");
        check(
            b"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>",
            "x",
            "windows_xml",
        );
        check(br#"{"timestamp":"x","event_type":"dns","flow_id":1}"#, "x", "suricata");
        check(br#"{"class_uid":3002,"category_uid":3,"time":1700000000000}"#, "x", "ocsf");
        check(br#"[{"actor":{"alternateId":"a"},"eventType":"x","published":"y"}]"#, "x", "okta");
        check(
            br#"{"items":[{"id":{"time":"x","applicationName":"login"},"actor":{}}]}"#,
            "x",
            "google_workspace",
        );
        check(br#"{"CreationTime":"x","Operation":"y","Workload":"z"}"#, "x", "m365");
        check(br#"{"@odata.context":"","value":[{"createdDateTime":"x","userPrincipalName":"y","appDisplayName":"z"}]}"#, "x", "entra");
        check(
            br#"[{"@timestamp":1700000000000,"action":"repo.create","actor":"a","org":"o"}]"#,
            "x",
            "github",
        );
    }
}
