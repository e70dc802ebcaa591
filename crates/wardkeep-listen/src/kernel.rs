//! What the kernel dropped of UDP because nobody fetched it in time.

use std::net::SocketAddr;

/// The kernel's own counters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KernelDrops {
    /// Datagrams dropped at our socket, since it was opened; absent where the system does not say.
    pub socket: Option<u64>,
    /// Datagrams dropped at any socket of this machine because a receive buffer was full, since it was started.
    pub machine: Option<u64>,
}

/// Reads the counters for a socket bound to `address` (Linux: `/proc/net/udp`, `/proc/net/udp6`, `/proc/net/snmp`).
pub fn udp_drops(address: SocketAddr) -> KernelDrops {
    let table = if address.is_ipv4() { "/proc/net/udp" } else { "/proc/net/udp6" };
    let read = |path: &str| std::fs::read_to_string(path).ok();
    KernelDrops {
        socket: read(table).and_then(|text| of_table(&text, address.port())),
        machine: read("/proc/net/snmp").and_then(|text| of_snmp(&text)),
    }
}

/// Sum of the last column of the rows whose local port it is.
fn of_table(text: &str, port: u16) -> Option<u64> {
    let mut found = None;
    for row in text.lines().skip(1) {
        let mut columns = row.split_whitespace();
        let local = columns.nth(1)?;
        let (_, local_port) = local.rsplit_once(':')?;
        if u16::from_str_radix(local_port, 16) == Ok(port) {
            let drops: u64 = columns.last()?.parse().ok()?;
            found = Some(found.unwrap_or(0) + drops);
        }
    }
    found
}

/// `RcvbufErrors` of the row `Udp:`.
fn of_snmp(text: &str) -> Option<u64> {
    let mut rows = text.lines().filter(|row| row.starts_with("Udp:"));
    let (names, values) = (rows.next()?, rows.next()?);
    let place = names.split_whitespace().position(|name| name == "RcvbufErrors")?;
    values.split_whitespace().nth(place)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{of_snmp, of_table};

    #[test]
    fn the_tables_of_the_kernel_are_read() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n\
            45: 0100007F:0202 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0 17\n\
            46: 00000000:0202 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0 3\n";
        assert_eq!((of_table(table, 514), of_table(table, 515)), (Some(20), None));
        let snmp = "Ip: a\nUdp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors\nUdp: 1 2 3 4 55 0\n";
        assert_eq!((of_snmp(snmp), of_snmp("Udp: x")), (Some(55), None));
    }
}
