//! Evidence without secrets, at most 64 KiB.

use wardkeep_types::limits::TEXT_BYTES;

/// Headers whose value is a secret.
const HEADERS: [&str; 6] =
    ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-auth-token"];
/// Names whose value is a secret, as they end in `password=...` or `"token": "..."`.
const NAMES: [&str; 9] =
    ["password", "passwd", "pwd", "secret", "token", "api_key", "apikey", "access_key", "private_key"];

/// Masks what looks like a secret and cuts what is too long.
pub(super) fn evidence(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(text.len().min(TEXT_BYTES));
    let mut in_key = false;
    for line in text.lines() {
        if line.contains("-----BEGIN ") && line.contains("PRIVATE KEY") {
            in_key = true;
            out.push_str("*** private key ***\n");
        }
        if !in_key {
            masked(line, &mut out);
            out.push('\n');
        }
        if line.contains("-----END ") {
            in_key = false;
        }
        if out.len() > TEXT_BYTES {
            break;
        }
    }
    let mut end = out.trim_end().len().min(TEXT_BYTES);
    while !out.is_char_boundary(end) {
        end -= 1;
    }
    out.truncate(end);
    Some(out)
}

fn masked(line: &str, out: &mut String) {
    if let Some((name, _)) = line.split_once(':')
        && HEADERS.contains(&name.trim().to_ascii_lowercase().as_str())
    {
        out.push_str(name);
        out.push_str(": ***");
        return;
    }
    // Lower-casing ASCII alone keeps every byte offset.
    let lower = line.to_ascii_lowercase();
    let mut from = 0;
    while let Some((start, end)) = next_secret(&lower, from) {
        out.push_str(&line[from..start]);
        out.push_str("***");
        from = end;
    }
    out.push_str(&line[from..]);
}

/// The next value that belongs to a secret's name, as a byte range.
fn next_secret(lower: &str, from: usize) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize)> = None;
    for name in NAMES {
        let mut at = from;
        while let Some(found) = lower[at..].find(name) {
            at += found + name.len();
            let rest = &lower[at..];
            let sign = rest.trim_start_matches(['"', '\'', ' ']);
            let Some(value) = sign.strip_prefix(['=', ':']) else { continue };
            let value = value.trim_start_matches([' ', '"', '\'']);
            let start = lower.len() - value.len();
            let length = value.find([' ', '"', '\'', '&', ';', ',', '<']).unwrap_or(value.len());
            if length > 0 && best.is_none_or(|(earlier, _)| start < earlier) {
                best = Some((start, start + length));
            }
            break;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::evidence;

    #[test]
    fn secrets_are_masked() {
        let check = |text: &str, expect: &str| assert_eq!(evidence(text).unwrap(), expect, "{text}");
        check("Authorization: Basic dXNlcjpwYXNz\nHost: x", "Authorization: ***\nHost: x");
        check("url?user=a&password=hunter2&x=1", "url?user=a&password=***&x=1");
        check(r#"{"Token": "abc def", "n": 1}"#, r#"{"Token": "*** def", "n": 1}"#);
        check(
            "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nb",
            "a\n*** private key ***\nb",
        );
        check("The password policy is weak", "The password policy is weak");
        assert!(evidence("  ").is_none());
    }
}
