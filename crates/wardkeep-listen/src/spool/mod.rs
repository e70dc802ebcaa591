//! The spool: files that only grow. What is in it survives a crash; what was acknowledged is in it.
//!
//! A segment is a file `<number of its first message>.spool`. It begins with what the spool remembered at that point
//! (marks of files that are followed, keys of deliveries), so that older segments can go when all their messages are
//! done with. A record that is not whole at the end of the last segment was never acknowledged and is cut off; damage
//! elsewhere is passed over, counted and said.

mod cursor;
mod gate;
mod open;
mod record;
mod writer;

pub use cursor::{Cursor, Next, Stored};
pub use gate::{Gate, Receipt, Refused, SpoolState, Wanted};
pub use open::{Spool, SpoolError, SpoolOptions};

#[cfg(test)]
mod tests;
