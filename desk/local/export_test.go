package local

// KeepsNames reports whether somebody has begun to keep the names.
func (d *Desk) KeepsNames() bool { return d.keepsNames() }
