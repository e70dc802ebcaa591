//! A folder full of what goes wrong: everything is told with place and remedy, and what is good is kept.

use crate::support::{Place, evidence, files, shared};
use std::io::Write as _;

#[test]
fn nothing_stops_the_rest() {
    let place = Place::new();
    let folder = evidence(&place);
    let mut expected =
        vec!["bomb.zip", "entities.nessus", "long.log", "table.csv", "unknown.bin", "broken.sarif", "loop"];
    place.write(
        "evidence/long.log",
        format!(
            "2026-03-30T04:00:00Z web01 app[1]: {}\n2026-03-30T04:00:01Z web01 app[1]: short\n",
            "x".repeat(3 * 1024 * 1024)
        ),
    );
    place.write("evidence/unknown.bin", [0xff, 0x00, 0x17, 0x80, 0x9d].repeat(100));
    place.write("evidence/broken.sarif", "{\"version\": \"2.1.0\", \"runs\": [{\"tool\": {\"driver\": {\"name\": \"x\"}}, \"results\": [{\"ruleId\": ");
    place.write("evidence/entities.nessus", entities());
    place.write("evidence/table.csv", utf16("Farbe;Größe;Form\nrot;3;rund\nblau;4;eckig\n"));
    place.write("evidence/bomb.zip", bomb());
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("loop", folder.join("loop")).unwrap();
        std::os::unix::fs::symlink("..", folder.join("web01/up")).unwrap();
    }
    if let Some(evtx) = shared("detection/evtx").and_then(|f| {
        files(&f)
            .into_iter()
            .find(|f| f.extension().is_some_and(|e| e == "evtx") && f.metadata().unwrap().len() > 100_000)
    }) {
        let bytes = std::fs::read(evtx).unwrap();
        place.write("evidence/cut.evtx", &bytes[..70_000]);
        expected.push("cut.evtx");
    }
    let object = place.json(0, &["assess", folder.to_str().unwrap()]);
    let told: Vec<String> = object["problems"]
        .as_array()
        .unwrap()
        .iter()
        .chain(object["not_understood"].as_array().unwrap())
        .map(std::string::ToString::to_string)
        .collect();
    for name in expected {
        assert!(told.iter().any(|t| t.contains(name)), "{name} is not told: {object:#}");
    }
    for problem in object["problems"].as_array().unwrap() {
        for key in ["file", "message", "remedy"] {
            assert!(!problem[key].as_str().unwrap().is_empty(), "{key}: {problem}");
        }
    }
    for unread in object["not_understood"].as_array().unwrap() {
        assert!(unread["reason"].as_str().unwrap().len() > 10, "{unread}");
    }
    // The good evidence beside it is all there: 31 lines of sshd, one short line.
    assert!(object["events"].as_u64().unwrap() >= 32, "{object}");
    assert_eq!(object["findings"].as_object().unwrap().values().map(|v| v.as_u64().unwrap()).sum::<u64>(), 2);
    let ran = place.run(&["assess", folder.to_str().unwrap()]);
    assert_eq!(ran.exit, 0, "{}", ran.err);
}

/// Entities that would grow to gigabytes.
fn entities() -> String {
    let mut text = "<?xml version=\"1.0\"?>\n<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\">\n".to_owned();
    for (name, before) in ["b", "c", "d", "e", "f", "g", "h"].iter().zip(["a", "b", "c", "d", "e", "f", "g"])
    {
        text.push_str(&format!("<!ENTITY {name} \"{}\">\n", format!("&{before};").repeat(20)));
    }
    text + "]>\n<NessusClientData_v2><Report name=\"&h;\"></Report></NessusClientData_v2>"
}

fn utf16(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// A member that unpacks to a thousand times its size.
fn bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("zeros.log", zip::write::SimpleFileOptions::default()).unwrap();
    let piece = vec![b'0'; 1024 * 1024];
    for _ in 0..24 {
        zip.write_all(&piece).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
