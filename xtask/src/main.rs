//! Chores that need logic.
fn main() {}
