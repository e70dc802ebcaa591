//! The store on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // tests and benchmarks

mod common;

use common::{Place, add, author, databases, text};
use serde_json::json;
use wardkeep_register::Value;
use wardkeep_store::*;
use wardkeep_types::{Id, Moment};

fn unit_values(name: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("name", text(name)),
        ("kind", Value::Choice("organisation".into())),
        ("time_zone", text("Europe/Berlin")),
        ("currency", text("EUR")),
    ]
}

fn risk_values(name: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("name", text(name)),
        ("source", Value::Choice("attack".into())),
        ("treatment", Value::Choice("undecided".into())),
    ]
}

#[tokio::test]
async fn records_are_written_listed_found_and_remembered() {
    for Place { db, dir: _dir, .. } in databases().await {
        let unit = wardkeep_registers::by_key("unit").unwrap();
        let risk = wardkeep_registers::by_key("risk").unwrap();
        let (a, b) = (Id::new(Moment::EPOCH), Id::new(Moment::EPOCH));
        db.write(
            &author(1),
            vec![add(unit, a, a, &unit_values("North")), add(unit, b, b, &unit_values("South"))],
            vec![],
        )
        .await
        .unwrap();
        let ids: Vec<Id> = (0..25).map(|_| Id::new(Moment::EPOCH)).collect();
        let mut batch = Vec::new();
        for (i, id) in ids.iter().enumerate() {
            let mut values = risk_values(&format!("Ransomware case {i:02}"));
            values.push(("affects", Value::Links(vec![if i % 2 == 0 { a } else { b }])));
            if i % 3 == 0 {
                values.push(("review_on", Value::Date("2026-03-31".parse().unwrap())));
            }
            batch.push(add(risk, *id, if i % 2 == 0 { a } else { b }, &values));
        }
        let written = db.write(&author(2), batch, vec![]).await.unwrap();
        assert_eq!(written[24].reference.as_ref().unwrap().to_string(), "RSK-0025");

        // Every page size, order and direction gives each row once.
        let reach = Reach { units: vec![a, b], ..Reach::default() };
        for column in ["name", "ref_number", "review_on", "changed_at", "annual_loss"] {
            for descending in [false, true] {
                let sort = Sort { column: column.into(), descending };
                let mut ask = ListQuery {
                    schema: risk,
                    custom: &[],
                    reach: reach.clone(),
                    filters: vec![],
                    text: None,
                    sort,
                    after: None,
                    limit: 7,
                    known_at: None,
                };
                let (mut seen, mut first_page) = (Vec::new(), Vec::new());
                loop {
                    let page = db.list(&ask).await.unwrap();
                    if seen.is_empty() {
                        first_page = page.rows.iter().map(|r| r.head.id).collect();
                    }
                    seen.extend(page.rows.iter().map(|r| r.head.id));
                    let Some(next) = page.next else { break };
                    ask.after = Some(next.to_string().parse().unwrap());
                }
                let distinct: std::collections::HashSet<_> = seen.iter().collect();
                assert_eq!((seen.len(), distinct.len()), (25, 25), "{column} {descending}");
                // And back again to the first page.
                ask.after = None;
                let page = db.list(&ask).await.unwrap();
                ask.after = page.next;
                let second = db.list(&ask).await.unwrap();
                ask.after = second.previous;
                let back: Vec<Id> = db.list(&ask).await.unwrap().rows.iter().map(|r| r.head.id).collect();
                assert_eq!(back, first_page, "{column} {descending}");
            }
        }

        // Rights narrow list, count, search and "used by" alike.
        let only_a = Reach { units: vec![a], ..Reach::default() };
        let sort = Sort { column: "name".into(), descending: false };
        let mut ask = ListQuery {
            schema: risk,
            custom: &[],
            reach: only_a.clone(),
            filters: vec![],
            text: None,
            sort,
            after: None,
            limit: 50,
            known_at: None,
        };
        assert_eq!(db.list(&ask).await.unwrap().rows.len(), 13);
        assert_eq!(db.count(&ask).await.unwrap(), Count::Exact(13));
        ask.text = Some("ransom".into());
        assert_eq!(db.list(&ask).await.unwrap().rows.len(), 13);
        ask.text = None;
        ask.filters = vec![Filter { column: "affects".into(), op: Op::Is, values: vec![a.into()] }];
        assert_eq!(db.list(&ask).await.unwrap().rows.len(), 13);
        ask.filters =
            vec![Filter { column: "name".into(), op: Op::Contains, values: vec!["CASE 04".into()] }];
        assert_eq!(db.list(&ask).await.unwrap().rows.len(), 1);
        assert_eq!(db.search("case 01", &[("risk", only_a.clone())], 10).await.unwrap().len(), 0);
        assert_eq!(db.search("case 02", &[("risk", only_a.clone())], 10).await.unwrap().len(), 1);
        // The one record that may be seen is found behind all the newer ones that may not.
        let own = Reach { own_units: vec![a, b], person: Some(ids[0]), ..Reach::default() };
        let found = db.search("case", &[("risk", own)], 2).await.unwrap();
        assert_eq!(found.iter().map(|hit| hit.head.id).collect::<Vec<_>>(), [ids[0]]);
        assert_eq!(db.used_by(a, &[("risk", only_a.clone())], 50).await.unwrap().len(), 13);
        assert_eq!(db.used_by(b, &[("risk", only_a)], 50).await.unwrap().len(), 0);

        // A change keeps what was; a stale write is refused.
        let before = db.chain_head().await.unwrap().0;
        let record = db.get(risk, &[], ids[0], None).await.unwrap().unwrap();
        let mut row = record.row.clone();
        row.values[0] = text("Data theft");
        let checked = risk.check(row, "draft", &[]).unwrap();
        let change = |version| Write::Change {
            schema: risk,
            custom: &[],
            id: ids[0],
            version,
            act: "edit".into(),
            unit: a,
            stage: "draft".into(),
            restricted: false,
            row: checked.clone(),
            why: Some("clearer".into()),
        };
        db.write(&author(3), vec![change(1)], vec![]).await.unwrap();
        let stale = db.write(&author(4), vec![change(1)], vec![]).await.unwrap_err();
        assert!(
            matches!(stale, StoreError::At { index: 0, error } if matches!(*error, StoreError::Conflict { found: 2, .. }))
        );
        assert_eq!(
            risk.title(&db.get(risk, &[], ids[0], Some(before)).await.unwrap().unwrap().row),
            "Ransomware case 00"
        );
        assert_eq!(risk.title(&db.get(risk, &[], ids[0], None).await.unwrap().unwrap().row), "Data theft");
        ask.filters = vec![];
        ask.known_at = Some(before);
        assert!(db.list(&ask).await.unwrap().rows.iter().any(|r| risk.title(&r.row) == "Ransomware case 00"));
        let history = db.history(ids[0], None, 10).await.unwrap();
        assert_eq!(history.len(), 2);
        assert_eq!(history[0].why.as_deref(), Some("clearer"));
        assert_eq!(history[0].fields[0].new, Some(json!("Data theft")));

        // Broken links and doubled unique values are refused with the row's position.
        let broken = add(
            risk,
            Id::new(Moment::EPOCH),
            a,
            &[risk_values("x"), vec![("owner", Value::Link(a))]].concat(),
        );
        let error = db.write(&author(5), vec![broken], vec![]).await.unwrap_err();
        assert!(
            matches!(error, StoreError::At { index: 0, error } if matches!(*error, StoreError::BrokenLink { .. }))
        );
        let person = wardkeep_registers::by_key("person").unwrap();
        let anna = || {
            add(
                person,
                Id::new(Moment::EPOCH),
                a,
                &[
                    ("name", text("Anna")),
                    ("email", text("a@example.org")),
                    ("employment", Value::Choice("employee".into())),
                ],
            )
        };
        db.write(&author(6), vec![anna()], vec![]).await.unwrap();
        let error = db.write(&author(7), vec![anna()], vec![]).await.unwrap_err();
        assert!(error.to_string().contains("PER-0001"), "{error}");
        db.close().await.unwrap();
    }
}

/// PostgreSQL walks an index only in the index's own order: empty values must come first in it, as they do in lists.
#[tokio::test]
async fn every_list_index_has_the_order_of_lists() {
    let Some(Place { db, dir: _dir, .. }) = common::postgresql().await else { return };
    let sql = "SELECT c.relname AS name, (x.indoption[1] & 2) AS empty_first FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = current_schema() AND x.indnkeyatts = 3 AND c.relname LIKE t.relname || '\\_by\\_%'";
    let rows = db.rows(sql, cells![]).await.unwrap();
    assert!(rows.len() > 100, "{} indexes of lists", rows.len());
    for row in rows {
        let name: String = row.try_get("", "name").unwrap();
        assert_eq!(row.try_get::<i32>("", "empty_first").unwrap(), 2, "{name}");
    }
}
