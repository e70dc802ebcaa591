//! Who may do what: roles, verbs, grants, one pure decision and its printed matrix.
