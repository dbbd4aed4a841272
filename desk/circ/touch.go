package circ

// touch makes keys of pairs of a kind and an id; an empty id is none.
func touch(pairs ...Key) []Key {
	keys := make([]Key, 0, len(pairs))
	for _, k := range pairs {
		if k.ID != "" {
			keys = append(keys, k)
		}
	}
	return keys
}

func (id PatronID) key() Key  { return Key{KindPatron, string(id)} }
func (id ItemID) key() Key    { return Key{KindItem, string(id)} }
func (id LoanID) key() Key    { return Key{KindLoan, string(id)} }
func (id RequestID) key() Key { return Key{KindRequest, string(id)} }
func (id FeeID) key() Key     { return Key{KindFee, string(id)} }
func (id PaymentID) key() Key { return Key{KindPayment, string(id)} }
func (id BlockID) key() Key   { return Key{KindBlock, string(id)} }
func (id ShiftID) key() Key   { return Key{KindDrawer, string(id)} }
func (id AlertID) key() Key   { return Key{KindAlert, string(id)} }
func (id LinkID) key() Key    { return Key{KindLink, string(id)} }
func (id UseID) key() Key     { return Key{KindUse, string(id)} }
func cardKey(n string) Key    { return Key{KindCard, n} }
