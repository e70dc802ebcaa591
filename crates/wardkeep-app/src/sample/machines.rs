//! Servers, network gear and devices, sort by sort.

use super::estate::System;

/// Servers: short name, how many, what people call them, unit, owner, system, product, services, data, supplier,
/// exposure.
pub(super) type Servers = (
    &'static str,
    usize,
    &'static str,
    &'static str,
    &'static str,
    System,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const DEBIAN: &str = "Debian GNU/Linux 12";
const UBUNTU: &str = "Ubuntu 22.04 LTS";
const WIN22: &str = "Microsoft Windows Server 2022";
/// Over its end of support.
pub(super) const WIN16: &str = "Microsoft Windows Server 2016";

#[rustfmt::skip] // one row a line
pub(super) const SERVERS: [Servers; 47] = [
    ("ehr-app", 4, "Patient record application server", "hospital", "apps", System::Linux, UBUNTU, "ehr emergency", "treatment", "ehr", "internal"),
    ("ehr-db", 2, "Patient record database", "hospital", "apps", System::Linux, UBUNTU, "ehr emergency theatre", "treatment", "ehr", "internal"),
    ("ehr-read", 1, "Read-only copy of the patient record", "hospital", "apps", System::Linux, UBUNTU, "ehr emergency", "treatment", "ehr", "internal"),
    ("lab-app", 3, "Laboratory system server", "lab", "lab", System::Linux, DEBIAN, "lab", "treatment", "labsystem", "internal"),
    ("lab-db", 1, "Laboratory database", "lab", "lab", System::Linux, DEBIAN, "lab", "treatment", "labsystem", "internal"),
    ("pacs", 4, "Image archive server", "lab", "lab", System::Windows, WIN22, "imaging", "imaging", "pacs", "internal"),
    ("pacs-cache", 2, "Image cache", "lab", "lab", System::Linux, DEBIAN, "imaging", "imaging", "pacs", "internal"),
    ("rx", 3, "Medication server", "hospital", "pharmacy", System::Windows, WIN22, "pharmacy", "treatment", "", "internal"),
    ("icu-central", 2, "Central station of intensive care", "acute", "acute", System::Windows, WIN16, "icu", "treatment", "monitors", "internal"),
    ("or-plan", 2, "Theatre planning server", "surgery", "surgery", System::Windows, WIN22, "theatre", "treatment", "", "internal"),
    ("adm", 2, "Admission desk server", "acute", "acute", System::Windows, WIN22, "emergency", "treatment", "", "internal"),
    ("hl7", 2, "Interface engine", "hospital", "apps", System::Linux, DEBIAN, "ehr lab imaging", "treatment", "", "internal"),
    ("portal-web", 2, "Patient portal web server", "hospital", "apps", System::Linux, DEBIAN, "portal", "treatment", "", "internet"),
    ("portal-app", 2, "Patient portal application", "hospital", "apps", System::Linux, DEBIAN, "portal", "treatment", "", "internal"),
    ("op-srv", 2, "Outpatient centre server", "brinkau", "brinkau", System::Windows, WIN22, "outpatient", "treatment", "", "internal"),
    ("dc", 4, "Domain controller", "it", "infra", System::Windows, WIN22, "identity", "staff", "", "internal"),
    ("idp", 2, "Sign-in gateway", "it", "infra", System::Linux, DEBIAN, "identity", "staff", "identity", "internet"),
    ("mx", 2, "Mail relay", "it", "it", System::Linux, DEBIAN, "mail", "internal", "mailguard", "internet"),
    ("file", 4, "File server", "it", "infra", System::Windows, WIN22, "mail desk", "internal", "", "internal"),
    ("print", 2, "Print server", "it", "it", System::Windows, WIN22, "desk", "internal", "", "internal"),
    ("bkp", 3, "Backup server", "it", "infra", System::Linux, DEBIAN, "backup", "treatment billing", "backup", "internal"),
    ("hv", 12, "Virtualisation host", "it", "infra", System::Linux, "Stratomere Hypervisor 8", "hosting", "", "virtual", "internal"),
    ("san", 2, "Storage array", "it", "infra", System::Network, "Granit Store 700", "hosting backup", "", "servers", "internal"),
    ("log", 4, "Log collector", "it", "soc", System::Linux, DEBIAN, "monitoring", "security", "", "internal"),
    ("scan", 1, "Vulnerability scanner", "it", "soc", System::Linux, DEBIAN, "monitoring", "security", "", "internal"),
    ("jump", 2, "Jump host for administrators", "it", "infra", System::Linux, DEBIAN, "hosting network", "security", "", "internal"),
    ("vault", 1, "Password vault", "it", "infra", System::Linux, DEBIAN, "identity hosting", "security", "", "internal"),
    ("git", 1, "Source code server", "it", "apps", System::Linux, DEBIAN, "portal members", "internal", "", "internal"),
    ("ci", 2, "Build server", "it", "apps", System::Linux, DEBIAN, "portal members", "internal", "", "internal"),
    ("dns", 4, "Name and time server", "it", "infra", System::Linux, DEBIAN, "network", "", "", "internal"),
    ("patch", 2, "Update server", "it", "infra", System::Windows, WIN22, "desk hosting", "internal", "", "internal"),
    ("intra", 1, "Intranet server", "it", "apps", System::Linux, DEBIAN, "mail", "internal", "", "internal"),
    ("sftp", 1, "File exchange with partners", "it", "infra", System::Linux, UBUNTU, "payout us_billing", "billing", "", "internet"),
    ("erp", 3, "Finance server", "group", "cfo", System::Windows, WIN22, "finance", "billing", "erp", "internal"),
    ("pay", 1, "Payroll interface", "group", "cfo", System::Windows, WIN22, "finance", "staff", "payroll", "internal"),
    ("claims-app", 4, "Claims application server", "claims", "claims", System::Linux, UBUNTU, "claims policies", "members", "claimsystem", "internal"),
    ("claims-db", 2, "Claims database", "claims", "claims", System::Linux, UBUNTU, "claims policies payout", "members", "claimsystem", "internal"),
    ("members-web", 2, "Member portal web server", "claims", "apps", System::Linux, DEBIAN, "members", "members", "cloud", "internet"),
    ("payout", 2, "Payment server", "insurer", "insurance", System::Windows, WIN22, "payout", "billing members", "bank", "internal"),
    ("af-dc", 2, "Domain controller of the clinics", "clinics", "us_officer", System::Windows, WIN22, "us_ehr identity", "staff", "", "internal"),
    ("af-file", 2, "Clinic file server", "clinics", "us_officer", System::Windows, WIN22, "us_billing", "billing", "", "internal"),
    ("af-iface", 2, "Clinic interface server", "clinics", "us_officer", System::Linux, UBUNTU, "us_ehr", "treatment", "us_ehr", "internal"),
    ("af-tele", 1, "Video gateway", "pine", "pine", System::Linux, UBUNTU, "telehealth", "treatment", "video", "internet"),
    ("test", 6, "Test server", "it", "apps", System::Linux, DEBIAN, "portal", "", "", "internal"),
    ("dev", 4, "Development server", "it", "apps", System::Linux, DEBIAN, "portal", "", "", "internal"),
    ("nas-old", 2, "Old network storage", "hospital", "infra", System::Linux, "Granit Store 200", "desk", "internal", "servers", "internal"),
    ("fax", 1, "Fax gateway", "hospital", "it", System::Windows, WIN16, "mail", "treatment", "", "internal"),
];

/// Network gear and devices: as servers, without data.
pub(super) type Gear = (
    &'static str,
    usize,
    &'static str,
    &'static str,
    &'static str,
    System,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

#[rustfmt::skip] // one row a line
pub(super) const GEAR: [Gear; 22] = [
    ("fw", 6, "Firewall", "it", "infra", System::Network, "Palisade PX-450", "network", "firewall", "internet"),
    ("vpn", 2, "Remote access gateway", "it", "infra", System::Network, "Palisade RA-90", "network", "firewall", "internet"),
    ("core", 6, "Core switch", "it", "infra", System::Network, "Trellisway C9", "network", "", "internal"),
    ("acc", 32, "Access switch", "it", "infra", System::Network, "Trellisway A2", "network", "", "internal"),
    ("wlc", 3, "Wireless controller", "it", "infra", System::Network, "Trellisway W5", "network", "", "internal"),
    ("rtr", 4, "Router", "it", "infra", System::Network, "Trellisway R3", "network", "carrier", "internal"),
    ("af-fw", 2, "Clinic firewall", "clinics", "us_officer", System::Network, "Palisade PX-120", "network us_ehr", "firewall", "internet"),
    ("af-sw", 6, "Clinic switch", "clinics", "us_officer", System::Network, "Trellisway A2", "network us_ehr", "", "internal"),
    ("mon", 24, "Patient monitor", "acute", "biomed", System::Device, "Vitalsens M7", "icu", "monitors", "internal"),
    ("vent", 10, "Ventilator", "acute", "biomed", System::Device, "Aeris Breath 4", "icu", "", "internal"),
    ("pump", 14, "Infusion pump station", "acute", "biomed", System::Device, "Infusa Rack 8", "icu theatre", "", "internal"),
    ("ana", 8, "Anaesthesia machine", "surgery", "biomed", System::Device, "Aeris Calm 2", "theatre", "anaesthesia", "internal"),
    ("ct", 2, "CT scanner", "lab", "biomed", System::Device, "Magnavue CT 64", "imaging emergency", "scanners", "internal"),
    ("mri", 1, "MRI scanner", "lab", "biomed", System::Device, "Magnavue MR 15", "imaging", "scanners", "internal"),
    ("xr", 5, "X-ray unit", "lab", "biomed", System::Device, "Magnavue X 3", "imaging", "scanners", "internal"),
    ("us", 6, "Ultrasound unit", "lab", "biomed", System::Device, "Echolot U2", "imaging outpatient", "", "internal"),
    ("ana-lab", 6, "Laboratory analyser", "lab", "lab", System::Device, "Reagentia A400", "lab", "reagents", "internal"),
    ("cam", 4, "Door camera", "hospital", "hospital_iso", System::Device, "Blickfang D1", "desk", "", "internal"),
    ("af-xr", 1, "Clinic X-ray unit", "north", "us_officer", System::Device, "Magnavue X 3", "us_ehr", "", "internal"),
    ("af-us", 2, "Clinic ultrasound unit", "pine", "us_officer", System::Device, "Echolot U2", "us_ehr", "", "internal"),
    ("ups", 4, "Power supply controller", "it", "infra", System::Device, "Volthaus 40", "hosting", "datacentre", "internal"),
    ("bms", 1, "Building control", "hospital", "hospital_iso", System::Device, "Klimatron B", "hosting theatre", "", "internal"),
];
