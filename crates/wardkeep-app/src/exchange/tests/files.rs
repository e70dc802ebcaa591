//! Files as people save them, and files that nobody should take.

use super::{Bench, now, outcomes, read_upload, schema, system};
use crate::Refusal;
use crate::exchange::StageOptions;

const ROWS: &str = "Name;E-Mail;Employment;Lead\r\nÄnne Œuvre;aenne@example.org;employee;\r\n\"Bob; \"\"the\"\" Builder\";bob@example.org;contractor;aenne@example.org\r\n";

async fn staged(bench: &Bench, name: &str, bytes: Vec<u8>) -> crate::exchange::ImportHead {
    let upload = read_upload(name, bytes, None, now()).unwrap();
    bench.app.stage_import(&system(), schema("person"), None, upload, StageOptions::default()).await.unwrap()
}

#[tokio::test]
async fn encodings_and_separators_make_no_difference() {
    let bench = Bench::new().await;
    let bom = [b"\xef\xbb\xbf".as_slice(), ROWS.as_bytes()].concat();
    let first = staged(&bench, "bom.csv", bom).await;
    assert_eq!(outcomes(&first), [2, 0, 0, 0]);
    bench.apply(&first).await;
    let wide: Vec<u8> =
        "\u{feff}".encode_utf16().chain(ROWS.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let western: Vec<u8> = ROWS.replace("Œuvre", "Oeuvre").chars().map(|c| c as u32 as u8).collect();
    let tabs = ROWS.replace(';', "\t").replace("\r\n", "\n").replace("\"Bob\t", "\"Bob;");
    assert_eq!(outcomes(&staged(&bench, "wide.csv", wide).await), [0, 0, 2, 0]);
    assert_eq!(outcomes(&staged(&bench, "tabs.tsv", tabs.into_bytes()).await), [0, 0, 2, 0]);
    let head = staged(&bench, "western.csv", western).await;
    assert_eq!(outcomes(&head), [0, 1, 1, 0], "a name without its ligature is a change");
    assert!(head.notes.problems.iter().any(|p| p.code == "encoding"), "{:?}", head.notes.problems);
    let json = r#"[{"name":"Änne Œuvre","email":"aenne@example.org","employment":"employee","lead":null}]"#;
    assert_eq!(outcomes(&staged(&bench, "people.json", json.into()).await), [0, 0, 1, 0]);
}

#[tokio::test]
async fn lines_that_cannot_be_read_are_told_and_the_others_kept() {
    let bench = Bench::new().await;
    let file = "name,email,employment\nAda,ada@example.org,employee\nBob,bob@example.org,employee,one,two\nCyd,cyd@example.org,employee\n";
    let head = staged(&bench, "p.csv", file.into()).await;
    assert_eq!(outcomes(&head), [2, 0, 0, 0]);
    let told = head.notes.problems.iter().find(|p| p.path == "line 3").unwrap();
    assert!(told.message.contains("cells") && !told.hint.is_empty());
}

#[test]
fn what_is_no_table_or_too_large_is_refused() {
    let refusal = |bytes: Vec<u8>| read_upload("x", bytes, None, now()).unwrap_err();
    assert!(
        matches!(refusal(vec![b'x'; 33 * 1024 * 1024]), Refusal::TooLarge(text) if text.contains("32 MiB"))
    );
    for bytes in [
        b"".to_vec(),
        b"PK\x03\x04broken".to_vec(),
        b"{\"a\":".to_vec(),
        b"[1,2]".to_vec(),
        vec![0, 159, 146],
    ] {
        let told = refusal(bytes.clone());
        let Refusal::Invalid(problems) = told else { panic!("{told:?}") };
        assert!(!problems.0[0].message.is_empty() && !problems.0[0].hint.is_empty(), "{bytes:?}");
    }
}

#[tokio::test]
async fn marks_of_an_export_leave_values_as_they_are() {
    let bench = Bench::new().await;
    let file = "name,email,employment,account_names\nAda,ada@example.org,employee,adal\n";
    bench.apply(&bench.stage("person", file).await).await;
    let masked = file.replace("adal", "(confidential)");
    assert_eq!(outcomes(&bench.stage("person", &masked).await), [0, 0, 1, 0]);
    let fresh = "name,email,employment,account_names\nBob,bob@example.org,employee,(confidential)\n";
    let head = bench.stage("person", fresh).await;
    bench.apply(&head).await;
    assert_eq!(bench.field("person", "Bob", "account_names").await, "");
}

#[tokio::test]
async fn a_file_is_never_taken_by_its_hash() {
    let bench = Bench::new().await;
    let Some((schema, field)) = wardkeep_registers::all().iter().find_map(|s| {
        s.fields.iter().find(|f| f.kind == wardkeep_register::Kind::File && !f.computed).map(|f| (s, f))
    }) else {
        return;
    };
    super::rows::fill(&bench, 2).await;
    let (mut table, _) = super::rows::as_new(&bench, schema.key).await;
    let column = table.column(field.name).unwrap();
    let forged = format!(r#"{{"sha256":"{}","name":"x","size":1,"media":"text/plain"}}"#, "a".repeat(64));
    table.rows.iter_mut().for_each(|row| row.cells[column] = forged.clone());
    let upload = crate::exchange::Upload::of_table("f.csv", table);
    let head =
        bench.app.stage_import(&system(), schema, None, upload, StageOptions::default()).await.unwrap();
    assert_eq!(head.counts.refused, head.counts.total);
    assert!(bench.rows(&head).await[0].problems.iter().any(|p| p.code == "file"));
}
