//! Rows good and bad, from file to register.

use super::super::{ApplyAsk, ImportState, StageOptions, read_upload};
use super::{Bench, now, outcomes, problems, schema, system};

const PEOPLE: &str = "name,email,employment,lead,joined_on,left_on\n";

#[tokio::test]
async fn good_rows_go_in_and_bad_ones_say_why() {
    let bench = Bench::new().await;
    let file = format!(
        "{PEOPLE}Ada,ada@example.org,employee,,2020-01-01,\n\
         Bob,bob@example.org,Contractor,ada@example.org,,\n\
         Cyd,not-an-address,employee,,,\n\
         Dan,dan@example.org,wizard,,,\n\
         Eve,eve@example.org,employee,nobody@example.org,,\n\
         Fay,fay@example.org,employee,,31.12.2020,\n\
         Gus,gus@example.org,employee,,2021-01-01,2020-01-01\n\
         Hal,ada@example.org,employee,,,\n\
         ,ivy@example.org,employee,,,\n\
         Jon,jon@example.org,employee,Ada,,\n"
    );
    let head = bench.stage("person", &file).await;
    assert_eq!((outcomes(&head), head.state), ([3, 0, 0, 7], ImportState::Staged));
    assert_eq!(bench.count("person").await, 0, "a dry run writes nothing");
    let rows = bench.rows(&head).await;
    let told: Vec<(u64, String, String)> = rows
        .iter()
        .flat_map(|r| r.problems.iter().map(|p| (r.line, p.path.clone(), p.code.clone())))
        .collect();
    let expected = [
        (4, "email", "invalid"),
        (5, "employment", "invalid"),
        (6, "lead", "invalid"),
        (7, "joined_on", "invalid"),
        (8, "left_on", "order"),
        (9, "email", "not_unique"),
        (10, "name", "required"),
    ];
    let told: Vec<(u64, &str, &str)> = told.iter().map(|(l, p, c)| (*l, p.as_str(), c.as_str())).collect();
    assert_eq!(told, expected);
    assert!(
        rows[6].problems.iter().all(|p| !p.message.is_empty()) && rows[2].problems.0[0].hint.contains('@')
    );
    let done = bench.apply(&head).await;
    assert_eq!((done.state, done.counts.applied), (ImportState::PartlyApplied, 3));
    let ada = bench.record("person", "Ada").await.head.id.to_string();
    assert_eq!(bench.field("person", "Bob", "lead").await, ada, "by mail address of a row of the same file");
    assert_eq!(bench.field("person", "Jon", "lead").await, ada, "by title");
    assert_eq!(bench.field("person", "Bob", "employment").await, "contractor");
    let again = bench.stage("person", &file).await;
    assert_eq!(outcomes(&again), [0, 0, 3, 7], "a second run finds everything as it is");
    assert_eq!(bench.apply(&again).await.counts.applied, 0);
    assert_eq!(bench.apply(&head).await.counts.applied, 3, "applying twice does nothing");
    assert_eq!(bench.count("person").await, 3);
    bench.verify().await;
}

#[tokio::test]
async fn changes_show_before_and_after_and_reach_only_what_differs() {
    let bench = Bench::new().await;
    bench
        .apply(&bench.stage("person", &format!("{PEOPLE}Ada,ada@example.org,employee,,2020-01-01,\n")).await)
        .await;
    let head = bench
        .stage("person", "reference;Job title;e-mail\nPER-0001;Officer;ada@example.org\nPER-0099;x;y@z.org\n")
        .await;
    assert_eq!(outcomes(&head), [0, 1, 0, 1]);
    let rows = bench.rows(&head).await;
    let change = &rows[0].changes[0];
    assert_eq!(
        (change.label.as_str(), change.before.as_str(), change.after.as_str()),
        ("Job title", "", "Officer")
    );
    assert_eq!(rows[0].reference.as_deref(), Some("PER-0001"));
    assert_eq!(rows[1].problems.0[0].code, "unknown_ref");
    bench.apply(&head).await;
    assert_eq!(bench.field("person", "Ada", "job_title").await, "Officer");
    assert_eq!(bench.field("person", "Ada", "joined_on").await, "2020-01-01");
    let emptied = bench.stage("person", "reference,job_title\nPER-0001,\n").await;
    assert_eq!(outcomes(&emptied), [0, 1, 0, 0]);
    bench.apply(&emptied).await;
    assert_eq!(bench.field("person", "Ada", "job_title").await, "");
}

#[tokio::test]
async fn a_row_whose_record_changed_since_the_preview_is_refused_alone() {
    let bench = Bench::new().await;
    let file = format!("{PEOPLE}Ada,ada@example.org,employee,,,\nBob,bob@example.org,employee,,,\n");
    bench.apply(&bench.stage("person", &file).await).await;
    let head = bench.stage("person", &file.replace("employee", "trainee")).await;
    assert_eq!(outcomes(&head), [0, 2, 0, 0]);
    let ada = bench.record("person", "Ada").await;
    let edit = super::edits(&[("job_title", super::text("Nurse"))]);
    let meanwhile = crate::records::Proposal::change(schema("person"), ada.head.id, None, edit);
    bench.app.write_one(&system(), meanwhile).await.unwrap();
    let done = bench.apply(&head).await;
    assert_eq!((outcomes(&done), done.counts.applied), ([0, 1, 0, 1], 1));
    assert_eq!(done.state, ImportState::PartlyApplied);
    let rows = bench.rows(&done).await;
    assert_eq!(rows[0].problems.0[0].code, "conflict");
    assert_eq!(bench.field("person", "Ada", "employment").await, "employee");
    assert_eq!(bench.field("person", "Bob", "employment").await, "trainee");
}

#[tokio::test]
async fn files_without_a_mandatory_column_are_refused_until_it_is_mapped_or_filled() {
    let bench = Bench::new().await;
    let refused = bench.stage_as(&system(), "person", "who,email\nAda,ada@example.org\n").await.unwrap_err();
    let told = problems(refused).join(" ");
    assert!(told.contains("Name") && told.contains("Employment"), "{told}");
    let mut options = StageOptions::default();
    options.mapping.insert("Who".into(), Some("name".into()));
    options.fill.insert("employment".into(), "employee".into());
    let upload =
        read_upload("p.csv", b"who,email,shoe\nAda,ada@example.org,42\n".to_vec(), None, now()).unwrap();
    let head = bench.app.stage_import(&system(), schema("person"), None, upload, options).await.unwrap();
    assert_eq!(outcomes(&head), [1, 0, 0, 0]);
    assert!(head.notes.problems.iter().any(|p| p.code == "unknown_column"));
    // The columns can be mapped again from the kept file.
    let mut other = head.notes.options.clone();
    other.mapping.insert("shoe".into(), Some("personnel_number".into()));
    let head = bench.app.restage_import(&system(), head.id, other).await.unwrap();
    assert_eq!(outcomes(&head), [1, 0, 0, 0]);
    bench.apply(&head).await;
    assert_eq!(bench.field("person", "Ada", "personnel_number").await, "42");
}

#[tokio::test]
async fn rows_are_chosen_and_a_file_can_go_in_whole_or_not_at_all() {
    let bench = Bench::new().await;
    let file = format!(
        "{PEOPLE}Ada,ada@example.org,employee,,,\nBob,bob@example.org,employee,ada@example.org,,\nCyd,x,employee,,,\n"
    );
    let head = bench.stage("person", &file).await;
    let all = ApplyAsk { all_or_nothing: true, batches: None };
    let refused = bench.app.apply_import(&system(), head.id, all).await.unwrap_err();
    assert!(refused.to_string().contains("nothing was applied"), "{refused}");
    assert_eq!(bench.count("person").await, 0);
    let rows = bench.rows(&head).await;
    let chosen = [rows[0].row, rows[2].row];
    assert_eq!(
        bench.app.take_import_rows(&system(), head.id, &chosen, false).await.unwrap(),
        1,
        "a refused row stays"
    );
    let done = bench.apply(&head).await;
    assert_eq!(done.counts.applied, 0, "Bob's lead was left out, so Bob waits too");
    let rows = bench.rows(&done).await;
    assert_eq!(rows[1].problems.0[0].code, "refused_ref");
    assert_eq!(done.state, ImportState::PartlyApplied);
}

#[tokio::test]
async fn stages_are_reached_by_moves_or_told() {
    let bench = Bench::new().await;
    let file = "name,email,employment,stage,left_on\nAda,ada@example.org,employee,Active,\nBob,bob@example.org,employee,left,2026-05-01\nCyd,cyd@example.org,employee,left,\nDan,dan@example.org,employee,gone,\n";
    let head = bench.stage("person", file).await;
    assert_eq!(outcomes(&head), [3, 0, 0, 1]);
    let rows = bench.rows(&head).await;
    assert_eq!(rows[0].moves, ["start"]);
    assert_eq!(rows[2].problems.0[0].code, "stage_kept");
    bench.apply(&head).await;
    assert_eq!(bench.field("person", "Ada", "(stage)").await, "active");
    assert_eq!(bench.field("person", "Bob", "(stage)").await, "left");
    assert_eq!(bench.field("person", "Cyd", "(stage)").await, "joining");
    let again = bench.stage("person", file).await;
    assert_eq!(outcomes(&again), [0, 0, 3, 1]);
}

#[tokio::test]
async fn units_come_with_those_below_them_in_any_order() {
    let bench = Bench::new().await;
    let file = "name,kind,parent,time_zone,currency\nWard 2,service,Ward 1,UTC,EUR\nWard 1,site,Cardiology,UTC,EUR\nLoop,site,Loop 2,UTC,EUR\nLoop 2,site,Loop,UTC,EUR\n";
    let head = bench.stage("unit", file).await;
    assert_eq!(outcomes(&head), [2, 0, 0, 2]);
    bench.apply(&head).await;
    let parent = bench.record("unit", "Ward 1").await.head.id.to_string();
    assert_eq!(bench.field("unit", "Ward 2", "parent").await, parent);
    assert_eq!(outcomes(&bench.stage("unit", file).await), [0, 0, 2, 2]);
}
