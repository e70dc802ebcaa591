//! Which files are evidence.

use std::path::{Path, PathBuf};

/// The paths without the data folder: what Wardkeep keeps itself is no evidence, and its keys are for nobody to
/// read. A folder that holds the data folder is replaced by everything else in it.
pub fn without(paths: &[PathBuf], data: &Path) -> Vec<PathBuf> {
    let Ok(data) = data.canonicalize() else { return paths.to_vec() };
    let mut kept = Vec::new();
    paths.iter().for_each(|path| keep(path, &data, &mut kept));
    kept
}

fn keep(path: &Path, data: &Path, kept: &mut Vec<PathBuf>) {
    let Ok(real) = path.canonicalize() else { return kept.push(path.to_owned()) };
    if real.starts_with(data) {
        return;
    }
    let inside = if data.starts_with(&real) { std::fs::read_dir(path).ok() } else { None };
    let Some(inside) = inside else { return kept.push(path.to_owned()) };
    let mut inside: Vec<PathBuf> = inside.filter_map(Result::ok).map(|e| e.path()).collect();
    inside.sort();
    inside.iter().for_each(|path| keep(path, data, kept));
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn the_data_folder_is_no_evidence() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        for folder in ["a", "b/c", "b/data/keys"] {
            std::fs::create_dir_all(at(folder)).unwrap();
        }
        std::fs::write(at("x.log"), "").unwrap();
        let kept = without(&[dir.path().to_owned()], &at("b/data"));
        assert_eq!(kept, [at("a"), at("b/c"), at("x.log")]);
        assert_eq!(without(&[at("a")], &at("b/data")), [at("a")]);
        assert!(without(&[at("b/data/keys")], &at("b/data")).is_empty());
        assert_eq!(without(&[at("a")], &at("gone")), [at("a")]);
    }
}
