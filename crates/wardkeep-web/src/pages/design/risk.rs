//! Risk in money with made-up figures: every page and every chart in every state.

mod decide;

pub(super) use decide::{appetite_page, estimates, investments};

use super::super::risk as pages;
use super::super::taste::Taste;
use maud::{Markup, html};
use wardkeep_app::risk::views::{
    AppetiteView, CauseView, ChangeView, ContributorView, CoverView, CurvePoint, CurveView, Figure,
    HistoryPoint, LevelView, OutsideView, PortfolioView, Ref, RunStamp, ShareView, StepView,
};
use wardkeep_types::{Date, Moment};

/// A moment that is known to be well written.
fn at(text: &str) -> Moment {
    text.parse().unwrap_or(Moment::EPOCH)
}

/// A day of a moment.
pub(super) fn day(text: &str) -> Date {
    at(&format!("{text}T00:00:00Z")).date()
}

pub(super) fn taste() -> Taste {
    Taste::new("UTC", "ymd", "comma", at("2026-08-12T12:00:00Z"))
}

pub(super) fn record(reference: &str, name: &str, register: &str) -> Ref {
    Ref { reference: reference.to_owned(), name: name.to_owned(), path: format!("/{register}/{reference}") }
}

pub(super) fn run() -> RunStamp {
    RunStamp {
        number: 52,
        hash: "8f3a91c27b00de12aa45b6c7d8e9f00112233445566778899aabbccddeeff001".to_owned(),
        digest: "77aa12c27b00de12aa45b6c7d8e9f00112233445566778899aabbccddeeff001".to_owned(),
        engine: "wardkeep-risk 0.1.0".to_owned(),
        formulas: 1,
        as_of: Some(day("2026-08-12")),
        computed_at: at("2026-08-12T11:58:00Z"),
        currency: "EUR".to_owned(),
        price_year: 2025,
        exchange: vec!["1 USD = 0.92 EUR on 2026-08-01 (ECB)".to_owned()],
        draws: 64,
        band_of: "rates and controls only".to_owned(),
        placeholder_share: 0.41,
        not_assessed: 2,
        scenarios: 14,
    }
}

pub(super) fn figure(value: f64) -> Figure {
    Figure { value: Some(value), low: Some(value * 0.62), high: Some(value * 1.55) }
}

/// A curve that falls like the sum of a few heavy scenarios.
pub(super) fn curve(key: &'static str, scale: f64, top: f64) -> CurveView {
    let points = (0..60).map(|i| {
        let loss = 20_000.0 * 1.16_f64.powi(i);
        let chance = top / (1.0 + (loss / (420_000.0 * scale)).powf(1.45));
        let band = key == "current";
        CurvePoint {
            loss,
            chance,
            largest: None,
            low: band.then_some(chance * 0.72),
            high: band.then_some((chance * 1.3).min(0.995)),
        }
    });
    CurveView { key, points: points.collect(), mean: Some(693e3 * scale), tvar99: Some(13.5e6 * scale) }
}

pub(super) fn appetite() -> Vec<AppetiteView> {
    let one = |n: u32,
               name: &str,
               words: &str,
               measure: &str,
               amount: f64,
               chance: Option<f64>,
               limit: f64,
               value,
               verdict,
               chance_met| AppetiteView {
        record: record(&format!("APT-000{n}"), name, "appetites"),
        words: words.to_owned(),
        measure: measure.to_owned(),
        amount,
        chance,
        limit,
        warning: None,
        value,
        warned: verdict == "pass",
        chance_met,
        not_assessed: usize::from(verdict == "undetermined") * 2,
        verdict,
        scope: None,
        owner: Some("Maria Lindqvist".to_owned()),
        approved_on: Some(day("2026-01-15")),
        tested: None,
    };
    vec![
        one(
            1,
            "No year that ends the group",
            "P(loss > 5.00 M) at most 2 %",
            "exceedance",
            5e6,
            Some(0.02),
            0.02,
            Some(0.0258),
            "fail",
            Some(0.06),
        ),
        one(
            2,
            "A bad year stays bearable",
            "P(loss > 1.00 M) at most 25 %",
            "exceedance",
            1e6,
            Some(0.25),
            0.25,
            Some(0.2201),
            "pass",
            Some(0.94),
        ),
        one(
            3,
            "Nothing beyond the reserves",
            "P(loss > 20.0 M) at most 0.4 %",
            "exceedance",
            20e6,
            Some(0.004),
            0.004,
            Some(0.0034),
            "undetermined",
            Some(0.71),
        ),
        one(4, "The usual year", "mean at most 750 k", "mean", 750e3, None, 750e3, None, "not_tested", None),
    ]
}

const SCENARIOS: [(&str, f64, f64, f64, &str); 9] = [
    ("Medical devices destroyed through a supplier", 0.107, 0.389, 0.012, "placeholder"),
    ("Ransomware stops the laboratory", 0.185, 0.281, 0.0635, "evidence"),
    ("Intruders take records from the patient portal", 0.149, 0.206, 0.07, "study"),
    ("Records leave through a supplier", 0.11, 0.051, 0.1, "expert"),
    ("A storage bucket lies open", 0.093, 0.028, 0.13, "placeholder"),
    ("Fine after a privacy complaint", 0.082, 0.02, 0.08, "expert"),
    ("Payment run redirected", 0.121, 0.012, 0.31, "evidence"),
    ("An employee takes data along", 0.064, 0.009, 0.12, "placeholder"),
    ("Supplier of the payroll is down", 0.089, 0.004, 0.55, "expert"),
];

pub(super) fn portfolio() -> PortfolioView {
    let contributor =
        |(n, (name, mean, tail, rate, source)): (usize, &(&str, f64, f64, f64, &str))| ContributorView {
            scenario: record(&format!("SCN-00{:02}", n + 1), name, "scenarios"),
            risk: Some(record(&format!("RSK-00{:02}", n + 1), name, "risks")),
            owner: Some("Jonas Berg".to_owned()),
            mean: Some(693e3 * mean),
            mean_share: Some(*mean),
            tail: Some(13.5e6 * tail),
            tail_share: Some(*tail),
            rate: *rate,
            event_median: 240e3,
            source: (*source).to_owned(),
            heavy: n == 0,
        };
    let step = |key: &str, name: &str, mean: f64, drop: f64| StepView {
        key: key.to_owned(),
        name: name.to_owned(),
        record: None,
        mean,
        drop,
        assumed: key == "supplier",
    };
    let level = |level: &str, value: f64| LevelView { level: level.to_owned(), figure: figure(value) };
    let cause = |words: &str, reference: &str, mean, var, tvar| CauseView {
        input: format!("control:{reference}"),
        words: words.to_owned(),
        record: Some(record(reference, "Multi-factor sign-in", "controls")),
        mean,
        var,
        tvar,
    };
    let past = |when: &str, mean, why: &str| HistoryPoint {
        at: at(when),
        hash: "8f3a91c27b00".to_owned(),
        mean: Some(mean),
        var99: Some(mean * 10.0),
        tvar99: Some(mean * 19.0),
        why: why.to_owned(),
    };
    PortfolioView {
        run: Some(run()),
        heading: "mean",
        mean: figure(693e3),
        sd: Some(1.4e6),
        p10: Some(31e3),
        p50: Some(257e3),
        p90: Some(1.6e6),
        no_loss: Some(0.0145),
        var: vec![level("95", 2.57e6), level("99", 6.94e6), level("99.9", 22.1e6)],
        tvar: vec![level("95", 5.9e6), level("99", 13.5e6)],
        curves: vec![curve("current", 1.0, 0.985), curve("plan", 0.7, 0.98), curve("inherent", 1.9, 0.99)],
        appetite: appetite(),
        contributors: SCENARIOS.iter().enumerate().map(contributor).collect(),
        sources: [("evidence", 0.31), ("study", 0.15), ("expert", 0.13), ("placeholder", 0.41)]
            .map(|(kind, share)| ShareView { kind: kind.to_owned(), share })
            .into(),
        outside: vec![OutsideView {
            record: record("RSK-0021", "Flood in the data room", "risks"),
            why: "no scenario and no estimate".to_owned(),
        }],
        change: Some(ChangeView {
            since: at("2026-07-12T06:00:00Z"),
            from_hash: "1c2a".to_owned(),
            mean: (640e3, 693e3),
            var: (6.4e6, 6.94e6),
            tvar: (12.6e6, 13.5e6),
            causes: vec![
                cause("Multi-factor sign-in coverage fell 98.0 -> 91.0 %", "CTL-0014", 61e3, 590e3, 980e3),
                cause("Backup efficacy rose 70.0 -> 78.2 %", "CTL-0020", -8e3, -50e3, -80e3),
            ],
            sentence: "Annual loss 640 k -> 693 k because multi-factor sign-in coverage fell 98.0 -> 91.0 %"
                .to_owned(),
        }),
        draft: None,
        steps: vec![
            step("inherent", "No modelled control", 1.36e6, 0.0),
            step("mfa", "Multi-factor sign-in", 1.08e6, 280e3),
            step("mail", "Mail filter", 0.93e6, 150e3),
            step("patch", "Patches in time", 0.79e6, 140e3),
            step("backup", "Backup that restores", 693e3, 97e3),
        ],
        cover: Some(CoverView {
            gross: Some(760e3),
            recovered: Some(67e3),
            net: Some(693e3),
            premium: 85e3,
            reinstatement: 2e3,
        }),
        incidents_without_scenario: vec![record("INC-0007", "Water in the server room", "incidents")],
        history: vec![
            past("2025-09-01T06:00:00Z", 910e3, ""),
            past("2025-11-20T06:00:00Z", 805e3, "Mail filter coverage rose 60.0 -> 93.0 %"),
            past("2026-02-10T06:00:00Z", 640e3, "Patches in time: reliability rose 71.0 -> 88.0 %"),
            past("2026-08-12T06:00:00Z", 693e3, "Multi-factor sign-in coverage fell 98.0 -> 91.0 %"),
        ],
        notes: vec!["the loss of Medical devices has a heavy tail: read the median first".to_owned()],
    }
}

/// The body of one of the pages.
pub(super) fn body(page: &str) -> Option<Markup> {
    let taste = taste();
    Some(match page {
        "portfolio" => pages::portfolio_body(&taste, &portfolio()),
        "nothing" => pages::portfolio_body(&taste, &PortfolioView { run: None, ..portfolio() }),
        "investments" => pages::investments_body(&taste, &investments()),
        "appetite" => pages::appetite_body(&taste, &appetite_page()),
        "estimates" => pages::estimates_body(&taste, &estimates()),
        "risk" => pages::risk_body(&taste, &super::risk_one::risk(), Some(&super::risk_one::tried())),
        "matrix" => pages::matrix_body(&taste, &super::risk_one::matrix()),
        "run" => pages::run_body(&taste, &super::risk_one::run_record()),
        _ => return None,
    })
}

/// The way to each page.
pub(super) fn links() -> Markup {
    let all = [
        ("portfolio", "Portfolio"),
        ("nothing", "Before the first run"),
        ("risk", "One risk"),
        ("investments", "Investments"),
        ("appetite", "Appetite"),
        ("estimates", "Estimates"),
        ("matrix", "Matrix"),
        ("run", "Record of a run"),
    ];
    html! { p.row { @for (page, name) in all { a href={ "/design/risk/" (page) } { (name) } } } }
}
