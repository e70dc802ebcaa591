//! The readable identity of a finding inside its asset, by class. No version, score, date or title enters it; a
//! line number only when nothing else is there.

/// A vulnerable package: the vulnerability, and the package URL without version and qualifiers.
pub(super) fn package(vulnerability: &str, package: &str) -> String {
    join("package", &[vulnerability, package])
}

/// A check of a host: tool family and check id, then protocol and port, or `host`.
pub(super) fn host_check(tool: &str, check: &str, locus: &str) -> String {
    join("host_check", &[&format!("{tool}:{check}"), locus])
}

/// A benchmark's rule.
pub(super) fn compliance(benchmark: &str, rule: &str) -> String {
    join("compliance", &[&without_version(benchmark), rule])
}

/// A place in source code.
pub(super) fn code(tool: &str, rule: &str, path: &str, context: &str) -> String {
    join("code", &[&format!("{tool}:{rule}"), path, context])
}

/// Parts are held apart by `|`, which is escaped inside them.
fn join(class: &str, parts: &[&str]) -> String {
    let mut text = class.to_owned();
    for part in parts {
        text.push('|');
        text.push_str(&part.replace('|', "%7C"));
    }
    text
}

/// Takes the last `v1.2.3` or ` 1.2` off a benchmark's name.
fn without_version(name: &str) -> String {
    let is_version = |word: &str| {
        let digits = word.trim_start_matches(['v', 'V']);
        digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.contains('.')
            && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
    };
    let words: Vec<&str> = name.split([' ', '_']).filter(|word| !is_version(word)).collect();
    words.join(" ")
}

/// A package URL without version, qualifiers and subpath, in lower-case type: `pkg:npm/%40a/b`. Text that is no
/// package URL is `None`.
pub(super) fn bare_purl(purl: &str) -> Option<String> {
    let rest = purl.trim().strip_prefix("pkg:")?.trim_start_matches('/');
    let rest = rest.split(['?', '#']).next()?;
    // The version stands behind the last `@` after the last slash; a scope's `@` is percent-encoded or begins a
    // segment.
    let slash = rest.rfind('/')?;
    let (front, name) = rest.split_at(slash + 1);
    let name = match name.rfind('@') {
        Some(at) if at > 0 => &name[..at],
        _ => name,
    };
    let (kind, namespace) = front.split_once('/')?;
    (!name.is_empty()).then(|| format!("pkg:{}/{namespace}{name}", kind.to_ascii_lowercase()))
}

/// The one id that stands for a row's vulnerability: the id itself if it is a CVE, else the only CVE it is called
/// the same as, else the id.
pub(super) fn weakness<'v>(id: &'v str, others: &'v [String]) -> &'v str {
    let is_cve = |id: &str| id.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("CVE-"));
    if is_cve(id) {
        return id;
    }
    let mut found: Vec<&str> = others.iter().map(String::as_str).filter(|other| is_cve(other)).collect();
    found.sort_unstable();
    found.dedup();
    if let [only] = found[..] { only } else { id }
}

#[cfg(test)]
mod tests {
    use super::{bare_purl, compliance, host_check, weakness};

    #[test]
    fn versions_stay_out() {
        let check =
            |purl: &str, expect: Option<&str>| assert_eq!(bare_purl(purl).as_deref(), expect, "{purl}");
        check("pkg:npm/%40angular/core@12.0.0?a=b#c", Some("pkg:npm/%40angular/core"));
        check("pkg:Maven/org.x/y@1.2", Some("pkg:maven/org.x/y"));
        check("pkg:npm/@scope/name", Some("pkg:npm/@scope/name"));
        check("pkg:deb/debian/curl@7.50.3-1?arch=i386", Some("pkg:deb/debian/curl"));
        check("left-pad", None);
        assert_eq!(compliance("CIS_RHEL8 v1.0.0 L1", "1.1|2"), "compliance|CIS RHEL8 L1|1.1%7C2");
        assert_eq!(host_check("nessus", "19506", "tcp/443"), "host_check|nessus:19506|tcp/443");
    }

    #[test]
    fn one_cve_stands_for_the_row() {
        let others = |ids: &[&str]| ids.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        assert_eq!(weakness("GHSA-1", &others(&["CVE-2020-1", "CVE-2020-1"])), "CVE-2020-1");
        assert_eq!(weakness("DSA-1", &others(&["CVE-2020-1", "CVE-2020-2"])), "DSA-1");
        assert_eq!(weakness("CVE-2021-1", &others(&["CVE-2020-1"])), "CVE-2021-1");
    }
}
