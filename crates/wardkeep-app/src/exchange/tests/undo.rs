//! Undoing whole imports.

use super::super::{ImportState, Undone};
use super::{Bench, edits, schema, system, text};
use crate::records::Proposal;

#[tokio::test]
async fn new_records_are_retired_changed_ones_restored_and_touched_ones_left() {
    let bench = Bench::new().await;
    let head = "name,email,employment,stage,job_title\n";
    bench.apply(&bench.stage("person", &format!("{head}Ada,ada@example.org,employee,joining,Nurse\nBob,bob@example.org,employee,joining,\n")).await).await;
    let file = format!(
        "{head}Ada,ada@example.org,trainee,active,\nBob,bob@example.org,trainee,joining,Cook\nCyd,cyd@example.org,employee,active,\nDan,dan@example.org,employee,joining,\n"
    );
    let staged = bench.stage("person", &file).await;
    let done = bench.apply(&staged).await;
    assert_eq!(done.state, ImportState::Applied);
    let bob = bench.record("person", "Bob").await.head.id;
    let meanwhile = Proposal::change(schema("person"), bob, None, edits(&[("job_title", text("Chef"))]));
    bench.app.write_one(&system(), meanwhile).await.unwrap();
    let undone = bench.app.undo_import(&system(), staged.id).await.unwrap();
    assert_eq!(undone, Undone { retired: 2, restored: 1, left: 1 });
    assert_eq!(bench.field("person", "Ada", "employment").await, "employee");
    assert_eq!(bench.field("person", "Ada", "job_title").await, "Nurse");
    assert_eq!(bench.field("person", "Ada", "(stage)").await, "joining");
    assert_eq!(bench.field("person", "Bob", "job_title").await, "Chef");
    assert_eq!(bench.field("person", "Cyd", "(stage)").await, "left");
    assert_eq!(bench.field("person", "Dan", "left_on").await, "2026-06-01");
    assert_eq!(bench.count("person").await, 4, "nothing is deleted");
    let head = bench.app.import_head(&system(), staged.id).await.unwrap();
    assert_eq!((head.state, head.counts.applied), (ImportState::Undone, 1));
    let rows = bench.rows(&head).await;
    assert!(rows[1].problems.0[0].message.contains("Job title was changed"), "{:?}", rows[1].problems);
    let again = bench.app.undo_import(&system(), staged.id).await.unwrap_err();
    assert!(again.to_string().contains("only an import that was applied"));
    bench.verify().await;
}

#[tokio::test]
async fn what_an_import_added_to_any_register_can_be_undone() {
    let bench = Bench::new().await;
    let made = super::rows::fill(&bench, 2).await;
    for (register, _) in made {
        // The same records again as new ones: the export without references and unique values.
        let (table, _) = super::rows::as_new(&bench, register).await;
        let upload = super::super::Upload::of_table("again.csv", table);
        let options = super::super::StageOptions::default();
        let head = bench.app.stage_import(&system(), schema(register), None, upload, options).await.unwrap();
        let done = bench.apply(&head).await;
        let added = done.counts.applied;
        assert!(added > 0, "{register}: {:?}", bench.rows(&done).await);
        let undone = bench.app.undo_import(&system(), head.id).await.unwrap();
        assert_eq!((undone.retired, undone.left), (added, 0), "{register}: {:?}", bench.rows(&done).await);
    }
}

#[tokio::test]
async fn what_waits_can_be_thrown_away_and_what_began_cannot() {
    let bench = Bench::new().await;
    let file = "name,email,employment\nEva,eva@example.org,employee\n";
    let staged = bench.stage("person", file).await;
    bench.app.discard_import(&system(), staged.id).await.unwrap();
    let head = bench.app.import_head(&system(), staged.id).await.unwrap();
    assert_eq!(head.state, ImportState::Discarded);
    let row =
        bench.app.db.row("SELECT count(*) AS k FROM import_row", wardkeep_store::cells![]).await.unwrap();
    assert_eq!(row.unwrap().try_get::<i64>("", "k").unwrap(), 0, "nothing of the file waits here");
    let again = bench.app.discard_import(&system(), staged.id).await.unwrap_err();
    assert!(again.to_string().contains("undo it instead"), "{again}");
    let ask = super::super::ApplyAsk::default();
    assert!(
        bench.app.apply_import(&system(), staged.id, ask).await.is_err(),
        "it cannot be applied any more"
    );
    let other = bench.apply(&bench.stage("person", file).await).await;
    assert!(bench.app.discard_import(&system(), other.id).await.is_err());
    bench.verify().await;
}
