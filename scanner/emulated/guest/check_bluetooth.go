//go:build linux

package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"

	"circdesk/scanner"
	"circdesk/scanner/hidraw"
	"circdesk/scanner/internal/descriptors"
	"circdesk/scanner/watch"
)

// Of Linux's linux/uhid.h: a program makes an HID device by writing events to
// /dev/uhid. An event is its number and the largest of what can follow.
const (
	uhidCreate   = 11
	uhidInput    = 12
	uhidLength   = 4380
	uhidName     = 4
	uhidSerial   = uhidName + 128 + 64
	uhidSize     = uhidSerial + 64
	uhidBus      = uhidSize + 2
	uhidVendor   = uhidBus + 2
	uhidProduct  = uhidVendor + 4
	uhidReport   = uhidProduct + 4 + 4 + 4
	uhidDataSize = 4
	uhidData     = 6
	busBluetooth = 5
)

// bluetooth: a scanner that is on no USB at all, as those of Bluetooth are, is found
// and read through its raw node, and is gone when its other end is.
func bluetooth(ctx context.Context) (string, error) {
	f, err := os.OpenFile("/dev/uhid", os.O_RDWR, 0)
	if err != nil {
		return "", err
	}
	defer f.Close()
	create := make([]byte, uhidLength)
	binary.LittleEndian.PutUint32(create, uhidCreate)
	copy(create[uhidName:], "Wireless Scanner")
	copy(create[uhidSerial:], "00:11:22:33:44:55")
	report := descriptors.HandHeldPOS()
	binary.LittleEndian.PutUint16(create[uhidSize:], uint16(len(report)))
	binary.LittleEndian.PutUint16(create[uhidBus:], busBluetooth)
	binary.LittleEndian.PutUint32(create[uhidVendor:], 0x0C2E)
	binary.LittleEndian.PutUint32(create[uhidProduct:], 0x0B6B)
	copy(create[uhidReport:], report)
	if _, err := f.Write(create); err != nil {
		return "", fmt.Errorf("make a device: %w", err)
	}
	const source = "0c2e:0b6b:00:11:22:33:44:55"
	desk := sit([]scanner.Backend{&hidraw.Backend{}})
	defer desk.leave()
	told, err := desk.notice(ctx, watch.Plugged, source)
	if err != nil {
		return "", err
	}
	if told.Info.Bus != "bluetooth" || told.Info.ProductName != "Wireless Scanner" || told.Info.Kind != scanner.POS {
		return "", fmt.Errorf("told is %+v", told)
	}
	const many = 50
	for n := range many {
		t := pos.label(n)
		for _, r := range posReports(t) {
			input := make([]byte, uhidLength)
			binary.LittleEndian.PutUint32(input, uhidInput)
			binary.LittleEndian.PutUint16(input[uhidDataSize:], uint16(len(r)))
			copy(input[uhidData:], r)
			if _, err := f.Write(input); err != nil {
				return "", fmt.Errorf("send: %w", err)
			}
		}
		if _, err := desk.hear(ctx, pos.scan(t, source)); err != nil {
			return "", fmt.Errorf("scan %d: %w", n, err)
		}
	}
	f.Close()
	_, err = desk.notice(ctx, watch.Unplugged, source)
	return fmt.Sprintf("%d scans", many), err
}
