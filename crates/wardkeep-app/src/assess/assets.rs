//! Which asset a log or a report speaks about: by the names under which the register knows it.

use super::reading::FileRead;
use super::{id_for, line};
use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error};
use std::collections::HashMap;
use wardkeep_register::Value;
use wardkeep_store::cells;
use wardkeep_types::Id;
use wardkeep_types::sighting::AssetHint;

/// Assets by every name they have.
#[derive(Debug, Default)]
pub(crate) struct AssetIndex {
    by_name: HashMap<String, (Id, Id)>,
}

impl AssetIndex {
    /// Asset and unit behind a name.
    pub fn find(&self, name: &str) -> Option<(Id, Id)> {
        let name = name.trim().to_lowercase();
        self.by_name.get(&name).copied().or_else(|| {
            // A fully qualified name is found by its short form, when that is known; an address is not a name.
            let short = name
                .split('.')
                .next()
                .filter(|s| !s.is_empty() && name.parse::<std::net::IpAddr>().is_err())?;
            self.by_name.get(short).copied()
        })
    }
    /// The strongest key of a hint that is known (`specs/exposure.md` 2).
    pub fn of(&self, hint: &AssetHint) -> Option<(Id, Id)> {
        [&hint.cloud_uid, &hint.name, &hint.hostname, &hint.ip]
            .into_iter()
            .flatten()
            .find_map(|key| self.find(key))
    }
    fn add(&mut self, name: &str, asset: Id, unit: Id) {
        let name = name.trim().to_lowercase();
        if !name.is_empty() {
            self.by_name.entry(name).or_insert((asset, unit));
        }
    }
}

impl App {
    /// Every name of every asset that is not retired.
    pub(crate) async fn asset_index(&self) -> Result<AssetIndex, Error> {
        let sql = "SELECT id, unit_id, name, hostnames, addresses, aliases, cloud_id, software_id, ref_number FROM asset WHERE stage <> 'retired' ORDER BY ref_number";
        let mut index = AssetIndex::default();
        for row in self.db.rows(sql, cells![]).await? {
            let id =
                |name: &str| row.try_get::<uuid::Uuid>("", name).map(Id::from_uuid).map_err(Error::fault);
            let (asset, unit) = (id("id")?, id("unit_id")?);
            let number: i64 = row.try_get("", "ref_number").map_err(Error::fault)?;
            index.add(&format!("AST-{number:04}"), asset, unit);
            for column in ["cloud_id", "software_id", "name", "hostnames", "aliases", "addresses"] {
                let text: Option<String> = row.try_get("", column).map_err(Error::fault)?;
                text.iter().flat_map(|t| t.split(['\n', ','])).for_each(|name| index.add(name, asset, unit));
            }
        }
        Ok(index)
    }
    /// Makes a provisional asset for every hint that no asset answers to; somebody confirms it later.
    pub(crate) async fn provisional_assets(
        &self,
        ctx: &Ctx,
        unit: Id,
        index: &mut AssetIndex,
        hints: &[(AssetHint, FileRead)],
    ) -> Result<(), Error> {
        let schema = App::schema("asset")?;
        let mut adds: Vec<Proposal> = Vec::new();
        for (hint, file) in hints {
            if *hint == AssetHint::default() || index.of(hint).is_some() {
                continue;
            }
            let label = hint.label();
            let id = id_for("asset", &label.to_lowercase());
            if adds
                .iter()
                .any(|p| matches!(p.target, crate::records::Target::New { id: other, .. } if other == id))
            {
                continue;
            }
            let kind = match hint {
                AssetHint { cloud_uid: Some(_), .. } => "cloud_account",
                AssetHint { hostname: None, ip: None, name: Some(_), .. } => "software",
                _ => "hardware",
            };
            let own = |value: &Option<String>| {
                value.as_deref().map_or(Value::Empty, |v| Value::text(&super::text(v)))
            };
            let address = hint.ip.as_deref().filter(|ip| ip.parse::<std::net::IpAddr>().is_ok());
            let choice = |key: &str| Value::Choice(key.into());
            let edits = Edits::from([
                ("name".into(), Value::text(&line(label))),
                ("kind".into(), choice(kind)),
                (
                    "description".into(),
                    Value::text(&format!("Seen in {}; not yet confirmed by anybody.", line(&file.path))),
                ),
                ("environment".into(), choice("production")),
                ("exposure".into(), choice("unknown")),
                ("confidentiality".into(), choice("medium")),
                ("integrity".into(), choice("medium")),
                ("availability".into(), choice("medium")),
                ("hostnames".into(), own(&hint.hostname)),
                ("addresses".into(), address.map_or(Value::Empty, Value::text)),
                ("aliases".into(), own(&hint.name)),
                (
                    "cloud_id".into(),
                    hint.cloud_uid.as_deref().map_or(Value::Empty, |c| Value::text(&line(c))),
                ),
            ]);
            adds.push(Proposal::add(schema, id, unit, edits).because("named by a report"));
            for name in [&hint.cloud_uid, &hint.name, &hint.hostname, &hint.ip].into_iter().flatten() {
                index.add(name, id, unit);
            }
        }
        for chunk in adds.chunks(wardkeep_types::limits::BATCH_ROWS) {
            self.write_batch(ctx, chunk.to_vec(), vec![]).await?;
        }
        Ok(())
    }
}
