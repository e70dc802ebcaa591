//! Pages that no register makes: where they stand in the navigation.

use super::reader::Reader;
use super::{chain, events, imports, ioc, risk, rules, source};
use crate::words::words;
use maud::Markup;
use wardkeep_app::Error;
use wardkeep_app::records::RecordView;
use wardkeep_register::{Area, Verb};
use wardkeep_rights::{Named, Resource, Target, decide, scope};

/// A page beside the registers.
pub struct Extra {
    /// Its area; `None` stands under Report.
    pub area: Option<Area>,
    /// Key of its name.
    pub name: fn() -> &'static str,
    /// Its address.
    pub href: &'static str,
    /// Who may view this sees the entry.
    pub resource: Resource,
    /// Only who may view it in the whole organisation: what is shown belongs to no unit.
    pub whole: bool,
}

impl Extra {
    /// Whether the reader sees the entry.
    pub fn is_open_to(&self, reader: &Reader) -> bool {
        let (actor, units) = (&reader.ctx.actor, &reader.organisation.units);
        if !self.whole {
            return !scope(actor, units, self.resource, Verb::View).is_empty();
        }
        units.roots().next().is_some_and(|root| {
            decide(actor, units, Verb::View, self.resource, &Target::of(root, None)).is_ok()
        })
    }
}

/// Every such page, in menu order. Whoever adds a page adds its line here.
pub const EXTRAS: &[Extra] = &[
    Extra {
        area: None,
        name: || words("posture.title"),
        href: chain::POSTURE,
        resource: Resource::Register("control"),
        whole: false,
    },
    Extra {
        area: Some(Area::Protect),
        name: || words("files.title"),
        href: chain::FILES,
        resource: Resource::Register("evidence"),
        whole: true,
    },
    Extra {
        area: Some(Area::Detect),
        name: || words("events.title"),
        href: events::EVENTS,
        resource: Resource::Named(Named::LogEvent),
        whole: true,
    },
    Extra {
        area: Some(Area::Detect),
        name: || words("rules.coverage"),
        href: rules::COVERAGE,
        resource: Resource::Register("rule"),
        whole: false,
    },
    of_risk(Area::Identify, || words("risk.portfolio_title"), risk::PORTFOLIO),
    Extra {
        area: Some(Area::Identify),
        name: || words("risk.estimates_title"),
        href: risk::ESTIMATES,
        resource: Resource::Register("estimate"),
        whole: false,
    },
    Extra {
        area: Some(Area::Identify),
        name: || words("risk.matrix_title"),
        href: risk::MATRIX,
        resource: Resource::Register("risk_matrix"),
        whole: true,
    },
    of_risk(Area::Govern, || words("risk.appetite_title"), risk::APPETITE),
    of_risk(Area::Govern, || words("risk.investments"), risk::INVESTMENTS),
    settings(|| words("admin.users"), "/admin/users", Named::User),
    settings(|| words("admin.fields"), "/admin/fields", Named::CustomField),
    settings(|| words("admin.tokens"), "/admin/tokens", Named::Token),
    settings(|| words("admin.webhooks"), "/admin/webhooks", Named::Token),
    settings(|| words("admin.jobs"), "/admin/jobs", Named::Job),
    settings(|| words("admin.health"), "/admin/health", Named::Health),
    settings(|| words("admin.settings"), "/admin/settings", Named::Setting),
    Extra {
        area: Some(Area::Settings),
        name: || words("imports.title"),
        href: imports::PATH,
        resource: Resource::Named(Named::Import),
        whole: false,
    },
];

const fn settings(name: fn() -> &'static str, href: &'static str, named: Named) -> Extra {
    Extra { area: Some(Area::Settings), name, href, resource: Resource::Named(named), whole: true }
}

/// Figures of the whole portfolio are a resource of their own.
const fn of_risk(area: Area, name: fn() -> &'static str, href: &'static str) -> Extra {
    Extra { area: Some(area), name, href, resource: Resource::Named(Named::RiskPortfolio), whole: true }
}

/// What the page of a record shows beside its fields: nothing for most registers.
pub async fn panel(reader: &Reader, view: &RecordView) -> Result<Markup, Error> {
    if view.register == "rule" {
        return rules::panel(reader, view).await;
    }
    match view.register.as_str() {
        "ioc" => return ioc::panel(reader, view).await,
        "log_source" => return source::panel(reader, view).await,
        _ => {}
    }
    Ok(maud::html! { (chain::panel(reader, view).await?) (risk::panel(reader, view).await?) })
}

/// What people read for an area.
pub fn area_name(area: Area) -> &'static str {
    match area {
        Area::Govern => words("area.govern"),
        Area::Identify => words("area.identify"),
        Area::Protect => words("area.protect"),
        Area::Detect => words("area.detect"),
        Area::Respond => words("area.respond"),
        Area::Recover => words("area.recover"),
        Area::Settings => words("area.settings"),
    }
}

/// What an area is about, in one sentence.
pub fn area_text(area: Area) -> &'static str {
    match area {
        Area::Govern => words("area.govern_text"),
        Area::Identify => words("area.identify_text"),
        Area::Protect => words("area.protect_text"),
        Area::Detect => words("area.detect_text"),
        Area::Respond => words("area.respond_text"),
        Area::Recover => words("area.recover_text"),
        Area::Settings => words("area.settings_text"),
    }
}
