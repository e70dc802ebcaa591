//! A file kept in the content-addressed store.

use serde::{Deserialize, Serialize};

/// Points at a stored file; the hash is its address and its proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// SHA-256 of the content, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// The name under which it was handed in; for people only, never a path.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Media type as sniffed from the content.
    pub media: String,
}
