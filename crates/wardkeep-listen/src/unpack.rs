//! Unpacks a body that was sent packed, bounded by size and by how much it grows.

use std::io::Read;

/// How a body is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// As it is.
    Plain,
    /// gzip (RFC 1952), of any number of members.
    Gzip,
    /// Zstandard (RFC 8878).
    Zstd,
}

/// Why a body is not unpacked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnpackError {
    /// It is larger than allowed when unpacked.
    #[error("the body is larger than {0} bytes when it is unpacked; send it in parts")]
    TooLarge(usize),
    /// It grows more than allowed: a bomb.
    #[error("the body grows to more than {0} times its size; send it with less compression")]
    TooDense(u64),
    /// It is not what it is said to be.
    #[error("the body cannot be unpacked: {0}")]
    Broken(String),
}

/// Bytes from which on the growth is looked at.
const SMALL: usize = 1024 * 1024;

/// Unpacks a body to at most `most` bytes and `ratio` times its size.
pub fn unpack(body: &[u8], packing: Packing, most: usize, ratio: u64) -> Result<Vec<u8>, UnpackError> {
    let mut out = Vec::new();
    let allowed = (body.len() as u64).saturating_mul(ratio).max(SMALL as u64);
    let bound = (most as u64).min(allowed) + 1;
    let read = match packing {
        Packing::Plain => body.take(bound).read_to_end(&mut out),
        Packing::Gzip => flate2::read::MultiGzDecoder::new(body).take(bound).read_to_end(&mut out),
        Packing::Zstd => {
            zstd::Decoder::new(body).and_then(|decoder| decoder.take(bound).read_to_end(&mut out))
        }
    };
    read.map_err(|error| UnpackError::Broken(error.to_string()))?;
    if out.len() > most {
        return Err(UnpackError::TooLarge(most));
    }
    if out.len() as u64 > allowed {
        return Err(UnpackError::TooDense(ratio));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::{Packing, UnpackError, unpack};
    use std::io::Write as _;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn bodies_come_back_and_bombs_do_not() {
        let text = b"one\ntwo\n".repeat(100);
        assert_eq!(unpack(&gzip(&text), Packing::Gzip, 1 << 20, 100).unwrap(), text);
        let packed = zstd::encode_all(&text[..], 3).unwrap();
        assert_eq!(unpack(&packed, Packing::Zstd, 1 << 20, 100).unwrap(), text);
        assert_eq!(unpack(&text, Packing::Plain, 10, 100), Err(UnpackError::TooLarge(10)));
        let bomb = gzip(&vec![0; 8 << 20]);
        assert_eq!(unpack(&bomb, Packing::Gzip, 1 << 30, 100), Err(UnpackError::TooDense(100)));
        assert!(matches!(unpack(b"nonsense", Packing::Gzip, 99, 100), Err(UnpackError::Broken(_))));
        assert!(matches!(unpack(&gzip(&text)[..20], Packing::Gzip, 9_999, 100), Err(UnpackError::Broken(_))));
    }
}
