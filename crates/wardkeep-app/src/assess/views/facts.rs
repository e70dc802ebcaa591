//! Facts of files and reports that several views name.

use super::row::{marks, text};
use crate::{App, Error};
use std::collections::HashMap;
use wardkeep_intake::Format;

/// What people call a format.
pub(super) fn format_label(key: &str) -> String {
    Format::from_key(key).map_or_else(|| key.replace('_', " "), |f| f.label().to_owned())
}

impl App {
    /// Paths of stored files and reports by their address, in one statement.
    pub(super) async fn paths_of(&self, addresses: &[String]) -> Result<HashMap<String, String>, Error> {
        let mut paths = HashMap::new();
        for chunk in addresses.chunks(400) {
            let marks = marks(1, chunk.len());
            let sql = format!(
                "SELECT sha256, path FROM evidence_file WHERE sha256 IN ({marks}) UNION ALL SELECT sha256, path FROM scan_report WHERE sha256 IN ({marks})"
            );
            for row in self.db.rows(&sql, chunk.iter().map(|a| a.clone().into()).collect()).await? {
                paths.entry(text(&row, "sha256")?).or_insert(text(&row, "path")?);
            }
        }
        Ok(paths)
    }
}
