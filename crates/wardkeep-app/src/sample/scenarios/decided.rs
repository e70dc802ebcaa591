//! What was decided about the scenarios: appetite with its indicator, measures, cover, what they share, one acceptance.

use super::super::organisation::BEGIN;
use super::super::plan::{Plan, Sheet};
use wardkeep_types::Id;

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

pub(super) fn appetite(plan: &mut Plan) {
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
            "A year above ten million comes once in forty years at most",
            "group",
            &[
                ("measure", "exceedance"),
                ("amount", "10000000 EUR"),
                ("limit_chance", "2.5"),
                ("warning_chance", "1.8"),
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
    let (control, statement) = (plan.id("control/mfa"), plan.id("appetite/rare"));
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

pub(super) fn measures(plan: &mut Plan) {
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

pub(super) fn cover(plan: &mut Plan, scenarios: &[Id]) {
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
pub(super) fn accepted(plan: &mut Plan) {
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
