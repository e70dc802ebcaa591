//! A look from outside with nmap: what anybody on the internet can reach.

use super::Made;
use super::scene::{DAY, Scene};
use std::fmt::Write as _;

pub(super) fn files(scene: &mut Scene) -> Vec<Made> {
    let outside: Vec<_> =
        scene.estate.iter().filter(|t| t.exposure == "internet" && t.address.is_some()).cloned().collect();
    let at = scene.ago(4 * DAY).as_micros() / 1_000_000;
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE nmaprun>\n<nmaprun scanner=\"nmap\" args=\"nmap -sV -oX outside.xml 192.0.2.0/26\" start=\"{at}\" version=\"7.95\" xmloutputversion=\"1.05\">\n"
    );
    for (index, thing) in outside.iter().enumerate() {
        let (address, host) =
            (thing.address.clone().unwrap_or_default(), thing.host.clone().unwrap_or_default());
        let ports: &[(u16, &str, &str)] = match thing.key.as_str() {
            key if key.starts_with("mx") => &[(25, "smtp", "Postfix smtpd")],
            key if key.starts_with("sftp") => &[(22, "ssh", "OpenSSH 8.9p1")],
            key if key.starts_with("fw") || key.starts_with("af-fw") => &[],
            key if key.starts_with("vpn") => &[(443, "https", "Palisade gateway")],
            "af-tele01" => &[(443, "https", "nginx"), (8_080, "http", "Jetty")],
            _ => &[(80, "http", "nginx"), (443, "https", "nginx")],
        };
        let _ = writeln!(
            out,
            "<host starttime=\"{0}\" endtime=\"{1}\"><status state=\"up\" reason=\"echo-reply\"/>",
            at + index as i64,
            at + index as i64 + 9
        );
        let _ = writeln!(
            out,
            "<address addr=\"{address}\" addrtype=\"ipv4\"/><hostnames><hostname name=\"{host}\" type=\"PTR\"/></hostnames>"
        );
        let _ = writeln!(out, "<ports><extraports state=\"filtered\" count=\"{}\"/>", 1_000 - ports.len());
        for (port, name, product) in ports {
            let _ = writeln!(
                out,
                "<port protocol=\"tcp\" portid=\"{port}\"><state state=\"open\" reason=\"syn-ack\"/><service name=\"{name}\" product=\"{product}\"/></port>"
            );
        }
        let _ = writeln!(out, "</ports></host>");
    }
    let end = at + 600;
    let _ = writeln!(
        out,
        "<runstats><finished time=\"{end}\" exit=\"success\"/><hosts up=\"{0}\" down=\"0\" total=\"{0}\"/></runstats>\n</nmaprun>",
        outside.len()
    );
    vec![Made::new("scans/outside-nmap.xml", "nmap", out)]
}
