//! Numbers and hexadecimal text of audit records in words.

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

const NUMBERS: &str = include_str!("numbers.txt");

struct Numbers {
    x86_64: Vec<&'static str>,
    i386: Vec<&'static str>,
    aarch64: Vec<&'static str>,
    errno: Vec<&'static str>,
}

static NAMES: LazyLock<Numbers> = LazyLock::new(|| {
    let part = |name: &str| {
        let found = NUMBERS.split("\n[").find_map(|part| part.strip_prefix(name)?.strip_prefix("]\n"));
        found.map(|text| text.split_ascii_whitespace().collect()).unwrap_or_default()
    };
    Numbers { x86_64: part("x86_64"), i386: part("i386"), aarch64: part("aarch64"), errno: part("errno") }
});

fn at(names: &[&'static str], number: usize) -> Option<&'static str> {
    names.get(number).copied().filter(|name| *name != "-")
}

/// The name of a system call.
pub(super) fn syscall(arch: &str, number: usize) -> Option<&'static str> {
    let names = match arch {
        "x86_64" => &NAMES.x86_64,
        "i386" => &NAMES.i386,
        "aarch64" | "riscv64" => &NAMES.aarch64,
        _ => return None,
    };
    at(names, number)
}

/// The name of an error.
pub(super) fn errno(number: usize) -> Option<&'static str> {
    at(&NAMES.errno, number)
}

/// The name of a signal.
pub(super) fn signal(number: usize) -> Option<&'static str> {
    const NAMES: [&str; 32] = [
        "-",
        "SIGHUP",
        "SIGINT",
        "SIGQUIT",
        "SIGILL",
        "SIGTRAP",
        "SIGABRT",
        "SIGBUS",
        "SIGFPE",
        "SIGKILL",
        "SIGUSR1",
        "SIGSEGV",
        "SIGUSR2",
        "SIGPIPE",
        "SIGALRM",
        "SIGTERM",
        "SIGSTKFLT",
        "SIGCHLD",
        "SIGCONT",
        "SIGSTOP",
        "SIGTSTP",
        "SIGTTIN",
        "SIGTTOU",
        "SIGURG",
        "SIGXCPU",
        "SIGXFSZ",
        "SIGVTALRM",
        "SIGPROF",
        "SIGWINCH",
        "SIGIO",
        "SIGPWR",
        "SIGSYS",
    ];
    at(&NAMES, number)
}

/// The name of an architecture.
pub(super) fn arch(hex: &str) -> Option<&'static str> {
    Some(match hex {
        "c000003e" => "x86_64",
        "40000003" => "i386",
        "c00000b7" => "aarch64",
        "40000028" => "arm",
        "c00000f3" => "riscv64",
        "80000015" => "ppc64",
        "c0000015" => "ppc64le",
        "80000016" => "s390x",
        _ => return None,
    })
}

/// Names of the kinds of records that the kernel's log writes as numbers.
const KINDS: [(&str, &str); 33] = [
    ("1006", "LOGIN"),
    ("1100", "USER_AUTH"),
    ("1101", "USER_ACCT"),
    ("1102", "USER_MGMT"),
    ("1103", "CRED_ACQ"),
    ("1104", "CRED_DISP"),
    ("1105", "USER_START"),
    ("1106", "USER_END"),
    ("1107", "USER_AVC"),
    ("1108", "USER_CHAUTHTOK"),
    ("1109", "USER_ERR"),
    ("1110", "CRED_REFR"),
    ("1112", "USER_LOGIN"),
    ("1113", "USER_LOGOUT"),
    ("1114", "ADD_USER"),
    ("1115", "DEL_USER"),
    ("1116", "ADD_GROUP"),
    ("1117", "DEL_GROUP"),
    ("1123", "USER_CMD"),
    ("1130", "SERVICE_START"),
    ("1131", "SERVICE_STOP"),
    ("1300", "SYSCALL"),
    ("1302", "PATH"),
    ("1305", "CONFIG_CHANGE"),
    ("1306", "SOCKADDR"),
    ("1307", "CWD"),
    ("1309", "EXECVE"),
    ("1320", "EOE"),
    ("1325", "NETFILTER_CFG"),
    ("1326", "SECCOMP"),
    ("1327", "PROCTITLE"),
    ("1400", "AVC"),
    ("1701", "ANOM_ABEND"),
];

/// The name of a kind of record: `SYSCALL`, `1300` and `UNKNOWN[1300]` are the same.
pub(super) fn kind(text: &str) -> Cow<'_, str> {
    let number = text.strip_prefix("UNKNOWN[").and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    match KINDS.iter().find(|(known, _)| *known == number) {
        Some((_, name)) => Cow::Borrowed(name),
        None => Cow::Borrowed(text),
    }
}

/// Text that was written in hexadecimal because it holds signs that would break the record. Auditd writes capital
/// letters; anything else is text already.
pub(super) fn unhex(text: &str) -> Option<String> {
    bytes(text).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'A'..=b'F' => Some(b - b'A' + 10),
        _ => None,
    };
    if text.is_empty() || !text.len().is_multiple_of(2) {
        return None;
    }
    text.as_bytes().chunks(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

/// What a socket address says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Address {
    Ip { family: &'static str, address: String, port: u16 },
    Path(String),
    Other(String),
}

/// Reads the bytes of a socket address. The family is in the order of the machine, taken as little-endian; port and
/// address are in that of the network.
pub(super) fn address(hex: &str) -> Option<Address> {
    let bytes = bytes(&hex.to_ascii_uppercase())?;
    let family = u16::from_le_bytes(bytes.get(..2)?.try_into().ok()?);
    let port = || Some(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?));
    Some(match family {
        1 => {
            let path = bytes.get(2..)?;
            // Names that are no files begin with a zero.
            let path = path.strip_prefix(b"\0").unwrap_or(path);
            let end = path.iter().position(|b| *b == 0).unwrap_or(path.len());
            Address::Path(String::from_utf8_lossy(&path[..end]).into_owned())
        }
        2 => {
            let address: [u8; 4] = bytes.get(4..8)?.try_into().ok()?;
            Address::Ip { family: "ipv4", address: Ipv4Addr::from(address).to_string(), port: port()? }
        }
        10 => {
            let address: [u8; 16] = bytes.get(8..24)?.try_into().ok()?;
            Address::Ip { family: "ipv6", address: Ipv6Addr::from(address).to_string(), port: port()? }
        }
        16 => Address::Other("netlink".to_owned()),
        other => Address::Other(other.to_string()),
    })
}

/// Records that only add to another.
const BESIDE: [&str; 13] = [
    "SYSCALL",
    "CWD",
    "PATH",
    "PROCTITLE",
    "EXECVE",
    "SOCKADDR",
    "EOE",
    "BPRM_FCAPS",
    "CAPSET",
    "SOCKETCALL",
    "FD_PAIR",
    "MMAP",
    "OBJ_PID",
];

/// Whether a record of that kind tells what an event is about.
pub(super) fn leads(kind: &str) -> bool {
    !BESIDE.contains(&kind)
}

/// What was done, in words, by the kind of the leading record.
pub(super) fn act(kind: &str, syscall: Option<&str>, by_apparmor: bool) -> Option<&'static str> {
    Some(match kind {
        "SYSCALL" => return call(syscall?),
        "USER_LOGIN" => "logged-in",
        "USER_LOGOUT" => "logged-out",
        "USER_START" => "started-session",
        "USER_END" => "ended-session",
        "USER_AUTH" => "authenticated",
        "USER_ACCT" => "was-authorized",
        "USER_CHAUTHTOK" => "changed-password",
        "USER_CMD" => "ran-command",
        "USER_ERR" => "error",
        "USER_MGMT" => "modified-user-account",
        "GRP_MGMT" => "modified-group-account",
        "CRED_ACQ" => "acquired-credentials",
        "CRED_DISP" => "disposed-credentials",
        "CRED_REFR" => "refreshed-credentials",
        "LOGIN" => "changed-login-id-to",
        "ADD_USER" => "added-user-account",
        "DEL_USER" => "deleted-user-account",
        "ADD_GROUP" => "added-group-account-to",
        "DEL_GROUP" => "deleted-group-account-from",
        "ACCT_LOCK" => "locked-account",
        "ACCT_UNLOCK" => "unlocked-account",
        "AVC" | "USER_AVC" if by_apparmor => "violated-apparmor-policy",
        "AVC" | "USER_AVC" => "violated-selinux-policy",
        "SECCOMP" => "violated-seccomp-policy",
        "ANOM_PROMISCUOUS" => "changed-promiscuous-mode-on-device",
        "ANOM_ABEND" => "crashed-program",
        "CONFIG_CHANGE" => "changed-audit-configuration",
        "DAEMON_START" => "started-audit",
        "DAEMON_END" => "shutdown-audit",
        "NETFILTER_CFG" => "loaded-firewall-rule-to",
        "KERN_MODULE" => "loaded-kernel-module",
        "SERVICE_START" => "started-service",
        "SERVICE_STOP" => "stopped-service",
        "SYSTEM_BOOT" => "booted-system",
        "SYSTEM_SHUTDOWN" => "shutdown-system",
        "CRYPTO_KEY_USER" => "negotiated-crypto-key",
        "CRYPTO_SESSION" => "started-crypto-session",
        "TIME_ADJNTPVAL" | "TIME_INJOFFSET" => "changed-system-time",
        "TTY" | "USER_TTY" => "typed",
        _ => return None,
    })
}

fn call(name: &str) -> Option<&'static str> {
    Some(match name {
        "execve" | "execveat" => "executed",
        "rename" | "renameat" | "renameat2" => "renamed",
        "unlink" | "unlinkat" | "rmdir" => "deleted",
        "link" | "linkat" | "symlink" | "symlinkat" => "linked",
        "open" | "openat" | "openat2" | "creat" | "open_by_handle_at" => "opened-file",
        "truncate" | "ftruncate" => "truncated-file",
        "chmod" | "fchmod" | "fchmodat" => "changed-file-permissions-of",
        "chown" | "fchown" | "fchownat" | "lchown" => "changed-file-ownership-of",
        "mknod" | "mknodat" => "make-device",
        "mkdir" | "mkdirat" => "created-directory",
        "mount" => "mounted",
        "umount" | "umount2" => "unmounted",
        "accept" | "accept4" => "accepted-connection-from",
        "connect" => "connected-to",
        "bind" => "bound-socket",
        "listen" => "listen-for-connections",
        "adjtimex" | "settimeofday" | "clock_settime" | "clock_adjtime" | "stime" => "changed-system-time",
        "init_module" | "finit_module" => "loaded-kernel-module",
        "delete_module" => "unloaded-kernel-module",
        "kill" | "tkill" | "tgkill" => "killed-pid",
        "setuid" | "seteuid" | "setreuid" | "setresuid" | "setgid" | "setegid" | "setregid" | "setresgid" => {
            "changed-identity-of"
        }
        _ => return None,
    })
}
