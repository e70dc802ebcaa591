//! An open installation.

use crate::{Config, DataFolder, Error};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use wardkeep_register::{EstimateOf, Field, Kind, Schema, intern_choices};
use wardkeep_rights::UnitTree;
use wardkeep_store::{Db, Migrated, Target, cells};
use wardkeep_types::{Clock, Id, Moment};

/// What pages need to know of the organisation on every request; read again only when it changed.
#[derive(Debug, Clone, Default)]
pub struct Organisation {
    stamp: (i64, i64),
    /// Units and what stands above what.
    pub units: UnitTree,
    /// Names of units by id.
    pub unit_names: HashMap<Id, (String, String)>,
    custom: HashMap<String, Vec<Field>>,
}

impl Organisation {
    /// Custom fields of a register, in order.
    pub fn custom(&self, register: &str) -> &[Field] {
        self.custom.get(register).map_or(&[], Vec::as_slice)
    }
    /// Reference and name of a unit.
    pub fn unit(&self, id: Id) -> (&str, &str) {
        self.unit_names.get(&id).map_or(("", ""), |(reference, name)| (reference, name))
    }
}

/// An open installation: database, files, clock. Cheap to share.
pub struct App {
    /// The database.
    pub db: Db,
    /// The data folder.
    pub folder: DataFolder,
    /// The configuration.
    pub config: Config,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// When it was opened.
    pub opened: Moment,
    /// Live intake, while this process runs it.
    pub(crate) intake: OnceLock<Arc<crate::stream::Live>>,
    /// Who answers questions about events.
    pub(crate) events: crate::events::EventList,
    organisation: RwLock<Arc<Organisation>>,
    pub(crate) rules: crate::rules::RuleCache,
    pub(crate) iocs: crate::ioc::IocCache,
    risk: crate::risk::RiskDesk,
}

impl App {
    /// Opens the installation and brings its database up to date, after an automatic backup.
    pub async fn open(
        folder: DataFolder,
        config: Config,
        clock: Arc<dyn Clock>,
    ) -> Result<(Self, Migrated), Error> {
        let opened = clock.now();
        let target = match &config.database_url {
            Some(url) => {
                Target::Postgres { url: url.reveal().to_owned(), schema: config.database_schema.clone() }
            }
            None => Target::File(folder.database()),
        };
        let db = Db::open(&target).await?;
        let backup = folder.backups().join(format!("before-upgrade-{}.db", opened.date()));
        let migrated = db.migrate(|| snapshot(&db, &backup)).await?;
        let (organisation, rules) = (RwLock::default(), crate::rules::RuleCache::default());
        let iocs = crate::ioc::IocCache::default();
        let events = crate::events::EventList::default();
        let (intake, risk) = (OnceLock::new(), crate::risk::RiskDesk::default());
        let app = Self { db, folder, config, clock, opened, intake, events, organisation, rules, iocs, risk };
        Ok((app, migrated))
    }
    /// Cached vectors and runs of the risk engine.
    pub(crate) fn risk_desk(&self) -> &crate::risk::RiskDesk {
        &self.risk
    }
    /// The organisation as it is now; one small statement when nothing changed.
    pub async fn organisation(&self) -> Result<Arc<Organisation>, Error> {
        let sql = "SELECT (SELECT coalesce(max(from_change), 0) FROM unit) AS units, (SELECT count(*) + sum(retired) FROM custom_field) AS custom";
        let row = self.db.row(sql, cells![]).await?.ok_or_else(|| Error::fault("no stamp"))?;
        let read = |name: &str| row.try_get::<Option<i64>>("", name).map_err(Error::fault);
        let stamp = (read("units")?.unwrap_or(0), read("custom")?.unwrap_or(0));
        let known = self.organisation.read().unwrap_or_else(PoisonError::into_inner).clone();
        if known.stamp == stamp && stamp.0 > 0 {
            return Ok(known);
        }
        let fresh = Arc::new(self.load_organisation(stamp).await?);
        *self.organisation.write().unwrap_or_else(PoisonError::into_inner) = fresh.clone();
        Ok(fresh)
    }
    async fn load_organisation(&self, stamp: (i64, i64)) -> Result<Organisation, Error> {
        let mut found = Organisation { stamp, ..Organisation::default() };
        let mut pairs = Vec::new();
        let units = "SELECT id, parent, name, ref_number FROM unit";
        for row in self.db.rows(units, cells![]).await? {
            let id = |name: &str| row.try_get::<Option<uuid::Uuid>>("", name).map_err(Error::fault);
            let (unit, parent) = (id("id")?.map_or(Id::NIL, Id::from_uuid), id("parent")?.map(Id::from_uuid));
            let name: String = row.try_get("", "name").map_err(Error::fault)?;
            let number: i64 = row.try_get("", "ref_number").map_err(Error::fault)?;
            found.unit_names.insert(unit, (format!("UNI-{number:04}"), name));
            pairs.push((unit, parent));
        }
        found.units = UnitTree::build(pairs).map_err(Error::fault)?;
        let fields = "SELECT register, name, label, help, kind, options, required FROM custom_field WHERE retired = 0 ORDER BY register, position";
        for row in self.db.rows(fields, cells![]).await? {
            let text = |name: &str| row.try_get::<String>("", name).map_err(Error::fault);
            let required: i64 = row.try_get("", "required").map_err(Error::fault)?;
            let Some(kind) = custom_kind(&text("kind")?, &text("options")?) else { continue };
            let field = Field::custom(&text("name")?, &text("label")?, &text("help")?, kind, required != 0);
            found.custom.entry(text("register")?).or_default().push(field);
        }
        Ok(found)
    }
    /// A register by its key; what the program names itself is always there.
    pub fn schema(key: &str) -> Result<&'static Schema, Error> {
        wardkeep_registers::by_key(key).ok_or_else(|| Error::fault(format!("no register {key}")))
    }
}

/// The kind of a custom field. Links and files stay declared: they need tables.
pub(crate) fn custom_kind(kind: &str, options: &str) -> Option<Kind> {
    Some(match kind {
        "line" => Kind::Line,
        "text" => Kind::Text,
        "markdown" => Kind::Markdown,
        "int" => Kind::Int,
        "percent" => Kind::Percent,
        "money" => Kind::Money,
        "date" => Kind::Date,
        "moment" => Kind::Moment,
        "duration" => Kind::Duration,
        "bool" => Kind::Bool,
        "url" => Kind::Url,
        "estimate" => Kind::Estimate(EstimateOf::PerYear),
        "choice" => {
            let labels = options.lines().map(str::trim).filter(|label| !label.is_empty());
            Kind::Choice(intern_choices(labels))
        }
        _ => return None,
    })
}

async fn snapshot(db: &Db, path: &std::path::Path) -> Result<(), wardkeep_store::StoreError> {
    // PostgreSQL is backed up by its own means before an upgrade; SQLite makes a consistent copy of itself.
    if db.dialect() == wardkeep_store::Dialect::Sqlite && !path.exists() {
        db.run("VACUUM INTO $1", cells![path.display().to_string()]).await?;
    }
    Ok(())
}
