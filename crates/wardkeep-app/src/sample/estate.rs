//! What the organisation has: 600 things by name and address. The records and the example evidence are both made
//! from this list, so that logs and scans find their assets.

use super::machines::{GEAR, SERVERS, WIN16};
use super::random::Random;
use wardkeep_registers::choices::Level;

/// How many there are.
pub(super) const THINGS: usize = 600;
const SEED: u64 = 0x5741_5244_4b45_4550;

/// What runs on it, as far as evidence differs by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum System {
    Linux,
    Windows,
    Workplace,
    Network,
    Device,
    None,
}

/// One thing.
#[derive(Debug, Clone)]
pub(super) struct Thing {
    /// Short name; unique.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// Choice of the register.
    pub kind: &'static str,
    pub unit: &'static str,
    /// Key of the cast.
    pub owner: &'static str,
    pub environment: &'static str,
    pub exposure: &'static str,
    /// Full host name.
    pub host: Option<String>,
    pub address: Option<String>,
    pub product: String,
    /// Keys of services, separated by blanks.
    pub services: &'static str,
    /// Keys of data categories.
    pub data: &'static str,
    pub supplier: &'static str,
    pub system: System,
    pub serial: Option<String>,
    pub cloud_id: Option<String>,
    pub software_id: Option<String>,
    /// Days from today until its maker stops mending it; negative when that is over.
    pub supported: Option<i64>,
}

impl Thing {
    /// How critical it is: the most critical of its services at the end of the year.
    pub fn level(&self) -> Option<Level> {
        let level = |key: &str| super::services::SERVICES.iter().find(|s| s.key == key).map(|s| s.level);
        wardkeep_registers::Asset::criticality_from(self.services.split_whitespace().filter_map(level))
    }
    /// The name before the first dot.
    pub fn short(&self) -> &str {
        self.host.as_deref().map_or(&self.key, |h| h.split('.').next().unwrap_or(h))
    }
}

/// Everything, in the same order every time.
pub(super) fn estate() -> Vec<Thing> {
    let mut random = Random::new(SEED);
    let mut all: Vec<Thing> = Vec::with_capacity(THINGS);
    let mut net = Net::default();
    for (key, count, name, unit, owner, system, product, services, data, supplier, exposure) in SERVERS {
        for n in 1..=count {
            all.push(machine(
                &mut net,
                &mut random,
                (key, name, unit, owner, system, product, services, supplier, exposure),
                n,
                data,
            ));
        }
    }
    for (key, count, name, unit, owner, system, product, services, supplier, exposure) in GEAR {
        for n in 1..=count {
            all.push(machine(
                &mut net,
                &mut random,
                (key, name, unit, owner, system, product, services, supplier, exposure),
                n,
                "",
            ));
        }
    }
    all.extend(super::intangible::things(&mut random));
    let left = THINGS.saturating_sub(all.len());
    for n in 1..=left {
        all.push(workplace(&mut net, &mut random, n));
    }
    all
}

/// Hands out addresses: one network a unit, ours on the internet from TEST-NET-1 (RFC 5737).
#[derive(Default)]
struct Net {
    used: std::collections::HashMap<(u8, u8), u16>,
    outside: u8,
}

impl Net {
    fn next(&mut self, unit: &str, system: System, exposure: &str) -> String {
        if exposure == "internet" {
            self.outside += 1;
            return format!("192.0.2.{}", 9 + self.outside);
        }
        let site = match unit {
            "it" | "group" => 10,
            "hospital" | "acute" | "surgery" => 20,
            "lab" => 22,
            "brinkau" => 24,
            "clinics" | "north" | "pine" => 40,
            _ => 60,
        };
        let zone = match system {
            System::Linux | System::Windows | System::None => 1,
            System::Network => 2,
            System::Device => 3,
            System::Workplace => 8,
        };
        let n = self.used.entry((site, zone)).or_default();
        *n += 1;
        format!("10.{site}.{}.{}", u16::from(zone) + *n / 240, 10 + *n % 240)
    }
}

type Kind = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    System,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

fn domain(unit: &str) -> &'static str {
    super::organisation::UNITS.iter().find(|u| u.key == unit).map_or("tarnwald.example", |u| u.domain)
}

fn machine(net: &mut Net, random: &mut Random, kind: Kind, n: usize, data: &'static str) -> Thing {
    let (key, name, unit, owner, system, product, services, supplier, exposure) = kind;
    let short = format!("{key}{n:02}");
    let environment = match key {
        "test" => "test",
        "dev" => "development",
        "ehr-read" => "standby",
        _ => "production",
    };
    let device = system == System::Device;
    Thing {
        name: format!("{name} {short}"),
        kind: if device { "device" } else { "hardware" },
        unit,
        owner,
        environment,
        exposure,
        host: Some(format!("{short}.{}", domain(unit))),
        address: Some(net.next(unit, system, exposure)),
        product: product.to_owned(),
        services,
        data,
        supplier,
        system,
        serial: Some(format!("TW-{}", random.hex(8).to_uppercase())),
        cloud_id: None,
        software_id: None,
        supported: match product {
            WIN16 => Some(-40),
            "Granit Store 200" => Some(-210),
            "Magnavue X 3" => Some(75),
            _ if device => Some(random.between(200, 2_500)),
            _ => Some(random.between(300, 1_500)),
        },
        key: short,
    }
}

fn workplace(net: &mut Net, random: &mut Random, n: usize) -> Thing {
    const PLACES: [(&str, &str, &str, &str); 11] = [
        ("acute", "it", "desk emergency", "Ward computer"),
        ("surgery", "it", "desk theatre", "Ward computer"),
        ("lab", "it", "desk lab imaging", "Reading station"),
        ("hospital", "it", "desk", "Laptop"),
        ("brinkau", "brinkau", "desk outpatient", "Consultation laptop"),
        ("north", "north", "us_ehr us_appointments", "Exam room computer"),
        ("pine", "pine", "us_ehr us_appointments", "Exam room computer"),
        ("claims", "claims", "desk claims", "Laptop"),
        ("insurer", "claims", "desk policies", "Laptop"),
        ("it", "it", "desk hosting", "Administrator laptop"),
        ("group", "it", "desk", "Laptop"),
    ];
    let (unit, owner, services, name) = PLACES[n % PLACES.len()];
    let short = format!("ws{:04}", 1_000 + n);
    let old = random.chance(9);
    Thing {
        name: format!("{name} {short}"),
        kind: "hardware",
        unit,
        owner,
        environment: "production",
        exposure: "internal",
        host: Some(format!("{short}.{}", domain(unit))),
        address: Some(net.next(unit, System::Workplace, "internal")),
        product: if old { "Microsoft Windows 10 Enterprise" } else { "Microsoft Windows 11 Enterprise" }
            .to_owned(),
        services,
        data: "",
        supplier: "laptops",
        system: System::Workplace,
        serial: Some(format!("NB-{}", random.hex(7).to_uppercase())),
        cloud_id: None,
        software_id: None,
        supported: Some(if old { -30 } else { 700 }),
        key: short,
    }
}

#[cfg(test)]
mod tests {
    use super::{THINGS, estate};
    use std::collections::BTreeSet;

    #[test]
    fn six_hundred_things_with_names_and_addresses_of_their_own() {
        let all = estate();
        assert_eq!(all.len(), THINGS);
        let count = |get: fn(&super::Thing) -> Option<String>| {
            let values: Vec<String> = all.iter().filter_map(get).collect();
            assert_eq!(values.iter().collect::<BTreeSet<_>>().len(), values.len());
            values.len()
        };
        assert_eq!(count(|t| Some(t.key.clone())), THINGS);
        assert!(count(|t| t.host.clone()) > 400 && count(|t| t.address.clone()) > 400);
        count(|t| t.serial.clone());
        assert!(all.iter().all(|t| t.level().is_some()), "everything supports a service");
    }
}
