//! Input that is broken, hostile or simply too much.

use crate::support::{Counted, collect_bytes, data, files};
use std::io::{self, Read, Write};
use wardkeep_intake::{Ending, Limits, Options, Position, Refusal, Source, read, walk};
use wardkeep_types::Moment;

fn refused(name: &str, bytes: Vec<u8>) -> Refusal {
    collect_bytes(name, bytes).0.unwrap_err()
}

#[test]
fn a_truncated_evtx_keeps_its_good_records() {
    let Some(folder) = data("detection/evtx") else { return };
    let used =
        |bytes: &[u8]| bytes[4_096..].chunks(65_536).filter(|chunk| chunk.starts_with(b"ElfChnk\0")).count();
    let all = files(&folder).into_iter().map(|path| std::fs::read(path).unwrap());
    let bytes = all.filter(|bytes| bytes.starts_with(b"ElfFile")).find(|bytes| used(bytes) >= 8).unwrap();
    let (_, whole) = collect_bytes("a.evtx", bytes.clone());
    let cut = 4_096 + 65_536 * 3 + 40_000;
    let (result, part) = collect_bytes("a.evtx", bytes[..cut].to_vec());
    assert_eq!(result, Ok(Ending::Truncated { at: Position::Byte(cut as u64) }));
    assert!(part.events.len() > 3 && part.events.len() < whole.events.len());
    for (a, b) in part.events.iter().zip(&whole.events) {
        assert_eq!((a.id, &a.raw), (b.id, &b.raw));
    }
    let fault = part.faults.last().unwrap();
    assert_eq!((fault.code, fault.position), ("truncated", Position::Byte(cut as u64)));
}

/// Bytes made as they are asked for.
struct Made {
    left: u64,
    byte: u8,
}

impl Read for Made {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = (buffer.len() as u64).min(self.left) as usize;
        buffer[..count].fill(self.byte);
        self.left -= count as u64;
        Ok(count)
    }
}

#[test]
fn a_huge_line_costs_one_line_and_no_memory() {
    let line = "Dec 10 06:55:46 h sshd[1]: Failed password for root from 10.0.0.1 port 1 ssh2\n";
    let input = line
        .as_bytes()
        .chain(Made { left: 200_000_000, byte: b'x' })
        .chain(b"\n".as_slice())
        .chain(line.as_bytes());
    let before = peak_memory();
    let mut out = Counted::default();
    let source = Source::stream("auth.log", "2026-03-01T00:00:00Z".parse().unwrap(), Box::new(input));
    assert_eq!(read(source, &Options::default(), &mut out), Ok(Ending::Complete));
    assert_eq!((out.events, out.faults.len()), (2, 1));
    assert_eq!((out.faults[0].code, out.faults[0].position), ("too_long", Position::Line(2)));
    if let (Some(before), Some(after)) = (before, peak_memory()) {
        // Other tests run beside this one; the line itself has 190 MiB.
        assert!(after - before < 150_000, "grew by {} KiB", after - before);
    }
}

/// Highest resident memory of this process so far, in KiB, where the system tells it.
fn peak_memory() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse().ok())
}

#[test]
fn endless_json_and_xml_items_are_bounded() {
    let record = b"{\"time\":\"2026-01-01T00:00:00Z\",\"a\":1}\n";
    let input = record
        .chain(b"{\"a\":\"".as_slice())
        .chain(Made { left: 60_000_000, byte: b'x' })
        .chain(b"\"}\n".as_slice())
        .chain(record.as_slice());
    let mut out = Counted::default();
    let result =
        read(Source::stream("a.json", Moment::EPOCH, Box::new(input)), &Options::default(), &mut out);
    assert_eq!((result, out.events, out.faults.len()), (Ok(Ending::Complete), 2, 1));
    let input = b"<nmaprun start=\"1\"><x>".chain(Made { left: 60_000_000, byte: b'x' });
    let mut out = Counted::default();
    let result = read(Source::stream("a.xml", Moment::EPOCH, Box::new(input)), &Options::default(), &mut out);
    assert_eq!(result.unwrap_err().code, "too_long");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn bombs_are_stopped() {
    let line = b"Dec 10 06:55:46 h app: x\n";
    let big: Vec<u8> = line.iter().copied().cycle().take(30_000_000).collect();
    assert_eq!(refused("a.zip", zip(&[("a.log", &big)])).code, "bomb");
    assert_eq!(refused("a.gz", gzip(&big)).code, "bomb");
    assert_eq!(refused("a.zst", zstd::encode_all(big.as_slice(), 3).unwrap()).code, "bomb");
    let options =
        Options { limits: Limits { expansion_bytes: 1_000, ..Limits::default() }, ..Options::default() };
    let mut out = Counted::default();
    let source = Source::memory("a.gz", Moment::EPOCH, gzip(&line.repeat(100)));
    assert_eq!(read(source, &options, &mut out).unwrap_err().code, "bomb");
}

#[test]
fn archives_are_opened_one_level() {
    let log = b"Dec 10 06:55:46 h app: x\n";
    let names = |bytes: Vec<u8>| {
        let (result, out) = collect_bytes("a", bytes);
        let shown: Vec<String> = out
            .closed
            .iter()
            .map(|c| format!("{} {}", c.file, c.result.as_ref().err().map_or("ok", |r| r.code)))
            .collect();
        (result.is_ok(), out.events.len(), shown.join(", "))
    };
    let inner = zip(&[("x.log", log)]);
    let outer =
        zip(&[("b.log", log), ("inner.zip", &inner), ("note.txt", b"hello there"), ("c.log.gz", &gzip(log))]);
    let expect = "a!b.log ok, a!inner.zip nested_archive, a!note.txt unknown_format, a!c.log.gz ok, a!c.log.gz ok, a ok";
    assert_eq!(names(outer), (true, 2, expect.to_owned()));
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(log.len() as u64);
    header.set_mtime(1_700_000_000);
    tar.append_data(&mut header, "../up/d.log", log.as_slice()).unwrap_err();
    tar.append_data(&mut header, "up/d.log", log.as_slice()).unwrap();
    let tar = tar.into_inner().unwrap();
    assert_eq!(names(gzip(&tar)), (true, 1, "a!up/d.log ok, a ok, a ok".to_owned()));
    assert_eq!(refused("a.gz", gzip(&gzip(log))).code, "nested_archive");
    let (result, out) = collect_bytes("d.tar", tar[..700].to_vec());
    assert!(matches!(result, Ok(Ending::Truncated { .. })), "{result:?} {:?}", out.closed);
}

#[test]
fn a_member_takes_its_year_from_the_archive() {
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    let log = b"Dec 10 06:55:46 h app: x\n";
    header.set_size(log.len() as u64);
    header.set_mtime(1_300_000_000);
    tar.append_data(&mut header, "d.log", log.as_slice()).unwrap();
    let (_, out) = collect_bytes("d.tar", tar.into_inner().unwrap());
    assert_eq!(out.events[0].at.to_string(), "2010-12-10T06:55:46Z");
}

#[test]
fn encrypted_members_are_refused_by_name() {
    let mut bytes = zip(&[("a.log", b"Dec 10 06:55:46 h app: x\n")]);
    // The flag of encryption, in the local and the central header.
    bytes[6] |= 1;
    let central = bytes.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    bytes[central + 8] |= 1;
    let (_, out) = collect_bytes("a.zip", bytes);
    assert_eq!(out.closed[0].result.as_ref().unwrap_err().code, "encrypted");
}

#[test]
fn entities_are_refused_with_their_line() {
    let check = |root: &str| {
        let bomb = format!(
            "<?xml version=\"1.0\"?>\n<!DOCTYPE {root} [\n<!ENTITY a \"x\">\n<!ENTITY b \"&a;&a;\">\n]>\n<{root}>&b;</{root}>"
        );
        let refusal = refused("a.xml", bomb.into_bytes());
        assert_eq!((refusal.code, refusal.position), ("entity", Position::Line(3)), "{root}");
        assert!(refusal.message.contains("line 3"), "{}", refusal.message);
    };
    ["NessusClientData_v2", "nmaprun", "bom"].into_iter().for_each(check);
    let fine = b"<!DOCTYPE nmaprun SYSTEM \"http://192.0.2.1/x.dtd\"><nmaprun><![CDATA[<!ENTITY]]></nmaprun>";
    assert_eq!(collect_bytes("a.xml", fine.to_vec()).0, Ok(Ending::Complete));
}

#[test]
fn deep_documents_are_refused_without_recursion() {
    let deep = format!("<nmaprun>{}", "<a>".repeat(100_000));
    assert_eq!(refused("a.xml", deep.into_bytes()).code, "too_deep");
    let record = format!("{{\"time\":1700000000,\"a\":{}1{}}}\n", "[".repeat(100_000), "]".repeat(100_000));
    let good = "{\"time\":1700000000,\"a\":1}\n";
    let (result, out) = collect_bytes("a.json", format!("{good}{record}{good}").into_bytes());
    assert_eq!((result, out.events.len(), out.faults[0].code), (Ok(Ending::Complete), 2, "too_deep"));
}

#[test]
fn broken_json_lines_cost_one_line() {
    let good = "{\"time\":1700000000,\"a\":1}\n";
    let text = format!("{good}{{\"time\":1,\"cut\":\"\n{good}nonsense\n{good}{{\"time\":170");
    let (result, out) = collect_bytes("a.json", text.into_bytes());
    assert_eq!(result, Ok(Ending::Truncated { at: Position::Line(6) }));
    let told: Vec<_> = out.faults.iter().map(|fault| (fault.code, fault.position)).collect();
    let expect = [
        ("bad_record", Position::Line(2)),
        ("bad_record", Position::Line(4)),
        ("truncated", Position::Line(6)),
    ];
    assert_eq!((out.events.len(), told), (3, expect.to_vec()));
}

#[test]
fn tables_in_every_encoding() {
    let text = "Größe;Näme;Note\r\n1;\"a;b\nc\";\r\n;;\r\n2;x\r\n3;y;z;zu viel\r\n";
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let big: Vec<u8> =
        [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    let bom: Vec<u8> = b"\xef\xbb\xbf".iter().copied().chain(text.bytes()).collect();
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for (bytes, warned) in
        [(wide, false), (big, false), (bom, false), (text.as_bytes().to_vec(), false), (latin, true)]
    {
        let (result, out) = collect_bytes("people.csv", bytes);
        assert_eq!(result, Ok(Ending::Complete));
        let table = &out.tables[0].1;
        assert_eq!(table.columns, ["Größe", "Näme", "Note"]);
        let rows: Vec<(u64, String)> = table.rows.iter().map(|row| (row.line, row.cells.join("|"))).collect();
        assert_eq!(rows, [(2, "1|a;b\nc|".to_owned()), (5, "2|x|".to_owned())]);
        let codes: Vec<_> = out.faults.iter().map(|fault| (fault.code, fault.position)).collect();
        let mut expect = vec![("cells", Position::Line(5)), ("cells", Position::Line(6))];
        if warned {
            expect.push(("encoding", Position::Whole));
        }
        assert_eq!(codes, expect);
    }
}

#[test]
fn workbooks_are_tables() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("People").unwrap();
    for (column, title) in ["Name", "Age", "Sum"].into_iter().enumerate() {
        sheet.write(0, column as u16, title).unwrap();
    }
    sheet.write(1, 0, "Anna").unwrap();
    sheet.write(1, 1, 41).unwrap();
    sheet.write_formula(1, 2, rust_xlsxwriter::Formula::new("=1+1").set_result("2")).unwrap();
    let merged = book.add_worksheet().set_name("Merged").unwrap();
    merged.merge_range(2, 0, 3, 1, "both", &rust_xlsxwriter::Format::new()).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let (result, out) = collect_bytes("a.xlsx", bytes.clone());
    assert_eq!(result, Ok(Ending::Complete), "{:?}", out.opened);
    let table = &out.tables[0].1;
    assert_eq!((table.sheet.as_deref(), table.rows[0].line), (Some("People"), 2));
    assert_eq!(table.rows[0].cells, ["Anna", "41", "2"]);
    let by_sheet = |name: &str| {
        let options = Options { sheet: Some(name.to_owned()), ..Options::default() };
        read(Source::memory("a.xlsx", Moment::EPOCH, bytes.clone()), &options, &mut Counted::default())
            .unwrap_err()
    };
    assert_eq!((by_sheet("merged").code, by_sheet("merged").position), ("merged_cells", Position::Row(3)));
    assert_eq!(by_sheet("none").code, "no_sheet");
}

#[test]
fn unknown_files_are_named() {
    let check = |bytes: &[u8], expect: &str| {
        let refusal = refused("x", bytes.to_vec());
        assert_eq!((refusal.code, refusal.message.as_str()), ("unknown_format", expect));
    };
    check(b"%PDF-1.7\n", "This looks like: PDF document.");
    check(b"Dear all,\nplease read.\n", "This looks like: plain text.");
    check(b"", "This looks like: empty file.");
}

#[cfg(unix)]
#[test]
fn folders_are_walked_once_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("b")).unwrap();
    std::fs::write(at("b/2.log"), "x").unwrap();
    std::fs::write(at("a.log"), "x").unwrap();
    std::os::unix::fs::symlink(folder.path(), at("b/loop")).unwrap();
    std::os::unix::fs::symlink(at("nowhere"), at("c.log")).unwrap();
    let found = walk([folder.path()]);
    let names: Vec<&str> = found.sources.iter().map(Source::name).collect();
    assert_eq!(names, ["a.log", "b/2.log"]);
    assert_eq!(found.unreadable.len(), 1);
    assert_eq!(found.unreadable[0].1, "the link leads nowhere");
    let missing = walk([at("missing")]);
    assert_eq!(missing.unreadable[0].1, "there is no such file or folder");
}

#[test]
fn reading_twice_gives_the_same_ids() {
    let line = "Dec 10 06:55:46 h app: same\n";
    let (_, first) = collect_bytes("a.log", line.repeat(3).into_bytes());
    let (_, again) = collect_bytes("a.log", line.repeat(3).into_bytes());
    let ids = |events: &[wardkeep_types::event::Event]| events.iter().map(|e| e.id).collect::<Vec<_>>();
    assert_eq!(ids(&first.events), ids(&again.events));
    let distinct: std::collections::BTreeSet<_> = ids(&first.events).into_iter().collect();
    assert_eq!(distinct.len(), 3);
}

#[test]
fn a_cut_gzip_keeps_what_is_whole() {
    let mut numbers = 1_u64;
    let lines: Vec<String> = (0..4_000)
        .map(|_| {
            numbers = numbers.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            format!("Dec 10 06:55:46 h app: {numbers:x}\n")
        })
        .collect();
    for count in [100, 4_000] {
        let whole = gzip(lines[..count].concat().as_bytes());
        let (result, out) = collect_bytes("a.log.gz", whole[..whole.len() / 2].to_vec());
        assert!(matches!(result, Ok(Ending::Truncated { .. })), "{result:?}");
        assert!(out.events.len() > count / 4 && out.events.len() < count, "{} of {count}", out.events.len());
        assert_eq!(out.faults.last().unwrap().code, "truncated");
    }
}

#[test]
fn a_gzip_header_dates_its_log() {
    let mut out =
        flate2::GzBuilder::new().mtime(1_300_000_000).write(Vec::new(), flate2::Compression::best());
    out.write_all(b"Dec 10 06:55:46 h app: x\n").unwrap();
    let (_, out) = collect_bytes("a.gz", out.finish().unwrap());
    assert_eq!(out.events[0].at.to_string(), "2010-12-10T06:55:46Z");
}
