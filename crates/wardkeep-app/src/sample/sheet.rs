//! Values of a record before they are read.

use wardkeep_types::Id;

/// Values of a record as people would type them.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet(pub(super) Vec<(&'static str, String)>);

impl Sheet {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }
    /// With a name.
    pub fn named(name: impl Into<String>) -> Self {
        Self(vec![("name", name.into())])
    }
    /// With one more value.
    pub fn set(mut self, field: &'static str, value: impl ToString) -> Self {
        self.0.push((field, value.to_string()));
        self
    }
    /// With the values of another one.
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
    /// With links to several records.
    pub fn all(self, field: &'static str, ids: &[Id]) -> Self {
        let ids: Vec<String> = ids.iter().map(Id::to_string).collect();
        self.set(field, ids.join("|"))
    }
}
