// Package kit is what the screens of a circulation desk are made of: colours by role, keys as data, the line
// that scans arrive on, tables, forms, bars, questions and sounds.
//
// It knows terminals and conduct: that a scan is printable text closed by a key and never by time, that Enter
// answers nothing that costs money, that text from a record cannot move the cursor. It does not know libraries:
// no patron, no item, no rule, and no word of any language; every word on the screen is passed in.
package kit
