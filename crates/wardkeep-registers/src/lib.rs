//! Every register of Wardkeep, one file each, and the list ALL in menu order.
