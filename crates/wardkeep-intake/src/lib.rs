//! Readers of people's files: logs, EVTX, scanner reports, SBOM, CSV; format sniffing.
