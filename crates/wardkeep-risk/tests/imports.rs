//! Files of other tools in `shared/data/risk`.
#![allow(
    clippy::unwrap_used,
    clippy::float_cmp,
    clippy::unreadable_literal,
    reason = "tests of exact figures"
)]

use wardkeep_risk::import::{
    calibrate, compare, mappings, openfair_example, pyfair, scenario_answers, tolerances,
};
use wardkeep_risk::run::{RunOptions, Session};
use wardkeep_types::Currency;

fn data(path: &str) -> Option<String> {
    let folder = std::env::var("WARDKEEP_DATA")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into());
    let path = format!("{folder}/risk/{path}");
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        assert!(std::env::var("CI").is_err(), "{path} is missing");
        eprintln!("skipped: {path} is not here");
    }
    text
}

#[test]
fn calibration_of_experts() {
    let folder = "fair-davidski-collector/data-raw";
    let Some(questions) = data(&format!("{folder}/calibration_questions.csv")) else { return };
    let answers = data(&format!("{folder}/calibration_answers.csv")).unwrap();
    let found = calibrate(&questions, &answers).unwrap();
    let (answers, experts, problems) = (found.answers, found.experts, found.problems);
    assert_eq!(answers.len(), 50);
    assert_eq!(answers.iter().filter(|a| a.holds == Some(true)).count(), 22);
    let held: Vec<(&str, usize)> = experts.iter().map(|e| (e.name.as_str(), e.held)).collect();
    let wanted = [
        ("Marsha Watson", 8),
        ("Natalie Wade", 6),
        ("Ray Evans", 4),
        ("Theresa Fowler", 3),
        ("Jimmy Jennings", 1),
    ];
    assert_eq!(held, wanted);
    assert!(experts.iter().all(|e| e.answered == 10));
    assert!(
        experts.windows(2).all(|pair| pair[0].weight >= pair[1].weight && pair[0].brier <= pair[1].brier)
    );
    assert!((experts.iter().map(|e| e.weight).sum::<f64>() - 1.0).abs() < 1e-12);
    assert!(problems.iter().any(|p| p.code == "overconfident"));
}

#[test]
fn scenario_intervals_that_begin_at_zero() {
    let Some(text) = data("fair-davidski-collector/data-raw/scenario_answers.csv") else { return };
    let (answers, problems) = scenario_answers(&text).unwrap();
    assert_eq!(answers.len(), 280);
    assert!(answers.iter().all(|a| !a.loss_fits && a.loss.0 == 0.0));
    assert_eq!(problems.iter().filter(|p| p.code == "loss").count(), 280);
}

#[test]
fn labels_and_tolerances() {
    let folder = "fair-davidski-evaluator/inst/extdata";
    let Some(text) = data(&format!("{folder}/qualitative_mappings.csv")) else { return };
    let (found, problems) = mappings(&text).unwrap();
    assert_eq!((found.len(), problems.len()), (14, 0));
    let levels = tolerances(&data(&format!("{folder}/risk_tolerances.csv")).unwrap()).unwrap();
    assert_eq!(levels.iter().map(|t| t.amount).collect::<Vec<_>>(), [1e7, 5e7]);
    let example =
        data("fair-davidski-evaluator/inst/openfair_example/tests/openfair_example-expected/001.json")
            .unwrap();
    // The file holds inputs and, as its expected output, digests of two pictures and of a page: no figure of it can be
    // reproduced. What follows is checked against closed forms instead.
    let raw: serde_json::Value = serde_json::from_str(&example).unwrap();
    let figures = raw["output"].as_object().unwrap().values();
    let held: Vec<&serde_json::Value> = figures.filter(|v| v.is_number()).collect();
    assert!(held.is_empty(), "{held:?}");
    assert!(raw["output"].to_string().contains("image data sha1"));
    let (input, model) = openfair_example(&example).unwrap();
    assert_eq!((input.threat_events, input.loss), ([10.0, 30.0, 100.0, 1.0], [100.0, 500.0, 10000.0, 1.0]));
    let run = Session::new().run(&model, &RunOptions { draws: 0, ..RunOptions::default() }).unwrap();
    // Its weights of the most likely value are 1, 1, 2 and 1, not the usual 4. Threat events 10-30-100; capability
    // 20-30-70 against strength 40-50-60, integrated by hand on 400,000 points; the mean is rate times mean loss.
    let base = run.resolved.trail[0].base_rate;
    assert!((base / (140.0 / 3.0 * 0.241_727_245_6) - 1.0).abs() < 1e-6, "{base}");
    let mean_loss = (100.0 + 500.0 + 10000.0) / 3.0;
    let mean = run.evaluation.moments.mean.unwrap();
    assert!((mean / (run.resolved.trail[0].rate * mean_loss) - 1.0).abs() < 1e-9);
}

#[test]
fn models_that_multiply() {
    let Some(text) = data("fair-pyfair/static/serialized_metamodel.json") else { return };
    let imported = pyfair(&text, Currency::USD, 2019).unwrap();
    let codes: Vec<&str> = imported.problems.iter().map(|p| p.code.as_str()).collect();
    for code in ["product", "shared_seed", "normal"] {
        assert!(codes.contains(&code), "{code}: {codes:?}");
    }
    assert!(imported.problems.iter().any(|p| p.code == "normal" && p.path.starts_with("Regular Model 2")));
    let run = Session::new().run(&imported.model, &RunOptions { draws: 0, ..RunOptions::default() }).unwrap();
    assert_eq!((run.result.assessed, run.result.not_assessed.len()), ((1, 2), 1));
    let (mean, sd) = (run.evaluation.moments.mean.unwrap(), run.evaluation.moments.sd().unwrap());
    assert!((mean / 806_666_666.67 - 1.0).abs() < 1e-9, "{mean}");
    assert!((sd / 513_996_170.7 - 1.0).abs() < 1e-6, "{sd}");
    let both = compare(&imported.model.scenarios[0]).unwrap();
    assert!((both.mean / mean - 1.0).abs() < 1e-9 && (both.sum_sd / sd - 1.0).abs() < 1e-9);
    let single = data("fair-pyfair/static/serialized_model.json").unwrap();
    let alone = pyfair(&single, Currency::USD, 2019).unwrap();
    assert!(alone.problems.iter().any(|p| p.message.contains("seed 42")));
}
