//! Nobody imports or exports what they may not write or take out.

use super::super::{ApplyAsk, ExportAsk, ExportColumns, ExportFormat};
use super::{Bench, outcomes, schema, system};
use crate::records::Ask;
use wardkeep_rights::Role;

const RISKS: &str = "name,source,treatment,unit\n";

#[tokio::test]
async fn rows_into_a_unit_without_the_right_to_add_are_refused() {
    let bench = Bench::new().await;
    let officer = bench.actor(Role::Officer, bench.department).await;
    let file = format!(
        "{RISKS}In,attack,reduce,Cardiology\nOut,attack,reduce,UNI-0001\nNowhere,attack,reduce,Atlantis\n"
    );
    let upload = super::read_upload("r.csv", file.clone().into_bytes(), None, super::now()).unwrap();
    let unit = Some(bench.department);
    let head = bench
        .app
        .stage_import(&officer, schema("risk"), unit, upload, super::StageOptions::default())
        .await
        .unwrap();
    assert_eq!(outcomes(&head), [1, 0, 0, 2]);
    let page = bench.app.import_page(&officer, head.id, None, None).await.unwrap();
    assert_eq!(page.rows[1].problems.0[0].code, "forbidden");
    assert_eq!(page.rows[2].problems.0[0].code, "unknown_ref");
    let done = bench.app.apply_import(&officer, head.id, ApplyAsk::default()).await.unwrap();
    assert_eq!(done.counts.applied, 1);
    // Records that one may not see are not there, whatever the file says.
    bench.apply(&bench.stage("risk", &format!("{RISKS}Secret,attack,reduce,UNI-0001\n")).await).await;
    let upload =
        super::read_upload("r.csv", b"reference,name\nRSK-0002,Mine now\n".to_vec(), None, super::now())
            .unwrap();
    let head = bench
        .app
        .stage_import(&officer, schema("risk"), unit, upload, super::StageOptions::default())
        .await
        .unwrap();
    assert_eq!(outcomes(&head), [0, 0, 0, 1]);
    // Nor may one look at, apply or undo an import of a unit above.
    let other = bench.stage("risk", &format!("{RISKS}Other,attack,reduce,\n")).await;
    assert!(bench.app.import_page(&officer, other.id, None, None).await.is_err());
    assert!(bench.app.apply_import(&officer, other.id, ApplyAsk::default()).await.is_err());
    let reader = bench.actor(Role::Reader, bench.root).await;
    assert!(bench.stage_as(&reader, "risk", &file).await.is_err());
}

#[tokio::test]
async fn exports_hold_what_may_be_exported_and_hide_the_rest() {
    let bench = Bench::new().await;
    let people = "name,email,employment,account_names,unit\nAda,ada@example.org,employee,adal,Cardiology\nBob,bob@example.org,employee,bobby,UNI-0001\n";
    bench.apply(&bench.stage("person", people).await).await;
    let ask = ExportAsk { ask: Ask::default(), format: ExportFormat::Csv, columns: ExportColumns::Full };
    let read = |exported: &super::super::Exported| std::fs::read_to_string(exported.file.path()).unwrap();
    let officer = bench.actor(Role::Officer, bench.department).await;
    let exported = bench.app.export(&officer, schema("person"), &ask).await.unwrap();
    let text = read(&exported);
    assert!(text.contains("adal") && !text.contains("bob@example.org"), "{text}");
    let reader = bench.actor(Role::Reader, bench.root).await;
    let refused = bench.app.export(&reader, schema("person"), &ask).await.unwrap_err();
    assert!(refused.to_string().contains("not export"), "{refused}");
    // An auditor takes risks out but may not edit them, so what is confidential stays hidden and comes back unharmed.
    let auditor = bench.actor(Role::InternalAuditor, bench.root).await;
    for schema in wardkeep_registers::all() {
        if let Ok(exported) = bench.app.export(&auditor, schema, &ask).await {
            assert!(!read(&exported).contains("bobby"), "{}", schema.key);
        }
    }
    let log = bench.app.db.rows("SELECT entry FROM change WHERE act = 'export'", vec![]).await.unwrap();
    assert!(log.len() > 1, "exports are in the change log");
    assert!(bench.app.export_all(&officer, &bench.dir.path().join("out")).await.is_err());
    let all = bench.app.export_all(&system(), &bench.dir.path().join("out")).await.unwrap();
    assert_eq!(all.registers.len(), wardkeep_registers::all().len());
    let report = wardkeep_store::verify_export(&bench.dir.path().join("out/changes")).unwrap();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}
