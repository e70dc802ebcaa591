//! Assets: hardware, software, data, cloud accounts, places, devices and AI systems that are worth protecting.

use crate::checks::{address_fits, entries, only, owned};
use crate::choices::Level;
use crate::{DataCategory, Person, Service, Supplier};
use wardkeep_register::prelude::*;

/// Something of worth that can be attacked, lost or broken.
#[derive(Record)]
pub struct Asset {
    /// What people call it.
    #[field(title)]
    pub name: Line,
    /// What sort of thing it is.
    #[field(list, filter)]
    pub kind: AssetKind,
    /// What it is for.
    pub description: Markdown,
    /// Who answers for it.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// What it is used for.
    #[field(filter)]
    pub environment: Environment,
    /// From where it can be reached.
    #[field(list, filter)]
    pub exposure: Exposure,
    /// How much harm it would do if others read it.
    pub confidentiality: Level,
    /// How much harm it would do if others changed it.
    pub integrity: Level,
    /// How much harm it would do if it stood still.
    pub availability: Level,
    /// How critical it is: the highest criticality of the services that depend on it.
    #[field(list, filter, computed)]
    pub criticality: Option<Level>,
    /// Services that depend on it.
    pub supports: Links<Service>,
    /// The asset it is part of or runs on.
    pub part_of: Option<Link<Asset>>,
    /// Data that it holds.
    pub data: Links<DataCategory>,
    /// Who made it or runs it for us.
    pub supplier: Option<Link<Supplier>>,
    /// Host and domain names under which logs and scans know it, one per line.
    pub hostnames: Text,
    /// IP addresses and networks under which logs and scans know it, one per line.
    pub addresses: Text,
    /// Other names under which logs and scans know it, such as agent ids, one per line.
    pub aliases: Text,
    /// The cloud provider's own id of it, such as an ARN.
    #[field(unique)]
    pub cloud_id: Option<Line>,
    /// Package URL, image or repository of software, without a tag.
    #[field(unique)]
    pub software_id: Option<Line>,
    /// Maker, model and version.
    pub product: Option<Line>,
    /// Serial or inventory number.
    #[field(unique)]
    pub serial_number: Option<Line>,
    /// When it will next be upgraded; some weaknesses may wait for that day.
    pub planned_upgrade: Option<Date>,
    /// When its maker stops mending it.
    #[field(list, due)]
    pub end_of_support: Option<Date>,
}

/// Sorts of asset.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum AssetKind {
    /// Servers, laptops, telephones, network gear.
    Hardware,
    /// Applications, operating systems, images, repositories.
    Software,
    /// Data that belong together, wherever they lie.
    DataSet,
    /// An account or subscription with a cloud provider.
    CloudAccount,
    /// A building, a room, a data centre.
    Site,
    /// Industrial control, medical device, camera, sensor.
    #[label("OT or IoT device")]
    Device,
    /// A model, or something that decides with one.
    #[label("AI system")]
    AiSystem,
}

/// What assets are used for.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Environment {
    /// Real work.
    Production,
    /// Trying out before it becomes real.
    Test,
    /// Building.
    Development,
    /// Waiting for an emergency.
    Standby,
}

/// From where an asset can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Exposure {
    /// Not known: treated like the internet until somebody looks.
    Unknown,
    /// Anybody on the internet.
    Internet,
    /// Partners and suppliers.
    Partner,
    /// Our own networks only.
    Internal,
    /// No network.
    Isolated,
}

/// Life of an asset.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Planned, or seen by a scan and not yet confirmed by anybody.
    #[open]
    Proposed,
    /// At work.
    #[open]
    InUse,
    /// Being replaced.
    #[open]
    PhasingOut,
    /// Gone; its data are gone too.
    #[done]
    Retired,
}

impl Asset {
    /// The criticality that follows from the services it supports; `None` when it supports none.
    pub fn criticality_from(services: impl IntoIterator<Item = Level>) -> Option<Level> {
        services.into_iter().max()
    }
}

impl Register for Asset {
    type Stage = Stage;
    const NAMES: Names =
        Names { one: "asset", many: "assets", prefix: "AST", area: Area::Identify, key: "asset" };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("confirm", &[Stage::Proposed], Stage::InUse).only_if(is_owned),
        Move::new("phase_out", &[Stage::InUse], Stage::PhasingOut).with_reason(),
        Move::new("retire", &[Stage::Proposed, Stage::InUse, Stage::PhasingOut], Stage::Retired)
            .needs(Verb::Retire)
            .with_reason()
            .only_if(is_free),
        Move::new("return", &[Stage::PhasingOut, Stage::Retired], Stage::InUse)
            .with_reason()
            .only_if(is_owned),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        for address in entries(&self.addresses).filter(|a| !address_fits(a)) {
            let message =
                format!("'{address}' is neither an address nor a network; names belong to the host names");
            problems.add(Problem::new("addresses", "invalid", message));
        }
        let owned = !matches!(stage, Stage::InUse | Stage::PhasingOut) || self.owner.is_some();
        problems.require(owned, "owner", "required", "an asset in use needs somebody who answers for it");
        let reachable = self.exposure != Exposure::Isolated || self.addresses.as_str().is_empty();
        problems.require(
            reachable,
            "exposure",
            "contradiction",
            "an asset with an address is not without a network",
        );
        let told = stage != Stage::InUse || self.kind != AssetKind::DataSet || !self.data.is_empty();
        problems.require(told, "data", "required", "say which categories of data the data set holds");
    }
}

fn is_owned(asset: &Asset, _: &GuardContext) -> Result<(), Refused> {
    owned(asset.owner)
}

fn is_free(asset: &Asset, _: &GuardContext) -> Result<(), Refused> {
    only(asset.supports.is_empty(), "services still depend on it: move them to another asset first")
}

#[cfg(test)]
mod tests {
    use super::{Asset, Level};
    use crate::testing::{ID, sample};

    #[test]
    fn assets_need_an_owner_to_start_and_no_dependants_to_end() {
        sample::<Asset>().refuses("confirm", "answers").with("owner", ID).allows("confirm");
        sample::<Asset>().with("supports", ID).refuses("retire", "depend on it");
    }

    #[test]
    fn addresses_are_addresses_and_fit_the_exposure() {
        sample::<Asset>().with("addresses", "10.0.0.1\nsrv-db-01").fails_in("addresses");
        sample::<Asset>().with("addresses", "10.0.0.1, 2001:db8::/64").stands();
        sample::<Asset>().with("addresses", "10.0.0.1").with("exposure", "isolated").fails_in("exposure");
    }

    #[test]
    fn the_most_critical_service_decides() {
        assert_eq!(
            Asset::criticality_from([Level::Low, Level::Critical, Level::High]),
            Some(Level::Critical)
        );
        assert_eq!(Asset::criticality_from([]), None);
    }
}
