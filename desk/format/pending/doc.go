// Package pending writes what was done at a desk as the files in which other
// library systems take work that was done offline, and reads what their own tools
// have written:
//
//	koc      Koha, offline circulation file 1.0
//	xacts    Evergreen, pending.xacts
//	almadat  Alma, OffCirc.dat
//	rdy      Sierra and Millennium, rdy
//	pmb      PMB, "prêt secouru"
//
// None of them says all that was done: a file of Koha has no due date, one of Alma no
// payment, none has a waived fee. [Format.Export] keeps what the file can say, lists
// the rest with the reason, and reads its own file again before it gives it.
//
// The formats are those of the systems' documentation and sources, as each file here
// says. They stand in one package, since all there is to a format is a line in and a
// line out. It does not know where a file goes, what was exported before, or what the
// other system makes of it.
package pending
