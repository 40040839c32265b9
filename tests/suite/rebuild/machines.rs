//! Equal sources give equal bytes, whatever the machine.
