// Package disk is a disk for tests that loses power, fails and fills up. A folder
// is mounted whose files are kept in memory, and all that is written there and
// waited for is kept in a log, in its order. The log gives what the disk would
// hold had the power gone at any place of it: writes that nobody waited for are
// there, lost, torn, or there without those before them. So one run of a program
// is as many power failures as it has made system calls.
//
// It needs Linux, /dev/fuse and the right to mount; where one is missing, [Mount]
// says so. The program that works on the disk must not be the one that mounted
// it: who waits for a page of a mapped file cannot hand it out.
//
// It knows files, folders and what POSIX promises of them. It does not know what
// a store writes there.
package disk
