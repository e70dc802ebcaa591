//! What correlations remember of an unfinished run, kept beside the list of files that were read: both are written
//! in one transaction, so that a run that was killed goes on exactly where its last batch ended (DE-6).

use crate::{App, Error};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::Read as _;
use wardkeep_detect::SavedState;
use wardkeep_store::{Cell, cells};

/// Bytes of a state, unpacked; a larger one is not kept, and stored events are read again instead.
const MOST: u64 = 64 * 1024 * 1024;

/// The statements that keep a state under a name, for rules of that fingerprint.
pub(crate) fn keep(
    name: &str,
    fingerprint: &str,
    state: &SavedState,
) -> Result<Vec<(String, Vec<Cell>)>, Error> {
    let gone = ("DELETE FROM detect_state WHERE name = $1".to_owned(), cells![name]);
    let json = serde_json::to_vec(state).map_err(Error::fault)?;
    if json.len() as u64 > MOST {
        return Ok(vec![gone]);
    }
    let packed = STANDARD.encode(zstd::encode_all(&json[..], 1).map_err(Error::fault)?);
    let sql = "INSERT INTO detect_state (name, fingerprint, state) VALUES ($1, $2, $3)";
    Ok(vec![gone, (sql.to_owned(), cells![name, fingerprint, packed])])
}

impl App {
    /// The state under a name, if it was kept for the same rules and is whole.
    pub(crate) async fn kept_state(
        &self,
        name: &str,
        fingerprint: &str,
    ) -> Result<Option<SavedState>, Error> {
        let sql = "SELECT state FROM detect_state WHERE name = $1 AND fingerprint = $2";
        let Some(row) = self.db.row(sql, cells![name, fingerprint]).await? else { return Ok(None) };
        let packed: String = row.try_get("", "state").map_err(Error::fault)?;
        Ok(unpacked(&packed))
    }
    pub(crate) async fn drop_state(&self, name: &str) -> Result<(), Error> {
        self.db.run("DELETE FROM detect_state WHERE name = $1", cells![name]).await?;
        Ok(())
    }
}

/// A damaged state is no state.
fn unpacked(packed: &str) -> Option<SavedState> {
    let bytes = STANDARD.decode(packed).ok()?;
    let mut json = Vec::new();
    zstd::Decoder::new(&bytes[..]).ok()?.take(MOST + 1).read_to_end(&mut json).ok()?;
    if json.len() as u64 > MOST {
        return None;
    }
    serde_json::from_slice(&json).ok()
}

#[cfg(test)]
mod tests {
    use super::{keep, unpacked};
    use wardkeep_detect::SavedState;
    use wardkeep_store::Cell;

    #[test]
    fn states_come_back_whole_or_not_at_all() {
        let mut state = SavedState::default();
        state.watermark = Some(7);
        let statements = keep("assess", "f", &state).unwrap();
        let Cell::Text(Some(packed)) = &statements[1].1[2] else { panic!("a state is text") };
        assert_eq!(unpacked(packed), Some(state));
        assert_eq!(unpacked(&packed[..packed.len() / 2]), None);
        assert_eq!(unpacked("no state"), None);
    }
}
