//! Matrices: formulas, the honesty test, and other tools' files.
#![allow(
    clippy::unwrap_used,
    clippy::float_cmp,
    clippy::unreadable_literal,
    reason = "tests of exact figures"
)]

use wardkeep_risk::matrix::{Band, Formula, Level, Matrix, Rating, Rule, asset_risk, weight_rating};

fn anchored(edges: &[f64]) -> Vec<Level> {
    edges
        .windows(2)
        .enumerate()
        .map(|(n, pair)| Level { anchor: Some((pair[0], pair[1])), ..Level::named(format!("{}", n + 1)) })
        .collect()
}

fn five(rates: &[f64], money: &[f64]) -> Matrix {
    let band = |name: &str, up_to| Band { name: name.into(), up_to };
    Matrix {
        name: "5x5".into(),
        likelihood: anchored(rates),
        impact: anchored(money),
        rule: Rule::Formula(Formula::Product),
        bands: vec![band("low", 4), band("medium", 9), band("high", 16), band("critical", 25)],
    }
}

fn decades() -> Matrix {
    five(&[1e-3, 1e-2, 1e-1, 1.0, 10.0, 100.0], &[1e3, 1e4, 1e5, 1e6, 1e7, 1e8])
}

#[test]
fn scores() {
    let mut matrix = decades();
    assert_eq!(matrix.score(3, 4), Some(12));
    assert!((matrix.normalised(12) - 4.8).abs() < 1e-12);
    matrix.rule = Rule::Formula(Formula::ProductAndTwiceImpact);
    assert_eq!(matrix.score(3, 4), Some(20));
    assert!((matrix.normalised(20) - 5.71).abs() < 1e-12);
    assert_eq!(asset_risk(&[Some(2), Some(4), Some(1)], Some(3), Some(3), 1), Some(24));
    assert_eq!(
        (weight_rating(Some(4), Some(4)), weight_rating(Some(2), Some(4))),
        (Some("critical"), Some("elevated"))
    );
}

#[test]
fn missing_stays_missing() {
    let matrix = decades();
    assert_eq!(matrix.rate(None, Some(3)), Rating::NotAssessed);
    assert_eq!(matrix.rate(Some(3), None), Rating::NotAssessed);
    assert_eq!(matrix.rate(Some(9), Some(3)), Rating::NotAssessed);
    assert_eq!(
        (asset_risk(&[Some(2), None], Some(1), Some(1), 0), weight_rating(None, Some(1))),
        (None, None)
    );
}

#[test]
fn honesty_of_two_matrices() {
    let check = |matrix: &Matrix, by_band: bool, pairs, contradicted, ties| {
        let found = matrix.honesty(by_band).unwrap();
        assert_eq!((found.pairs, found.contradicted, found.ties), (pairs, contradicted, ties));
        assert_eq!(found.certainly_contradicted, 0);
        found
    };
    let first = check(&decades(), true, 227, 0, 4);
    assert!((first.compression[0].times / 1000.0 - 1.0).abs() < 1e-9);
    check(&decades(), false, 288, 4, 20);
    let uneven = five(&[0.01, 0.05, 0.2, 0.5, 1.0, 10.0], &[1e3, 1e4, 1e5, 5e5, 2e6, 2e7]);
    let second = check(&uneven, true, 227, 3, 3);
    let worst = second.worst.unwrap();
    assert_eq!((worst.higher, worst.lower), ((5, 1), (1, 4)));
    assert!((worst.times - 2.236).abs() < 5e-4 && (second.compression[0].times - 316.23).abs() < 5e-3);
    check(&uneven, false, 288, 14, 6);
    assert!(second.sentences().iter().any(|s| s.contains("2.2 times more")), "{:?}", second.sentences());
}

#[test]
fn other_tools_matrices_are_read() {
    let folder = std::env::var("WARDKEEP_DATA")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into());
    let folder = format!("{folder}/grc/ciso-assistant");
    let Ok(files) = std::fs::read_dir(&folder) else {
        assert!(std::env::var("CI").is_err(), "{folder} is missing");
        eprintln!("skipped: {folder} is not here");
        return;
    };
    let mut sizes = Vec::new();
    for file in files.flatten().filter(|f| f.file_name().to_string_lossy().contains("matrix")) {
        let text = std::fs::read_to_string(file.path()).unwrap();
        let value: serde_yaml_ng::Value = serde_yaml_ng::from_str(&text).unwrap();
        let found = &value["objects"]["risk_matrix"];
        let matrices = found.as_sequence().cloned().unwrap_or_else(|| vec![found.clone()]);
        for one in matrices {
            let levels = |key: &str| -> Vec<Level> {
                let all = one[key].as_sequence().unwrap();
                all.iter().map(|l| Level::named(l["name"].as_str().unwrap())).collect()
            };
            let rows = one["grid"].as_sequence().unwrap();
            let table = rows
                .iter()
                .map(|r| r.as_sequence().unwrap().iter().map(|c| c.as_u64().unwrap() as u32).collect())
                .collect();
            let matrix = Matrix {
                name: one["name"].as_str().unwrap().into(),
                likelihood: levels("probability"),
                impact: levels("impact"),
                rule: Rule::Table(table),
                bands: Vec::new(),
            };
            assert!(matrix.faults().is_empty(), "{} {:?}", matrix.name, matrix.faults());
            assert!(
                matrix.score(1, 1)
                    <= matrix.score(matrix.likelihood.len() as u32, matrix.impact.len() as u32)
            );
            sizes.push((matrix.likelihood.len(), matrix.impact.len()));
        }
    }
    sizes.sort_unstable();
    sizes.dedup();
    assert!(sizes.contains(&(3, 3)) && sizes.contains(&(6, 6)), "{sizes:?}");
}
