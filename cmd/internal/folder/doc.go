// Package folder is the data folder of a desk or of a central server: which
// files it has, and how they are opened.
//
//	journal.db      what was done at the desk: precious
//	cache.db        what the central system said: can be built again
//	server.db       the central server's store, where one runs here
//	desk.toml       the desk's settings
//	operators.toml  who may sign in
//	rules.toml      the library's rules, for a central server
//	reach.json      where the desk that runs here can be reached
//	serving.json    where the central server that runs here can be reached
//	circdesk.log    what went wrong, without anything of a patron
//
// It knows names, rights of files and the check before an open. It does not
// know what is in a store, or what a setting does.
package folder
