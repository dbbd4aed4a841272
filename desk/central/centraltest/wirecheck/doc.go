// Package wirecheck holds what goes over a line against its OpenAPI description.
//
// It knows the description and HTTP. It does not know what a request asks for,
// or which of two parties is ours.
package wirecheck
