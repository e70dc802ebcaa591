//! The charts of risk in money, drawn from fixed figures into `risk_charts.txt`: a change of a drawing is seen as a
//! change of that file. `UPDATE=1 cargo test -p wardkeep-report` writes it anew.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fmt::Write;
use wardkeep_report::chart::{
    Amounts, Basis, BasisPart, ChosenPlan, Drawing, Fall, Frontier, FrontierPoint, History, Lec, LecCurve,
    LecLimit, LecMark, LecScale, Look, Marks, MatrixCell, MatrixChart, Outcome, Pair, Past, Swing, basis,
    frontier, history, lec, lec_on, matrix, pairs, tornado, waterfall,
};

fn euro() -> Amounts {
    Amounts { currency: "EUR".to_owned(), decimal: '.' }
}

/// A curve that falls like a power from `top` at 50 k.
fn fall(top: f64, power: f64) -> Vec<(f64, f64)> {
    (0..40)
        .map(|i| {
            let loss = 50_000.0 * 1.18_f64.powi(i);
            (loss, top / (1.0 + (loss / 400_000.0).powf(power)))
        })
        .collect()
}

fn curves() -> Lec {
    let curve =
        |label: &str, top, power, look| LecCurve { label: label.to_owned(), points: fall(top, power), look };
    let limit =
        |loss, chance, label: &str, outcome| LecLimit { loss, chance, label: label.to_owned(), outcome };
    Lec {
        title: "One year in 50 costs more than 5 M EUR".to_owned(),
        amounts: euro(),
        curves: vec![
            curve("today", 0.97, 1.6, Look::Current),
            curve("with the plan", 0.95, 1.9, Look::Plan),
            curve("no modelled control", 0.99, 1.2, Look::Inherent),
        ],
        told: vec![curve("largest single event", 0.9, 1.65, Look::Current)],
        band: fall(0.97, 1.6).into_iter().map(|(x, p)| (x, p * 0.8, (p * 1.2).min(0.99))).collect(),
        limits: vec![
            limit(5_000_000.0, 0.02, "at most 2 % above 5 M: holds", Outcome::Pass),
            limit(1_000_000.0, 0.1, "at most 10 % above 1 M: broken", Outcome::Fail),
            limit(20_000_000.0, 0.002, "at most 0.2 % above 20 M: cannot be said", Outcome::Undetermined),
        ],
        marks: vec![LecMark {
            loss: 2_500_000.0,
            chance: 0.05,
            said: "One year in 20: 2.50 M EUR".to_owned(),
        }],
        no_loss: "No loss at all: 1.45 % of years".to_owned(),
        axes: ["Loss in a year, EUR".to_owned(), "Chance of more".to_owned()],
        one_in: ["1 year in ".to_owned(), String::new()],
    }
}

fn all(marks: Marks) -> Vec<(&'static str, Drawing)> {
    let pair = |label: &str, a: Option<f64>, b: Option<f64>| Pair {
        label: label.to_owned(),
        shares: [a, b],
        shown: [a, b].map(|v| v.map_or_else(|| "unknown".to_owned(), |v| euro().percent(v))),
        amounts: [a, b].map(|v| v.map_or_else(|| "unknown".to_owned(), |v| euro().full(v * 2e6))),
    };
    let step = |label: &str, after, total, assumed| Fall { label: label.to_owned(), after, total, assumed };
    let swing = |label: &str, low, high| Swing { label: label.to_owned(), low, high };
    let point = |budget, left, bought: &str| FrontierPoint { budget, left, bought: bought.to_owned() };
    let part = |basis, label: &str, share| BasisPart { basis, label: label.to_owned(), share };
    let cell = |score, band: (u32, &str), risks, letter| MatrixCell {
        score,
        band: (band.0, band.1.to_owned()),
        risks,
        point: Some("≈ 31.6 k a year".to_owned()),
        letter,
        said: format!("Likelihood, impact: {score} {}", band.1),
    };
    let past = |day, label: &str, value, why: &str| Past {
        day,
        label: label.to_owned(),
        value,
        why: why.to_owned(),
    };
    let level = |name: &str| (name.to_owned(), "0.1 to 1 a year".to_owned());
    vec![
        ("lec", lec(&curves(), marks)),
        (
            "pairs",
            pairs(
                "Two scenarios make half of the bad years",
                ["Usual year", "Worst 1 % of years"],
                &[
                    pair("Ransomware", Some(0.185), Some(0.281)),
                    pair("Destruction of medical devices through a supplier", Some(0.107), Some(0.389)),
                    pair("Heavy", None, None),
                ],
                marks,
            ),
        ),
        (
            "waterfall",
            waterfall(
                "Controls take 1.10 M off",
                &euro(),
                &[
                    step("No modelled control", 1_900_000.0, true, false),
                    step("Multi-factor sign-in", 1_400_000.0, false, false),
                    step("Backup", 1_450_000.0, false, true),
                    step("Web tests", 1_450_000.2, false, true),
                    step("Mail filter", 800_000.0, false, false),
                    step("Today", 800_000.0, true, false),
                ],
                "assumed",
                marks,
            ),
        ),
        (
            "tornado",
            tornado(
                "The rate of ransomware swings the bad year most",
                &euro(),
                6.9e6,
                "now",
                &[
                    swing("Rate of ransomware", 4.1e6, 11.2e6),
                    swing("Coverage of multi-factor sign-in", 8.0e6, 6.2e6),
                    swing("Both ends above", 7.4e6, 7.0e6),
                ],
                ["input low", "input high"],
                marks,
            ),
        ),
        (
            "frontier",
            frontier(
                &Frontier {
                    title: "150 k buys 63 % of what can be had".to_owned(),
                    amounts: euro(),
                    points: vec![
                        point(0.0, 1450e3, "nothing"),
                        point(75e3, 990e3, "c1"),
                        point(150e3, 592.8e3, "c1, c2, c6"),
                        point(305e3, 301e3, "all"),
                    ],
                    plan: Some(ChosenPlan {
                        budget: 150e3,
                        left: 592.8e3,
                        bound: 560e3,
                        label: "this plan".to_owned(),
                        bound_label: "nothing is better than this".to_owned(),
                    }),
                    axes: ["Budget once".to_owned(), "loss left a year".to_owned()],
                },
                marks,
            ),
        ),
        (
            "basis",
            basis(
                "What it rests on",
                &euro(),
                &[
                    part(Basis::Evidence, "evidence", 0.31),
                    part(Basis::Study, "study", 0.12),
                    part(Basis::Expert, "expert", 0.02),
                    part(Basis::Placeholder, "placeholder", 0.55),
                ],
                marks,
            ),
        ),
        (
            "matrix",
            matrix(
                &MatrixChart {
                    title: "3 of 227 pairs are the wrong way round".to_owned(),
                    axes: ["Likelihood".to_owned(), "Impact".to_owned()],
                    rows: vec![level("Often"), level("Rare")],
                    columns: vec![level("Small"), level("Middling"), level("Ruinous for the whole group")],
                    cells: vec![
                        vec![
                            cell(2, (1, "medium"), 0, Some('A')),
                            cell(4, (2, "high"), 12, None),
                            cell(6, (3, "critical"), 1, None),
                        ],
                        vec![
                            cell(1, (0, "low"), 3, None),
                            cell(2, (1, "medium"), 0, None),
                            cell(3, (1, "medium"), 0, Some('B')),
                        ],
                    ],
                    bands: 4,
                },
                marks,
            ),
        ),
        (
            "history",
            history(
                &History {
                    title: "Up 180 k since July".to_owned(),
                    amounts: euro(),
                    points: vec![
                        past(0.0, "2026-07-01", Some(1.82e6), ""),
                        past(20.0, "2026-07-21", None, ""),
                        past(40.0, "2026-08-10", Some(1.9e6), ""),
                        past(43.0, "2026-08-13", Some(2.0e6), "Coverage fell 98 -> 91 %"),
                    ],
                    band: Some((1.2e6, 2.9e6)),
                    limit: Some((2.5e6, "limit 2.50 M".to_owned())),
                    measure: "Mean loss a year".to_owned(),
                },
                marks,
            ),
        ),
    ]
}

#[test]
fn drawings_are_as_committed() {
    let mut now = String::new();
    for (name, drawing) in all(Marks::Still) {
        let svg = drawing.svg.into_string().replace("><", ">\n<");
        let rows: Vec<String> = drawing.figures.rows.iter().map(|r| r.join(" | ")).collect();
        writeln!(
            now,
            "== {name}\n{svg}\n-- {}\n{}\n{}\n",
            drawing.figures.caption,
            drawing.figures.columns.join(" | "),
            rows.join("\n")
        )
        .unwrap();
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/risk_charts.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let place = now.lines().zip(committed.lines()).position(|(a, b)| a != b);
    assert!(
        now == committed,
        "a drawing differs from tests/risk_charts.txt at line {place:?}: look at it, then UPDATE=1"
    );
}

#[test]
fn drawings_hold_the_policy_of_the_pages_and_say_every_value() {
    for marks in [Marks::Still, Marks::Live] {
        for (name, drawing) in all(marks) {
            let svg = drawing.svg.into_string();
            assert!(
                !svg.contains("style=") && !svg.contains("NaN") && !svg.contains("\"inf"),
                "{name}: {svg}"
            );
            assert!(svg.contains("aria-label=") && !drawing.figures.rows.is_empty(), "{name}");
            assert_eq!(svg.contains("data-tip"), marks == Marks::Live, "{name}");
            let width = drawing.figures.columns.len();
            assert!(drawing.figures.rows.iter().all(|r| r.len() == width), "{name}: {:?}", drawing.figures);
        }
    }
}

#[test]
fn nothing_or_nonsense_draws_an_empty_chart() {
    let nothing = Lec { curves: vec![], band: vec![], limits: vec![], marks: vec![], ..curves() };
    let mut odd = curves();
    odd.curves[0].points = vec![(0.0, 0.5), (f64::NAN, f64::NAN), (10.0, f64::INFINITY), (20.0, -1.0)];
    odd.limits[0].loss = -1.0;
    let empty_frontier = Frontier {
        title: String::new(),
        amounts: euro(),
        points: vec![],
        plan: None,
        axes: [String::new(), String::new()],
    };
    let empty_history = History {
        title: String::new(),
        amounts: euro(),
        points: vec![],
        band: None,
        limit: None,
        measure: String::new(),
    };
    let drawn = [
        lec(&nothing, Marks::Live),
        lec(&odd, Marks::Live),
        frontier(&empty_frontier, Marks::Live),
        history(&empty_history, Marks::Live),
        tornado("", &euro(), f64::NAN, "now", &[], ["", ""], Marks::Live),
        waterfall("", &euro(), &[], "", Marks::Live),
        pairs("", ["", ""], &[], Marks::Live),
        basis("", &euro(), &[], Marks::Live),
        matrix(
            &MatrixChart {
                title: String::new(),
                axes: [String::new(), String::new()],
                rows: vec![],
                columns: vec![],
                cells: vec![],
                bands: 0,
            },
            Marks::Live,
        ),
    ];
    for drawing in drawn {
        let svg = drawing.svg.into_string();
        assert!(!svg.contains("NaN") && !svg.contains("\"inf"), "{svg}");
    }
}

#[test]
fn a_curve_ends_at_the_edge_and_is_told_apart_in_grey() {
    let chart = curves();
    let scale = LecScale::of(&chart);
    let path = scale.path(&chart.curves[0].points);
    assert!(path.starts_with('M') && path.ends_with(" 328"), "{path}");
    let svg = lec(&chart, Marks::Live).svg.into_string();
    assert!(svg.contains("stroke-dasharray=\"8 4\"") && svg.contains("stroke-dasharray=\"2 4\""));
    let mut moved = chart.clone();
    moved.curves[1].points = fall(0.5, 1.2);
    let [first, second] = [&chart, &moved].map(|c| lec_on(c, scale, Marks::Live).svg.into_string());
    assert!(
        first.contains(&path) && second.contains(&path),
        "the same curve on the same scales is the same path"
    );
}

#[test]
fn a_page_has_a_drawing_for_phones_and_a_file_has_not() {
    for (name, drawing) in all(Marks::Live) {
        let svg = drawing.svg.into_string();
        assert_eq!(svg.matches("<svg").count(), 2, "{name}");
        assert!(svg.contains(&format!("class=\"chart {name} narrow\" width=\"358\"")), "{name}: {svg}");
    }
    for (name, drawing) in all(Marks::Still) {
        let svg = drawing.svg.into_string();
        assert!(svg.matches("<svg").count() == 1 && !svg.contains("narrow"), "{name}");
    }
    // The words of a limit stand below a phone's curve, each after its sign.
    let svg = lec(&curves(), Marks::Live).svg.into_string();
    let narrow = svg.split("<svg").nth(2).unwrap();
    assert_eq!(narrow.matches(">at most 2 % above 5 M: holds<").count(), 1);
    assert!(narrow.contains("viewBox=\"0 0 358 404\""), "{narrow}");
}
