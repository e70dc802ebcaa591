//! The description against the router, and against the rules of OpenAPI.

use crate::ask::{Who, ask};
use crate::common::TestApp;
use std::collections::BTreeSet;
use std::process::Command;
use wardkeep_rights::Role;
use wardkeep_web::api::{PATHS, PREFIX, openapi};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Addresses of our pages' own scripts; they stand in another router.
const ELSEWHERE: [&str; 2] = ["/palette", "/pick/{register}"];

fn template(path: &str) -> String {
    // Every register has its own description of the same address.
    let known = wardkeep_registers::all().iter().map(|s| s.path);
    let rest = path.strip_prefix(PREFIX).unwrap();
    let first = rest[1..].split('/').next().unwrap();
    let special = PATHS.iter().any(|(p, _)| *p == rest);
    if !special && known.into_iter().any(|p| p == first) {
        rest.replacen(first, "{register}", 1)
    } else {
        rest.to_owned()
    }
}

#[tokio::test]
async fn every_address_of_the_router_is_described_and_nothing_else() {
    let test = TestApp::open().await;
    let operations = openapi::operations();
    let described: BTreeSet<(String, String)> =
        operations.iter().map(|o| (template(&o.path), o.method.to_owned())).collect();
    let mut served = BTreeSet::new();
    let paths = PATHS.iter().map(|(path, _)| *path).chain(ELSEWHERE);
    for path in paths {
        let real = format!("{PREFIX}{path}")
            .replace("{register}", "risks")
            .replace("{reference}", "RSK-0001")
            .replace("{id}", "x");
        // Where pages answer, the door asks who it is before anybody looks at the method.
        let methods = if ELSEWHERE.contains(&path) { &METHODS[..1] } else { &METHODS[..] };
        for &method in methods {
            // Nobody is let in anywhere, but an address that knows the method says so first.
            let reply = ask(&test, &Who::Nobody, method, &real, None).await;
            if reply.status != 405 {
                assert!([401, 303].contains(&reply.status), "{method} {real}: {}", reply.status);
                served.insert((path.to_owned(), method.to_owned()));
            }
        }
    }
    assert_eq!(
        served.difference(&described).collect::<Vec<_>>(),
        Vec::<&(String, String)>::new(),
        "served, not described"
    );
    assert_eq!(
        described.difference(&served).collect::<Vec<_>>(),
        Vec::<&(String, String)>::new(),
        "described, not served"
    );
    let registers: BTreeSet<&str> = operations
        .iter()
        .filter_map(|o| o.path.strip_prefix("/api/v1/"))
        .filter_map(|p| p.split('/').next())
        .collect();
    for schema in wardkeep_registers::all() {
        assert!(registers.contains(schema.path), "{} is not described", schema.key);
    }
}

#[tokio::test]
async fn the_description_is_served_and_read_by_people() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let served = test.get(&me, "/api/v1/openapi.json").await;
    assert_eq!(served.text, openapi::text());
    let page = test.get(&me, "/api").await;
    page.is(200).has(&["/api/v1/observations", "GET /api/v1/search", "problem-conflict", "Bearer"]);
    test.get(&me, "/api?register=risk").await.is(200).has(&[
        "GET /api/v1/risks",
        "POST /api/v1/risks/{reference}/moves",
        "Security officer",
    ]);
    let employee = test.person("Ingrid Aas", Role::Employee, "Hospital Kiel").await;
    test.get(&employee, "/api").await.is(404);
    test.get(&employee, "/api/v1/openapi.json").await.is(404);
}

/// With the validator of the Python package `openapi-spec-validator`; without it the test says so and ends,
/// except on CI, where it must be there (`pip install openapi-spec-validator`).
#[test]
fn the_description_keeps_the_rules_of_openapi() {
    let there = Command::new("python3")
        .args(["-c", "import openapi_spec_validator"])
        .output()
        .is_ok_and(|o| o.status.success());
    if !there {
        assert!(std::env::var_os("CI").is_none(), "the Python package openapi-spec-validator is needed here");
        eprintln!("skipped: the Python package openapi-spec-validator is not installed");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("openapi.json");
    std::fs::write(&file, openapi::text()).unwrap();
    let script = "import json, sys\nfrom openapi_spec_validator import validate\nvalidate(json.load(open(sys.argv[1])))\n";
    let done = Command::new("python3").args(["-c", script]).arg(&file).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
