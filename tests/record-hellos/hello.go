// PORT: sends the hello of Go's own TLS at its defaults.
package main

import (
	"crypto/tls"
	"os"
)

func main() {
	if _, err := tls.Dial("tcp", "127.0.0.1:"+os.Args[1], &tls.Config{ServerName: "mail.example.org"}); err != nil {
		os.Exit(1)
	}
}
