//! Tables that find their register by themselves.

use super::{Bench, read_upload, system};
use crate::exchange::{AutoImported, AutoOutcome};

async fn auto(bench: &Bench, file: &str, text: &str) -> AutoOutcome {
    let table = read_upload(file, text.as_bytes().to_vec(), None, super::now()).unwrap().table;
    bench.app.import_table_auto(&system(), file, table).await.unwrap()
}

fn imported(outcome: AutoOutcome) -> AutoImported {
    match outcome {
        AutoOutcome::Imported(imported) => imported,
        AutoOutcome::NotUnderstood { reason } => panic!("{reason}"),
    }
}

#[tokio::test]
async fn headers_find_their_register_and_bad_rows_are_told() {
    let bench = Bench::new().await;
    let people = "Name,E-mail,Job title,Lead\nAda,ada@example.org,Nurse,\nBob,bob,Cook,ada@example.org\nCyd,cyd@example.org,,Ada\n";
    let found = imported(auto(&bench, "evidence/people.csv", people).await);
    assert_eq!((found.register.as_str(), found.counts.applied, found.counts.refused), ("person", 2, 1));
    let bad = found.problems.iter().find(|p| p.position == "line 3, email").unwrap();
    assert!(bad.file == "evidence/people.csv" && !bad.message.is_empty() && !bad.remedy.is_empty());
    assert!(found.problems.iter().any(|p| p.message.contains("Employment")), "the filled choice is told");
    let assets = "name,kind,hostname,owner\nDatabase,,db1.example.org,ada@example.org\n";
    let found =
        imported(auto(&bench, "assets.csv", &assets.replace(",,", &format!(",{},", asset_kind()))).await);
    assert_eq!((found.register.as_str(), found.counts.applied), ("asset", 1), "{:?}", found.problems);
    let again = imported(auto(&bench, "evidence/people.csv", people).await);
    assert_eq!((again.counts.applied, again.counts.same), (0, 2));
}

fn asset_kind() -> &'static str {
    match super::schema("asset").field("kind").unwrap().1.kind {
        wardkeep_register::Kind::Choice(options) => options[0].key,
        _ => "",
    }
}

#[tokio::test]
async fn other_tables_are_left_alone_with_a_reason() {
    let bench = Bench::new().await;
    for (file, text) in [
        ("scan.csv", "Plugin ID,CVE,CVSS,Risk,Host,Protocol\n1,CVE-2020-1,5,High,h,tcp\n"),
        ("numbers.csv", "a,b,c\n1,2,3\n"),
        ("names.csv", "name,colour,size\nx,y,z\n"),
    ] {
        match auto(&bench, file, text).await {
            AutoOutcome::NotUnderstood { reason } => assert!(reason.len() > 20, "{reason}"),
            AutoOutcome::Imported(found) => panic!("{file} went into {}", found.register),
        }
    }
}
