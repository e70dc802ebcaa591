//! Reading folders of rule files.

use std::path::{Path, PathBuf};
use wardkeep_detect::{RuleFile, RuleSet};
use wardkeep_types::Problem;

/// Folders followed downwards.
const DEPTH: usize = 32;

/// The rule files of a folder, or one file; what cannot be read is told.
pub fn read_folder(root: &Path) -> (Vec<RuleFile>, Vec<Problem>) {
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    read(root, root, 0, &mut files, &mut problems);
    (files, problems)
}

/// Our own rules and those of some folders, with what is wrong in them. No data folder is needed.
pub fn rules_of(folders: &[PathBuf]) -> (RuleSet, Vec<Problem>) {
    let (mut files, mut told) = (wardkeep_detect::builtin(), Vec::new());
    for folder in folders {
        let (found, problems) = read_folder(folder);
        files.extend(found);
        told.extend(problems);
    }
    let (set, problems) = RuleSet::load(files);
    told.extend(problems.iter().map(Problem::from));
    (set, told)
}

fn read(root: &Path, path: &Path, depth: usize, files: &mut Vec<RuleFile>, problems: &mut Vec<Problem>) {
    let shown = path.strip_prefix(root).unwrap_or(path);
    let shown =
        if shown.as_os_str().is_empty() { Path::new(path.file_name().unwrap_or_default()) } else { shown };
    let shown = shown.display().to_string();
    let unreadable = |e: std::io::Error| {
        Problem::new(&shown, "unreadable", e.to_string()).hint("check the path given with --rules")
    };
    if path.is_dir() {
        if depth > DEPTH {
            return;
        }
        match std::fs::read_dir(path) {
            Ok(entries) => {
                let mut entries: Vec<_> = entries.filter_map(Result::ok).map(|e| e.path()).collect();
                entries.sort();
                entries.iter().for_each(|entry| read(root, entry, depth + 1, files, problems));
            }
            Err(e) => problems.push(unreadable(e)),
        }
        return;
    }
    let is_rule = path.extension().is_some_and(|e| e == "yml" || e == "yaml");
    // A checkout of rules also holds tests, regression data and settings of other tools; those are no rules.
    if !is_rule && depth > 0 {
        return;
    }
    match std::fs::read_to_string(path) {
        Ok(text)
            if text.contains("detection:")
                || text.contains("correlation:")
                || text.contains("filter:")
                || depth == 0 =>
        {
            files.push(RuleFile::new(shown, text));
        }
        Ok(_) => {}
        Err(e) => problems.push(unreadable(e)),
    }
}

/// Where a folder of rules comes from: the commit, if it is a checkout of git.
pub(crate) fn commit_of(folder: &Path) -> Option<String> {
    let top = folder.ancestors().find(|above| above.join(".git").is_dir())?;
    let git = top.join(".git");
    let head = std::fs::read_to_string(git.join("HEAD")).ok()?;
    let commit = match head.trim().strip_prefix("ref: ") {
        // Only a plain name below refs/ is followed: the file is not ours.
        Some(name) if name.starts_with("refs/") && !name.contains("..") => {
            let loose = std::fs::read_to_string(git.join(name)).ok();
            loose.or_else(|| {
                let packed = std::fs::read_to_string(git.join("packed-refs")).ok()?;
                let line = packed.lines().find(|line| line.ends_with(name))?;
                Some(line.split(' ').next()?.to_owned())
            })?
        }
        Some(_) => return None,
        None => head,
    };
    let commit: String = commit.trim().chars().take(40).collect();
    (commit.len() >= 7 && commit.bytes().all(|b| b.is_ascii_hexdigit())).then_some(commit)
}

#[cfg(test)]
mod tests {
    use super::{commit_of, read_folder};

    #[test]
    fn rules_are_told_from_other_files() {
        let dir = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        put("a/rule.yml", "title: t\ndetection: {}\n");
        put("a/settings.yml", "colour: red\n");
        put("a/readme.md", "detection:\n");
        put("b/more.yaml", "correlation:\n");
        let (files, problems) = read_folder(dir.path());
        let names: Vec<_> = files.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(names, ["a/rule.yml", "b/more.yaml"]);
        assert!(problems.is_empty());
        assert_eq!(read_folder(&dir.path().join("a/rule.yml")).0[0].path, "rule.yml");
        assert_eq!(read_folder(&dir.path().join("gone")).1.len(), 1);
    }

    #[test]
    fn a_checkout_names_its_commit() {
        let dir = tempfile::tempdir().unwrap();
        let hash = "0123456789abcdef0123456789abcdef01234567";
        std::fs::create_dir_all(dir.path().join(".git/refs/heads")).unwrap();
        std::fs::create_dir_all(dir.path().join("rules/windows")).unwrap();
        std::fs::write(dir.path().join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
        assert_eq!(commit_of(&dir.path().join("rules")), None);
        std::fs::write(dir.path().join(".git/refs/heads/main"), format!("{hash}\n")).unwrap();
        assert_eq!(commit_of(&dir.path().join("rules/windows")).as_deref(), Some(hash));
        std::fs::write(dir.path().join(".git/HEAD"), "ref: refs/../../../etc/passwd\n").unwrap();
        assert_eq!(commit_of(dir.path()), None);
    }
}
