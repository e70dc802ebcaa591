//! What is shown of a control follows its evidence, and nothing else.

use super::common::{Session, TestApp};
use super::evidence::{folder, records, sign_in};
use wardkeep_app::assess::Effect;
use wardkeep_rights::Role;
use wardkeep_types::State;

async fn start() -> (TestApp, Session) {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    test.with_controls(me.person).await;
    // The controls were there before any evidence was.
    test.clock.advance(1);
    (test, me)
}

/// The newest result of a control.
async fn effect(test: &TestApp, key: &str) -> Effect {
    let sql = "SELECT r.why FROM control_result r JOIN control c ON c.id = r.control_id WHERE c.outside_reference = $1 ORDER BY r.computed_at DESC LIMIT 1";
    let row = test.app.db.row(sql, wardkeep_store::cells![key]).await.unwrap().unwrap();
    serde_json::from_str(&row.try_get::<String>("", "why").unwrap()).unwrap()
}

#[tokio::test]
async fn without_evidence_nothing_is_shown_to_work() {
    let (test, me) = start().await;
    let empty = tempfile::tempdir().unwrap();
    let control = test.control("mfa").await;
    test.get(&me, &format!("/controls/{control}")).await.is(200).has(&["Nothing was worked out yet."]);
    test.assess(empty.path()).await;
    for key in ["mfa", "audit-logging", "malware-protection", "vulnerability-scanning"] {
        let effect = effect(&test, key).await;
        assert!(effect.state.is_unknown(), "{key} is {:?} without evidence", effect.state);
    }
    test.get(&me, &format!("/controls/{control}"))
        .await
        .is(200)
        .has(&["insufficient evidence", "Why"])
        .lacks(&["Effective:"]);
    test.get(&me, "/report/posture")
        .await
        .is(200)
        .lacks(&["Nothing was assessed yet"])
        .has(&["Controls not known"]);
}

#[tokio::test]
async fn state_and_number_follow_the_evidence() {
    let (test, me) = start().await;
    let dir = tempfile::tempdir().unwrap();
    folder(dir.path());
    test.assess(dir.path()).await;
    let mfa = effect(&test, "mfa").await;
    assert_eq!(mfa.state, State::Failing, "{:?}", mfa.reasons);
    let sign_ins = mfa.tests.iter().find(|t| t.test == "mfa-console-sign-in").unwrap();
    let counts = sign_ins.counts.unwrap();
    assert_eq!((counts.population, counts.passed, counts.failed), (Some(2), 1, 1));
    assert!((sign_ins.low - 0.5).abs() < 1e-9, "{}", sign_ins.low);
    assert_eq!(effect(&test, "audit-logging").await.state, State::Failing, "a deleted trail");
    let control = test.control("mfa").await;
    let page = test.get(&me, &format!("/controls/{control}")).await;
    page.is(200).has(&[
        "Failing: ",
        "1 of 2",
        "What would lift it most:",
        &format!("/controls/{control}/why"),
        "100.0 × 50.0 × 100.0 × 100.0",
    ]);

    // The same person signs in with a second factor from now on: a later run over later evidence says so.
    test.clock.advance(86_400);
    let me = test.again(&me).await;
    let later = tempfile::tempdir().unwrap();
    let lines =
        [sign_in("anna", true, "2026-08-13T08:00:00Z"), sign_in("bert", true, "2026-08-13T09:00:00Z")];
    std::fs::write(later.path().join("next.json"), records(&lines)).unwrap();
    test.assess(later.path()).await;
    let after = effect(&test, "mfa").await;
    let flipped = after.tests.iter().find(|t| t.test == "mfa-console-sign-in").unwrap();
    assert!(flipped.low > sign_ins.low && flipped.state == State::Effective, "{flipped:?}");
    assert_ne!(after.state, State::Failing);
    assert!(after.shown > mfa.shown, "{} to {}", mfa.shown, after.shown);
    // Yesterday is still what it was.
    let then = test.get(&me, &format!("/controls/{control}/why?as_of=2026-08-12T12:00:01Z")).await;
    then.is(200).has(&[
        "Why 50.0 %?",
        "As it was at 2026-08-12",
        "by what was known at 2026-08-12",
        "Show the last result",
    ]);
    test.get(&me, &format!("/controls/{control}/why"))
        .await
        .is(200)
        .lacks(&["Why 50.0 %?", "Show the last result"]);
    test.get(&me, &format!("/controls/{control}")).await.has(&[
        "Shown to work, over time",
        "failing since",
        "<svg",
    ]);
}

#[tokio::test]
async fn a_file_that_is_missing_takes_its_proof_away() {
    let whole = tempfile::tempdir().unwrap();
    folder(whole.path());
    let part = tempfile::tempdir().unwrap();
    folder(part.path());
    std::fs::remove_file(part.path().join("cloudtrail.json")).unwrap();
    let mut seen = Vec::new();
    for dir in [&whole, &part] {
        let (test, _) = start().await;
        test.assess(dir.path()).await;
        seen.push((effect(&test, "mfa").await, effect(&test, "audit-logging").await));
    }
    let [(mfa, audit), (mfa_without, audit_without)] = seen.try_into().unwrap();
    assert_eq!((mfa.state, audit.state), (State::Failing, State::Failing));
    assert!(mfa_without.state.is_unknown() && audit_without.state.is_unknown(), "{mfa_without:?}");
    assert!(mfa_without.shown < mfa.shown, "{} without the file, {} with it", mfa_without.shown, mfa.shown);
}

#[tokio::test]
async fn an_answer_ages_with_the_moment_asked_about() {
    let (test, me) = start().await;
    let dir = tempfile::tempdir().unwrap();
    let lines =
        [sign_in("anna", true, "2026-08-12T08:00:00Z"), sign_in("bert", true, "2026-08-12T09:00:00Z")];
    std::fs::write(dir.path().join("good.json"), records(&lines)).unwrap();
    test.assess(dir.path()).await;
    test.clock.advance(10 * 86_400);
    let me = test.again(&me).await;
    let control = test.control("mfa").await;
    let at = |day: &str| format!("/controls/{control}/why?as_of={day}&known_at=2026-08-22");
    test.get(&me, &at("2026-08-12T12:00:01Z")).await.is(200).has(&["Why 100.0 %?"]);
    test.get(&me, &at("2026-08-13T20:00:00Z"))
        .await
        .is(200)
        .has(&["it is due every"])
        .lacks(&["Why 100.0 %?"]);
    test.get(&me, &at("2026-08-20")).await.is(200).has(&["has expired", "insufficient evidence"]);
    test.get(
        &me,
        &format!("/controls/{control}/why?as_of=2026-08-12T12:00:01Z&known_at=2026-08-12T12:00:00Z"),
    )
    .await
    .is(200)
    .has(&["not tested"]);
    for future in ["as_of=2026-09-01", "known_at=2030-01-01", "as_of=2026-08-22T12:00:02Z"] {
        test.get(&me, &format!("/controls/{control}/why?{future}"))
            .await
            .is(422)
            .has(&["lies in the future"]);
    }
    test.get(&me, &format!("/controls/{control}/why?as_of=yesterday")).await.is(422);
}
