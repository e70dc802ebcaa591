//! What stands around a page: navigation, the way here, who reads, as of when.

use super::extras::{EXTRAS, area_name};
use super::reader::Reader;
use crate::parts::{AreaView, AsOfView, CrumbView, FlashView, NavLink, Place, Sentence, ShellView, UserView};
use crate::words::{fill, words};
use wardkeep_register::{Area, Schema, Verb, label_of};
use wardkeep_rights::{Resource, scope};

/// A page's own part of the frame.
#[derive(Default)]
pub struct Frame {
    title: String,
    crumbs: Vec<CrumbView>,
    flash: Option<FlashView>,
    as_of: Option<AsOfView>,
    area: Option<Area>,
    current: String,
    search: String,
    live: bool,
}

impl Frame {
    /// A page of that title.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }
    /// A step of the way here that leads back.
    #[must_use]
    pub fn back(mut self, name: impl Into<String>, href: impl Into<String>) -> Self {
        self.crumbs.push(CrumbView::link(name, href));
        self
    }
    /// The last step: the page itself.
    #[must_use]
    pub fn crumb(mut self, name: impl Into<String>) -> Self {
        self.crumbs.push(CrumbView::here(name));
        self
    }
    /// A page of a register: its area and list are on the way.
    #[must_use]
    pub fn within(mut self, schema: &Schema) -> Self {
        let area = schema.names.area;
        self.area = Some(area);
        self.current = format!("/{}", schema.path);
        self.crumbs.push(CrumbView::link(area_name(area), format!("/{}", area.key())));
        self
    }
    /// The page of an area.
    #[must_use]
    pub fn in_area(mut self, area: Area) -> Self {
        self.area = Some(area);
        self
    }
    /// Which entry of the navigation it is.
    #[must_use]
    pub fn at(mut self, href: impl Into<String>) -> Self {
        self.current = href.into();
        self
    }
    /// What just happened.
    #[must_use]
    pub fn flash(mut self, flash: Option<FlashView>) -> Self {
        self.flash = flash;
        self
    }
    /// As of when, if not now.
    #[must_use]
    pub fn as_of(mut self, text: Sentence, old: bool) -> Self {
        self.as_of = Some(AsOfView { text, old });
        self
    }
    /// Tells its reader when what it shows has changed.
    #[must_use]
    pub fn live(mut self, live: bool) -> Self {
        self.live = live;
        self
    }
    /// What was searched for.
    #[must_use]
    pub fn searched(mut self, text: impl Into<String>) -> Self {
        self.search = text.into();
        self
    }
}

/// Registers of an area that the reader may look at, in menu order.
pub fn registers(reader: &Reader, area: Area) -> impl Iterator<Item = &'static Schema> + '_ {
    wardkeep_registers::all()
        .iter()
        .filter(move |s| s.names.area == area && may(reader, Resource::of(s), Verb::View))
}

/// Whether the reader may do that anywhere at all.
pub fn may(reader: &Reader, resource: Resource, verb: Verb) -> bool {
    !scope(&reader.ctx.actor, &reader.organisation.units, resource, verb).is_empty()
}

/// A register's name as a heading.
pub fn many(schema: &Schema) -> String {
    label_of(schema.names.many)
}

/// The whole frame.
pub fn shell(reader: &Reader, frame: Frame) -> ShellView {
    let now = reader.taste.moment_stamp(reader.now()).absolute;
    let as_of = frame.as_of.unwrap_or_else(|| AsOfView {
        text: Sentence::new(fill("frame.as_of", &[("moment", &now)])),
        old: false,
    });
    let since =
        || vec![("of".to_owned(), reader.path.clone()), ("since".to_owned(), reader.now().to_string())];
    ShellView {
        news: frame.live.then(|| super::address::Address::new("/live", &since()).to_string()),
        areas: areas(reader, frame.area, &frame.current),
        title: frame.title,
        theme: reader.theme,
        crumbs: frame.crumbs,
        user: Some(user(reader)),
        installation: installation(reader),
        csrf: reader.csrf.clone(),
        path: reader.address().to_string(),
        flash: frame.flash,
        as_of: Some(as_of),
        search: frame.search,
    }
}

fn areas(reader: &Reader, area: Option<Area>, current: &str) -> Vec<AreaView> {
    let link = |name: String, href: String| NavLink { current: href == current, name, href, count: None };
    let one = |name: &str, href: &str| AreaView {
        name: name.to_owned(),
        href: href.to_owned(),
        current: current == href,
        links: Vec::new(),
    };
    let mut all = vec![one(words("area.today"), "/today")];
    for each in Area::ALL {
        let extras = EXTRAS.iter().filter(|e| e.area == Some(each) && e.is_open_to(reader));
        let mut links: Vec<NavLink> =
            registers(reader, each).map(|s| link(many(s), format!("/{}", s.path))).collect();
        links.extend(extras.map(|e| link((e.name)().to_owned(), e.href.to_owned())));
        if !links.is_empty() {
            let here = area == Some(each) || links.iter().any(|l| l.current);
            let overview = format!("/{}", each.key());
            links.insert(0, link(words("area.overview").to_owned(), overview.clone()));
            all.push(AreaView { name: area_name(each).to_owned(), href: overview, current: here, links });
        }
    }
    let reports: Vec<NavLink> = EXTRAS
        .iter()
        .filter(|e| e.area.is_none() && e.is_open_to(reader))
        .map(|e| link((e.name)().to_owned(), e.href.to_owned()))
        .collect();
    if !reports.is_empty() {
        let here = reports.iter().any(|l| l.current);
        let report = AreaView {
            name: words("area.report").to_owned(),
            href: "/report".into(),
            current: here,
            links: reports,
        };
        let place = all.len() - usize::from(all.last().is_some_and(|a| a.href == "/settings"));
        all.insert(place, report);
    }
    all
}

fn user(reader: &Reader) -> UserView {
    let actor = &reader.ctx.actor;
    let mut roles: Vec<&str> = actor.grants_held().map(|g| g.role.label()).collect();
    roles.sort_unstable();
    roles.dedup();
    UserView {
        name: actor.name.clone(),
        role: roles.join(", "),
        links: vec![
            (words("frame.settings").to_owned(), "/me".to_owned()),
            (words("frame.delegations").to_owned(), "/me/delegations".to_owned()),
            (words("frame.approvals").to_owned(), "/approvals".to_owned()),
        ],
    }
}

/// The name of the organisation: that of the one top unit, if there is one.
fn installation(reader: &Reader) -> String {
    let mut roots = reader.organisation.units.roots();
    match (roots.next(), roots.next()) {
        (Some(only), None) => reader.organisation.unit(only).1.to_owned(),
        _ => String::new(),
    }
}

/// The sentence for a page that shows what was known at a change.
pub fn known_at(reader: &Reader, asked: &str) -> Sentence {
    let at = asked.parse::<wardkeep_types::Moment>().ok().map(|m| reader.taste.moment_stamp(m));
    let day = asked.parse::<wardkeep_types::Date>().ok().map(|d| reader.taste.day_stamp(d));
    let said = at.or(day).map_or_else(|| fill("frame.change", &[("number", asked)]), |stamp| stamp.absolute);
    let now = reader.address().without(&["known_at"]).to_string();
    Sentence::new(fill("frame.known_at", &[("when", &said)])).link(words("frame.show_now"), now)
}

/// A moment in a sentence.
pub fn when(reader: &Reader, at: wardkeep_types::Moment) -> maud::Markup {
    reader.taste.moment_stamp(at).show(Place::Field)
}
