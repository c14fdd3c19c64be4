/** What the kernels ask of the decoder that called them. Positions are addresses. */

/**
 * Converts and stores the value `[start, end)` of a field into `row`; 0 = the record must be judged as a whole, or the
 * column has left the arena.
 */
@external("host", "convertValue")
export declare function convertValue(field: usize, start: usize, end: usize, row: i32): i32

/** Makes room for `numBytes` in the field's bytes and renews its addresses; 0 = they had to leave the arena. */
@external("host", "growBytes")
export declare function growBytes(field: usize, numBytes: i32): i32

/** The entry's distance of the wanted field with this key in the block, or 0. */
@external("host", "findField")
export declare function findField(keyStart: usize, keyEnd: usize): i32
