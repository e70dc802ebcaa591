//! Log-source mapping of normalised events and the Parquet event store.
