//! An erased person is nowhere to be read: not in the database file, not in files, exports or backups; and the
//! chain still verifies.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a test may fail, and says what it measured

mod common;

use common::{Place, add, author, databases, register, risk, text, unit};
use std::path::Path;
use wardkeep_register::Value;
use wardkeep_store::*;
use wardkeep_types::{Id, Moment};

/// What must not be found afterwards, in any letter case.
const TRACES: [&str; 8] = [
    "Löwe",
    "ada.loewe@example.org",
    "ada%2Eloewe%40example.org",
    "ada.loewe%40example.org",
    "P-4711",
    "+49 170 5550123",
    "CORP\\aloewe",
    "Ada Stern",
];

async fn sound(place: &Place, files: &Files) -> Report {
    let scope = Scope { schemas: wardkeep_registers::all(), files: Some(files), ..Scope::default() };
    verify(&place.db, scope).await.unwrap()
}

fn person(id: Id, home: Id, name: &str, email: &str, number: &str) -> Write<'static> {
    let values = [
        ("name", text(name)),
        ("email", text(email)),
        ("employment", Value::Choice("employee".into())),
        ("personnel_number", text(number)),
        ("phone", text("+49 170 5550123")),
        ("account_names", text("aloewe, CORP\\aloewe")),
        ("also_in", Value::Links(vec![home])),
    ];
    add(register("person"), id, home, &values)
}

/// All bytes of all files of a folder, in lower case, and the content of backups.
fn everything(folder: &Path, into: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            everything(&path, into);
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let bytes = if path.extension().is_some_and(|e| e == "zst") {
            zstd::decode_all(&*bytes).unwrap()
        } else {
            bytes
        };
        // The other person's name and number begin like hers.
        let text =
            String::from_utf8_lossy(&bytes).to_lowercase().replace("löwenzahn", "").replace("p-47110", "");
        into.push((path.display().to_string(), text));
    }
}

/// Which traces are left in the folder, and where.
fn traces(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    everything(folder, &mut all);
    let found = |(path, bytes): &(String, String)| {
        TRACES
            .iter()
            .filter(|t| bytes.contains(&t.to_lowercase()))
            .map(|t| format!("{t} in {path}"))
            .collect::<Vec<_>>()
    };
    all.iter().flat_map(found).collect()
}

#[tokio::test]
async fn nothing_of_an_erased_person_can_be_read() {
    for place in databases().await {
        let (db, data) = (&place.db, place.dir.path());
        let files = Files::open(data).unwrap();
        let keys = Keys::open(&data.join("keys"), db, &author(0)).await.unwrap();
        let new = || Id::new(Moment::EPOCH);
        let (home, ada, other, flood) = (new(), new(), new(), new());
        db.write(
            &author(1),
            vec![unit(home, "North"), person(ada, home, "Ada Stern", "ada.loewe@example.org", "P-4711")],
            vec![],
        )
        .await
        .unwrap();
        db.write(
            &author(2),
            vec![person(other, home, "Adapter Löwenzahn", "lz@example.org", "P-47110")],
            vec![],
        )
        .await
        .unwrap();
        // She married, and people wrote about her wherever one can write.
        let schema = register("person");
        let was = db.get(schema, &[], ada, None).await.unwrap().unwrap();
        let mut row = was.row.clone();
        row.values[schema.title_index()] = text("Ada Löwe");
        let change = Write::Change {
            schema,
            custom: &[],
            id: ada,
            version: 1,
            act: "edit".into(),
            unit: home,
            stage: was.head.stage.clone(),
            restricted: false,
            row: schema.check(row, &was.head.stage, &[]).unwrap(),
            why: Some("Ada Stern married".into()),
        };
        db.write(&author(3), vec![change], vec![]).await.unwrap();
        let risks = (0..40).map(|i| {
            risk(if i == 0 { flood } else { new() }, home, &format!("Only Ada Löwe ({i}) knows the pumps"))
        });
        let note = files.put("Minutes\nADA LÖWE spoke".as_bytes(), 1_000).await.unwrap();
        let held = files.put("ada.loewe@example.org signed".as_bytes(), 1_000).await.unwrap();
        let plain = files.put("Ada stayed away".as_bytes(), 1_000).await.unwrap();
        let wide: Vec<u8> = "x"
            .repeat(530_000)
            .chars()
            .chain(" Ada Löwe ".chars())
            .collect::<String>()
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let log = files.put(&*wide, 10_000_000).await.unwrap();
        let now = Moment::EPOCH;
        let mut extra: Vec<_> = [&note, &held, &plain, &log].iter().map(|c| c.statement(now)).collect();
        extra.push(Db::legal_hold(&held.sha256, true));
        extra.push(
            NewJob::new("mail", serde_json::json!({"to": "Ada Löwe <ada.loewe@example.org>"}), now)
                .statement(now),
        );
        db.write(&author(4), risks.collect(), extra).await.unwrap();
        let said = |body: &str| {
            (
                "INSERT INTO comment (id, record_id, person_id, at, body) VALUES ($1, $2, $3, 0, $4)"
                    .to_owned(),
                cells![new(), flood, other, body],
            )
        };
        let view = ("INSERT INTO saved_view (id, register, person_id, name, query, shared, position) VALUES ($1, 'risk', $2, $3, $4, 0, 0)".to_owned(), cells![new(), other, "of Löwe, Ada", "owner=ada.loewe%40example.org&x=CORP%5Caloewe"]);
        let mut act = Act {
            act: "comment:add".into(),
            record: Some((flood, "risk")),
            unit: Some(home),
            why: Some("asked by Ada Löwe".into()),
            ..Act::default()
        };
        act.statements =
            vec![said("See\nAda Löwe, P-4711, +49 170 5550123"), said("P-47110 is someone else"), view];
        act.fields = vec![FieldEdit {
            field: "body".into(),
            old: serde_json::Value::Null,
            new: "line\nAda Löwe".into(),
        }];
        db.write(&author(5), vec![Write::Act(act)], vec![]).await.unwrap();
        sign_head(db, &keys, now, "hour").await.unwrap();
        let reach = [
            ("risk", Reach { units: vec![home], ..Reach::default() }),
            ("person", Reach { units: vec![home], ..Reach::default() }),
        ];
        assert_eq!(db.search("ada löwe", &reach, 100).await.unwrap().len(), 41);
        assert!(sound(&place, &files).await.is_sound());
        let before = data.join("before.tar.zst");
        backup(db, data, &before, false, now).await.unwrap();
        assert!(traces(data).len() >= 6);
        std::fs::remove_file(before).unwrap();

        let erasure = || Erasure {
            schema,
            custom: &[],
            id: ada,
            basis: "GDPR 17(1)(b)".into(),
            also: vec![],
            statements: vec![("DELETE FROM session WHERE account_id = $1".into(), cells![ada])],
            files: FilePolicy::Erase,
            schemas: wardkeep_registers::all(),
        };
        let erased = erase(db, &files, &author(86_400), erasure()).await.unwrap();
        let mut expected = vec![note.sha256, log.sha256, held.sha256.clone()];
        expected.sort_unstable();
        assert_eq!((erased.files, erased.files_kept), (expected, vec![held.sha256.clone()]));
        assert_eq!(
            (erased.rows["comment"], erased.rows["saved_view"], erased.rows["job"], erased.rows["risk"]),
            (1, 1, 1, 40)
        );
        assert!(erased.compacted && erased.texts.contains(&"Ada Stern".to_owned()));

        // The chain verifies, and the values that are gone are all named.
        let report = sound(&place, &files).await;
        assert!(report.is_sound(), "{:?}", report.problems);
        assert_eq!((report.erased, report.heads), (erased.values, 1));
        assert!(report.erased >= 45, "{}", report.erased);
        // Nobody finds her; the record is still there, the others are untouched.
        let shown = db.get(schema, &[], ada, None).await.unwrap().unwrap();
        assert_eq!(schema.title(&shown.row), "[erased 1970-01-02]");
        assert_eq!(shown.row.values[1].show(), format!("erased-{}@erased.invalid", ada.uuid().simple()));
        assert!(db.search("löwe ", &reach, 100).await.unwrap().is_empty());
        assert!(db.search("löwenzahn", &reach, 100).await.unwrap().len() == 1);
        assert_eq!(db.search("pumps", &reach, 100).await.unwrap().len(), 40);
        let risk = db.get(register("risk"), &[], flood, None).await.unwrap().unwrap();
        assert_eq!(register("risk").title(&risk.row), "Only [erased 1970-01-02] (0) knows the pumps");
        let comments = db.rows("SELECT body FROM comment ORDER BY body", vec![]).await.unwrap();
        let bodies: Vec<String> = comments.iter().map(|r| r.try_get("", "body").unwrap()).collect();
        assert_eq!(bodies[0], "P-47110 is someone else");
        let history = db.history(ada, None, 9).await.unwrap();
        assert!(history.iter().any(|c| c.fields.iter().any(|f| f.erased)));

        // Not one byte of her is left; what is under legal hold is told, and goes here by hand.
        export_chain(db, &data.join("export"), Values::Kept, now).await.unwrap();
        assert!(verify_export(&data.join("export")).unwrap().is_sound());
        backup(db, data, &data.join("after.tar.zst"), false, now).await.unwrap();
        assert!(verify_backup(&data.join("after.tar.zst")).unwrap().is_sound());
        let left = traces(data);
        assert!(left.iter().all(|t| t.contains(&held.sha256) || t.contains("after.tar")), "{left:#?}");
        std::fs::remove_file(data.join("after.tar.zst")).unwrap();
        db.write(&author(6), vec![], vec![Db::legal_hold(&held.sha256, false)]).await.unwrap();
        // Once more, and another person: marks do not collide.
        for id in [ada, other] {
            let erased = erase(
                db,
                &files,
                &author(86_401),
                Erasure { id, also: vec!["ada.loewe@example.org".into()], ..erasure() },
            )
            .await
            .unwrap();
            assert!(erased.files_kept.is_empty());
        }
        backup(db, data, &data.join("last.tar.zst"), false, now).await.unwrap();
        assert_eq!(traces(data), Vec::<String>::new());
        let report = sound(&place, &files).await;
        assert!(report.is_sound(), "{:?}", report.problems);
    }
}
