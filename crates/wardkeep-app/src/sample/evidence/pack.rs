//! Archives whose bytes do not depend on the machine that makes them.

use crate::Error;
use std::io::Write as _;
use wardkeep_types::Moment;

pub(super) fn gzip(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).map_err(Error::fault)?;
    out.finish().map_err(Error::fault)
}

pub(super) fn zstd(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    zstd::encode_all(bytes, 9).map_err(Error::fault)
}

pub(super) fn zip(files: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, Error> {
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let plain = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    for (name, bytes) in files {
        out.start_file(*name, plain).map_err(Error::fault)?;
        out.write_all(bytes).map_err(Error::fault)?;
    }
    Ok(out.finish().map_err(Error::fault)?.into_inner())
}

pub(super) fn tar(at: Moment, files: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, Error> {
    let mut out = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime((at.as_micros() / 1_000_000).max(0) as u64);
        out.append_data(&mut header, name, bytes.as_slice()).map_err(Error::fault)?;
    }
    out.into_inner().map_err(Error::fault)
}
