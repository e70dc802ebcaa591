//! A small folder of evidence of our own, and the installation that assesses it.

use super::common::{TestApp, edits};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use wardkeep_app::assess::{Assessed, Options};
use wardkeep_app::records::Proposal;
use wardkeep_app::{App, Ctx};
use wardkeep_types::{Id, Moment};

/// Who signed in to the console, and with what.
pub fn sign_in(who: &str, mfa: bool, at: &str) -> String {
    let mfa = if mfa { "Yes" } else { "No" };
    format!(
        r#"{{"eventVersion":"1.09","eventTime":"{at}","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"eu-north-1","sourceIPAddress":"192.0.2.7","userIdentity":{{"type":"IAMUser","principalId":"AIDA{who}","arn":"arn:aws:iam::111122223333:user/{who}","accountId":"111122223333","userName":"{who}"}},"readOnly":false,"recipientAccountId":"111122223333","responseElements":{{"ConsoleLogin":"Success"}},"additionalEventData":{{"MFAUsed":"{mfa}"}}}}"#
    )
}

/// A trail that is deleted, carried out.
pub fn trail_deleted(who: &str, at: &str) -> String {
    format!(
        r#"{{"eventVersion":"1.09","eventTime":"{at}","eventSource":"cloudtrail.amazonaws.com","eventName":"DeleteTrail","awsRegion":"eu-north-1","sourceIPAddress":"192.0.2.99","userIdentity":{{"type":"IAMUser","principalId":"AIDA{who}","arn":"arn:aws:iam::111122223333:user/{who}","accountId":"111122223333","userName":"{who}"}},"readOnly":false,"recipientAccountId":"111122223333","requestParameters":{{"name":"main-trail"}}}}"#
    )
}

pub fn records(all: &[String]) -> String {
    format!("{{\"Records\":[\n{}\n]}}", all.join(",\n"))
}

/// A Nessus report of two hosts, each with one weakness; the second host belongs to another unit.
pub fn nessus() -> String {
    let host = |name: &str, ip: &str, title: &str, plugin: u32, cve: &str| {
        format!(
            r#"<ReportHost name="{ip}"><HostProperties>
<tag name="HOST_START_TIMESTAMP">1786435200</tag><tag name="HOST_END_TIMESTAMP">1786438800</tag>
<tag name="host-ip">{ip}</tag><tag name="host-fqdn">{name}</tag><tag name="Credentialed_Scan">true</tag>
</HostProperties>
<ReportItem port="22" svc_name="ssh" protocol="tcp" severity="4" pluginID="{plugin}" pluginName="{title}" pluginFamily="Sample">
<risk_factor>Critical</risk_factor><plugin_name>{title}</plugin_name><cve>{cve}</cve>
<solution>Update it.</solution><plugin_output>Seen in the banner of {name}.</plugin_output></ReportItem>
</ReportHost>"#
        )
    };
    let kiel = host("lab01.kiel.example", "10.1.0.5", "Kiel: old door protocol", 990_001, "CVE-2024-6387");
    let lund = host("web01.lund.example", "10.2.0.5", "Lund: old page server", 990_002, "CVE-2021-44228");
    format!(
        "<?xml version=\"1.0\" ?>\n<NessusClientData_v2>\n<Report name=\"weekly\">\n{kiel}\n{lund}\n</Report>\n</NessusClientData_v2>\n"
    )
}

/// Writes the usual folder: one sign-in without a second factor, a deleted trail, a scan, something unreadable.
pub fn folder(at: &Path) {
    let lines = [
        sign_in("anna", true, "2026-08-12T08:00:00Z"),
        sign_in("bert", false, "2026-08-12T08:05:00Z"),
        trail_deleted("bert", "2026-08-12T08:10:00Z"),
    ];
    std::fs::write(at.join("cloudtrail.json"), records(&lines)).unwrap();
    std::fs::write(at.join("weekly.nessus"), nessus()).unwrap();
    std::fs::write(at.join("strange.bin"), [0_u8, 159, 146, 150, 0, 1, 2, 3].repeat(64)).unwrap();
}

impl TestApp {
    /// The baseline of controls, owned and in operation, so that their tests count.
    pub async fn with_controls(&mut self, owner: Id) {
        let ctx = Ctx::system("test", self.now());
        self.app.ensure_baseline(&ctx).await.unwrap();
        let schema = App::schema("control").unwrap();
        let rows = self.app.db.rows("SELECT id FROM control ORDER BY ref_number", vec![]).await.unwrap();
        let owner = owner.to_string();
        for row in rows {
            let id = Id::from_uuid(row.try_get("", "id").unwrap());
            let owned = Proposal::change(schema, id, None, edits(schema, &[("owner", &owner)]));
            self.app.write_one(&ctx, owned).await.unwrap();
            for step in ["plan", "put_in_operation"] {
                self.app.write_one(&ctx, Proposal::movement(schema, id, None, step)).await.unwrap();
            }
        }
    }
    pub async fn assess(&self, path: &Path) -> Assessed {
        self.assess_as_of(&[path.to_owned()], None).await
    }
    pub async fn assess_as_of(&self, paths: &[PathBuf], as_of: Option<Moment>) -> Assessed {
        let options = Options { paths: paths.to_vec(), as_of, ..Options::default() };
        let ctx = Ctx::system("assess", self.now());
        self.app.assess(&ctx, &options, Arc::new(()), Arc::new(AtomicBool::new(false))).await.unwrap()
    }
    /// The reference of the baseline control with that key.
    pub async fn control(&self, key: &str) -> String {
        let sql = "SELECT ref_number FROM control WHERE outside_reference = $1";
        let row = self
            .app
            .db
            .row(sql, wardkeep_store::cells![key])
            .await
            .unwrap()
            .unwrap_or_else(|| panic!("no control {key}"));
        format!("CTL-{:04}", row.try_get::<i64>("", "ref_number").unwrap())
    }
    /// The first text of a plain question, for tests that look behind the pages.
    pub async fn one(&self, sql: &str) -> String {
        let row = self.app.db.row(sql, vec![]).await.unwrap().unwrap_or_else(|| panic!("nothing for {sql}"));
        row.try_get::<String>("", "x").unwrap()
    }
}
