//! The 25 business services, and the suppliers they need.

use super::organisation::BEGIN;
use super::plan::{Plan, Sheet};
use wardkeep_registers::choices::Level;

/// One service.
pub(super) struct ServicePlan {
    pub key: &'static str,
    pub unit: &'static str,
    name: &'static str,
    owner: &'static str,
    /// What its loss would mean, at the end of the year.
    pub level: Level,
    rto: &'static str,
    rpo: &'static str,
    longest: &'static str,
    /// Per hour, in whole units of the unit's currency.
    loss: i64,
    needs: &'static str,
    suppliers: &'static str,
    data: &'static str,
    about: &'static str,
    emergency: &'static str,
}

macro_rules! service {
    ($key:literal, $unit:literal, $name:literal, $owner:literal, $level:ident, $rto:literal $rpo:literal $longest:literal, $loss:literal, needs $needs:literal, by $suppliers:literal, with $data:literal, $about:literal, $emergency:literal) => {
        ServicePlan {
            key: $key,
            unit: $unit,
            name: $name,
            owner: $owner,
            level: Level::$level,
            rto: $rto,
            rpo: $rpo,
            longest: $longest,
            loss: $loss,
            needs: $needs,
            suppliers: $suppliers,
            data: $data,
            about: $about,
            emergency: $emergency,
        }
    };
}

/// Each after those it needs.
pub(super) const SERVICES: [ServicePlan; 25] = [
    service!("network", "it", "Networks and remote access", "infra", Critical, "1h" "1d" "8h", 24_000, needs "", by "carrier carrier_us firewall", with "security", "Connects all sites, wards and people at home.", "Hospital wards work in their own network segment without the data centre for 8 hours."),
    service!("hosting", "it", "Data centre and virtual servers", "infra", Critical, "2h" "15m" "12h", 21_000, needs "network", by "datacentre servers virtual", with "internal", "Runs 110 servers in two rooms.", "Second room takes over the clinical servers by hand."),
    service!("identity", "it", "Sign-in and directory", "infra", Critical, "1h" "15m" "8h", 18_000, needs "network hosting", by "identity", with "staff security", "Accounts, groups and second factors for everybody.", "Sealed emergency accounts on every ward."),
    service!("backup", "it", "Backup and restore", "infra", High, "8h" "1d" "3d", 2_000, needs "network hosting", by "backup servers", with "treatment billing", "Copies all servers daily and keeps one copy that nobody can change.", "None: it is the emergency plan of the others."),
    service!("mail", "it", "Mail and collaboration", "it", High, "8h" "1h" "3d", 3_500, needs "network identity", by "office mailguard", with "internal staff", "Mail, calendars, chat and shared documents.", "Telephone and fax lists on paper."),
    service!("desk", "it", "Workplaces and service desk", "it", Medium, "1d" "1d" "5d", 900, needs "network identity mail", by "laptops office", with "internal", "Laptops, ward computers, printers and help.", "Spare devices in each building."),
    service!("monitoring", "it", "Security monitoring", "soc", High, "4h" "1h" "1d", 1_200, needs "network hosting", by "mdr", with "security", "Collects logs, looks at alerts day and night.", "The provider watches the most important sources alone."),
    service!("ehr", "hospital", "Electronic patient record", "acute", Critical, "4h" "15m" "24h", 31_000, needs "network hosting identity", by "ehr", with "treatment billing", "Holds history, orders and findings of every patient in the hospital.", "Read-only copy on the wards every 30 minutes; orders on paper."),
    service!("emergency", "acute", "Emergency admission", "acute", Critical, "1h" "15m" "4h", 42_000, needs "ehr network", by "", with "treatment", "Takes in patients who cannot wait.", "Paper charts; ambulances are sent to other houses after two hours."),
    service!("icu", "acute", "Intensive care monitoring", "acute", Critical, "30m" "5m" "2h", 55_000, needs "network", by "monitors", with "treatment", "Watches vital signs at 24 beds and raises alarms.", "Devices alarm at the bed; one more nurse for every four beds."),
    service!("theatre", "surgery", "Operating theatres", "surgery", Critical, "2h" "1h" "8h", 48_000, needs "ehr network", by "anaesthesia", with "treatment", "Plans and carries out operations.", "Operations under way are finished; others are moved."),
    service!("lab", "lab", "Laboratory diagnostics", "lab", Critical, "4h" "1h" "12h", 17_000, needs "network hosting", by "labsystem reagents", with "treatment", "Measures samples and reports values.", "Emergency tests by hand; results by telephone."),
    service!("imaging", "lab", "Imaging and reporting", "lab", High, "8h" "1h" "2d", 14_000, needs "network hosting ehr", by "pacs scanners teleradiology", with "imaging", "Takes pictures and writes reports.", "Pictures are read at the machine."),
    service!("pharmacy", "hospital", "Medication supply", "pharmacy", Critical, "4h" "1h" "12h", 9_500, needs "ehr hosting", by "wholesaler", with "treatment", "Checks, packs and delivers medicines.", "Stocks for two days on the wards; checks by hand."),
    service!("outpatient", "brinkau", "Outpatient care Brinkau", "brinkau", High, "12h" "1h" "2d", 4_200, needs "ehr network", by "", with "treatment billing", "Consultations and day surgery.", "Paper charts for a day."),
    service!("portal", "hospital", "Patient portal", "apps", Medium, "1d" "1h" "5d", 600, needs "ehr identity", by "cloud", with "treatment", "Appointments, letters and results for patients.", "Telephone."),
    service!("us_ehr", "clinics", "Clinic records", "us_officer", Critical, "4h" "15m" "1d", 9_000, needs "network", by "us_ehr", with "treatment billing", "Charts, orders and prescriptions of both clinics.", "Paper forms; prescriptions by telephone."),
    service!("us_appointments", "clinics", "Clinic appointments", "north", High, "8h" "1h" "2d", 2_600, needs "us_ehr", by "us_ehr", with "treatment", "Books and reminds patients.", "Printed list of the day."),
    service!("us_billing", "clinics", "Clinic billing", "president", High, "2d" "1d" "10d", 1_900, needs "us_ehr", by "clearinghouse", with "billing", "Sends claims to payers and posts payments.", "Claims are kept and sent later."),
    service!("telehealth", "clinics", "Video consultations", "pine", Medium, "1d" "1d" "5d", 700, needs "us_appointments network", by "video", with "treatment", "Visits by video for patients who cannot come.", "Telephone."),
    service!("claims", "claims", "Claims handling", "claims", Critical, "8h" "1h" "2d", 7_800, needs "network hosting identity", by "claimsystem print", with "members", "Takes in, checks and decides claims; a critical function under DORA.", "Urgent claims by hand up to a limit."),
    service!("policies", "claims", "Policy administration", "claims", High, "1d" "1h" "5d", 3_100, needs "claims", by "claimsystem", with "members", "Writes, changes and ends policies.", "Changes are noted and entered later."),
    service!("payout", "insurer", "Benefit payments", "insurance", High, "1d" "1h" "3d", 5_200, needs "claims", by "bank", with "members billing", "Pays decided claims.", "Payment file by hand to the bank."),
    service!("members", "claims", "Member and broker portal", "apps", Medium, "1d" "1h" "5d", 800, needs "claims identity", by "cloud", with "members", "Members hand in invoices, brokers see policies.", "Post and telephone."),
    service!("finance", "group", "Finance, purchasing and payroll", "cfo", Medium, "2d" "1d" "10d", 1_400, needs "hosting identity", by "payroll erp", with "billing staff", "Books, buys and pays.", "Last month's pay is paid again."),
];

/// Services whose weight was raised during the year, and how many days ago: their assets follow.
pub(super) const RAISED: [(&str, Level, i64); 2] =
    [("monitoring", Level::Medium, 170), ("us_ehr", Level::High, 96)];

/// Makes the services, lets them go live and has them reviewed.
pub(super) fn plan(plan: &mut Plan) {
    let ciso = plan.who("ciso");
    let (made, live) = (plan.at(BEGIN - 6, 9, 0), plan.at(BEGIN - 6, 14, 0));
    for (index, service) in SERVICES.iter().enumerate() {
        let unit = plan.id(&format!("unit/{}", service.unit));
        let owner = plan.id(&format!("person/{}", service.owner));
        let (needs, suppliers) =
            (plan.ids("service", service.needs), plan.ids("supplier", service.suppliers));
        let data = plan.ids("data_category", service.data);
        let currency = if service.unit == "clinics" { "USD" } else { "EUR" };
        let before =
            RAISED.iter().find(|(key, ..)| *key == service.key).map_or(service.level, |(_, level, _)| *level);
        let due = 150 - index as i64 * 12;
        let sheet = Sheet::named(service.name)
            .set("description", service.about)
            .set("owner", owner)
            .set("criticality", key(before))
            .set("rto", service.rto)
            .set("rpo", service.rpo)
            .set("longest_stop", service.longest)
            .set("loss_per_hour", format!("{} {currency}", service.loss))
            .set("in_emergency", service.emergency)
            .all("depends_on", &needs)
            .all("suppliers", &suppliers)
            .all("data", &data)
            .set("review_on", plan.day(due));
        let id = plan.add(
            made,
            ciso,
            "service",
            service.key,
            unit,
            sheet,
            "taken over from the business impact analysis",
        );
        plan.step(live, ciso, "service", id, "go_live", "");
        // The most recent reviews are still to be done: two of them are late.
        if due > 20 {
            let late = if plan.random.chance(25) { 9 } else { -3 };
            let reviewed = plan.work(due - late);
            let who = super::plan::Who::Person(owner);
            let officer = plan.who("deputy");
            let who = if ["cfo", "president", "insurance", "us_officer"].contains(&service.owner) {
                officer
            } else {
                who
            };
            plan.edit(
                reviewed,
                who,
                "service",
                id,
                Sheet::new().set("review_on", reviewed.date().plus_days(365)),
                "yearly review with those who use it",
            );
            let done = plan.after(reviewed, 0);
            plan.step(done, who, "service", id, "review", "");
        }
    }
    for (name, _, days) in RAISED {
        let service = SERVICES.iter().find(|s| s.key == name).map_or(Level::High, |s| s.level);
        let (id, at) = (plan.id(&format!("service/{name}")), plan.work(days));
        plan.edit(
            at,
            ciso,
            "service",
            id,
            Sheet::new().set("criticality", key(service)),
            "the yearly impact analysis weighs it more",
        );
    }
}

/// The stored word.
pub(super) fn key(level: Level) -> &'static str {
    use wardkeep_register::Choice as _;
    level.key()
}
