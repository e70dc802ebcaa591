//! Talks to the world: mail and signed webhooks.
