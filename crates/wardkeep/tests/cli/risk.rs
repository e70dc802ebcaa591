//! Losses in money through the command line: files of other tools, judged without a data folder.

use crate::support::{Place, shared};
use serde_json::Value as Json;

fn path(name: &str) -> Option<String> {
    Some(shared(&format!("risk/{name}"))?.to_str().unwrap().to_owned())
}

fn codes(found: &Json) -> Vec<&str> {
    found["problems"].as_array().unwrap().iter().filter_map(|p| p["code"].as_str()).collect()
}

#[test]
fn models_that_multiply_are_shown_beside_sums() {
    let Some(file) = path("fair-pyfair/static/serialized_metamodel.json") else { return };
    let found = Place::new().json(4, &["risk", "import", &file, "--currency", "USD"]);
    assert_eq!((&found["format"], &found["read"]), (&"pyfair".into(), &2.into()), "{found}");
    let all = codes(&found);
    for code in ["product", "shared_seed", "normal"] {
        assert!(all.contains(&code), "{code}: {all:?}");
    }
    let compared = &found["compared"][0];
    let near = |key: &str, figure: f64| {
        let got = compared[key].as_f64().unwrap();
        assert!((got / figure - 1.0).abs() < 1e-6, "{key}: {got}");
    };
    near("mean", 806_666_666.67);
    near("sum_sd", 513_996_170.7);
}

#[test]
fn answers_of_experts_are_scored_and_asked_again() {
    let folder = "fair-davidski-collector/data-raw";
    let Some(answers) = path(&format!("{folder}/calibration_answers.csv")) else { return };
    let questions = path(&format!("{folder}/calibration_questions.csv")).unwrap();
    let place = Place::new();
    let refused = place.json(3, &["risk", "import", &answers]);
    assert!(refused["error"].to_string().contains("--questions"), "{refused}");
    let found = place.json(4, &["risk", "import", &answers, "--questions", &questions]);
    assert_eq!((&found["format"], &found["read"]), (&"calibration".into(), &50.into()), "{found}");
    let held: Vec<(&str, u64)> = found["experts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["name"].as_str().unwrap(), e["held"].as_u64().unwrap()))
        .collect();
    let wanted = [
        ("Marsha Watson", 8),
        ("Natalie Wade", 6),
        ("Ray Evans", 4),
        ("Theresa Fowler", 3),
        ("Jimmy Jennings", 1),
    ];
    assert_eq!(held, wanted);
    assert!(codes(&found).contains(&"overconfident"));
    let scenarios = path(&format!("{folder}/scenario_answers.csv")).unwrap();
    let found = place.json(4, &["risk", "import", &scenarios]);
    assert_eq!(found["read"], 280);
    assert_eq!(codes(&found).iter().filter(|code| **code == "loss").count(), 280);
}

#[test]
fn labels_tolerances_and_the_example_are_read() {
    let folder = "fair-davidski-evaluator/inst";
    let Some(labels) = path(&format!("{folder}/extdata/qualitative_mappings.csv")) else { return };
    let place = Place::new();
    let found = place.json(0, &["risk", "import", &labels]);
    assert_eq!((&found["format"], &found["read"]), (&"labels".into(), &14.into()), "{found}");
    let tolerances = path(&format!("{folder}/extdata/risk_tolerances.csv")).unwrap();
    assert_eq!(place.json(0, &["risk", "import", &tolerances])["read"], 2);
    let example = format!("{folder}/openfair_example/tests/openfair_example-expected/001.json");
    let found = place.run(&["risk", "import", &path(&example).unwrap(), "--json"]);
    let found: Json = serde_json::from_str(&found.out).unwrap();
    assert_eq!((&found["format"], &found["read"]), (&"openfair".into(), &1.into()), "{found}");
}

#[test]
fn simulated_years_stand_beside_exact_ones() {
    let place = Place::new();
    let library = place.run(&["risk", "library"]);
    let file = place.write("library.json", &library.out);
    let path = file.to_str().unwrap();
    let found = place.json(0, &["risk", "run", path, "--draws", "0", "--simulate", "20000"]);
    let check = &found["cross_check"];
    assert_eq!((&check["agrees"], &check["years"]), (&true.into(), &20_000.into()), "{check}");
    assert_eq!(check["figures"].as_array().unwrap().len(), 4);
    let plain = place.json(0, &["risk", "run", path, "--draws", "0"]);
    assert!(plain["cross_check"].is_null() && plain["mean"] == found["mean"]);
}
