//! Example evidence: files as the sample organisation's systems, scanners and suppliers would write them, in every
//! format that is read. Hosts, addresses and people are those of the sample organisation, times end at `now`.

mod cloud;
mod evtx;
mod linux;
mod nessus;
mod nmap;
mod pack;
mod sbom;
mod scene;
mod sensors;
mod sources;
mod tables;
mod tenants;
mod web;
mod windows;

use crate::Error;
use scene::Scene;
use std::path::Path;
use wardkeep_types::Moment;

/// How much is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Volume {
    /// Less than a megabyte, for `examples/evidence/`.
    Small,
    /// A week of a mid-sized organisation.
    Full,
}

/// One file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceFile {
    /// Path within the folder.
    pub path: String,
    /// Key of the format it is in (`wardkeep_intake::Format::key`).
    pub format: &'static str,
    /// Its size in bytes.
    pub bytes: usize,
    /// Faults planted in it on purpose.
    pub planted: u64,
}

/// A file about to be written.
struct Made {
    path: &'static str,
    format: &'static str,
    bytes: Vec<u8>,
    planted: u64,
}

impl Made {
    fn new(path: &'static str, format: &'static str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path, format, bytes: bytes.into(), planted: 0 }
    }
}

/// The moment at which the committed files of `examples/evidence/` end: fixed, so that they change only when what
/// makes them changes.
pub const EXAMPLES_AS_OF: &str = "2026-11-20T09:30:00Z";

const README: &str = "# Example evidence

Sample data, written by the makers of Wardkeep: `cargo xtask evidence` makes it, `wardkeep demo` makes the same with
today's dates. The organisation, its people and everything that happens here are invented. Host names end in
`.example`, outside addresses come from the ranges that RFC 5737 keeps for documentation. Vulnerability numbers are
real, the machines that have them are not.

One line of `logs/network.log` is broken on purpose.

| Folder | What |
|---|---|
| `logs/` | Linux sign-ins (with a guessed password), audit records, syslog in both forms, network gear, a tar archive |
| `windows/` | an EVTX file of a domain controller, events as winlogbeat ships them, an export as XML |
| `network/` | Suricata and Zeek, a firewall's CEF, a proxy's LEEF, sessions of the remote access as a table |
| `cloud/` | CloudTrail records of two accounts, audit logs of Entra ID, Microsoft 365, Okta, Google Workspace and GitHub, events in OCSF |
| `web/` | access and error logs of the portals, the patient portal's own log as JSON, the interface engine's as logfmt |
| `scans/` | two Nessus reports with credentials, an nmap report from outside, SARIF of a portal's source |
| `sbom/` | CycloneDX bills of materials, as JSON, XML and in a ZIP archive |
| `people/`, `assets/` | tables: CSV, CSV in UTF-16 with semicolons, an Excel workbook |
";

/// Writes the example evidence into `dir`, which is made when it is missing; files of the same name are replaced.
/// The same `now` gives the same bytes.
pub fn evidence(dir: &Path, now: Moment, volume: Volume) -> Result<Vec<EvidenceFile>, Error> {
    let mut scene = Scene::new(now, volume);
    let mut made = vec![Made::new("README.md", "unknown", README)];
    made.extend(linux::files(&mut scene)?);
    made.extend(windows::files(&mut scene));
    made.extend(cloud::files(&mut scene)?);
    made.extend(web::files(&mut scene)?);
    made.extend(nessus::files(&mut scene));
    made.extend(nmap::files(&mut scene));
    made.extend(sources::files(&scene));
    made.extend(sbom::files(&scene)?);
    made.extend(tables::files(&scene)?);
    // Later formats come last, so that the files of the earlier ones stay as they are.
    made.extend(sensors::files(&mut scene));
    made.extend(tenants::files(&mut scene));
    let mut written = Vec::with_capacity(made.len());
    for Made { path, format, bytes, planted } in made {
        let place = dir.join(path);
        let fault = |e: std::io::Error| Error::fault(format!("{}: {e}", place.display()));
        if let Some(folder) = place.parent() {
            std::fs::create_dir_all(folder).map_err(fault)?;
        }
        std::fs::write(&place, &bytes).map_err(fault)?;
        written.push(EvidenceFile { path: path.to_owned(), format, bytes: bytes.len(), planted });
    }
    Ok(written)
}
