//! What an export writes, an import reads back without a change: every register, every format, both databases.

use super::{Bench, rows, schema, system};
use crate::exchange::{ExportAsk, ExportColumns, ExportFormat, StageOptions, read_upload};
use crate::records::Ask;

async fn round_trip(bench: &Bench) {
    for (register, ids) in rows::fill(bench, 7).await {
        let schema = schema(register);
        assert!(ids.len() >= 7, "{register}");
        for columns in [ExportColumns::Full, ExportColumns::Listed] {
            for format in ExportFormat::ALL {
                let ask = ExportAsk { ask: Ask::default(), format, columns };
                let exported = bench.app.export(&system(), schema, &ask).await.unwrap();
                assert!(exported.rows as usize >= ids.len());
                let bytes = std::fs::read(exported.file.path()).unwrap();
                let upload = read_upload(&exported.name, bytes, None, super::now()).unwrap();
                assert!(upload.notes.is_empty(), "{register} {format:?}: {:?}", upload.notes);
                let staged =
                    bench.app.stage_import(&system(), schema, None, upload, StageOptions::default()).await;
                let head = staged.unwrap_or_else(|e| panic!("{register} {format:?} {columns:?}: {e}"));
                if head.counts.same != exported.rows {
                    let rows = bench.rows(&head).await;
                    let bad = rows.iter().find(|r| r.outcome != crate::exchange::RowOutcome::Same);
                    panic!("{register} {format:?} {columns:?}: {:?} {bad:#?}", head.counts);
                }
                assert_eq!(bench.apply(&head).await.counts.applied, 0);
            }
        }
    }
}

#[tokio::test]
async fn exports_come_back_unchanged_on_sqlite() {
    round_trip(&Bench::new().await).await;
}

#[tokio::test]
async fn exports_come_back_unchanged_on_postgres() {
    if let Some(bench) = Bench::on_postgres().await {
        round_trip(&bench).await;
    }
}

#[tokio::test]
async fn imports_and_undo_work_on_postgres() {
    let Some(bench) = Bench::on_postgres().await else { return };
    let file = "name,email,employment,stage,lead\nBob,bob@example.org,employee,active,ada@example.org\nAda,ada@example.org,employee,active,\nCyd,no,employee,,\n";
    let head = bench.stage("person", file).await;
    assert_eq!(super::outcomes(&head), [2, 0, 0, 1]);
    let done = bench.apply(&head).await;
    assert_eq!(done.counts.applied, 2);
    assert_eq!(bench.field("person", "Bob", "(stage)").await, "active");
    assert_eq!(super::outcomes(&bench.stage("person", file).await), [0, 0, 2, 1]);
    let undone = bench.app.undo_import(&system(), head.id).await.unwrap();
    assert_eq!((undone.retired, undone.left), (2, 0));
}

#[tokio::test]
async fn templates_are_read_back_as_empty_files() {
    use crate::exchange::TemplateFormat;
    let bench = Bench::new().await;
    for schema in wardkeep_registers::all() {
        for format in [TemplateFormat::Csv, TemplateFormat::Xlsx] {
            let (name, bytes) = bench.app.template(schema, format).await.unwrap();
            let upload = read_upload(&name, bytes, None, super::now()).unwrap();
            let head = bench
                .app
                .stage_import(&system(), schema, None, upload, StageOptions::default())
                .await
                .unwrap();
            assert_eq!((head.counts.total, head.notes.problems.0.len()), (0, 0), "{name}: {:?}", head.notes);
        }
    }
}
