//! Checks of the folder, the disk and the port.

use super::Check;
use crate::lock::{Lock, What};
use std::net::TcpListener;
use std::path::Path;
use wardkeep_app::Config;
use wardkeep_types::Moment;

/// Bytes of a MiB.
pub(super) const MIB: u64 = 1024 * 1024;
/// Below this, a database cannot be worked with for long.
const DISK_WRONG: u64 = 200 * MIB;
/// Below this, a large assessment may not fit.
const DISK_NOTE: u64 = 2 * 1024 * MIB;

/// Folder, keys, disk and port.
pub fn checks(folder: &Path, config: &Config) -> Vec<Check> {
    let mut checks = Vec::new();
    if folder.is_dir() {
        checks.push(writable(folder));
        checks.push(keys(&folder.join("keys")));
    } else if folder.exists() {
        let found = format!("{} is a file", folder.display());
        checks.push(Check::wrong("data folder", found, "name a folder with --data"));
    } else {
        let found = format!("{} is not there yet", folder.display());
        checks.push(Check::note(
            "data folder",
            found,
            "`wardkeep assess` and `wardkeep serve` make it; or name another with --data",
        ));
    }
    checks.push(disk(folder));
    checks.push(port(folder, &config.listen));
    checks
}

fn writable(folder: &Path) -> Check {
    let probe = folder.join(format!(".probe-{}", std::process::id()));
    let written = std::fs::write(&probe, b"probe");
    let _ = std::fs::remove_file(&probe);
    match written {
        Ok(()) => Check::fine("data folder", folder.display().to_string()),
        Err(error) => {
            let found = format!("{} cannot be written: {error}", folder.display());
            Check::wrong(
                "data folder",
                found,
                "give this account the right to write there, and see that the disk is not full",
            )
        }
    }
}

#[cfg(unix)]
fn keys(folder: &Path) -> Check {
    use std::os::unix::fs::PermissionsExt as _;
    let open_to_others = |path: &Path, allowed: u32| {
        let mode = path.metadata().map_or(allowed, |m| m.permissions().mode() & 0o777);
        (mode & !allowed != 0).then(|| format!("{} has mode {mode:o}", path.display()))
    };
    if !folder.is_dir() {
        return Check::note("keys", "there are none yet", "the first start makes them");
    }
    let mut found: Vec<String> = open_to_others(folder, 0o700).into_iter().collect();
    let files = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let files: Vec<_> = files.map(|f| f.path()).filter(|p| p.is_file()).collect();
    found.extend(files.iter().filter_map(|path| open_to_others(path, 0o600)));
    if found.is_empty() {
        return Check::fine(
            "keys",
            format!(
                "{} for this account alone",
                wardkeep_report::words::count(files.len() as u64, "file", "files")
            ),
        );
    }
    let remedy =
        format!("others on this machine can read them: chmod 700 {0} && chmod 600 {0}/*", folder.display());
    Check::wrong("keys", found.join("; "), remedy)
}

#[cfg(not(unix))]
fn keys(folder: &Path) -> Check {
    Check::note("keys", folder.display().to_string(), "see that only this account can read the folder")
}

fn disk(folder: &Path) -> Check {
    let there = folder.ancestors().find(|p| p.is_dir()).unwrap_or_else(|| Path::new("."));
    match fs4::available_space(there) {
        Ok(free) => {
            let found = format!("{} MiB free", wardkeep_report::words::number(free / MIB));
            match free {
                f if f < DISK_WRONG => Check::wrong(
                    "disk",
                    found,
                    "free some space: below 200 MiB the database cannot be worked with",
                ),
                f if f < DISK_NOTE => Check::note(
                    "disk",
                    found,
                    "a large assessment may need more: about a fifth of the evidence's size",
                ),
                _ => Check::fine("disk", found),
            }
        }
        Err(error) => {
            Check::note("disk", format!("the free space cannot be read: {error}"), "look yourself: `df -h`")
        }
    }
}

/// Whether this data folder is being served now.
pub(super) fn is_served(folder: &Path) -> bool {
    // Trying to lock tells whether a Wardkeep is at work here; the lock is given back at once.
    folder.is_dir()
        && folder.join(".serve.lock").exists()
        && Lock::take(folder, What::Serve, Moment::EPOCH).is_err()
}

fn port(folder: &Path, listen: &str) -> Check {
    let served = is_served(folder);
    match TcpListener::bind(listen) {
        Ok(_) => Check::fine("address", format!("{listen} is free")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse && served => {
            Check::fine("address", format!("{listen}: this data folder is being served"))
        }
        Err(error) => {
            let found = format!("{listen} cannot be used: {error}");
            Check::wrong(
                "address",
                found,
                "stop the other program, or choose another with listen in wardkeep.toml or `serve --port`",
            )
        }
    }
}
