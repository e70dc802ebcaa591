//! Entries of the change log as they are added, each bound to the one before.

use super::{Author, Pending};
use crate::cells;
use crate::chain::{Commitment, Entry, commit, entry_hash};
use rand::Rng;
use serde_json::Value as Json;
use wardkeep_types::Id;

/// The chain while it is being written.
pub(super) struct Chain<'a> {
    pub(super) author: &'a Author,
    pub(super) n: i64,
    pub(super) hash: String,
}

/// What an entry is about.
pub(super) struct About {
    pub(super) act: String,
    pub(super) record: Option<Id>,
    pub(super) register: &'static str,
    pub(super) unit: Option<Id>,
    pub(super) version: i64,
}

impl Chain<'_> {
    /// Adds one entry; returns its number.
    pub(super) fn append(
        &mut self,
        about: About,
        mut fields: Vec<(String, Json, Json)>,
        why: Option<String>,
        pending: &mut Pending,
    ) -> i64 {
        if let Some(why) = why.filter(|w| !w.is_empty()) {
            fields.push(("why".into(), Json::Null, Json::String(why)));
        }
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        self.n += 1;
        let mut random = rand::rng();
        let mut values = Vec::with_capacity(fields.len());
        for (field, old, new) in fields {
            let mut side = |json: &Json| {
                (!json.is_null()).then(|| {
                    let salt: [u8; 16] = random.random();
                    (commit(&salt, json), json.to_string(), hex::encode(salt))
                })
            };
            let (old, new) = (side(&old), side(&new));
            values.push(Commitment {
                field: field.clone(),
                from: old.as_ref().map(|o| o.0.clone()),
                to: new.as_ref().map(|n| n.0.clone()),
            });
            let (old_value, old_salt) = old.map_or((None, None), |o| (Some(o.1), Some(o.2)));
            let (new_value, new_salt) = new.map_or((None, None), |n| (Some(n.1), Some(n.2)));
            pending.values.push(cells![self.n, field, old_value, old_salt, new_value, new_salt]);
        }
        let entry = Entry {
            n: self.n,
            at: self.author.now,
            actor: self.author.person,
            actor_kind: self.author.kind.into(),
            request: self.author.request.clone(),
            act: about.act.clone(),
            record: about.record,
            register: about.register.into(),
            version: about.version,
            values,
            prev_hash: std::mem::take(&mut self.hash),
        };
        self.hash = entry_hash(&entry);
        pending.changes.push(cells![
            self.n,
            self.author.now,
            self.author.person,
            about.record,
            about.register,
            about.act,
            about.unit,
            serde_json::to_string(&entry).unwrap_or_default(),
            self.hash.clone(),
        ]);
        self.n
    }
}
