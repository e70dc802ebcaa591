//! One audit record taken apart, its values read.

use super::words;
use crate::time;
use std::borrow::Cow;
use wardkeep_types::Moment;

/// One record.
#[derive(Debug)]
pub(super) struct Record<'l> {
    pub node: Option<&'l str>,
    /// Such as `SYSCALL`.
    pub kind: Cow<'l, str>,
    pub at: Moment,
    pub serial: u64,
    pub pairs: Vec<Pair<'l>>,
    /// Names that rules of the audit system gave to the record.
    pub keys: Vec<String>,
}

/// A value as it is read, and as it was written where that differs.
#[derive(Debug)]
pub(super) struct Pair<'l> {
    pub name: Cow<'l, str>,
    pub value: String,
    pub written: Option<(Cow<'l, str>, &'l str)>,
    pub raw: &'l str,
}

/// Reads a line such as `type=SYSCALL msg=audit(1493129355.852:624): arch=c000003e syscall=87 ...`.
pub(super) fn parse(line: &str) -> Option<Record<'_>> {
    let mut rest = line.trim_start();
    let mut node = None;
    if let Some(after) = rest.strip_prefix("node=") {
        let (name, after) = after.split_once(' ')?;
        (node, rest) = (Some(name), after.trim_start());
    }
    // The kernel's own log writes `audit: type=1400 audit(...)`.
    rest = rest.strip_prefix("audit: ").unwrap_or(rest);
    let mut kind = Cow::Borrowed("UNKNOWN");
    if let Some(after) = rest.strip_prefix("type=") {
        let (name, after) = after.split_once(' ')?;
        kind = words::kind(name);
        rest = after.trim_start();
    }
    let rest = rest.strip_prefix("msg=").unwrap_or(rest).strip_prefix("audit(")?;
    let (stamp, body) = rest.split_once(')')?;
    let (when, serial) = stamp.rsplit_once(':')?;
    let at = moment(when)?;
    let serial = serial.parse().ok()?;
    let body = body.trim_start().strip_prefix(':').unwrap_or(body);
    let mut record = Record { node, kind, at, serial, pairs: Vec::new(), keys: Vec::new() };
    // Auditd can add the names of numbers, after this sign.
    let (body, named) = body.split_once('\u{1d}').map_or((body, ""), |(body, named)| (body, named));
    record.body(body);
    record.body(named);
    record.interpret_numbers();
    Some(record)
}

/// Seconds with a fraction, or the local time that `ausearch -i` shows, taken as UTC.
fn moment(text: &str) -> Option<Moment> {
    if let Some((day, clock)) = text.split_once(' ') {
        let mut parts = day.splitn(3, '/');
        let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
        return time::stated(&format!("{year}-{month}-{day} {clock}")).map(|(at, _)| at);
    }
    time::decimal_seconds(text).filter(|micros| *micros >= 0).map(Moment::from_micros)
}

impl<'l> Record<'l> {
    /// Whether nothing else carries its serial number: what programs send, the kernel does not add to.
    pub(super) fn stands_alone(&self) -> bool {
        const FRONT: [&str; 13] = [
            "USER_",
            "CRED_",
            "ADD_",
            "DEL_",
            "GRP_",
            "ROLE_",
            "SERVICE_",
            "SYSTEM_",
            "DAEMON_",
            "CRYPTO_",
            "ACCT_",
            "VIRT_",
            "ANOM_LOGIN_",
        ];
        FRONT.iter().any(|front| self.kind.starts_with(front)) && self.kind != "USER_AVC"
    }
    /// The value as read.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|pair| pair.name == name).map(|pair| pair.value.as_str())
    }

    fn body(&mut self, text: &'l str) {
        let mut rest = text.trim_start();
        if let Some(after) = rest.strip_prefix("avc:") {
            rest = self.access_vector(after);
        }
        let mut word_before = "";
        while !rest.is_empty() {
            let end = rest.find([' ', '=']).unwrap_or(rest.len());
            if rest[end..].starts_with('=') {
                let name = rest[..end].trim_start_matches('(');
                let (value, quoted, after) = value(&rest[end + 1..]);
                let name = match word_before {
                    "old" | "new" => Cow::Owned(format!("{word_before}_{name}")),
                    _ => Cow::Borrowed(name),
                };
                if quoted == Some('\'') {
                    self.body(value);
                } else {
                    self.pair(name, value, quoted.is_some());
                }
                word_before = "";
                rest = after.trim_start();
            } else {
                word_before = &rest[..end];
                rest = rest[end..].trim_start();
            }
        }
    }

    /// `avc:  denied  { read } for  pid=...`: gives what follows `for`.
    fn access_vector(&mut self, text: &'l str) -> &'l str {
        let Some((result, rest)) = text.trim_start().split_once(' ') else { return text };
        self.put("seresult", result.to_owned(), None);
        if let Some((permissions, after)) =
            rest.trim_start().strip_prefix('{').and_then(|r| r.split_once('}'))
        {
            self.put("seperms", permissions.trim().to_owned(), None);
            return after.trim_start();
        }
        rest
    }
}

/// A value and what follows it; the sign it was quoted with, if any.
fn value(text: &str) -> (&str, Option<char>, &str) {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            // What msg='...' holds may quote with the other sign, and ends with the line.
            let end = if quote == '\'' { inner.rfind(quote) } else { inner.find(quote) };
            return match end {
                Some(end) => (&inner[..end], Some(quote), &inner[end + 1..]),
                None => (inner, Some(quote), ""),
            };
        }
    }
    let end = text.find(' ').unwrap_or(text.len());
    // Old programs set pairs in brackets and part them by commas.
    let value = text[..end].trim_end_matches(',');
    let value = if value.contains('(') { value } else { value.trim_end_matches(')') };
    (value, None, &text[end..])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::print_stdout)] // figures are printed

    use super::parse;
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    fn shown(line: &str) -> BTreeMap<String, String> {
        let record = parse(line).unwrap();
        record.pairs.iter().map(|pair| (pair.name.to_string(), pair.value.clone())).collect()
    }

    #[test]
    fn values_are_read() {
        let check = |line: &str, name: &str, expect: &str| assert_eq!(shown(line)[name], expect, "{line}");
        let of = |body: &str| format!("type=SYSCALL msg=audit(1493129355.852:624): {body}");
        check(&of("arch=c000003e syscall=59 exit=-13"), "syscall", "execve");
        check(&of("arch=c000003e syscall=59 exit=-13"), "exit", "EACCES");
        check(&of("proctitle=76696D002F6574632F"), "proctitle", "vim /etc/");
        check(&of("comm=\"cat\" auid=4294967295"), "auid", "unset");
        check("node=h1 type=LOGIN msg=audit(1.5:2): login pid=1 old auid=3 new auid=0", "new_auid", "0");
        check("audit: type=1400 audit(1.5:2): apparmor=\"DENIED\" name=\"/x y\"", "name", "/x y");
        check(
            "type=SYSCALL msg=audit(04/12/2017 22:48:09.295:42) : arch=x86_64 syscall=execve success=yes",
            "result",
            "success",
        );
        check(&of("saddr=0200005000000000"), "addr", "0.0.0.0");
        check(&of("saddr=02"), "saddr", "02");
        check(&of("uid=0 \u{1d}UID=\"root\""), "UID", "root");
        for wrong in [
            "",
            "type=X",
            "type=X msg=audit(1.2)",
            "type=X msg=audit(a.b:1): x",
            "msg=audit(1:2",
            "audit(1.2.3:4): ",
        ] {
            assert!(parse(wrong).is_none(), "{wrong}");
        }
    }

    /// What an independent reader of the same records made of them.
    #[test]
    fn records_equal_the_golden_files() {
        let root = std::env::var_os("WARDKEEP_DATA").map_or_else(
            || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
            PathBuf::from,
        );
        let folder = root.join("logs/linux-auditd/elastic-go-libaudit/auparse/testdata");
        if !folder.exists() {
            assert!(std::env::var_os("CI").is_none(), "test data is missing: {}", folder.display());
            println!("skipped: test data is missing: {}", folder.display());
            return;
        }
        let mut equal = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|end| end != "log") {
                continue;
            }
            let golden = std::fs::read_to_string(path.with_extension("log.golden")).unwrap();
            let golden: Vec<serde_json::Value> = serde_json::from_str(&golden).unwrap();
            let log = std::fs::read_to_string(&path).unwrap();
            let lines: Vec<&str> = log.lines().filter(|line| !line.trim().is_empty()).collect();
            assert_eq!(lines.len(), golden.len(), "{}", path.display());
            for (line, wanted) in lines.into_iter().zip(golden) {
                // The golden file has null where its reader gave up; ours may still read the line.
                if wanted.is_null() {
                    println!("no golden record: {line}");
                    continue;
                }
                let record = parse(line).unwrap_or_else(|| panic!("{line}"));
                assert_eq!(record.kind.to_lowercase(), wanted["record_type"].as_str().unwrap(), "{line}");
                assert_eq!(record.serial, wanted["sequence"].as_u64().unwrap(), "{line}");
                let at: wardkeep_types::Moment = wanted["@timestamp"].as_str().unwrap().parse().unwrap();
                assert_eq!(record.at, at, "{line}");
                let data: BTreeMap<String, String> = serde_json::from_value(wanted["data"].clone()).unwrap();
                assert_eq!(shown(line), data, "{line}");
                let keys: Vec<String> = serde_json::from_value(wanted["keys"].clone()).unwrap_or_default();
                assert_eq!(record.keys, keys, "{line}");
                equal += 1;
            }
        }
        println!("{equal} records equal the golden files");
        assert!(equal >= 80);
    }
}
