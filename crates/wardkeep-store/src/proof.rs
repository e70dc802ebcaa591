//! What holds of a chain, checked entry by entry in order. No database and no files here: whoever has entries
//! (a live database, a backup, an export) feeds them in, so that all are held to the same rules.

use crate::chain::{GENESIS, canonical, commit_text};
use crate::keys::{PublicKey, SignedHead};
use crate::report::Report;
use crate::{Commitment, Entry};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use wardkeep_types::Id;

/// One side of a kept value: the JSON text and its salt in hexadecimal.
pub(crate) type Side = (Option<String>, Option<String>);

/// What stands beside an entry for one field.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kept {
    pub field: String,
    pub old: Side,
    pub new: Side,
}

/// One entry as it was found. `columns` are the number, moment, record, register and act that stand beside the
/// entry's own text, where the source has them.
pub(crate) struct Found {
    pub n: i64,
    pub entry: String,
    pub hash: String,
    pub columns: Option<Columns>,
    pub kept: Vec<Kept>,
}

/// The columns of an entry that repeat what its text says.
#[derive(Debug, PartialEq)]
pub(crate) struct Columns {
    pub at: i64,
    pub actor: Option<Id>,
    pub record: Option<Id>,
    pub register: String,
    pub act: String,
}

struct Known {
    from: i64,
    to: Option<i64>,
    key: PublicKey,
}

/// Checks a chain from its first entry on.
pub(crate) struct Proof {
    pub report: Report,
    next: i64,
    heads: BTreeMap<i64, Vec<SignedHead>>,
    sound_heads: Vec<SignedHead>,
    keys: Vec<Known>,
    gone: HashSet<String>,
    withheld: bool,
    records: HashMap<Id, (i64, i64)>,
}

impl Proof {
    /// `heads`: signed heads from the source itself and, if there are, from outside.
    pub fn new(heads: Vec<SignedHead>) -> Self {
        let mut by_number: BTreeMap<i64, Vec<SignedHead>> = BTreeMap::new();
        for head in heads {
            by_number.entry(head.n).or_default().push(head);
        }
        Self {
            report: Report { head: GENESIS.into(), ..Report::default() },
            next: 1,
            heads: by_number,
            sound_heads: Vec::new(),
            keys: Vec::new(),
            gone: HashSet::new(),
            withheld: false,
            records: HashMap::new(),
        }
    }
    /// The source holds back values, so a value that is not there says nothing.
    pub fn withheld(mut self, withheld: bool) -> Self {
        self.withheld = withheld;
        self
    }
    /// The next entry.
    pub fn entry(&mut self, found: Found) {
        let n = found.n;
        self.report.entries += 1;
        if n != self.next {
            let text = format!("entry {} is missing: after {} comes {n}", self.next, self.next - 1);
            self.report.entry_fault(self.next.min(n), "gap", text);
        }
        let json: Json = serde_json::from_str(&found.entry).unwrap_or_default();
        let computed = hash_of(&json);
        if computed != found.hash {
            self.report.entry_fault(
                n,
                "hash",
                format!("entry {n} was altered: its hash does not fit its content"),
            );
        }
        match serde_json::from_value::<Entry>(json) {
            Err(error) => self.report.entry_fault(n, "entry", format!("entry {n} cannot be read: {error}")),
            Ok(entry) => {
                if n == self.next && entry.prev_hash != self.report.head {
                    let text = format!("entry {n} does not follow entry {}: one of them was replaced", n - 1);
                    self.report.entry_fault(n, "chain", text);
                }
                self.columns(&found, &entry);
                self.values(&found, &entry);
                self.follow(&found, &entry);
            }
        }
        for head in self.heads.remove(&n).unwrap_or_default() {
            if head.hash == found.hash {
                self.sound_heads.push(head);
            } else {
                let text = format!(
                    "the head signed {} names another entry {n}: history up to there was rewritten",
                    head.at
                );
                self.report.entry_fault(n, "head", text);
            }
        }
        self.report.last = n;
        self.report.head = found.hash;
        self.next = n.saturating_add(1);
    }
    fn columns(&mut self, found: &Found, entry: &Entry) {
        let fits = entry.n == found.n
            && found.columns.as_ref().is_none_or(|columns| {
                let said = Columns {
                    at: entry.at.as_micros(),
                    actor: entry.actor,
                    record: entry.record,
                    register: entry.register.clone(),
                    act: entry.act.clone(),
                };
                said == *columns
            });
        if !fits {
            let text =
                format!("entry {}: the columns beside the entry say something else than the entry", found.n);
            self.report.entry_fault(found.n, "columns", text);
        }
    }
    fn values(&mut self, found: &Found, entry: &Entry) {
        let mut kept: HashMap<&str, &Kept> = found.kept.iter().map(|k| (k.field.as_str(), k)).collect();
        let nothing = Kept::default();
        for Commitment { field, from, to } in &entry.values {
            let kept = kept.remove(field.as_str()).unwrap_or(&nothing);
            for (way, commitment, side) in [("old", from, &kept.old), ("new", to, &kept.new)] {
                let n = found.n;
                match (commitment, side) {
                    (None, (None, None)) => {}
                    (Some(_), (None, None)) if self.withheld => {}
                    (Some(_), (None, None)) => {
                        self.gone.insert(format!("{n}/{field}/{way}"));
                    }
                    (Some(commitment), (Some(text), Some(salt))) => {
                        let salt = hex::decode(salt).unwrap_or_default();
                        if commit_text(&salt, text).as_ref() == Some(commitment) {
                            self.report.values += 1;
                        } else {
                            let text = format!("entry {n}: the {way} value of '{field}' was altered");
                            self.report.entry_fault(n, "value", text);
                        }
                    }
                    _ => {
                        let text =
                            format!("entry {n}: the {way} value of '{field}' does not belong to the entry");
                        self.report.entry_fault(n, "value", text);
                    }
                }
            }
        }
        if let Some(field) = kept.into_keys().min() {
            let text = format!("entry {}: the entry knows no value of '{field}'", found.n);
            self.report.entry_fault(found.n, "value", text);
        }
    }
    /// Keys, erasures and versions that the entry tells of.
    fn follow(&mut self, found: &Found, entry: &Entry) {
        let said = |name: &str| {
            let kept = found.kept.iter().find(|k| k.field == name)?;
            serde_json::from_str::<Json>(kept.new.0.as_deref()?).ok()
        };
        let word = |name: &str| said(name).and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
        match entry.act.as_str() {
            "key:add" | "key:rotate" => {
                let key = PublicKey { key_id: word("key_id"), public_key: word("public_key") };
                if entry.act == "key:rotate" {
                    let (n, vouched) = (found.n, word("vouched"));
                    let before = self.keys.iter_mut().filter(|k| k.to.is_none());
                    let mut predecessor = before.filter(|k| k.key.vouches_for(&key.public_key, &vouched));
                    if let Some(old) = predecessor.next() {
                        old.to = Some(n);
                    } else {
                        let text =
                            format!("entry {n}: no earlier key vouches for the new key {}", key.key_id);
                        self.report.entry_fault(n, "key", text);
                    }
                }
                if entry.act == "key:add" && !self.keys.is_empty() {
                    self.report.unvouched.push(key.key_id.clone());
                }
                self.keys.push(Known { from: found.n, to: None, key });
            }
            "erase" => {
                let named = said("dropped");
                for place in named.iter().filter_map(Json::as_array).flatten().filter_map(Json::as_str) {
                    self.report.erased += u64::from(self.gone.remove(place));
                }
            }
            _ => {}
        }
        if let (Some(id), true) = (entry.record, entry.version > 0) {
            let before = self.records.insert(id, (entry.version, found.n)).map_or(0, |b| b.0);
            if entry.version != before + 1 {
                let text = format!(
                    "entry {}: version {} of a record follows version {before}",
                    found.n, entry.version
                );
                self.report.entry_fault(found.n, "version", text);
            }
        }
    }
    /// A record as it stands: its version must be that of its newest change. Returns that change's number.
    pub fn current(&mut self, id: Id, version: i64) -> Option<i64> {
        let known = self.records.remove(&id);
        if known.is_none_or(|(v, _)| v != version) {
            let stands = known.map_or_else(
                || "knows no such record".into(),
                |(v, n)| format!("ends with version {v}, entry {n}"),
            );
            self.report.fault(
                format!("record {id}"),
                "row",
                format!("record {id} has version {version}, but the change log {stands}"),
            );
            return None;
        }
        known.map(|(_, n)| n)
    }
    /// After the last record: what the log has made must be there.
    pub fn no_more_records(&mut self) {
        let mut left: Vec<_> = self.records.drain().map(|(id, (_, n))| (n, id)).collect();
        left.sort_unstable();
        for (n, id) in left {
            self.report.fault(
                format!("record {id}"),
                "row",
                format!("record {id} of entry {n} is gone, and nothing tells why"),
            );
        }
    }
    /// After the last entry. `head`: number and hash of the newest entry as the source itself names it.
    pub fn end(mut self, head: Option<(i64, String)>) -> Report {
        if let Some((n, hash)) = head
            && (n, &hash) != (self.report.last, &self.report.head)
        {
            let text = format!("the chain should end with entry {n}, but ends with {}", self.report.last);
            self.report.entry_fault(self.report.last.min(n).max(1), "end", text);
        }
        for (n, heads) in std::mem::take(&mut self.heads) {
            let text = format!(
                "entry {n} was signed {} and is gone: the end was cut off or an entry removed",
                heads[0].at
            );
            self.report.entry_fault(n, "head", text);
        }
        for head in std::mem::take(&mut self.sound_heads) {
            let known = self.keys.iter().find(|k| k.key.key_id == head.key_id);
            let wrong = match known {
                None => Some("a key that no entry names"),
                Some(k) if k.from > head.n || k.to.is_some_and(|to| to <= head.n) => {
                    Some("a key outside its time")
                }
                Some(k) if !k.key.verifies(&head.message(), &head.signature) => {
                    Some("a signature that does not verify")
                }
                Some(_) => None,
            };
            match wrong {
                None => self.report.heads += 1,
                Some(wrong) => {
                    let text = format!("the head signed {} at entry {} carries {wrong}", head.at, head.n);
                    self.report.fault(format!("head {}", head.n), "signature", text);
                }
            }
        }
        let mut gone: Vec<(i64, String)> = std::mem::take(&mut self.gone)
            .into_iter()
            .map(|place| (place.split('/').next().and_then(|n| n.parse().ok()).unwrap_or(0), place))
            .collect();
        gone.sort_unstable();
        for (n, place) in gone {
            self.report.entry_fault(
                n,
                "missing",
                format!("the value {place} is gone, and no erasure names it"),
            );
        }
        self.report.keys = self.keys.into_iter().map(|k| k.key.key_id).collect();
        self.report
    }
}

fn hash_of(json: &Json) -> String {
    let mut hasher = Sha256::new();
    hasher.update(b"wardkeep-log-v1\0");
    hasher.update(canonical(json).as_bytes());
    hex::encode(hasher.finalize())
}
