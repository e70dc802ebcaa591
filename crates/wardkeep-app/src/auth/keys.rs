//! The key file of the data folder: seals what must be read again, signs what must not be forged.

use crate::Error;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use rand::Rng as _;
use sha2::Sha256;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;
use zeroize::Zeroizing;

const FILE: &str = "accounts.key";

/// Keys that seal and sign, drawn from one secret of 32 bytes.
#[derive(Clone)]
pub struct Keys(Arc<Zeroizing<[u8; 32]>>);

impl Keys {
    /// Reads `accounts.key` in `folder` (the data folder's `keys/`), or makes it, readable by its owner alone.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(FILE);
        let said = |what: &dyn std::fmt::Display| Error::fault(format!("{}: {what}", path.display()));
        if !path.exists() {
            make(&path).map_err(|e| said(&e))?;
        }
        let file = std::fs::File::open(&path).map_err(|e| said(&e))?;
        private(&file).map_err(|e| said(&e))?;
        let mut text = Zeroizing::new(String::new());
        std::io::Read::take(&file, 256).read_to_string(&mut text).map_err(|e| said(&e))?;
        let bytes = Zeroizing::new(hex::decode(text.trim()).unwrap_or_default());
        let key: [u8; 32] = bytes
            .as_slice()
            .try_into()
            .map_err(|_| said(&"not a key of 64 hexadecimal digits; restore it from a backup"))?;
        Ok(Self::from_bytes(key))
    }
    /// Keys from a secret that is kept elsewhere.
    pub fn from_bytes(key: [u8; 32]) -> Self {
        Self(Arc::new(Zeroizing::new(key)))
    }
    /// HMAC-SHA-256 under a key of its own for each `purpose`, in hexadecimal.
    pub(super) fn sign(&self, purpose: &str, text: &str) -> String {
        let key = hmac(self.0.as_slice(), purpose.as_bytes());
        hex::encode(hmac(&key, text.as_bytes()))
    }
    /// Seals `text` so that it opens only for the same `place` (XChaCha20-Poly1305, random nonce).
    pub(crate) fn seal(&self, place: &str, text: &[u8]) -> Result<String, Error> {
        let nonce: [u8; 24] = rand::rng().random();
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), Payload { msg: text, aad: place.as_bytes() })
            .map_err(|_| Error::fault("sealing failed"))?;
        Ok(format!("1:{}", STANDARD_NO_PAD.encode([nonce.as_slice(), &sealed].concat())))
    }
    /// Opens what [`Keys::seal`] sealed for the same place.
    pub(crate) fn unseal(&self, place: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
        let closed = || Error::fault("a sealed secret does not open; was the key file replaced?");
        let bytes =
            STANDARD_NO_PAD.decode(sealed.strip_prefix("1:").ok_or_else(closed)?).map_err(|_| closed())?;
        let (nonce, text) = bytes.split_first_chunk::<24>().ok_or_else(closed)?;
        let payload = Payload { msg: text, aad: place.as_bytes() };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).map(Zeroizing::new).map_err(|_| closed())
    }
    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&hmac(self.0.as_slice(), b"seal").into())
    }
}

/// HMAC-SHA-256.
pub(super) fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as hmac::Mac>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text);
    mac.finalize().into_bytes().into()
}

fn make(path: &Path) -> std::io::Result<()> {
    let key: Zeroizing<[u8; 32]> = Zeroizing::new(rand::rng().random());
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(hex::encode(key.as_slice()).as_bytes())?;
    file.sync_all()
}

/// A key that others on the machine can read is no key.
fn private(file: &std::fs::File) -> Result<(), String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = file.metadata().map_err(|e| e.to_string())?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(format!("others can read this key (mode {mode:o}); run chmod 600 on it"));
        }
    }
    let _ = file;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Keys;

    #[test]
    fn what_is_sealed_opens_only_in_its_place() {
        let keys = Keys::from_bytes([7; 32]);
        let sealed = keys.seal("a", b"secret").unwrap();
        assert!(keys.unseal("b", &sealed).is_err());
        assert!(Keys::from_bytes([8; 32]).unseal("a", &sealed).is_err());
        assert!(keys.unseal("a", "1:AAAA").is_err() && keys.unseal("a", "").is_err());
        assert_eq!(keys.unseal("a", &sealed).unwrap().as_slice(), b"secret");
        assert_ne!(keys.seal("a", b"secret").unwrap(), sealed);
    }

    #[test]
    fn the_key_file_is_private_and_lasts() {
        let dir = tempfile::tempdir().unwrap();
        let sealed = Keys::open(dir.path()).unwrap().seal("a", b"x").unwrap();
        assert!(Keys::open(dir.path()).unwrap().unseal("a", &sealed).is_ok());
        let path = dir.path().join(super::FILE);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
            assert!(Keys::open(dir.path()).err().unwrap().to_string().contains("chmod 600"));
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        std::fs::write(&path, "short").unwrap();
        assert!(Keys::open(dir.path()).err().unwrap().to_string().contains("64 hexadecimal"));
    }
}
