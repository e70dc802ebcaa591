//! One risk, a matrix and the record of a run, with made-up figures.

use super::risk::{curve, day, figure, record, run};
use wardkeep_app::risk::RunRecordView;
use wardkeep_app::risk::views::{
    AcceptanceView, AloneView, CellView, CurveView, EffectView, EvidenceRef, FactorView, Figure,
    HistoryPoint, HonestyView, InputView, LevelName, LevelView, MatrixView, PreparedView, QualitativeView,
    RiskView, ScenarioView, ShareView, SliderView, SuggestedView, SwingView, TreatmentView, WhatIfView,
};
use wardkeep_types::Id;

fn factor(quantity: &'static str, value: f64, weight: f64) -> FactorView {
    FactorView {
        quantity,
        prior: 0.7,
        weight,
        now: Figure { value: Some(value), low: Some(value * 0.93), high: Some((value * 1.04).min(1.0)) },
        evidence: if weight > 0.0 {
            vec![EvidenceRef {
                id: format!("obs-{quantity}"),
                words: "mfa-console-sign-in: 1,104 of 1,200 accounts, 5 days old".to_owned(),
                path: Some("/observations/01".to_owned()),
            }]
        } else {
            vec![]
        },
    }
}

fn effect(name: &str, reference: &str, on: &str, weight: f64) -> EffectView {
    EffectView {
        key: reference.to_owned(),
        control: Some(record(reference, name, "controls")),
        name: name.to_owned(),
        effect: None,
        on: on.to_owned(),
        kappa: 0.4,
        source: "expert".to_owned(),
        efficacy: 0.2951,
        reference: 0.2268,
        state: if weight > 0.0 { "observed" } else { "assumed" },
        factors: vec![
            factor("coverage", 0.91, weight),
            factor("reliability", 0.9, weight),
            factor("intact", 0.9, 0.0),
            factor("degraded", 0.0, 0.0),
        ],
    }
}

fn input(about: &str, form: Option<&str>, low: f64, high: f64, unit: &str, source: &str) -> InputView {
    InputView {
        about: about.to_owned(),
        form: form.map(str::to_owned),
        low,
        likely: None,
        high,
        unit: unit.to_owned(),
        law: if about == "rate" { "gamma" } else { "lognormal" }.to_owned(),
        median: Some((low * high).sqrt()),
        mean: Some((low * high).sqrt() * 1.4),
        source: source.to_owned(),
        by: Some("Maria Lindqvist".to_owned()),
        on: Some(day("2026-02-11")),
        question: String::new(),
        reason: "Four of sixty peers in five years.".to_owned(),
        anchor: if about == "rate" {
            "1 % of businesses report it in a year (UK survey 2025)".to_owned()
        } else {
            String::new()
        },
        estimate: Some(record("EST-0001", "Ransomware: rate", "estimates")),
        renew_by: Some(day("2026-08-15")),
        calibration: Some((8, 10)),
        ignored_since: (about == "threat_events").then(|| "rate".to_owned()),
    }
}

/// One risk with its scenario, controls and decisions.
pub(super) fn risk() -> RiskView {
    let scenario = ScenarioView {
        key: "ransomware".to_owned(),
        record: Some(record("SCN-0002", "Ransomware stops the laboratory", "scenarios")),
        name: "Ransomware stops the laboratory".to_owned(),
        claim: "Within a year the laboratory stands still for a day or more because files were encrypted."
            .to_owned(),
        basis: "with_reference_controls",
        assessed: true,
        inputs: vec![
            input("rate", None, 0.02, 0.15, "per_year", "expert"),
            input("threat_events", None, 2.0, 9.0, "per_year", "expert"),
            input("loss", Some("productivity"), 150e3, 6e6, "EUR", "placeholder"),
            input("secondary_chance", None, 0.3, 0.3, "chance", "study"),
        ],
        base_rate: 0.0719,
        prevent: 0.883,
        secondary: 1.0,
        recovery: 0.81,
        contained: 0.72,
        rate: 0.0635,
        event_median: 949e3,
        event_mean: Some(2.0e6),
        mean: Some(128e3),
        tail: Some(3.8e6),
        incidents: Some((1, 3.0)),
        near_misses: Some((2, 3.0)),
        near_misses_ignored: true,
        controls: vec![
            effect("Multi-factor sign-in", "CTL-0014", "susceptibility", 12.0),
            effect("Backup that restores", "CTL-0020", "recovery", 0.0),
        ],
        source: "placeholder".to_owned(),
        heavy: true,
    };
    let slider = |name: &str, label: &str, max: f64, now: f64| SliderView {
        control: (!name.starts_with("rate")).then(|| label.split(':').next().unwrap_or(label).to_owned()),
        name: name.to_owned(),
        label: label.to_owned(),
        min: 0.0,
        max,
        step: 1.0,
        now,
        unit: "%",
    };
    let swing = |label: &str, mean: (f64, f64)| SwingView {
        input: label.to_owned(),
        label: label.to_owned(),
        mean,
        var: (mean.0 * 10.0, mean.1 * 10.0),
    };
    let past = |when: &str, mean: f64, why: &str| HistoryPoint {
        at: day(when).start(),
        hash: "8f3a91c27b00".to_owned(),
        mean: Some(mean),
        var99: None,
        tvar99: Some(mean * 28.0),
        why: why.to_owned(),
    };
    let level = |level: &str, value: f64| LevelView { level: level.to_owned(), figure: figure(value) };
    RiskView {
        record: record("RSK-0002", "Ransomware stops the laboratory", "risks"),
        id: Id::NIL,
        stage: ("treating".to_owned(), "Treating".to_owned()),
        owner: Some("Jonas Berg".to_owned()),
        treatment: "reduce".to_owned(),
        run: Some(run()),
        assessed: true,
        mean: figure(128e3),
        tail: Some(3.8e6),
        mean_share: Some(0.185),
        tail_share: Some(0.281),
        alone: Some(AloneView {
            curve: CurveView { mean: Some(128e3), ..curve("current", 2.0, 0.062) },
            no_loss: 0.938,
            p50: Some(0.0),
            var: vec![level("95", 210e3), level("99", 2.97e6)],
            tvar: vec![level("99", 6.1e6)],
        }),
        scenarios: vec![scenario],
        sliders: vec![
            slider("coverage:CTL-0014", "Multi-factor sign-in: coverage", 100.0, 91.0),
            slider("efficacy:CTL-0020", "Backup that restores: efficacy", 100.0, 78.0),
            slider("rate:ransomware", "Events a year, of today's", 300.0, 100.0),
        ],
        tornado: vec![
            swing("Rate of ransomware", (39e3, 262e3)),
            swing("Multi-factor sign-in", (151e3, 112e3)),
            swing("Backup that restores", (137e3, 121e3)),
        ],
        history: vec![
            past("2025-09-01", 190e3, ""),
            past("2026-02-10", 117e3, "Coverage rose 70 -> 98 %"),
            past("2026-08-12", 128e3, "Coverage fell 98 -> 91 %"),
        ],
        prepared: vec![PreparedView {
            scenario: record("SCN-0031", "Ransomware through a supplier", "scenarios"),
            draft: true,
            suggested: vec![SuggestedView {
                record: record(
                    "EFF-0091",
                    "Separated networks: ransomware through a supplier",
                    "control-effects",
                ),
                control: Some(record("CTL-0022", "Separated networks", "controls")),
                on: "susceptibility".to_owned(),
                kappa: 0.7,
                source: "study".to_owned(),
                addressed: vec!["T1199".to_owned()],
            }],
        }],
        qualitative: QualitativeView {
            matrix: Some(record("MTX-0001", "Group matrix", "risk-matrices")),
            likelihood: Some((2, "Rare".to_owned())),
            impact: Some((4, "Serious".to_owned())),
            rating: Some((8, "medium".to_owned())),
            band: Some((1, 4)),
            by_figures: Some((2, 5)),
            disagreement: Some(
                "The words say impact 4, the figures say 5: the matrix calls a loss of 6 M medium".to_owned(),
            ),
        },
        treatments: vec![TreatmentView {
            record: record("TRP-0001", "Second factor for service accounts", "treatment-plans"),
            stage: "Proposed".to_owned(),
            once: 40e3,
            yearly: 10e3,
            reduction: Some(84e3),
            tail_reduction: Some(1.1e6),
            pays: Some(0.74),
            shown_to_pay: false,
            due: Some(day("2026-11-30")),
        }],
        acceptances: vec![AcceptanceView {
            record: record("ACC-0003", "Until the new segments stand", "acceptances"),
            stage: ("void".to_owned(), "Void".to_owned()),
            asked_by: Some("Jonas Berg".to_owned()),
            approved_by: Some("Maria Lindqvist".to_owned()),
            until: Some(day("2026-12-31")),
            mean: Some(117e3),
            tail: Some(3.1e6),
            run: "8f3a91c27b00de12".to_owned(),
            void_because: Some("a new incident in the scenario".to_owned()),
        }],
    }
}

/// What follows when two sliders move.
pub(super) fn tried() -> WhatIfView {
    let pairs = |before: f64, after: f64| (before, after);
    WhatIfView {
        from_hash: run().hash,
        positions: [("coverage:CTL-0014".to_owned(), 99.0)].into(),
        mean: Some((128e3, 119e3)),
        no_loss: (0.938, 0.941),
        var: [("95", pairs(210e3, 186e3)), ("99", pairs(2.97e6, 2.79e6)), ("99.9", pairs(11.4e6, 10.9e6))]
            .map(|(k, v)| (k.to_owned(), v))
            .into(),
        tvar: [("99".to_owned(), pairs(6.1e6, 5.8e6))].into(),
        before: curve("current", 2.0, 0.062).points,
        after: curve("plan", 1.76, 0.059).points,
        micros: 1_200,
    }
}

/// A matrix of five by five with anchors, one pair of cells the wrong way round.
pub(super) fn matrix() -> MatrixView {
    let levels = |names: [&str; 5], ends: [f64; 6]| {
        (1_u32..)
            .zip(names)
            .zip(ends.windows(2))
            .map(|((level, name), ends)| LevelName {
                level,
                name: name.to_owned(),
                anchor: Some((ends[0], ends[1])),
            })
            .collect::<Vec<_>>()
    };
    let bands = [("low", 4), ("medium", 9), ("high", 16), ("critical", 25)];
    let cell = |likelihood: u32, impact: u32| {
        let score = likelihood * impact;
        CellView {
            likelihood,
            impact,
            score,
            band: bands.iter().position(|b| score <= b.1).unwrap_or(3) as u32,
            risks: if (likelihood * 7 + impact * 3).is_multiple_of(5) {
                vec![
                    record("RSK-0002", "Ransomware stops the laboratory", "risks");
                    (likelihood % 3 + 1) as usize
                ]
            } else {
                vec![]
            },
        }
    };
    let honesty = |pairs, contradicted, ties| {
        HonestyView {
        pairs,
        contradicted,
        certainly_contradicted: 0,
        ties,
        worst: Some(((5, 1), (1, 4), 2.236)),
        compression: [("low", 316.23), ("medium", 60.0), ("high", 44.7), ("critical", 20.0)].map(|(n, t)| (n.to_owned(), t)).into(),
        sentences: vec![
            "Of 227 pairs of cells with different ratings, 3 (1.3 %) put the smaller yearly loss higher, 3 (1.3 %) rate equal losses differently.".to_owned(),
            "Worst: likelihood 5 with impact 1 is rated above likelihood 1 with impact 4, which is worth 2.2 times more.".to_owned(),
            "One rating covers losses that differ by a factor of 316.".to_owned(),
        ],
    }
    };
    MatrixView {
        record: Some(record("MTX-0001", "Group matrix", "risk-matrices")),
        others: vec![record("MTX-0002", "Matrix of the clinic", "risk-matrices")],
        likelihood: levels(
            ["Exceptional", "Rare", "Occasional", "Likely", "Frequent"],
            [0.01, 0.05, 0.2, 0.5, 1.0, 10.0],
        ),
        impact: levels(
            ["Minor", "Moderate", "Noticeable", "Serious", "Ruinous"],
            [1e3, 1e4, 1e5, 5e5, 2e6, 2e7],
        ),
        formula: "LI".to_owned(),
        bands: bands.iter().map(|(n, m)| ((*n).to_owned(), *m)).collect(),
        rows: (1..=5).rev().map(|l| (1..=5).map(|i| cell(l, i)).collect()).collect(),
        not_assessed: vec![record("RSK-0021", "Flood in the data room", "risks")],
        honesty: Some(honesty(227, 3, 3)),
        honesty_by_score: Some(honesty(288, 14, 6)),
        currency: "EUR".to_owned(),
    }
}

/// The record of a run.
pub(super) fn run_record() -> RunRecordView {
    RunRecordView {
        run: run(),
        intact: true,
        mean: Some(693e3),
        var99: Some(6.94e6),
        tvar99: Some(13.5e6),
        no_loss: 0.0145,
        sources: vec![ShareView { kind: "placeholder".to_owned(), share: 0.41 }],
        grids: vec![(2_700.0, 16_384), (310.0, 16_384)],
        beyond: 4.1e-6,
        checks: vec![("mass".to_owned(), 2.1e-14), ("mean".to_owned(), 8.0e-13)],
        evidence: vec!["0198a1".to_owned(), "0198a2".to_owned()],
        model_text: "{\n  \"format\": \"wardkeep-risk/1\",\n  \"currency\": \"EUR\"\n}".to_owned(),
        model_sha256: run().hash,
    }
}
