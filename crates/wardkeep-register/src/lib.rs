//! What a register is: schema, fields, kinds, values, rows, moves and problems. No SQL, HTTP or HTML.
