//! Checks of live intake: ports, certificate, room for the spool, what the kernel dropped.

use super::Check;
use super::place::{MIB, is_served};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::Path;
use wardkeep_app::Config;
use wardkeep_app::Intake;
use wardkeep_app::stream::{TlsOptions, check_tls, udp_drops};
use wardkeep_report::words::number;

/// Checks what is switched on; one note when nothing is.
pub fn checks(folder: &Path, config: &Config) -> Vec<Check> {
    let intake = &config.intake;
    if !intake.is_on() {
        return vec![Check::fine("intake", "off: nothing is taken in live")];
    }
    let served = is_served(folder);
    let mut checks = Vec::new();
    if let Some(address) = intake.udp {
        checks.push(port("syslog UDP", address, served, UdpSocket::bind(address).err()));
        checks.push(drops(address));
    }
    if let Some(address) = intake.tcp {
        checks.push(port("syslog TCP", address, served, TcpListener::bind(address).err()));
    }
    if let Some(tls) = &intake.tls {
        checks.push(port("syslog TLS", tls.listen, served, TcpListener::bind(tls.listen).err()));
        let options = TlsOptions {
            certificate: tls.certificate.clone(),
            key: tls.key.clone(),
            client_ca: tls.client_ca.clone(),
        };
        checks.push(match check_tls(&options) {
            Ok(()) => Check::fine("certificate", tls.certificate.display().to_string()),
            Err(error) => {
                Check::wrong("certificate", error, "mend [intake.tls]: senders over TLS are turned away")
            }
        });
    }
    checks.extend(intake.tail.iter().filter_map(|tail| {
        let error = std::fs::metadata(&tail.path).err()?;
        let found = format!("{}: {error}", tail.path.display());
        Some(Check::note("followed file", found, "it is followed as soon as it is there and may be read"))
    }));
    checks.push(spool(&folder.join("spool/live"), intake));
    checks
}

fn port(name: &'static str, address: SocketAddr, served: bool, error: Option<std::io::Error>) -> Check {
    match error {
        None if served => {
            let found = format!("{address} is free, though this data folder is being served");
            Check::wrong(
                name,
                found,
                "nobody listens there: start `wardkeep serve` again with these settings",
            )
        }
        None => Check::fine(name, format!("{address} is free")),
        Some(error) if error.kind() == std::io::ErrorKind::AddrInUse && served => {
            Check::fine(name, format!("{address}: this data folder is being served"))
        }
        Some(error) => {
            let found = format!("{address} cannot be used: {error}");
            Check::wrong(name, found, "stop the other program, or choose another address in [intake]")
        }
    }
}

/// What the kernel dropped at the socket that listens now.
fn drops(address: SocketAddr) -> Check {
    let name = "UDP loss";
    match udp_drops(address).socket {
        None => Check::fine(name, "nobody listens there now"),
        Some(0) => Check::fine(name, "nothing was dropped since the socket was opened"),
        Some(lost) => {
            let found = format!("{} datagrams were dropped since the socket was opened", number(lost));
            let remedy = "UDP cannot wait: let busy senders use TCP or TLS, and raise net.core.rmem_max";
            Check::wrong(name, found, remedy)
        }
    }
}

fn spool(folder: &Path, intake: &Intake) -> Check {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let held: u64 = entries.filter_map(|entry| entry.metadata().ok()).map(|m| m.len()).sum();
    let most = intake.spool_mib * MIB;
    let there = folder.ancestors().find(|p| p.is_dir()).unwrap_or_else(|| Path::new("."));
    let free = match fs4::available_space(there) {
        Ok(free) => free,
        Err(error) => {
            let found = format!("the free space cannot be read: {error}");
            return Check::note("spool", found, "look yourself: `df -h`");
        }
    };
    let found = format!(
        "{} of {} MiB used, {} MiB free on the disk",
        number(held.div_ceil(MIB)),
        number(intake.spool_mib),
        number(free / MIB)
    );
    if held >= most {
        let remedy = "senders are held back: look why work is behind, or raise spool_mib in [intake]";
        return Check::wrong("spool", found, remedy);
    }
    if most - held > free {
        let remedy = "the disk would be full before the spool is: free some space, or lower spool_mib";
        return Check::note("spool", found, remedy);
    }
    Check::fine("spool", found)
}

#[cfg(test)]
mod tests {
    use super::{checks, spool};
    use crate::commands::doctor::State;
    use std::net::TcpListener;
    use wardkeep_app::Config;

    #[test]
    fn what_stands_in_the_way_of_intake_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        assert_eq!(checks(dir.path(), &config)[0].found, "off: nothing is taken in live");
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        config.intake.tcp = Some(taken.local_addr().unwrap());
        config.intake.udp = Some("127.0.0.1:0".parse().unwrap());
        let found = checks(dir.path(), &config);
        let of = |name: &str| found.iter().find(|check| check.name == name).unwrap().state;
        assert_eq!(of("syslog TCP"), State::Wrong);
        assert_eq!((of("syslog UDP"), of("UDP loss"), of("spool")), (State::Fine, State::Fine, State::Fine));
        let files = wardkeep_app::IntakeTls {
            listen: "127.0.0.1:0".parse().unwrap(),
            certificate: dir.path().join("none.pem"),
            key: dir.path().join("none.key"),
            client_ca: None,
        };
        config.intake.tls = Some(files);
        let found = checks(dir.path(), &config);
        let certificate = found.iter().find(|check| check.name == "certificate").unwrap();
        assert!(certificate.state == State::Wrong && certificate.found.contains("none.key"));
    }

    #[test]
    fn a_full_spool_is_wrong_and_a_small_disk_is_noted() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("1.spool"), vec![0; 2 << 20]).unwrap();
        let mut config = Config::default();
        config.intake.spool_mib = 1;
        assert_eq!(spool(dir.path(), &config.intake).state, State::Wrong);
        config.intake.spool_mib = 1 << 40;
        assert_eq!(spool(dir.path(), &config.intake).state, State::Note);
    }
}
