//! Stored files, addressed by the SHA-256 of their content: `files/ab/cd/abcd...`.
//!
//! A file is written beside its place, flushed to disk, and renamed: a name that is there has its whole
//! content. The same content is stored once. What a person called the file is not part of it.

use crate::sniff::sniff;
use crate::sql::get;
use crate::{Cell, Db, Hold, StoreError, cells};
use sha2::{Digest, Sha256};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use tokio::fs::{self, File};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use wardkeep_types::{FileRef, Moment};

/// Bytes read at a time.
const PIECE: usize = 64 * 1024;

/// The folder of stored files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Files {
    data: PathBuf,
    root: PathBuf,
}

/// A stored content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// SHA-256, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// Media type as the first bytes tell.
    pub media: &'static str,
}

impl Content {
    /// A reference to it under the name a person gave.
    pub fn named(&self, name: &str) -> FileRef {
        FileRef {
            sha256: self.sha256.clone(),
            name: name.to_owned(),
            size: self.size,
            media: self.media.into(),
        }
    }
    /// The statement that makes the content known to the database; it goes into the transaction of whatever
    /// names the file ([`Db::write`]'s `extra`).
    pub fn statement(&self, now: Moment) -> (String, Vec<Cell>) {
        let sql = "INSERT INTO file (sha256, size, media, created_at, legal_hold) VALUES ($1, $2, $3, $4, 0) ON CONFLICT (sha256) DO UPDATE SET erased_at = NULL, erased_why = NULL";
        (sql.into(), cells![self.sha256.clone(), self.size as i64, self.media, now])
    }
}

/// A file on its way in: feed it, then finish it. Dropped before that, it leaves nothing.
pub struct Incoming {
    files: Files,
    path: PathBuf,
    file: File,
    hasher: Sha256,
    head: Vec<u8>,
    size: u64,
    limit: u64,
}

impl Files {
    /// The files of the data folder `data`, in `files/` below it.
    pub fn open(data: &Path) -> Result<Self, StoreError> {
        let root = data.join("files");
        let incoming = root.join("incoming");
        std::fs::create_dir_all(&incoming).map_err(at(&incoming))?;
        Ok(Self { data: data.to_owned(), root })
    }
    /// The path of a content below the data folder; `None` when it is not a hash.
    pub fn name(sha256: &str) -> Option<String> {
        let fine = sha256.len() == 64 && sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        fine.then(|| format!("files/{}/{}/{sha256}", &sha256[..2], &sha256[2..4]))
    }
    /// Where a content of that hash stands; `None` when it is not a hash.
    pub fn path(&self, sha256: &str) -> Option<PathBuf> {
        Self::name(sha256).map(|name| self.data.join(name))
    }
    /// Begins a file of at most `limit` bytes.
    pub async fn begin(&self, limit: u64) -> Result<Incoming, StoreError> {
        let path = self.root.join("incoming").join(uuid::Uuid::new_v4().to_string());
        let file = File::create_new(&path).await.map_err(at(&path))?;
        let hasher = Sha256::new();
        Ok(Incoming { files: self.clone(), path, file, hasher, head: Vec::new(), size: 0, limit })
    }
    /// Stores everything that can be read, at most `limit` bytes.
    pub async fn put(&self, mut from: impl AsyncRead + Unpin, limit: u64) -> Result<Content, StoreError> {
        let mut incoming = self.begin(limit).await?;
        let mut piece = vec![0; PIECE];
        loop {
            let read = from.read(&mut piece).await.map_err(at(&incoming.path))?;
            if read == 0 {
                return incoming.finish().await;
            }
            incoming.write(&piece[..read]).await?;
        }
    }
    /// Opens a content for reading; `None` when it is not there.
    pub async fn get(&self, sha256: &str) -> Result<Option<File>, StoreError> {
        let Some(path) = self.path(sha256) else { return Ok(None) };
        match File::open(&path).await {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(at(&path)(error)),
        }
    }
    /// What is wrong with a content that should have that hash and size; `None` when all is well.
    pub async fn check(&self, sha256: &str, size: u64) -> Result<Option<String>, StoreError> {
        let Some(mut file) = self.get(sha256).await? else {
            return Ok(Some(format!("the file {sha256} is missing; restore it from a backup")));
        };
        let (mut hasher, mut found, mut piece) = (Sha256::new(), 0_u64, vec![0; PIECE]);
        loop {
            let read = file.read(&mut piece).await.map_err(at(&self.root.join(sha256)))?;
            if read == 0 {
                break;
            }
            found += read as u64;
            hasher.update(&piece[..read]);
        }
        let fine = found == size && hex::encode(hasher.finalize()) == sha256;
        Ok((!fine).then(|| format!("the file {sha256} was altered: its content no longer has this hash")))
    }
    /// Every content in the folder, whether the database names it or not, in order.
    pub async fn list(&self) -> Result<Vec<String>, StoreError> {
        let root = self.root.clone();
        let listed = tokio::task::spawn_blocking(move || {
            let mut names = Vec::new();
            let below = |folder: &Path| -> std::io::Result<Vec<PathBuf>> {
                let entries = std::fs::read_dir(folder)?.collect::<std::io::Result<Vec<_>>>()?;
                Ok(entries.into_iter().map(|e| e.path()).collect())
            };
            for first in below(&root)?.into_iter().filter(|p| p.is_dir() && !p.ends_with("incoming")) {
                for second in below(&first)?.into_iter().filter(|p| p.is_dir()) {
                    let files = below(&second)?;
                    names.extend(files.iter().filter_map(|p| Some(p.file_name()?.to_str()?.to_owned())));
                }
            }
            names.sort_unstable();
            Ok::<_, std::io::Error>(names)
        });
        let listed = listed.await.map_err(|e| StoreError::Inconsistent(format!("listing files: {e}")))?;
        listed.map_err(at(&self.root))
    }
    /// Erases contents for good, waiting until no backup copies files. Contents under legal hold are refused:
    /// their hashes come back.
    pub async fn erase(
        &self,
        db: &Db,
        sha256s: &[String],
        why: &str,
        now: Moment,
    ) -> Result<Vec<String>, StoreError> {
        let hold = Hold::exclusive(&self.data).await?;
        let mut kept = Vec::new();
        for sha256 in sha256s {
            let sql = "UPDATE file SET erased_at = $1, erased_why = $2 WHERE sha256 = $3 AND legal_hold = 0";
            if db.run(sql, cells![now, why, sha256.clone()]).await? == 0 {
                kept.push(sha256.clone());
                continue;
            }
            let Some(path) = self.path(sha256) else { continue };
            match fs::remove_file(&path).await {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(at(&path)(error)),
                _ => {}
            }
        }
        drop(hold);
        Ok(kept)
    }
    /// Removes what an interrupted upload left behind and that is older than `before`. Returns how many.
    pub async fn sweep(&self, before: std::time::SystemTime) -> Result<u64, StoreError> {
        let folder = self.root.join("incoming");
        let mut entries = fs::read_dir(&folder).await.map_err(at(&folder))?;
        let mut swept = 0;
        while let Some(entry) = entries.next_entry().await.map_err(at(&folder))? {
            let old = entry.metadata().await.and_then(|m| m.modified()).is_ok_and(|at| at < before);
            if old && fs::remove_file(entry.path()).await.is_ok() {
                swept += 1;
            }
        }
        Ok(swept)
    }
}

impl Incoming {
    /// Adds bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.size += bytes.len() as u64;
        if self.size > self.limit {
            return Err(StoreError::TooLarge { limit: self.limit });
        }
        self.hasher.update(bytes);
        if self.head.len() < 512 {
            self.head.extend(bytes.iter().take(512 - self.head.len()));
        }
        self.file.write_all(bytes).await.map_err(at(&self.path))
    }
    /// Puts it in its place; from here on it survives a power cut.
    pub async fn finish(mut self) -> Result<Content, StoreError> {
        self.file.flush().await.map_err(at(&self.path))?;
        self.file.sync_all().await.map_err(at(&self.path))?;
        let sha256 = hex::encode(std::mem::take(&mut self.hasher).finalize());
        let path = self.files.path(&sha256).ok_or_else(|| StoreError::Inconsistent("a hash".into()))?;
        let folder = path.parent().unwrap_or(&self.files.root).to_owned();
        fs::create_dir_all(&folder).await.map_err(at(&folder))?;
        fs::rename(&self.path, &path).await.map_err(at(&path))?;
        // The names on the way to the file must be on disk too.
        for folder in folder.ancestors().take(3) {
            let opened = File::open(folder).await.map_err(at(folder))?;
            opened.sync_all().await.map_err(at(folder))?;
        }
        Ok(Content { sha256, size: self.size, media: sniff(&self.head) })
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // After `finish` there is nothing of that name any more.
        let _ = std::fs::remove_file(&self.path);
    }
}

impl Db {
    /// Size, media type and the moment of erasure of a content; `None` when the database does not know it.
    pub async fn file(&self, sha256: &str) -> Result<Option<(u64, String, Option<Moment>)>, StoreError> {
        let row =
            self.row("SELECT size, media, erased_at FROM file WHERE sha256 = $1", cells![sha256]).await?;
        row.map(|r| {
            let erased: Option<i64> = get(&r, "erased_at")?;
            Ok((get::<i64>(&r, "size")? as u64, get(&r, "media")?, erased.map(Moment::from_micros)))
        })
        .transpose()
    }
    /// Sets or lifts the legal hold of a content: while it is set, nobody can erase it.
    pub fn legal_hold(sha256: &str, held: bool) -> (String, Vec<Cell>) {
        ("UPDATE file SET legal_hold = $1 WHERE sha256 = $2".into(), cells![held, sha256])
    }
}

pub(crate) fn at(path: &Path) -> impl Fn(std::io::Error) -> StoreError {
    let path = path.display().to_string();
    move |cause| match cause.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::DiskFull,
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly(path.clone()),
        _ => StoreError::File { path: path.clone(), cause },
    }
}
