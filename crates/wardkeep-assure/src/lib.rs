//! Control tests, observations, effectiveness and control states.
