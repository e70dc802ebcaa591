//! XML, streamed: no entities, no fetching, bounded depth and item size, lines known.

mod node;
mod pull;

pub(crate) use node::Node;
pub(crate) use pull::{Tag, Token, XmlError, XmlPull};
