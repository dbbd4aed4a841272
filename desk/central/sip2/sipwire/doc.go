// Package sipwire is the wire format of SIP2, the Standard Interchange Protocol
// of 3M, version 2.00, for both ends: the messages as bytes, how they are told
// apart on a connection, and what is said again when some were damaged.
//
// What was read is written back byte for byte: unknown messages and fields,
// repeated fields, headers of another width, what stands before and behind. A
// [Message] holds bytes, never text; a [Form] says in which character set one
// connection writes them. A [Reader] cuts a connection into messages, a
// [Terminal] and a [System] say what either end does next. Both are plain
// values that wait for nobody: connections, deadlines and clocks are the
// caller's.
//
// It knows the messages and their parts, checksums, character sets, and which
// fields are about people. It does not know what a check-out is, which
// system is at the other end, who may sign in, or whether an answer is wise.
//
// Source: 3M Standard Interchange Protocol 2.00, document revision 2.12
// (2006), and what systems in use were seen to send.
package sipwire
