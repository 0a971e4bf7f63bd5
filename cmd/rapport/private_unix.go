//go:build unix

package main

import "syscall"

// private keeps what this process writes from everybody else: it is what people said. DuckDB sets no permissions of its own.
func private() { syscall.Umask(0o077) }
