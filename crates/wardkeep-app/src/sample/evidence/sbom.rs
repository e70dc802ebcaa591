//! CycloneDX bills of materials of the applications that we build ourselves.

use super::scene::{DAY, Scene};
use super::{Made, pack};
use crate::Error;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Package, version, licence. Versions as they stood in the lock files; some have known weaknesses.
#[rustfmt::skip] // one row a line
const PACKAGES: [(&str, &str, &str); 16] = [
    ("express", "4.18.2", "MIT"),
    ("lodash", "4.17.20", "MIT"),
    ("axios", "1.6.0", "MIT"),
    ("jsonwebtoken", "8.5.1", "MIT"),
    ("minimist", "1.2.5", "MIT"),
    ("node-fetch", "2.6.6", "MIT"),
    ("semver", "7.5.1", "ISC"),
    ("react", "18.3.1", "MIT"),
    ("pg", "8.11.3", "MIT"),
    ("winston", "3.11.0", "MIT"),
    ("helmet", "7.1.0", "MIT"),
    ("tough-cookie", "4.1.2", "BSD-3-Clause"),
    ("word-wrap", "1.2.3", "MIT"),
    ("luxon", "3.4.4", "MIT"),
    ("zod", "3.22.4", "MIT"),
    ("undici", "5.26.2", "MIT"),
];

/// Application, version, which packages: first and how many.
#[rustfmt::skip] // one row a line
const APPS: [(&str, &str, usize, usize); 6] = [
    ("patient-portal", "4.12.0", 0, 14),
    ("member-portal", "2.8.3", 2, 13),
    ("appointment-api", "1.19.1", 4, 9),
    ("hl7-router", "3.3.0", 1, 8),
    ("claims-rules", "7.1.2", 5, 7),
    ("payment-file", "3.0.4", 8, 8),
];

pub(super) fn files(scene: &Scene) -> Result<Vec<Made>, Error> {
    let rest = [json_form(scene, 2)?, json_form(scene, 3)?, json_form(scene, 4)?];
    let [a, b, c] = rest;
    let rest = pack::zip(&[
        ("appointment-api.cdx.json", a),
        ("hl7-router.cdx.json", b),
        ("claims-rules.cdx.json", c),
    ])?;
    Ok(vec![
        Made::new("sbom/patient-portal.cdx.json", "cyclonedx", json_form(scene, 0)?),
        Made::new("sbom/member-portal.cdx.xml", "cyclonedx", xml_form(scene, 1)),
        Made::new("sbom/payment-file.cdx.json", "cyclonedx", json_form(scene, 5)?),
        Made::new("sbom/others.zip", "zip", rest),
    ])
}

fn packages(first: usize, count: usize) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    PACKAGES.iter().cycle().skip(first).take(count).copied()
}

fn json_form(scene: &Scene, index: usize) -> Result<Vec<u8>, Error> {
    let (app, version, first, count) = APPS[index];
    let components: Vec<Value> = packages(first, count)
        .map(|(name, version, licence)| {
            let purl = format!("pkg:npm/{name}@{version}");
            json!({"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "licenses": [{"license": {"id": licence}}]})
        })
        .collect();
    let made = scene.ago(DAY * (index as i64 + 2));
    let subject = json!({"type": "application", "bom-ref": app, "name": app, "version": version, "purl": format!("pkg:generic/{app}@{version}")});
    let mut bom = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {"timestamp": made, "tools": {"components": [{"type": "application", "name": "sample-bom", "version": "1.4.0"}]}, "component": subject},
        "components": components,
    });
    if app == "patient-portal" {
        bom["vulnerabilities"] = json!([
            known("CVE-2021-23337", "high", 7.2, "pkg:npm/lodash@4.17.20", 94, "Update lodash to 4.17.21."),
            known(
                "CVE-2021-44906",
                "critical",
                9.8,
                "pkg:npm/minimist@1.2.5",
                1321,
                "Update minimist to 1.2.6."
            ),
            known(
                "CVE-2022-23529",
                "medium",
                5.9,
                "pkg:npm/jsonwebtoken@8.5.1",
                20,
                "Update jsonwebtoken to 9.0.0."
            ),
            known(
                "CVE-2023-26136",
                "medium",
                6.5,
                "pkg:npm/tough-cookie@4.1.2",
                1321,
                "Update tough-cookie to 4.1.3."
            ),
        ]);
    }
    serde_json::to_vec_pretty(&bom).map_err(Error::fault)
}

fn known(id: &str, severity: &str, score: f64, package: &str, flaw: u32, what: &str) -> Value {
    json!({
        "id": id, "ratings": [{"score": score, "severity": severity, "method": "CVSSv31"}], "cwes": [flaw],
        "recommendation": what, "affects": [{"ref": package}],
    })
}

fn xml_form(scene: &Scene, index: usize) -> String {
    let (app, version, first, count) = APPS[index];
    let made = scene.ago(DAY * (index as i64 + 2));
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\" version=\"1\">\n<metadata><timestamp>{made}</timestamp><tools><tool><name>sample-bom</name><version>1.4.0</version></tool></tools><component type=\"application\" bom-ref=\"{app}\"><name>{app}</name><version>{version}</version></component></metadata>\n<components>\n"
    );
    for (name, version, licence) in packages(first, count) {
        let _ = writeln!(
            out,
            "<component type=\"library\" bom-ref=\"pkg:npm/{name}@{version}\"><name>{name}</name><version>{version}</version><licenses><license><id>{licence}</id></license></licenses><purl>pkg:npm/{name}@{version}</purl></component>"
        );
    }
    out + "</components>\n</bom>\n"
}
