//! The program as people run it: arguments in; words, JSON, files and exit codes out.

mod assess;
mod bad_input;
mod basics;
mod doctor;
mod records;
mod serve;
mod support;
mod verify;
