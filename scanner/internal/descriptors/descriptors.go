// Package descriptors holds report descriptors of real devices for tests.
//
// It knows bytes and where they come from. It does not know what they say.
package descriptors

import (
	"encoding/hex"
	"strings"
)

// Bytes reads bytes in hexadecimal digits; white space does not count. It panics on
// anything else.
func Bytes(s string) []byte {
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		panic(err)
	}
	return b
}

// Gryphon returns the descriptor of a Datalogic Gryphon GD4400 that types.
func Gryphon() []byte {
	return Bytes(`05 01 09 06 A1 01 05 07 19 E0 29 E7 15 00 25 01 75 01 95 08 81 02 95 01 75 08 81 01 95 05 75 01
		05 08 19 01 29 05 91 02 95 01 75 03 91 01 95 06 75 08 15 00 26 FF 00 05 07 19 00 2A FF 00 81 00 C0`)
}

// QEMU returns the descriptor of QEMU's keyboard, whose greatest value is -1.
func QEMU() []byte {
	return Bytes(`05 01 09 06 a1 01 75 01 95 08 05 07 19 e0 29 e7 15 00 25 01 81 02 95 01 75 08 81 01 95 05 75 01
		05 08 19 01 29 05 91 02 95 01 75 03 91 01 95 06 75 08 15 00 25 ff 05 07 19 00 29 ff 81 00 c0`)
}

// NumberedKeyboard returns the descriptor of a keyboard and a remote control in
// numbered reports, 2 and 3.
func NumberedKeyboard() []byte {
	return Bytes(`05 01 09 06 a1 01 85 02 05 07 19 e0 29 e7 15 00 25 01 75 01 95 08 81 02 95 06 75 08 26 ff 00
		19 00 2a ff 00 81 00 c0 05 0c 09 01 a1 01 85 03 19 00 2a 3c 02 15 00 26 3c 02 95 01 75 10 81 00 c0`)
}

// PlainPOS returns the descriptor of a scanner of 62 bytes a report, number 2,
// without a maker's symbology.
func PlainPOS() []byte {
	return Bytes(`05 8c 09 02 a1 01 85 02 09 12 a1 02 15 00 26 ff 00 75 08 95 01 05 01 09 3b 81 02 95 03 05 8c
		09 fb 09 fc 09 fd 81 02 95 38 09 fe 82 02 01 25 01 75 01 95 01 09 ff 81 02 75 07 81 03 c0 c0`)
}

// HandHeldPOS returns the descriptor that Hand Held Products' scanners have: 64
// bytes a report, number 2; output reports for beeps (4) and commands (253); a
// feature that makes a scanner which types send reports (254).
func HandHeldPOS() []byte {
	return Bytes(`05 8c 09 02 a1 01 09 12 a1 02 85 02 15 00 26 ff 00 75 08 95 01 05 01 09 3b 81 02 95 03 05 8c
		09 fb 09 fc 09 fd 81 02 95 38 09 fe 82 02 01 06 66 ff 95 02 09 04 09 00 81 02 05 8c 25 01 75 01 95 08 09 ff
		81 02 c0 09 14 a1 02 85 04 15 00 25 01 75 01 95 08 09 00 09 5f 09 60 09 00 09 00 09 85 09 86 91 86 c0
		06 66 ff 75 08 26 ff 00 09 03 a1 02 85 fe 95 01 09 03 b2 82 01 c0 09 01 a1 02 85 fd 95 01 09 21 91 02
		95 3e 09 22 92 82 01 c0 c0`)
}

// Mouse returns the descriptor of a mouse.
func Mouse() []byte {
	return Bytes(`05 01 09 02 a1 01 09 01 a1 00 05 09 19 01 29 03 15 00 25 01 95 03 75 01 81 02 95 01 75 05 81 03
		05 01 09 30 09 31 15 81 25 7f 75 08 95 02 81 06 c0 c0`)
}
