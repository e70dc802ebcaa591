//! What has no address: software, data sets, cloud accounts, places, AI systems.

use super::estate::{System, Thing};
use super::random::Random;

/// Key, name, unit, owner, services, data, supplier, exposure, product.
type Plain = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

#[rustfmt::skip] // one row a line
const CLOUD: [Plain; 6] = [
    ("111122223333", "Cloud account of the patient portal", "it", "apps", "portal", "treatment", "cloud", "internet", "Nimbora production"),
    ("111122224444", "Cloud account of the member portal", "claims", "apps", "members", "members", "cloud", "internet", "Nimbora production"),
    ("111122225555", "Cloud account for backups", "it", "infra", "backup", "treatment billing", "cloud", "internal", "Nimbora vault"),
    ("111122226666", "Cloud account for tests", "it", "apps", "portal", "", "cloud", "internet", "Nimbora test"),
    ("111122227777", "Cloud account for analytics", "group", "cfo", "finance", "billing", "cloud", "internal", "Nimbora analytics"),
    ("111122228888", "Cloud account of the clinics", "clinics", "us_officer", "us_ehr", "treatment", "cloud", "internet", "Nimbora US"),
];

#[rustfmt::skip] // one row a line
const SOFTWARE: [Plain; 26] = [
    ("corvanta-ehr", "Corvanta patient record", "hospital", "apps", "ehr", "treatment", "ehr", "internal", "Corvanta 23.4"),
    ("patient-portal", "Patient portal application", "hospital", "apps", "portal", "treatment", "", "internet", "own, 4.12"),
    ("member-portal", "Member portal application", "claims", "apps", "members", "members", "", "internet", "own, 2.8"),
    ("appointment-api", "Appointment interface", "hospital", "apps", "portal outpatient", "treatment", "", "internet", "own, 1.19"),
    ("hl7-router", "Message router", "hospital", "apps", "ehr lab imaging", "treatment", "", "internal", "own, 3.3"),
    ("claims-rules", "Claims rules engine", "claims", "apps", "claims", "members", "", "internal", "own, 7.1"),
    ("ward-board", "Ward board", "acute", "apps", "emergency ehr", "treatment", "", "internal", "own, 2.2"),
    ("hematec-lis", "Hematec laboratory system", "lab", "lab", "lab", "treatment", "labsystem", "internal", "Hematec 9"),
    ("lumenaxis-pacs", "Lumenaxis image archive", "lab", "lab", "imaging", "imaging", "pacs", "internal", "Lumenaxis 12"),
    ("polisoft", "Polisoft claims and policies", "claims", "claims", "claims policies", "members", "claimsystem", "internal", "Polisoft 2024"),
    ("rx-check", "Medication check", "hospital", "pharmacy", "pharmacy", "treatment", "", "internal", "Apothekar 5"),
    ("or-planner", "Theatre planning", "surgery", "surgery", "theatre", "treatment", "", "internal", "Schnittplan 8"),
    ("ledgerhof", "Ledgerhof finance", "group", "cfo", "finance", "billing", "erp", "internal", "Ledgerhof S/5"),
    ("lohnfix", "Lohnfix payroll", "group", "cfo", "finance", "staff", "payroll", "internal", "Lohnfix Online"),
    ("officium", "Officium mail and documents", "it", "it", "mail", "internal staff", "office", "internet", "Officium Suite"),
    ("keystile", "Keystile sign-in", "it", "infra", "identity", "staff", "identity", "internet", "Keystile Cloud"),
    ("bluestem", "Bluestem clinic record", "clinics", "us_officer", "us_ehr us_appointments", "treatment", "us_ehr", "internet", "Bluestem Cloud"),
    ("claimway", "Claimway clearing", "clinics", "us_officer", "us_billing", "billing", "clearinghouse", "internet", "Claimway"),
    ("facewell", "Facewell video visits", "pine", "us_officer", "telehealth", "treatment", "video", "internet", "Facewell"),
    ("permafrost", "Permafrost backup", "it", "infra", "backup", "treatment billing", "backup", "internal", "Permafrost 11"),
    ("siem", "Log search", "it", "soc", "monitoring", "security", "", "internal", "own, on Debian"),
    ("edr", "Endpoint protection", "it", "soc", "desk monitoring", "security", "mdr", "internal", "Vigil Sensor 6"),
    ("intranet", "Intranet", "it", "apps", "mail", "internal", "", "internal", "own, 1.4"),
    ("payment-file", "Payment file service", "insurer", "apps", "payout", "billing", "", "internal", "own, 3.0"),
    ("desk-tool", "Service desk tool", "it", "it", "desk", "internal", "", "internal", "Ticketwerk 4"),
    ("fhir-gateway", "Clinical data gateway", "hospital", "apps", "ehr portal", "treatment", "", "partner", "own, 1.0"),
];

#[rustfmt::skip] // one row a line
const DATA: [Plain; 18] = [
    ("ds-records", "Patient records of the hospital", "hospital", "acute", "ehr", "treatment", "", "internal", ""),
    ("ds-images", "Images since 2006", "lab", "lab", "imaging", "imaging", "", "internal", ""),
    ("ds-lab", "Laboratory values", "lab", "lab", "lab", "treatment", "", "internal", ""),
    ("ds-icu", "Intensive care curves", "acute", "acute", "icu", "treatment", "", "internal", ""),
    ("ds-theatre", "Theatre reports", "surgery", "surgery", "theatre", "treatment", "", "internal", ""),
    ("ds-meds", "Medication orders", "hospital", "pharmacy", "pharmacy", "treatment", "", "internal", ""),
    ("ds-charts", "Clinic charts", "clinics", "us_officer", "us_ehr", "treatment", "", "internal", ""),
    ("ds-usbill", "Clinic claims to payers", "clinics", "us_officer", "us_billing", "billing", "", "internal", ""),
    ("ds-members", "Members and policies", "claims", "claims", "policies", "members", "", "internal", ""),
    ("ds-claims", "Claims with invoices", "claims", "claims", "claims", "members", "", "internal", ""),
    ("ds-payments", "Payments to members", "insurer", "insurance", "payout", "billing members", "", "internal", ""),
    ("ds-staff", "Personnel files", "group", "cfo", "finance", "staff", "", "internal", ""),
    ("ds-ledger", "Ledger", "group", "cfo", "finance", "billing", "", "internal", ""),
    ("ds-directory", "Directory of accounts", "it", "infra", "identity", "staff security", "", "internal", ""),
    ("ds-logs", "Logs of 13 months", "it", "soc", "monitoring", "security", "", "internal", ""),
    ("ds-backup", "Backups", "it", "infra", "backup", "treatment billing members", "", "internal", ""),
    ("ds-mail", "Mailboxes", "it", "it", "mail", "internal staff", "", "internal", ""),
    ("ds-web", "Published pages", "group", "ceo", "portal", "public", "", "internet", ""),
];

#[rustfmt::skip] // one row a line
const AI: [Plain; 5] = [
    ("ai-triage", "Fracture detection in X-rays", "lab", "lab", "imaging", "imaging", "pacs", "internal", "Lumenaxis Assist 2"),
    ("ai-letters", "Dictation with a language model", "hospital", "apps", "ehr", "treatment", "dictation", "partner", "Vocalis Write"),
    ("ai-fraud", "Check of claims for fraud", "claims", "claims", "claims", "members", "", "internal", "own model, 2025-03"),
    ("ai-sepsis", "Sepsis warning", "acute", "acute", "icu", "treatment", "monitors", "internal", "Vitalsens Early"),
    ("ai-assist", "Writing assistant for offices", "it", "it", "mail", "internal", "office", "partner", "Officium Assist"),
];

#[rustfmt::skip] // one row a line
const SITES: [Plain; 12] = [
    ("site-main", "Hospital building", "hospital", "director", "emergency icu theatre", "", "", "isolated", ""),
    ("site-dc1", "Data room A", "it", "infra", "hosting network", "", "", "isolated", ""),
    ("site-dc2", "Data room B at Halden", "it", "infra", "hosting backup", "", "datacentre", "isolated", ""),
    ("site-lab", "Laboratory wing", "lab", "lab", "lab", "", "", "isolated", ""),
    ("site-pharmacy", "Pharmacy store", "hospital", "pharmacy", "pharmacy", "", "", "isolated", ""),
    ("site-brinkau", "Outpatient centre Brinkau", "brinkau", "brinkau", "outpatient", "", "", "isolated", ""),
    ("site-north", "Alder Fork North", "north", "north", "us_appointments", "", "", "isolated", ""),
    ("site-pine", "Pine Ridge", "pine", "pine", "us_appointments telehealth", "", "", "isolated", ""),
    ("site-office", "Clinic office", "clinics", "us_officer", "us_billing", "", "", "isolated", ""),
    ("site-vienna", "Insurance office", "insurer", "insurance", "claims payout", "", "", "isolated", ""),
    ("site-archive", "Paper archive", "hospital", "hospital_iso", "finance", "", "archive", "isolated", ""),
    ("site-hq", "Group office", "group", "cfo", "finance", "", "", "isolated", ""),
];

/// All of them.
pub(super) fn things(random: &mut Random) -> Vec<Thing> {
    let mut all = Vec::new();
    let groups: [(&'static str, &[Plain]); 5] = [
        ("cloud_account", &CLOUD),
        ("software", &SOFTWARE),
        ("data_set", &DATA),
        ("ai_system", &AI),
        ("site", &SITES),
    ];
    for (kind, list) in groups {
        for (key, name, unit, owner, services, data, supplier, exposure, product) in list {
            let own = product.starts_with("own");
            all.push(Thing {
                key: (*key).to_owned(),
                name: (*name).to_owned(),
                kind,
                unit,
                owner,
                environment: if product.ends_with("test") { "test" } else { "production" },
                exposure,
                host: None,
                address: None,
                product: (*product).to_owned(),
                services,
                data,
                supplier,
                system: System::None,
                serial: None,
                cloud_id: (kind == "cloud_account").then(|| format!("arn:aws:iam::{key}:root")),
                software_id: (kind == "software" && own)
                    .then(|| format!("https://git01.tarnwald.example/apps/{key}")),
                supported: (kind == "software" && !own).then(|| random.between(150, 1_400)),
            });
        }
    }
    all
}
