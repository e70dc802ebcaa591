//! The installation's signing key: made at the first start, kept in the data folder, rotated by an entry.
//!
//! The private half never leaves `keys/`, neither into the database nor into a backup. Every public half is
//! named by an entry of the chain (`key:add`, `key:rotate`), and a rotation carries the old key's signature
//! over the new one, so that a verifier who trusts the first key can follow to the last.

use crate::sql::get;
use crate::{Act, Author, Db, FieldEdit, StoreError, Tx, Write, cells};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use rand::TryRngCore;
use rand::rngs::OsRng;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use wardkeep_types::Moment;

const CURRENT: &str = "signing.key";
const NEXT: &str = "signing.next";
/// Before what a key signs when it vouches for its successor.
const VOUCH: &[u8] = b"wardkeep-key-v1\0";

/// The public half of a key, as exports and backups carry it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey {
    /// First 16 hexadecimal digits of the SHA-256 of the key.
    pub key_id: String,
    /// The Ed25519 key, 64 hexadecimal digits.
    pub public_key: String,
}

impl PublicKey {
    /// Whether `signature` (hexadecimal) is this key's over `message`. False also for what cannot be read.
    pub fn verifies(&self, message: &[u8], signature: &str) -> bool {
        let key = decode::<32>(&self.public_key).and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
        let signature = decode::<64>(signature).map(|bytes| Signature::from_bytes(&bytes));
        let named = decode::<32>(&self.public_key).is_some_and(|bytes| id_of(&bytes) == self.key_id);
        matches!((key, signature), (Some(key), Some(signature)) if named && key.verify_strict(message, &signature).is_ok())
    }
    /// Whether `signature` is this key's word for its successor `next`.
    pub(crate) fn vouches_for(&self, next: &str, signature: &str) -> bool {
        self.verifies(&[VOUCH, next.as_bytes()].concat(), signature)
    }
}

/// The signing key of this installation.
#[derive(Debug)]
pub struct Keys {
    folder: PathBuf,
    key: SigningKey,
}

impl Keys {
    /// Opens the key in `folder` (`keys/` of the data folder), making folder and key when they are not there,
    /// and names it in the chain when the chain does not know it yet. Finishes or undoes a rotation that was
    /// interrupted.
    pub async fn open(folder: &Path, db: &Db, author: &Author) -> Result<Self, StoreError> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(at(folder))?;
        let known = db.signing_keys().await?;
        let next = folder.join(NEXT);
        if let Some(key) = read(&next)? {
            let committed = known.iter().any(|k| k.key_id == id_of(key.verifying_key().as_bytes()));
            let done =
                if committed { fs::rename(&next, folder.join(CURRENT)) } else { fs::remove_file(&next) };
            done.map_err(at(&next))?;
        }
        let path = folder.join(CURRENT);
        let key = if let Some(key) = read(&path)? {
            key
        } else {
            // Two processes may start at once: a hard link takes the name only if it is free.
            let own = folder.join(format!("{CURRENT}.{}", uuid::Uuid::new_v4()));
            write_secret(&own, &fresh()?)?;
            let linked = fs::hard_link(&own, &path);
            fs::remove_file(&own).map_err(at(&own))?;
            if let Err(error) = linked
                && error.kind() != ErrorKind::AlreadyExists
            {
                return Err(at(&path)(error));
            }
            sync_folder(folder)?;
            read(&path)?.ok_or_else(|| StoreError::Inconsistent(format!("{} is gone", path.display())))?
        };
        let keys = Self { folder: folder.to_owned(), key };
        if !known.iter().any(|k| k.key_id == keys.id()) {
            let own = keys.public();
            let fields = vec![
                edit("key_id", Json::Null, json!(own.key_id)),
                edit("public_key", Json::Null, json!(own.public_key)),
            ];
            let insert = "INSERT INTO signing_key (key_id, public_key, at) VALUES ($1, $2, $3)";
            let statements = vec![(insert.into(), cells![own.key_id, own.public_key, author.now])];
            let act = Act { act: "key:add".into(), fields, statements, ..Act::default() };
            let written = db.write(author, vec![Write::Act(act)], vec![]).await;
            // Another process that shares the folder may have been quicker; then the key is known now.
            if let Err(error) = written
                && !db.signing_keys().await?.iter().any(|k| k.key_id == keys.id())
            {
                return Err(error);
            }
        }
        Ok(keys)
    }
    /// The key's id.
    pub fn id(&self) -> String {
        id_of(self.key.verifying_key().as_bytes())
    }
    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey { key_id: self.id(), public_key: hex::encode(self.key.verifying_key().as_bytes()) }
    }
    /// Signs; the signature in hexadecimal.
    pub(crate) fn sign(&self, message: &[u8]) -> String {
        hex::encode(self.key.sign(message).to_bytes())
    }
    /// Replaces the key by a new one. The old key vouches for the new in the entry; its public half is kept,
    /// its private half is gone.
    pub async fn rotate(&mut self, db: &Db, author: &Author, why: Option<String>) -> Result<(), StoreError> {
        let next = SigningKey::from_bytes(&fresh()?);
        let path = self.folder.join(NEXT);
        write_secret(&path, &next.to_bytes())?;
        let (old, new) = (self.public(), Self { folder: self.folder.clone(), key: next });
        let public = new.public();
        let vouched = self.sign(&[VOUCH, public.public_key.as_bytes()].concat());
        let fields = vec![
            edit("key_id", json!(old.key_id), json!(public.key_id)),
            edit("public_key", json!(old.public_key), json!(public.public_key)),
            edit("vouched", Json::Null, json!(vouched)),
        ];
        let statements = vec![
            (
                "UPDATE signing_key SET retired_at = $1 WHERE key_id = $2".into(),
                cells![author.now, old.key_id],
            ),
            (
                "INSERT INTO signing_key (key_id, public_key, at) VALUES ($1, $2, $3)".into(),
                cells![public.key_id, public.public_key, author.now],
            ),
        ];
        let act = Act { act: "key:rotate".into(), fields, why, statements, ..Act::default() };
        if let Err(error) = db.write(author, vec![Write::Act(act)], vec![]).await {
            // Left behind, it is removed at the next start: the chain does not know it.
            let _ = fs::remove_file(&path);
            return Err(error);
        }
        let current = self.folder.join(CURRENT);
        fs::rename(&path, &current).map_err(at(&current))?;
        sync_folder(&self.folder)?;
        *self = new;
        Ok(())
    }
}

impl Db {
    /// Every key that this installation had, oldest first.
    pub async fn signing_keys(&self) -> Result<Vec<PublicKey>, StoreError> {
        let tx = self.snapshot().await?;
        let keys = signing_keys(&tx).await?;
        tx.rollback().await?;
        Ok(keys)
    }
}

pub(crate) async fn signing_keys(tx: &Tx) -> Result<Vec<PublicKey>, StoreError> {
    let rows = tx.rows("SELECT key_id, public_key FROM signing_key ORDER BY at, key_id", cells![]).await?;
    rows.iter()
        .map(|r| Ok(PublicKey { key_id: get(r, "key_id")?, public_key: get(r, "public_key")? }))
        .collect()
}

/// A head of the chain under a signature: what was true at that moment cannot be rewritten unseen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedHead {
    /// Number of the newest entry.
    pub n: i64,
    /// Its hash.
    pub hash: String,
    /// When it was signed.
    pub at: Moment,
    /// With which key.
    pub key_id: String,
    /// Ed25519 over `"wardkeep-head-v1" 0x00 JCS(all else)`, in hexadecimal.
    pub signature: String,
    /// Why: `hour`, `freeze`, `backup`, ...
    pub reason: String,
}

impl SignedHead {
    /// The bytes that are signed.
    pub fn message(&self) -> Vec<u8> {
        let said = json!({"n": self.n, "hash": self.hash, "at": self.at, "key_id": self.key_id, "reason": self.reason});
        [b"wardkeep-head-v1\0", crate::chain::canonical(&said).as_bytes()].concat()
    }
}

/// Signs the head of the chain as it stands and keeps the signature. `None` while the chain is empty. A key
/// that another process has rotated meanwhile signs nothing: open the keys again.
pub async fn sign_head(
    db: &Db,
    keys: &Keys,
    now: Moment,
    reason: &str,
) -> Result<Option<SignedHead>, StoreError> {
    let (n, hash) = db.chain_head().await?;
    if n == 0 {
        return Ok(None);
    }
    let mut head =
        SignedHead { n, hash, at: now, key_id: keys.id(), signature: String::new(), reason: reason.into() };
    head.signature = keys.sign(&head.message());
    let insert = "INSERT INTO signed_head (n, hash, at, key_id, signature, reason) SELECT $1, $2, $3, $4, $5, $6 WHERE EXISTS (SELECT 1 FROM signing_key WHERE key_id = $4 AND retired_at IS NULL) ON CONFLICT DO NOTHING";
    let SignedHead { hash, key_id, signature, reason, .. } = head.clone();
    if db.run(insert, cells![n, hash, now, key_id.clone(), signature, reason]).await? == 0 {
        let sql = "SELECT 1 AS one FROM signing_key WHERE key_id = $1 AND retired_at IS NULL";
        if db.row(sql, cells![key_id.clone()]).await?.is_none() {
            return Err(StoreError::Inconsistent(format!("key {key_id} was rotated by another process")));
        }
    }
    Ok(Some(head))
}

fn edit(field: &str, old: Json, new: Json) -> FieldEdit {
    FieldEdit { field: field.into(), old, new }
}

fn fresh() -> Result<[u8; 32], StoreError> {
    let mut seed = [0; 32];
    OsRng
        .try_fill_bytes(&mut seed)
        .map_err(|e| StoreError::Inconsistent(format!("no random numbers: {e}")))?;
    Ok(seed)
}

fn id_of(public: &[u8; 32]) -> String {
    hex::encode(&Sha256::digest(public)[..8])
}

fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    hex::decode(text).ok()?.try_into().ok()
}

fn at(path: &Path) -> impl Fn(std::io::Error) -> StoreError {
    let path = path.display().to_string();
    move |cause| StoreError::File { path: path.clone(), cause }
}

fn read(path: &Path) -> Result<Option<SigningKey>, StoreError> {
    match fs::read_to_string(path) {
        Ok(text) => {
            let seed = decode::<32>(text.trim());
            let damaged = || {
                StoreError::Inconsistent(format!("{} holds no key; restore it from a copy", path.display()))
            };
            seed.map(|s| Some(SigningKey::from_bytes(&s))).ok_or_else(damaged)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(path)(error)),
    }
}

fn write_secret(path: &Path, seed: &[u8; 32]) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(true).mode(0o600).open(path);
    let written =
        file.and_then(|mut f| f.write_all(hex::encode(seed).as_bytes()).and_then(|()| f.sync_all()));
    written.map_err(at(path))?;
    path.parent().map_or(Ok(()), sync_folder)
}

fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(at(folder))
}
