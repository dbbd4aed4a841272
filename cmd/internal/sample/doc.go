// Package sample is a small library of our own: the town library Riverside with
// its East branch, about 200 titles and 40 people in every state that a desk has
// to do with, rules and operators. The demo opens it when it is given no files.
//
// It knows its own tables (data/*.tsv, data/*.toml) and how to play them: what
// was done at the desks before now is told as commands, and the engine itself
// makes the loans, requests and payments of them. So nothing in the sample is as
// the engine would not have left it.
//
// It does not know where its records are put, who reads them, or what a clerk is
// told. The people are invented; the titles are real.
package sample
