//! Log records and report rows belong to no unit: they are shown only from what the reader may see.

use super::common::TestApp;
use super::evidence::folder;
use wardkeep_rights::Role;

#[tokio::test]
async fn nobody_sees_across_units() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let lund = test.person("Peter Nowak", Role::Officer, "Clinic Lund").await;
    let kiel = test.person("Ingrid Aas", Role::Officer, "Hospital Kiel").await;
    let reader = test.person("Karl Beck", Role::Reader, "Nordklinik").await;
    let outside = test.person("Ada Rohr", Role::Employee, "Nordklinik").await;
    test.with_controls(me.person).await;
    test.add("asset", "Hospital Kiel", &[("name", "lab01"), ("hostnames", "lab01.kiel.example")]).await;
    test.add("asset", "Clinic Lund", &[("name", "web01"), ("hostnames", "web01.lund.example")]).await;
    let dir = tempfile::tempdir().unwrap();
    folder(dir.path());
    test.assess(dir.path()).await;

    let number = test.one("SELECT CAST(ref_number AS TEXT) AS x FROM finding WHERE name LIKE 'Kiel:%'").await;
    let sha = test.one("SELECT sha256 AS x FROM scan_report").await;
    let (finding, report) = (format!("/findings/FND-{number:0>4}"), format!("/evidence/reports/{sha}"));
    let row = format!("{report}/rows/1");
    for path in [&finding, &row, &report] {
        test.get(&me, path).await.is(200);
        test.get(&kiel, path).await.is(200);
        test.get(&outside, path).await.is(404);
        test.get(&reader, path).await.is(404);
    }
    // Lund sees its own row of the same report, and not that there are others.
    test.get(&lund, &finding).await.is(404);
    test.get(&lund, &row).await.is(404);
    test.get(&lund, &format!("{report}/rows/2")).await.is(200).has(&["Lund: old page server"]);
    test.get(&lund, &report)
        .await
        .is(200)
        .has(&["Lund: old page server", "not the whole report"])
        .lacks(&["Kiel: old door", "lab01.kiel"]);

    let control = test.control("mfa").await;
    let why = format!("/controls/{control}/why");
    let observation =
        test.one("SELECT lower(hex(id)) AS x FROM observation WHERE test = 'mfa-console-sign-in'").await;
    let event = test
        .one("SELECT event_id AS x FROM basis_event WHERE raw LIKE '%bert%' AND raw LIKE '%ConsoleLogin%'")
        .await;
    let (observation, event) = (format!("/observations/{observation}"), format!("/evidence/events/{event}"));
    for path in [&why, &observation, &event] {
        test.get(&me, path).await.is(200);
        for who in [&lund, &kiel, &outside] {
            test.get(who, path).await.is(404);
        }
    }
    // A reader sees what was observed of a control, but not the records of it.
    test.get(&reader, &why).await.is(200).has(&["user/bert"]);
    test.get(&reader, &observation).await.is(200).has(&["user/bert"]).lacks(&["userIdentity"]);
    test.get(&reader, &event).await.is(404);
    // Coming from an observation helps only where it may be seen and rests on that record.
    let via = observation.rsplit('/').next().unwrap();
    test.get(&lund, &format!("{event}?via={via}")).await.is(404);
    test.get(&reader, &format!("{event}?via={via}")).await.is(200);

    test.get(&lund, "/evidence/files").await.is(404);
    let posture = test.get(&lund, "/report/posture").await;
    posture.is(200).lacks(&["cloudtrail.json", "user/bert", "AWS console logon"]);
    test.get(&outside, "/report/posture").await.is(404);
    test.get(&reader, "/report/posture")
        .await
        .is(200)
        .has(&["You may not see", "controls are failing"])
        .lacks(&["strange.bin", "Kiel: old door"]);
    test.get(&reader, "/report/posture.html").await.is(200).lacks(&["192.0.2.7", "Kiel: old door"]);
}

#[tokio::test]
async fn a_tester_comes_to_the_line_only_through_the_observation() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let owner = test.person("Jonas Berg", Role::Owner, "Nordklinik").await;
    test.with_controls(me.person).await;
    let dir = tempfile::tempdir().unwrap();
    folder(dir.path());
    test.assess(dir.path()).await;
    let event = test
        .one("SELECT event_id AS x FROM basis_event WHERE raw LIKE '%bert%' AND raw LIKE '%ConsoleLogin%'")
        .await;
    let of =
        |test: &'static str| format!("SELECT lower(hex(id)) AS x FROM observation WHERE test = '{test}'");
    let right = test.one(&of("mfa-console-sign-in")).await;
    let other = test.one(&of("audit-trail-kept")).await;
    // An owner views observations, not log records.
    test.get(&owner, &format!("/evidence/events/{event}")).await.is(404);
    test.get(&owner, &format!("/evidence/events/{event}?via={other}")).await.is(404);
    test.get(&owner, &format!("/evidence/events/{event}?via={right}"))
        .await
        .is(200)
        .has(&["&quot;userName&quot;:&quot;bert&quot;"]);
    for broken in [
        "/evidence/events/x",
        "/evidence/reports/..%2f..",
        "/observations/none",
        "/evidence/reports/00/rows/1",
    ] {
        test.get(&me, broken).await.is(404);
    }
}
