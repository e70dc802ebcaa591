//! Media types from the first bytes of a file. The name and what a browser claims are not believed.

/// Byte signatures: offset, bytes, media type. The formats' own specifications give them.
const SIGNATURES: &[(usize, &[u8], &str)] = &[
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (0, b"ElfFile\0", "application/x-evtx"),
    (0, b"PAR1", "application/vnd.apache.parquet"),
    (0, b"SQLite format 3\0", "application/vnd.sqlite3"),
    (257, b"ustar", "application/x-tar"),
    (0, b"\xd4\xc3\xb2\xa1", "application/vnd.tcpdump.pcap"),
    (0, b"\x0a\x0d\x0d\x0a", "application/x-pcapng"),
    (4, b"ftyp", "video/mp4"),
    (0, b"MZ", "application/vnd.microsoft.portable-executable"),
    (0, b"\x7fELF", "application/x-elf"),
];

/// The media type that the first bytes (up to 512) tell.
pub(crate) fn sniff(head: &[u8]) -> &'static str {
    let signature =
        SIGNATURES.iter().find(|(at, bytes, _)| head.get(*at..).is_some_and(|h| h.starts_with(bytes)));
    if let Some((_, _, media)) = signature {
        return media;
    }
    // The head may end within a character.
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or("")
        }
        Err(_) => return "application/octet-stream",
    };
    if head.is_empty() || text.contains(|c: char| c.is_control() && !c.is_whitespace()) {
        return "application/octet-stream";
    }
    let begin = text.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    match begin.as_str() {
        t if t.starts_with("<!doctype html") || t.starts_with("<html") => "text/html",
        t if t.starts_with("<svg") || (t.starts_with("<?xml") && t.contains("<svg")) => "image/svg+xml",
        t if t.starts_with("<?xml") => "application/xml",
        t if t.starts_with('{') || t.starts_with('[') => "application/json",
        _ => "text/plain",
    }
}

#[cfg(test)]
mod tests {
    use super::sniff;

    #[test]
    fn contents_tell_what_they_are() {
        let cases: &[(&[u8], &str)] = &[
            (b"%PDF-1.7", "application/pdf"),
            (b"\x1f\x8b\x08", "application/gzip"),
            (b"  {\"a\": 1}", "application/json"),
            (b"\xef\xbb\xbf<?xml version=\"1.0\"?><r/>", "application/xml"),
            (b"<!DOCTYPE html><p>", "text/html"),
            ("Grüße".as_bytes(), "text/plain"),
            (&"Grü".as_bytes()[..3], "text/plain"),
            (b"\x00\x01", "application/octet-stream"),
            (b"", "application/octet-stream"),
            (b"\xff\xfe", "application/octet-stream"),
        ];
        for (bytes, media) in cases {
            assert_eq!(sniff(bytes), *media, "{bytes:?}");
        }
    }
}
