//go:build !darwin || cgo

package serial

import (
	"cmp"
	"slices"

	"go.bug.st/serial/enumerator"

	"circdesk/scanner"
)

// detailed is the list of ports with what hangs on them.
func detailed() (list []scanner.Info, err error) {
	ports, err := enumerator.GetDetailedPortsList()
	if err != nil {
		return nil, err
	}
	for _, p := range ports {
		if p == nil || p.Name == "" {
			continue
		}
		info := scanner.Info{Path: p.Name, Device: p.Name, Part: p.Name}
		if p.IsUSB {
			info.Bus = "usb"
			info.Vendor, info.Product, info.Serial = hex16(p.VID), hex16(p.PID), scanner.Name(p.SerialNumber)
			info.VendorName, info.ProductName = scanner.Name(p.Manufacturer), scanner.Name(p.Product)
		}
		list = append(list, info)
	}
	slices.SortFunc(list, func(a, b scanner.Info) int { return cmp.Compare(a.Path, b.Path) })
	return list, nil
}
