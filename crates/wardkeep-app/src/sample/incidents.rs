//! Incidents from the first sign to the lessons, and one that only a few may read.

use super::beside;
use super::plan::{Plan, Sheet, Who};
use wardkeep_types::{Id, Moment};

/// Hours after it was noticed until it was contained, rooted out, over; days until reviewed and closed.
struct Course {
    contained: i64,
    recovered: i64,
    reviewed: i64,
    closed: i64,
}

struct IncidentPlan {
    key: &'static str,
    unit: &'static str,
    name: &'static str,
    kind: &'static str,
    severity: &'static str,
    lead: &'static str,
    days_ago: i64,
    personal: &'static str,
    people: i64,
    countries: &'static str,
    services: &'static str,
    data: &'static str,
    suppliers: &'static str,
    risks: &'static str,
    exercise: bool,
    cost: &'static str,
    summary: &'static str,
    causes: &'static str,
    lessons: &'static str,
    course: Course,
}

const INCIDENTS: [IncidentPlan; 6] = [
    IncidentPlan {
        key: "phish",
        unit: "claims",
        name: "Password given away by mail",
        kind: "phishing",
        severity: "s3",
        lead: "soc",
        days_ago: 214,
        personal: "yes",
        people: 41,
        countries: "AT",
        services: "mail claims",
        data: "members",
        suppliers: "office",
        risks: "misdirect",
        exercise: false,
        cost: "18500 EUR",
        summary: "A claims handler entered a password on a copied sign-in page. The account was used from abroad for two hours; a rule forwarded mail. 41 members' mails were read.",
        causes: "No second factor for mail; the test mails were only in German; forwarding was open to all.",
        lessons: "Second factor for mail first, not last. Forwarding outside is off. The handler reported it herself: thanked in the meeting.",
        course: Course { contained: 3, recovered: 26, reviewed: 6, closed: 12 },
    },
    IncidentPlan {
        key: "laptop",
        unit: "brinkau",
        name: "Laptop stolen from a car",
        kind: "lost_device",
        severity: "s4",
        lead: "hospital_iso",
        days_ago: 163,
        personal: "special",
        people: 12,
        countries: "DE",
        services: "outpatient",
        data: "treatment",
        suppliers: "laptops",
        risks: "lost",
        exercise: false,
        cost: "1900 EUR",
        summary: "Taken overnight. Disk encrypted, wiped remotely at the next start; a folder held notes about 12 patients.",
        causes: "Notes were kept on the disk since the network in the annex is slow.",
        lessons: "Annex gets a line. Encryption held: no notice to patients was needed; judged by privacy.",
        course: Course { contained: 5, recovered: 30, reviewed: 4, closed: 9 },
    },
    IncidentPlan {
        key: "clearing",
        unit: "clinics",
        name: "Clearing house cannot be reached",
        kind: "supplier",
        severity: "s3",
        lead: "us_officer",
        days_ago: 121,
        personal: "no",
        people: 0,
        countries: "",
        services: "us_billing",
        data: "billing",
        suppliers: "clearinghouse",
        risks: "us_cloud",
        exercise: false,
        cost: "26400 USD",
        summary: "The supplier switched its systems off after an attack. Claims were kept for nine days and sent later. No data of ours were touched, by its letter.",
        causes: "One way to the payers only.",
        lessons: "Second clearing house under contract for emergencies.",
        course: Course { contained: 10, recovered: 216, reviewed: 14, closed: 24 },
    },
    IncidentPlan {
        key: "drill",
        unit: "hospital",
        name: "Drill: ransomware at night",
        kind: "ransomware",
        severity: "s2",
        lead: "soc",
        days_ago: 84,
        personal: "no",
        people: 0,
        countries: "",
        services: "ehr emergency hosting",
        data: "",
        suppliers: "mdr",
        risks: "ransom nis2",
        exercise: true,
        cost: "",
        summary: "Practice with the crisis team: the patient record is gone at 2 o'clock, a note asks for money, the press calls at 6.",
        causes: "Practice: an administrator's account without second factor.",
        lessons: "Early notice to the authority took five hours to write: a draft is ready now. Two telephone numbers were old.",
        course: Course { contained: 4, recovered: 9, reviewed: 2, closed: 12 },
    },
    IncidentPlan {
        key: "pacs",
        unit: "lab",
        name: "Image archive stands still",
        kind: "other",
        severity: "s3",
        lead: "apps",
        days_ago: 47,
        personal: "no",
        people: 0,
        countries: "",
        services: "imaging emergency",
        data: "imaging",
        suppliers: "pacs",
        risks: "ehr_down",
        exercise: false,
        cost: "7200 EUR",
        summary: "An update of the archive filled its disk. Pictures were read at the machines for seven hours.",
        causes: "No alarm on free space; the update was not tried on the second server first.",
        lessons: "Alarm at 80 %. Updates go to server 4 first.",
        course: Course { contained: 2, recovered: 7, reviewed: 3, closed: 200 },
    },
    IncidentPlan {
        key: "letters",
        unit: "claims",
        name: "Letters to wrong members",
        kind: "data_loss",
        severity: "s3",
        lead: "ict_risk",
        days_ago: 6,
        personal: "special",
        people: 140,
        countries: "AT, DE",
        services: "claims",
        data: "members",
        suppliers: "print",
        risks: "misdirect",
        exercise: false,
        cost: "",
        summary: "A print run mixed up envelopes: 140 members received the decision of another. The run is stopped; members are being written to.",
        causes: "",
        lessons: "",
        course: Course { contained: 8, recovered: 900, reviewed: 30, closed: 40 },
    },
];

/// Makes them and leads them through.
pub(super) fn plan(plan: &mut Plan) {
    for incident in &INCIDENTS {
        one(plan, incident);
    }
    restricted(plan);
}

fn handler(plan: &mut Plan, lead: &str) -> Who {
    // Applications may not lead in the register's eyes; the analyst writes for them.
    plan.who(if lead == "apps" { "soc" } else { lead })
}

fn one(plan: &mut Plan, i: &IncidentPlan) {
    let (unit, lead, who) =
        (plan.id(&format!("unit/{}", i.unit)), plan.id(&format!("person/{}", i.lead)), handler(plan, i.lead));
    let (analyst, deputy) = (plan.id("person/analyst"), plan.id("person/deputy"));
    let noticed = plan.work(i.days_ago);
    let began = noticed.plus_seconds(-plan.random.between(1_800, 28_000));
    let (services, data) = (plan.ids("service", i.services), plan.ids("data_category", i.data));
    let (suppliers, risks) = (plan.ids("supplier", i.suppliers), plan.ids("risk", i.risks));
    let entity = match i.unit {
        "claims" => "unit/insurer",
        "clinics" => "unit/clinics",
        _ => "unit/hospital",
    };
    let entity = plan.id(entity);
    let declared = plan.after(noticed, 0);
    let mut sheet = Sheet::named(i.name)
        .set("summary", i.summary)
        .set("kind", i.kind)
        .set("severity", i.severity)
        .set("owner", lead)
        .set("deputy", deputy)
        .all("handlers", &[analyst])
        .set("occurred_at", began)
        .set("detected_at", noticed)
        .set("personal_data", if i.people > 0 { "unknown" } else { i.personal })
        .all("services", &services)
        .all("data", &data)
        .all("suppliers", &suppliers)
        .all("entities", &[entity])
        .all("risks", &risks)
        .set("is_exercise", i.exercise)
        .set("tlp", "amber")
        .set("next_update_on", noticed.date().plus_days(1));
    let stolen = plan.id("asset/ws1004");
    if i.key == "laptop" && plan.was_there(stolen, declared) {
        sheet = sheet.all("assets", &[stolen]);
    }
    let id = plan.add(declared, who, "incident", i.key, unit, sheet, "");
    let analysed = plan.after(declared, 0);
    plan.step(analysed, who, "incident", id, "analyse", "");
    course(plan, i, id, who, noticed, analysed);
}

fn course(plan: &mut Plan, i: &IncidentPlan, id: Id, who: Who, noticed: Moment, analysed: Moment) {
    let contained = noticed.plus_seconds(i.course.contained * 3_600).max(analysed.plus_seconds(900));
    let mut sheet =
        Sheet::new().set("contained_at", contained).set("next_update_on", contained.date().plus_days(2));
    if i.people > 0 {
        sheet = sheet
            .set("personal_data", i.personal)
            .set("people_affected", i.people)
            .set("countries", i.countries);
    }
    let at = contained.plus_seconds(600);
    plan.edit(at, who, "incident", id, sheet, "it can no longer spread");
    plan.step(at.plus_seconds(300), who, "incident", id, "contain", "");
    plan.step(at.plus_seconds(5_400), who, "incident", id, "eradicate", "");
    plan.step(at.plus_seconds(9_000), who, "incident", id, "recover", "");
    let recovered = noticed.plus_seconds(i.course.recovered * 3_600).max(at.plus_seconds(10_000));
    plan.edit(
        recovered.plus_seconds(600),
        who,
        "incident",
        id,
        Sheet::new().set("recovered_at", recovered),
        "work goes on as before",
    );
    plan.step(recovered.plus_seconds(1_200), who, "incident", id, "review", "");
    let reviewed = plan.after(recovered.plus_seconds(1_200), i.course.reviewed);
    let mut lessons =
        Sheet::new().set("causes", i.causes).set("lessons", i.lessons).set("next_update_on", "");
    if !i.cost.is_empty() {
        lessons = lessons.set("cost", i.cost);
    }
    plan.edit(reviewed, who, "incident", id, lessons, "from the review meeting");
    let closed = plan.after(reviewed, i.course.closed);
    let second = plan.who("ciso");
    plan.step(closed, second, "incident", id, "close", "causes and lessons are drawn, measures have owners");
}

/// A matter of personnel: only those named may know that it exists.
fn restricted(plan: &mut Plan) {
    let (ciso, unit) = (plan.who("ciso"), plan.id("unit/hospital"));
    let people = plan.ids("person", "ciso dpo hospital_iso director");
    let noticed = plan.work(23);
    let made = plan.after(noticed, 0);
    let (lead, deputy, handlers) = (people[0], people[2], [people[1]]);
    let (services, data) = (plan.ids("service", "ehr"), plan.ids("data_category", "treatment"));
    let sheet = Sheet::named("Enquiry in the personnel department")
        .set("summary", "Records of a well-known patient were opened eleven times by an account that had no part in the treatment. The works council is informed.")
        .set("kind", "insider")
        .set("severity", "s3")
        .set("owner", lead)
        .set("deputy", deputy)
        .all("handlers", &handlers)
        .set("occurred_at", noticed.plus_seconds(-400_000))
        .set("detected_at", noticed)
        .set("personal_data", "special")
        .set("people_affected", 1)
        .set("countries", "DE")
        .all("services", &services)
        .all("data", &data)
        .set("tlp", "red")
        .set("next_update_on", plan.day(-2));
    let id = plan.add_restricted(made, ciso, "incident", "enquiry", unit, sheet);
    plan.beside(made.plus_seconds(1), ciso, beside::name(id, "incident", unit, &people));
    let analysed = plan.after(made, 1);
    plan.step(analysed, ciso, "incident", id, "analyse", "");
    let later = plan.after(analysed, 9);
    let found = Sheet::new()
        .set("causes", "Being looked into: who used the account, and whether it was left signed in.");
    plan.edit(later, ciso, "incident", id, found, "");
}
