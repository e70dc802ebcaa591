//! A PostgreSQL server for tests: one a test process, gone when the process is gone.
//!
//! The server is watched by a small shell script that waits on a pipe held by the test process. However that
//! process ends, SIGKILL included, the pipe closes, and the script stops the server and removes its folder.
//! This file uses the standard library alone, so that any crate's tests can include it by path without a
//! cycle of dependencies.

use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// Names a server to use instead of starting one: `postgres://user:secret@host/database`.
pub const OVERRIDE: &str = "WARDKEEP_TEST_POSTGRES";

/// What the watching script does. `$1` programs, `$2` folder. It says `ready` or ends.
const SCRIPT: &str = r#"
trap '' INT HUP
"$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --locale=C --no-sync -N >"$2/log" 2>&1 || { tail -3 "$2/log" | tr '\n' ' '; exit 1; }
"$1/pg_ctl" -D "$2/data" -l "$2/log" -w -t 60 -o "-c listen_addresses= -c unix_socket_directories='$2' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB -c autovacuum_naptime=10s" start >/dev/null 2>&1 || { tail -3 "$2/log" | tr '\n' ' '; exit 1; }
echo ready
cat >/dev/null
"$1/pg_ctl" -D "$2/data" -m immediate stop >/dev/null 2>&1
rm -rf "$2"
"#;

struct Server {
    url: String,
    /// Held for its pipe: closing it ends the server.
    _watcher: Child,
}

static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();

/// The URL of this process's server, started at the first call, or that of [`OVERRIDE`]. `None` when there
/// is no PostgreSQL on this machine; the reason is printed. With `CI` set a missing server is a failure.
pub fn url() -> Option<String> {
    if let Ok(url) = std::env::var(OVERRIDE) {
        return Some(url);
    }
    match SERVER.get_or_init(start) {
        Ok(server) => Some(server.url.clone()),
        Err(why) => {
            assert!(std::env::var_os("CI").is_none(), "PostgreSQL is needed here: {why}");
            eprintln!("skipped on PostgreSQL: {why}");
            None
        }
    }
}

/// A name for a fresh schema, different in every call and every process. Whoever uses it creates it.
pub fn schema() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("t{:016x}{:016x}", random(), random())
}

fn start() -> Result<Server, String> {
    let programs =
        programs().ok_or("no initdb in PATH or /usr/lib/postgresql; install the package postgresql")?;
    let folder = std::env::temp_dir().join(format!("wardkeep-pg-{}", &schema()[..17]));
    let say = |what: &str, error: std::io::Error| format!("{what} {}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(|e| say("cannot make", e))?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).map_err(|e| say("cannot protect", e))?;
    let mut command = Command::new("sh");
    command.args(["-c", SCRIPT, "wardkeep-pg"]).arg(&programs).arg(&folder).current_dir(&folder);
    // A group of its own: an interrupt typed at the terminal must not end the watcher before the server.
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0);
    // PostgreSQL refuses to run as root.
    if fs::metadata(&folder).is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0) {
        let (uid, gid) = account("postgres").ok_or("running as root and there is no account 'postgres'")?;
        chown(&folder, Some(uid), Some(gid)).map_err(|e| say("cannot hand over", e))?;
        command.uid(uid).gid(gid);
    }
    let mut watcher = command.spawn().map_err(|e| format!("cannot run sh: {e}"))?;
    let mut line = String::new();
    if let Some(out) = watcher.stdout.take() {
        let _ = BufReader::new(out).read_line(&mut line);
    }
    if line.trim() != "ready" {
        drop(watcher.stdin.take());
        let _ = watcher.wait();
        let _ = fs::remove_dir_all(&folder);
        return Err(format!("the server did not start: {}", line.trim()));
    }
    let host = folder.display().to_string().replace('/', "%2F");
    Ok(Server { url: format!("postgres://postgres@{host}/postgres"), _watcher: watcher })
}

/// The folder with PostgreSQL's programs: the newest of Debian's, else that of `initdb` in PATH.
fn programs() -> Option<PathBuf> {
    let has = |folder: &Path| folder.join("initdb").is_file();
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|e| Some((e.file_name().to_str()?.parse().ok()?, e.path().join("bin"))))
        .filter(|(_, folder)| has(folder))
        .collect();
    versions.sort();
    let in_path = || std::env::split_paths(&std::env::var_os("PATH")?).find(|folder| has(folder));
    versions.pop().map(|(_, folder)| folder).or_else(in_path)
}

/// User and group number of an account of this machine.
fn account(name: &str) -> Option<(u32, u32)> {
    let text = fs::read_to_string("/etc/passwd").ok()?;
    let line = text.lines().find(|l| l.split(':').next() == Some(name))?;
    let mut numbers = line.split(':').skip(2);
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_and_the_account_list_is_read() {
        assert_ne!(schema(), schema());
        assert_eq!(account("root"), Some((0, 0)));
        assert_eq!(account("nobody at all"), None);
    }

    #[test]
    fn a_server_starts_or_says_why_not() {
        let Some(url) = url() else { return };
        assert!(url.starts_with("postgres://"), "{url}");
        assert_eq!(super::url(), Some(url));
    }
}
