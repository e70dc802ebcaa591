//! Which file is which, whatever it is called now.

use super::chunk::Content;
use serde::{Deserialize, Serialize};
use std::io;

/// Bytes of the beginning, and of what lies before the place read up to, by which a file is known.
const LOOKED_AT: u64 = 1_024;

/// A content that was read, as the spool remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Known {
    /// The file or folder of the configuration.
    pub root: String,
    /// Device, inode and size when it was read last, of every file that holds this content.
    pub nodes: Vec<Node>,
    /// Bytes that were read.
    pub offset: u64,
    head: (u64, String),
    tail: (u64, String),
    /// The rest of a line that was cut is to be passed over.
    pub skipping: bool,
    /// When it had been changed last as we first read it, microseconds since 1970. Whatever is changed later than the
    /// oldest of these was written since we came.
    pub began: i64,
}

/// Device, inode and size of a file.
pub(super) type Node = (u64, u64, u64);

/// How a file relates to a known content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// It is another one.
    Other,
    /// It is the same, as far as it was read.
    Same,
    /// It is the beginning of it: nothing is new.
    Beginning,
}

/// Nodes remembered for one content: a file, its rename, its copy, its packed form.
const NODES: usize = 8;

impl Known {
    pub fn new(root: &str, node: Node, began: i64) -> Self {
        Self {
            root: root.to_owned(),
            nodes: vec![node],
            offset: 0,
            head: (0, String::new()),
            tail: (0, String::new()),
            skipping: false,
            began,
        }
    }
    /// Notes that a file holds this content.
    pub fn bind(&mut self, node: Node) {
        self.nodes.retain(|known| (known.0, known.1) != (node.0, node.1));
        if self.nodes.len() >= NODES {
            self.nodes.remove(0);
        }
        self.nodes.push(node);
    }
    /// The size that a file had when it was read last, if it holds this content.
    pub fn size_of(&self, node: Node) -> Option<u64> {
        self.nodes.iter().find(|known| (known.0, known.1) == (node.0, node.1)).map(|known| known.2)
    }
    /// Moves on to a place and takes the content's marks there.
    pub fn advance(&mut self, content: &mut Content, offset: u64) -> io::Result<()> {
        self.offset = offset;
        if self.head.0 < LOOKED_AT.min(offset) {
            let length = LOOKED_AT.min(offset);
            self.head = (length, hash(&content.bytes(0, length)?));
        }
        let length = LOOKED_AT.min(offset);
        self.tail = (length, hash(&content.bytes(offset - length, length)?));
        Ok(())
    }
    /// Compares a file with this content. A file that is known to hold it can have grown or begun anew; another one
    /// can be a copy, also one that was made earlier.
    pub fn likeness(&self, content: &mut Content, node: Node) -> io::Result<Likeness> {
        let size = self.size_of(node);
        if self.offset == 0 {
            return Ok(if size.is_some() { Likeness::Same } else { Likeness::Other });
        }
        if size.is_some_and(|size| node.2 < size) {
            return Ok(Likeness::Other);
        }
        let head = content.bytes(0, self.head.0)?;
        if head.len() as u64 != self.head.0 || hash(&head) != self.head.1 {
            return Ok(Likeness::Other);
        }
        let tail = content.bytes(self.offset - self.tail.0, self.tail.0)?;
        if tail.len() as u64 == self.tail.0 {
            let same = hash(&tail) == self.tail.1;
            return Ok(if same { Likeness::Same } else { Likeness::Other });
        }
        // Shorter than what was read, and never longer: an earlier copy.
        let copy = size.is_some() || self.head.0 == LOOKED_AT;
        Ok(if copy { Likeness::Beginning } else { Likeness::Other })
    }
}

fn hash(bytes: &[u8]) -> String {
    hex::encode(&blake3::hash(bytes).as_bytes()[..16])
}
