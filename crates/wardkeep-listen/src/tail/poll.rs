//! One look at all followed files.

use super::chunk::{Content, is_packed};
use super::found::Found;
use super::identity::{Known, Likeness, Node};
use super::{TailCounts, TailOptions, TailPath};
use crate::{Batch, Gate, Mark, Refused, Wanted};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::runtime::Handle;
use wardkeep_types::Clock;

/// Bytes read at once.
const CHUNK: u64 = 1024 * 1024;
/// Microseconds by which the time of a file may lie behind the clock: systems of files take it from their last tick.
const COARSE: i64 = 50_000;
/// Contents remembered for one file or folder; the oldest that no file holds any more go first.
const CONTENTS: usize = 2_000;

/// Follows all paths of the configuration.
pub(super) struct Follower {
    options: TailOptions,
    gate: Gate,
    clock: Arc<dyn Clock>,
    runtime: Handle,
    counts: Arc<TailCounts>,
    /// By number, which names the mark.
    known: BTreeMap<u64, Known>,
    /// Size and change time of files that were read to their end, in which nothing is new until these change.
    done: HashMap<(u64, u64), (u64, i64, i64)>,
    over: bool,
}

impl Follower {
    pub fn new(
        options: TailOptions,
        gate: Gate,
        marks: &BTreeMap<Arc<str>, Vec<u8>>,
        clock: Arc<dyn Clock>,
        runtime: Handle,
        counts: Arc<TailCounts>,
    ) -> Self {
        let read = |(name, value): (&Arc<str>, &Vec<u8>)| {
            let number = name.strip_prefix("file:")?.parse().ok()?;
            Some((number, serde_json::from_slice(value).ok()?))
        };
        let known = marks.iter().filter_map(read).collect();
        Self { options, gate, clock, runtime, counts, known, done: HashMap::new(), over: false }
    }
    pub fn pause(&self) -> Duration {
        self.options.pause
    }
    /// Whether the spool takes no more.
    pub fn over(&self) -> bool {
        self.over
    }
    /// Looks at everything once; true when there is more to read at once.
    pub fn look(&mut self) -> bool {
        let mut busy = false;
        for path in self.options.paths.clone() {
            match self.look_at(&path) {
                Ok(more) => {
                    self.counts.fault(&path.path, None);
                    busy |= more;
                }
                Err(error) => self.counts.fault(&path.path, Some(error.to_string())),
            }
        }
        busy && !self.over
    }

    fn look_at(&mut self, path: &TailPath) -> io::Result<bool> {
        let root = path.path.display().to_string();
        let first = !self.known.values().any(|known| known.root == root);
        let came = self.known.values().filter(|k| k.root == root).map(|k| k.began).min();
        // A program that is asked for all of a log missed what was rotated before its first look. Who begins at the
        // end does not.
        let opened = self.options.since.as_micros() - COARSE;
        let since = if path.from_end { came } else { Some(came.map_or(opened, |came| came.min(opened))) };
        let found = self.files(path)?;
        let there: HashSet<(u64, u64)> = found.iter().map(Found::inode).collect();
        let mut busy = false;
        for file in found {
            if self.done.get(&file.inode()) == Some(&file.stamp()) {
                continue;
            }
            // A rotation that was made while nobody looked is read; those from before we came are not.
            let fresh = file.wanted || since.is_some_and(|since| file.changed() > since);
            match self.follow(&root, &file, fresh, first && path.from_end) {
                Ok(more) => {
                    self.counts.fault(&file.path, None);
                    busy |= more;
                }
                // It went away between two looks: its rename is found in the next.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => self.counts.fault(&file.path, Some(error.to_string())),
            }
            if self.over {
                break;
            }
        }
        self.forget(&root, &there);
        Ok(busy)
    }

    /// The files of a path, oldest first; of too many the newest.
    fn files(&self, path: &TailPath) -> io::Result<Vec<Found>> {
        let mut found = Found::all(&path.path)?;
        if found.len() > self.options.files {
            let text = format!(
                "there are {} files; only the newest {} are followed",
                found.len(),
                self.options.files
            );
            self.counts.fault(&path.path, Some(text));
            found.drain(..found.len() - self.options.files);
        }
        Ok(found)
    }

    /// Reads what is new in a file; true when there is more.
    fn follow(&mut self, root: &str, file: &Found, fresh: bool, from_end: bool) -> io::Result<bool> {
        let node = file.node();
        let mut content = Content::open(&file.path, self.options.ratio)?;
        if content.inode()? != file.inode() {
            // It was rotated between the look and the opening: the next look finds both.
            return Ok(false);
        }
        let (number, mut known) = match self.recognise(root, node, &mut content)? {
            Some((number, Likeness::Beginning)) => {
                self.rebind(number, node)?;
                self.done.insert(file.inode(), file.stamp());
                return Ok(false);
            }
            Some((number, _)) => {
                self.rebind(number, node)?;
                let Some(known) = self.known.get(&number) else { return Ok(false) };
                (number, known.clone())
            }
            None if fresh => {
                let number = self.known.last_key_value().map_or(1, |(last, _)| last + 1);
                let mut known = Known::new(root, node, file.changed());
                if from_end && !is_packed(&file.path) {
                    known.advance(&mut content, file.meta.len())?;
                    self.keep(number, known, None)?;
                    return Ok(false);
                }
                (number, known)
            }
            None => {
                self.done.insert(file.inode(), file.stamp());
                return Ok(false);
            }
        };
        let chunk = CHUNK.max(self.options.line_bytes as u64 + 1);
        let bytes = content.bytes(known.offset, chunk)?;
        // A packed file, and one that another has taken the place of, gets no more: its last line may lack its end.
        let last = (bytes.len() as u64) < chunk && (is_packed(&file.path) || !file.wanted);
        let mut batch = Batch::new(format!("file/{root}").into(), self.clock.now());
        let taken = self.lines(&bytes, last, &mut known, &mut batch);
        if taken == 0 {
            if !self.known.contains_key(&number) {
                // Nothing is in it yet; that we came stays known, so that its rotation is read when it comes.
                self.keep(number, known, None)?;
            }
            self.done.insert(file.inode(), file.stamp());
            return Ok(false);
        }
        let offset = known.offset + taken as u64;
        known.advance(&mut content, offset)?;
        known.bind(node);
        self.keep(number, known, Some(batch))?;
        if (bytes.len() as u64) < chunk {
            // Written to since it was looked at: the stamp differs, and the next look reads on.
            self.done.insert(file.inode(), file.stamp());
            return Ok(false);
        }
        Ok(true)
    }

    /// The content that a file holds, if it is known.
    fn recognise(
        &self,
        root: &str,
        node: Node,
        content: &mut Content,
    ) -> io::Result<Option<(u64, Likeness)>> {
        let mine = || self.known.iter().rev().filter(|(_, known)| known.root == root);
        let own = mine().find(|(_, known)| known.size_of(node).is_some());
        if let Some((number, known)) = own {
            match known.likeness(content, node)? {
                Likeness::Other => {}
                likeness => return Ok(Some((*number, likeness))),
            }
        }
        for (number, known) in mine() {
            if own.is_some_and(|(own, _)| own == number) {
                continue;
            }
            match known.likeness(content, node)? {
                Likeness::Other => {}
                likeness => return Ok(Some((*number, likeness))),
            }
        }
        if own.is_some() {
            self.counts.restarted.fetch_add(1, Ordering::Relaxed);
        }
        Ok(None)
    }

    /// Notes that a file holds a content; no other content is in it any more.
    fn rebind(&mut self, number: u64, node: Node) -> io::Result<()> {
        let Some(known) = self.known.get(&number) else { return Ok(()) };
        if known.size_of(node).is_some() {
            return Ok(());
        }
        let mut known = known.clone();
        known.bind(node);
        self.counts.moved.fetch_add(1, Ordering::Relaxed);
        self.keep(number, known, None)
    }

    /// Takes whole lines into a batch; returns the bytes they take.
    fn lines(&self, bytes: &[u8], last: bool, known: &mut Known, batch: &mut Batch) -> usize {
        let most = self.options.line_bytes;
        let mut at = 0;
        while at < bytes.len() {
            let rest = &bytes[at..];
            let (line, length, whole) = match rest.iter().position(|b| *b == b'\n') {
                Some(end) => (&rest[..end], end + 1, true),
                None if last => (rest, rest.len(), true),
                None if rest.len() >= most || known.skipping => (rest, rest.len(), false),
                None => break,
            };
            at += length;
            if std::mem::replace(&mut known.skipping, !whole) {
                continue;
            }
            let cut = batch.push_lines(line, most);
            self.counts.cut.fetch_add(cut.max(u64::from(!whole)), Ordering::Relaxed);
        }
        at
    }

    /// Makes a content's place durable, together with what was read.
    fn keep(&mut self, number: u64, known: Known, batch: Option<Batch>) -> io::Result<()> {
        let now = self.clock.now();
        let mut batch = batch.unwrap_or_else(|| Batch::new(format!("file/{}", known.root).into(), now));
        let value = serde_json::to_vec(&known).map_err(io::Error::other)?;
        batch.marks.push(Mark { name: format!("file:{number}").into(), value });
        let messages = batch.len() as u64;
        let node = known.nodes.last().map(|node| (node.0, node.1));
        match self.runtime.block_on(self.gate.submit(batch, Wanted::Held)) {
            Ok(_) => {
                self.counts.messages.fetch_add(messages, Ordering::Relaxed);
                // An inode holds one content: whatever was known to be in it before is elsewhere or gone.
                for (other, held) in &mut self.known {
                    if *other != number && held.root == known.root {
                        held.nodes.retain(|held| Some((held.0, held.1)) != node);
                    }
                }
                self.known.insert(number, known);
                Ok(())
            }
            Err(refused) => {
                // Read again with the next look, from the place that is durable.
                self.over |= refused == Refused::Closed;
                Err(io::Error::other(refused))
            }
        }
    }

    /// Forgets the oldest contents that no file holds any more.
    fn forget(&mut self, root: &str, there: &HashSet<(u64, u64)>) {
        let mine = self.known.values().filter(|known| known.root == root).count();
        if mine <= CONTENTS {
            return;
        }
        let gone =
            |known: &Known| known.root == root && !known.nodes.iter().any(|n| there.contains(&(n.0, n.1)));
        let old: Vec<u64> =
            self.known.iter().filter(|(_, k)| gone(k)).map(|(n, _)| *n).take(mine - CONTENTS).collect();
        let mut batch = Batch::new(format!("file/{root}").into(), self.clock.now());
        for number in old {
            self.known.remove(&number);
            batch.marks.push(Mark { name: format!("file:{number}").into(), value: Vec::new() });
        }
        // When it fails the marks stay, and go another time.
        let _ = self.runtime.block_on(self.gate.submit(batch, Wanted::Held));
    }
}
