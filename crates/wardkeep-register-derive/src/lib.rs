//! Derives Record, Choice and Stages: they copy facts and decide nothing.
