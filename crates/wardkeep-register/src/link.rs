//! Typed links between records.

use crate::Register;
use std::fmt;
use std::marker::PhantomData;
use wardkeep_types::Id;

/// Points to one record of register `R`.
pub struct Link<R>(Id, PhantomData<fn() -> R>);

impl<R: Register> Link<R> {
    /// A link to the record with that id; that it exists is checked when it is written.
    pub fn to(id: Id) -> Self {
        Self(id, PhantomData)
    }
    /// The record's id.
    pub fn id(&self) -> Id {
        self.0
    }
}

/// Points to any number of records of register `R`, in no particular order.
pub struct Links<R>(Vec<Id>, PhantomData<fn() -> R>);

impl<R: Register> Links<R> {
    /// Links to the records with those ids; doubles collapse.
    pub fn to(ids: impl IntoIterator<Item = Id>) -> Self {
        let mut ids: Vec<Id> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        Self(ids, PhantomData)
    }
    /// The records' ids, sorted.
    pub fn ids(&self) -> &[Id] {
        &self.0
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

// By hand: a derive would ask the same of `R`.
impl<R> Clone for Link<R> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<R> Copy for Link<R> {}
impl<R> PartialEq for Link<R> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<R> fmt::Debug for Link<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Link({})", self.0)
    }
}
impl<R> Clone for Links<R> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}
impl<R> Default for Links<R> {
    fn default() -> Self {
        Self(Vec::new(), PhantomData)
    }
}
impl<R> fmt::Debug for Links<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Links({:?})", self.0)
    }
}
