/**
 * Where things stand in the memory that TypeScript and the kernels share. Plain numbers only: this file is read by
 * both compilers. Positions are byte offsets from the start of the block or entry they belong to.
 */

/** Below this address stand the kernels' own tables. */
export const STATIC_BYTES = 65536

// ---- Block of one JSON decoder: header, fields, slots, hash table.
/** Number of wanted fields. */
export const NUM_FIELDS_AT = 0
/** Out: the record the scan stopped at; the end of the range when it is through. */
export const STOPPED_AT = 4
/** Out: null payloads seen since the block was made. */
export const NUM_NULLS_AT = 8
/** 1 = ISO-8601 timestamps, 0 = SQL. */
export const ISO_AT = 12
/** Number of the record read last; a field with this number was in it. */
export const STAMP_AT = 16
/** Slots in use, and how many there is room for. */
export const NUM_SLOTS_AT = 20
export const MAX_SLOTS_AT = 24
/** Distance of slots and hash table from the block's start, and of the table's last entry from its first. */
export const SLOTS_AT = 28
export const SLOT_TABLE_AT = 32
export const SLOT_TABLE_LAST_AT = 36
export const FIELDS_AT = 64

// ---- A wanted field.
export const FIELD_BYTES = 48
export const FIELD_KIND_AT = 0
/** DECIMAL: scale. TIMESTAMP, DATE, TIME: precision. Integers: bits. FLOAT: 1. */
export const FIELD_SCALE_AT = 4
/** DECIMAL: precision. TIMESTAMP: 1 = with local time zone. */
export const FIELD_PRECISION_AT = 8
export const FIELD_NULLABLE_AT = 12
/** 1 = a record without the field gets NULL. */
export const FIELD_OPTIONAL_AT = 16
export const FIELD_VALUES_AT = 20
export const FIELD_NULLS_AT = 24
export const FIELD_OFFSETS_AT = 28
export const FIELD_BYTES_AT = 32
export const FIELD_CAPACITY_AT = 36
/** Out: 1 = at least one row was set to NULL. */
export const FIELD_HAS_NULLS_AT = 40
/** Number of the record that last had the field. */
export const FIELD_STAMP_AT = 44

// ---- What a member's value is read as.
export const KIND_SKIP = 0
/** The object ends here; no value. */
export const KIND_END = 1
export const KIND_STRING = 2
export const KIND_INTEGER = 3
export const KIND_BIGINT = 4
export const KIND_DOUBLE = 5
export const KIND_DECIMAL = 6
export const KIND_BOOLEAN = 7
export const KIND_DATE = 8
export const KIND_TIMESTAMP = 9
/** Converted by the host, whatever it is. */
export const KIND_HOST = 10

// ---- A slot: what stood between two values, learned from records before.
export const SLOT_BYTES = 160
export const SLOT_LENGTH_AT = 0
/** Distance of the slot that last followed this one from the block's start. */
export const SLOT_NEXT_AT = 4
export const SLOT_KIND_AT = 8
/** Distance of the field's entry from the block's start; 0 = not wanted. */
export const SLOT_FIELD_AT = 12
export const SLOT_TOKEN_AT = 32
export const SLOT_MASK_AT = 96
export const MAX_TOKEN_BYTES = 64
/** The slot before the first member, the one at the end, and the one for what was not learned. */
export const START_SLOT = 0
export const END_SLOT = 1
export const UNKNOWN_SLOT = 2
export const FIRST_LEARNED_SLOT = 3

// ---- Request and answer of `decodeRecords`, at a fixed address. Offsets and timestamps are doubles.
export const RECORDS_AT = 512
export const RECORDS_BASE_OFFSET = RECORDS_AT
export const RECORDS_BASE_TIMESTAMP = RECORDS_AT + 8
/** Offsets from here on, and before there, are wanted. */
export const RECORDS_FROM_OFFSET = RECORDS_AT + 16
export const RECORDS_TO_OFFSET = RECORDS_AT + 24
/** Address of the next record (in and out), of position 0, and of the batch's end. */
export const RECORDS_POSITION = RECORDS_AT + 32
export const RECORDS_BASE = RECORDS_AT + 36
export const RECORDS_END = RECORDS_AT + 40
/** Index of the next record in its batch (in and out), and how many there are. */
export const RECORDS_INDEX = RECORDS_AT + 44
export const RECORDS_COUNT = RECORDS_AT + 48
/** Records in the run (in and out), and how many it may hold. */
export const RECORDS_LENGTH = RECORDS_AT + 52
export const RECORDS_CAPACITY = RECORDS_AT + 56
/** 1 = the base timestamp is every record's. */
export const RECORDS_APPEND_TIME = RECORDS_AT + 60
/** 1 = keys, timestamps and headers are wanted too. */
export const RECORDS_ALL_PARTS = RECORDS_AT + 112
/** Offset delta of the record before (in and out), and the batch's last offset. */
export const RECORDS_LAST_DELTA = RECORDS_AT + 64
export const RECORDS_LAST_OFFSET = RECORDS_AT + 72
/** Addresses of the run's arrays, in the order offsets, timestamps, then starts and ends of key, value, headers. */
export const RECORDS_ARRAYS = RECORDS_AT + 80

// ---- Block of one JSON encoder: header, then fields, then the keys' texts.
export const ENCODER_NUM_FIELDS_AT = 0
/** 1 = NULL fields are left out. */
export const ENCODER_SKIPS_NULLS_AT = 4
/** Between date and time: `T` or a space. */
export const ENCODER_SEPARATOR_AT = 8
/** Bytes a row needs at most, strings and verbatim values apart. */
export const ENCODER_ROOM_AT = 12
export const ENCODER_FIELDS_AT = 16

export const ENCODED_FIELD_BYTES = 112
export const ENCODED_KIND_AT = 0
/** Address and length of `,"key":`. */
export const ENCODED_KEY_AT = 4
export const ENCODED_KEY_LENGTH_AT = 8
/** Address of the null bytes; 0 = no row is NULL. */
export const ENCODED_NULLS_AT = 12
export const ENCODED_VALUES_AT = 16
export const ENCODED_OFFSETS_AT = 20
export const ENCODED_BYTES_AT = 24
/** Of timestamps with local time zone: 1. */
export const ENCODED_ZONED_AT = 28
/** The timestamp written last, and its text with quotes: window bounds repeat. */
export const ENCODED_LAST_AT = 32
export const ENCODED_LAST_LENGTH_AT = 40
export const ENCODED_LAST_TEXT_AT = 48

export const ENCODE_STRING = 0
export const ENCODE_INTEGER = 1
export const ENCODE_BIGINT = 2
export const ENCODE_BOOLEAN = 3
export const ENCODE_DATE = 4
/** Epoch milliseconds as a double. */
export const ENCODE_MILLIS = 5
/** Epoch microseconds as 64 bits. */
export const ENCODE_MICROS = 6
/** JSON text, written by the host into a column of bytes. */
export const ENCODE_VERBATIM = 7

// ---- Request and answer of `frameRecords`, at a fixed address.
export const FRAME_AT = 640
export const FRAME_VALUES = FRAME_AT
export const FRAME_VALUE_OFFSETS = FRAME_AT + 4
/** 0 = null keys. */
export const FRAME_KEYS = FRAME_AT + 8
export const FRAME_KEY_OFFSETS = FRAME_AT + 12
/** Address of row numbers; 0 = rows follow each other. */
export const FRAME_ROWS = FRAME_AT + 16
/** Position in the batch (in and out), address of position 0, and where the room ends. */
export const FRAME_POSITION = FRAME_AT + 20
export const FRAME_BASE = FRAME_AT + 24
export const FRAME_LIMIT = FRAME_AT + 28
/** A batch of so many bytes is full: no record is begun beyond. */
export const FRAME_BATCH_BYTES = FRAME_AT + 32
/** Records in the batch (in and out). */
export const FRAME_NUM_RECORDS = FRAME_AT + 36
export const FRAME_TIMESTAMP_DELTA = FRAME_AT + 40
