//! Investments, appetite and estimates with made-up figures.

use super::{appetite, curve, day, record, run};
use wardkeep_app::risk::views::{
    AppetitePageView, CalibrationView, EstimateView, EstimatesView, FrontierView, IndicatorView,
    InvestmentAsk, InvestmentsView, MeasureView,
};

pub(in super::super) fn investments() -> InvestmentsView {
    let one = |n: u32, name: &str, once: f64, yearly: f64, off: f64, pays: f64, chosen: bool| MeasureView {
        record: record(&format!("TRP-000{n}"), name, "treatment-plans"),
        stage: "Proposed".to_owned(),
        risk: None,
        once,
        yearly,
        staff_days: once / 2_000.0,
        reduction: off,
        tail_reduction: off * 14.0,
        rosi: Some((off - yearly) / yearly),
        pays,
        shown_to_pay: pays >= 0.8,
        evpi: 3e3,
        needs: if n == 3 { vec!["TRP-0001".to_owned()] } else { vec![] },
        one_of: None,
        mandated: n == 2,
        chosen,
        shapley: off * 0.8,
    };
    let at = |once: f64, left: f64, chosen: &[&str]| FrontierView {
        once,
        spent: once,
        left,
        chosen: chosen.iter().map(|s| (*s).to_owned()).collect(),
    };
    InvestmentsView {
        run: Some(run()),
        ask: InvestmentAsk { once: Some(150e3), yearly: None, staff_days: None, tail: false },
        measures: vec![
            one(1, "Second factor for service accounts", 40e3, 10e3, 84e3, 0.97, true),
            one(2, "Restore tests every month", 25e3, 12e3, 51e3, 0.91, true),
            one(3, "Segments around the laboratory", 85e3, 20e3, 96e3, 0.83, true),
            one(4, "Outside watch at night", 60e3, 90e3, 70e3, 0.31, false),
        ],
        today: 693e3,
        left: 487e3,
        bound: 479e3,
        gap: 0.0164,
        proven: false,
        nodes: 4_211,
        cost: (150e3, 42e3, 75.0),
        after: Some(curve("plan", 0.7, 0.98)),
        current: Some(curve("current", 1.0, 0.93)),
        appetite: appetite(),
        frontier: vec![
            at(0.0, 693e3, &[]),
            at(40e3, 609e3, &["TRP-0001"]),
            at(65e3, 561e3, &["TRP-0001", "TRP-0002"]),
            at(150e3, 487e3, &["TRP-0001", "TRP-0002", "TRP-0003"]),
            at(210e3, 431e3, &["TRP-0001", "TRP-0002", "TRP-0003", "TRP-0004"]),
        ],
        impossible: None,
    }
}

pub(in super::super) fn appetite_page() -> AppetitePageView {
    let one = |n: u32, name: &str, value, threshold, chance, state, words: &str| IndicatorView {
        record: record(&format!("KRI-000{n}"), name, "indicators"),
        watches: "Multi-factor sign-in: coverage".to_owned(),
        value,
        threshold,
        chance_crossed: chance,
        words: words.to_owned(),
        state,
        appetite: Some(record("APT-0001", "No year that ends the group", "appetites")),
    };
    AppetitePageView {
        run: Some(run()),
        statements: appetite(),
        waiting: vec![record("APT-0005", "Suppliers in the laboratory", "appetites")],
        indicators: vec![
            one(
                1,
                "Coverage of second factors",
                Some(91.0),
                Some(95.4),
                Some(0.97),
                "alarm",
                "needs at least 95.4 %",
            ),
            one(
                2,
                "Restores that work",
                Some(78.2),
                Some(76.0),
                Some(0.22),
                "watch",
                "needs at least 76.0 %",
            ),
            one(3, "Patches in time", Some(88.0), None, None, "unknown", "not met by any value"),
        ],
        curve: Some(curve("current", 1.0, 0.985)),
    }
}

pub(in super::super) fn estimates() -> EstimatesView {
    let one =
        |n: u32, name: &str, about: &str, shown: &str, source: &str, age, overdue, matters| EstimateView {
            record: record(&format!("EST-000{n}"), name, "estimates"),
            scenario: Some(record("SCN-0002", "Ransomware stops the laboratory", "scenarios")),
            about: about.to_owned(),
            shown: shown.to_owned(),
            ends: Some(if n == 3 { "range_points" } else { "range_ends" }),
            person: Some("Maria Lindqvist".to_owned()),
            on: day("2025-05-02"),
            age_days: age,
            renew_by: Some(day(if overdue { "2026-05-02" } else { "2027-05-02" })),
            overdue,
            source: source.to_owned(),
            matters,
        };
    let person = |name: &str, scored, held, brier, weight| CalibrationView {
        path: "/design/risk/estimates".to_owned(),
        person: name.to_owned(),
        scored,
        held,
        brier,
        weight,
    };
    EstimatesView {
        estimates: vec![
            one(1, "Ransomware: rate", "rate", "0.02 to 0.15 a year", "expert", 467, true, Some(0.281)),
            one(
                2,
                "Medical devices destroyed: loss",
                "loss",
                "300 k to 20 M EUR",
                "placeholder",
                202,
                false,
                Some(0.389),
            ),
            one(
                3,
                "Lost device: following loss",
                "secondary_loss",
                "50 k to 1 M EUR",
                "study",
                30,
                false,
                Some(0.004),
            ),
        ],
        calibration: vec![
            person("Marsha Watson", 10, 8, 0.09, 0.62),
            person("Jim Jennings", 10, 1, 0.66, 0.02),
        ],
        today: day("2026-08-12"),
    }
}
