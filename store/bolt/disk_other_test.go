//go:build !linux

package bolt_test

func inMemory(string) string { return "" }
