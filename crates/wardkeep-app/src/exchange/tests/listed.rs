//! Exports hold what the list shows: filters, order, columns.

use super::{Bench, now, schema, system};
use crate::exchange::{ExportAsk, ExportColumns, ExportFormat, read_upload};
use crate::records::Ask;
use std::fmt::Write as _;

async fn lines(bench: &Bench, register: &str, pairs: &[(&str, &str)], columns: ExportColumns) -> Vec<String> {
    let pairs: Vec<(String, String)> = pairs.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect();
    let ask = Ask::read(schema(register), &[], &pairs).unwrap();
    let ask = ExportAsk { ask, format: ExportFormat::Csv, columns };
    let exported = bench.app.export(&system(), schema(register), &ask).await.unwrap();
    let text = std::fs::read_to_string(exported.file.path()).unwrap();
    assert_eq!(text.lines().count() as u64, exported.rows + 1);
    text.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn filters_order_and_columns_are_those_of_the_list() {
    let bench = Bench::new().await;
    let mut file = "name,email,employment,job_title,phone,unit\n".to_owned();
    for i in 0..2_345 {
        let employment = if i % 5 == 0 { "contractor" } else { "employee" };
        writeln!(file, "Person {i:04},p{i}@example.org,{employment},=Nurse,+49 {i},Cardiology").unwrap();
    }
    bench.apply(&bench.stage("person", &file).await).await;
    let asked = [("employment", "contractor"), ("sort", "-name"), ("columns", "email,phone")];
    let found = lines(&bench, "person", &asked, ExportColumns::Listed).await;
    assert_eq!(found[0], "Reference,Name,Email,Phone,Unit,Stage");
    assert_eq!(found.len(), 470);
    assert_eq!(found[1], "PER-2341,Person 2340,p2340@example.org,'+49 2340,UNI-0002 Cardiology,Joining");
    let found = lines(&bench, "person", &[("q", "p2340")], ExportColumns::Full).await;
    assert!(found.len() == 2 && found[1].contains(",'=Nurse,"), "{found:?}");
    let all = lines(&bench, "person", &[("sort", "name")], ExportColumns::Full).await;
    assert_eq!((all.len(), all.is_sorted()), (2_346, false));
    let n = bench
        .app
        .db
        .row("SELECT max(n) AS n FROM change WHERE register = 'person'", vec![])
        .await
        .unwrap()
        .unwrap();
    let n: i64 = n.try_get("", "n").unwrap();
    let then = lines(&bench, "person", &[("known_at", &(n - 10).to_string())], ExportColumns::Full).await;
    assert_eq!(then.len(), 2_336, "as it was known ten changes before");
}

#[tokio::test]
async fn a_workbook_says_what_it_holds() {
    let bench = Bench::new().await;
    let long = "x".repeat(40_000);
    let file =
        format!("name,source,treatment,review_on,description\nFire,environment,reduce,2026-12-31,{long}\n");
    bench.apply(&bench.stage("risk", &file).await).await;
    let ask = ExportAsk { ask: Ask::default(), format: ExportFormat::Xlsx, columns: ExportColumns::Full };
    let exported = bench.app.export(&system(), schema("risk"), &ask).await.unwrap();
    let bytes = std::fs::read(exported.file.path()).unwrap();
    let about = read_upload("r.xlsx", bytes.clone(), Some("About"), now()).unwrap().table;
    let said: Vec<&str> = about.rows.iter().map(|r| r.cells[0].as_str()).collect();
    assert_eq!(
        (about.columns[0].as_str(), said),
        ("Register", vec!["Filters", "Exported by", "Exported at", "Change number", "Rows"])
    );
    let table = read_upload("r.xlsx", bytes, None, now()).unwrap().table;
    assert_eq!(table.cell(&table.rows[0], "review_on"), Some("2026-12-31"));
    assert!(table.cell(&table.rows[0], "description").unwrap().contains("[cut here"));
    let spool: Vec<_> = std::fs::read_dir(bench.dir.path().join("spool")).unwrap().collect();
    assert_eq!(spool.len(), 1, "only the export itself is left");
    drop(exported);
    assert_eq!(std::fs::read_dir(bench.dir.path().join("spool")).unwrap().count(), 0);
}
