//! Pages, JSON API and static files over the use cases.
