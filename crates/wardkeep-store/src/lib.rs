//! Records, change log, versions, search, jobs and files on SQLite or PostgreSQL.
