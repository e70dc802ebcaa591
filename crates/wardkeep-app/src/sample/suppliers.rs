//! Forty suppliers: engaged with a second person's consent, renewed, left.

use super::organisation::BEGIN;
use super::plan::{Plan, Sheet, Who};
use wardkeep_registers::choices::Level::{self, Critical, High, Low, Medium};

/// Key, name, country, owner, what it does, data class, access, continuity, spend, data.
type SupplierPlan = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Level,
    Level,
    Level,
    Level,
    &'static str,
);

#[rustfmt::skip] // one row a line
const SUPPLIERS: [SupplierPlan; 40] = [
    ("ehr", "Corvanta Clinical Systems GmbH", "DE", "apps", "Software of the patient record, with remote maintenance", Critical, High, Critical, High, "treatment"),
    ("us_ehr", "Bluestem Practice Cloud Inc.", "US", "us_officer", "Clinic record as a service", Critical, Medium, Critical, Medium, "treatment billing"),
    ("datacentre", "Halden Rechenzentren AG", "DE", "infra", "Second data room, power and cooling", Low, High, Critical, Medium, ""),
    ("cloud", "Nimbora Cloud Europe S.A.", "LU", "infra", "Cloud accounts for portals and analytics", High, High, High, Medium, "treatment members"),
    ("claimsystem", "Polisoft Versicherungstechnik GmbH", "AT", "ict_risk", "Claims and policy system", High, High, Critical, High, "members"),
    ("identity", "Keystile Identity B.V.", "NL", "infra", "Directory and second factor as a service", High, Critical, Critical, Low, "staff"),
    ("mdr", "Vigil North Security Oy", "FI", "soc", "Watches alerts at night and at weekends", High, High, High, Medium, "security"),
    ("pacs", "Lumenaxis Imaging N.V.", "BE", "lab", "Image archive", Critical, High, High, Medium, "imaging"),
    ("labsystem", "Hematec Software S.r.l.", "IT", "lab", "Laboratory system", Critical, Medium, Critical, Low, "treatment"),
    ("monitors", "Vitalsens Monitoring GmbH", "DE", "biomed", "Patient monitors and their central station", High, High, Critical, Medium, "treatment"),
    ("anaesthesia", "Aeris Anaesthesia AB", "SE", "biomed", "Anaesthesia machines and maintenance", Low, Medium, High, Medium, ""),
    ("scanners", "Magnavue Diagnostics GmbH", "DE", "biomed", "CT and MRI, with remote maintenance", High, High, High, High, "imaging"),
    ("office", "Officium Suite Ltd", "IE", "it", "Mail, chat and documents as a service", High, Medium, High, Medium, "internal staff"),
    ("mailguard", "Siftline Mail Security Ltd", "IE", "soc", "Filters mail", Medium, Medium, Medium, Low, "internal"),
    ("backup", "Permafrost Backup ApS", "DK", "infra", "Backup software and an unchangeable copy elsewhere", High, High, High, Low, "treatment billing"),
    ("servers", "Granit Server Handel GmbH", "DE", "infra", "Servers, storage and repair", Low, Medium, High, Medium, ""),
    ("virtual", "Stratomere Virtualisation Inc.", "US", "infra", "Software that runs virtual servers", Low, Low, High, Medium, ""),
    ("firewall", "Palisade Networks Inc.", "US", "infra", "Firewalls and remote access", Medium, High, High, Low, "security"),
    ("carrier", "Rheinleiter Telekom AG", "DE", "infra", "Lines between the sites in Germany and Austria", Low, Medium, Critical, Medium, ""),
    ("carrier_us", "Prairie Fiber Cooperative", "US", "us_officer", "Lines of the clinics", Low, Medium, High, Low, ""),
    ("laptops", "Notebookwerk Leasing GmbH", "DE", "it", "Laptops on lease, wiped on return", Medium, Low, Medium, Medium, "internal"),
    ("teleradiology", "Nachtbefund Radiologen GbR", "DE", "lab", "Reads pictures at night", Critical, Medium, Medium, Low, "imaging"),
    ("reagents", "Reagentia Diagnostica S.p.A.", "IT", "lab", "Reagents and analysers", Low, Low, High, High, ""),
    ("wholesaler", "Apothia Grosshandel GmbH", "DE", "pharmacy", "Medicines", Low, Low, High, High, ""),
    ("clearinghouse", "Claimway Clearing LLC", "US", "us_officer", "Passes clinic claims to payers", High, Low, High, Low, "billing"),
    ("video", "Facewell Telehealth Inc.", "US", "us_officer", "Video visits", High, Low, Medium, Low, "treatment"),
    ("print", "Druckhaus Enns GmbH", "AT", "claims", "Prints and mails letters to members", High, Low, Medium, Low, "members"),
    ("bank", "Alpenbund Bank AG", "AT", "insurance", "Accounts and payments of the insurer", Medium, Low, Critical, Low, "billing"),
    ("payroll", "Lohnfix Abrechnung GmbH", "DE", "cfo", "Runs the payroll", High, Medium, Medium, Low, "staff"),
    ("erp", "Ledgerhof Software SE", "DE", "cfo", "Finance and purchasing software", Medium, Medium, Medium, Medium, "billing"),
    ("pentest", "Steelprobe Assessments GmbH", "DE", "ciso", "Tests our systems twice a year", Medium, High, Low, Low, "security"),
    ("training", "Lernpfad Akademie GmbH", "DE", "deputy", "Online training", Medium, Low, Low, Low, "staff"),
    ("cleaning", "Reinwerk Gebäudedienste GmbH", "DE", "hospital_iso", "Cleans rooms, data rooms under escort", Low, Medium, Low, Medium, ""),
    ("shredding", "Aktenmühle Vernichtung GmbH", "DE", "hospital_iso", "Destroys paper and disks", High, Low, Low, Low, "treatment"),
    ("ambulance", "Nordspange Rettung gGmbH", "DE", "acute", "Ambulances; sends readings ahead", High, Low, Medium, Low, "treatment"),
    ("dictation", "Vocalis Dictation AG", "CH", "apps", "Turns speech into letters with a language model", Critical, Low, Low, Low, "treatment"),
    ("survey", "Stimmlage Umfragen UG", "DE", "deputy", "Patient surveys", Medium, Low, Low, Low, "treatment"),
    ("archive", "Papyrion Archivdienste GmbH", "DE", "cfo", "Old paper records in its hall", High, Low, Low, Low, "treatment"),
    ("transcribe", "Notatrail Transcripts LLC", "US", "us_officer", "Typed clinic letters", Critical, Low, Low, Low, "treatment"),
    ("chatbot", "Plauderei AI GmbH", "AT", "ict_risk", "Answers members' questions by chat", High, Low, Low, Low, "members"),
];

/// Enters all and moves them through the year.
pub(super) fn plan(plan: &mut Plan) {
    for (index, supplier) in SUPPLIERS.iter().enumerate() {
        one(plan, index as i64, supplier);
    }
}

fn one(plan: &mut Plan, index: i64, supplier: &SupplierPlan) {
    let (key, name, country, owner, services, data_class, access, continuity, spend, data) = *supplier;
    let (officer, second) = match owner {
        "us_officer" => ("us_officer", "president"),
        "ict_risk" | "claims" | "insurance" => ("ict_risk", "insurance"),
        _ => ("deputy", "cfo"),
    };
    let unit = match officer {
        "us_officer" => "unit/clinics",
        "ict_risk" => "unit/insurer",
        _ => "unit/it",
    };
    let (unit, officer, second) = (plan.id(unit), plan.who(officer), plan.who(second));
    let (owner, data) = (plan.id(&format!("person/{owner}")), plan.ids("data_category", data));
    let tier = data_class.max(access).max(continuity).max(spend);
    // Contract ends are scattered: some within the year, so that they were renewed, some soon, some far ahead.
    let ends = [240, 130, 35, -25, -70, -190, -420, -800][(index % 8) as usize] + index % 5;
    let started = plan.random.between(500, 2_500);
    // The newest three came during the year.
    let first = if index >= 37 { [300, 210, 16][(index - 37) as usize] } else { BEGIN - 5 };
    let mut sheet = Sheet::named(name)
        .set("services", services)
        .set("owner", owner)
        .set("data_class", super::services::key(data_class))
        .set("access", super::services::key(access))
        .set("continuity", super::services::key(continuity))
        .set("spend", super::services::key(spend))
        .all("data", &data)
        .set("country", country)
        .set("contact_email", format!("security@{}.example", key.replace('_', "-")))
        .set("notice", "90d")
        .set("incident_notice", if tier >= High { "24h" } else { "72h" })
        .set("audit_right", tier >= High);
    if tier == Critical {
        sheet = sheet.set("exit_plan", "Data are exported monthly in an open format; a second supplier was asked for an offer; the change takes four months.");
    }
    if tier >= High {
        sheet = sheet.set("report_until", plan.day(-[200, 90, 20, -15][(index % 4) as usize]));
    }
    let (candidate, rejected) = (key == "chatbot", key == "survey");
    let begins = if candidate { -30 } else { started.max(first) };
    sheet = sheet
        .set("contract_start", plan.day(begins))
        .set("contract_end", plan.day(if index >= 37 { -400 } else { ends }));
    let at = if first == BEGIN - 5 { plan.at(first, 8, 0) } else { plan.work(first) };
    let id = plan.add(
        at,
        officer,
        "supplier",
        key,
        unit,
        sheet,
        if index < 37 { "taken over from the contract list" } else { "" },
    );
    let weighed = plan.after(at, 0);
    let system = Who::System("supplier tiers");
    plan.edit(weighed, system, "supplier", id, Sheet::new().set("tier", super::services::key(tier)), "");
    if candidate {
        return;
    }
    let decided = plan.after(at, 6);
    if rejected {
        plan.step(decided, officer, "supplier", id, "reject", "would not sign the data processing agreement");
        return;
    }
    plan.step(decided, second, "supplier", id, "engage", "questionnaire answered, contract checked");
    match key {
        "archive" => {
            plan.step(
                plan.at(60, 10, 12),
                officer,
                "supplier",
                id,
                "exit",
                "records move into our own archive",
            );
        }
        // Renewed some weeks before the end; what ended 35 days ago was forgotten.
        _ if ends >= 100 && index < 37 => {
            let renewed = plan.work(ends + 21);
            let until = Sheet::new().set("contract_end", plan.day(ends - 730));
            plan.edit(renewed, officer, "supplier", id, until, "renewed for two years");
            let done = plan.after(renewed, 0);
            plan.step(done, officer, "supplier", id, "renew", "performance and security reviewed");
        }
        _ => {}
    }
    if key == "training" {
        let left = plan.work(80);
        plan.step(left, officer, "supplier", id, "exit", "courses move to another academy");
        let ended = Sheet::new().set("contract_end", plan.day(12));
        plan.edit(plan.at(30, 9, 40), officer, "supplier", id, ended, "ends by agreement");
        plan.step(plan.at(8, 9, 5), officer, "supplier", id, "end", "accounts and data are back");
    }
}
