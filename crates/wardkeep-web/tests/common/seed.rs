//! Enough records for pages to look as they do at work.

use super::TestApp;

const RISKS: [(&str, &str, &str); 10] = [
    ("Ransomware stops the laboratory", "0.1 | 0.2 | 0.5", "900000 EUR | 1800000 EUR | 4000000 EUR"),
    (
        "Patient records leave through a supplier that holds more of them than its contract says",
        "0.05 | 0.1 | 0.3",
        "400000 EUR | 900000 EUR | 2500000 EUR",
    ),
    ("Payment run is redirected by a forged mail", "0.2 | 0.5 | 2", "20000 EUR | 60000 EUR | 250000 EUR"),
    (
        "Imaging archive cannot be restored in time",
        "0.02 | 0.05 | 0.2",
        "300000 EUR | 700000 EUR | 1500000 EUR",
    ),
    ("Old badge readers open for copied cards", "0.5 | 1 | 3", "1000 EUR | 4000 EUR | 20000 EUR"),
    (
        "Building control is reachable from the guest network",
        "0.1 | 0.3 | 1",
        "10000 EUR | 50000 EUR | 400000 EUR",
    ),
    ("Stolen laptop holds unencrypted research data", "0.3 | 1 | 2", "5000 EUR | 30000 EUR | 200000 EUR"),
    (
        "Cloud administrator account is taken over",
        "0.02 | 0.1 | 0.3",
        "500000 EUR | 2000000 EUR | 8000000 EUR",
    ),
    (
        "Medication list is wrong after an interface change",
        "0.1 | 0.2 | 0.6",
        "50000 EUR | 200000 EUR | 900000 EUR",
    ),
    (
        "Nobody can reach the emergency room by telephone",
        "0.05 | 0.2 | 0.5",
        "40000 EUR | 100000 EUR | 300000 EUR",
    ),
];

const ASSETS: [&str; 12] = [
    "srv-pacs-01",
    "srv-lab-02",
    "srv-erp-01",
    "fw-edge-1",
    "sw-core-a",
    "ws-ward-11",
    "ws-ward-12",
    "nas-research",
    "srv-mail-01",
    "infusion gateway",
    "badge controller",
    "srv-web-02",
];

const CONTROLS: [(&str, &str); 8] = [
    ("Multi-factor sign-in for everybody", "protect"),
    ("Offline copy of laboratory data, tested by restore", "recover"),
    ("Patches within fourteen days", "protect"),
    ("Joiners, movers and leavers within a day", "protect"),
    ("Alerts are looked at within an hour", "detect"),
    ("Supplier contracts name an incident duty", "govern"),
    ("Admin work from separate machines", "protect"),
    ("Exercise of the incident plan", "respond"),
];

const TASKS: [(&str, i64); 9] = [
    ("Test restore of analyser images", -3),
    ("Review rights in the laboratory system", 2),
    ("Answer the insurer's questions", 5),
    ("Renew the certificate of the portal", -11),
    ("Write down how the archive is restored", 12),
    ("Agree the incident duty with the courier firm", 40),
    ("Collect patch evidence of July", 1),
    ("Ask for the penetration test report", 20),
    ("Explain the new sign-in to the night shift", 6),
];

const FINDINGS: [(&str, &str); 8] = [
    ("OpenSSL out of date on srv-web-02", "critical"),
    ("TLS 1.0 accepted by srv-mail-01", "medium"),
    ("Default password on the infusion gateway", "high"),
    ("Directory listing on the portal", "low"),
    ("Unsupported Windows on ws-ward-11", "high"),
    ("Missing security headers", "info"),
    ("SMB signing not required", "medium"),
    ("Remote code execution in the imaging viewer", "critical"),
];

impl TestApp {
    /// About two hundred records in three units; `owner` answers for most of what has an owner.
    pub async fn fill(&mut self, owner: &str) {
        let units = ["Hospital Kiel", "Clinic Lund", "Nordklinik"];
        let today = self.now().date();
        let me = self.id(owner).to_string();
        for name in ["Aylin Demir", "Jonas Berg", "Peter Nowak", "Ingrid Aas"] {
            let mail = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
            self.add(
                "person",
                "Hospital Kiel",
                &[("name", name), ("email", &mail), ("job_title", "Head of unit")],
            )
            .await;
            self.move_to("person", name, "start").await;
        }
        let others: Vec<String> =
            ["Aylin Demir", "Jonas Berg"].iter().map(|n| self.id(n).to_string()).collect();
        for round in 0..5 {
            for (n, name) in ASSETS.iter().enumerate() {
                let name = if round == 0 { (*name).to_owned() } else { format!("{name}-{round}") };
                let due = today.plus_days(30 * (n as i64 - 3) + round).to_string();
                self.add(
                    "asset",
                    units[(n + round as usize) % 3],
                    &[("name", &name), ("owner", &others[n % 2]), ("end_of_support", &due)],
                )
                .await;
            }
        }
        for round in 0..3 {
            for (n, (name, frequency, loss)) in RISKS.iter().enumerate() {
                let name = if round == 0 { (*name).to_owned() } else { format!("{name} ({})", units[round]) };
                let review = today.plus_days(17 * n as i64 - 20 + round as i64 * 60).to_string();
                let owner = if (n + round) % 3 == 0 { &me } else { &others[n % 2] };
                let pairs = [
                    ("name", name.as_str()),
                    (
                        "description",
                        "A mail attachment or a stolen account starts **encryption**.\n\n- work stops within the hour\n- results are sent by courier for *four days*",
                    ),
                    ("owner", owner),
                    ("frequency", frequency),
                    ("loss", loss),
                    ("review_on", &review),
                    ("treatment", ["reduce", "undecided", "share", "avoid"][n % 4]),
                ];
                self.add("risk", units[(n + round) % 3], &pairs).await;
                if n % 4 != 3 {
                    self.move_to("risk", &name, "assess").await;
                }
                if n % 4 == 0 {
                    self.move_to("risk", &name, "choose").await;
                    self.move_to("risk", &name, "treat").await;
                }
            }
        }
        let (risk, other) = (self.id(RISKS[0].0), self.id(RISKS[3].0));
        for round in 0..2 {
            for (n, (name, function)) in CONTROLS.iter().enumerate() {
                let name = if round == 0 { (*name).to_owned() } else { format!("{name}, {}", units[1]) };
                let review = today.plus_days(40 * n as i64 + 10).to_string();
                let risks = if n < 3 { format!("{risk}|{other}") } else { risk.to_string() };
                let pairs = [
                    ("name", name.as_str()),
                    (
                        "statement",
                        "Every person signs in with a second factor; the log of sign-ins is the proof, read each night.",
                    ),
                    ("owner", if n % 2 == 0 { &me } else { &others[0] }),
                    ("csf_function", function),
                    ("review_by", &review),
                    ("risks", &risks),
                ];
                self.add("control", units[round], &pairs).await;
                for step in ["plan", "put_in_operation"] {
                    if n % 3 != 2 {
                        self.move_to("control", &name, step).await;
                    }
                }
            }
        }
        for (n, (name, days)) in TASKS.iter().enumerate() {
            let due = today.plus_days(*days).to_string();
            let owner = if n % 4 == 3 { &others[0] } else { &me };
            self.add(
                "task",
                units[n % 2],
                &[
                    ("name", name),
                    ("owner", owner),
                    ("due", &due),
                    ("priority", "high"),
                    ("risks", &risk.to_string()),
                ],
            )
            .await;
            if n % 3 == 1 {
                self.move_to("task", name, "start").await;
            }
        }
        for round in 0..4 {
            for (n, (name, severity)) in FINDINGS.iter().enumerate() {
                let name = if round == 0 { (*name).to_owned() } else { format!("{name}, host {round}") };
                let asset = self.id(ASSETS[n]).to_string();
                let due = today.plus_days(n as i64 * 6 - 9).to_string();
                self.add(
                    "finding",
                    units[(n + round) % 3],
                    &[("name", &name), ("severity", severity), ("asset", &asset), ("due", &due)],
                )
                .await;
            }
        }
        for (n, name) in [
            "Odd sign-ins from a shared workstation",
            "Mail rule forwards invoices",
            "Encrypted share in radiology",
            "Lost laptop",
        ]
        .iter()
        .enumerate()
        {
            let at = self.now().plus_seconds(-3_600 * 30 * n as i64).to_string();
            self.add(
                "incident",
                units[n % 2],
                &[("name", name), ("owner", &others[1]), ("detected_at", &at), ("risks", &risk.to_string())],
            )
            .await;
            if n > 0 {
                self.move_to("incident", name, "analyse").await;
            }
        }
        for name in ["Laborkurier Nord", "CloudHost Europe", "Medical Imaging GmbH", "Payroll Partners"] {
            self.add("supplier", "Nordklinik", &[("name", name), ("owner", &me)]).await;
        }
        for name in ["Laboratory", "Emergency room", "Patient portal"] {
            self.add("service", "Hospital Kiel", &[("name", name), ("owner", &others[0])]).await;
        }
        for name in ["Information security policy", "Acceptable use"] {
            self.add("policy", "Nordklinik", &[("name", name), ("owner", &me)]).await;
        }
    }
}
