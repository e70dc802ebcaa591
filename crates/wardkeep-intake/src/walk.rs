//! Finds the files of a folder, in the same order every time.

use crate::Source;
use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Folders inside folders that are followed.
const MAX_DEPTH: usize = 64;

/// What was found, in order of name.
#[derive(Debug, Default)]
pub struct Walk {
    /// Files that can be read.
    pub sources: Vec<Source>,
    /// Paths that cannot be read, with the reason in words.
    pub unreadable: Vec<(PathBuf, String)>,
}

/// Lists files and, for folders, all files below them. Displayed names are relative to the folder given, or the
/// path as given for a single file. Folders reached a second time through a link are not entered again, and
/// special files (pipes, devices) are left out as unreadable: reading them might never end.
pub fn walk<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> Walk {
    let mut state = State { found: Walk::default(), seen: HashSet::new() };
    for path in paths {
        let path = path.as_ref();
        if path.is_dir() {
            state.folder(path, "", 0);
        } else {
            state.file(path, path.display().to_string());
        }
    }
    state.found
}

struct State {
    found: Walk,
    /// Folders entered, by their real path.
    seen: HashSet<PathBuf>,
}

impl State {
    fn unreadable(&mut self, path: &Path, why: impl Into<String>) {
        self.found.unreadable.push((path.to_owned(), why.into()));
    }
    fn folder(&mut self, path: &Path, shown: &str, depth: usize) {
        let real = match path.canonicalize() {
            Ok(real) => real,
            Err(error) => return self.unreadable(path, words(&error)),
        };
        if !self.seen.insert(real) {
            return;
        }
        if depth > MAX_DEPTH {
            return self.unreadable(path, format!("the folder lies more than {MAX_DEPTH} folders deep"));
        }
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(path, words(&error)),
        };
        let mut inside = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) => inside.push(entry.path()),
                Err(error) => self.unreadable(path, words(&error)),
            }
        }
        inside.sort();
        for path in inside {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let shown = if shown.is_empty() { name } else { format!("{shown}/{name}") };
            if path.is_dir() {
                self.folder(&path, &shown, depth + 1);
            } else {
                self.file(&path, shown);
            }
        }
    }
    fn file(&mut self, path: &Path, shown: String) {
        let about = match fs::metadata(path) {
            Ok(about) => about,
            Err(error) => {
                let link = fs::symlink_metadata(path).is_ok();
                return self.unreadable(
                    path,
                    if link { "the link leads nowhere".to_owned() } else { words(&error) },
                );
            }
        };
        if !about.is_file() {
            return self.unreadable(path, "it is no ordinary file (a pipe, socket or device)");
        }
        // Opening shows now, not in the middle of a run, whether this account may read it.
        match fs::File::open(path).and_then(|_| Source::file(path, shown)) {
            Ok(source) => self.found.sources.push(source),
            Err(error) => self.unreadable(path, words(&error)),
        }
    }
}

fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "this account may not read it".to_owned(),
        _ => error.to_string(),
    }
}
