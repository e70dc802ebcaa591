//! What people of the house had estimated in earlier years, with what came of it, and one question that two answered:
//! so that it is known whose ranges hold, and answers are pooled by it.

use super::super::plan::{Plan, Sheet};
use wardkeep_types::{Date, Id};

/// Scenario, person, years ago, question, about, 5 and 95 % points (times, or thousand EUR), outcome, why.
type Asked = (
    &'static str,
    &'static str,
    i64,
    &'static str,
    &'static str,
    [&'static str; 2],
    &'static str,
    &'static str,
);

#[rustfmt::skip] // one row a line
const ASKED: [Asked; 25] = [
    ("web-compromise", "apps", 3, "Ways in that the yearly test of the portals finds", "rate", ["1", "6"], "held", "Two to four in the tests before."),
    ("web-compromise", "apps", 2, "Ways in that the yearly test of the portals finds", "rate", ["1", "5"], "held", "Two in the test before."),
    ("cloud-exposure", "apps", 3, "Open stores found in a year", "rate", ["0.2", "3"], "held", "One in the year before."),
    ("cloud-exposure", "apps", 2, "Open stores found in a year", "rate", ["0.3", "3"], "held", "Settings are checked every night now."),
    ("external-breach", "apps", 3, "Cost of counsel and letters for the leak at the portal", "loss", ["12", "60"], "held", "Offers of two law firms."),
    ("external-breach", "apps", 2, "Cost of the test of the new portal and what it finds", "loss", ["15", "55"], "above", "As for the old portal."),
    ("supplier-breach", "apps", 3, "Suppliers that tell us of a breach in a year", "rate", ["0.1", "1.5"], "held", "One in five years."),
    ("denial-of-service", "infra", 3, "Floods of our lines in a year", "rate", ["0.5", "4"], "held", "The carrier saw two in the year before."),
    ("denial-of-service", "infra", 2, "Floods of our lines in a year", "rate", ["0.5", "3"], "held", "As before; the carrier filters."),
    ("supplier-outage", "infra", 3, "Days a year on which a supplier stands still", "rate", ["2", "10"], "held", "Our tickets of the year before."),
    ("supplier-outage", "infra", 2, "Days a year on which a supplier stands still", "rate", ["2", "9"], "held", "Our tickets of two years."),
    ("supplier-outage", "infra", 2, "Cost of the day without the directory", "loss", ["20", "90"], "above", "Hours of the wards, and those who came at night."),
    ("ransomware", "it", 3, "Restores a year that fail in the drill", "rate", ["1", "4"], "below", "Two in the year before."),
    ("ransomware", "it", 3, "Mails a year with harmful programs that somebody opens", "rate", ["2", "5"], "above", "Three in the year before."),
    ("ransomware", "it", 2, "Cost of cleaning the laboratory's computers", "loss", ["18", "30"], "above", "The offer of the service provider."),
    ("ransomware", "it", 2, "Mails a year with harmful programs that somebody opens", "rate", ["5", "12"], "held", "Nine in the year before."),
    ("ransomware", "it", 2, "Restores a year that fail in the drill", "rate", ["0.2", "2"], "held", "None in the year before."),
    ("insider", "dpo", 3, "Records looked at without cause in a year", "rate", ["3", "14"], "held", "Eight in the year before."),
    ("insider", "dpo", 2, "Records looked at without cause in a year", "rate", ["3", "12"], "held", "Seven in the year before."),
    ("privacy-fine", "dpo", 3, "Complaints at the authority in a year", "rate", ["0.5", "5"], "held", "Two in the year before."),
    ("privacy-fine", "dpo", 2, "Complaints at the authority in a year", "rate", ["1", "5"], "above", "Three in the year before."),
    ("bec", "insurance", 3, "Orders with changed bank details in a year", "rate", ["2", "12"], "held", "Five in the year before."),
    ("bec", "insurance", 2, "Loss of the order that went to a stranger", "loss", ["8", "40"], "held", "The bank had stopped most of it."),
    ("lost-device", "brinkau", 3, "Devices lost in a year", "rate", ["1", "6"], "held", "The desk's list."),
    ("lost-device", "brinkau", 2, "Devices lost in a year", "rate", ["2", "7"], "held", "The desk's list."),
];

/// Answers of earlier years, entered from the notes when the register began, and scored at once: their years are over.
pub(super) fn scored(plan: &mut Plan) {
    let (root, ciso) = (plan.id("unit/group"), plan.who("ciso"));
    for (n, (scenario, person, years, question, about, ends, outcome, reason)) in
        ASKED.into_iter().enumerate()
    {
        let from = plan.id(&format!("scenario/{scenario}"));
        // After the answers that count: these are older, so they never take their place.
        let made = plan.made_at(from);
        let at = plan.after(made, 9);
        let said = at.date().plus_days(-365 * years + 20);
        let answer = Answer {
            scenario: from,
            question,
            about,
            ends,
            person: plan.id(&format!("person/{person}")),
            said,
        };
        let sheet = answer.sheet().set("source", "expert").set("reason", reason).set("outcome", outcome);
        let id = plan.add(
            at,
            ciso,
            "estimate",
            &format!("asked/{n}"),
            root,
            sheet,
            "from the notes of earlier years",
        );
        let used = plan.after(at, 0);
        plan.step(used, ciso, "estimate", id, "use", "");
        let known = plan.after(used, 0);
        plan.step(known, ciso, "estimate", id, "score", "its year is over");
    }
}

/// A second answer to one question: both count, by how earlier ranges of the two held.
pub(super) fn second(plan: &mut Plan) {
    let (root, ciso) = (plan.id("unit/group"), plan.who("ciso"));
    let scenario = plan.id("scenario/web-compromise");
    let made = plan.made_at(scenario);
    let at = plan.after(made, 2);
    let answer = Answer {
        scenario,
        question: "How often a year: Our web application is broken into",
        about: "rate",
        ends: ["0.1", "0.7"],
        person: plan.id("person/infra"),
        said: at.date(),
    };
    let sheet = answer
        .sheet()
        .set("source", "expert")
        .set("reason", "What the filter in front of the portals stops in a month.")
        .set("renew_by", plan.day(-140));
    let id =
        plan.add(at, ciso, "estimate", "web-compromise/rate2", root, sheet, "asked apart from the first");
    let used = plan.after(at, 0);
    plan.step(used, ciso, "estimate", id, "use", "");
}

/// What one person said.
struct Answer {
    scenario: Id,
    question: &'static str,
    about: &'static str,
    ends: [&'static str; 2],
    person: Id,
    said: Date,
}

impl Answer {
    fn sheet(&self) -> Sheet {
        let ends = self.ends.map(|end| end.parse::<f64>().unwrap_or(1.0));
        let middle = (ends[0] * ends[1]).sqrt();
        let sheet = Sheet::new()
            .set("name", self.question)
            .set("scenario", self.scenario)
            .set("about", self.about)
            .set("shape", "interval")
            .set("owner", self.person)
            .set("stated_on", self.said);
        if self.about == "loss" {
            let euros = |thousand: f64| format!("{:.0} EUR", thousand * 1_000.0);
            sheet
                .set("amount", format!("{}|{}|{}", euros(ends[0]), euros(middle), euros(ends[1])))
                .set("form", "total")
        } else {
            sheet.set("times", format!("{}|{middle:.4}|{}", self.ends[0], self.ends[1]))
        }
    }
}
