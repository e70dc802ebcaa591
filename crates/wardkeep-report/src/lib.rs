//! Posture report and charts as SVG from plain data.
