//! Real logs and reports: everything that fails opens to where it stands.

use super::common::TestApp;
use std::path::PathBuf;
use wardkeep_rights::Role;
use wardkeep_types::observation::{Basis, Observation};

fn data() -> Option<PathBuf> {
    let near = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    let found = std::env::var_os("WARDKEEP_DATA").map_or_else(near, PathBuf::from);
    if found.is_dir() {
        return Some(found);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing", found.display());
    println!("skipped: {} is not there", found.display());
    None
}

#[tokio::test]
async fn every_failure_of_the_corpus_opens() {
    let Some(data) = data() else { return };
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    test.with_controls(me.person).await;
    let reports = [
        "scanners/defectdojo/tenable/nessus/nessus_with_cvssv3.nessus.gz",
        "scanners/defectdojo/nmap/nmap_script_vulners.xml",
    ];
    let mut paths: Vec<PathBuf> = vec![data.join("logs/aws-cloudtrail")];
    paths.extend(reports.iter().map(|r| data.join(r)));
    assert!(paths.iter().all(|p| p.exists()), "{paths:?}");
    let as_of = "2023-07-10T13:00:00Z".parse().unwrap();
    let assessed = test.assess_as_of(&paths, Some(as_of)).await;
    println!("{} events, {} formats", assessed.events, assessed.formats.len());
    assert_eq!(assessed.events, 2_900);

    let control = test.control("mfa").await;
    let why = test.get(&me, &format!("/controls/{control}/why")).await;
    why.is(200).has(&["1 of 2 passed", "Signed in without a second factor"]);
    let (mut looked, mut opened, mut missing) = (0, 0, Vec::new());
    for row in test.app.db.rows("SELECT body FROM observation", vec![]).await.unwrap() {
        let observation: Observation =
            serde_json::from_str(&row.try_get::<String>("", "body").unwrap()).unwrap();
        let page = test.get(&me, &format!("/observations/{}", observation.id)).await;
        page.is(200).has(&["Unchanged since it was recorded."]);
        let failing = observation.subjects.iter().filter(|s| s.passed == Some(false) && !s.excepted);
        for basis in failing.take(40).flat_map(|s| s.basis.iter().take(1)) {
            looked += 1;
            let path = match basis {
                Basis::Event { event } => format!("/evidence/events/{event}"),
                Basis::ScanRow { sha256, row } => format!("/evidence/reports/{sha256}/rows/{row}"),
                Basis::File { sha256 } => format!("/evidence/reports/{sha256}"),
                Basis::Record { id } => {
                    let head = test.app.db.head(*id).await.unwrap().unwrap();
                    format!(
                        "/{}/{}",
                        wardkeep_registers::by_key(&head.register).unwrap().path,
                        head.reference
                    )
                }
            };
            let answer = test.get(&me, &path).await;
            if answer.status == 200 { opened += 1 } else { missing.push(path) }
        }
    }
    println!("{looked} failures looked at, {opened} open");
    assert!(missing.is_empty(), "{missing:?}");
    assert!(looked > 2, "only {looked} failures");

    let alerts =
        test.app.db.rows("SELECT ref_number FROM alert ORDER BY ref_number LIMIT 25", vec![]).await.unwrap();
    assert!(!alerts.is_empty());
    let (mut fired, mut all) = (0, 0);
    for row in alerts {
        let page =
            test.get(&me, &format!("/alerts/ALR-{:04}", row.try_get::<i64>("", "ref_number").unwrap())).await;
        page.is(200).has(&["Log records", "Why it fired"]);
        all += 1;
        fired += i32::from(page.text.contains("It fires on"));
    }
    println!("{fired} of {all} alerts explained");
    assert_eq!(fired, all, "every rule of ours is explained on the copy of its record");
}
