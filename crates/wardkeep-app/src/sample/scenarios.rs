//! Twelve scenarios of the organisation's own, copied from the built-in library and estimated by people of the house,
//! linked to its controls; with them appetite, measures, insurance, an indicator, a matrix, an exchange rate and one
//! acceptance. The figures of the year are then worked out by the engine, measurement by measurement.

mod asked;
mod decided;

use super::organisation::BEGIN;
use super::plan::{Plan, Sheet};
use crate::Error;
use wardkeep_risk::model::{Factor, Model, SourceKind};
use wardkeep_types::Id;

/// Library key, risk, who is asked, times a year (5 %, 95 %), thousand EUR an event (5 %, 95 %), what it rests on, why.
type Told =
    (&'static str, &'static str, &'static str, [&'static str; 2], [i64; 2], &'static str, &'static str);

#[rustfmt::skip] // one row a line
const TOLD: [Told; 12] = [
    ("ransomware", "ransom", "it", ["0.03", "0.2"], [250, 7_500], "expert", "Two of eleven comparable hospitals in eight years; the loss follows the days on paper."),
    ("bec", "bec", "insurance", ["0.15", "0.8"], [12, 310], "expert", "One attempt in three gets as far as an order; two payments were stopped at the bank."),
    ("external-breach", "portal", "apps", ["0.03", "0.2"], [90, 4_200], "expert", "The last two penetration tests each found one way in; letters and counsel cost most."),
    ("insider", "insider", "dpo", ["0.1", "0.7"], [8, 190], "expert", "Counted from the monthly look at unusual access."),
    ("supplier-outage", "identity_down", "infra", ["0.25", "1.2"], [11, 420], "expert", "Our own tickets of four years."),
    ("supplier-breach", "ehr_supplier", "apps", ["0.03", "0.2"], [60, 2_300], "expert", "Nine suppliers hold records; one told us of a breach in five years."),
    ("lost-device", "lost", "brinkau", ["1.5", "7"], [1, 14], "expert", "The desk's list of lost devices."),
    ("web-compromise", "members_portal", "apps", ["0.06", "0.45"], [18, 640], "expert", "As with the patient portal, with fewer visitors."),
    ("denial-of-service", "ddos", "infra", ["0.2", "1.3"], [4, 130], "study", "The carrier's yearly figures for customers of our size."),
    ("cloud-exposure", "cloud_open", "apps", ["0.05", "0.4"], [20, 1_400], "expert", "Two open stores were found in two years, one before anybody else did."),
    ("privacy-fine", "misdirect", "dpo", ["0.03", "0.25"], [15, 1_800], "expert", "Decisions of the authority against insurers of our size."),
    ("destructive-ot", "devices", "biomed", ["0.004", "0.04"], [280, 16_000], "placeholder", "Nobody here has seen one; taken from the library until somebody has looked closer."),
];

/// Of orders in a false name: how often they come, and why.
const TRIED: (&str, &str) = ("0.45|1.04|2.4", "What the mail filter and the clerks noted in two years.");
/// Percent of them that are carried out: least, most likely, most.
const OPEN: [&str; 3] = ["15", "33", "55"];

/// Control of the library, baseline control of ours.
#[rustfmt::skip]
const OURS: [(&str, &str); 12] = [
    ("mfa", "mfa"), ("access", "privileged-access"), ("aware", "awareness-training"), ("patch", "vulnerability-fixing"),
    ("cloudcfg", "secure-configuration"), ("edr", "malware-protection"), ("segment", "network-exposure"),
    ("monitor", "alert-triage"), ("respond", "incident-handling"), ("backup", "backup-restore"),
    ("crypt", "encryption"), ("supplier", "supplier-reviews"),
];

/// Plans all of it.
pub(super) fn plan(plan: &mut Plan) -> Result<(), Error> {
    let library =
        wardkeep_risk::library::model().map_err(|p| Error::fault(format!("library: {}", p.message)))?;
    money(plan);
    matrix(plan);
    let scenarios: Vec<Id> =
        TOLD.iter().enumerate().map(|(n, told)| one(plan, n as i64, told, &library)).collect();
    asked::scored(plan);
    asked::second(plan);
    decided::appetite(plan);
    decided::measures(plan);
    decided::cover(plan, &scenarios);
    decided::accepted(plan);
    Ok(())
}

fn money(plan: &mut Plan) {
    let (root, ciso) = (plan.id("unit/group"), plan.who("ciso"));
    for (n, (ago, rate)) in [(BEGIN - 4, "0.93"), (170, "0.91"), (28, "0.92")].into_iter().enumerate() {
        let at = plan.work(ago);
        let sheet = Sheet::named("US dollar in euros")
            .set("from_currency", "USD")
            .set("to_currency", "EUR")
            .set("rate", rate)
            .set("dated", at.date())
            .set("publisher", "reference rate of the house bank (sample)");
        let id = plan.add(at, ciso, "exchange_rate", &format!("usd{n}"), root, sheet, "");
        let used = plan.after(at, 0);
        plan.step(used, ciso, "exchange_rate", id, "use", "");
    }
}

fn matrix(plan: &mut Plan) {
    let (root, ciso) = (plan.id("unit/group"), plan.who("ciso"));
    let at = plan.work(BEGIN - 12);
    let owner = plan.id("person/ciso");
    let sheet = Sheet::named("House matrix, five by five")
        .set("likelihood", "Very rare 0.01 .. 0.05\nRare 0.05 .. 0.2\nPossible 0.2 .. 0.5\nLikely 0.5 .. 1\nOften 1 .. 10")
        .set("impact", "Minor 1000 .. 10000\nModerate 10000 .. 100000\nSerious 100000 .. 500000\nSevere 500000 .. 2000000\nThreatening 2000000 .. 20000000")
        .set("formula", "product")
        .set("bands", "Low 4\nMedium 9\nHigh 16\nCritical 25")
        .set("currency", "EUR")
        .set("owner", owner)
        .set("review_on", plan.day(-60));
    let id = plan.add(at, ciso, "risk_matrix", "house", root, sheet, "");
    let used = plan.after(at, 0);
    plan.step(used, ciso, "risk_matrix", id, "use", "");
    // What the workshops said in words; the newest risks have not been talked about.
    let words = "ransom 3 5|ransom_us 2 4|bec 4 2|ehr_down 3 3|devices 2 5|insider 5 1|misdirect 5 1|lost 5 1|cloud_open 3 4|portal 4 3|members_portal 3 3|ehr_supplier 2 5|us_cloud 3 3|identity_down 4 2|admin 2 5|nis2 3 2|hipaa_fine 2 3|dora_exit 1 4|fraud 5 1|ai_letters 5 1|staff 5 2|ddos 4 2|tele 5 1";
    for (n, line) in words.split('|').enumerate() {
        let mut parts = line.split_whitespace();
        let (Some(risk), Some(l), Some(i)) = (parts.next(), parts.next(), parts.next()) else { continue };
        let risk = plan.id(&format!("risk/{risk}"));
        let at = plan.made_at(risk);
        let said = plan.after(at.max(used), 5 + n as i64 % 4);
        let sheet = Sheet::new().set("matrix", id).set("likelihood", l).set("impact", i);
        plan.edit(said, ciso, "risk", risk, sheet, "said in the risk workshop");
    }
}

fn one(plan: &mut Plan, index: i64, told: &Told, library: &Model) -> Id {
    let (key, risk, person, times, loss, source, reason) = *told;
    let (ciso, who) = (plan.who("ciso"), plan.id(&format!("person/{person}")));
    let (root, risk) = (plan.id("unit/group"), plan.id(&format!("risk/{risk}")));
    let Some(known) = library.scenario(key) else { return Id::NIL };
    // A day after its risk; estimated with it.
    let made = plan.made_at(risk);
    let at = plan.after(made, 1);
    let weights: Vec<String> = known.techniques.iter().map(|(id, w)| format!("{id} {w}")).collect();
    let mut sheet = Sheet::named(known.name.as_str())
        .set("risk", risk)
        .set("owner", who)
        .set("actor", &known.actor)
        .set("harmed", &known.asset)
        .set("effect", &known.effect)
        .set("claim", &known.claim)
        .set("basis", "with_reference_controls")
        .set("techniques", weights.join("\n"))
        .set("library_key", key)
        .set("review_on", plan.day(-(20 + index * 17)));
    if let Some(c) = known.containment {
        let percent = |p: wardkeep_risk::Probability| format!("{:.0}", 100.0 * p.value());
        sheet = sheet
            .set("seen", percent(c.seen))
            .set("acted", percent(c.acted))
            .set("hours_to_harm", format!("{:.0}", c.hours))
            .set("hours_to_respond", format!("{:.0}", c.mttr_hours))
            .set("remaining_loss", percent(c.remaining_loss));
    }
    let id = plan.add(at, ciso, "scenario", key, root, sheet, "from the library");
    let middle = |low: f64, high: f64| (low * high).sqrt();
    let number = |text: &str| text.parse::<f64>().unwrap_or(1.0);
    let (low, high) = (number(times[0]), number(times[1]));
    let euros = |thousand: f64| format!("{:.0} EUR", thousand * 1_000.0);
    let likely = middle(loss[0] as f64, loss[1] as f64);
    let rate = format!("{}|{:.4}|{}", times[0], middle(low, high), times[1]);
    let amount = format!("{}|{}|{}", euros(loss[0] as f64), euros(likely), euros(loss[1] as f64));
    let anchors = known.rate.as_ref().map(|r| r.anchor.clone()).unwrap_or_default();
    let told = Estimated { scenario: id, who, source, index, root };
    let mut say = |name: &str, question: &str, sheet: Sheet| {
        told.add(plan, at, &format!("{key}/{name}"), &format!("{question}: {}", known.name), sheet);
    };
    if key == "bec" {
        // Estimated by its parts: how often it is tried, and how often that succeeds.
        let sheet = said("threat_events", "interval", TRIED.1).set("times", TRIED.0);
        say("threat", "How often is it tried in a year", sheet);
        let [low, likely, high] = OPEN;
        let sheet = said("vulnerability", "three_points", reason).set("chance", likely);
        say("open", "How likely does a try succeed", sheet.set("chance_low", low).set("chance_high", high));
    } else {
        let sheet = said("rate", "interval", reason).set("times", &rate).set("anchor", &anchors);
        say("rate", "How often a year", sheet);
    }
    let sheet = said("loss", "interval", reason).set("amount", &amount);
    say("loss", "How much each time", sheet.set("form", "total").set("time_driven", "yes"));
    let used = plan.after(at, 3);
    plan.step(used, ciso, "scenario", id, "use", "");
    for effect in library.effects.iter().filter(|e| e.scenario == key) {
        let Some((_, ours)) = OURS.iter().find(|(theirs, _)| *theirs == effect.control) else { continue };
        let Some(spec) = library.controls.iter().find(|c| c.id == effect.control) else { continue };
        let control = plan.id(&format!("control/{ours}"));
        let percent = |share: f64| format!("{:.0}", 100.0 * share);
        let factor = match effect.on {
            Factor::EventFrequency => "event_frequency",
            Factor::Susceptibility => "susceptibility",
            Factor::SecondaryChance => "secondary_chance",
            Factor::Detection => "detection",
            Factor::Response => "response",
            Factor::Recovery => "recovery",
        };
        // Without a split of the loss there is no secondary part on which encryption could act.
        if effect.on == Factor::SecondaryChance {
            continue;
        }
        let source = if effect.source == SourceKind::Study { "study" } else { "expert" };
        let officer = plan.id("person/deputy");
        let sheet = Sheet::named(format!("{} against {}", spec.name, known.name.to_lowercase()))
            .set("control", control)
            .set("scenario", id)
            .set("factor", factor)
            .set("kappa", percent(effect.kappa.value()))
            .set("source", source)
            .set("joins", "alone")
            .set("assumed_coverage", percent(spec.reference.coverage))
            .set("assumed_reliability", percent(spec.reference.reliability))
            .set("assumed_efficacy", percent(spec.reference.intact))
            .set("owner", officer);
        let linked = plan.after(used, 0);
        let name = format!("{key}/{}", effect.control);
        let link = plan.add(linked, ciso, "control_effect", &name, root, sheet, "");
        let sure = plan.after(linked, 1);
        plan.step(sure, ciso, "control_effect", link, "confirm", "");
    }
    id
}

/// What one estimate says: about which number, how its ends are meant, and why.
fn said(about: &str, shape: &str, reason: &str) -> Sheet {
    Sheet::new().set("about", about).set("shape", shape).set("reason", reason)
}

/// What estimates of one scenario share.
struct Estimated {
    scenario: Id,
    who: Id,
    source: &'static str,
    index: i64,
    root: Id,
}

impl Estimated {
    fn add(&self, plan: &mut Plan, after: wardkeep_types::Moment, key: &str, question: &str, sheet: Sheet) {
        let ciso = plan.who("ciso");
        let at = plan.after(after, 1);
        let mut sheet = sheet
            .set("name", question)
            .set("scenario", self.scenario)
            .set("owner", self.who)
            .set("stated_on", at.date())
            .set("source", self.source)
            // A few are due, and two overdue.
            .set("renew_by", plan.day(18 - self.index * 23));
        if self.source == "study" {
            sheet = sheet.set("study", "Carrier's report on attacks by load, last year");
        }
        let id = plan.add(at, ciso, "estimate", key, self.root, sheet, "");
        let used = plan.after(at, 0);
        plan.step(used, ciso, "estimate", id, "use", "");
    }
}
