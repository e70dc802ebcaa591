//! The register files of an export against the hashes that `export.json` names.

use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use std::io::Read as _;
use std::path::{Component, Path};
use wardkeep_store::Report;
use wardkeep_types::{Problem, limits};

/// Adds to the report what is wrong with the files, and counts those that fit.
pub fn check(folder: &Path, report: &mut Report) {
    let mut fault = |file: &str, message: String| report.problems.add(Problem::new(file, "file", message));
    let list = match read_list(&folder.join("export.json")) {
        Ok(list) => list,
        Err(error) => return fault("export.json", format!("the list of files cannot be read: {error}")),
    };
    let mut fitting = 0;
    for (file, expected) in list {
        let inside = Path::new(&file).components().all(|c| matches!(c, Component::Normal(_)));
        match hash(&folder.join(&file)) {
            _ if !inside => fault(&file, "this path leads out of the export".to_owned()),
            Ok(found) if found == expected => fitting += 1,
            Ok(_) => fault(&file, "the file was changed after it was exported".to_owned()),
            Err(error) => fault(&file, format!("the file cannot be read: {error}")),
        }
    }
    report.files += fitting;
}

fn read_list(path: &Path) -> Result<Vec<(String, String)>, String> {
    let mut text = Vec::new();
    let file = std::fs::File::open(path).map_err(|e| e.to_string())?;
    file.take(limits::DOCUMENT_BYTES).read_to_end(&mut text).map_err(|e| e.to_string())?;
    let all: Json = serde_json::from_slice(&text).map_err(|e| e.to_string())?;
    let registers = all["registers"].as_array().ok_or("it lists no registers")?;
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    Ok(registers.iter().map(|r| (text(&r["file"]), text(&r["sha256"]))).collect())
}

fn hash(path: &Path) -> std::io::Result<String> {
    let (mut file, mut hasher, mut piece) = (std::fs::File::open(path)?, Sha256::new(), vec![0; 64 * 1024]);
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok(hex::encode(hasher.finalize()));
        }
        hasher.update(&piece[..read]);
    }
}
