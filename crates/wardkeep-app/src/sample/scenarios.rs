//! Twelve scenarios of the organisation's own, copied from the built-in library and estimated by people of the house,
//! linked to its controls; with them appetite, measures, insurance, an indicator, a matrix, an exchange rate and one
//! acceptance. The figures of the year are then worked out by the engine, measurement by measurement.

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

/// Control of the library, baseline control of ours.
#[rustfmt::skip]
const OURS: [(&str, &str); 12] = [
    ("mfa", "mfa"), ("access", "privileged-access"), ("aware", "awareness-training"), ("patch", "vulnerability-fixing"),
    ("cloudcfg", "secure-configuration"), ("edr", "malware-protection"), ("segment", "network-exposure"),
    ("monitor", "alert-triage"), ("respond", "incident-handling"), ("backup", "backup-restore"),
    ("crypt", "encryption"), ("supplier", "supplier-reviews"),
];

/// Key, name, risk, owner, thousand EUR once and a year, staff-days, control, expected coverage, reliability, efficacy,
/// what it needs, how far it is.
type Bought = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    [i64; 2],
    i64,
    &'static str,
    [&'static str; 3],
    &'static str,
    &'static str,
);

#[rustfmt::skip] // one row a line
const BOUGHT: [Bought; 8] = [
    ("keys", "Hardware keys for everybody who can change systems", "admin", "infra", [85, 12], 60, "mfa", ["99", "97", "96"], "", "under_way"),
    ("vaults", "Privileged accounts in a vault, opened for hours", "ransom", "infra", [140, 35], 90, "privileged-access", ["97", "95", "75"], "keys", "proposed"),
    ("segments", "Medical devices in networks of their own", "devices", "biomed", [260, 40], 180, "network-exposure", ["90", "94", "70"], "", "approved"),
    ("night", "Night shift for alerts from the provider", "staff", "soc", [20, 145], 25, "alert-triage", ["96", "95", "65"], "", "proposed"),
    ("drills", "Restore drills for the ten largest systems, twice a year", "ehr_down", "infra", [30, 24], 70, "backup-restore", ["98", "96", "85"], "", "approved"),
    ("phish", "Training by simulated mails, four a year", "bec", "deputy", [15, 22], 30, "awareness-training", ["98", "93", "60"], "", "proposed"),
    ("patching", "Updates within three days for what is reachable", "portal", "apps", [45, 60], 110, "vulnerability-fixing", ["98", "92", "65"], "", "proposed"),
    ("suppliers", "Contracts that name deadlines and exits", "ehr_supplier", "deputy", [35, 15], 45, "supplier-reviews", ["90", "92", "55"], "", "draft"),
];

/// Plans all of it.
pub(super) fn plan(plan: &mut Plan) -> Result<(), Error> {
    let library =
        wardkeep_risk::library::model().map_err(|p| Error::fault(format!("library: {}", p.message)))?;
    money(plan);
    matrix(plan);
    let scenarios: Vec<Id> =
        TOLD.iter().enumerate().map(|(n, told)| one(plan, n as i64, told, &library)).collect();
    appetite(plan);
    measures(plan);
    cover(plan, &scenarios);
    accepted(plan);
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
    let told = Estimated { scenario: id, who, source, reason, root };
    told.add(
        plan,
        at,
        &format!("{key}/rate"),
        "How many times a year, between which two numbers?",
        "rate",
        "times",
        &rate,
        &anchors,
        index,
    );
    told.add(
        plan,
        at,
        &format!("{key}/loss"),
        "What would one such event cost, between which two amounts?",
        "loss",
        "amount",
        &amount,
        "",
        index,
    );
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

/// What estimates of one scenario share.
struct Estimated {
    scenario: Id,
    who: Id,
    source: &'static str,
    reason: &'static str,
    root: Id,
}

impl Estimated {
    #[allow(clippy::too_many_arguments)] // the parts of one estimate
    fn add(
        &self,
        plan: &mut Plan,
        after: wardkeep_types::Moment,
        key: &str,
        question: &str,
        about: &str,
        field: &'static str,
        value: &str,
        anchor: &str,
        index: i64,
    ) {
        let ciso = plan.who("ciso");
        let at = plan.after(after, 1);
        let mut sheet = Sheet::new()
            .set("name", question)
            .set("scenario", self.scenario)
            .set("about", about)
            .set("shape", "interval")
            .set(field, value)
            .set("owner", self.who)
            .set("stated_on", at.date())
            .set("source", self.source)
            .set("reason", self.reason)
            .set("anchor", anchor)
            // A few are due, and two overdue.
            .set("renew_by", plan.day(18 - index * 23));
        if about == "loss" {
            sheet = sheet.set("form", "total").set("time_driven", "yes");
        }
        if self.source == "study" {
            sheet = sheet.set("study", "Carrier's report on attacks by load, last year");
        }
        let id = plan.add(at, ciso, "estimate", key, self.root, sheet, "");
        let used = plan.after(at, 0);
        plan.step(used, ciso, "estimate", id, "use", "");
    }
}

fn appetite(plan: &mut Plan) {
    let (ciso, ceo) = (plan.who("ciso"), plan.who("ceo"));
    let owner = plan.id("person/cfo");
    let rows: [(&str, &str, &str, &[(&'static str, &'static str)]); 4] = [
        (
            "mean",
            "What goes wrong costs us less than 1.7 million in a usual year",
            "group",
            &[("measure", "mean"), ("limit_money", "1700000 EUR"), ("warning_money", "1500000 EUR")],
        ),
        (
            "rare",
            "A year above fifteen million comes to the hospital once in twenty years at most",
            "hospital",
            &[
                ("measure", "exceedance"),
                ("amount", "15000000 EUR"),
                ("limit_chance", "5"),
                ("warning_chance", "3.5"),
            ],
        ),
        (
            "worst",
            "The worst years stay within what the reserves bear",
            "group",
            &[
                ("measure", "tvar"),
                ("level", "99"),
                ("limit_money", "30000000 EUR"),
                ("warning_money", "25000000 EUR"),
            ],
        ),
        (
            "insurer",
            "The insurer loses no more than three million in 99 of 100 years",
            "insurer",
            &[("measure", "var"), ("level", "99"), ("limit_money", "3000000 EUR")],
        ),
    ];
    for (key, name, unit, values) in rows {
        let at = plan.work(BEGIN - 20);
        let root = plan.id("unit/group");
        let mut sheet = Sheet::named(name)
            .set("owner", owner)
            .set("reason", "Set by the board from the reserves and the results of the last five years.");
        if unit != "group" {
            let scope = plan.id(&format!("unit/{unit}"));
            sheet = sheet.set("scope", scope);
        }
        for (field, value) in values {
            sheet = sheet.set(field, value);
        }
        let id = plan.add(at, ciso, "appetite", key, root, sheet, "");
        let asked = plan.after(at, 0);
        plan.step(asked, ciso, "appetite", id, "ask", "");
        let agreed = plan.after(asked, 4);
        plan.step(agreed, ceo, "appetite", id, "approve", "agreed by the board");
        let dated = plan.after(agreed, 0);
        plan.edit(dated, ciso, "appetite", id, Sheet::new().set("approved_on", agreed.date()), "");
    }
    let (control, statement) = (plan.id("control/mfa"), plan.id("appetite/worst"));
    let at = plan.work(BEGIN - 60);
    let infra = plan.id("person/infra");
    let root = plan.id("unit/group");
    let sheet = Sheet::named("Sign-in with a second factor: coverage")
        .set("control", control)
        .set("quantity", "coverage")
        .set("appetite", statement)
        .set("alarm_at", "20")
        .set("owner", infra);
    let id = plan.add(at, ciso, "indicator", "mfa", root, sheet, "");
    let watched = plan.after(at, 0);
    plan.step(watched, ciso, "indicator", id, "watch", "");
}

fn measures(plan: &mut Plan) {
    let (ciso, ceo, root) = (plan.who("ciso"), plan.who("ceo"), plan.id("unit/group"));
    for (n, (key, name, risk, owner, cost, days, control, expected, needs, stage)) in
        BOUGHT.into_iter().enumerate()
    {
        let at = plan.work(150 - 6 * n as i64);
        let (risk, owner) = (plan.id(&format!("risk/{risk}")), plan.id(&format!("person/{owner}")));
        let control = plan.id(&format!("control/{control}"));
        let needs = plan.ids("treatment_plan", needs);
        let sheet = Sheet::named(name)
            .set("risk", risk)
            .set("response", "reduce")
            .set("owner", owner)
            .set("cost_once", format!("{}000 EUR", cost[0]))
            .set("cost_yearly", format!("{}000 EUR", cost[1]))
            .set("staff_days", days)
            .set("starts_on", plan.day(40))
            .set("ends_on", plan.day(-(70 + 20 * n as i64)))
            .set("control", control)
            .set("expected_coverage", expected[0])
            .set("expected_reliability", expected[1])
            .set("expected_efficacy", expected[2])
            .all("needs", &needs);
        let id = plan.add(at, ciso, "treatment_plan", key, root, sheet, "");
        if stage == "draft" {
            continue;
        }
        let asked = plan.after(at, 1);
        plan.step(asked, ciso, "treatment_plan", id, "propose", "");
        if stage == "proposed" {
            continue;
        }
        let agreed = plan.after(asked, 6);
        plan.step(agreed, ceo, "treatment_plan", id, "approve", "within this year's budget");
        if stage == "under_way" {
            let begun = plan.after(agreed, 9);
            plan.step(begun, ciso, "treatment_plan", id, "start", "");
        }
    }
}

fn cover(plan: &mut Plan, scenarios: &[Id]) {
    let (ciso, root, owner) = (plan.who("ciso"), plan.id("unit/group"), plan.id("person/cfo"));
    let at = plan.work(205);
    let covered: Vec<Id> = [0, 2, 5].iter().filter_map(|n| scenarios.get(*n).copied()).collect();
    let sheet = Sheet::named("Cyber policy of the group")
        .all("covers", &covered)
        .set(
            "exclusions",
            "War, fines, bodily injury, and what a known and unmended weakness of more than 60 days caused.",
        )
        .set("annual_retention", "500000 EUR")
        .set("annual_limit", "5000000 EUR")
        .set("premium", "310000 EUR")
        .set("owner", owner)
        .set("starts_on", at.date())
        .set("until", at.date().plus_days(364));
    let id = plan.add(at, ciso, "insurance", "cyber", root, sheet, "");
    let bound = plan.after(at, 0);
    plan.step(bound, ciso, "insurance", id, "bind", "");
    let at = plan.work(240);
    let shared: Vec<Id> = [1, 7, 9].iter().filter_map(|n| scenarios.get(*n).copied()).collect();
    let owner = plan.id("person/infra");
    let sheet = Sheet::named("Identity platform")
        .set("kind", "frailty")
        .set("spread", "25")
        .all("scenarios", &shared)
        .set("reason", "One directory stands behind all three: a bad year for it is a bad year for each.")
        .set("owner", owner);
    let id = plan.add(at, ciso, "shared_factor", "identity", root, sheet, "");
    let used = plan.after(at, 0);
    plan.step(used, ciso, "shared_factor", id, "use", "");
}

/// The one that is lived with; its figures are those of the engine when it is asked for.
fn accepted(plan: &mut Plan) {
    let (dpo, ceo, root) = (plan.who("ciso"), plan.who("ceo"), plan.id("unit/group"));
    let (risk, owner) = (plan.id("risk/insider"), plan.id("person/ciso"));
    let at = plan.work(62);
    let sheet = Sheet::named("Curiosity among staff, as far as the monthly look leaves it")
        .set("risk", risk)
        .set("owner", owner)
        .set("reason", "A closer watch would cost more than it saves and harm trust on the wards.")
        .set("conditions", "The monthly look at unusual access goes on.")
        .set("starts_on", at.date())
        .set("until", at.date().plus_days(365));
    let id = plan.add(at, dpo, "acceptance", "insider", root, sheet, "");
    let asked = plan.after(at, 0);
    plan.step(asked, dpo, "acceptance", id, "ask", "");
    let agreed = plan.after(asked, 5);
    plan.step(agreed, ceo, "acceptance", id, "approve", "what is left is small and watched");
}
