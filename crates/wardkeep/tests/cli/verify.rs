//! `verify`, `backup`, `restore`, `export`: what is whole is sound, what was touched is not.

use crate::support::{Place, evidence, files};
use std::path::Path;
use wardkeep_store::{Db, Target, cells};

fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(file, target).unwrap();
    }
}

fn flip(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x20;
    std::fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn a_copy_somebody_touched_is_found_out() {
    let place = Place::new();
    let folder = evidence(&place);
    place.json(0, &["assess", folder.to_str().unwrap()]);
    place.json(0, &["backup", "b.tar.zst"]);
    assert_eq!(place.json(3, &["backup", "b.tar.zst"])["error"]["code"], "exists");
    assert_eq!(place.json(0, &["verify", "b.tar.zst"])["ok"], true);
    assert_eq!(place.json(0, &["verify"])["ok"], true);

    // A row changed behind the program's back, in a copy.
    copy(&place.at("data"), &place.at("copy"));
    let db = Db::open(&Target::File(place.at("copy/wardkeep.db"))).await.unwrap();
    db.run("UPDATE finding SET severity = 'low' WHERE severity = 'critical'", cells![]).await.unwrap();
    db.close().await.unwrap();
    let found = place.json(4, &["verify", "copy"]);
    assert!(found["ok"] == false && !found["report"]["problems"].as_array().unwrap().is_empty(), "{found}");
    let said = place.run(&["verify", "copy"]);
    assert!(said.exit == 4 && said.out.contains("Not sound") && said.out.contains("FND-"), "{}", said.out);
    assert_eq!(place.json(0, &["verify"])["ok"], true, "the original is not touched");

    // A backup restores to the same head; a damaged one restores to nothing.
    let head = place.json(0, &["verify"])["report"]["head"].clone();
    place.json(0, &["restore", "b.tar.zst", "--data", "restored"]);
    assert_eq!(place.json(0, &["verify", "restored"])["report"]["head"], head);
    assert_eq!(place.json(3, &["restore", "b.tar.zst", "--data", "restored"])["error"]["code"], "not_empty");
    flip(&place.at("b.tar.zst"));
    assert!(matches!(place.run(&["verify", "b.tar.zst"]).exit, 3 | 4));
    assert_eq!(place.json(3, &["restore", "b.tar.zst", "--data", "other"])["error"]["code"], "not_restored");
    assert!(!place.at("other/wardkeep.db").exists());
}

#[test]
fn an_export_is_checked_file_by_file() {
    let place = Place::new();
    let folder = evidence(&place);
    place.json(0, &["assess", folder.to_str().unwrap()]);
    place.json(0, &["export", "out"]);
    assert_eq!(place.json(3, &["export", "out"])["error"]["code"], "not_empty");
    let sound = place.json(0, &["verify", "out"]);
    assert!(sound["ok"] == true && sound["report"]["files"].as_u64().unwrap() > 10, "{sound}");
    flip(&place.at("out/registers/control.jsonl"));
    let touched = place.json(4, &["verify", "out"]);
    assert!(touched["report"]["problems"].to_string().contains("control.jsonl"), "{touched}");
    flip(&place.at("out/registers/control.jsonl"));
    flip(&place.at("out/changes/entries.jsonl"));
    assert_eq!(place.run(&["verify", "out"]).exit, 4);
}
