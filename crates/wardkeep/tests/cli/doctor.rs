//! `doctor`.

use crate::support::{Place, evidence};
use serde_json::Value as Json;

fn check<'a>(object: &'a Json, name: &str) -> &'a Json {
    object["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["name"] == name)
        .unwrap_or_else(|| panic!("{name}: {object}"))
}

#[test]
fn a_fresh_folder_is_fine_and_stays_as_it_is() {
    let place = Place::new();
    place.write("data/wardkeep.toml", "listen = \"127.0.0.1:0\"\n");
    let object = place.json(0, &["doctor"]);
    assert_eq!(object["ok"], true);
    for name in ["configuration", "data folder", "disk", "address"] {
        assert_ne!(check(&object, name)["state"], "wrong", "{object}");
    }
    assert_eq!(check(&object, "database")["state"], "note");
    assert_eq!(object["limits"].as_array().unwrap().len(), 14);
    assert_eq!(std::fs::read_dir(place.at("data")).unwrap().count(), 1, "doctor changes nothing");
    let ran = place.run(&["doctor", "--limits"]);
    assert!(ran.out.contains("Nothing is wrong") && ran.out.contains("log line"), "{}", ran.out);
    assert!(ran.out.lines().all(|l| l.chars().count() <= 80), "{}", ran.out);
}

#[test]
fn every_fault_is_found_and_has_a_remedy() {
    let place = Place::new();
    let evidence = evidence(&place);
    place.json(0, &["assess", evidence.to_str().unwrap()]);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    place.write("data/wardkeep.toml", format!("listen = \"{}\"\n", taken.local_addr().unwrap()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let key = place.at("data/keys/accounts.key");
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    let object = place.json(4, &["doctor"]);
    assert_eq!(check(&object, "database")["state"], "fine", "{object}");
    assert_eq!(check(&object, "clock")["state"], "fine");
    assert_eq!(check(&object, "backup")["state"], "note");
    for name in ["address", "keys"] {
        let check = check(&object, name);
        assert_eq!(check["state"], "wrong", "{object}");
        assert!(!check["remedy"].as_str().unwrap().is_empty());
    }
}

#[test]
fn a_damaged_database_is_told_from_a_missing_one() {
    let place = Place::new();
    let evidence = evidence(&place);
    place.json(0, &["assess", evidence.to_str().unwrap()]);
    let path = place.at("data/wardkeep.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // A page in the middle, as a failing disk would leave it.
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096 * 8].fill(0xa5);
    std::fs::write(&path, &bytes).unwrap();
    let object = place.json(4, &["doctor"]);
    let database = check(&object, "database");
    assert!(
        database["state"] == "wrong" && database["remedy"].as_str().unwrap().contains("restore"),
        "{object}"
    );
    // Whatever happens next, nothing is lost by it: the file is as it was.
    bytes[..4096].fill(0);
    std::fs::write(&path, &bytes).unwrap();
    let ran = place.run(&["serve", "--port", "0"]);
    assert!(
        ran.exit == 1 && ran.err.contains("damaged") && ran.err.contains("restore"),
        "{} {}",
        ran.exit,
        ran.err
    );
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}
