//! The use cases: the one write path, assess, import, export, jobs and notices.
