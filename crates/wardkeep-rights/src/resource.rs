//! Resources: what a right is about.

use std::fmt;
use wardkeep_register::Schema;

/// How far a grant reaches for a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The grant must lie on the record's unit or above it.
    Unit,
    /// As `Unit`, but whoever may View it in any unit may View it everywhere: rules and words made for all.
    Library,
    /// Belongs to no unit: a grant on any unit will do.
    Anywhere,
    /// Belongs to the installation: the grants must cover every top unit with all below. For "own only" rights a
    /// grant on any unit will do.
    Installation,
}

/// Something that rights are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resource {
    /// Records of the register with that key.
    Register(&'static str),
    /// Anything else.
    Named(Named),
}

impl Resource {
    /// The resource behind a register.
    pub fn of(schema: &Schema) -> Self {
        Self::Register(schema.key)
    }
    /// The table's row name.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Register(key) => key,
            Self::Named(named) => named.key(),
        }
    }
    /// In words: "data category".
    pub fn words(self) -> String {
        self.key().replace('_', " ")
    }
}

impl From<Named> for Resource {
    fn from(named: Named) -> Self {
        Self::Named(named)
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

macro_rules! named {
    ($($(#[$doc:meta])* $variant:ident = $key:literal;)*) => {
        /// What is not a register. When a check feels special, it gets a name here and a row in `rights.txt`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Named { $($(#[$doc])* $variant,)* }

        impl Named {
            /// All, in the order of the printed matrix.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// The table's row name.
            pub const fn key(self) -> &'static str { match self { $(Self::$variant => $key,)* } }
        }
    };
}

named! {
    /// A person's own page: what is due, what waits.
    Today = "today";
    /// Search and the command palette; hits obey each register's rights.
    Search = "search";
    /// The description of the API.
    ApiDocs = "api_docs";
    /// The page that shows every component.
    DesignPage = "design_page";
    /// Filters and columns kept under a name.
    SavedView = "saved_view";
    /// Telling the security team what one saw.
    EventReport = "event_report";
    /// Policies in force, as the audience reads them; drafts are the register's.
    PublishedPolicy = "published_policy";
    /// A supplier's questions and answers.
    Questionnaire = "questionnaire";
    /// Figures of all risks together: the year's loss, appetite, investments.
    RiskPortfolio = "risk_portfolio";
    /// Papers for the board.
    BoardPaper = "board_paper";
    /// The file handed to an auditor.
    AuditPack = "audit_pack";
    /// Questions about controls.
    ControlTest = "control_test";
    /// Results of control tests.
    Observation = "observation";
    /// Judgements of requirements, and the statement of applicability.
    Assessment = "assessment";
    /// Log records.
    LogEvent = "log_event";
    /// Software bills of materials.
    Sbom = "sbom";
    /// Files brought in, their preview, application and undoing.
    Import = "import";
    /// Log sources, advisories and other things fetched.
    Feed = "feed";
    /// The change log as a whole; a record's own history goes with View on the record.
    AuditLog = "audit_log";
    /// Background work.
    Job = "job";
    /// Health, backup, verification.
    Health = "health";
    /// Fields added to registers at run time.
    CustomField = "custom_field";
    /// Accounts to sign in.
    User = "user";
    /// Roles given on units; the target's owner is the person who receives them.
    Grant = "grant";
    /// Keys for programs.
    Token = "token";
    /// Settings of the installation.
    Setting = "setting";
}
