//! `cargo run --release -p wardkeep-detect --features bench --example detect -- DATA [--events N] [--json]`
fn main() {}
