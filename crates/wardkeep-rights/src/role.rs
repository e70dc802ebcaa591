//! Roles: the one list of the product.

use std::fmt;
use std::str::FromStr;
use wardkeep_types::ParseError;

macro_rules! roles {
    ($($(#[$doc:meta])* $variant:ident = $key:literal, $label:literal;)*) => {
        /// A bundle of rights, granted on a unit. What each may do stands in `rights.txt`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Role { $($(#[$doc])* $variant,)* }

        impl Role {
            /// All, in the order of the table's columns.
            pub const ALL: [Self; 13] = [$(Self::$variant),*];
            /// Stable key, as stored and exchanged.
            pub const fn key(self) -> &'static str { match self { $(Self::$variant => $key,)* } }
            /// What people read.
            pub const fn label(self) -> &'static str { match self { $(Self::$variant => $label,)* } }
        }
    };
}

roles! {
    /// Edits everything in scope and approves what others wrote.
    Officer = "officer", "Security officer";
    /// The second person; signs statements of applicability, papers and acceptances.
    Executive = "executive", "Executive";
    /// Watches, investigates, triages findings.
    Analyst = "analyst", "Analyst";
    /// Answers for own assets, controls, evidence and tasks.
    Owner = "owner", "Owner";
    /// Writes and runs control tests.
    Tester = "tester", "Tester";
    /// Reads everything, changes nothing that is audited.
    InternalAuditor = "internal_auditor", "Internal auditor";
    /// Reads what one engagement needs, until a date.
    ExternalAuditor = "external_auditor", "External auditor";
    /// Does own tasks, confirms policies, reports events.
    Employee = "employee", "Employee";
    /// A supplier's person who answers own questionnaires.
    Respondent = "respondent", "Supplier respondent";
    /// Reads issued papers.
    Board = "board", "Board member";
    /// Reads the registers.
    Reader = "reader", "Reader";
    /// Keeps users and settings; approves nothing.
    Administrator = "administrator", "Administrator";
    /// A machine that delivers reports and asks the gate; narrowed by its token's scopes.
    Pipeline = "pipeline", "Pipeline";
}

impl Role {
    /// The table's column.
    pub(crate) const fn column(self) -> usize {
        self as usize
    }
    /// Whether a grant of this role must end on a date: outsiders are let in for a time.
    pub const fn must_end(self) -> bool {
        matches!(self, Self::ExternalAuditor)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for Role {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let word = text.trim().to_lowercase();
        Self::ALL.into_iter().find(|r| r.key() == word).ok_or_else(|| {
            let keys = Self::ALL.map(Self::key).join(", ");
            ParseError(format!("'{text}' is not a role; use one of: {keys}"))
        })
    }
}
