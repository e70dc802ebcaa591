//! A copy from the library is written as a whole or not at all.

use super::super::LibraryAsk;
use super::now;
use crate::records::{Edits, Proposal};
use crate::work::NewCustomField;
use crate::{App, Config, Ctx, DataFolder, Error, Refusal};
use std::sync::Arc;
use wardkeep_register::Value;
use wardkeep_store::cells;
use wardkeep_types::{Id, SetClock};

struct Place {
    app: App,
    unit: Id,
    risk: String,
    _dir: tempfile::TempDir,
}

fn ctx() -> Ctx {
    Ctx::system("test", now())
}

fn text(value: &str) -> Value {
    Value::Text(value.into())
}

/// A risk whose owner will look at the copy, and the controls that every installation begins with.
async fn place() -> Place {
    let dir = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(dir.path()).unwrap();
    let app = App::open(folder, Config::default(), Arc::new(SetClock::at(now()))).await.unwrap().0;
    let unit = app.ensure_baseline(&ctx()).await.unwrap();
    let owner = Id::new(now());
    let person = Edits::from([
        ("name".into(), text("Maria Lindqvist")),
        ("email".into(), text("maria@example.org")),
        ("employment".into(), Value::Choice("employee".into())),
    ]);
    let risk = Edits::from([
        ("name".into(), text("Servers are locked")),
        ("owner".into(), Value::Link(owner)),
        ("source".into(), Value::Choice("attack".into())),
        ("treatment".into(), Value::Choice("undecided".into())),
    ]);
    let batch = vec![
        Proposal::add(App::schema("person").unwrap(), owner, unit, person),
        Proposal::add(App::schema("risk").unwrap(), Id::new(now()), unit, risk),
    ];
    let made = app.write_batch(&ctx(), batch, vec![]).await.unwrap();
    Place { app, unit, risk: made[1].reference.to_string(), _dir: dir }
}

impl Place {
    async fn count(&self, what: &str) -> i64 {
        let row = self.app.db.row(&format!("SELECT count(*) AS k FROM {what}"), cells![]).await.unwrap();
        row.unwrap().try_get("", "k").unwrap()
    }
    async fn copy(&self) -> Result<super::super::views::LibraryMade, Error> {
        let organisation = self.app.organisation().await.unwrap();
        let ask = LibraryAsk { from: "ransomware".into(), risk: self.risk.clone() };
        Box::pin(self.app.risk_from_library(&ctx(), &organisation, &ask)).await
    }
}

#[tokio::test]
async fn a_refused_last_record_leaves_none_behind() {
    let place = place().await;
    // From now on an effect needs something that no copy knows.
    let needed = NewCustomField {
        register: "control_effect".into(),
        label: "Measured by".into(),
        help: String::new(),
        kind: "line".into(),
        options: String::new(),
        required: true,
    };
    let field = place.app.add_custom_field(&ctx(), &needed).await.unwrap();
    let before = place.count("change").await;
    let refused = place.copy().await.unwrap_err();
    assert!(
        matches!(&refused, Error::Refusal(Refusal::Invalid(p)) if p.0[0].path.contains(&field)),
        "{refused}"
    );
    for register in ["scenario", "estimate", "control_effect"] {
        assert_eq!(place.count(register).await, 0, "{register}");
    }
    assert_eq!(place.count("change").await, before);
    // Once it is no longer asked for, the same copy stands as a whole.
    place.app.retire_custom_field(&ctx(), "control_effect", &field, true).await.unwrap();
    let made = place.copy().await.unwrap();
    assert!(!made.estimates.is_empty() && !made.effects.is_empty(), "{made:?}");
    assert_eq!(place.count("scenario WHERE stage = 'draft'").await, 1);
    assert_eq!(place.count("estimate WHERE stage = 'in_use'").await, made.estimates.len() as i64);
    assert_eq!(place.count("control_effect WHERE stage = 'suggested'").await, made.effects.len() as i64);
    assert!(made.estimates.iter().all(|e| e.starts_with("EST-")), "{made:?}");
    assert!(made.effects.iter().all(|e| e.starts_with("EFF-")), "{made:?}");
}

#[tokio::test]
async fn a_batch_may_move_what_it_adds_and_a_refused_move_takes_all_back() {
    let place = place().await;
    let schema = App::schema("person").unwrap();
    let person = |mail: &str| {
        Edits::from([
            ("name".into(), text("Ada")),
            ("email".into(), text(mail)),
            ("employment".into(), Value::Choice("employee".into())),
        ])
    };
    let before = place.count("person").await;
    let (id, other) = (Id::new(now()), App::schema("risk").unwrap());
    let batch =
        |second: Proposal| vec![Proposal::add(schema, id, place.unit, person("ada@example.org")), second];
    for wrong in [
        Proposal::movement(schema, id, None, "fly"),
        // The record of another register is none of this one.
        Proposal::movement(other, id, None, "assess"),
        Proposal::movement(schema, id, Some(7), "start"),
    ] {
        assert!(place.app.write_batch(&ctx(), batch(wrong), vec![]).await.is_err());
        assert_eq!(place.count("person").await, before);
    }
    let start = Proposal::movement(schema, id, None, "start");
    let made = place.app.write_batch(&ctx(), batch(start), vec![]).await.unwrap();
    assert_eq!(made[0].reference, made[1].reference);
    assert_eq!((made[0].version, made[1].version), (1, 2));
}
