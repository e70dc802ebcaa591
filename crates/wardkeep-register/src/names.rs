//! Names of registers, areas and verbs.

use std::fmt;

/// Where a register stands in the navigation: the functions of NIST CSF 2.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Area {
    /// Strategy, policy, roles, suppliers, oversight.
    Govern,
    /// Assets, risks, improvement.
    Identify,
    /// Safeguards.
    Protect,
    /// Finding attacks.
    Detect,
    /// Acting on incidents.
    Respond,
    /// Restoring.
    Recover,
    /// Users and settings; not a place in the navigation of daily work.
    Settings,
}

impl Area {
    /// All, in menu order.
    pub const ALL: [Self; 7] = [
        Self::Govern,
        Self::Identify,
        Self::Protect,
        Self::Detect,
        Self::Respond,
        Self::Recover,
        Self::Settings,
    ];
    /// Stable key and path segment.
    pub fn key(self) -> &'static str {
        match self {
            Self::Govern => "govern",
            Self::Identify => "identify",
            Self::Protect => "protect",
            Self::Detect => "detect",
            Self::Respond => "respond",
            Self::Recover => "recover",
            Self::Settings => "settings",
        }
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// What somebody wants to do to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verb {
    /// Read it.
    View,
    /// Make a new one.
    Add,
    /// Change it.
    Edit,
    /// Agree as the person in charge or the second person.
    Approve,
    /// Take it out of use. Nothing is deleted.
    Retire,
    /// Take it out as a file.
    Export,
    /// Users, settings, feeds, custom fields.
    Administer,
}

impl Verb {
    /// All, in the order of the printed matrix.
    pub const ALL: [Self; 7] =
        [Self::View, Self::Add, Self::Edit, Self::Approve, Self::Retire, Self::Export, Self::Administer];
    /// Stable key.
    pub fn key(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Add => "add",
            Self::Edit => "edit",
            Self::Approve => "approve",
            Self::Retire => "retire",
            Self::Export => "export",
            Self::Administer => "administer",
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// A register's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Names {
    /// `business service`: shown, and with `_` for blanks the table and API key.
    pub one: &'static str,
    /// `business services`: shown, and with `-` for blanks the path.
    pub many: &'static str,
    /// `SVC`: two to four capital letters, unique.
    pub prefix: &'static str,
    /// Where it stands.
    pub area: Area,
    /// `business_service`: the table's and API's name, and the target of links.
    pub key: &'static str,
}

impl Names {
    /// `business-services`: the path of its pages and of its API.
    pub fn path(&self) -> &'static str {
        crate::intern(&self.many.replace(' ', "-").to_lowercase())
    }
}
