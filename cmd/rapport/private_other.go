//go:build !unix

package main

// private is for systems where files have a mode. Elsewhere the folder decides.
func private() {}
