//! Formats that begin with a signature.

use super::Sniff;
use crate::Format;

const NO_RECORDS: &str = "It is no log, report or table.";

/// Signatures of files that are not read: bytes at the front, name, reason.
const OTHERS: [(&[u8], &str, &str); 24] = [
    (b"%PDF-", "PDF document", NO_RECORDS),
    (b"\xd4\xc3\xb2\xa1", "packet capture", "Packets are not read; give the logs of a network sensor."),
    (b"\xa1\xb2\xc3\xd4", "packet capture", "Packets are not read; give the logs of a network sensor."),
    (b"\x0a\x0d\x0d\x0a", "packet capture", "Packets are not read; give the logs of a network sensor."),
    (b"7z\xbc\xaf\x27\x1c", "7z archive", "Pack it as ZIP, tar, gzip or Zstandard."),
    (b"Rar!\x1a\x07", "RAR archive", "Pack it as ZIP, tar, gzip or Zstandard."),
    (b"BZh", "bzip2 file", "Pack it as ZIP, tar, gzip or Zstandard."),
    (b"\xfd7zXZ\0", "xz file", "Pack it as ZIP, tar, gzip or Zstandard."),
    (b"\x04\x22\x4d\x18", "LZ4 file", "Pack it as ZIP, tar, gzip or Zstandard."),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office document", "Save the workbook as .xlsx or CSV."),
    (b"SQLite format 3\0", "SQLite database", "Export its tables as CSV."),
    (b"PAR1", "Parquet file", "Export it as CSV or JSON lines."),
    (b"MZ", "Windows program", NO_RECORDS),
    (b"\x7fELF", "Linux program", NO_RECORDS),
    (b"\xca\xfe\xba\xbe", "Java or macOS program", NO_RECORDS),
    (b"\x89PNG", "PNG image", NO_RECORDS),
    (b"\xff\xd8\xff", "JPEG image", NO_RECORDS),
    (b"GIF8", "GIF image", NO_RECORDS),
    (b"regf", "Windows registry hive", "Registry hives are not read."),
    (b"FILE0", "NTFS file table", "File tables are not read."),
    (b"LfLe", "old Windows event log (EVT)", "Convert it to .evtx with the event viewer."),
    (b"0\x82", "DER certificate or key", NO_RECORDS),
    (b"LPKSHHRH", "systemd journal", "Export it with journalctl -o json."),
    (b"!<arch>", "Unix library", NO_RECORDS),
];

pub(super) fn sniff(head: &[u8]) -> Option<Sniff> {
    if head.starts_with(b"ElfFile\0") {
        return Some(Sniff::certain(Format::Evtx, "EVTX signature"));
    }
    if head.starts_with(b"\x1f\x8b") {
        return Some(Sniff::certain(Format::Gzip, "gzip signature"));
    }
    if head.starts_with(b"\x28\xb5\x2f\xfd") {
        return Some(Sniff::certain(Format::Zstd, "Zstandard signature"));
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") || head.starts_with(b"PK\x07\x08") {
        return Some(zip(head));
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some(Sniff::certain(Format::Tar, "tar signature"));
    }
    let (_, name, reason) = OTHERS.iter().find(|(magic, _, _)| head.starts_with(magic))?;
    Some(Sniff::unknown(*name, *reason))
}

fn zip(head: &[u8]) -> Sniff {
    let has = |name: &[u8]| memchr::memmem::find(head, name).is_some();
    // The names of members stand in front of their bytes.
    let office = has(b"[Content_Types].xml") || has(b"_rels/.rels");
    if office && has(b"xl/") {
        return Sniff::certain(Format::Xlsx, "ZIP archive with the parts of a workbook");
    }
    if office && (has(b"word/") || has(b"ppt/")) {
        return Sniff::unknown("Office document", "Only workbooks (.xlsx) are read.");
    }
    Sniff::certain(Format::Zip, "ZIP signature")
}
